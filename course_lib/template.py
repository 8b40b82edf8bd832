"""The subject module of the template lesson: copy the three template files to begin a new lesson.

lessons/template.py (the text), course_lib/exercises/lesson_template.py (the exercises), and this file, which
would be a module of a subject package such as course_lib/audio.
"""

import numpy as np


def root_mean_square(samples):
    """How loud a sound is, in one number: the root of the mean of its squares.

    Args:
        samples: (n,) samples in [-1, 1], n at least 1.

    Returns:
        A number from 0 (silence) to 1 (a square wave of full size).
    """
    return np.sqrt(np.mean(samples**2))
