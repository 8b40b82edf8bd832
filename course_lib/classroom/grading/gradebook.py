"""grades.csv, canvas.csv and moodle.csv. No cell of them is a formula to a spreadsheet."""

import csv
import io
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from course_lib.errors import CourseError
from course_lib.exercises import Exercise

NAMES = {"learner": "learner", "name": "learner", "student": "learner", "full name": "learner", "id": "id", "sis user id": "sis_id",
         "sis_id": "sis_id", "sis login id": "login", "login": "login", "section": "section", "email": "email",
         "email address": "email", "identifier": "identifier"}  # fmt: skip


@dataclass
class Person:
    """A line of the roster."""

    learner: str
    id: str = ""
    sis_id: str = ""
    login: str = ""
    section: str = ""
    email: str = ""
    identifier: str = ""


def read_roster(path: Path) -> list[Person]:
    """The class, from a CSV file with a header; Canvas' and Moodle's own exports will do.

    Raises:
        CourseError: it cannot be read or has no column with names.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"the roster {path} cannot be read: {error}.") from None
    people = []
    for row in rows:
        known = {NAMES[k.strip().lower()]: (v or "").strip() for k, v in row.items() if k and k.strip().lower() in NAMES}  # fmt: skip
        if not known.get("learner"):
            continue
        if known["learner"].lower() not in ("points possible", "student, test"):
            people.append(Person(**known))
    if not people:
        raise CourseError(
            f"the roster {path.name} names nobody: it needs a header with a column 'learner' (or 'Student', 'Full name')."
        )
    return people


def find_person(people: list[Person], learner: str, user: str = "") -> Person | None:
    """Who on the roster a submission is of: by the platform's number, else by name in either order."""
    for person in people:
        if user and user in (person.id, person.identifier.removeprefix("Participant ").strip()):
            return person
    for person in people:
        if learner and _folded(learner) in _names(person.learner):
            return person
    return None


def _names(name: str) -> set[str]:
    """'Lovelace, Ada', 'Ada Lovelace' and Canvas' 'lovelaceada' are one person."""
    first, comma, last = name.partition(",")
    words = (last + " " + first).split() if comma else name.split()
    orders = [words, words[-1:] + words[:-1]]
    return {_folded(name)} | {_folded("".join(order)) for order in orders}


def _folded(name: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFKC", name).casefold() if not c.isspace() and c not in ",.-_'"
    )


def safe(cell):
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe."""
    if isinstance(cell, str) and cell.lstrip()[:1] in tuple("=+-@|%＝＋－＠") and cell.lstrip():
        return "'" + cell
    return "" if cell is None else cell


def write_csv(path: Path, rows: list[list], encoding: str = "utf-8") -> None:
    """Write rows, every cell made safe; the file appears whole or not at all."""
    part = path.with_suffix(".csv.tmp")
    with part.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([[safe(cell) for cell in row] for row in rows])
    os.replace(part, path)


def grades(path: Path, students: list, exercises: list[Exercise]) -> None:
    """One line a learner: learner, a column an exercise, open questions, total, max. What is open stays empty.

    Args:
        students: of `classroom.grade`, with `.learner` and `.marks` (see `hand.settle`).
    """
    names = [one.name for one in exercises]
    heads = [one.name if names.count(one.name) == 1 else one.id for one in exercises]
    questions = list(students[0].marks["questions"]) if students else []
    late = any(student.marks["late"] for student in students)
    rows = [["learner", *heads, *questions, *(["late"] if late else []), "total", "max"]]
    for student in students:
        marks = student.marks
        points = [marks["points"][one.id] for one in exercises]
        off = [-marks["late"]] if late else []
        rows.append(
            [student.learner, *points, *marks["questions"].values(), *off, marks["total"], marks["max"]]
        )
    # with a byte order mark, without which Excel does not read Chinese names
    write_csv(path, rows, "utf-8-sig")


def canvas(path: Path, students: list, title: str) -> None:
    """As Canvas' gradebook imports it: five columns that say who, then the assignment."""
    most = students[0].marks["max"] if students else 0
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title], ["    Points Possible", "", "", "", "", most]]  # fmt: skip
    for student in students:
        person = student.person or Person(student.learner, id=student.user)
        rows.append(
            [
                person.learner,
                person.id or student.user,
                person.sis_id,
                person.login,
                person.section,
                student.marks["total"],
            ]
        )
    write_csv(path, rows)


def moodle(path: Path, students: list) -> None:
    """As Moodle's offline grading worksheet: participant, grade, most, a comment."""
    rows = [["Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Feedback comments"]]
    for student in students:
        person = student.person or Person(student.learner)
        identifier = person.identifier or (
            f"Participant {person.id or student.user}" if person.id or student.user else ""
        )
        marks = student.marks
        comment = " ".join(filter(None, [student.reason, marks["comment"]]))
        rows.append([identifier, person.learner, person.email, marks["total"], marks["max"], comment])
    write_csv(path, rows)
