"""People whom no model has met: a recommender that is handed in is tried on them (lesson 10).

They watch the films of the mock twin, are of the kinds that it knows, and come with a history of their own, drawn
from a seed. Since the twin's truth is known, a list need not be judged by what was watched: it is judged by how much
people *like* what they are shown.
"""

import numpy as np

from course_lib.data.twin import (  # fmt: skip
    KINDS,
    MOODS,
    PLACES,
    START_MS,
    TIMES,
    WEATHERS,
    Logs,
    by_hour,
    hours_of,
    views_of,
)
from course_lib.errors import CourseError
from course_lib.recommend.logs import ratings_from

GROUPS = {"place": PLACES, "time": TIMES, "weather": WEATHERS, "mood": MOODS}
DAYS = 28


def newcomers(logs: Logs, count: int, seed: int, views: int = 60, random_share: float = 0.05):
    """What new people have watched so far, and what they truly like.

    Args:
        logs: the mock twin whose films they watch.
        count: how many people.
        seed: everything about them follows from it.
        views: exposures of each in the mean.
        random_share: share of the films that were drawn blindly; the others as fame has it.

    Returns:
        `(ratings, taste)`, both (count, films): stars from 1 to 5 with NaN where unknown, made from seconds as lesson 10
        does; and the true liking of every film, mean about 0, standard deviation about 1.6.

    Raises:
        CourseError: these logs have no truth, or nobody was asked for.
    """
    if logs.truth is None or count < 1:
        raise CourseError("newcomers need the mock twin, whose truth is known, and at least one person.")
    rng, films = np.random.default_rng([seed, 1010]), len(logs.scenes)
    words = [word for group in GROUPS.values() for word in group]
    likes = np.array([[liked.get(word, 0.0) for word in words] for liked, _ in KINDS.values()])
    shows = np.stack([logs.scenes[name] == word for name, group in GROUPS.items() for word in group]).astype(float)  # fmt: skip
    # what is left of a film when the kinds' likings are taken out: how well it is made
    quality = logs.truth.taste.mean(0) - likes[logs.truth.kind].mean(0) @ shows
    kind = rng.permutation(np.arange(count) % len(KINDS))
    taste = (likes[kind] + rng.normal(0, 0.35, (count, len(words)))) @ shows + quality
    watched = np.maximum(5, rng.lognormal(np.log(views) - 0.18, 0.6, count).astype(int))
    user = np.repeat(np.arange(count), watched)
    fame = logs.truth.propensity.mean(0)
    blind = rng.random(len(user)) < random_share
    video = rng.choice(films, len(user), p=fame / fame.sum())
    video[blind] = rng.integers(0, films, blind.sum())
    hour = hours_of(kind[user], rng)
    time_ms = START_MS + (rng.integers(0, DAYS, len(user)) * 86_400_000 + hour * 3_600_000).astype(np.int64)
    seconds = logs.videos["video_duration"].fillna(30_000).to_numpy()[video] / 1000
    liking = taste[user, video] + by_hour(hour, logs.scenes["mood"].to_numpy()[video])
    seen = ratings_from(views_of(user, video, liking, seconds, time_ms, blind, rng))
    ratings = np.full((count, films), np.nan)
    ratings[seen["user_id"], seen["video_id"]] = seen["rating"]
    return ratings, taste


def shown_to(ratings, weights, offset, n: int = 10):
    """The n films that a linear recommender shows: `x @ weights + offset`, the largest first, nothing seen before.

    Args:
        ratings: (people, films), stars, NaN where unknown; x is stars minus 3, and 0 where unknown.
        weights: (films, films): what film i says about film j stands in row i, column j. offset: (films,).

    Returns:
        Numbers of films, (people, n).
    """
    known = ~np.isnan(ratings)
    scores = np.where(known, ratings - 3, 0.0) @ weights + offset
    return np.argsort(-np.where(known, -np.inf, scores), axis=1, kind="stable")[:, :n]


def enjoyment(ratings, taste, shown) -> float:
    """How much people like what they are shown: 0 as if drawn blindly from the unseen films, 1 the best possible.

    Args:
        ratings, taste: of `newcomers`; shown: (people, n), films.
    """
    unseen = np.where(np.isnan(ratings), taste, np.nan)
    liked = np.take_along_axis(taste, shown, axis=1).mean()
    best = -np.sort(-np.where(np.isnan(unseen), -np.inf, unseen), axis=1)[:, : shown.shape[1]].mean()
    blindly = np.nanmean(unseen)
    return float((liked - blindly) / (best - blindly))
