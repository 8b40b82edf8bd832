"""Scores put together, places and exposure, bandits: against plain versions, theory, and the twin's truth."""

from dataclasses import replace

import numpy as np
import pytest

from course_lib.data.twin import START_MS, twin
from course_lib.errors import CourseError
from course_lib.recommend import bandits, distribute, exposure
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.distribute_stage import nearness, sigmoid, stage, word_tastes
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.splits import by_time
from course_lib.scenery import vocabulary


@pytest.fixture(scope="module")
def logs():
    return twin()


@pytest.fixture(scope="module")
def world(logs):
    return stage(logs)


@pytest.fixture(scope="module")
def scored(logs):
    """Scores learned from the past of the twin, and both halves of its ratings."""
    ratings = ratings_from(clean_log(logs.log, logs.videos)[0])
    past, future = by_time(ratings["time_ms"], 0.2)
    return distribute.score_parts(ratings[past], logs.scenes, 1200), ratings[past], ratings[future]


def test_weights_are_ridge_regression_with_a_free_intercept():
    rng = np.random.default_rng(0)
    parts, noise = rng.normal(2, 1, (500, 3)), rng.normal(0, 0.1, 500)
    rating = parts @ [0.5, 0.0, 1.5] + 7 + noise
    assert np.allclose(distribute.blend_weights(parts, rating, 0.0), [0.5, 0, 1.5], atol=0.02)
    heavy = distribute.blend_weights(parts, rating, 1e9)
    assert np.abs(heavy).max() < 1e-5
    from sklearn.linear_model import Ridge

    assert np.allclose(
        distribute.blend_weights(parts, rating, 4.0), Ridge(alpha=4.0).fit(parts, rating).coef_
    )


def test_together_beats_each_alone(scored, logs):
    parts, train, test = scored
    older, newer = by_time(train["time_ms"], 0.2)
    early, check = distribute.score_parts(train[older], logs.scenes, 1200), train[newer]
    said = np.column_stack([part[check["user_id"], check["video_id"]] for part in early.values()])
    weights = distribute.blend_weights(said, check["rating"].to_numpy(), 1.0)
    together = sum(weight * part for weight, part in zip(weights, parts.values()))

    def agreement(score):
        return np.corrcoef(score[test["user_id"], test["video_id"]], test["rating"])[0, 1]

    assert agreement(together) > max(agreement(part) for part in parts.values()) + 0.02


def test_what_was_watched_is_not_shown_again(scored):
    parts, train, _ = scored
    shown = distribute.best_unseen(parts["content"], train)
    watched = set(zip(train["user_id"], train["video_id"]))
    assert not any((user, film) in watched for user, row in enumerate(shown) for film in row)
    assert np.isfinite(parts["content"]).all(), "the scores themselves are left alone"


def test_scores_need_numbered_people_and_films(scored, logs):
    _, train, _ = scored
    with pytest.raises(CourseError, match="users 0 to 9"):
        distribute.score_parts(train, logs.scenes, 10)


def test_every_profile_gets_a_scene_that_can_be_filmed(world, logs):
    assert len(world.films) == 6
    for scene in world.films:
        assert vocabulary.possible(vocabulary.check(scene))
    assert len({scene["place"] for scene in world.films}) == 6
    # nearly everybody's best film is the one made for his or her profile
    assert np.mean(world.chance.argmax(axis=1) == world.own_film) > 0.9


def test_word_tastes_reproduce_tastes(logs, world):
    marks = distribute.marks_of(logs.scenes, world.known.names)
    own = word_tastes(logs.truth.taste, marks)
    fitted = own @ np.column_stack([marks, np.ones(len(marks))]).T
    # what is left is how well each film is made: the same for everybody
    left = logs.truth.taste - fitted
    assert np.abs(left - left.mean(axis=0)).max() < 1e-9


def test_nearness_is_a_share():
    rng = np.random.default_rng(0)
    profile = np.repeat([0, 1, 2], 20)
    share = nearness(rng.normal(size=(60, 4)) + 9 * profile[:, None], profile)
    assert np.allclose(share.sum(axis=1), 1)
    assert np.array_equal(share.argmax(axis=1), profile)
    assert np.isfinite(sigmoid(np.array([-1e4, 1e4]))).all()


def test_real_logs_have_no_truth(logs):
    with pytest.raises(CourseError, match="real"):
        stage(replace(logs, truth=None))


def test_blind_pages_give_the_places_and_ordered_ones_do_not(world):
    pages = exposure.show_pages(world.chance, exposure.editors_order(world), 40_000, 0, 0.5)
    blind, ordered = pages.rows(pages.blind), pages.rows(~pages.blind)
    true = np.array(exposure.LOOKED_AT)
    by_blind = exposure.position_effects(blind.place, blind.clicked, 6)
    by_order = exposure.position_effects(ordered.place, ordered.clicked, 6)
    assert np.abs(by_blind - true).max() < 0.06
    assert np.abs(by_order - true).max() > 0.2
    cell = world.profile[ordered.user] * 6 + ordered.film
    liking = np.array([world.chance[world.profile == one].mean(axis=0) for one in range(6)]).ravel()
    corrected = exposure.attractiveness(cell, ordered.place, ordered.clicked, by_blind, 36)
    naive = exposure.attractiveness(cell, ordered.place, ordered.clicked, np.ones(6), 36)
    assert np.sqrt(np.mean((corrected - liking) ** 2)) < np.sqrt(np.mean((naive - liking) ** 2)) / 4


def test_every_page_holds_every_film_once(world):
    pages = exposure.show_pages(world.chance, exposure.editors_order(world), 50, 1)
    assert np.array_equal(np.sort(pages.film.reshape(50, 6), axis=1), np.tile(np.arange(6), (50, 1)))
    with pytest.raises(CourseError, match="every film once"):
        exposure.show_pages(world.chance, world.chance[:, :3], 5, 1)


def test_weights_bring_exposure_back_to_a_blind_draw(logs):
    clean = clean_log(logs.log, logs.videos)[0]
    truth = logs.truth
    # true liking in place of likes: likes are rare, and their noise would need forty logs
    liked = clean.assign(is_like=truth.taste[clean["user_id"], clean["video_id"]])
    found = exposure.exposure_reweighted(liked, truth.propensity, truth.first_week, START_MS, 420)
    assert found["logged"] > found["blind"] + 0.15
    assert abs(found["reweighted"] - found["blind"]) < 0.06
    with pytest.raises(CourseError, match="propensities"):
        exposure.exposure_reweighted(clean, truth.propensity[:1], truth.first_week, START_MS, 420)


def test_thompson_draws_follow_the_beta_distribution():
    rng = np.random.default_rng(0)
    clicks, shows = np.array([0.0, 3.0, 40.0]), np.array([0.0, 10.0, 50.0])
    draws = np.array([bandits.thompson_draws(clicks, shows, rng.random(3)) for _ in range(4000)])
    a, b = clicks + 1, shows - clicks + 1
    assert np.allclose(draws.mean(axis=0), a / (a + b), atol=0.02)
    assert np.allclose(draws.var(axis=0), a * b / (a + b) ** 2 / (a + b + 1), atol=0.004)


def test_linucb_is_ridge_regression_and_a_width_that_shrinks():
    rng = np.random.default_rng(0)
    x, liked = rng.normal(size=(40, 3)), rng.random(40).round()
    policy = bandits.LinUCB(2, 3, 1.0)
    for one, reward in zip(x, liked):
        policy.learn(0, one, 1, reward)
    theta = np.linalg.solve(x.T @ x + np.eye(3), x.T @ liked)
    greedy = bandits.linucb_scores(policy.A, policy.b, x[0], 0.0)
    assert np.allclose(greedy, [0, x[0] @ theta])
    width = bandits.linucb_scores(policy.A, policy.b, x[0], 1.0) - greedy
    assert np.isclose(width[0], np.linalg.norm(x[0]))
    assert width[1] < width[0] / 2


def test_explorers_miss_less_than_greedy(world):
    missed = {}
    for seed in range(4):
        visitors, luck = bandits.visit(world, 1500, seed)
        for name, policy in bandits.contenders(world, seed).items():
            course = bandits.regret(policy, world, visitors, luck)
            assert (np.diff(course) >= 0).all()
            missed.setdefault(name, []).append(course[-1])
    mean = {name: np.mean(values) for name, values in missed.items()}
    assert mean["epsilon-greedy, 10 %"] < mean["greedy"]
    assert mean["Thompson sampling"] < 0.5 * mean["greedy"]
    assert mean["LinUCB"] < mean["ridge, greedy"]
    with pytest.raises(CourseError, match="numbers of luck"):
        bandits.regret(None, world, [1, 2], [0.5])
