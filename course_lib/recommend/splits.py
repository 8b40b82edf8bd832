"""Training and test: at random, or as time goes by."""

import numpy as np

from course_lib.errors import CourseError


def folds(n: int, count: int = 5, seed: int = 0):
    """`count` random splits of n rows: pairs (train, test) of boolean masks; every row is tested once.

    Raises:
        CourseError: fewer rows than folds, or fewer than two folds.
    """
    if not 2 <= count <= n:
        raise CourseError(f"{count} folds of {n} rows cannot be made; choose from 2 to {n}.")
    number = np.random.default_rng(seed).permutation(np.arange(n) % count)
    for fold in range(count):
        yield number != fold, number == fold


def by_time(times, share: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    """Train on the past, test on the future: masks (train, test), the last `share` of all rows in the test.

    Rows of the same moment stay together, so that nothing of the test's moment is learned from.
    """
    times = np.asarray(times)
    if not 0 < share < 1 or len(times) < 2:
        raise CourseError("a split by time needs at least two rows, and a share between 0 and 1.")
    moment = np.sort(times)[min(round((1 - share) * len(times)), len(times) - 1)]
    test = times >= moment
    if test.all():
        raise CourseError("nearly all rows have the same time: there is no past to learn from.")
    return ~test, test
