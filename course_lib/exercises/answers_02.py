"""Cases of lesson 02, and answers to its exercises as learners write them."""

import numpy as np
import torch
import torch.nn.functional as F


def two_batches(rng):
    """Logits of ordinary size, a column, different batch sizes, and extremes of +-10,000."""
    return [
        {"real_logits": np.array([2.0, 0.5]), "fake_logits": np.array([-1.5, 0.5])},
        {"real_logits": rng.normal(0, 2, 5), "fake_logits": rng.normal(0, 2, 3)},
        {"real_logits": rng.normal(0, 3, (4, 1)), "fake_logits": rng.normal(0, 3, (4, 1))},
        {"real_logits": np.array([1e4, -1e4, 3.0]), "fake_logits": np.array([1e4, -1e4, -3.0])},
    ]


def one_batch(rng):
    """The fake halves of the same."""
    return [{"fake_logits": case["fake_logits"]} for case in two_batches(rng)]


def pairs(rng):
    """Batches of the same size, for losses that compare pairs."""
    cases = [{"real_logits": np.array([2.0, 0.5]), "fake_logits": np.array([-1.0, 1.0])}]
    for shape in ((6,), (4, 1)):
        cases.append({"real_logits": rng.normal(0, 2, shape), "fake_logits": rng.normal(0, 2, shape)})
    return [*cases, {"real_logits": np.array([1e4, -1e4, 5.0]), "fake_logits": np.array([-1e4, 1e4, 2.0])}]


def sloped(rng):
    """A discriminator that is a straight line (its slope is known by heart), and curved ones; points and pictures."""
    line = [np.array([[3.0, 4.0]])]
    cases = [{"discriminator": line, "samples": np.array([[0.0, 0.0], [1.0, 2.0]])}]
    for n, inputs in ((5, 2), (3, 6)):
        weights = [rng.normal(0, 1, (4, inputs)), rng.normal(0, 1, (1, 4))]
        cases.append({"discriminator": weights, "samples": rng.normal(0, 1, (n, inputs))})
    return cases


def steps(rng, real: bool = True):
    """Two small players and a batch."""
    cases = []
    for n in (2, 5, 4):
        case = {
            "discriminator": [rng.normal(0, 0.7, (3, 2)), rng.normal(0, 0.7, (1, 3))],
            "generator": [rng.normal(0, 0.7, (3, 2)), rng.normal(0, 0.7, (2, 3))],
        }
        if real:
            case["real"] = rng.normal(1, 1, (n, 2))
        cases.append({**case, "noise": rng.normal(0, 1, (n, 2))})
    return cases


def generator_steps(rng):
    """The same without real samples."""
    return steps(rng, real=False)


def clouds(rng):
    """Generated points about three centres: all reached, one forgotten, one only brushed, some lost in between."""
    centres = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0]])

    def about(counts, spread=0.05, lost=0):
        points = [c + spread * rng.normal(size=(n, 2)) for c, n in zip(centres, counts)]
        return np.concatenate([*points, rng.uniform(0.6, 1.4, (lost, 2))])

    few = np.array([[0.0, 0.1], [2.0, 0.375], [1.6, 0.0], [0.0, 2.2]])
    beside = np.concatenate([about((40, 20, 0)), [0.0, 1.2] + 0.05 * rng.normal(size=(12, 2))])
    samples = [
        few,
        about((20, 20, 20)),
        about((12, 10, 2)),
        about((40, 28, 1)),
        beside,
        about((30, 6, 4), 0.12, 20),
    ]
    return [{"samples": one, "centres": centres, "width": 0.125} for one in samples]


def discriminator_loss_by_cross_entropy(real_logits, fake_logits):
    real = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    return real + F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))


def discriminator_loss_by_logsigmoid(real_logits, fake_logits):
    return -(F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean())


def discriminator_loss_by_log(real_logits, fake_logits):
    return -torch.log(torch.sigmoid(real_logits)).mean() - torch.log(1 - torch.sigmoid(fake_logits)).mean()


def published(real_logits, fake_logits):
    return torch.log(torch.sigmoid(real_logits)).mean() + torch.log(torch.sigmoid(fake_logits)).mean()


def generator_loss_by_cross_entropy(fake_logits):
    return F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))


def generator_loss_by_logsigmoid(fake_logits):
    return -F.logsigmoid(fake_logits).sum() / fake_logits.numel()


def generator_loss_by_log(fake_logits):
    return -torch.log(torch.sigmoid(fake_logits)).mean()


def hinge_by_clamp(real_logits, fake_logits):
    return torch.clamp(1 - real_logits, min=0).mean() + torch.clamp(1 + fake_logits, min=0).mean()


def hinge_by_where(real_logits, fake_logits):
    real = torch.where(real_logits < 1, 1 - real_logits, torch.zeros_like(real_logits))
    return real.mean() + F.relu(fake_logits + 1.0).sum() / fake_logits.numel()


def relativistic_by_logsigmoid(real_logits, fake_logits):
    return -F.logsigmoid(real_logits - fake_logits).mean()


def relativistic_by_cross_entropy(real_logits, fake_logits):
    difference = real_logits - fake_logits
    return F.binary_cross_entropy_with_logits(difference, torch.ones_like(difference))


def penalty_by_backward(discriminator, samples):
    samples = samples.clone().requires_grad_()
    outputs = discriminator(samples)
    slope = torch.autograd.grad(outputs, samples, torch.ones_like(outputs), create_graph=True)[0]
    return (slope.reshape(len(slope), -1) ** 2).sum(dim=1).mean()


def penalty_by_norm(discriminator, samples):
    points = samples.detach().clone()
    points.requires_grad = True
    slope = torch.autograd.grad(discriminator(points).sum(), points, create_graph=True)[0]
    return slope.pow(2).sum() / len(points)


def discriminator_step_with_detach(discriminator, generator, optimiser, loss_of, real, noise):
    optimiser.zero_grad()
    fake = generator(noise).detach()
    loss = loss_of(discriminator(real), discriminator(fake))
    loss.backward()
    optimiser.step()
    return float(loss.detach())


def discriminator_step_in_one_batch(discriminator, generator, optimiser, loss_of, real, noise):
    with torch.no_grad():
        both = torch.cat([real, generator(noise)])
    logits = discriminator(both)
    loss = loss_of(logits[: len(real)], logits[len(real) :])
    for parameter in discriminator.parameters():
        parameter.grad = None
    loss.backward()
    optimiser.step()
    return loss.item()


def generator_step_with_frozen_critic(discriminator, generator, optimiser, loss_of, noise):
    for weight in discriminator.parameters():
        weight.requires_grad_(False)
    optimiser.zero_grad()
    loss = loss_of(discriminator(generator(noise)))
    loss.backward()
    optimiser.step()
    for weight in discriminator.parameters():
        weight.requires_grad_(True)
    return loss.item()


def generator_step_by_lines(discriminator, generator, optimiser, loss_of, noise):
    optimiser.zero_grad(set_to_none=False)
    fake = generator(noise)
    loss = loss_of(discriminator(fake))
    loss.backward()
    optimiser.step()
    return float(loss)


def coverage_with_a_loop(samples, centres, width):
    counts = [0] * len(centres)
    for point in samples:
        distances = [np.hypot(*(point - centre)) for centre in centres]
        if min(distances) <= 3 * width:
            counts[int(np.argmin(distances))] += 1
    modes = sum(count >= len(samples) / (4 * len(centres)) for count in counts)
    return modes, sum(counts) / len(samples)


def coverage_with_norms(samples, centres, width):
    distance = np.linalg.norm(samples[:, None, :] - centres[None, :, :], axis=-1)
    belongs = (distance <= 3 * width) & (distance == distance.min(axis=1, keepdims=True))
    reached = belongs.sum(axis=0) / len(samples) >= 0.25 / len(centres)
    return reached.sum(), belongs.any(axis=1).mean()
