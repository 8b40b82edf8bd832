"""`python course.py test`: stages go on after a failure, and the table and the exit status say so."""

import os
import sys

import pytest

from course_lib.classroom import suite
from course_lib.data import home
from tests.conftest import group, seconds

PASSES = "def test_one(): assert True\n"
FAILS = "import pytest\ndef test_one(): assert False\ndef test_two(): pytest.skip('why')\ndef test_three(): pass\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    (tmp_path / "datasets").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    for name, text in (("test_passes.py", PASSES), ("test_fails.py", FAILS), ("test_none.py", "")):
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    return tmp_path


def stage(name: str, *files: str) -> suite.Stage:
    return suite.Stage(name, [[sys.executable, "-m", "pytest", "-q", file] for file in files])


def test_a_failure_does_not_stop_the_rest(course, monkeypatch, capfd):
    made = [stage("first", "test_fails.py"), stage("second, too", "test_passes.py")]
    monkeypatch.setattr(suite, "stages", lambda workers: made)
    assert suite.main(["--install-seconds", "90"]) == 1
    out = capfd.readouterr().out
    assert "1 failed, 1 passed, 1 skipped" in out  # pytest's own line
    first = next(line for line in out.splitlines() if line.startswith("first "))
    assert first.split()[2:] == ["1", "1", "1", "FAILED"]
    assert "install" in out
    assert "1.50" in out  # minutes
    assert out.strip().splitlines()[-1].strip("= ").startswith("1 failed, 2 passed, 1 skipped in ")


def test_all_good_is_status_0(course, monkeypatch, capfd):
    monkeypatch.setattr(suite, "stages", lambda workers: [stage("only", "test_passes.py")])
    assert suite.main([]) == 0
    assert "1 passed in" in capfd.readouterr().out.strip().splitlines()[-1]


@pytest.mark.parametrize("file", ["test_none.py", "no_such_file.py"])
def test_a_stage_without_tests_is_a_failure(course, monkeypatch, capfd, file):
    monkeypatch.setattr(suite, "stages", lambda workers: [stage("empty", file)])
    assert suite.main([]) == 1
    assert "FAILED" in capfd.readouterr().out


def test_commands_that_are_not_pytest_count_by_status(course, monkeypatch, capfd):
    made = suite.Stage("lint", [[sys.executable, "-c", "raise SystemExit(1)"], [sys.executable, "-c", ""]])
    monkeypatch.setattr(suite, "stages", lambda workers: [made])
    assert suite.main([]) == 1
    assert made.counts == {"passed": 1, "failed": 1, "skipped": 0}


def test_with_arguments_it_is_pytest(course, capfd):
    assert suite.main(["-q", "-k", "three", "test_fails.py"]) == 0
    assert "1 passed, 2 deselected" in capfd.readouterr().out
    assert suite.main(["-q", "test_fails.py"]) == 1


def test_the_person_who_runs_the_tests_leaves_no_trace_in_them(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "full")
    monkeypatch.setenv("COURSE_KEEP", "/somewhere")
    env = suite.hermetic_environment(tmp_path, 2)
    assert "COURSE_PROFILE" not in env
    assert env["COURSE_KEEP"].startswith(str(tmp_path))
    assert int(env["OMP_NUM_THREADS"]) == max(1, os.cpu_count() // 2)


def test_every_test_belongs_to_a_stage():
    """Unit is what no other stage takes: nothing is left out, nothing runs twice."""
    marks = [
        command[command.index("-m", 2) + 1]
        for one in suite.stages(1)
        for command in one.commands
        if "pytest" in command
    ]
    assert marks == ["not notebook and not browser and not install", "notebook", "browser", "install"]


def test_a_stage_that_names_folders_names_all_that_bear_its_mark():
    tests = home() / "tests"
    for mark in ("notebook", "browser", "install"):
        (command,) = [c for one in suite.stages(1) for c in one.commands if c[3:5] == ["-m", mark]]
        folders = [home() / part for part in command if part.startswith("tests/")]
        bearing = [
            file for file in tests.rglob("test_*.py") if f"mark.{mark}\n" in file.read_text(encoding="utf-8")
        ]
        assert bearing
        assert all(any(folder in file.parents for folder in folders) for file in bearing), mark


def test_states_and_exercises_are_shared_out_and_files_stay_together():
    states, exercises = "tests/classroom/test_states.py", "tests/exercises/test_every_exercise.py"
    assert group(f"{states}::test_solved[03]") != group(f"{states}::test_solved[07]")
    assert group(f"{exercises}::test_a[text.cells.x]") == group(f"{exercises}::test_b[text.cells.y]")
    assert group(f"{exercises}::test_a[text.cells.x]") != group(f"{exercises}::test_a[gan.losses.z]")
    assert group("tests/film/test_a.py::test_1") == group("tests/film/test_b.py::test_2")
    assert group("tests/gan/test_a.py::test_1") == group("tests/gan/test_a.py::test_2[x::y]")
    assert (
        seconds("test_solved_it[03]")
        > seconds("test_as_shipped_it[03]")
        > seconds("tests/data/test_twin.py")
        == 0
    )
