"""How loud a sound is to a listener, how high its peaks reach between samples, and bringing both to a goal.

The measure is that of Recommendation ITU-R BS.1770: a filter for the ear, mean squares over blocks of
400 ms, two gates that leave silence out.
"""

from functools import reduce

import numpy as np
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import lfilter, resample_poly

from course_lib.audio.speech import RATE
from course_lib.errors import CourseError

TARGET_LUFS = -16.0  # usual for films watched on telephones and on the web
CEILING_DBTP = -1.5  # leaves half a decibel for what the AAC encoder adds to the peaks


def k_weighted(samples: np.ndarray, rate: int = RATE) -> np.ndarray:
    """The sound as BS.1770 hears it: a shelf of +4 dB for the head, then a high-pass at 38 Hz.

    Args:
        samples: (n,) or (n, channels), along time.
    """
    for b, a in (_shelf(rate), _high_pass(rate)):
        samples = lfilter(b, a, samples, axis=0)
    return samples


def _shelf(rate, frequency=1681.974450955533, gain=3.999843853973347, q=0.7071752369554196):
    """The first filter, from the analogue prototype, so that it holds at any sampling rate."""
    k = np.tan(np.pi * frequency / rate)
    high = 10 ** (gain / 20)
    middle = high**0.4996667741545416
    scale = 1 + k / q + k * k
    b = np.array([high + middle * k / q + k * k, 2 * (k * k - high), high - middle * k / q + k * k])
    return b / scale, np.array([1, 2 * (k * k - 1) / scale, (1 - k / q + k * k) / scale])


def _high_pass(rate, frequency=38.13547087602444, q=0.5003270373238773):
    k = np.tan(np.pi * frequency / rate)
    scale = 1 + k / q + k * k
    return np.array([1.0, -2.0, 1.0]), np.array([1, 2 * (k * k - 1) / scale, (1 - k / q + k * k) / scale])


def loudness(samples: np.ndarray, rate: int = RATE) -> float:
    """Integrated loudness in LUFS; minus infinity for silence.

    Args:
        samples: (n,) or (n, 2), at least 0.4 s, full scale 1.

    Raises:
        CourseError: shorter than 0.4 s.
    """
    if len(samples) < round(0.4 * rate):
        raise CourseError("loudness is measured over at least 0.4 s of sound.")
    mean = block_powers(samples, rate)[1]
    return float(gated_loudness(mean))


def gated_loudness(power):
    """Loudness of a whole sound from its blocks, leaving out pauses.

    The loudness of a power p is -0.691 + 10 log10(p). Two gates: blocks at -70 LUFS or below are silence and go
    first. Then the mean power of those left is taken, and blocks at or below its loudness less 10 go, too.

    Args:
        power: (blocks,) mean squares of the K-weighted sound, channels summed, not negative.

    Returns:
        LUFS of the mean power of what is left; minus infinity if nothing is.

    Source: Recommendation ITU-R BS.1770-4, 2015, annex 1.
    """
    above_silence = power[power > 10 ** ((-70 + 0.691) / 10)]
    if above_silence.size == 0:
        return -np.inf
    heard = above_silence[above_silence > above_silence.mean() / 10]
    return -0.691 + 10 * np.log10(heard.mean())


def block_powers(samples: np.ndarray, rate: int = RATE) -> tuple[np.ndarray, np.ndarray]:
    """Mean square of the K-weighted sound in blocks of 0.4 s, one every 0.1 s: (starts in seconds, powers).

    Args:
        samples: (n,) or (n, 2), at least 0.4 s.
    """
    sound = np.atleast_2d(np.asarray(samples, float).T).T
    block, step = round(0.4 * rate), round(0.1 * rate)
    power = (k_weighted(sound, rate) ** 2).sum(axis=1)  # left and right weigh the same
    total = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, len(power) - block + 1, step)
    return starts / rate, (total[starts + block] - total[starts]) / block


def true_peak(samples: np.ndarray) -> float:
    """Highest level of the continuous wave in dBTP, from four times as many samples."""
    high = inter_sample_level(samples).max(initial=0.0)
    return float(20 * np.log10(high)) if high > 0 else -np.inf


def inter_sample_level(samples: np.ndarray, block: int = 10 * RATE) -> np.ndarray:
    """The highest level of the continuous wave around each sample: (n,), for samples (n,) or (n, channels).

    Computed in blocks (a whole film at four times the rate needs a gigabyte) that overlap by more than the
    length of the interpolating filter.
    """
    sound = np.asarray(samples).reshape(len(samples), -1)
    if sound.dtype != np.float32:  # single precision stays what it is: exact to a millionth, in half the time
        sound = sound.astype(float)
    edge, levels = 64, [np.zeros(0)]
    for start in range(0, len(sound), block):
        first = max(0, start - edge)
        piece = sound[first : start + block + edge]
        four = np.abs(resample_poly(piece, 4, 1, axis=0)[4 * (start - first) :])
        four = reduce(np.maximum, four.T)[: 4 * block].reshape(-1, 4)
        level = np.maximum(np.maximum(four[:, 0], four[:, 1]), np.maximum(four[:, 2], four[:, 3]))
        levels.append(level[: len(sound) - start])
    return np.concatenate(levels)


def limiter(level: np.ndarray, ceiling: float = CEILING_DBTP, rate: int = RATE) -> np.ndarray:
    """The gain that keeps a sound below a ceiling: smooth, and down for no longer than it must be.

    It sees 5 ms ahead, so it is down before the peak comes.

    Args:
        level: of the sound, see `inter_sample_level`.
        ceiling: in dBTP.

    Returns:
        (n,) from 0 to 1.
    """
    top = 10 ** (ceiling / 20)
    reach = int(0.005 * rate)
    gain = np.minimum(1.0, top / np.maximum(level, 1e-9))
    # The least gain of a window, averaged twice over windows no wider together: still low enough everywhere.
    gain = minimum_filter1d(gain, 2 * reach + 1)
    return uniform_filter1d(uniform_filter1d(gain, reach), reach)


def master(samples: np.ndarray, target: float = TARGET_LUFS, ceiling: float = CEILING_DBTP) -> np.ndarray:
    """Bring a mix to a loudness, with its true peak below a ceiling.

    Args:
        samples: (n, 2), not silent.
        target: LUFS.
        ceiling: dBTP.

    Raises:
        CourseError: the sound is silent.
    """
    now = loudness(samples)
    if not np.isfinite(now):
        raise CourseError("a silent sound cannot be brought to a loudness.")
    level = inter_sample_level(samples)
    decibels, mastered = target - now, samples
    for _ in range(12):  # limiting takes a little loudness away: give it back and look again
        gain = 10 ** (decibels / 20)
        mastered = samples * (gain * limiter(gain * level, ceiling))[:, None]
        missing = target - loudness(mastered)
        if abs(missing) < 0.02:
            break
        decibels += 1.5 * missing  # of what is given back, the limiter takes a part again
    return np.asarray(mastered, np.float32)
