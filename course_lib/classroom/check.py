"""Mark a saved notebook as grading would, on your own machine: what is right, what is not yet, and why.

Run it on your own notebooks only: the code in them is executed, without the sandbox that grading uses.
"""

import secrets
from contextlib import nullcontext
from pathlib import Path

from course_lib.classroom.extract import extract, lesson_named, read_cells
from course_lib.classroom.marker import Marker, Marks, mark_all
from course_lib.errors import CourseError
from course_lib.exercises import lesson_exercises


def add_arguments(parser) -> None:
    parser.add_argument("notebook", type=Path, help="a saved .ipynb file")
    parser.add_argument("--lesson", help="its lesson, where the notebook does not say")
    parser.add_argument("--seed", type=int, help="seed of the cases (default: a new one each time)")


def run(args) -> int:
    marks, problems = check(args.notebook, args.lesson, args.seed)
    print(report(marks, problems))
    return 0 if marks.total == marks.most else 1


def check(
    path: Path, lesson: str | None = None, seed: int | None = None, marker: Marker | None = None
) -> tuple[Marks, list[str]]:
    """Marks of a notebook, and sentences about cells that could not be read.

    Args:
        path: a saved notebook.
        lesson: its lesson; None where the notebook says it.
        seed: of the cases; None for a new one.
        marker: whose worker to use; None for one of its own, ended afterwards. A worker that marked a notebook of the
            same lesson has done its imports.

    Raises:
        CourseError: it is not a notebook of this course.
    """
    texts = read_cells(path)
    lesson = lesson or lesson_named(texts)
    if lesson is None:
        raise CourseError(
            f"{path.name} does not say which lesson it is of. Name it, for example: --lesson 01"
        )
    exercises = lesson_exercises(lesson)
    submission = extract(texts, exercises)
    seed = secrets.randbits(32) if seed is None else seed
    with nullcontext(marker) if marker else Marker() as marker:
        return mark_all(lesson, exercises, submission, marker, seed), submission.problems


def report(marks: Marks, problems: list[str]) -> str:
    """The marks as text."""
    signs = {"right": "✓", "not yet": "✗", "not started": "○"}
    lines = [f"Lesson {marks.lesson}: {marks.total} of {marks.most} points"]
    for one in lesson_exercises(marks.lesson):
        verdict = marks.verdicts[one.id]
        lines.append(
            f"  {signs[verdict.status]} {one.name:<28} {marks.points[one.id]:>3} of {one.points:<3} {'' if verdict.right else verdict.title}"
        )
        if verdict.status == "not yet":
            lines.append(f"      {verdict.text}")
    return "\n".join([*lines, *problems])
