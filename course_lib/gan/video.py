"""Text to video: load a trained generator, ask it for clips.

>>> from course_lib.gan import video
>>> model = video.load("shapes")
>>> model.sample(["a small red star moves to the left", "一个蓝色的大方块慢慢上升"], seed=3).shape
torch.Size([2, 3, 8, 32, 32])
"""

import json
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from course_lib.data import datasets
from course_lib.data.halves import read_halves, write_halves
from course_lib.errors import CourseError
from course_lib.gan.generators import CONTENT, MOTION
from course_lib.gan.recipe import GENERATORS, Recipe, recipe_of
from course_lib.gan.training import VideoTraining
from course_lib.gan.video_steps import Writer
from course_lib.gan.wording import read
from course_lib.text.encoder import encode
from course_lib.text.tokens import Vocabulary, tokenize

MOST = 512  # sentences in one call


class UnknownWord(UserWarning):
    """A word of the sentence was never in a caption."""


class VideoModel:
    """A trained generator with its vocabulary.

    Attributes:
        size, frames: of its clips.
        note: what is known of its training: a dict. Its "temperature", 1 unless it says otherwise, multiplies the noise of what
            is seen: above 1 clips of one sentence differ more, below 1 they are more typical.
    """

    def __init__(self, writer: Writer, vocabulary: Vocabulary, recipe: Recipe, note: dict | None = None):
        self.writer, self.vocabulary, self.recipe, self.note = writer.eval(), vocabulary, recipe, note or {}
        self.size, self.frames = recipe.size, recipe.frames

    @classmethod
    def of(cls, training: VideoTraining) -> "VideoModel":
        """The running mean of a training's generator, as it is now."""
        return cls(training.average, training.feed.vocabulary, training.recipe)

    def encode(self, texts: Sequence[str]) -> tuple:
        """(ids, lengths) of sentences, unknown words read as the nearest known ones.

        Raises:
            CourseError: no sentences, too many, or one of which not a word is known.

        Warns:
            UnknownWord: for every word that the generator has not learnt, with what it was taken for.
        """
        if isinstance(texts, str):
            raise CourseError("sample takes a list of sentences: write sample([text]) for one.")
        if not 0 < len(texts) <= MOST * 16:
            raise CourseError(f"{len(texts)} sentences were given; give 1 to {MOST * 16}.")
        taken = {}
        for text in dict.fromkeys(texts):  # a sentence said many times is remarked on once
            taken[text] = text
            if self.vocabulary.unknown(text) or not tokenize(text):
                reading = read(text, self.vocabulary)
                for note in reading.notes:
                    warnings.warn(note, UnknownWord, stacklevel=3)
                taken[text] = reading.text
        return encode(self.vocabulary, [taken[text] for text in texts], next(self.writer.parameters()).device)

    def noise(self, count: int, seed: int):
        """The noise of `count` clips, at the model's temperature: on the CPU."""
        noise = self.writer.generator.noise(count, torch.Generator().manual_seed(int(seed)))
        noise[:, :CONTENT] *= self.note.get("temperature", 1.0)
        return noise

    @torch.no_grad()
    def sample(self, texts: Sequence[str], seed: int = 0) -> torch.Tensor:
        """One clip for each sentence.

        Args:
            texts: sentences in Chinese or English.
            seed: of the noise: other clips of the same sentences.

        Returns:
            float32 (n, 3, frames, size, size) in [-1, 1], on the CPU.
        """
        ids, lengths = self.encode(texts)
        noise = self.noise(len(ids), seed).to(ids.device)
        parts = [
            self.writer(ids[k : k + MOST], lengths[k : k + MOST], noise[k : k + MOST]).float().cpu()
            for k in range(0, len(ids), MOST)
        ]
        return torch.cat(parts)

    @torch.no_grad()
    def parts(self, text: str, seed: int = 0, **more) -> dict:
        """What a layered generator put together for a sentence; see `LayeredGenerator.parts`, `LandscapeGenerator.parts`."""
        ids, lengths = self.encode([text])
        noise = self.noise(1, seed).to(ids.device)
        return self.writer.generator.parts(self.writer.text(ids, lengths), noise, **more)

    @torch.no_grad()
    def scene(
        self, text: str, seed: int = 0, way: str | None = None, turn: int = 0, truncation: float = 1.0, fine: float = 1.0
    ) -> tuple[dict, torch.Tensor]:  # fmt: skip
        """A landscape's parts, for `course_lib.gan.footage`, and its clip, for the judge.

        Args:
            text: what is seen.
            seed: of the scene.
            way: a sentence that says how the camera moves, if that is not `text`.
            turn: 1, 2, ... move otherwise through the same scene.
            truncation: multiplies all noise but that of the motion: below 1 a scene is more typical and calmer (lesson 06).
            fine: multiplies the finest grain once more, see `LandscapeGenerator.calmed`.

        Returns:
            (parts of one clip, float32 (1, 3, frames, size, size)).

        Raises:
            CourseError: this generator does not draw sheets.
        """
        generator = self.writer.generator
        if not hasattr(generator, "filmed"):
            raise CourseError(
                f"a generator of the kind '{self.recipe.generator}' draws no scenes: use sample."
            )
        texts = [text] if way is None else [text, way]
        features = self.writer.text(*self.encode(texts))
        noise = generator.calmed(self.noise(1, seed), truncation, fine)
        if turn:
            other = generator.noise(1, torch.Generator().manual_seed(int(seed) + 104_729 * int(turn)))
            noise[:, CONTENT : CONTENT + MOTION] = other[:, CONTENT : CONTENT + MOTION]
        part = generator.parts(features[:1], noise.to(features.device), features[1:] if way else None)
        part = {name: value.float().cpu() for name, value in part.items()}
        return part, generator.filmed(part)


def weights_file(world: str, size: int = 32) -> Path:
    """Where the shipped weights of a world's generator are."""
    return datasets("weights", f"video-{world}-{size}.safetensors")


def save(model: VideoModel, path: Path) -> None:
    """Write the generator as 16-bit floats, with vocabulary, recipe and note in the file's metadata, atomically."""
    said = {"vocabulary": model.vocabulary.tokens, "recipe": asdict(model.recipe), "note": model.note}
    write_halves(path, model.writer.state_dict(), said)


def load(
    world: str = "shapes", size: int = 32, *, path: Path | None = None, device: str = "cpu"
) -> VideoModel:
    """The trained generator of a world.

    Raises:
        CourseError: there are no such weights, or the file is damaged or holds something else.
    """
    path = Path(path) if path else weights_file(world, size)
    if not path.exists():
        raise CourseError(
            f"there are no weights at {path}: make them with 'python course.py train video --world {world} --size {size}'."
        )
    try:
        state, said = read_halves(path)
        recipe, vocabulary = recipe_of(json.loads(said["recipe"])), Vocabulary(json.loads(said["vocabulary"]))
        generator = GENERATORS[recipe.generator](size=recipe.size, frames=recipe.frames)
        writer = Writer(len(vocabulary), generator)
        writer.load_state_dict(state)
        note = json.loads(said["note"])
    except Exception as error:  # cut off, another kind of file, other shapes: one sentence for all
        short = str(error).splitlines()[0][:120]
        raise CourseError(
            f"{path} does not hold a video generator of this course: fetch it again ({short})."
        ) from None
    return VideoModel(writer.requires_grad_(False).to(device), vocabulary, recipe, note)
