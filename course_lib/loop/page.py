"""One page about a run: what was found, what was made and for whom, and whether it was any better."""

import html
from pathlib import Path

from course_lib.recommend.profiles import Card, deck_html

HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The loop</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1d2126;background:#fff}
table{border-collapse:collapse}td,th{padding:.25em .8em;border-bottom:1px solid #c9cdd3;text-align:right}
td:first-child,th:first-child{text-align:left}figure{display:inline-block;width:17em;margin:.5em .5em .5em 0;vertical-align:top}
video{width:100%}figcaption{font-size:13px}</style>
"""


def write_page(folder, done: list, applications: list) -> Path:
    """`index.html` in the folder of a run.

    Args:
        folder: of the run.  done: its rounds.  applications: pairs of name and film record.

    Returns:
        Where the page is.
    """
    parts = [HEAD, "<h1>Logs, profiles, films, viewers, and round again</h1>", results_html(done)]
    for one in done:
        parts.append(
            f"<h2>Round {one.number}</h2>{deck_html([card for card in one.deck if isinstance(card, Card)])}"
        )
        made = one.catalogue.iloc[len(one.catalogue) - len(one.wishes) :]
        parts += [
            figure(row["file"], f"for {row['profile']}: {row['title']}")
            for _, row in made.iterrows()
            if str(row["file"]).endswith(".mp4")
        ]
    if applications:
        parts.append("<h2>Three applications</h2>")
        parts += [
            figure(f"applications/{name}.mp4", f"{name}: {record['text']}") for name, record in applications
        ]
    parts.append(
        "<p>The viewers are simulated; no real person is in these figures. All films are made by AI.</p></html>"
    )
    page = Path(folder) / "index.html"
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def figure(source: str, words: str) -> str:
    """A film with its caption."""
    return (
        f'<figure><video controls preload="metadata" src="{html.escape(source, quote=True)}"></video>'
        f"<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def results_html(done: list) -> str:
    """Likes per thousand shows of each arm in each round, with intervals of 95 %."""
    names = "".join(f"<th>{html.escape(row['name'])}</th>" for row in done[0].results["arms"])
    rows = []
    for one in done:
        cells = []
        for number, row in enumerate(one.results["arms"]):
            lift = f"<br>{row['lift']:+.0f} % ({row['low']:+.0f} to {row['high']:+.0f})" if number else ""
            cells.append(f"<td>{row['rate']:.0f} ± {1.96 * row['error']:.0f}{lift}</td>")
        rows.append(f"<tr><td>{one.number}</td>{''.join(cells)}</tr>")
    return f"<table><tr><th>round</th>{names}</tr>{''.join(rows)}</table><p>Likes per thousand shows; below, per cent above the control.</p>"
