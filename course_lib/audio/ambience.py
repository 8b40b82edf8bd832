"""What a place sounds like: wind, waves, rain, birds, crickets, a far street. All of it is made of noise."""

import numpy as np
from scipy.signal import lfilter

from course_lib.audio.effects import band
from course_lib.audio.speech import RATE


def pink(count: int, random) -> np.ndarray:
    """Noise whose power falls by 3 dB an octave, as that of wind and water does; (count,), about unit power.

    The filter is the usual three-pole approximation.
    """
    b = [0.049922035, -0.095993537, 0.050612699, -0.004408786]
    a = [1, -2.494956002, 2.017265875, -0.522189400]
    warm = 4_000  # let the filter forget its start
    noise = lfilter(b, a, random.standard_normal(count + warm))[warm:]
    return noise / max(noise.std(), 1e-9)


def slow(count: int, seconds: float, random, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """A curve that wanders between two values, with a new goal every `seconds`."""
    knots = max(2, int(np.ceil(count / RATE / seconds)) + 2)
    goals = random.uniform(low, high, knots)
    place = np.arange(count) / (seconds * RATE)
    whole = place.astype(int)
    part = (1 - np.cos(np.pi * (place - whole))) / 2
    return goals[whole] * (1 - part) + goals[whole + 1] * part


def wind(count, random):
    """Gusts: pink noise whose strength and pitch wander."""
    noise = pink(count, random)
    gust = slow(count, 1.9, random, 0.25, 1.0)
    return 0.8 * band(noise, 90, 420) * gust + 0.35 * band(noise, 420, 1_100) * gust**2


def waves(count, random):
    """Waves that come in, break, and run out, about every seven seconds."""
    noise, foam = pink(count, random), random.standard_normal(count)
    t = np.arange(count) / RATE
    swell = np.zeros(count)
    start = -random.uniform(0, 4)
    while start < t[-1]:
        length = random.uniform(5.5, 8.0)
        x = np.clip((t - start) / length, 0, 1)
        swell += random.uniform(0.7, 1.0) * np.sin(np.pi * x**0.6) ** 2
        start += length * 0.85
    return 0.9 * band(noise, 80, 700) * (0.25 + swell) + 0.10 * band(foam, 1_200, 5_000) * swell**2


def lapping(count, random):
    """Small waves against a shore."""
    noise = pink(count, random)
    return band(noise, 250, 900) * slow(count, 0.45, random) ** 2 * 0.8 + 0.25 * band(noise, 90, 300)


def rain(count, random):
    """Steady rain and single drops."""
    hiss = (
        0.22 * band(random.standard_normal(count), 900, 7_500, order=1) * slow(count, 2.5, random, 0.8, 1.0)
    )
    drops = np.zeros(count)
    places = random.integers(0, count, int(90 * count / RATE))
    drops[places] = random.exponential(1.0, len(places))
    return hiss + 0.5 * band(lfilter([1], [1, -1.55, 0.80], drops), low=1_000)


def leaves(count, random):
    """Wind in leaves."""
    return (
        0.35
        * band(random.standard_normal(count), 1_500, 6_000, order=1)
        * slow(count, 1.3, random, 0.1, 0.8) ** 2
    )


def _calls(count, random, each, gap):
    """Place short calls made by `each()` at irregular moments."""
    sound = np.zeros(count)
    at = int(random.uniform(0.3, 1.0) * gap * RATE)
    while at < count:
        call = each()[: count - at]
        sound[at : at + len(call)] += call
        at += int(random.uniform(0.5, 1.6) * gap * RATE)
    return sound


def birds(count, random):
    """A few song birds: whistles that glide, in short phrases."""

    def phrase():
        base = random.uniform(2_300, 3_800)
        parts = []
        for _ in range(int(random.integers(2, 6))):
            seconds = random.uniform(0.06, 0.16)
            x = np.linspace(0, 1, int(seconds * RATE))
            pitch = base * (1 + random.uniform(-0.2, 0.25) * x + 0.06 * np.sin(2 * np.pi * 2 * x))
            parts += [np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.sin(np.pi * x) ** 2]
            parts += [np.zeros(int(random.uniform(0.03, 0.09) * RATE))]
        return np.concatenate(parts) * random.uniform(0.15, 0.5)

    return _calls(count, random, phrase, 1.9)


def crickets(count, random):
    """Crickets: a high tone in bursts of three pulses."""
    t = np.arange(count) / RATE
    sound = np.zeros(count)
    for _ in range(3):
        pitch, speed = random.uniform(3_900, 4_700), random.uniform(1.6, 2.2)
        beat = (t * speed + random.uniform(0, 1)) % 1
        pulses = np.clip(np.sin(2 * np.pi * 9 * beat), 0, 1) * (beat < 1 / 3)
        sound += np.sin(2 * np.pi * pitch * t) * pulses * random.uniform(0.06, 0.16)
    return sound * slow(count, 3.0, random, 0.5, 1.0)


def street(count, random):
    """A far city: a hum, and cars that pass."""
    noise = pink(count, random)
    sound = 0.7 * band(noise, 60, 250)

    def car():
        x = np.linspace(-1, 1, int(random.uniform(2.5, 4.0) * RATE))
        return (
            band(random.standard_normal(len(x)), 200, 1_400, order=1)
            * np.exp(-8 * x**2)
            * random.uniform(0.1, 0.3)
        )

    return sound + _calls(count, random, car, 2.5)


def sources(attributes: dict) -> list[tuple]:
    """Which sounds belong to a scene, with their loudness: `[(function, gain), ...]`.

    Args:
        attributes: with `place`, and perhaps `time` and `weather`.
    """
    place, time, weather = (attributes.get(name) for name in ("place", "time", "weather"))
    found = {
        "snow mountain": [(wind, 1.0)],
        "lake": [(lapping, 0.9), (wind, 0.2)],
        "grassland": [(wind, 0.6), (leaves, 0.3)],
        "desert": [(wind, 1.0)],
        "sea": [(waves, 1.0)],
        "city": [(street, 1.0)],
        "forest": [(leaves, 0.9), (wind, 0.25)],
    }.get(place, [(wind, 0.6)])
    dry = weather not in ("rain", "snow")
    if dry and place in ("lake", "grassland", "forest"):
        found.append((crickets, 0.8) if time == "night" else (birds, 0.8))
    if weather == "rain":
        found.append((rain, 1.0))
    if weather == "snow":  # snow swallows sound
        found = [(function, 0.6 * gain) for function, gain in found] + [(wind, 0.4)]
    return found


def ambience(attributes: dict, seconds: float, seed: int = 0) -> np.ndarray:
    """The sound of a scene: (seconds * RATE, 2) float, root mean square 0.05.

    Args:
        attributes: of the scene; `place`, `time` and `weather` are heard.
        seconds: at least 0.1.
        seed: another seed, other gusts and birds.
    """
    count = round(seconds * RATE)
    mix = np.zeros((count, 2))
    for number, (function, gain) in enumerate(sources(attributes)):
        for side in (0, 1):  # two takes of the same thing make it wide
            mix[:, side] += gain * function(count, np.random.default_rng([seed, number, side]))
        if function in (birds, crickets):  # these stand somewhere between the ears
            mid = mix.mean(axis=1, keepdims=True)
            mix = 0.5 * mix + 0.5 * mid
    return mix * (0.05 / max(np.sqrt((mix**2).mean()), 1e-9))
