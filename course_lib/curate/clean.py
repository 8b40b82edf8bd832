"""Clean: what is wrong with a clip or its caption, found by rules that can be measured against planted faults."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.curate.collect import Item
from course_lib.curate.media import Footage
from course_lib.curate.mojibake import garbled

FAULTS = ("broken", "blank", "frozen", "wrong size", "no caption", "garbled caption")


@dataclass(frozen=True)
class Limits:
    """Where the rules draw their lines; grey levels run from 0 to 255.

    Attributes:
        flat: a frame whose grey levels deviate by less than this shows nothing.
        still: two frames that differ by less than this, on average, are the same picture (an encoder's noise).
        share: of blank frames, or of the longest frozen stretch, from which on a clip is thrown out.
        least: pixels of the shorter side.
        aspect: how far a clip's width / height may be from the set's usual one, as a ratio.
        short: share of the announced length that must be there.
    """

    flat: float = 2.0
    still: float = 0.9
    share: float = 0.5
    least: int = 32
    aspect: float = 1.15
    short: float = 0.8


def blank_share(frames) -> float:
    """Share of frames that show nothing: all one colour, or nearly.

    Args:
        frames: uint8 (n, height, width, 3).
    """
    levels = frames.astype(np.float32).mean(-1).reshape(len(frames), -1)
    return float((levels.std(1) < Limits.flat).mean())


def frozen_share(frames, still: float = Limits.still) -> float:
    """The longest stretch in which every frame looks like its first one, as a share of the clip.

    Compared with the first frame of the stretch and not with the one before: slow movement adds up, an encoder's
    noise does not.

    Args:
        frames: uint8 (n, height, width, 3).
        still: mean difference in grey levels below which two frames are the same picture.
    """
    levels = frames.astype(np.float32).reshape(len(frames), -1)
    start = longest = 0
    for at in range(1, len(levels)):
        if np.abs(levels[at] - levels[start]).mean() >= still:
            start = at
        longest = max(longest, at - start)
    return longest / (len(frames) - 1) if len(frames) > 1 else 1.0


def usual_aspect(items: Sequence[Item]) -> float:
    """The most frequent width / height of a set (to two digits); 0 if no clip has one."""
    known = Counter(round(i.footage.width / i.footage.height, 2) for i in items if i.footage.height)
    return known.most_common(1)[0][0] if known else 0.0


def faults_of(item: Item, aspect: float = 0.0, limits: Limits = Limits()) -> list[tuple[str, str]]:
    """What is wrong with one clip: (fault, why) for each fault found; [] for a sound one.

    Args:
        aspect: the set's usual width / height; 0 to accept any.
        limits: where the lines are drawn.
    """
    film, found = item.footage, []
    reason = broken(film, limits)
    if reason:
        found.append(("broken", reason))
    else:
        blank, frozen = blank_share(film.frames), frozen_share(film.frames, limits.still)
        if blank >= limits.share:
            found.append(("blank", f"{blank:.0%} of the frames show nothing"))
        elif frozen >= limits.share:
            found.append(("frozen", f"nothing moves for {frozen:.0%} of the clip"))
        ratio = film.width / max(film.height, 1)
        if min(film.width, film.height) < limits.least:
            found.append(("wrong size", f"{film.width} x {film.height} is smaller than {limits.least}"))
        elif aspect and not 1 / limits.aspect < ratio / aspect < limits.aspect:
            found.append(("wrong size", f"{film.width} x {film.height}, where {aspect:.2f} : 1 is usual"))
    if not item.caption.strip():
        found.append(("no caption", "there is no sentence for it"))
    elif garbled(item.caption):
        found.append(("garbled caption", f"read in a wrong encoding: {item.caption[:20]}"))
    return found


def broken(film: Footage, limits: Limits = Limits()) -> str:
    """Why a file counts as broken; '' for one that can be decoded to its end."""
    if not len(film.frames):
        return film.complaints[-1][:120] if film.complaints else "it holds no picture"
    if film.complaints:
        return film.complaints[0][:120]
    announced = film.seconds * film.fps
    if np.isfinite(announced) and announced > 2 and len(film.frames) < limits.short * (announced - 1):
        return f"{len(film.frames)} of {announced:.0f} frames are there"
    return ""


@dataclass(frozen=True)
class Report:
    """What cleaning found: `faults` [(file, fault, why)], and the items that are `sound`."""

    faults: list
    sound: list

    def counts(self) -> dict[str, int]:
        """How many of each fault."""
        return dict(Counter(fault for _, fault, _ in self.faults))


def clean(items: Sequence[Item], limits: Limits = Limits()) -> Report:
    """Look at every clip. A clip with any fault is left out of `sound`, with the reason noted."""
    aspect, faults, sound = usual_aspect(items), [], []
    for item in items:
        found = faults_of(item, aspect, limits)
        faults += [(item.file, fault, why) for fault, why in found]
        if not found:
            sound.append(item)
    return Report(faults, sound)


def detection(report: Report, planted: dict[str, str], files: Sequence[str]) -> dict[str, dict]:
    """How well faults were found, by kind: planted, found, recall, and the false-alarm rate among sound clips.

    Args:
        planted: {file: fault} of the spoiled ones.
        files: all of them.

    Returns:
        {fault: {"planted", "found", "recall", "false alarms", "false-alarm rate"}}.
    """
    said = {}
    for file, fault, _ in report.faults:
        said.setdefault(fault, set()).add(file)
    sound = [file for file in files if file not in planted]
    table = {}
    for fault in FAULTS:
        there = {file for file, kind in planted.items() if kind == fault}
        found, false = said.get(fault, set()) & there, said.get(fault, set()) & set(sound)
        table[fault] = {
            "planted": len(there), "found": len(found), "recall": len(found) / len(there) if there else 1.0,
            "false alarms": len(false), "false-alarm rate": len(false) / len(sound) if sound else 0.0,
        }  # fmt: skip
    return table
