"""Open land: snow mountains, grassland, desert."""

import numpy as np

from course_lib.scenery.canvas import Layer, lay, shrink, solid
from course_lib.scenery.ground import WHITE, Grass, land, mix
from course_lib.scenery.light import rgb
from course_lib.scenery.noise import Field, step
from course_lib.scenery.trees import row
from course_lib.scenery.vocabulary import stream


def mountain_range(world, *, tall, line, parallax, near=2.2, far=6.5, haze=0.55, rock=None, name="mountains"):
    """Peaks of rock and snow: a ridged height field under an envelope. Returns (layer, skyline)."""
    field, detail = Field(world.seed, "peaks"), Field(world.seed, "rock")
    random = stream(world.seed, "range")
    centre, scale = random.uniform(-0.8, 0.8), random.uniform(0.50, 0.60)
    rock = rgb(0.34, 0.32, 0.35) if rock is None else rock
    middle = near + 0.5 * (far - near)

    def height(x, d):
        envelope = np.exp(-(((d - middle) / (0.34 * (far - near))) ** 2))
        envelope = envelope * (0.68 + 0.32 * np.exp(-(((x - centre) / 1.5) ** 2)))
        warp = field.plane(x * 0.9, d * 0.9, 8) - 0.5
        crest = field.ridged((x + 0.25 * warp) * scale, (d - 0.25 * warp) * scale, octaves=6, gain=0.43)
        return tall * envelope * crest**1.15

    def albedo(x, d, e, up):
        rough = detail.fractal(x * 4, d * 4, octaves=4) - 0.5
        strata = rough + 0.25 * (detail.line(e * 14 + rough * 2) - 0.5)
        snow = step(-0.13, 0.13, (e / tall - line) * 1.5 + rough * 0.95 + (up - 0.34) * 0.75)
        return mix(rock * (1 + strata[..., None] * 0.7), WHITE, snow)

    return land(
        world, name, parallax, height, albedo, zoom=0.7, near=near, far=far, eye=0.15, haze=haze, contrast=1.35
    )  # fmt: skip


def snow_mountain(world):
    random = stream(world.seed, "mountain")
    light = world.light
    line = random.uniform(0.24, 0.38) - (0.30 if world.snowy else 0)
    far, _ = mountain_range(
        world, tall=2.6, line=line - 0.05, parallax=0.25, near=5, far=9, haze=1.5, name="far range"
    )
    peaks, top = mountain_range(world, tall=random.uniform(2.1, 2.6), line=line, parallax=0.5)

    low, detail = Field(world.seed, "foothills"), Field(world.seed, "meadow")
    grass, wood = rgb(0.34, 0.40, 0.20), rgb(0.20, 0.29, 0.17)

    def hills(x, d):
        return 0.30 * low.fractal(x * 0.9, d * 0.9, octaves=4) * step(0.5, 1.6, d)

    def cover(x, d, e, up):
        patch = detail.fractal(x * 3 + 9, d * 3, octaves=4)
        colour = mix(grass, wood, step(0.40, 0.62, patch)) * (0.8 + 0.4 * patch[..., None])
        return mix(colour, WHITE, (0.95 - 0.30 * step(0.45, 0.6, patch)) * world.snowy)

    hill, edge = land(world, "foothills", 1.0, hills, cover, near=0.55, far=3.0, eye=0.22, haze=0.35)
    window = world.window(1.0)
    fine = window.finer(world.fineness)
    canvas = fine.blank()
    greens = [rgb(0.10, 0.19, 0.14), rgb(0.13, 0.22, 0.13), rgb(0.09, 0.17, 0.15)]
    clump = Field(world.seed, "clump")
    pines = stream(world.seed, "pines", world.view)
    snow = 0.9 if world.snowy else 0.25 * random.random()
    for depth, tall, count, haze in (
        (0.012, 0.055, 22, 0.35),
        (0.05, 0.10, 9, 0.16),
        (0.13, 0.20, 3.0, 0.03),
    ):
        # Trees stand in clumps: where the clump field is low, their foot is put out of sight.
        def base(x, depth=depth):
            grows = clump.line(x * 2.2 + 40 * depth) > 0.42
            return edge(x) + depth if grows else 2.0

        row(
            canvas, fine, light, pines, base=base, count=count, tall=tall, kinds=("conifer",), colours=greens,
            haze=haze * light.thickness, snow=snow,
        )  # fmt: skip
    pine = Layer("pines", shrink(canvas, world.fineness), window, parallax=1.0, zoom=1.0)
    return [far, peaks, hill, pine], top


def grassland(world):
    random = stream(world.seed, "grassland")
    low = Field(world.seed, "hills")
    patch, flower = Field(world.seed, "meadow"), Field(world.seed, "flowers")
    greens = rgb(0.36, 0.52, 0.17), rgb(0.52, 0.58, 0.22)
    bloom = [rgb(0.95, 0.85, 0.25), rgb(0.93, 0.90, 0.95), rgb(0.80, 0.45, 0.75)][int(random.integers(3))]
    tall = random.uniform(0.30, 0.46)

    def height(x, d):
        return (
            tall * low.fractal(x * 0.42, d * 0.42, octaves=3, gain=0.4) * step(0.5, 3.5, d) * (0.4 + 0.22 * d)
        )

    def albedo(x, d, e, up):
        tone = patch.fractal(x * 1.4, d * 1.4, octaves=4)
        blades = patch.plane(x * 42, d * 20, 7) - 0.5
        colour = (
            mix(*greens, step(0.3, 0.7, tone))
            * (0.92 + 0.26 * blades * np.clip(1.6 - d / 2, 0, 1))[..., None]
        )
        # Single blossoms near by, a tint of the meadow farther off.
        meadow = step(0.48, 0.66, flower.plane(x * 0.9, d * 0.9, 3))
        spots = meadow * (
            step(0.70, 0.80, flower.plane(x * 90, d * 60)) * np.clip(2.2 - d, 0, 1)
            + 0.22 * np.clip(d - 1.0, 0, 1)
        )
        colour = mix(colour, bloom, 0.75 * spots * np.clip(1.5 - d * 0.25, 0, 1))
        return mix(colour, WHITE, world.snowy * (0.66 + 0.34 * step(0.26, 0.55, tone + 0.3 * blades)))

    settings = {"near": 0.42, "far": 11.0, "eye": 0.34, "haze": 0.9}
    field, top = land(world, "grassland", 0.8, height, albedo, contrast=1.15, **settings)
    herd = camp(world, random, height, settings["eye"])
    blades = [rgb(0.34, 0.50, 0.14), rgb(0.46, 0.56, 0.18), rgb(0.28, 0.42, 0.13), rgb(0.58, 0.60, 0.26)]
    if world.snowy:
        blades = [mix(blade, rgb(0.85, 0.86, 0.84), 0.45) for blade in blades]
    return [field, herd, Grass(world, random.uniform(0.80, 0.85), blades)], top


def camp(world, random, height, eye):
    """Sheep and a few felt tents (yurts) on the grass, standing where the ground is."""
    light = world.light
    window = world.window(0.8)
    fine = window.finer(world.fineness)
    canvas, pixel = fine.blank(), fine.pixel
    y, x = fine.y, fine.x

    def on_ground(at, d):
        elevation = float(height(np.float32(at * d / world.focal + world.offset), np.float32(d)))
        return world.camera.vanish - world.focal * (elevation - eye) / d

    tents = int(random.integers(0, 4))
    home = random.uniform(-0.3, 0.3) * world.camera.aspect
    for number in range(tents):
        d = 3.4 - 0.55 * number + random.uniform(-0.15, 0.15)
        at, wide = home + 0.19 * (number - 1) + random.normal(0, 0.02), 0.20 / d * world.focal
        foot = on_ground(at, d)
        u, v = (x - at) / wide, (foot - y) / wide
        wall = (np.abs(u) < 1) & (v > 0) & (v < 0.62)
        roof = (v >= 0.62) & (np.abs(u) < 1.08 * (1.12 - v) / 0.5) & (v < 1.12)
        shade = np.clip(0.55 + 0.45 * u * light.side, 0, 1) + 0 * v
        colour = light.on(np.where(roof[..., None], rgb(0.88, 0.86, 0.82), rgb(0.93, 0.91, 0.86)), shade)
        band = (v > 0.50) & (v < 0.62)
        colour = np.where((wall & band)[..., None], light.on(rgb(0.55, 0.25, 0.20), shade), colour)
        door = (np.abs(u) < 0.2) & (v < 0.48) & (v > 0)
        lamp = (
            rgb(1.0, 0.78, 0.40)
            if light.time in ("night", "dusk")
            else light.on(rgb(0.45, 0.22, 0.15), shade)
        )
        colour = np.where(door[..., None], lamp, colour)
        top, bottom = int(max(0, (foot - 1.2 * wide - fine.top) / pixel)), int((foot - fine.top) / pixel) + 1
        lay(canvas, solid(colour, (wall | roof).astype(np.float32))[top:bottom], top)
    for _ in range(int(random.integers(8, 26))):
        d = random.uniform(1.5, 3.2)
        at, wide = home * -1 + random.normal(0, 0.3), 0.026 / d * world.focal
        foot = on_ground(at, d)
        if foot > 0.93:
            continue
        size = max(int(np.ceil(wide * 2.6 / pixel)), 2)
        left, up = round((at - fine.left) / pixel) - size // 2, round((foot - fine.top) / pixel) - size // 2
        v, u = np.mgrid[0:size, 0:size].astype(np.float32) / max(size - 1, 1) * 2 - 1
        body = np.clip((0.8 - np.sqrt(u**2 + (v * 1.6) ** 2)) * size * 0.5 + 0.5, 0, 1)
        lay(canvas, solid(light.on(rgb(0.92, 0.90, 0.86), np.clip(0.6 - 0.5 * v, 0, 1)), body), up, left)
    return Layer("camp", shrink(canvas, world.fineness), window, parallax=0.8, zoom=1.0)


def desert(world):
    random = stream(world.seed, "desert")
    wave, bend = Field(world.seed, "dunes"), Field(world.seed, "bend")
    turn = random.uniform(0.25, 0.9) * random.choice([-1, 1])
    tall, period = random.uniform(0.42, 0.62), random.uniform(0.42, 0.56)
    sand, pale = rgb(0.86, 0.60, 0.34), rgb(0.95, 0.74, 0.47)

    def dune(x, d, scale):
        along = (x * np.cos(turn) + d * np.sin(turn)) * period * scale
        along = (
            along
            + 0.85 * bend.plane(x * 0.5 * scale, d * 0.5 * scale)
            + 0.20 * bend.plane(x * 1.7 * scale, d * 1.7 * scale, 1)
        )
        phase = along - np.floor(along)
        # A long slope up the wind, a crest, a steep slip face.
        rise = np.clip(phase / 0.70, 0, 1)
        return np.where(phase < 0.70, rise**1.5, np.clip((1 - phase) / 0.30, 0, 1) ** 1.15)

    def height(x, d):
        size = 0.35 + 1.0 * wave.plane(x * 0.33, d * 0.33)
        big = dune(x, d, 0.55) * size * tall * (0.35 + 0.30 * d)
        small = dune(x + 7, d + 3, 1.9) * 0.05 * (0.6 + 0.4 * d)
        return (big + small) * step(0.35, 1.9, d)

    def albedo(x, d, e, up):
        ripples = np.sin((x * np.cos(turn) + d * np.sin(turn)) * 62 + 6 * bend.plane(x * 3, d * 3, 2))
        tone = wave.fractal(x * 1.1, d * 1.1, octaves=3)
        colour = mix(sand, pale, tone) * (1 + 0.05 * ripples * np.clip(1.3 - d * 0.5, 0, 1))[..., None]
        return mix(colour, WHITE, world.snowy * 0.82 * step(0.45, 0.95, up + 0.5 * (tone - 0.4)))

    dunes, top = land(
        world, "dunes", 0.8, height, albedo, near=0.5, far=8.0, eye=0.52, haze=0.75, contrast=1.6,
        slices=int(np.clip(world.camera.height * world.fineness * 1.3, 64, 420)),
    )  # fmt: skip
    return [dunes], top
