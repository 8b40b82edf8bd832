"""Where the pictures come from: a `ClipSource` turns a shot into a clip. The renderer is one, a GAN another."""

from typing import Protocol

import numpy as np

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

    def judged(self, shot: Shot) -> dict | None:
        """What the judge says of the shot's pictures, as plain data; None where nobody judges."""


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

    def judged(self, shot: Shot) -> None:
        """See `ClipSource.judged`: a program shows what it is told, there is nothing to judge."""


def source(name: str = "gan") -> ClipSource:
    """A source of clips by its name: 'gan', the course's own generator, or 'renderer'.

    Raises:
        CourseError: an unknown name; torch or the generator's weights are missing.
    """
    if name == "renderer":
        return RendererSource()
    if name == "gan":
        instead = "or let the program paint: '--source renderer'"
        try:
            from course_lib.film.generated import shipped

            return shipped()
        except ImportError as error:
            raise CourseError(
                f"the generator needs the package '{error.name}': 'pip install torch safetensors', {instead}."
            ) from None
        except CourseError as error:
            raise CourseError(f"{error} Do so, {instead}.") from None
    raise CourseError(f"there is no source '{name}': choose gan or renderer.")
