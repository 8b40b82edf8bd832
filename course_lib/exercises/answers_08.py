"""Cases of lesson 08, and answers to its exercises as learners write them."""

import numpy as np
import torch


def _window(size):
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def sounds(rng):
    """A short ramp whose frames can be followed by eye, then noise with several windows and hops."""
    return [
        {"samples": np.arange(1.0, 9.0), "window": np.ones(4), "hop": 2},
        {"samples": rng.normal(0, 1, 38), "window": _window(8), "hop": 3},
        {"samples": rng.normal(0, 1, 64), "window": _window(16), "hop": 4},
        {"samples": rng.normal(0, 1, 50), "window": rng.uniform(0.2, 1, 10), "hop": 5},
    ]


def _spectra(rng, frames, size):
    bins = 1 + size // 2
    spectrum = rng.normal(0, 1, (frames, bins)) + 1j * rng.normal(0, 1, (frames, bins))
    spectrum[:, [0, -1]] = spectrum[:, [0, -1]].real  # the lowest and the highest bin have no phase
    return spectrum


def spectra(rng):
    """Spectra that are no sound's, with windows and hops that overlap two, three and four times."""
    return [
        {"spectrum": np.ones((3, 3), complex), "window": np.ones(4), "hop": 2},
        {"spectrum": _spectra(rng, 6, 8), "window": _window(8), "hop": 2},
        {"spectrum": _spectra(rng, 5, 12), "window": rng.uniform(0.3, 1, 12), "hop": 4},
        {"spectrum": _spectra(rng, 4, 10), "window": _window(10), "hop": 5},
    ]


def banks(rng):
    """Few wide bands, then the usual kind; `low` is not always 0, `high` not always half the rate."""
    return [
        {"bands": 2, "size": 8, "rate": 8000, "low": 0.0, "high": 4000.0},
        {"bands": 5, "size": 64, "rate": 16000, "low": 100.0, "high": 6000.0},
        {
            "bands": int(rng.integers(6, 12)),
            "size": 128,
            "rate": 22050,
            "low": float(rng.uniform(20, 80)),
            "high": float(rng.uniform(7000, 11025)),
        },
    ]


def magnitudes(rng):
    """Magnitudes and first guesses; also no iteration at all."""
    cases = []
    for frames, size, hop, iterations in ((6, 8, 2, 0), (6, 8, 2, 1), (7, 16, 4, 3), (5, 12, 4, 8)):
        bins = 1 + size // 2
        cases.append(
            {
                "magnitude": rng.uniform(0.1, 1, (frames, bins)),
                "angles": rng.uniform(-3, 3, (frames, bins)),
                "window": _window(size),
                "hop": hop,
                "iterations": iterations,
            }
        )
    return cases


def stretched(rng):
    """One sound of three frames, then several, some of them without a frame."""
    return [
        {"states": np.array([[5.0, 7.0]]), "durations": np.array([3])},
        {"states": rng.normal(0, 1, (4, 3)), "durations": np.array([2, 0, 1, 4])},
        {"states": rng.normal(0, 1, (5, 2)), "durations": rng.integers(0, 6, 5) + np.array([1, 0, 0, 0, 0])},
    ]


def pictures(rng):
    """Two pictures of different length: what lies in the padding differs on purpose."""
    first = {
        "predicted": np.array([[[1.0], [2.0], [50.0]], [[0.0], [1.0], [1.0]]]),
        "wanted": np.array([[[0.0], [0.0], [0.0]], [[0.0], [1.0], [3.0]]]),
        "lengths": np.array([2, 3]),
    }
    batch, frames, bands = 4, 7, 3
    other = {
        "predicted": rng.normal(0, 1, (batch, frames, bands)),
        "wanted": rng.normal(0, 1, (batch, frames, bands)),
        "lengths": np.array([7, 1, 4, 2]),
    }
    one = {
        "predicted": rng.normal(0, 1, (1, 4, 2)),
        "wanted": rng.normal(0, 1, (1, 4, 2)),
        "lengths": np.array([3]),
    }
    return [first, one, other]


def rooms(rng):
    """A click, an echo, and noise; the sound may be shorter than the room's answer."""
    return [
        {"samples": np.array([1.0, 2.0, 3.0]), "response": np.array([1.0, 0.0, 0.5])},
        {"samples": np.array([2.0]), "response": np.array([1.0, -1.0])},
        {"samples": rng.normal(0, 1, 20), "response": rng.normal(0, 1, 9)},
        {"samples": rng.normal(0, 1, 7), "response": rng.normal(0, 1, 30)},
    ]


def blocks(rng):
    """Speech with pauses, a soft part between the two gates, silence alone, nothing at all."""
    loud = rng.uniform(0.005, 0.05, 12)
    return [
        {"power": np.array([0.01, 0.01, 0.0])},
        {"power": np.array([0.02, 0.01, 0.0008, 1e-9])},
        {"power": np.concatenate([loud, loud / 300, np.full(9, 1e-8), np.zeros(4)])},
        {"power": np.concatenate([rng.uniform(0.01, 0.05, 5), np.full(20, 0.004), np.full(40, 2e-7)])},
        {"power": np.array([0.02, 0.001])},
        {"power": np.full(3, 1.05e-7)},
        {"power": np.full(3, 1.3e-7)},
        {"power": np.full(5, 1e-8)},
        {"power": np.zeros(0)},
    ]


def talk(rng):
    """Silence, a word, silence; then words of all lengths, one that is there from the start, and no moment at all."""
    return [
        {"speaking": np.array([0.0, 1, 1, 1, 0, 0, 0]), "attack": 1.0, "release": 3.0},
        {"speaking": np.array([1.0, 1, 0, 0, 0, 0, 1, 0]), "attack": 2.0, "release": 5.0},
        {"speaking": (rng.random(30) < 0.4).astype(float), "attack": 1.5, "release": 8.0},
        {"speaking": np.zeros(0), "attack": 1.0, "release": 2.0},
    ]


# Right answers in another style.


def stft_with_a_loop(samples, window, hop):
    half = len(window) // 2
    mirrored = np.concatenate([samples[1 : half + 1][::-1], samples, samples[-half - 1 : -1][::-1]])
    rows = []
    for start in range(0, len(mirrored) - len(window) + 1, hop):
        rows.append(np.fft.rfft(mirrored[start : start + len(window)] * window))
    return np.array(rows)


def stft_with_windows(samples, window, hop):
    padded = np.pad(samples, len(window) // 2, "reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, len(window))[::hop]
    return np.fft.fft(frames * window)[:, : 1 + len(window) // 2]


def istft_with_indices(spectrum, window, hop):
    size, count = len(window), len(spectrum)
    frames = np.fft.irfft(spectrum, n=size) * window
    index = hop * np.arange(count)[:, None] + np.arange(size)
    total, weight = np.zeros((count - 1) * hop + size), np.zeros((count - 1) * hop + size)
    np.add.at(total, index, frames)
    np.add.at(weight, index, np.broadcast_to(window**2, index.shape))
    end = len(total) - size // 2
    return total[size // 2 : end] / weight[size // 2 : end]


def istft_backwards(spectrum, window, hop):
    size, half = len(window), len(window) // 2
    length = (len(spectrum) - 1) * hop + size
    total, weight = np.zeros(length), np.full(length, 1e-12)
    for t in reversed(range(len(spectrum))):
        total[t * hop : t * hop + size] += window * np.fft.irfft(spectrum[t], size)
        weight[t * hop : t * hop + size] += window * window
    return (total / weight)[half : length - half]


def bank_with_loops(bands, size, rate, low, high):
    def mel(hertz):
        return 2595 * np.log10(1 + hertz / 700)

    steps = np.linspace(mel(low), mel(high), bands + 2)
    corners = 700 * (10 ** (steps / 2595) - 1)
    bank = np.zeros((bands, size // 2 + 1))
    for b in range(bands):
        left, middle, right = corners[b : b + 3]
        for k in range(size // 2 + 1):
            f = k * rate / size
            if left < f <= middle:
                bank[b, k] = (f - left) / (middle - left)
            elif middle < f < right:
                bank[b, k] = (right - f) / (right - middle)
    return bank


def bank_with_interpolation(bands, size, rate, low, high):
    def mel(hertz):
        return 2595 * np.log10(1 + hertz / 700)

    corners = 700 * (10 ** (np.linspace(mel(low), mel(high), bands + 2) / 2595) - 1)
    bins = np.linspace(0, rate / 2, size // 2 + 1)
    return np.stack([np.interp(bins, corners[b : b + 3], [0, 1, 0], left=0, right=0) for b in range(bands)])


def griffin_lim_by_ratio(magnitude, angles, to_sound, to_spectrum, iterations):
    spectrum = magnitude * (np.cos(angles) + 1j * np.sin(angles))
    done = 0
    while done < iterations:
        again = to_spectrum(to_sound(spectrum))
        spectrum = magnitude * again / np.abs(again)
        done += 1
    return to_sound(spectrum)


def griffin_lim_keeping_sound(magnitude, angles, to_sound, to_spectrum, iterations):
    sound = to_sound(magnitude * np.exp(1j * angles))
    for _ in range(iterations):
        angles = np.angle(to_spectrum(sound))
        sound = to_sound(magnitude * np.exp(1j * angles))
    return sound


def expand_with_lists(states, durations):
    rows = []
    for state, length in zip(states, durations.tolist()):
        for k in range(length):
            place = torch.tensor([k / 10, (length - 1 - k) / 10], dtype=states.dtype)
            rows.append(torch.cat([state, place]))
    return torch.stack(rows)


def expand_with_arange(states, durations):
    pieces = [torch.arange(int(d)) for d in durations]
    since = torch.cat(pieces)
    until = torch.cat([piece.flip(0) for piece in pieces])
    place = torch.stack([since, until], -1).to(states) / 10
    return torch.hstack([torch.repeat_interleave(states, durations, 0), place])


def loss_by_selection(predicted, wanted, lengths):
    real = torch.arange(predicted.shape[1])[None] < lengths[:, None]
    return torch.nn.functional.l1_loss(predicted[real], wanted[real])


def loss_with_a_loop(predicted, wanted, lengths):
    total, count = 0.0, 0
    for one, other, length in zip(predicted, wanted, lengths.tolist()):
        total = total + (one[:length] - other[:length]).abs().sum()
        count += length * one.shape[1]
    return total / count


def convolve_with_a_loop(samples, response):
    out = np.zeros(len(samples) + len(response) - 1)
    for k, share in enumerate(response):
        out[k : k + len(samples)] += share * samples
    return out


def convolve_by_library(samples, response):
    return np.convolve(samples, response, "full")


def gates_by_decibels(power):
    with np.errstate(divide="ignore"):
        level = -0.691 + 10 * np.log10(power)
    heard = power[level > -70]
    if len(heard) == 0:
        return float("-inf")
    gate = -0.691 + 10 * np.log10(heard.mean()) - 10
    with np.errstate(divide="ignore"):
        kept = power[(level > -70) & (level > gate)]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def gates_with_a_loop(power):
    def loud(p):
        return -0.691 + 10 * np.log10(p) if p > 0 else -np.inf

    heard = [p for p in power if loud(p) > -70]
    if not heard:
        return -np.inf
    middle = loud(sum(heard) / len(heard))
    heard = [p for p in heard if loud(p) > middle - 10]
    return loud(sum(heard) / len(heard))


def gain_by_branches(speaking, attack, release):
    gain = []
    if len(speaking):
        now = 1.0 - speaking[0]
        for busy in speaking:
            if busy:
                now *= np.exp(-1 / attack)
            else:
                now = 1 - (1 - now) * np.exp(-1 / release)
            gain.append(now)
    return np.array(gain, float)


def gain_by_weights(speaking, attack, release):
    gain = np.zeros(len(speaking))
    for n in range(len(speaking)):
        before = gain[n - 1] if n else 1 - speaking[0]
        keep = np.exp(-1 / (attack if speaking[n] > 0.5 else release))
        gain[n] = keep * before + (1 - keep) * (1 - speaking[n])
    return gain
