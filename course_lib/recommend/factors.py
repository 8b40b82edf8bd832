"""Models of the whole matrix: factors by alternating least squares, explicit and implicit, and EASE.

A fact that makes all of them short: the sums over one user's items, for all users at once, are one sparse
product. With a mask M (users x items) and for each item the f x f matrix q q^T written as a row of f*f numbers,
`M @ rows` holds every user's normal equations.
"""

import numpy as np

from course_lib.errors import CourseError
from course_lib.recommend.baseline import Baseline
from course_lib.recommend.table import Index, columns_of, table


def ridge_factor(factors, targets, penalty):
    """One user's factors from the items rated: the p that makes |targets - factors p|^2 + penalty |p|^2 smallest.

    Set the gradient to zero: (Q^T Q + penalty I) p = Q^T r, with Q the items' factors and r what is to be explained.

    Args:
        factors: of the n rated items, shape (n, f).
        targets: rating minus baseline of each, shape (n,).
        penalty: above 0.

    Returns:
        p, shape (f,).
    """
    normal = factors.T @ factors + penalty * np.eye(factors.shape[1])
    return np.linalg.solve(normal, factors.T @ targets)


def outer_rows(factors: np.ndarray) -> np.ndarray:
    """q q^T of every row, as a row of f*f numbers."""
    return (factors[:, :, None] * factors[:, None, :]).reshape(len(factors), -1)


class ALS:
    """Rating = mean + user bias + item bias + p_u . q_i, all found by alternating least squares.

    With the items' factors held still every user's are a ridge regression (`ridge_factor`); then the other way
    round; then the biases, from what the factors leave. The penalty of a user grows with the number of his or her ratings, as in Zhou, Wilkinson, Schreiber and
    Pan, *Large-Scale Parallel Collaborative Filtering for the Netflix Prize*, 2008.

    Args:
        factors: f, how many numbers describe a user and an item.
        regularisation: the penalty for each rating.
        sweeps: how often users and items take turns.
        prior: so many ratings' worth of penalty everybody has besides.
        random_state: seed of the first item factors.
    """

    def __init__(
        self,
        factors: int = 10,
        regularisation: float = 0.1,
        sweeps: int = 6,
        prior: float = 20.0,
        random_state: int = 0,
    ):
        if factors < 1 or regularisation <= 0 or sweeps < 1 or prior < 0:
            raise CourseError(
                "ALS needs factors and sweeps of at least 1, a regularisation above 0, no negative prior."
            )
        self.factors, self.regularisation, self.sweeps = factors, regularisation, sweeps
        self.prior, self.random_state = prior, random_state

    def fit(self, users, items, ratings) -> "ALS":
        """Learn from three columns (n,); raises CourseError for no rows, NaN, doubles."""
        self.known = known = table(users, items, ratings)
        self.low, self.high = known.values.min(), known.values.max()
        # factors take over part of what the biases explained: these are damped less, and settled anew every sweep
        self.baseline = Baseline(item_damping=3, user_damping=5).fit_table(known)
        mask = known.matrix(np.ones(len(known.values)))
        mask_t = mask.T.tocsr()
        rng = np.random.default_rng(self.random_state)
        self.item_factors = rng.normal(0, 0.1, (len(known.items), self.factors))
        for _ in range(self.sweeps):
            left = known.matrix(self.baseline.deviations())
            self.user_factors = self._solved(left, mask, self.item_factors)
            self.item_factors = self._solved(left.T.tocsr(), mask_t, self.user_factors)
            taste = np.einsum("nf,nf->n", self.user_factors[known.u], self.item_factors[known.i])
            self.baseline.settle(known.values - self.baseline.mean - taste, 2)
        return self

    def _solved(self, left, mask, factors) -> np.ndarray:
        """The factors of all rows at once, the columns' factors given."""
        f = self.factors
        normal = (mask @ outer_rows(factors)).reshape(-1, f, f)
        counts = np.diff(mask.indptr) + self.prior
        normal += self.regularisation * np.maximum(counts, 1)[:, None, None] * np.eye(f)
        return np.linalg.solve(normal, (left @ factors)[:, :, None])[:, :, 0]

    def predict(self, users, items) -> np.ndarray:
        """Ratings (n,) for pairs of ids, within the scale that was seen; unknown ones get the baseline."""
        users, items = columns_of(users, items)
        u, i = self.known.users.rows(users), self.known.items.rows(items)
        both = (u >= 0) & (i >= 0)
        taste = np.where(both, np.einsum("nf,nf->n", self.user_factors[u], self.item_factors[i]), 0.0)
        return (self.baseline.of_rows(u, i) + taste).clip(self.low, self.high)


class _Ranker:
    """What the models for ranking share: interactions without ratings, scores for whole rows, recommendations."""

    def fit(self, users, items, weights=None):
        """Learn from what was watched: ids (n,) of users and items, each pair once, `weights` (n,) or all 1."""
        weights = np.ones(len(np.atleast_1d(users))) if weights is None else weights
        self.known = table(users, items, weights)
        self.seen = self.known.matrix()
        self.popularity = np.asarray((self.seen > 0).sum(0)).ravel().astype(float)
        self._fit()
        return self

    @property
    def items(self) -> Index:
        return self.known.items

    def scores(self, users) -> np.ndarray:
        """Scores (users, items) for all known items, in the order of `items.ids`.

        A user without a history gets the items' popularity: the best guess about nobody in particular.
        """
        rows = self.known.users.rows(users)
        scores = np.tile(self.popularity / self.popularity.sum(), (len(rows), 1))
        if (rows >= 0).any():
            scores[rows >= 0] = self._scores(rows[rows >= 0])
        return scores

    def recommend(self, users, n: int = 10) -> np.ndarray:
        """The n best items (ids, best first) that each user has not had yet, shape (users, n).

        Raises:
            CourseError: somebody has fewer than n items left.
        """
        rows, scores = self.known.users.rows(users), self.scores(users)
        for place, row in enumerate(rows):
            if row >= 0:
                scores[place, self.seen[row].indices] = -np.inf
        left = int(np.isfinite(scores).sum(1).min(initial=len(self.items)))
        if left < n:
            raise CourseError(
                f"{n} recommendations were asked for, but a user has only {left} items left; ask for fewer."
            )
        return self.items.ids[np.argsort(-scores, axis=1, kind="stable")[:, :n]]


class Popularity(_Ranker):
    """The same list for everybody: what most have watched. The rival that has to be beaten."""

    def _fit(self):
        pass

    def _scores(self, rows):
        return np.tile(self.popularity / self.popularity.sum(), (len(rows), 1))


class EASE(_Ranker):
    """A linear model from items to items, in closed form.

    B makes |X - X B|^2 + regularisation |B|^2 smallest with a diagonal of zeros; a user's scores are x B.

    Source: Steck, *Embarrassingly Shallow Autoencoders for Sparse Data*, 2019.
    """

    def __init__(self, regularisation: float = 200.0):
        if regularisation <= 0:
            raise CourseError("EASE needs a regularisation above 0.")
        self.regularisation = regularisation

    def _fit(self):
        if len(self.items) > 20_000:
            raise CourseError(
                f"EASE inverts a matrix of items x items; {len(self.items)} items are too many, keep the 20,000 most watched."
            )
        self.weights = ease_weights((self.seen.T @ self.seen).toarray(), self.regularisation)

    def _scores(self, rows):
        return self.seen[rows] @ self.weights


def ease_weights(gram, penalty):
    """Weights B with a zero diagonal that best rebuild X as X B, from the matrix X^T X.

    With P = (X^T X + penalty I)^-1 it is B_ij = -P_ij / P_jj off the diagonal: every column is divided by
    its own diagonal entry.

    Args:
        gram: X^T X, how often two items were watched by the same person, shape (items, items).
        penalty: above 0.

    Returns:
        B, shape (items, items).
    """
    inverse = np.linalg.inv(gram + penalty * np.eye(len(gram)))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights


class ImplicitALS(_Ranker):
    """Factors for what was watched, with everything else as a weak 'no'.

    Every pair counts: watched ones as 1 with the confidence 1 + alpha * weight, all others as 0 with the
    confidence 1. The sum over all items is the same for everybody, so that only the watched ones are added.

    Source: Hu, Koren and Volinsky, *Collaborative Filtering for Implicit Feedback Datasets*, 2008.
    """

    def __init__(
        self,
        factors: int = 16,
        regularisation: float = 20.0,
        alpha: float = 2.0,
        sweeps: int = 8,
        random_state: int = 0,
    ):
        if factors < 1 or regularisation <= 0 or alpha <= 0 or sweeps < 1:
            raise CourseError(
                "ImplicitALS needs factors and sweeps of at least 1, regularisation and alpha above 0."
            )
        self.factors, self.regularisation, self.alpha = factors, regularisation, alpha
        self.sweeps, self.random_state = sweeps, random_state

    def _fit(self):
        rng = np.random.default_rng(self.random_state)
        self.item_factors = rng.normal(0, 0.1, (len(self.items), self.factors))
        watched_by = self.seen.T.tocsr()
        for _ in range(self.sweeps):
            self.user_factors = self._solved(self.seen, self.item_factors)
            self.item_factors = self._solved(watched_by, self.user_factors)

    def _solved(self, seen, factors) -> np.ndarray:
        f = self.factors
        extra = self.alpha * seen
        whole = factors.T @ factors + self.regularisation * np.eye(f)
        wanted = seen.copy()
        wanted.data = 1 + extra.data
        solved = np.empty((seen.shape[0], f))
        rows = outer_rows(factors)
        for start in range(0, len(solved), 4096):  # a user's normal equations are f*f numbers: in portions
            part = slice(start, start + 4096)
            normal = whole + (extra[part] @ rows).reshape(-1, f, f)
            solved[part] = np.linalg.solve(normal, (wanted[part] @ factors)[:, :, None])[:, :, 0]
        return solved

    def _scores(self, rows):
        return self.user_factors[rows] @ self.item_factors.T
