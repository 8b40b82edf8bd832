"""Single frames of the captioned world, and scores of pictures that a generator of single frames has made.

The judge (`judge`) reads clips of 8 frames; a still is shown to it as a clip in which nothing moves. Place, time and
weather it reads nearly as well as from clips (`bench/dcgan.json` has the figures), motion not at all: it is left out.
"""

import functools
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.scenery.clips import Clips
from course_lib.scenery.vocabulary import PLACES, TIMES, WEATHERS

READ = {"place": PLACES, "time": TIMES, "weather": WEATHERS}
SURE = 0.9  # the judge counts as sure from this probability on
SIZE = 32


def frames(split: str = "train", clips: int = 500, *, each: int = 8, seed: int = 0):
    """Frames of rendered clips.

    Args:
        split: "train", "validation", "held-out" or "all", see `scenery.clips`.
        clips: how many clips are rendered, at about 15 ms each.
        each: frames taken from each clip, evenly, 1 to 8. Frames of a clip are alike; a score wants one of each.
        seed: another seed, other clips.

    Returns:
        `(pictures, labels)`: uint8 (clips * each, 32, 32, 3), and int (clips * each, 3): numbers of place, time, weather.

    Raises:
        CourseError: a number or a name out of range.
    """
    if not 1 <= each <= 8:
        raise CourseError(f"each is {each}; from 1 to 8 frames of a clip can be taken.")
    source = Clips("scenery", split, clips, size=SIZE, frames=8, seed=seed)
    moments = np.linspace(0, 7, each).round().astype(int) if each > 1 else np.array([3])
    pictures = source.videos(np.arange(clips))[:, moments].reshape(-1, SIZE, SIZE, 3)
    labels = np.array([source.label_of(k)[:3] for k in range(clips)], np.int64)
    return pictures, labels.repeat(each, axis=0)


def to_float(pictures: np.ndarray) -> np.ndarray:
    """uint8 (n, height, width, 3) as float32 in [-1, 1]: the range of a tanh."""
    return pictures.astype(np.float32) / 127.5 - 1


def to_bytes(pictures: np.ndarray) -> np.ndarray:
    """The way back; what lies outside [-1, 1] is cut."""
    return ((np.clip(pictures, -1, 1) + 1) * 127.5).round().astype(np.uint8)


@functools.cache
def _judge():
    from course_lib.gan import judge

    return judge.load("scenery")


def _as_clips(pictures: np.ndarray) -> np.ndarray:
    if pictures.dtype != np.uint8:
        pictures = to_bytes(np.asarray(pictures))
    return pictures[:, None]  # one frame; the judge's `prepare` shows it eight times


def readings(pictures: np.ndarray) -> dict:
    """What the judge reads: {attribute: probabilities (n, words)} for place, time and weather."""
    table = _judge().probabilities(_as_clips(pictures))
    return {name: table[name] for name in READ}


def accuracy(pictures: np.ndarray, labels: np.ndarray) -> dict:
    """Share of pictures that show what their labels say: by attribute, and all three ("all").

    A generator that is asked for nothing has no labels; for real stills this tells how good the instrument is.
    """
    table = readings(pictures)
    right = np.stack([table[name].argmax(1) == labels[:, k] for k, name in enumerate(READ)], axis=1)
    return {
        **{name: float(right[:, k].mean()) for k, name in enumerate(READ)},
        "all": float(right.all(1).mean()),
    }


@dataclass(frozen=True)
class Score:
    """How a set of pictures looks to the judge.

    Attributes:
        frechet: Fréchet distance to real stills in the judge's features; compare with that of real ones at the same n.
        sure: share of pictures in which the judge is sure (`SURE`) of place, time and weather at once.
        combinations: how many of the 112 combinations of the three it is sure to have seen.
        shares: {attribute: share of pictures for each word}.
        n: how many pictures.
    """

    frechet: float
    sure: float
    combinations: int
    shares: dict
    n: int


def score(pictures: np.ndarray) -> Score:
    """Score pictures, float in [-1, 1] or uint8, (n, 32, 32, 3), n at least 200.

    Raises:
        CourseError: too few pictures for a covariance of 128 features, or another shape.
    """
    if pictures.ndim != 4 or pictures.shape[-1] != 3 or len(pictures) < 200:
        raise CourseError(
            f"pictures have shape {pictures.shape}; give at least 200 of (n, height, width, 3)."
        )
    table = readings(pictures)
    best = np.stack([table[name].argmax(1) for name in READ], axis=1)
    sure = np.all([table[name].max(1) >= SURE for name in READ], axis=0)
    seen = {tuple(row) for row in best[sure]}
    shares = {
        name: np.bincount(best[:, k], minlength=len(words)) / len(best)
        for k, (name, words) in enumerate(READ.items())
    }
    features = _judge().describe(_as_clips(pictures))
    distance = frechet_of_moments(features.mean(0), np.cov(features, rowvar=False), *reference())
    return Score(distance, float(sure.mean()), len(seen), shares, len(pictures))


def frechet_of_moments(mean_a, covariance_a, mean_b, covariance_b) -> float:
    """|a - b|^2 + trace(A + B - 2 (A B)^(1/2)), from means (d,) and covariances (d, d).

    The trace of the root is the sum of the roots of the eigenvalues of A B, which are real and not negative.
    """
    values = np.linalg.eigvals(covariance_a.astype(np.float64) @ covariance_b.astype(np.float64))
    root = np.sqrt(np.clip(values.real, 0, None)).sum()
    gap = np.asarray(mean_a, np.float64) - mean_b
    return float(gap @ gap + np.trace(covariance_a) + np.trace(covariance_b) - 2 * root)


def reference_file() -> Path:
    """Mean and covariance of the judge's features on real stills: shipped, so that nobody has to render thousands."""
    return datasets("weights", "stills-scenery.safetensors")


@functools.cache
def reference() -> tuple[np.ndarray, np.ndarray]:
    """(mean (128,), covariance (128, 128)) of real validation stills.

    Raises:
        CourseError: the file is missing or damaged.
    """
    from safetensors.numpy import load_file

    try:
        stored = load_file(reference_file())
        return stored["mean"], stored["covariance"]
    except Exception as error:
        raise CourseError(
            f"{reference_file().name} cannot be read ({error}): make it with 'python course.py bench dcgan --train'."
        ) from None


def write_reference(clips: int = 5000, seed: int = 21) -> None:
    """Measure and write the reference, atomically: one still of each of `clips` validation clips."""
    from safetensors.numpy import save_file

    pictures, _ = frames("validation", clips, each=1, seed=seed)
    features = _judge().describe(_as_clips(pictures))
    moments = {
        "mean": features.mean(0).astype(np.float32),
        "covariance": np.cov(features, rowvar=False).astype(np.float32),
    }
    part = reference_file().with_suffix(".part")
    save_file(moments, part, {"clips": str(clips), "seed": str(seed), "split": "validation"})
    part.chmod(0o644)
    os.replace(part, reference_file())
    reference.cache_clear()
