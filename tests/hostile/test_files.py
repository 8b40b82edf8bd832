"""No file that is handed in gains a point that it did not earn, harms the host, or keeps others from being graded."""

import json
import os
import zipfile

import numpy as np
import pytest

from course_lib.classroom import grade as command
from course_lib.classroom.grading import sandbox
from course_lib.classroom.grading.demo import shipped as notebook_of
from course_lib.exercises import lesson_exercises
from course_lib.exercises.artefact import lesson_artefacts
from tests.hostile.conftest import LIMITS
from tests.hostile.files import BYTES, SAFETENSORS, npz, pickled

ASKED = {lesson: lesson_artefacts(lesson)[0] for lesson in ("07", "10")}
FILE = ASKED["10"].file
LINKED = "A link to the file of somebody else"


def bare(lesson: str) -> str:
    """A notebook with one function, as it was handed out: nothing has to be run, only files are scored."""
    one = lesson_exercises(lesson)[0]
    cell = {
        "cell_type": "code",
        "source": f'start("{lesson}")\n@exercise("{one.id}")\n{one.stub}',
        "metadata": {},
    }
    return json.dumps(
        {"cells": [cell], "metadata": notebook_of(lesson)["metadata"], "nbformat": 4, "nbformat_minor": 5}
    )


def folder_of(parent, learner: str, lesson: str):
    folder = parent / learner
    folder.mkdir()
    (folder / f"lesson {lesson}.ipynb").write_text(bare(lesson), encoding="utf-8")
    return folder


class Graded:
    """A graded class: `.file(name)` is the entry of the file that somebody handed in."""

    def __init__(self, lesson, students, out, canary):
        self.out, self.canary, self.one = out, canary, ASKED[lesson]
        self.of = {student.learner: student for student in students}
        self.everything = json.loads((out / "results.json").read_text(encoding="utf-8"))

    def file(self, name: str) -> dict:
        return next(entry for entry in self.of[name].record["exercises"] if entry["id"] == self.one.id)

    def page(self, name: str) -> str:
        from course_lib.classroom.grading.feedback import file_name

        return (self.out / "feedback" / file_name(name)).read_text(encoding="utf-8")


def graded(lesson: str, submissions, out, canary) -> Graded:
    try:
        students = command.grade(submissions, out, lesson, 2, limits=LIMITS)
    except sandbox.CourseError as problem:
        pytest.skip(f"HOSTILE FILES ARE NOT TESTED HERE: {problem}")
    return Graded(lesson, students, out, canary)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A class that hands in tables of lesson 10."""
    place = tmp_path_factory.mktemp("tables")
    canary, submissions = place / "canary", place / "handed in"
    submissions.mkdir()
    rng, attempts = np.random.default_rng(0), {one.name: one for one in ASKED["10"].attempts}
    best = max(attempts.values(), key=lambda one: one.least)
    honest = best.make(place, rng).read_bytes()
    for name, (content, _) in BYTES.items():
        (folder_of(submissions, name, "10") / FILE).write_bytes(content)
    (folder_of(submissions, "pickle", "10") / FILE).write_bytes(pickled(canary))
    folder_of(submissions, "nothing", "10")
    (folder_of(submissions, "another kind", "10") / "recommender.pt").write_bytes(honest)
    (folder_of(submissions, "folder", "10") / FILE).mkdir()
    os.symlink(submissions / "honest" / FILE, folder_of(submissions, LINKED, "10") / FILE)
    os.mkfifo(folder_of(submissions, "pipe", "10") / FILE)
    with (folder_of(submissions, "huge", "10") / FILE).open("wb") as file:
        file.truncate(300 * 2**20)
    (folder_of(submissions, "honest", "10") / FILE).write_bytes(honest)
    (folder_of(submissions, "copied", "10") / FILE).write_bytes(honest)
    with np.load(place / FILE) as numbers:
        changed = {name: numbers[name] * np.float32(1.0001) for name in numbers.files}
    (folder_of(submissions, "copied and changed", "10") / FILE).write_bytes(npz(**changed))
    other = npz(**{name: 2 * one for name, one in changed.items()})
    (folder_of(submissions, "王小明", "10") / "推荐 (1).NPZ").write_bytes(honest)
    with zipfile.ZipFile(submissions / "out of the archive.zip", "w") as opened:
        opened.writestr("lesson.ipynb", bare("10"))
        opened.writestr(f"../../honest/{FILE}", honest)
        link = zipfile.ZipInfo(f"link/{FILE}")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, f"../../honest/{FILE}")
    made = graded("10", submissions, place / "graded", canary)
    made.changed, made.best, made.submissions = other, best, submissions
    return made


@pytest.fixture(scope="module")
def generators(tmp_path_factory):
    """A class that hands in generators of lesson 07."""
    place = tmp_path_factory.mktemp("generators")
    canary, submissions = place / "canary", place / "handed in"
    submissions.mkdir()
    for name, make in SAFETENSORS.items():
        (folder_of(submissions, name, "07") / ASKED["07"].file).write_bytes(make(canary))
    return graded("07", submissions, place / "graded", canary)


def test_there_are_enough():
    assert len(BYTES) + len(SAFETENSORS) >= 40


@pytest.mark.parametrize(
    "name", [*BYTES, "pickle", LINKED, "folder", "pipe", "huge", "another kind", "out of the archive"]
)
def test_no_point_for_a_table_that_did_not_earn_it(tables, name):
    entry, student = tables.file(name), tables.of[name]
    assert entry["points"] == 0, entry
    assert student.marks["points"][tables.one.id] == 0
    assert student.marks["total"] == 0, "a bad file is a 0 with a sentence, and nothing is left open"
    assert len(entry["text"]) > 12
    assert "Traceback" not in entry["text"]
    if name in BYTES:
        assert BYTES[name][1] in entry["text"]


@pytest.mark.parametrize("name", SAFETENSORS)
def test_no_point_for_a_generator_that_did_not_earn_it(generators, name):
    entry = generators.file(name)
    assert entry["points"] == 0, entry
    assert generators.of[name].marks["total"] == 0, entry
    assert len(entry["text"]) > 20


@pytest.mark.parametrize("name", [name for name in SAFETENSORS if name.startswith("the course's own")])
def test_the_courses_own_weights_are_known_again(generators, name):
    assert generators.file(name)["kind"] == "ours"
    assert any(flag.startswith(f"{name}: ") for flag in generators.everything["flags"])
    assert generators.file(name)["text"] in generators.of[name].remarks[0]


def test_nothing_was_run(tables, generators):
    for one in (tables, generators):
        assert list(one.canary.parent.glob("canary*")) == []


@pytest.mark.parametrize("name", ["honest", "copied", "copied and changed", "王小明"])
def test_the_honest_are_scored(tables, name):
    entry = tables.file(name)
    assert tables.best.least <= entry["points"] <= tables.best.most, entry
    assert tables.of[name].marks["total"] == entry["points"]
    assert tables.of[name].reason == ""


def test_copies_are_shown_to_a_person_and_cost_nothing(tables):
    flags = [flag for flag in tables.everything["flags"] if FILE in flag]
    assert any(set(flag.split(": ")[0].split(", ")) == {"honest", "copied", "王小明"} for flag in flags), (
        flags
    )
    assert any("copied and changed" in flag.split(": ")[0] for flag in flags), flags
    assert {tables.file(name)["points"] for name in ("honest", "copied", "王小明")} == {
        tables.file("honest")["points"]
    }


def test_who_hands_in_nothing_is_told_what_to_hand_in(tables):
    entry = tables.file("nothing")
    assert entry["status"] == "not started"
    assert entry["points"] == 0
    assert FILE in entry["text"]
    assert FILE in tables.page("nothing")
    assert "recommender.pt" in tables.file("another kind")["text"]


@pytest.mark.parametrize(
    ("name", "words"), [(LINKED, "link"), ("folder", "folder"), ("pipe", "plain file"), ("huge", "MB")]
)
def test_what_is_no_plain_file_is_said(tables, name, words):
    assert words in tables.file(name)["text"]


def test_the_results_stand_everywhere(tables):
    import csv

    with (tables.out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    column = rows[0].index(tables.one.name)
    by_learner = {row[0]: row for row in rows[1:]}
    assert by_learner["honest"][column] == str(tables.file("honest")["points"])
    assert by_learner["empty"][column] == "0"
    assert tables.file("empty")["text"] in tables.page("empty").replace("&#x27;", "'")
    report = (tables.out / "report.html").read_text(encoding="utf-8")
    assert tables.one.name in report
    assert "the same numbers" in report
    one = next(entry for entry in tables.everything["learners"] if entry["learner"] == "王小明")
    assert one["machine"]["files"][tables.one.id]["name"] == "推荐 (1).NPZ"
    assert len(one["machine"]["files"][tables.one.id]["sha256"]) == 64


def test_a_second_run_scores_only_the_file_that_changed(tables):
    told = []
    path = tables.submissions / "zeros" / FILE
    before = path.read_bytes()
    try:
        path.write_bytes(tables.changed)
        students = command.grade(
            tables.submissions,
            tables.out,
            "10",
            2,
            limits=LIMITS,
            told=lambda task, *_: told.append(task.learner),
        )
    finally:
        path.write_bytes(before)
    assert told == ["zeros"]
    changed = next(student for student in students if student.learner == "zeros")
    assert changed.marks["total"] == tables.file("honest")["points"]
