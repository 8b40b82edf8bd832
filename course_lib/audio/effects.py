"""What a sound engineer does to a sound: filters, a room, echoes of width, fades, ducking."""

import numpy as np
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from course_lib.audio.speech import RATE


def band(
    samples: np.ndarray, low: float | None = None, high: float | None = None, order: int = 2
) -> np.ndarray:
    """Keep what lies between two frequencies in Hz (None: no limit on that side). Along axis 0."""
    if low and high:
        sos = butter(order, [low, high], "bandpass", fs=RATE, output="sos")
    elif low:
        sos = butter(order, low, "highpass", fs=RATE, output="sos")
    else:
        sos = butter(order, high, "lowpass", fs=RATE, output="sos")
    return sosfilt(sos, samples, axis=0)


def bell(samples: np.ndarray, frequency: float, gain: float, q: float = 1.0) -> np.ndarray:
    """Raise or lower (`gain` in dB) the frequencies around one, as a peaking equaliser does.

    Source: R. Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients".
    """
    a = 10 ** (gain / 40)
    w = 2 * np.pi * frequency / RATE
    alpha = np.sin(w) / (2 * q)
    b = np.array([1 + alpha * a, -2 * np.cos(w), 1 - alpha * a])
    d = np.array([1 + alpha / a, -2 * np.cos(w), 1 - alpha / a])
    return lfilter(b / d[0], d / d[0], samples, axis=0)


def impulse_response(seconds: float = 0.9, brightness: float = 5_000.0, seed: int = 0) -> np.ndarray:
    """The answer of a room to a clap: two channels of noise that dies away by 60 dB in `seconds`.

    Returns:
        (n, 2) float, the energy of each channel 1.
    """
    count = int(seconds * RATE)
    noise = np.random.default_rng([seed, 77]).standard_normal((count, 2))
    time = np.arange(count)[:, None] / RATE
    tail = noise * 10 ** (-3 * time / seconds)
    tail = band(tail, low=180, high=brightness)
    tail[: int(0.012 * RATE)] *= np.linspace(0, 1, int(0.012 * RATE))[:, None]  # walls are some metres away
    return tail / np.sqrt((tail**2).sum(axis=0))


def reverb(samples: np.ndarray, seconds: float = 0.9, wet: float = 0.15, brightness: float = 5_000.0, seed=0):
    """Put a sound in a room, by convolution with the room's impulse response.

    Args:
        samples: (n,) or (n, 2).
        seconds: until the room is silent (60 dB down).
        wet: share of the room in the result, 0 to 1.

    Returns:
        (n, 2); the tail beyond the end is cut.
    """
    dry = samples if samples.ndim == 2 else np.stack([samples, samples], axis=1)
    room = impulse_response(seconds, brightness, seed)
    echo = fftconvolve(dry, room, axes=0)[: len(dry)]
    return (1 - wet) * dry + wet * echo


def fade(samples: np.ndarray, begin: float = 0.0, end: float = 0.0) -> np.ndarray:
    """Fade in over `begin` seconds and out over the last `end` seconds (quarter sine: even power)."""
    out = np.array(samples, copy=True)
    for seconds, part in ((begin, slice(None)), (end, slice(None, None, -1))):
        count = min(int(seconds * RATE), len(out))
        if count:
            curve = np.sin(np.linspace(0, np.pi / 2, count))
            view = out[part]
            view[:count] *= curve if out.ndim == 1 else curve[:, None]
    return out


def envelope(samples: np.ndarray, seconds: float = 0.03) -> np.ndarray:
    """How strong a sound is at each sample: its root mean square over a window of `seconds`."""
    mono = samples if samples.ndim == 1 else samples.mean(axis=1)
    window = max(1, int(seconds * RATE))
    total = np.concatenate([np.zeros(1), np.cumsum(np.asarray(mono, float) ** 2)])
    left = np.clip(np.arange(len(mono)) - window // 2, 0, None)
    right = np.clip(np.arange(len(mono)) + window // 2 + 1, None, len(mono))
    return np.sqrt(np.maximum(total[right] - total[left], 0) / (right - left))


def duck(
    music: np.ndarray, voice: np.ndarray, depth: float = 12.0, attack: float = 0.15, release: float = 0.6
):
    """Turn the music down while somebody speaks.

    Args:
        music: (n, 2).
        voice: (n,) or (n, 2), the same length.
        depth: by how many decibels.
        attack: seconds the music takes to go down; it starts that much before the voice.
        release: seconds to come back; pauses shorter than this do not bring it back.

    Returns:
        (n, 2), the ducked music.
    """
    hop = 441  # the gain moves slowly: a hundred values a second are enough
    level = envelope(voice)[::hop]
    speaking = (level > 0.02 * max(level.max(initial=0.0), 1e-9)).astype(float)
    # the window reaches ahead by the attack and back by the release
    ahead, back = round(attack * RATE / hop), round(release * RATE / hop)
    window = ahead + back + 1
    speaking = maximum_filter1d(speaking, window, origin=(back - ahead) // 2)
    gain = np.empty_like(speaking)
    now = 1 - speaking[0] if speaking.size else 1.0
    up, down = 1 - np.exp(-1 / max(1, back / 2)), 1 - np.exp(-1 / max(1, ahead / 2))
    for n, busy in enumerate(speaking):
        now += ((1 - busy) - now) * (down if busy else up)
        gain[n] = now
    decibels = -depth * (1 - gain)
    smooth = np.interp(np.arange(len(music)), np.arange(len(decibels)) * hop, decibels)
    return music * 10 ** (smooth / 20)[:, None]


def warm_voice(samples: np.ndarray) -> np.ndarray:
    """Make a thin synthetic voice pleasanter: rumble out, some chest, less hiss, a small room.

    Args:
        samples: (n,), one channel.

    Returns:
        (n, 2).
    """
    voice = band(samples, low=80)
    voice = bell(voice, 220, 2.5, 0.8)
    voice = bell(voice, 3_200, -2.0, 1.2)  # where the synthesiser buzzes
    voice = band(voice, high=9_000)
    return reverb(voice, seconds=0.5, wet=0.10, brightness=6_000, seed=5)
