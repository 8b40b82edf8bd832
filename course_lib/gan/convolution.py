"""Convolution by hand, in numpy: by loops, by windows, as a matrix; pooling, receptive fields, transposition (lesson 03).

A picture is (height, width, channels); kernels are (rows, columns, channels in, channels out), as Keras has them.
What deep learning calls convolution does not turn the kernel round; a mathematician would call it cross-correlation.
Sources: LeCun, Bottou, Bengio and Haffner, 'Gradient-Based Learning Applied to Document Recognition' (1998); Dumoulin
and Visin, 'A guide to convolution arithmetic for deep learning' (2016); Odena, Dumoulin and Olah, 'Deconvolution and
Checkerboard Artifacts' (2016).
"""

import numpy as np


def output_size(size, kernel, stride=1, padding=0):
    """How many places a kernel has along one side of a picture.

    Args:
        size: pixels along that side.
        kernel: the kernel's pixels along it, at most size + 2 * padding.
        stride: by how many pixels the kernel moves on.
        padding: zeros added at *each* end.

    Returns:
        The number of places, an int of at least 1: only those count where the kernel lies inside as a whole.
    """
    return (size + 2 * padding - kernel) // stride + 1


def conv2d(picture, kernels, stride=1, padding=0):
    """Convolution of a picture: at each place, the sum of the window times the kernel, over all channels.

    Args:
        picture: (height, width, channels in).
        kernels: (rows, columns, channels in, channels out); not turned round.
        stride: by how many pixels the window moves on, down and to the right.
        padding: rows and columns of zeros added on each of the four sides.

    Returns:
        (places down, places across, channels out) of floats.
    """
    padded = np.pad(picture, ((padding, padding), (padding, padding), (0, 0)))
    high, wide = kernels.shape[:2]
    down = range(0, padded.shape[0] - high + 1, stride)
    across = range(0, padded.shape[1] - wide + 1, stride)
    return np.array(
        [[np.tensordot(padded[y : y + high, x : x + wide], kernels, axes=3) for x in across] for y in down]
    )


def conv2d_windows(picture, kernels, stride=1, padding=0):
    """The same as `conv2d` without a loop: all windows at once, as a view that copies nothing, and one product.

    `sliding_window_view` plays a trick with strides: it gives the same memory another shape, in which a pixel
    stands in every window that it belongs to.
    """
    padded = np.pad(picture, ((padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernels.shape[:2], axis=(0, 1))
    # (places down, places across, channels in, rows, columns) with (rows, columns, channels in, channels out)
    return np.tensordot(windows[::stride, ::stride], kernels, axes=([3, 4, 2], [0, 1, 2]))


def as_matrix(kernel, height, width, stride=1):
    """The matrix W for which W times the flattened picture is the flattened convolution, for one channel.

    Each row holds the kernel's few numbers, moved on by a pixel from row to row, and zeros everywhere else.

    Args:
        kernel: (rows, columns).
        height, width: of the pictures.

    Returns:
        (places, height * width).
    """
    rows = []
    for y in range(0, height - kernel.shape[0] + 1, stride):
        for x in range(0, width - kernel.shape[1] + 1, stride):
            row = np.zeros((height, width))
            row[y : y + kernel.shape[0], x : x + kernel.shape[1]] = kernel
            rows.append(row.ravel())
    return np.array(rows)


def max_pool2d(picture, window=2, stride=2):
    """The largest number of each window, for each channel by itself.

    Args:
        picture: (height, width, channels).
        window: the window's pixels along each side.
        stride: by how many pixels it moves on.

    Returns:
        (places down, places across, channels); rows and columns that fill no whole window are left out.
    """
    down = range(0, picture.shape[0] - window + 1, stride)
    across = range(0, picture.shape[1] - window + 1, stride)
    return np.array(
        [[picture[y : y + window, x : x + window].max(axis=(0, 1)) for x in across] for y in down]
    )


def receptive_field(layers):
    """How many pixels of the picture, along one side, one number of the last layer can see.

    Each layer widens the view by kernel - 1 steps; a step is as many pixels as the strides of the layers *before* it
    make together.

    Args:
        layers: list of (kernel, stride), from the picture upwards.

    Returns:
        Pixels, an int; 1 for no layers.
    """
    seen, step = 1, 1
    for kernel, stride in layers:
        seen += (kernel - 1) * step
        step *= stride
    return seen


def transposed_conv2d(picture, kernels, stride=2):
    """Transposed convolution: every pixel paints a copy of the kernel, `stride` apart; where copies overlap they add.

    Args:
        picture: (height, width, channels in).
        kernels: (rows, columns, channels in, channels out).
        stride: distance of the copies.

    Returns:
        ((height - 1) * stride + rows, (width - 1) * stride + columns, channels out).
    """
    height, width, _ = picture.shape
    high, wide, _, channels = kernels.shape
    out = np.zeros(((height - 1) * stride + high, (width - 1) * stride + wide, channels))
    for y in range(height):
        for x in range(width):
            painted = np.einsum("i,rcio->rco", picture[y, x], kernels)
            out[y * stride : y * stride + high, x * stride : x * stride + wide] += painted
    return out


def unevenness(pictures):
    """How unevenly four neighbouring pixels are treated: the measure of a checkerboard.

    Each pixel is compared with the mean of its four neighbours. The squares of these differences are averaged apart
    for the four places of a pixel in a block of 2 x 2. In a photograph it makes no difference where a block begins,
    and the four are alike.

    Args:
        pictures: (n, height, width, channels), height and width even and at least 8.

    Returns:
        The largest of the four averages over the smallest, at least 1.
    """
    inside = pictures[:, 1:-1, 1:-1]
    around = pictures[:, :-2, 1:-1] + pictures[:, 2:, 1:-1] + pictures[:, 1:-1, :-2] + pictures[:, 1:-1, 2:]
    squares = (inside - around / 4) ** 2
    four = [squares[:, y::2, x::2].mean() for y in (0, 1) for x in (0, 1)]
    return float(max(four) / min(four))
