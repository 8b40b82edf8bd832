"""Off-policy estimates against the known truth, and money: uplift, audiences, pacing."""

import numpy as np
import pytest

from course_lib.data.twin import START_MS, twin
from course_lib.errors import CourseError
from course_lib.recommend import advertising, offpolicy
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.distribute_stage import stage


@pytest.fixture(scope="module")
def logs():
    return twin()


@pytest.fixture(scope="module")
def world(logs):
    return stage(logs)


@pytest.fixture(scope="module")
def new(world):
    return offpolicy.certain(world.own_film, len(world.films))


def test_intervals_hold_the_truth_and_naive_ones_do_not(world, new):
    old, truth = offpolicy.old_policy(world), world.value(new)
    held, off = {}, {}
    for seed in range(60):
        log = offpolicy.write_log(world, old, 3000, 1000 + seed)
        for name, (value, error) in offpolicy.estimates(log, world, new).items():
            held.setdefault(name, []).append(abs(value - truth) < 1.96 * error)
            off.setdefault(name, []).append(value - truth)
    for name in ("inverse propensity", "self-normalised", "doubly robust"):
        assert np.sum(held[name]) >= 51, name  # 57 are expected; 51 or fewer come once in a hundred times
        assert abs(np.mean(off[name])) < 4 * np.std(off[name]) / np.sqrt(60), name
    for name in ("naive: mean of the log", "naive: rows that agree"):
        assert np.sum(held[name]) < 15, name
    assert np.std(off["doubly robust"]) < np.std(off["inverse propensity"])


def test_doubly_robust_is_right_if_either_is(world, new):
    log = offpolicy.write_log(world, offpolicy.old_policy(world), 60_000, 5)
    rows, target = np.arange(60_000), new[log.user, log.film]
    right = world.chance[log.user]
    wrong = np.full_like(right, 0.9)
    truth = world.value(new)
    for guess, chance in ((right, np.full(60_000, 0.5)), (wrong, log.chance)):
        value, error = offpolicy.doubly_robust(
            log.reward, chance, target, guess[rows, log.film], (new[log.user] * guess).sum(axis=1)
        )
        assert abs(value - truth) < 4 * error
    # and with neither it is not
    value, error = offpolicy.doubly_robust(
        log.reward, np.full(60_000, 0.5), target, wrong[rows, log.film], (new[log.user] * wrong).sum(axis=1)
    )
    assert abs(value - truth) > 10 * error


def test_the_old_policy_judged_from_its_own_log_is_its_mean(world):
    old = offpolicy.old_policy(world)
    log = offpolicy.write_log(world, old, 500, 0, blind_share=0.0)
    ones = old[log.user, log.film]
    value, error = offpolicy.inverse_propensity(log.reward, log.chance, ones)
    assert np.isclose(value, log.reward.mean())
    assert np.isclose(error, log.reward.std(ddof=1) / np.sqrt(500))
    assert "blind slice alone" not in offpolicy.estimates(log, world, old)


def test_the_chances_in_a_log_are_those_it_was_drawn_with(world):
    old = offpolicy.old_policy(world, skew=2.0)
    log = offpolicy.write_log(world, old, 30_000, 3)
    assert log.chance.min() >= 0.05 / 6
    # the weight of any film has mean 1
    for film in range(6):
        weight = (log.film == film) / log.policy[:, film]
        assert abs(weight.mean() - 1) < 5 * weight.std() / np.sqrt(30_000)


def test_what_was_never_shown_cannot_be_judged(world, new):
    only = offpolicy.certain(np.zeros(len(world.profile), int), 6)
    log = offpolicy.write_log(world, only, 100, 0, blind_share=0.0)
    with pytest.raises(CourseError, match="never showed"):
        offpolicy.estimates(log, world, new)
    with pytest.raises(CourseError, match="add up to 1"):
        offpolicy.write_log(world, 2 * only, 100, 0)


def test_a_policy_has_one_value_however_it_is_written(world, new):
    assert np.isclose(world.value(new), world.value(world.own_film))
    assert world.value(offpolicy.old_policy(world)) < world.value(new) < world.chance.max(axis=1).mean()


def test_uplift_is_found_by_a_trial_and_invented_by_targeting():
    liking = np.repeat([-2.0, 0.5, 3.0], 200)
    market, group = advertising.market(liking), np.repeat([0, 1, 2], 200)
    user, shown, bought = advertising.trial(market, 60_000, 0)
    found = advertising.uplift_by_group(group[user], shown, bought, 3)
    true = [market.uplift[group == one].mean() for one in range(3)]
    assert np.allclose(found, true, atol=0.02)
    user, shown, bought = advertising.trial(market, 60_000, 0, np.where(liking > 1, 0.9, 0.05))
    books = bought[shown == 1].mean() - bought[shown == 0].mean()
    assert books > 3 * market.uplift[user[shown == 1]].mean()


def test_whom_it_changes_is_a_better_audience_than_who_buys(world):
    market = advertising.market(1.3 * world.liking[:, 5] - 0.5)
    added = [advertising.campaigns(market, world.profile, world.known.views, 200, seed=s) for s in range(5)]
    mean = {name: np.mean([one[name] for one in added]) for name in added[0]}
    assert mean["best possible"] == max(mean.values())
    assert mean["profiles that are changed most"] > mean["profiles that buy most"]
    with pytest.raises(CourseError, match="audience of 0"):
        advertising.audience(np.ones(3), 0, np.random.default_rng(0))


@pytest.mark.parametrize("times", [1, 2, 0.5])
def test_pacing_keeps_to_the_budget_and_comes_near_hindsight(logs, world, times):
    clean = clean_log(logs.log, logs.videos)[0]
    hours, users = advertising.visitors_of(clean, 12, START_MS)
    past_hours, past = advertising.visitors_of(clean, 11, START_MS)
    assert (np.diff(hours) >= 0).all()
    assert hours[0] >= 0
    assert hours[-1] < 24
    if times == 2:
        hours, users = np.repeat(hours, 2), np.repeat(users, 2)
    elif times == 0.5:
        hours, users = hours[::2], users[::2]
    worth, brought = world.chance[:, 1], {}
    for strategy in advertising.STRATEGIES:
        shown = advertising.serve_day(
            (hours, worth[users]), (past_hours, worth[past]), 250, strategy, np.random.default_rng(0)
        )
        assert shown.sum() <= 250
        brought[strategy] = worth[users[shown]].sum()
    assert brought["hindsight"] >= max(brought.values())
    assert brought["pacing"] > 0.95 * brought["hindsight"]
    assert brought["pacing"] > 2 * max(brought["at once"], brought["evenly"])
    with pytest.raises(CourseError, match="no strategy 'all'"):
        advertising.serve_day((hours, worth[users]), (past_hours, worth[past]), 250, "all", None)
