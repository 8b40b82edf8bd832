"""Who can be recognised in a table without names? Uniqueness, linkage, generalisation, diversity.

A *quasi-identifier* is a column that is no name and yet is known to others: how many people somebody follows
stands on a public page. Rows that agree in all of them form a *class*; whoever is alone in it can be found.
"""

import numpy as np

from course_lib.errors import CourseError


def class_sizes(table):
    """For each person: how many people in the table look exactly like this one.

    The table is k-anonymous for k = the smallest of these numbers.

    Args:
        table: quasi-identifiers, one row a person, shape (n, d).

    Returns:
        Whole numbers of at least 1 (everybody looks like oneself), shape (n,).

    Source: Sweeney, *k-anonymity: a model for protecting privacy*, 2002.
    """
    _, place, counts = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    return counts[place.ravel()]


def link(known, released, tolerance):
    """A linkage attack: who of the outside world is which row of a table without names?

    A row of the table fits a person if every column differs by at most its tolerance. Only if exactly one row
    fits has the person been found.

    Args:
        known: what the attacker knows of each person, shape (m, d).
        released: the table, shape (n, d).
        tolerance: of each column, at least 0, shape (d,).

    Returns:
        For each person the number of the row, or -1 if none or several fit; shape (m,).
    """
    fits = (np.abs(known[:, None, :] - released[None, :, :]) <= tolerance).all(axis=2)
    return np.where(fits.sum(axis=1) == 1, fits.argmax(axis=1), -1)


def best_cut(table, k):
    """Where Mondrian cuts a group of people in two, so that at least k are left on either side.

    It tries the columns from the widest to the narrowest (width: largest minus smallest value; of equally wide
    ones the first) and takes the first whose median will do: on the one side who is at most at the median, on
    the other who is above.

    Args:
        table: columns of comparable scale, shape (n, d).
        k: at least 1.

    Returns:
        (column, threshold), or (-1, 0.0) if no column can be cut.

    Source: LeFevre, DeWitt, Ramakrishnan, *Mondrian Multidimensional K-Anonymity*, 2006.
    """
    for column in np.argsort(-np.ptp(table, axis=0), kind="stable"):
        threshold = np.median(table[:, column])
        low = np.sum(table[:, column] <= threshold)
        if low >= k and len(table) - low >= k:
            return int(column), float(threshold)
    return -1, 0.0


def diversity(classes, sensitive):
    """Entropy l-diversity: how many values of a sensitive column an attacker has to choose from, in effect.

    With p the shares of the values within a class, H = -sum p log p is its entropy and exp(H) the number of equally
    frequent values that would be as uncertain. The worst class counts.

    Args:
        classes: the class of each person, shape (n,).
        sensitive: what shall not be learned, shape (n,).

    Returns:
        The smallest exp(H) of all classes: 1 where some class gives its people away.

    Source: Machanavajjhala, Kifer, Gehrke, Venkitasubramaniam, *l-Diversity: Privacy Beyond k-Anonymity*, 2007.
    """
    least = np.inf
    for one in np.unique(classes):
        _, counts = np.unique(sensitive[classes == one], return_counts=True)
        shares = counts / counts.sum()
        least = min(least, np.exp(-np.sum(shares * np.log(shares))))
    return least


def scaled(table, logarithm=()) -> np.ndarray:
    """Columns of comparable scale for `mondrian`: counts as log(1 + n), then each from 0 to 1, (n, d).

    Args:
        table: numbers, shape (n, d).
        logarithm: which columns are counts with a long tail.
    """
    table = np.array(table, float)
    columns = list(logarithm)
    table[:, columns] = np.log1p(table[:, columns])
    spread = np.ptp(table, axis=0)
    return (table - table.min(axis=0)) / np.where(spread > 0, spread, 1)


def mondrian(table, k: int) -> np.ndarray:
    """Groups of at least k people each, made by cutting in two for as long as `best_cut` allows.

    Args:
        table: columns of comparable scale (see `scaled`), shape (n, d).
        k: the smallest group allowed.

    Returns:
        Number of each person's group, from 0, shape (n,).

    Raises:
        CourseError: fewer than k people, or something that is not a number.
    """
    table = np.asarray(table, float)
    if table.ndim != 2 or not 1 <= k <= len(table) or not np.isfinite(table).all():
        raise CourseError(
            f"groups of k = {k} need a table of at least k rows and no missing numbers; its shape is {table.shape}."
        )
    groups, waiting, made = np.zeros(len(table), int), [np.arange(len(table))], 0
    while waiting:
        rows = waiting.pop()
        column, threshold = best_cut(table[rows], k)
        if column < 0:
            groups[rows] = made
            made += 1
            continue
        low = table[rows, column] <= threshold
        waiting += [rows[~low], rows[low]]
    return groups


def boxes(table, groups) -> tuple[np.ndarray, np.ndarray]:
    """What is published in place of each person's values: the least and the largest of the group, (n, d) each."""
    table, groups = np.asarray(table, float), np.asarray(groups)
    low, high = np.empty_like(table), np.empty_like(table)
    for one in np.unique(groups):
        inside = groups == one
        low[inside], high[inside] = table[inside].min(0), table[inside].max(0)
    return low, high


def blur(table, groups) -> float:
    """How much was lost: the mean width of the published boxes, as a share of each column's whole range, 0 to 1."""
    low, high = boxes(table, groups)
    spread = np.ptp(np.asarray(table, float), axis=0)
    return float(((high - low) / np.where(spread > 0, spread, 1)).mean())


def given_away(groups, sensitive) -> float:
    """Share of the people in whose group all have the same sensitive value: k-anonymous, and known all the same."""
    groups, sensitive = np.asarray(groups), np.asarray(sensitive)
    alike = [groups == one for one in np.unique(groups) if len(np.unique(sensitive[groups == one])) == 1]
    return float(np.sum(alike) / len(groups)) if alike else 0.0


def candidates(known, releases) -> np.ndarray:
    """Which rows still fit after several releases about the same people: booleans (m, n).

    Args:
        known: what the attacker knows exactly, shape (m, d).
        releases: for each release (columns, low, high): which columns of `known` it publishes, and the boxes of
            its rows, (n, len(columns)) each; rows in the same order in all of them.

    Source: Ganta, Kasiviswanathan, Smith, *Composition Attacks and Auxiliary Information in Data Privacy*, 2008.
    """
    known = np.asarray(known, float)
    left = np.ones((len(known), len(releases[0][1])), bool)
    for columns, low, high in releases:
        for place, column in enumerate(columns):
            value = known[:, column, None]
            left &= (low[None, :, place] <= value) & (value <= high[None, :, place])
    return left


def pinned_down(people, things, count: int, trials: int = 300, seed: int = 0) -> float:
    """How often `count` random things known of a person fit nobody else: share of the trials, 0 to 1.

    Args:
        people, things: columns of a log, numbers from 0, shape (n,); each pair counts once.
        count: how many things the attacker knows.
        trials: people who are tried, drawn among those who have that many.

    Source: de Montjoye, Hidalgo, Verleysen, Blondel, *Unique in the Crowd: The privacy bounds of human
    mobility*, 2013; Narayanan, Shmatikov, *Robust De-anonymization of Large Sparse Datasets*, 2008.

    Raises:
        CourseError: nobody has that many.
    """
    people, things = np.asarray(people), np.asarray(things)
    has = np.zeros((people.max() + 1, things.max() + 1), bool)
    has[people, things] = True
    able = np.flatnonzero(has.sum(1) >= count)
    if count < 1 or len(able) == 0:
        raise CourseError(f"nobody in the log has {count} different things to be known; choose from 1 on.")
    rng = np.random.default_rng(seed)
    alone = 0
    for person in rng.choice(able, trials):
        seen = rng.choice(np.flatnonzero(has[person]), count, replace=False)
        alone += has[:, seen].all(1).sum() == 1
    return alone / trials
