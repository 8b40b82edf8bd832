"""Loudness against an independent implementation and closed forms; peaks between samples; mastering."""

import numpy as np
import pyloudnorm
import pytest

from course_lib.audio.loudness import inter_sample_level, limiter, loudness, master, true_peak
from course_lib.audio.speech import RATE
from course_lib.errors import CourseError


def tone(frequency, seconds=3.0, level=1.0):
    return level * np.sin(2 * np.pi * frequency * np.arange(int(seconds * RATE)) / RATE)


def test_the_calibration_tone():
    """BS.1770: a 997 Hz sine at full scale in one channel reads -3.01 LUFS."""
    assert loudness(tone(997)) == pytest.approx(-3.01, abs=0.02)
    assert loudness(tone(997, level=0.1)) == pytest.approx(-23.01, abs=0.02)
    assert loudness(np.stack([tone(997)] * 2, axis=1)) == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_pyloudnorm(seed):
    random = np.random.default_rng(seed)
    sound = random.standard_normal((RATE * 6, 2)) * np.linspace(0.001, 0.3, RATE * 6)[:, None]
    sound[RATE : 2 * RATE] = 0  # the gates must leave silence out
    assert loudness(sound) == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(sound), abs=0.1)


def test_silence_and_too_short():
    assert loudness(np.zeros((RATE, 2))) == -np.inf
    with pytest.raises(CourseError, match=r"0\.4 s"):
        loudness(np.zeros(100))
    with pytest.raises(CourseError, match="silent"):
        master(np.zeros((RATE, 2)))


def test_a_peak_between_samples_is_seen():
    """A sine at a quarter of the rate, sampled 45 degrees off its crest, is 3 dB higher than any sample."""
    count = np.arange(RATE)
    wave = np.sin(np.pi / 2 * count + np.pi / 4)
    assert 20 * np.log10(np.abs(wave).max()) == pytest.approx(-3.01, abs=0.01)
    middle = wave[1000:-1000] * np.hanning(len(wave) - 2000)
    assert true_peak(middle) == pytest.approx(0.0, abs=0.05)


def test_blocks_join_without_a_seam():
    sound = np.random.default_rng(4).standard_normal((5_000, 2))
    whole, parts = inter_sample_level(sound), inter_sample_level(sound, block=700)
    assert whole.shape == (5_000,)
    assert np.allclose(whole, parts)
    assert np.all(whole >= np.abs(sound).max(axis=1) - 0.02)


def test_the_limiter_holds_its_ceiling_and_lets_quiet_sound_alone():
    random = np.random.default_rng(1)
    sound = 0.05 * random.standard_normal((RATE * 2, 2))
    sound[RATE : RATE + 40] = 3.0
    gain = limiter(inter_sample_level(sound), -1.0)
    assert true_peak(sound * gain[:, None]) <= -0.9
    assert np.all(gain[: RATE - 2_000] == 1)
    assert gain.min() > 0.2
    assert np.abs(np.diff(gain)).max() < 0.02  # no step that would click


@pytest.mark.parametrize("crest", [2.0, 12.0])
def test_mastering_reaches_both_goals(crest):
    random = np.random.default_rng(2)
    sound = 0.05 * random.standard_normal((RATE * 5, 2))
    sound[:: RATE // 2] = 0.05 * crest  # clicks
    done = master(sound)
    assert loudness(done) == pytest.approx(-16, abs=0.1)
    assert true_peak(done) < -1.4
