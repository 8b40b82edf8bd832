"""Make notebooks/ (as shipped) and solutions/ (solved, executed) and the README's table from lessons/.

`course build` makes what is missing or old, `course build 01` one lesson, `--force` makes it anew;
`course build --check` changes nothing and fails if anything differs from what the sources give.
"""

import json
import math
import os
import re
from pathlib import Path

from course_lib.classroom.lessons import LessonSource, lesson_files, read_lesson, repository, source_hash
from course_lib.classroom.notebooks import badge, dumps, notebook, solved, target
from course_lib.classroom.proof import prove
from course_lib.data import home
from course_lib.errors import CourseError
from course_lib.exercises import lesson_exercises

BEGIN, END = "<!-- lessons: made by `course build` -->", "<!-- end of lessons -->"
LARGEST_SOLVED = 2 * 2**20


def add_arguments(parser) -> None:
    parser.add_argument("lessons", nargs="*", help="ids such as 01 (default: all)")
    parser.add_argument("--check", action="store_true", help="compare only; exit status 1 if anything is old")
    parser.add_argument(
        "--force", action="store_true", help="execute solved notebooks even if they are up to date"
    )


def run(args) -> int:
    lessons = [read_lesson(path) for path in lesson_files()]
    strange = set(args.lessons) - {lesson.id for lesson in lessons}
    if strange:
        raise CourseError(
            f"there is no lesson {', '.join(sorted(strange))}; there are {[one.id for one in lessons]}."
        )
    chosen = [one for one in lessons if not args.lessons or one.id in args.lessons]
    old = []
    for lesson in chosen:
        exercises = lesson_exercises(lesson.id)
        prove(lesson, exercises)
        old += shipped_is_old(lesson, exercises, mend=not args.check)
        reason = solved_is_old(lesson, exercises)
        if reason and args.check:
            old.append(f"solutions/{lesson.stem}.ipynb: {reason}")
        elif (reason or args.force) and not args.check:
            print(f"solutions/{lesson.stem}.ipynb: {reason or 'forced'}; executing ...", flush=True)
            write(target("solutions", lesson, home()), solved_text(lesson, exercises))
    old += strays(lessons, mend=not args.check)
    old += readme_is_old(lessons, mend=not args.check)
    for line in old:
        print(("old: " if args.check else "written: ") + line)
    if args.check:
        print(
            "Run 'python course.py build'."
            if old
            else f"{len(chosen)} lessons: everything is as the sources give it."
        )
        return 1 if old else 0
    print(f"{len(chosen)} lessons built.")
    return 0


def shipped_is_old(lesson: LessonSource, exercises, mend: bool) -> list[str]:
    """Compare (or write) a lesson's learner notebook; the names of what differed."""
    path, wanted = target("notebooks", lesson, home()), dumps(notebook(lesson, exercises))
    if path.exists() and path.read_text(encoding="utf-8") == wanted:
        return []
    if mend:
        write(path, wanted)
    return [f"notebooks/{lesson.stem}.ipynb"]


def solved_is_old(lesson: LessonSource, exercises) -> str:
    """Why a solved notebook must be executed again; '' if it need not."""
    path = target("solutions", lesson, home())
    if not path.exists():
        return "missing"
    stored = json.loads(path.read_text(encoding="utf-8"))
    if stored["metadata"].get("course", {}).get("source_hash") != source_hash(lesson):
        return "its sources have changed"
    wanted = json.loads(dumps(notebook(lesson, exercises, "solution", "solutions")))

    def bare(cells):
        return [{key: cell[key] for key in ("id", "cell_type", "source", "metadata")} for cell in cells]

    return (
        "" if bare(stored["cells"]) == bare(wanted["cells"]) else "edited by hand, or the build has changed"
    )


def solved_text(lesson: LessonSource, exercises) -> str:
    """The executed solution as text.

    Raises:
        CourseError: a cell raised, or the file is too large to be shipped.
    """
    from nbclient.exceptions import CellExecutionError

    try:
        made = solved(lesson, exercises)
    except CellExecutionError as error:
        raise CourseError(f"{lesson.path.name}: solved, a cell fails:\n{error}") from None
    text = dumps(made)
    if len(text) > LARGEST_SOLVED:
        raise CourseError(
            f"{lesson.path.name}: solved it has {len(text) / 2**20:.1f} MB; at most 2 are shipped."
        )
    print(f"  {made.metadata['course']['seconds']} s, {len(text) / 2**20:.2f} MB")
    return text


def strays(lessons: list[LessonSource], mend: bool) -> list[str]:
    """Notebooks that no lesson gives any more."""
    stems, found = {lesson.stem for lesson in lessons}, []
    for folder in ("notebooks", "solutions"):
        for path in sorted((home() / folder).glob("*.ipynb")):
            if path.stem not in stems:
                found.append(f"{folder}/{path.name} (no lesson gives it)")
                if mend:
                    path.unlink()
    return found


def readme_table(lessons: list[LessonSource]) -> str:
    """The README's table of lessons."""
    rows = ["| | lesson | minutes | exercises | CPU time | needs | |", "|---|---|---|---|---|---|---|"]
    for lesson in lessons:
        exercises = lesson_exercises(lesson.id)
        path = target("solutions", lesson, home())
        seconds = (
            json.loads(path.read_text(encoding="utf-8"))["metadata"]["course"].get("cpu_seconds")
            if path.exists()
            else None
        )
        ran = (
            f"{5 * math.ceil(seconds / 5)} s" if seconds is not None else "?"
        )  # coarse: it must not change with the weather
        rows.append(
            f"| {lesson.id} | [{lesson.title}](notebooks/{lesson.stem}.ipynb) | {lesson.learner_minutes} "
            f"| {len(exercises)} | {ran} | {lesson.needs} | {badge(lesson)} |"
        )
    rows += ["", f"The notebooks, solved: [solutions]({repository()}/tree/main/solutions)."]
    return "\n".join(rows)


def readme_is_old(lessons: list[LessonSource], mend: bool) -> list[str]:
    """Compare (or write) the README's table."""
    path = home() / "README.md"
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if not pattern.search(text):
        raise CourseError(
            f"README.md lacks the lines '{BEGIN}' and '{END}', between which the table of lessons goes."
        )
    wanted = pattern.sub(lambda _: f"{BEGIN}\n{readme_table(lessons)}\n{END}", text)
    if wanted == text:
        return []
    if mend:
        write(path, wanted)
    return ["README.md (table of lessons)"]


def write(path: Path, text: str) -> None:
    """Write a file atomically, with the same line ends on every system."""
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(path.suffix + ".tmp")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)
