"""What a learner has done, kept in one small JSON file that survives restarts, crashes and two kernels at once."""

import contextlib
import datetime
import json
import os
import time
from pathlib import Path

from course_lib.data import keep


def place() -> Path:
    """`progress.json` in the folder that outlives the kernel (Google Drive when mounted on Colab)."""
    return keep() / "progress.json"


def read() -> dict:
    """`{exercise id: {"lesson", "status", "attempts", "points", "first_right", "last", "last_kind"}}`.

    A damaged file is set aside as progress.json.damaged, never deleted.
    """
    try:
        done = json.loads(place().read_text(encoding="utf-8"))
        if isinstance(done, dict) and all(isinstance(entry, dict) for entry in done.values()):
            return done
        raise ValueError
    except FileNotFoundError:
        return {}
    except (ValueError, UnicodeDecodeError):
        with contextlib.suppress(OSError):
            os.replace(place(), place().with_suffix(".json.damaged"))
        return {}


def record(id: str, lesson: str, status: str, kind: str, points: int) -> dict:
    """Write down an attempt; returns the exercise's entry. 'not started' is not an attempt.

    What was right once stays right: a later experiment in the same cell loses nothing. Of a file that is right 'in part'
    the best points stay.
    """
    now = datetime.datetime.now().isoformat(timespec="seconds")
    with locked():
        done = read()
        entry = done.get(id) or {
            "lesson": lesson,
            "status": "not started",
            "attempts": 0,
            "points": 0,
            "first_right": None,
        }
        if status != "not started":
            entry["attempts"] += 1
            entry |= {"last": now, "last_kind": kind}
            if status == "right":
                entry |= {"status": "right", "points": points, "first_right": entry["first_right"] or now}
            elif entry["status"] != "right":
                part = {"status": "in part", "points": max(points, entry["points"])}
                entry |= part if status == "in part" else {}
                entry["status"] = "in part" if entry["points"] else "not yet"
        done[id] = entry
        _write(done)
    return entry


def forget(id: str) -> None:
    """Start an exercise again from nothing."""
    with locked():
        done = read()
        if done.pop(id, None) is not None:
            _write(done)


def _write(done: dict) -> None:
    part = place().with_suffix(f".{os.getpid()}.tmp")
    part.write_text(json.dumps(done, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(part, place())


@contextlib.contextmanager
def locked(patience: float = 3.0):
    """One writer at a time, by a lock file that works on every system (also on Google Drive).

    A lock older than ten seconds was left by a kernel that died, and is taken over.
    """
    lock = place().with_suffix(".lock")
    end = time.monotonic() + patience
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - lock.stat().st_mtime > 10:
                    lock.unlink()
                    continue
            if time.monotonic() > end:
                break  # better a rare lost update than a learner who waits
            time.sleep(0.02)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()
