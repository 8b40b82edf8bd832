"""The seven places: each paints its layers back to front, and says where its skyline lies."""

import numpy as np

from course_lib.scenery.canvas import Layer, shrink
from course_lib.scenery.light import rgb
from course_lib.scenery.noise import Field, step
from course_lib.scenery.terrain import terrain
from course_lib.scenery.vocabulary import stream

WHITE = rgb(0.94, 0.96, 1.0)


def mix(a, b, amount):
    """a and b mixed; amount (...) in [0, 1] broadcast over colours."""
    amount = np.asarray(amount, np.float32)[..., None]
    return a + (b - a) * amount


def land(world, name, parallax, height, albedo, zoom=1.0, **settings):
    """A terrain layer and its skyline as a function of x."""
    window = world.window(parallax)
    fine = window.finer(world.fineness)
    options = {"vanish": world.camera.vanish, "offset": world.offset, "focal": world.focal, **settings}
    picture, top = terrain(fine, world.light, height, albedo, **options)
    x = fine.x[0]
    layer = Layer(name, shrink(picture, world.fineness), window, parallax=parallax, zoom=zoom)
    return layer, lambda at: np.interp(at, x, top)


def snow_mountain(world):
    random = stream(world.seed, "mountain")
    field, detail = Field(world.seed, "peaks"), Field(world.seed, "rock")
    rock = rgb(0.36, 0.34, 0.36) * random.uniform(0.85, 1.15)
    line = random.uniform(0.5, 0.75) - (0.5 if world.snowy else 0)
    tall = random.uniform(1.9, 2.35)
    centre = random.uniform(-0.8, 0.8)

    def height(x, d):
        envelope = np.exp(-(((d - 4.4) / 1.5) ** 2)) * (0.72 + 0.28 * np.exp(-(((x - centre) / 1.6) ** 2)))
        return tall * envelope * field.ridged(x * 0.62, d * 0.62, octaves=6, gain=0.47) ** 1.1

    def albedo(x, d, e, up):
        rough = detail.fractal(x * 5, d * 5, octaves=3) - 0.5
        snow = step(-0.12, 0.12, (e - line) * 0.6 + rough * 0.7 + (up - 0.62) * 1.1)
        return mix(rock * (1 + rough[..., None] * 0.5), WHITE, snow)

    peaks, top = land(
        world,
        "mountains",
        0.45,
        height,
        albedo,
        zoom=0.7,
        near=2.2,
        far=6.5,
        eye=0.15,
        haze=0.55,
        contrast=1.35,
    )

    low = Field(world.seed, "foothills")
    grass, wood = rgb(0.30, 0.36, 0.20), rgb(0.13, 0.22, 0.15)

    def hills(x, d):
        return 0.26 * low.fractal(x * 0.9, d * 0.9, octaves=4) * step(0.7, 1.6, d)

    def cover(x, d, e, up):
        trees = step(0.47, 0.56, detail.fractal(x * 3 + 9, d * 3, octaves=4))
        colour = mix(grass, wood, trees)
        return mix(colour, WHITE, (0.85 - 0.35 * trees) * world.snowy)

    hill, _ = land(world, "foothills", 1.0, hills, cover, near=0.55, far=3.0, eye=0.22, haze=0.35)
    return [peaks, hill], top


PAINTERS = {"snow mountain": snow_mountain}


def paint_place(world):
    """The place's layers and effects, back to front, and its skyline: x -> y."""
    return PAINTERS.get(world.place, snow_mountain)(world)
