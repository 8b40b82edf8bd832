"""The music is in its key, leads its voices, ends at home, fills the film and never clips."""

import numpy as np
import pytest

from course_lib.audio.music import MINOR, STYLES, chord, compose, lead, music, play
from course_lib.audio.speech import RATE
from course_lib.errors import CourseError


@pytest.mark.parametrize("mood", STYLES)
@pytest.mark.parametrize(("seconds", "seed"), [(4, 0), (10.2, 1), (19, 2), (90, 3)])
def test_notes(mood, seconds, seed):
    style = STYLES[mood]
    notes = compose(mood, seconds, seed)
    allowed = {(style.key + step) % 12 for step in style.scale}
    if style.scale is MINOR:
        allowed.add((style.key + 11) % 12)  # the leading note
    tuned = [note for note in notes if note.role != "beat"]
    assert {note.pitch % 12 for note in tuned} <= allowed
    assert all(36 <= note.pitch <= 90 and 0 < note.velocity <= 1 for note in notes)
    assert all(0 <= note.start < seconds for note in notes)
    # it begins at once and its last chord is the tonic
    assert min(note.start for note in notes) < 0.01
    last = max(note.start for note in notes if note.role == "chords")
    close = {note.pitch % 12 for note in notes if note.role == "chords" and note.start == last}
    assert close == set(chord(style, 0))
    assert next(n.pitch % 12 for n in notes if n.role == "bass" and n.start == last) == style.key % 12
    assert seconds - last == pytest.approx(min(3.0, seconds / 3))
    # the chord before leads home: the fifth degree, or in two bars at least another chord
    before = sorted({note.start for note in notes if note.role == "chords"})[-2]
    assert {n.pitch % 12 for n in notes if n.role == "chords" and n.start == before} == set(chord(style, 4))


def test_voices_move_little():
    style = STYLES["grand"]
    voices = lead(None, chord(style, 0))
    for degree in (5, 3, 4, 0, 1, 4, 0):
        following = lead(voices, chord(style, degree))
        assert {v % 12 for v in following} == set(chord(style, degree))
        assert following == sorted(following)
        assert max(abs(a - b) for a, b in zip(voices, following)) <= 5
        voices = following


def test_melody_does_not_clash_with_the_chord():
    for mood, style in STYLES.items():
        notes = compose(mood, 40, 5)
        for note in (n for n in notes if n.role == "melody"):
            under = [
                n for n in notes if n.role == "chords" and n.start <= note.start + 0.05 < n.start + n.length
            ]
            distances = {(note.pitch - n.pitch) % 12 for n in under}
            assert not distances & {1, 11}, (mood, style.key, note)


@pytest.mark.parametrize("mood", STYLES)
def test_sound(mood):
    sound = music(mood, 8.0, seed=1)
    assert sound.shape == (8 * RATE, 2)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() == pytest.approx(0.5)
    assert np.abs(sound[-200:]).max() < 1e-3  # faded out
    power = np.sqrt((sound.reshape(16, -1) ** 2).mean(axis=1))
    assert power[1:14].min() > 0.005  # no hole
    # soft: little above 5 kHz
    spectrum = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    assert spectrum[frequencies > 5_000].sum() < 0.03 * spectrum.sum()
    assert abs(sound.mean()) < 1e-3


def test_seeds():
    assert np.array_equal(music("calm", 6, 1), music("calm", 6, 1))
    assert compose("calm", 30, 1) != compose("calm", 30, 2)


def test_instruments_play_in_tune():
    """The strongest partial of each tuned instrument is a whole multiple of its note, within 10 cents."""
    from course_lib.audio.instruments import INSTRUMENTS

    for name, instrument in INSTRUMENTS.items():
        if name in ("shaker", "timpani"):
            continue
        sound = instrument(220.0, 1.0, 0.7, np.random.default_rng(0))
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 2**19))
        peak = np.fft.rfftfreq(2**19, 1 / RATE)[spectrum.argmax()]
        cents = 1200 * np.log2(peak / 220 / round(peak / 220))
        assert abs(cents) < 10, (name, peak)


def test_refusals():
    with pytest.raises(CourseError, match="no music for the mood 'angry'"):
        compose("angry", 10)
    with pytest.raises(CourseError, match="at least 4 seconds"):
        compose("calm", 2)


def test_playing_twice_the_notes_is_louder():
    style, notes = STYLES["calm"], compose("calm", 5, 0)
    assert np.abs(play(notes * 2, style, 5)).max() > 1.9 * np.abs(play(notes, style, 5)).max()
