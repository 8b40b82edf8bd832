"""Is this machine ready for the course, and how long will each lesson take on it?

Every line says ok, degraded (with what you lose) or broken (with what to type). The exit status is 1 when
something is broken. In a notebook: `from course_lib.classroom.doctor import report`, then `report()`.
"""

import dataclasses
import json
import textwrap

from course_lib.classroom import checkup, speed, tools
from course_lib.classroom.checkup import Finding
from course_lib.errors import CourseError

WIDTH = 80


def add_arguments(parser) -> None:
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument(
        "--quick", action="store_true", help="no measurement, and frameworks are not imported"
    )


class Report(list):
    """A list of findings that shows itself as a table in a notebook and as text elsewhere."""

    def _repr_html_(self) -> str:
        import html

        rows = "".join(
            "<tr>"
            + "".join(f"<td style='text-align:left'>{html.escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for cells in ((one.state, one.part, one.found, one.lose, one.remedy) for one in self)
        )
        names = "".join(f"<th>{name}</th>" for name in ("state", "part", "found", "you lose", "what to do"))
        return f"<table><tr>{names}</tr>{rows}</table>"

    def __repr__(self) -> str:
        return "\n".join(map(lines, self))


def report(quick: bool = False) -> Report:
    """Look at everything.

    Args:
        quick: Do not import torch and TensorFlow (they are only looked for).

    Returns:
        The findings, in the order they are shown.
    """
    probes = {} if quick else {name: checkup.start_probe(name) for name in ("torch", "tensorflow")}
    findings = Report([checkup.check_python(), *checkup.check_packages()])
    said = {}
    for name, probe in probes.items():
        if probe is not None:
            finding, said[name] = checkup.read_probe(name, probe)
            findings.append(finding)
    findings += [checkup.check_gpu(said.get("torch")), checkup.check_settings()]
    findings += [tools.check_ffmpeg(), tools.check_voice(), tools.check_font()]
    findings += [checkup.check_disk(), checkup.check_memory(), tools.check_kernel()]
    return findings


def run(args) -> int:
    findings = report(quick=args.quick)
    if args.json:
        answer = {"findings": [dataclasses.asdict(one) for one in findings]}
        if not args.quick:
            speeds = speed.measure()
            answer["speeds"] = {name: {"value": speeds[name], "unit": speed.UNITS[name]} for name in speeds}
            answer["lessons"] = [
                {**dataclasses.asdict(lesson), "minutes_here": minutes}
                for lesson, minutes in speed.predict(speeds)
            ]
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print(findings, flush=True)
        print("\n" + verdict(findings))
        if not args.quick:
            print("\nMeasuring this machine for five seconds ...", flush=True)
            try:
                print(timetable(speed.measure()))
            except CourseError as error:
                print(f"No minutes can be predicted: {error}")
    return int(any(one.state == "broken" for one in findings))


def lines(finding: Finding) -> str:
    """One finding as text, at most 80 columns wide."""
    told = [("", finding.found)]
    if finding.state != "ok":
        told += [("you lose: ", finding.lose)] if finding.lose else []
        told += (
            [("type: " if looks_typed(finding.remedy) else "do: ", finding.remedy)] if finding.remedy else []
        )
    first = f"{finding.state:<9} {finding.part:<20} "
    rows = []
    for number, (name, text) in enumerate(told):
        start = first if number == 0 else " " * 12 + name
        rest = " " * (len(first) if number == 0 else 12 + len(name))
        # A command stays in one piece however long it is: it is there to be copied.
        if name == "type: ":
            rows.append(start + text)
        else:
            rows += textwrap.wrap(
                text, WIDTH, initial_indent=start, subsequent_indent=rest, break_on_hyphens=False
            )
    return "\n".join(rows)


def looks_typed(remedy: str) -> bool:
    """Is a remedy a command, or a sentence?"""
    return remedy.startswith(('"', "%", "python ", "unset "))


def verdict(findings: list[Finding]) -> str:
    """One sentence about the whole."""
    counts = {state: sum(one.state == state for one in findings) for state in ("broken", "degraded")}
    if counts["broken"]:
        return f"{counts['broken']} broken: do what stands there, then start 'course doctor' again."
    if counts["degraded"]:
        return "The course works on this machine; what is degraded says what is missing."
    return "Everything is ready."


def timetable(speeds: dict[str, float]) -> str:
    """Speeds beside the reference machine's, and minutes for each lesson."""
    rows = [f"{'':<22}{'this machine':>14}{'reference':>12}"]
    for name, value in speeds.items():
        rows.append(f"{name:<22}{value:>14.3g}{speed.figure('doctor', name):>12.3g}  {speed.UNITS[name]}")
    predicted = speed.predict(speeds)
    if not predicted:
        return "\n".join(rows)
    rows += ["", f"{'lesson':<44}{'cells run':>14}{'with exercises':>18}"]
    for lesson, minutes in predicted:
        cells = "not measured" if minutes is None else f"{minutes:.1f} min"
        whole = "" if lesson.learner_minutes is None else f"{lesson.learner_minutes:.0f} min"
        rows.append(f"{lesson.id + ' ' + lesson.title:<44.44}{cells:>14}{whole:>18}")
    rows.append("'Cells run' is a prediction for the quick profile, when nothing else runs here.")
    return "\n".join(rows)
