"""The course's own voice: pinyin or phonemes, the acoustic model, Griffin-Lim. It answers as the engine does."""

from functools import cache

import numpy as np

from course_lib.audio.phonemes import chinese, from_events
from course_lib.audio.spectral import HOP, VOICE_RATE, vocode

ITERATIONS = 48  # of fast Griffin-Lim: more is hardly heard
CONTRAST = 1.0  # of the drawn picture, see `spectral.vocode`; 1.2 was understood no better


def answer(runs: list, speed: float = 1.0) -> list[tuple[np.ndarray, int, list]]:
    """Sound, samples a second and events of each run, see `speech.ask_worker`.

    Args:
        runs: pieces of text in one language, see `speech.runs_of`.
        speed: 1 is the pace that was learnt.

    Raises:
        CourseError: torch or the weights are missing.
    """
    english = [run for run in runs if run.language == "en"]
    events = dict(zip(map(id, english), _english_events(english)))
    return [spoken(run, events.get(id(run)), speed) for run in runs]


def spoken(run, events: list | None, speed: float) -> tuple[np.ndarray, int, list]:
    """One run as the learned voice says it."""
    voice = _voice(run.language)
    if run.language == "zh":
        phonemes, places = chinese(run.sent, voice.note["table"]), run.starts
    else:
        phonemes, _ = from_events(events, "en")
        places = [place for kind, place, *_ in events if kind == "word"]
    mel, durations = voice.draw(phonemes, speed)
    sound = vocode(mel, ITERATIONS, contrast=CONTRAST)
    told, sample, word = [], 0, -1
    for name, number, frames in zip(phonemes.symbols, phonemes.words, durations):
        if number != word:
            word = number
            told.append(["word", places[min(word, len(places) - 1)], 0, sample])
        told.append(["phoneme", name, 0, sample])
        sample += int(frames) * HOP
    return np.clip(sound, -1, 1).astype(np.float32), VOICE_RATE, told


def _english_events(runs: list) -> list[list]:
    """English spelling has no table: the teacher is asked for its phonemes, its sound is thrown away."""
    if not runs:
        return []
    from course_lib.audio import speech

    name, rate, width = speech.settings("en")
    asked = [{"text": run.sent, "voice": f"{name}+f2", "rate": rate, "range": width} for run in runs]
    return [events for _, _, events in speech.ask_worker(asked, "learned")]


@cache
def _voice(language: str):
    from course_lib.errors import CourseError

    try:
        from course_lib.audio.acoustic import load
    except ImportError as error:
        raise CourseError(
            f"the learned voice needs torch and safetensors ({error}): install them, or choose another voice."
        ) from None
    return load(language)
