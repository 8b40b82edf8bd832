"""Where a submission's code runs: bubblewrap, or a container, or (only when told so) nothing around it.

Every backend starts the same worker, `course_lib.marking.confined`, with the same pipes; only the command before
it differs. No network, nothing of the host but the system's and Python's own files, read-only, a private /tmp of
limited size, an empty environment, limits on memory, processes, time, file size.
"""

import contextlib
import json
import os
import shutil
import site
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path

from course_lib.classroom.grading.groups import Groups, find_groups
from course_lib.data import home
from course_lib.errors import CourseError

IMAGE = "text-to-film-grading"
NOBODY = "65534"
_numbers = count()


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes:
        memory: bytes, all its processes together (where control groups can be made).
        address_space: bytes of addresses for each process; torch needs several times what it uses.
        processes: processes and threads.
        file, temporary: bytes of a file, and of its whole /tmp.
        seconds: wall-clock time for all exercises of a submission; CPU time of a process is held to twice that.
    """

    memory: int = 2 * 2**30
    address_space: int = 4 * 2**30
    processes: int = 64
    file: int = 64 * 2**20
    temporary: int = 128 * 2**20
    seconds: float = 180.0

    def of_process(self) -> dict:
        """For `course_lib.marking.confined`."""
        return {
            "AS": self.address_space,
            "NPROC": self.processes,
            "FSIZE": self.file,
            "CPU": int(2 * self.seconds) + 10,
            "NOFILE": 256,
        }


@dataclass(frozen=True)
class Sandbox:
    """How submissions are confined.

    Attributes:
        kind: 'bubblewrap', 'docker', 'podman' or 'none'.
        library: folder with the copy of `course_lib` that submissions may see, see `withheld`.
        limits, groups: see there.
        image: of the container backends.
        hidden: folders that no submission may see, wherever they lie.
    """

    kind: str
    library: str
    limits: Limits = field(default_factory=Limits)
    groups: Groups = field(default_factory=lambda: Groups("none"))
    image: str = IMAGE
    hidden: tuple[str, ...] = ()

    def command(self, name: str, program: list[str] | None = None) -> list[str]:
        """The whole command line; `program` are the arguments of Python, the worker's by default."""
        program = program or ["-m", "course_lib.marking.confined", json.dumps(self.limits.of_process())]
        if self.kind == "bubblewrap":
            inside = [*bubblewrap(self), sys.executable, "-P", "-s", *program]
            return self.groups.wrap(inside, self.limits.memory, self.limits.processes, name)
        if self.kind in ("docker", "podman"):
            return [*container(self, name), "python", "-P", "-s", *program]
        return [sys.executable, "-P", "-s", *program]

    def launch(self) -> "Confined":
        """A worker; what `classroom.marker.Marker` is given."""
        return Confined(self, f"{os.getpid()}-{next(_numbers)}")

    def plain(self) -> dict:
        """For another process, see `from_plain`."""
        return asdict(self)


def from_plain(plain: dict) -> Sandbox:
    """The sandbox that `Sandbox.plain` described."""
    return Sandbox(
        **{
            **plain,
            "limits": Limits(**plain["limits"]),
            "groups": Groups(**{**plain["groups"], "parents": tuple(plain["groups"]["parents"])}),
            "hidden": tuple(plain["hidden"]),
        }
    )


class Confined(subprocess.Popen):
    """A worker whose end takes everything with it that it has started."""

    def __init__(self, box: Sandbox, name: str):
        self.box, self.name = box, name
        env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
        if box.kind == "none":
            env |= {**os.environ, "PYTHONPATH": box.library, "COURSE_HOME": str(home()), **quiet()}
        elif box.kind != "bubblewrap" or box.groups.kind == "systemd":
            # the clients find their service by these; nothing of it reaches the inside
            env |= {k: v for k, v in os.environ.items() if k in ("HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "DOCKER_HOST")}  # fmt: skip
        super().__init__(
            box.command(name), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=env, cwd="/" if os.name != "nt" else None, start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        super().kill()
        if self.box.kind in ("docker", "podman"):  # the client is dead, the container is not
            with contextlib.suppress(OSError):
                subprocess.Popen(
                    [self.box.kind, "kill", self.name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
        with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
            os.killpg(self.pid, 9)
        self.box.groups.end(self.name)


def quiet() -> dict[str, str]:
    """Environment of a worker: one thread, no pictures on a screen."""
    return {
        "COURSE_MODE": "grading",
        "COURSE_PROFILE": "smoke",
        "COURSE_KEEP": "/tmp" if os.name != "nt" else os.environ.get("TEMP", "."),
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": "/tmp",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "LC_ALL": "C.UTF-8",
    }


def bubblewrap(box: Sandbox) -> list[str]:
    """`bwrap` and its arguments, up to the program."""
    words = ["bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"]  # fmt: skip
    words += ["--clearenv", "--uid", NOBODY, "--gid", NOBODY, "--hostname", "grading"]
    for top in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(top):
            words += ["--symlink", os.readlink(top), top]
        elif os.path.isdir(top):
            words += ["--ro-bind", top, top]
    # /tmp before anything that may lie below it
    words += ["--proc", "/proc", "--dev", "/dev", "--size", str(box.limits.temporary), "--tmpfs", "/tmp"]
    words += ["--size", str(box.limits.temporary), "--tmpfs", "/dev/shm"]
    for at, seen in sorted(places(box).items()):  # a folder comes before what lies in it
        if seen:
            words += ["--ro-bind", at, at]
        else:
            words += ["--perms", "0555", "--size", "4096", "--tmpfs", at, "--remount-ro", at]
    for file in ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts"):
        words += ["--ro-bind-try", file, file]
    words += ["--ro-bind", box.library, "/course"]
    for name in ("datasets", "bench"):
        words += ["--ro-bind-try", str(home() / name), f"/course/{name}"]
    inside = {**quiet(), "PATH": "/usr/bin:/bin", "HOME": "/tmp", "PYTHONPATH": "/course", "COURSE_HOME": "/course"}  # fmt: skip
    for name, value in inside.items():
        words += ["--setenv", name, value]
    # Run by root, "nobody" inside is root to the host's file permissions, and /proc/sys would let itself be
    # written. The root folder and /dev are file systems in memory, without limit.
    for at in ("/proc", "/dev", "/"):
        words += ["--remount-ro", at]
    return [*words, "--chdir", "/tmp", "--"]


def places(box: Sandbox) -> dict[str, bool]:
    """Folders of the host: True to be seen, False to be covered by an empty one because it lies in a seen one."""
    seen = {"/usr"}
    for prefix in {sys.prefix, sys.base_prefix, os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix)}:  # fmt: skip
        seen.add(prefix)
    if site.ENABLE_USER_SITE and os.path.isdir(site.getusersitepackages()):
        seen.add(site.getusersitepackages())
    seen = {one for one in seen if not any(one != two and Path(one).is_relative_to(two) for two in seen)} | {
        one
        for one in seen
        if any(Path(one).is_relative_to(hidden) for hidden in box.hidden)  # back on top of a covered one
    }
    covered = {hidden for hidden in box.hidden if any(Path(hidden).is_relative_to(one) for one in seen)}
    if covered & seen:
        raise CourseError(
            f"{sorted(covered & seen)[0]} is both Python's environment and a folder that submissions must not see: "
            "make the environment in a folder of its own, such as .venv."
        )
    for packages in [*site.getsitepackages(), site.getusersitepackages()]:
        if os.path.isdir(os.path.join(packages, "course_lib")):  # installed, not editable: with all answers
            covered.add(os.path.join(packages, "course_lib"))
    return {**dict.fromkeys(seen, True), **dict.fromkeys(covered, False)}


def container(box: Sandbox, name: str) -> list[str]:
    """`docker run` (or podman's) and its arguments, up to the program."""
    limits = box.limits
    words = [box.kind, "run", "--rm", "--interactive", "--name", name, "--network", "none", "--read-only"]
    words += ["--user", f"{NOBODY}:{NOBODY}", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    words += ["--memory", str(limits.memory), "--memory-swap", str(limits.memory)]
    words += ["--pids-limit", str(limits.processes), "--ulimit", "core=0", "--ipc", "private"]
    words += ["--shm-size", str(limits.temporary), "--workdir", "/tmp"]
    words += ["--tmpfs", f"/tmp:rw,nosuid,nodev,size={limits.temporary},mode=1777"]
    words += ["--mount", f"type=bind,source={box.library},target=/course,readonly"]
    for folder in ("datasets", "bench"):
        if (home() / folder).is_dir():
            words += ["--mount", f"type=bind,source={home() / folder},target=/course/{folder},readonly"]
    inside = {**quiet(), "HOME": "/tmp", "PYTHONPATH": "/course", "COURSE_HOME": "/course"}
    for key, value in inside.items():
        words += ["--env", f"{key}={value}"]
    return [*words, box.image]


def choose(library: Path, limits: Limits, hidden: tuple = (), unsafe: bool = False) -> Sandbox:
    """The sandbox of this machine, tried out.

    Args:
        unsafe: take none at all.

    Raises:
        CourseError: there is none; the message says what to install.
    """
    hidden = tuple(os.path.realpath(one) for one in (home(), *hidden))
    if unsafe:
        return Sandbox("none", str(library), limits, hidden=hidden)
    (library / "datasets").mkdir(exist_ok=True)  # where the shipped ones are mounted
    (library / "bench").mkdir(exist_ok=True)
    problems = []
    if shutil.which("bwrap"):
        box = Sandbox("bubblewrap", str(library), limits, find_groups(), hidden=hidden)
        problem = trial(box)
        if problem is None:
            return box
        problems.append(explained(problem))
    else:
        problems.append(
            "bubblewrap is not installed (Linux: `sudo apt install bubblewrap`, `sudo dnf install bubblewrap`)"
        )
    for tool in ("docker", "podman"):
        if shutil.which(tool):
            box = Sandbox(tool, str(library), limits, hidden=hidden)
            problem = trial(box)
            if problem is None:
                return box
            problems.append(f"{tool}: {problem} (INSTRUCTORS.md says how the image '{IMAGE}' is made)")
    if len(problems) == 1:
        problems.append("neither docker nor podman is there (macOS and Windows need one of them)")
    raise CourseError(
        "submissions are not run without a sandbox, and none works here. "
        + ". ".join(one[0].upper() + one[1:] for one in problems)
        + ". --unsafe-no-sandbox grades without: only for notebooks that you have read yourself."
    )


def trial(box: Sandbox) -> str | None:
    """Run one line in the sandbox; None when it works, else what went wrong."""
    name = f"trial-{os.getpid()}"
    try:
        done = subprocess.run(
            box.command(name, ["-c", "import course_lib.marking.worker; print('works')"]),
            capture_output=True, text=True, timeout=90, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    finally:
        box.groups.end(name)
    if done.returncode == 0 and done.stdout.strip() == "works":
        return None
    return (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1][:300]


def explained(problem: str) -> str:
    """Words on what to do about bubblewrap's usual complaints."""
    low = problem.lower()
    if "disable-userns" in low or "unknown option" in low:
        return f"bubblewrap is older than 0.8 ({problem}): install a newer one, or use docker or podman"
    if "permission denied" in low or "not permitted" in low or "no permissions" in low:
        return (
            f"bubblewrap may not make namespaces ({problem}). Ubuntu 24.04 and later forbid it to programs without "
            "an AppArmor profile: `sudo apt install apparmor-profiles` and enable its `bwrap-userns-restrict`, or, for "
            "this session only, `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`; inside a container, "
            "grade on the host"
        )
    return f"bubblewrap does not work here: {problem}"
