"""Is it better, and could it be luck? Likes per thousand shows, with the person as the unit of chance."""

import numpy as np

from course_lib.errors import CourseError


def rate_and_error(likes, shows):
    """Likes per thousand shows, and its standard error when people, not shows, are what chance has drawn.

    The rate is R = sum of likes / sum of shows. One person's shows belong together: who is easily pleased likes many of
    them. So each person i contributes one number, what he or she has above the rate, d_i = likes_i - R shows_i. The error
    of R is the root of n / (n - 1) times the sum of all d_i squared, divided by the sum of shows.

    Args:
        likes, shows: of each of n people, shape (n,); n at least 2, at least one show.

    Returns:
        (rate, error), both per thousand shows.

    Source: the linearised variance of a ratio, as in Cochran, *Sampling Techniques*, 1977.
    """
    rate = likes.sum() / shows.sum()
    above = likes - rate * shows
    n = len(likes)
    error = np.sqrt(n / (n - 1) * np.sum(above**2)) / shows.sum()
    return 1000 * rate, 1000 * error


def bootstrap_lift(likes, shows, control_likes, control_shows, picks, control_picks):
    """How many per cent better than the control, and between which bounds, by drawing the people again and again.

    Each row of `picks` names people drawn with replacement. For each row: the rate (sum of likes / sum of shows) of
    these people, divided by that of the control's people in the same row of `control_picks`, less 1, in per cent.

    Args:
        likes, shows: of each person of the arm, shape (n,).
        control_likes, control_shows: of each person of the control, shape (m,).
        picks: positions from 0 to n - 1, shape (draws, n); control_picks: from 0 to m - 1, shape (draws, m).

    Returns:
        (lift of the people as they are, its lower and upper bound: the 2.5 and 97.5 per cent quantiles of the draws).

    Source: Efron, *Bootstrap Methods: Another Look at the Jackknife*, 1979.
    """
    lift = 100 * ((likes.sum() / shows.sum()) / (control_likes.sum() / control_shows.sum()) - 1)
    rate = likes[picks].sum(axis=1) / shows[picks].sum(axis=1)
    control = control_likes[control_picks].sum(axis=1) / control_shows[control_picks].sum(axis=1)
    low, high = np.quantile(100 * (rate / control - 1), [0.025, 0.975])
    return lift, low, high


def per_person(log, arm, users: int):
    """Likes and shows of each person in a clean log, (users,) each, and whose arm has which people.

    Returns:
        (likes, shows, [people of each arm who were shown anything]).
    """
    if len(log) == 0:
        raise CourseError("there are no shows to count: was the log of the round empty?")
    user = log["user_id"].to_numpy(int)
    shows = np.bincount(user, minlength=users).astype(float)
    likes = np.bincount(user, log["is_like"], users)
    return likes, shows, [np.flatnonzero((arm == one) & (shows > 0)) for one in range(arm.max() + 1)]


def draws(n: int, count: int = 1000, seed: int = 0) -> np.ndarray:
    """`count` times n people drawn with replacement, (count, n)."""
    return np.random.default_rng([seed, n]).integers(0, n, (count, n))


def lift_of(likes, shows, people, control, count: int = 1000, seed: int = 0) -> tuple[float, float, float]:
    """`bootstrap_lift` of some people over the control's, see `per_person`."""
    found = bootstrap_lift(
        likes[people], shows[people], likes[control], shows[control],
        draws(len(people), count, seed), draws(len(control), count, seed + 1),
    )  # fmt: skip
    return tuple(float(one) for one in found)


def variety(log, catalogue, arm, group: str = "place") -> list[float]:
    """How many places a person is shown, as if all equally often: the mean over each arm's people, (arms,).

    For each person exp(entropy) of the shares of his or her shows; 7 would be all places alike.
    """
    words = sorted(catalogue[group].unique())
    number = {word: place for place, word in enumerate(words)}
    place = catalogue[group].map(number).to_numpy()[log["video_id"].to_numpy(int)]
    user = log["user_id"].to_numpy(int)
    counts = np.bincount(user * len(words) + place, minlength=len(arm) * len(words)).reshape(len(arm), -1)
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    many = np.exp(-(share * np.log(np.where(share > 0, share, 1))).sum(1))
    there = counts.sum(1) > 0
    return [float(many[there & (arm == one)].mean()) for one in range(arm.max() + 1)]
