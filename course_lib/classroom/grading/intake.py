"""Which files are submissions, and whose: a folder of notebooks, a folder a learner, zips of Canvas and Moodle.

Nothing that a learner made is trusted: names are only shown, never used as a path; links are not followed; an
archive is read entry by entry and only as far as the limits go. What is refused is listed with its reason.
"""

import dataclasses
import re
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course_lib.classroom.grading.archives import LARGEST_FILE, NOISE, Room, Source, from_zip
from course_lib.classroom.grading.whose import CANVAS, MOODLE, has_common_top, shown, whose
from course_lib.errors import CourseError
from course_lib.exercises.artefact import Artefact
from course_lib.marking.files import READERS

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
        sources = _from_folder(submissions, Room(scratch))
    elif submissions.is_file() and zipfile.is_zipfile(submissions):
        sources = from_zip(submissions, Room(scratch))
        if has_common_top([source.parts for source in sources]):
            sources = [dataclasses.replace(source, parts=source.parts[1:]) for source in sources]
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


def _from_folder(folder: Path, room: Room, parts: tuple[str, ...] = (), deep: int = 0) -> list[Source]:
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
                found += _from_folder(path, room, here, deep + 1)
        elif not stat.S_ISREG(status.st_mode):
            found.append(Source(here, None, refused="not a plain file"))
        elif path.suffix.lower() == ".zip":
            try:
                inner = from_zip(path, room, parts or (path.stem,))
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
