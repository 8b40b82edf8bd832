"""Profiles of lesson 11 published with differential privacy: k-means that pays for every look at the people."""

from dataclasses import dataclass

import numpy as np

from course_lib.errors import CourseError
from course_lib.recommend.privacy_noise import Budget, clip_rows, noisy
from course_lib.recommend.profiles import GROUPS, shares


def words_of(scenes) -> tuple[list[str], np.ndarray]:
    """The words that films show, in the order of `profiles.people`, and which film shows which: (films, words)."""
    names = [word for group in GROUPS for word in sorted(scenes[group].unique())]
    marks = [
        (scenes[group] == word).to_numpy() for group in GROUPS for word in sorted(scenes[group].unique())
    ]
    return names, np.column_stack(marks)


def rows_of(people, scenes) -> np.ndarray:
    """What each person watches more or less of than the catalogue holds, (n, words).

    A row is made from one person's own views and from the public catalogue, from nobody else's data: so one person
    changes one row. (Lesson 11's `liking` will not do: it ranks each view among everybody's.)
    """
    return shares(people) - words_of(scenes)[1].mean(0)


def place_starts(scenes, size: float = 0.2) -> np.ndarray:
    """First centres, chosen without looking at anybody: for each place those who watch it more, (places, words)."""
    names, _ = words_of(scenes)
    places = sorted(scenes["place"].unique())
    starts = np.zeros((len(places), len(names)))
    starts[:, : len(places)] = -size / (len(places) - 1)
    np.fill_diagonal(starts, size)
    return starts


def film_scores(centres, scenes) -> np.ndarray:
    """How well each film fits each profile, (k, films): sum of log(profile's share / usual share) of its words.

    Made from what is published alone, so it costs no privacy.
    """
    _, marks = words_of(scenes)
    usual = marks.mean(0)
    # a noisy share can fall to nothing or below
    lift = np.maximum(np.asarray(centres) + usual, 0.05 * usual) / usual
    return np.log(lift) @ marks.T


@dataclass(frozen=True)
class PrivateProfiles:
    """Published profiles, and nothing else of anybody.

    Attributes:
        centres: what the people of each profile have more (above 0) and less than usual, (k, d).
        sizes: about how many people each speaks for, (k,); noisy, can be wrong by some.
        budget: what was paid for it.
    """

    centres: np.ndarray
    sizes: np.ndarray
    budget: Budget

    def nearest(self, rows) -> np.ndarray:
        """Each person's profile, (n,): this can be found out on the person's own phone."""
        rows = np.asarray(rows, float)
        return ((rows[:, None, :] - self.centres[None]) ** 2).sum(2).argmin(1)


def private_profiles(
    rows, starts, epsilon: float, rounds: int = 2, bound: float = 1.0, for_sizes: float = 0.2, seed: int = 0
) -> PrivateProfiles:
    """k-means whose centres are published with differential privacy, every look at the people paid for.

    Each round assigns everybody to the nearest centre and publishes two noisy answers: how many there are (one
    person changes one count by 1) and the sums of their rows (one person changes them by at most `bound`). The
    next centres are made from these answers alone, so the last ones may be published, too.

    Args:
        rows: one row a person, (n, d), made from that person's own data alone. If it were standardised with
            everybody's mean, say, one person would change all rows, and the guarantee would be void.
        starts: first centres (k, d), chosen without looking at the people.
        epsilon: for all of it; infinite for no noise.
        rounds: each gets the same part of epsilon.
        bound: length (sum of absolute values) beyond which rows are shortened.
        for_sizes: part of each round's epsilon for the counts; the rest is for the sums.
        seed: of the noise.

    Raises:
        CourseError: something is not as described.

    Source: the idea of Blum, Dwork, McSherry, Nissim, *Practical Privacy: The SuLQ Framework*, 2005.
    """
    rows, centres = np.asarray(rows, float), np.array(starts, float)
    if rows.ndim != 2 or centres.ndim != 2 or rows.shape[1] != centres.shape[1] or rounds < 1:
        raise CourseError(
            f"rows (n, d), starts (k, d) and at least one round are needed; shapes are {rows.shape} and {centres.shape}."
        )
    if not 0 < for_sizes < 1 or not bound > 0 or not np.isfinite(rows).all():
        raise CourseError("for_sizes must lie between 0 and 1, bound above 0, and rows hold finite numbers.")
    rng, budget = np.random.default_rng(seed), Budget(epsilon)
    short = clip_rows(rows, bound)
    for number in range(rounds):
        member = np.eye(len(centres))[PrivateProfiles(centres, None, budget).nearest(short)]
        sizes, sums = member.sum(0), member.T @ short
        if np.isfinite(epsilon):
            part = epsilon / rounds
            budget.pay(f"round {number + 1}: sizes", for_sizes * part)
            budget.pay(f"round {number + 1}: sums", (1 - for_sizes) * part)
            sizes = noisy(sizes, 1, for_sizes * part, rng)
            sums = noisy(sums, bound, (1 - for_sizes) * part, rng)
        # what follows uses the noisy answers only: it costs nothing (post-processing)
        believable = np.maximum(sizes, 20)
        moved = clip_rows(sums / believable[:, None], bound)
        centres = np.where((sizes > 20)[:, None], moved, centres)
    return PrivateProfiles(centres, sizes, budget)
