"""What lesson 06 builds one by one: ways to make a picture follow a sentence, and ways to tell whether it does.

Pictures are float (batch, 3, height, width) in [-1, 1]. The networks that use these functions are in `keyframe_nets`,
their training in `keyframe_training`.
"""

import numpy as np
import torch
import torch.nn.functional as F


def attribute_accuracy(probabilities, labels):
    """How often does a picture show what was asked for?

    Args:
        probabilities: {attribute: (n, words)}, what a judge reads in each of n pictures.
        labels: int (n, attributes), what was asked for, columns in the order of `probabilities`.

    Returns:
        {attribute: share of pictures whose likeliest word is the right one}, and under "all" the share of pictures in
        which every attribute is right.
    """
    right = np.stack(
        [table.argmax(1) == labels[:, k] for k, table in enumerate(probabilities.values())], axis=1
    )
    shares = {name: float(right[:, k].mean()) for k, name in enumerate(probabilities)}
    return {**shares, "all": float(right.all(axis=1).mean())}


def concatenated(x, condition):
    """Condition by concatenation: the sentence's numbers become constant channels beside those of a feature map.

    Reed et al., 'Generative Adversarial Text to Image Synthesis' (2016), did this in the discriminator.

    Args:
        x: (batch, channels, height, width).
        condition: (batch, d).

    Returns:
        (batch, channels + d, height, width): x, and after it every number of the condition at every position.
    """
    batch, d = condition.shape
    spread = condition.reshape(batch, d, 1, 1).expand(batch, d, *x.shape[2:])
    return torch.cat([x, spread], 1)


def conditional_batch_norm(x, gain, shift, eps=1e-5):
    """Batch normalisation whose scale and shift belong to each picture's own condition.

    De Vries et al., 'Modulating early visual processing by language' (2017).

    Args:
        x: (batch, channels, height, width).
        gain, shift: (batch, channels), made from the condition; zeros leave the normalised map as it is.
        eps: added to the variance.

    Returns:
        (batch, channels, height, width): each channel less its mean, over the root of its variance (both over batch and
        positions, the variance with divisor n), then times 1 + gain, plus shift, picture by picture.
    """
    mean = x.mean((0, 2, 3), keepdim=True)
    variance = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)
    normal = (x - mean) / (variance + eps).sqrt()
    return normal * (1 + gain[:, :, None, None]) + shift[:, :, None, None]


def class_logit(features, labels, tables, weight, bias):
    """Is the picture real, and does it show these attributes? Projection with a row of numbers for each word.

    Miyato and Koyama, 'cGANs with Projection Discriminator' (2018), for one label; here one for each attribute.

    Args:
        features: (batch, d) of pictures.
        labels: int64 (batch, attributes).
        tables: one (words, d) for each attribute.
        weight, bias: (d,) and a single number, of the part that does not look at the labels.

    Returns:
        (batch,): features @ weight + bias, plus, for every attribute, the inner product of the features with the row of
        the picture's own word, over the root of d.
    """
    wanted = sum(table[labels[:, k]] for k, table in enumerate(tables))
    return features @ weight + bias + (features * wanted).sum(1) / features.shape[1] ** 0.5


def mismatched_loss(right, wrong, differs):
    """A real picture with its own sentence must stand above the same picture with somebody else's.

    Args:
        right: (batch,) logits of real pictures with their own captions.
        wrong: (batch,) logits of the same pictures with borrowed captions.
        differs: bool (batch,), whether the borrowed caption says something else.

    Returns:
        mean softplus(wrong - right) over the pictures whose borrowed caption differs; 0 where there is none.
    """
    pairs = F.softplus(wrong - right) * differs
    return pairs.sum() / differs.sum().clamp(min=1)


def averaging_decay(step, half_life):
    """How much of the old mean stays at a step, if old weights are to count half after `half_life` steps.

    The mean that `layers.update_average` keeps with it is, at every step, a true weighted mean of the weights so far:
    that of i steps ago counts 2^(-i / half_life), and what stood there before step 0 counts nothing.

    Args:
        step: 0 for the first update.
        half_life: in steps, above 0.

    Returns:
        A number in [0, 1).
    """
    decay = 0.5 ** (1 / half_life)
    return 1 - (1 - decay) / (1 - decay ** (step + 1))


def truncated(noise, limit):
    """Squeeze normal noise between -limit and limit so that it has the distribution of noise drawn again until it fits.

    Brock, Donahue and Simonyan, 'Large Scale GAN Training for High Fidelity Natural Image Synthesis' (2019), draw again;
    mapping each number to the truncated distribution's quantile gives the same distribution, and the same seed stays
    the same picture, only more ordinary.

    Args:
        noise: of any shape, from the standard normal distribution.
        limit: above 0.

    Returns:
        As `noise`: a number at quantile u of the normal distribution becomes the one at quantile u of the truncated one.
    """
    below = torch.special.ndtr(noise.new_tensor(-limit))
    u = torch.special.ndtr(noise)
    return torch.special.ndtri(below + u * (1 - 2 * below))


def slerp(a, b, shares):
    """From one noise to another along the sphere ('spherical linear interpolation', Shoemake, 1985).

    Args:
        a, b: (d,), not zero and not opposite.
        shares: (k,), 0 gives a, 1 gives b.

    Returns:
        (k, d): sin((1 - s) w) / sin(w) a + sin(s w) / sin(w) b with w the angle between a and b; the straight line
        where the angle is below 1e-4.
    """
    cosine = (a @ b) / (a.norm() * b.norm())
    angle = torch.acos(cosine.clamp(max=1))
    s = shares[:, None]
    if angle < 1e-4:
        return (1 - s) * a + s * b
    return (torch.sin((1 - s) * angle) * a + torch.sin(s * angle) * b) / torch.sin(angle)


def nearest_neighbours(queries, base, count):
    """For each query the nearest rows of a base: has the generator copied its training pictures?

    Args:
        queries: (n, d), numpy.
        base: (m, d), m at least `count`.
        count: how many neighbours.

    Returns:
        (indices int (n, count), distances (n, count)): rows of the base, nearest first, and their Euclidean distances.
    """
    # |q - b|^2 = |q|^2 - 2 q b + |b|^2: one matrix product instead of n m differences in d dimensions.
    squares = (queries**2).sum(1)[:, None] - 2 * queries @ base.T + (base**2).sum(1)
    indices = np.argsort(squares, axis=1)[:, :count]
    distances = np.sqrt(np.maximum(np.take_along_axis(squares, indices, axis=1), 0))
    return indices, distances
