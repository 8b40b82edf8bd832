"""From a lesson's cells to notebooks: as shipped, solved, or answered by misconceptions."""

import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_lib.classroom.lessons import Cell, LessonSource, repository, source_hash
from course_lib.data import home
from course_lib.errors import CourseError
from course_lib.exercises import Exercise
from course_lib.exercises.artefact import lesson_artefacts

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
SETUP = """import importlib.util, subprocess, sys
if not importlib.util.find_spec("course_lib"):  # on Colab: fetch the course; torch, tensorflow and numpy stay as they are
    subprocess.run(f"test -d /content/course || git clone -q --depth 1 {repository} /content/course && {{sys.executable}} -m pip install -q -e '/content/course{extras}'", shell=True, check=True); sys.path.insert(0, "/content/course")
from course_lib.notebook import exercise, expect_failure, explore, reset, start; lesson = start("{id}")"""


def notebook(lesson: LessonSource, exercises: list[Exercise], answers="stub", executed_in: str = "notebooks"):
    """A notebook without outputs.

    Args:
        answers: 'stub' (as shipped), 'solution', or a function from an exercise to the text of its cell's function.
        executed_in: folder that the Colab badge points to.
    """
    by_id = {one.id: one for one in exercises}
    text = {"stub": lambda one: one.stub, "solution": lambda one: one.source}.get(answers, answers)
    # how a file to hand in can be made well is shown where the exercises are solved, too
    shown = [cell for cell in lesson.cells if "solution" not in cell.tags or answers == "solution"]
    cells = [_made(lesson, cell, by_id, text, executed_in) for cell in shown]
    about = {"id": lesson.id, "title": lesson.title}
    return new_notebook(
        cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}, "course": about}
    )


def _made(lesson: LessonSource, cell: Cell, by_id: dict, text, folder: str):
    metadata = {"name": cell.name}
    if cell.tags:
        metadata["tags"] = list(cell.tags)
    if cell.kind == "exercise":
        metadata["exercise"] = cell.text
        source = f'@exercise("{cell.text}")\n{text(by_id[cell.text]).rstrip()}'
        made = new_code_cell(source, metadata=metadata)
    elif cell.name == "setup":
        made = new_code_cell(
            SETUP.format(
                repository=repository(), id=lesson.id, extras=f"[{lesson.extras}]" if lesson.extras else ""
            ),
            metadata=metadata,
        )
    elif cell.kind == "markdown":
        source = cell.text
        if cell is lesson.cells[0]:
            source = with_badge(source, lesson, by_id, folder)
        made = new_markdown_cell(source, metadata=metadata)
    else:
        made = new_code_cell(cell.text, metadata=metadata)
    made["id"] = cell.name
    return made


def with_badge(source: str, lesson: LessonSource, by_id: dict, folder: str) -> str:
    """The title cell with the Colab badge and the lesson's facts below its heading."""
    head, _, rest = source.partition("\n")
    if not head.startswith("# "):
        raise CourseError(f"{lesson.path.name}: the first cell must begin with the title, '# ...'.")
    files = lesson_artefacts(lesson.id)
    points = sum(one.points for one in (*by_id.values(), *files))
    count = f"{len(by_id)} exercises" + (" and a file to hand in" if len(files) == 1 else "")
    count += f" and {len(files)} files to hand in" if len(files) > 1 else ""
    facts = f"{lesson.learner_minutes} minutes · {count}, {points} points · {lesson.needs}"
    return f"{head}\n\n{badge(lesson, folder)}\n\n{facts}\n{rest}"


def badge(lesson: LessonSource, folder: str = "notebooks") -> str:
    """'Open in Colab' as a picture that links to the notebook."""
    path = repository().removeprefix("https://github.com/")
    address = f"https://colab.research.google.com/github/{path}/blob/main/{folder}/{lesson.stem}.ipynb"
    return f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({address})"


def dumps(made) -> str:
    """The notebook as text: the same text for the same notebook."""
    return nbformat.writes(made, version=4) + "\n"


@contextmanager
def environment(**changes: str | None):
    """Environment variables for the time of the block (None removes one); kernels inherit them."""
    before = {name: os.environ.get(name) for name in changes}

    def put(values):
        for name, value in values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    put(changes)
    try:
        yield
    finally:
        put(before)


def children_cpu() -> float | None:
    """CPU seconds that ended child processes have used; None where the system does not say (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def execute(made, profile: str, cell_seconds: int = 600) -> dict:
    """Run a notebook from top to bottom, in place, in a kernel of this Python.

    Widgets are drawn once, progress goes to a folder that is thrown away.

    Returns:
        `{"seconds", "cpu_seconds"}`: wall seconds from the first cell to the last, the kernel's start left
        out; CPU seconds of the kernel with its start (None on Windows).

    Raises:
        nbclient.exceptions.CellExecutionError: a cell raised.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory(prefix="course-") as scratch:

        class ThisPython(AsyncKernelManager):
            """Whatever kernels are registered on this machine: the lesson runs in the Python that builds it."""

            if os.name != "nt":  # sockets in a private folder, no port that others on the machine could reach
                transport, ip = "ipc", os.path.join(scratch, "kernel")

            @property
            def kernel_spec(self):
                command = [
                    sys.executable,
                    "-Xfrozen_modules=off",
                    "-m",
                    "ipykernel_launcher",
                    "-f",
                    "{connection_file}",
                ]
                return KernelSpec(
                    argv=command, display_name="this", language="python", interrupt_mode="message"
                )

        changes = {
            "COURSE_PROFILE": profile,
            "COURSE_HEADLESS": "1",
            "COURSE_KEEP": scratch,
            "MPLBACKEND": None,
            "PYTHONDONTWRITEBYTECODE": None,
        }
        cpu_before = children_cpu()
        with environment(**changes):
            client = NotebookClient(
                made, timeout=cell_seconds, kernel_manager_class=ThisPython, resources={"metadata": {"path": scratch}},
                record_timing=False,
            )  # fmt: skip
            with client.setup_kernel():
                started = time.perf_counter()
                for index, cell in enumerate(made.cells):
                    client.execute_cell(cell, index)
                seconds = time.perf_counter() - started
        cpu = None if cpu_before is None else round(children_cpu() - cpu_before, 1)
        without_paths(made, {scratch: "~/scratch", str(home()): "~/course"})
    made.metadata.pop("widgets", None)
    made.metadata["language_info"] = {"name": "python"}
    for cell in made.cells:
        cell.metadata.pop("execution", None)
    return {"seconds": round(seconds, 1), "cpu_seconds": cpu}


def without_paths(made, replace: dict[str, str]) -> None:
    """Take the folders of the machine that executed a notebook out of its outputs, in place."""

    def cleaned(part):
        if isinstance(part, str):
            for old, new in replace.items():
                part = part.replace(old, new)
            return part
        if isinstance(part, list):
            return [cleaned(inner) for inner in part]
        if isinstance(part, dict):
            return type(part)((key, cleaned(inner)) for key, inner in part.items())
        return part

    for cell in made.cells:
        if cell.cell_type == "code":
            cell.outputs = cleaned(cell.outputs)


def solved(lesson: LessonSource, exercises: list[Exercise], profile: str = "quick"):
    """The solution notebook, executed and stamped with the hash of its sources."""
    made = notebook(lesson, exercises, "solution", "solutions")
    made.metadata["course"] |= {"source_hash": source_hash(lesson), **execute(made, profile)}
    return made


def target(folder: str, lesson: LessonSource, root: Path) -> Path:
    """Where a lesson's notebook of that folder stands."""
    return root / folder / f"{lesson.stem}.ipynb"
