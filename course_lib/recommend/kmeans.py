"""k-means by hand: assign, move, repeat; good starts, several of them; and in small batches."""

import numpy as np
import scipy.sparse as sparse

from course_lib.errors import CourseError

PORTION = 2048  # points whose distances are held at once: small enough for the processor's cache


def assign(points, centres):
    """The nearest centre of every point.

    Args:
        points: shape (n, d).
        centres: shape (k, d).

    Returns:
        Numbers of centres, integers of shape (n,); the lower number where two are equally near.
    """
    squared = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return squared.argmin(axis=1)


def update_centres(points, labels, centres):
    """Every centre moves to the mean of its points; a centre without any point stays where it is.

    Args:
        points: shape (n, d).
        labels: the centre of every point, integers of shape (n,).
        centres: where they are now, shape (k, d).

    Returns:
        New centres, shape (k, d).
    """
    moved = centres.astype(float)
    for cluster in range(len(centres)):
        members = points[labels == cluster]
        if len(members) > 0:
            moved[cluster] = members.mean(axis=0)
    return moved


def next_start(points, chosen, u):
    """k-means++: draw the next starting centre, far points the more likely.

    A point's chance is proportional to its squared distance to the nearest centre chosen so far.

    Args:
        points: shape (n, d).
        chosen: the centres so far, shape (c, d).
        u: a uniform random number in [0, 1): the first point at which the running total of the chances
            is above u is drawn.

    Returns:
        The number of the point, an integer.
    """
    squared = ((points[:, None, :] - chosen[None, :, :]) ** 2).sum(axis=2).min(axis=1)
    running = np.cumsum(squared) / squared.sum()
    return int(np.argmax(running > u))


def inertia(points, labels, centres):
    """The sum of the squared distances of all points to their own centres: what k-means makes small."""
    return ((points - centres[labels]) ** 2).sum()


def pair_objective(points, labels):
    """The article's objective, cluster by cluster: squared distances of all ordered pairs within a cluster, summed.

    No pair has to be looked at: over all ordered pairs of n points, sum |x_i - x_j|^2 = 2 n sum |x_i - mean|^2.

    Args:
        points: shape (n, d).
        labels: shape (n,).

    Returns:
        A number.
    """
    total = 0.0
    for cluster in np.unique(labels):
        members = points[labels == cluster]
        total += 2 * len(members) * ((members - members.mean(axis=0)) ** 2).sum()
    return total


class KMeans:
    """Lloyd's k-means with k-means++ starts; the best of `n_init` runs is kept.

    Args:
        n_clusters: k.
        n_init: how many starts.
        random_state: seed; the same seed gives the same clusters.
        max_iter: moves at most in one run.
        tol: a run ends when the centres move less than this, as a share of the mean variance.

    Attributes after `fit`:
        centres (k, d), labels (n,), inertia, history: one inertia a move of the best run.
    """

    def __init__(
        self,
        n_clusters: int = 8,
        n_init: int = 10,
        random_state: int = 0,
        max_iter: int = 300,
        tol: float = 1e-4,
    ):
        if n_clusters < 1 or n_init < 1 or max_iter < 1 or tol < 0:
            raise CourseError("n_clusters, n_init and max_iter must be at least 1, and tol not negative.")
        self.n_clusters, self.n_init, self.random_state = n_clusters, n_init, random_state
        self.max_iter, self.tol = max_iter, tol

    def fit(self, X) -> "KMeans":
        """Cluster the rows of X (n, d).

        Raises:
            CourseError: X is no table of finite numbers, or has fewer different rows than clusters.
        """
        X = checked(X, self.n_clusters)
        rng = np.random.default_rng(self.random_state)
        # distances do not change when everything moves, and small numbers lose fewer digits
        middle = X.mean(0)
        X = X - middle
        norms = np.einsum("nd,nd->n", X, X)
        limit = self.tol * X.var(0).mean()
        best = None
        for _ in range(self.n_init):
            run = lloyd(X, norms, starts(X, norms, self.n_clusters, rng), self.max_iter, limit)
            if best is None or run[2][-1] < best[2][-1]:
                best = run
        centres, self.labels, self.history = best
        self.centres = centres + middle
        self.inertia = self.history[-1]
        return self

    def predict(self, X) -> np.ndarray:
        """The nearest centre of each row of X (n, d)."""
        X = checked(X, 1)
        if X.shape[1] != self.centres.shape[1]:
            raise CourseError(f"these rows have {X.shape[1]} columns, the clusters {self.centres.shape[1]}.")
        return nearest(X, self.centres)[0]


def checked(X, clusters: int) -> np.ndarray:
    """X as float64 (n, d), or an error that says what is wrong."""
    X = np.asarray(X)
    if X.dtype.kind not in "fiub" or X.ndim != 2 or X.size == 0:
        raise CourseError(
            f"k-means needs a table of numbers, a row each; this has shape {X.shape} and type {X.dtype}."
        )
    X = np.ascontiguousarray(X, dtype=float)
    if not np.isfinite(X).all():
        raise CourseError(
            "k-means cannot place NaN or infinite numbers: fill them in or drop their rows first."
        )
    # sorting all rows would cost more than clustering them: mostly the first thousand are different enough
    if clusters > 1 and all(len(np.unique(X[:some], axis=0)) < clusters for some in (1000, 100_000)):
        raise CourseError(
            f"{clusters} clusters need at least {clusters} different rows; ask for fewer clusters."
        )
    return X


def nearest(X, centres) -> tuple[np.ndarray, np.ndarray]:
    """`assign` for many points: labels (n,), and for each |c|^2 - 2 x.c of its centre (add |x|^2: the distance).

    |x - c|^2 = |x|^2 - 2 x.c + |c|^2, so that one matrix product does it; |x|^2 is the same for all centres.
    """
    labels, left = np.empty(len(X), np.intp), np.empty(len(X))
    squares, twice = np.einsum("kd,kd->k", centres, centres), np.ascontiguousarray(-2 * centres.T)
    for start in range(0, len(X), PORTION):
        part = X[start : start + PORTION] @ twice
        part += squares
        labels[start : start + PORTION] = found = part.argmin(1)
        left[start : start + PORTION] = part[np.arange(len(part)), found]
    return labels, left


def starts(X, norms, k: int, rng) -> np.ndarray:
    """k-means++ starts; of a few candidates each time the one that helps most.

    Source: Arthur and Vassilvitskii, *k-means++: The Advantages of Careful Seeding*, 2007.
    """
    tries = 2 + int(np.log(k))
    first = rng.integers(len(X))
    chosen = [first]
    distance = norms - 2 * X @ X[first] + norms[first]
    distance = distance.clip(min=0)
    for _ in range(k - 1):
        running = np.cumsum(distance)
        candidates = np.searchsorted(running, rng.random(tries) * running[-1]).clip(max=len(X) - 1)
        new = norms[candidates, None] - 2 * X[candidates] @ X.T
        new += norms
        np.minimum(new, distance, out=new)
        winner = new.sum(1).argmin()
        distance = new[winner].clip(min=0)
        chosen.append(candidates[winner])
    return X[chosen].copy()


def lloyd(X, norms, centres, max_iter: int, limit: float):
    """Assign and move until the centres rest: (centres, labels, inertia after every assignment)."""
    history, labels = [], None
    for _ in range(max_iter):
        old, (labels, left) = labels, nearest(X, centres)
        history.append(max(float(left.sum() + norms.sum()), 0.0))
        if old is not None and np.array_equal(old, labels):
            return centres, labels, history
        moved = means(X, labels, centres, norms + left)
        shift = ((moved - centres) ** 2).sum()
        centres = moved
        if shift <= limit:
            break
    labels, left = nearest(X, centres)
    history.append(max(float(left.sum() + norms.sum()), 0.0))
    return centres, labels, history


def means(X, labels, centres, distance) -> np.ndarray:
    """`update_centres` for many points, with one difference: an empty cluster restarts at the worst served point."""
    k = len(centres)
    one_hot = sparse.csr_matrix((np.ones(len(X)), labels, np.arange(len(X) + 1)), shape=(len(X), k))
    counts = np.bincount(labels, minlength=k)
    moved = (one_hot.T @ X) / np.maximum(counts, 1)[:, None]
    empty = np.flatnonzero(counts == 0)
    if len(empty):
        moved[empty] = X[np.argsort(-distance)[: len(empty)]]
    return moved


def mini_batch(X, k: int, batch: int = 256, steps: int = 200, random_state: int = 0) -> np.ndarray:
    """Centres (k, d) found from small random batches: each centre is the running mean of what it was given.

    For data that are too many to be looked at in every step. Source: Sculley, *Web-Scale K-Means Clustering*, 2010.
    """
    X = checked(X, k)
    rng = np.random.default_rng(random_state)
    some = X[rng.choice(len(X), min(len(X), 10 * batch), replace=False)]
    centres = starts(some, np.einsum("nd,nd->n", some, some), k, rng)
    counts = np.zeros(k)
    for _ in range(steps):
        given = X[rng.integers(len(X), size=batch)]
        labels, _ = nearest(given, centres)
        new = np.bincount(labels, minlength=k)
        counts += new
        used = np.flatnonzero(new)
        for cluster in used:
            step = new[cluster] / counts[cluster]
            centres[cluster] += step * (given[labels == cluster].mean(0) - centres[cluster])
    return centres
