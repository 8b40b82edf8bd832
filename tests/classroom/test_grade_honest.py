"""Honest learners, in whatever style and packaging, get all their points: not one false failure."""

import json
import shutil

import pytest

from course_lib.classroom.grade import grade
from course_lib.classroom.grading import sandbox
from tests.classroom.honest import learner

LEARNERS = 27


@pytest.fixture(scope="module")
def students(tmp_path_factory):
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed: GRADING IS NOT TESTED HERE")
    folder = tmp_path_factory.mktemp("honest")
    for number in range(LEARNERS):
        path = folder / "class" / f"学生 {number:02d}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(learner(number)), encoding="utf-8")
    (folder / "seed.txt").write_text("honest", encoding="utf-8")
    try:
        return grade(folder / "class", folder / "out", "01", 2, folder / "seed.txt")
    except sandbox.CourseError as problem:
        pytest.skip(f"GRADING IS NOT TESTED HERE: {problem}")


def test_two_hundred_answers_and_no_false_failure(students):
    answers = [(s.learner, e) for s in students for e in s.record["exercises"]]
    assert len(answers) == 8 * LEARNERS >= 200
    wrong = [(who, e["name"], e["title"], e["text"], e["example"]) for who, e in answers if e["status"] != "right"]  # fmt: skip
    assert wrong == []


def test_every_learner_has_full_marks(students):
    assert [student.marks["total"] for student in students] == [95] * LEARNERS
    assert [student.reason for student in students] == [""] * LEARNERS
