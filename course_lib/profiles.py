"""Three sizes of every lesson: `smoke` (tests), `quick` (no GPU), `full` (GPU).

The hardware chooses, `COURSE_PROFILE` overrides. Importing this module imports no framework.
"""

import functools
import os
import re
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


UNITS = {"s": 1, "min": 60, "h": 3600}


def seconds(budget) -> float:
    """A time budget in seconds.

    Args:
        budget: a number of seconds, or text such as "45 s", "3 min", "1.5 h", "1 h 30 min".

    Returns:
        Seconds, above 0.

    Raises:
        CourseError: it cannot be read, or is not above 0.
    """
    if isinstance(budget, str):
        parts = re.findall(r"(\d+(?:\.\d+)?)\s*(s|min|h)\b", budget)
        rest = re.sub(r"(\d+(?:\.\d+)?)\s*(s|min|h)\b", "", budget).strip()
        found = sum(float(number) * UNITS[unit] for number, unit in parts) if parts and not rest else 0.0
    else:
        found = float(budget) if isinstance(budget, int | float) and not isinstance(budget, bool) else 0.0
    if not 0 < found < float("inf"):
        raise CourseError(
            f'the budget {budget!r} is no time above 0: write seconds, or "45 s", "3 min", "1 h".'
        )
    return found
