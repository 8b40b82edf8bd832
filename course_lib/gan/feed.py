"""What a training is fed with: its set of clips, held as bytes on the device, and batches by number (lesson 07)."""

import os

import torch

from course_lib.errors import CourseError
from course_lib.gan import video_steps as game
from course_lib.scenery.clips import Clips, Dataset, Smaller
from course_lib.scenery.clips_torch import to_tensor
from course_lib.scenery.vocabulary import stream
from course_lib.text.tokens import Vocabulary

MANY = 1_000  # clips that are worth the start of several processes


def training_set(recipe) -> Dataset:
    """The clips of a recipe's world, of combinations that are not held out.

    Landscapes take a while to paint: they are painted once, at 64 pixels or more, kept in the course's cache, and averaged
    down for a smaller training.
    """
    if recipe.world != "scenery":
        return Clips(
            recipe.world, "train", recipe.clips, size=recipe.size, frames=recipe.frames, seed=recipe.seed
        )
    large = max(recipe.size, 64)
    clips = Clips("scenery", "train", recipe.clips, size=large, frames=recipe.frames, seed=0)
    painted = clips.cached(workers=cores() if recipe.clips >= MANY else 1)
    return Smaller(painted, recipe.size) if recipe.size < large else painted


def cores() -> int:
    """How many processes can work at a time for this one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Feed:
    """A set of captioned clips as bytes on the device; batch number k is always the same.

    Args:
        dataset: e.g. `Clips("shapes", "train", 10_000)`, or `scenery.folder.Folder` of one's own clips.
        sayings: how many wordings of each caption are kept.
    """

    def __init__(self, dataset: Dataset, batch: int, sayings: int, seed: int, device="cpu", vocabulary=None):
        count = len(dataset)
        if count < 2:
            raise CourseError(f"the set has {count} clips; a training needs at least two.")
        said = [[dataset.caption_of(k, turn)[0] for k in range(count)] for turn in range(sayings)]
        flat = [text for turn in said for text in turn]
        self.vocabulary = vocabulary or Vocabulary.of(flat)
        ids, lengths = self.vocabulary.encode(flat)
        self.ids = torch.as_tensor(ids).view(sayings, count, -1)
        self.lengths = torch.as_tensor(lengths).view(sayings, count)
        # filled part by part: a set for a GPU would else have to fit into the computer's memory twice
        self.bytes = torch.empty((count, dataset.frames, *dataset.size, 3), dtype=torch.uint8, device=device)
        for k in range(0, count, 250):
            part = range(k, min(k + 250, count))
            self.bytes[part.start : part.stop] = torch.as_tensor(dataset.videos(part)).to(device)
        self.labels = torch.as_tensor([dataset.label_of(k) for k in range(count)])
        self.batch, self.seed, self.device = min(batch, count), seed, str(device)

    def __call__(self, step: int) -> game.Batch:
        """The batch of a step."""
        random = stream(self.seed, "batch", step)
        rows = torch.as_tensor(random.choice(len(self.bytes), self.batch, replace=False))
        turn = torch.as_tensor(random.integers(len(self.ids), size=self.batch))
        lengths, ids = self.lengths[turn, rows], self.ids[turn, rows]
        if (
            self.device == "cpu"
        ):  # there padding costs time; on a GPU all batches have one shape, see `recorded`
            ids = ids[:, : int(lengths.max())]
        clips = to_tensor(self.bytes[rows.to(self.device, non_blocking=True)], self.device)
        return game.batch_of(clips, ids, lengths, self.labels[rows], step)
