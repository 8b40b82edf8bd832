"""Which files are submissions, and whose: a folder of notebooks, a folder a learner, zips of Canvas and Moodle.

Nothing that a learner made is trusted: names are only shown, never used as a path; links are not followed; an
archive is read entry by entry and only as far as the limits go. What is refused is listed with its reason.
"""

import datetime
import re
import stat
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course_lib.errors import CourseError

LARGEST_FILE = 64 * 2**20
LARGEST_ARCHIVE = 2 * 2**30  # all notebooks of one zip together
MOST_ENTRIES = 20_000
DEEPEST = 3  # zips in zips
# Canvas: 'lovelaceada_LATE_1234_56789_notebook-1.ipynb'
CANVAS = re.compile(r"^(?P<name>[^_/]+)(?P<late>_LATE)?_(?P<user>\d+)_(?P<number>\d+)_(?P<file>.+)$")
# Moodle: 'Ada Lovelace_1234_assignsubmission_file_' as a folder, or as the beginning of a file's name
MOODLE = re.compile(r"^(?P<name>.+)_(?P<user>\d+)_assignsubmission_\w+?(?:_(?P<file>[^/]*))?$")
LESSON = re.compile(rb"""\bstart\(\s*\\?["'](\d\d|template)\\?["']""")
NOISE = {"__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass
class Paper:
    """One notebook that was handed in.

    Attributes:
        path: where it can be read (a copy, when it came in an archive).
        name: the name under which it was handed in.
        when: of the file, for choosing the newest.
        lessons: what it says it is of, found in the raw text.
    """

    path: Path
    name: str
    when: float
    lessons: tuple[str, ...] = ()


@dataclass
class Entry:
    """What one learner handed in.

    Attributes:
        learner: a name for people to read.
        papers: notebooks; others: names of files that are none; refused: sentences about what was not opened.
        user: the number that Canvas or Moodle gives the learner, or ''.
        late: Canvas says that it came late.
    """

    learner: str
    papers: list[Paper] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    user: str = ""
    late: bool = False


@dataclass
class _Source:
    """A file found: its path inside what was handed in, and how to get at its bytes."""

    parts: tuple[str, ...]
    path: Path | None
    when: float = 0.0
    refused: str = ""


def collect(submissions: Path, scratch: Path) -> list[Entry]:
    """All learners' entries, sorted by name.

    Args:
        submissions: a folder or a zip.
        scratch: a folder into which notebooks from archives are copied, under names of our own.

    Raises:
        CourseError: there is nothing, or nothing that looks like a submission.
    """
    if submissions.is_dir():
        sources = _from_folder(submissions, scratch)
    elif submissions.is_file() and zipfile.is_zipfile(submissions):
        sources = _without_common_top(_from_zip(submissions, scratch, 1))
    elif submissions.exists():
        raise CourseError(f"{submissions} is neither a folder nor a zip file.")
    else:
        raise CourseError(f"there is no {submissions}.")
    entries: dict[str, Entry] = {}
    for source in sources:
        learner, user, late, name = whose(source.parts)
        entry = entries.setdefault(learner + "\0" + user, Entry(learner, user=user))
        entry.late |= late
        if source.refused:
            entry.refused.append(f"{shown(name)}: {shown(source.refused, 300)}")
        elif source.path is None or not name.lower().endswith(".ipynb"):
            entry.others.append(shown(name))
        else:
            entry.papers.append(Paper(source.path, shown(name), source.when, lessons_in(source.path)))
    if not entries:
        raise CourseError(f"there is no notebook in {submissions}.")
    found = sorted(entries.values(), key=lambda entry: (entry.learner, entry.user))
    names = [entry.learner for entry in found]
    for entry in found:
        if names.count(entry.learner) > 1 and entry.user:  # two people of one name
            entry.learner += f" ({entry.user})"
    return found


def whose(parts: tuple[str, ...]) -> tuple[str, str, bool, str]:
    """(learner, number in the learning platform, late, file name) from a path inside the submissions."""
    for part in parts:
        matched = MOODLE.match(part)
        if matched:
            last = matched["file"] if part == parts[-1] and matched["file"] else parts[-1]
            return shown(matched["name"]), matched["user"], False, last
    for part in parts:
        matched = CANVAS.match(part)
        if matched:
            last = matched["file"] if part == parts[-1] else parts[-1]
            return shown(matched["name"]), matched["user"], bool(matched["late"]), last
    first = parts[0]
    if len(parts) == 1 or first.lower().endswith(".zip"):
        first = PurePosixPath(first).stem
    return shown(first), "", False, parts[-1]


def choose(entry: Entry, lesson: str) -> tuple[Paper | None, list[str]]:
    """The notebook to grade, and notes on the choice: of the lesson if one says so, and the newest."""
    ours = [paper for paper in entry.papers if lesson in paper.lessons]
    ours = ours or [paper for paper in entry.papers if not paper.lessons] or entry.papers
    if not ours:
        return None, []
    best = max(ours, key=lambda paper: (paper.when, paper.name))
    notes = [f"Of {len(ours)} notebooks the newest was graded: {best.name}."] if len(ours) > 1 else []
    return best, notes


def lessons_in(path: Path) -> tuple[str, ...]:
    """Lessons that a notebook's raw text names, the last one first; nothing is parsed."""
    if path.stat().st_size > LARGEST_FILE:
        return ()
    found = [one.decode() for one in LESSON.findall(path.read_bytes())]
    return tuple(dict.fromkeys(reversed(found)))


def shown(name: str, longest: int = 120) -> str:
    """A name as it may be shown: one line, no control or direction characters, not endless."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(
        c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else " " for c in name
    )
    name = " ".join(name.split()) or "(no name)"
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _from_folder(folder: Path, scratch: Path, parts: tuple[str, ...] = (), deep: int = 0) -> list[_Source]:
    found = []
    for path in sorted(folder.iterdir()):
        here = (*parts, path.name)
        status = path.lstat()
        if path.name in NOISE or path.name.startswith("._"):
            continue
        if stat.S_ISLNK(status.st_mode):
            found.append(_Source(here, None, refused="a link is not followed; hand in the file itself"))
        elif stat.S_ISDIR(status.st_mode):
            if deep >= 20:
                found.append(_Source(here, None, refused="folders too deep"))
            else:
                found += _from_folder(path, scratch, here, deep + 1)
        elif not stat.S_ISREG(status.st_mode):
            found.append(_Source(here, None, refused="not a plain file"))
        elif path.suffix.lower() == ".zip":
            try:
                inner = _from_zip(path, scratch, 1)
            except CourseError as problem:
                found.append(_Source(here, None, refused=str(problem)))
                continue
            # a platform's zip names its learners itself; any other belongs to whoever's folder or name it bears
            named = any(MOODLE.match(p) for s in inner for p in s.parts) or any(CANVAS.match(s.parts[-1]) for s in inner)  # fmt: skip
            above = () if named else (parts or (path.stem,))
            found += [_Source((*above, *s.parts), s.path, s.when, s.refused) for s in inner]
        elif not (
            parts == () and path.suffix.lower() in (".toml", ".csv", ".txt")
        ):  # marks.toml and its like
            found.append(_Source(here, path, status.st_mtime))
    return found


def _from_zip(archive: Path, scratch: Path, depth: int) -> list[_Source]:
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
                if problem or not safe[-1].lower().endswith((".ipynb", ".zip")):
                    found.append(_Source(safe, None, refused=problem))
                    continue
                scratch.mkdir(parents=True, exist_ok=True)
                target = (
                    scratch / f"{len(list(scratch.iterdir())):06d}{PurePosixPath(safe[-1]).suffix.lower()}"
                )
                took = _extract(opened, entry, target, min(LARGEST_FILE, left))
                if took is None:
                    found.append(
                        _Source(safe, None, refused=f"more than {LARGEST_FILE // 2**20} MB when unpacked")
                    )
                    continue
                left -= took
                if target.suffix == ".zip":
                    found += _nested(target, scratch, safe, depth)
                else:
                    found.append(_Source(safe, target, _when(entry)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, CourseError):
            raise
        raise CourseError(f"the archive is damaged ({str(error)[:120]})") from None
    return found


def _nested(archive: Path, scratch: Path, at: tuple[str, ...], depth: int) -> list[_Source]:
    if depth >= DEEPEST:
        return [_Source(at, None, refused="archives in archives in archives are not opened")]
    try:
        inner = _from_zip(archive, scratch, depth + 1)
    except CourseError as problem:
        return [_Source(at, None, refused=str(problem))]
    # the learner is told by where the inner archive lies, or by its name
    return [_Source((*at, *s.parts), s.path, s.when, s.refused) for s in inner]


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


def _without_common_top(sources: list[_Source]) -> list[_Source]:
    """`class/ada.ipynb, class/bob.ipynb`: the folder around everything is nobody's name."""
    tops = {source.parts[0] for source in sources}
    below = {source.parts[1] for source in sources if len(source.parts) > 1}
    if len(tops) == 1 and len(below) > 1 and not MOODLE.match(next(iter(tops))) and all(len(s.parts) > 1 for s in sources):  # fmt: skip
        return [_Source(s.parts[1:], s.path, s.when, s.refused) for s in sources]
    return sources


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
