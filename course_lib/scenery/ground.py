"""What several places share: a terrain layer, colours of the ground, grass that bends in the wind."""

import numpy as np

from course_lib.scenery.canvas import Layer, over, shrink
from course_lib.scenery.light import rgb
from course_lib.scenery.terrain import terrain
from course_lib.scenery.vocabulary import stream

WHITE = rgb(0.94, 0.96, 1.0)


def mix(a, b, amount):
    """a and b mixed; amount (...) in [0, 1] broadcast over colours."""
    amount = np.asarray(amount, np.float32)[..., None]
    return a + (b - a) * amount


def land(world, name, parallax, height, albedo, zoom=1.0, **settings):
    """A terrain layer and its skyline, x -> y; `settings` go to `terrain`."""
    window = world.window(parallax)
    fine = window.finer(world.fineness)
    options = {"vanish": world.camera.vanish, "offset": world.offset, "focal": world.focal, **settings}
    picture, top = terrain(fine, world.light, height, albedo, **options)
    x = fine.x[0]
    layer = Layer(name, shrink(picture, world.fineness), window, parallax=parallax, zoom=zoom)
    return layer, lambda at: np.interp(at, x, top)


class Grass:
    """Blades in the foreground that sway: each row of the canvas is shifted, more towards the tips.

    Args:
        world: the plan.
        top: y of the longest tips.
        colours: a few greens, (3,) each.
        count: blades a frame height of width.
    """

    name = "grass"

    def __init__(self, world, top: float, colours, count: int = 420, parallax: float = 1.35):
        self.world, self.parallax = world, parallax
        window = world.window(parallax, 0.12, top=top - 0.02)
        fine = window.finer(world.fineness)
        random = stream(world.seed, "grass", world.view)
        canvas = fine.blank()
        blades = int(count * (fine.right - fine.left))
        root = random.uniform(fine.left, fine.right, blades)
        tall = (1 - top) * random.beta(2.2, 2.6, blades)
        lean = random.normal(0, 0.016, blades)
        near = random.random(blades)
        tall = tall * (0.55 + 0.45 * near)
        thick = np.maximum((0.0011 + 0.0016 * near) * fine.density, 0.55)
        palette = np.array(colours, np.float32)[random.integers(len(colours), size=blades)]
        palette *= random.uniform(0.7, 1.25, (blades, 1)).astype(np.float32)
        steps = int(np.clip(tall.max() * fine.density * 1.2, 6, 140))
        order = np.argsort(near)
        root, tall, lean, thick, palette = (v[order] for v in (root, tall, lean, thick, palette))
        for k in range(steps):
            u = k / (steps - 1)
            x = (root + lean * u * u * 2 - fine.left) * fine.density
            y = ((1.0 + 0.004 - tall * u) - fine.top) * fine.density
            # Tips catch the light, roots lie in the shade of the others.
            colour = world.light.on(palette, np.full(blades, 0.34 + 0.66 * u))
            half = thick * (1 - 0.85 * u)
            for j in range(-int(thick.max() + 0.5), int(thick.max() + 0.5) + 1):
                column, row = np.floor(x + j).astype(int), y.astype(int)
                keep = (np.abs(j) <= half) | (j == 0)
                keep &= (column >= 0) & (column < fine.width) & (row >= 0) & (row < fine.height)
                canvas[row[keep], column[keep], :3] = colour[keep]
                canvas[row[keep], column[keep], 3] = 1
        self.canvas, self.window = shrink(canvas, world.fineness), window
        self.rows = np.arange(window.height)[:, None]
        self.first = round(window.top * world.camera.height)
        tip = 1 - np.arange(window.height, dtype=np.float32) / max(window.height - 1, 1)
        self.bend = (tip**1.6)[:, None]
        self.gust = stream(world.seed, "gust").uniform(0, 6.3)

    def paint(self, frame, camera, t: float):
        grow = 1 + 1.2 * (camera.zoom(t) - 1)
        columns = (np.arange(camera.width, dtype=np.float32) - camera.width / 2)[None] / grow
        x = columns / camera.height + self.parallax * camera.pan(t)
        wind = np.sin(2.1 * t - 5.0 * x + self.gust) + 0.5 * np.sin(3.7 * t - 11 * x + 2 * self.gust)
        start = -self.window.left * self.window.density + self.parallax * camera.pan(t) * camera.height
        place = columns + start - 0.020 * camera.height * self.bend * wind
        # Zooming in, the grass slides down out of the frame.
        rows = np.clip(
            self.window.height - (self.window.height - self.rows) / grow, 0, self.window.height - 1
        )
        rows = np.clip(rows - (grow - 1) * 0.25 * camera.height, 0, None).astype(np.int32)
        low = np.floor(place)
        part = (place - low)[..., None]
        low = np.clip(low.astype(np.int32), 0, self.window.width - 2)
        left = self.canvas[rows, low]
        picture = left + (self.canvas[rows, low + 1] - left) * part
        over(frame[self.first :], picture[: frame.shape[0] - self.first])
