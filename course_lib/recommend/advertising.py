"""Advertising: whom an advertisement changes, and how a budget lasts the day."""

from dataclasses import dataclass

import numpy as np

from course_lib.errors import CourseError
from course_lib.recommend.distribute_stage import sigmoid


def uplift_by_group(group, shown, bought, groups):
    """What an advertisement *adds* in each group, from a trial in which chance decided who is shown it.

    Args:
        group: of each person, from 0, whole numbers of shape (n,).
        shown: 1 where the advertisement was shown, else 0, shape (n,).
        bought: 1 where the person bought afterwards, else 0, shape (n,).
        groups: how many there are.

    Returns:
        For each group the share of buyers among those shown, less the share among the others, shape (groups,), from
        -1 to 1; NaN where a group lacks one of the two.
    """
    uplift = np.full(groups, np.nan)
    for one in range(groups):
        with_ad = bought[(group == one) & (shown == 1)]
        without = bought[(group == one) & (shown == 0)]
        if len(with_ad) > 0 and len(without) > 0:
            uplift[one] = with_ad.mean() - without.mean()
    return uplift


def pacing_threshold(values, visitors_left, budget_left):
    """How much a visitor must be worth to be shown an advertisement now, so that the budget just lasts.

    If b of the v visitors still to come can be shown one, it should be the best b: the threshold is the value that the
    share b / v of all visitors exceeds.

    Args:
        values: what visitors of another, similar day were worth, shape (n,).
        visitors_left: how many are still expected, at least 1.
        budget_left: advertisements that are still paid for.

    Returns:
        The threshold, a number: infinity if nothing is left, the smallest value if there is enough for everybody.
    """
    if budget_left <= 0:
        return np.inf
    share = min(budget_left / visitors_left, 1)
    return np.quantile(values, 1 - share)


@dataclass(frozen=True)
class Market:
    """A made-up advertiser on the twin: who buys without the advertisement, and who with it.

    Attributes:
        without, with_ad: true chance to buy, (users,).
    """

    without: np.ndarray
    with_ad: np.ndarray

    @property
    def uplift(self) -> np.ndarray:
        """What showing the advertisement to a person adds, in purchases, (users,)."""
        return self.with_ad - self.without


def market(liking, level: float = -1.5, slope: float = 2.0, push: float = 1.0) -> Market:
    """A market in which people who like what is sold buy by themselves; the advertisement pushes everybody alike.

    Args:
        liking: true liking of what is sold, (users,).
        level, slope: chance without the advertisement = sigmoid(slope * liking + level).
        push: what the advertisement adds inside the sigmoid. Who is nearly sure to buy anyway, or never to, is changed least.
    """
    inside = slope * np.asarray(liking) + level
    return Market(sigmoid(inside), sigmoid(inside + push))


def trial(one: Market, n: int, seed: int, shown_chance=0.5):
    """n people, drawn evenly, are shown the advertisement or not; who buys.

    Args:
        shown_chance: a number (chance decides: a trial) or a chance for each person, (users,) (somebody targets).

    Returns:
        (user, shown, bought), whole numbers, (n,) each.
    """
    rng = np.random.default_rng([seed, 57])
    user = rng.integers(0, len(one.without), n)
    shown = rng.random(n) < np.broadcast_to(shown_chance, one.without.shape)[user]
    chance = np.where(shown, one.with_ad[user], one.without[user])
    return user, shown.astype(int), (rng.random(n) < chance).astype(int)


def audience(worth, size: int, rng) -> np.ndarray:
    """The `size` people with the largest worth (users,); equal ones in an order drawn by chance."""
    worth = np.asarray(worth, float)
    if not 1 <= size <= len(worth):
        raise CourseError(f"an audience of {size} cannot be chosen from {len(worth)} people.")
    return np.lexsort((rng.random(len(worth)), -worth))[:size]


def campaigns(one: Market, profile, views, size: int, n: int = 4000, seed: int = 0) -> dict:
    """Purchases added per 1,000 advertisements, by how the audience was chosen; truth of the market.

    Profiles are judged by a trial of n people; nothing is known of a person but profile and number of views.

    Args:
        profile: (users,) from 0; views: of each person, (users,); size: of the audience.

    Returns:
        Name -> purchases added per 1,000 advertisements.
    """
    rng = np.random.default_rng([seed, 61])
    user, shown, bought = trial(one, n, seed)
    groups = int(np.max(profile)) + 1
    added = np.nan_to_num(uplift_by_group(profile[user], shown, bought, groups))
    # buyers among those who were shown nothing, as a shop's own books have it
    quiet = shown == 0
    buyers = np.bincount(profile[user][quiet], bought[quiet], groups) / np.maximum(
        np.bincount(profile[user][quiet], minlength=groups), 1
    )
    worth = {
        "anybody": np.zeros(len(profile)),
        "who watches most": np.asarray(views),
        "profiles that buy most": buyers[profile],
        "profiles that are changed most": added[profile],
        "best possible": one.uplift,
    }
    return {name: float(1000 * one.uplift[audience(w, size, rng)].mean()) for name, w in worth.items()}


STRATEGIES = ("at once", "evenly", "fixed bar", "pacing", "hindsight")


def serve_day(today, yesterday, budget: int, strategy: str, rng) -> np.ndarray:
    """Which of a day's visitors are shown an advertisement, (n,) booleans, at most `budget` of them.

    Args:
        today, yesterday: (hours, values), (n,) each: when each visitor came, in order, and what he or she is believed
            to be worth.
        strategy: one of STRATEGIES. 'at once' shows it to everybody until the money is gone; 'evenly' to a blind share;
            'fixed bar' to who is above the bar that would have been right yesterday; 'pacing' moves the bar every
            quarter of an hour by what is left, and by how many have come compared with yesterday; 'hindsight' knows the
            whole day.
    """
    if strategy not in STRATEGIES:
        raise CourseError(f"there is no strategy '{strategy}'; there are {', '.join(STRATEGIES)}.")
    (hours, values), (past_hours, past_values) = today, yesterday
    shown = np.zeros(len(values), bool)
    if strategy == "hindsight":
        shown[np.argsort(-np.asarray(values), kind="stable")[:budget]] = True
        return shown
    bar, left, next_look = pacing_threshold(past_values, len(past_values), budget), budget, 0.25
    for visitor, (hour, value) in enumerate(zip(hours, values)):
        if left <= 0:
            break
        if strategy == "pacing" and hour >= next_look:
            next_look = hour + 0.25
            before = np.searchsorted(past_hours, hour)
            growth = visitor / max(before, 1)
            rest = past_values[before:]
            if len(rest):
                bar = pacing_threshold(rest, max(growth * len(rest), 1), left)
        if strategy == "at once":
            shown[visitor] = True
        elif strategy == "evenly":
            shown[visitor] = rng.random() < budget / len(past_values)
        else:
            shown[visitor] = value >= bar
        left -= shown[visitor]
    return shown


def visitors_of(rows, day: int, start_ms: float) -> tuple[np.ndarray, np.ndarray]:
    """(hours, users) of the views of one day of a log, in order of time; the log is the twin's, clean."""
    since = (rows["time_ms"].to_numpy() - start_ms) / 3_600_000 - 24 * day
    inside = np.flatnonzero((since >= 0) & (since < 24))
    inside = inside[np.argsort(since[inside], kind="stable")]
    return since[inside], rows["user_id"].to_numpy()[inside]
