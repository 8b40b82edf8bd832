"""Whose a file is: by the names that Canvas and Moodle give, else by its folder or its own name."""

import re
import unicodedata
from pathlib import PurePosixPath

# Canvas: 'lovelaceada_LATE_1234_56789_notebook-1.ipynb'
CANVAS = re.compile(r"^(?P<name>[^_/]+)(?P<late>_LATE)?_(?P<user>\d+)_(?P<number>\d+)_(?P<file>.+)$")
# Moodle: 'Ada Lovelace_1234_assignsubmission_file_' as a folder, or as the beginning of a file's name
MOODLE = re.compile(r"^(?P<name>.+)_(?P<user>\d+)_assignsubmission_\w+?(?:_(?P<file>[^/]*))?$")


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


def shown(name: str, longest: int = 120) -> str:
    """A name as it may be shown: one line, no control or direction characters, not endless."""
    name = unicodedata.normalize("NFC", name)
    name = "".join(
        c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else " " for c in name
    )
    name = " ".join(name.split()) or "(no name)"
    return name if len(name) <= longest else name[: longest - 1] + "…"


def has_common_top(paths: list[tuple[str, ...]]) -> bool:
    """`class/ada.ipynb, class/bob.ipynb`: is there a folder around everything, which is nobody's name?"""
    tops = {parts[0] for parts in paths}
    below = {parts[1] for parts in paths if len(parts) > 1}
    return (
        len(tops) == 1
        and len(below) > 1
        and not MOODLE.match(next(iter(tops)))
        and all(len(parts) > 1 for parts in paths)
    )
