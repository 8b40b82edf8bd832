"""How good an upscaler is: PSNR and SSIM beside cubic interpolation, on scenes it never saw; and its card."""

from pathlib import Path

import numpy as np
from PIL import Image

from course_lib.film.quality import psnr, ssim
from course_lib.film.superres import FACTORS, Upscaler, enlarge
from course_lib.film.superres_training import SMALL, scenes, shrink
from course_lib.scenery.splits import world


def pillow_cubic(pictures: np.ndarray, factor: int) -> np.ndarray:
    """The rival: Pillow's cubic interpolation of uint8 (n, h, w, 3)."""
    size = (pictures.shape[2] * factor, pictures.shape[1] * factor)
    return np.stack(
        [np.asarray(Image.fromarray(one).resize(size, Image.Resampling.BICUBIC)) for one in pictures]
    )


def compare(model: Upscaler, truth: np.ndarray, factor: int) -> dict[str, np.ndarray]:
    """Shrink pictures, enlarge them again both ways, and measure.

    Args:
        truth: uint8 (n, h, w, 3), h and w multiples of `factor`.

    Returns:
        {"PSNR, cubic", "PSNR, network", "SSIM, cubic", "SSIM, network": (n,) arrays}.
    """
    small = shrink(truth, factor)
    made = {"cubic": pillow_cubic(small, factor), "network": enlarge(small, factor, model)}
    return {
        f"{name}, {way}": np.array([measure(a, b) for a, b in zip(pictures, truth)])
        for name, measure in (("PSNR", psnr), ("SSIM", ssim))
        for way, pictures in made.items()
    }


def rows(model: Upscaler, count: int = 75, seed: int = 1, split: str = "held-out"):
    """Rows of a bench: means over `count` scenes of combinations that were never trained on.

    The truth of factor 4 is the renderer's picture of 256 x 256, that of factor 8 the one of 512 x 512; the
    network sees it averaged down to 64 x 64.
    """
    places = _places(split, count, seed)
    for factor in FACTORS:
        found = compare(model, scenes(split, count, SMALL * factor, seed), factor)
        shown = f"x{factor}, {split}"
        for name, values in found.items():
            unit = "dB" if name.startswith("PSNR") else ""
            yield {"metric": f"upscaler: {name}", "value": values.mean(), "unit": unit, "n": count, "seed": seed,
                   "variant": shown}  # fmt: skip
        gain = found["PSNR, network"] - found["PSNR, cubic"]
        for name, value in (("mean", gain.mean()), ("least", gain.min()), ("most", gain.max())):
            yield {"metric": f"upscaler: gain in PSNR, {name}", "value": value, "unit": "dB", "n": count, "seed": seed,
                   "variant": shown}  # fmt: skip
        for place in sorted(set(places[factor])):
            here = gain[np.array(places[factor]) == place]
            yield {"metric": "upscaler: gain in PSNR, by place", "value": here.mean(), "unit": "dB", "n": len(here),
                   "seed": seed, "variant": f"x{factor}, {place}"}  # fmt: skip


def _places(split: str, count: int, seed: int) -> dict[int, list[str]]:
    """What the scenes of `superres_training.scenes` show: the same draw of combinations, without painting."""
    from course_lib.film.superres_training import drawn

    every = world("scenery").combinations(split)
    return {f: [every[k]["place"] for k in drawn(split, count, SMALL * f, seed)[0]] for f in FACTORS}


CARD = """# Card: {file}

A small network that enlarges pictures 4 or 8 times (`course_lib/film/superres.py`; after Shi and others, *Real-Time Single Image and
Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network*, 2016): convolutions on the small picture, a sub-pixel
convolution at the end, added to cubic interpolation. Use it with `course_lib.film.superres.enlarge(pictures, 4)`.

| | |
|---|---|
| input | uint8 pictures of any size; made for 64 x 64 |
| output | 4 or 8 times as large |
| parameters | {parameters:,}, stored as 16-bit floats, {megabytes:.2f} MB |
| trained on | {scenes} rendered scenes of 256 x 256 and as many of 512 x 512, averaged down by area to 64 x 64; {steps:,} steps of 12 patches |
| cost | {cpu:.0f} CPU seconds on one thread, rendering included |
| made by | `python course.py bench film --train` |

On {n} scenes of combinations of place, time and weather that were never trained on, mean:

| factor | PSNR cubic | PSNR network | gain | SSIM cubic | SSIM network |
|---|---|---|---|---|---|
{table}

## What it is not for
- It has seen nothing but this course's rendered landscapes. Of faces, writing, photographs it knows nothing, and will draw them as hills.
- What it adds is plausible, not true: it must not be used to read a number plate or to judge what a picture shows.
- Grass, rain and stars cannot be foreseen from a small picture: there it gains little.
- It undoes averaging by area. A picture that was made small in another way, or compressed, is another problem.

Licence: Apache-2.0.
"""


def write_card(path: Path, model: Upscaler, measured: list[dict]) -> None:
    """Write the card beside the weights."""

    def value(metric, factor):
        return next(
            r["value"]
            for r in measured
            if r["metric"] == f"upscaler: {metric}" and r["variant"] == f"x{factor}, held-out"
        )

    table = "\n".join(
        f"| {f} | {value('PSNR, cubic', f):.2f} dB | {value('PSNR, network', f):.2f} dB | {value('gain in PSNR, mean', f):+.2f} dB "
        f"| {value('SSIM, cubic', f):.3f} | {value('SSIM, network', f):.3f} |"
        for f in FACTORS
    )
    said = {
        "file": path.name,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "megabytes": path.stat().st_size / 1e6,
        "scenes": int(model.note["scenes"]),
        "steps": int(model.note["steps"]),
        "cpu": float(model.note["cpu_seconds"]),
        "n": next(r["n"] for r in measured if r["metric"].startswith("upscaler: PSNR")),
        "table": table,
    }
    path.with_suffix(".md").write_text(CARD.format(**said), encoding="utf-8")
