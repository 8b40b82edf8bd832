"""One class of hostile, unlucky and honest learners, graded once; the tests look at what came out."""

import json
import os
import shutil
import socket
import subprocess
import threading

import pytest

from course_lib.classroom import grade as command
from course_lib.classroom.grading import sandbox
from course_lib.classroom.grading.demo import answered, shipped
from course_lib.exercises import lesson_exercises
from tests.hostile.attacks import CHEATS, LOOPS, NUISANCES, Attack

ATTACKED = "gan.theory.value_function"
# small, so that a bomb is over soon; numpy and scipy need about 60 MB
LIMITS = sandbox.Limits(
    memory=512 * 2**20,
    address_space=3 * 2**30,
    processes=48,
    file=16 * 2**20,
    temporary=32 * 2**20,
    seconds=90.0,
)


@pytest.fixture(scope="session", autouse=True)
def _only_in_a_sandbox():
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed: HOSTILE SUBMISSIONS ARE NOT TESTED HERE")


def notebook(attack: Attack, canary: str, port: int) -> dict:
    """Lesson 01 with the attack in place of its first function."""
    exercises = lesson_exercises("01")
    if attack.others == "right":
        answers = {one.id: one.source for one in exercises}
    else:
        answers = {one.id: f"{one.stub.splitlines()[0]}\n    return 0.123\n" for one in exercises}
    made = answered("01", answers)
    code = attack.code.replace("CANARY.magic", canary + ".magic").replace("PORT", str(port))
    code = code.replace("CANARY", repr(canary))
    for cell in made["cells"]:
        if cell["metadata"].get("exercise") == ATTACKED:
            cell["source"] = code
    return made


class Host:
    """What must stay as it is: a file, a port that nobody calls, the machine's processes."""

    def __init__(self, folder):
        self.canary = folder / "secret" / "canary.txt"
        self.canary.parent.mkdir()
        self.canary.write_text("untouched", encoding="utf-8")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.calls = self.listener.getsockname()[1], []
        threading.Thread(target=self._listen, daemon=True).start()
        self.core_pattern = _read("/proc/sys/kernel/core_pattern")

    def _listen(self):
        while True:
            try:
                connection, address = self.listener.accept()
            except OSError:
                return
            self.calls.append(address)
            connection.close()


class Class:
    """The graded class: `.of[name]` is a `Student`."""

    def __init__(self, host, out, students, error):
        self.host, self.out, self.error = host, out, error
        self.of = {student.learner: student for student in students}


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    host, submissions = Host(folder), folder / "handed in"
    submissions.mkdir()
    for name, attack in {**CHEATS, **NUISANCES, **LOOPS}.items():
        _save(submissions / f"{name}.ipynb", notebook(attack, str(host.canary), host.port))
    right = answered("01", {one.id: one.source for one in lesson_exercises("01")})
    for name in ("honest first", "zz honest last", "诚实的学生"):
        _save(submissions / f"{name}.ipynb", right)
    _save(submissions / "untouched.ipynb", shipped("01"))
    odd_files(submissions, right, host)
    out = folder / "graded"
    try:
        students = command.grade(submissions, out, "01", 8, limits=LIMITS)
    except sandbox.CourseError as problem:
        pytest.skip(f"HOSTILE SUBMISSIONS ARE NOT TESTED HERE: {problem}")
    yield Class(host, out, students, None)
    host.listener.close()


def odd_files(folder, right: dict, host) -> None:
    """Files that are no notebook of this lesson, or have names that do harm."""
    for name, content in {
        "empty": b"",
        "not json": b"this is a letter",
        "a list": b"[1, 2]",
        "binary": bytes(range(256)) * 40,
        "cells of numbers": b'{"cells": [1, 2, 3]}',
        "nested": b'{"cells": ' + b"[" * 100_000,
    }.items():
        (folder / f"{name}.ipynb").write_bytes(content)
    with (folder / "huge.ipynb").open("wb") as file:
        file.truncate(300 * 2**20)
    _save(folder / "no code.ipynb", {"cells": [{"cell_type": "markdown", "source": "# Sorry"}]})
    _save(folder / "other lesson.ipynb", shipped("00"))
    _save(folder / "other course.ipynb", {"cells": [{"cell_type": "code", "source": "print('hello')"}]})
    _save(folder / "wrong nbformat.ipynb", {**right, "nbformat": 99, "nbformat_minor": "x"})
    _save(folder / "=cmd|' calc'!A0.ipynb", right)
    _save(folder / "<img src=x onerror=alert(4)>.ipynb", right)
    _save(folder / "\x1b[31mred\x07.ipynb", right)
    os.symlink(host.canary, folder / "link.ipynb")
    os.symlink(folder.parent, folder / "linked folder")
    os.mkfifo(folder / "pipe.ipynb")


def _save(path, made: dict) -> None:
    path.write_text(json.dumps(made), encoding="utf-8")


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def processes() -> str:
    """The command lines of all processes of this machine."""
    return subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True).stdout
