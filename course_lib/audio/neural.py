"""Neural voices, for whoever installs them; nothing in the course needs one.

English: `hibari-tts` (Apache-2.0; its model, 8 MB, lies inside the package and runs on onnxruntime). Chinese: the network of
Kokoro-82M, see `course_lib.audio.kokoro`. Neither gives times of words, so each run is spoken by itself and its words are
placed by their length.
"""

from functools import cache
from importlib.util import find_spec

import numpy as np

from course_lib.audio import kokoro
from course_lib.errors import CourseError

RATE = kokoro.RATE


def installed() -> bool:
    """Can English be spoken by a neural voice here?"""
    return find_spec("hibari") is not None and find_spec("onnxruntime") is not None


def answer(runs: list, speed: float = 1.0) -> list[tuple[np.ndarray, int, list]]:
    """Sound, samples a second and events of each run, see `speech.ask_worker`.

    Args:
        runs: pieces of text in one language, see `speech.runs_of`.
        speed: 0.5 to 2.

    Raises:
        CourseError: the package for a run's language is missing.
    """
    if any(run.language == "en" for run in runs) and not installed():
        raise CourseError(
            "the neural voice is not installed: type 'pip install hibari-tts' (16 MB, English), or use another voice."
        )
    return [_spoken(run, speed) for run in runs]


def _spoken(run, speed: float) -> tuple[np.ndarray, int, list]:
    if run.language == "zh":
        sound = kokoro.answer(run, speed)
    else:
        written = "".join(word + (pause or "") + " " for word, pause in zip(run.said, run.pauses)).strip()
        sound = np.asarray(_voice()(written, speed=float(np.clip(speed, 0.5, 2.0)), seed=0), np.float32)
    # no times are told: a word's share of the sound is its share of the letters
    sizes = np.array([len(word) + 1 + 3 * bool(pause) for word, pause in zip(run.said, run.pauses)], float)
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    first, last = (loud[0], loud[-1]) if loud.size else (0, len(sound))
    begins = first + np.concatenate([[0], np.cumsum(sizes)[:-1]]) / sizes.sum() * (last - first)
    events = [["word", place, 0, int(begin)] for place, begin in zip(run.starts, begins)]
    return sound, RATE, events


@cache
def _voice():
    from hibari import Hibari

    return Hibari()
