"""From the small pictures of a source to the film's size, and the film's colours."""

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from course_lib.errors import CourseError

STYLES = ("natural", "vivid", "warm", "ink", "vintage")


def upscale(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A picture at another size, by cubic interpolation.

    Args:
        picture: uint8 (height, width, 3).
        size: (height, width) wanted.
    """
    height, width = size
    if picture.shape[:2] == (height, width):
        return picture
    big = Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(big)


# Weights of a pixel and its neighbours; a picture's hard stairs become slopes, which enlarge well.
_SOFT = ImageFilter.Kernel((3, 3), (1, 2, 1, 2, 14, 2, 1, 2, 1), 26)


def soften(picture: np.ndarray) -> np.ndarray:
    """Blur a picture by a part of a pixel, so that enlarging it shows less of its stairs."""
    return np.asarray(Image.fromarray(picture).filter(_SOFT))


def blur(picture: np.ndarray, radius: float) -> np.ndarray:
    """Out of focus: a Gaussian blur, radius in pixels."""
    if radius < 0.2:
        return picture
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(radius)))


def styled(picture: np.ndarray, style: str) -> np.ndarray:
    """A picture in a style of colour.

    Args:
        picture: uint8 (height, width, 3).
        style: natural (as it is), vivid, warm, ink (black and white), vintage.

    Raises:
        CourseError: unknown style.
    """
    if style == "natural":
        return picture
    image = Image.fromarray(picture)
    if style == "vivid":
        image = ImageEnhance.Color(image).enhance(1.4)
    elif style == "warm":
        image = _curves(image, red=(8, 255), green=(2, 248), blue=(0, 222))
    elif style == "ink":
        image = ImageOps.colorize(
            ImageOps.grayscale(image), (14, 14, 20), (252, 249, 240), mid=(122, 121, 120)
        )
    elif style == "vintage":
        image = _curves(
            ImageEnhance.Color(image).enhance(0.6), red=(28, 250), green=(22, 240), blue=(34, 215)
        )
    else:
        raise CourseError(f"there is no style '{style}': choose {', '.join(STYLES)}.")
    return np.asarray(image)


def _curves(image: Image.Image, **ends) -> Image.Image:
    """Stretch each colour between two values: where black and white come to lie."""
    table = []
    for name in ("red", "green", "blue"):
        low, high = ends[name]
        table += [round(low + (high - low) * n / 255) for n in range(256)]
    return image.point(table)
