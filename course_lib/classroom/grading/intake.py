"""Which files are submissions, and whose: a folder of notebooks, a folder a learner, zips of Canvas and Moodle.

Nothing that a learner made is trusted: names are only shown, never used as a path; links are not followed; an
archive is read entry by entry and only as far as the limits go. What is refused is listed with its reason.
"""

import re
import stat
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course_lib.classroom.grading.archives import LARGEST_FILE, NOISE, Source, from_zip
from course_lib.errors import CourseError
from course_lib.exercises.artefact import Artefact
from course_lib.marking.files import READERS

# Canvas: 'lovelaceada_LATE_1234_56789_notebook-1.ipynb'
CANVAS = re.compile(r"^(?P<name>[^_/]+)(?P<late>_LATE)?_(?P<user>\d+)_(?P<number>\d+)_(?P<file>.+)$")
# Moodle: 'Ada Lovelace_1234_assignsubmission_file_' as a folder, or as the beginning of a file's name
MOODLE = re.compile(r"^(?P<name>.+)_(?P<user>\d+)_assignsubmission_\w+?(?:_(?P<file>[^/]*))?$")
LESSON = re.compile(rb"""\bstart\(\s*\\?["'](\d\d|template)\\?["']""")


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
        papers: notebooks; files: of a kind that an exercise may ask for; others: names of all else; refused: sentences
            about what was not opened.
        user: the number that Canvas or Moodle gives the learner, or ''.
        late: Canvas says that it came late.
    """

    learner: str
    papers: list[Paper] = field(default_factory=list)
    files: list[Paper] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    user: str = ""
    late: bool = False


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
        sources = _without_common_top(from_zip(submissions, scratch, 1))
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
        elif source.path is not None and name.lower().endswith(tuple(READERS)):
            entry.files.append(Paper(source.path, shown(name), source.when))
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


def choose_file(entry: Entry, artefact: Artefact) -> tuple[Paper | None, list[str]]:
    """The file to score for an exercise that asks for one, and notes on the choice.

    Its ending must be right. Of several one that bears the asked name goes first (platforms and browsers add '-1' or
    '(1)' to it), then the newest.
    """
    ours = [paper for paper in entry.files if paper.name.lower().endswith(artefact.taken)]
    stem = PurePosixPath(artefact.file).stem.lower()
    named = [
        paper
        for paper in ours
        if re.sub(r"[-_ ]?\(?\d+\)?$", "", PurePosixPath(paper.name).stem.lower()) == stem
    ]
    ours = named or ours
    if not ours:
        return None, []
    best = max(ours, key=lambda paper: (paper.when, paper.name))
    return best, [
        f"Of {len(ours)} files ending in {' or '.join(artefact.taken)} the newest was scored: {best.name}."
    ] if len(ours) > 1 else []


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


def _from_folder(folder: Path, scratch: Path, parts: tuple[str, ...] = (), deep: int = 0) -> list[Source]:
    found = []
    for path in sorted(folder.iterdir()):
        here = (*parts, path.name)
        status = path.lstat()
        if path.name in NOISE or path.name.startswith("._"):
            continue
        if stat.S_ISLNK(status.st_mode):
            found.append(Source(here, None, refused="a link is not followed; hand in the file itself"))
        elif stat.S_ISDIR(status.st_mode):
            if parts and path.suffix.lower() in (".ipynb", *READERS):
                found.append(
                    Source(here, None, refused="a folder that is named like a file; hand in the file")
                )
            elif deep >= 20:
                found.append(Source(here, None, refused="folders too deep"))
            else:
                found += _from_folder(path, scratch, here, deep + 1)
        elif not stat.S_ISREG(status.st_mode):
            found.append(Source(here, None, refused="not a plain file"))
        elif path.suffix.lower() == ".zip":
            try:
                inner = from_zip(path, scratch, 1)
            except CourseError as problem:
                found.append(Source(here, None, refused=str(problem)))
                continue
            # a platform's zip names its learners itself; any other belongs to whoever's folder or name it bears
            named = any(MOODLE.match(p) for s in inner for p in s.parts) or any(CANVAS.match(s.parts[-1]) for s in inner)  # fmt: skip
            above = () if named else (parts or (path.stem,))
            found += [Source((*above, *s.parts), s.path, s.when, s.refused) for s in inner]
        elif not (
            parts == () and path.suffix.lower() in (".toml", ".csv", ".txt")
        ):  # marks.toml and its like
            found.append(Source(here, path, status.st_mtime))
    return found


def _without_common_top(sources: list[Source]) -> list[Source]:
    """`class/ada.ipynb, class/bob.ipynb`: the folder around everything is nobody's name."""
    tops = {source.parts[0] for source in sources}
    below = {source.parts[1] for source in sources if len(source.parts) > 1}
    if len(tops) == 1 and len(below) > 1 and not MOODLE.match(next(iter(tops))) and all(len(s.parts) > 1 for s in sources):  # fmt: skip
        return [Source(s.parts[1:], s.path, s.when, s.refused) for s in sources]
    return sources
