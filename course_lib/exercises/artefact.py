"""Exercises whose answer is a file: weights that were trained, a table that was computed.

One `Artefact` serves the cell in the lesson (`hand_in`), `course check` and grading: `mark_file` reads the file
(`marking.files`: numbers only, checked before they are opened) and scores it by the same function, in a lesson
with a seed that everybody has, in grading with a secret one. What is scored is what the file *does*, on cases that
its author has not seen.
"""

import hashlib
import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.exercises.exercise import lesson_of, lessons_with_exercises
from course_lib.exercises.verdict import Example, Verdict
from course_lib.marking.files import READERS, Array, BadFile, Content, read

SKETCH = 128
ALIKE = 0.03  # of the length: what small changes leave the same, and two trainings of one's own do not


@dataclass(frozen=True)
class Part:
    """One of the things that a score is made of: points reached of `most`, and in words what was asked and found."""

    name: str
    points: float
    most: float
    wanted: str
    found: str


@dataclass(frozen=True)
class Score:
    """What a file is worth.

    Attributes:
        parts: their `most` add up to the artefact's points.
        text: a sentence or two on what is missing, or good.
        cap: points beyond which it cannot go for a reason that `text` names; None for no such reason.
        ours: it does just what the course's own file does: then it earns nothing.
        remark: for the instructor only; '' for none.
    """

    parts: Sequence[Part]
    text: str = ""
    cap: int | None = None
    ours: bool = False
    remark: str = ""


@dataclass(frozen=True)
class FileVerdict(Verdict):
    """A verdict with its points; `digest` and `sketch` tell the content from others', `remark` is for the instructor."""

    points: int = 0
    digest: str = ""
    sketch: tuple = ()
    ours: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Attempt:
    """A file that somebody might hand in, for tests and for the demonstration of grading.

    Attributes:
        name: what it is, in words.
        make: from a folder and a numpy generator to the file's path.
        least, most: points that it must get.
    """

    name: str
    make: Callable[[Path, np.random.Generator], Path]
    least: int
    most: int


@dataclass(frozen=True, eq=False)
class Artefact:
    """One file that a learner hands in beside the notebook.

    Attributes:
        id: where its scoring stands, without the last part; its last part is the name, as 'gan.handed_in.generator'.
        title: what is handed in, in a few words.
        file: the name to save it under; what counts in grading is the suffix, for platforms rename files.
        suffixes: that are taken; the file's own is among them.
        layout: gives what the arrays of the file must be (called late: some come from a network).
        score: `score(content, seed, share)`, with `share` of the usual number of cases, 1 in grading.
        points, minutes, difficulty, hints: as of an `Exercise`.
        largest: bytes of the file.
        common: points that running the lesson's own cells gives, or its hint; equal files up to there say nothing.
        ours: shipped files, names below datasets/, that are nobody's own work, however slightly changed.
        attempts: for tests and the demonstration.
        seconds: that scoring may take, on a slow machine.
    """

    id: str
    title: str
    file: str
    layout: Callable[[], Mapping[str, Array]]
    score: Callable[[Content, int, float], Score]
    hints: Sequence[str]
    points: int = 20
    minutes: int = 30
    difficulty: int = 3
    suffixes: Sequence[str] = ()
    largest: int = 8 * 2**20
    common: int = 0
    ours: Sequence[str] = ()
    attempts: Sequence[Attempt] = ()
    seconds: float = 120.0
    misconceptions: Sequence = ()

    def __post_init__(self):
        strange = set(self.taken) - set(READERS)
        if strange or not 0 < self.points == int(self.points):
            raise ValueError(f"artefact {self.id}: no reader for {strange}, or strange points")

    @property
    def name(self) -> str:
        """The last part of the id: its column in the tables."""
        return self.id.rpartition(".")[2]

    @property
    def taken(self) -> tuple[str, ...]:
        """The suffixes that are taken."""
        return tuple(self.suffixes) or (Path(self.file).suffix,)

    @cached_property
    def own_sketches(self) -> list[np.ndarray]:
        """Sketches of the course's own files."""
        return [np.array(sketch_of(read(datasets(*name.split("/")), self.layout(), self.largest).arrays)) for name in self.ours]  # fmt: skip


def lesson_artefacts(lesson: str) -> list[Artefact]:
    """The files that a lesson asks for, in order; [] for most lessons.

    Raises:
        CourseError: there is no such lesson.
    """
    if lesson not in lessons_with_exercises():
        raise CourseError(f"there is no lesson '{lesson}'.")
    module = importlib.import_module(f"course_lib.exercises.lesson_{lesson}")
    return list(getattr(module, "ARTEFACTS", ()))


def find_artefact(id: str) -> Artefact:
    """The artefact with this id.

    Raises:
        CourseError: there is none.
    """
    for one in lesson_artefacts(lesson_of(id)):
        if one.id == id:
            return one
    raise CourseError(f"'{id}' is a function to write, not a file to hand in.")


def mark_file(one: Artefact, path: Path | None, seed: int, share: float = 1.0) -> FileVerdict:
    """The verdict on a file that was handed in, or on none.

    Args:
        path: the file; None when there is none.
        seed: of the cases. The same file, seed and versions: the same points.
        share: of the usual number of cases, above 0 to 1: a look may take less time than a mark.
    """
    if path is None or (not Path(path).exists() and not Path(path).is_symlink()):
        return missing(one)
    try:
        if Path(path).suffix.lower() not in one.taken:
            raise BadFile(f"Its name ends in '{Path(path).suffix[:20]}'; expected is {' or '.join(one.taken)}.")  # fmt: skip
        content = read(path, one.layout(), one.largest)
        digest, sketch = digest_of(content.arrays), sketch_of(content.arrays)
        if any(alike(np.array(sketch), ours) for ours in one.own_sketches):
            return own(digest, sketch)
        score = one.score(content, seed, share)
        if score.ours:
            return own(digest, sketch)
    except BadFile as problem:
        return refused(str(problem))
    return scored(one, score, digest, sketch)


def missing(one: Artefact) -> FileVerdict:
    """Nothing was handed in."""
    text = f"No file was handed in for this: `{one.file}` ({one.title}). It is worth up to {one.points} points, and a part of them comes early."
    return FileVerdict("not started", "no file", "Nothing handed in", text)


def refused(sentence: str) -> FileVerdict:
    """A file that cannot be taken."""
    return FileVerdict("not yet", "bad file", "The file could not be taken", sentence)


def own(digest: str, sketch: tuple) -> FileVerdict:
    """The course's own file, or one that does the same."""
    text = "This is what the course ships, or nearly. Hand in what you have made: it may be worse, and earns more."
    return FileVerdict("not yet", "ours", "That is the course's own file", text, digest=digest, sketch=sketch, ours=True)  # fmt: skip


def scored(one: Artefact, score: Score, digest: str, sketch: tuple) -> FileVerdict:
    """Points and a table of the parts; the sum is rounded down, so that nothing is given twice."""
    most = sum(part.most for part in score.parts)
    if abs(most - one.points) > 1e-9:
        raise ValueError(f"artefact {one.id}: its parts give {most} points, not {one.points}")
    points = int(sum(min(max(part.points, 0), part.most) for part in score.parts) + 1e-9)
    points = points if score.cap is None else min(points, score.cap)
    rows = [(f"{p.name}, {p.points:.1f} of {p.most:g} points", p.wanted, p.found) for p in score.parts]
    full = points == one.points
    status = "right" if full else "in part" if points else "not yet"
    return FileVerdict(status, "scored", "Right" if full else f"{points} of {one.points} points", score.text,
                       example=Example([], rows), points=points, digest=digest, sketch=sketch, remark=score.remark)  # fmt: skip


def digest_of(arrays: Mapping[str, np.ndarray]) -> str:
    """A hash of the numbers alone, whatever their precision and the text beside them."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode() + b"\0" + np.ascontiguousarray(arrays[name], "<f4").tobytes())
    return digest.hexdigest()


def sketch_of(arrays: Mapping[str, np.ndarray]) -> tuple:
    """128 numbers in which the distance of two files shows, to about a tenth: sums of entries with drawn signs."""
    flat = np.concatenate([np.asarray(arrays[name], float).ravel() for name in sorted(arrays)])
    rng = np.random.default_rng(SKETCH)
    place, sign = rng.integers(0, SKETCH, len(flat)), rng.choice([-1.0, 1.0], len(flat))
    return tuple(float(f"{n:.6g}") for n in np.bincount(place, sign * flat, SKETCH))


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Are two files the same but for small changes, by their sketches?"""
    length = max(np.linalg.norm(one), np.linalg.norm(other))
    return len(one) == len(other) and bool(np.linalg.norm(one - other) <= ALIKE * length)
