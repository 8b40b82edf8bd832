"""Three sizes of every lesson: `smoke` (tests), `quick` (no GPU), `full` (GPU).

The hardware chooses, `COURSE_PROFILE` overrides. Importing this module imports no framework.
"""

import functools
import os
import shutil
import subprocess

from course_lib.errors import CourseError

PROFILES = ("smoke", "quick", "full")


@functools.cache
def has_gpu() -> bool:
    """Is there an NVIDIA GPU that answers? (Asks the driver; imports no framework.)"""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return False
    try:
        return subprocess.run([tool, "-L"], capture_output=True, timeout=20).stdout.startswith(b"GPU")
    except (OSError, subprocess.TimeoutExpired):
        return False


def profile() -> str:
    """The profile in force: 'smoke', 'quick' or 'full'.

    Raises:
        CourseError: `COURSE_PROFILE` holds something else.
    """
    named = os.environ.get("COURSE_PROFILE", "").strip().lower()
    if named and named not in PROFILES:
        raise CourseError(f"COURSE_PROFILE is '{named}'; it can be {', '.join(PROFILES)}, or not set at all.")
    return named or ("full" if has_gpu() else "quick")


def pick(*, smoke, quick, full):
    """The value for the profile in force, e.g. ``steps = pick(smoke=20, quick=2_000, full=50_000)``."""
    return {"smoke": smoke, "quick": quick, "full": full}[profile()]
