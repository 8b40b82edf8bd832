"""Recurrent cells by hand, in numpy: one step of an RNN and of a GRU, the way back, clipping, masking.

The weights are laid out as in PyTorch, so that each cell can be held against `torch.nn.RNN` and `torch.nn.GRU`
number by number: a weight has shape (out, in), a cell has two biases, and a GRU's three gates stand one below
the other in the order reset, update, candidate.

Lesson 04.
"""

import numpy as np


def rnn_cell(x, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of a recurrent network: the new state from the input and the old state.

    h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh). The article writes one matrix W for [h, x] and one bias;
    split W by columns and add the two biases, and it is the same.

    Args:
        x: inputs, (batch, inputs).
        hidden: the state before, (batch, size).
        w_ih, w_hh: weights, (size, inputs) and (size, size).
        b_ih, b_hh: biases, (size,) each.

    Returns:
        The state after, (batch, size), every number between -1 and 1.

    Source: Elman, "Finding Structure in Time", 1990; article B, section 4.2, with tanh for sigma.
    """
    return np.tanh(x @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh)


def step_back(gradient, hidden, w_hh):
    """One step of backpropagation through time, in a network of `rnn_cell`s.

    Args:
        gradient: slope of the loss in the state h_t, (batch, size).
        hidden: that state h_t itself, as `rnn_cell` gave it, (batch, size).
        w_hh: weights from state to state, (size, size).

    Returns:
        Slope of the loss in the state before, h_{t-1}, (batch, size).

    Source: Werbos, "Backpropagation Through Time: What It Does and How to Do It", 1990.
    """
    before_tanh = gradient * (1 - hidden**2)
    return before_tanh @ w_hh


def clip_by_norm(gradients, limit):
    """Shorten the gradients of all weights together, so that their common norm is at most `limit`.

    Args:
        gradients: list of arrays of any shapes.
        limit: a positive number.

    Returns:
        A list of new arrays that point the same way; unchanged in value if they were short enough.

    Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", 2013.
    """
    norm = np.sqrt(sum((one**2).sum() for one in gradients))
    scale = limit / norm if norm > limit else 1.0
    return [one * scale for one in gradients]


def gru_cell(x, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of a gated recurrent unit, as PyTorch computes it.

    The reset gate multiplies *after* the matrix W_hh has been applied (and its bias added); in the paper it
    multiplies the state before. Both work, but weights of one do not fit the other.

    Args:
        x: inputs, (batch, inputs).
        hidden: the state before, (batch, size).
        w_ih, w_hh: weights, (3 size, inputs) and (3 size, size): rows for reset, update, candidate.
        b_ih, b_hh: biases, (3 size,) each.

    Returns:
        The state after, (batch, size).

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine
    Translation", 2014; the order of operations is PyTorch's.
    """
    reset_x, update_x, new_x = np.split(x @ w_ih.T + b_ih, 3, axis=1)
    reset_h, update_h, new_h = np.split(hidden @ w_hh.T + b_hh, 3, axis=1)
    reset = 1 / (1 + np.exp(-(reset_x + reset_h)))
    update = 1 / (1 + np.exp(-(update_x + update_h)))
    candidate = np.tanh(new_x + reset * new_h)
    return (1 - update) * candidate + update * hidden


def masked_mean(states, lengths):
    """The mean of each sentence's states over its own words; padding does not count.

    Args:
        states: (batch, time, size); sentence i has `lengths[i]` words, what follows is padding.
        lengths: whole numbers from 0 to time, (batch,).

    Returns:
        (batch, size); zeros for a sentence without words.
    """
    mask = np.arange(states.shape[1]) < lengths[:, None]
    total = (states * mask[:, :, None]).sum(axis=1)
    return total / np.maximum(lengths, 1)[:, None]


def run(cell, x, weights, reverse=False):
    """A cell along a sentence, from the state zero.

    Args:
        cell: `rnn_cell` or `gru_cell`.
        x: inputs, (batch, time, inputs).
        weights: w_ih, w_hh, b_ih, b_hh.
        reverse: from the last word to the first.

    Returns:
        The states, (batch, time, size), in the order of the words.
    """
    size = weights[1].shape[1]
    hidden = np.zeros((len(x), size), dtype=x.dtype)
    states = np.zeros((len(x), x.shape[1], size), dtype=x.dtype)
    steps = range(x.shape[1])
    for t in reversed(steps) if reverse else steps:
        hidden = states[:, t] = cell(x[:, t], hidden, *weights)
    return states
