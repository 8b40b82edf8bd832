"""The template lesson, which is copied to begin a new one, works in all three states."""

import pytest

from course_lib.classroom import lessons, notebooks
from course_lib.classroom.check import check
from course_lib.classroom.proof import prove
from course_lib.data import home
from course_lib.exercises import lesson_exercises

EXERCISES = lesson_exercises("template")


@pytest.fixture(scope="module")
def lesson():
    return lessons.read_lesson(home() / "lessons" / "template.py")


def test_it_is_proved_and_not_among_the_lessons(lesson):
    prove(lesson, EXERCISES)
    assert lesson.path not in lessons.lesson_files()


@pytest.mark.notebook
@pytest.mark.parametrize("answers", ["stub", "solution", "misconception"])
def test_its_three_states(lesson, tmp_path, answers):
    text = {"misconception": lambda one: one.text(one.misconceptions[0].wrong)}.get(answers, answers)
    made = notebooks.notebook(lesson, EXERCISES, text)
    notebooks.execute(made, "smoke", 60)
    path = tmp_path / "template.ipynb"
    path.write_text(notebooks.dumps(made), encoding="utf-8")
    marks, problems = check(path)
    assert (marks.total, problems) == (10 if answers == "solution" else 0, [])
