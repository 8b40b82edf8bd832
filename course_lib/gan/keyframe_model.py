"""Text to key frame: load a trained generator, ask it for pictures, score them (lesson 06).

>>> from course_lib.gan import keyframe_model
>>> model = keyframe_model.load("scenery")
>>> model.sample(["A snowy mountain at dusk, in falling rain.", "晚上的大海，满天都是云。"], seed=3).shape
torch.Size([2, 3, 32, 32])
"""

import datetime
import json
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from course_lib.data import datasets
from course_lib.data.halves import read_halves, write_halves
from course_lib.errors import CourseError
from course_lib.gan.judge import frechet_distance
from course_lib.gan.keyframe import truncated
from course_lib.gan.keyframe_data import FRAMES, Stills, to_pictures
from course_lib.gan.keyframe_judge import StillJudge
from course_lib.gan.keyframe_nets import NOISE, Painter
from course_lib.gan.keyframe_training import KeyframeTraining, Recipe, distance
from course_lib.scenery.splits import world as world_named
from course_lib.text.encoder import encode
from course_lib.text.tokens import Vocabulary, tokenize

SENTENCES = {
    "scenery": "'A lake at dusk, under a clear sky.' and '下雪的清晨，茂密的森林。'",
    "shapes": "'a large red star stays where it is' and '一个蓝色的小圆停在原地'",
}


class UnknownWord(UserWarning):
    """A word of the sentence was never in a caption."""


class KeyframeModel:
    """A trained generator with its vocabulary.

    Attributes:
        size: of its pictures.
        note: what is known of its training: a dict.
    """

    def __init__(self, painter: Painter, vocabulary: Vocabulary, recipe: Recipe, note: dict | None = None):
        self.painter, self.vocabulary, self.recipe, self.note = painter.eval(), vocabulary, recipe, note or {}
        self.size = recipe.size

    @classmethod
    def of(cls, training: KeyframeTraining) -> "KeyframeModel":
        """The running mean of a training's generator, as it is now."""
        note = {
            "seconds": round(training.seconds), "steps": training.step, "torch": torch.__version__,
            "date": datetime.date.today().isoformat(), "licence": "Apache-2.0",
        }  # fmt: skip
        return cls(training.average, training.feed.vocabulary, training.recipe, note)

    @torch.no_grad()
    def text(self, texts: Sequence[str]) -> torch.Tensor:
        """Sentences as numbers (n, 64).

        Raises:
            CourseError: not a list, an empty one, or a sentence of which no word is known.

        Warns:
            UnknownWord: for every word that was never in a caption; it is passed over.
        """
        if isinstance(texts, str) or not len(texts):
            raise CourseError("sample takes a list of sentences: write sample([text]) for one.")
        for text in dict.fromkeys(texts):
            strange = self.vocabulary.unknown(text)
            if len(strange) >= len(set(tokenize(text))):
                raise CourseError(
                    f"this generator knows none of the words of '{text}'; it learnt from sentences such as "
                    f"{SENTENCES[self.recipe.world]}."
                )
            for word in strange:
                warnings.warn(f"'{word}' was never in a caption: passed over.", UnknownWord, stacklevel=3)
        ids, lengths = encode(self.vocabulary, texts)
        return self.painter.text(ids, lengths)

    @torch.no_grad()
    def paint(self, text: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """Pictures (n, 3, size, size) from sentences as numbers (n, 64) and noise (n, 32)."""
        return torch.cat([self.painter.generator(a, b) for a, b in zip(text.split(256), noise.split(256))])

    def sample(self, texts: Sequence[str], seed: int = 0, limit: float | None = None) -> torch.Tensor:
        """One picture for each sentence.

        Args:
            texts: sentences in Chinese or English.
            seed: of the noise: other pictures of the same sentences.
            limit: squeeze the noise between -limit and limit (`keyframe.truncated`): more ordinary pictures.

        Returns:
            float32 (n, 3, size, size) in [-1, 1].
        """
        noise = noise_of(len(texts), seed)
        return self.paint(self.text(texts), noise if limit is None else truncated(noise, limit))


def noise_of(count: int, seed: int) -> torch.Tensor:
    """(count, 32) numbers from the normal distribution, drawn by the seed."""
    return torch.randn(count, NOISE, generator=torch.Generator().manual_seed(int(seed)))


def weights_file(world: str = "scenery") -> Path:
    """Where the shipped weights of a world's generator are."""
    return datasets("weights", f"keyframe-{world_named(world).name}.safetensors")


def start_file() -> Path:
    """Where the shipped start of a training is: a generator that is a minute old, and its discriminator."""
    return datasets("weights", "keyframe-start.safetensors")


def save(model: KeyframeModel, path: Path) -> None:
    """Write the generator as 16-bit floats, with vocabulary, recipe and note in the metadata, atomically."""
    said = {"vocabulary": model.vocabulary.tokens, "recipe": asdict(model.recipe), "note": model.note}
    write_halves(path, model.painter.state_dict(), said)


def load(world: str = "scenery", *, path: Path | None = None) -> KeyframeModel:
    """The trained generator of a world.

    Raises:
        CourseError: there are no such weights, or the file is damaged or holds something else.
    """
    path = Path(path) if path else weights_file(world)
    if not path.exists():
        raise CourseError(
            f"there are no weights at {path}: make them with 'python course.py bench keyframe --train'."
        )
    try:
        state, said = read_halves(path)
        recipe, vocabulary = Recipe(**json.loads(said["recipe"])), Vocabulary(json.loads(said["vocabulary"]))
        painter = Painter(len(vocabulary), recipe.listens, recipe.size, recipe.widths)
        painter.load_state_dict(state)
        note = json.loads(said["note"])
    except Exception as error:  # cut off, another kind of file, other shapes: one sentence for all
        short = str(error).splitlines()[0][:120]
        raise CourseError(
            f"{path} does not hold a key-frame generator of this course: fetch it again ({short})."
        ) from None
    return KeyframeModel(painter.requires_grad_(False), vocabulary, recipe, note)


def accuracies(model: KeyframeModel, judge: StillJudge, split: str, count: int, *, seed: int = 11) -> dict:
    """Only the attributes' accuracies and "all": quick enough to be asked for during a training."""
    stills = Stills(judge.world.name, split, count, seed=seed)
    made = model.sample(stills.captions(), seed)
    return {name: round(share, 4) for name, share in judge.accuracy(made, stills.labels()).items()}


def evaluate(
    model: KeyframeModel, judge: StillJudge, split: str, count: int = 1000, *, seed: int = 11,
    limit: float | None = None, real: dict | None = None,
) -> dict:  # fmt: skip
    """All scores of a generator on one split.

    Args:
        model: the generator.
        judge: of the same world; nothing was ever trained with it.
        split: "validation" (combinations that were trained on, new seeds) or "held-out".
        count: pictures.
        seed: of captions and noise.
        limit: of truncation, None for none.
        real: what `real_side` gave for the same split, count and seed, to use again.

    Returns:
        The attributes' accuracies and "all"; "frechet" to real stills that show the same things, "floor", the same
        distance between two sets of real stills; "diversity" of two pictures of one sentence and "real diversity";
        "sharpness" and "real sharpness", the mean difference of neighbouring pixels; "pictures", how many.
    """
    real = real or real_side(judge, split, count, seed)
    stills = Stills(judge.world.name, split, count, seed=seed)
    captions = stills.captions()
    made, again = model.sample(captions, seed, limit), model.sample(captions, seed + 1, limit)
    return {
        **judge.accuracy(made, stills.labels()),
        "frechet": frechet_distance(judge.describe(made), real["features"]),
        "floor": real["floor"],
        "diversity": diversity(made, again), "real diversity": real["diversity"],
        "sharpness": sharpness(made), "real sharpness": real["sharpness"],
        "pictures": count,
    }  # fmt: skip


def real_side(judge: StillJudge, split: str, count: int, seed: int = 11) -> dict:
    """Scores of real stills that show the same things as item k of a split, filmed twice: what no generator can beat."""
    stills = Stills(judge.world.name, split, count, seed=seed)
    truths = [stills.truth_of(k) for k in range(count)]
    once, twice = (rendered(stills, truths, first) for first in (10_000_019, 20_000_003))
    a, b = judge.describe(once), judge.describe(twice)
    return {
        "features": a, "floor": frechet_distance(a, b), "diversity": diversity(once, twice),
        "sharpness": sharpness(once), "pictures": count,
    }  # fmt: skip


def rendered(stills: Stills, truths: list, first: int) -> torch.Tensor:
    """Stills of these truths, with seeds that no split uses: float (n, 3, size, size)."""
    from course_lib.gan.scores import rendered as clips

    videos = clips(stills, truths, first)
    return to_pictures(videos[np.arange(len(videos)), np.arange(len(videos)) % FRAMES])


def diversity(one, other) -> float:
    """How different two pictures of one caption are, from afar: black to white is 1."""
    return float(distance(one, other).mean()) / 2


def sharpness(pictures) -> float:
    """Mean absolute difference of horizontal neighbours; black to white is 1."""
    return float((pictures[..., 1:] - pictures[..., :-1]).abs().mean()) / 2
