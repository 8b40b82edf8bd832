"""Grade all of them: several at a time, what is known already not again, nothing lost when it is interrupted.

Each thread here drives one `one` process. A process that breaks or does not come back costs its submission, which
is then listed as 'could not be graded'; a new process takes the next.
"""

import contextlib
import hashlib
import importlib.metadata
import json
import os
import platform
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import course_lib
from course_lib.classroom.grading.sandbox import Sandbox
from course_lib.classroom.grading.scorer import START_SECONDS, end_process
from course_lib.classroom.lessons import imported, module_file
from course_lib.data import datasets, home
from course_lib.errors import CourseError
from course_lib.exercises.artefact import lesson_artefacts

GRACE = 40.0  # seconds beyond a submission's own limit: reading, judging, a worker's last moments
ENGINE = (
    "marking/*.py",
    "classroom/extract.py",
    "classroom/marker.py",
    "classroom/proof.py",
    "classroom/grading/one.py",
    "classroom/grading/scorer.py",
)
CHUNK = 2**20


@dataclass
class Task:
    """A notebook to grade, with the files that came with it; `key` names its result.

    Attributes:
        files: id of the exercise -> `{"path", "name", "sha256", "refused"}`, the last a sentence on why it is not opened,
            or ''; others: names of what else was handed in.
    """

    learner: str
    path: Path
    sha256: str
    key: str
    files: dict[str, dict] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)


def task(
    learner: str,
    path: Path,
    lesson: str,
    seed: int,
    version: str,
    files: dict[str, tuple[Path | None, str, str]] | None = None,
    others: list[str] | None = None,
) -> Task:
    """The task of a notebook. Same bytes (of its files, too), seed and version of the course: same key, same marks.

    Args:
        files: id of the exercise -> (where it can be read, the name under which it was handed in, why it is refused or '').
    """
    content = hash_of(path)
    given = {
        id: {"path": str(at), "name": name, "sha256": "" if refused else hash_of(at), "refused": refused}
        for id, (at, name, refused) in (files or {}).items()
    }
    others = (others or [])[:20]
    known = {
        id: {what: said for what, said in one.items() if what != "path"} for id, one in sorted(given.items())
    }
    beside = json.dumps([known, others]) if given or others else ""
    key = hashlib.sha256(f"{content} {lesson} {seed} {version}{beside}".encode()).hexdigest()[:24]
    return Task(learner, path, content, key, given, others)


def hash_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def fingerprint(lesson: str) -> str:
    """Of everything on our side that a mark depends on: exercises, subject modules, the marking engine."""
    root = home() / "course_lib"
    lesson_file = root / "exercises" / f"lesson_{lesson}.py"
    paths = {path for pattern in ENGINE for path in root.glob(pattern)} | {lesson_file}
    # the engine, and not the other lessons' exercises
    paths |= {path for path in (root / "exercises").glob("*.py") if path.stem[-2:].isalpha()}
    waiting = [lesson_file]
    while waiting:
        for module in imported(waiting.pop()):
            file = module_file(module)
            if file is not None and file not in paths:
                paths.add(file)
                waiting.append(file)
    digest = hashlib.sha256(json.dumps(versions()).encode())
    if lesson_artefacts(lesson):  # judges, and the files that are nobody's own work
        for path in sorted(datasets("weights").glob("*.safetensors")):
            digest.update(f"{path.name} {hash_of(path)}".encode())
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def versions() -> dict[str, str]:
    """Of Python and the packages on which results may depend."""
    found = {"course": course_lib.__version__, "python": platform.python_version()}
    for name in ("numpy", "scipy", "torch", "tensorflow"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def grade_all(
    tasks: list[Task],
    lesson: str,
    seed: int,
    box: Sandbox,
    results: Path,
    jobs: int = 2,
    told: Callable[[Task, dict, int, int], None] = lambda *_: None,
) -> dict[str, dict]:
    """Records by key; what stands in `results` already is read and not graded again.

    Args:
        results: folder of JSON files, one a record, each written as soon as it is there.
        jobs: processes at a time.
        told: called after each graded notebook with (task, record, how many are done, how many there are).
    """
    results.mkdir(parents=True, exist_ok=True)
    records = {one.key: known for one in tasks if (known := _read(results / f"{one.key}.json")) is not None}
    left = {one.key: one for one in tasks if one.key not in records}  # the same bytes twice are graded once
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    for one in left.values():
        waiting.put(one)
    lock, stop, failures, graders = threading.Lock(), threading.Event(), [], []

    def work() -> None:
        grader = Grader(box)
        graders.append(grader)
        try:
            while not stop.is_set():
                try:
                    one = waiting.get_nowait()
                except queue.Empty:
                    return
                record = grader.grade(one, lesson, seed)
                if stop.is_set():
                    return
                files = {
                    id: {"name": file["name"], "sha256": file["sha256"]} for id, file in one.files.items()
                }
                record |= {
                    "lesson": lesson,
                    "sha256": one.sha256,
                    "files": files,
                    "seed": seed,
                    "versions": versions(),
                }
                if record["status"] != "partly" and not record.pop("again", False):
                    # a result that a busy machine may have spoilt is not kept for the next run
                    _write(results / f"{one.key}.json", record)
                with lock:
                    records[one.key] = record
                    told(one, record, sum(key in records for key in left), len(left))
        except BaseException as error:
            failures.append(error)
            stop.set()
        finally:
            grader.stop()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(max(1, min(jobs, len(left))))]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            while thread.is_alive():  # a join without time-out would not hear Ctrl-C on Windows
                thread.join(0.2)
    except KeyboardInterrupt:
        stop.set()
        for grader in graders:
            grader.stop()
        raise
    finally:
        box.groups.end()
    if failures:
        raise failures[0]
    return records


class Grader:
    """A `one` process, made anew when it breaks."""

    def __init__(self, box: Sandbox):
        self.box, self.process = box, None

    def grade(self, task: Task, lesson: str, seed: int) -> dict:
        """The record of a notebook and its files; never raises for anything that they do."""
        started = time.monotonic()
        if self.process is None:
            env = {**os.environ, "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "agg"}
            env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(home()), os.environ.get("PYTHONPATH")]))
            self.process = subprocess.Popen(
                [sys.executable, "-m", "course_lib.classroom.grading.one"], env=env, start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
            )  # fmt: skip
        process, late = self.process, threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        files = sum(START_SECONDS + one.seconds for one in lesson_artefacts(lesson)) if task.files else 0.0
        alarm = threading.Timer(self.box.limits.seconds + GRACE + files, end)
        alarm.daemon = True
        alarm.start()
        try:
            request = {"path": str(task.path), "lesson": lesson, "seed": seed, "sandbox": self.box.plain(),
                       "files": task.files, "others": task.others}  # fmt: skip
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if line.endswith("\n"):
                return json.loads(line)
        except OSError:
            pass
        finally:
            alarm.cancel()
        if not late.is_set():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)  # a process that breaks has closed its end a moment before
        self.stop()
        status = process.wait()
        reason = (
            f"It took more than {self.box.limits.seconds:g} s to read and judge."
            if late.is_set()
            else f"Reading it ended the grading process (status {status}); a person must look at it."
        )
        return {"status": "not graded", "reason": reason, "problems": [], "exercises": [], "functions": {},
                "seconds": round(time.monotonic() - started, 2), "again": True}  # fmt: skip

    def stop(self) -> None:
        """End the process; its sandbox ends with it."""
        process, self.process = self.process, None
        end_process(process)


def secret_seed(file: Path) -> int:
    """The seed of the cases from a file that only the instructor has; made, when there is none.

    Raises:
        CourseError: the file cannot be read or written, or is empty.
    """
    import secrets

    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            with open(
                os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            ) as out:
                out.write(secrets.token_hex(16) + "\n")
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"the seed file {file} cannot be used: {error}.") from None
    if not text:
        raise CourseError(f"the seed file {file} is empty; put any line of text in it, or delete it.")
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def _read(path: Path) -> dict | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(path: Path, record: dict) -> None:
    part = path.with_suffix(f".tmp{threading.get_ident()}")
    part.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, path)
