"""Every lesson in three states, from top to bottom: as shipped, every exercise answered by a misconception, solved.

nbval runs the first and the last. Marks come from the functions that `course check` and grading use.
"""

import os
import subprocess
import sys

import pytest

from course_lib.classroom import lessons, notebooks
from course_lib.classroom.check import check
from course_lib.classroom.marker import Marker
from course_lib.data import home
from course_lib.exercises import lesson_exercises

ALL = [lessons.read_lesson(path) for path in lessons.lesson_files()]
each = pytest.mark.parametrize("lesson", ALL, ids=[one.id for one in ALL])


def nbval(folder: str, lesson, profile: str, seconds: int, tmp_path) -> None:
    """Run a notebook by nbval: no cell may fail, and tagged cells must print what is stored."""
    env = {**os.environ, "COURSE_PROFILE": profile, "COURSE_HEADLESS": "1", "COURSE_KEEP": str(tmp_path)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval-lax",
        "--nbval-current-env",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    command += [
        f"--nbval-cell-timeout={seconds}",
        "-p",
        "no:xdist",
        str(notebooks.target(folder, lesson, home())),
    ]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=900, cwd=home())
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.notebook
@each
def test_as_shipped_it_runs_and_scores_nothing(lesson, tmp_path):
    nbval("notebooks", lesson, "smoke", 60, tmp_path)
    marks, problems = check(notebooks.target("notebooks", lesson, home()))
    assert (marks.total, problems) == (0, [])
    assert {verdict.kind for verdict in marks.verdicts.values()} <= {"not started"}


@pytest.mark.notebook
@each
def test_solved_it_runs_and_scores_everything(lesson, tmp_path):
    nbval("solutions", lesson, "quick", 120, tmp_path)
    with Marker() as marker:
        for seed in range(3):
            marks, problems = check(notebooks.target("solutions", lesson, home()), seed=seed, marker=marker)
            assert (marks.total, problems) == (marks.most, [])


def answered_wrongly(lesson, round_):
    """The lesson with one misconception in every exercise; another one each round."""
    exercises = lesson_exercises(lesson.id)
    chosen = {one.id: one.misconceptions[round_ % len(one.misconceptions)] for one in exercises}
    return notebooks.notebook(lesson, exercises, lambda one: one.text(chosen[one.id].wrong)), chosen


@pytest.mark.notebook
@each
def test_answered_wrongly_it_runs_and_every_card_names_its_mistake(lesson, tmp_path):
    made, chosen = answered_wrongly(lesson, 0)
    notebooks.execute(made, "smoke", 60)
    for cell in made.cells:
        id = cell.metadata.get("exercise")
        if id:
            shown = "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
            assert "✗ Not yet" in shown
            assert chosen[id].name in " ".join(shown.split()), id


@pytest.mark.notebook
@each
def test_every_misconception_scores_nothing_through_the_marker(lesson, tmp_path):
    most = max((len(one.misconceptions) for one in lesson_exercises(lesson.id)), default=0)
    with Marker() as marker:
        for round_ in range(most):
            made, chosen = answered_wrongly(lesson, round_)
            path = tmp_path / f"{round_}.ipynb"
            path.write_text(notebooks.dumps(made), encoding="utf-8")
            marks, _ = check(path, seed=round_, marker=marker)
            assert marks.total == 0
            for id, verdict in marks.verdicts.items():
                assert verdict.text == chosen[id].hint, id
