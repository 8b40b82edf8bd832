"""`marks.toml` beside the submissions: what a person decides. The machine's marks stay in the JSON beside it.

[questions]                                  # open questions: name = most points
"Why two players?" = 5

[partial."gan.theory.js_divergence"]         # part of the points for a recognised misconception
"logarithms to base 2 were used" = 10

[late]
percent_per_day = 10                         # of the total
at_most = 50

[learner."Ada Lovelace"]
days_late = 1
comment = "See me about question 2."
questions = { "Why two players?" = 4 }

[learner."Ada Lovelace".override."gan.theory.value_function"]
points = 10
reason = "right; the file was damaged by the upload"
"""

import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from course_lib.errors import CourseError
from course_lib.exercises import Exercise

OF_LEARNER = {"days_late", "comment", "questions", "override"}


@dataclass
class Hand:
    """The content of marks.toml, checked; empty where there is none."""

    questions: dict[str, float] = field(default_factory=dict)
    partial: dict[str, dict[str, float]] = field(default_factory=dict)
    per_day: float = 0.0
    at_most: float = 100.0
    learners: dict[str, dict] = field(default_factory=dict)


def read_hand(path: Path, exercises: list[Exercise], learners: list[str]) -> Hand:
    """Read and check marks.toml.

    Raises:
        CourseError: it is not TOML, or names something that is not there: a typing error must not lose a mark.
    """
    if not path.exists():
        return Hand()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path.name} cannot be read: {error}.") from None
    known = {one.id: one for one in exercises}

    def complain(sentence: str):
        raise CourseError(f"{path.name}: {sentence}")

    def number(value, what: str, most: float = math.inf) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            complain(f"{what} is {value!r}; expected is a number from 0 to {most:g}.")
        return value

    def only(table: dict, allowed, what: str) -> None:
        for name in table:
            if name not in allowed:
                complain(f"{what} '{name}' is not known. There are: {', '.join(sorted(map(str, allowed)))}.")

    only(content, {"questions", "partial", "late", "learner"}, "the table")
    only(content.get("late", {}), {"percent_per_day", "at_most"}, "the entry of [late]")
    hand = Hand(
        {name: number(most, f"question '{name}'") for name, most in content.get("questions", {}).items()},
        content.get("partial", {}),
        number(content.get("late", {}).get("percent_per_day", 0), "percent_per_day", 100),
        number(content.get("late", {}).get("at_most", 100), "at_most", 100),
        content.get("learner", {}),
    )
    only(hand.partial, known, "the exercise")
    for id, shares in hand.partial.items():
        only(shares, {m.name for m in known[id].misconceptions}, f"the misconception of {id}")
        for name, points in shares.items():
            number(points, name, known[id].points)
    only(hand.learners, learners, "the learner")
    for learner, said in hand.learners.items():
        only(said, OF_LEARNER, f"for {learner}: the entry")
        number(said.get("days_late", 0), f"days_late of {learner}")
        only(said.get("questions", {}), hand.questions, "the question")
        for name, points in said.get("questions", {}).items():
            number(points, f"'{name}' of {learner}", hand.questions[name])
        only(said.get("override", {}), known, "the exercise")
        for id, override in said.get("override", {}).items():
            number(override.get("points"), f"the points of {learner} for {id}", known[id].points)
            if not str(override.get("reason", "")).strip():
                complain(f"the override of {learner} for {id} needs a reason.")
    return hand


def settle(record: dict | None, learner: str, exercises: list[Exercise], hand: Hand) -> dict:
    """A learner's final marks: the machine's, and what a person added.

    Args:
        record: of `one.grade`; None when nothing was handed in.

    Returns:
        `{"points": {id: number or None}, "questions": {name: number or None}, "reasons": {id: text}, "late": number
        taken off, "comment", "total": number or None, "max"}`. Whatever is open makes the total None, never 0.
    """
    said = hand.learners.get(learner, {})
    machine = {entry["id"]: entry for entry in (record or {}).get("exercises", [])}
    points, reasons = {}, {}
    for one in exercises:
        entry = machine.get(one.id)
        points[one.id] = entry["points"] if entry else None
        share = hand.partial.get(one.id, {}).get(entry["misconception"] if entry else None)
        if share is not None and entry["points"] == 0:
            points[one.id] = share
            reasons[one.id] = f"partial credit: {entry['misconception']}"
        if one.id in said.get("override", {}):
            override = said["override"][one.id]
            points[one.id], reasons[one.id] = override["points"], override["reason"]
    questions = {name: said.get("questions", {}).get(name) for name in hand.questions}
    parts = [*points.values(), *questions.values()]
    most = sum(one.points for one in exercises) + sum(hand.questions.values())
    whole = None if any(part is None for part in parts) else sum(parts)
    off = 0
    if whole is not None and said.get("days_late"):
        off = round(whole * min(hand.at_most, hand.per_day * math.ceil(said["days_late"])) / 100, 2)
    total = None if whole is None else _plain(whole - off)
    return {"points": points, "questions": questions, "reasons": reasons, "late": off, "comment": str(said.get("comment", "")),
            "total": total, "max": _plain(most)}  # fmt: skip


def _plain(number: float) -> float | int:
    number = round(number, 2)
    return int(number) if number == int(number) else number
