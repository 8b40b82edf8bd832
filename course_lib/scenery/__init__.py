"""The captioned world: scenery and moving shapes, rendered by our own seeded code, with known truth.

>>> from course_lib.scenery import render
>>> clip = render({"place": "lake", "time": "noon"}, frames=16, size=64, seed=7)
>>> clip.shape
(16, 64, 64, 3)
"""

from course_lib.scenery.render import Scene, frames_of, layers, render
from course_lib.scenery.vocabulary import (
    ATTRIBUTES,
    MOODS,
    MOTIONS,
    PLACES,
    TIMES,
    WEATHERS,
    combinations,
    complete,
    impossible,
    possible,
)

__all__ = [
    "ATTRIBUTES",
    "MOODS",
    "MOTIONS",
    "PLACES",
    "TIMES",
    "WEATHERS",
    "Scene",
    "combinations",
    "complete",
    "frames_of",
    "impossible",
    "layers",
    "possible",
    "render",
]
