"""The sound of a film from its parts: who is heard when, and how loud."""

from dataclasses import dataclass

import numpy as np

from course_lib.audio.ambience import ambience
from course_lib.audio.cue import cue
from course_lib.audio.effects import duck, fade, warm_voice
from course_lib.audio.loudness import loudness, master
from course_lib.audio.music import music
from course_lib.audio.speech import RATE, Speech

# Levels before mastering, in LUFS, measured on the part alone.
VOICE, MUSIC, AMBIENCE = -18.0, -22.0, -37.0
DUCKING = 8.0  # decibels the music goes down under the voice


@dataclass
class Sound:
    """A film's sound: `mix` (n, 2) float32 as it is heard, and its `stems`, which add up to it before mastering.

    Stems: 'voice', 'music' (already ducked), 'ambience', 'cue'.
    """

    mix: np.ndarray
    stems: dict[str, np.ndarray]


@dataclass(frozen=True)
class Scene:
    """What is heard of a place: from `start` to `end` in seconds, fading over `blend` seconds at both ends."""

    attributes: dict
    start: float
    end: float
    blend: float = 0.6


def level(samples: np.ndarray, lufs: float) -> np.ndarray:
    """The sound at a loudness; silence stays silence."""
    now = loudness(samples) if len(samples) >= 0.4 * RATE else -np.inf
    return samples * 10 ** ((lufs - now) / 20) if np.isfinite(now) else samples


def mix(
    seconds: float,
    spoken: list[tuple[float, Speech]],
    scenes: list[Scene],
    mood: str,
    seed: int = 0,
    cue_at: float | None = None,
    tail: float = 3.0,
) -> Sound:
    """Put voice, music, ambience and cue together, at -16 LUFS and below -1 dBTP.

    Args:
        seconds: length of the film, at least 4.
        spoken: (start in seconds, speech) of each shot.
        scenes: one a stretch of the film with the same place and weather.
        mood: of the music.
        cue_at: when the audible label sounds; None leaves it out.
        tail: the music's last chord begins this long before the end.
    """
    count = round(seconds * RATE)
    stems = {name: np.zeros((count, 2)) for name in ("voice", "music", "ambience", "cue")}
    dry = np.zeros(count)
    for start, speech in spoken:
        add(dry, speech.samples, start)
    if spoken:
        stems["voice"] = level(warm_voice(dry), VOICE)
    if cue_at is not None:
        add(stems["cue"], cue(), cue_at)
    for number, scene in enumerate(scenes):
        piece = ambience(scene.attributes, scene.end - scene.start, seed + number)
        add(stems["ambience"], fade(piece, scene.blend, scene.blend), scene.start)
    stems["ambience"] = fade(level(stems["ambience"], AMBIENCE), 0.4, 1.0)
    tune = level(music(mood, seconds, seed, tail), MUSIC)
    stems["music"] = duck(tune, dry, DUCKING)
    if cue_at is not None:  # let the chime be heard by itself
        stems["music"] = duck(stems["music"], stems["cue"][:, 0], 6.0, 0.2, 0.4)
    whole = master(sum(stems.values()))
    whole = fade(whole, 0.01, 0.3)
    return Sound(whole.astype(np.float32), {name: stem.astype(np.float32) for name, stem in stems.items()})


def add(target: np.ndarray, piece: np.ndarray, second: float) -> None:
    """Add a piece to a longer sound at a moment, in place; what hangs over the end is cut."""
    begin = round(second * RATE)
    piece = piece[: max(0, len(target) - begin)]
    target[begin : begin + len(piece)] += piece
