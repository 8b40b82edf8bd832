"""Which film for whom: three ways of scoring a pair of person and film, and how they are put together."""

import numpy as np

from course_lib.errors import CourseError
from course_lib.recommend.factors import ALS
from course_lib.recommend.kmeans import KMeans
from course_lib.recommend.profiles import GROUPS, People, people, profile_lift, shares, standardised

#: What the three ways know: other people's ratings, the person's profile, what the film shows.
PARTS = ("collaborative filtering", "profile", "content")
#: What a film shows when a profile has no wish.
PLAIN = {"time": "noon", "weather": "clear"}


def blend_weights(parts, rating, ridge):
    """How much to trust each of several scores, learned from pairs that none of them has seen.

    Centre every score, then solve the ridge normal equations (P'P + ridge I) w = P'r. (The ratings need no centring: the
    deviations of a column add up to 0.) What is the same for all films changes no order, so that no intercept is needed.

    Args:
        parts: what m models say about n pairs of person and film, shape (n, m).
        rating: what the people said, shape (n,).
        ridge: at least 0; the larger, the smaller the weights.

    Returns:
        The weights, shape (m,).

    Source: Breiman, *Stacked Regressions*, 1996.
    """
    deviations = parts - parts.mean(axis=0)
    gram = deviations.T @ deviations + ridge * np.eye(parts.shape[1])
    return np.linalg.solve(gram, deviations.T @ rating)


def marks_of(scenes, names) -> np.ndarray:
    """Which words each film shows: 1 or 0, (films, words).

    Args:
        scenes: a table with the columns GROUPS, or a list of mappings with some of them.
        names: the words, in order of GROUPS (`People.names`).
    """
    rows = scenes.to_dict("records") if hasattr(scenes, "to_dict") else scenes
    return np.array([[float(word in [row.get(group) for group in GROUPS]) for word in names] for row in rows])


def profiles_of(known: People, k: int = 6, seed: int = 0) -> np.ndarray:
    """Lesson 11 in one line: the profile of each person, clusters of standardised liking, (n,) from 0."""
    return KMeans(k, 5, seed).fit(standardised(known.liking, np.zeros(len(known.names), bool))).labels


def score_parts(ratings, scenes, users: int, k: int = 6, damping: float = 5.0, seed: int = 0) -> dict:
    """What each of PARTS says about every person and every film, in stars above or below.

    Args:
        ratings: user_id, video_id (both from 0), rating and what `people` needs; to learn from.
        scenes: one row a film, in order of video_id.
        users: how many there are, with or without ratings.
        k: profiles; damping: so many ratings of everybody's mean are added to a film's mean in a profile.

    Returns:
        Name -> float (users, films).
    """
    films = len(scenes)
    if len(ratings) == 0 or ratings["user_id"].max() >= users or ratings["video_id"].max() >= films:
        raise CourseError(f"ratings must be of users 0 to {users - 1} and films 0 to {films - 1}.")
    user, film = ratings["user_id"].to_numpy(), ratings["video_id"].to_numpy()
    model = ALS(random_state=seed).fit(user, film, ratings["rating"])
    everyone, every_film = np.repeat(np.arange(users), films), np.tile(np.arange(films), users)
    by_others = model.predict(everyone, every_film).reshape(users, films)
    known = people(ratings, scenes, ids=np.arange(users))
    by_content = known.liking @ marks_of(scenes, known.names).T
    group = profiles_of(known, k, seed)
    above = (ratings["rating"] - ratings.groupby("user_id")["rating"].transform("mean")).to_numpy()
    place = group[user] * films + film
    views = np.bincount(place, minlength=k * films).reshape(k, films)
    total = np.bincount(place, above, k * films).reshape(k, films)
    usual = total.sum(0) / (views.sum(0) + damping)
    by_profile = ((total + damping * usual) / (views + damping))[group]
    return dict(zip(PARTS, (by_others, by_profile, by_content)))


def popularity(ratings, users: int, films: int, damping: float = 5.0) -> np.ndarray:
    """One list for everybody: each film's mean rating above its viewers' own means, shrunk, (users, films)."""
    above = ratings["rating"] - ratings.groupby("user_id")["rating"].transform("mean")
    film = ratings["video_id"].to_numpy()
    mean = np.bincount(film, above, films) / (np.bincount(film, minlength=films) + damping)
    return np.tile(mean, (users, 1))


def best_unseen(scores: np.ndarray, ratings, count: int = 10) -> np.ndarray:
    """The `count` films with the highest scores among those that a person has not watched, (users, count)."""
    scores = np.array(scores, float)
    scores[ratings["user_id"], ratings["video_id"]] = -np.inf
    return np.argsort(-scores, axis=1, kind="stable")[:, :count]


def scenes_for_profiles(known: People, labels, scenes, least: float = 1.25) -> list[dict]:
    """The scene that each profile would be shown: of every group of words the one with the largest lift.

    Args:
        known, labels: people and their profiles; scenes: the catalogue, for the groups of words.
        least: a time or weather that a profile watches less than so many times as much as everyone stays plain:
            noon, clear.

    Returns:
        For each profile place, time, weather, mood and motion; they can be filmed.
    """
    part, made = shares(known), []
    for profile in range(int(np.max(labels)) + 1):
        lift = dict(zip(known.names, profile_lift(part, labels, profile)))
        scene = {}
        for group in GROUPS:
            word = max(sorted(scenes[group].unique()), key=lift.get)
            scene[group] = word if group not in PLAIN or lift[word] >= least else PLAIN[group]
        made.append(scene | {"motion": "zoom in"})
    return made
