"""Makes and mends the course's environment `.venv`, then hands over to it. Standard library only.

Called by `course.py` with whatever Python the learner has. The state of the environment is written in
`.venv/course.json`: "making" from the first moment, "ready" at the very end, with what was installed from
what. A start that finds "ready" and nothing changed costs a few hundredths of a second.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from course_lib import cli
from course_lib.bootstrap import install
from course_lib.errors import CourseError

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = (3, 11), (3, 13)
WINDOWS = os.name == "nt"
SPACE_NEEDED = 6e9  # bytes: 4.1 GB of packages, their compiled bytecode, room to unpack


def main(arguments: list[str]) -> int:
    """Do one `python course.py ...`; returns the exit status."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if command not in ("lab", "test", *cli.COMMANDS):
        return cli.main(arguments)  # help, or 'there is no such command': nothing to install for that
    try:
        start = time.perf_counter()
        prepare(ROOT)
        seconds = time.perf_counter() - start
        python = str(interpreter(ROOT / ".venv"))
        if command == "lab":
            line = [python, "-m", "jupyterlab", *lab_arguments(ROOT, rest)]
            return hand_over(line, ROOT)
        if command == "test":
            suite = ["-m", "course_lib.classroom.suite", "--install-seconds", f"{seconds:.1f}"]
            return hand_over([python, *suite, *rest], ROOT)
        # -P: the learner's folder is not searched for modules; a file json.py there would be taken for Python's
        return hand_over([python, "-P", "-m", "course_lib.cli", command, *rest], None)
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ncourse: stopped. The next start carries on.", file=sys.stderr)
        return 130


def prepare(root: Path) -> None:
    """Make sure that `root/.venv` holds what pyproject.toml and the constraints ask for.

    Raises:
        CourseError: it cannot be done; the message says what to do.
    """
    if condition(root)[0] == "ready":
        return
    with install.lock(root):
        state, reason = condition(root)  # another start may have finished while this one waited
        if state == "ready":
            return
        venv = root / ".venv"
        if state == "absent":
            say("The first start installs the course into .venv: a few minutes, about 4 GB.")
        else:
            say(f"The environment .venv {reason}: mending it.")
        if state in ("absent", "broken"):
            discard(root)
            free = shutil.disk_usage(root).free
            if free < SPACE_NEEDED:
                raise CourseError(
                    f"there are {free / 1e9:.1f} GB free on the disk of {root}, and the course needs about "
                    f"{SPACE_NEEDED / 1e9:.0f} GB: make room, or copy the course's folder to a larger disk."
                )
        stamp = read_stamp(venv)
        ours = state != "foreign" and stamp.get("ours", True)
        if ours:  # an interruption from here on is noticed by the next start
            write_stamp(venv, {"state": "making"})
        try:
            with stopped_with_us():
                if state in ("absent", "broken"):
                    install.make_environment(venv)
                names = missing_packages(venv, stamp) if state == "incomplete" else []
                install.install(root, interpreter(venv), extras(root), names)
        except CourseError as error:
            if state not in ("stale", "incomplete"):
                raise
            write_stamp(venv, stamp)  # the installer ended by itself: nothing is half-made
            if state == "incomplete":
                raise
            say(f"{error}")
            say("Going on with the environment as it was.")  # a learner without internet can still learn
            return
        quiet_news(venv)
        version = python_version(venv)
        write_stamp(
            venv,
            {
                "state": "ready",
                "ours": ours,
                "key": key(root),
                "place": str(venv),
                "python": list(version),
                "entries": {
                    str(folder.relative_to(venv)): names_in(folder) for folder in kept(venv, version)
                },
            },
        )
        say("The environment is ready.")


# --- what state is it in? ---------------------------------------------------------------------------


def condition(root: Path) -> tuple[str, str]:
    """The environment's state and the reason in words.

    States: 'ready'; 'absent'; 'broken' (make it anew); 'stale' and 'incomplete' (install into it);
    'foreign' (somebody else's, usable: installed into, never removed).
    """
    venv = root / ".venv"
    if not os.path.lexists(venv):
        return "absent", "is not there"
    stamp = read_stamp(venv)
    version = python_version(venv)
    usable = version is not None and FIRST <= version <= LAST
    if not stamp or not stamp.get("ours", True):
        if not usable:
            raise CourseError(
                f"{venv} was not made by this course and holds no working Python 3.11 to 3.13: "
                "rename or remove that folder, then start again."
            )
        if not stamp:
            return "foreign", "was made by another program"
    elif stamp.get("state") != "ready":
        return "broken", "was left half-made"
    elif stamp.get("place") != str(venv):
        return "broken", "was moved here from another folder"
    elif not usable or stamp.get("python") != list(version):
        return "broken", "belongs to a Python that has changed or gone"
    if stamp.get("key") != key(root):
        return "stale", "is older than pyproject.toml or the constraints"
    lost = lost_entries(venv, stamp)
    if lost:
        return "incomplete", f"lacks {', '.join(Path(name).name for name in lost[:3])}"
    return "ready", ""


def key(root: Path) -> str:
    """A hash of everything that decides what is installed."""
    digest = hashlib.sha256(install.UV.encode())
    for name in ("pyproject.toml", "requirements/constraints.txt"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def extras(root: Path) -> list[str]:
    """All extras of the project: the lessons need every one."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return sorted(project.get("optional-dependencies", {}))


def interpreter(venv: Path) -> Path:
    """Where the environment's Python is."""
    return venv / ("Scripts/python.exe" if WINDOWS else "bin/python")


def python_version(venv: Path) -> tuple[int, int] | None:
    """The version that the environment's Python really has; None when it does not start."""
    try:
        answer = subprocess.run(
            [interpreter(venv), "-I", "-S", "-c", "import sys; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
            timeout=60,
        )
        major, minor = answer.stdout.split()
        return int(major), int(minor)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def site_packages(venv: Path, version: tuple[int, int]) -> Path:
    """Where the environment's packages are."""
    return venv / ("Lib/site-packages" if WINDOWS else f"lib/python{version[0]}.{version[1]}/site-packages")


def kept(venv: Path, version: tuple[int, int]) -> list[Path]:
    """The folders whose entries are remembered, to notice what has been deleted since."""
    return [site_packages(venv, version), interpreter(venv).parent, venv / "share/jupyter/kernels"]


def names_in(folder: Path) -> list[str]:
    """Names in a folder; none if it is not there. Bytecode folders come and go, so they do not count."""
    return sorted(set(os.listdir(folder)) - {"__pycache__"}) if folder.is_dir() else []


def lost_entries(venv: Path, stamp: dict) -> list[str]:
    """What the environment held when it was made and holds no longer (paths relative to it)."""
    return [
        f"{folder}/{name}"
        for folder, names in stamp.get("entries", {}).items()
        for name in sorted(set(names) - set(names_in(venv / folder)))
    ]


def missing_packages(venv: Path, stamp: dict) -> list[str]:
    """Names of the packages that own what was lost, read from what each package says it installed."""
    site = site_packages(venv, tuple(stamp["python"]))
    lost = lost_entries(venv, stamp)
    owners = {name.split("-")[0] for name in map(os.path.basename, lost) if name.endswith(".dist-info")}
    paths = [os.path.relpath(venv / name, site).replace(os.sep, "/") for name in lost]
    for record in site.glob("*.dist-info/RECORD"):
        text = "\n" + record.read_text(encoding="utf-8", errors="replace")
        if any(f"\n{path}/" in text or f"\n{path}," in text for path in paths):
            owners.add(record.parent.name.split("-")[0])
    return sorted(re.sub(r"[-_.]+", "-", name).lower() for name in owners)


def read_stamp(venv: Path) -> dict:
    """What `.venv/course.json` says; empty when it is not there. An unreadable one is a half-made one."""
    try:
        return json.loads((venv / "course.json").read_text(encoding="utf-8"))
    except OSError:
        return {}
    except ValueError:
        return {"state": "unreadable"}


def write_stamp(venv: Path, stamp: dict) -> None:
    """Write the stamp in one step, so that it is never half there."""
    venv.mkdir(exist_ok=True)
    part = venv / "course.json.tmp"
    part.write_text(json.dumps(stamp), encoding="utf-8")
    os.replace(part, venv / "course.json")


def discard(root: Path) -> None:
    """Remove a broken environment. Moved aside first: what is half removed is never taken for one."""
    aside = root / ".course" / "discarded"
    try:
        if aside.exists():
            shutil.rmtree(aside)
        if os.path.lexists(root / ".venv"):
            os.replace(root / ".venv", aside)
            shutil.rmtree(aside) if aside.is_dir() and not aside.is_symlink() else aside.unlink()
    except OSError as error:
        raise CourseError(
            f"the broken environment {root / '.venv'} cannot be removed ({error.strerror}): close JupyterLab "
            "and every program that uses it, remove the folder, and start again."
        ) from None


# --- handing over -----------------------------------------------------------------------------------


def lab_arguments(root: Path, rest: list[str]) -> list[str]:
    """JupyterLab's arguments: the course's folder as the root, and the first lesson open."""
    arguments = [f"--ServerApp.root_dir={root}"]
    lessons = sorted((root / "notebooks").glob("[0-9]*.ipynb"))
    # Not every word without a dash is a file: `--port 8899` has one too.
    chosen = any("default_url" in word or word.endswith(".ipynb") for word in rest)
    if lessons and not chosen:
        arguments.append(f"--LabApp.default_url=/lab/tree/notebooks/{lessons[0].name}")
    return arguments + rest


def quiet_news(venv: Path) -> None:
    """A newcomer's first sight of JupyterLab is the lesson, not a question about news of JupyterLab."""
    settings = venv / "share" / "jupyter" / "lab" / "settings"
    if settings.parent.is_dir():
        settings.mkdir(exist_ok=True)
        choice = {
            "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
        }
        (settings / "overrides.json").write_text(json.dumps(choice), encoding="utf-8")


def hand_over(line: list[str], folder: Path | None) -> int:
    """Run the environment's program in our place, in `folder` (None: where the learner is)."""
    env = install.child_environment()
    env["VIRTUAL_ENV"] = str(ROOT / ".venv")
    env["PATH"] = os.pathsep.join([str(Path(line[0]).parent), env.get("PATH", "")])
    sys.stdout.flush()
    if WINDOWS:  # there, exec would give the prompt back while the program still runs
        with subprocess.Popen(line, env=env, cwd=folder) as child:
            while True:
                try:
                    return child.wait()
                except KeyboardInterrupt:  # Ctrl-C reaches the child too: it decides
                    continue
    if folder:
        os.chdir(folder)
    os.execve(line[0], line, env)


class stopped_with_us:
    """While installing, a request to end this program also ends the installer it started."""

    def __enter__(self):
        self.before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    def __exit__(self, *_):
        signal.signal(signal.SIGTERM, self.before)


def say(sentence: str) -> None:
    print(f"course: {sentence}", flush=True)
