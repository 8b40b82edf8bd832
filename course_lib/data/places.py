"""Where the course keeps its files, on a laptop, on Colab and in a test."""

import os
from pathlib import Path

from course_lib.errors import CourseError


def home() -> Path:
    """The course's folder: the one that holds `lessons/`, `datasets/`, `bench/`.

    `COURSE_HOME` overrides it. Otherwise it is the folder that `course_lib` was imported from: a clone,
    or on Colab the clone made by the setup cell.

    Raises:
        CourseError: `course_lib` was installed without its clone.
    """
    named = os.environ.get("COURSE_HOME")
    folder = Path(named) if named else Path(__file__).resolve().parents[2]
    if not (folder / "datasets").is_dir():
        raise CourseError(
            f"no course files in {folder}: clone the repository and work in the clone, "
            "or set COURSE_HOME to the folder that holds 'datasets'."
        )
    return folder


def datasets(*parts: str) -> Path:
    """A file or folder below `datasets/` (shipped samples, weights, datasheets)."""
    return home().joinpath("datasets", *parts)


def bench_file(name: str) -> Path:
    """The committed result of `course bench NAME`."""
    return home() / "bench" / f"{name}.json"


def keep() -> Path:
    """A writable folder that outlives the kernel: progress and checkpoints live here.

    `COURSE_KEEP`, else Google Drive when it is mounted on Colab, else `.course/` in the course's folder.
    """
    named = os.environ.get("COURSE_KEEP")
    drive = Path("/content/drive/MyDrive")
    if named:
        folder = Path(named)
    elif drive.is_dir():
        folder = drive / "text-to-film-course"
    else:
        folder = home() / ".course"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cache() -> Path:
    """A writable folder for what can be made or downloaded again (`COURSE_CACHE`, else below `keep()`)."""
    named = os.environ.get("COURSE_CACHE")
    folder = Path(named) if named else keep() / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
