"""`course grade` and `course release` as a whole: a second run, an interruption, the demo, what is refused."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from course_lib import cli
from course_lib.classroom import grade, release
from course_lib.classroom.grading import batch, demo, sandbox
from course_lib.data import home
from course_lib.errors import CourseError
from course_lib.exercises import lesson_exercises, sources
from course_lib.exercises.artefact import lesson_artefacts

BOXED = shutil.which("bwrap") is not None
needs_a_sandbox = pytest.mark.skipif(
    not BOXED, reason="bubblewrap is not installed: GRADING IS NOT TESTED HERE"
)


@pytest.fixture
def pupils(tmp_path):
    """Three learners: all right, one mistake, nothing done."""
    folder = tmp_path / "the class"
    folder.mkdir()
    exercises = lesson_exercises("01")
    right = {one.id: one.source for one in exercises}
    wrong = {**right, exercises[0].id: exercises[0].text(exercises[0].misconceptions[0].wrong)}
    for name, made in {"Ada": demo.answered("01", right), "Bob": demo.answered("01", wrong), "Cy": demo.shipped("01")}.items():  # fmt: skip
        (folder / f"{name}.ipynb").write_text(json.dumps(made), encoding="utf-8")
    return folder


def totals(students):
    return {student.learner: student.marks["total"] for student in students}


@needs_a_sandbox
def test_a_second_run_grades_only_what_changed(pupils, tmp_path):
    told = []
    out = tmp_path / "out"
    first = grade.grade(pupils, out, told=lambda task, *_: told.append(task.learner))
    assert totals(first) == {"Ada": 95, "Bob": 85, "Cy": 0}
    assert sorted(told) == ["Ada", "Bob", "Cy"]
    shutil.copy(pupils / "Ada.ipynb", pupils / "Cy.ipynb")
    (pupils / "Dora.ipynb").write_text((pupils / "Bob.ipynb").read_text(encoding="utf-8").replace("0.0", "0.00") + " ", encoding="utf-8")  # fmt: skip
    (pupils / "marks.toml").write_text(
        "[learner.Bob.override.'gan.theory.value_function']\npoints = 9\nreason = 'x'\n"
    )
    told.clear()
    again = grade.grade(pupils, out, told=lambda task, *_: told.append(task.learner))
    assert told == ["Dora"]
    assert totals(again) == {"Ada": 95, "Bob": 94, "Cy": 95, "Dora": 85}
    seed = json.loads((out / "results.json").read_text(encoding="utf-8"))["seed"]
    assert seed == batch.secret_seed(out / "seed.txt")
    # same seed, same notebook, elsewhere: the same record
    shutil.copy(out / "seed.txt", tmp_path / "seed.txt")
    grade.grade(pupils, tmp_path / "elsewhere", seed_file=tmp_path / "seed.txt")
    for path in (out / "results").iterdir():
        other = tmp_path / "elsewhere" / "results" / path.name
        one, two = (
            (json.loads(p.read_text(encoding="utf-8")) for p in (path, other)) if other.exists() else ({}, {})
        )
        assert {**one, "seconds": 0} == {**two, "seconds": 0}


@needs_a_sandbox
def test_interrupted_it_goes_on(pupils, tmp_path):
    slow = "def value_function(a, b):\n    import time\n    time.sleep(99)\n"
    (pupils / "Zoe.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": slow}]}))
    out = tmp_path / "out"
    command = [sys.executable, "-m", "course_lib.cli", "grade", str(pupils), "--out", str(out), "--lesson", "01", "--jobs", "1"]  # fmt: skip
    # a suite that runs in the background has Ctrl-C ignored, and children inherit that
    hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, **pipes, cwd=home(), preexec_fn=hears)
    end = time.monotonic() + 60
    while len(list((out / "results").glob("*.json"))) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "stopped" in said
    assert not (out / "grades.csv").exists()
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert str(out) not in left
    told = []
    (pupils / "Zoe.ipynb").unlink()
    students = grade.grade(pupils, out, told=lambda task, *_: told.append(task.learner))
    assert told == []
    assert totals(students) == {"Ada": 95, "Bob": 85, "Cy": 0}


@needs_a_sandbox
def test_the_command_with_a_roster(pupils, tmp_path, capsys):
    (tmp_path / "roster.csv").write_text("learner,id\nAda,1\nBob,2\nEve,3\n", encoding="utf-8")
    out = tmp_path / "out"
    status = cli.main(["grade", str(pupils), "--out", str(out), "--roster", str(tmp_path / "roster.csv"), "--jobs", "2"])  # fmt: skip
    said = capsys.readouterr()
    assert status == 0
    assert "Eve: Nothing was handed in." in said.out
    assert "3 of 3" in said.err
    report = (out / "report.html").read_text(encoding="utf-8")
    assert report.index("Nothing was handed in") < report.index("Distribution")
    assert "Not on the roster" in report
    assert (out / "seed.txt").stat().st_mode & 0o077 == 0 or os.name == "nt"


@needs_a_sandbox
@pytest.mark.slow
def test_the_demo(tmp_path, capsys):
    assert cli.main(["grade", "--demo", "--out", str(tmp_path / "out"), "--jobs", "2"]) == 0
    assert "14 learners, 13 with a total" in capsys.readouterr().out
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "equal the published solution" in report
    assert "the same file" in report
    assert "recommender.npz holds the same numbers" in report
    assert "<th class='number'>in part</th>" in report


@needs_a_sandbox
@pytest.mark.parametrize(
    "path", sorted((home() / "solutions").glob("[0-9]*.ipynb")), ids=lambda path: path.stem
)
def test_every_solution_has_full_marks_in_the_sandbox(path, tmp_path):
    (tmp_path / "in").mkdir()
    shutil.copy(path, tmp_path / "in" / path.name)
    (student,) = grade.grade(tmp_path / "in", tmp_path / "out", path.name[:2], 1)
    points = {entry["id"]: entry["points"] for entry in student.record["exercises"]}
    assert student.marks["max"] > 0
    assert {one.id: points[one.id] for one in lesson_exercises(path.name[:2])} == {
        one.id: one.points for one in lesson_exercises(path.name[:2])
    }
    # what is handed in beside the notebook is not there, and that is a 0 with a sentence
    assert all(points[one.id] == 0 for one in lesson_artefacts(path.name[:2]))


def test_without_a_sandbox_it_refuses(pupils, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    assert cli.main(["grade", str(pupils), "--out", str(tmp_path / "out")]) == 2
    assert "--unsafe-no-sandbox" in capsys.readouterr().err
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_told_so_it_grades_without(pupils, tmp_path):
    students = grade.grade(pupils, tmp_path / "out", unsafe=True)
    assert totals(students) == {"Ada": 95, "Bob": 85, "Cy": 0}
    about = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["about"]
    assert about["sandbox"] == "none (--unsafe-no-sandbox)"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "which submissions"),
        (["nowhere"], "there is no"),
        (["{class}", "--out", "{class}/out"], "inside the submissions"),
        (["{class}", "--jobs", "0"], "at least 1"),
        (["{class}", "--lesson", "99"], "no lesson '99'"),
        (["{class}", "--roster", "none.csv"], "cannot be read"),
    ],
)
def test_what_cannot_be_done_gets_a_sentence(arguments, words, pupils, capsys):
    assert cli.main(["grade", *(one.replace("{class}", str(pupils)) for one in arguments)]) == 2
    assert words in capsys.readouterr().err


def test_a_seed_file(tmp_path):
    one, two = batch.secret_seed(tmp_path / "a"), batch.secret_seed(tmp_path / "b")
    assert one != two
    assert one == batch.secret_seed(tmp_path / "a")
    (tmp_path / "c").write_text("\n")
    with pytest.raises(CourseError, match="empty"):
        batch.secret_seed(tmp_path / "c")


def test_release(tmp_path, capsys):
    assert cli.main(["release", "--lesson", "01", "--out", str(tmp_path / "out")]) == 0
    out = tmp_path / "out"
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert "notebooks/01_mathematics_of_gans.ipynb" in names
    assert {"course.py", "pyproject.toml", "course_lib/cli.py", "START-01_mathematics_of_gans.md"} <= names
    assert not [
        name
        for name in names
        if name.startswith(("solutions/", "lessons/", "tests/")) or "classroom/grad" in name
    ]
    assert not [name for name in names if name.endswith(".ipynb") and "01_" not in name]
    # the command itself and not course.py, which would first install an environment of its own there
    command = [sys.executable, "-m", "course_lib.cli", "check", "notebooks/01_mathematics_of_gans.ipynb"]
    env = {**os.environ, "PYTHONPATH": str(out)}
    done = subprocess.run(command, cwd=out, env=env, capture_output=True, text=True)
    assert "0 of 95 points" in done.stdout, done.stderr
    with pytest.raises(CourseError, match="not empty"):
        release.release(["01"], out)


def test_release_refuses_a_notebook_with_answers(tmp_path, monkeypatch):
    exercises = lesson_exercises("01")
    (tmp_path / "notebooks").mkdir()
    made = demo.answered("01", {exercises[0].id: exercises[0].source})
    (tmp_path / "notebooks" / "01_x.ipynb").write_text(json.dumps(made), encoding="utf-8")
    monkeypatch.setattr(release, "home", lambda: tmp_path)
    with pytest.raises(CourseError, match="not as it should be handed out"):
        release.release(["01"], tmp_path / "out", notebooks_only=True)
    assert not (tmp_path / "out").exists()
    assert not sources.same(exercises[0].source, exercises[0].stub)
