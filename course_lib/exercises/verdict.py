"""What a card says: a verdict, with a case to look at."""

from dataclasses import dataclass

import numpy as np

from course_lib.exercises.compare import same
from course_lib.marking.run import Outcome
from course_lib.marking.wire import shown

CONTAINERS = ("list", "dict", "record")


@dataclass(frozen=True)
class Example:
    """One case on which the function differs: arguments, parts as (name, expected, got), what it printed."""

    arguments: list[tuple[str, str]]
    parts: list[tuple[str, str, str]]
    printed: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the card says.

    Attributes:
        status: 'right', 'not yet' or 'not started'.
        kind: 'right', 'not started', 'misconception', 'raised', 'slow', 'nothing', 'name', 'type', 'changed',
            'detached', 'transposed', 'shape', 'nan', 'sign', 'factor', 'whole numbers', 'different'; from the
            marker also 'missing' and 'no answer'.
        title, text: a few words, and a sentence or two.
        misconception: its name, where one was recognised.
        example: a case to look at.
    """

    status: str
    kind: str
    title: str
    text: str = ""
    misconception: str | None = None
    example: Example | None = None

    @property
    def right(self) -> bool:
        return self.status == "right"


NOT_STARTED = Verdict(
    "not started",
    "not started",
    "Not started",
    "Replace the `...` with your code and run the cell again. Until then the lesson goes on with the course's own version.",
)


def example_of(case: dict, got: Outcome, want: Outcome) -> Example:
    """A failing case as text: arguments, the parts that differ, what was printed."""
    arguments = [(name, shown(value)) for name, value in case.items()]
    if want.status == "raised":
        return Example(arguments, [("", f"raises {want.error['type']}", summary(got))])
    differ = [n for n in want.arrays if n not in got.arrays or not same(got.arrays[n], want.arrays[n])]
    # a container's array is its length, which says nothing to a reader where it is right
    names = differ or [n for n in want.arrays if want.kinds[n] not in CONTAINERS]
    parts = [(name, part(want, name), part(got, name)) for name in names[:3]]
    return Example(arguments, parts, first_lines(got.printed))


def part(outcome: Outcome, name: str) -> str:
    """One part of a result as text."""
    kind = outcome.kinds.get(name)
    if kind is None or kind == "none" or kind.startswith("other"):
        return summary(outcome)
    value = outcome.arrays[name]
    return f"{kind} of {np.asarray(value).item()}" if kind in CONTAINERS else shown(value)


def summary(outcome: Outcome) -> str:
    """A result in a word or two."""
    if outcome.status == "raised":
        return f"raised {outcome.error['type']}"
    if outcome.kinds.get("result") == "none":
        return "None"
    return (
        ", ".join(sorted({kind.removeprefix("other: ") for kind in outcome.kinds.values()})) or outcome.status
    )


def first_lines(text: str) -> str:
    """At most four lines of what a function printed."""
    lines = text.strip().splitlines()
    return "\n".join(lines[:4]) + ("\n..." if len(lines) > 4 else "")
