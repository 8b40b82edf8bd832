"""What comes out: tables, marks by hand, similar texts, pages. Nothing here runs a submission."""

import csv
from types import SimpleNamespace

import pytest

from course_lib.classroom.grading import copies, feedback, gradebook, hand, one, overview
from course_lib.classroom.grading.demo import answers_of
from course_lib.errors import CourseError
from course_lib.exercises import lesson_exercises
from course_lib.exercises.diagnosis import judge

EXERCISES = lesson_exercises("01")
FIRST, THIRD = EXERCISES[0].id, EXERCISES[2].id


def record(wrong=(), open_=()):
    entries = []
    for exercise in EXERCISES:
        cases = exercise.drawn(1)
        if exercise.id in open_:
            entries.append(one.entry_of(exercise, None))
            continue
        answer = exercise.implementation(exercise.misconceptions[1].wrong) if exercise.id in wrong else exercise.reference  # fmt: skip
        entries.append(one.entry_of(exercise, judge(exercise, cases, exercise.outcomes(answer, cases))))
    return {
        "status": "graded",
        "reason": "",
        "problems": [],
        "exercises": entries,
        "functions": {},
        "seconds": 1.0,
    }


def student(learner="Ada", rules=None, **more):
    made = {"learner": learner, "record": record(), "reason": "", "notes": [], "user": "", "file": "", "person": None, **more}  # fmt: skip
    made["marks"] = hand.settle(made["record"], learner, EXERCISES, rules or hand.Hand())
    return SimpleNamespace(**made)


def rules(tmp_path, text, learners=("Ada", "Bob")):
    (tmp_path / "marks.toml").write_text(text, encoding="utf-8")
    return hand.read_hand(tmp_path / "marks.toml", EXERCISES, list(learners))


def test_marks_by_hand(tmp_path):
    mistake = EXERCISES[2].misconceptions[1].name
    text = f'''
[questions]
"Why two players?" = 5
[partial."{THIRD}"]
"{mistake}" = 6
[late]
percent_per_day = 10
at_most = 30
[learner.Ada]
days_late = 1.5
comment = "Well reasoned."
questions = {{ "Why two players?" = 4 }}
[learner.Ada.override."{FIRST}"]
points = 7
reason = "right idea"
'''
    read = rules(tmp_path, text)
    marks = hand.settle(record(wrong=(FIRST, THIRD)), "Ada", EXERCISES, read)
    assert marks["points"][FIRST] == 7
    assert marks["points"][THIRD] == 6
    assert marks["reasons"] == {FIRST: "right idea", THIRD: f"partial credit: {mistake}"}
    whole = 7 + 6 + (95 - 10 - 15) + 4
    assert marks["late"] == pytest.approx(0.2 * whole)
    assert marks["total"] == pytest.approx(0.8 * whole)
    assert marks["max"] == 100
    # Bob's open question has not been marked: no total, and not a 0
    assert hand.settle(record(), "Bob", EXERCISES, read)["total"] is None


def test_what_is_open_has_no_total():
    marks = hand.settle(record(open_=(FIRST,)), "Ada", EXERCISES, hand.Hand())
    assert marks["points"][FIRST] is None
    assert marks["total"] is None
    assert hand.settle(None, "Ada", EXERCISES, hand.Hand())["total"] is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = ", "cannot be read"),
        ("[lat]\n", "'lat' is not known"),
        ("[learner.Eve]\ndays_late = 1", "'Eve' is not known"),
        ("[learner.Ada]\ndays = 1", "'days' is not known"),
        ("[learner.Ada]\ndays_late = -1", "expected is a number"),
        ("[learner.Ada]\nquestions = { Why = 1 }", "'Why' is not known"),
        ("[learner.Ada.override.nothing]\npoints = 1", "'nothing' is not known"),
        (f'[learner.Ada.override."{FIRST}"]\npoints = 11\nreason = "x"', "from 0 to 10"),
        (f'[learner.Ada.override."{FIRST}"]\npoints = 1', "needs a reason"),
        (f'[partial."{FIRST}"]\n"no such" = 1', "'no such' is not known"),
    ],
)
def test_a_typing_error_loses_no_mark(tmp_path, text, words):
    with pytest.raises(CourseError, match=r"marks\.toml") as caught:
        rules(tmp_path, text)
    assert words in str(caught.value)


def rows(path, encoding="utf-8-sig"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def test_tables(tmp_path):
    people = [gradebook.Person("Lovelace, Ada", "12", "s1", "ada", "A", "ada@example.org", "Participant 9")]
    students = [
        student("Ada Lovelace", person=people[0]),
        student("=1+1", record=record(wrong=(FIRST,)), user="77"),
        student("王小明", record=None, reason="Nothing was handed in."),
    ]
    gradebook.grades(tmp_path / "grades.csv", students, EXERCISES)
    gradebook.canvas(tmp_path / "canvas.csv", students, "Lesson 01")
    gradebook.moodle(tmp_path / "moodle.csv", students)
    grades = rows(tmp_path / "grades.csv")
    assert grades[0] == ["learner", *(e.name for e in EXERCISES), "total", "max"]
    assert grades[1][0] == "Ada Lovelace"
    assert grades[1][-2:] == ["95", "95"]
    assert grades[2][0] == "'=1+1"
    assert grades[2][1] == "0"
    assert grades[2][-2] == "85"
    assert grades[3] == ["王小明", *[""] * 9, "95"]
    canvas = rows(tmp_path / "canvas.csv", "utf-8")
    assert canvas[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lesson 01"]
    assert canvas[1][-1] == "95"
    assert canvas[2] == ["Lovelace, Ada", "12", "s1", "ada", "A", "95"]
    assert canvas[3][1] == "77"
    moodle = rows(tmp_path / "moodle.csv", "utf-8")
    assert moodle[1][:5] == ["Participant 9", "Lovelace, Ada", "ada@example.org", "95", "95"]
    assert moodle[2][0] == "Participant 77"
    assert moodle[3][3:] == ["", "95", "Nothing was handed in."]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "  =1", "|x", "＝1", "\t=1"])
def test_no_cell_is_a_formula(text):
    assert gradebook.safe(text).startswith("'")


def test_plain_cells_stay():
    assert [gradebook.safe(cell) for cell in ("Ada", -7.5, 0, None, "")] == ["Ada", -7.5, 0, "", ""]


def test_the_roster_finds_people(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text('Student,ID,SIS Login ID\n"Lovelace, Ada",12,ada\n"van Dyk, Bob",13,bob\n王小明,14,wang\n', encoding="utf-8-sig")  # fmt: skip
    people = gradebook.read_roster(path)
    assert gradebook.find_person(people, "lovelaceada").id == "12"
    assert gradebook.find_person(people, "Ada Lovelace").login == "ada"
    assert gradebook.find_person(people, "Bob van Dyk").id == "13"
    assert gradebook.find_person(people, "王 小明").id == "14"
    assert gradebook.find_person(people, "whoever", "13").id == "13"
    assert gradebook.find_person(people, "Eve") is None
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CourseError, match="column 'learner'"):
        gradebook.read_roster(path)


def test_what_looks_copied():
    import random

    theirs = {f"honest {n:02d}": answers_of(EXERCISES, random.Random(n), 1.0) for n in range(30)}
    solution = {e.id: e.source for e in EXERCISES}
    renamed = {e.id: e.source.replace("divergence_from_middle", "f").replace("middle", "m").replace("used", "u").replace("total", "t").replace("known", "k") for e in EXERCISES}  # fmt: skip
    own = {**theirs["honest 00"], THIRD: "def js_divergence(p, q):\n    both = p + q\n    total = 0\n    for i, x in enumerate(both):\n        if x == 0:\n            continue\n        for y in (p[i], q[i]):\n            if y != 0:\n                total = total + y / 2 * np.log(y) - y / 2 * np.log(x) + y / 2 * np.log(2)\n    return total\n"}  # fmt: skip
    other = {**theirs["honest 01"], THIRD: own[THIRD].replace("both", "summe").replace("total", "ergebnis")}
    flags = copies.look(
        {**theirs, "copier": solution, "hider": renamed, "anna": own, "bert": other},
        EXERCISES,
        {"anna": "a", "bert": "b", "honest 03": "c", "honest 04": "c"},
    )
    said = [flag.split(":")[0] for flag in flags]
    assert said == ["copier", "hider", "anna and bert", "honest 03, honest 04"], flags


def test_forms_ignore_names_and_words():
    one_ = copies.form_of(
        'def f(a):\n    """Doc."""\n    total = a + 1  # comment\n    return np.sqrt(total)\n'
    )
    two = copies.form_of("def g(b: int) -> float:\n    s = b + 1\n    return np.sqrt(s)\n")
    other = copies.form_of("def g(b):\n    s = b + 2\n    return np.sqrt(s)\n")
    assert one_.tree == two.tree != other.tree
    assert copies.form_of("no function") is None


def test_pages_escape_everything():
    bad = "<script>alert(1)</script>"
    machine = record(wrong=(FIRST,))
    machine["problems"] = [bad]
    machine["exercises"][0] |= {"title": bad, "text": f"`{bad}` *{bad}*", "misconception": bad, "example": {"arguments": [[bad, bad]], "parts": [[bad, bad, bad]], "printed": bad}}  # fmt: skip
    who = student(bad, record=machine, reason=bad, notes=[bad])
    who.marks["comment"] = bad
    for page in (feedback.feedback(who, bad, EXERCISES), overview.overview([who], EXERCISES, bad, [bad], {bad: bad})):  # fmt: skip
        assert "<script" not in page
        assert "default-src 'none'" in page
    assert "/" not in feedback.file_name("../../etc/passwd")
    assert feedback.file_name("a/b") != feedback.file_name("a:b")


def test_a_page_says_what_was_right_and_what_was_not():
    page = feedback.feedback(student(record=record(wrong=(FIRST,))), "Lesson 01", EXERCISES)
    assert "85 of 95 points" in page
    assert page.count("✓ Right") == 7
    assert "It looks as if" in page
    assert EXERCISES[0].misconceptions[1].hint.split("`")[0].split("*")[0][:40] in page
    assert "np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake))" not in page
