"""The card beside the text-clip model's weights: what it learnt from, at what cost, how well it finds."""

from pathlib import Path


def write_card(weights: Path, model, note: dict, seconds: float, scores: dict, held_out: int) -> Path:
    """Write the card of some weights beside them.

    Args:
        weights: the `.safetensors` file; the card has its name and ends in `.md`.
        model: a `fusion.Fusion`.
        note: "clips", "steps", "batch", "seed" of the training.
        seconds: CPU seconds, rendering included.
        scores: {language: what `fusion.retrieval` gave, averaged}.
        held_out: how many combinations it was tested on.

    Returns:
        Where the card is.
    """
    rows = [
        f"| {language} | {one['text to clip']:.3f} | {one['clip to text']:.3f} | {one['text to clip @5']:.3f} |"
        for language, one in scores.items()
    ]
    text = f"""# Card: {weights.name}

A text encoder and a clip encoder that end in one space of 64 numbers (`course_lib/curate/fusion.py`; after Radford and others,
*Learning Transferable Visual Models From Natural Language Supervision*, 2021). Load it with `course_lib.curate.fusion.load("scenery")`, then
`.text_space(sentences)` and `.clip_space(clips)`; the scalar product of two rows says how well they fit.

| | |
|---|---|
| input | a sentence in Chinese or English ({len(model.vocabulary)} tokens, lesson 04's); a clip, brought to 8 frames of 32 x 32 |
| output | 64 numbers, a vector of length 1 |
| parameters | {sum(p.numel() for p in model.parameters()):,}, stored as 16-bit floats, {weights.stat().st_size / 1e6:.2f} MB |
| trained on | {note["clips"]:,} rendered clips of scenery in {note["steps"]:,} steps of {note["batch"]} pairs, captions said anew each time, brightness varied |
| cost | {seconds:.0f} CPU seconds on one thread, rendering included |
| made by | `python course.py bench curate --train` |

How often the right one of {held_out} comes first, one clip and one sentence of each of {held_out} combinations that were never trained on, mean of
five draws (chance {1 / held_out:.3f}):

| language | text to clip | clip to text | text to clip, among the first five |
|---|---|---|---|
{chr(10).join(rows)}

## What it is not for
- It knows the captioned world and sentences of the course's grammar; other words are unknown tokens to it. It always answers: look at the cosine.
- It has learnt which caption goes with which clip of *ours*. It says nothing about photographs.
- It must not judge a generator that was trained with its help.

Licence: Apache-2.0.
"""
    path = weights.with_suffix(".md")
    path.write_text(text, encoding="utf-8")
    return path
