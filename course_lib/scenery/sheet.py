"""Contact sheets: many clips in one picture, so that a data set can be looked at."""

from pathlib import Path

import numpy as np

from course_lib.scenery import shapes
from course_lib.scenery.render import Scene, render
from course_lib.scenery.vocabulary import PLACES, TIMES, WEATHERS


def paste(tiles, columns: int, gap: int = 3, ground: int = 18) -> np.ndarray:
    """Pictures (height, width, 3) of one size side by side: one picture."""
    height, width = tiles[0].shape[:2]
    rows = -(-len(tiles) // columns)
    sheet = np.full((rows * (height + gap) + gap, columns * (width + gap) + gap, 3), ground, np.uint8)
    for number, tile in enumerate(tiles):
        top, left = gap + number // columns * (height + gap), gap + number % columns * (width + gap)
        sheet[top : top + height, left : left + width] = tile
    return sheet


MOTION_EXAMPLES = (
    {"place": "snow mountain", "time": "dawn", "weather": "clear", "motion": "rising"},
    {"place": "lake", "time": "dusk", "weather": "clear", "motion": "crossing"},
    {"place": "grassland", "time": "noon", "weather": "clear", "motion": "drifting"},
    {"place": "city", "time": "night", "weather": "rain", "motion": "pan right"},
    {"place": "desert", "time": "dusk", "weather": "cloudy", "motion": "pan left"},
    {"place": "forest", "time": "dawn", "weather": "snow", "motion": "zoom in"},
)


def scenery_sheet(size=(108, 192), seed: int = 0) -> np.ndarray:
    """Every place (rows) at every time (columns); the weather changes from one picture to the next."""
    tiles = []
    for row, place in enumerate(PLACES):
        for column, time in enumerate(TIMES):
            truth = {"place": place, "time": time, "weather": WEATHERS[(row + column) % 4]}
            scene = Scene(truth, size, seed + len(tiles))
            tiles.append(scene.frame(scene.camera.seconds / 2))
    return paste(tiles, len(TIMES))


def motions_sheet(size=(72, 128), seed: int = 0) -> np.ndarray:
    """A strip of six frames for each motion of scenery."""
    tiles = []
    for number, attributes in enumerate(MOTION_EXAMPLES):
        tiles += list(render(attributes, 6, size, seed + number))
    return paste(tiles, 6)


def shapes_sheet(size=48, seed: int = 0) -> np.ndarray:
    """A strip of eight frames for each motion, twice."""
    tiles = []
    for number in range(32):
        left = {"motion": shapes.MOTIONS[number // 2 % 8], "shape": shapes.SHAPES[(number + number // 8) % 4]}
        tiles += list(shapes.render(left, 8, size, seed + number))
    return paste(tiles, 16)


def save_picture(picture: np.ndarray, path: Path, limit: int = 1_000_000) -> Path:
    """Write a PNG; scaled down until it is at most `limit` bytes. Atomic."""
    import io
    import os

    from PIL import Image

    image, out = Image.fromarray(picture), io.BytesIO()
    for percent in range(100, 20, -5):
        size = (image.width * percent // 100, image.height * percent // 100)
        out = io.BytesIO()
        (image if percent == 100 else image.resize(size, Image.Resampling.LANCZOS)).save(
            out, "PNG", optimize=True
        )
        if out.tell() <= limit:
            break
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(out.getvalue())
    os.replace(part, path)
    return path
