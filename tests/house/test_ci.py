"""`.ci/run`: the README's command whatever the machine lacks, and its exit status."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from course_lib.data import home

pytestmark = pytest.mark.skipif(os.name == "nt", reason="CI runs on Linux")
COMMAND = "python course.py test"


@pytest.fixture
def machine(tmp_path):
    """A bare machine: a clone with .ci/run, and a PATH that holds only what the test puts there."""
    (tmp_path / "clone" / ".ci").mkdir(parents=True)
    shutil.copy(home() / ".ci" / "run", tmp_path / "clone" / ".ci" / "run")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "env", "dirname", "id", "cat"):
        (programs / name).symlink_to(shutil.which(name))

    def program(name: str, script: str) -> None:
        (programs / name).write_text(f"#!{shutil.which('bash')}\n{script}\n", encoding="utf-8")
        (programs / name).chmod(0o755)

    # a Python that fits ('-c' asks for its version) and says how it was called
    program("python", '[ "$1" = -c ] && exit 0; echo "RAN python $*"; exit 3')
    program("sudo", 'shift; "$@"')
    program.run = lambda: subprocess.run(
        [tmp_path / "clone" / ".ci" / "run"],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        cwd="/",
    )
    return program


def test_it_runs_the_readmes_command():
    assert (home() / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1] == COMMAND
    assert COMMAND in (home() / "README.md").read_text(encoding="utf-8")


def test_nothing_missing_nothing_installed(machine):
    machine("chromium", "")
    machine("bwrap", "")
    machine("apt-get", "echo INSTALLED")
    answer = machine.run()
    assert answer.stdout == "RAN python course.py test\n"
    assert answer.returncode == 3  # the suite's own


def test_missing_programs_are_installed(machine, tmp_path):
    machine("apt-get", f'echo "$*" >> {tmp_path}/apt.log')
    assert machine.run().returncode == 3
    assert "chromium bubblewrap" in (tmp_path / "apt.log").read_text()


@pytest.mark.parametrize("apt", ["exit 100", None])
def test_what_cannot_be_installed_is_said_loudly(machine, apt):
    if apt:
        machine("apt-get", apt)
    answer = machine.run()
    assert "TESTS THAT NEED IT ARE SKIPPED" in answer.stderr
    assert "RAN python course.py test" in answer.stdout


def test_another_name_for_python(machine, tmp_path):
    Path(tmp_path / "bin" / "python").unlink()
    machine("chromium", "")
    machine("bwrap", "")
    machine("python3.11", '[ "$1" = -c ] && exit 0; echo "RAN 3.11 $*"; exit 0')
    answer = machine.run()
    assert (answer.stdout, answer.returncode) == ("RAN 3.11 course.py test\n", 0)
