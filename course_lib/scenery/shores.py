"""Places by the water: a lake under hills, the sea; and the boat that crosses them."""

import numpy as np

from course_lib.scenery.canvas import Layer, Window, shrink, solid
from course_lib.scenery.ground import WHITE, Grass, land, mix
from course_lib.scenery.hills import mountain_range
from course_lib.scenery.light import rgb
from course_lib.scenery.noise import Field, step
from course_lib.scenery.trees import row
from course_lib.scenery.vocabulary import stream
from course_lib.scenery.water import Water


def lake(world):
    random = stream(world.seed, "lake")
    light, camera = world.light, world.camera
    shore = camera.vanish + 0.015
    line = random.uniform(0.50, 0.75) - (0.6 if world.snowy else 0)
    rock = mix(rgb(0.30, 0.34, 0.30), rgb(0.26, 0.34, 0.22), random.random())
    range_, top = mountain_range(
        world, tall=random.uniform(1.25, 1.7), line=line, parallax=0.4, rock=rock, haze=0.9
    )

    relief, detail = Field(world.seed, "hills"), Field(world.seed, "wood")

    def hills(x, d):
        return 0.62 * relief.fractal(x * 0.55, d * 0.55, octaves=4) * step(1.6, 2.6, d) * step(4.4, 3.2, d)

    def cover(x, d, e, up):
        wood = detail.fractal(x * 9, d * 9, octaves=3)
        colour = mix(rgb(0.16, 0.26, 0.15), rgb(0.30, 0.38, 0.20), step(0.4, 0.65, wood))
        return mix(
            colour * (0.7 + 0.6 * wood[..., None]), WHITE, world.snowy * (0.45 + 0.5 * step(0.45, 0.6, wood))
        )

    hill, _ = land(world, "hills", 0.55, hills, cover, near=1.7, far=4.4, eye=0.10, haze=0.45, zoom=0.8)
    window = world.window(0.7)
    fine = window.finer(world.fineness)
    canvas = fine.blank()
    trees = stream(world.seed, "shore trees", world.view)
    kinds = [("conifer",), ("conifer", "broadleaf"), ("broadleaf", "conifer", "conifer")][
        int(random.integers(3))
    ]
    greens = [rgb(0.12, 0.21, 0.13), rgb(0.17, 0.27, 0.12), rgb(0.24, 0.32, 0.12)]
    if random.random() < 0.35:
        greens += [rgb(0.55, 0.34, 0.10), rgb(0.62, 0.46, 0.14)]
    snow = 0.85 if world.snowy else 0.0
    clump = Field(world.seed, "shore")

    def bank(x):
        return shore + 0.004 + 0.010 * clump.line(x * 3)

    strip = np.clip((fine.y - (shore - 0.012 + 0.010 * clump.line(fine.x * 2.5, 1))) / fine.pixel + 0.5, 0, 1)
    earth = mix(rgb(0.30, 0.34, 0.18), WHITE, 0.85 * world.snowy)
    canvas += solid(light.far(light.on(earth, np.full(strip.shape, 0.4)), np.full(strip.shape, 0.12)), strip)

    for tall, count, haze in ((0.034, 60, 0.22), (0.052, 34, 0.14), (0.075, 9, 0.08)):

        def base(x, tall=tall):
            return bank(x) if clump.line(x * 1.6 + 90 * tall) > 0.36 else 2.0

        row(
            canvas, fine, light, trees, base=base, count=count, tall=tall, kinds=kinds, colours=greens,
            haze=haze * light.thickness, snow=snow,
        )  # fmt: skip
    canvas *= (fine.y < shore + 0.012)[..., None]
    wood = Layer("shore", shrink(canvas, world.fineness), window, parallax=0.7, zoom=0.9)
    body = mix(light.middle * 0.45 + light.ambient * 0.15, rgb(0.05, 0.16, 0.18) * (0.4 + light.ambient), 0.5)
    items = [range_, hill, wood, Water(world, shore + 0.008, body, rough=0.22, mirror=0.58)]
    if world.attributes["motion"] == "crossing":
        items += boats(world, shore, random)
    reeds = [rgb(0.32, 0.40, 0.16), rgb(0.44, 0.42, 0.20), rgb(0.24, 0.32, 0.14)]
    if world.snowy:
        reeds = [mix(reed, WHITE, 0.45) for reed in reeds]
    if random.random() < 0.6:
        items.append(Grass(world, random.uniform(0.86, 0.90), reeds, count=190))
    return items, top


def sea(world):
    random = stream(world.seed, "sea")
    light, camera = world.light, world.camera
    shore = camera.vanish
    items = []
    skyline = lambda x: np.full(np.shape(x), shore)  # noqa: E731
    form = random.random()
    if form < 0.85:
        items.append(headland(world, random, shore))
    deep = {"noon": rgb(0.04, 0.30, 0.46), "dawn": rgb(0.22, 0.32, 0.42), "dusk": rgb(0.22, 0.16, 0.30)}
    body = deep.get(light.time, rgb(0.035, 0.075, 0.16))
    body = mix(body, light.middle * 0.6, 0.25 if light.weather == "clear" else 0.6)
    items.append(Water(world, shore, body, rough=1.0 if not world.snowy else 0.85, mirror=0.28))
    if world.attributes["motion"] == "crossing":
        items += boats(world, shore, random)
    if random.random() < 0.65:
        items.append(Beach(world, random))
    return items, skyline


def headland(world, random, shore):
    """Rocky islands or a cape on the horizon, one of them with a lighthouse."""
    light = world.light
    side = random.choice([-1, 1])
    centre = side * random.uniform(0.2, 0.5) * world.camera.aspect
    reach, tall = random.uniform(0.15, 0.40), random.uniform(0.3, 0.6)
    # More islands to both sides, for a camera that pans or another view.
    others = [centre + k * random.uniform(0.8, 1.3) for k in (-2, -1, 1, 2)]
    sizes = random.uniform(0.3, 0.9, 4)
    if world.view:
        centre = float(stream(world.seed, "cape", world.view).uniform(-0.6, 0.6)) * world.camera.aspect
    relief = Field(world.seed, "cape")

    def height(x, d):
        at = x / d * world.focal
        hump = np.exp(-(((at - centre) / reach) ** 2) * 1.6)
        for other, size in zip(others, sizes):
            hump = np.maximum(hump, size * np.exp(-(((at - other) / reach / size) ** 2) * 1.6))
        return (
            tall
            * (hump * 1.25 - 0.25)
            * (0.25 + 1.25 * relief.ridged(x * 1.1, d * 1.1, octaves=5))
            * step(2.9, 3.4, d)
        )

    def albedo(x, d, e, up):
        colour = mix(
            rgb(0.38, 0.34, 0.30),
            rgb(0.26, 0.34, 0.19),
            step(0.35, 0.6, up + 0.3 * relief.plane(x * 5, d * 5, 4)),
        )
        return mix(colour, WHITE, 0.75 * world.snowy * step(0.3, 0.6, up))

    layer, top = land(
        world, "headland", 0.5, height, albedo, near=2.8, far=4.6, eye=0.03, haze=0.6, zoom=0.7, offset=0.0
    )
    canvas, window = layer.canvas, layer.window
    canvas *= (window.y < shore + 0.5 * window.pixel)[..., None]
    if random.random() < 0.5:
        # The lighthouse: white, a lamp at night.
        at = centre + random.uniform(-0.3, 0.3) * reach
        foot, high, wide = float(top(at)) + 0.01, random.uniform(0.09, 0.13), 0.010
        u, v = (window.x - at), foot - window.y
        tower = (
            np.clip((wide * (1 - 0.35 * v / high) - np.abs(u)) / window.pixel + 0.5, 0, 1)
            * (v > 0)
            * (v < high)
        )
        colour = np.where(
            ((v / high * 4).astype(int) % 2 == 1)[..., None], rgb(0.75, 0.2, 0.18), rgb(0.93, 0.92, 0.9)
        )
        paint = solid(light.on(colour, np.clip(0.5 + u / wide * 0.5 * light.side, 0, 1) + 0 * v), tower)
        canvas *= 1 - paint[..., 3:]
        canvas += paint
        if light.time in ("night", "dusk") or world.rainy:
            far = np.sqrt(u**2 + (v - high) ** 2)
            canvas[..., :3] += (np.exp(-far / 0.012) + 0.35 * np.exp(-far / 0.05))[..., None] * rgb(
                1.0, 0.9, 0.6
            )
    return layer


class Beach:
    """Sand in the foreground, and the edge of the sea that runs up and back on it."""

    name = "beach"

    def __init__(self, world, random):
        self.world, camera = world, world.camera
        light = world.light
        self.base, self.tilt = random.uniform(0.85, 0.91), random.uniform(-0.10, 0.10)
        self.curve = Field(world.seed, "beach")
        grain = Field(world.seed, "sand")
        self.first = int((self.base - 0.12) * camera.height)
        rows = (np.arange(self.first, camera.height, dtype=np.float32) + 0.5) / camera.height
        self.y = rows[:, None]
        window = world.window(1.2, 0.0)
        self.left, self.x = window.left, window.x
        tone = grain.fractal(window.x * 6, self.y * 14, octaves=4)
        sand = mix(rgb(0.80, 0.70, 0.52), WHITE, 0.75 * world.snowy)
        colour = sand * (0.82 + 0.36 * tone[..., None])
        self.sand = light.on(colour, np.full(tone.shape, 0.75)).astype(np.float32)
        self.edge = (
            self.base + self.tilt * window.x / camera.aspect + 0.07 * (self.curve.line(window.x * 1.4) - 0.5)
        )
        self.foam = np.minimum(light.ambient * 1.0 + light.direct * 0.6, 1)

    def paint(self, frame, camera, t: float):
        shift = self.world.camera.pan(t) * 1.2
        start = int(
            np.clip(
                round((-camera.aspect / 2 + shift - self.left) * camera.height),
                0,
                self.x.shape[1] - camera.width,
            )
        )
        part = slice(start, start + camera.width)
        x = self.x[:, part]
        run = 0.014 * np.sin(1.5 * t + 2.0 * x) + 0.006 * np.sin(2.7 * t + 9 * x)
        above = self.y - (self.edge[:, part] + run)
        pixel = 1 / camera.height
        sand = self.sand[:, part] * (0.62 + 0.38 * step(0.01, 0.09, above))[..., None]
        alpha = np.clip(above / pixel * 0.6 + 0.5, 0, 1)[..., None]
        area = frame[self.first :]
        area += (sand - area) * alpha
        width = max(0.010, 1.1 * pixel)
        foam = np.exp(-((above / width) ** 2)) * 0.75
        foam = foam + 0.35 * np.exp(-(((above + 0.035 + 0.01 * np.sin(7 * x + t)) / (1.3 * width)) ** 2))
        area += (self.foam - area) * np.clip(foam, 0, 0.9)[..., None]


def boats(world, shore, random):
    """A boat that crosses the water in the clip, and its image in it."""
    light, camera = world.light, world.camera
    foot = shore + random.uniform(0.13, 0.20)
    tall = random.uniform(0.23, 0.29)
    heading = float(random.choice([-1, 1]))
    size = int(tall * 1.15 * camera.height)
    window = Window(
        -size / 2 / camera.height, foot - size / camera.height, size, int(size * 1.75), float(camera.height)
    )
    fine = window.finer(2)
    u = fine.x / tall * heading
    v = (foot - fine.y) / tall
    sail_colour = [rgb(0.96, 0.94, 0.90), rgb(0.86, 0.30, 0.22), rgb(0.93, 0.80, 0.55)][
        int(random.integers(3))
    ]
    hull_colour = [rgb(0.45, 0.26, 0.15), rgb(0.85, 0.85, 0.85), rgb(0.20, 0.28, 0.42)][
        int(random.integers(3))
    ]

    def sprite(v, soft):
        edge = fine.pixel / tall * soft
        near = lambda d: np.clip(d / edge + 0.5, 0, 1)  # noqa: E731
        hull = (
            near(0.46 - 0.35 * np.clip(0.14 - v, 0, 1) - np.abs(u + 0.02))
            * near(v + 0.02)
            * near(0.13 + 0.10 * u**2 - v)
        )
        mast = near(0.013 - np.abs(u)) * near(v - 0.1) * near(0.98 - v)
        main = near(-u - 0.02) * near(v - 0.20) * near((0.95 - v) * 0.46 + u)
        jib = near(u - 0.02) * near(v - 0.22) * near((0.86 - v) * 0.52 - u)
        picture = solid(
            light.on(hull_colour * 0.95, np.clip(0.5 + 0.5 * u * light.side * heading, 0, 1) + 0 * v), hull
        )
        for shape, colour, bright in (
            (mast, rgb(0.3, 0.22, 0.16), 0.5),
            (main, sail_colour, 0.85),
            (jib, sail_colour, 0.6),
        ):
            shade = bright - 0.5 * np.abs(u) + 0 * v
            top = solid(light.on(colour, np.clip(shade, 0, 1)), shape)
            picture = picture * (1 - top[..., 3:]) + top
        return picture

    picture = sprite(v, 1.0)
    mirror = sprite(-v * 1.25, 2.5) * (0.5 * np.clip(1.0 + v * 1.1, 0, 1))[..., None]
    picture = picture + mirror * (1 - picture[..., 3:])
    if light.night:
        lamp = np.exp(-np.sqrt((u - 0.2) ** 2 + (v - 0.18) ** 2) / 0.05)
        picture[..., :3] += lamp[..., None] * rgb(1.0, 0.8, 0.45)
    reach = 0.36 * camera.aspect

    def path(t):
        x = heading * reach * (2 * t / camera.seconds - 1)
        return x, 0.004 * np.sin(2.3 * t)

    return [Layer("boat", shrink(picture, 2), window, parallax=0.9, zoom=0.9, path=path)]
