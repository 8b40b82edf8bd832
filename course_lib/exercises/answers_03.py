"""Cases of lesson 03, and answers to its exercises on arrays as learners write them (Keras ones: answers_03_tf)."""

import numpy as np


def sides(rng):
    """Sizes, kernels, strides, paddings: nothing over, something over, a kernel as large as the picture."""
    cases = [
        {"size": 32, "kernel": 3, "stride": 1, "padding": 1},
        {"size": 7, "kernel": 3, "stride": 2, "padding": 0},
        {"size": 8, "kernel": 3, "stride": 2, "padding": 1},
        {"size": 5, "kernel": 5, "stride": 3, "padding": 0},
        {"size": 9, "kernel": 4},
        {"size": 4, "kernel": 2, "stride": 3, "padding": 2},
    ]
    for _ in range(6):
        kernel, padding = int(rng.integers(1, 8)), int(rng.integers(0, 4))
        size = int(rng.integers(kernel, 40))
        cases.append({"size": size, "kernel": kernel, "stride": int(rng.integers(1, 5)), "padding": padding})
    return cases


def pictures_and_kernels(rng):
    """An example to be read first; then not square, several channels, strides, padding."""
    corner = np.zeros((3, 3, 1))
    corner[0, 0], corner[2, 1] = 1, 2
    cases = [
        {
            "picture": corner,
            "kernels": np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1),
            "stride": 1,
            "padding": 0,
        }
    ]
    for (height, width, channels), (high, wide, out), stride, padding in (
        ((5, 7, 2), (3, 2, 3), 1, 0),
        ((6, 5, 1), (3, 3, 2), 2, 0),
        ((4, 6, 2), (3, 3, 2), 1, 1),
        ((7, 6, 3), (2, 4, 1), 3, 2),
    ):
        cases.append(
            {
                "picture": rng.normal(size=(height, width, channels)),
                "kernels": rng.normal(size=(high, wide, channels, out)),
                "stride": stride,
                "padding": padding,
            }
        )
    return [*cases, {name: cases[1][name] for name in ("picture", "kernels")}]  # as one calls it most often


def pools(rng):
    """A small example, several channels, windows that overlap or leave gaps, sides that do not fit, all negative."""
    cases = [{"picture": np.array([[1.0, 2, 0, 1], [3, 4, 5, 0]])[..., None], "window": 2, "stride": 2}]
    for shape, window, stride in (((5, 7, 2), 2, 2), ((6, 5, 3), 3, 2), ((5, 6, 1), 2, 3), ((4, 4, 2), 3, 1)):
        cases.append({"picture": rng.normal(-1, 1, shape), "window": window, "stride": stride})
    cases.append({"picture": -1 - rng.uniform(size=(4, 6, 2)), "window": 2, "stride": 2})
    return [*cases, {"picture": rng.normal(size=(6, 8, 1))}]  # as one calls it most often


def towers(rng):
    """Towers of layers: the lesson's discriminator, one layer, none, strides first and last."""
    cases = [
        [(3, 1), (3, 1)],
        [(4, 2), (4, 2), (4, 2)],
        [(5, 1)],
        [],
        [(3, 2), (3, 1)],
        [(1, 2), (2, 2), (3, 1)],
    ]
    for _ in range(3):
        cases.append([(int(rng.integers(1, 6)), int(rng.integers(1, 4))) for _ in range(4)])
    return [{"layers": [list(layer) for layer in tower]} for tower in cases]


def generators(rng):
    """Noise of different lengths, different widths, and the default ones."""
    first = int(rng.integers(2, 6))
    return [{"latent": first, "width": 2}, {"latent": first + 2, "width": 1}, {}]


def discriminators(rng):
    """Two widths, and the default one."""
    return [*({"width": int(width)} for width in rng.choice(np.arange(1, 7), 2, replace=False)), {}]


def small_players(rng):
    """Weights of two small players."""
    latent, inner, numbers = 2, 3, 2
    return {
        "generator": [rng.normal(size=(latent, inner)), rng.normal(size=(inner, numbers))],
        "discriminator": [rng.normal(size=(numbers, 4)), rng.normal(size=(4, 1))],
    }


def pairs_of_players(rng):
    """Two small players, three times."""
    return [small_players(rng) for _ in range(3)]


def discriminator_steps(rng):
    """Small players and a batch of real numbers and noise."""
    return [
        {**small_players(rng), "real": rng.normal(1, 1, size=(n, 2)), "noise": rng.normal(size=(n, 2))}
        for n in (4, 3, 6)
    ]


def generator_steps(rng):
    """Small players and noise."""
    return [{**small_players(rng), "noise": rng.normal(size=(n, 2))} for n in (4, 3, 6)]


def size_by_range(size, kernel, stride=1, padding=0):
    return len(range(0, size + 2 * padding - kernel + 1, stride))


def size_by_counting(size, kernel, stride=1, padding=0):
    places, start = 0, -padding
    while start + kernel <= size + padding:
        places += 1
        start += stride
    return places


def conv_by_loops(picture, kernels, stride=1, padding=0):
    height, width, channels = picture.shape
    high, wide, _, filters = kernels.shape
    padded = np.zeros((height + 2 * padding, width + 2 * padding, channels))
    padded[padding : padding + height, padding : padding + width] = picture
    out = np.zeros(((padded.shape[0] - high) // stride + 1, (padded.shape[1] - wide) // stride + 1, filters))
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            window = padded[y * stride : y * stride + high, x * stride : x * stride + wide, :]
            for f in range(filters):
                out[y, x, f] = np.sum(window * kernels[:, :, :, f])
    return out


def conv_by_shifts(picture, kernels, stride=1, padding=0):
    padded = np.pad(picture, [(padding, padding), (padding, padding), (0, 0)])
    high, wide = kernels.shape[0], kernels.shape[1]
    places = [(padded.shape[k] - kernels.shape[k]) // stride + 1 for k in (0, 1)]
    out = 0
    for r in range(high):
        for c in range(wide):
            shifted = padded[r : r + places[0] * stride : stride, c : c + places[1] * stride : stride]
            out = out + shifted[: places[0], : places[1]] @ kernels[r, c]
    return out


def conv_turned(picture, kernels, stride=1, padding=0):
    kernels = kernels[::-1, ::-1]
    padded = np.pad(picture, ((padding, padding), (padding, padding), (0, 0)))
    high, wide = kernels.shape[:2]
    down = range(0, padded.shape[0] - high + 1, stride)
    across = range(0, padded.shape[1] - wide + 1, stride)
    return np.array(
        [[np.tensordot(padded[y : y + high, x : x + wide], kernels, axes=3) for x in across] for y in down]
    )


def conv_channels_apart(picture, kernels, stride=1, padding=0):
    padded = np.pad(picture, ((padding, padding), (padding, padding), (0, 0)))
    high, wide = kernels.shape[:2]
    down = range(0, padded.shape[0] - high + 1, stride)
    across = range(0, padded.shape[1] - wide + 1, stride)
    return np.array(
        [
            [np.tensordot(padded[y : y + high, x : x + wide, 0], kernels[:, :, 0], axes=2) for x in across]
            for y in down
        ]
    )


def pool_by_loops(picture, window=2, stride=2):
    height = (picture.shape[0] - window) // stride + 1
    width = (picture.shape[1] - window) // stride + 1
    out = np.empty((height, width, picture.shape[2]))
    for y in range(height):
        for x in range(width):
            for c in range(picture.shape[2]):
                out[y, x, c] = np.max(
                    picture[y * stride : y * stride + window, x * stride : x * stride + window, c]
                )
    return out


def pool_by_windows(picture, window=2, stride=2):
    windows = np.lib.stride_tricks.sliding_window_view(picture, (window, window), axis=(0, 1))
    return windows[::stride, ::stride].max(axis=(3, 4))


def field_backwards(layers):
    seen = 1
    for kernel, stride in reversed(layers):
        seen = (seen - 1) * stride + kernel
    return seen


def field_by_products(layers):
    strides = [stride for _, stride in layers]
    return 1 + sum((kernel - 1) * int(np.prod(strides[:k])) for k, (kernel, _) in enumerate(layers))
