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
from course_lib.exercises.diagnosis import judge
from course_lib.exercises.exercise import Exercise, find, lesson_of
from course_lib.exercises.verdict import NOT_STARTED, Verdict

mine: dict[str, Callable] = {}
"""The learner's own functions, undecorated, by exercise id; right or not."""


class Stand_in:
    """The course's version, standing in for the learner's until that is right.

    Calling it calls the reference; the first call says so. The learner's own is at `.mine` (None before the
    exercise's cell has run).
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
    if not isinstance(id, str):  # written without brackets, or with something else in them
        print(
            'This cell was not checked: write the id in brackets, as in @exercise("gan.theory.value_function")'
        )
        return id if callable(id) else (lambda function: function)

    def decorate(function):
        if isinstance(function, Stand_in):  # decorated twice
            function = function.mine
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
        except KeyboardInterrupt:
            print(f"Interrupted: {one.name} was not checked. Run the cell again.")
        except Exception:
            print(f"The check of {one.name} failed by itself; this is our fault, not yours. Please report:")
            print(traceback.format_exc(limit=-4))
        return Stand_in(one, function)

    return decorate


def attempt(one: Exercise, function: Callable) -> Callable:
    """Check a learner's function, show the card, record; returns what the rest of the lesson uses."""
    verdict = verdict_on(one, function)
    note, entry = "", None
    try:
        entry = progress_file.record(one.id, lesson_of(one.id), verdict.status, verdict.kind, one.points)
    except Exception as error:  # a full disk, a file of another program: no reason to lose a right answer
        note = f"Progress could not be saved ({getattr(error, 'strerror', None) or error}); the check itself is not affected."
    card.show(card.Card(one, verdict, entry, note))
    return with_names_of(one.reference, function) if verdict.right else Stand_in(one, function)


def verdict_on(one: Exercise, function: Callable) -> Verdict:
    """The verdict on a live function, by the cases that every learner gets.

    It runs in the learner's own process, so it is an answer to somebody who wants to know, not a proof.
    """
    if not inspect.isfunction(function):
        kind = "class" if inspect.isclass(function) else type(function).__name__
        text = f"`@exercise` stands above a {kind}; put it above a `def`."
        return Verdict("not yet", "type", "A function is expected", text)
    if function.__name__ != one.name:
        text = f"Yours is called `{function.__name__}`; call it `{one.name}`: the cells below use that name."
        return Verdict("not yet", "name", "Another name is expected", text)
    try:
        if sources.same(sources.text_of(function), one.stub):
            return NOT_STARTED
    except (OSError, TypeError, SyntaxError, ValueError):
        pass  # without its text a function can still be called
    # a function that calls itself must find itself, not the course's version from an earlier run of the cell
    function.__globals__[one.name] = function
    cases = one.drawn(seed_of(one.id))
    expected = one.outcomes(one.reference, cases)  # before the learner's code has run
    return judge(one, cases, one.outcomes(function, cases), expected)


def with_names_of(reference: Callable, function: Callable) -> Callable:
    """The function, callable by the reference's parameter names even if its own are others."""
    ours = inspect.signature(reference)
    if list(inspect.signature(function).parameters)[: len(ours.parameters)] == list(ours.parameters):
        return function

    @functools.wraps(function)
    def renamed(*arguments, **named):
        return function(*ours.bind(*arguments, **named).arguments.values())

    return renamed


def seed_of(id: str) -> int:
    """A fixed seed an exercise, so that the same answer gets the same card. Grading uses a secret one."""
    return zlib.crc32(id.encode())


def reset(id) -> None:
    """Start an exercise again: forget what was recorded and put the shipped cell in place of this one.

    Args:
        id: the exercise's id, or the function itself.
    """
    if not isinstance(id, str):
        named = [known for known in mine if known.split(".")[-1] == getattr(id, "__name__", None)]
        if not named:
            print('reset needs the exercise\'s id, as in reset("gan.theory.value_function").')
            return
        id = named[0]
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
