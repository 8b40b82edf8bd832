"""Cases of lesson 06, and answers to its exercises as learners write them."""

import numpy as np
import torch
import torch.nn.functional as F


def readings(rng):
    """Two pictures that can be followed by eye, then drawn ones with attributes of several sizes, in order."""
    first = {
        "place": np.array([[0.9, 0.1], [0.2, 0.8]]),
        "time": np.array([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]]),
        "labels": np.array([[0, 2], [1, 1]]),
    }
    drawn = {"place": rng.dirichlet(np.ones(4), 9), "time": rng.dirichlet(np.ones(3), 9),
             "weather": rng.dirichlet(np.ones(3), 9)}  # fmt: skip
    labels = np.stack([table.argmax(1) for table in drawn.values()], 1)
    labels[:4, 0] = (labels[:4, 0] + 1) % 4
    labels[3:6, 2] = (labels[3:6, 2] + 1) % 3
    one = {"place": rng.dirichlet(np.ones(3), 5), "labels": rng.integers(0, 3, (5, 1))}
    return [first, {**drawn, "labels": labels}, one]


def maps(rng):
    """One small map, then batches in which height, width, channels and condition all have other sizes."""
    small = {"x": np.zeros((1, 1, 2, 2)), "condition": np.array([[1.0, 2.0]])}
    return [small] + [
        {"x": rng.normal(0, 1, (n, c, h, w)), "condition": rng.normal(0, 1, (n, d))}
        for n, c, h, w, d in ((2, 3, 2, 4, 2), (3, 2, 4, 3, 4))
    ]


def batches(rng):
    """A batch with round numbers, drawn batches of several sizes, one channel that hardly varies."""
    first = {
        "x": np.array([[[[1.0, 3.0]]], [[[5.0, 7.0]]]]),
        "gain": np.array([[0.0], [1.0]]),
        "shift": np.array([[0.0], [10.0]]),
    }
    rows = [first]
    for n, c, h, w in ((3, 2, 4, 5), (4, 3, 2, 2)):
        x = rng.normal(0, 1, (n, c, h, w)) * np.arange(1, c + 1)[:, None, None] + rng.normal(
            0, 2, (n, 1, 1, 1)
        )
        rows.append({"x": x, "gain": rng.normal(0, 1, (n, c)), "shift": rng.normal(0, 1, (n, c))})
    rows.append(
        {"x": rng.normal(2, 0.004, (2, 1, 2, 3)), "gain": np.zeros((2, 1)), "shift": np.zeros((2, 1))}
    )
    return rows


def classes(rng):
    """One picture with round numbers; batches with two and three attributes of other sizes."""
    first = {
        "features": np.array([[1.0, 2.0, 0.0, -1.0]]),
        "labels": np.array([[1, 0]]),
        "table 0": np.array([[9.0, 9.0, 9.0, 9.0], [2.0, 0.0, 1.0, -4.0]]),
        "table 1": np.array([[0.0, 1.0, 5.0, 0.0]]),
        "weight": np.array([0.5, 0.5, 0.5, 0.5]),
        "bias": np.array(0.25),
    }
    rows = [first]
    for n, d, words in ((3, 9, (4, 3)), (5, 2, (3, 4, 3))):
        rows.append(
            {
                "features": rng.normal(0, 1, (n, d)),
                "labels": np.stack([rng.integers(0, k, n) for k in words], 1),
                **{f"table {k}": rng.normal(0, 1, (count, d)) for k, count in enumerate(words)},
                "weight": rng.normal(0, 1, d),
                "bias": np.array(rng.normal()),
            }
        )
    return rows


def pairs(rng):
    """Two pictures one of which has a true 'wrong' caption; a batch of nothing but the same; drawn batches."""
    first = {"right": np.array([2.0, 0.0]), "wrong": np.array([0.0, 3.0]), "differs": np.array([True, False])}
    none = {"right": rng.normal(0, 1, 3), "wrong": rng.normal(0, 1, 3), "differs": np.zeros(3, bool)}
    every = {"right": rng.normal(0, 1, 4), "wrong": rng.normal(0, 1, 4), "differs": np.ones(4, bool)}
    large = {"right": np.array([-400.0, 500.0, 1.0]), "wrong": np.array([400.0, -500.0, 0.5]),
             "differs": np.array([True, True, False])}  # fmt: skip
    drawn = {"right": rng.normal(0, 2, 7), "wrong": rng.normal(0, 2, 7), "differs": np.arange(7) % 3 != 1}
    return [first, none, every, large, drawn]


def moments(rng):
    """The first steps, where the start must be forgotten; late ones; drawn ones."""
    rows = [{"step": 0, "half_life": 1.0}, {"step": 1, "half_life": 1.0}, {"step": 3, "half_life": 2.0}]
    rows += [{"step": int(rng.integers(2, 40)), "half_life": float(rng.uniform(0.5, 20))} for _ in range(3)]
    return [*rows, {"step": 100_000, "half_life": 230.0}]


def noises(rng):
    """Round numbers; the limits of the table; matrices with numbers far out."""
    far = rng.normal(0, 1, (3, 4))
    far[0, 0], far[1, 2] = 3.5, -3.2
    return [
        {"noise": np.array([-1.0, 0.0, 1.0]), "limit": 1.0},
        {"noise": far, "limit": 0.5},
        {"noise": rng.normal(0, 1, (2, 3, 2)), "limit": 2.0},
        {"noise": rng.normal(0, 1, 6), "limit": float(rng.uniform(0.3, 1.5))},
    ]


def arcs(rng):
    """A quarter of a circle, other lengths, a small angle, the same direction, more than a quarter."""
    shares = np.array([0.0, 0.25, 0.5, 1.0])
    a = rng.normal(0, 1, 5)
    near = a + 0.02 * rng.normal(0, 1, 5)
    return [
        {"a": np.array([1.0, 0.0]), "b": np.array([0.0, 1.0]), "shares": np.array([0.0, 0.5, 1.0])},
        {"a": np.array([2.0, 0.0, 0.0]), "b": np.array([0.0, 0.0, 1.0]), "shares": shares},
        {"a": a, "b": rng.normal(0, 1, 5), "shares": shares},
        {"a": a, "b": near, "shares": shares},
        {"a": np.array([3.0, 4.0]), "b": np.array([6.0, 8.0]), "shares": shares},
        {"a": np.array([1.0, 0.0]), "b": np.array([-1.0, 0.5]), "shares": rng.uniform(0, 1, 3)},
    ]


def clouds(rng):
    """Points on a line that can be followed by eye; drawn points; queries beside rows of the base."""
    base = rng.normal(0, 1, (12, 3))
    return [
        {"queries": np.array([[0.0], [4.2]]), "base": np.array([[5.0], [1.0], [-0.5]]), "count": 2},
        {"queries": rng.normal(0, 1, (4, 3)), "base": base, "count": 3},
        {"queries": base[[7, 2]] + 0.01, "base": base, "count": 1},
        {"queries": rng.normal(2, 3, (3, 6)), "base": rng.normal(0, 1, (5, 6)), "count": 5},
    ]


def accuracy_by_columns(probabilities, labels):
    found, every = {}, np.ones(len(labels), bool)
    for column, (name, table) in zip(labels.T, probabilities.items()):
        hits = np.argmax(table, axis=-1) == column
        every &= hits
        found[name] = np.count_nonzero(hits) / len(hits)
    found["all"] = np.count_nonzero(every) / len(every)
    return found


def accuracy_by_loops(probabilities, labels):
    names = list(probabilities)
    right = dict.fromkeys([*names, "all"], 0)
    for row, wanted in enumerate(labels):
        good = [int(np.argmax(probabilities[name][row])) == w for name, w in zip(names, wanted)]
        for name, yes in zip(names, good):
            right[name] += yes
        right["all"] += all(good)
    return {name: count / len(labels) for name, count in right.items()}


def concatenated_by_repeat(x, condition):
    h, w = x.shape[-2:]
    return torch.cat((x, condition[..., None, None].repeat(1, 1, h, w)), dim=1)


def concatenated_by_filling(x, condition):
    n, c, h, w = x.shape
    whole = x.new_empty(n, c + condition.shape[1], h, w)
    whole[:, :c] = x
    whole[:, c:] = condition[:, :, None, None]
    return whole


def norm_by_library(x, gain, shift, eps=1e-5):
    normal = F.batch_norm(x, None, None, training=True, eps=eps)
    return normal + gain[..., None, None] * normal + shift[..., None, None]


def norm_by_flattening(x, gain, shift, eps=1e-5):
    n, c, h, w = x.shape
    flat = x.transpose(0, 1).reshape(c, -1)
    var, mean = torch.var_mean(flat, dim=1, unbiased=False)
    flat = (flat - mean[:, None]) * torch.rsqrt(var[:, None] + eps)
    normal = flat.reshape(c, n, h, w).transpose(0, 1)
    return torch.addcmul(shift[:, :, None, None], normal, (gain + 1)[:, :, None, None])


def class_logit_by_attribute(features, labels, tables, weight, bias):
    d = features.shape[-1]
    logit = torch.mv(features, weight) + bias
    for table, column in zip(tables, labels.T):
        logit = logit + torch.einsum("nd,nd->n", features, table[column]) / d**0.5
    return logit


def class_logit_all_words(features, labels, tables, weight, bias):
    logit = (features * weight).sum(-1) + bias
    for k in range(len(tables)):
        every = features @ tables[k].T / np.sqrt(features.shape[1])
        logit = logit + every.gather(1, labels[:, k : k + 1])[:, 0]
    return logit


def mismatched_by_choice(right, wrong, differs):
    if not differs.any():
        return (right * 0).sum()
    return F.softplus(wrong[differs] - right[differs]).mean()


def mismatched_by_sigmoid(right, wrong, differs):
    kept = differs.to(right.dtype)
    return -(F.logsigmoid(right - wrong) * kept).sum() / max(kept.sum().item(), 1.0)


def decay_by_sum(step, half_life):
    weights = [2 ** (-age / half_life) for age in range(min(step, 20_000) + 1)]
    return 1 - weights[0] / sum(weights)


def decay_by_ratio(step, half_life):
    d = 2.0 ** (-1.0 / half_life)
    return d * (1 - d**step) / (1 - d ** (step + 1))


def truncated_by_erf(noise, limit):
    root = 2**0.5
    most = torch.erf(torch.tensor(limit / root, dtype=noise.dtype))
    return root * torch.erfinv(most * torch.erf(noise / root))


def truncated_by_distribution(noise, limit):
    normal = torch.distributions.Normal(torch.zeros((), dtype=noise.dtype), torch.ones((), dtype=noise.dtype))
    low, high = (normal.cdf(torch.tensor(edge, dtype=noise.dtype)) for edge in (-limit, limit))
    return normal.icdf(low + (high - low) * normal.cdf(noise))


def slerp_by_loop(a, b, shares):
    w = torch.arccos(torch.clip(torch.dot(a / a.norm(), b / b.norm()), -1.0, 1.0))
    rows = []
    for s in shares:
        if w < 1e-4:
            rows.append(torch.lerp(a, b, s))
        else:
            rows.append(a * torch.sin(w - s * w) / torch.sin(w) + b * torch.sin(s * w) / torch.sin(w))
    return torch.stack(rows)


def slerp_by_rotation(a, b, shares):
    u = a / a.norm()
    across = b / b.norm() - (u @ b / b.norm()) * u
    angle = torch.atan2(across.norm(), u @ b / b.norm())
    if angle < 1e-4:
        return a + shares[:, None] * (b - a)
    first = torch.sin(angle - shares * angle) / torch.sin(angle)
    return torch.outer(first, a) + torch.outer(torch.sin(shares * angle) / torch.sin(angle), b)


def neighbours_by_differences(queries, base, count):
    distances = np.linalg.norm(queries[:, None] - base[None], axis=2)
    order = distances.argsort(1)[:, :count]
    return order, np.take_along_axis(distances, order, 1)


def neighbours_by_loop(queries, base, count):
    who = np.zeros((len(queries), count), int)
    far = np.zeros((len(queries), count))
    for row, query in enumerate(queries):
        distance = np.sqrt(((base - query) ** 2).sum(axis=1))
        who[row] = sorted(range(len(base)), key=distance.__getitem__)[:count]
        far[row] = distance[who[row]]
    return who, far
