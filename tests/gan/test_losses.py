"""Losses: closed forms, extremes, PyTorch against TensorFlow, steps, and that they train."""

import math

import numpy as np
import pytest
import torch

from course_lib.gan import losses, rings

RNG = np.random.default_rng(3)
REAL, FAKE = RNG.normal(0, 2, 7), RNG.normal(0, 2, 7)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


CLOSED = {
    "discriminator_loss": lambda r, f: -np.log(sigmoid(r)).mean() - np.log(1 - sigmoid(f)).mean(),
    "least_squares_discriminator_loss": lambda r, f: 0.5 * ((r - 1) ** 2).mean() + 0.5 * (f**2).mean(),
    "wasserstein_discriminator_loss": lambda r, f: f.mean() - r.mean(),
    "hinge_discriminator_loss": lambda r, f: np.maximum(0, 1 - r).mean() + np.maximum(0, 1 + f).mean(),
    "relativistic_loss": lambda r, f: np.log1p(np.exp(f - r)).mean(),
}
CLOSED_FAKES = {
    "generator_loss": lambda f: -np.log(sigmoid(f)).mean(),
    "saturating_generator_loss": lambda f: np.log(1 - sigmoid(f)).mean(),
    "least_squares_generator_loss": lambda f: 0.5 * ((f - 1) ** 2).mean(),
    "wasserstein_generator_loss": lambda f: -f.mean(),
}


@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms(name):
    got = getattr(losses, name)(torch.tensor(REAL), torch.tensor(FAKE)).item()
    assert got == pytest.approx(CLOSED[name](REAL, FAKE), rel=1e-6)


@pytest.mark.parametrize("name", CLOSED_FAKES)
def test_closed_forms_of_the_generators(name):
    assert getattr(losses, name)(torch.tensor(FAKE)).item() == pytest.approx(
        CLOSED_FAKES[name](FAKE), rel=1e-6
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", [*CLOSED, *CLOSED_FAKES])
def test_extremes_are_finite_with_finite_gradients(name, dtype):
    leaves = [torch.tensor([1e4, -1e4, 0.0], dtype=dtype, requires_grad=True) for _ in range(2)]
    arguments = leaves if name in CLOSED else leaves[:1]
    loss = getattr(losses, name)(*arguments)
    loss.backward()
    assert torch.isfinite(loss)
    assert all(torch.isfinite(leaf.grad).all() for leaf in arguments)


def critic(seed=0):
    torch.manual_seed(seed)
    layers = [torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)]
    return torch.nn.Sequential(*layers).double()


def test_penalty_of_a_straight_line_is_its_slope_squared():
    line = torch.nn.Linear(2, 1).double()
    with torch.no_grad():
        line.weight.copy_(torch.tensor([[3.0, 4.0]]))
    assert losses.zero_centred_gradient_penalty(line, torch.randn(5, 2).double()).item() == pytest.approx(25)
    assert losses.gradient_penalty(
        line, torch.randn(5, 2).double(), torch.randn(5, 2).double(), torch.rand(5).double()
    ).item() == pytest.approx(16)


@pytest.mark.parametrize("kind", ["zero", "one"])
def test_penalties_by_differences_in_a_weight(kind):
    network, samples = critic(), torch.randn(4, 6).double()
    other, share = torch.randn(4, 6).double(), torch.rand(4).double()

    def value():
        if kind == "zero":
            return losses.zero_centred_gradient_penalty(network, samples)
        return losses.gradient_penalty(network, samples, other, share)

    weight = network[0].weight
    (slope,) = torch.autograd.grad(value(), weight)
    moved = []
    for change in (1e-6, -2e-6):
        with torch.no_grad():
            weight[2, 3] += change
        moved.append(value().item())
    assert slope[2, 3].item() == pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-5)


def test_the_steps_leave_the_other_player_bit_identical():
    generator, discriminator = rings.players(0)
    before = [w.detach().clone() for w in generator.parameters()]
    optimiser = torch.optim.Adam(discriminator.parameters())
    losses.discriminator_step(
        discriminator, generator, optimiser, losses.discriminator_loss, torch.randn(4, 2), torch.randn(4, 2)
    )
    assert all(torch.equal(a, b) for a, b in zip(before, generator.parameters()))
    assert all(w.grad is None for w in generator.parameters())
    before = [w.detach().clone() for w in discriminator.parameters()]
    optimiser = torch.optim.Adam(generator.parameters())
    losses.generator_step(discriminator, generator, optimiser, losses.generator_loss, torch.randn(4, 2))
    assert all(torch.equal(a, b) for a, b in zip(before, discriminator.parameters()))


def test_tensorflow_gives_the_same_to_1e6():
    from course_lib.gan import losses_tf
    from course_lib.marking.frameworks_tf import tensor
    from tests.gan.critic_tf import same_critic

    for name in CLOSED:
        ours = getattr(losses, name)(torch.tensor(REAL), torch.tensor(FAKE)).item()
        assert float(getattr(losses_tf, name)(tensor(REAL), tensor(FAKE))) == pytest.approx(ours, rel=1e-6)
    for name in CLOSED_FAKES:
        ours = getattr(losses, name)(torch.tensor(FAKE)).item()
        assert float(getattr(losses_tf, name)(tensor(FAKE))) == pytest.approx(ours, rel=1e-6)
    network, points, other = critic(), RNG.normal(size=(5, 6)), RNG.normal(size=(5, 6))
    share = RNG.uniform(size=5)
    twin = same_critic(network)
    ours = losses.zero_centred_gradient_penalty(network, torch.tensor(points)).item()
    assert float(losses_tf.zero_centred_gradient_penalty(twin, points)) == pytest.approx(ours, rel=1e-6)
    ours = losses.gradient_penalty(
        network, torch.tensor(points), torch.tensor(other), torch.tensor(share)
    ).item()
    assert float(losses_tf.gradient_penalty(twin, points, other, share)) == pytest.approx(ours, rel=1e-6)


def test_mode_coverage_of_the_real_data_is_full():
    for world, modes in (("ring", 8), ("grid", 25)):
        some = rings.draw(world, 4000, torch.Generator().manual_seed(1)).numpy()
        found, share = rings.mode_coverage(some, rings.centres(world), rings.WIDTH[world])
        assert found == modes
        assert share == pytest.approx(1 - math.exp(-4.5), abs=0.01)  # within three widths, in the plane


def test_a_run_can_be_repeated_and_the_printed_loss_breaks():
    first = rings.train(rings.RECIPES["relativistic"], seed=1, steps=20, every=10)
    again = rings.train(rings.RECIPES["relativistic"], seed=1, steps=20, every=10)
    np.testing.assert_array_equal(first.samples, again.samples)
    assert rings.train(rings.RECIPES["published"], seed=0, steps=300, every=100).failed_at is not None


@pytest.mark.slow
def test_the_relativistic_recipe_finds_the_ring():
    run = rings.train(rings.RECIPES["relativistic"], seed=0, steps=1500)
    assert run.history[-1][1] == 8
    assert run.history[-1][2] > 0.5
