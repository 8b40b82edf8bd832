"""Neighbourhood models: what did similar users say, or: what did this user say of similar items?

Two choices make them good. Ratings are compared and averaged as *deviations from the baseline*, so that a
generous user and a well-liked item count for nothing by themselves. And every figure that rests on little is
*shrunk*: a similarity by how many people it rests on, a prediction by how much similarity it rests on.

Nothing of size n x n is ever held: similarities are made for a block of rows, of each row the strongest are kept.
Memory grows with n times `kept`, not with n squared.
"""

import numpy as np
import scipy.sparse as sparse

from course_lib.errors import CourseError
from course_lib.recommend.baseline import Baseline
from course_lib.recommend.table import columns_of, table

PRODUCTS = 2.5e6  # multiplications a block of rows may cost: bounds the memory that a block takes


def strongest(values, indices, count: int):
    """The `count` largest values of one sparse row, with their column numbers."""
    if len(values) <= count:
        return values, indices
    chosen = np.argpartition(values, -count)[-count:]
    return values[chosen], indices[chosen]


def blocks(cost: np.ndarray):
    """(start, end) of runs of rows whose costs add up to about PRODUCTS."""
    ends = np.searchsorted(np.cumsum(cost), np.arange(PRODUCTS, cost.sum() + PRODUCTS, PRODUCTS)) + 1
    bounds = np.unique(np.r_[0, ends.clip(max=len(cost)), len(cost)])
    return zip(bounds[:-1].tolist(), bounds[1:].tolist())


def similarities(
    deviations: sparse.csr_matrix, shrinkage: float, kept: int, least: int = 1
) -> sparse.csr_matrix:
    """Shrunk Pearson-baseline similarity of all rows, of each row the `kept` largest positive ones.

    With the sums taken over the columns that both rows have,
    s_ab = sum d_a d_b / sqrt(sum d_a^2 sum d_b^2) and it is multiplied by (n - 1) / (n - 1 + shrinkage), n the
    number of common columns.

    Args:
        deviations: float (rows, columns), a rating minus its baseline.
        shrinkage: how many common ratings are worth half the trust.
        kept: how many neighbours of each row.
        least: common ratings that a neighbour must have.

    Returns:
        float32 (rows, rows), diagonal 0.

    Source: Koren, *Factor in the Neighbors*, 2010.
    """
    d = deviations.astype(np.float32)
    d.data[np.abs(d.data) < 1e-6] = 1e-6  # a rating exactly at its baseline is still a rating
    squares, marks = d.copy(), d.copy()
    squares.data = d.data**2
    marks.data = np.ones_like(d.data)
    dt, squares_t, marks_t = d.T.tocsr(), squares.T.tocsr(), marks.T.tocsr()
    cost = marks @ np.asarray(marks_t.sum(1)).ravel()
    found = []
    for start, end in blocks(cost):
        common = marks[start:end] @ marks_t
        product = same_places(d[start:end] @ dt, common)
        ours = same_places(squares[start:end] @ marks_t, common)
        theirs = same_places(marks[start:end] @ squares_t, common)
        trust = (common.data - 1) / (common.data - 1 + max(shrinkage, 1e-9))
        values = product * trust / np.sqrt(ours * theirs)
        values[common.data < least] = 0
        found.append(keep_strongest(values, common, start, kept))
    return sparse.vstack(found, format="csr")


def same_places(matrix: sparse.csr_matrix, pattern: sparse.csr_matrix) -> np.ndarray:
    """The entries of `matrix` at the places of `pattern`, in its order.

    Products of matrices with one pattern are laid out alike, but scipy leaves out a sum that is exactly zero.
    """
    if matrix.nnz == pattern.nnz:
        return matrix.data
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    return np.asarray(matrix[rows, pattern.indices]).ravel()


def keep_strongest(values, pattern: sparse.csr_matrix, start: int, kept: int) -> sparse.csr_matrix:
    """Of each row of a block the `kept` largest positive values, without the row itself (`start` + its number)."""
    data, columns, ends = [], [], [0]
    for row in range(pattern.shape[0]):
        place = slice(pattern.indptr[row], pattern.indptr[row + 1])
        v, c = values[place], pattern.indices[place]
        good = (v > 0) & (c != start + row)
        v, c = strongest(v[good], c[good], kept)
        data.append(v)
        columns.append(c)
        ends.append(ends[-1] + len(v))
    parts = np.concatenate(data), np.concatenate(columns), np.array(ends)
    return sparse.csr_matrix(parts, shape=pattern.shape)


class _Neighbours:
    """What item and user neighbourhoods have in common; `self.by_items` says which is which."""

    by_items: bool

    def __init__(self, k: int = 40, shrinkage: float = 100, damping: float = 0.5, kept: int = 1000):
        if k < 1 or kept < 1 or shrinkage < 0 or damping < 0:
            raise CourseError("k and kept must be at least 1; shrinkage and damping may not be negative.")
        self.k, self.shrinkage, self.damping, self.kept = k, shrinkage, damping, kept

    def fit(self, users, items, ratings):
        """Learn from three columns (n,): ids of users, ids of items, ratings.

        Raises:
            CourseError: no rows, unequal lengths, NaN, or a pair that stands there twice.
        """
        self.known = table(users, items, ratings)
        self.baseline = Baseline().fit_table(self.known)
        self.low, self.high = self.known.values.min(), self.known.values.max()
        by_user = self.known.matrix(self.baseline.deviations())
        rated = by_user.T.tocsr() if self.by_items else by_user
        self.similarity = similarities(rated, self.shrinkage, self.kept)
        # whose ratings are averaged: a user's own (by items), or an item's raters' (by users)
        self.histories = rated.T.tocsr()
        return self

    def predict(self, users, items) -> np.ndarray:
        """Ratings (n,) for pairs of ids, within the scale that was seen.

        Baseline plus the weighted deviations of the k most similar neighbours that have a rating. Without any
        such neighbour (new user, new item, no overlap) it is the baseline.
        """
        users, items = columns_of(users, items)
        u, i = self.known.users.rows(users), self.known.items.rows(items)
        predicted = self.baseline.of_rows(u, i)
        target, history = (i, u) if self.by_items else (u, i)
        usable = np.flatnonzero((u >= 0) & (i >= 0))
        usable = usable[np.argsort(history[usable], kind="stable")]
        for pairs in np.split(usable, np.flatnonzero(np.diff(history[usable])) + 1):
            if len(pairs):
                predicted[pairs] += self._lift(target[pairs], history[pairs[0]])
        return predicted.clip(self.low, self.high)

    def _lift(self, targets, row) -> np.ndarray:
        """Weighted deviations for some targets that share one history (a row of `histories`)."""
        place = slice(self.histories.indptr[row], self.histories.indptr[row + 1])
        columns, deviations = self.histories.indices[place], self.histories.data[place]
        weights = self.similarity[targets][:, columns].toarray()
        if len(columns) > self.k:
            limit = np.partition(weights, -self.k, axis=1)[:, -self.k, None]
            weights[weights < limit] = 0
        total = weights.sum(1) + self.damping
        return np.divide(weights @ deviations, total, out=np.zeros(len(targets)), where=total > 0)


class ItemKNN(_Neighbours):
    """Item neighbourhoods: a user will rate an item as he or she rated similar items.

    Args:
        k: neighbours that a prediction averages at most.
        shrinkage: common raters that are worth half the trust in a similarity.
        damping: so much similarity at deviation 0 is added to every prediction: it shrinks what rests on little.
        kept: neighbours of each item that are kept.
    """

    by_items = True


class UserKNN(_Neighbours):
    """User neighbourhoods: a user will rate an item as similar users rated it. Arguments as `ItemKNN`."""

    by_items = False
