"""Spectra by hand against the libraries'; mel bands; phases found again."""

import itertools

import numpy as np
import pytest
from scipy import signal

from course_lib.audio import spectral

torch = pytest.importorskip("torch")


@pytest.fixture(scope="module")
def sound():
    return np.random.default_rng(0).normal(0, 0.2, 64 * 60)


@pytest.mark.parametrize(("size", "hop"), [(256, 64), (256, 128), (128, 32)])
def test_transforms_equal_torch(sound, size, hop):
    window = spectral.hann(size)
    ours = spectral.stft(sound, window, hop)
    hann = torch.tensor(window)
    theirs = torch.stft(torch.tensor(sound), size, hop, window=hann, return_complex=True)
    assert np.allclose(ours, theirs.numpy().T, atol=1e-10)
    changed = ours * np.random.default_rng(1).uniform(0, 1, ours.shape)  # no sound's spectrum
    back = torch.istft(torch.tensor(changed.T), size, hop, window=hann).numpy()
    assert np.allclose(spectral.istft(changed, window, hop), back, atol=1e-10)


def test_stft_equals_scipy(sound):
    window = spectral.hann(256)
    theirs = signal.stft(sound, window=window, nperseg=256, noverlap=192, boundary="even", padded=False)[2]
    assert np.allclose(spectral.stft(sound, window, 64), theirs.T * window.sum(), atol=1e-10)


def test_there_and_back_is_the_same_sound(sound):
    window = spectral.hann(256)
    back = spectral.istft(spectral.stft(sound, window, 64), window, 64)
    assert np.allclose(back, sound[: len(back)], atol=1e-12)


def test_mel_bands_share_every_frequency_between_them():
    bank = spectral.mel_filter_bank(20, 2048, 22_050, 100, 8_000)
    bins = np.arange(1025) * 22_050 / 2048
    corners = spectral.mel_to_hertz(np.linspace(*spectral.hertz_to_mel([100, 8_000]), 22))
    inside = (bins > corners[1]) & (bins < corners[-2])
    assert np.allclose(bank.sum(0)[inside], 1)
    assert bank.min() == 0
    assert (bank[:, (bins < 100) | (bins > 8_000)] == 0).all()
    assert np.allclose(spectral.mel_to_hertz(spectral.hertz_to_mel(440.0)), 440)


def test_griffin_lim_never_gets_worse_and_momentum_gets_there_sooner(sound):
    window = spectral.hann(256)
    magnitude = np.abs(spectral.stft(sound, window, 64))
    angles = np.random.default_rng(2).uniform(-3, 3, magnitude.shape)

    def to_sound(spectrum):
        return spectral.istft(spectrum, window, 64)

    def to_spectrum(sound):
        return spectral.stft(sound, window, 64)

    def error(rounds):
        found = spectral.griffin_lim(magnitude, angles, to_sound, to_spectrum, rounds)
        return spectral.inconsistency(found, magnitude, window, 64)

    errors = [error(rounds) for rounds in range(6)]
    assert all(after <= before + 1e-12 for before, after in itertools.pairwise(errors))
    fast = spectral.fast_griffin_lim(magnitude, window, 64, 30)
    assert spectral.inconsistency(fast, magnitude, window, 64) < 0.8 * error(30)


def test_a_voice_comes_back_from_its_mel_picture():
    t = np.arange(22_050) / 22_050
    voice = sum(np.sin(2 * np.pi * 200 * n * t) / n for n in range(1, 15)) * 0.1 * (1 + np.sin(6 * t))
    mel = spectral.log_mel(voice)
    assert mel.shape == (1 + len(voice) // spectral.HOP, spectral.BANDS)
    again = spectral.log_mel(spectral.vocode(mel))
    assert np.abs(again - mel)[2:-2].mean() < 0.35
    assert np.allclose(spectral.log_mel(np.zeros(4_000)), np.log(spectral.FLOOR))


def test_sixteen_bits_of_rounding_lie_below_the_floor_of_the_low_bands():
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 22_050) / 32_768
    magnitude = np.abs(spectral.stft(noise, spectral.hann(spectral.SIZE), spectral.HOP))
    middle = np.median(magnitude @ spectral.voice_bank().T, axis=0)
    assert spectral.FLOOR / 10 < middle[0] < middle.mean() < 2 * spectral.FLOOR
