"""Exposure, re-ranking and the audit, against plain counting."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.recommend import fairness
from course_lib.recommend.fairness_audit import audit, by_chance, total_variation
from course_lib.text import storyboard


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(2)
    protected = np.arange(60) % 3 == 0
    return rng.normal(0, 1, (400, 60)) - 1.5 * protected, protected


def test_exposure_by_hand():
    shares = fairness.exposure(np.array([[0, 1], [1, 0], [2, 0]]), np.array([0, 0, 1]), 3)
    second = 1 / np.log2(3)
    assert np.allclose(shares, np.array([2 + 3 * second, 1, 0]) / (3 + 3 * second))


def test_a_share_of_nothing_changes_nothing(world):
    scores, protected = world
    assert np.array_equal(fairness.fair_lists(scores, protected, 10, 0.0), np.argsort(-scores, 1)[:, :10])


@pytest.mark.parametrize("share", [0.1, 0.25, 0.6, 1.0])
def test_every_prefix_has_its_share_in_the_mean_and_none_lacks_it(world, share):
    scores, protected = world
    lists = fairness.fair_lists(scores, protected, 10, share)
    assert all(len(set(row)) == 10 for row in lists.tolist())
    running = np.cumsum(protected[lists], axis=1)
    places = np.arange(1, 11)
    assert (running >= np.floor(share * places)).all()
    assert (running.mean(0) >= share * places - 0.02).all(), "starts even out over the people"


def test_within_a_group_the_order_stays(world):
    scores, protected = world
    for row, list_ in zip(scores, fairness.fair_lists(scores, protected, 10, 0.4)):
        for group in (protected, ~protected):
            inside = [row[film] for film in list_ if group[film]]
            assert inside == sorted(inside, reverse=True)
            assert not inside or inside[0] == row[group].max()


def test_the_share_that_gives_an_exposure(world):
    scores, protected = world
    share = fairness.share_for(scores, protected, 10, 0.2)

    def reached(value):
        return fairness.exposure(fairness.fair_lists(scores, protected, 10, value), protected.astype(int), 2)[
            1
        ]

    assert reached(share) >= 0.2 > reached(share - 0.01)
    assert fairness.share_for(scores, protected, 10, 0.0) == 0
    with pytest.raises(CourseError, match="cannot be reached"):
        fairness.share_for(scores, protected, 10, 1.1)


def test_too_few_films_are_said(world):
    scores, protected = world
    seen = scores.copy()
    seen[3, protected] = -np.inf
    with pytest.raises(CourseError, match="fewer than 10"):
        fairness.fair_lists(seen, protected, 10, 0.1)
    with pytest.raises(CourseError, match="share"):
        fairness.fair_lists(scores, protected, 10, 1.5)


def test_gini_merit_small_and_quality():
    assert fairness.gini([1, 1, 1]) == 0
    assert np.isclose(fairness.gini([0, 0, 0, 1]), 0.75)
    assert fairness.merit([0, 0, 1, 2], [True, False, True]) == 0.75
    assert fairness.small_owners([0, 0, 1, 2, 2, 2], [0, 1, 3]).tolist() == [False, True, False, False]
    found = fairness.quality(np.array([[0, 1], [1, 0], [0, 1]]), [[0], [0], []], [5, 6, 7], 2)
    assert found == {5: 1.0, 6: pytest.approx(1 / np.log2(3))}
    for bad in (lambda: fairness.gini([-1, 2]), lambda: fairness.merit([], [True])):
        with pytest.raises(CourseError):
            bad()


class Eye:
    """A judge that reads what the made-up model wrote."""

    world = SimpleNamespace(attributes={"colour": ("red", "green", "blue"), "size": ("small", "large")})

    def attributes(self, clips):
        return [{"colour": colour, "size": size} for colour, size in clips]


def leaning(lean):
    def make(sentences, seed):
        rng = np.random.default_rng(seed)
        return [(rng.choice(["red", "green", "blue"], p=lean), "small") for _ in sentences]

    return make


def test_the_audit_knows_a_fair_model_from_one_that_leans():
    ask = [("something small", {"size": "small"}), ("something", {}), ("something large", {"size": "large"})]
    leans = audit(leaning([0.7, 0.2, 0.1]), Eye(), ask, "colour", 150)
    assert all(one.leans for one in leans)
    assert leans[0].counts["red"] == max(leans[0].counts.values())
    assert leans[0].kept == 1.0
    assert np.isnan(leans[1].kept)
    assert leans[2].kept == 0.0
    fair = [
        one.leans
        for seed in range(40)
        for one in audit(leaning([1 / 3] * 3), Eye(), ask[:1], "colour", 150, seed)
    ]
    assert np.mean(fair) < 0.2, "about one in twenty by chance"


def test_chance_shrinks_with_the_number_of_clips():
    few, many = by_chance(50, np.ones(6)), by_chance(5000, np.ones(6))
    assert 5 < few / many < 20
    assert total_variation([5, 5], [1, 1]) == 0
    assert total_variation([7, 0], [1, 1]) == 0.5


@pytest.mark.parametrize(("attribute", "said"), [("shape", {}), ("colour", {"colour": "red"})])
def test_what_cannot_be_audited(attribute, said):
    with pytest.raises(CourseError):
        audit(leaning([1, 0, 0]), Eye(), [("x", said)], attribute, 5)


def test_the_list_of_places_still_does_what_lesson_13_shows():
    """Whoever mends this bias of the film's reader should tell lesson 13, section 9, which shows it as a finding."""
    shown = {
        place: storyboard(f"I went to work in {place}").shots[0].attributes["place"]
        for place in ("Beijing", "Cairo")
    }
    assert shown == {"Beijing": "city", "Cairo": "desert"}
