"""The city: rows of towers that fade with distance, lit windows, a river front or a park."""

import numpy as np

from course_lib.scenery.canvas import Layer, shrink
from course_lib.scenery.ground import WHITE, mix
from course_lib.scenery.light import rgb
from course_lib.scenery.noise import Field, step
from course_lib.scenery.trees import row
from course_lib.scenery.vocabulary import stream
from course_lib.scenery.water import Water

FACADES = [
    rgb(0.46, 0.52, 0.60), rgb(0.62, 0.60, 0.58), rgb(0.40, 0.46, 0.52), rgb(0.68, 0.58, 0.48),
    rgb(0.52, 0.42, 0.38), rgb(0.34, 0.44, 0.54), rgb(0.74, 0.72, 0.68),
]  # fmt: skip
LAMPS = np.array([[1.0, 0.82, 0.48], [1.0, 0.90, 0.68], [0.85, 0.92, 1.0], [1.0, 0.70, 0.35]], np.float32)


def city(world):
    random = stream(world.seed, "city")
    light, camera = world.light, world.camera
    ground = camera.vanish
    items, crown = [], None
    focus = random.uniform(-0.25, 0.25) * camera.aspect  # where the towers are highest
    plan = (
        # parallax, foot, mean height, highest, mean width, haze, windows
        (0.25, 0.000, 0.20, 0.44, 0.055, 0.62, 0.014),
        (0.42, 0.004, 0.27, 0.62, 0.085, 0.34, 0.017),
        (0.62, 0.008, 0.17, 0.40, 0.120, 0.12, 0.021),
    )
    for number, (parallax, foot, mean, highest, width, haze, pitch) in enumerate(plan):
        window = world.window(parallax)
        fine = window.finer(world.fineness)
        canvas = fine.blank()
        rows = stream(world.seed, "towers", number, world.view)
        haze = float(np.clip(haze * light.thickness**0.6, 0, 0.85))
        x = fine.left - 0.1
        while x < fine.right + 0.1:
            wide = width * np.exp(rows.normal(0, 0.28)) * world.focal
            near = np.exp(-(((x - focus) / (0.42 * camera.aspect)) ** 2))
            tall = mean * np.exp(rows.normal(0, 0.42)) * (0.55 + 0.75 * near) * world.focal**0.5
            if rows.random() < 0.10:
                tall = highest * rows.uniform(0.75, 1.0) * (0.5 + 0.5 * near)
            tower(
                canvas,
                fine,
                light,
                rows,
                x,
                wide,
                min(tall, highest, ground - 0.08),
                ground + foot,
                haze,
                pitch,
                world,
            )
            x += wide * rows.uniform(0.72, 1.25)
        if number == 0:
            top = np.where((canvas[..., 3] > 0.5).any(0), (canvas[..., 3] > 0.5).argmax(0), fine.height)
            crown = (fine.x[0], top * fine.pixel + fine.top)
        items.append(
            Layer(
                f"towers {number + 1}",
                shrink(canvas, world.fineness),
                window,
                parallax=parallax,
                zoom=0.5 + 0.5 * parallax,
            )
        )
    items += waterfront(world, random, ground) if random.random() < 0.62 else park(world, random, ground)
    return items, lambda x: float(np.interp(x, *crown))


def tower(canvas, window, light, random, x, wide, tall, foot, haze, pitch, world):
    """One building: front and side, windows, a roof."""
    density = window.density
    left, right = round((x - window.left) * density), round((x + wide - window.left) * density)
    top, bottom = round((foot - tall - window.top) * density), round((foot - window.top) * density)
    kind = random.random()
    albedo = FACADES[int(random.integers(len(FACADES)))] * np.float32(random.uniform(0.8, 1.15))
    seed = random.random(3)
    height, width = bottom - top, right - left
    if width < 2 or height < 2:
        return
    # The side that is seen turns towards the middle of the picture, as perspective has it.
    turned = np.clip(-(x + wide / 2) / (world.camera.aspect / 2), -1, 1) * 0.30
    edge = round(abs(turned) * width)
    column = np.arange(width)
    side = column >= width - edge if turned > 0 else column < edge
    lit_front, lit_side = (0.62, 0.95) if np.sign(turned) == light.side else (0.72, 0.18)
    shade = np.where(side, lit_side, lit_front)[None] * np.linspace(1.0, 0.8, height)[:, None]
    colour = light.on(albedo, shade)
    # Glass takes the colour of the sky.
    if kind < 0.45:
        gleam = np.linspace(0.75, 0.15, height)[:, None] * np.where(side, 0.35, 0.6)[None]
        colour = mix(
            colour, np.broadcast_to(light.low * 0.55 + light.middle * 0.45, colour.shape), gleam * 0.65
        )
    step_x = max(pitch * density * (0.8 + 0.5 * seed[0]), 2.0)
    step_y = max(pitch * density * (1.0 + 0.5 * seed[1]), 2.0)
    across, up = np.arange(width) / step_x, np.arange(height) / step_y
    cell_x, cell_y = across.astype(int), up.astype(int)
    pane = ((across % 1 > 0.28)[None] & (up % 1 > (0.36 if kind > 0.25 else 0.18))[:, None]).astype(
        np.float32
    )
    rooms = random.random((cell_y[-1] + 1, cell_x[-1] + 1))
    lamps = LAMPS[random.integers(len(LAMPS), size=rooms.shape)] * random.uniform(0.6, 1.0, (*rooms.shape, 1))
    on = {"night": 0.50, "dusk": 0.34, "dawn": 0.10, "noon": 0.0}[light.time] + (
        0.14 if world.rainy or world.snowy else 0
    )
    # Where a window is as small as a pixel, fewer are lit: else the wall turns to noise.
    on *= 1 - 0.45 * (pitch * density < 2.4)
    lamp_on = (rooms < on)[cell_y][:, cell_x] * pane * np.where(side, 0.55, 1.0)[None]
    colour = colour * (1 - 0.30 * pane * (1 - lamp_on))[..., None]
    strength = 0.95 if light.time in ("night", "dusk") else 0.6
    colour = mix(colour, lamps[cell_y][:, cell_x], lamp_on * strength)
    fog = haze * (0.72 + 0.5 * np.linspace(0, 1, height)[:, None] ** 2) * np.ones((1, width))
    shine = lamp_on * 0.55
    colour = light.far(colour, np.clip(fog * (1 - shine), 0, 0.9)).astype(np.float32)
    if world.snowy:
        cap = max(1, round(0.008 * density))
        colour[:cap] = light.far(
            light.on(WHITE, np.full((cap, width), 0.6)), np.full((cap, width), haze * 0.6)
        )
    mask = np.ones((height, width), bool)
    roof = seed[2]
    if roof < 0.28 and width > 5:
        for k, share in enumerate((0.10, 0.22)):  # setbacks
            cut, low = round(width * (0.30 - 0.14 * k)), round(height * share)
            mask[:low, :cut] = False
            mask[:low, width - cut :] = False
    elif roof < 0.40 and width > 4:
        slope = np.abs(np.arange(width) - width / 2) * (0.9 if roof < 0.34 else 0.35)
        mask[np.arange(height)[:, None] < slope[None].astype(int)] = False
    place(canvas, colour, mask, top, left)
    if roof > 0.80 and tall > 0.22:
        mast = round(tall * 0.22 * density)
        thin = max(1, round(0.0035 * density))
        pole = light.far(light.on(albedo * 0.6, np.full((mast, thin), 0.4)), np.full((mast, thin), haze))
        place(canvas, pole.astype(np.float32), np.ones((mast, thin), bool), top - mast, (left + right) // 2)
        if light.time in ("night", "dusk"):
            dot = np.broadcast_to(rgb(1.0, 0.25, 0.2), (thin + 1, thin + 1, 3))
            place(canvas, dot, np.ones((thin + 1, thin + 1), bool), top - mast, (left + right) // 2)


def place(canvas, colour, mask, top, left):
    """Copy opaque pixels onto a canvas, clipped."""
    height, width = mask.shape
    y0, x0 = max(0, -top), max(0, -left)
    y1, x1 = min(height, canvas.shape[0] - top), min(width, canvas.shape[1] - left)
    if y1 <= y0 or x1 <= x0:
        return
    part = mask[y0:y1, x0:x1]
    target = canvas[top + y0 : top + y1, left + x0 : left + x1]
    target[..., :3][part] = colour[y0:y1, x0:x1][part]
    target[..., 3][part] = 1


def waterfront(world, random, ground):
    """A quay with trees and lamps, and the river that mirrors the towers."""
    light = world.light
    quay = embankment(world, ground, 0.020)
    body = light.middle * 0.30 + light.ambient * 0.18
    return [quay, Water(world, ground + 0.030, body, rough=0.34, mirror=0.52)]


def embankment(world, ground, deep):
    """Trees and street lamps along the foot of the towers."""
    light = world.light
    window = world.window(0.75)
    fine = window.finer(world.fineness)
    canvas = fine.blank()
    trees = stream(world.seed, "street trees", world.view)
    greens = [rgb(0.16, 0.26, 0.12), rgb(0.22, 0.32, 0.14)]
    row(
        canvas, fine, light, trees, base=lambda x: ground + 0.018, count=14, tall=0.055, kinds=("broadleaf",),
        colours=greens, haze=0.05, snow=0.8 * world.snowy, spread=0.3,
    )  # fmt: skip
    wall = np.clip((fine.y - ground - 0.012) / fine.pixel + 0.5, 0, 1) * (fine.y < ground + 0.015 + deep)
    stone = mix(rgb(0.45, 0.43, 0.42), WHITE, 0.6 * world.snowy)
    colour = light.on(stone, np.full(wall.shape, 0.45))
    canvas *= 1 - wall[..., None]
    canvas[..., :3] += colour * wall[..., None]
    canvas[..., 3] += wall
    if light.time in ("night", "dusk"):
        x = np.arange(np.floor(fine.left * 7) / 7, fine.right, 1 / 7)
        for at in x:
            far = np.sqrt((fine.x - at) ** 2 + (fine.y - ground + 0.022) ** 2)
            near = np.abs(fine.x[0] - at) < 0.12
            light_ = np.exp(-far[:, near] / 0.006) * 1.1 + 0.22 * np.exp(-far[:, near] / 0.03)
            canvas[:, near, :3] += light_[..., None] * rgb(1.0, 0.82, 0.50)
    return Layer("quay", shrink(canvas, world.fineness), window, parallax=0.75, zoom=0.9)


def park(world, random, ground):
    """A park with an avenue of trees before the towers, and a road with lamps."""
    light = world.light
    window = world.window(1.0)
    fine = window.finer(world.fineness)
    lawn = Field(world.seed, "lawn")
    below = np.clip((fine.y - ground - 0.012) / fine.pixel + 0.5, 0, 1) + 0 * fine.x
    depth = 0.25 / np.clip(fine.y - ground + 0.02, 0.02, 1)
    tone = lawn.fractal(fine.x * depth * 2, depth * 3 + 0 * fine.x, octaves=3)
    colour = mix(rgb(0.24, 0.34, 0.14), rgb(0.36, 0.44, 0.18), tone)
    way = np.abs(fine.x - 0.10 * (depth - 1) * random.choice([-1, 1])) * depth / 0.30
    colour = mix(colour, rgb(0.50, 0.48, 0.46), step(1.08, 0.95, way) + 0 * tone)
    colour = mix(colour, WHITE, 0.8 * world.snowy * (0.5 + 0.5 * tone))
    lit = light.far(light.on(colour, 0.5 + 0.4 * tone), np.clip(0.10 * depth / 3, 0, 0.4) + 0 * tone)
    canvas = np.dstack([lit * below[..., None], below]).astype(np.float32)
    floor = Layer("park", shrink(canvas, world.fineness), window, parallax=1.0, zoom=1.0)
    trees = stream(world.seed, "park trees", world.view)
    crowd = fine.blank()
    greens = [rgb(0.16, 0.27, 0.12), rgb(0.23, 0.34, 0.13), rgb(0.30, 0.36, 0.14)]
    for foot, tall, count in ((0.035, 0.08, 12), (0.085, 0.14, 4.0), (0.17, 0.26, 1.3)):

        def base(x, foot=foot):
            return ground + foot if abs(x) > 0.55 * foot + 0.02 else 2.0

        row(
            crowd, fine, light, trees, base=base, count=count, tall=tall, kinds=("broadleaf", "broadleaf", "conifer"),
            colours=greens, haze=0.04, snow=0.85 * world.snowy, spread=0.2,
        )  # fmt: skip
    avenue = Layer("avenue", shrink(crowd, world.fineness), window, parallax=1.0, zoom=1.0)
    return [embankment(world, ground, 0.004), floor, avenue]
