"""Small exercises that only the engine's tests use: numpy, a torch function, a torch training step."""

import numpy as np
import torch

from course_lib.exercises import Exercise, Misconception
from course_lib.marking.arguments import torch_leaves


def root_mean_square(a, axis):
    """Root of the mean square along an axis."""
    return np.sqrt((a**2).mean(axis))


def rows(rng):
    return [{"a": rng.normal(size=(3, 4)) * 3, "axis": axis} for axis in (0, 1)]


NUMPY = Exercise(
    "samples.root_mean_square",
    root_mean_square,
    rows,
    misconceptions=[
        Misconception(
            "the root is missing",
            "The units are squared.",
            [("np.sqrt((a**2).mean(axis))", "(a**2).mean(axis)")],
        ),
        Misconception(
            "the mean is squared", "First square, then mean.", [("(a**2).mean(axis)", "a.mean(axis) ** 2")]
        ),
        Misconception("sums are taken", "A mean does not grow.", [("mean(axis)", "sum(axis)")]),
    ],
    hints=["Square first.", "Then the mean along `axis`, then the root."],
    seconds=1.0,
)


def outer(a, b):
    return a[:, None] * b


def mean_of_all(a):
    return a.mean()


def _none(rng):
    return []


OUTER = Exercise(
    "samples.outer", outer, lambda rng: [{"a": rng.normal(size=3), "b": rng.normal(size=5)}], [], ["a", "b"]
)
MEAN_OF_ALL = Exercise(
    "samples.mean_of_all",
    mean_of_all,
    lambda rng: [{"a": rng.normal(size=n)} for n in (4, 9)],
    [],
    ["a", "b"],
)


def torch_mean_softplus(logits):
    """Mean of log(1 + exp(logit)): the loss on fakes."""
    return torch.nn.functional.softplus(logits).mean()


TORCH = Exercise(
    "samples.torch_mean_softplus",
    torch_mean_softplus,
    lambda rng: [{"logits": rng.normal(size=n).astype("float32")} for n in (3, 6)],
    misconceptions=[
        Misconception(
            "the sign of the logit is turned",
            "On fakes, large logits are bad.",
            [(".softplus(logits)", ".softplus(-logits)")],
        ),
        Misconception("sums are taken", "A mean does not grow.", [(".mean()", ".sum()")]),
    ],
    hints=["softplus", "mean"],
    make=torch_leaves,
)


def critic_step(critic, generator, optimiser, real, noise):
    """One step of the critic; the generator is left exactly as it is."""
    optimiser.zero_grad()
    fake = generator(noise).detach()
    loss = (
        torch.nn.functional.softplus(-critic(real)).mean() + torch.nn.functional.softplus(critic(fake)).mean()
    )
    loss.backward()
    optimiser.step()
    return loss.detach()


def build(case):
    """Two linear players from weights, an optimiser, a batch."""
    critic, generator = torch.nn.Linear(2, 1), torch.nn.Linear(2, 2)
    with torch.no_grad():
        critic.weight.copy_(torch.tensor(case["critic"]))
        generator.weight.copy_(torch.tensor(case["generator"]))
        critic.bias.zero_()
        generator.bias.zero_()
    # left over from a step before: who forgets zero_grad is found out
    critic.weight.grad = torch.ones_like(critic.weight)
    optimiser = torch.optim.SGD(critic.parameters(), lr=0.1)
    return {
        "critic": critic,
        "generator": generator,
        "optimiser": optimiser,
        "real": torch.tensor(case["real"]),
        "noise": torch.tensor(case["noise"]),
    }


def observe(result, arguments):
    """The loss, and all weights and gradients of both players."""
    from course_lib.marking.observe import torch_state

    return {
        "loss": result,
        **torch_state({"critic": arguments["critic"], "generator": arguments["generator"]}),
    }


TORCH_STEP = Exercise(
    "samples.critic_step",
    critic_step,
    lambda rng: [
        {
            "critic": rng.normal(size=(1, 2)).astype("float32"),
            "generator": rng.normal(size=(2, 2)).astype("float32"),
            "real": rng.normal(size=(4, 2)).astype("float32"),
            "noise": rng.normal(size=(4, 2)).astype("float32"),
        }
        for _ in range(3)
    ],
    misconceptions=[
        Misconception(
            "the fakes are not detached",
            "The generator must not feel this step.",
            [(".detach()\n    loss", "\n    loss")],
        ),
        Misconception(
            "old gradients are added", "Who empties the gradients?", [("    optimiser.zero_grad()\n", "")]
        ),
        Misconception("no step is taken", "Gradients alone move nothing.", [("    optimiser.step()\n", "")]),
    ],
    hints=["zero, backward, step", "detach"],
    kind="step",
    make=build,
    observe=observe,
)
