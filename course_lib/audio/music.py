"""Music for a mood: chords that lead into one another, a melody over them, an end on the tonic.

`compose` writes the notes, `play` turns notes into sound, `music` does both for a film of a given length.
"""

from dataclasses import dataclass

import numpy as np

from course_lib.audio.effects import band, fade, reverb
from course_lib.audio.instruments import INSTRUMENTS
from course_lib.audio.speech import RATE
from course_lib.errors import CourseError

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
# The five notes that clash with no chord of the key, as steps of its scale.
PENTATONIC = {MAJOR: (0, 1, 2, 4, 5), MINOR: (0, 2, 3, 4, 6)}


@dataclass(frozen=True)
class Style:
    """How a mood sounds.

    `key` is the tonic as a MIDI number near middle C (60), `tempo` in beats a minute, `loops` the chords of
    four bars as degrees of the scale (0 the tonic), `close` the two chords before the last. `parts` are
    (instrument, loudness, place from -1 left to 1 right) by role.
    """

    key: int
    scale: tuple
    tempo: float
    loops: tuple
    close: tuple
    parts: dict
    figure: tuple  # of an accompaniment bar: (beat, which note of the chord)
    rhythms: tuple  # of melody bars: (beat, length)
    room: float  # seconds of reverberation


STYLES = {
    "joyful": Style(
        62, MAJOR, 104, ((0, 4, 5, 3), (0, 3, 5, 4)), (3, 4),
        {"chords": ("pad", 0.16, 0.0), "figure": ("pluck", 0.42, -0.35), "bass": ("bass", 0.5, 0.0),
         "melody": ("celesta", 0.36, 0.3), "beat": ("shaker", 0.5, 0.15)},
        ((0, 0), (0.5, 2), (1, 1), (1.5, 2), (2, 3), (2.5, 2), (3, 1), (3.5, 2)),
        (((0, 1), (1, 0.5), (1.5, 0.5), (2, 2)), ((0, 0.5), (0.5, 0.5), (1, 1), (2, 1), (3, 1)), ((0, 1.5), (1.5, 0.5), (2, 1.5)), ((0, 3),)),
        1.2,
    ),
    "calm": Style(
        65, MAJOR, 66, ((0, 5, 3, 4), (0, 3, 1, 4)), (3, 4),
        {"chords": ("pad", 0.24, 0.0), "figure": ("piano", 0.42, -0.2), "bass": ("bass", 0.35, 0.0),
         "melody": ("flute", 0.26, 0.3)},
        ((0, 0), (1, 1), (2, 2), (3, 1)),
        (((0, 2), (2, 2)), ((1, 1), (2, 2)), ((0, 3),), ((2, 1.5),)),
        2.2,
    ),
    "grand": Style(
        60, MAJOR, 76, ((0, 4, 5, 3), (5, 3, 0, 4)), (3, 4),
        {"chords": ("strings", 0.24, -0.2), "figure": ("pluck", 0.24, 0.35), "bass": ("strings", 0.26, 0.15),
         "melody": ("horn", 0.40, -0.1), "beat": ("timpani", 0.42, 0.1)},
        ((0, 0), (0.5, 1), (1, 2), (1.5, 3), (2, 2), (2.5, 1), (3, 2), (3.5, 1)),
        (((0, 1.5), (1.5, 0.5), (2, 2)), ((0, 2), (2, 1), (3, 1)), ((0, 3),), ((0, 1), (1, 1), (2, 2))),
        2.4,
    ),
    "wistful": Style(
        57, MINOR, 60, ((0, 5, 2, 6), (0, 3, 5, 4)), (3, 4),
        {"chords": ("pad", 0.20, 0.0), "figure": ("piano", 0.46, -0.2), "bass": ("cello", 0.16, 0.1),
         "melody": ("cello", 0.30, 0.25)},
        ((0, 0), (0.5, 1), (1, 2), (2, 3), (3, 2)),
        (((0, 3), (3, 1)), ((0, 1.5), (1.5, 0.5), (2, 2)), ((0, 2), (2, 2)), ((1, 2.5),)),
        2.2,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Note:
    """A note: `start` and `length` in seconds, `pitch` as a MIDI number (69 is 440 Hz), `velocity` 0 to 1."""

    start: float
    length: float
    pitch: int
    velocity: float
    role: str


def chord(style: Style, degree: int) -> list[int]:
    """The triad on a degree of the scale: three pitch classes (0 is C), the root first.

    In minor the fifth degree gets its major third, the leading note that pulls home.
    """
    notes = [style.key + style.scale[(degree + step) % 7] for step in (0, 2, 4)]
    if style.scale is MINOR and degree == 4:
        notes[1] += 1
    return [note % 12 for note in notes]


def lead(previous: list[int] | None, classes: list[int], low: int = 53, high: int = 74) -> list[int]:
    """Three voices for a chord, each moving as little as it can from the chord before.

    Args:
        previous: the voices before (ascending MIDI numbers), or None at the beginning.
        classes: the chord's pitch classes.
        low, high: the range the voices stay in.
    """
    choices = [[p for p in range(low, high + 1) if p % 12 == c] for c in classes]
    best, least = None, np.inf
    for a in choices[0]:
        for b in choices[1]:
            for c in choices[2]:
                voices = sorted((a, b, c))
                if (
                    voices[1] - voices[0] < 3
                    or not 3 <= voices[2] - voices[1] <= 12
                    or voices[1] - voices[0] > 12
                ):
                    continue
                goal = previous or [58, 62, 67]
                cost = sum(abs(v - p) for v, p in zip(voices, goal)) + 0.05 * abs(sum(voices) / 3 - 63)
                if cost < least:
                    best, least = voices, cost
    return best


def compose(mood: str, seconds: float, seed: int = 0, tail: float = 3.0) -> list[Note]:
    """Write the music of a film.

    The tempo bends a little so that whole bars fill the time and the last chord, the tonic, begins
    `tail` seconds before the end.

    Args:
        mood: joyful, calm, grand or wistful.
        seconds: length of the film, at least 4.
        seed: of the melody and the choice of chords.

    Raises:
        CourseError: unknown mood, or too short.
    """
    if mood not in STYLES:
        raise CourseError(f"there is no music for the mood '{mood}': choose {', '.join(STYLES)}.")
    if seconds < 4:
        raise CourseError("music needs at least 4 seconds.")
    style = STYLES[mood]
    random = np.random.default_rng([seed, *mood.encode()])
    tail = min(tail, seconds / 3)
    bars = max(2, round((seconds - tail) / (240 / style.tempo)))
    bar = (seconds - tail) / bars
    degrees = _chords(style, bars, random)
    notes: list[Note] = []
    voices = None
    melody = _Melody(style, bars, random)
    for number, degree in enumerate([*degrees, 0]):
        last = number == bars
        start, beat = number * bar, bar / 4
        length = tail if last else bar
        classes = chord(style, degree)
        voices = lead(voices, classes)
        low = next(p for p in range(36, 48) if p % 12 == classes[0])
        # the film builds up, and its last chord is quiet
        grow = 0.55 if last else 0.8 + 0.2 * min(1.0, (number + 1) / max(1, bars - 1))
        for voice in voices:
            notes.append(Note(start, length, voice, 0.8 * grow, "chords"))
        notes.append(Note(start, length * 0.95, low, 0.9 * grow, "bass"))
        ladder = [low + 12, *voices]
        if last:
            for step, pitch in enumerate([*ladder, voices[0] + 12]):  # a slow broken chord to close
                notes.append(Note(start + step * beat / 4, tail, pitch, 0.45, "figure"))
            home = min((style.key, style.key + 12), key=lambda p: abs(p - melody.ladder[melody.at]))
            notes.append(Note(start, tail * 0.8, home, 0.5, "melody"))
        else:
            if number > 0 or mood in ("calm", "wistful"):  # elsewhere the first bar belongs to the chord
                for place, step in style.figure:
                    swing = random.normal(0, 0.006)
                    force = grow * (0.85 if place == 0 else 0.6) * random.uniform(0.9, 1.05)
                    notes.append(
                        Note(max(0, start + place * beat + swing), beat * 1.5, ladder[step], force, "figure")
                    )
            notes += melody.bar(number, start, beat, classes)
        notes += _beat(mood, style, start, beat, low, number, last, bars)
    return sorted(notes, key=lambda note: (note.start, note.role, note.pitch))


def _chords(style: Style, bars: int, random) -> list[int]:
    loop = style.loops[int(random.integers(len(style.loops)))]
    degrees = [loop[n % 4] for n in range(bars)]
    degrees[0] = loop[0] if bars > 3 else 0
    close = style.close[-min(len(style.close), max(1, bars - 1)) :]
    degrees[bars - len(close) :] = close
    return degrees


class _Melody:
    """A tune in phrases of two bars, the first of which comes back: A A' B A."""

    def __init__(self, style: Style, bars: int, random):
        self.style, self.bars, self.random = style, bars, random
        self.at = 5  # place in the ladder of allowed notes
        steps = PENTATONIC[style.scale]
        self.ladder = [style.key + 12 * octave + style.scale[s] for octave in (0, 1) for s in steps]
        if style.parts["melody"][0] == "cello":
            self.ladder = [p for p in self.ladder if p < 74]
        phrase = [
            (style.rhythms[int(random.integers(3))], style.rhythms[int(random.integers(4))]) for _ in range(2)
        ]
        moves = [[int(random.choice([-2, -1, -1, 1, 1, 2])) for _ in range(10)] for _ in range(2)]
        self.form = form = [0, 0, 1, 0]
        self.begin = (5, 7)  # the second phrase begins higher
        self.plan = [
            (phrase[form[n // 2 % 4]][n % 2], moves[form[n // 2 % 4]][5 * (n % 2) :]) for n in range(bars)
        ]

    def bar(self, number: int, start: float, beat: float, classes: list[int]) -> list[Note]:
        if number == 0 and self.bars > 3:  # let the chord be heard first
            return []
        rhythm, moves = self.plan[number]
        notes = []
        top = len(self.ladder) - 1
        if number % 2 == 0:
            self.at = min(top, self.begin[self.form[number // 2 % 4]])
        for index, (place, length) in enumerate(rhythm):
            step = moves[index % len(moves)]
            if not 3 <= self.at + step <= top:  # turn round rather than leave the middle
                step = -step
            self.at = int(np.clip(self.at + step, 0, top))
            clash = any((self.ladder[self.at] - c) % 12 in (1, 11) for c in classes)
            if place in (0, 2) or clash:  # on strong beats a note of the chord, the nearest one
                fits = [n for n, pitch in enumerate(self.ladder) if pitch % 12 in classes and n > 1]
                self.at = min(fits, key=lambda n: (abs(n - self.at), n)) if fits else self.at
            force = 0.8 if place == 0 else 0.65
            late = abs(self.random.normal(0, 0.008))
            notes.append(
                Note(start + place * beat + late, length * beat * 0.95, self.ladder[self.at], force, "melody")
            )
        return notes


def _beat(mood, style, start, beat, low, number, last, bars) -> list[Note]:
    if mood == "joyful" and not last and number > 0:
        return [Note(start + n * beat / 2, 0.1, 60, 0.9 if n % 2 else 0.5, "beat") for n in range(8)]
    if mood == "grand":
        if last or number % 2 == 0:
            return [Note(start, 1.0, low + 12, 0.5 if last else 0.9 if number == 0 else 0.55, "beat")]
        if number == bars - 1:  # a roll into the last chord
            return [Note(start + n * beat / 4, 0.4, low + 12, 0.10 + 0.025 * n, "beat") for n in range(8, 16)]
    return []


def play(notes: list[Note], style: Style, seconds: float, seed: int = 0) -> np.ndarray:
    """Turn notes into sound: (seconds * RATE, 2) float, dry instruments in a common room."""
    count = round(seconds * RATE)
    mix = np.zeros((count, 2))
    kept: dict[tuple, np.ndarray] = {}
    for note in notes:
        name, gain, side = style.parts[note.role]
        key = (name, note.pitch, round(note.length, 2), round(note.velocity, 1))
        if key not in kept:
            random = np.random.default_rng([seed, note.pitch, *name.encode()])
            frequency = 440 * 2 ** ((note.pitch - 69) / 12)
            kept[key] = INSTRUMENTS[name](frequency, key[2], max(0.1, key[3]), random)
        begin = round(note.start * RATE)
        sound = kept[key][: max(0, count - begin)]
        angle = (side + 1) * np.pi / 4
        mix[begin : begin + len(sound), 0] += gain * np.cos(angle) * sound
        mix[begin : begin + len(sound), 1] += gain * np.sin(angle) * sound
    mix = reverb(band(mix, low=40), seconds=style.room, wet=0.30, brightness=4_500, seed=3)
    return mix


def music(mood: str, seconds: float, seed: int = 0, tail: float = 3.0) -> np.ndarray:
    """Music for a film: (seconds * RATE, 2) float, peak 0.5, fading over its last chord.

    Args:
        mood: joyful, calm, grand or wistful.
        seconds: at least 4.
        seed: another seed, another tune.
        tail: the last chord begins this many seconds before the end.
    """
    sound = play(compose(mood, seconds, seed, tail), STYLES[mood], seconds, seed)
    sound = fade(sound, 0.02, min(tail, seconds / 3) * 0.8)
    return sound * (0.5 / max(np.abs(sound).max(), 1e-9))
