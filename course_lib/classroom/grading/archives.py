"""Archives that learners or their platform packed: read entry by entry, and only as far as the limits go.

An entry's name is only shown, never used as a path; links and encrypted entries are refused; what is unpacked is counted
while it is unpacked, whatever the archive says of itself.
"""

import datetime
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course_lib.errors import CourseError
from course_lib.marking.files import READERS

LARGEST_FILE = 64 * 2**20
LARGEST_ARCHIVE = 2 * 2**30  # all that is taken from one zip together
MOST_ENTRIES = 20_000
DEEPEST = 3  # zips in zips
NOISE = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass
class Source:
    """A file found: its path inside what was handed in, and how to get at its bytes."""

    parts: tuple[str, ...]
    path: Path | None
    when: float = 0.0
    refused: str = ""


def from_zip(archive: Path, scratch: Path, depth: int) -> list[Source]:
    found, left = [], LARGEST_ARCHIVE
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            if len(entries) > MOST_ENTRIES:
                raise CourseError(f"an archive of {len(entries)} files is not opened")
            for entry in entries:
                name = _decoded(entry)
                parts = tuple(part for part in PurePosixPath(name.replace("\\", "/")).parts)
                if entry.is_dir() or set(parts) & NOISE or (parts and parts[-1].startswith("._")):
                    continue
                problem = _refusal(entry, parts)
                safe = tuple(part for part in parts if part not in ("..", "/", "")) or ("nameless",)
                if problem or not safe[-1].lower().endswith((".ipynb", ".zip", *READERS)):
                    found.append(Source(safe, None, refused=problem))
                    continue
                scratch.mkdir(parents=True, exist_ok=True)
                target = (
                    scratch / f"{len(list(scratch.iterdir())):06d}{PurePosixPath(safe[-1]).suffix.lower()}"
                )
                took = _extract(opened, entry, target, min(LARGEST_FILE, left))
                if took is None:
                    found.append(
                        Source(safe, None, refused=f"more than {LARGEST_FILE // 2**20} MB when unpacked")
                    )
                    continue
                left -= took
                if target.suffix == ".zip":
                    found += _nested(target, scratch, safe, depth)
                else:
                    found.append(Source(safe, target, _when(entry)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, CourseError):
            raise
        raise CourseError(f"the archive is damaged ({str(error)[:120]})") from None
    return found


def _nested(archive: Path, scratch: Path, at: tuple[str, ...], depth: int) -> list[Source]:
    if depth >= DEEPEST:
        return [Source(at, None, refused="archives in archives in archives are not opened")]
    try:
        inner = from_zip(archive, scratch, depth + 1)
    except CourseError as problem:
        return [Source(at, None, refused=str(problem))]
    # the learner is told by where the inner archive lies, or by its name
    return [Source((*at, *s.parts), s.path, s.when, s.refused) for s in inner]


def _refusal(entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> str:
    if ".." in parts or parts[:1] == ("/",) or re.match(r"^[A-Za-z]:", parts[0] if parts else ""):
        return "its path leads out of the archive"
    mode = entry.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0):
        return "a link or special file in an archive is not opened"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if entry.file_size > LARGEST_FILE:
        return f"more than {LARGEST_FILE // 2**20} MB when unpacked"
    return ""


def _extract(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, most: int) -> int | None:
    """Copy at most `most` bytes, whatever the archive's own figures say; None when there are more."""
    took = 0
    with opened.open(entry) as source, target.open("wb") as file:
        while block := source.read(1 << 16):
            took += len(block)
            if took > most:
                break
            file.write(block)
    if took > most:
        target.unlink()
        return None
    return took


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The name; archives made on Chinese Windows do not say that their names are in GBK."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for code in ("utf-8", "gb18030"):
        try:
            return raw.decode(code)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _when(entry: zipfile.ZipInfo) -> float:
    try:
        return datetime.datetime(*entry.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
