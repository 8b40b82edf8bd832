"""Laying one picture over another, fast: whole numbers, and what stays the same is worked out once."""

import numpy as np


class Patch:
    """A picture with transparency, ready to be laid over others many times.

    Args:
        pixels: uint8 (rows, columns, 4), colours not multiplied by alpha; or (rows, columns, 3), opaque.
    """

    def __init__(self, pixels: np.ndarray):
        self.pixels = pixels
        self.shape = pixels.shape
        self._full = None

    def lay(self, canvas: np.ndarray, at, strength: float = 1.0) -> None:
        """Draw it on a canvas, in place; what reaches beyond the edge is cut off.

        The numbers are those of `plan.place_over` up to rounding (one level).

        Args:
            canvas: uint8 (height, width, 3).
            at: [x, y] of the upper left corner.
            strength: 0 to 1.
        """
        if strength <= 0:
            return
        x, y = at
        rows = slice(max(0, -y), max(0, canvas.shape[0] - y))
        columns = slice(max(0, -x), max(0, canvas.shape[1] - x))
        below, colours = (part[rows, columns] for part in self._weighed(strength))
        if not colours.size:
            return
        top, left = max(0, y), max(0, x)
        area = canvas[top : top + colours.shape[0], left : left + colours.shape[1]]
        mixed = area * below
        mixed += colours
        # divided by 255, exactly: for n < 65,535 that is (n + n // 256 + 1) // 256, and shifts are fast
        mixed += (mixed >> 8) + np.uint16(1)
        area[:] = mixed >> 8

    def _weighed(self, strength: float):
        """255 - alpha for each number of the canvas, and colour times alpha (+ 127, to round): uint16."""
        if strength >= 1 and self._full is not None:
            return self._full
        if self.pixels.shape[2] == 3:
            alpha = np.full(self.pixels.shape, 255, np.uint16)
        else:
            alpha = np.repeat(self.pixels[..., 3:].astype(np.uint16), 3, axis=2)
        if strength < 1:
            alpha = (alpha * np.uint16(round(strength * 256))) >> 8
        weighed = 255 - alpha, self.pixels[..., :3] * alpha + np.uint16(127)
        if strength >= 1:
            self._full = weighed
        return weighed
