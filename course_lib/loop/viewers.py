"""The simulated viewers: the twin's people, who go on watching when new films come out.

Their tastes are the twin's, for films that the twin has. A film that the course makes is liked for what is *seen and
heard* in it, and is of average quality. Tastes never change, nobody tires of anything, nobody talks to anybody: the
lesson says what follows from that.
"""

from dataclasses import dataclass

import numpy as np

from course_lib.data.twin import START_MS, Logs, by_hour, hours_of, spoil, views_of
from course_lib.errors import CourseError
from course_lib.recommend.distribute import marks_of
from course_lib.recommend.distribute_stage import LIKE, sigmoid, word_tastes
from course_lib.recommend.profiles import GROUPS

DAYS_BEFORE = 28  # the twin's own log
#: A holiday comes: everybody is in a better mood in each later round, whatever is shown. (The loop is not told.)
SEASON = 0.25


@dataclass(frozen=True)
class Viewers:
    """Who watches, with the truth that only a simulation has.

    Attributes:
        kind: of each person, (users,).
        taste: liking of the films that the twin has, (users, old films).
        own: liking of each word, and a constant, (users, words + 1).
        names: the words.
        activity: films a person watches a round, in the mean, (users,).
    """

    kind: np.ndarray
    taste: np.ndarray
    own: np.ndarray
    names: list
    activity: np.ndarray

    def liking(self, catalogue) -> np.ndarray:
        """True liking of every film of a catalogue, the twin's first, (users, films)."""
        old = self.taste.shape[1]
        if len(catalogue) < old:
            raise CourseError(f"the catalogue must begin with the {old} films that the viewers know.")
        if len(catalogue) == old:
            return self.taste
        new = np.column_stack([marks_of(catalogue.iloc[old:], self.names), np.ones(len(catalogue) - old)])
        return np.hstack([self.taste, self.own @ new.T])


def viewers_of(logs: Logs, visits: float = 12.0, seed: int = 0) -> Viewers:
    """The people of a twin.

    Args:
        logs: of `course_lib.data.twin.twin`; visits: films a person watches in a round, in the mean; seed: of who
            watches much.

    Raises:
        CourseError: the logs are real, so that nobody knows the tastes.
    """
    if logs.truth is None:
        raise CourseError("these logs are real: only the mock twin's people can be asked to watch on.")
    names = [word for group in GROUPS for word in sorted(logs.scenes[group].unique())]
    own = word_tastes(logs.truth.taste, marks_of(logs.scenes, names))
    rng = np.random.default_rng([seed, 1414])
    activity = visits * np.exp(rng.normal(-0.125, 0.5, len(own)))
    return Viewers(logs.truth.kind, logs.truth.taste, own, names, activity)


def visits_in(viewers: Viewers, number: int, seed: int) -> np.ndarray:
    """How many films each person watches in a round, at least 2, (users,)."""
    return np.maximum(2, np.random.default_rng([seed, number, 3]).poisson(viewers.activity))


def watch(viewers: Viewers, catalogue, user, video, blind, number: int, seed: int):
    """The log of a round: what people do with what they are shown, with the defects of real logs planted.

    Args:
        catalogue: video_id, the words of GROUPS, seconds.
        user, video, blind: one entry a show, (shows,).
        number: of the round, from 1: its week, and how far the holiday has come.
        seed: of all luck.

    Returns:
        A log in KuaiRand's 19 columns, in order of time.
    """
    rng = np.random.default_rng([seed, number, 7])
    day = DAYS_BEFORE + 7 * (number - 1) + rng.integers(0, 7, len(user))
    hour = hours_of(viewers.kind[user], rng)
    time_ms = START_MS + (day * 86_400_000 + hour * 3_600_000).astype(np.int64)
    liking = viewers.liking(catalogue)[user, video] + SEASON * number
    liking = liking + by_hour(hour, catalogue["mood"].to_numpy()[video])
    seconds = catalogue["seconds"].to_numpy()[video]
    return spoil(views_of(user, video, liking, seconds, time_ms, blind, rng), rng)[0]


def chances(viewers: Viewers, catalogue, number: int = 0) -> np.ndarray:
    """True chance of a like, the hour of the day left out, (users, films)."""
    slope, level = LIKE
    return sigmoid(slope * (viewers.liking(catalogue) + SEASON * number) + level)
