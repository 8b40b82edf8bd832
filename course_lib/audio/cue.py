"""The audible label: the letters A and I in Morse code, short long, short short, as a soft chime.

China's labelling measures for AI-made content (in force since 1 September 2025) ask that a listener can hear
what a viewer can see. The course makes the cue and finds it again; it claims no more than that.
"""

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from course_lib.audio.speech import RATE

FREQUENCY = 1_760.0  # A6: in tune with the key of every mood, above most of the music
DOT = 0.13  # seconds; a dash is three dots, as is the pause between the two letters
_PATTERN = ((0, 1), (2, 3), (8, 1), (10, 1))  # (begin, length) in dots: . -   . .
SECONDS = 11 * DOT


def keyed(rate: int = RATE) -> np.ndarray:
    """When the tone sounds: (SECONDS * rate,) of 0 and 1."""
    on = np.zeros(round(SECONDS * rate))
    for begin, length in _PATTERN:
        on[round(begin * DOT * rate) : round((begin + length) * DOT * rate)] = 1
    return on


def cue() -> np.ndarray:
    """The cue as sound: (n, 2), peak about 0.13, with edges soft enough not to click."""
    on = np.pad(keyed(), int(0.02 * RATE))
    for _ in range(2):  # twice a moving average: an edge of 40 ms without corners
        on = uniform_filter1d(on, int(0.02 * RATE), mode="constant")
    t = np.arange(len(on)) / RATE
    tone = np.sin(2 * np.pi * FREQUENCY * t) + 0.2 * np.sin(np.pi * FREQUENCY * t)
    return np.repeat((0.11 * on * tone)[:, None], 2, axis=1)


def find_cue(samples: np.ndarray, within: float = 6.0) -> tuple[float, float]:
    """Look for the cue in the beginning of a film's sound.

    Args:
        samples: (n,) or (n, 2) at `RATE`.
        within: seconds from the start to look at.

    Returns:
        (second it begins at, likeness from -1 to 1); a likeness above 0.8 is the cue.
    """
    mono = samples if samples.ndim == 1 else samples.mean(axis=1)
    mono = np.asarray(mono[: int(within * RATE)], float)
    pattern = keyed(1_000)
    sos = butter(3, [FREQUENCY * 0.96, FREQUENCY * 1.04], "bandpass", fs=RATE, output="sos")
    if len(mono) < SECONDS * RATE:
        return 0.0, -1.0
    level = uniform_filter1d(np.abs(sosfiltfilt(sos, mono)), int(0.02 * RATE))
    level = level[(np.arange(0, len(level) / RATE, 0.001) * RATE).astype(int)]
    size = len(pattern)
    shape = pattern - pattern.mean()
    windows = np.lib.stride_tricks.sliding_window_view(level, size)[::2]
    centred = windows - windows.mean(axis=1, keepdims=True)
    likeness = centred @ shape / np.maximum(np.linalg.norm(centred, axis=1) * np.linalg.norm(shape), 1e-12)
    best = int(likeness.argmax())
    return best * 0.002, float(likeness[best])
