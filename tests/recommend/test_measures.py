"""Measures, splits, preferences, cleaning and profiles."""

import re

import numpy as np
import pytest

from course_lib.data.twin import DEFECTS, twin
from course_lib.errors import CourseError
from course_lib.recommend import metrics
from course_lib.recommend.cleaning import clean_log, clean_users, find_defects, tags_of
from course_lib.recommend.kmeans import KMeans
from course_lib.recommend.logs import duration_buckets, preference, ratings_from
from course_lib.recommend.profiles import (
    agreement,
    card_html,
    cards,
    deck_html,
    people,
    silhouette,
    standardised,
)
from course_lib.recommend.splits import by_time, folds


@pytest.fixture(scope="module")
def logs():
    return twin(users=600, videos=200, views=60, seed=3)


@pytest.fixture(scope="module")
def ratings(logs):
    return ratings_from(clean_log(logs.log, logs.videos)[0])


def test_ranking_measures():
    result = metrics.ranking([[1, 2, 3], [4, 5, 6]], [[2, 9], []], 3)
    assert result["users"] == 1
    assert np.isclose(result["precision"], 1 / 3)
    assert np.isclose(result["recall"], 1 / 2)
    assert np.isclose(result["ndcg"], (1 / np.log2(3)) / (1 + 1 / np.log2(3)))
    assert np.isclose(metrics.ndcg_at(np.array([0.0, 1.0, 0.0, 1.0]), 3), result["ndcg"])
    with pytest.raises(CourseError, match="nothing to rank"):
        metrics.ranking([[1]], [[]], 1)
    with pytest.raises(CourseError, match="at least k"):
        metrics.ranking([[1]], [[1]], 2)


def test_coverage_popularity_and_errors():
    assert metrics.coverage([[1, 2], [2, 1]], 8) == 0.25
    assert metrics.mae([1, 2], [2, 4]) == 1.5
    items, counts = np.array([7, 3, 5, 1]), [10, 1, 5, 2]
    assert metrics.popularity_bias([[7]], items, counts) == 7 / 8
    assert metrics.popularity_bias([[3]], items, counts) == 1 / 8
    assert np.isclose(metrics.popularity_bias(items, items, counts), 0.5)


def test_splits():
    tested = np.zeros(23)
    for train, test in folds(23, 5, seed=1):
        assert (train ^ test).all()
        tested += test
    assert (tested == 1).all()
    times = np.array([5, 1, 4, 4, 2])
    train, test = by_time(times, 0.4)
    assert times[train].max() < times[test].min()
    assert test.sum() == 3, "rows of one moment stay together"
    with pytest.raises(CourseError, match="no past"):
        by_time([3, 3, 3])
    with pytest.raises(CourseError, match="folds"):
        next(folds(3, 5))


def test_preference_does_not_ask_for_length(logs):
    clean, _ = clean_log(logs.log, logs.videos)
    rating = preference(clean["play_time_ms"], clean["duration_ms"])
    assert set(rating) == {1, 2, 3, 4, 5}
    bucket = duration_buckets(clean["duration_ms"])
    means = [rating[bucket == one].mean() for one in range(8)]
    assert np.ptp(means) < 0.05
    ratio = (clean["play_time_ms"] / clean["duration_ms"]).to_numpy()
    truth = logs.truth.taste[clean["user_id"], clean["video_id"]]
    assert np.corrcoef(rating, truth)[0, 1] > np.corrcoef(ratio, truth)[0, 1] + 0.1
    with pytest.raises(CourseError, match="finite"):
        preference([1.0, np.nan], [1.0, 1.0])


def test_every_planted_defect_is_found(logs):
    for seed in range(4):
        made = twin(users=120, videos=60, views=30, seed=seed)
        assert find_defects(made.log, made.users, made.videos) == made.truth.defects
        assert all(made.truth.defects[name] > 0 for name in DEFECTS)


def test_cleaning_leaves_no_defect_and_counts_its_rows(logs):
    clean, steps = clean_log(logs.log, logs.videos)
    left = find_defects(clean)
    assert not any(left.values()), left
    dropped = sum(rows for what, rows in steps if what.startswith("dropped"))
    assert len(clean) == len(logs.log) - dropped
    assert dict(steps)["mended: duration looked up"] == logs.truth.defects["missing durations"]
    users = clean_users(logs.users)
    assert not (users.select_dtypes("number") == -124).any().any()
    assert (users["is_live_streamer_known"] == 0).sum() == logs.truth.defects["sentinel -124"]
    assert sum(len(tags) > 1 for tags in tags_of(logs.videos)) == logs.truth.defects["lists stored as text"]
    with pytest.raises(CourseError, match="play_time_ms"):
        clean_log(logs.log.drop(columns="play_time_ms"))


def test_profiles_find_the_kinds_where_raw_counts_do_not(logs, ratings):
    table = people(ratings, logs.scenes)
    kinds = logs.truth.kind[table.ids]
    good = KMeans(6, 5, 0).fit(standardised(table.liking, np.zeros(len(table.names), bool))).labels
    assert agreement(good, kinds) > 0.6
    assert agreement(KMeans(6, 5, 0).fit(table.raw).labels, kinds) < 0.2
    deck = cards(table, good)
    assert sum(card.size for card in deck) == len(table.ids)
    assert np.isclose(sum(card.share for card in deck), 1)
    names = {word for card in deck for word in card.name.split(" · ")}
    assert {"city", "sea", "lake", "forest", "snow mountain"} <= names
    assert "×" in card_html(deck[0])
    assert "<b>" not in card_html(deck[0], "<b>x")
    colours = ["#000001", "#000002", "#000003", "#000004", "#000005", "#000006"]
    edges = re.findall(r"border-left:8px solid (#\w+)", deck_html(deck, colours))
    assert edges == [colours[card.cluster] for card in deck], (
        "a card has its own cluster's colour, not its place's"
    )
    assert "border-left" not in deck_html(deck)


def test_people_in_a_given_order_and_without_history(logs, ratings):
    table = people(ratings[ratings["user_id"] < 5], logs.scenes, ids=[0, 1, 2, 3, 4, 9999])
    assert table.views[5] == 0
    assert not table.liking[5].any()
    with pytest.raises(CourseError, match="not in the table of scenes"):
        people(ratings, logs.scenes[logs.scenes["video_id"] > 3])


def test_agreement_and_silhouette_are_the_usual_ones():
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 4, 60), rng.integers(0, 3, 60)
    assert np.isclose(agreement(a, b), adjusted_rand_score(a, b))
    assert agreement(a, (a + 1) % 4) == 1
    points = rng.normal(size=(60, 3))
    assert np.isclose(silhouette(points, b), silhouette_score(points, b))
