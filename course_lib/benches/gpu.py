"""How fast a training step is on a GPU: asked for operation by operation, and recorded (`course_lib.gan.recorded`).

Needs a GPU with compute capability 8 or more. The rows that are committed were measured on a lent H100 by a script with the code of
that day: it rendered with forked processes, timed 32 to 60 steps, and played the larger landscapes as recordings only. This bench
has not been run on a GPU yet.
"""

import os
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace

from course_lib.errors import CourseError

STEPS = 32  # that are timed: every kind of step in its share


def measure(train: bool = False):
    """All rows.

    Raises:
        CourseError: there is no GPU, or one on which nothing can be recorded.
    """
    import torch

    from course_lib.gan import video_steps

    if not torch.cuda.is_available():
        raise CourseError(
            "this bench needs a GPU, and torch finds none: run it on Colab, or keep the rows that are there."
        )
    if video_steps.precision("cuda")[1] is not None:
        raise CourseError(
            "this GPU works with half precision and a scaler, which cannot be recorded: nothing to compare."
        )
    print(torch.cuda.get_device_name())
    with fresh_cache():
        yield painting()
        for name, recipe in cases().items():
            for way in ("step by step", "recorded"):
                seconds = paced(recipe, recorded=way == "recorded")
                yield row("training step", 1000 * seconds, "ms", STEPS, f"{name}, {way}")
                yield row("training", recipe.batch / seconds, "clips/s", STEPS, f"{name}, {way}")


def row(metric, value, unit, n, variant):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": 0, "variant": variant}


def cases() -> dict:
    """{name: recipe}."""
    from course_lib.classroom.train_recipes import landscape
    from course_lib.gan.recipe import Recipe

    shapes = Recipe(clips=256, sayings=1, warm=0, steps=100_000)
    full = replace(shapes, size=64, frames=16, batch=64, wide=64, rate_d=5e-4)
    lands = {
        size: replace(landscape(replace(full, size=size), "full", grows=False), clips=3_000, warm=0)
        for size in (32, 64)
    }
    return {
        "shapes 32x32x8, batches of 16": shapes,
        "shapes 64x64x16, batches of 64": full,
        "landscape 64x64x16, batches of 64": replace(lands[64], generator="landscape", wide=32),
        "panorama 32x32x16, batches of 64": lands[32],
        "panorama 64x64x16, batches of 64": lands[64],
    }


def paced(recipe, *, recorded: bool) -> float:
    """Seconds of a step, when the first ones are over."""
    import torch

    from course_lib.gan.training import VideoTraining

    training = VideoTraining(recipe, device="cuda")
    before = training.recorded.settled()
    if not recorded:
        training.recorded, before = None, 6
    for _ in range(before):
        training.advance()
    torch.cuda.synchronize()
    begin = time.perf_counter()
    for _ in range(STEPS):
        training.advance()
    torch.cuda.synchronize()
    return (time.perf_counter() - begin) / STEPS


def painting() -> dict:
    """Clips a second that this machine's processor renders for a training."""
    from course_lib.gan.feed import cores
    from course_lib.scenery.clips import Clips

    begin = time.perf_counter()
    Clips("scenery", "train", 3_000, size=64, frames=16).cached(workers=cores())
    pace = 3_000 / (time.perf_counter() - begin)
    return row("rendering", pace, "clips/s", 3_000, f"landscapes 64x64x16, {cores()} processes")


@contextmanager
def fresh_cache():
    """A cache folder of its own, which goes when the bench is over."""
    before = os.environ.get("COURSE_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COURSE_CACHE"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["COURSE_CACHE"]
            else:
                os.environ["COURSE_CACHE"] = before
