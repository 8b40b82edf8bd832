"""Archives that learners or their platform packed: read entry by entry, and only as far as the limits go.

An entry's name is only shown, never used as a path; links and encrypted entries are refused; what is unpacked is counted
while it is unpacked, whatever the archive says of itself.
"""

import datetime
import re
import stat
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course_lib.classroom.grading.whose import has_common_top, whose
from course_lib.errors import CourseError
from course_lib.marking.files import READERS

LARGEST_FILE = 64 * 2**20
LARGEST_CLASS = 8 * 2**30  # all that is unpacked together
MOST_OF_ONE = 256 * 2**20  # for one learner, so that nobody can take the others' room
MOST_FILES_OF_ONE = 500
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


class Room:
    """How much may still be unpacked, in all and for one learner, whatever archives lie in archives.

    Args:
        scratch: the folder into which it is unpacked, under names of our own.
    """

    def __init__(self, scratch: Path):
        self.scratch, self.left, self.taken, self.files = scratch, LARGEST_CLASS, Counter(), Counter()
        self.top = False  # is there a folder around everything?

    def owner(self, parts: tuple[str, ...]) -> tuple[str, str]:
        """Whose a file is, for counting."""
        return whose(parts[1:] if self.top and len(parts) > 1 else parts)[:2]

    def most(self, parts: tuple[str, ...]) -> int:
        """Bytes that this file may have; 0 where there is no room for another one."""
        owner = self.owner(parts)
        if self.files[owner] >= MOST_FILES_OF_ONE:
            return 0
        return max(0, min(LARGEST_FILE, self.left, MOST_OF_ONE - self.taken[owner]))

    def take(self, parts: tuple[str, ...], size: int) -> None:
        """A file of this size was unpacked, or so much of one that was too large."""
        owner = self.owner(parts)
        self.left -= size
        self.taken[owner] += size
        self.files[owner] += 1

    def target(self, suffix: str) -> Path:
        """Where the next file goes."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        return self.scratch / f"{sum(self.files.values()):06d}{suffix}"


def from_zip(archive: Path, room: Room, above: tuple[str, ...] = (), depth: int = 1) -> list[Source]:
    """The files of an archive; those that matter are unpacked.

    Args:
        above: where the archive itself lies, for telling whose it is.

    Raises:
        CourseError: it is damaged, or has too many entries.
    """
    found = []
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            if len(entries) > MOST_ENTRIES:
                raise CourseError(f"an archive of {len(entries)} files is not opened")
            named = [(entry, _parts(entry)) for entry in entries]
            named = [(entry, parts) for entry, parts in named if not (entry.is_dir() or set(parts) & NOISE or (parts[-1:] and parts[-1].startswith("._")))]  # fmt: skip
            safe = [
                tuple(part for part in parts if part not in ("..", "/", "")) or ("nameless",)
                for _, parts in named
            ]
            if not above and safe:
                room.top = has_common_top(safe)
            for (entry, parts), at in zip(named, safe):
                problem = _refusal(entry, parts)
                if problem or not at[-1].lower().endswith((".ipynb", ".zip", *READERS)):
                    found.append(Source(at, None, refused=problem))
                    continue
                here, most = (*above, *at), room.most((*above, *at))
                target = room.target(PurePosixPath(at[-1]).suffix.lower())
                took = _extract(opened, entry, target, most) if most else None
                room.take(here, most if took is None else took)
                if took is None:
                    found.append(Source(at, None, refused=_too_much(most)))
                elif target.suffix == ".zip":
                    found += _nested(target, room, above, at, depth)
                else:
                    found.append(Source(at, target, _when(entry)))
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ) as error:
        if isinstance(error, CourseError):
            raise
        raise CourseError(f"the archive is damaged ({str(error)[:120]})") from None
    return found


def _too_much(most: int) -> str:
    if most == LARGEST_FILE:
        return f"more than {LARGEST_FILE // 2**20} MB when unpacked"
    return f"more than {MOST_OF_ONE // 2**20} MB, or {MOST_FILES_OF_ONE} files, of one learner when unpacked"


def _nested(
    archive: Path, room: Room, above: tuple[str, ...], at: tuple[str, ...], depth: int
) -> list[Source]:
    if depth >= DEEPEST:
        return [Source(at, None, refused="archives in archives in archives are not opened")]
    try:
        inner = from_zip(archive, room, (*above, *at), depth + 1)
    except CourseError as problem:
        return [Source(at, None, refused=str(problem))]
    finally:
        archive.unlink(missing_ok=True)
    # the learner is told by where the inner archive lies, or by its name
    return [Source((*at, *s.parts), s.path, s.when, s.refused) for s in inner]


def _parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    return tuple(PurePosixPath(_decoded(entry).replace("\\", "/")).parts)


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
