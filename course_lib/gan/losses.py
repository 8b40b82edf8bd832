"""Losses of the two players, in PyTorch, on logits (lesson 02). TensorFlow twins are in `losses_tf`.

A logit is what a discriminator gives before any sigmoid: positive means 'real'. Every loss is a mean over the
batch (means of the two batches where there are two), to be *minimised* by the player it is named after, and is
finite with a finite gradient for logits of any size, because `softplus(x) = log(1 + exp(x))` is.

Sources: Goodfellow et al., 'Generative Adversarial Nets' (2014); Mao et al., 'Least Squares Generative
Adversarial Networks' (2017); Arjovsky, Chintala and Bottou, 'Wasserstein GAN' (2017); Gulrajani et al.,
'Improved Training of Wasserstein GANs' (2017); Lim and Ye, 'Geometric GAN' (2017, the hinge); Mescheder, Geiger
and Nowozin, 'Which Training Methods for GANs do actually Converge?' (2018, R1 and R2); Jolicoeur-Martineau,
'The relativistic discriminator' (2018); Huang et al., 'The GAN is dead; long live the GAN! A Modern GAN Baseline'
(2024, R3GAN: relativistic pairing with R1 and R2).
"""

import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    """The discriminator's loss of the original game, -V.

    Args:
        real_logits: (n,) or (n, 1) logits on real samples.
        fake_logits: (m,) or (m, 1) logits on generated samples.

    Returns:
        -mean log sigmoid(real) - mean log(1 - sigmoid(fake)), a tensor without axes, at least 0.
    """
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def generator_loss(fake_logits):
    """The generator's usual, non-saturating loss.

    Args:
        fake_logits: (m,) or (m, 1) logits on generated samples.

    Returns:
        -mean log sigmoid(fake), a tensor without axes, at least 0.
    """
    return F.softplus(-fake_logits).mean()


def saturating_generator_loss(fake_logits):
    """The generator's loss of the original game: mean log(1 - sigmoid(fake)). Silent when fakes are rejected."""
    return -F.softplus(fake_logits).mean()


def least_squares_discriminator_loss(real_logits, fake_logits):
    """Squares instead of logarithms: real logits are drawn to 1, fake ones to 0, each with a factor 1/2."""
    return 0.5 * ((real_logits - 1) ** 2).mean() + 0.5 * (fake_logits**2).mean()


def least_squares_generator_loss(fake_logits):
    """The generator draws the logits of its fakes to 1."""
    return 0.5 * ((fake_logits - 1) ** 2).mean()


def wasserstein_discriminator_loss(real_logits, fake_logits):
    """Minus the difference of means. Means something only for a critic whose slope is bounded, see `gradient_penalty`."""
    return fake_logits.mean() - real_logits.mean()


def wasserstein_generator_loss(fake_logits):
    """The generator raises the critic's mean on its fakes."""
    return -fake_logits.mean()


def hinge_discriminator_loss(real_logits, fake_logits):
    """Only what lies on the wrong side of a margin of 1 counts.

    Args:
        real_logits: (n,) or (n, 1) logits on real samples: above 1 they cost nothing.
        fake_logits: (m,) or (m, 1) logits on generated samples: below -1 they cost nothing.

    Returns:
        mean max(0, 1 - real) + mean max(0, 1 + fake), a tensor without axes.
    """
    return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()


def relativistic_loss(real_logits, fake_logits):
    """The discriminator compares pairs: is this real sample more real than that fake?

    The generator minimises the same with the two exchanged: `relativistic_loss(fake_logits, real_logits)`.

    Args:
        real_logits: (n,) or (n, 1) logits on real samples.
        fake_logits: the same shape, on generated samples; the i-th real is compared with the i-th fake.

    Returns:
        mean log(1 + exp(-(real - fake))), a tensor without axes, at least 0.
    """
    return F.softplus(fake_logits - real_logits).mean()


def zero_centred_gradient_penalty(discriminator, samples):
    """How steep the discriminator is at some samples: the mean squared length of its gradient there.

    On real samples it is called R1, on generated ones R2; training adds gamma / 2 times it. It can itself be
    differentiated, because the discriminator's weights must feel it.

    Args:
        discriminator: from (n, ...) samples to (n,) or (n, 1) logits; each logit depends on its own sample only.
        samples: (n, ...) of any shape; not changed, and no gradient reaches them.

    Returns:
        mean over the n samples of the squared gradient summed over all other axes, a tensor without axes.
    """
    samples = samples.detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(discriminator(samples).sum(), samples, create_graph=True)
    return slope.square().flatten(1).sum(1).mean()


def gradient_penalty(discriminator, real, fake, share):
    """The penalty of the Wasserstein GAN: the slope between real and fake should have length 1.

    Args:
        discriminator: as above.
        real, fake: (n, ...) samples.
        share: (n,) numbers in [0, 1]: where between the two the slope is measured.

    Returns:
        mean (length of the slope - 1)^2, a tensor without axes.
    """
    share = share.reshape(-1, *[1] * (real.dim() - 1))
    between = (share * real + (1 - share) * fake).detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(discriminator(between).sum(), between, create_graph=True)
    # a length has no slope at 0: the tiny number keeps its gradient finite there
    return (((slope.square().flatten(1).sum(1) + 1e-12).sqrt() - 1) ** 2).mean()


def discriminator_step(discriminator, generator, optimiser, loss_of, real, noise):
    """One step of the discriminator; the generator is left exactly as it was, its gradients too.

    Args:
        discriminator, generator: modules; the generator makes samples from noise.
        optimiser: of the discriminator's weights.
        loss_of: loss of (real logits, fake logits), for example `discriminator_loss`.
        real: (n, ...) real samples.
        noise: (n, k) noise, drawn afresh for this step.

    Returns:
        The loss before the step, a number.
    """
    with torch.no_grad():
        fake = generator(noise)
    loss = loss_of(discriminator(real), discriminator(fake))
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


def generator_step(discriminator, generator, optimiser, loss_of, noise):
    """One step of the generator; the discriminator's weights are left exactly as they were.

    Args:
        discriminator, generator: modules.
        optimiser: of the generator's weights.
        loss_of: loss of the fake logits, for example `generator_loss`.
        noise: (n, k) noise, drawn afresh for this step.

    Returns:
        The loss before the step, a number.
    """
    loss = loss_of(discriminator(generator(noise)))
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()
