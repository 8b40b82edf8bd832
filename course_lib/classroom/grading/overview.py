"""The class report: what needs a person first, then how the class did."""

import html
import statistics
from collections import Counter

from course_lib.classroom.grading.feedback import file_name, page
from course_lib.exercises import Exercise
from course_lib.exercises.card import inline


def overview(students: list, exercises: list[Exercise], title: str, flags: list[str], about: dict) -> str:
    """The report as a page.

    Args:
        students: of `classroom.grade`.
        flags: of `copies.look`.
        about: lines for the foot: what -> value.
    """
    totals = [student.marks["total"] for student in students if student.marks["total"] is not None]
    most = students[0].marks["max"] if students else 0
    waiting = [student for student in students if student.reason]
    body = [f"<h1>{html.escape(title)}</h1>"]
    figures = f"{len(students)} learners · {len(totals)} with a total"
    if totals:
        figures += f" · median {statistics.median(totals):g} of {most:g} points"
    body.append(f"<div class='quiet'>{figures}</div>")
    body.append(f"<h2>Could not be graded ({len(waiting)})</h2>")
    if waiting:
        rows = "".join(
            f"<tr><td>{html.escape(student.learner)}</td><td>{html.escape(student.reason)}</td></tr>"
            for student in waiting
        )
        body.append(f"<p>None of these has a total: an empty cell, not a zero. Grade by hand in <code>marks.toml</code>, "
                    f"or ask for the file again.</p><table class='list'>{rows}</table>")  # fmt: skip
    else:
        body.append("<p>Every submission was graded.</p>")
    body.append(f"<h2>To look at ({len(flags)})</h2>")
    if flags:
        body.append("<p>Similar texts. No mark was changed; there may be a good reason. How it is decided stands in INSTRUCTORS.md.</p><ul>"
                    + "".join(f"<li>{html.escape(flag)}</li>" for flag in flags) + "</ul>")  # fmt: skip
    else:
        body.append("<p>No function looks copied.</p>")
    if totals:
        body += ["<h2>Distribution of the totals</h2>", histogram(totals, most)]
    body += ["<h2>Exercises, the hardest first</h2>", by_exercise(students, exercises)]
    body += ["<h2>Mistakes that were recognised</h2>", by_mistake(students, exercises)]
    body += ["<h2>Learners</h2>", by_learner(students)]
    body += ["<h2>Time</h2>", by_time(students)]
    foot = "".join(f"<tr><td>{html.escape(str(k))}</td><td>{html.escape(str(v))}</td></tr>" for k, v in about.items())  # fmt: skip
    body.append(f"<h2>How these marks were made</h2><table class='list'>{foot}</table>")
    return page(f"{title}: class report", "\n".join(body))


def histogram(totals: list, most: float) -> str:
    """Ten bins of the totals as SVG."""
    counts = [0] * 10
    for total in totals:
        counts[min(9, int(10 * total / most)) if most else 0] += 1
    width, height, top = 620, 200, max(counts)
    bars = []
    for index, count in enumerate(counts):
        tall = 140 * count / top
        x = 20 + index * 58
        bars.append(f'<rect x="{x}" y="{165 - tall:.1f}" width="50" height="{tall:.1f}" rx="3" style="fill:var(--bar)"/>')  # fmt: skip
        if count:
            bars.append(f'<text x="{x + 25}" y="{160 - tall:.1f}" text-anchor="middle" font-size="13">{count}</text>')  # fmt: skip
        bars.append(f'<text x="{x - 4}" y="182" text-anchor="middle" font-size="12">{index * most / 10:g}</text>')  # fmt: skip
    bars.append(f'<text x="{20 + 580 - 4}" y="182" text-anchor="middle" font-size="12">{most:g}</text>')
    words = f"Totals from 0 to {most:g} points in ten bins: {', '.join(map(str, counts))} learners"
    return f'<svg role="img" aria-label="{words}" viewBox="0 0 {width} {height}" width="{width}">{"".join(bars)}<text x="310" y="198" text-anchor="middle" font-size="12">points</text></svg>'


def by_exercise(students: list, exercises: list[Exercise]) -> str:
    """For each exercise how many were right, not yet, not started; the hardest first."""
    rows = []
    for one in exercises:
        states = Counter(entry["status"] for student in students for entry in entries(student) if entry["id"] == one.id)  # fmt: skip
        tried = sum(states.values())
        rows.append((states["right"] / tried if tried else 1.0, one, states, tried))
    rows.sort(key=lambda row: row[0])
    lines = []
    for share, one, states, tried in rows:
        lines.append(
            f"<tr><td><code>{one.name}</code></td><td class='number'>{100 * share:.0f} %</td><td>{bar(states, tried)}</td>"
            f"<td class='number'>{states['right']}</td><td class='number'>{states['in part']}</td><td class='number'>{states['not yet']}</td>"
            f"<td class='number'>{states['not started']}</td><td class='number'>{states['not graded']}</td></tr>"
        )
    head = "<tr><th>exercise</th><th class='number'>right</th><th></th><th class='number'>right</th><th class='number'>in part</th><th class='number'>not yet</th><th class='number'>not started</th><th class='number'>not graded</th></tr>"
    return f"<div class='wide'><table class='list'>{head}{''.join(lines)}</table></div>"


def bar(states: Counter, tried: int) -> str:
    """Right, not yet, not started as one bar."""
    if not tried:
        return ""
    x, parts = 0.0, []
    for status, tone in (
        ("right", "var(--good)"),
        ("in part", "var(--bar)"),
        ("not yet", "var(--bad)"),
        ("not started", "var(--line)"),
    ):
        wide = 180 * states[status] / tried
        parts.append(f'<rect x="{x:.1f}" y="0" width="{wide:.1f}" height="14" style="fill:{tone}"/>')
        x += wide
    return f'<svg role="img" aria-label="{states["right"]} right, {states["in part"]} in part, {states["not yet"]} not yet, {states["not started"]} not started" viewBox="0 0 180 14" width="180">{"".join(parts)}</svg>'


def by_mistake(students: list, exercises: list[Exercise]) -> str:
    """Recognised misconceptions and other kinds of verdicts, the most frequent first."""
    seen = Counter(
        (
            entry["name"],
            f"it looks as if {entry['misconception']}" if entry["misconception"] else entry["title"],
        )
        for student in students
        for entry in entries(student)
        if entry["status"] == "not yet"
    )
    if not seen:
        return "<p>None.</p>"
    rows = "".join(
        f"<tr><td class='number'>{count}</td><td><code>{name}</code></td><td>{inline(what)}</td></tr>"
        for (name, what), count in seen.most_common(20)
    )
    return f"<table class='list'><tr><th class='number'>learners</th><th>exercise</th><th>what</th></tr>{rows}</table>"


def by_learner(students: list) -> str:
    """All learners with their totals and a link to their page."""
    rows = []
    for student in students:
        total = student.marks["total"]
        link = f'<a href="feedback/{file_name(student.learner)}">{html.escape(student.learner)}</a>' if student.record else html.escape(student.learner)  # fmt: skip
        rows.append(f"<tr><td>{link}</td><td class='number'>{'–' if total is None else f'{total:g}'}</td><td>{html.escape(' '.join([*student.notes, *getattr(student, 'remarks', [])]))}</td></tr>")  # fmt: skip
    return f"<table class='list'><tr><th>learner</th><th class='number'>total</th><th>notes</th></tr>{''.join(rows)}</table>"


def by_time(students: list) -> str:
    """How long grading took, and who took longest."""
    times = sorted(((student.record["seconds"], student.learner) for student in students if student.record), reverse=True)  # fmt: skip
    if not times:
        return "<p>Nothing was run.</p>"
    slow = ", ".join(f"{html.escape(learner)} {seconds:.1f} s" for seconds, learner in times[:3])
    return f"<p>Median {statistics.median(s for s, _ in times):.1f} s a submission; the longest: {slow}.</p>"


def entries(student) -> list[dict]:
    """The machine's results of a learner."""
    return (student.record or {}).get("exercises", [])
