"""One page for each learner: what was right, which mistake it looks like, a hint, one example.

The page is plain HTML without script. Every text that a learner had a say in is escaped, and the page's own policy
forbids scripts and anything from outside, should an escape ever be forgotten.
"""

import hashlib
import html
import os
import re
from pathlib import Path

from course_lib.exercises import Exercise
from course_lib.exercises.artefact import Artefact
from course_lib.exercises.card import MONO, TONES, example_html, folded, inline
from course_lib.exercises.diagnosis import Example
from course_lib.exercises.hand_in import parts_html

TONES = {**TONES, "not graded": ("#6b4fa0", "? Not graded")}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>
:root {{ color-scheme: light dark; --quiet: #5a6470; --line: #c9ced6; --bar: #1f6fb4; --good: #1b7a3d; --bad: #a8480a; }}
@media (prefers-color-scheme: dark) {{ :root {{ --quiet: #a9b3bf; --line: #454c55; --bar: #6aaeea; --good: #5cc285; --bad: #eb9154; }} }}
body {{ font: 16px/1.5 system-ui, "Noto Sans SC", sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; }}
h1 {{ font-size: 1.5em; margin-bottom: 0.2em; }} h2 {{ font-size: 1.15em; margin-top: 1.8em; }}
table {{ border-collapse: collapse; }} .list td, .list th {{ border-bottom: 1px solid var(--line); padding: 0.3em 0.8em 0.3em 0; text-align: left; vertical-align: top; }}
.number {{ text-align: right !important; font-variant-numeric: tabular-nums; white-space: nowrap; }}
.quiet {{ color: var(--quiet); }} .wide {{ overflow-x: auto; }} svg {{ max-width: 100%; height: auto; }} svg text {{ fill: currentColor; }}
details {{ margin-top: 0.3em; }} .warn {{ border-left: 6px solid #a8480a; padding: 0.2em 0.9em; }}
code {{ font-size: 0.92em; }}
</style></head><body>
{body}
</body></html>
"""


def page(title: str, body: str) -> str:
    """A whole page; `body` is HTML, `title` is text."""
    return PAGE.format(title=html.escape(title), body=body)


def file_name(learner: str) -> str:
    """A safe file name for a learner: readable, and never the same for two."""
    readable = re.sub(r"[^\w\-]+", "-", learner).strip("-_")[:40]
    return f"{readable or 'learner'}-{hashlib.sha256(learner.encode()).hexdigest()[:6]}.html"


def write(path: Path, text: str) -> None:
    """Write a page; it appears whole or not at all."""
    part = path.with_suffix(".html.tmp")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def feedback(student, title: str, exercises: list[Exercise]) -> str:
    """A learner's page.

    Args:
        student: of `classroom.grade`: `.learner`, `.record`, `.marks`, `.reason`, `.notes`.
        title: the lesson's.
    """
    marks, record = student.marks, student.record or {}
    body = [f"<h1>{html.escape(title)}</h1>", f"<div class='quiet'>{html.escape(student.learner)}</div>"]
    if marks["total"] is None:
        body.append(
            "<p class='warn'><strong>Not all of it has a mark yet.</strong> What is open is not a zero.</p>"
        )
    else:
        body.append(f"<p><strong>{marks['total']:g} of {marks['max']:g} points</strong></p>")
    for sentence in [student.reason, *student.notes, *record.get("problems", [])]:
        if sentence:
            body.append(f"<p class='warn'>{html.escape(sentence)}</p>")
    if marks["late"]:
        body.append(f"<p>{marks['late']:g} points were taken off because it came late.</p>")
    if marks["comment"]:
        body.append(f"<p><strong>From your instructor:</strong> {html.escape(marks['comment'])}</p>")
    entries = {entry["id"]: entry for entry in record.get("exercises", [])}
    body += [card(one, entries[one.id], marks) for one in exercises if one.id in entries]
    if marks["questions"]:
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td class='number'>{'not marked yet' if points is None else f'{points:g}'}</td></tr>"
            for name, points in marks["questions"].items()
        )
        body.append(f"<h2>Open questions</h2><table class='list'>{rows}</table>")
    return page(f"{title}: {student.learner}", "\n".join(body))


def card(one: Exercise | Artefact, entry: dict, marks: dict) -> str:
    """An exercise or a file as the card under its cell shows it, with the points."""
    tone, word = TONES[entry["status"]]
    file = isinstance(one, Artefact)
    points = marks["points"][one.id]
    got = "open" if points is None else f"{points:g}"
    parts = [
        f'<div style="border-left:6px solid {tone};padding:0.5em 0.9em;margin:0.9em 0">',
        f'<div><span style="background:{tone};color:#fff;padding:0.15em 0.6em;border-radius:0.8em;font-weight:600">{word}</span>'
        f' <strong style="{MONO}">{html.escape(one.file if file else one.name)}</strong> <span class="quiet">{got} of {one.points} points</span></div>',
    ]
    if entry["status"] != "right" or file:  # of a file the figures are shown, too, when all is well
        title = "" if entry["kind"] == "scored" else f"<strong>{inline(entry['title'])}.</strong> "
        parts.append(f"<div>{title}{inline(entry['text'])}</div>" if file or entry["status"] != "not started"
                     else "<div>The function is as it was handed out.</div>")  # fmt: skip
        if entry["example"]:
            shown = entry["example"]
            rows = [[tuple(row) for row in shown[name]] for name in ("arguments", "parts")]
            example = Example(*rows, shown["printed"])
            table = parts_html(example) if file else example_html(example)
            parts.append(f"<div class='wide'>{table}</div>")
        if entry["status"] not in ("not graded", "right") and one.hints:
            parts.append(folded("A hint", f"<div>{inline(one.hints[0])}</div>"))
    if one.id in marks["reasons"]:
        parts.append(f"<div><strong>Marked by hand:</strong> {html.escape(marks['reasons'][one.id])}</div>")
    return "\n".join([*parts, "</div>"])
