"""Exercises of the template lesson: one exercise, with everything that an exercise must have."""

import numpy as np

from course_lib import template
from course_lib.exercises.exercise import Exercise, Misconception


def sounds(rng):
    """The easiest to read first: a card shows the shortest that fails. Then edge cases, then ordinary ones."""
    return [
        {"samples": np.array([0.3, -0.4, 0.0])},
        {"samples": np.zeros(4)},
        {"samples": np.array([-1.0])},
        {"samples": rng.uniform(-1, 1, 50)},
    ]


def _as_a_length(samples):
    return np.linalg.norm(samples) / len(samples) ** 0.5


def _with_a_product(samples):
    return ((samples * samples).sum() / samples.size) ** 0.5


EXERCISES = [
    Exercise(
        "template.root_mean_square",
        template.root_mean_square,
        cases=sounds,
        points=10,
        minutes=5,
        difficulty=1,
        hints=[
            "Read the name backwards: square, mean, root.",
            "`samples**2` squares every sample; `np.mean` and `np.sqrt` do the rest.",
        ],
        misconceptions=[
            Misconception(
                "the root is missing",
                "That is the power. Half the amplitude has a quarter of the power, but should be half as loud.",
                [("np.sqrt(np.mean(samples**2))", "np.mean(samples**2)")],
            ),
            Misconception(
                "the mean is squared, not the samples",
                "A sound swings about zero: its mean says nothing about its loudness. Square first.",
                [("np.mean(samples**2)", "np.mean(samples) ** 2")],
            ),
            Misconception(
                "a sum was taken where a mean is meant",
                "A longer sound is not a louder one.",
                [("np.mean", "np.sum")],
            ),
        ],
        alternatives=[_as_a_length, _with_a_product],
    ),
]
