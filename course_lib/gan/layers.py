"""The pieces of a video generator and of its discriminators that lesson 07 builds one by one.

Clips are float (batch, 3, frames, height, width) in [-1, 1]. A layer is a picture with transparency, its colours
already multiplied by its alpha ('premultiplied', Porter and Duff, 'Compositing Digital Images', 1984), so that
shifting and blending it leaves no dark rim.
"""

import numpy as np
import torch
import torch.nn.functional as F


def stack_frames(clips):
    """The frames of a clip as channels of one picture, so that a 2-D convolution sees time.

    Args:
        clips: (batch, channels, frames, height, width).

    Returns:
        (batch, frames x channels, height, width); all channels of the first frame come first.
    """
    batch, channels, frames, height, width = clips.shape
    return clips.transpose(1, 2).reshape(batch, frames * channels, height, width)


def views(clips, moments, side: int | None = None) -> tuple:
    """What a discriminator's two eyes look at: whole clips, and one frame of each.

    Args:
        clips: (batch, channels, frames, size, size).
        moments: int64 (batch,), which frame.
        side: rows that the clips are averaged down to; a single frame keeps its size.

    Returns:
        ((batch, channels, frames, side, side), (batch, channels, size, size)).
    """
    stills = clips[torch.arange(len(clips), device=clips.device), :, moments]
    times = clips.shape[3] // side if side else 1
    return (F.avg_pool3d(clips, (1, times, times)) if times > 1 else clips), stills


def place(layer, shift, scale):
    """Move and resize one picture along a path: what a layer looks like in every frame.

    Args:
        layer: (batch, channels, height, width), drawn once a clip.
        shift: (batch, frames, 2), where the layer's middle comes to lie, x to the right and y down, in half
            widths and half heights of the frame: (0, 0) is the middle, (1, 0) the right edge.
        scale: (batch, frames), its size: 1 fills the frame.

    Returns:
        (batch, frames, channels, height, width); zeros where the layer does not reach.
    """
    batch, frames = scale.shape
    channels, height, width = layer.shape[1:]
    # grid_sample asks the other way round: for each pixel of the frame, where in the layer does it come from?
    zero = torch.zeros_like(scale)
    # rows: a, b, c of x, then a, b, c of y, six entries in one list, each (batch, frames)
    rows = [1 / scale, zero, -shift[..., 0] / scale, zero, 1 / scale, -shift[..., 1] / scale]
    matrix = torch.stack(rows, -1).reshape(batch * frames, 2, 3)
    grid = F.affine_grid(matrix, (batch * frames, channels, height, width), align_corners=False)
    # All frames of a clip read the same layer: their grids are laid below one another, not the layer copied.
    grid = grid.reshape(batch, frames * height, width, 2)
    seen = F.grid_sample(layer, grid, align_corners=False)
    return seen.reshape(batch, channels, frames, height, width).transpose(1, 2)


def over(colour, alpha, below):
    """Lay a premultiplied picture over another one.

    Args:
        colour: (..., 3, height, width), already multiplied by alpha.
        alpha: (..., 1, height, width) in [0, 1].
        below: (..., 3, height, width).

    Returns:
        (..., 3, height, width).
    """
    return colour + (1 - alpha) * below


def motion_states(cell, start, drive, frames):
    """A recurrent cell runs once a frame: one state for every frame of the clip.

    Args:
        cell: from (input (batch, d), state (batch, h)) to the next state (batch, h).
        start: (batch, h), the state before the first frame.
        drive: (batch, d), the same input for every frame: what the text asks for, and noise.
        frames: how many.

    Returns:
        (batch, frames, h); the first is the state after one step.
    """
    states, state = [], start
    for _ in range(frames):
        state = cell(drive, state)
        states.append(state)
    return torch.stack(states, 1)


def projection_logit(features, text, weight, bias):
    """Is the clip real, and does it go with the text? One number (Miyato and Koyama, 'cGANs with Projection
    Discriminator', 2018).

    Args:
        features: (batch, d) of clips.
        text: (batch, d) of captions.
        weight, bias: (d,) and a single number, of the part that does not look at the text.

    Returns:
        (batch,), the sum of two parts, clip i with caption i: how real, from `weight` and `bias`, and how well the features
        go with the text, their inner product over the root of d.
    """
    alone = features @ weight + bias
    return alone + (features * text).sum(1) / features.shape[1] ** 0.5


def mismatched(labels):
    """For each clip of a batch the number of another one that shows something else: its caption is a wrong one.

    Args:
        labels: int (batch, attributes), numpy.

    Returns:
        int (batch,): item k points to the next item after k, going round from the last to the first, whose labels
        differ from k's in at least one attribute; to k itself where there is none.
    """
    count = len(labels)
    order = np.arange(count)
    for k in range(count):
        for other in range(k + 1, k + count):
            if (labels[other % count] != labels[k]).any():
                order[k] = other % count
                break
    return order


def attribute_loss(logits, labels):
    """How far some attribute heads are from the truth.

    Args:
        logits: {attribute: (batch, words)}.
        labels: int64 (batch, attributes), in the order of `logits`.

    Returns:
        The cross-entropy, a mean over the batch, summed over the attributes.
    """
    return sum(F.cross_entropy(table, labels[:, k]) for k, table in enumerate(logits.values()))


def update_average(average, model, decay):
    """One step of the running mean of a model's weights: what is shown, judged and shipped.

    Args:
        average, model: two modules of the same make; `average` is changed, `model` is not.
        decay: share of the old value that stays, 0 to 1.
    """
    with torch.no_grad():
        for mean, weight in zip(average.parameters(), model.parameters()):
            mean.lerp_(weight, 1 - decay)
