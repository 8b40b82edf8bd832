"""Mark the functions of a saved notebook: they run in a process of their own, the comparison runs here.

The worker gets program texts and cases and sends back observations; see `marking.worker`. `launch` makes the
process, so that grading can put a sandbox around it without another line changing.
"""

import contextlib
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from course_lib.classroom.extract import Submission
from course_lib.exercises import Exercise, sources
from course_lib.exercises.diagnosis import NOT_STARTED, Verdict, judge
from course_lib.exercises.exercise import place_of
from course_lib.marking.arguments import plain
from course_lib.marking.observe import whole_result
from course_lib.marking.run import Outcome
from course_lib.marking.wire import pack, unpack

LARGEST_ANSWER = 64 * 2**20
MOST_PARTS = 4096  # arrays of one outcome, as in marking.observe
START_SECONDS = 60.0  # a worker that must import a framework from a cold disk
OVER = "The time for this submission was over."
DEFINE_SECONDS = 12.0  # beside the exercise's own limit: running the cells that it needs, imports done before


class NoAnswer(Exception):
    """The worker died, fell silent, or sent what is not an answer. The message says which."""


class NotTried(Exception):
    """No fault of this exercise: the submission's time was over, or no worker could be started."""


def launch() -> subprocess.Popen:
    """A worker for code that the person at this machine wrote: a process of its own, no sandbox."""
    env = {**os.environ, "COURSE_MODE": "grading", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "agg"}
    return subprocess.Popen(
        [sys.executable, "-m", "course_lib.marking.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env,
    )  # fmt: skip


class Marker:
    """Marks the exercises of a submission with one worker; starts a new one when it was lost.

    Args:
        launch: makes a worker.
        seconds: wall-clock time for all that this marker does; after it, `mark` raises `NotTried`.
    """

    def __init__(self, launch: Callable[[], subprocess.Popen] = launch, seconds: float = float("inf")):
        self.launch, self.process = launch, None
        self.end = time.monotonic() + seconds

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self) -> None:
        """End the worker."""
        if self.process is not None:
            self.process.kill()
            for pipe in (self.process.stdin, self.process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()
            self.process.wait()
            self.process = None

    def mark(self, exercise: Exercise, submission: Submission, seed: int) -> Verdict:
        """The verdict on one exercise of a submission.

        One that raised or was stopped may have left threads, files or switches behind; the next exercise then gets
        a new worker.

        Args:
            seed: the cases' seed; the same seed gives the same verdict.

        Raises:
            NotTried: the marker's time is over, or there is no worker; that says nothing about this exercise.
        """
        verdict = self._verdict(exercise, submission, seed)
        if verdict.kind in ("raised", "slow", "no answer"):
            self.stop()
        return verdict

    def _verdict(self, exercise: Exercise, submission: Submission, seed: int) -> Verdict:
        if exercise.id not in submission.functions:
            return Verdict(
                "not started",
                "missing",
                "Not found",
                f"There is no function `{exercise.name}` in the notebook.",
            )
        name, text = submission.functions[exercise.id]
        if sources.same(text, exercise.stub):
            return NOT_STARTED
        cases = exercise.drawn(seed)
        request = {
            "program": submission.programs[exercise.id],
            "function": name,
            "make": place_of(exercise.make),
            "observe": place_of(exercise.observe),
            "cases": cases,
            "seconds": exercise.seconds,
        }
        try:
            self.warm(exercise.reference.__module__)
            answer = self.ask(request, DEFINE_SECONDS + exercise.seconds)
            if "error" in answer:
                error = checked_error(answer["error"])
                at = f" at `{error['line']}`" if error["line"] else ""
                return Verdict(
                    "not yet",
                    "raised",
                    f"It raised {error['type']}",
                    f"Before the function could be called{at}: {error['message']}",
                )
            outcomes = [checked_outcome(one) for one in answer["outcomes"][: len(cases)]]
        except NoAnswer as problem:
            return Verdict("not yet", "no answer", "It could not be run", str(problem))
        if len(outcomes) < len(cases) and (not outcomes or outcomes[-1].status != "out of time"):
            return Verdict("not yet", "no answer", "It could not be run", "The answer is incomplete.")
        return judge(exercise, cases, outcomes)

    def warm(self, module: str) -> None:
        """Start a worker where there is none, and let it import what the lesson needs before any clock runs."""
        if self.process is None or self.process.poll() is not None:
            program = f"try:\n    import {module}\nexcept Exception:\n    pass\ndef ready():\n    pass\n"
            place = place_of(plain)
            request = {
                "program": program,
                "function": "ready",
                "make": place,
                "observe": place_of(whole_result),
            }
            try:
                self.ask({**request, "cases": [], "seconds": 1.0}, START_SECONDS)
            except NoAnswer as problem:
                raise NotTried(f"The process that runs submissions could not be started: {problem}") from None

    def ask(self, request: dict, seconds: float) -> dict:
        """Send a request and wait for its answer at most that long.

        Raises:
            NoAnswer: there was none; the worker has been ended.
            NotTried: the marker's own time is over.
        """
        left = self.end - time.monotonic()
        if left <= 0:
            self.stop()
            raise NotTried(OVER)
        if self.process is None or self.process.poll() is not None:
            self.stop()
            self.process = self.launch()
        message = pack(request)
        alarm = threading.Timer(min(seconds, left), self.process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            self.process.stdin.write(struct.pack("<Q", len(message)) + message)
            self.process.stdin.flush()
            head = self.process.stdout.read(8)
            if len(head) < 8:
                raise NoAnswer(self._end())
            length = struct.unpack("<Q", head)[0]
            if length > LARGEST_ANSWER:
                raise NoAnswer(f"The answer would have {length} bytes.")
            answer = unpack(self.process.stdout.read(length), LARGEST_ANSWER)
            if not isinstance(answer, dict) or not (
                "error" in answer or isinstance(answer.get("outcomes"), list)
            ):
                raise NoAnswer("The answer is not one.")
            return answer
        except (OSError, ValueError) as error:
            self.stop()
            raise NoAnswer(f"The process that ran it was lost ({error}).") from None
        except NoAnswer:
            self.stop()
            if time.monotonic() >= self.end:
                raise NotTried(OVER) from None
            raise
        finally:
            alarm.cancel()

    def _end(self) -> str:
        status = self.process.wait()
        if status == -9 or status == 137:
            return "It did not come back in time, or took too much memory, and was ended."
        return f"The process that ran it ended by itself (status {status})."


def checked_outcome(sent) -> Outcome:
    """An outcome from data that anybody may have made up.

    Raises:
        NoAnswer: it has not the form of one.
    """
    import numpy as np

    try:
        status, arrays, kinds = sent["status"], sent["arrays"], sent["kinds"]
        good = (
            status in ("returned", "raised", "out of time")
            and all(isinstance(k, str) and isinstance(a, np.ndarray) for k, a in arrays.items())
            and all(isinstance(k, str) and isinstance(v, str) for k, v in kinds.items())
            and set(kinds) == set(arrays)
            and len(arrays) <= MOST_PARTS
            # plain numbers and text; dates and records are no observations, and numpy cannot compare them
            and all(a.dtype.kind in "biufcSU" for a in arrays.values())
            and all(isinstance(name, str) for name in sent["changed"])
        )
        error = checked_error(sent["error"]) if status == "raised" else None
        if not good:
            raise NoAnswer("The answer has not the right form.")
        return Outcome(
            status,
            arrays,
            kinds,
            error,
            [name[:80] for name in sent["changed"]][:20],
            float(sent["seconds"]),
            str(sent["printed"])[:2000],
        )
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        raise NoAnswer("The answer has not the right form.") from None


def checked_error(sent) -> dict:
    """The description of an exception, every part cut to what it may be."""
    if not isinstance(sent, dict) or not isinstance(sent.get("type"), str):
        raise NoAnswer("The answer has not the right form.")
    number = sent.get("number")
    return {
        "type": sent["type"][:80],
        "types": [str(one)[:80] for one in sent.get("types", [])][:20]
        if isinstance(sent.get("types"), list)
        else [],
        "message": str(sent.get("message", ""))[:600],
        "line": str(sent.get("line", ""))[:200],
        "number": number if isinstance(number, int) else None,
    }


@dataclass
class Marks:
    """The marks of one notebook: verdict and points by exercise id."""

    lesson: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    most: int = 0

    @property
    def total(self) -> int:
        return sum(self.points.values())


def mark_all(
    lesson: str, exercises: list[Exercise], submission: Submission, marker: Marker, seed: int
) -> Marks:
    """Mark every exercise of a lesson."""
    marks = Marks(lesson, most=sum(one.points for one in exercises))
    for one in exercises:
        marks.verdicts[one.id] = marker.mark(one, submission, seed)
        marks.points[one.id] = one.points if marks.verdicts[one.id].right else 0
    return marks
