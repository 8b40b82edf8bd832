"""Lessons from one source: cells, ids, proof, shipped and solved notebooks, `--check`, the template."""

import json
import shutil
from types import SimpleNamespace

import pytest

from course_lib.classroom import build, lessons, notebooks
from course_lib.classroom.proof import free_names, prove
from course_lib.data import home
from course_lib.errors import CourseError
from course_lib.exercises import lesson_exercises

ALL = [lessons.read_lesson(path) for path in lessons.lesson_files()]
each = pytest.mark.parametrize("lesson", ALL, ids=[one.id for one in ALL])


@each
def test_a_notebook_is_made_the_same_twice_with_ids_from_names(lesson):
    exercises = lesson_exercises(lesson.id)
    first = notebooks.dumps(notebooks.notebook(lesson, exercises))
    assert first == notebooks.dumps(notebooks.notebook(lesson, exercises))
    made = json.loads(first)
    handed_out = [cell.name for cell in lesson.cells if "solution" not in cell.tags]
    assert [cell["id"] for cell in made["cells"]] == handed_out
    assert all(not cell.get("outputs") for cell in made["cells"])


@each
def test_no_solution_stands_in_the_shipped_notebook(lesson):
    exercises = lesson_exercises(lesson.id)
    shipped = notebooks.dumps(notebooks.notebook(lesson, exercises))
    for one in exercises:
        lines = [line.strip() for line in one.source.splitlines() if line.strip()]
        # a step may return nothing: then its last line
        returned = [line for line in lines if line.startswith("return")] or lines[-1:]
        # a skeleton, this exercise's or another's, may give the last line on purpose; something else is then left out
        given = {line.strip() for each in exercises for line in each.skeleton.splitlines()}
        assert set(one.source.split("\n")) - set(one.skeleton.split("\n"))
        assert not any(json.dumps(line)[1:-1] in shipped for line in returned if line not in given)


@each
def test_the_setup_cell_has_at_most_four_lines_and_the_address_from_pyproject(lesson):
    made = notebooks.notebook(lesson, lesson_exercises(lesson.id))
    setup = next(cell for cell in made.cells if cell["id"] == "setup")
    assert len(setup.source.splitlines()) <= 4
    assert lessons.repository() in setup.source
    assert lessons.repository().removeprefix("https://github.com/") in made.cells[0].source


@each
def test_solved_notebooks_are_small_and_clean(lesson):
    path = notebooks.target("solutions", lesson, home())
    text = path.read_text(encoding="utf-8")
    assert len(text) < build.LARGEST_SOLVED
    assert "RuntimeWarning" not in text
    assert "/tmp/" not in text
    made = json.loads(text)
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    for cell in code:
        # an error on a solved page is one that its cell announces
        if "expect_failure(" not in "".join(cell["source"]):
            shown = [output for output in cell["outputs"] if "Traceback" in json.dumps(output)]
            assert not shown, cell["id"]
        assert all(output["output_type"] != "error" for output in cell["outputs"]), cell["id"]


def test_the_repositorys_address_stands_in_one_place():
    """Other files get it from pyproject.toml through the build."""
    owner = lessons.repository().removeprefix("https://github.com/")
    made = {"notebooks", "solutions", ".git", ".venv", ".course", "build", "text_to_film.egg-info"}
    found = []
    for path in home().rglob("*"):
        if (
            path.is_file()
            and not made & set(path.relative_to(home()).parts)
            and path.suffix in {".py", ".toml", ".md", ".yml", ".txt", ""}
        ):
            text = path.read_text(encoding="utf-8", errors="ignore")
            if path.name == "README.md" and path.parent == home():
                text = text[: text.index(build.BEGIN)] + text[text.index(build.END) :]
            if owner in text:
                found.append(path.relative_to(home()).as_posix())
    assert found == ["pyproject.toml"]


def test_free_names_sees_defaults_annotations_and_inner_functions():
    text = "def f(a, b=size, c: Kind = 0):\n    def g():\n        return outer + a\n    d = len(a)\n    return [helper(x) for x in d] + g()\n"
    assert free_names(text) == {"size", "Kind", "outer", "helper"}


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of what the build reads and writes."""
    for name in ("lessons", "notebooks", "solutions", "bench", "course_lib", "datasets"):
        shutil.copytree(
            home() / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.safetensors")
        )
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(home() / name, tmp_path / name)
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    return tmp_path


def check() -> int:
    return build.run(SimpleNamespace(lessons=[], check=True, force=False))


def test_check_is_content_with_what_was_built(copy, capsys):
    assert check() == 0


@pytest.mark.parametrize(
    ("file", "change", "complaint"),
    [
        ("notebooks/01_mathematics_of_gans.ipynb", ("Two players", "Two gamers"), "notebooks/01"),
        ("solutions/01_mathematics_of_gans.ipynb", ("Two players", "Two gamers"), "edited by hand"),
        ("lessons/01_mathematics_of_gans.py", ("Two players", "Two gamers"), "sources have changed"),
        ("course_lib/gan/theory.py", ("below 1 the game", "below one the game"), "sources have changed"),
        ("course_lib/exercises/lesson_01.py", ("Two means", "Two averages"), "sources have changed"),
        ("README.md", ("| 01 |", "| 1 |"), "README"),
    ],
)  # fmt: skip
def test_check_notices_whatever_is_old(copy, capsys, file, change, complaint):
    path = copy / file
    text = path.read_text(encoding="utf-8")
    old = change[0] if change[0] in text else change[0].capitalize()
    assert old in text
    path.write_text(text.replace(old, change[1], 1), encoding="utf-8")
    assert check() == 1
    assert complaint in capsys.readouterr().out


def test_check_notices_a_missing_and_a_stray_notebook(copy, capsys):
    (copy / "solutions" / "01_mathematics_of_gans.ipynb").unlink()
    (copy / "notebooks" / "99_gone.ipynb").write_text("{}")
    assert check() == 1
    out = capsys.readouterr().out
    assert "missing" in out
    assert "99_gone" in out


LESSON = """# ---
# jupyter:
#   course: {id: "01", title: T, learner_minutes: 5, needs: nothing}
# ---
# %% [markdown] name="title"
\"\"\"
# T
\"\"\"
# %% name="imports"
import numpy as np
"""


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("# %%\n1 + 1\n", "needs a name"),
        ('# %% name="Bad Name"\n1\n', "needs a name"),
        ('# %% name="imports"\n1\n', "two cells are named imports"),
        ('# %% exercise="gan.theory.value_function"\n1\n', "must be empty"),
    ],
)
def test_faults_of_a_lesson_get_a_sentence(tmp_path, more, sentence):
    path = tmp_path / "01_t.py"
    path.write_text(LESSON + more, encoding="utf-8")
    with pytest.raises(CourseError, match=sentence):
        lessons.read_lesson(path)


def test_a_reference_that_needs_more_than_its_lesson_has_is_refused(tmp_path):
    path = tmp_path / "01_t.py"
    path.write_text(LESSON + '# %% exercise="gan.theory.saturating_gradient"\n', encoding="utf-8")
    one = next(one for one in lesson_exercises("01") if one.name == "saturating_gradient")
    with pytest.raises(CourseError, match="uses sigmoid"):
        prove(lessons.read_lesson(path), [one])
    with pytest.raises(CourseError, match="has the exercises"):
        prove(lessons.read_lesson(path), [])


def test_a_solved_notebook_that_would_be_too_large_is_refused(monkeypatch):
    big = notebooks.notebook(ALL[0], lesson_exercises(ALL[0].id))
    big.metadata["course"]["seconds"] = 1
    big.cells[0].source += "x" * (3 * 2**20)
    monkeypatch.setattr(build, "solved", lambda *_: big)
    with pytest.raises(CourseError, match="at most 2 are shipped"):
        build.solved_text(ALL[0], [])
