"""From the small pictures of a source to the film's size, and the film's colours."""

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from course_lib.film.styles import Style, style_named


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


def styled(picture: np.ndarray, style: "str | Style") -> np.ndarray:
    """A picture in the colours of a style.

    Args:
        picture: uint8 (height, width, 3).
        style: a name of `styles.STYLES`, or a `Style`.

    Raises:
        CourseError: unknown style.
    """
    style = style_named(style)
    if style.saturation == 1 and style.black == (0, 0, 0) and style.white == (255, 255, 255):
        return picture
    image = Image.fromarray(picture)
    if style.saturation != 1:
        image = ImageEnhance.Color(image).enhance(style.saturation)
    # stretch each colour between two values: where black and white come to lie
    table = []
    for low, high in zip(style.black, style.white):
        table += [round(low + (high - low) * n / 255) for n in range(256)]
    return np.asarray(image.point(table))
