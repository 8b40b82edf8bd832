"""Soft instruments made of sine waves, noise and a plucked-string filter. One note at a time.

Every instrument is a function `(frequency in Hz, seconds held, velocity 0-1, random) -> mono samples`;
the sound lasts longer than the note is held, by its natural decay.
"""

import numpy as np
from scipy.signal import lfilter

from course_lib.audio.effects import band
from course_lib.audio.speech import RATE


def _time(seconds: float) -> np.ndarray:
    return np.arange(int(seconds * RATE)) / RATE


def _swell(seconds: float, held: float, attack: float, release: float) -> np.ndarray:
    """An envelope that rises, stays and dies away: for bowed and blown instruments."""
    t = _time(seconds)
    rise = np.sin(np.clip(t / attack, 0, 1) * np.pi / 2) ** 2
    fall = np.cos(np.clip((t - held) / release, 0, 1) * np.pi / 2) ** 2
    return rise * fall


def piano(frequency, held, velocity, random):
    """A felt piano: partials a little sharp of whole multiples, high ones dying first."""
    seconds = min(held + 1.2, 4.5)
    t = _time(seconds)
    sound = np.zeros_like(t)
    stiffness = 2.5e-4
    for n in range(1, 9):
        partial = n * frequency * np.sqrt(1 + stiffness * n * n)
        if partial > 7_000:
            break
        strength = n ** -(2.1 - 0.8 * velocity) * np.exp(-((partial / 3_500) ** 2))
        decay = 0.7 + 0.45 * n + frequency / 700
        sound += strength * np.sin(2 * np.pi * partial * t + random.uniform(0, 0.5)) * np.exp(-decay * t)
    hammer = band(random.standard_normal(min(len(t), 2_200)), low=80, high=900)
    sound[: len(hammer)] += 0.05 * hammer * np.exp(-np.arange(len(hammer)) / 400)
    return sound * np.clip(t / 0.006, 0, 1) * np.clip((seconds - t) / 0.6, 0, 1) * velocity


def pluck(frequency, held, velocity, random):
    """A plucked string: noise going round a delay line that averages it (Karplus and Strong, 1983)."""
    period = RATE / frequency - 0.5  # the averaging filter itself delays by half a sample
    whole = int(period)
    part = period - whole
    count = int(min(held + 1.4, 3.5) * RATE)
    burst = np.zeros(count)
    noise = random.uniform(-1, 1, whole + 1)
    noise = band(noise, high=1_200 + 4_000 * velocity, order=1)
    burst[: whole + 1] = noise - noise.mean()  # a push to one side would go round for ever
    # y[n] = x[n] + g * (average of y around n - period), the fraction by interpolation
    loss = 0.996 ** (110 / frequency) * 0.998
    a = np.zeros(whole + 3)
    a[0] = 1
    a[whole] -= loss * 0.5 * (1 - part)
    a[whole + 1] -= loss * 0.5
    a[whole + 2] -= loss * 0.5 * part
    sound = lfilter([1.0], a, burst)
    sound /= max(np.abs(sound).max(), 1e-9)
    t = np.arange(count) / RATE
    return 0.75 * sound * velocity * np.clip((t[-1] - t) / 0.5, 0, 1) * np.clip(t / 0.002, 0, 1)


def _chorus(frequency, seconds, strengths, detunes, vibrato, random):
    """Several slightly detuned players of one note, each with its own slow vibrato."""
    t = _time(seconds)
    sound = np.zeros_like(t)
    for cents in detunes:
        own = frequency * 2 ** (cents / 1200)
        speed = random.uniform(4.6, 5.6)
        sway = vibrato * np.clip(t / 1.2, 0, 1) * np.sin(2 * np.pi * speed * t + random.uniform(0, 6.28))
        phase = 2 * np.pi * own * t + own / speed * sway + random.uniform(0, 6.28)
        # partials of one player by the recurrence sin(nx) = 2 cos(x) sin((n-1)x) - sin((n-2)x)
        twice, before, now = 2 * np.cos(phase), np.zeros_like(t), np.sin(phase)
        for number, strength in enumerate(strengths, 1):
            if number * own > 9_000:
                break
            sound += strength * now
            before, now = now, twice * now - before
    return sound / len(detunes)


def pad(frequency, held, velocity, random):
    """A soft sustained sound under everything."""
    seconds = held + 1.6
    strengths = [n**-1.7 for n in range(1, 7)]
    sound = _chorus(frequency, seconds, strengths, (-7, 0, 6), 0.002, random)
    return sound * _swell(seconds, held, min(0.9, held / 2), 1.6) * velocity


def strings(frequency, held, velocity, random):
    """A section of strings."""
    seconds = held + 0.9
    strengths = [n**-1.15 * np.exp(-n * frequency / 4_500) for n in range(1, 13)]
    sound = _chorus(frequency, seconds, strengths, (-9, -3, 4, 10), 0.006, random)
    return 0.8 * sound * _swell(seconds, held, min(0.35, held / 2), 0.9) * velocity


def cello(frequency, held, velocity, random):
    """One bowed low string, for a melody."""
    seconds = held + 0.5
    strengths = [n**-1.0 * np.exp(-n * frequency / 2_600) for n in range(1, 13)]
    sound = _chorus(frequency, seconds, strengths, (0, 2), 0.010, random)
    return 0.8 * sound * _swell(seconds, held, min(0.14, held / 2), 0.5) * velocity


def horn(frequency, held, velocity, random):
    """A horn: round, strongest around 500 Hz."""
    seconds = held + 0.4
    multiples = np.arange(1, 10)
    strengths = np.exp(-(((multiples * frequency - 420) / 620) ** 2)) * multiples**-0.4
    sound = _chorus(frequency, seconds, strengths / strengths.sum() * 1.6, (-2, 3), 0.002, random)
    return sound * _swell(seconds, held, min(0.10, held / 2), 0.4) * velocity


def flute(frequency, held, velocity, random):
    """A bamboo flute: few partials, breath, a vibrato that comes late."""
    seconds = held + 0.25
    sound = _chorus(frequency, seconds, (1.0, 0.28, 0.12, 0.03), (0,), 0.009, random)
    breath = band(random.standard_normal(len(sound)), low=frequency, high=min(4 * frequency, 9_000))
    return (0.55 * sound + 0.010 * breath) * _swell(seconds, held, min(0.07, held / 2), 0.25) * velocity


def celesta(frequency, held, velocity, random):
    """Small bells struck with felt."""
    seconds = 2.2
    t = _time(seconds)
    sound = np.sin(2 * np.pi * frequency * t) * np.exp(-2.2 * t)
    sound += 0.30 * np.sin(2 * np.pi * 2.0 * frequency * t) * np.exp(-3.5 * t)
    sound += 0.18 * np.sin(2 * np.pi * min(4.02 * frequency, 12_000) * t) * np.exp(-7 * t)
    return 0.6 * sound * np.clip(t / 0.003, 0, 1) * np.clip((seconds - t) / 0.4, 0, 1) * velocity


def bass(frequency, held, velocity, random):
    """A soft plucked bass."""
    seconds = held + 0.4
    t = _time(seconds)
    sound = sum(
        n**-1.8 * np.sin(2 * np.pi * n * frequency * t) * np.exp(-(0.5 + 0.5 * n) * t) for n in (1, 2, 3, 4)
    )
    return sound * _swell(seconds, held, 0.015, 0.4) * velocity


def timpani(frequency, held, velocity, random):
    """A kettledrum: the modes of its skin, and the blow of the stick."""
    t = _time(2.2)
    modes = ((1.0, 1.0, 2.0), (1.5, 0.55, 2.6), (1.98, 0.30, 3.4), (2.44, 0.16, 4.4))
    sound = sum(s * np.sin(2 * np.pi * m * frequency * t) * np.exp(-d * t) for m, s, d in modes)
    stick = band(random.standard_normal(1_500), high=700) * np.exp(-np.arange(1_500) / 250)
    sound[:1_500] += 0.5 * stick
    return sound * np.clip(t / 0.004, 0, 1) * np.clip((2.2 - t) / 0.5, 0, 1) * velocity


def shaker(frequency, held, velocity, random):
    """A light rattle for a beat."""
    count = int(0.09 * RATE)
    t = np.arange(count) / RATE
    sound = band(random.standard_normal(count), low=5_000, high=11_000)
    return 0.30 * sound * np.clip(t / 0.02, 0, 1) * np.exp(-45 * np.clip(t - 0.02, 0, None)) * velocity


INSTRUMENTS = {
    f.__name__: f for f in (piano, pluck, pad, strings, cello, horn, flute, celesta, bass, timpani, shaker)
}
