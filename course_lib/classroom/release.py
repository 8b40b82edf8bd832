"""Put together what to hand out for a lesson: its notebook, the library, the installation; no solutions.

The folder that is made runs by itself: `python course.py lab` in it installs everything and opens JupyterLab.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

from course_lib.classroom.extract import extract, read_cells
from course_lib.data import home
from course_lib.errors import CourseError
from course_lib.exercises import lesson_exercises, sources
from course_lib.exercises.artefact import lesson_artefacts

FILES = ("course.py", "pyproject.toml", "environment.yml", "README.md", "LICENSE", "LICENSE-CONTENT")
FOLDERS = ("course_lib", "datasets", "bench", "requirements")
# what marks a class stays with whoever marks it
LEFT_OUT = {"__pycache__", "grading", "grading.py", "grade.py", "release.py", ".ipynb_checkpoints", ".course"}
WORDS = """# {title}

1. Install Python 3.11, 3.12 or 3.13.
2. In this folder: `python course.py lab`. The first time this takes some minutes, then JupyterLab opens.
3. Open `notebooks/{name}` and work through it. A card under each exercise says at once whether it is right.
4. Save the notebook and hand in the file `{name}`{files}.

On Google Colab: upload `notebooks/{name}`; its first cell fetches the rest. Download it as .ipynb to hand it in.
Before you hand it in, `python course.py check notebooks/{name}` marks it as grading will, with other numbers.
"""
AND_FILES = """, and with it, in the same folder or zip:
{lines}
   The cell with `hand_in` makes it, says where it lies and what it is worth. It is scored with other cases than yours.
   A name that the platform changes does no harm, another ending does. The course's own files earn nothing"""


def add_arguments(parser) -> None:
    parser.add_argument(
        "--lesson", required=True, action="append", help="such as 01; may be given several times"
    )
    parser.add_argument("--out", type=Path, required=True, help="a folder that is empty or not there")
    parser.add_argument(
        "--notebooks-only",
        action="store_true",
        help="only the notebooks, for a class that has the course or uses Colab",
    )


def run(args) -> int:
    made = release(args.lesson, args.out, args.notebooks_only)
    size = sum(path.stat().st_size for path in args.out.rglob("*") if path.is_file())
    print(
        f"{', '.join(path.name for path in made)} in {args.out}, {size / 2**20:.1f} MB; no solution is in it"
    )
    return 0


def release(lessons: list[str], out: Path, notebooks_only: bool = False) -> list[Path]:
    """Make the folder; returns the notebooks in it.

    Raises:
        CourseError: the folder is not empty, or a notebook is missing or not in its shipped state.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CourseError(f"{out} is not empty; name a new folder.")
    notebooks = [_shipped(lesson) for lesson in dict.fromkeys(lessons)]
    out.parent.mkdir(parents=True, exist_ok=True)
    # made beside its place and moved there whole
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".release-") as scratch:
        folder = Path(scratch) / "made"
        (folder / "notebooks").mkdir(parents=True)
        for path in notebooks:
            shutil.copy(path, folder / "notebooks" / path.name)
            title = (
                json.loads(path.read_text(encoding="utf-8"))["metadata"]
                .get("course", {})
                .get("title", path.stem)
            )
            words = WORDS.format(title=title, name=path.name, files=and_files(path.stem[:2]))
            (folder / f"START-{path.stem}.md").write_text(words, encoding="utf-8")
        if not notebooks_only:
            for name in FILES:
                shutil.copy(home() / name, folder / name)
            for name in FOLDERS:
                shutil.copytree(home() / name, folder / name, ignore=lambda _, names: LEFT_OUT & set(names))
        if out.exists():
            out.rmdir()
        os.replace(folder, out)
    return [out / "notebooks" / path.name for path in notebooks]


def and_files(lesson: str) -> str:
    """What else is handed in, as the end of a sentence: 'and nothing else' for most lessons."""
    lines = [
        f"   - `{one.file}`: {one.title}, up to {one.points} points, at most {one.largest / 2**20:g} MB"
        for one in lesson_artefacts(lesson)
    ]
    return AND_FILES.format(lines="\n".join(lines)) if lines else ", and nothing else"


def _shipped(lesson: str) -> Path:
    """The notebook of a lesson, after a look that nothing in it is answered."""
    exercises = lesson_exercises(lesson)
    found = sorted((home() / "notebooks").glob(f"{lesson}_*.ipynb"))
    if not found:
        raise CourseError(f"there is no notebook of lesson {lesson}; run `course build {lesson}` first.")
    functions = extract(read_cells(found[0]), exercises).functions
    for one in exercises:
        if one.id not in functions or not sources.same(functions[one.id][1], one.stub):
            raise CourseError(
                f"{one.id} in {found[0].name} is not as it should be handed out; run `course build {lesson}` first."
            )
    return found[0]
