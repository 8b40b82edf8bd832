"""The labels of AI-made content: seen, heard, and written in the file; made elsewhere, read back here.

After China's "Measures for Labelling AI-Generated Synthetic Content" (in force since 1 September 2025) and
standard GB 45438-2025: a visible label on the opening for at least two seconds with letters of at least 5 %
of the short side, a sound cue, and the metadata key AIGC. The course does what these describe and claims no
legal compliance.
"""

import hashlib
import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_lib import __version__
from course_lib.audio.cue import find_cue
from course_lib.audio.speech import RATE
from course_lib.data.programs import ffmpeg
from course_lib.errors import CourseError
from course_lib.film.cards import LABEL_EM, label_overlay
from course_lib.film.seal import fingerprint, is_sealed, label_key

PRODUCER = f"text-to-film-course {__version__}"
FIELDS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
_LOOK = 5  # pictures a second that are looked at


@dataclass
class Label:
    """What was found in a film.

    Attributes:
        seconds_visible: how long the written label is seen on the opening.
        letter_height: height of its letters as a share of the film's short side.
        cue_at: when the sound cue begins, None if it was not found.
        cue_likeness: how much the best place sounds like the cue, -1 to 1.
        metadata: the AIGC key's fields, None if it is missing.
        sealed: the seal among them fits the pictures, the sound and the label, see `seal`.
    """

    seconds_visible: float
    letter_height: float
    cue_at: float | None
    cue_likeness: float
    metadata: dict | None
    sealed: bool = False

    @property
    def missing(self) -> list[str]:
        """What a complete label lacks; empty if it is complete."""
        lacks = []
        if self.seconds_visible < 2.0 or self.letter_height < 0.05:
            lacks.append("the visible label (at least 2 s, letters of at least 5 % of the short side)")
        if self.cue_at is None:
            lacks.append("the sound cue")
        if self.metadata is None or self.metadata.get("Label") != "1" or set(self.metadata) != set(FIELDS):
            lacks.append("the metadata key AIGC")
        elif not self.sealed:
            lacks.append("a seal that fits: film or label were changed, or another key was used")
        return lacks


def aigc(text: str, settings: str) -> dict[str, str]:
    """The metadata key AIGC: the standard's seven fields; the seal is put into ReservedCode1 later.

    Args:
        text: of the film.
        settings: seed, voice and so on, as one string; text and settings make the film's number.
    """
    number = hashlib.sha256(f"{text}\n{settings}".encode()).hexdigest()[:24]
    return dict(zip(FIELDS, ("1", PRODUCER, number, "", "", "", "")))


def read_label(path, key: str | None = None) -> Label:
    """Read the labels of a film back from the finished file.

    Args:
        path: of the film.
        key: of the producer whose seal it should be, see `seal.label_key`.

    Raises:
        CourseError: there is no such film, or it cannot be decoded.
    """
    path = Path(path)
    if not path.is_file():
        raise CourseError(f"there is no film {path}.")
    keys = _run(path, ["-f", "ffmetadata", "-"]).decode("utf-8", "replace")
    frames, size = _opening(path)
    sound = np.frombuffer(
        _run(path, ["-t", "6", "-vn", "-f", "f32le", "-ac", "1", "-ar", str(RATE), "-"]), "<f4"
    )
    at, likeness = find_cue(sound)
    seconds = sum(_label_seen(frame, size) for frame in frames) / _LOOK
    fields = _aigc_of(keys)
    return Label(
        seconds,
        _letter_height(size) if seconds else 0.0,
        at if likeness > 0.8 else None,
        likeness,
        fields,
        fields is not None and is_sealed(fields, fingerprint(path), key or label_key()),
    )


def check_label(path) -> Label:
    """Read the labels and refuse a film that lacks one.

    Raises:
        CourseError: something is missing; the message says what.
    """
    label = read_label(path)
    if label.missing:
        raise CourseError(f"{path} lacks {' and '.join(label.missing)}: make it again with 'course film'.")
    return label


def _run(path: Path, arguments: list[str]) -> bytes:
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-i", str(path), *arguments]
    done = subprocess.run(command, capture_output=True)
    if done.returncode != 0:
        why = " ".join(done.stderr.decode("utf-8", "replace").split())[-160:]
        raise CourseError(f"{path} cannot be read as a film ({why}).")
    return done.stdout


def _opening(path: Path) -> tuple[np.ndarray, tuple[int, int]]:
    """Grey pictures of the first five seconds, five a second: (n, height, width), and (height, width)."""
    done = subprocess.run([ffmpeg(), "-hide_banner", "-i", str(path)], capture_output=True)
    found = re.search(r"Video:.*?, (\d{2,5})x(\d{2,5})", done.stderr.decode("utf-8", "replace"))
    if not found:
        raise CourseError(f"{path} holds no pictures.")
    width, height = int(found[1]), int(found[2])
    raw = _run(path, ["-t", "5", "-an", "-r", str(_LOOK), "-f", "rawvideo", "-pix_fmt", "gray", "-"])
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width), (height, width)


def _label_seen(frame: np.ndarray, size: tuple[int, int]) -> bool:
    """Do the bright and dark places of the frame lie as the label's letters and edges do?"""
    overlay = label_overlay(size)
    patch = overlay.patch
    area = frame[overlay.y : overlay.y + patch.shape[0], overlay.x : overlay.x + patch.shape[1]].astype(float)
    light = patch[: area.shape[0], : area.shape[1], 0] * (patch[: area.shape[0], : area.shape[1], 3] / 255.0)
    near = patch[: area.shape[0], : area.shape[1], 3] > 120  # letters and their dark edge, not what is around
    a, b = area[near] - area[near].mean(), light[near] - light[near].mean()
    return float(a @ b / max(np.linalg.norm(a) * np.linalg.norm(b), 1e-9)) > 0.6


def _letter_height(size: tuple[int, int]) -> float:
    """Height of the Chinese letters as drawn, as a share of the short side."""
    from course_lib.film.fonts import font

    _, top, _, bottom = font(LABEL_EM * min(size)).getbbox("生成")
    return (bottom - top) / min(size)


def _aigc_of(keys: str) -> dict | None:
    """The AIGC fields out of ffmpeg's list of metadata, in which = ; # and \\ are escaped."""
    found = re.search(r"^AIGC=(.*?)(?<!\\)$", keys, re.MULTILINE)
    if not found:
        return None
    try:
        fields = json.loads(re.sub(r"\\(.)", r"\1", found[1]))
    except json.JSONDecodeError:
        return None
    return fields if isinstance(fields, dict) else None
