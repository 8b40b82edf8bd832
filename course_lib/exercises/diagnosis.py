"""Right or not yet, and why: the same judgement under a cell, in `course check` and in grading.

`judge` works on outcomes (plain data) alone, wherever they came from. A misconception is named only when the
observations equal it on *all* cases; otherwise general signs are looked for, see `signs`.
"""

from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.exercises.signs import general
from course_lib.exercises.verdict import NOT_STARTED, Example, Verdict, example_of
from course_lib.marking.run import Outcome
from course_lib.marking.wire import shown

__all__ = ["NOT_STARTED", "Example", "Verdict", "agrees", "judge", "recognised"]


def judge(
    exercise: Exercise, cases: list[dict], outcomes: list[Outcome], expected: list[Outcome] | None = None
) -> Verdict:
    """Compare what a function did on the cases with the reference.

    Args:
        outcomes: one a case; fewer only when the last is 'out of time'.
        expected: the reference's outcomes, where they are known already (from before a learner's code ran in
            this process, say); else they are found now.
    """
    expected = expected or exercise.outcomes(exercise.reference, cases)
    wrong = [i for i, (got, want) in enumerate(zip(outcomes, expected)) if not agrees(exercise, got, want)]
    if not wrong and len(outcomes) == len(cases):
        return Verdict("right", "right", "Right")
    if outcomes and outcomes[-1].status == "out of time":
        return _slow(exercise, cases[len(outcomes) - 1])
    known = recognised(exercise, cases, outcomes, expected)
    if known is None:
        return general(
            [(cases[i], outcomes[i], expected[i]) for i in wrong], len(cases), exercise.kind == "step"
        )
    # the first failing case is the one that the exercise's author meant to be read
    example = example_of(cases[wrong[0]], outcomes[wrong[0]], expected[wrong[0]])
    return Verdict(
        "not yet", "misconception", f"It looks as if {known.name}", known.hint, known.name, example
    )


def agrees(exercise: Exercise, got: Outcome, want: Outcome) -> bool:
    """Do two outcomes count as the same?"""
    if got.status != want.status:
        return False
    if got.status == "raised":
        return got.error["type"] == want.error["type"]
    if got.status != "returned":
        return True
    return (
        got.plain_kinds() == want.plain_kinds()
        and exercise.compare(got.arrays, want.arrays)
        and (exercise.kind == "step" or sorted(got.changed) == sorted(want.changed))
    )


def recognised(
    exercise: Exercise, cases: list[dict], outcomes: list[Outcome], expected: list[Outcome]
) -> Misconception | None:
    """The misconception that does exactly the same on all cases, and is wrong on at least one."""
    for one in exercise.misconceptions:
        for wrong in (one.wrong, *one.variants):
            theirs = exercise.outcomes(exercise.implementation(wrong), cases)
            if len(theirs) != len(outcomes) or all(agrees(exercise, a, b) for a, b in zip(theirs, expected)):
                continue
            if all(agrees(exercise, got, want) for got, want in zip(outcomes, theirs)):
                return one
    return None


def _slow(exercise: Exercise, case: dict) -> Verdict:
    return Verdict(
        "not yet",
        "slow",
        "Too slow",
        f"It was stopped after {exercise.seconds:g} s; the course's version needs a small part of that. "
        "Is there a loop that never ends, or one that numpy could do at once?",
        example=Example([(name, shown(value)) for name, value in case.items()], []),
    )
