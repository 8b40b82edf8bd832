"""The words that the world knows, and which of their combinations can be filmed.

A clip's truth is a mapping such as ``{"place": "lake", "time": "noon", "weather": "clear", "motion":
"zoom in"}``; `mood` changes the music and, slightly, the colours. What is missing is drawn by the seed.
"""

import functools
import itertools
import zlib
from collections.abc import Mapping

import numpy as np

from course_lib.errors import CourseError

PLACES = ("snow mountain", "lake", "grassland", "desert", "sea", "city", "forest")
TIMES = ("dawn", "noon", "dusk", "night")
WEATHERS = ("clear", "cloudy", "rain", "snow")
MOTIONS = ("pan left", "pan right", "zoom in", "rising", "drifting", "crossing")
MOODS = ("joyful", "calm", "grand", "wistful")

#: The four attributes that a clip shows; the mood is heard rather than seen.
ATTRIBUTES = {"place": PLACES, "time": TIMES, "weather": WEATHERS, "motion": MOTIONS}
#: All attributes that `render` accepts.
WORDS = {**ATTRIBUTES, "mood": MOODS}


def stream(seed: int, *names) -> np.random.Generator:
    """A random generator of its own for one part of the world.

    Each part draws from its own stream, so that changing the weather, say, leaves the mountains where
    they are.

    Args:
        seed: any non-negative integer.
        names: what is drawn, e.g. ``stream(7, "stars")``; strings or numbers.
    """
    words = [zlib.crc32(str(name).encode()) for name in names]
    return np.random.Generator(np.random.PCG64([seed, *words]))


def impossible(attributes: Mapping) -> str | None:
    """Why these attributes cannot be filmed together, or None if they can (missing ones are free).

    Example:
        >>> impossible({"time": "noon", "motion": "rising"})
        'the sun is already high at noon: nothing rises; ask for dawn, dusk or night'
    """
    place, time = attributes.get("place"), attributes.get("time")
    weather, motion = attributes.get("weather"), attributes.get("motion")
    if motion == "rising" and time == "noon":
        return "the sun is already high at noon: nothing rises; ask for dawn, dusk or night"
    if motion == "rising" and weather in ("rain", "snow"):
        return f"in {weather} no sun or moon is seen rising; ask for clear or cloudy weather"
    if motion == "crossing" and place not in ("lake", "sea", None):
        return f"a boat cannot cross a {place}; ask for a lake or the sea"
    return None


def possible(attributes: Mapping) -> bool:
    """Can these attributes be filmed together? Missing ones are free."""
    return impossible(attributes) is None


@functools.cache
def _combinations() -> tuple[tuple[str, ...], ...]:
    rows = itertools.product(*ATTRIBUTES.values())
    return tuple(row for row in rows if possible(dict(zip(ATTRIBUTES, row))))


def combinations() -> list[dict]:
    """Every combination of place, time, weather and motion that can be filmed, in a fixed order."""
    return [dict(zip(ATTRIBUTES, row)) for row in _combinations()]


def check(attributes: Mapping) -> dict:
    """The attributes without empty ones, as a plain dict.

    Raises:
        CourseError: an unknown attribute or word, or a combination that cannot be filmed.
    """
    if not isinstance(attributes, Mapping):
        raise CourseError(
            f"attributes are {attributes!r}; give a mapping such as {{'place': 'lake', 'time': 'noon'}}."
        )
    given = {name: word for name, word in attributes.items() if word is not None}
    for name, word in given.items():
        if name not in WORDS:
            raise CourseError(f"there is no attribute '{name}'; the attributes are {', '.join(WORDS)}.")
        if word not in WORDS[name]:
            raise CourseError(f"there is no {name} '{word}'; choose from {', '.join(WORDS[name])}.")
    reason = impossible(given)
    if reason:
        named = ", ".join(f"{name} {word}" for name, word in given.items())
        raise CourseError(f"({named}) cannot be filmed: {reason}.")
    return given


def complete(attributes: Mapping, seed: int) -> dict:
    """All five attributes: the given ones, the others drawn by the seed among what can be filmed.

    `render` shows exactly these, so ``complete(attributes, seed)`` is a clip's truth.

    Raises:
        CourseError: see `check`.
    """
    given = check(attributes)
    rows = _fitting(tuple(given.get(name) for name in ATTRIBUTES))
    # Place, time, weather, then motion, each drawn evenly among what is still possible: a boat is then
    # as likely on a lake as any other motion there.
    random = stream(seed, "attributes")
    for place in range(len(ATTRIBUTES)):
        words = list(dict.fromkeys(row[place] for row in rows))
        word = words[int(random.integers(len(words)))]
        rows = [row for row in rows if row[place] == word]
    mood = given.get("mood") or MOODS[int(random.integers(len(MOODS)))]
    return {**dict(zip(ATTRIBUTES, rows[0])), "mood": mood}


@functools.lru_cache(maxsize=4096)
def _fitting(given: tuple) -> tuple[tuple[str, ...], ...]:
    """Combinations that agree with the given words, None being free."""
    return tuple(
        row for row in _combinations() if all(want in (None, word) for want, word in zip(given, row))
    )
