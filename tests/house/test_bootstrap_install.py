"""The bootstrap for real, on a project with one small package: made, killed, damaged, moved, mended.

The course's own environment takes minutes and gigabytes, so a stand-in with the same course.py and the same
bootstrap is installed instead. What is left out is only the list of packages.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from course_lib.data import home

pytestmark = pytest.mark.install

CLI = """
import sys
COMMANDS = {"doctor": ("", "")}
def main(words):
    import importlib.metadata, iniconfig
    print("HANDED OVER", sys.prefix, sys.version_info[:2], importlib.metadata.version("iniconfig"), *words[1:])
    return 7
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
PROJECT = """
[build-system]
requires = ["setuptools>=69"]
build-backend = "setuptools.build_meta"
[project]
name = "stand-in"
version = "1"
dependencies = ["iniconfig"]
optional-dependencies = {more = ["toolz"]}
[tool.setuptools]
packages = ["course_lib"]
"""


@pytest.fixture(scope="module")
def network():
    """Skip loudly where the package server cannot be reached."""
    address = os.environ.get("PIP_INDEX_URL") or os.environ.get("UV_DEFAULT_INDEX")
    if address:
        return
    try:
        socket.create_connection(("pypi.org", 443), timeout=10).close()
    except OSError:
        pytest.skip("PYPI DOES NOT ANSWER: the bootstrap was not tried for real")


@pytest.fixture
def project(tmp_path, network):
    """The stand-in, in a path with a space and Chinese characters, not yet installed."""
    root = tmp_path / "a course 课程"
    (root / "requirements").mkdir(parents=True)
    package = root / "course_lib"
    shutil.copytree(home() / "course_lib" / "bootstrap", package / "bootstrap")
    for name in ("__init__.py", "errors.py"):
        shutil.copy(home() / "course_lib" / name, package)
    shutil.copy(home() / "course.py", root)
    (package / "cli.py").write_text(CLI, encoding="utf-8")
    (root / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (root / "requirements" / "constraints.txt").write_text(
        "iniconfig==2.1.0\ntoolz==1.0.0\n", encoding="utf-8"
    )
    start = package / "bootstrap" / "start.py"
    start.write_text(start.read_text(encoding="utf-8").replace("SPACE_NEEDED = 6e9", "SPACE_NEEDED = 1e8"))
    return root


def command(root) -> list[str]:
    return [sys.executable, str(root / "course.py"), "doctor", "--word"]


def variables(**more) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")}
    return {**env, "PYTHONDONTWRITEBYTECODE": "1", **more}


def start(root, **more) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(root), capture_output=True, text=True, env=variables(**more), cwd=root.parent, timeout=300
    )


def stamp(root) -> dict:
    return json.loads((root / ".venv" / "course.json").read_text(encoding="utf-8"))


def handed_over(answer: subprocess.CompletedProcess, root) -> None:
    """The command ran in the environment, with its words and its exit status passed through."""
    assert answer.returncode == 7, answer.stdout + answer.stderr
    last = answer.stdout.strip().splitlines()[-1]
    assert last.startswith(f"HANDED OVER {root / '.venv'} ")
    assert last.endswith("2.1.0 --word")


def test_life_of_an_environment(project):
    # made from nothing, bytecode included although the caller's environment forbids it
    handed_over(start(project), project)
    site = next((project / ".venv").glob("[Ll]ib/**/site-packages"))
    assert list((site / "iniconfig" / "__pycache__").glob("*.pyc"))
    assert (site / "toolz").is_dir()  # the extra

    # the second start installs nothing, and takes no module from the folder it is started in
    (project.parent / "iniconfig.py").write_text("raise SystemExit('the wrong one')")
    answer = start(project)
    handed_over(answer, project)
    assert len(answer.stdout.splitlines()) == 1

    # a package's folder is deleted, its record left
    shutil.rmtree(site / "toolz")
    answer = start(project)
    handed_over(answer, project)
    assert "lacks toolz" in answer.stdout
    assert (site / "toolz" / "__init__.py").exists()

    # another version is asked for
    text = (project / "requirements" / "constraints.txt").read_text()
    (project / "requirements" / "constraints.txt").write_text(text.replace("toolz==1.0.0", "toolz==0.12.1"))
    handed_over(start(project), project)
    assert list(site.glob("toolz-0.12.1.dist-info"))

    # the folder is moved: programs in .venv/bin would still point to the old place
    moved = project.rename(project.parent / "moved")
    answer = start(moved)
    handed_over(answer, moved)
    assert "was moved" in answer.stdout
    assert stamp(moved)["place"] == str(moved / ".venv")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
def test_killed_in_the_middle_then_started_twice_at_once(project):
    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        assert kill_in_the_middle(project, kind) == {"state": "making"}
    both = [
        subprocess.Popen(command(project), env=variables(), stdout=subprocess.PIPE, text=True) for _ in "ab"
    ]
    said = [child.communicate(timeout=300)[0] for child in both]
    assert [child.returncode for child in both] == [7, 7]
    assert sum("left half-made" in text for text in said) == 1  # one of them mends
    assert any("another start is installing" in text for text in said)
    assert all("HANDED OVER" in text for text in said)


def kill_in_the_middle(project, kind) -> dict:
    """Start, and end it while its first program is installing: Ctrl-C for the group, the others for it alone.

    Returns:
        What it left written. (Read once: a program that it had started may still be at work, and begin anew.)
    """
    pip = project / ".venv" / "bin" / "pip"
    for _ in range(12):
        end_while_installing(project, pip, kind)
        left = stamp(project)
        if left["state"] == "making":
            return left
        # a busy machine: the signal came when all was done
        shutil.rmtree(project / ".venv")
    return left


def end_while_installing(project, pip, kind) -> None:
    pip.unlink(missing_ok=True)
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    with subprocess.Popen(command(project), env=variables(), **options) as child:
        deadline = time.monotonic() + 60
        while not pip.exists() and time.monotonic() < deadline:
            time.sleep(0.002)
        (os.killpg if kind == signal.SIGINT else os.kill)(child.pid, kind)
        assert child.wait(timeout=30) != 0


def test_no_network_is_one_sentence(project, tmp_path):
    """An index that does not exist, and empty caches: the sentence comes, and the next start mends it."""
    cut = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "UV_CACHE_DIR": str(tmp_path / "uv")}
    cut |= {"PIP_NO_CACHE_DIR": "1", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
    cut |= {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    answer = start(project, **cut)
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "check the internet connection" in answer.stderr
    assert "Traceback" not in answer.stdout + answer.stderr
    handed_over(start(project), project)
