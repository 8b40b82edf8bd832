"""The card beside a generator's weights: what it was trained on, how long, where, and how good it is."""

import platform
from pathlib import Path

SPLITS = {"validation": "combinations that it was trained on", "held-out": "combinations that it never saw"}


def machine(device: str = "cpu") -> str:
    """In words, what a training ran on."""
    import torch

    if str(device).startswith("cuda"):
        return f"one {torch.cuda.get_device_name(device)}"
    return f"one thread of an {platform.machine()} CPU"


def write_card(weights: Path, model, found: dict, command: str) -> Path:
    """Write the card of some weights beside them.

    Args:
        weights: the `.safetensors` file; the card has its name and ends in `.md`.
        model: a `VideoModel` with its note.
        found: {split: what `scores.evaluate` gave}; empty for a folder of one's own clips, which no judge can read.
        command: what makes these weights again.

    Returns:
        Where the card is.
    """
    weights, recipe, note = Path(weights), model.recipe, model.note
    parameters = sum(weight.numel() for weight in model.writer.parameters())
    if recipe.world == "own":
        data = "a folder of somebody's own captioned clips"
    else:
        data = f"{recipe.clips:,} clips of the world *{recipe.world}*, split 'train' (held-out combinations left out), captions in Chinese and English"
    lines = [
        f"# Card: {weights.name}",
        "",
        f"A generator that makes clips from sentences: `course_lib.gan.video.load(path='{weights.name}')`, then `.sample(texts, seed)`.",
        "",
        "| | |",
        "|---|---|",
        f"| input | a sentence of the kind of its captions, and {noise_of(model)} drawn by the seed |",
        f"| output | {recipe.frames} frames of {recipe.size} x {recipe.size} |",
        f"| design | {recipe.generator}; {parameters:,} parameters with the text encoder, stored as 16-bit floats, {weights.stat().st_size / 1e6:.2f} MB |",
        f"| data | {data} |",
        f"| training | {note.get('steps', 0):,} steps of {recipe.batch} clips after {note.get('warm', recipe.warm)} of the discriminator alone, seed {recipe.seed}: {note.get('seconds', 0) / 60:.1f} minutes of {note.get('machine', 'an unknown machine')} |",
        f"| made by | `{command}`, {note.get('date', 'date unknown')}, torch {note.get('torch', 'unknown')} |",
        "| licence | Licence: Apache-2.0 |",
        "",
    ]
    if note.get("temperature", 1) != 1:
        lines[-2:-2] = [f"| temperature | the noise of what is seen is multiplied by {note['temperature']} |"]
    if note.get("remark"):
        lines += [note["remark"], ""]
    lines += score_table(found, "clips")
    lines += [
        "## What it is not for",
        "",
        "- It knows the words and things of its captions, nothing else. Unknown words are read as the nearest known ones, or left out, and it says so.",
        "- Its clips are small and soft. Accuracy by the judge does not say that a person likes them: look at them.",
        "",
    ]
    target = weights.with_suffix(".md")
    target.write_text("\n".join(lines), encoding="utf-8")
    return target


def noise_of(model) -> str:
    """In words, how much noise a generator takes."""
    from course_lib.gan.generators import CONTENT, MOTION

    more = model.writer.generator.noise(1).shape[1] - CONTENT - MOTION
    grain = f", the place of the camera and a grain of {more - 1:,} more for its pixels," if more else ""
    return f"{CONTENT + MOTION} numbers of noise{grain}"


def score_table(found: dict, what: str) -> list[str]:
    """A card's lines with the scores of each split.

    Args:
        found: {split: {score: number}}, "clips" or "pictures" (how many) among them; a split may have fewer scores.
        what: "clips" or "pictures".
    """
    if not found:
        return []
    counted = ("clips", "pictures", "ratio")
    names = [name for name in next(iter(found.values())) if name not in counted]
    lines = ["Scores by the judge, which no generator was trained with:", ""]
    lines.append(
        "| | " + " | ".join(f"{SPLITS[split]}, {one[what]:,} {what}" for split, one in found.items()) + " |"
    )
    lines.append("|---|" + "---|" * len(found))
    words = {"jfd": "Fréchet distance in the judge's features", "frechet": "Fréchet distance in the judge's features",
             "floor": f"its floor: real {what} against real {what}",
             "all": "all attributes right", "r_precision": "R-precision at 1 of up to 100 captions",
             "share of the spread": f"the distance less the floor, as a share of the real {what}' spread",
             "real diversity": f"diversity of real {what}",
             "feature diversity": "diversity in the judge's features", "real feature diversity": "the same of real clips", "real sharpness": f"sharpness of real {what}"}  # fmt: skip
    for name in names:
        values = (f"{one[name]:.3f}" if name in one else "" for one in found.values())
        lines.append(f"| {words.get(name, name)} | " + " | ".join(values) + " |")
    return [*lines, ""]


LISTENING = {
    "film": "FiLM, one convolution a size", "film twice": "FiLM, two convolutions a size",
    "batch": "conditional batch normalisation", "concatenation": "concatenation", "nothing": "no condition",
}  # fmt: skip


def write_still_card(weights: Path, model, found: dict, command: str) -> Path:
    """Write the card of a key-frame generator beside its weights.

    Args:
        weights: the `.safetensors` file.
        model: a `KeyframeModel` with its note.
        found: {split: scores, with "pictures"}.
        command: what makes these weights again.

    Returns:
        Where the card is.
    """
    weights, recipe, note = Path(weights), model.recipe, model.note
    parameters = sum(weight.numel() for weight in model.painter.parameters())
    says = {"scenery": "place, time and weather", "shapes": "shape, colour and size"}[recipe.world]
    lines = [
        f"# Card: {weights.name}",
        "",
        f'A generator that paints a key frame from a sentence, Chinese or English: `course_lib.gan.keyframe_model.load("{recipe.world}")`,',
        "then `.sample(texts, seed)`. Code: `course_lib/gan/keyframe_nets.py`, `keyframe_training.py`; lesson 06.",
        "",
        "| | |",
        "|---|---|",
        f"| input | a sentence that says {says}, and 32 numbers of noise drawn by the seed |",
        f"| output | a picture of 3 x {recipe.size} x {recipe.size} in [-1, 1] |",
        f"| design | {LISTENING[recipe.listens]}; {parameters:,} parameters with the text encoder, stored as 16-bit floats, {weights.stat().st_size / 1e6:.2f} MB |",
        f"| data | {recipe.clips:,} clips of the world *{recipe.world}*, eight frames each, split 'train' (held-out combinations left out), {recipe.sayings} wordings of each caption |",
        f"| training | {note.get('steps', 0):,} steps of {recipe.batch} pictures after {recipe.warm} of the discriminator alone, seed {recipe.seed}, running mean with a half-life of {recipe.half_life:.0f} steps: {note.get('seconds', 0) / 60:.1f} CPU minutes on {machine()} |",
        f"| made by | `{command}`, {note.get('date', 'date unknown')}, torch {note.get('torch', 'unknown')} |",
        "| licence | Licence: Apache-2.0 |",
        "",
        *score_table(found, "pictures"),
        "## What it is not for",
        "",
        "- It knows the words and things of its captions, nothing else; unknown words are passed over, and it says so.",
        "- Its pictures are small and soft. Accuracy by the judge does not say that a person likes them: look at them.",
        "- The film of the course moves: that is another generator.",
        "",
    ]
    target = weights.with_suffix(".md")
    target.write_text("\n".join(lines), encoding="utf-8")
    return target
