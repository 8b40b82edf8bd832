"""Ratings as a learner has them (three columns) and as the models want them (a sparse matrix)."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from course_lib.errors import CourseError


class Index:
    """Ids of users or items, whatever they are (numbers, text), and their row numbers.

    Attributes:
        ids: the ids, sorted, each once.
    """

    def __init__(self, ids):
        self.ids = np.unique(np.asarray(ids))

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids) -> np.ndarray:
        """Row number of every id, int64; -1 for an id that is not known."""
        ids = np.atleast_1d(np.asarray(ids))
        text = [array.dtype.kind in "UO" for array in (ids, self.ids)]
        if len(self.ids) == 0 or text[0] != text[1]:
            return np.full(len(ids), -1)
        at = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        return np.where(self.ids[at] == ids, at, -1)


@dataclass(frozen=True)
class Table:
    """Ratings of known users and items.

    Attributes:
        users, items: the ids.
        u, i: row numbers, int64 (n,).
        values: float64 (n,).
    """

    users: Index
    items: Index
    u: np.ndarray
    i: np.ndarray
    values: np.ndarray

    def matrix(self, values=None) -> sparse.csr_matrix:
        """Users x items, float64; `values` (n,) in place of the ratings."""
        values = self.values if values is None else values
        return sparse.csr_matrix((values, (self.u, self.i)), shape=(len(self.users), len(self.items)))


def table(users, items, values) -> Table:
    """Check three columns and number their users and items.

    Args:
        users, items: ids, (n,).
        values: ratings or weights, (n,).

    Raises:
        CourseError: no rows, columns of different length, values that are not finite numbers, an id that is
            missing, or a pair of user and item that stands there twice.
    """
    users, items, values = np.asarray(users), np.asarray(items), np.asarray(values, dtype=float)
    if not (users.shape == items.shape == values.shape) or values.ndim != 1:
        raise CourseError(
            f"users, items and values must be columns of the same length; they have the shapes "
            f"{users.shape}, {items.shape} and {values.shape}."
        )
    if len(values) == 0:
        raise CourseError("there are no ratings at all: a model needs at least one row to learn from.")
    strange = int((~np.isfinite(values)).sum())
    if strange:
        raise CourseError(
            f"{strange} of {len(values)} values are NaN or infinite: drop these rows first, see recommend.cleaning."
        )
    for name, ids in (("users", users), ("items", items)):
        lost = sum(one is None or one != one for one in ids) if ids.dtype.kind == "O" else 0
        lost = int(np.isnan(ids).sum()) if ids.dtype.kind == "f" else lost
        if lost:
            raise CourseError(
                f"{lost} of {len(ids)} {name} have no id (NaN or None): drop these rows first, see recommend.cleaning."
            )
    known_users, known_items = Index(users), Index(items)
    u, i = known_users.rows(users), known_items.rows(items)
    pairs, counts = np.unique(u * len(known_items) + i, return_counts=True)
    if len(pairs) < len(values):
        first = pairs[np.argmax(counts > 1)]
        user, item = known_users.ids[first // len(known_items)], known_items.ids[first % len(known_items)]
        raise CourseError(
            f"{len(values) - len(pairs)} pairs of user and item stand there more than once, first user {user} "
            f"and item {item}: keep one row of each, see recommend.cleaning."
        )
    return Table(known_users, known_items, u, i, values)


def columns_of(users, items) -> tuple[np.ndarray, np.ndarray]:
    """Users and items of equal length for a prediction; a single one goes with all of the other column."""
    users, items = np.broadcast_arrays(np.atleast_1d(users), np.atleast_1d(items))
    if users.ndim != 1:
        raise CourseError(f"users and items must be columns; they have {users.ndim} axes.")
    return users, items
