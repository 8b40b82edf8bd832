"""The single checks of `course doctor`. Each returns findings and never raises for what it looks for."""

import ctypes
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from course_lib import data, profiles
from course_lib.errors import CourseError


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        part: What was looked at, such as 'ffmpeg'.
        state: 'ok', 'degraded' (the course works, `lose` says what does not) or 'broken'.
        found: What was found, in words.
        lose: What the learner cannot do because of it; empty when ok.
        remedy: What to type or do, where something can be done.
    """

    part: str
    state: str
    found: str
    lose: str = ""
    remedy: str = ""


# What is lost without an extra of pyproject.toml. The base packages stand under ''.
LOSSES = {
    "": "every lesson",
    "torch": "lessons 02 and 04 to 09 (losses, text, key frames, video, audio, film)",
    "tensorflow": "lesson 03 (convolutions) and the TensorFlow halves of lessons 02 and 06",
    "film": "films and speech: lessons 00, 08, 09, 14, and the Chinese text of lesson 04",
    "media": "sound and film beside the usual libraries: lessons 08 and 09",
    "recommend": "the recommender: lessons 10 to 14",
    "lab": "JupyterLab, and marking saved notebooks",
    "test": "the test suite (only maintainers need it)",
}
# Distributions whose module is called otherwise.
MODULES = {
    "pillow": "PIL",
    "scikit-learn": "sklearn",
    "pyyaml": "yaml",
    "pytest-xdist": "xdist",
    "ipython": "IPython",
}
# Colab brings these; replacing one breaks the running notebook, so the doctor never names a version of them.
COLABS_OWN = {"numpy", "scipy", "matplotlib", "pillow", "ipython", "ipywidgets", "ipykernel", "pandas"} | {
    "torch",
    "tensorflow",
    "keras",
    "tensorboard",
    "scikit-learn",
    "jupyterlab",
}
GB = 1e9


def on_colab() -> bool:
    """Is this Google Colab?"""
    return "google.colab" in sys.modules or "COLAB_RELEASE_TAG" in os.environ


def install_remedy(requirements: list[str], extra: str) -> str:
    """What to type to get packages, where this Python runs."""
    if on_colab():
        own = [text for text in requirements if name_of(text) in COLABS_OWN]
        if own:
            return "Runtime > Disconnect and delete runtime, then Run all: Colab brings these packages itself"
        return "%pip install -q " + " ".join(f'"{text}"' for text in requirements)
    if in_own_environment():
        return f"remove the folder {Path(sys.prefix)}, then: python course.py doctor"
    target = f"{data.home()}[{extra}]" if extra else str(data.home())
    return f'"{sys.executable}" -m pip install -e "{target}"'


def in_own_environment() -> bool:
    """Is this the `.venv` that course.py makes?"""
    return Path(sys.prefix).resolve() == (data.home() / ".venv").resolve()


# --- Python and packages ------------------------------------------------------------------------------


def check_python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    found = f"{version} in {sys.prefix}"
    if (3, 11) <= tuple(sys.version_info[:2]) <= (3, 13):
        return Finding("Python", "ok", found)
    return Finding(
        "Python",
        "broken",
        found,
        LOSSES[""],
        "install Python 3.12 from python.org, then: python3.12 course.py lab",
    )


def name_of(requirement: str) -> str:
    """The distribution's name in a requirement: 'numpy>=1.26' -> 'numpy'."""
    return re.match(r"[\w.-]+", requirement).group().lower()


def requirements() -> dict[str, list[str]]:
    """What pyproject.toml asks for: extra -> requirements; the base packages under ''."""
    text = (data.home() / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def check_packages() -> list[Finding]:
    """A finding for the base packages and one for each extra."""
    return [check_extra(extra, texts) for extra, texts in requirements().items()]


def check_extra(extra: str, texts: list[str]) -> Finding:
    """Are the packages of one extra there, importable by name and new enough?"""
    from packaging.requirements import Requirement  # matplotlib brings it

    good, bad, wanted = [], [], []
    for text in texts:
        name = name_of(text)
        try:
            version = importlib.metadata.version(name)
            there = importlib.util.find_spec(MODULES.get(name, name.replace("-", "_"))) is not None
        except (ImportError, ValueError, importlib.metadata.PackageNotFoundError):
            there = False
        if there and Requirement(text).specifier.contains(version, prereleases=True):
            good.append(f"{name} {version}")
        else:
            bad.append(f"{name} {version} does not fit {text}" if there else f"{name} is missing")
            wanted.append(text)
    part = f"packages: {extra}" if extra else "packages"
    if not bad:
        return Finding(part, "ok", ", ".join(good))
    state = "degraded" if extra else "broken"
    return Finding(
        part, state, "; ".join(bad), LOSSES.get(extra, "what needs it"), install_remedy(wanted, extra)
    )


PROBES = {
    "torch": "import json, torch; c = torch.cuda; ok = c.is_available(); print(json.dumps({'version': torch.__version__,"
    " 'gpu': c.get_device_name() if ok else '', 'capability': 'sm_%d%d' % c.get_device_capability() if ok else '',"
    " 'built_for': c.get_arch_list(), 'mps': torch.backends.mps.is_available()}))",
    "tensorflow": "import json, tensorflow as tf; print(json.dumps({'version': tf.__version__}))",
}


def start_probe(framework: str) -> subprocess.Popen | None:
    """Import a framework in a process of its own, where a crash does no harm; None if it is not installed."""
    try:
        if importlib.util.find_spec(framework) is None:
            return None
    except (ImportError, ValueError):
        return None
    env = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": env}
    return subprocess.Popen([sys.executable, "-c", PROBES[framework]], **options)


def read_probe(framework: str, probe: subprocess.Popen) -> tuple[Finding, dict]:
    """Does the framework import? The finding, and what it said about itself."""
    try:
        out, err = probe.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        probe.kill()
        out, err = probe.communicate()[0], "it takes longer than two minutes"
    if probe.returncode == 0:
        answer = json.loads(out.strip().splitlines()[-1])
        return Finding(framework, "ok", f"{answer['version']} imports"), answer
    last = (err.strip().splitlines() or [f"it ended with status {probe.returncode}"])[-1]
    found = f"installed, but importing it fails: {last[:200]}"
    remedy = install_remedy([framework], framework)
    if os.name == "nt" and "DLL" in last:
        remedy = (
            "install Microsoft's Visual C++ Redistributable (https://aka.ms/vs/17/release/vc_redist.x64.exe)"
        )
    return Finding(framework, "broken", found, LOSSES[framework], remedy), {}


# --- the machine --------------------------------------------------------------------------------------


def check_gpu(torch_says: dict | None) -> Finding:
    """The GPU as the driver names it, and whether torch can use it (None: torch was not asked)."""
    lose = "the full profile: lessons 06 and 07 train a small model, or start from shipped weights"
    colab = "nothing needs mending; for a GPU, open the lesson in Colab (Runtime > Change runtime type)"
    if torch_says and torch_says.get("mps"):
        return Finding("GPU", "ok", "Apple GPU, seen by torch (mps); the lessons' quick profile is for it")
    if not profiles.has_gpu():
        return Finding("GPU", "degraded", "no NVIDIA GPU answers", lose, colab)
    query = ["nvidia-smi", "--query-gpu=name,memory.total,compute_cap", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        answer = ""
    cards = [
        [piece.strip() for piece in line.split(",")] for line in answer.splitlines() if line.count(",") == 2
    ]
    found = "; ".join(f"{name}, {float(mib) / 1024:.0f} GB, capability {cap}" for name, mib, cap in cards)
    found = found or "an NVIDIA GPU of unknown kind"
    if torch_says is None:
        return Finding("GPU", "ok", found)
    if not torch_says.get("gpu"):
        version = torch_says.get("version", "")
        remedy = (
            f'"{sys.executable}" -m uv pip install --reinstall-package torch --torch-backend=auto "torch"'
        )
        if on_colab():
            remedy = "Runtime > Disconnect and delete runtime, then Run all"
        return Finding("GPU", "degraded", f"{found}; torch {version} does not see it", lose, remedy)
    built, own = torch_says.get("built_for", []), torch_says.get("capability", "")
    # Code for one capability runs on the later ones of the same generation (sm_80 on an sm_86 card).
    if built and not any(a[:-1] == own[:-1] and a[-1:] <= own[-1:] for a in built if a.startswith("sm_")):
        return Finding("GPU", "degraded", f"{found}; this torch has no code for {own}", lose, colab)
    return Finding("GPU", "ok", f"{found}; torch sees it")


def check_disk() -> Finding:
    """Room for films, checkpoints and downloads."""
    try:
        place = data.keep()
        free = shutil.disk_usage(place).free
        (place / ".doctor").write_text("x", encoding="utf-8")
        (place / ".doctor").unlink()
    except OSError as error:
        remedy = "set COURSE_KEEP to a folder that you can write to"
        found = f"{error.filename or 'the folder for progress'} cannot be written ({error.strerror})"
        return Finding("disk", "broken", found, "progress and checkpoints", remedy)
    found = f"{free / GB:.1f} GB free in {place}"
    if free < 2 * GB:
        remedy = "make room: 2 GB are enough"
        return Finding("disk", "degraded", found, "long trainings and films may stop half-way", remedy)
    return Finding("disk", "ok", found)


def memory() -> tuple[float, float] | None:
    """(total, available) memory in bytes, a container's limit counted in; None where it cannot be read."""
    try:
        if sys.platform.startswith("linux"):
            rows = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
            kib = {row.split(":")[0]: float(row.split()[1]) for row in rows if row.endswith("kB")}
            total, available = kib["MemTotal"] * 1024, kib["MemAvailable"] * 1024
            for limit, used in (("memory.max", "memory.current"),):
                group = Path("/sys/fs/cgroup")
                if (group / limit).is_file() and (text := (group / limit).read_text().strip()) != "max":
                    total = min(total, float(text))
                    available = min(available, float(text) - float((group / used).read_text()))
            return total, available
        if sys.platform == "darwin":
            total = float(subprocess.run(["sysctl", "-n", "hw.memsize"], capture_output=True).stdout)
            return total, total / 2  # macOS has no such figure: half is a fair guess
        if os.name == "nt":
            fields = "load:L total:Q available:Q page:Q free_page:Q virtual:Q free_virtual:Q extended:Q"
            kinds = {"L": ctypes.c_ulong, "Q": ctypes.c_ulonglong}
            members = [("length", ctypes.c_ulong)] + [(f.split(":")[0], kinds[f[-1]]) for f in fields.split()]
            status = type("MemoryStatus", (ctypes.Structure,), {"_fields_": members})()
            status.length = ctypes.sizeof(status)
            ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
            return float(status.total), float(status.available)
    except (OSError, ValueError, KeyError):
        pass
    return None


def check_memory() -> Finding:
    answer = memory()
    if answer is None:
        return Finding("memory", "ok", "cannot be read on this system")
    total, available = answer
    found = f"{total / GB:.1f} GB, {available / GB:.1f} GB of it available"
    if available < 2 * GB:
        lose = "lessons that import torch or TensorFlow may be stopped by the system"
        return Finding("memory", "degraded", found, lose, "close other programs and other notebooks' kernels")
    return Finding("memory", "ok", found)


def check_settings() -> Finding:
    """The profile in force; a COURSE_PROFILE that cannot be stops every lesson."""
    try:
        named = " (COURSE_PROFILE)" if os.environ.get("COURSE_PROFILE") else ""
        return Finding("profile", "ok", profiles.profile() + named)
    except CourseError as error:
        return Finding("profile", "broken", str(error), LOSSES[""], "unset COURSE_PROFILE")
