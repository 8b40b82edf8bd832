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
        "| input | a sentence of the kind of its captions, and 32 numbers of noise drawn by the seed |",
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
    if found:
        names = [name for name in next(iter(found.values())) if name not in ("clips", "ratio")]
        lines += ["Scores by the judge, which no generator was trained with:", ""]
        lines += [
            "| | "
            + " | ".join(f"{SPLITS[split]}, {one['clips']:,} clips" for split, one in found.items())
            + " |"
        ]
        lines += ["|---|" + "---|" * len(found)]
        words = {"jfd": "Fréchet distance in the judge's features", "floor": "its floor: real clips against real clips",
                 "all": "all attributes right", "r_precision": "R-precision at 1 of up to 100 captions",
                 "share of the spread": "the distance less the floor, as a share of the real clips' spread",
                 "real diversity": "diversity of real clips",
                 "feature diversity": "diversity in the judge's features", "real feature diversity": "the same of real clips", "real sharpness": "sharpness of real clips"}  # fmt: skip
        for name in names:
            lines.append(
                f"| {words.get(name, name)} | "
                + " | ".join(f"{one[name]:.3f}" for one in found.values())
                + " |"
            )
        lines.append("")
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
