"""Trees: sprites that are drawn once a size, then planted in rows that fade with distance."""

import functools

import numpy as np

from course_lib.scenery.canvas import lay, solid
from course_lib.scenery.noise import Field

VARIANTS = 6


@functools.lru_cache(maxsize=512)
def sprite(kind: str, variant: int, height: int):
    """A tree as (alpha, shade), each (height, width): shade is 1 towards the right, 0 on the dark side.

    Args:
        kind: "conifer", "broadleaf" or "trunk".
        height: pixels.
    """
    height = max(3, height)
    field = Field(1000 + variant, kind)
    random = np.random.default_rng([variant, len(kind)])
    spread = {"conifer": random.uniform(0.40, 0.54), "broadleaf": random.uniform(0.8, 1.05), "trunk": 0.30}[
        kind
    ]
    width = max(3, int(height * spread) | 1)
    pixel = 1 / height
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    x = (((np.arange(width, dtype=np.float32) + 0.5) - width / 2) / height)[None]
    if kind == "conifer":
        tiers = random.integers(7, 11)
        saw = (y * tiers + 0.25 * field.line(y * 5)) % 1
        ragged = field.plane(x * 30, y * 40) - 0.5
        half = spread / 2 * (y**0.85) * (0.62 + 0.38 * saw) + 0.035 * ragged * (height > 20)
        half = np.where(y > 0.94, 0.022, half)
        alpha = np.clip((half - np.abs(x)) / pixel + 0.5, 0, 1)
        shade = 0.45 + 0.9 * x / np.maximum(half, 0.01) * 0.5 + 0.35 * (saw - 0.6) + 0.25 * ragged
    elif kind == "broadleaf":
        alpha, shade = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
        trunk = np.clip((0.03 + 0.02 * y - np.abs(x)) / pixel + 0.5, 0, 1) * (y > 0.55)
        for _ in range(9):
            cx, cy = random.normal(0, spread * 0.18), random.uniform(0.20, 0.58)
            radius = random.uniform(0.14, 0.24) * (1 - 0.5 * abs(cy - 0.4))
            far = np.sqrt((x - cx) ** 2 + ((y - cy) * 1.15) ** 2)
            leaves = (field.plane(x * 26, y * 26) - 0.5) * 0.08 + (
                field.plane(x * 70, y * 70, 4) - 0.5
            ) * 0.07
            far = far + leaves * (height > 16)
            ball = np.clip((radius - far) / pixel + 0.5, 0, 1)
            tone = np.clip(0.5 + ((x - cx) - (y - cy) * 1.1) / radius * 0.42, 0, 1)
            shade = shade + (tone - shade) * ball
            alpha = np.maximum(alpha, ball)
        shade = (
            shade
            + (field.plane(x * 34, y * 34, 3) - 0.5) * 0.35
            + (field.plane(x * 90, y * 90, 6) - 0.5) * 0.35
        )
        shade = np.where(alpha > trunk, shade, 0.15)
        alpha = np.maximum(alpha, trunk)
    else:
        half = 0.035 + 0.035 * y**6 + 0.006 * (field.line(y * 9) - 0.5)
        lean = (field.line(y * 1.2, 2) - 0.5) * 0.10
        alpha = np.clip((half - np.abs(x - lean)) / pixel + 0.5, 0, 1)
        bark = field.plane(x * 120, y * 14)
        shade = 0.5 + (x - lean) / half * 0.5 + (bark - 0.5) * 0.5
    return alpha.astype(np.float32), np.clip(shade, 0, 1).astype(np.float32)


def plant(canvas, window, light, kind, variant, x, base, tall, colour, haze, snow=0.0):
    """Plant one tree with its foot at (x, base), `tall` units high, on a premultiplied canvas."""
    alpha, shade = sprite(kind, int(variant) % VARIANTS, round(tall * window.density))
    if light.side < 0:
        alpha, shade = alpha[:, ::-1], shade[:, ::-1]
    albedo = colour
    if snow:
        # Snow lies on what faces up and the light: the bright parts of the sprite.
        white = np.clip((shade - 0.42) * 3.2, 0, 1)[..., None] * snow
        albedo = colour + (0.92 - colour) * white
    picture = solid(light.far(light.on(albedo, shade), haze * np.ones_like(shade)), alpha)
    top = round((base - window.top) * window.density) - alpha.shape[0]
    lay(canvas, picture, top, round((x - window.left) * window.density - alpha.shape[1] / 2))


def row(canvas, window, light, random, *, base, count, tall, kinds, colours, haze, snow=0.0, spread=0.25):
    """A row of trees over the whole canvas.

    Args:
        base: x -> y of the ground.
        count: trees a frame height of width.
        tall: mean height in units.
        kinds, colours: drawn evenly for each tree; colours (3,).
        haze: 0 near, 1 lost in the distance.
        spread: unevenness of heights, and clumps.
    """
    # More trees than pixels to show them are of no use.
    number = max(2, int(min(count, 0.4 * window.density) * (window.right - window.left)))
    step = (window.right - window.left) / number
    order = random.permutation(number)
    for k in order:
        x = window.left + (k + 0.5 + random.uniform(-0.55, 0.55)) * step
        size = tall * np.exp(random.normal(0, spread))
        kind = kinds[int(random.integers(len(kinds)))]
        colour = colours[int(random.integers(len(colours)))] * np.float32(random.uniform(0.82, 1.18))
        variant = random.integers(VARIANTS)
        y = float(base(x)) + random.uniform(0, 0.012) + tall * random.uniform(0, 0.05)
        plant(canvas, window, light, kind, variant, x, y, size, colour, haze, snow)
