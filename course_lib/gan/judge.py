"""The judge: a small network that reads a clip's attributes, trained on rendered clips only.

It never sees a generator while it learns, so it can say whether a generated clip shows what its caption
asks for. Its features give the Fréchet distance between two sets of clips (after Heusel and others, "GANs
Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", 2017, with this network in
place of Inception).
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
from course_lib.gan.reader import Reader, fill, learn, save
from course_lib.scenery.clips import Clips
from course_lib.scenery.splits import world as world_named

SIZE, FRAMES = 32, 8


class Judge(Reader):
    """Frames stacked as channels, a convolutional trunk with max pooling, a head for each attribute.

    Max pooling, not strides: it keeps thin things (a star's points, a drop of rain) that a stride skips.

    Args:
        world: "scenery" or "shapes".
        width: channels of the first layer.
    """

    def __init__(self, world: str, width: int = 48):
        channels = [3 * FRAMES, width, width * 3 // 2, width * 2, width * 3]
        blocks = []
        for number, (before, after) in enumerate(pairwise(channels)):
            blocks += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            if number == 0:  # one look at the full resolution more: shapes are told apart here
                blocks += [
                    nn.Conv2d(after, after, 3, padding=1, bias=False),
                    nn.BatchNorm2d(after),
                    nn.ReLU(),
                ]
            blocks.append(nn.MaxPool2d(2))
        # (batch, 24, 32, 32) -> (batch, 3 width, 2, 2)
        super().__init__(world, nn.Sequential(*blocks), channels[-1], world_named(world).attributes)

    def prepared(self, clips):
        """`prepare`."""
        return prepare(clips)

    def features(self, clips):
        """The 128 numbers before the heads: (batch, 128) from clips (batch, 3, 8, 32, 32) in [-1, 1]."""
        return super().features(clips.reshape(clips.shape[0], 3 * FRAMES, SIZE, SIZE))

    def attributes(self, clips) -> list[dict]:
        """What each clip shows: a list of ``{"place": "lake", ...}``."""
        return self.read(clips)


def prepare(clips):
    """Clips as the judge sees them: float (batch, 3, 8, 32, 32) in [-1, 1].

    Args:
        clips: uint8 (batch, frames, height, width, 3), numpy or torch; or float (batch, 3, frames, height,
            width) in [-1, 1]. Other sizes are averaged down to 32x32, other lengths sampled at 8 moments.

    Raises:
        CourseError: another shape.
    """
    clips = torch.as_tensor(np.ascontiguousarray(clips) if isinstance(clips, np.ndarray) else clips)
    if clips.ndim == 5 and clips.shape[-1] == 3 and not clips.is_floating_point():
        clips = clips.permute(0, 4, 1, 2, 3).float() / 127.5 - 1
    if clips.ndim != 5 or clips.shape[1] != 3:
        raise CourseError(
            f"clips have shape {tuple(clips.shape)}; give uint8 (batch, frames, height, width, 3) "
            "or float (batch, 3, frames, height, width)."
        )
    clips = clips.float()
    if clips.shape[2] != FRAMES:
        moments = torch.linspace(0, clips.shape[2] - 1, FRAMES, device=clips.device).round().long()
        clips = clips[:, :, moments]
    if clips.shape[3:] != (SIZE, SIZE):
        batch = clips.shape[0]
        flat = clips.transpose(1, 2).flatten(0, 1)
        flat = F.interpolate(flat, (SIZE, SIZE), mode="area")
        clips = flat.unflatten(0, (batch, FRAMES)).transpose(1, 2)
    return clips.contiguous()


def weights_file(world: str) -> Path:
    """Where the shipped weights of a world's judge are."""
    return datasets("weights", f"judge-{world_named(world).name}.safetensors")


def load(world: str = "scenery", *, device: str = "cpu", path: Path | None = None) -> Judge:
    """The trained judge of a world.

    Raises:
        CourseError: no such world, or its weights are missing or of another shape.
    """
    judge = Judge(world)
    judge = fill(judge, Path(path) if path else weights_file(world), "scenery")
    return judge.to(device)


def train(
    world: str, clips: Clips, *, steps: int, batch_size: int = 64, rate: float = 2e-3, seed: int = 0,
    device: str = "cpu", report: Callable | None = None,
) -> Judge:  # fmt: skip
    """Train a judge.

    Args:
        world: "scenery" or "shapes".
        clips: its training set, best `.cached()`; 32 x 32 x 8.
        steps: of `batch_size` clips; the learning rate falls along half a cosine.
        report: called with (step, loss, CPU seconds) every 100 steps.
    """
    torch.manual_seed(seed)
    judge, stream = Judge(world).to(device), clips.batches(batch_size, epochs=None, last=False)

    def draw():
        batch = next(stream)
        return prepare(batch.clips), torch.as_tensor(batch.labels)

    return learn(judge, draw, steps, rate, np.random.default_rng(seed), report)


def score(judge: Judge, clips: Clips, count: int | None = None) -> dict:
    """Accuracy of the judge on a set of real clips, by attribute and "all"."""
    indices = np.arange(min(count or len(clips), len(clips)))
    tables = [clips.batch(indices[start : start + 256]) for start in range(0, len(indices), 256)]
    videos = np.concatenate([batch.clips for batch in tables])
    return judge.accuracy(videos, np.concatenate([batch.labels for batch in tables]))


def frechet_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Fréchet distance of two sets of features, taken as Gaussians: |mean a - mean b|^2 + tr(A + B - 2 (A B)^(1/2)).

    Args:
        a, b: (n, d) and (m, d), a row for each clip; A and B are their covariances.

    Returns:
        A number, 0 for equal means and covariances. The trace of the root of A B is the sum of the roots of its
        eigenvalues, which are real and not negative, because A and B are covariances.
    """
    gap = a.mean(0) - b.mean(0)
    A, B = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    roots = np.sqrt(np.maximum(np.linalg.eigvals(A @ B).real, 0))
    return float(gap @ gap + np.trace(A) + np.trace(B) - 2 * roots.sum())


__all__ = ["Judge", "frechet_distance", "load", "prepare", "save", "score", "train", "weights_file"]
