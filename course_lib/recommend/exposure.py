"""Seen is not liked: films at the top of the page are clicked more, and films that are shown more are known better."""

from dataclasses import dataclass

import numpy as np

from course_lib.errors import CourseError

#: The true chances that a place on the page is looked at at all, the first is 1: steep, as on a telephone's feed.
LOOKED_AT = (1.0, 0.68, 0.5, 0.38, 0.3, 0.25)


def position_effects(place, clicked, places):
    """How much each place on the page is looked at, compared with the first, from rows whose order was drawn blindly.

    Where the order is blind, every place holds films that are equally good in the mean. So whatever differs between the
    click rates of two places is the places' doing.

    Args:
        place: on the page, from 0, whole numbers of shape (n,).
        clicked: 1 or 0, shape (n,).
        places: how many there are. The first has at least one click.

    Returns:
        Click rate of each place divided by that of the first, shape (places,); NaN for a place that no row has.
    """
    shown = np.bincount(place, minlength=places)
    clicks = np.bincount(place, clicked, places)
    rate = clicks / np.where(shown > 0, shown, np.nan)
    return rate / rate[0]


def attractiveness(film, place, clicked, effects, films: int) -> np.ndarray:
    """How often each film is clicked where it is looked at: clicks over looks, (films,), NaN for one never shown.

    A show at a place that is looked at half of the time counts as half a look.

    Args:
        film, place, clicked: one row a show, (n,).
        effects: chance of each place to be looked at (of `position_effects`, or all ones for the naive rate).
        films: how many there are.
    """
    looks = np.bincount(film, np.asarray(effects)[place], films)
    return np.bincount(film, clicked, films) / np.where(looks > 0, looks, np.nan)


@dataclass(frozen=True)
class Pages:
    """Shows on pages: one entry a film on a page, all (n,).

    Attributes:
        user, film, place: numbers from 0; clicked: 0 or 1.
        blind: whether the order of the page was drawn (KuaiRand's `is_rand`).
    """

    user: np.ndarray
    film: np.ndarray
    place: np.ndarray
    clicked: np.ndarray
    blind: np.ndarray

    def rows(self, which) -> "Pages":
        """Only the rows that `which` (n,) marks."""
        return Pages(
            self.user[which], self.film[which], self.place[which], self.clicked[which], self.blind[which]
        )


def show_pages(
    chance, score, count: int, seed: int, blind_share: float = 0.05, looked_at=LOOKED_AT, unrest: float = 1.0
) -> Pages:
    """Pages of all films shown to people: a click needs a look at the place, and liking of the film.

    Args:
        chance: true chance of a click on what is looked at, (users, films).
        score: what the order follows, largest first, (users, films); on a share of the pages the order is blind.
        count: pages; their readers are drawn evenly.
        unrest: the score of each film on each page is stirred by so much (standard deviation).
        looked_at: true chance of each place, one a film.

    Raises:
        CourseError: shapes do not fit.
    """
    chance, score, looked_at = np.asarray(chance), np.asarray(score), np.asarray(looked_at)
    users, films = chance.shape
    if score.shape != chance.shape or looked_at.shape != (films,) or not 0 <= blind_share <= 1:
        raise CourseError(
            f"a page holds every film once: score must be {chance.shape}, looked_at ({films},)."
        )
    rng = np.random.default_rng([seed, 7])
    user = rng.integers(0, users, count)
    blind = rng.random(count) < blind_share
    stirred = score[user] + unrest * rng.normal(size=(count, films))
    order = np.where(blind[:, None], rng.random((count, films)), -stirred).argsort(axis=1)
    clicked = rng.random(order.shape) < chance[user[:, None], order] * looked_at
    return Pages(
        np.repeat(user, films), order.ravel(), np.tile(np.arange(films), count),
        clicked.ravel().astype(int), np.repeat(blind, films),
    )  # fmt: skip


def editors_order(stage, seed: int = 0) -> np.ndarray:
    """What a page follows: fame, which is luck, and what a profile likes in the mean, (users, films).

    Args:
        stage: `distribute_stage.Stage`.
    """
    rng = np.random.default_rng([seed, 19])
    fame = rng.permutation(np.linspace(-1.5, 1.5, len(stage.films)))
    usual = np.array(
        [stage.liking[stage.profile == one].mean(axis=0) for one in range(stage.profile.max() + 1)]
    )
    return fame + 0.5 * usual[stage.profile]


def exposure_reweighted(rows, propensity, first_week, start_ms: float, films: int) -> dict:
    """Share of likes as logged, on the blind slice, and among standard rows weighted back to a blind draw.

    Each standard row counts (chance of a blind draw) / (chance with which it was shown), as if every film that was out
    had been shown alike.

    Args:
        rows: a clean log (pandas); propensity: (weeks, films); first_week: (films,); start_ms: when week 0 begins.

    Returns:
        `logged`, `blind` and `reweighted`: shares in [0, 1], the last self-normalised.
    """
    standard = rows[rows["is_rand"] == 0]
    week = ((standard["time_ms"].to_numpy() - start_ms) // (7 * 86_400_000)).astype(int)
    film = standard["video_id"].to_numpy()
    if film.max() >= films or week.min() < 0 or week.max() >= len(propensity):
        raise CourseError("the log holds films or weeks that the table of propensities lacks.")
    out = (np.asarray(first_week) <= np.arange(len(propensity))[:, None]).sum(axis=1)
    weight = 1 / out[week] / propensity[week, film]
    return {
        "logged": float(standard["is_like"].mean()),
        "blind": float(rows.loc[rows["is_rand"] == 1, "is_like"].mean()),
        "reweighted": float((weight * standard["is_like"]).sum() / weight.sum()),
    }
