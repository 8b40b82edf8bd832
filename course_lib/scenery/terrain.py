"""Land with true relief: a height field seen in perspective, lit by the sun, veiled by distance.

The height field is sampled on slices at growing distance; walking from near to far, a pixel shows the
first slice that reaches up to it. It is the old "voxel space" way to draw a landscape.
"""

import numpy as np

from course_lib.scenery.canvas import Window, solid
from course_lib.scenery.light import Light


def sun_direction(light: Light):
    """Unit vector towards the light: right, up, towards the viewer."""
    up = {"dawn": 0.42, "noon": 0.95, "dusk": 0.38, "night": 0.70}[light.time]
    vector = np.array([0.85 * light.side, up, 0.42])
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def terrain(
    window: Window,
    light: Light,
    height,
    albedo,
    *,
    vanish: float,
    near: float,
    far: float,
    eye: float,
    offset: float = 0.0,
    focal: float = 1.0,
    haze: float = 1.0,
    contrast: float = 1.0,
    slices: int | None = None,
):
    """Paint a height field.

    Args:
        window: the canvas.
        height: (x, d) -> elevation, arrays that broadcast, world units (1 = a frame height at distance 1).
        albedo: (x, d, elevation, up) -> colour (..., 3); `up` is the normal's upward part, 1 on the flat.
        vanish: the horizon's y.
        near, far: distances of the first and last slice.
        eye: the viewer's elevation.
        offset, focal: which part of the world is seen, and how close.
        haze: how much of the light's haze lies at `far`.
        contrast: of light and shadow sides.

    Returns:
        (height, width, 4) premultiplied, and the skyline's y per column (width,).
    """
    slices = slices or int(np.clip(window.height * 0.8, 36, 330))
    d = (near * (far / near) ** np.linspace(0, 1, slices, dtype=np.float32))[:, None]
    x = window.x * d / focal + offset
    e = np.asarray(height(x, d), np.float32)
    across = np.gradient(e, axis=1) / (d * window.pixel / focal)
    along = np.gradient(e, d[:, 0], axis=0) - across * window.x / focal
    up = 1 / np.sqrt(across**2 + along**2 + 1)
    sx, sy, sz = sun_direction(light)
    shade = np.clip((-across * sx + sy + along * sz) * up, 0, 1)
    shade = np.clip(0.5 + (shade - 0.5) * contrast, 0, 1)
    colour = light.on(albedo(x, d, e, up), shade)
    amount = 1 - np.exp(-light.thickness * haze * ((d - near) / (far - near)) ** 1.2)
    colour = light.far(colour, amount + 0 * e).astype(np.float32)

    screen = vanish - focal * (e - eye) / d
    skyline = np.minimum.accumulate(screen, axis=0)
    y = window.y
    index = np.zeros((window.height, window.width), np.int32)
    for line in skyline:
        index += line[None] > y
    # Between two slices a crest is cut off; a light smoothing hides the steps.
    top = skyline[-1]
    top = np.convolve(np.pad(top, 1, mode="edge"), np.array([0.25, 0.5, 0.25], np.float32), mode="valid")
    highest = np.argmin(screen, axis=0).astype(np.int32)
    index = np.where(index >= slices, highest[None], index)
    column = np.arange(window.width, dtype=np.int32)
    behind = index * window.width + column
    front = np.maximum(index - 1, 0) * window.width + column
    low, high = screen.reshape(-1)[front], screen.reshape(-1)[behind]
    part = np.clip((low - y) / np.maximum(low - high, 1e-6), 0, 1)
    table = colour.reshape(-1, 3)
    picture = table[front]
    picture += (table[behind] - picture) * part[..., None]
    alpha = np.clip((y - top) / window.pixel + 0.5, 0, 1)
    return solid(picture, alpha), top
