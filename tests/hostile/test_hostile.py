"""No submission gains a mark that it did not earn, harms the host, or keeps others from being graded."""

import json
import time

import pytest

from tests.hostile.attacks import CHEATS, LOOPS, NUISANCES
from tests.hostile.conftest import ATTACKED, _read, processes

ATTACKS = {**CHEATS, **NUISANCES, **LOOPS}


def test_there_are_enough():
    assert len(ATTACKS) >= 40


@pytest.mark.parametrize("name", ATTACKS)
def test_no_mark_that_was_not_earned(graded, name):
    attack, student = ATTACKS[name], graded.of[name]
    entries = {entry["id"]: entry for entry in student.record["exercises"]}
    said = (student.reason, [(e["name"], e["status"], e["title"], e["text"]) for e in entries.values()])
    assert entries[ATTACKED]["points"] == 0, said
    assert student.marks["total"] == attack.earned, said
    if attack.kinds:
        assert entries[ATTACKED]["kind"] in attack.kinds, said


@pytest.mark.parametrize("name", ["honest first", "zz honest last", "诚实的学生"])
def test_the_honest_are_graded(graded, name):
    assert graded.of[name].marks["total"] == 95


def test_an_untouched_notebook_has_no_points(graded):
    student = graded.of["untouched"]
    assert student.marks["total"] == 0
    assert {entry["status"] for entry in student.record["exercises"]} == {"not started"}
    assert student.reason == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty", "not a notebook"),
        ("not json", "not a notebook"),
        ("a list", "not a notebook"),
        ("binary", "not a notebook"),
        ("cells of numbers", "not a notebook"),
        ("nested", "not a notebook"),
        ("huge", "more than 64 MB"),
        ("no code", "no code"),
        ("other lesson", "lesson 00, not of lesson 01"),
        ("other course", "None of the functions"),
        ("link", "link is not followed"),
        ("linked folder", "link is not followed"),
        ("pipe", "not a plain file"),
    ],
)
def test_what_could_not_be_graded_has_a_reason_and_no_zero(graded, name, words):
    student = graded.of[name]
    assert words in student.reason
    assert student.marks["total"] is None


def test_what_could_not_be_graded_comes_first(graded):
    reasons = [bool(student.reason) for student in graded.of.values()]
    assert reasons == sorted(reasons, reverse=True)
    report = (graded.out / "report.html").read_text(encoding="utf-8")
    assert report.index("Could not be graded") < report.index("Distribution")


def test_a_wrong_format_number_loses_nothing(graded):
    assert graded.of["wrong nbformat"].marks["total"] == 95


def test_the_hosts_files_are_as_they_were(graded):
    host = graded.host
    assert host.canary.read_text(encoding="utf-8") == "untouched"
    assert [path.name for path in host.canary.parent.iterdir()] == ["canary.txt"]
    assert _read("/proc/sys/kernel/core_pattern") == host.core_pattern


def test_nobody_called_the_hosts_port(graded):
    assert graded.host.calls == []


def test_no_process_is_left(graded):
    """Tests of grading that run beside these have processes of their own, which end soon; one left behind stays."""

    def suspects() -> set[str]:
        return {line for line in processes().splitlines() if "98765" in line or "marking.confined" in line}

    left, deadline = suspects(), time.monotonic() + 60
    while left and time.monotonic() < deadline:
        time.sleep(0.5)
        left &= suspects()
    assert left == set()


def test_nothing_of_the_canary_is_in_any_result(graded):
    for path in graded.out.rglob("*"):
        if path.is_file():
            assert "untouched\n" not in path.read_text(encoding="utf-8").replace("untouched.ipynb", "")


def test_no_script_and_no_escape_in_any_file(graded):
    for path in [*graded.out.rglob("*.html"), *graded.out.rglob("*.csv")]:
        text = path.read_text(encoding="utf-8")
        assert "\x1b" not in text
        assert "\x07" not in text
        if path.suffix == ".html":
            assert "<script" not in text.lower()
            assert "<img" not in text.lower()


def test_no_cell_is_a_formula(graded):
    import csv

    for name in ("grades.csv", "canvas.csv", "moodle.csv"):
        with (graded.out / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not cell.startswith(("=", "+", "@", "|", "\t")), cell
                    assert not cell.startswith("-") or float(cell) < 0


def test_every_mark_can_be_made_again(graded):
    everything = json.loads((graded.out / "results.json").read_text(encoding="utf-8"))
    assert everything["seed"] > 0
    assert everything["about"]["numpy"]
    one = next(entry for entry in everything["learners"] if entry["learner"] == "honest first")
    assert one["machine"]["sha256"]
    assert len(one["machine"]["exercises"]) == 8
