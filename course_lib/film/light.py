"""Light and the numbers that stand for it: sRGB, cross-fades in linear light, contrast of two colours."""

import numpy as np


def to_linear(srgb):
    """The light that a screen gives off for the numbers in a picture.

    The curve of sRGB (IEC 61966-2-1): numbers grow faster than light in the dark and slower in the bright, as
    the eye does.

    Args:
        srgb: numbers from 0 to 1, an array of any shape, or one number.

    Returns:
        Light from 0 (none) to 1 (white), of the same shape.
    """
    srgb = np.asarray(srgb, float)
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def to_srgb(linear):
    """The numbers for some light: `to_linear` turned round.

    Args:
        linear: light from 0 to 1.

    Returns:
        Numbers from 0 to 1, of the same shape.
    """
    linear = np.asarray(linear, float)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)


def cross_fade(first, second, share):
    """Two pictures at once, as if two projectors shone on one screen: their *light* is added.

    Args:
        first, second: uint8 arrays of the same shape, colours in sRGB.
        share: of the second, from 0 to 1; the first has the rest.

    Returns:
        uint8 of that shape, colours in sRGB, rounded to the nearest number.
    """
    light = (1 - share) * to_linear(first / 255) + share * to_linear(second / 255)
    return np.floor(255 * to_srgb(light) + 0.5).astype(np.uint8)


_LIGHT = to_linear(np.arange(256) / 255)  # of every number that a picture may hold


def fade(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """`cross_fade`, the same numbers in a fraction of the time.

    A picture of 512 x 512 has 786,432 numbers to be raised to a power, three times each; but there are only
    65,536 *pairs* of numbers. They are mixed once, and then looked up.
    """
    if share <= 0:
        return first
    if share >= 1:
        return second
    light = (1 - share) * _LIGHT[:, None] + share * _LIGHT
    table = np.floor(255 * to_srgb(light) + 0.5).astype(np.uint8).ravel()
    place = first.astype(np.uint16)
    place <<= 8
    place |= second
    return table[place]


def contrast_ratio(one, other):
    """How well one colour can be told from another, as the Web Content Accessibility Guidelines 2 measure it.

    Each colour's luminance is 0.2126 red + 0.7152 green + 0.0722 blue, of its *light*; the ratio is that of the
    brighter to the darker, after 0.05 was added to both for the light that falls on any screen.

    Args:
        one, other: colours, three numbers from 0 to 255 each (sRGB).

    Returns:
        From 1 (the same) to 21 (black and white). Text should have at least 4.5, large text 3.
    """
    weights = np.array([0.2126, 0.7152, 0.0722])
    a = to_linear(np.asarray(one) / 255) @ weights
    b = to_linear(np.asarray(other) / 255) @ weights
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
