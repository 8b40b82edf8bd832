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
from course_lib.exercises.artefact import lesson_artefacts, mark_file


def add_arguments(parser) -> None:
    parser.add_argument("notebook", type=Path, help="a saved .ipynb file")
    parser.add_argument("--lesson", help="its lesson, where the notebook does not say")
    parser.add_argument("--seed", type=int, help="seed of the cases (default: a new one each time)")


def run(args) -> int:
    marks, problems = check(args.notebook, args.lesson, args.seed, files=args.notebook.resolve().parent)
    print(report(marks, problems))
    return 0 if marks.total == marks.most else 1


def check(
    path: Path,
    lesson: str | None = None,
    seed: int | None = None,
    marker: Marker | None = None,
    files: Path | None = None,
) -> tuple[Marks, list[str]]:
    """Marks of a notebook, and sentences about cells that could not be read.

    Args:
        path: a saved notebook.
        lesson: its lesson; None where the notebook says it.
        seed: of the cases; None for a new one.
        marker: whose worker to use; None for one of its own, ended afterwards. A worker that marked a notebook of the
            same lesson has done its imports.
        files: the folder with the files that the lesson asks for beside the notebook; None to mark its functions alone.

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
        marks = mark_all(lesson, exercises, submission, marker, seed)
    for one in lesson_artefacts(lesson) if files is not None else []:
        marks.verdicts[one.id] = mark_file(one, files / one.file, seed)
        marks.points[one.id] = marks.verdicts[one.id].points
        marks.most += one.points
    return marks, submission.problems


def report(marks: Marks, problems: list[str]) -> str:
    """The marks as text."""
    signs = {"right": "✓", "in part": "◐", "not yet": "✗", "not started": "○"}
    lines = [f"Lesson {marks.lesson}: {marks.total} of {marks.most} points"]
    files = [one for one in lesson_artefacts(marks.lesson) if one.id in marks.verdicts]
    for one in [*lesson_exercises(marks.lesson), *files]:
        verdict = marks.verdicts[one.id]
        lines.append(
            f"  {signs[verdict.status]} {one.name:<28} {marks.points[one.id]:>3} of {one.points:<3} {'' if verdict.right else verdict.title}"
        )
        if verdict.status in ("not yet", "in part") or (one in files and not verdict.right):
            lines.append(f"      {verdict.text}")
    return "\n".join([*lines, *problems])
