"""Cases of lesson 07, and answers to its exercises as learners write them."""

import numpy as np
import torch
import torch.nn.functional as F


def clips(rng):
    """A clip whose numbers can be followed by eye, and two of other sizes."""
    small = np.arange(24.0).reshape(1, 2, 3, 2, 2)
    return [
        {"clips": small},
        {"clips": rng.normal(0, 1, (2, 3, 8, 4, 5))},
        {"clips": rng.normal(0, 1, (3, 1, 2, 3, 2))},
    ]


def blends(rng):
    """A half transparent pixel, then pictures with and without a frame axis."""
    cases = [
        {
            "colour": np.full((3, 1, 1), 0.25),
            "alpha": np.full((1, 1, 1), 0.5),
            "below": np.full((3, 1, 1), 1.0),
        }
    ]
    for shape in ((2, 4, 5), (2, 3, 4, 4)):
        alpha = rng.uniform(0, 1, (*shape[:-2], 1, *shape[-2:]))
        cases.append(
            {
                "colour": rng.uniform(-1, 1, (*shape[:-2], 3, *shape[-2:])) * alpha,
                "alpha": alpha,
                "below": rng.uniform(-1, 1, (*shape[:-2], 3, *shape[-2:])),
            }
        )
    return cases


def paths(rng):
    """A layer that stands still, one that moves to the right, one that grows, and both together, not square."""
    layer = np.zeros((1, 1, 4, 4))
    layer[0, 0, 1, 2] = 1.0
    still = {"layer": layer, "shift": np.zeros((1, 2, 2)), "scale": np.ones((1, 2))}
    right = {"layer": layer, "shift": np.array([[[0.5, 0.0], [0.0, -0.5]]]), "scale": np.ones((1, 2))}
    grow = {
        "layer": rng.normal(0, 1, (2, 4, 6, 6)),
        "shift": np.zeros((2, 3, 2)),
        "scale": rng.uniform(0.5, 1.6, (2, 3)),
    }
    both = {
        "layer": rng.normal(0, 1, (2, 4, 6, 8)),
        "shift": rng.uniform(-0.6, 0.6, (2, 3, 2)),
        "scale": rng.uniform(0.5, 1.6, (2, 3)),
    }
    return [still, right, grow, both]


def cells(rng):
    """Small GRU cells with given weights; one clip, several, one frame."""
    cases = []
    for batch, drive, hidden, frames in ((1, 2, 2, 3), (3, 4, 5, 8), (2, 3, 4, 1)):
        cases.append(
            {
                "input": rng.normal(0, 0.8, (3 * hidden, drive)),
                "recurrent": rng.normal(0, 0.8, (3 * hidden, hidden)),
                "start": rng.normal(0, 1, (batch, hidden)),
                "drive": rng.normal(0, 1, (batch, drive)),
                "frames": frames,
            }
        )
    return cases


def projections(rng):
    """One clip with round numbers, and batches; the text may point the other way."""
    first = {
        "features": np.array([[1.0, 2.0, 0.0, -1.0]]),
        "text": np.array([[2.0, 0.0, 1.0, -4.0]]),
        "weight": np.array([0.5, 0.5, 0.5, 0.5]),
        "bias": np.array(0.25),
    }
    rows = [first]
    for n, d in ((3, 9), (5, 2)):
        rows.append(
            {
                "features": rng.normal(0, 1, (n, d)),
                "text": rng.normal(0, 1, (n, d)),
                "weight": rng.normal(0, 1, d),
                "bias": np.array(rng.normal()),
            }
        )
    return rows


def label_tables(rng):
    """Neighbours that show the same, a batch of nothing but the same, single differences, a drawn batch."""
    drawn = rng.integers(0, 2, (9, 2))
    drawn[3] = drawn[2]
    drawn[8] = drawn[0]
    return [
        {"labels": np.array([[0, 1], [2, 1], [2, 1], [0, 1]])},
        {"labels": np.array([[1, 1], [1, 1], [1, 1]])},
        {"labels": np.array([[0, 0, 1], [0, 0, 1], [0, 0, 2], [0, 0, 1]])},
        {"labels": drawn},
    ]


def heads(rng):
    """Two attributes with other numbers of words, in order; one where the order of the columns matters."""
    first = {
        "shape": np.array([[2.0, 0.0]]),
        "colour": np.array([[0.0, 1.0, 0.0]]),
        "labels": np.array([[0, 2]]),
    }
    second = {
        "shape": rng.normal(0, 2, (5, 3)),
        "colour": rng.normal(0, 2, (5, 3)),
        "motion": rng.normal(0, 2, (5, 4)),
        "labels": np.stack([rng.integers(0, 3, 5), rng.integers(0, 3, 5), rng.integers(0, 4, 5)], 1),
    }
    one = {"motion": rng.normal(0, 2, (4, 3)), "labels": rng.integers(0, 3, (4, 1))}
    return [first, second, one]


def averages(rng):
    """Round numbers first; a mean that forgets nothing and one that forgets everything."""
    cases = [{"average": np.array([[1.0, 0.0]]), "model": np.array([[0.0, 4.0]]), "decay": 0.9}]
    for decay in (0.995, 0.3, 1.0, 0.0):
        cases.append({"average": rng.normal(0, 1, (2, 3)), "model": rng.normal(0, 1, (2, 3)), "decay": decay})
    return cases


def feature_clouds(rng):
    """Clouds with a known distance (only moved: its square), of other spread, of other correlation."""
    a = rng.normal(0, 1, (60, 3))
    mixed = rng.normal(0, 1, (80, 3)) @ rng.normal(0, 1, (3, 3))
    return [
        {"a": a, "b": a + np.array([3.0, 4.0, 0.0])},
        {"a": a, "b": 2 * a},
        {"a": a, "b": mixed},
        {"a": rng.normal(0, 1, (40, 2)), "b": rng.normal(1, 2, (50, 2))},
    ]


def tables(rng):
    """A table that can be read by eye, a tie, drawn ones."""
    tie = np.array([[1.0, 1.0], [0.0, 2.0]])
    drawn = rng.normal(0, 1, (7, 7)) + 1.2 * np.eye(7)
    slanted = rng.normal(0, 1, (6, 6)) + np.arange(6) * 1.5  # one caption that fits everything
    return [{"scores": np.array([[3.0, 1.0, 0.0], [5.0, 4.0, 1.0], [0.0, 1.0, 2.0]])}, {"scores": tie},
            {"scores": drawn}, {"scores": slanted + np.eye(6)}]  # fmt: skip


def stack_frames_by_permute(clips):
    b, c, t, h, w = clips.shape
    return clips.permute(0, 2, 1, 3, 4).contiguous().view(b, t * c, h, w)


def stack_frames_by_cat(clips):
    return torch.cat([clips[:, :, t] for t in range(clips.shape[2])], 1)


def place_by_grid(layer, shift, scale):
    n, _, h, w = layer.shape
    t = scale.shape[1]
    y = (torch.arange(h, dtype=layer.dtype) + 0.5) / h * 2 - 1
    x = (torch.arange(w, dtype=layer.dtype) + 0.5) / w * 2 - 1
    out = []
    for k in range(t):
        s = scale[:, k, None, None]
        gx = (x[None, None, :] - shift[:, k, 0, None, None]) / s
        gy = (y[None, :, None] - shift[:, k, 1, None, None]) / s
        grid = torch.stack([gx.expand(n, h, w), gy.expand(n, h, w)], -1)
        out.append(F.grid_sample(layer, grid, align_corners=False))
    return torch.stack(out, 1)


def place_by_repeat(layer, shift, scale):
    n, t = scale.shape
    c, h, w = layer.shape[1:]
    many = layer[:, None].expand(n, t, c, h, w).reshape(n * t, c, h, w)
    s, m = scale.reshape(-1), shift.reshape(-1, 2)
    theta = torch.zeros(n * t, 2, 3, dtype=layer.dtype)
    theta[:, 0, 0] = theta[:, 1, 1] = 1 / s
    theta[:, :, 2] = -m / s[:, None]
    grid = F.affine_grid(theta, many.shape, align_corners=False)
    return F.grid_sample(many, grid, align_corners=False).reshape(n, t, c, h, w)


def over_by_lerp(colour, alpha, below):
    return below - alpha * below + colour


def over_with_where(colour, alpha, below):
    clear = torch.ones_like(alpha) - alpha
    return torch.add(colour, clear * below)


def motion_states_by_index(cell, start, drive, frames):
    out = torch.empty(len(start), frames, start.shape[1], dtype=start.dtype)
    h = start
    for k in range(frames):
        h = cell(drive, h)
        out[:, k] = h
    return out


def motion_states_in_a_list(cell, start, drive, frames):
    state = start
    return torch.stack([state := cell(drive, state) for _ in range(frames)], 1)


def projection_by_einsum(features, text, weight, bias):
    d = features.shape[1]
    return (
        torch.einsum("nd,d->n", features, weight)
        + bias
        + torch.einsum("nd,nd->n", features, text) / np.sqrt(d)
    )


def projection_in_one(features, text, weight, bias):
    return (features * (weight + text / features.shape[1] ** 0.5)).sum(1) + bias


def mismatched_by_roll(labels):
    n = len(labels)
    order = np.arange(n)
    done = np.zeros(n, bool)
    for step in range(1, n):
        other = (np.arange(n) + step) % n
        good = (labels[other] != labels).any(1) & ~done
        order[good] = other[good]
        done |= good
    return order


def mismatched_by_lists(labels):
    rows = [tuple(row) for row in labels.tolist()]
    found = []
    for k, row in enumerate(rows):
        turned = list(range(k + 1, len(rows))) + list(range(k))
        others = [j for j in turned if rows[j] != row]
        found.append(others[0] if others else k)
    return np.array(found)


def attribute_loss_by_log_softmax(logits, labels):
    total = 0
    for k, name in enumerate(logits):
        logs = torch.log_softmax(logits[name], 1)
        total = total - logs[torch.arange(len(labels)), labels[:, k]].mean()
    return total


def attribute_loss_by_zip(logits, labels):
    parts = [F.nll_loss(F.log_softmax(t, -1), column) for t, column in zip(logits.values(), labels.T)]
    return torch.stack(parts).sum()


def update_average_by_hand(average, model, decay):
    with torch.no_grad():
        for mean, weight in zip(average.parameters(), model.parameters()):
            mean.copy_(decay * mean + (1 - decay) * weight)


@torch.no_grad()
def update_average_by_data(average, model, decay):
    theirs = dict(model.named_parameters())
    for name, mean in average.named_parameters():
        mean.mul_(decay).add_(theirs[name], alpha=1 - decay)


def frechet_by_matrix_root(a, b):
    from scipy import linalg

    A, B = np.cov(a.T), np.cov(b.T)
    root = linalg.sqrtm(A @ B).real
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(A + B - 2 * root))


def frechet_by_symmetric_root(a, b):
    A, B = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    values, vectors = np.linalg.eigh(A)
    half = vectors @ np.diag(np.sqrt(np.maximum(values, 0))) @ vectors.T
    middle = np.sqrt(np.maximum(np.linalg.eigvalsh(half @ B @ half), 0)).sum()
    gap = a.mean(0) - b.mean(0)
    return float(gap @ gap + np.trace(A) + np.trace(B) - 2 * middle)


def r_precision_by_loop(scores):
    right = 0
    for k in range(len(scores)):
        rest = [scores[k, j] for j in range(len(scores)) if j != k]
        right += scores[k, k] > max(rest)
    return right / len(scores)


def r_precision_by_count(scores):
    own = scores.diagonal()[:, None]
    return float(((scores >= own).sum(1) == 1).mean())
