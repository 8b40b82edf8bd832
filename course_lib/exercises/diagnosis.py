"""Right or not yet, and why: the same judgement under a cell, in `course check` and in grading.

`judge` works on outcomes (plain data) alone, wherever they came from. A misconception is named only when the
observations equal it on *all* cases; otherwise general signs are looked for, from the plainest to the subtlest.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from course_lib.exercises.compare import same
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.marking.run import Outcome
from course_lib.marking.wire import shown


@dataclass(frozen=True)
class Example:
    """One case on which the function differs: arguments, and parts as (name, expected, got)."""

    arguments: list[tuple[str, str]]
    parts: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Verdict:
    """What the card says.

    Attributes:
        status: 'right', 'not yet' or 'not started'.
        kind: 'right', 'not started', 'misconception', 'raised', 'slow', 'nothing', 'type', 'changed', 'detached',
            'transposed', 'shape', 'nan', 'sign', 'factor', 'whole numbers', 'different'.
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


def judge(exercise: Exercise, cases: list[dict], outcomes: list[Outcome]) -> Verdict:
    """Compare what a function did on the cases with the reference.

    Args:
        outcomes: one a case; fewer only when the last is 'out of time'.
    """
    expected = exercise.outcomes(exercise.reference, cases)
    wrong = [i for i, (got, want) in enumerate(zip(outcomes, expected)) if not agrees(exercise, got, want)]
    if not wrong and len(outcomes) == len(cases):
        return Verdict("right", "right", "Right")
    if outcomes and outcomes[-1].status == "out of time":
        return _slow(exercise, cases[len(outcomes) - 1])
    known = recognised(exercise, cases, outcomes, expected)
    at = min(wrong, key=lambda i: len(str(cases[i])))  # the shortest failing case is the one to look at
    example = _example(cases[at], outcomes[at], expected[at])
    if known is not None:
        return Verdict(
            "not yet", "misconception", f"It looks as if {known.name}", known.hint, known.name, example
        )
    return _general(exercise, [(cases[i], outcomes[i], expected[i]) for i in wrong], example)


def agrees(exercise: Exercise, got: Outcome, want: Outcome) -> bool:
    """Do two outcomes count as the same?"""
    if got.status != want.status:
        return False
    if got.status == "raised":
        return got.error["type"] == want.error["type"]
    if got.status != "returned":
        return True
    return (
        _kinds(got) == _kinds(want)
        and exercise.compare(got.arrays, want.arrays)
        and (exercise.kind == "step" or sorted(got.changed) == sorted(want.changed))
    )


def recognised(
    exercise: Exercise, cases: list[dict], outcomes: list[Outcome], expected: list[Outcome]
) -> Misconception | None:
    """The misconception that does exactly the same on all cases, and is wrong on at least one."""
    for one in exercise.misconceptions:
        theirs = exercise.outcomes(exercise.implementation(one.wrong), cases)
        if len(theirs) != len(outcomes) or all(map(lambda a, b: agrees(exercise, a, b), theirs, expected)):
            continue
        if all(agrees(exercise, got, want) for got, want in zip(outcomes, theirs)):
            return one
    return None


def _kinds(outcome: Outcome) -> dict:
    # a number and an array without axes are the same thing to anybody but a computer
    return {
        name: "number" if kind == "array" and outcome.arrays[name].ndim == 0 else kind
        for name, kind in outcome.kinds.items()
    }


def _slow(exercise: Exercise, case: dict) -> Verdict:
    return Verdict(
        "not yet",
        "slow",
        "Too slow",
        f"It was stopped after {exercise.seconds:g} s; the course's version needs a small part of that. "
        "Is there a loop that never ends, or one that numpy could do at once?",
        example=Example([(name, shown(value)) for name, value in case.items()], []),
    )


def _general(exercise: Exercise, failures: list, example: Example) -> Verdict:
    def verdict(kind: str, title: str, text: str) -> Verdict:
        return Verdict("not yet", kind, title, text, example=example)

    _, got, want = failures[0]
    raised = next((outcome for _, outcome, _ in failures if outcome.status == "raised"), None)
    if raised is not None:
        error = raised.error
        at = f" In your line {error['number']}: `{error['line']}`" if error["line"] else ""
        return verdict("raised", f"It raised {error['type']}", f"{error['type']}: {error['message']}.{at}")
    if want.status == "raised":
        return verdict(
            "raised", "An error was expected", f"Here it should raise {want.error['type']}, and it returned."
        )
    if got.kinds.get("result") == "none" and want.kinds.get("result") != "none":
        return verdict(
            "nothing", "It returned nothing", "The function ends without `return`, so its value is None."
        )
    kinds, wanted = _kinds(got), _kinds(want)
    for name in wanted:
        if kinds.get(name) != wanted[name]:
            is_ = kinds.get(name, "missing").removeprefix("other: ")
            return verdict(
                "type", "Another type is expected", f"`{name}` is {_a(is_)}; expected is {_a(wanted[name])}."
            )
    extra = [name for name in kinds if name not in wanted]
    if extra:
        return verdict("type", "There is more than expected", f"`{extra[0]}` should not be there.")
    if exercise.kind != "step" and any(o.changed for _, o, w in failures if o.changed != w.changed):
        names = ", ".join(f"`{name}`" for name in got.changed)
        return verdict(
            "changed",
            "It changes its input",
            f"{names} is not the same after the call. Work on a copy, or on new arrays.",
        )
    differing = [name for name in want.arrays if not same(got.arrays[name], want.arrays[name])]
    name = differing[0] if differing else next(iter(want.arrays))
    if name.endswith(".requires_grad"):
        return verdict(
            "detached",
            "Cut off from its gradient" if want.arrays[name] else "Still tied to the graph",
            "Something on the way (`.detach()`, `.item()`, numpy, `no_grad`) "
            + ("stops" if want.arrays[name] else "should stop")
            + " the gradient.",
        )
    triples = [(o.arrays[name], w.arrays[name]) for _, o, w in failures if name in o.arrays]
    return verdict(*_numbers(name, triples, failures, differing))


def _numbers(name: str, pairs: list, failures: list, differing: list) -> tuple[str, str, str]:
    """Signs in the numbers themselves; `pairs` are (got, expected) over the failing cases."""
    got, want = pairs[0]
    if got.shape != want.shape:
        if any(_permuted(g, w) for g, w in pairs):
            return (
                "transposed",
                "Axes in another order",
                f"The values are right; shape {got.shape} should be {want.shape}.",
            )
        return (
            "shape",
            "Another shape is expected",
            f"`{name}` has shape {got.shape}; expected is {want.shape}.",
        )
    if got.dtype.kind in "USb" or want.dtype.kind in "USb":
        return "different", "Not yet", "Look at the example: what is expected there, and why?"
    moved = [(g, w) for g, w in pairs if not same(g, w)]
    if all(g.shape == w.shape and _permuted(g, w) for g, w in moved):
        return (
            "transposed",
            "Axes in another order",
            "The values are there, along another axis. Rows or columns?",
        )
    if any(np.isnan(g).any() and not np.isnan(w).any() for g, w in moved):
        return "nan", "Not a number", "NaN appears: a 0/0, inf - inf, or the logarithm of a negative number."
    if any(np.isinf(g).any() and not np.isinf(w).any() for g, w in moved):
        return "nan", "Infinite", "An infinity appears: a division by 0, log(0), or exp of something large."
    if all(same(-g, w) for g, w in moved):
        return "sign", "The sign is flipped", "Every value is right but for its sign."
    ratios = [_ratio(g, w) for g, w in moved]
    if all(ratio is not None for ratio in ratios):
        sizes = [_sizes(case) for case, _, _ in failures]
        if len(sizes) == len(ratios) and all(
            any(np.isclose(r, s) for s in ss if s > 1) for r, ss in zip(ratios, sizes)
        ):
            return (
                "factor",
                "A sum where a mean is meant",
                "Every value is too large by the number of elements.",
            )
        if len(sizes) == len(ratios) and all(
            any(np.isclose(1 / r, s) for s in ss if s > 1) for r, ss in zip(ratios, sizes)
        ):
            return (
                "factor",
                "A mean where a sum is meant",
                "Every value is too small by the number of elements.",
            )
        if np.allclose(ratios, ratios[0]):
            return (
                "factor",
                "Off by a constant factor",
                f"Every value is {ratios[0]:.4g} times what it should be.",
            )
        return (
            "factor",
            "Off by a factor",
            f"In each case all values are off by one factor, here {ratios[0]:.4g}.",
        )
    if all(g.dtype.kind in "iu" or same(g, np.round(g)) for g, _ in moved) and any(
        same(g, np.round(w)) or same(g, np.trunc(w)) for g, w in moved
    ):
        return (
            "whole numbers",
            "Rounded to whole numbers",
            "Is there an integer division `//` or an integer array?",
        )
    more = f" It differs in {', '.join(f'`{part}`' for part in differing[:4])}." if name != "result" else ""
    return "different", "Not yet", "Look at the example: what is expected there, and why?" + more


def _permuted(got, want) -> bool:
    if got.ndim < 2 or got.ndim > 4 or sorted(got.shape) != sorted(want.shape) or same(got, want):
        return False
    return any(same(np.transpose(got, order), want) for order in itertools.permutations(range(got.ndim)))


def _ratio(got, want) -> float | None:
    """The one factor between two arrays, or None."""
    got, want = np.ravel(got).astype(complex), np.ravel(want).astype(complex)
    used = np.abs(want) > 1e-12
    if not used.any() or not same(got[~used], want[~used]):
        return None
    ratios = (got[used] / want[used]).real
    return float(ratios[0]) if np.allclose(ratios, ratios[0], rtol=1e-5) and abs(ratios[0]) > 1e-12 else None


def _sizes(case: dict) -> set:
    return {n for v in case.values() if isinstance(v, np.ndarray) for n in (v.size, *v.shape)}


def _a(kind: str) -> str:
    return kind if kind in ("none", "missing") else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _example(case: dict, got: Outcome, want: Outcome) -> Example:
    arguments = [(name, shown(value)) for name, value in case.items()]
    if want.status == "raised":
        return Example(arguments, [("", f"raises {want.error['type']}", _summary(got))])
    names = [
        n for n in want.arrays if n not in got.arrays or not same(got.arrays[n], want.arrays[n])
    ] or list(want.arrays)
    parts = []
    for name in names[:3]:
        theirs = (
            shown(got.arrays[name]) if name in got.arrays and got.kinds[name] != "none" else _summary(got)
        )
        parts.append((name, shown(want.arrays[name]), theirs))
    return Example(arguments, parts)


def _summary(outcome: Outcome) -> str:
    if outcome.status == "raised":
        return f"raised {outcome.error['type']}"
    if outcome.kinds.get("result") == "none":
        return "None"
    return ", ".join(sorted(set(outcome.kinds.values()))) or outcome.status
