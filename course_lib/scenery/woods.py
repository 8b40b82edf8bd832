"""The forest: rows of trees behind each other, paler with distance; mist, beams of light, near trunks."""

import numpy as np

from course_lib.scenery.canvas import Layer, shrink
from course_lib.scenery.ground import WHITE, Grass, land, mix
from course_lib.scenery.light import rgb
from course_lib.scenery.noise import Field, step
from course_lib.scenery.trees import plant, row
from course_lib.scenery.vocabulary import stream


def forest(world):
    random = stream(world.seed, "forest")
    light, camera = world.light, world.camera
    mixed = random.random()
    kinds = (
        ("conifer",)
        if mixed < 0.45
        else ("conifer", "conifer", "broadleaf")
        if mixed < 0.75
        else ("broadleaf", "conifer")
    )
    greens = [rgb(0.16, 0.30, 0.16), rgb(0.23, 0.37, 0.16), rgb(0.14, 0.27, 0.20)]
    if random.random() < 0.3:
        greens += [rgb(0.62, 0.40, 0.12), rgb(0.58, 0.27, 0.10)]
    snow = 0.9 if world.snowy else 0.0
    edge = Field(world.seed, "forest edge")
    trees = stream(world.seed, "trees", world.view)
    ground = camera.vanish
    items = []
    crown = None
    plan = (
        # parallax, foot below the horizon, height, trees a unit, haze, how hilly
        (0.25, -0.17, 0.13, 38, 0.70, 0.26),
        (0.40, -0.09, 0.23, 24, 0.48, 0.16),
        (0.58, -0.01, 0.34, 15, 0.28, 0.08),
        (0.78, 0.05, 0.47, 7.0, 0.10, 0.03),
    )
    for number, (parallax, foot, tall, count, haze, hilly) in enumerate(plan):
        window = world.window(parallax)
        fine = window.finer(world.fineness)
        canvas = fine.blank()
        tall, count = tall * world.focal, count / world.focal

        def base(x, number=number, foot=foot, hilly=hilly):
            return ground + foot - hilly * (edge.line(x * 1.3 + world.offset, number) - 0.5)

        # The wood floor under the row, so that no gap shows the row behind.
        haze = np.clip(haze * light.thickness**0.5, 0, 0.88)
        below = np.clip((fine.y - base(fine.x) + 0.04 * (number < 3) * tall) / fine.pixel + 0.5, 0, 1)
        floor = mix(greens[0] * 0.9, WHITE, 0.75 * snow)
        colour = light.far(light.on(floor, np.full(below.shape, 0.34)), haze * np.ones_like(below))
        canvas[..., :3], canvas[..., 3] = colour * below[..., None], below
        gap = (0.0, 0.0, 0.30, 0.40)[number]

        def foot_of(x, base=base, number=number, gap=gap):
            clear = edge.line(x * 2.1 + 31 * number, 6) < gap
            return 2.0 if clear else base(x) + 0.01

        row(
            canvas, fine, light, trees, base=foot_of, count=count, tall=tall, kinds=kinds, colours=greens,
            haze=haze, snow=snow, spread=0.20,
        )  # fmt: skip
        if number == 1:
            solid_ = canvas[..., 3] > 0.5
            top = np.where(solid_.any(0), solid_.argmax(0), fine.height) * fine.pixel + fine.top
            crown = (fine.x[0], top)
        if number < 3:
            veil(canvas, fine, light, base, haze)
        items.append(
            Layer(
                f"trees {number + 1}",
                shrink(canvas, world.fineness),
                window,
                parallax=parallax,
                zoom=0.5 + 0.5 * parallax,
            )
        )
    items.append(floor_layer(world, snow))
    if light.visible > 0.9 and light.time in ("dawn", "dusk", "noon"):
        items.append(beams(world))
    items += foreground(world, random, snow)
    return items, lambda x: float(np.interp(x, *crown))


def veil(canvas, window, light, base, haze):
    """Mist that lies in the low places between two rows."""
    strength = {"dawn": 0.62, "noon": 0.22, "dusk": 0.40, "night": 0.42}[light.time] * (0.5 + haze)
    low = step(-0.12, 0.06, window.y - base(window.x)) * strength * canvas[..., 3]
    canvas[..., :3] += (light.haze * canvas[..., 3:] - canvas[..., :3]) * np.clip(low, 0, 0.85)[..., None]


def floor_layer(world, snow):
    """Moss, leaves and a path that winds into the wood."""
    relief, leaf = Field(world.seed, "floor"), Field(world.seed, "leaves")
    random = stream(world.seed, "path")
    start, swing = random.uniform(-0.3, 0.3), random.uniform(0.15, 0.4)

    def height(x, d):
        return 0.13 * relief.fractal(x * 1.5, d * 1.5, octaves=4) * step(0.4, 1.2, d)

    def albedo(x, d, e, up):
        tone = leaf.fractal(x * 5, d * 5, octaves=4)
        colour = mix(rgb(0.20, 0.28, 0.11), rgb(0.36, 0.30, 0.16), step(0.42, 0.66, tone)) * (
            0.65 + 0.7 * tone[..., None]
        )
        colour = mix(colour, WHITE, snow * step(0.15, 0.5, tone + 0.2))
        way = np.abs(x - start - swing * np.sin(d * 1.6)) / 0.13
        return mix(
            colour,
            mix(rgb(0.55, 0.46, 0.32), WHITE, 0.9 * snow),
            0.85 * step(1.3, 0.7, way + 0.5 * (tone - 0.5)),
        )

    layer, _ = land(world, "floor", 1.0, height, albedo, near=0.45, far=3.6, eye=0.24, haze=0.4)
    return layer


def beams(world):
    """Beams of sunlight, added light that fans out from the sun."""
    camera, light = world.camera, world.light
    window = world.window(0.2)
    field = Field(world.seed, "beams")
    x, y = window.x - world.sun_x, window.y + 0.25
    angle = np.arctan2(x, y)
    rays = step(0.40, 0.90, field.fractal(angle * 7, octaves=2))
    fade = step(1.15, 0.25, np.sqrt(x * x + y * y)) * step(camera.vanish + 0.15, 0.2, window.y)
    strength = {"dawn": 0.17, "noon": 0.10, "dusk": 0.17}[light.time]
    canvas = window.blank()
    canvas[..., :3] = (rays * fade * strength)[..., None] * light.disc * rgb(1.0, 0.92, 0.72)
    return Layer("beams", canvas, window, parallax=0.2, zoom=0.4)


def foreground(world, random, snow):
    """One or two near trunks at the side, and ferns along the lower edge."""
    light, camera = world.light, world.camera
    window = world.window(1.25)
    fine = window.finer(world.fineness)
    canvas = fine.blank()
    bark = [rgb(0.30, 0.22, 0.15), rgb(0.42, 0.36, 0.30), rgb(0.24, 0.20, 0.17)][int(random.integers(3))]
    near = stream(world.seed, "near trees", world.view)
    for _ in range(max(1, int(2.2 * (window.right - window.left)))):
        x = near.uniform(window.left, window.right)
        if abs(x) < 0.30 * camera.aspect:
            x = np.sign(x) * near.uniform(0.36, 0.54) * camera.aspect
        plant(
            canvas,
            fine,
            light,
            "trunk",
            near.integers(6),
            x,
            1.0 + near.uniform(0.0, 0.06),
            near.uniform(1.15, 1.35),
            bark,
            0.02,
            snow * 0.5,
        )
    ferns = [rgb(0.20, 0.32, 0.12), rgb(0.28, 0.38, 0.14), rgb(0.14, 0.24, 0.10)]
    if snow:
        ferns = [mix(fern, WHITE, 0.5) for fern in ferns]
    trunks = Layer("trunks", shrink(canvas, world.fineness), window, parallax=1.25, zoom=1.25)
    return [trunks, Grass(world, random.uniform(0.87, 0.91), ferns, count=170)]
