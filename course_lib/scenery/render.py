"""A captioned clip from its attributes: `render`, frame by frame `frames_of`, or its `layers`."""

from collections.abc import Iterator, Mapping

import numpy as np

from course_lib.errors import CourseError
from course_lib.scenery.canvas import Layer
from course_lib.scenery.light import grade
from course_lib.scenery.places import paint_place
from course_lib.scenery.plan import SECONDS, plan
from course_lib.scenery.sky import sky_layers
from course_lib.scenery.weather import Falling


class Scene:
    """A clip that is ready to be filmed: everything that stands still has been painted once.

    Args:
        attributes: the truth; what is missing is drawn by the seed (`vocabulary.complete`).
        size: one number for a square, or (height, width), each 16 to 512.
        seed: a whole number; the same seed gives the same world.
        seconds: how long the clip lasts; the motion goes from 0 to `seconds`.
        view: 0, 1, 2, ...: other framings of the same world.

    Attributes:
        attributes: all five attributes of the clip.
        items: layers and effects, back to front; each has `.paint(frame, camera, t)`.
    """

    def __init__(
        self, attributes: Mapping, size=64, seed: int = 0, *, seconds: float = SECONDS, view: int = 0
    ):
        self.world = world = plan(attributes, size, seed, seconds=seconds, view=view)
        self.attributes = world.attributes
        self.camera = world.camera
        ground, skyline = paint_place(world)
        self._raise_sun(skyline)
        self.items = sky_layers(world.window, world.light, world.camera, world) + ground
        if world.snowy or world.rainy:
            self.items.append(Falling(world))

    def _raise_sun(self, skyline):
        """Put the sun or moon above the land, or just behind it where it is going to rise."""
        world, light = self.world, self.world.light
        land = float(skyline(world.sun_x))
        world.sun_y = min(world.camera.vanish - light.height, land - light.radius * 1.4)
        if self.attributes["motion"] == "rising":
            world.sun_y = land + light.radius * 0.7
            world.rise = max(0.34, light.radius * 4) if land > 0.45 else max(land - 0.05, 0.22)
        world.sun_y = max(world.sun_y, light.radius * 1.6)

    def frame(self, t: float):
        """The picture at `t` seconds: uint8 (height, width, 3)."""
        camera = self.camera
        picture = np.zeros((camera.height, camera.width, 3), np.float32)
        for item in self.items:
            item.paint(picture, camera, t)
        grade(picture, self.attributes["time"], self.attributes["mood"])
        return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)

    def times(self, frames: int):
        """The moments of `frames` frames, evenly over the clip from its start to its end."""
        if not isinstance(frames, (int, np.integer)) or frames < 1:
            raise CourseError(f"frames is {frames!r}; give a whole number from 1 up.")
        return np.linspace(0, self.camera.seconds, int(frames)) if frames > 1 else np.zeros(1)


def render(
    attributes: Mapping, frames: int = 16, size=64, seed: int = 0, *, seconds: float = SECONDS, view: int = 0
):
    """Film a scene.

    Args:
        attributes: e.g. ``{"place": "lake", "time": "noon"}``; missing ones are drawn by the seed.
        frames: how many, spread evenly over the clip. For 24 frames a second give ``24 * seconds``.
        size: one number for a square, or (height, width), each 16 to 512.
        seed: a whole number; the same seed gives the same bytes on one machine.
        seconds: how long the clip lasts. The motion (a pan, a rise) fills the clip; longer clips move further
            and more slowly.
        view: 0, 1, 2, ...: other framings of the same world, for the next shot of a film.

    Returns:
        uint8 (frames, height, width, 3).

    Raises:
        CourseError: unknown words, a combination that cannot be filmed, a size out of range.
    """
    return np.stack(list(frames_of(attributes, frames, size, seed, seconds=seconds, view=view)))


def frames_of(
    attributes: Mapping, frames: int, size=64, seed: int = 0, *, seconds: float = SECONDS, view: int = 0
) -> Iterator:
    """The frames of `render` one after the other, so that a long shot needs little memory."""
    scene = Scene(attributes, size, seed, seconds=seconds, view=view)
    for t in scene.times(frames):
        yield scene.frame(float(t))


def layers(
    attributes: Mapping, frames: int = 16, size=64, seed: int = 0, *, seconds: float = SECONDS, view: int = 0
) -> list[dict]:
    """A clip taken apart: canvases and how they move, for a layered generator or parallax.

    Returns:
        Back to front, a dict each. Most have `name`; `canvas` float32 (h, w, 4) in [0, 1], premultiplied by alpha
        (added light has alpha 0), usually wider than the frame; `left`, `top`, `density` (where it lies: in
        frame heights, pixels a frame height); `path` float32 (frames, 3): shift right, shift down in frame
        heights, scale about (0, horizon); `light` float32 (frames,): its brightness. What changes by itself (water,
        grass, rain, snow) has `name` and `frames` float32 (frames, height, width, 4), premultiplied, as seen.
        Laid over each other they are the clip before its colour grading.
    """
    scene = Scene(attributes, size, seed, seconds=seconds, view=view)
    camera, times = scene.camera, [float(t) for t in scene.times(frames)]
    pictures = np.zeros((len(times), camera.height, camera.width, 3), np.float32)
    parts = []
    for item in scene.items:
        if isinstance(item, Layer):
            parts.append(_canvas_part(item, camera, times))
        else:
            parts.append({"name": item.name, "frames": _seen(item, pictures, camera, times)})
        for picture, t in zip(pictures, times):
            item.paint(picture, camera, t)
    return parts


def _canvas_part(item: Layer, camera, times) -> dict:
    """A layer with a canvas as `layers` gives it."""
    canvas, window = item.canvas, item.window
    if canvas.shape[2] == 3:
        canvas = np.dstack([canvas, np.ones(canvas.shape[:2], np.float32)])
    return {
        "name": item.name,
        "canvas": canvas,
        "left": window.left,
        "top": window.top,
        "density": window.density,
        "path": np.array([item.place(camera, t) for t in times], np.float32),
        "light": np.array([item.light(t) if item.light else 1.0 for t in times], np.float32),
    }


def _seen(item, pictures, camera, times):
    """What an effect adds, (frames, height, width, 4): opaque water; else found by painting on black and on white."""
    frames = np.zeros((*pictures.shape[:3], 4), np.float32)
    for number, t in enumerate(times):
        if item.name == "water":
            picture = pictures[number].copy()
            item.paint(picture, camera, t)
            frames[number, item.first :, :, :3] = picture[item.first :]
            frames[number, item.first :, :, 3] = 1
            continue
        black, white = np.zeros_like(pictures[number]), np.ones_like(pictures[number])
        item.paint(black, camera, t)
        item.paint(white, camera, t)
        frames[number, ..., :3] = black
        frames[number, ..., 3] = 1 - (white - black).mean(-1)
    return frames
