"""`@exercise(id)`: the whole interface for a learner.

Running the cell checks the function, shows a card, records progress and hands back a function with which the
rest of the lesson runs: the learner's own when it is right, otherwise the reference in a wrapper that says so.
It raises nothing of its own.
"""

import functools
import inspect
import os
import traceback
import zlib
from collections.abc import Callable

from course_lib.exercises import card, progress_file, sources
from course_lib.exercises.diagnosis import NOT_STARTED, Verdict, judge
from course_lib.exercises.exercise import Exercise, find, lesson_of

mine: dict[str, Callable] = {}
"""The learner's own functions, undecorated, by exercise id; right or not."""


class Stand_in:
    """The course's version, standing in for the learner's until that is right.

    Calling it calls the reference; the first call says so. The learner's own is at `.mine`.
    """

    def __init__(self, exercise: Exercise, own: Callable):
        functools.update_wrapper(self, exercise.reference)
        self._exercise, self.mine, self._told = exercise, own, False

    def __call__(self, *arguments, **named):
        if not self._told:
            self._told = True
            print(f"({self._exercise.name}: the course's own version, until yours is right)")
        return self._exercise.reference(*arguments, **named)

    def __get__(self, instance, owner=None):
        return self if instance is None else functools.partial(self, instance)

    def __repr__(self) -> str:
        return f"<{self._exercise.name}: the course's version; yours is {self._exercise.name}.mine>"


def exercise(id: str) -> Callable[[Callable], Callable]:
    """Decorator for the function that a learner writes; see the module's text.

    Args:
        id: for example 'gan.theory.value_function'.
    """

    def decorate(function):
        mine[id] = function
        if os.environ.get("COURSE_MODE") == "grading":
            return function  # grading marks the stored function and substitutes nothing
        try:
            one = find(id)
        except Exception as error:
            print(f"This cell could not be checked: {error}")
            return function
        try:
            return attempt(one, function)
        except Exception:
            print(f"The check of {one.name} failed by itself; this is our fault, not yours. Please report:")
            print(traceback.format_exc(limit=-4))
            return Stand_in(one, function) if callable(function) else one.reference

    return decorate


def attempt(one: Exercise, function: Callable) -> Callable:
    """Check a learner's function, show the card, record; returns what the rest of the lesson uses."""
    verdict = verdict_on(one, function)
    note, entry = "", None
    try:
        entry = progress_file.record(one.id, lesson_of(one.id), verdict.status, verdict.kind, one.points)
    except OSError as error:
        note = f"Progress could not be saved ({error.strerror or error}); the check itself is not affected."
    card.show(card.Card(one, verdict, entry, note))
    return function if verdict.right else Stand_in(one, function)


def verdict_on(one: Exercise, function: Callable) -> Verdict:
    """The verdict on a live function, by the cases that every learner gets."""
    if not inspect.isfunction(function):
        kind = type(function).__name__
        return Verdict(
            "not yet",
            "type",
            "A function is expected",
            f"`@exercise` stands above a {kind}; put it above a `def`.",
        )
    try:
        if sources.same(sources.text_of(function), one.stub):
            return NOT_STARTED
    except (OSError, TypeError, SyntaxError, ValueError):
        pass  # without its text a function can still be called
    cases = one.drawn(seed_of(one.id))
    return judge(one, cases, one.outcomes(function, cases))


def seed_of(id: str) -> int:
    """A fixed seed an exercise, so that the same answer gets the same card. Grading uses a secret one."""
    return zlib.crc32(id.encode())


def reset(id: str) -> None:
    """Start an exercise again: forget what was recorded and put the shipped cell in place of this one."""
    one = find(id)
    progress_file.forget(id)
    mine.pop(id, None)
    text = f'@exercise("{id}")\n{one.stub.rstrip()}'
    try:
        from IPython import get_ipython

        shell = get_ipython()
    except ImportError:
        shell = None
    if shell is not None:
        shell.set_next_input(text, replace=True)
    print(f"{one.name} is as it was at the start." if shell is not None else text)
