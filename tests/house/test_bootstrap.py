"""The bootstrap's judgement: which state an environment is in, and how it is mended.

No network and no installation here: `install` is tested for real in test_bootstrap_install.py.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

import pytest

from course_lib.bootstrap import install, start
from course_lib.errors import CourseError

posix = pytest.mark.skipif(os.name == "nt", reason="links and permissions of POSIX systems")


@pytest.fixture
def root(tmp_path):
    """A course folder, in a path with a space and Chinese characters, with a ready environment."""
    root = tmp_path / "my 课程"
    (root / "requirements").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[project]\nname = "x"\noptional-dependencies = {b = [], a = []}\n')
    (root / "requirements" / "constraints.txt").write_text("numpy==2.0\n")
    return root


@pytest.fixture
def ready(root):
    """The same with an environment that the bootstrap has made (an empty one)."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    venv = root / ".venv"
    version = start.python_version(venv)
    site = start.site_packages(venv, version)
    (site / "numpy").mkdir()
    (site / "numpy-2.0.dist-info").mkdir()
    (site / "numpy-2.0.dist-info" / "RECORD").write_text("numpy/__init__.py,,\n../../../bin/f2py,,\n")
    (venv / "bin").mkdir(exist_ok=True)
    (venv / "bin" / "f2py").write_text("#!")
    entries = {str(f.relative_to(venv)): start.names_in(f) for f in start.kept(venv, version)}
    stamp = {"state": "ready", "ours": True, "key": start.key(root), "place": str(venv)}
    start.write_stamp(venv, {**stamp, "python": list(version), "entries": entries})
    return root


def change(root: Path, **changes) -> None:
    stamp = start.read_stamp(root / ".venv")
    start.write_stamp(root / ".venv", {**stamp, **changes})


def site_of(root: Path) -> Path:
    return start.site_packages(root / ".venv", start.python_version(root / ".venv"))


def test_nothing_there(root):
    assert start.condition(root)[0] == "absent"


def test_ready_and_quick(ready):
    assert start.condition(ready) == ("ready", "")
    begun = time.perf_counter()
    start.prepare(ready)  # installs nothing, locks nothing
    assert time.perf_counter() - begun < 5
    assert not (ready / ".course").exists()


def test_interrupted_installation_is_broken(ready):
    change(ready, state="making")
    assert start.condition(ready)[0] == "broken"


def test_unreadable_stamp_is_broken(ready):
    (ready / ".venv" / "course.json").write_text("{half")
    assert start.condition(ready)[0] == "broken"


def test_moved_folder_is_broken(ready):
    moved = ready.rename(ready.parent / "elsewhere")
    state, reason = start.condition(moved)
    assert state == "broken"
    assert "moved" in reason


@posix
def test_python_gone_is_broken(ready):
    python = ready / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert start.condition(ready)[0] == "broken"


def test_python_of_another_version_is_broken(ready):
    change(ready, python=[3, 10])
    assert start.condition(ready)[0] == "broken"


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements/constraints.txt"])
def test_changed_requirements_are_stale(ready, name):
    with open(ready / name, "a") as file:
        file.write("\n# newer\n")
    assert start.condition(ready)[0] == "stale"


def test_new_uv_is_stale(ready, monkeypatch):
    monkeypatch.setattr(install, "UV", "uv==99")
    assert start.condition(ready)[0] == "stale"


def test_deleted_package_is_noticed_and_named(ready):
    (site_of(ready) / "numpy").rmdir()
    state, reason = start.condition(ready)
    assert state == "incomplete"
    assert "numpy" in reason
    assert start.missing_packages(ready / ".venv", start.read_stamp(ready / ".venv")) == ["numpy"]


@posix
def test_deleted_program_belongs_to_its_package(ready):
    (ready / ".venv" / "bin" / "f2py").unlink()
    assert start.condition(ready)[0] == "incomplete"
    assert start.missing_packages(ready / ".venv", start.read_stamp(ready / ".venv")) == ["numpy"]


def test_deleted_record_names_its_package(ready):
    record = site_of(ready) / "numpy-2.0.dist-info"
    (record / "RECORD").unlink()
    record.rmdir()
    assert start.missing_packages(ready / ".venv", start.read_stamp(ready / ".venv")) == ["numpy"]


def test_packages_added_by_the_learner_do_not_matter(ready):
    (site_of(ready) / "their_package").mkdir()
    assert start.condition(ready)[0] == "ready"


def test_environment_of_another_program_is_used_not_removed(ready):
    (ready / ".venv" / "course.json").unlink()
    assert start.condition(ready)[0] == "foreign"


def test_unusable_foreign_environment_is_left_to_its_owner(root):
    (root / ".venv").mkdir()
    (root / ".venv" / "precious.txt").write_text("mine")
    with pytest.raises(CourseError, match="not made by this course"):
        start.prepare(root)
    assert (root / ".venv" / "precious.txt").read_text() == "mine"


# --- mending, with the installer replaced -------------------------------------------------------------


@pytest.fixture
def installer(monkeypatch):
    """Records what would be installed; `.fail` makes it fail."""

    class Installer:
        calls: ClassVar = []
        fail = None

    def install_it(root, python, extras, names):
        Installer.calls.append((extras, names))
        if Installer.fail:
            raise CourseError(Installer.fail)

    Installer.calls = []
    monkeypatch.setattr(install, "install", install_it)
    monkeypatch.setattr(
        install,
        "make_environment",
        lambda venv: subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True),
    )
    monkeypatch.setattr(start, "SPACE_NEEDED", 0)
    return Installer


def test_first_start_makes_everything(root, installer):
    start.prepare(root)
    assert installer.calls == [(["a", "b"], [])]
    assert start.condition(root)[0] == "ready"


def test_broken_is_made_anew(ready, installer):
    change(ready, state="making")
    (ready / ".venv" / "debris").write_text("")
    start.prepare(ready)
    assert not (ready / ".venv" / "debris").exists()
    assert start.condition(ready)[0] == "ready"


def test_incomplete_reinstalls_only_what_is_lost(ready, installer):
    (site_of(ready) / "numpy").rmdir()
    start.prepare(ready)
    assert installer.calls == [(["a", "b"], ["numpy"])]


def test_failed_first_start_is_noticed_by_the_next(root, installer):
    installer.fail = "no network."
    with pytest.raises(CourseError, match="no network"):
        start.prepare(root)
    assert start.condition(root)[0] == "broken"
    installer.fail = None
    start.prepare(root)
    assert start.condition(root)[0] == "ready"


def test_without_network_a_stale_environment_still_opens_the_lessons(ready, installer, capsys):
    (ready / "requirements" / "constraints.txt").write_text("numpy==2.1\n")
    installer.fail = "the package server does not answer."
    start.prepare(ready)
    assert "Going on with the environment as it was" in capsys.readouterr().out
    assert start.condition(ready)[0] == "stale"  # the next start tries again


def test_killed_update_is_not_taken_for_whole(ready, installer, monkeypatch):
    def killed(*_):
        raise SystemExit(143)

    (ready / "requirements" / "constraints.txt").write_text("numpy==2.1\n")
    monkeypatch.setattr(install, "install", killed)
    with pytest.raises(SystemExit):
        start.prepare(ready)
    assert start.condition(ready)[0] == "broken"


def test_full_disk_is_said_before_anything_is_made(root, installer, monkeypatch):
    monkeypatch.setattr(start, "SPACE_NEEDED", 1e18)
    with pytest.raises(CourseError, match=r"GB free on the disk .* make room"):
        start.prepare(root)
    assert not (root / ".venv").exists()


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder(root):
    root.chmod(0o500)
    try:
        with pytest.raises(CourseError, match=r"cannot be written .* copy the course"):
            start.prepare(root)
    finally:
        root.chmod(0o700)


def test_folder_that_cannot_be_written_in(root):
    """A file where a folder is needed: works for root too."""
    (root / ".course").write_text("")
    with pytest.raises(CourseError, match="cannot be written"):
        start.prepare(root)


def test_two_starts_at_once_take_turns(root, capsys):
    order = []

    def second():
        with install.lock(root):
            order.append("second")

    with install.lock(root):
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.8)
        order.append("first")
    other.join(timeout=20)
    assert order == ["first", "second"]
    assert "another start is installing" in capsys.readouterr().out


def test_stamp_is_plain_json(ready):
    stamp = json.loads((ready / ".venv" / "course.json").read_text(encoding="utf-8"))
    assert stamp["state"] == "ready"
