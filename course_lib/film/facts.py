"""Four plain facts about a film: how long, how loud, which word, which shot (lesson 00)."""

import numpy as np


def film_seconds(pictures, fps):
    """How long a film lasts.

    Args:
        pictures: how many pictures it has, a whole number above 0.
        fps: how many of them are shown in a second.

    Returns:
        Its length in seconds, which need not be a whole number.
    """
    return pictures / fps


def decibels(samples):
    """How strong a sound is, in decibels below the loudest that a file can hold.

    First the root of the mean square, a number from 0 to 1; then 20 times its logarithm to base 10, so that
    half the amplitude is about 6 decibels less.

    Args:
        samples: (n,) samples in [-1, 1], not all of them 0.

    Returns:
        The level in dB: 0 for a square wave of full size, negative for everything softer.
    """
    return 20 * np.log10(np.sqrt(np.mean(samples**2)))


def word_at(words, second):
    """The word that is spoken at a moment.

    Args:
        words: list of [text, start, end] in order, in seconds; a word is spoken from its start up to, but not
            including, its end.
        second: the moment.

    Returns:
        The word's text, or None when nobody speaks.
    """
    for text, start, end in words:
        if start <= second < end:
            return text
    return None


def shot_at(cuts, second):
    """The number of the shot that is seen at a moment.

    Args:
        cuts: (n,) the moments at which the shots begin, in order; the first is 0. At a cut the new shot is seen.
        second: the moment, from 0 on.

    Returns:
        0 for the first shot, 1 for the second, and so on.
    """
    return int(np.searchsorted(cuts, second, side="right")) - 1
