"""The card under an exercise: HTML in a notebook, text elsewhere.

Plain HTML without script: `<details>` unfold by mouse, keyboard and screen reader, in a saved notebook too, in
JupyterLab, Colab and VS Code. Text keeps the theme's own colour; only the badge has a background, with
white letters on a tone that reads on light and dark.
"""

import html
import re
import textwrap

from course_lib.exercises.exercise import Exercise
from course_lib.exercises.sources import without_docstring
from course_lib.exercises.verdict import Example, Verdict

TONES = {
    "right": ("#1b7a3d", "✓ Right"),
    "in part": ("#7a5b00", "◐ In part"),
    "not yet": ("#a8480a", "✗ Not yet"),
    "not started": ("#51606e", "○ Not started"),
}
MONO = "font-family:var(--jp-code-font-family,monospace);font-size:0.92em"


class Card:
    """Shows a verdict. `_repr_html_` for notebooks, `str` for everything else."""

    def __init__(self, exercise: Exercise, verdict: Verdict, entry: dict | None = None, note: str = ""):
        self.exercise, self.verdict, self.entry, self.note = exercise, verdict, entry or {}, note

    def _repr_html_(self) -> str:
        one, verdict = self.exercise, self.verdict
        tone, word = TONES[verdict.status]
        attempts = self.entry.get("attempts", 0)
        facts = f"{one.points} points · difficulty {'●' * one.difficulty}{'○' * (5 - one.difficulty)} · about {one.minutes} min"
        if attempts > 1:
            facts += f" · attempt {attempts}"
        parts = [
            f'<div role="region" aria-label="Exercise {one.name}: {verdict.status}" '
            f'style="border-left:6px solid {tone};padding:0.5em 0.9em;margin:0.4em 0;line-height:1.5;max-width:62em">',
            f'<div><span style="background:{tone};color:#fff;padding:0.15em 0.6em;border-radius:0.8em;font-weight:600">{word}</span>'
            f' <strong style="{MONO}">{one.name}</strong> <span style="opacity:0.8">{facts}</span></div>',
        ]
        if verdict.status == "not yet":
            parts.append(
                f'<div style="margin-top:0.4em"><strong>{inline(verdict.title)}.</strong> {inline(verdict.text)}</div>'
            )
            parts.append(example_html(verdict.example))
            parts.append('<div style="opacity:0.8">The lesson goes on with the course\'s own version; yours is kept as '
                         f'<code>{one.name}.mine</code>.</div>')  # fmt: skip
        else:
            parts.append(f'<div style="margin-top:0.4em">{inline(verdict.text or self.praise())}</div>')
        if self.note:
            parts.append(f"<div>{inline(self.note)}</div>")
        if verdict.status != "right":
            parts += [
                folded(f"Hint {i} of {len(one.hints)}", f"<div>{inline(h)}</div>")
                for i, h in enumerate(one.hints, 1)
            ]
        if verdict.status == "not yet":
            inner = folded("Yes, show it: I have tried", code(without_docstring(one.source)))
            parts.append(
                folded("Show the solution", f"<div>Sure? One more hint is often enough.</div>{inner}")
            )
            again = f'<div>Run <code>reset("{one.id}")</code> in this cell to bring it back, or copy it from here:</div>'
            parts.append(folded("Start again", again + code(f'@exercise("{one.id}")\n{one.stub}')))
        parts.append("</div>")
        return "".join(parts)

    def __str__(self) -> str:
        one, verdict = self.exercise, self.verdict
        lines = [f"[{TONES[verdict.status][1]}] {one.name} ({one.points} points)"]
        text = verdict.text or (self.praise() if verdict.right else "")
        lines += textwrap.wrap(
            f"{verdict.title}. {text}" if verdict.status == "not yet" else text,
            96,
            initial_indent="  ",
            subsequent_indent="  ",
        )
        if verdict.example:
            lines += [f"    {name} = {value}" for name, value in verdict.example.arguments]
            lines += [f"    {name}: expected {want}, got {got}" for name, want, got in verdict.example.parts]
            lines += [f"    it printed: {line}" for line in verdict.example.printed.splitlines()]
        if self.note:
            lines.append("  " + self.note)
        return "\n".join(lines)

    __repr__ = __str__

    def praise(self) -> str:
        """What a right answer gets: what it was checked on, and the attempts it took."""
        attempts = self.entry.get("attempts", 1)
        taken = "At the first attempt" if attempts == 1 else f"After {attempts} attempts"
        return f"{taken}: the same as the course's own version on every case, the extreme ones included."


def show(card: Card) -> None:
    """Display a card: rich in a notebook, printed elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display({"text/html": card._repr_html_(), "text/plain": str(card)}, raw=True)
            return
    except ImportError:
        pass
    print(card)


def example_html(example: Example | None) -> str:
    """A small table: arguments, then expected and got."""
    if example is None:
        return ""
    cell = (
        f'style="text-align:left;vertical-align:top;padding:0.1em 0.8em 0.1em 0;{MONO};white-space:pre-wrap"'
    )
    label = 'style="text-align:left;vertical-align:top;padding:0.1em 0.8em 0.1em 0;font-weight:normal;opacity:0.8"'
    rows = [
        f"<tr><th scope='row' {label}>{html.escape(n)}</th><td {cell}>{html.escape(v)}</td></tr>"
        for n, v in example.arguments
    ]
    for name, want, got in example.parts:
        named = f" ({html.escape(name)})" if name not in ("", "result") else ""
        rows.append(
            f"<tr><th scope='row' {label}>expected{named}</th><td {cell}>{html.escape(want)}</td></tr>"
        )
        rows.append(f"<tr><th scope='row' {label}>got{named}</th><td {cell}>{html.escape(got)}</td></tr>")
    if example.printed:
        rows.append(
            f"<tr><th scope='row' {label}>it printed</th><td {cell}>{html.escape(example.printed)}</td></tr>"
        )
    return f'<table style="border:none;margin:0.4em 0 0.4em 0">{"".join(rows)}</table>'


def folded(summary: str, inner: str) -> str:
    """Something to unfold."""
    return f'<details style="margin-top:0.3em"><summary style="cursor:pointer">{html.escape(summary)}</summary>{inner}</details>'


def code(text: str) -> str:
    """A block of code that can be selected and copied."""
    style = f"border:1px solid rgba(128,128,128,0.5);padding:0.6em;overflow-x:auto;{MONO}"
    return f'<pre style="{style}">{html.escape(text.rstrip())}</pre>'


def inline(text: str) -> str:
    """Escaped text in which `code` stands between backticks, *emphasis* between asterisks."""
    parts = html.escape(text).split("`")
    for index, part in enumerate(parts):
        parts[index] = f"<code>{part}</code>" if index % 2 else re.sub(r"\*(\w[^*]*)\*", r"<em>\1</em>", part)
    return "".join(parts)
