"""The sky: gradient, sun or moon with its glow, stars, clouds that have volume."""

import numpy as np

from course_lib.scenery.canvas import Layer, Window, shrink, solid
from course_lib.scenery.light import Light, rgb
from course_lib.scenery.noise import Field, smooth, step
from course_lib.scenery.vocabulary import stream


def gradient(window: Window, light: Light, horizon: float, seed: int):
    """The sky's colour from top to horizon, (height, width, 3): three colours and a slow unevenness."""
    height = np.clip((horizon - window.y) / max(horizon, 0.05), 0, 1)  # 1 at the top, 0 at the horizon
    low = np.clip(1 - height / 0.42, 0, 1) ** 1.3
    high = step(0.25, 1.05, height)
    # A slow slant, so that no two skies are the same ramp.
    slant = 0.12 * stream(seed, "slant").normal() * window.x / 2
    high, low = np.clip(high + slant, 0, 1), np.clip(low - slant * 0.5, 0, 1)
    sky = light.middle + (light.top - light.middle) * high[..., None]
    return (sky + (light.low - sky) * low[..., None]).astype(np.float32)


def disc(window: Window, light: Light, seed: int):
    """Sun or moon at (0, 0) of the window, (height, width, 4)."""
    x, y = window.x / light.radius, window.y / light.radius
    distance = np.sqrt(x * x + y * y)
    alpha = np.clip((1 - distance) * light.radius / window.pixel + 0.5, 0, 1)
    if not light.night:
        # The sun dazzles: it has no sharp rim when it stands high.
        if light.time == "noon":
            alpha = np.clip(1.6 * (1 - distance), 0, 1)
        heart = light.disc + (1 - light.disc) * np.clip(1 - distance, 0, 1)[..., None]
        # Added light (alpha 0): a high sun is never darker than the glow it stands in. A low one is a red disc.
        picture = solid(heart, alpha * light.visible)
        picture[..., 3] *= light.time == "dusk"
        return picture
    # The moon: seas and highlands, and a limb that turns away.
    field = Field(seed, "moon")
    seas = step(0.42, 0.62, field.fractal(x * 1.3 + 3, y * 1.3, octaves=3))
    craters = field.plane(x * 4.2, y * 4.2, 5)
    bright = (1.0 - 0.30 * seas - 0.08 * craters) * (0.78 + 0.22 * np.sqrt(np.clip(1 - distance**2, 0, 1)))
    # Waxing or waning: the terminator is half an ellipse.
    random = stream(seed, "phase")
    phase, side = random.uniform(0.45, 1.15), random.choice([-1, 1])
    edge = -np.sqrt(np.clip(1 - y * y, 0, 1)) * (2 * phase - 1)
    day = np.clip((x * side - edge) * 4 + 0.8, 0, 1)
    if phase < 0.93:
        # The dark part is the sky's colour: it is not seen at all.
        alpha, bright = alpha * (0.04 + 0.96 * day), bright * (0.6 + 0.4 * day)
    return solid(light.disc * bright[..., None], alpha * light.visible)


def glow(window: Window, light: Light):
    """Light around the disc: added to the sky, so its alpha is 0. (height, width, 4)."""
    distance = np.sqrt(window.x**2 + window.y**2)
    near = np.exp(-distance / (light.radius * (2.2 if light.time == "noon" else 1.5))) * (
        1.3 if light.time == "noon" else 0.5
    )
    wide = (
        np.exp(-((distance / 0.42) ** 1.3))
        * {"dawn": 0.42, "noon": 0.34, "dusk": 0.50, "night": 0.55}[light.time]
    )
    if light.night:
        wide = wide * 0.55
    halo = near[..., None] * light.disc + wide[..., None] * (0.5 * light.disc + 0.5 * light.low)
    picture = np.zeros((window.height, window.width, 4), np.float32)
    picture[..., :3] = halo * light.glow
    return picture


def stars(window: Window, light: Light, horizon: float, seed: int, veil: float):
    """Two canvases of stars that twinkle against each other, each (height, width, 4), added light."""
    random = stream(seed, "stars")
    canvases = [window.blank(), window.blank()]
    crowd = np.clip(window.density / 160, 0.35, 1.0)  # fewer points where a point is large
    count = int(150 * crowd * window.width / window.density * (1 - veil))
    x = random.uniform(0, window.width, count)
    y = random.uniform(0, 1, count) ** 1.25 * horizon * window.density
    bright = 0.16 + 0.84 * random.random(count) ** 5
    bright *= 1 - np.clip(y / (horizon * window.density), 0, 1) ** 3
    warmth = random.normal(0, 0.10, count)
    # A star is a point: at large sizes it spreads over a few pixels, at small ones over one.
    spread = max(0.55, 0.0016 * window.density)
    colour = np.stack([1 + warmth, np.ones(count), 1 - warmth], 1) * bright[:, None]
    for dy in range(-2, 3) if spread > 0.8 else (0,):
        for dx in range(-2, 3) if spread > 0.8 else (0, 1):
            column, row = np.floor(x).astype(int) + dx, np.floor(y).astype(int) + dy
            inside = (column >= 0) & (column < window.width) & (row >= 0) & (row < window.height)
            far = (column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2
            weight = np.exp(-far / (2 * (spread * (0.6 + 0.7 * bright)) ** 2))
            for which in (0, 1):
                take = inside & (np.arange(count) % 2 == which)
                np.add.at(
                    canvases[which][..., :3],
                    (row[take], column[take]),
                    (weight[take, None] * colour[take]).astype(np.float32),
                )
    return canvases


def clouds(
    window: Window,
    light: Light,
    horizon: float,
    seed: int,
    cover: float,
    sun_x: float,
    aspect: float,
    turn: float = 0.0,
):
    """A layer of clouds, (height, width, 4): white crowns, grey bases, finer towards the horizon.

    Args:
        cover: 0 none to 1 overcast.
        sun_x: where the light comes from, for the bright side.
        aspect: of the frame; the canvas may be wider.
        turn: which part of the sky this view looks at.
    """
    field = Field(seed, "clouds")
    above = np.clip((horizon - window.y) / max(horizon, 0.1), 0, 1.2)
    # A plane of clouds overhead, seen in perspective: rows near the horizon lie farther away.
    depth = 1 / (above + 0.22)
    x, y = (window.x + turn) * depth * 1.25, depth * 1.1 + 0 * window.x
    bend = field.plane(x * 0.9, y * 0.9, 9) - 0.5
    x, y = x + 0.35 * bend, y * 1.25
    # Billows: creases point inwards, so that the outline is made of round heads.
    puff = (
        np.abs(2 * field.plane(x * 2.6, y * 2.6, 10) - 1) * 0.6
        + np.abs(2 * field.plane(x * 5.4, y * 5.4, 11) - 1) * 0.4
    )
    dense = field.fractal(x, y, octaves=5 if window.density < 200 else 7, gain=0.5) + 0.16 * (puff - 0.42)
    # The share of sky that is covered is counted where the frame looks at mid-clip.
    rows, columns = above[:, 0] > 0.08, np.abs(window.x[0]) < aspect / 2
    counted = dense[rows][:, columns]
    threshold = np.float32(np.quantile(counted, 1 - cover) if counted.size else 1)
    body = step(threshold - 0.03, threshold + 0.13, dense)
    # Volume: towards the light there is less cloud above a lit place than above a shaded one.
    towards = np.tanh((sun_x - window.x) * 2) * 0.10
    beyond = field.fractal(x + towards * depth**0.5, y + 0.15, octaves=4, gain=0.5)
    lit = np.clip(0.62 + (dense - beyond) * 3.2 - 0.55 * np.clip(dense - threshold - 0.06, 0, 1) * 3, 0, 1)
    bright = np.minimum(light.ambient * 0.75 + light.direct * 0.85 + light.low * 0.22, 1)
    dark = light.ambient * 0.62 + light.middle * 0.30
    if light.weather == "rain":
        bright, dark = np.minimum(light.middle * 1.16 + 0.02, 1), light.middle * 0.56
    elif light.weather == "snow":
        bright, dark = np.minimum(light.middle * 1.14 + 0.02, 1), light.middle * 0.74
    elif light.night:
        bright, dark = light.direct * 0.62 + light.ambient * 0.5, light.ambient * 0.42 + light.middle * 0.35
    colour = dark + (bright - dark) * smooth(lit)[..., None]
    # Distance, and a soft end before the horizon.
    colour = light.far(colour, np.clip(0.75 - above * 1.6, 0, 0.75))
    alpha = body * step(0.0, 0.16, above) * (0.93 if cover > 0.5 else 0.9)
    return solid(colour, alpha)


def sky_layers(canvas_window, light: Light, camera, world) -> list[Layer]:
    """Gradient, stars, glow and disc, clouds, back to front.

    Args:
        canvas_window: (parallax, drift) -> Window, wide enough for the clip.
        world: the scene's plan (`plan.World`).
    """
    seed, horizon = world.seed, camera.vanish
    still = canvas_window(0, 0)
    layers = [Layer("sky", gradient(still, light, horizon, seed), still, zoom=0.0)]
    cover = world.cover
    if light.night and cover < 0.75:
        speeds = stream(seed, "twinkle").uniform(2.5, 4.5, 2)
        for number, canvas in enumerate(stars(still, light, horizon, seed, cover)):
            layers.append(
                Layer(
                    f"stars {number + 1}", canvas, still, zoom=0.1,
                    light=lambda t, s=speeds[number], n=number: 0.86 + 0.14 * np.sin(s * t + 3 * n),
                )
            )  # fmt: skip
    factor = world.fineness
    if light.visible or light.glow > 0.15:
        reach = min(1.1, 0.75 + light.radius)
        size = int(2 * reach * still.density)
        around = Window(-size / 2 / still.density, -size / 2 / still.density, size, size, still.density)
        layers.append(Layer("glow", glow(around, light), around, zoom=0.1, path=world.sun_path))
    if light.visible:
        size = int(2 * light.radius * still.density) + 5
        small = Window(-size / 2 / still.density, -size / 2 / still.density, size, size, still.density)
        picture = shrink(disc(small.finer(2), light, seed), 2)
        layers.append(Layer("moon" if light.night else "sun", picture, small, zoom=0.1, path=world.sun_path))
    if cover > 0:
        drift = world.drift
        wide = canvas_window(0.4, drift)
        picture = shrink(
            clouds(
                wide.finer(factor), light, horizon, seed, cover, world.sun_x, camera.aspect, 2.3 * world.view
            ),
            factor,
        )
        layers.append(
            Layer("clouds", picture, wide, parallax=0.4, zoom=0.35, path=lambda t: (world.drifted(t), 0.0))
        )
    return layers


__all__ = ["clouds", "disc", "glow", "gradient", "rgb", "sky_layers", "stars"]
