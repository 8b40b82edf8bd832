"""A datasheet for a set of clips: what can be counted is counted, what only a person can know is asked for.

The sections are those of Gebru, Morgenstern, Vecchione, Vaughan, Wallach, Daumé III and Crawford, 'Datasheets for
Datasets' (first version 2018, published 2021).
"""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from course_lib.curate.clean import Report
from course_lib.curate.collect import Item
from course_lib.curate.splits import leaks
from course_lib.errors import CourseError

#: What no program can know, and where it stands in the sheet.
QUESTIONS = {
    "purpose": ("Motivation", "For what purpose was the set made, and by whom?"),
    "people": ("Composition", "Are there people in it? Did they agree?"),
    "origin": ("Collection", "Where do the clips and the captions come from, and how were they chosen?"),
    "uses": ("Uses", "What may it be used for?"),
    "not for": ("Uses", "What must it not be used for?"),
    "licence": ("Distribution", "Under which licence?"),
    "contact": ("Maintenance", "Who answers questions, and takes a clip out when somebody asks for it?"),
}


def datasheet(
    name: str,
    items: Sequence[Item],
    report: Report,
    groups,
    test,
    answers: Mapping[str, str],
    agreement: Mapping[str, float] | None = None,
    date: str | None = None,
) -> str:
    """The datasheet of a cleaned set, in Markdown.

    Args:
        name: of the set.
        items: everything that was collected.
        report: of cleaning; `report.sound` are the clips of the set.
        groups: of the sound clips, near-duplicates and sources together, (sound,).
        test: which of them are held out, booleans (sound,).
        answers: to `QUESTIONS`, one text each.
        agreement: name of a coefficient -> value, where annotators were compared.
        date: by default today.

    Raises:
        CourseError: an answer is missing, or columns of another length.
    """
    missing = [key for key in QUESTIONS if not str(answers.get(key, "")).strip()]
    if missing:
        raise CourseError(
            f"a datasheet needs answers that no program can give; write one for {', '.join(map(repr, missing))}, "
            f"for example answers['{missing[0]}'] = '...' to the question: {QUESTIONS[missing[0]][1]}"
        )
    sound, groups, test = report.sound, np.asarray(groups), np.asarray(test, bool)
    if not len(groups) == len(test) == len(sound):
        raise CourseError(f"groups and test must have one entry for each of the {len(sound)} sound clips.")

    def asked(section):
        return [
            f"**{q}** {answers[key].strip()}\n" for key, (place, q) in QUESTIONS.items() if place == section
        ]

    lines = [f"# Datasheet: {name}\n", f"Made by a program on {date or datetime.date.today().isoformat()}; the answers in the sections are a person's.\n"]  # fmt: skip
    lines += [
        "## Motivation\n",
        *asked("Motivation"),
        "## Composition\n",
        *_composition(sound),
        *asked("Composition"),
    ]
    lines += [
        "## Collection\n",
        *asked("Collection"),
        "## Cleaning and labelling\n",
        *_cleaning(items, report, agreement),
    ]
    lines += ["## Copies and splits\n", *_splits(groups, test), "## Uses\n", *asked("Uses")]
    lines += ["## Distribution\n", *asked("Distribution"), "## Maintenance\n", *asked("Maintenance")]
    return "\n".join(lines)


def _table(head: str, rows) -> list[str]:
    return [f"| {head} | clips |", "|---|---|", *(f"| {name} | {count} |" for name, count in rows), ""]


def _composition(sound: Sequence[Item]) -> list[str]:
    seconds = [i.footage.seconds for i in sound if np.isfinite(i.footage.seconds)]
    sizes = Counter(f"{i.footage.width} x {i.footage.height}" for i in sound)
    kinds = Counter(i.file.rsplit(".", 1)[-1].lower() for i in sound)
    languages = Counter(i.language for i in sound)
    words = len({i.caption for i in sound})
    length = (
        f", together {sum(seconds):.0f} s, from {min(seconds):.1f} to {max(seconds):.1f} s" if seconds else ""
    )
    return [
        f"{len(sound)} clips{length}; {words} different captions.\n",
        *_table("language of the caption", languages.most_common()),
        *_table("pixels", sizes.most_common(6)),
        *_table("format", kinds.most_common()),
    ]


def _cleaning(items, report: Report, agreement) -> list[str]:
    out = len(items) - len(report.sound)
    lines = [f"{len(items)} clips were collected, {out} were left out. A clip may have several faults.\n"]
    if report.faults:
        lines += _table("fault", Counter(fault for _, fault, _ in report.faults).most_common())
    if agreement:
        said = "; ".join(f"{name} {value:.2f}" for name, value in agreement.items())
        lines.append(f"Agreement of the annotators: {said}.\n")
    else:
        lines.append("Agreement of annotators was not measured.\n")
    return lines


def _splits(groups, test) -> list[str]:
    together = len(groups) - len(set(groups.tolist()))
    lost = leaks(groups, test)
    return [
        f"{len(set(groups.tolist()))} groups of clips that belong together (copies, the same source); "
        f"{together} clips are not the first of their group.",
        f"{int(test.sum())} clips are held out for testing. "
        + (
            "No group is on both sides.\n"
            if not lost
            else f"**{lost} of them have a relative in training.**\n"
        ),
    ]
