"""Time budgets as people write them."""

import pytest

from course_lib.errors import CourseError
from course_lib.profiles import seconds


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (45, 45),
        (0.5, 0.5),
        ("45 s", 45),
        ("3 min", 180),
        ("3min", 180),
        ("1.5 h", 5400),
        ("1 h 30 min", 5400),
    ],
)
def test_budgets_are_read(budget, expected):
    assert seconds(budget) == expected


@pytest.mark.parametrize(
    "budget",
    ["", "3", "three minutes", "3 m", "3 minutes", "-3 min", 0, -1, float("nan"), float("inf"), None, True],
)
def test_what_is_no_time_is_refused(budget):
    with pytest.raises(CourseError, match="no time above 0"):
        seconds(budget)
