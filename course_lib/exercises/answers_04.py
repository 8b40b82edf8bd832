"""Cases and alternatives of lesson 04's exercises on cells, clipping and masks."""

import numpy as np


def _cell(rng, batch, inputs, size, gates):
    normal = lambda *shape: rng.normal(size=shape).round(3)  # noqa: E731
    return {
        "x": normal(batch, inputs),
        "hidden": np.tanh(normal(batch, size)),
        "w_ih": normal(gates * size, inputs),
        "w_hh": normal(gates * size, size),
        "b_ih": normal(gates * size),
        "b_hh": normal(gates * size),
    }


def cells(rng):
    return [_cell(rng, 1, 2, 2, 1), _cell(rng, 3, 4, 2, 1), _cell(rng, 2, 3, 3, 1)]


def gru_cells(rng):
    return [_cell(rng, 1, 2, 2, 3), _cell(rng, 3, 4, 2, 3), _cell(rng, 2, 3, 3, 3)]


def rnn_by_joined_matrix(x, hidden, w_ih, w_hh, b_ih, b_hh):
    joined = np.concatenate([hidden, x], axis=1)
    return np.tanh(joined @ np.concatenate([w_hh, w_ih], axis=1).T + (b_ih + b_hh))


def rnn_by_einsum(x, hidden, w_ih, w_hh, b_ih, b_hh):
    total = np.einsum("bi,oi->bo", x, w_ih) + np.einsum("bi,oi->bo", hidden, w_hh) + b_ih + b_hh
    return 1 - 2 / (np.exp(2 * total) + 1)


def gru_by_slices(x, hidden, w_ih, w_hh, b_ih, b_hh):
    n = hidden.shape[1]
    a, b = x @ w_ih.T + b_ih, hidden @ w_hh.T + b_hh
    r = 1 / (1 + np.exp(-a[:, :n] - b[:, :n]))
    z = 1 / (1 + np.exp(-a[:, n : 2 * n] - b[:, n : 2 * n]))
    new = np.tanh(a[:, 2 * n :] + r * b[:, 2 * n :])
    return new + z * (hidden - new)


def gru_by_gates(x, hidden, w_ih, w_hh, b_ih, b_hh):
    (wr, wz, wn), (ur, uz, un) = np.split(w_ih, 3), np.split(w_hh, 3)
    (br, bz, bn), (cr, cz, cn) = np.split(b_ih, 3), np.split(b_hh, 3)
    r = np.tanh((x @ wr.T + br + hidden @ ur.T + cr) / 2) / 2 + 0.5
    z = np.tanh((x @ wz.T + bz + hidden @ uz.T + cz) / 2) / 2 + 0.5
    return (1 - z) * np.tanh(x @ wn.T + bn + r * (hidden @ un.T + cn)) + z * hidden


def gru_of_the_paper(x, hidden, w_ih, w_hh, b_ih, b_hh):
    reset_x, update_x, new_x = np.split(x @ w_ih.T + b_ih, 3, axis=1)
    u_reset, u_update, u_new = np.split(w_hh, 3)
    c_reset, c_update, c_new = np.split(b_hh, 3)
    reset = 1 / (1 + np.exp(-(reset_x + hidden @ u_reset.T + c_reset)))
    update = 1 / (1 + np.exp(-(update_x + hidden @ u_update.T + c_update)))
    candidate = np.tanh(new_x + (reset * hidden) @ u_new.T + c_new)
    return (1 - update) * candidate + update * hidden


def slopes(rng):
    return [
        {
            "gradient": rng.normal(size=(batch, size)).round(3),
            "hidden": np.tanh(rng.normal(size=(batch, size))).round(3),
            "w_hh": rng.normal(size=(size, size)).round(3),
        }
        for batch, size in ((1, 2), (3, 3), (2, 4))
    ]


def step_back_by_jacobian(gradient, hidden, w_hh):
    rows = []
    for g, h in zip(gradient, hidden):
        rows.append((np.diag(1 - h * h) @ w_hh).T @ g)
    return np.array(rows)


def step_back_by_einsum(gradient, hidden, w_hh):
    return np.einsum("bi,bi,ij->bj", gradient, (1 - hidden) * (1 + hidden), w_hh)


def gradients(rng):
    def some(*shapes, scale=1.0):
        return [(scale * rng.normal(size=shape)).round(4) for shape in shapes]

    return [
        {"gradients": [np.array([3.0, 4.0]), np.array([[12.0]])], "limit": 6.5},
        {"gradients": some((2, 3), (4,), scale=5), "limit": 2.0},
        {"gradients": some((3,), (2, 2), scale=0.1), "limit": 5.0},
        {"gradients": [np.zeros(3)], "limit": 1.0},
        {"gradients": some((2,), (2,), (2, 2)), "limit": 0.3},
        {"gradients": [np.array([0.6]), np.array([0.0, 0.8])], "limit": 0.9},
    ]


def clipped_by_minimum(gradients, limit):
    norm = float(np.linalg.norm(np.concatenate([g.ravel() for g in gradients])))
    return [g * min(1.0, limit / max(norm, 1e-12)) for g in gradients]


def clipped_in_two_cases(gradients, limit):
    square = 0.0
    for g in gradients:
        square += float(np.sum(g * g))
    if square <= limit * limit:
        return [g.copy() for g in gradients]
    return [g * (limit / square**0.5) for g in gradients]


def padded(rng):
    cases = [{"states": np.array([[[1.0, 2.0], [3.0, 4.0], [9.0, 9.0]]]), "lengths": np.array([2])}]
    for batch, time, size in ((3, 4, 2), (4, 5, 3), (2, 2, 2)):
        lengths = rng.integers(1, time + 1, batch)
        lengths[0], lengths[-1] = 1, time
        if batch > 3:
            lengths[1] = 0
        cases.append({"states": rng.normal(size=(batch, time, size)).round(3), "lengths": lengths})
    return cases


def mean_with_a_loop(states, lengths):
    rows = []
    for one, length in zip(states, lengths):
        rows.append(one[:length].mean(axis=0) if length else np.zeros(states.shape[2]))
    return np.array(rows)


def mean_by_einsum(states, lengths):
    steps = np.arange(states.shape[1])[None, :]
    weights = (steps < lengths[:, None]) / np.maximum(lengths, 1)[:, None]
    return np.einsum("bt,bts->bs", weights, states)
