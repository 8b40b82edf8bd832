"""The setup cell and the whole of lesson 01 on Colab's Python and Colab's versions of the light packages.

An environment of Python 3.13 gets what requirements/colab.txt lists (without the frameworks, which lesson 01
does not need). A real kernel of it runs the notebook as it is committed; only the repository's address and
the folder /content/course are replaced, by a `file://` clone and a scratch folder.
"""

import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from course_lib.data import home

pytestmark = pytest.mark.install

HEAVY = {"torch", "tensorflow", "keras", "moviepy"}
ADDRESS = "https://github.com/"


def python_313() -> str | None:
    """A Python 3.13 that starts: this one, one on PATH, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    names = [sys.executable, shutil.which("python3.13"), *sorted(pyenv.glob("3.13*/bin/python"))]
    for name in filter(None, names):
        try:
            answer = subprocess.run(
                [name, "-c", "import sys; print(sys.version_info[:2] == (3, 13))"],
                capture_output=True,
                text=True,
            )
        except OSError:
            continue
        if answer.stdout.strip() == "True":
            return str(name)
    return None


def clean_environment(scratch: Path) -> dict[str, str]:
    """Variables of a machine that has never heard of the course."""
    own = ("COURSE_", "PYTHON", "JUPYTER", "VIRTUAL_ENV", "IPYTHON", "MPL")
    env = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    env |= {
        "COURSE_PROFILE": "smoke",
        "COURSE_KEEP": str(scratch / "keep"),
        "IPYTHONDIR": str(scratch / "ipython"),
    }
    env["COLAB_RELEASE_TAG"] = "a test, not Colab"
    return env


def packages(python: Path) -> dict[str, str]:
    """Name -> version of everything installed for a Python."""
    code = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
    return json.loads(subprocess.run([python, "-I", "-c", code], capture_output=True, check=True).stdout)


def listed() -> dict[str, str]:
    """Name -> version in requirements/colab.txt."""
    text = (home() / "requirements" / "colab.txt").read_text(encoding="utf-8")
    return dict(line.split("==") for line in text.splitlines() if line and not line.startswith("#"))


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    """Colab's environment, made once: its Python and a clean scratch folder."""
    base = python_313()
    if base is None:
        pytest.skip("NO PYTHON 3.13 HERE: the setup cell was not tried on Colab's Python")
    if not (home() / ".git").exists():
        pytest.skip("THIS IS NO GIT CLONE: the setup cell clones the committed state and cannot be tried")
    scratch = tmp_path_factory.mktemp("colab")
    light = [f"{name}=={version}" for name, version in listed().items() if name not in HEAVY]
    subprocess.run([base, "-m", "venv", str(scratch / "env")], check=True, env=clean_environment(scratch))
    python = scratch / "env" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q"]
    if importlib.util.find_spec("uv"):  # the bootstrap has put it there: seconds instead of a minute
        install = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(python)]
    subprocess.run([*install, *light], check=True, env=clean_environment(scratch))
    return scratch, python


@pytest.fixture(scope="module")
def notebook(colab):
    """Lesson 01 as committed, its clone address and folder pointing into the scratch folder."""
    scratch, _ = colab
    repository = scratch / "course.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(home()), str(repository)], check=True)
    git = ["git", "-C", str(repository)]
    names = subprocess.run(
        [*git, "ls-tree", "--name-only", "HEAD", "notebooks/"], capture_output=True, text=True
    )
    (name,) = [line for line in names.stdout.splitlines() if line.startswith("notebooks/01_")]
    text = subprocess.run([*git, "show", f"HEAD:{name}"], capture_output=True, check=True).stdout.decode()
    book = nbformat.reads(text, as_version=4)
    cell = next(cell for cell in book.cells if cell.cell_type == "code")
    assert ADDRESS in cell.source
    assert "/content/course" in cell.source
    address = next(word for word in cell.source.split() if word.startswith(ADDRESS))
    cell.source = cell.source.replace(address, f"file://{repository}")
    cell.source = cell.source.replace("/content/course", str(scratch / "course"))
    return book, cell


def run(book, colab) -> None:
    """Execute a notebook in a kernel of Colab's environment; an error in any cell is raised."""
    scratch, python = colab
    spec = {
        "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "language": "python",
    }
    folder = scratch / "jupyter" / "kernels" / "colab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kernel.json").write_text(json.dumps({**spec, "display_name": "Colab"}), encoding="utf-8")
    (scratch / "content").mkdir(exist_ok=True)
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = str(scratch / "jupyter")
    try:
        resources = {"metadata": {"path": str(scratch / "content")}}
        client = NotebookClient(book, kernel_name="colab", timeout=120, resources=resources)
        client.execute(env=clean_environment(scratch))
    finally:
        del os.environ["JUPYTER_PATH"]
        if before is not None:
            os.environ["JUPYTER_PATH"] = before


def said(cell) -> str:
    """What a cell printed."""
    return "".join(one.get("text", "") for one in cell.outputs if one.output_type == "stream")


def test_setup_cell_is_short(notebook):
    assert len(notebook[1].source.splitlines()) <= 4


def test_lesson_runs_and_leaves_colabs_packages_alone(colab, notebook):
    scratch, python = colab
    book, setup = notebook
    probe = (
        "import sys, numpy, IPython, ipywidgets, course_lib\n"
        "print(sys.version_info[:2], numpy.__version__, IPython.__version__, ipywidgets.__version__)\n"
        "print(course_lib.__file__)\n"
        "print(sorted({'torch', 'tensorflow'} & set(sys.modules)))"
    )
    book.cells.append(nbformat.v4.new_code_cell(probe))
    before = packages(python)
    assert "text-to-film" not in before
    run(book, colab)
    after = packages(python)
    assert after.pop("text-to-film") == importlib.metadata.version("text-to-film")
    assert after == before, "the setup cell changed Colab's packages"
    used, place, frameworks = said(book.cells[-1]).splitlines()
    versions = listed()
    assert used == f"(3, 13) {versions['numpy']} {versions['ipython']} {versions['ipywidgets']}"
    assert Path(place).is_relative_to(scratch / "course")
    assert frameworks == "[]"
    assert "Error" not in said(setup)


def test_setup_cell_can_be_run_again_in_a_fresh_kernel(colab, notebook):
    """After 'Restart runtime' the clone is still there and is found, not fetched again."""
    scratch, _ = colab
    _, setup = notebook
    kept = scratch / "course" / "left-by-the-learner.txt"
    kept.write_text("mine", encoding="utf-8")
    run(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(setup.source)]), colab)
    assert kept.read_text(encoding="utf-8") == "mine"
