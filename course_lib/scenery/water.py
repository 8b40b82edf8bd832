"""Water: a mirror of the picture above it, broken by ripples, with the light's glitter path."""

import numpy as np

from course_lib.scenery.noise import step
from course_lib.scenery.vocabulary import stream


class Water:
    """Painted over the frame from `shore` down, from what the frame shows above.

    Args:
        world: the plan.
        shore: y where the water begins.
        body: the water's own colour (3,).
        rough: 0.2 a still lake, 1 the open sea.
        mirror: share of the reflection near the viewer (it is higher far off).
    """

    name = "water"

    def __init__(self, world, shore: float, body, rough: float = 0.3, mirror: float = 0.55):
        camera = world.camera
        self.world, self.rough = world, rough
        self.first = min(round(shore * camera.height), camera.height - 2)
        rows = np.arange(self.first, camera.height, dtype=np.float32)
        self.below = ((rows + 0.5) / camera.height - shore)[:, None]
        x = ((np.arange(camera.width, dtype=np.float32) + 0.5) / camera.height - camera.aspect / 2)[None]
        self.x = x
        depth = 0.16 / (self.below + 0.025)  # distance on the water plane
        random = stream(world.seed, "ripples")
        self.waves = []
        for number in range(7):
            wavelength = (0.21, 0.13, 0.08, 0.05, 0.030, 0.019, 0.012)[number] * (0.6 + 0.6 * rough)
            angle = random.normal(0, 0.45 if rough > 0.6 else 0.6)
            across = 2 * np.pi / wavelength * np.sin(angle) * (0.35 + 0.09 * number)
            along = 2 * np.pi / wavelength * np.cos(angle)
            phase = across * x * depth + along * depth + random.uniform(0, 6.3)
            # Waves finer than a pixel row cancel out: fade them.
            pitch = along * 0.16 / (self.below + 0.025) ** 2 / camera.height
            strength = (
                np.clip(1.8 - np.abs(pitch) / 1.6, 0, 1) * (1.0, 0.85, 0.75, 0.7, 0.65, 0.6, 0.5)[number]
            )
            speed = 1.1 * np.sqrt(1 / wavelength)
            self.waves.append((phase.astype(np.float32), strength, speed, across * depth))
        self.body = np.asarray(body, np.float32)
        fade = np.clip(self.below / max(1 - shore, 0.1), 0, 1)
        self.share = (0.90 - (0.90 - mirror) * fade**0.7)[..., None]
        self.columns = np.arange(camera.width, dtype=np.float32)[None]

    def slope(self, t: float):
        """How the surface tilts, about -1 to 1, (rows, width)."""
        pan = self.world.camera.pan(t)
        total = 0
        for phase, strength, speed, across in self.waves:
            total = total + np.sin(phase + (across * pan - speed * t)) * strength
        return total / 2.4

    def paint(self, frame, camera, t: float):
        height, light = camera.height, self.world.light
        slope = self.slope(t)
        sway = slope * (0.020 + 0.22 * self.below) * (0.35 + self.rough)
        rows = self.first - 1 - (self.below * (1.0 + 0.25 * self.rough) + sway) * height
        columns = self.columns + sway * (0.35 * height)
        rows = np.clip(rows + 0.5, 0, self.first - 1).astype(np.int32)
        columns = np.clip(columns + 0.5, 0, camera.width - 1).astype(np.int32)
        mirror = frame[rows, columns]
        lit = 1 + (0.16 + 0.20 * self.rough) * slope
        body = self.body * lit[..., None]
        water = body + (mirror - body) * self.share
        if self.rough > 0.6:
            crest = step(0.55, 1.05, slope) * np.clip(self.below * 5, 0.15, 1)
            white = light.ambient * 0.9 + light.direct * 0.5
            water += (white - water) * (0.45 * crest)[..., None]
        if light.visible:
            x, y = self.world.sun_path(t)
            up = np.clip((camera.vanish - y) * 6 + 0.4, 0, 1)
            width = 0.035 + 0.22 * self.below
            path = np.exp(-(((self.x - x) / width) ** 2)) * step(0.05, 0.75, slope + 0.25)
            strength = {"noon": 0.35, "dawn": 0.85, "dusk": 0.95, "night": 0.62}[light.time] * light.visible
            water += (light.disc - water) * (path * strength * up)[..., None]
        frame[self.first :] = water
