"""Differential privacy, tested by counting: the inequality on neighbouring data, composition, what profiles cost."""

import numpy as np
import pytest
from scipy import stats

from course_lib.data.twin import twin
from course_lib.errors import CourseError
from course_lib.recommend import privacy_profiles as published
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.privacy_noise import Budget, clip_rows, laplace_mechanism, noisy, total_epsilon
from course_lib.recommend.profiles import agreement, people


def drawn(value, sensitivity, epsilon, n, seed):
    u = np.random.default_rng(seed).uniform(1e-12, 1, n)
    return laplace_mechanism(np.full(n, float(value)), sensitivity, epsilon, u)


def test_the_noise_is_laplaces():
    noise = drawn(5.0, 3.0, 0.5, 20_000, 0) - 5
    assert stats.kstest(noise, stats.laplace(scale=6).cdf).pvalue > 0.01
    assert np.isclose(np.abs(noise).mean(), 6, rtol=0.03), "the mean size is the scale"


def log_ratios(a, b, edges, least=1500):
    counts = [np.histogram(one, edges)[0] for one in (a, b)]
    enough = np.minimum(*counts) >= least
    assert enough.sum() >= 5
    # three standard errors of the log of a ratio of counts
    slack = 3 * np.sqrt(1 / counts[0][enough] + 1 / counts[1][enough])
    return np.log(counts[0][enough] / counts[1][enough]), slack


@pytest.mark.parametrize("epsilon", [0.3, 1.0, 2.0])
def test_the_inequality_holds_on_neighbouring_data_and_is_used_up(epsilon):
    ratio, slack = log_ratios(
        drawn(100, 1, epsilon, 200_000, 1), drawn(99, 1, epsilon, 200_000, 2), np.linspace(94, 105, 23)
    )
    assert (np.abs(ratio) <= epsilon + slack).all()
    assert np.abs(ratio).max() > 0.8 * epsilon


def test_too_little_noise_is_noticed():
    """The test above can fail: half the noise breaks the promise."""
    ratio, slack = log_ratios(
        drawn(100, 0.5, 1, 200_000, 1), drawn(99, 0.5, 1, 200_000, 2), np.linspace(94, 105, 23)
    )
    assert (np.abs(ratio) > 1 + slack).any()


def test_two_answers_cost_the_sum():
    """Of two answers with epsilon 0.7 each, the worst outcome has a log ratio of nearly 1.4, and none more."""
    n, epsilon = 400_000, 0.7
    with_you, without = (
        np.stack([drawn(value, 1, epsilon, n, seed + add) for add in (0, 1)])
        for value, seed in ((1, 10), (0, 20))
    )
    edges = np.array([-np.inf, -0.5, 0, 0.5, 1, 1.5, np.inf])
    cells = [np.histogram2d(*one, bins=[edges, edges])[0] for one in (with_you, without)]
    ratio, slack = np.log(cells[0] / cells[1]), 3 * np.sqrt(1 / cells[0] + 1 / cells[1])
    assert (np.abs(ratio) <= total_epsilon(np.array([0.7, 0.7]), np.array([-1, -1])) + slack).all()
    assert ratio.max() > 1.25 > 0.7


def test_sums_of_clipped_rows_keep_the_promise():
    """A whole vector: with one more person, the log ratio of densities is at most epsilon for every outcome."""
    rng = np.random.default_rng(3)
    table = clip_rows(rng.normal(0, 3, (50, 4)), 2.0)
    without = table[1:]
    assert np.abs(table.sum(0) - without.sum(0)).sum() <= 2.0 + 1e-12
    epsilon, scale = 0.8, 2.0 / 0.8
    outcomes = noisy(np.tile(table.sum(0), (5000, 1)), 2.0, epsilon, rng)
    log_density = [-np.abs(outcomes - sums).sum(1) / scale for sums in (table.sum(0), without.sum(0))]
    assert np.abs(log_density[0] - log_density[1]).max() <= epsilon + 1e-9


def test_clipping():
    rows = clip_rows(np.array([[3.0, -1.0], [0.2, 0.1], [0, 0]]), 1.0)
    assert np.allclose(np.abs(rows).sum(1), [1, 0.3, 0])
    assert np.allclose(rows[0], [0.75, -0.25])


def test_a_budget_says_no_and_keeps_what_it_had():
    budget = Budget(1.0)
    budget.pay("a", 0.5)
    budget.pay("left half", 0.5, group=0)
    budget.pay("right half", 0.4, group=1)
    assert budget.spent() == 1.0
    with pytest.raises(CourseError, match="budget"):
        budget.pay("b", 0.1)
    assert len(budget.answers) == 3
    budget.pay("right half again", 0.1, group=1)
    assert np.isclose(budget.left, 0)
    for bad in (0, -1, float("nan")):
        with pytest.raises(CourseError, match="above 0"):
            budget.pay("c", bad)
    with pytest.raises(CourseError, match="above 0"):
        Budget(0)


@pytest.fixture(scope="module")
def world():
    logs = twin(users=600, videos=100, views=40, seed=1)
    ratings = ratings_from(clean_log(logs.log, logs.videos)[0])
    table = people(ratings, logs.scenes)
    return logs, ratings, published.rows_of(table, logs.scenes), logs.truth.kind[table.ids]


def test_a_row_depends_on_its_own_person_only(world):
    """The premise of the guarantee: take a person away, and nobody else's row changes."""
    logs, ratings, rows, _ = world
    others = people(ratings[ratings["user_id"] != 7], logs.scenes)
    assert np.allclose(published.rows_of(others, logs.scenes), np.delete(rows, 7, axis=0))


def test_profiles_are_paid_for_and_good_where_there_is_little_noise(world):
    logs, _, rows, truth = world
    starts = published.place_starts(logs.scenes)
    release = published.private_profiles(rows, starts, 2.0, rounds=3, seed=0)
    assert np.isclose(release.budget.spent(), 2.0)
    assert len(release.budget.answers) == 6

    def score(epsilon):
        made = [published.private_profiles(rows, starts, epsilon, seed=seed) for seed in range(4)]
        return np.mean([agreement(one.nearest(rows), truth) for one in made])

    assert score(0.05) < 0.15 < 0.25 < score(1000.0)
    assert np.isclose(score(1000.0), score(np.inf), atol=0.02)


def test_private_profiles_keep_the_promise_end_to_end():
    """The whole mechanism on two tables that differ by one person: the size of a profile, as published."""
    rng = np.random.default_rng(0)
    rows = rng.normal(0, 0.3, (40, 2))
    rows[0] = [1.0, 0.0]
    starts = np.array([[0.3, 0.0], [-0.3, 0.0]])
    epsilon, ends = 1.0, []
    for table in (rows, rows[1:]):
        ends.append([published.private_profiles(table, starts, epsilon, rounds=1, seed=seed).sizes[0]
                     for seed in range(3000)])  # fmt: skip
    counts = [np.histogram(one, np.arange(-20, 60, 3.0))[0] for one in ends]
    enough = np.minimum(*counts) > 60
    assert enough.sum() > 5
    ratio = np.abs(np.log(counts[0][enough] / counts[1][enough]))
    slack = 3.5 * np.sqrt(1 / counts[0][enough] + 1 / counts[1][enough])
    assert (ratio <= 0.2 * epsilon + slack).all(), "sizes get a fifth of epsilon"


def test_scores_of_films_follow_the_profiles(world):
    logs, *_ = world
    names, marks = published.words_of(logs.scenes)
    centres = np.zeros((1, len(names)))
    assert np.allclose(published.film_scores(centres, logs.scenes), 0)
    centres[0, names.index("city")] = 0.3
    scores = published.film_scores(centres, logs.scenes)[0]
    assert (scores[marks[:, names.index("city")]] > 0).all()


@pytest.mark.parametrize(
    "wrong", [{"rounds": 0}, {"bound": 0}, {"for_sizes": 1}, {"epsilon": 0}, {"starts": np.zeros((2, 3))}]
)
def test_what_cannot_be_published(wrong):
    settings = {"starts": np.zeros((2, 2)), "epsilon": 1.0} | wrong
    with pytest.raises(CourseError):
        published.private_profiles(np.zeros((9, 2)), **settings)
