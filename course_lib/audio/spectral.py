"""Sound as a picture and back: short-time Fourier transform, mel bands, and phases found again.

Everything here is numpy. Conventions are those of the field (and of `torch.stft`): a frame is centred on its
sample, `hop` samples apart, the ends of the sound mirrored; spectra are (frames, bins), time first.
"""

import numpy as np

#: Samples a second of the voice, and the frames it is cut into: 46 ms long, 11.6 ms apart.
VOICE_RATE, SIZE, HOP = 22_050, 1024, 256
#: Mel bands of the voice, and the frequencies in Hz where they begin and end.
BANDS, LOW, HIGH = 80, 50.0, 8_000.0
#: Magnitudes below this are rounding noise of 16-bit samples: they all count as silence.
FLOOR = 1e-3


def hann(size: int) -> np.ndarray:
    """The periodic Hann window: (size,), 0 at the first sample, 1 in the middle."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def stft(samples, window, hop):
    """Short-time Fourier transform: which frequencies sound when.

    Args:
        samples: (n,) real, longer than half a window.
        window: (size,), size even.
        hop: samples from one frame to the next.

    Returns:
        complex (1 + n // hop, 1 + size // 2): row t is the spectrum around sample t * hop. The sound is
        continued by half a window on both sides, mirrored (the end sample itself is not doubled).
    """
    size = len(window)
    padded = np.pad(samples, size // 2, mode="reflect")
    starts = np.arange(0, len(padded) - size + 1, hop)
    frames = padded[starts[:, None] + np.arange(size)]
    return np.fft.rfft(frames * window)


def istft(spectrum, window, hop):
    """The sound whose short-time Fourier transform comes nearest to a given one (least squares).

    Every frame goes back to time, is weighted with the window once more and added where it came from; then
    each sample is divided by the sum of squared windows that it received.

    Args:
        spectrum: complex (frames, 1 + size // 2).
        window: (size,), size even.
        hop: samples from one frame to the next, at most size / 2.

    Returns:
        ((frames - 1) * hop,) real.

    Source: Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984, equation 6.
    """
    size = len(window)
    frames = np.fft.irfft(spectrum) * window
    total = np.zeros((len(frames) - 1) * hop + size)
    weight = np.zeros(len(total))
    for t, frame in enumerate(frames):
        total[t * hop : t * hop + size] += frame
        weight[t * hop : t * hop + size] += window**2
    kept = slice(size // 2, len(total) - size // 2)
    return total[kept] / weight[kept]


def hertz_to_mel(hertz):
    """Steps of equal pitch to the ear, roughly: straight below 1 kHz, then logarithmic (O'Shaughnessy, 1987)."""
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)


def mel_to_hertz(mel):
    """The inverse of `hertz_to_mel`."""
    return 700 * (10 ** (np.asarray(mel) / 2595) - 1)


def mel_filter_bank(bands, size, rate, low, high):
    """Triangles that gather the bins of a spectrum into bands as wide as the ear's.

    The corners are `bands` + 2 frequencies at equal distances in mel, from `low` to `high`. Band b rises from
    corner b to corner b + 1, where it is 1, and falls to corner b + 2, straight in Hz.

    Args:
        bands: how many.
        size: of the Fourier transform.
        rate: samples a second.
        low, high: in Hz, high at most rate / 2.

    Returns:
        (bands, 1 + size // 2), from 0 to 1.
    """
    mel_low, mel_high = 2595 * np.log10(1 + low / 700), 2595 * np.log10(1 + high / 700)
    corners = 700 * (10 ** (np.linspace(mel_low, mel_high, bands + 2) / 2595) - 1)
    bins = np.arange(1 + size // 2) * rate / size
    left, middle, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising = (bins - left) / (middle - left)
    falling = (right - bins) / (right - middle)
    return np.maximum(0, np.minimum(rising, falling))


def griffin_lim(magnitude, angles, to_sound, to_spectrum, iterations):
    """A sound from magnitudes alone: guess phases, go to sound and back, keep the phases, put the magnitudes back.

    Args:
        magnitude: (frames, bins), not negative.
        angles: (frames, bins), the first guess of the phases in radians.
        to_sound: makes the nearest sound (n,) of a complex spectrum (frames, bins), see `istft`.
        to_spectrum: makes the complex spectrum (frames, bins) of a sound, see `stft`.
        iterations: how often; 0 uses the first guess as it is.

    Returns:
        (n,) real. The distance of its magnitudes from the given ones never grows.

    Source: Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984.
    """
    spectrum = magnitude * np.exp(1j * angles)
    for _ in range(iterations):
        again = to_spectrum(to_sound(spectrum))
        spectrum = magnitude * np.exp(1j * np.angle(again))
    return to_sound(spectrum)


def fast_griffin_lim(magnitude, window, hop, iterations=40, momentum=0.99, seed=0):
    """Griffin-Lim with momentum: the same idea, a third of the iterations.

    Args:
        magnitude: (frames, bins).
        momentum: 0 is plain Griffin-Lim; each step goes on in the direction of the last one.
        seed: of the first guess of the phases.

    Source: Perraudin, Balazs and Søndergaard, "A Fast Griffin-Lim Algorithm", 2013.
    """
    random = np.random.default_rng(seed)
    spectrum = magnitude * np.exp(2j * np.pi * random.random(magnitude.shape))
    last = np.zeros_like(spectrum)
    for _ in range(iterations):
        again = stft(istft(spectrum, window, hop), window, hop)
        pushed = again + momentum * (again - last)
        spectrum = magnitude * pushed / np.maximum(np.abs(pushed), 1e-12)
        last = again
    return istft(spectrum, window, hop)


def inconsistency(samples, magnitude, window, hop) -> float:
    """How far a sound's magnitudes are from the wanted ones, as a share of their size (0 is perfect)."""
    found = np.abs(stft(samples, window, hop))
    return float(np.linalg.norm(found - magnitude) / np.linalg.norm(magnitude))


def voice_bank() -> np.ndarray:
    """The mel filter bank of the course's voice: (80, 513)."""
    return mel_filter_bank(BANDS, SIZE, VOICE_RATE, LOW, HIGH)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """The picture of a voice that the acoustic model learns to draw.

    Args:
        samples: (n,) in [-1, 1] at `VOICE_RATE`.

    Returns:
        float32 (1 + n // HOP, BANDS): natural logarithm of the mel magnitudes, not below ln(FLOOR).
    """
    magnitude = np.abs(stft(np.asarray(samples, float), hann(SIZE), HOP))
    return np.log(np.maximum(magnitude @ voice_bank().T, FLOOR)).astype(np.float32)


def magnitude_of(mel: np.ndarray, iterations: int = 12) -> np.ndarray:
    """Magnitudes (frames, bins), not negative, whose mel bands come near to a log-mel picture (frames, BANDS).

    80 numbers do not fix 513. Start from the least-squares solution and improve it by the multiplications of
    Lee and Seung ("Algorithms for Non-negative Matrix Factorization", 2001), which keep it positive.
    """
    bank, wanted = voice_bank(), np.exp(np.asarray(mel, float))
    found = np.maximum(wanted @ np.linalg.pinv(bank).T, 1e-4)
    for _ in range(iterations):
        found *= (wanted @ bank) / np.maximum(found @ bank.T @ bank, 1e-10)
    return found


def vocode(mel: np.ndarray, iterations: int = 40, seed: int = 0, contrast: float = 1.0) -> np.ndarray:
    """Sound from a log-mel picture: (frames, BANDS) to ((frames - 1) * HOP,) at `VOICE_RATE`.

    Args:
        mel: natural logarithms.
        iterations: of fast Griffin-Lim.
        seed: of the first phases.
        contrast: magnitudes are raised to this power, at the same power of the whole. A picture that a network drew
            is smoother than a voice; Wang and others ("Tacotron", 2017) used 1.2.
    """
    magnitude = magnitude_of(mel)
    raised = magnitude**contrast
    raised *= np.sqrt((magnitude**2).sum() / max((raised**2).sum(), 1e-12))
    return fast_griffin_lim(raised, hann(SIZE), HOP, iterations, seed=seed)
