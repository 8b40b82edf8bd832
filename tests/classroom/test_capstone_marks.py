"""The rubric of the capstone's project, as lesson 14 prints it for instructors, through `course grade`."""

import csv
import json
import re
import tomllib

import pytest

from course_lib import cli
from course_lib.classroom.lessons import lesson_files
from course_lib.exercises import lesson_exercises

LESSON = "14"


def rubric() -> str:
    """The block of marks.toml in the lesson's text."""
    (path,) = [path for path in lesson_files() if path.name.startswith(LESSON)]
    blocks = re.findall(r"```toml\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 1
    return blocks[0]


def test_the_rubric_is_the_table_beside_it():
    (path,) = [path for path in lesson_files() if path.name.startswith(LESSON)]
    text = path.read_text(encoding="utf-8")
    table = {f"project: {name}": int(most) for name, most in re.findall(r"^\| \*\*([\w ]+)\*\* \((\d+)\)", text, flags=re.MULTILINE)}  # fmt: skip
    assert tomllib.loads(rubric())["questions"] == table
    assert sum(table.values()) == int(re.search(r"what is marked, (\d+) points", text)[1])


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Two learners with the first exercise as it was handed out; one of them has marks for the project."""
    folder = tmp_path_factory.mktemp("capstone")
    submissions, out = folder / "handed in", folder / "results"
    submissions.mkdir()
    one = lesson_exercises(LESSON)[0]
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": f'start("{LESSON}")\n@exercise("{one.id}")\n{one.stub}',
    }
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    for name in ("Ada Lovelace", "王小明"):
        (submissions / f"{name}.ipynb").write_text(notebook, encoding="utf-8")
    (submissions / "marks.toml").write_text(rubric(), encoding="utf-8")
    # nothing of the learners' is run for a function that was not begun, so no sandbox is needed
    assert cli.main(["grade", str(submissions), "--out", str(out), "--unsafe-no-sandbox"]) == 0
    return out


def test_the_marks_of_the_project_are_in_every_result(graded):
    given = tomllib.loads(rubric())
    ada = given["learner"]["Ada Lovelace"]
    most = sum(one.points for one in lesson_exercises(LESSON)) + sum(given["questions"].values())
    with (graded / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    for name, points in ada["questions"].items():
        assert float(rows["Ada Lovelace"][name]) == points
    assert float(rows["Ada Lovelace"]["total"]) == sum(ada["questions"].values())
    assert float(rows["Ada Lovelace"]["max"]) == most
    pages = {path.name: path.read_text(encoding="utf-8") for path in (graded / "feedback").glob("*.html")}
    page = next(text for name, text in pages.items() if name.startswith("Ada"))
    assert ada["comment"] in page
    assert "project: measurement" in page
    everything = json.loads((graded / "results.json").read_text(encoding="utf-8"))
    marks = {one["learner"]: one["marks"] for one in everything["learners"]}
    assert marks["Ada Lovelace"]["questions"] == ada["questions"]


def test_who_is_not_marked_yet_has_no_total(graded):
    with (graded / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    assert rows["王小明"]["total"] == ""
    assert rows["王小明"]["project: film"] == ""
    assert rows["王小明"][lesson_exercises(LESSON)[0].name] == "0"
