"""The mathematics of lesson 01: every formula against a second way of getting the number."""

import numpy as np
import pytest
from scipy import optimize
from scipy.spatial.distance import jensenshannon

from course_lib.gan import theory

RNG = np.random.default_rng(7)


def test_value_of_the_shrugging_critic():
    assert theory.value_function(np.full(5, 0.5), np.full(9, 0.5)) == pytest.approx(-np.log(4), rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_optimal_discriminator_beats_every_other(seed):
    rng = np.random.default_rng(seed)
    p, q = rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(6))
    best = theory.optimal_discriminator(p, q)

    def minus_value(logits):
        return -theory.game_value(theory.sigmoid(logits), p, q)

    found = optimize.minimize(minus_value, np.zeros(6), method="BFGS", options={"gtol": 1e-9})
    np.testing.assert_allclose(theory.sigmoid(found.x), best, atol=1e-5)
    assert theory.game_value(best, p, q) >= -found.fun - 1e-12


@pytest.mark.parametrize("seed", range(5))
def test_value_of_the_best_critic_is_twice_jsd_minus_log_4(seed):
    rng = np.random.default_rng(seed)
    p, q = rng.dirichlet(np.ones(20) / 5), rng.dirichlet(np.ones(20) / 5)
    p[:3] = 0.0
    q[2:6] = 0.0
    p, q = p / p.sum(), q / q.sum()
    value = theory.game_value(theory.optimal_discriminator(p, q), p, q)
    assert value == pytest.approx(2 * theory.js_divergence(p, q) - np.log(4), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_js_divergence_is_scipys_distance_squared(seed):
    rng = np.random.default_rng(seed)
    p, q = rng.dirichlet(np.ones(8)), rng.dirichlet(np.ones(8))
    p[0] = 0.0
    p /= p.sum()
    assert theory.js_divergence(p, q) == pytest.approx(jensenshannon(p, q) ** 2, abs=1e-12)


def test_js_divergence_at_its_ends():
    p = np.array([0.5, 0.5, 0.0, 0.0])
    assert theory.js_divergence(p, p) == 0
    assert theory.js_divergence(p, p[::-1]) == pytest.approx(np.log(2), abs=1e-12)


@pytest.mark.parametrize(
    ("slope", "loss"),
    [
        (theory.saturating_gradient, lambda o: -np.logaddexp(0, o)),
        (theory.non_saturating_gradient, lambda o: np.logaddexp(0, -o)),
    ],
)
def test_slopes_by_differences_and_at_extremes(slope, loss):
    o, h = np.linspace(-6, 6, 25), 1e-5
    np.testing.assert_allclose(slope(o), (loss(o + h) - loss(o - h)) / (2 * h), atol=1e-9)
    assert np.isfinite(slope(np.array([-1e4, 1e4]))).all()


def value(theta, psi):
    return -np.log(2) - np.logaddexp(0, psi * theta)


def test_a_step_follows_the_slopes_of_the_value():
    theta, psi, h, d = 0.7, -1.3, 0.1, 1e-6
    d_theta = (value(theta + d, psi) - value(theta - d, psi)) / (2 * d)
    d_psi = (value(theta, psi + d) - value(theta, psi - d)) / (2 * d)
    np.testing.assert_allclose(
        theory.simultaneous_step(theta, psi, h), (theta - h * d_theta, psi + h * d_psi), atol=1e-8
    )
    np.testing.assert_allclose(
        theory.penalised_step(theta, psi, h, 0.8),
        (theta - h * d_theta, psi + h * (d_psi - 0.8 * psi)),
        atol=1e-8,
    )


def test_the_figures_of_the_lesson():
    for step, last in ((theory.simultaneous_step, 3.05), (theory.alternating_step, 1.02)):
        path = theory.trajectory(step, (1.0, 0.0), 2000, h=0.1)
        assert path.shape == (2001, 2)
        assert np.hypot(*path[-1]) == pytest.approx(last, abs=0.005)


def test_tiny_steps_circle():
    path = theory.trajectory(theory.simultaneous_step, (1.0, 0.0), 20_000, h=1e-3)
    assert np.abs(np.hypot(*path.T) - 1).max() < 0.01


@pytest.mark.parametrize("h", [0.1, 0.5, 1.5])
def test_the_range_of_penalties_that_converge(h):
    low, high = h / 4, 2 / h + h / 8
    for gamma, converges in (
        (0.98 * low, False),
        (1.02 * low, True),
        (0.98 * high, True),
        (1.02 * high, False),
    ):
        assert (theory.growth(h, gamma) < 1) == converges
        start = (1e-6, 0.0)  # close to rest, where the step is a matrix
        path = theory.trajectory(theory.penalised_step, start, 4000, h=h, gamma=gamma)
        assert (np.hypot(*path[-1]) < 1e-6) == converges


def test_a_penalty_brings_the_game_of_the_lesson_to_rest():
    path = theory.trajectory(theory.penalised_step, (1.0, 0.0), 400, h=0.1, gamma=0.5)
    assert np.hypot(*path[-1]) < 1e-3


def test_gaussian_sums_to_one_and_has_no_denormals():
    density = theory.gaussian(np.linspace(-50, 50, 3001), 0.0, 0.7)
    assert density.sum() == pytest.approx(1, abs=1e-12)
    assert (density[density > 0] > 1e-300).all()
