"""Captioned clips as a dataset: seeded, streamed, in batches of numpy arrays; cached when asked.

    >>> from course_lib.scenery.clips import Clips
    >>> clips = Clips("shapes", "train", count=1000)
    >>> batch = next(clips.batches(16))
    >>> batch.clips.shape, batch.captions[0]
    ((16, 8, 32, 32, 3), 'A small red star moves to the left.')

Torch batches, on a device, are in `course_lib.scenery.clips_torch`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from course_lib.errors import CourseError
from course_lib.scenery import captions as grammar
from course_lib.scenery import shapes
from course_lib.scenery.plan import frame_size
from course_lib.scenery.render import render
from course_lib.scenery.splits import SPLITS, world
from course_lib.scenery.stored import stored
from course_lib.scenery.vocabulary import stream

#: Raised whenever a renderer draws the same seed differently: old caches are then not used.
VERSION = 1
LANGUAGES = ("zh", "en", "both")


@dataclass
class Clip:
    """One captioned clip: `video` uint8 (frames, height, width, 3), `caption`, `language`, `attributes`."""

    video: np.ndarray
    caption: str
    language: str
    attributes: dict


@dataclass
class Batch:
    """`clips` uint8 (batch, frames, height, width, 3), `captions`, `languages`; `labels` int64 (batch, attributes).

    A folder of one's own clips has no attributes: its labels are -1.
    """

    clips: np.ndarray
    captions: list
    languages: list
    labels: np.ndarray


class Dataset:
    """What a set of captioned clips can do; `Clips` and `folder.Folder` say what item k is.

    Attributes:
        attributes: name -> words, in the order of a batch's labels.
        size, frames: of every clip.
    """

    attributes: dict
    size: tuple
    frames: int
    seed: int

    def __len__(self) -> int:
        raise NotImplementedError

    def __getitem__(self, index: int) -> Clip:
        raise NotImplementedError

    def caption_of(self, index: int, epoch: int) -> tuple[str, str]:
        """(caption, language) of item `index` as said in this epoch."""
        raise NotImplementedError

    def video_of(self, index: int) -> np.ndarray:
        raise NotImplementedError

    def label_of(self, index: int) -> tuple[int, ...]:
        raise NotImplementedError

    def batches(
        self, batch_size: int, *, epochs: int | None = 1, shuffle: bool = True, last: bool = True
    ) -> Iterator[Batch]:
        """Batches, epoch after epoch.

        Args:
            batch_size: clips a batch.
            epochs: how often to go through the set; None for ever.
            shuffle: a new order each epoch, from the seed.
            last: also give the last, smaller batch.
        """
        if batch_size < 1:
            raise CourseError(f"batch_size is {batch_size}; give 1 or more.")
        epoch = 0
        while epochs is None or epoch < epochs:
            order = np.arange(len(self))
            if shuffle:
                stream(self.seed, "order", epoch).shuffle(order)
            for start in range(0, len(order), batch_size):
                chosen = order[start : start + batch_size]
                if len(chosen) < batch_size and not last:
                    break
                yield self.batch(chosen, epoch)
            epoch += 1

    def batch(self, indices, epoch: int = 0) -> Batch:
        """These items as a batch."""
        said = [self.caption_of(int(index), epoch) for index in indices]
        return Batch(
            self.videos(indices),
            [caption for caption, _ in said],
            [language for _, language in said],
            np.array([self.label_of(int(index)) for index in indices], np.int64),
        )

    def videos(self, indices) -> np.ndarray:
        """uint8 (batch, frames, height, width, 3) of these items."""
        return np.stack([self.video_of(int(index)) for index in indices])


class Clips(Dataset):
    """Clips of a world, rendered when they are asked for.

    Item k of a split is always the same clip. Combinations come evenly: `count` clips hold each about
    equally often. Its caption is said in other words each epoch.

    Args:
        name: "scenery" or "shapes".
        split: "train", "validation" (the same combinations, other seeds), "held-out" (combinations that
            are never trained on) or "all" (all combinations, other seeds again).
        count: how many clips; rendering is lazy, so a million costs nothing.
        size: one number or (height, width), 16 to 512.
        frames: per clip.
        language: "zh", "en" or "both" (drawn for each caption).
        seed: another seed, another set.

    Raises:
        CourseError: a name, size or number out of range.
    """

    def __init__(
        self, name="scenery", split="train", count=10_000, *, size=32, frames=8, language="both", seed=0
    ):
        self.world = world(name)
        self.combinations = self.world.combinations(split)
        if language not in LANGUAGES:
            raise CourseError(f"there is no language '{language}'; choose from {', '.join(LANGUAGES)}.")
        if count < 1 or frames < 1:
            raise CourseError(f"count is {count} and frames {frames}; both must be 1 or more.")
        self.attributes = self.world.attributes
        self.name, self.split, self.count, self.language, self.seed = (
            name,
            split,
            int(count),
            language,
            int(seed),
        )
        self.size, self.frames = frame_size(size), int(frames)
        # Seeds of splits never meet: each split has its own residue.
        self._first = (self.seed * 1_000_003 + 7) * len(SPLITS) * 2**20 + SPLITS.index(split)
        self._stored = None

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Clip:
        index = range(self.count)[index]
        caption, language = self.caption_of(index, 0)
        return Clip(self.video_of(index), caption, language, self.truth_of(index))

    def seed_of(self, index: int) -> int:
        """The seed that item `index` is rendered with."""
        return self._first + len(SPLITS) * int(index)

    def truth_of(self, index: int) -> dict:
        """The attributes of item `index`."""
        # Walk through the combinations in a scrambled order, round after round.
        turn, place = divmod(int(index), len(self.combinations))
        order = stream(self.seed, "turn", self.split, turn).permutation(len(self.combinations))
        return dict(self.combinations[int(order[place])])

    def label_of(self, index: int) -> tuple[int, ...]:
        return self.world.labels(self.truth_of(index))

    def caption_of(self, index: int, epoch: int = 0) -> tuple[str, str]:
        random = stream(self.seed_of(index), "caption", epoch)
        language = self.language if self.language != "both" else ("zh", "en")[int(random.integers(2))]
        return grammar.caption(self.truth_of(index), language, int(random.integers(2**31))), language

    def video_of(self, index: int) -> np.ndarray:
        if self._stored is not None:
            return np.asarray(self._stored[index])
        painter = render if self.name == "scenery" else shapes.render
        return painter(self.truth_of(index), self.frames, self.size, self.seed_of(index))

    def videos(self, indices) -> np.ndarray:
        if self._stored is not None:
            return np.asarray(self._stored[np.asarray(indices)])
        if self.name == "shapes":
            rows = [self.truth_of(int(k)) for k in indices]
            return shapes.render_batch(rows, self.frames, self.size, [self.seed_of(int(k)) for k in indices])
        return super().videos(indices)

    @property
    def bytes(self) -> int:
        """How much room the rendered set takes."""
        return self.count * self.frames * self.size[0] * self.size[1] * 3

    def cached(self, progress=None, workers: int = 1) -> "Clips":
        """Render everything once into the course's cache folder and read it from there from now on.

        Args:
            progress: called with (clips done, clips in all) from time to time.
            workers: processes that render; each has to start first, which takes longer than a hundred clips do.

        Returns:
            The set itself.

        Raises:
            CourseError: there is no room for it.
        """
        self._stored = np.load(stored(self, VERSION, progress, workers), mmap_mode="r")
        return self


class Smaller(Dataset):
    """A set of clips averaged down to a smaller size; everything else is the set's own.

    Args:
        clips: whose height and width are whole multiples of `size`.
        size: of the square frames wanted.

    Raises:
        CourseError: the sizes do not fit.
    """

    def __init__(self, clips: Dataset, size: int):
        if any(side % size for side in clips.size):
            raise CourseError(f"clips of {clips.size} pixels cannot be averaged down to {size}.")
        self.clips, self.step = clips, (clips.size[0] // size, clips.size[1] // size)
        self.attributes, self.frames, self.seed, self.size = (
            clips.attributes,
            clips.frames,
            clips.seed,
            (size, size),
        )

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, index: int) -> Clip:
        clip = self.clips[index]
        return Clip(self._averaged(clip.video[None])[0], clip.caption, clip.language, clip.attributes)

    def caption_of(self, index: int, epoch: int) -> tuple[str, str]:
        return self.clips.caption_of(index, epoch)

    def label_of(self, index: int) -> tuple[int, ...]:
        return self.clips.label_of(index)

    def video_of(self, index: int) -> np.ndarray:
        return self._averaged(self.clips.video_of(index)[None])[0]

    def videos(self, indices) -> np.ndarray:
        return self._averaged(self.clips.videos(indices))

    def _averaged(self, videos: np.ndarray) -> np.ndarray:
        """uint8 (n, frames, height, width, 3) -> the same at the smaller size."""
        count, frames, (down, across) = *videos.shape[:2], self.step
        tiles = videos.reshape(count, frames, self.size[0], down, self.size[1], across, 3)
        return (tiles.mean((3, 5), dtype=np.float32) + 0.5).astype(np.uint8)
