"""People whom no model has met: the same world, other people, and a measure whose ends are known."""

from dataclasses import replace

import numpy as np
import pytest

from course_lib.data.twin import twin
from course_lib.errors import CourseError
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.newcomers import enjoyment, newcomers, shown_to


@pytest.fixture(scope="module")
def logs():
    return twin()


@pytest.fixture(scope="module")
def people(logs):
    return newcomers(logs, 240, seed=5)


def test_they_follow_from_the_seed_and_are_like_the_others(logs, people):
    ratings, taste = people
    assert ratings.shape == taste.shape == (240, 420)
    again, other = newcomers(logs, 240, seed=5), newcomers(logs, 240, seed=6)
    np.testing.assert_array_equal(again[0], ratings)
    np.testing.assert_array_equal(again[1], taste)
    assert np.nanmax(np.abs(other[1] - taste)) > 1
    known = ratings[~np.isnan(ratings)]
    assert set(known) == {1.0, 2.0, 3.0, 4.0, 5.0}
    # as many films each as people of the twin have, and tastes as wide; the same films are liked
    theirs = len(ratings_from(logs.log.dropna())) / 1200
    assert 0.7 * theirs < len(known) / 240 < 1.5 * theirs
    assert abs(taste.std() - logs.truth.taste.std()) < 0.1
    assert np.corrcoef(taste.mean(0), logs.truth.taste.mean(0))[0, 1] > 0.97
    assert np.corrcoef(ratings[~np.isnan(ratings)], taste[~np.isnan(ratings)])[0, 1] > 0.5


def test_the_measure_is_1_at_the_best_and_0_blindly(people):
    ratings, taste = people
    unseen = np.isnan(ratings)
    best = np.argsort(-np.where(unseen, taste, -np.inf), axis=1)[:, :10]
    assert enjoyment(ratings, taste, best) == pytest.approx(1)
    worst = np.argsort(np.where(unseen, taste, np.inf), axis=1)[:, :10]
    assert enjoyment(ratings, taste, worst) < -0.5
    rng = np.random.default_rng(0)
    blindly = np.argsort(np.where(unseen, rng.random(taste.shape), np.inf), axis=1)[:, :10]
    assert abs(enjoyment(ratings, taste, blindly)) < 0.03


def test_nothing_known_is_shown_and_both_tables_count():
    ratings = np.array([[5.0, np.nan, np.nan, np.nan], [np.nan, 1.0, np.nan, np.nan]])
    weights = np.zeros((4, 4))
    weights[0] = [9, 1, 0, -1]  # who likes film 0 likes film 1, not film 3
    weights[1] = [0, 9, 1, 0]  # who does not like film 1 does not like film 2
    shown = shown_to(ratings, weights, np.array([0, 0, 0, 0.5]), 2)
    np.testing.assert_array_equal(shown, [[1, 2], [3, 0]])


def test_they_need_a_truth(logs):
    with pytest.raises(CourseError, match="truth"):
        newcomers(replace(logs, truth=None), 10, 1)
    with pytest.raises(CourseError, match="at least one"):
        newcomers(logs, 0, 1)
