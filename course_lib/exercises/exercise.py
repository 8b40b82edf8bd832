"""What an exercise is, and where exercises are found."""

import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from course_lib.errors import CourseError
from course_lib.exercises import sources
from course_lib.exercises.compare import close
from course_lib.marking.arguments import plain
from course_lib.marking.observe import whole_result
from course_lib.marking.run import Outcome, run_cases


@dataclass(frozen=True)
class Misconception:
    """A plausible wrong implementation, by which a learner's mistake is recognised.

    Attributes:
        name: a few words that complete 'It looks as if ...', for example 'the 1 - was left out'.
        hint: what to think about next; it does not give the line away.
        wrong: a function, or edits of the reference's text: pairs (old, new), each found exactly once.
        variants: the same mistake in other words (functions or edits), with the same hint.
    """

    name: str
    hint: str
    wrong: Callable | Sequence[tuple[str, str]]
    variants: Sequence = ()


@dataclass(frozen=True, eq=False)
class Exercise:
    """One function that a learner writes.

    Attributes:
        id: where the reference stands below `course_lib`, for example 'gan.theory.value_function'.
        reference: that function; self-contained, see `classroom.proof`.
        cases: `cases(rng)` gives a list of cases as plain data (JSON and arrays) in parameter order, edge
            cases included; the first should be the easiest to read, for it is what a card shows.
        misconceptions: at least three, told apart by some case.
        hints: shown one after the other, each folded; the last may nearly give it away.
        points, minutes, difficulty: difficulty from 1 to 5.
        kind: 'function' (must leave its arguments alone) or 'step' (may change them).
        skeleton: a longer start than signature and docstring: every line stands in the reference, `...` for what
            is left out.
        make, observe: functions below `course_lib.marking` that build arguments and read the result.
        compare: `compare(arrays, expected_arrays) -> bool`.
        alternatives: right answers written differently (functions, or edits); tests hold them against the checks.
        equivalent: names of single-operator mutants that compute the same, see tests/exercises/mutants.py.
        seconds: limit for all cases together.
        twins: ids of other functions of the library that would give the answer away; grading withholds them, too
            (and every top-level function of a subject that has the exercise's own name, without being told).
    """

    id: str
    reference: Callable
    cases: Callable[[np.random.Generator], list[dict]]
    misconceptions: Sequence[Misconception]
    hints: Sequence[str]
    points: int = 10
    minutes: int = 8
    difficulty: int = 2
    kind: str = "function"
    skeleton: str = ""
    make: Callable = plain
    observe: Callable = whole_result
    compare: Callable[[dict, dict], bool] = close
    alternatives: Sequence = ()
    equivalent: Sequence[str] = ()
    seconds: float = 10.0
    twins: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The function's name."""
        return self.reference.__name__

    @cached_property
    def source(self) -> str:
        """The reference's text, as it stands in `course_lib` (and in the solution)."""
        return sources.text_of(self.reference)

    @cached_property
    def stub(self) -> str:
        """What the learner finds: signature, docstring and `...`, or the exercise's skeleton."""
        if not self.skeleton:
            return sources.stub(self.source)
        text = textwrap.dedent(self.skeleton).strip() + "\n"
        strange = sources.is_skeleton_of(text, self.source)
        if strange:
            raise ValueError(f"exercise {self.id}: not in the reference: {strange}")
        return text

    def implementation(self, wrong) -> Callable:
        """A function from a function or from edits of the reference."""
        if callable(wrong):
            return wrong
        text = self.text(wrong)
        if text not in self._compiled:
            self._compiled[text] = sources.compiled(text, self.reference)
        return self._compiled[text]

    @cached_property
    def _compiled(self) -> dict[str, Callable]:
        return {}

    def text(self, wrong) -> str:
        """The source of `implementation(wrong)`, its name made the exercise's."""
        if callable(wrong):
            return sources.renamed(sources.text_of(wrong), wrong.__name__, self.name)
        return sources.edited(self.source, wrong)

    def drawn(self, seed: int) -> list[dict]:
        """The cases of a seed."""
        return self.cases(np.random.default_rng(seed))

    def outcomes(self, function: Callable, cases: list[dict]) -> list[Outcome]:
        """What `function` does on the cases, in this process."""
        return run_cases(function, cases, self.make, self.observe, self.seconds)


_loaded: dict[str, list[Exercise]] = {}


def lesson_exercises(lesson: str) -> list[Exercise]:
    """The exercises of a lesson, in order; loads that lesson's file only.

    Raises:
        CourseError: there is no such lesson.
    """
    if lesson not in _loaded:
        if not re.fullmatch(r"\d\d|template", lesson) or lesson not in lessons_with_exercises():
            raise CourseError(
                f"there is no lesson '{lesson}' with exercises; there are {lessons_with_exercises()}."
            )
        module = importlib.import_module(f"course_lib.exercises.lesson_{lesson}")
        for one in module.EXERCISES:
            if one.reference.__module__ + "." + one.name != "course_lib." + one.id:
                raise ValueError(f"exercise {one.id}: its reference stands elsewhere")
        _loaded[lesson] = list(module.EXERCISES)
    return _loaded[lesson]


def lessons_with_exercises() -> list[str]:
    """Ids such as '01' of the lessons that have a file here."""
    return sorted(path.stem.removeprefix("lesson_") for path in Path(__file__).parent.glob("lesson_*.py"))


def lesson_of(id: str) -> str:
    """The lesson that an exercise belongs to, found in the text of the files so that none is loaded in vain.

    Raises:
        CourseError: no lesson has it; the message names the nearest ids.
    """
    known = {}
    for lesson in lessons_with_exercises():
        for name in (f"lesson_{lesson}.py", f"files_{lesson}.py"):  # functions to write, files to hand in
            if (Path(__file__).parent / name).exists():
                text = (Path(__file__).parent / name).read_text(encoding="utf-8")
                ids = re.findall(r'(?:Exercise|Artefact)\(\s*(?:id=)?"([\w.]+)"', text)
                known |= dict.fromkeys(ids, lesson)
    if id not in known:
        import difflib

        near = difflib.get_close_matches(id, known, n=2, cutoff=0.4)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise CourseError(f"there is no exercise '{id}'.{meant}")
    return known[id]


def find(id: str) -> Exercise:
    """The exercise with this id.

    Raises:
        CourseError: there is none.
    """
    for one in lesson_exercises(lesson_of(id)):
        if one.id == id:
            return one
    raise CourseError(f"there is no exercise '{id}'.")


def place_of(function: Callable) -> str:
    """'module:name' of a make or observe function, for the worker."""
    return f"{inspect.getmodule(function).__name__}:{function.__name__}"
