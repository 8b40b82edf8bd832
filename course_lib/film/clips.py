"""Where the pictures come from: a `ClipSource` turns a shot into a clip. The renderer is one, a GAN another."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PIL import Image

from course_lib.errors import CourseError
from course_lib.scenery.render import Scene
from course_lib.text.storyboard import Shot

# Height and width that the renderer paints, for each shape of film; `upscale` makes them bigger.
ASPECTS = {"16:9": (288, 512), "9:16": (512, 288), "1:1": (432, 432)}


class Clip(Protocol):
    """Pictures of one shot that can be asked for in any order."""

    def frame(self, second: float) -> np.ndarray:
        """The picture at a moment of the clip: uint8 (height, width, 3)."""


class ClipSource(Protocol):
    """Something that films a shot.

    Attributes:
        name: 'renderer' or 'gan'.
        weights: which weights made the pictures, or None.
    """

    name: str
    weights: str | None

    def clip(self, shot: Shot, size: tuple[int, int], seconds: float, view: int = 0) -> Clip:
        """Film a shot: pictures of about `size` (height, width), for `seconds`, in the given framing."""

    def credit(self, language: str) -> str:
        """One honest sentence for the end card: where the pictures come from."""


class RendererSource:
    """The course's own scenery renderer: a program that paints, no network and no camera."""

    name = "renderer"
    weights = None

    def clip(self, shot: Shot, size, seconds, view=0) -> Clip:
        """See `ClipSource.clip`; of the exact size."""
        return Scene(shot.attributes, size, shot.seed, seconds=seconds, view=view)

    def credit(self, language: str) -> str:
        """See `ClipSource.credit`."""
        if language == "zh":
            return "画面：由程序绘制，不是实拍，也不是神经网络生成"
        return "Pictures: painted by a program, neither filmed nor made by a neural network"


@dataclass
class Frames:
    """A clip from a fixed number of pictures; between two of them, a blend.

    `pictures` is uint8 (frames, height, width, 3), spread evenly over `seconds`.
    """

    pictures: np.ndarray
    seconds: float

    def frame(self, second: float) -> np.ndarray:
        """The picture at a moment."""
        place = np.clip(second / self.seconds, 0, 1) * (len(self.pictures) - 1)
        before = min(int(place), len(self.pictures) - 1)
        after = min(before + 1, len(self.pictures) - 1)
        part = float(place - before)
        if part < 1e-6 or before == after:
            return self.pictures[before]
        mixed = self.pictures[before] * (1 - part) + self.pictures[after] * part
        return (mixed + 0.5).astype(np.uint8)


class GeneratorSource:
    """Pictures from a trained generator.

    Args:
        model: has `.sample(texts, seed)` -> (batch, 3, time, height, width) in [-1, 1].
        weights: the name of its weights, for the record.
    """

    name = "gan"

    def __init__(self, model, weights: str):
        self.model, self.weights = model, weights

    def clip(self, shot: Shot, size, seconds, view=0) -> Clip:
        """See `ClipSource.clip`; a generator has its own size, cut here to the shape asked for."""
        made = np.asarray(self.model.sample([shot.text], shot.seed + view))[0]
        pictures = np.clip((made.transpose(1, 2, 3, 0) + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)
        height, width = pictures.shape[1:3]
        goal = size[1] / size[0]
        if width / height > goal:
            keep = max(2, round(height * goal))
            left = (width - keep) // 2
            pictures = pictures[:, :, left : left + keep]
        else:
            keep = max(2, round(width / goal))
            top = (height - keep) // 2
            pictures = pictures[:, top : top + keep]
        big = [
            np.asarray(Image.fromarray(p).resize((size[1], size[0]), Image.Resampling.BICUBIC))
            for p in pictures
        ]
        return Frames(np.stack(big), seconds)

    def credit(self, language: str) -> str:
        """See `ClipSource.credit`."""
        if language == "zh":
            return f"画面：由神经网络（GAN）生成，权重 {self.weights}"
        return f"Pictures: made by a neural network (GAN), weights {self.weights}"


def source(name: str = "renderer") -> ClipSource:
    """A source of clips by its name.

    Raises:
        CourseError: an unknown name, or 'gan' while there is no trained generator.
    """
    if name == "renderer":
        return RendererSource()
    if name == "gan":
        raise CourseError(
            "the GAN's pictures come with the generator that lessons 06 and 07 build; "
            "until it is there, use the renderer ('--source renderer')."
        )
    raise CourseError(f"there is no source '{name}': choose renderer or gan.")
