"""Moving shapes: the small world, where every attribute can be counted. One shape, one colour, one motion.

Rendering is arithmetic on a grid, so the same lines run on numpy and on torch (also on a GPU).
"""

import functools
import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from course_lib.errors import CourseError
from course_lib.scenery.plan import frame_size
from course_lib.scenery.vocabulary import stream

SHAPES = ("circle", "square", "triangle", "star")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple")
SIZES = ("small", "large")
MOTIONS = ("left", "right", "up", "down", "grow", "shrink", "orbit", "still")
ATTRIBUTES = {"shape": SHAPES, "colour": COLOURS, "size": SIZES, "motion": MOTIONS}

RGB = {
    "red": (0.86, 0.14, 0.13), "orange": (0.96, 0.52, 0.08), "yellow": (0.96, 0.87, 0.16),
    "green": (0.13, 0.66, 0.24), "blue": (0.13, 0.34, 0.88), "purple": (0.58, 0.20, 0.75),
}  # fmt: skip
RADIUS = {"small": 0.135, "large": 0.225}  # of a circle; the other shapes have about its area


@functools.cache
def _combinations() -> tuple[tuple[str, ...], ...]:
    return tuple(itertools.product(*ATTRIBUTES.values()))


def combinations() -> list[dict]:
    """All 384 combinations of shape, colour, size and motion."""
    return [dict(zip(ATTRIBUTES, row)) for row in _combinations()]


def complete(attributes: Mapping, seed: int) -> dict:
    """All four attributes: the given ones, the others drawn by the seed.

    Raises:
        CourseError: an unknown attribute or word.
    """
    if not isinstance(attributes, Mapping):
        raise CourseError(f"attributes are {attributes!r}; give a mapping such as {{'shape': 'star'}}.")
    given = {name: word for name, word in attributes.items() if word is not None}
    for name, word in given.items():
        if name not in ATTRIBUTES:
            raise CourseError(f"there is no attribute '{name}'; the attributes are {', '.join(ATTRIBUTES)}.")
        if word not in ATTRIBUTES[name]:
            raise CourseError(f"there is no {name} '{word}'; choose from {', '.join(ATTRIBUTES[name])}.")
    random = stream(seed, "shape attributes")
    drawn = {name: words[int(random.integers(len(words)))] for name, words in ATTRIBUTES.items()}
    return {**drawn, **given}


def plan(truth: Mapping, frames: int, seed: int) -> dict:
    """The numbers of one clip, arrays that stack: path (frames, 3) of x, y, radius; colours; background.

    x and y are in frame heights from the middle of a square frame.
    """
    random = stream(seed, "shape plan")
    base = RADIUS[truth["size"]] * random.uniform(0.93, 1.07)
    u = np.linspace(0, 1, frames) if frames > 1 else np.full(1, 0.5)
    room = 0.5 - base * 1.05
    x = np.full(frames, random.uniform(-0.6, 0.6) * room)
    y = np.full(frames, random.uniform(-0.6, 0.6) * room)
    radius = np.full(frames, base)
    motion = truth["motion"]
    travel = random.uniform(0.42, 0.50) * (2 * room if room < 0.33 else 0.66)
    if motion in ("left", "right"):
        sign = 1 if motion == "right" else -1
        x = sign * travel * (2 * u - 1) * 0.84 + random.uniform(-0.04, 0.04)
    elif motion in ("up", "down"):
        sign = 1 if motion == "down" else -1
        y = sign * travel * (2 * u - 1) * 0.84 + random.uniform(-0.04, 0.04)
    elif motion in ("grow", "shrink"):
        swell = random.uniform(0.42, 0.50)
        radius = base * (1 + swell * (2 * u - 1) * (1 if motion == "grow" else -1))
        x, y = x * 0.4, y * 0.4
    elif motion == "orbit":
        turn = random.uniform(0, 2 * np.pi) + 2 * np.pi * random.choice([-1, 1]) * u * 0.92
        reach = min(room, 0.23) * random.uniform(0.8, 1.0)
        x, y = reach * np.cos(turn) + random.uniform(-0.02, 0.02), reach * np.sin(turn)
    tilt = random.uniform(-0.16, 0.16)
    colour = np.clip(
        np.array(RGB[truth["colour"]]) * random.uniform(0.88, 1.06) + random.normal(0, 0.015, 3), 0, 1
    )
    grey = random.uniform(0.10, 0.90)
    if abs(grey - colour @ (0.3, 0.55, 0.15)) < 0.16:  # keep the shape apart from its ground
        grey = (grey + 0.45) % 1.0 * 0.8 + 0.1
    tint = grey + random.normal(0, 0.05, 3)
    slope = random.normal(0, 0.10, 2)
    wave = np.array([*random.uniform(2, 9, 2), random.uniform(0, 6.3), random.uniform(0, 0.05)])
    return {
        "path": np.stack([x, y, radius], 1).astype(np.float32),
        "kind": np.int64(SHAPES.index(truth["shape"])),
        "tilt": np.float32(tilt),
        "colour": colour.astype(np.float32),
        "tint": np.clip(tint, 0.04, 0.96).astype(np.float32),
        "slope": slope.astype(np.float32),
        "wave": wave.astype(np.float32),
    }


def stack(plans: Sequence[dict]) -> dict:
    """Plans of a batch as arrays with the batch first."""
    return {name: np.stack([one[name] for one in plans]) for name in plans[0]}


def raster(batch: dict, x, y, pixel: float, lib=np):
    """Paint a batch.

    Args:
        batch: `stack` of plans, as arrays of `lib`.
        x, y: pixel centres, (1, width) and (height, 1).
        pixel: a pixel's width.
        lib: numpy, or torch.

    Returns:
        (batch, frames, height, width, 3) in [0, 1].
    """
    path = batch["path"][:, :, None, None, :]  # batch, frames, 1, 1, 3
    dx, dy, radius = x - path[..., 0], y - path[..., 1], path[..., 2]
    tilt = batch["tilt"][:, None, None, None]
    cos, sin = lib.cos(tilt), lib.sin(tilt)
    u, v = dx * cos + dy * sin, dy * cos - dx * sin
    kind = batch["kind"]
    far = lib.zeros_like(u)
    for number in range(len(SHAPES)):
        chosen = kind == number
        if bool(chosen.any()):
            far[chosen] = _distance(number, u[chosen], v[chosen], radius[chosen], lib)
    alpha = lib.clip(0.5 - far / pixel, 0, 1)[..., None]
    slope, wave = batch["slope"], batch["wave"]
    ground = (slope[:, 0, None, None] * x + slope[:, 1, None, None] * y) + wave[:, 3, None, None] * lib.sin(
        wave[:, 0, None, None] * x + wave[:, 1, None, None] * y + wave[:, 2, None, None]
    )
    ground = lib.clip(batch["tint"][:, None, None, :] + ground[..., None], 0, 1)[:, None]
    colour = batch["colour"][:, None, None, None, :]
    return ground + (colour - ground) * alpha


def _distance(number: int, u, v, radius, lib):
    """Signed distance to a shape's outline: negative inside. u, v from its middle, v down."""
    if number == 0:
        return lib.sqrt(u * u + v * v) - radius
    if number == 1:
        return lib.maximum(lib.abs(u), lib.abs(v)) - 0.86 * radius
    if number == 2:  # three edges, the point upwards
        low = v - 0.62 * radius
        side = 0.866 * lib.abs(u) - 0.5 * v - 0.62 * radius
        return lib.maximum(low, side)
    # A star: fold the plane into one tenth, then the edge from a tip to a notch is one line.
    angle = lib.arctan2(u, -v)
    sector = 2 * np.pi / 5
    angle = lib.abs(angle - sector * lib.round(angle / sector))
    size = lib.sqrt(u * u + v * v)
    px, py = size * lib.cos(angle), size * lib.sin(angle)
    outer, inner = 1.42 * radius, 0.60 * radius
    bx, by = inner * np.cos(np.pi / 5), inner * np.sin(np.pi / 5)
    nx, ny = by, outer - bx  # normal of the line from (outer, 0) to (bx, by)
    return ((px - outer) * nx + py * ny) / lib.sqrt(nx * nx + ny * ny)


def grid(height: int, width: int):
    """Pixel centres x (1, width), y (height, 1) in frame heights from the middle, and a pixel's width."""
    x = ((np.arange(width, dtype=np.float32) + 0.5) / height - width / height / 2)[None]
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height - 0.5)[:, None]
    return x, y, 1 / height


def render_batch(rows: Sequence[Mapping], frames: int, size, seeds: Sequence[int]):
    """Film many clips: uint8 (batch, frames, height, width, 3). See `render`."""
    if not isinstance(frames, (int, np.integer)) or frames < 1:
        raise CourseError(f"frames is {frames!r}; give a whole number from 1 up.")
    height, width = frame_size(size)
    plans = [plan(complete(row, seed), frames, seed) for row, seed in zip(rows, seeds)]
    picture = raster(stack(plans), *grid(height, width))
    return (picture * 255 + 0.5).astype(np.uint8)


def render(attributes: Mapping, frames: int = 8, size=32, seed: int = 0):
    """Film one moving shape.

    Args:
        attributes: e.g. ``{"shape": "star", "colour": "red"}``; missing ones are drawn by the seed.
        frames, size, seed: as in `course_lib.scenery.render`.

    Returns:
        uint8 (frames, height, width, 3).
    """
    return render_batch([attributes], frames, size, [seed])[0]
