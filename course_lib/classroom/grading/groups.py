"""Control groups: limits on memory and processes for all that a submission starts, together.

A resource limit binds one process; a fork bomb has many, and root is exempt from the limit on their number. A
control group binds the whole tree. Who may make one depends on the system: root may directly (version 2, or the
older version 1), a person at a desktop through systemd. Where neither works grading goes on with resource limits
alone, and says so.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
# moves itself into each folder named before '--', then becomes the program after it
ENTER = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 97; shift; done; shift; exec "$@"'


@dataclass(frozen=True)
class Groups:
    """How groups are made here.

    Attributes:
        kind: 'v2', 'v1', 'systemd' or 'none'.
        parents: for v2 and v1 the folders below which groups are made.
        prefix: names of this run's groups begin with it.
    """

    kind: str
    parents: tuple[str, ...] = ()
    prefix: str = "course-grade"

    def wrap(self, command: list[str], memory: int, processes: int, name: str) -> list[str]:
        """The command that runs `command` in a group of its own.

        Args:
            memory: bytes for all processes together, files in memory included.
            processes: how many processes and threads.
            name: of this group, unique in the run.
        """
        if self.kind == "none":
            return command
        if self.kind == "systemd":
            scope = ["systemd-run", "--user", "--scope", "--quiet", "--collect"]
            return [
                *scope,
                "-p",
                f"MemoryMax={memory}",
                "-p",
                "MemorySwapMax=0",
                "-p",
                f"TasksMax={processes}",
                *command,
            ]
        made = []
        for parent in self.parents:
            folder = Path(parent) / f"{self.prefix}-{name}"
            folder.mkdir()
            for file, value in (
                ("memory.max", memory),
                ("memory.swap.max", 0),
                ("memory.limit_in_bytes", memory),
                ("memory.memsw.limit_in_bytes", memory),
                ("pids.max", processes),
            ):
                with contextlib.suppress(OSError):
                    if (folder / file).exists():
                        (folder / file).write_text(str(value))
            made.append(str(folder))
        return ["/bin/sh", "-c", ENTER, "sh", *made, "--", *command]

    def end(self, name: str = "") -> None:
        """Kill what is left in the groups of that name (of the whole run, without one) and remove them."""
        for parent in self.parents:
            pattern = f"{self.prefix}-{name}" if name else f"{self.prefix}-*"
            for folder in Path(parent).glob(pattern):
                _remove(folder)


def _remove(folder: Path, patience: float = 5.0) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if (folder / "cgroup.kill").exists():  # version 2, and a kernel of 2021 or later
                (folder / "cgroup.kill").write_text("1")
        with contextlib.suppress(OSError):
            for pid in (folder / "cgroup.procs").read_text().split():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(int(pid), signal.SIGKILL)
        try:
            folder.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.02)


def find_groups(root: Path = ROOT, own: Path = Path("/proc/self/cgroup")) -> Groups:
    """The way that works on this machine; every candidate is tried out, not believed."""
    prefix = f"course-grade-{os.getpid()}"
    try:
        lines = [line.split(":", 2) for line in own.read_text().splitlines()]
    except OSError:
        return Groups("none")
    for place in _v2_places(root, lines):
        if _usable(place, ("memory.max", "pids.max")):
            _sweep([place])
            return Groups("v2", (str(place),), prefix)
    older = []
    for controller, file in (("memory", "memory.limit_in_bytes"), ("pids", "pids.max")):
        path = next((p for _, names, p in lines if controller in names.split(",")), None)
        place = root / controller / (path or "/").lstrip("/")
        if path is not None and _usable(place, (file,)):
            older.append(str(place))
    if len(older) == 2:
        _sweep(map(Path, older))
        return Groups("v1", tuple(older), prefix)
    if root == ROOT and shutil.which("systemd-run") and hasattr(os, "geteuid") and os.geteuid() != 0:
        tried = ["systemd-run", "--user", "--scope", "--quiet", "-p", "MemoryMax=1G", "-p", "TasksMax=32", "true"]  # fmt: skip
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if subprocess.run(tried, capture_output=True, timeout=10).returncode == 0:
                return Groups("systemd")
    return Groups("none")


def _v2_places(root: Path, lines: list) -> list[Path]:
    """Where a group of version 2 may be made: the top, or beside our own (never inside one with processes)."""
    path = next((p for number, names, p in lines if number == "0" and not names), None)
    if path is None or not (root / "cgroup.controllers").exists():
        return []
    return [root, (root / path.lstrip("/")).parent]


def _sweep(places) -> None:
    """Remove what a run that was killed has left: groups of processes that are no more."""
    for place in places:
        for folder in place.glob("course-grade-*"):
            pid = folder.name.split("-")[2]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists():
                _remove(folder, patience=0.1)


def _usable(place: Path, files: tuple[str, ...]) -> bool:
    trial = place / f"course-grade-trial-{os.getpid()}"
    try:
        trial.mkdir()
    except OSError:
        return False
    try:
        return all(os.access(trial / file, os.W_OK) for file in files)
    finally:
        with contextlib.suppress(OSError):
            trial.rmdir()
