"""A room, echoes, a compressor, gates and ducking."""

import numpy as np
import pytest
from scipy import signal

from course_lib.audio import RATE, effects
from course_lib.audio.loudness import block_powers, gated_loudness, loudness


def test_convolution_equals_scipy():
    random = np.random.default_rng(0)
    for n, m in ((1, 1), (5, 3), (300, 1_000), (1_025, 77)):
        sound, room = random.normal(size=n), random.normal(size=m)
        assert np.allclose(effects.convolve(sound, room), signal.fftconvolve(sound, room), atol=1e-10)


def test_a_rooms_answer_dies_by_sixty_decibels():
    room = effects.impulse_response(1.0)[:, 0]
    early, late = (room[int(a * RATE) : int(b * RATE)].std() for a, b in ((0.05, 0.15), (0.85, 0.95)))
    assert 20 * np.log10(early / late) == pytest.approx(48, abs=3)
    assert effects.reverb(np.eye(1, 2_000)[0], 0.5).shape == (2_000, 2)


def test_a_bell_does_what_its_curve_says():
    assert effects.bell_response(1_000, 1_000, 6.0) == pytest.approx(6.0, abs=0.01)
    assert effects.bell_response(30, 3_000, -9.0, 2.0) == pytest.approx(0.0, abs=0.05)
    tone = np.sin(2 * np.pi * 1_000 * np.arange(RATE) / RATE)
    louder = effects.equaliser(tone, [(1_000, 6.0, 1.0), (1_000, 3.0, 1.0)])
    assert 20 * np.log10(louder[RATE // 2 :].std() / tone.std()) == pytest.approx(9, abs=0.05)


def test_a_delay_repeats_and_dies_away():
    click = np.zeros(RATE)
    click[0] = 1
    echoes = effects.delay(click, 0.1, feedback=0.5, wet=0.5)
    at = [round(0.1 * k * RATE) for k in (0, 1, 2, 3)]
    assert np.allclose(echoes[at], [0.5, 0.5, 0.25, 0.125])
    assert np.count_nonzero(np.abs(echoes[: at[3] + 1]) > 1e-12) == 4


def test_a_compressor_takes_the_ratio_of_what_is_above_the_threshold():
    t = np.arange(2 * RATE) / RATE
    loud, soft = 0.5 * np.sin(2 * np.pi * 300 * t), 0.01 * np.sin(2 * np.pi * 300 * t)
    level = 20 * np.log10(0.5 / np.sqrt(2))
    squeezed = effects.compressor(loud, threshold=-20, ratio=4)[RATE:]
    assert 20 * np.log10(squeezed.std()) == pytest.approx(-20 + (level + 20) / 4, abs=0.2)
    assert np.allclose(effects.compressor(soft, threshold=-20), soft)
    two = effects.compressor(np.stack([loud, loud], 1), threshold=-20, ratio=4)
    assert np.allclose(two[RATE:, 0], squeezed)


def test_pauses_and_whispers_do_not_count():
    random = np.random.default_rng(1)
    speech = random.normal(0, 0.1, (4 * RATE, 2))
    alone = loudness(speech)
    assert loudness(np.concatenate([speech, np.zeros_like(speech)])) == pytest.approx(alone, abs=0.3)
    assert loudness(np.concatenate([speech, 0.02 * speech])) == pytest.approx(alone, abs=0.3)
    starts, powers = block_powers(speech)
    assert len(starts) == len(powers)
    assert gated_loudness(powers) == pytest.approx(alone)
    assert gated_loudness(np.zeros(3)) == -np.inf


def test_ducking_goes_down_fast_and_comes_back_slowly():
    speaking = np.repeat([0.0, 1.0, 0.0], 50)
    gain = effects.duck_gain(speaking, 5, 30)
    assert gain[49] == 1
    assert gain[54] == pytest.approx(np.exp(-1), abs=1e-9)  # after one attack 37 % are left
    assert gain[129] == pytest.approx(1 - (1 - gain[99]) * np.exp(-1), abs=1e-9)
    assert gain.min() >= 0
    assert gain.max() <= 1
