"""What importing the library costs: no framework comes along unasked, and help answers at once."""

import subprocess
import sys

import pytest

from course_lib.data import home

PACKAGES = sorted(
    ".".join(path.parent.relative_to(home()).parts) for path in (home() / "course_lib").rglob("__init__.py")
)
NUMPY_ONLY = [
    "course_lib.cli",
    "course_lib.gan.theory",
    "course_lib.classroom.doctor",
    "course_lib.classroom.suite",
]
FRAMEWORKS = ("torch", "tensorflow", "keras")


def run(code: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)


def test_no_package_imports_a_framework():
    """Every package in turn in one process; the one that brings a framework along is named."""
    code = (
        "import importlib, sys\n"
        f"for name in {[*PACKAGES, *NUMPY_ONLY]!r}:\n"
        "    importlib.import_module(name)\n"
        f"    brought = [one for one in {FRAMEWORKS!r} if one in sys.modules]\n"
        "    if brought: sys.exit(f'{name} imports {brought}')\n"
    )
    answer = run(code)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("module", ["course_lib", "course_lib.cli", "course_lib.bootstrap.start"])
def test_the_command_starts_without_any_package(module):
    """-I -S: no site-packages at all, as on a machine where nothing is installed yet."""
    code = f"import sys; sys.path.insert(0, {str(home())!r}); import {module}"
    answer = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
