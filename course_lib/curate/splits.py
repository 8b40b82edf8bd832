"""Training and test sets between which nothing leaks."""

import numpy as np


def grouped_split(groups, share, order):
    """Which items are held out for testing, whole groups at a time.

    Groups go to the test set one after the other, in the given order, as long as it then holds at most `share` of
    all items; a group that is too large is passed over, and the next one is tried.

    Args:
        groups: the group of each item, whole numbers from 0, (n,).
        share: largest share of the items in the test set, from 0 to 1.
        order: the groups' numbers in the order in which they are tried, each once.

    Returns:
        Booleans (n,): True for the test set.
    """
    test = np.zeros(len(groups), dtype=bool)
    for group in order:
        member = groups == group
        if test.sum() + member.sum() <= share * len(groups):
            test |= member
    return test


def random_split(n: int, share: float, seed: int) -> np.ndarray:
    """The usual split, item by item: True for the test set, (n,)."""
    test = np.zeros(n, bool)
    test[np.random.default_rng([seed, 1]).permutation(n)[: int(share * n)]] = True
    return test


def leaks(groups, test) -> int:
    """How many items of the test set have a relative, an item of the same group, in the training set."""
    groups, test = np.asarray(groups), np.asarray(test)
    return int(np.isin(groups[test], groups[~test]).sum())


def joined_groups(*partitions) -> np.ndarray:
    """Groups in which everything is together that any partition holds together: int64 (n,).

    Args:
        partitions: numbers or names (n,) each, e.g. groups of near-duplicates, and sources.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n, rows, columns, first = len(partitions[0]), [], [], 0
    for partition in partitions:  # a graph of items on one side and groups on the other
        number = np.unique(partition, return_inverse=True)[1].ravel()
        rows.append(np.arange(n))
        columns.append(n + first + number)
        first += number.max(initial=-1) + 1
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    graph = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(n + first, n + first))
    labels = connected_components(graph, directed=False)[1][:n]
    return np.unique(labels, return_inverse=True)[1].astype(np.int64).ravel()


def nearest_label(known, labels, asked) -> np.ndarray:
    """The label of the nearest known item, (m,): a model that does nothing but remember.

    Args:
        known: (n, d) features; labels: (n,); asked: (m, d).
    """
    far = (known**2).sum(1) - 2 * asked @ known.T
    return np.asarray(labels)[far.argmin(1)]
