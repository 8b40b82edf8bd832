"""Glossary and plan: every lesson stands in them, and their links lead to lessons that exist."""

import re

import pytest

from course_lib.classroom.lessons import read_lesson
from course_lib.data import home

LESSONS = {path.name[:2]: path for path in sorted((home() / "lessons").glob("[0-9][0-9]_*.py"))}


def rows(text: str) -> list[list[str]]:
    """Cells of every row of every table, heads and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def text_of(name: str) -> str:
    return (home() / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["GLOSSARY.md", "PLAN.md"])
def test_links_lead_somewhere(name):
    links = re.findall(r"\]\(([^)#]+)\)", text_of(name))
    assert links
    for link in links:
        notebook = re.fullmatch(r"notebooks/(\d\d_\w+)\.ipynb", link)
        there = home() / f"lessons/{notebook[1]}.py" if notebook else home() / link
        assert there.exists(), f"{name}: {link}"


@pytest.mark.parametrize("name", ["GLOSSARY.md", "PLAN.md"])
def test_lessons_that_exist_are_links(name):
    for row in rows(text_of(name)):
        for id in re.findall(
            r"(?<![\w\[/.])(\d\d)(?![\w\]_.])", " ".join(row[1:2] if name == "PLAN.md" else row[-1:])
        ):
            assert id not in LESSONS, f"{name}: lesson {id} exists by now, make it a link"


@pytest.mark.parametrize("plan", ["Fourteen weeks", "Seven weeks"])
def test_every_lesson_stands_in_both_plans_once_and_in_order(plan):
    part = text_of("PLAN.md").split(f"## {plan}")[1].split("\n## ")[0]
    weeks = [row for row in rows(part) if row[0].isdigit()]
    ids = [id for row in weeks for id in re.findall(r"\b(\d\d)\b(?!_)", re.sub(r"\(.*?\)", "", row[1]))]
    assert ids == sorted(set(ids))
    assert set(LESSONS) <= set(ids)
    for row in weeks:
        known = [id for id in re.findall(r"\[(\d\d)\]", row[1]) if id in LESSONS]
        minutes = sum(read_lesson(LESSONS[id]).learner_minutes for id in known)
        all_known = len(known) == len(re.findall(r"\b\d\d\b(?!_)", re.sub(r"\(.*?\)", "", row[1])))
        assert float(row[4]) >= minutes / 60 - 0.3, f"week {row[0]}: its lessons take {minutes} minutes"
        assert not all_known or float(row[4]) <= minutes / 60 + 0.5, f"week {row[0]}: {minutes} minutes"
        assert float(row[5]) > float(row[4])


def test_every_lesson_has_a_question_with_a_rubric():
    part = text_of("PLAN.md").split("## Open questions")[1]
    asked = re.findall(
        r"^\*\*(\d\d)\.\*\* (.+)\n\*Claim:\* .+\*Reason:\* .+\*Limits:\* .+$", part, re.MULTILINE
    )
    assert set(LESSONS) <= {id for id, _ in asked}


def test_the_glossary_has_both_languages_and_ties_terms_to_lessons():
    terms = [row for row in rows(text_of("GLOSSARY.md")) if row[0] != "中文"]
    assert len(terms) > 60
    for row in terms:
        assert len(row) == 5, row
        assert re.search(r"[\u4e00-\u9fff]", row[0]), row
        assert re.search(r"[a-zA-Z]{2}", row[1]), row
        assert re.search(r"\d\d", row[4]), row
    names = [row[0] for row in terms]
    assert len(names) == len(set(names))
    used = {id for row in terms for id in re.findall(r"\[(\d\d)\]", row[4])}
    assert set(LESSONS) - {"00"} <= used, "a lesson without a word of its own"
