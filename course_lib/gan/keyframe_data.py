"""Captioned single frames of both worlds, and the batches that a key-frame training takes (lesson 06)."""

import numpy as np
import torch

from course_lib.scenery import captions as grammar
from course_lib.scenery.clips import Clips
from course_lib.scenery.vocabulary import stream
from course_lib.text.tokens import Vocabulary

FRAMES = 8


class Stills(Clips):
    """Single frames with captions and labels that say nothing of motion.

    Scenery: one frame of each clip, and a caption of place, time and weather. Shapes: those that stand still, 48
    combinations, since a shape that grows has no size in one frame; their captions do say that it stands still.

    Args:
        as for `Clips`, without `frames`.
    """

    def __init__(self, name="scenery", split="train", count=2000, *, size=32, language="both", seed=0):
        super().__init__(name, split, count, size=size, frames=FRAMES, language=language, seed=seed)
        if name == "shapes":
            self.combinations = [row for row in self.combinations if row["motion"] == "still"]
        self.attributes = {k: words for k, words in self.attributes.items() if k != "motion"}

    def label_of(self, index: int) -> tuple[int, ...]:
        """Numbers of the words, in the order of `attributes`; motion left out."""
        return super().label_of(index)[: len(self.attributes)]

    def shown_of(self, index: int) -> dict:
        """The attributes that can be seen in one frame."""
        return {k: word for k, word in self.truth_of(index).items() if k != "motion"}

    def caption_of(self, index: int, epoch: int = 0) -> tuple[str, str]:
        if self.name == "shapes":
            return super().caption_of(index, epoch)
        random = stream(self.seed_of(index), "still caption", epoch)
        language = self.language if self.language != "both" else ("zh", "en")[int(random.integers(2))]
        return grammar.caption(self.shown_of(index), language, int(random.integers(2**31))), language

    def kept(self) -> "Stills":
        """The set itself, read from the course's cache from now on (shapes are drawn faster than they are read)."""
        return self if self.name == "shapes" else self.cached()

    def pictures(self, count: int | None = None) -> torch.Tensor:
        """One frame of each of the first `count` clips: float (count, 3, size, size) in [-1, 1]."""
        rows = np.arange(count or len(self))
        return to_pictures(np.stack([self.video_of(int(k))[int(k) % FRAMES] for k in rows]))

    def labels(self, count: int | None = None) -> np.ndarray:
        """Labels of the first `count`: int64 (count, attributes)."""
        return np.array([self.label_of(k) for k in range(count or len(self))], np.int64)

    def captions(self, count: int | None = None, epoch: int = 0) -> list[str]:
        """Captions of the first `count`."""
        return [self.caption_of(k, epoch)[0] for k in range(count or len(self))]


def to_pictures(pictures: np.ndarray) -> torch.Tensor:
    """uint8 (n, height, width, 3) as float (n, 3, height, width) in [-1, 1]."""
    return torch.as_tensor(pictures).permute(0, 3, 1, 2).float().div_(127.5).sub_(1).contiguous()


def to_bytes(pictures: torch.Tensor) -> np.ndarray:
    """The way back; what lies outside [-1, 1] is cut."""
    moved = pictures.detach().clamp(-1, 1).add(1).mul(127.5).round().byte()
    return moved.permute(0, 2, 3, 1).cpu().numpy()


class StillFeed:
    """A set of stills as bytes in memory; batch number k is always the same.

    Args:
        stills: rendered once, all eight frames of every clip.
        batch: pictures a batch.
        sayings: wordings kept of each caption.
        vocabulary: that of an earlier training, to go on from it.
    """

    def __init__(self, stills: Stills, batch: int, sayings: int, vocabulary: Vocabulary | None = None):
        count = len(stills)
        said = [text for turn in range(sayings) for text in stills.captions(epoch=turn)]
        self.vocabulary = vocabulary or Vocabulary.of(said)
        ids, lengths = self.vocabulary.encode(said)
        self.ids = torch.as_tensor(ids).view(sayings, count, -1)
        self.lengths = torch.as_tensor(lengths).view(sayings, count)
        videos = [stills.videos(range(k, min(k + 250, count))) for k in range(0, count, 250)]
        self.bytes = np.concatenate(videos)
        self.labels = torch.as_tensor(stills.labels())
        self.batch, self.seed = min(batch, count), stills.seed

    def __call__(self, step: int) -> dict:
        """{"pictures" (n, 3, size, size), "ids" (n, length), "lengths" (n,), "labels" (n, attributes)} of a step."""
        random = stream(self.seed, "still batch", step)
        rows = random.choice(len(self.bytes), self.batch, replace=False)
        turn = random.integers(len(self.ids), size=self.batch)
        moments = random.integers(self.bytes.shape[1], size=self.batch)
        lengths = self.lengths[turn, rows]
        return {
            "pictures": to_pictures(self.bytes[rows, moments]),
            "ids": self.ids[turn, rows][:, : int(lengths.max())],
            "lengths": lengths,
            "labels": self.labels[rows],
        }
