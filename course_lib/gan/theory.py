"""The mathematics of the two-player game, in numpy (lesson 01).

Densities are given on a grid as probabilities that sum to 1, logarithms are natural, so values are in nats.
The game is that of Goodfellow et al., 'Generative Adversarial Nets' (2014); the Dirac-GAN, in which both
players have one parameter, is that of Mescheder, Geiger and Nowozin, 'Which Training Methods for GANs do
actually Converge?' (2018), with their signs turned so that a positive logit means 'real'.
"""

import numpy as np
from scipy.special import expit

sigmoid = expit
"""1 / (1 + exp(-x)), for arrays, without overflow."""


def value_function(d_real, d_fake):
    """The value of the game: how well the discriminator tells real from fake.

    V = mean log D(x) + mean log(1 - D(G(z))); the discriminator wants it large, the generator small.

    Args:
        d_real: (n,) the discriminator's probability of 'real' on n real samples, each in (0, 1).
        d_fake: (m,) the same on m generated samples.

    Returns:
        V in nats, a number that is never above 0.
    """
    return np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake))


def optimal_discriminator(p_data, p_g):
    """The best answer to a fixed generator: the share of the data's density at each point.

    Args:
        p_data: (n,) density (or probability) of the data at n points, not negative.
        p_g: (n,) the generator's at the same points.

    Returns:
        (n,) D*(x) in [0, 1]; where neither has any density, one half: nothing is known there.
    """
    total = p_data + p_g
    known = total > 0
    return np.where(known, p_data / np.where(known, total, 1), 0.5)


def js_divergence(p, q):
    """Jensen-Shannon divergence: how far two distributions are apart.

    The mean of the Kullback-Leibler divergences of p and of q from their mixture (p + q) / 2.

    Args:
        p: (n,) probabilities, not negative, summing to 1; zeros are allowed, and 0 log 0 counts as 0.
        q: (n,) the same.

    Returns:
        A number in nats, from 0 (the same) to log 2 (no point in common).
    """
    middle = (p + q) / 2

    def divergence_from_middle(a):
        used = a > 0
        return np.sum(a[used] * np.log(a[used] / middle[used]))

    return (divergence_from_middle(p) + divergence_from_middle(q)) / 2


def saturating_gradient(logit):
    """Slope of the generator's first loss, log(1 - D), in the discriminator's logit on a fake.

    Args:
        logit: o, any real number or array; D = sigmoid(o).

    Returns:
        d/do log(1 - sigmoid(o)), of the same shape.
    """
    return -sigmoid(logit)


def non_saturating_gradient(logit):
    """Slope of the generator's usual loss, -log D, in the discriminator's logit on a fake.

    Args:
        logit: o, any real number or array; D = sigmoid(o).

    Returns:
        d/do (-log sigmoid(o)), of the same shape.
    """
    return sigmoid(logit) - 1


def simultaneous_step(theta, psi, h):
    """One step of gradient descent for both players of the Dirac-GAN, at the same moment.

    The data sit at 0, the generator at theta, and the discriminator's logit at x is psi * x, so that
    V(theta, psi) = log sigmoid(0) + log(1 - sigmoid(psi * theta)). The generator descends V, the
    discriminator ascends it; both look at the old position of the other.

    Args:
        theta: where the generator puts its samples; a number or an array of many games at once.
        psi: the discriminator's slope, the same shape.
        h: step size, above 0.

    Returns:
        (theta, psi) after the step.
    """
    push = sigmoid(psi * theta)
    return theta + h * psi * push, psi - h * theta * push


def alternating_step(theta, psi, h):
    """One step of the Dirac-GAN in turns: first the discriminator, then the generator, which sees the move.

    Args:
        theta, psi, h: as for `simultaneous_step`.

    Returns:
        (theta, psi) after both have moved.
    """
    psi = psi - h * theta * sigmoid(psi * theta)
    theta = theta + h * psi * sigmoid(psi * theta)
    return theta, psi


def penalised_step(theta, psi, h, gamma):
    """A simultaneous step with a zero-centred gradient penalty on the discriminator.

    The discriminator ascends V - gamma / 2 * (slope of its logit at the data)^2, and that slope is psi.

    Args:
        theta, psi, h: as for `simultaneous_step`.
        gamma: weight of the penalty, not negative.

    Returns:
        (theta, psi) after the step.
    """
    push = sigmoid(psi * theta)
    return theta + h * psi * push, psi - h * (theta * push + gamma * psi)


def game_value(discriminator, p_data, p_g):
    """V of a discriminator against known densities: the expectations as sums.

    Args:
        discriminator: (n,) D(x) at the points, in [0, 1].
        p_data, p_g: (n,) probabilities that sum to 1.

    Returns:
        sum p_data log D + sum p_g log(1 - D), where 0 log 0 counts as 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        real = np.where(p_data > 0, p_data * np.log(discriminator), 0)
        fake = np.where(p_g > 0, p_g * np.log(1 - discriminator), 0)
    return real.sum() + fake.sum()


def gaussian(x, mean, width):
    """Probabilities of a normal distribution on an even grid, made to sum to 1.

    Args:
        x: (n,) grid points.
        mean, width: centre and standard deviation, width above 0.

    Returns:
        (n,) probabilities; more than 37 widths from the centre they are exactly 0.
    """
    density = np.exp(-0.5 * ((x - mean) / width) ** 2)
    density[density < 1e-297] = 0.0  # below that, half of a number may round to nothing
    return density / density.sum()


def trajectory(step, start, steps, **settings):
    """Play the Dirac-GAN: the positions after 0, 1, ..., `steps` steps.

    Args:
        step: one of the step functions above.
        start: (theta, psi).
        steps: how many.
        settings: passed on to `step`, for example h=0.1.

    Returns:
        (steps + 1, 2) array of (theta, psi).
    """
    path = [start]
    for _ in range(steps):
        # a game that has exploded stays where it is: 1e6 is as far away as 1e300
        path.append(path[-1] if max(np.abs(path[-1])) > 1e6 else step(*path[-1], **settings))
    return np.array(path)


def growth(h, gamma=0.0):
    """The long-run factor a step on the distance from rest, close to the equilibrium, of penalised steps.

    Near (0, 0) the push is sigmoid(0) = 1/2 and the step is a matrix; this is its spectral radius, the larger
    absolute value of its two eigenvalues (a single step may do more or less). Below 1 the game converges from
    nearby, which holds for h/4 < gamma < 2/h + h/8 (and 0 < h < 4, where there is such a gamma).

    Args:
        h: step size.
        gamma: weight of the penalty.
    """
    matrix = np.array([[1, h / 2], [-h / 2, 1 - h * gamma]])
    return np.abs(np.linalg.eigvals(matrix)).max()
