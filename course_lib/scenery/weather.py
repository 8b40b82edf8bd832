"""Rain and snow that fall in front of the picture: sparse and soft, so that the place stays readable."""

import numpy as np

from course_lib.scenery.light import rgb
from course_lib.scenery.vocabulary import stream


class Falling:
    """Tiles of streaks or flakes that scroll over the frame and wrap around.

    Two or three sheets at different distances: near ones larger, faster, fewer.
    """

    name = "falling"

    def __init__(self, world):
        camera = world.camera
        self.camera = camera
        random = stream(world.seed, "falling")
        light = world.light
        self.sheets = []  # (alpha tile, speed down, slant, sway)
        slant = float(random.uniform(0.06, 0.20) * random.choice([-1, 1]))
        if world.rainy:
            self.colour = np.clip(light.ambient * 1.05 + light.low * 0.45 + 0.10, 0, 1)
            for length, strength, count, speed in ((0.09, 0.34, 70, 1.7), (0.16, 0.46, 26, 2.4)):
                tile = self.streaks(random, length, strength, count, slant)
                self.sheets.append((tile, speed, slant, 0.0))
        else:
            bright = 0.62 if light.night else 1.0
            self.colour = bright * rgb(0.97, 0.98, 1.0)
            for size, strength, count, speed in (
                (0.0038, 0.50, 120, 0.16), (0.0062, 0.70, 48, 0.25), (0.010, 0.80, 14, 0.36),
            ):  # fmt: skip
                tile = self.flakes(random, size, strength, count)
                self.sheets.append((tile, speed, slant * 0.8, random.uniform(0.01, 0.02)))

    def streaks(self, random, length, strength, count, slant):
        height, width = self.camera.height, self.camera.width
        tile = np.zeros((height, width), np.float32)
        count = max(3, int(count * self.camera.aspect * float(np.clip(height / 150, 0.30, 1))))
        pixels = max(3, int(length * height))
        x, y = random.uniform(0, width, count), random.uniform(0, height, count)
        bright = strength * random.uniform(0.6, 1.0, count) * (0.9 if height < 96 else 0.8)
        thick = max(1, round(height / 300))
        for k in range(pixels):
            fade = 0.35 + 0.65 * (k + 1) / pixels
            place = x + slant * k
            for j in range(thick):
                column = np.floor(place + j).astype(int)
                part = place + j - column if thick == 1 else 0.0
                row = (y + k).astype(int) % height
                np.maximum.at(tile, (row, column % width), bright * fade * (1 - part))
                if thick == 1:
                    np.maximum.at(tile, (row, (column + 1) % width), bright * fade * part)
        return tile

    def flakes(self, random, size, strength, count):
        height, width = self.camera.height, self.camera.width
        tile = np.zeros((height, width), np.float32)
        count = max(4, int(count * self.camera.aspect * float(np.clip(height / 150, 0.22, 1))))
        radius = max(size * height, 0.55)
        reach = int(np.ceil(radius * 1.6)) + 1
        x, y = random.uniform(0, width, count), random.uniform(0, height, count)
        bright = strength * random.uniform(0.6, 1.0, count)
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                column, row = np.floor(x).astype(int) + dx, np.floor(y).astype(int) + dy
                far = np.sqrt((column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2)
                alpha = bright * np.clip(1.15 - far / (radius * 1.5), 0, 1)
                np.maximum.at(tile, (row % height, column % width), alpha.astype(np.float32))
        return tile

    def paint(self, frame, camera, t: float):
        for tile, speed, slant, sway in self.sheets:
            down = int(speed * t * camera.height)
            side = slant * speed * t + sway * np.sin(2.2 * t)
            side = int(np.floor((side - camera.pan(t) * 0.5) * camera.height))
            alpha = np.roll(tile, (down % camera.height, side % camera.width), (0, 1))[..., None]
            frame += (self.colour - frame) * alpha
