"""Score files that learners handed in, in a process of its own: one that breaks or hangs costs that file alone.

No code of a learner runs here: a file is numbers (`marking.files` sees to that), the scoring is ours. But a network is
made of the numbers, and libraries in compiled code have faults; so it is not done in the process that grades.
Requests and answers are lines of JSON, as in `one`.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from course_lib.errors import CourseError
from course_lib.exercises.artefact import Artefact, FileVerdict, lesson_artefacts, mark_file
from course_lib.exercises.verdict import Example
from course_lib.marking.confined import confine

ADDRESSES = 8 * 2**30  # bytes; torch and its threads reserve much and use little
START_SECONDS = 60.0  # a framework from a cold disk


class NotScored(CourseError):
    """No verdict: the process broke, or did not come back. A person decides."""


class Scorer:
    """The parent's side: a process that is made when it is needed, and made anew when it was lost."""

    def __init__(self):
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def score(self, lesson: str, one: Artefact, path: Path, seed: int) -> FileVerdict:
        """The verdict on a file.

        Raises:
            NotScored: there is none.
        """
        if self.process is None or self.process.poll() is not None:
            self.stop()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "course_lib.classroom.grading.scorer"], env=environment(),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
            )  # fmt: skip
        late = threading.Event()
        process = self.process

        def end() -> None:
            late.set()
            process.kill()

        alarm = threading.Timer(START_SECONDS + one.seconds, end)
        alarm.daemon = True
        alarm.start()
        try:
            process.stdin.write(
                json.dumps({"lesson": lesson, "id": one.id, "path": str(path), "seed": seed}) + "\n"
            )
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        finally:
            alarm.cancel()
        if not line.endswith("\n"):
            self.stop()
            raise NotScored(
                f"it took more than {one.seconds:g} s"
                if late.is_set()
                else "the process that scored it ended"
            )
        answer = json.loads(line)
        if "error" in answer:
            raise NotScored(answer["error"])
        return from_plain(answer)

    def stop(self) -> None:
        """End the process."""
        process, self.process = self.process, None
        end_process(process)


def end_process(process: subprocess.Popen | None) -> None:
    """Kill a process, wait for it and close its pipes; None is no process."""
    if process is None:
        return
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            pipe.close()


def environment() -> dict[str, str]:
    """One thread, so that the same file has the same marks and the neighbours their processor; marks are never 'smoke'."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        **os.environ,
        **threads,
        "COURSE_PROFILE": "quick",
        "MPLBACKEND": "agg",
        "CUDA_VISIBLE_DEVICES": "",
    }


def from_plain(sent: dict) -> FileVerdict:
    """The verdict that `main` wrote."""
    example = sent["example"] and Example(
        [tuple(row) for row in sent["example"]["arguments"]], [tuple(row) for row in sent["example"]["parts"]]
    )
    return FileVerdict(**{**sent, "example": example, "sketch": tuple(sent["sketch"])})


def main() -> None:
    """Serve requests from standard input until it closes."""
    from course_lib.classroom.grading.one import end_with_parent

    confine({"AS": ADDRESSES, "FSIZE": 2**20})
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    for line in sys.stdin:
        request = json.loads(line)
        (one,) = [a for a in lesson_artefacts(request["lesson"]) if a.id == request["id"]]
        try:
            answer = asdict(mark_file(one, Path(request["path"]), request["seed"]))
        except (Exception, RecursionError, MemoryError) as error:
            answer = {"error": f"scoring it failed ({type(error).__name__})"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
