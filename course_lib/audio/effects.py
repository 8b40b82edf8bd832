"""What a sound engineer does to a sound: filters, a room, echoes, compression, fades, ducking."""

import numpy as np
from scipy.fft import next_fast_len
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, lfilter, sosfilt

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


def equaliser(samples: np.ndarray, bells: list[tuple[float, float, float]]) -> np.ndarray:
    """Several bells one after the other, each (frequency in Hz, gain in dB, q); see `bell`."""
    for frequency, gain, q in bells:
        samples = bell(samples, frequency, gain, q)
    return samples


def bell_response(frequencies, frequency: float, gain: float, q: float = 1.0) -> np.ndarray:
    """What a bell does to each frequency, in dB: for a picture of it."""
    click = np.zeros(RATE)
    click[0] = 1
    spectrum = np.abs(np.fft.rfft(bell(click, frequency, gain, q)))  # one bin is one hertz
    return 20 * np.log10(np.interp(frequencies, np.arange(len(spectrum)), spectrum))


def convolve(samples, response):
    """A sound as a room answers it: every sample sets off the whole response, and all of them add up.

    Done by multiplying spectra; both are first made longer with zeros, so that the tail does not wrap round to
    the beginning.

    Args:
        samples: (n,).
        response: (m,), the room's answer to a single click.

    Returns:
        (n + m - 1,): y[t] is the sum over k of response[k] * samples[t - k].
    """
    length = len(samples) + len(response) - 1
    spectrum = np.fft.rfft(samples, length) * np.fft.rfft(response, length)
    return np.fft.irfft(spectrum, length)


def delay(samples: np.ndarray, seconds: float, feedback: float = 0.4, wet: float = 0.3) -> np.ndarray:
    """Echoes that come back again and again, each `feedback` times the last.

    Args:
        samples: (n,) or (n, 2).
        seconds: from one echo to the next.
        feedback: 0 (one echo) to below 1.
        wet: share of the echoes in the result.

    Returns:
        As `samples`; echoes beyond the end are cut.
    """
    wait = max(1, round(seconds * RATE))
    b = np.zeros(wait + 1)
    b[wait] = 1
    a = np.zeros(wait + 1)
    a[0], a[wait] = 1, -feedback
    return (1 - wet) * samples + wet * lfilter(b, a, samples, axis=0)


def compressor(
    samples: np.ndarray,
    threshold: float = -24.0,
    ratio: float = 3.0,
    attack: float = 0.01,
    release: float = 0.15,
) -> np.ndarray:
    """Make loud parts quieter: above the threshold the level rises only one `ratio`-th as fast.

    Args:
        samples: (n,) or (n, 2).
        threshold: in dB below full scale, of the level over 10 ms.
        ratio: 3 means that 3 dB more come out as 1 dB more.
        attack, release: seconds in which the gain goes down and comes back.

    Returns:
        As `samples`, nowhere louder than before.
    """
    hop = 64
    level = 20 * np.log10(np.maximum(envelope(samples, 0.01)[::hop], 1e-6))
    wanted = np.maximum(0, level - threshold) * (1 - 1 / ratio)  # decibels to take away
    down, up = (1 - np.exp(-hop / (seconds * RATE)) for seconds in (attack, release))
    now, taken = 0.0, np.empty_like(wanted)
    for n, goal in enumerate(wanted):
        now += (goal - now) * (down if goal > now else up)
        taken[n] = now
    gain = 10 ** (-np.interp(np.arange(len(samples)), np.arange(len(taken)) * hop, taken) / 20)
    return samples * (gain if samples.ndim == 1 else gain[:, None])


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
    length = len(dry) + len(room) - 1
    spare = next_fast_len(length) - length  # some lengths are transformed much faster than others
    room = np.pad(room, ((0, spare), (0, 0)))
    echo = np.stack([convolve(dry[:, side], room[:, side]) for side in (0, 1)], axis=1)[: len(dry)]
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


def duck_gain(speaking, attack, release):
    """How much of the music is left, moment by moment: down fast when a voice comes, back slowly when it goes.

    Each moment the gain goes part of the way to its goal, 0 while somebody speaks and 1 while nobody does:
    1 - exp(-1 / attack) of the way down, 1 - exp(-1 / release) of the way up.

    Args:
        speaking: (n,) of 0 and 1.
        attack, release: moments in which about 63 % of the way are gone; above 0.

    Returns:
        (n,) from 0 to 1. Before the first moment it stands at that moment's goal.
    """
    gain = np.zeros(len(speaking))
    now = 1 - speaking[0] if len(speaking) else 1.0
    for n, busy in enumerate(speaking):
        share = 1 - np.exp(-1 / attack) if busy else 1 - np.exp(-1 / release)
        now = now + share * ((1 - busy) - now)
        gain[n] = now
    return gain


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
    gain = duck_gain(speaking, max(1, ahead / 2), max(1, back / 2))
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
