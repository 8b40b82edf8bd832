"""Measured figures: what `course bench` wrote, read by lessons and README so that no number is typed."""

import json

from course_lib.data.places import bench_file
from course_lib.errors import CourseError


def figures(name: str) -> list[dict]:
    """The rows of a committed bench: `{"metric", "value", "unit", "n", "seed", "variant"}` each.

    Raises:
        CourseError: it has not been measured yet; the message gives the command.
    """
    try:
        return json.loads(bench_file(name).read_text(encoding="utf-8"))["rows"]
    except OSError:
        raise CourseError(
            f"bench/{name}.json is missing: make it with 'python course.py bench {name}'."
        ) from None


def figure(name: str, metric: str, variant: str = "") -> float:
    """One figure of a committed bench."""
    for row in figures(name):
        if row["metric"] == metric and row["variant"] == variant:
            return row["value"]
    raise CourseError(f"bench/{name}.json has no '{metric}' (variant '{variant}').")
