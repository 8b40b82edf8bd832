"""A stage for distribution: people, a small shelf of films, and the true chance that each person likes each film.

On a real platform nobody knows that chance. On the mock twin it follows from the true tastes, so that an estimate, a
policy or an advertisement can be held against the truth.
"""

from dataclasses import dataclass

import numpy as np

from course_lib.data.twin import Logs
from course_lib.errors import CourseError
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.distribute import marks_of, profiles_of, scenes_for_profiles
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.profiles import People, people, standardised

#: The twin's own law of likes: chance = sigmoid(slope * liking + level).
LIKE = (1.3, -3.6)


def sigmoid(x) -> np.ndarray:
    """1 / (1 + exp(-x)), without overflow."""
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))


@dataclass(frozen=True)
class Stage:
    """Who is there, what is on the shelf, and what only the twin knows.

    Attributes:
        known: the table of people, as the log shows them.
        profile: of each person, (users,) from 0.
        features: what a model may look at: a 1, then liking of each word, standardised, (users, 1 + words).
        near: the same in short: a 1, then how near the person is to each profile, adding up to 1, (users, 1 + profiles).
        films: the scenes of the shelf, one for each profile.
        liking: true liking of each person for each film, (users, films).
        chance: true chance that a person who is shown a film likes it, (users, films).
    """

    known: People
    profile: np.ndarray
    features: np.ndarray
    near: np.ndarray
    films: list
    liking: np.ndarray
    chance: np.ndarray

    @property
    def own_film(self) -> np.ndarray:
        """For each person the film made for his or her profile, (users,)."""
        return self.profile

    def value(self, policy) -> float:
        """True mean chance of a like if everybody is served once.

        Args:
            policy: a film for each person, (users,), or the chance of each film, (users, films).
        """
        policy = np.asarray(policy)
        if policy.ndim == 1:
            return float(self.chance[np.arange(len(policy)), policy].mean())
        return float((self.chance * policy).sum(1).mean())


def word_tastes(taste, marks) -> np.ndarray:
    """How much each person likes each word, read off the true liking of all films: (users, words + 1), last a constant.

    Args:
        taste: (users, films); marks: which words the films show, (films, words).
    """
    columns = np.column_stack([marks, np.ones(len(marks))])
    return np.linalg.lstsq(columns, np.asarray(taste).T, rcond=None)[0].T


def nearness(features, profile, reach: float = 8.0) -> np.ndarray:
    """How near each person is to the middle of each profile, as shares, (users, profiles).

    Args:
        features: (users, d); profile: (users,) from 0.
        reach: a squared distance that is larger by so much makes the share smaller by the factor e.
    """
    middles = np.array([features[profile == one].mean(axis=0) for one in range(profile.max() + 1)])
    squared = ((features[:, None, :] - middles) ** 2).sum(axis=2)
    share = np.exp(-(squared - squared.min(axis=1, keepdims=True)) / reach)
    return share / share.sum(axis=1, keepdims=True)


def stage(logs: Logs, profiles: int = 6, seed: int = 0, films=None) -> Stage:
    """The stage of a twin: profiles found in its log, a film for each, the truth from its tastes.

    Args:
        logs: of `course_lib.data.twin.twin`; profiles: how many to find; seed: of the clustering.
        films: scenes to put on the shelf instead of one for each profile.

    Raises:
        CourseError: the logs are real: then nobody knows the truth.
    """
    if logs.truth is None:
        raise CourseError("these logs are real: nobody knows the true chances. Take the mock twin's.")
    users = len(logs.truth.kind)
    ratings = ratings_from(clean_log(logs.log, logs.videos)[0])
    known = people(ratings, logs.scenes, ids=np.arange(users))
    profile = profiles_of(known, profiles, seed)
    films = films or scenes_for_profiles(known, profile, logs.scenes)
    features = standardised(known.liking, np.zeros(len(known.names), bool))
    own = word_tastes(logs.truth.taste, marks_of(logs.scenes, known.names))
    shelf = np.column_stack([marks_of(films, known.names), np.ones(len(films))])
    liking = own @ shelf.T
    slope, level = LIKE
    one = np.ones(users)
    return Stage(
        known=known,
        profile=profile,
        features=np.column_stack([one, features]),
        near=np.column_stack([one, nearness(features, profile)]),
        films=films,
        liking=liking,
        chance=sigmoid(slope * liking + level),
    )
