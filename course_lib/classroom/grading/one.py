"""Mark one notebook: the process that reads a learner's text and judges what came back from the sandbox.

It is a process of its own, started by `batch`, so that a text that breaks Python's own parser ends this process and
not the grading of everybody else. Requests and answers are lines of JSON.
"""

import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from course_lib.classroom.extract import extract, lesson_named, read_cells
from course_lib.classroom.grading.sandbox import Sandbox, from_plain
from course_lib.classroom.grading.scorer import NotScored, Scorer
from course_lib.classroom.marker import Marker, NotTried
from course_lib.errors import CourseError
from course_lib.exercises import Exercise, lesson_exercises
from course_lib.exercises.artefact import Artefact, FileVerdict, lesson_artefacts, missing, refused
from course_lib.exercises.diagnosis import Verdict
from course_lib.marking.confined import confine

# what people hand in where another kind of file is asked for
NEAR = {
    ".pt",
    ".pth",
    ".pkl",
    ".pickle",
    ".ckpt",
    ".checkpoint",
    ".npy",
    ".npz",
    ".csv",
    ".safetensors",
    ".h5",
    ".zip",
}
LONGEST = 700  # characters of any text that a submission had a say in
ADDRESSES = 16 * 2**30  # bytes; enough for every framework, too little to take the machine along


def main() -> None:
    """Serve requests from standard input until it closes."""
    confine({"AS": ADDRESSES})
    end_with_parent()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    with Scorer() as scorer:  # what it has loaded for one file serves the next
        for line in sys.stdin:
            request = json.loads(line)
            record = grade(
                Path(request["path"]), request["lesson"], request["seed"], from_plain(request["sandbox"]),
                request["files"], request["others"], scorer,
            )  # fmt: skip
            answers.write(json.dumps(record) + "\n")
            answers.flush()


def end_with_parent() -> None:
    """On Linux: when `batch` is killed, this ends too, and the sandbox with it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def grade(
    path: Path,
    lesson: str,
    seed: int,
    box: Sandbox,
    files: dict,
    others: list[str],
    scorer: Scorer,
) -> dict:
    """Marks of one notebook and of the files that came with it, as plain data.

    Args:
        files, others: of a `batch.Task`.

    Returns:
        `{"status", "reason", "problems", "exercises", "functions", "seconds"}`: status 'graded', 'partly' (some
        exercises could not be tried) or 'not graded', then with a reason; see `entry_of` for an exercise;
        functions are texts by id.
    """
    started = time.monotonic()
    record = {"status": "not graded", "reason": "", "problems": [], "exercises": [], "functions": {}}
    try:
        texts = read_cells(path)
        exercises = lesson_exercises(lesson)
        submission = extract(texts, exercises)
        named = lesson_named(texts)
        if not any(text.strip() for text in texts):
            raise CourseError("The notebook has no code in it.")
        if not submission.functions and named not in (None, lesson):
            raise CourseError(f"It is a notebook of lesson {named}, not of lesson {lesson}.")
        if not submission.functions:
            raise CourseError(f"None of the functions of lesson {lesson} is in the notebook.")
    except CourseError as problem:
        return {**record, "reason": clean(problem), "seconds": time.monotonic() - started}
    except (Exception, RecursionError, MemoryError) as error:
        reason = f"Reading it failed ({type(error).__name__}); a person must look at it."
        return {**record, "reason": reason, "seconds": time.monotonic() - started}
    record["problems"] = [clean(one) for one in submission.problems][:20]
    record["functions"] = {id: text[:20_000] for id, (_, text) in submission.functions.items()}
    marker = Marker(box.launch, box.limits.seconds - (time.monotonic() - started))
    untried = []
    with marker:
        for one in exercises:
            try:
                verdict = marker.mark(one, submission, seed)
            except NotTried as problem:
                verdict = None
                untried.append(clean(problem))
            except Exception as error:  # our fault or a very strange answer: a person decides
                verdict = None
                untried.append(f"{one.name} could not be judged ({type(error).__name__}).")
            record["exercises"].append(entry_of(one, verdict))
    for one in lesson_artefacts(lesson):
        try:
            verdict = scored(one, files.get(one.id), lesson, seed, others, scorer)
        except NotScored as problem:
            verdict = None
            untried.append(f"{one.file} could not be scored: {problem}.")
        record["exercises"].append(entry_of_file(one, verdict))
    record["status"] = "partly" if untried else "graded"
    record["reason"] = " ".join(dict.fromkeys(untried))
    return {**record, "seconds": round(time.monotonic() - started, 2)}


def entry_of(one: Exercise, verdict: Verdict | None) -> dict:
    """An exercise's result; without a verdict it is 'not graded' and its points are open."""
    if verdict is None:
        return {"id": one.id, "name": one.name, "most": one.points, "points": None, "status": "not graded", "kind": "not graded",
                "title": "Not graded", "text": "This exercise could not be tried.", "misconception": None, "example": None}  # fmt: skip
    example = None
    if verdict.example is not None:
        example = {
            "arguments": [[clean(part) for part in row] for row in verdict.example.arguments][:12],
            "parts": [[clean(part) for part in row] for row in verdict.example.parts][:4],
            "printed": clean(verdict.example.printed),
        }
    return {
        "id": one.id,
        "name": one.name,
        "most": one.points,
        "points": one.points if verdict.right else 0,
        "status": verdict.status,
        "kind": verdict.kind,
        "title": clean(verdict.title),
        "text": clean(verdict.text),
        "misconception": verdict.misconception,
        "example": example,
    }


def scored(
    artefact: Artefact, given: dict | None, lesson: str, seed: int, others: list[str], scorer: Scorer
) -> FileVerdict:
    """The verdict on a file; in its text the file has the name under which the learner knows it.

    Raises:
        NotScored: there is none, by no fault of the file's that we know of.
    """
    if given is None:
        verdict = missing(artefact)
        near = [name for name in others if Path(name).suffix.lower() in NEAR]
        if not near:
            return verdict
        instead = f" There is {', '.join(near[:3])}, which is another kind of file: {' or '.join(artefact.taken)} is expected."
        return replace(verdict, text=verdict.text + instead)
    if given["refused"]:
        return refused(given["refused"])
    verdict = scorer.score(lesson, artefact, Path(given["path"]), seed)
    return replace(verdict, text=verdict.text.replace(Path(given["path"]).name, given["name"]))


def entry_of_file(one: Artefact, verdict: FileVerdict | None) -> dict:
    """A file's result, in the form of `entry_of`; what tells it from others stands under 'file'."""
    entry = entry_of(one, verdict)
    if verdict is None:
        return entry | {"text": "This file could not be scored."}
    file = {
        "digest": verdict.digest,
        "sketch": list(verdict.sketch),
        "ours": verdict.ours,
        "common": verdict.points <= one.common,
        "remark": clean(verdict.remark),
    }
    return entry | {"points": verdict.points, "file": file}


def clean(text) -> str:
    """Text that may be stored and shown: no control characters, not endless."""
    text = "".join(c if c.isprintable() or c == "\n" else "�" for c in str(text)[:LONGEST])
    return text.encode("utf-8", "replace").decode("utf-8")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        main()
