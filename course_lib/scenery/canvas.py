"""Layers: pictures wider than the frame that are rendered once a clip, then only moved and blended.

Coordinates: the unit is the frame's height; x = 0 is the middle of the frame, y = 0 its top, y = 1 its
bottom. Colours are red, green, blue in [0, 1], premultiplied by alpha (Porter and Duff, "Compositing
Digital Images", 1984).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Window:
    """The part of the world that a layer paints, as a grid of pixel centres."""

    left: float
    top: float
    width: int  # pixels
    height: int
    density: float  # pixels a unit

    @property
    def x(self):
        """Pixel centres, (1, width)."""
        return (self.left + (np.arange(self.width, dtype=np.float32) + 0.5) / self.density)[None]

    @property
    def y(self):
        """Pixel centres, (height, 1)."""
        return (self.top + (np.arange(self.height, dtype=np.float32) + 0.5) / self.density)[:, None]

    @property
    def right(self):
        return self.left + self.width / self.density

    @property
    def bottom(self):
        return self.top + self.height / self.density

    @property
    def pixel(self):
        """Width of a pixel in units."""
        return 1 / self.density

    def finer(self, factor: int) -> "Window":
        """The same window with `factor` times the pixels each way."""
        return Window(self.left, self.top, self.width * factor, self.height * factor, self.density * factor)

    def blank(self):
        """A transparent canvas, (height, width, 4)."""
        return np.zeros((self.height, self.width, 4), np.float32)


@dataclass
class Layer:
    """A canvas and how it moves.

    Attributes:
        name: what it shows.
        canvas: (height, width, 4) float32, premultiplied.
        window: where it lies.
        parallax: share of the camera's pan that it follows: 0 infinitely far, 1 near.
        zoom: share of the camera's zoom that it follows.
        path: time in seconds -> (dx, dy), its own movement in units.
    """

    name: str
    canvas: np.ndarray
    window: Window
    parallax: float = 0.0
    zoom: float = 1.0
    path: Callable | None = None
    light: Callable | None = None  # time -> brightness of the layer, e.g. a glow that grows
    _kept: tuple = field(default=(None, None), repr=False)

    def place(self, camera, t: float) -> tuple[float, float, float]:
        """Shift right, shift down (units) and scale (about the frame's vanishing point) at time t."""
        dx, dy = self.path(t) if self.path else (0.0, 0.0)
        return dx - self.parallax * camera.pan(t), dy, 1 + self.zoom * (camera.zoom(t) - 1)

    def sample(self, camera, t: float):
        """What the frame sees of the layer: (height, width, 4)."""
        where = self.place(camera, t)
        if self._kept[0] == where:
            return self._kept[1]
        picture = resample(self.canvas, self.window, where, camera)
        self._kept = (where, picture)
        return picture

    def paint(self, frame, camera, t: float):
        """Lay the layer over `frame` (height, width, 3), in place."""
        over(frame, self.sample(camera, t), self.light(t) if self.light else None)


def over(frame, picture, light=None):
    """frame = picture over frame, in place; `light` scales the picture's opacity."""
    if light is not None:
        picture = picture * np.float32(light)
    if picture.shape[2] == 3:
        frame[:] = picture
        return
    frame *= 1 - picture[..., 3:]
    frame += picture[..., :3]


def resample(canvas, window: Window, where, camera):
    """The frame's view of a canvas, moved and scaled, by bilinear interpolation.

    Movement is along the axes, so rows and columns are interpolated one after the other; where nothing is
    scaled it is a weighted sum of shifted slices.
    """
    dx, dy, scale = where
    height, width = camera.height, camera.width
    x0 = (-width / 2 / height / scale - dx - window.left) * window.density
    y0 = (camera.vanish - camera.vanish / scale - dy - window.top) * window.density
    pitch = window.density / scale / height
    x0, y0 = x0 + pitch / 2 - 0.5, y0 + pitch / 2 - 0.5
    if abs(pitch - 1) < 1e-6:
        return shift(shift(canvas, y0, height, 0), x0, width, 1)
    return gather(gather(canvas, y0, pitch, height, 0), x0, pitch, width, 1)


def shift(canvas, start: float, count: int, axis: int):
    """`count` samples one apart from `start` (may be fractional) along an axis; the edge is repeated."""
    first = int(np.floor(start + 1e-4))
    part = start - first
    size = canvas.shape[axis]
    if first < 0 or first + count + 1 > size:
        if abs(part) < 2e-3 and first >= 0 and first + count <= size:
            part = 0
        else:
            return gather(canvas, start, 1.0, count, axis)
    cut = [slice(None)] * 3
    cut[axis] = slice(first, first + count)
    picture = canvas[tuple(cut)]
    if abs(part) < 2e-3:
        return picture
    cut[axis] = slice(first + 1, first + 1 + count)
    return picture + (canvas[tuple(cut)] - picture) * np.float32(part)


def gather(canvas, start: float, pitch: float, count: int, axis: int):
    """`count` samples `pitch` apart from `start` along an axis; the edge is repeated."""
    place = start + pitch * np.arange(count)
    low = np.floor(place)
    part = (place - low).astype(np.float32)
    low = low.astype(np.int64)
    last = canvas.shape[axis] - 1
    a = np.take(canvas, np.clip(low, 0, last), axis=axis)
    b = np.take(canvas, np.clip(low + 1, 0, last), axis=axis)
    return a + (b - a) * (part[:, None, None] if axis == 0 else part[None, :, None])


def shrink(canvas, factor: int):
    """Average over `factor` x `factor` pixels."""
    if factor == 1:
        return canvas
    height, width = canvas.shape[:2]
    rows = canvas.reshape(height // factor, factor, width, -1).sum(1)
    return rows.reshape(height // factor, width // factor, factor, -1).sum(2) * np.float32(1 / factor**2)


def solid(colour, alpha):
    """A premultiplied picture from a colour (..., 3) and an opacity (height, width)."""
    alpha = np.asarray(alpha, np.float32)
    picture = np.empty((*alpha.shape, 4), np.float32)
    np.multiply(colour, alpha[..., None], out=picture[..., :3])
    picture[..., 3] = alpha
    return picture


def lay(canvas, picture, top: int = 0, left: int = 0):
    """Lay a premultiplied picture over a canvas at a pixel position, clipped, in place."""
    height, width = picture.shape[:2]
    y0, x0 = max(0, -top), max(0, -left)
    y1, x1 = min(height, canvas.shape[0] - top), min(width, canvas.shape[1] - left)
    if y1 <= y0 or x1 <= x0:
        return
    part = picture[y0:y1, x0:x1]
    under = canvas[top + y0 : top + y1, left + x0 : left + x1]
    under *= 1 - part[..., 3:]
    under += part
