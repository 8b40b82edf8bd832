"""Arguments and observations of the exercises of lesson 02: small networks with given weights, losses, steps."""

from course_lib.marking.arguments import torch_tensors


def value_and_slopes(result, arguments: dict) -> dict:
    """A loss, and its gradient in every argument that asks for one (zeros where it has none)."""
    import torch

    seen = {"result": result}
    leaves = {name: v for name, v in arguments.items() if getattr(v, "requires_grad", False)}
    if isinstance(result, torch.Tensor) and result.requires_grad and result.numel() == 1:
        slopes = torch.autograd.grad(result.sum(), list(leaves.values()), allow_unused=True)
        for (name, leaf), slope in zip(leaves.items(), slopes):
            seen[f"slope in {name}"] = (torch.zeros_like(leaf) if slope is None else slope).detach().numpy()
    return seen


def network(weights: list):
    """A module of linear layers with tanh between them, in double precision, from a list of (out, in) arrays."""
    import torch

    layers = []
    for number, weight in enumerate(weights):
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weight))
            layer.bias.fill_(0.1)
        layers += [torch.nn.Tanh(), layer] if number else [layer]
    return torch.nn.Sequential(*layers)


def penalty_arguments(case: dict) -> dict:
    """`discriminator` from its weights, and samples."""
    rest = torch_tensors({"samples": case["samples"]})
    return {"discriminator": network(case["discriminator"]), **rest}


def observe_penalty(result, arguments: dict) -> dict:
    """The penalty, and what the discriminator's weights feel of it (zeros where nothing arrives)."""
    import torch

    seen = {"result": result}
    weights = list(arguments["discriminator"].parameters())
    if isinstance(result, torch.Tensor) and result.requires_grad and result.numel() == 1:
        slopes = torch.autograd.grad(result.sum(), weights, allow_unused=True)
        for number, (weight, slope) in enumerate(zip(weights, slopes)):
            seen[f"slope in weight {number}"] = (
                (torch.zeros_like(weight) if slope is None else slope).detach().numpy()
            )
    return seen


def squared_loss_of_both(real_logits, fake_logits):
    """A loss for the steps' exercises that depends on no other exercise."""
    return ((real_logits - 1) ** 2).mean() + (fake_logits**2).mean()


def squared_loss_of_fakes(fake_logits):
    """The same for the generator."""
    return ((fake_logits - 1) ** 2).mean()


def step_arguments(case: dict) -> dict:
    """Two players, the optimiser of one of them, a loss, a batch.

    The trained player's gradients hold something from 'the step before', so that whoever forgets to empty them
    is found out.
    """
    import torch

    discriminator, generator = network(case["discriminator"]), network(case["generator"])
    trained = discriminator if "real" in case else generator
    for weight in trained.parameters():
        weight.grad = torch.full_like(weight, 0.5)
    batch = torch_tensors({name: case[name] for name in ("real", "noise") if name in case})
    return {
        "discriminator": discriminator,
        "generator": generator,
        "optimiser": torch.optim.SGD(trained.parameters(), lr=0.1),
        "loss_of": squared_loss_of_both if "real" in case else squared_loss_of_fakes,
        **batch,
    }


def observe_step(result, arguments: dict) -> dict:
    """The loss as a number, all weights after the step; of the discriminator's step also the generator's gradients."""
    from course_lib.marking.observe import torch_state

    number = (
        result.item() if hasattr(result, "item") and getattr(result, "numel", lambda: 1)() == 1 else result
    )
    state = torch_state({"discriminator": arguments["discriminator"], "generator": arguments["generator"]})
    # what the generator's step leaves in the discriminator's gradients is emptied by the next step: not our affair
    trains_discriminator = "real" in arguments
    kept = {
        k: v
        for k, v in state.items()
        if not k.endswith(".grad") or (trains_discriminator and k.startswith("generator"))
    }
    return {"loss": number, **kept}
