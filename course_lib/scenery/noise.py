"""Random fields without a library: value noise, fractal sums, ridges.

A field is a function of world coordinates, so the same mountain is found again at another resolution or
in another framing. Ken Perlin, "An Image Synthesizer" (1985) is where the idea comes from; the ridged sum
is Musgrave's, described in "Texturing and Modeling: A Procedural Approach" (Ebert and others).
"""

import numpy as np

from course_lib.scenery.vocabulary import stream

PERIOD = 64  # lattice cells before the field repeats; a power of two, so that '&' wraps


class Field:
    """Smooth random numbers in [0, 1] over the plane (or a line), fixed by seed and name."""

    def __init__(self, seed: int, name: str):
        random = stream(seed, "field", name)
        self.table = random.random(PERIOD * PERIOD, dtype=np.float32)
        # Each octave looks elsewhere in the table, else zeros of all octaves would meet at the origin.
        self.offsets = random.uniform(0, PERIOD, (12, 2)).astype(np.float32)

    def plane(self, x, y, octave: int = 0):
        """Value noise at (x, y), arrays that broadcast; one cell is 1 wide."""
        x = np.asarray(x, np.float32) + self.offsets[octave, 0]
        y = np.asarray(y, np.float32) + self.offsets[octave, 1]
        fx, fy = np.floor(x), np.floor(y)
        u, v = smooth(x - fx), smooth(y - fy)
        column = fx.astype(np.int32) & (PERIOD - 1)
        row = (fy.astype(np.int32) & (PERIOD - 1)) * PERIOD
        right = (column + 1) & (PERIOD - 1)
        below = (row + PERIOD) & (PERIOD * PERIOD - 1)
        top = self.table[row + column]
        top = top + (self.table[row + right] - top) * u
        low = self.table[below + column]
        low = low + (self.table[below + right] - low) * u
        return top + (low - top) * v

    def line(self, x, octave: int = 0):
        """Value noise along a line."""
        x = np.asarray(x, np.float32) + self.offsets[octave, 0]
        floor = np.floor(x)
        u = smooth(x - floor)
        cell = floor.astype(np.int32) & (PERIOD * PERIOD - 1)
        left = self.table[cell]
        return left + (self.table[(cell + 1) & (PERIOD * PERIOD - 1)] - left) * u

    def fractal(self, x, y=None, octaves: int = 4, gain: float = 0.5):
        """Sum of octaves, each twice as fine and `gain` as strong, scaled to [0, 1]."""
        total, weight, scale = 0.0, 1.0, 1.0
        for octave in range(octaves):
            if y is None:
                noise = self.line(x * scale, octave)
            else:
                noise = self.plane(x * scale, y * scale, octave)
            total = total + noise * weight
            weight *= gain
            scale *= 2.03
        return total * ((1 - gain) / (1 - gain**octaves))

    def ridged(self, x, y, octaves: int = 5, gain: float = 0.5):
        """Ridged sum in about [0, 1]: creases of the noise become crests; fine crests only on high ground."""
        total, weight, scale, above = 0.0, 1.0, 1.0, 1.0
        for octave in range(octaves):
            # Turning the plane between octaves hides the square lattice.
            x, y = 0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y
            crest = 1 - np.abs(2 * self.plane(x * scale, y * scale, octave) - 1)
            crest = crest * crest * above
            total = total + crest * weight
            above = np.minimum(crest * 1.6, 1)
            weight *= gain
            scale *= 2.07
        return total * (1 - gain)


def smooth(t):
    """3t^2 - 2t^3: 0 to 1 with flat ends, for t in [0, 1]."""
    return t * t * (3 - 2 * t)


def step(low, high, t):
    """0 below `low`, 1 above `high`, smooth between."""
    return smooth(np.clip((t - low) / (high - low), 0, 1))
