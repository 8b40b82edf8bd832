"""A clip's plan: frame, camera, light, and who moves how. Everything that is decided before painting."""

from dataclasses import dataclass, field, replace

import numpy as np

from course_lib.errors import CourseError
from course_lib.scenery.canvas import Window
from course_lib.scenery.light import Light, make_light
from course_lib.scenery.vocabulary import complete, stream

#: Seconds that a clip lasts unless said otherwise; a motion is defined for the whole clip.
SECONDS = 2.0
LONGEST_SIDE = 512

# Where the horizon lies, from the top of the frame.
HORIZON = {
    "snow mountain": 0.74, "lake": 0.55, "grassland": 0.56, "desert": 0.50, "sea": 0.50, "city": 0.76,
    "forest": 0.70,
}  # fmt: skip


@dataclass
class Camera:
    """The frame in pixels and the camera's movement.

    Attributes:
        vanish: height of the horizon, the point that a zoom leaves where it is.
        travel: how far a pan goes in all, in frame heights; positive to the right.
        growth: the zoom at the end of the clip.
    """

    height: int
    width: int
    vanish: float
    seconds: float
    travel: float = 0.0
    growth: float = 1.0

    @property
    def aspect(self) -> float:
        return self.width / self.height

    def pan(self, t: float) -> float:
        return self.travel * (t / self.seconds - 0.5)

    def zoom(self, t: float) -> float:
        # It starts a little above 1: a first frame that alone is not interpolated would flash sharp.
        return 1.0 if self.growth == 1 else 1.015 * self.growth ** (t / self.seconds)


@dataclass
class World:
    """What the painters need to know; made by `plan`."""

    seed: int
    attributes: dict
    light: Light
    camera: Camera
    view: int
    offset: float  # where in the world this view looks, in world units
    focal: float  # how long the lens is: 1 normal, 1.5 closer
    cover: float  # of clouds, 0 to 1
    drift: float  # how far the clouds travel in the clip
    sun_x: float
    sun_y: float = 0.2
    rise: float = 0.0  # how far the sun or moon rises in the clip
    fineness: int = 1  # supersampling of small pictures
    notes: dict = field(default_factory=dict)

    @property
    def place(self) -> str:
        return self.attributes["place"]

    @property
    def snowy(self) -> bool:
        return self.attributes["weather"] == "snow"

    @property
    def rainy(self) -> bool:
        return self.attributes["weather"] == "rain"

    def progress(self, t: float) -> float:
        return t / self.camera.seconds

    def drifted(self, t: float) -> float:
        return self.drift * (self.progress(t) - 0.5)

    def sun_path(self, t: float):
        return self.sun_x, self.sun_y - self.rise * self.progress(t)

    def window(self, parallax: float, own: float = 0.0, top: float = 0.0, bottom: float = 1.0) -> Window:
        """A canvas wide enough for the pan at this parallax and `own` units of the layer's movement."""
        camera = self.camera
        reach = camera.aspect / 2 + (abs(parallax * camera.travel) + abs(own)) / 2
        extra = int(np.ceil((reach - camera.aspect / 2) * camera.height)) + 2
        first = int(np.floor(top * camera.height))
        rows = int(np.ceil(bottom * camera.height)) - first
        return Window(
            -camera.aspect / 2 - extra / camera.height,
            first / camera.height,
            camera.width + 2 * extra,
            rows,
            float(camera.height),
        )


def frame_size(size) -> tuple[int, int]:
    """(height, width) from a number (square) or a pair.

    Raises:
        CourseError: not a size, or outside 16 to 512.
    """
    try:
        pair = (size, size) if np.ndim(size) == 0 else tuple(size)
        height, width = (int(side) for side in pair)
        if (height, width) != tuple(pair):
            raise ValueError
    except (TypeError, ValueError):
        raise CourseError(
            f"size is {size!r}; give one whole number for a square, or (height, width)."
        ) from None
    if not (min(height, width) >= 16 and max(height, width) <= LONGEST_SIDE):
        raise CourseError(f"size is {height} x {width}; each side must be 16 to {LONGEST_SIDE} pixels.")
    return height, width


def plan(attributes, size, seed: int, *, seconds: float = SECONDS, view: int = 0) -> World:
    """Decide everything about a clip that is not paint.

    Raises:
        CourseError: unknown words, an impossible combination, a size, seed, duration or view out of range.
    """
    height, width = frame_size(size)
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise CourseError(f"seed is {seed!r}; give a whole number from 0 up.")
    if not 0 < seconds <= 600:
        raise CourseError(f"seconds is {seconds!r}; a clip lasts more than 0 and at most 600 seconds.")
    if view < 0:
        raise CourseError(f"view is {view!r}; give 0 for the first framing, 1, 2, ... for others.")
    seed = int(seed)
    truth = complete(attributes, seed)
    light = make_light(truth["time"], truth["weather"], seed)
    # In an upright frame a sun of the usual size would fill the sky.
    light = replace(light, radius=light.radius * min(1, 0.5 + 0.5 * width / height))
    framing = stream(seed, "view", int(view))
    shift = 0.0 if view == 0 else framing.uniform(-0.05, 0.06)
    random = stream(seed, "plan")
    motion, aspect = truth["motion"], width / height
    # Longer clips move further, but more slowly, as a camera operator would.
    slow = (seconds / SECONDS) ** 0.6
    camera = Camera(height, width, HORIZON[truth["place"]] + random.uniform(-0.03, 0.03) + shift, seconds)
    travel = random.uniform(0.50, 0.62) * slow * np.sqrt(aspect)
    growth = 1 + random.uniform(0.38, 0.50) * slow**0.8
    if motion in ("pan left", "pan right"):
        camera.travel = travel if motion == "pan right" else -travel
    if motion == "zoom in":
        camera.growth = growth
    heading = float(random.choice([-1, 1]))
    drift = 0.004 * seconds
    if motion == "drifting":
        drift = random.uniform(0.34, 0.44) * slow * np.sqrt(aspect)
    sun_x = random.uniform(0.08, 0.34) * aspect * light.side
    if view:
        sun_x = framing.uniform(-0.34, 0.34) * aspect
    cover = {"clear": 0.0, "cloudy": 0.66, "rain": 0.93, "snow": 0.90}[truth["weather"]]
    cover += random.uniform(-0.03, 0.03) if cover else 0
    if truth["weather"] == "clear":
        few = random.choice([0.0, 0.12, 0.18])
        cover = 0.33 if motion == "drifting" else few
    if light.night and truth["weather"] == "cloudy":
        cover -= 0.10
    return World(
        seed=seed,
        attributes=truth,
        light=light,
        camera=camera,
        view=int(view),
        offset=0.0 if view == 0 else framing.uniform(-2.2, 2.2),
        focal=1.0 if view == 0 else framing.uniform(0.9, 1.45),
        cover=float(cover),
        drift=heading * drift,
        sun_x=float(sun_x),
        fineness=2 if height <= 128 else 1,
    )
