"""A judge for single frames: what can be seen in a picture that does not move (lesson 06).

The judge of clips (`course_lib.gan.judge`) sees rain by its motion: shown one frame eight times it takes many rainy
scenes for cloudy ones (its weather in `bench/keyframe.json`). This one learnt from single rendered frames. No generator is
ever trained with it, and it shares no weights with any discriminator.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.gan.keyframe_data import Stills, to_pictures
from course_lib.gan.reader import Reader, fill, learn, save
from course_lib.scenery.splits import world as world_named

SIZE = 32


class StillJudge(Reader):
    """Convolutions with batch normalisation and max pooling, 128 features, a head for each attribute.

    Args:
        world: "scenery" or "shapes".
        width: channels of the first layers.
    """

    def __init__(self, world: str, width: int = 32):
        channels = [3, width, width, width * 3 // 2, width * 2, width * 3]
        blocks = []
        for number, (before, after) in enumerate(pairwise(channels)):
            blocks += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            if number:  # two looks at the full resolution: rain is a few pixels wide
                blocks.append(nn.MaxPool2d(2))
        seen = {name: words for name, words in world_named(world).attributes.items() if name != "motion"}
        # (batch, 3, 32, 32) -> (batch, 3 width, 2, 2)
        super().__init__(world, nn.Sequential(*blocks), channels[-1], seen)

    def prepared(self, pictures):
        """`checked`."""
        return checked(pictures)


def checked(pictures):
    """The pictures, if they are some that the judge can see; 64x64 and so on are averaged down.

    Raises:
        CourseError: another shape.
    """
    if pictures.ndim != 4 or pictures.shape[1] != 3:
        raise CourseError(
            f"pictures have shape {tuple(pictures.shape)}; give float (batch, 3, height, width)."
        )
    return (
        pictures if pictures.shape[2:] == (SIZE, SIZE) else F.interpolate(pictures, (SIZE, SIZE), mode="area")
    )


def weights_file(world: str) -> Path:
    """Where the shipped weights of a world's still judge are."""
    return datasets("weights", f"keyframe-judge-{world_named(world).name}.safetensors")


def load(world: str = "scenery", *, path: Path | None = None) -> StillJudge:
    """The trained judge of a world's single frames.

    Raises:
        CourseError: no such world, or its weights are missing or of another shape.
    """
    judge = fill(StillJudge(world), Path(path) if path else weights_file(world), "keyframe")
    return judge.requires_grad_(False)


def train(
    world: str, *, clips: int, steps: int, batch: int = 64, rate: float = 2e-3, seed: int = 0,
    report: Callable | None = None,
) -> StillJudge:  # fmt: skip
    """Train a still judge on every combination, so that it reads held-out ones as well as the others.

    Args:
        world: "scenery" or "shapes".
        clips: rendered for it, of the split "all", eight frames each.
        steps: of `batch` frames; the learning rate falls along half a cosine.
        report: called with (step, loss, CPU seconds) every 100 steps.
    """
    torch.manual_seed(seed)
    stills = Stills(world, "all", clips, seed=seed + 5).kept()
    videos = np.concatenate([stills.videos(range(k, min(k + 250, clips))) for k in range(0, clips, 250)])
    labels = torch.as_tensor(stills.labels())
    judge, random = StillJudge(world), np.random.default_rng(seed)

    def draw():
        rows, moments = random.integers(clips, size=batch), random.integers(8, size=batch)
        return to_pictures(videos[rows, moments]), labels[rows]

    return learn(judge, draw, steps, rate, random, report)


__all__ = ["StillJudge", "checked", "load", "save", "train", "weights_file"]
