"""Lessons as they are written: one text file each, read into cells.

`lessons/NN_name.py` is jupytext's percent format with markdown between triple quotes. Every cell has a name
(`# %% name="why-two-players"`); an exercise is one marker cell, `# %% exercise="gan.theory.value_function"`;
the cell named `setup` is empty and filled by the build; the cell named `imports` holds the lesson's imports.
"""

import ast
import functools
import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from course_lib.data import bench_file, home
from course_lib.errors import CourseError

NOT_SUBJECTS = ("notebook", "exercises", "marking", "classroom", "cli", "benches")


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson: kind 'markdown', 'code' or 'exercise' (then `text` is the exercise's id)."""

    name: str
    kind: str
    text: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class LessonSource:
    """A lesson's text file, read.

    Attributes:
        id: '01'; title; path of the text file.
        learner_minutes: how long a learner takes, as the author estimates it.
        needs: what hardware, in words.
        extras: which extra of pyproject.toml the setup cell installs on Colab; '' for none.
        cells: in order.
    """

    id: str
    title: str
    path: Path
    learner_minutes: int
    needs: str
    cells: tuple[Cell, ...]
    extras: str = ""

    @property
    def stem(self) -> str:
        return self.path.stem

    @property
    def exercise_ids(self) -> list[str]:
        return [cell.text for cell in self.cells if cell.kind == "exercise"]

    def cell(self, name: str) -> Cell:
        """The cell of that name."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        raise CourseError(f"{self.path.name} has no cell named '{name}'.")


def lesson_files() -> list[Path]:
    """The lessons that are built, in the order in which they are read."""
    return sorted((home() / "lessons").glob("[0-9][0-9]_*.py"))


def read_lesson(path: Path) -> LessonSource:
    """Read a lesson's text file.

    Raises:
        CourseError: the header lacks something, a cell has no name, or two have the same.
    """
    import jupytext

    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    about = notebook.metadata.get("course") or {}
    missing = [key for key in ("id", "title", "learner_minutes", "needs") if key not in about]
    if missing:
        raise CourseError(f"{path.name}: the header's `course:` lacks {', '.join(missing)}.")
    cells = tuple(_cell(path, raw) for raw in notebook.cells)
    names = [cell.name for cell in cells]
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise CourseError(f"{path.name}: two cells are named {', '.join(double)}.")
    return LessonSource(
        str(about["id"]),
        about["title"],
        path,
        int(about["learner_minutes"]),
        about["needs"],
        cells,
        about.get("extras", ""),
    )


def _cell(path: Path, raw) -> Cell:
    id = raw.metadata.get("exercise")
    name = raw.metadata.get("name") or (id and id.replace(".", "-").replace("_", "-"))
    start = raw.source.strip().splitlines()[:1]
    if not name or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", name):
        raise CourseError(
            f'{path.name}: the cell that begins with {start} needs a name, as in # %% name="two-words".'
        )
    if id and raw.source.strip():
        raise CourseError(
            f"{path.name}: the marker cell of {id} must be empty; a skeleton belongs to the exercise."
        )
    kind = "exercise" if id else raw.cell_type
    return Cell(name, kind, id or raw.source, tuple(raw.metadata.get("tags", ())))


@functools.cache
def repository() -> str:
    """The repository's address; it stands in pyproject.toml and nowhere else."""
    project = tomllib.loads((home() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].rstrip("/")


def source_hash(lesson: LessonSource) -> str:
    """A fingerprint of everything that a solved notebook's outputs come from.

    The lesson's text, its exercises, the subject modules that either imports (and what those import), and the
    bench results that it reads. The engine is left out: a new look of the cards makes no result old.
    """
    paths = {lesson.path}
    paths |= set((home() / "course_lib" / "exercises").glob(f"*_{lesson.id}*.py"))
    waiting = list(paths)
    while waiting:
        for module in imported(waiting.pop()):
            file = module_file(module)
            if file is not None and file not in paths and module.split(".")[1] not in NOT_SUBJECTS:
                paths.add(file)
                waiting.append(file)
    text = lesson.path.read_text(encoding="utf-8")
    paths |= {
        bench_file(name) for name in re.findall(r'\bfigures?\("(\w+)"', text) if bench_file(name).exists()
    }
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.relative_to(home()).as_posix()):
        # line ends differ between systems; they are not part of what a lesson says
        digest.update(path.relative_to(home()).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


def imported(path: Path) -> set[str]:
    """Names of course_lib's modules that a file imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("course_lib.")}


def module_file(module: str) -> Path | None:
    """The file of a module of course_lib, or None where the name is not a module."""
    base = home().joinpath(*module.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None
