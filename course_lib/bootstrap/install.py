"""Makes the environment and installs into it with uv; turns every failure into a sentence that helps."""

import contextlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from course_lib.errors import CourseError

UV = "uv==0.13.9"  # pinned, so that the same clone installs in the same way next year

# What the installers print, and what it means to a learner. The first that fits is taken.
FAULTS = [
    (
        r"No space left|os error (28|112)\b|not enough space|Disk quota exceeded",
        "the disk of {root} is full: make room (the course needs about 6 GB) and start again.",
    ),
    (
        r"certificate|UnknownIssuer|CERTIFICATE_VERIFY_FAILED",
        "the package server's certificate is not trusted here, which is usual behind a company's proxy: set "
        "SSL_CERT_FILE to the certificate file your network's administrators give out, and start again.",
    ),
    (
        r"dns error|failed to lookup|error sending request|onnection refused|timed? ?out|etwork is unreachable"
        r"|name resolution|NewConnectionError|getaddrinfo|tunnel error|connect error|onnection reset"
        r"|network was disabled|connectivity is disabled|offline|from versions: none",
        "the package server does not answer: check the internet connection (behind a proxy, set HTTPS_PROXY; "
        "with a mirror, set PIP_INDEX_URL to its address) and start again. What has been downloaded is kept.",
    ),
    (
        r"Permission denied|Access is denied|os error (5|13|32)\b|Read-only file system|Operation not permitted",
        "a file below {root} cannot be written: close JupyterLab and other programs that use the course, or "
        "copy the course to a folder of your own, and start again.",
    ),
    (
        r"os error 206|name or extension is too long|File name too long",
        "the path {root} is too long for this system: move the course to a short one, such as C:\\course.",
    ),
    (
        r"No solution found|no wheels? with a matching|No matching distribution|doesn't have a source dist",
        "the message above names a package that the package server does not have for this computer or this "
        "Python: try Python 3.12, or open the lessons in Google Colab with the badges in README.md.",
    ),
]


def explain(output: str, root: Path) -> str:
    """One sentence for what an installer printed before it failed."""
    for pattern, sentence in FAULTS:
        if re.search(pattern, output, re.IGNORECASE):
            return sentence.format(root=root)
    return (
        "the installation stopped; the installer's message is above. Start the same command again; if it "
        f"stops at the same place, remove {root / '.venv'} and start once more."
    )


def make_environment(venv: Path) -> None:
    """Make an empty environment with pip in it.

    Raises:
        CourseError: this Python came without what is needed, or the folder cannot be written.
    """
    # Inside another environment, the Python it was made from: that one cannot go away with it.
    python = getattr(sys, "_base_executable", None) or sys.executable
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise CourseError(
            f"this Python came without the means to make environments. On Debian and Ubuntu type "
            f"'sudo apt install python{version}-venv'; elsewhere install Python from python.org."
        )
    run([python, "-m", "venv", str(venv)], venv.parent, child_environment())


def install(root: Path, python: Path, extras: list[str], reinstall: list[str]) -> None:
    """Install the course, editable and with all extras, against the committed constraints.

    Args:
        root: The course's folder.
        python: The environment's Python.
        extras: Names of the extras in pyproject.toml.
        reinstall: Packages to install anew although their records say they are there.
    """
    env = child_environment()
    # Bytecode now, once and on all cores: otherwise the first import of every lesson pays for it.
    env["UV_COMPILE_BYTECODE"] = "1"
    env.setdefault("UV_HTTP_TIMEOUT", "120")
    probe = [str(python), "-m", "pip", "--version"]
    if subprocess.run(probe, capture_output=True, env=env).returncode != 0:
        run([str(python), "-m", "ensurepip", "--upgrade"], root, env)
    run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV], root, env)
    env.update(settings_of_pip(python, env))
    constraints = str(root / "requirements" / "constraints.txt")
    line = [str(python), "-m", "uv", "pip", "install", "--python", str(python)]
    line += ["--constraints", constraints, "--build-constraints", constraints]
    line += [word for name in reinstall for word in ("--reinstall-package", name)]
    line += ["--editable", f"{root}[{','.join(extras)}]" if extras else str(root)]
    if chooses_torch(env):
        # The plain torch of PyPI is a CUDA build on Linux (3 GB more, useless without a GPU) and a CPU build
        # on Windows (useless with one); this makes uv look at the driver and choose. Where the course was
        # written download.pytorch.org cannot be reached: the choice and the second attempt below were seen to
        # work there, the download was not.
        try:
            return run(line, root, {**env, "UV_TORCH_BACKEND": "auto"})
        except CourseError:
            if not run.output or "download.pytorch.org" not in run.output:
                raise
            print(
                "course: download.pytorch.org does not answer; taking torch from the usual place.", flush=True
            )
    run(line, root, env)


def chooses_torch(env: dict) -> bool:
    """Should uv choose the build of torch for this machine's GPU? Not when the user has chosen wheels."""
    chosen = any(env.get(name) for name in ("UV_FIND_LINKS", "UV_TORCH_BACKEND", "UV_OFFLINE"))
    return sys.platform in ("linux", "win32") and not chosen


def child_environment() -> dict[str, str]:
    """The variables for every program started: without what would break or slow an environment."""
    env = dict(os.environ)
    # PYTHONPATH and PYTHONHOME bring another Python's packages in; without bytecode an import of
    # TensorFlow takes two to three times as long.
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "__PYVENV_LAUNCHER__"):
        env.pop(name, None)
    env["PYTHONUTF8"] = "1"  # Windows: Chinese sentences, and paths with Chinese characters in .pth files
    return env


def settings_of_pip(python: Path, env: dict) -> dict[str, str]:
    """What pip is configured to use (a mirror, local wheels), in uv's words: uv does not read it itself."""
    answer = subprocess.run(
        [str(python), "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        env=env,
        encoding="utf-8",
    )
    found = {}
    lines = re.findall(r"^([\w:]+)\.([\w-]+)='(.*)'$", answer.stdout or "", re.MULTILINE)
    for section in ("global", "install", ":env:"):  # the later, the stronger
        found |= {name: value.replace("\\n", " ").strip() for where, name, value in lines if where == section}
    names = {"index-url": "UV_DEFAULT_INDEX", "find-links": "UV_FIND_LINKS"}
    wanted = {uv: found[pip] for pip, uv in names.items() if found.get(pip)}
    if "UV_FIND_LINKS" in wanted:  # pip separates by spaces, uv by commas
        wanted["UV_FIND_LINKS"] = ",".join(wanted["UV_FIND_LINKS"].split())
    already = {"UV_DEFAULT_INDEX": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"), "UV_FIND_LINKS": ("UV_FIND_LINKS",)}
    return {
        name: value for name, value in wanted.items() if not any(env.get(other) for other in already[name])
    }


def run(line: list[str], root: Path, env: dict) -> None:
    """Run an installer, show what it says as it says it, and remember it.

    Raises:
        CourseError: it failed; the message explains why.
    """
    run.output = ""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL}
    if os.name != "nt" and lock.held is not None:
        # Should this program be killed outright, the installer still holds the lock until it has ended, and
        # the next start waits for it instead of writing into the same folder.
        options["pass_fds"] = (lock.held,)
    try:
        child = subprocess.Popen(line, env=env, cwd=root, **options)
    except OSError as error:
        raise CourseError(f"{line[0]} cannot be started ({error.strerror}).") from None
    try:
        for piece in child.stdout:
            text = piece.decode("utf-8", errors="replace")
            if not re.match(r" [+~-] ", text):  # uv's list of 170 packages says nothing to a learner
                sys.stdout.write(text)
                sys.stdout.flush()
            run.output = (run.output + text)[-20_000:]
        status = child.wait()
    except BaseException:  # Ctrl-C or a request to end: the installer ends too
        child.terminate()
        child.wait()
        raise
    if status != 0:
        raise CourseError(explain(run.output, root))


run.output = ""


@contextlib.contextmanager
def lock(root: Path):
    """Hold the course's installation lock; wait while another start holds it.

    The system lets go of it when its holder ends, however that happens.

    Raises:
        CourseError: the course's folder cannot be written.
    """
    try:
        (root / ".course").mkdir(exist_ok=True)
        handle = open(root / ".course" / "install.lock", "a+b")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise CourseError(
            f"{root} cannot be written ({error.strerror}): copy the course to a folder of your own, such as one "
            "in your home folder, and start it there."
        ) from None
    with handle:
        if not try_lock(handle):
            print("course: another start is installing the course; waiting for it.", flush=True)
            while not try_lock(handle):
                time.sleep(0.5)
        lock.held = handle.fileno()
        try:
            yield
        finally:
            lock.held = None


lock.held = None


def try_lock(handle) -> bool:
    """Take the lock if it is free. Where the file system knows no locks, go on without."""
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
