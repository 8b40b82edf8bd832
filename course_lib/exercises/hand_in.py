"""`hand_in(id, path)`: what a learner runs to see what a file is worth, before it is handed in.

The same reading and scoring as in grading, with a seed that everybody has; a card says in words what is missing.
"""

import html
import os
import textwrap
import traceback
from pathlib import Path

from course_lib import profiles
from course_lib.data import keep
from course_lib.errors import CourseError
from course_lib.exercises import progress_file
from course_lib.exercises.artefact import Artefact, FileVerdict, find_artefact, mark_file
from course_lib.exercises.card import MONO, TONES, folded, inline, show
from course_lib.exercises.exercise import lesson_of
from course_lib.exercises.learner import seed_of
from course_lib.exercises.verdict import Example

FEWER = 0.1  # share of the cases where a notebook is only tried out


def beside(name: str) -> Path:
    """Where to save a file that is handed in: beside the notebook (in the folder of kept files when nobody looks on)."""
    folder = keep() / "hand-in" if os.environ.get("COURSE_HEADLESS") else Path.cwd()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def hand_in(id: str, path) -> None:
    """Score a file and show what it is worth; raises nothing, whatever is wrong with the file.

    Args:
        id: of the file that the lesson asks for, such as 'recommend.newcomers.recommender'.
        path: where it lies.
    """
    try:
        one = find_artefact(id)
        path = Path(path)
        share = FEWER if profiles.profile() == "smoke" else 1.0
        verdict, note, entry = mark_file(one, path, seed_of(id), share), "", None
        try:
            entry = progress_file.record(id, lesson_of(id), verdict.status, verdict.kind, verdict.points)
        except Exception as error:  # a full disk, a file of another program: the score itself is not affected
            note = f"Progress could not be saved ({getattr(error, 'strerror', None) or error})."
        show(FileCard(one, verdict, path, entry, note))
    except KeyboardInterrupt:
        print("Interrupted: the file was not checked. Run the cell again.")
    except CourseError as problem:
        print(f"This file could not be checked: {problem}")
    except Exception:
        print("The check of the file failed by itself; this is our fault, not yours. Please report:")
        print(traceback.format_exc(limit=-4))


class FileCard:
    """Shows the verdict on a file. `_repr_html_` for notebooks, `str` for everything else."""

    def __init__(self, one: Artefact, verdict: FileVerdict, path: Path, entry: dict | None = None, note: str = ""):  # fmt: skip
        self.one, self.verdict, self.path, self.entry, self.note = one, verdict, path, entry or {}, note

    @property
    def facts(self) -> str:
        """Points now, and the best so far where that was more."""
        points = f"{self.verdict.points} of {self.one.points} points"
        best = self.entry.get("points", 0)
        return f"{points} (best so far {best})" if best > self.verdict.points else points

    @property
    def last_words(self) -> str:
        """What to do with the file."""
        words = [self.note] if self.note else []
        if self.verdict.points:
            words.append(f"To hand it in, send `{self.path.name}` together with this notebook. Grading scores it in the same way, on other cases.")  # fmt: skip
        return " ".join(words)

    def _repr_html_(self) -> str:
        one, verdict = self.one, self.verdict
        tone, word = TONES[verdict.status]
        parts = [
            f'<div role="region" aria-label="File {html.escape(one.file)}: {verdict.status}" '
            f'style="border-left:6px solid {tone};padding:0.5em 0.9em;margin:0.4em 0;line-height:1.5;max-width:62em">',
            f'<div><span style="background:{tone};color:#fff;padding:0.15em 0.6em;border-radius:0.8em;font-weight:600">{word}</span>'
            f' <strong style="{MONO}">{html.escape(self.path.name)}</strong> <span style="opacity:0.8">{self.facts} · difficulty '
            f"{'●' * one.difficulty}{'○' * (5 - one.difficulty)} · about {one.minutes} min</span></div>",
            f'<div style="margin-top:0.4em">{self._said()}</div>',
            parts_html(verdict.example),
            f"<div>{inline(self.last_words)}</div>",
        ]
        if not verdict.right:
            parts += [folded(f"Hint {i} of {len(one.hints)}", f"<div>{inline(h)}</div>") for i, h in enumerate(one.hints, 1)]  # fmt: skip
        return "".join([*parts, "</div>"])

    def _said(self) -> str:
        title = "" if self.verdict.kind == "scored" else f"<strong>{inline(self.verdict.title)}.</strong> "
        return title + inline(self.verdict.text)

    def __str__(self) -> str:
        verdict = self.verdict
        lines = [f"[{TONES[verdict.status][1]}] {self.path.name}: {self.facts}"]
        said = verdict.text if verdict.kind == "scored" else f"{verdict.title}. {verdict.text}"
        for text in filter(None, [said, self.last_words]):
            lines += textwrap.wrap(text, 96, initial_indent="  ", subsequent_indent="  ")
        for name, wanted, found in verdict.example.parts if verdict.example else []:
            lines.append(f"    {name}: {found}; full marks: {wanted}")
        return "\n".join(lines)

    __repr__ = __str__


def parts_html(example: Example | None) -> str:
    """What the points are made of, as a table."""
    if example is None:
        return ""
    style = 'style="text-align:left;vertical-align:top;padding:0.1em 1em 0.1em 0"'
    heads = "".join(f"<th scope='col' {style}>{word}</th>" for word in ("what", "found", "full marks at"))
    rows = "".join(
        f"<tr><td {style}>{html.escape(name)}</td><td {style}>{html.escape(found)}</td><td {style}>{html.escape(wanted)}</td></tr>"
        for name, wanted, found in example.parts
    )
    return f'<table style="border:none;margin:0.4em 0"><tr>{heads}</tr>{rows}</table>'
