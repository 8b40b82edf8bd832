"""Two small worlds on which losses are compared: a ring of 8 Gaussians and a grid of 25 (lesson 02).

Small enough to train in seconds, and every mode that a generator forgets can be counted.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch import nn

from course_lib.gan import losses

WIDTH = {"ring": 0.05, "grid": 0.05}  # standard deviation of one mode


def centres(world: str) -> np.ndarray:
    """(k, 2) centres of the modes: 8 on a circle of radius 1, or 25 on a grid from -1 to 1."""
    if world == "ring":
        angles = 2 * np.pi * np.arange(8) / 8
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)
    line = np.linspace(-1, 1, 5)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def draw(world: str, n: int, generator: torch.Generator) -> torch.Tensor:
    """(n, 2) real samples: a mode by lot, and a little noise."""
    points = torch.tensor(centres(world), dtype=torch.float32)
    chosen = points[torch.randint(len(points), (n,), generator=generator)]
    return chosen + WIDTH[world] * torch.randn(n, 2, generator=generator)


def mode_coverage(samples, centres, width):
    """How many modes a generator reaches, and how many of its samples belong to any.

    A sample belongs to its nearest centre if it lies within three widths of it. A mode is reached if it gets at
    least a quarter of its fair share, which is n / k.

    Args:
        samples: (n, 2) generated points.
        centres: (k, 2) centres of the modes.
        width: standard deviation of a mode.

    Returns:
        (modes, share): how many of the k modes are reached, and which share of the samples, in [0, 1], belong
        to one.
    """
    distance = np.sqrt(((samples[:, None] - centres[None]) ** 2).sum(axis=2))
    nearest = distance.argmin(axis=1)
    good = distance.min(axis=1) <= 3 * width
    counts = np.bincount(nearest[good])
    return int((counts >= len(samples) / len(centres) / 4).sum()), float(good.mean())


def published_discriminator_loss(real_logits, fake_logits):
    """The article's loss of the discriminator, as it is printed: the wrong sign, and log D where log(1 - D) belongs."""
    return (torch.sigmoid(real_logits).log() + torch.sigmoid(fake_logits).log()).mean()


def published_generator_loss(fake_logits):
    """The article's loss of the generator: right on paper, and infinite where a sigmoid rounds to 0."""
    return -torch.sigmoid(fake_logits).log().mean()


@dataclass(frozen=True)
class Recipe:
    """How the two players are trained.

    Attributes:
        discriminator: loss of (real logits, fake logits).
        generator: loss of (fake logits, real logits); most need the first only.
        r1, r2: weights gamma of the zero-centred penalties on real and generated samples.
        lipschitz: weight of the Wasserstein penalty.
        critic_steps: steps of the discriminator for one of the generator.
    """

    discriminator: Callable
    generator: Callable
    r1: float = 0.0
    r2: float = 0.0
    lipschitz: float = 0.0
    critic_steps: int = 1


def _of_fakes(loss: Callable) -> Callable:
    return lambda fake, real: loss(fake)


RECIPES = {
    "published": Recipe(published_discriminator_loss, _of_fakes(published_generator_loss)),
    "saturating": Recipe(losses.discriminator_loss, _of_fakes(losses.saturating_generator_loss)),
    "non-saturating": Recipe(losses.discriminator_loss, _of_fakes(losses.generator_loss)),
    "least squares": Recipe(
        losses.least_squares_discriminator_loss, _of_fakes(losses.least_squares_generator_loss)
    ),
    "hinge": Recipe(losses.hinge_discriminator_loss, _of_fakes(losses.wasserstein_generator_loss)),
    "Wasserstein": Recipe(
        losses.wasserstein_discriminator_loss, _of_fakes(losses.wasserstein_generator_loss), lipschitz=1.0
    ),
    "relativistic": Recipe(losses.relativistic_loss, losses.relativistic_loss, r1=0.1, r2=0.1),
}


def players(seed: int, numbers: int = 2, width: int = 128) -> tuple[nn.Module, nn.Module]:
    """(generator, discriminator): two small networks of three layers, weights from the seed.

    Noise and samples both have `numbers` numbers.
    """
    torch.manual_seed(seed)

    def network(outputs: int) -> nn.Module:
        return nn.Sequential(
            nn.Linear(numbers, width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, width),
            nn.LeakyReLU(0.2),
            nn.Linear(width, outputs),
        )

    return network(numbers), network(1)


@dataclass
class Run:
    """A training run.

    Attributes:
        samples: (2000, numbers) at the end.
        history: (step, modes, share) on the way, for the ring and the grid.
        film: 500 samples at each of those steps.
        generator, discriminator: the two networks.
        seconds: CPU seconds it took.
        failed_at: the step at which a number stopped being finite, or None.
    """

    samples: np.ndarray
    generator: nn.Module = None
    discriminator: nn.Module = None
    history: list = field(default_factory=list)
    film: list = field(default_factory=list)
    seconds: float = 0.0
    failed_at: int | None = None


def train(
    recipe: Recipe, world="ring", seed: int = 0, steps: int = 3000, batch: int = 128, every: int = 250
) -> Run:
    """Train the two players by a recipe and watch which modes are reached.

    Args:
        recipe: one of `RECIPES`, or your own.
        world: 'ring', 'grid', or a function `draw(n, generator)` of your own that gives (n, numbers) samples.
        seed: of weights, data and noise; the same seed, the same run.
        steps: steps of the generator.
        every: how often samples are looked at.

    Returns:
        A `Run`. If a weight stops being finite the run ends there, and `failed_at` says at which step.
    """
    chance = torch.Generator().manual_seed(seed + 1)
    drawn = world if callable(world) else partial(draw, world)
    numbers = drawn(1, chance).shape[1]
    generator, discriminator = players(seed, numbers)
    fixed = torch.randn(2000, numbers, generator=chance)
    options = {"lr": 1e-3, "betas": (0.0, 0.99)}
    optimiser_g = torch.optim.Adam(generator.parameters(), **options)
    optimiser_d = torch.optim.Adam(discriminator.parameters(), **options)
    run, started = Run(np.zeros((0, numbers)), generator, discriminator), time.process_time()

    def noise() -> torch.Tensor:
        return torch.randn(batch, numbers, generator=chance)

    for step in range(steps + 1):
        if step % every == 0 or step == steps:
            with torch.no_grad():
                run.samples = generator(fixed).numpy().copy()
            if not np.isfinite(run.samples).all():
                run.failed_at = step
                break
            if world in WIDTH:
                run.history.append((step, *mode_coverage(run.samples, centres(world), WIDTH[world])))
            run.film.append(run.samples[:500])
        for group in (
            *optimiser_g.param_groups,
            *optimiser_d.param_groups,
        ):  # a smooth landing: cosine to a tenth
            group["lr"] = 1e-3 * (0.55 + 0.45 * math.cos(math.pi * step / max(steps, 1)))
        for _ in range(recipe.critic_steps):
            real = drawn(batch, chance)
            with torch.no_grad():
                fake = generator(noise())
            loss = recipe.discriminator(discriminator(real), discriminator(fake))
            if recipe.r1:
                loss = loss + recipe.r1 / 2 * losses.zero_centred_gradient_penalty(discriminator, real)
            if recipe.r2:
                loss = loss + recipe.r2 / 2 * losses.zero_centred_gradient_penalty(discriminator, fake)
            if recipe.lipschitz:
                share = torch.rand(batch, generator=chance)
                loss = loss + recipe.lipschitz * losses.gradient_penalty(discriminator, real, fake, share)
            optimiser_d.zero_grad()
            loss.backward()
            optimiser_d.step()
        real = drawn(batch, chance)
        loss = recipe.generator(discriminator(generator(noise())), discriminator(real))
        optimiser_g.zero_grad()
        loss.backward()
        optimiser_g.step()
    run.seconds = time.process_time() - started
    return run
