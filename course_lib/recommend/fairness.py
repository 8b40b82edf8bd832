"""Fair to those who make films and to those who watch them: exposure, re-ranking, quality for each group."""

import numpy as np

from course_lib.errors import CourseError
from course_lib.recommend.metrics import ranking


def exposure(lists, owner, owners):
    """How much attention each owner of films gets from the lists that people are shown.

    A film at place j (1 for the first) gets 1 / log2(j + 1): later places are looked at less. Summed over all
    people and all films of an owner, as a share of the whole.

    Args:
        lists: numbers of the films shown to each person, best first, shape (people, k).
        owner: of each film, whole numbers from 0, shape (films,).
        owners: how many owners there are.

    Returns:
        Shares that add up to 1, shape (owners,).

    Source: Singh and Joachims, *Fairness of Exposure in Rankings*, 2018.
    """
    attention = 1 / np.log2(np.arange(2, lists.shape[1] + 2))
    total = np.zeros(owners)
    for place in range(lists.shape[1]):
        np.add.at(total, owner[lists[:, place]], attention[place])
    return total / total.sum()


def fair_list(scores, protected, k, share, start):
    """The best list in which a protected group has its share of the places, from the top on.

    After each place j = 1, 2, ..., k there must be at least floor(share * j + start) protected films in the list.
    Where one is due, the best protected film left comes next; otherwise the best film left of all.

    Args:
        scores: of all films, no two equal, shape (films,).
        protected: booleans, shape (films,); at least k films are protected and at least k are not.
        k: places.
        share: from 0 (the plain list) to 1.
        start: from 0 to below 1, another one for each person, so that the first place falls due to some.

    Returns:
        Numbers of the films, shape (k,).

    Source: a quota for every prefix is the idea of Zehlike and others, *FA\\*IR: A Fair Top-k Ranking
    Algorithm*, 2017.
    """
    best = np.argsort(-scores)
    first, rest = list(best[protected[best]]), list(best[~protected[best]])
    chosen, granted = [], 0
    for place in range(1, k + 1):
        due = granted < np.floor(share * place + start)
        if due or scores[first[0]] > scores[rest[0]]:
            chosen.append(first.pop(0))
            granted += 1
        else:
            chosen.append(rest.pop(0))
    return np.array(chosen)


def fair_lists(scores, protected, k: int, share: float) -> np.ndarray:
    """`fair_list` for everybody, with starts spread evenly over the people: (people, k).

    Args:
        scores: (people, films); -inf for what somebody has seen.
        protected: booleans (films,).
        k: places.
        share: of the protected group.

    Raises:
        CourseError: somebody has fewer than k films left in one of the groups, or a share outside 0 to 1.
    """
    scores, protected = np.asarray(scores, float), np.asarray(protected, bool)
    if not 0 <= share <= 1 or scores.shape[1:] != protected.shape:
        raise CourseError(
            f"a share from 0 to 1 is needed, and a mark for each film; they are {share}, {protected.shape}."
        )
    left = np.isfinite(scores)
    for group in (protected, ~protected):
        if left[:, group].sum(1).min() < k:
            raise CourseError(f"somebody has fewer than {k} films left in one of the groups: ask for fewer.")
    # the golden section's multiples are spread evenly for any number of people
    starts = (0.5 + np.arange(len(scores)) * 0.6180339887498949) % 1
    return np.array([fair_list(row, protected, k, share, start) for row, start in zip(scores, starts)])


def merit(liked_films, group) -> float:
    """A group's share of what is liked when films are shown blindly: what exposure can fairly be held against.

    Args:
        liked_films: number of the film of each liked view among the *random* exposures; there everybody had the
            same chance.
        group: booleans (films,).
    """
    liked_films = np.asarray(liked_films)
    if len(liked_films) == 0:
        raise CourseError("nothing was liked among the random exposures: merit cannot be measured.")
    return float(np.asarray(group, bool)[liked_films].mean())


def share_for(scores, protected, k: int, wanted: float, tolerance: float = 1e-3) -> float:
    """The smallest share for `fair_lists` that gives the protected group an exposure of at least `wanted`.

    Raises:
        CourseError: not even a share of 1 is enough.
    """

    def reached(share):
        return exposure(fair_lists(scores, protected, k, share), np.asarray(protected, int), 2)[1]

    if reached(1.0) < wanted:
        raise CourseError(f"an exposure of {wanted} cannot be reached, even with a share of 1.")
    low, high = 0.0, 1.0
    if reached(0.0) >= wanted:
        return 0.0
    while high - low > tolerance:
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) >= wanted else (middle, high)
    return high


def quality(lists, wanted, groups, k: int) -> dict:
    """NDCG of each group of people: `{group: NDCG}`, groups without anything to find left out.

    Args:
        lists: (people, at least k); wanted: for each person the films that he or she did like.
        groups: of each person, (people,).
    """
    found = {}
    for one in np.unique(groups):
        rows = np.flatnonzero(np.asarray(groups) == one)
        liked = [wanted[row] for row in rows]
        if any(len(films) for films in liked):
            found[one] = ranking(np.asarray(lists)[rows], liked, k)["ndcg"]
    return found


def gini(shares) -> float:
    """How unequal: 0 all the same, near 1 one has everything. Shares at least 0, shape (n,)."""
    shares = np.sort(np.asarray(shares, float))
    if len(shares) == 0 or shares.min() < 0 or shares.sum() == 0:
        raise CourseError("shares must be at least 0, and not all of them 0.")
    n = len(shares)
    return float((2 * np.arange(1, n + 1) - n - 1) @ shares / (n * shares.sum()))


def small_owners(watched_films, owner) -> np.ndarray:
    """Which owners are small: the half of those who have films whose films were watched least, booleans (owners,).

    Args:
        watched_films: number of the film of each view, (views,).
        owner: of each film, (films,).
    """
    watched_films, owner = np.asarray(watched_films), np.asarray(owner)
    views = np.bincount(owner[watched_films], minlength=owner.max() + 1)
    having = np.unique(owner)
    order = having[np.argsort(views[having], kind="stable")]
    return np.isin(np.arange(len(views)), order[: len(order) // 2])
