"""A controlled trial: who is in which arm, and what each arm is shown."""

import hashlib

import numpy as np

from course_lib.recommend import distribute
from course_lib.recommend.splits import by_time

#: The three arms. The first is the control: the same list for everybody, new films included.
ARMS = ("one list for all", "personal", "personal, with made films")
BLIND = 0.1  # share of the shows that are drawn blindly, in every arm


def arm_of(person, arms, salt):
    """Which arm of a trial somebody is in: for ever the same, and for a new trial drawn anew.

    Hash the text "salt:person" with SHA-256 and read the 64 hexadecimal digits as a whole number. Its remainder by the
    number of arms is the arm. No table of who is where has to be kept.

    Args:
        person: a whole number.
        arms: how many there are.
        salt: the trial's name; another trial must mix people otherwise.

    Returns:
        The arm, a whole number from 0 to arms - 1.
    """
    digest = hashlib.sha256(f"{salt}:{person}".encode()).hexdigest()
    return int(digest, 16) % arms


def arms_of(users: int, salt: str) -> np.ndarray:
    """The arm of everybody, (users,), numbers of ARMS."""
    return np.array([arm_of(person, len(ARMS), salt) for person in range(users)])


def scores(ratings, catalogue, users: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, dict]:
    """What is known of every person and film: lesson 12's three ways together, and popularity.

    The weights are learned on the newest fifth of the past, from parts that have not seen it.

    Args:
        ratings: of `ratings_from`; catalogue: one row a film, video_id from 0 in order.

    Returns:
        (personal (users, films), popular (users, films), weights by name).
    """
    older, newer = by_time(ratings["time_ms"], 0.2)
    early = distribute.score_parts(ratings[older], catalogue, users, seed=seed)
    check = ratings[newer]
    said = np.column_stack([part[check["user_id"], check["video_id"]] for part in early.values()])
    found = distribute.blend_weights(said, check["rating"].to_numpy(), 1.0)
    parts = distribute.score_parts(ratings, catalogue, users, seed=seed)
    together = sum(weight * part for weight, part in zip(found, parts.values()))
    weights = {name: round(float(weight), 4) for name, weight in zip(parts, found)}
    return together, distribute.popularity(ratings, users, len(catalogue)), weights


def serve(personal, popular, arm, made, seen, visits, rng, blind: float = BLIND):
    """Which films everybody is shown in a round; nobody sees a film twice.

    Args:
        personal, popular: scores, (users, films).  arm: of each person, (users,).
        made: which films the course has made, booleans (films,); the arm 'personal' is not shown them.
        seen: what each person has watched, booleans (users, films).
        visits: how many films each person is shown, (users,).
        rng: where luck comes from; blind: share of blind draws among what the arm may show.

    Returns:
        (user, video, was blind), one entry a show, (shows,) each, in order of user.
    """
    most = int(visits.max())
    closed = seen | ((arm == 1)[:, None] & made)
    score = np.where((arm == 0)[:, None], popular, personal)
    best = np.argsort(np.where(closed, np.inf, -score), axis=1, kind="stable")[:, :most]
    chosen = closed.copy()
    np.put_along_axis(chosen, best, True, axis=1)
    luck = np.where(chosen, np.inf, rng.random(score.shape))
    drawn = np.argsort(luck, axis=1)[:, :most]
    # who has seen nearly everything has nothing left for a blind draw, or for any
    can_draw = np.take_along_axis(~chosen, drawn, axis=1)
    coin = (rng.random(best.shape) < blind) & can_draw
    shown = np.where(coin, drawn, best)
    there = (np.arange(most) < visits[:, None]) & (coin | np.take_along_axis(~closed, best, axis=1))
    user = np.repeat(np.arange(len(visits)), most).reshape(best.shape)
    return user[there], shown[there], coin[there]
