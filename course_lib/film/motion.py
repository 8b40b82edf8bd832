"""Pan and zoom: a moving window over a still picture, named after Ken Burns, who filmed photographs like this."""

import numpy as np
from PIL import Image

from course_lib.errors import CourseError


def window(start, end, progress):
    """Where the window is, part of the way from its start to its end.

    A zoom looks even when the *magnification* grows by the same factor in every second: the width is
    start * (end / start) ** progress. And the centre moves in step with the width, so that the point which stays
    where it is on the screen is one and the same through the whole shot. If both widths are equal, the
    centre moves evenly.

    Args:
        start, end: [x, y, width] of the window: its centre and width, as shares of the picture's width.
        progress: from 0 (at the start) to 1 (at the end).

    Returns:
        (3,) array [x, y, width].
    """
    x, y, wide = start
    width = wide * (end[2] / wide) ** progress
    if end[2] == wide:
        part = progress
    else:
        part = (width - wide) / (end[2] - wide)
    return np.array([x + part * (end[0] - x), y + part * (end[1] - y), width])


def look(still: np.ndarray, place, size: tuple[int, int]) -> np.ndarray:
    """What is seen through a window.

    The window's edges lie between pixels: a window moved in whole pixels jerks.

    Args:
        still: uint8 (height, width, 3).
        place: [x, y, width] as `window` gives it; the height follows from the shape of `size`.
        size: (height, width) wanted.

    Returns:
        uint8 (height, width, 3).

    Raises:
        CourseError: the window reaches beyond the picture.
    """
    height, width = still.shape[:2]
    x, y, wide = (float(number) * width for number in place)
    high = wide * size[0] / size[1]
    box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    slack = 1e-6 * width
    if wide <= 0 or box[0] < -slack or box[1] < -slack or box[2] > width + slack or box[3] > height + slack:
        raise CourseError(
            f"the window [{place[0]:.3f}, {place[1]:.3f}, {place[2]:.3f}] reaches beyond the picture "
            f"(width 1, height {height / width:.3f}): make it smaller or move it inwards."
        )
    box = (max(0.0, box[0]), max(0.0, box[1]), min(width, box[2]), min(height, box[3]))
    seen = Image.fromarray(still).resize((size[1], size[0]), Image.Resampling.BICUBIC, box=box)
    return np.asarray(seen)
