"""Is it any good? Errors of predicted ratings, and measures of a ranked list.

The two kinds answer different questions, and the model that is best by one is often poor by the other.
"""

import numpy as np

from course_lib.errors import CourseError


def rmse(predicted, actual):
    """Root of the mean squared error, in the ratings' own units.

    Args:
        predicted, actual: arrays of one shape, a column (n,) or a whole table (users, items); a NaN in `actual` is a
            rating that nobody gave, and does not count.

    Returns:
        A number, 0 for perfect predictions.
    """
    known = ~np.isnan(actual)
    return np.sqrt(np.mean((predicted[known] - actual[known]) ** 2))


def mae(predicted, actual) -> float:
    """Mean absolute error of two columns (n,); a large miss counts only as large as it is."""
    predicted, actual = np.asarray(predicted, float), np.asarray(actual, float)
    return float(np.mean(np.abs(predicted - actual)))


def ndcg_at(gains, k):
    """Normalised discounted cumulative gain of one ranked list.

    The gain at place j (1 for the first) is divided by log2(j + 1), as people look at later places less, and the
    first k places are summed. It is divided by the same sum for the best order of the same items.

    Args:
        gains: how good each item of the list is, in the order shown, shape (n,); at least 0.
        k: how many places count.

    Returns:
        A number in [0, 1]; 0 where there is nothing good to find.
    """
    discount = 1 / np.log2(np.arange(2, len(gains) + 2))[:k]
    best = np.sort(gains)[::-1][:k] @ discount
    if best == 0:
        return 0.0
    return gains[:k] @ discount / best


def ranking(recommended: np.ndarray, liked: list, k: int) -> dict[str, float]:
    """Precision, recall and NDCG of the first k places, means over users who have anything to find.

    Args:
        recommended: item ids, shape (users, at least k), best first.
        liked: for each user the ids that he or she did like, any length.
        k: how many places count.

    Returns:
        `precision`, `recall`, `ndcg` in [0, 1], and `users`: how many had something to find.

    Raises:
        CourseError: lengths do not fit, or nobody has anything to find.
    """
    recommended = np.asarray(recommended)
    if recommended.ndim != 2 or len(recommended) != len(liked) or not 1 <= k <= recommended.shape[1]:
        raise CourseError(
            f"recommended must have a row of at least k = {k} items for each of the {len(liked)} users; "
            f"its shape is {recommended.shape}."
        )
    rows = []
    discount = 1 / np.log2(np.arange(2, k + 2))
    for list_, wanted in zip(recommended[:, :k], liked):
        if len(wanted) == 0:
            continue
        hits = np.isin(list_, np.asarray(wanted))
        # the best list there can be holds the liked ones first, as many as have room
        best = discount[: min(k, len(wanted))].sum()
        rows.append((hits.mean(), hits.sum() / len(wanted), hits @ discount / best))
    if not rows:
        raise CourseError("nobody in the test set has liked anything: there is nothing to rank.")
    precision, recall, ndcg = np.mean(rows, axis=0)
    return {"precision": precision, "recall": recall, "ndcg": ndcg, "users": len(rows)}


def coverage(recommended, items: int) -> float:
    """Share of all items that somebody is recommended."""
    if items < 1:
        raise CourseError("there must be at least one item to cover.")
    return len(np.unique(recommended)) / items


def popularity_bias(recommended, item_ids, counts) -> float:
    """How popular what is recommended is: its mean percentile of popularity, 0.5 for a blind draw, 1 for the top.

    Args:
        recommended: item ids, any shape.
        item_ids: all items, (m,); counts: how often each was watched, (m,).
    """
    item_ids, counts = np.asarray(item_ids), np.asarray(counts, float)
    # equal counts share the middle of their places
    below = np.searchsorted(np.sort(counts), counts, "left") + np.searchsorted(
        np.sort(counts), counts, "right"
    )
    percentile = below / 2 / len(counts)
    order = np.argsort(item_ids)
    at = np.searchsorted(item_ids[order], np.ravel(recommended))
    return float(percentile[order][at].mean())
