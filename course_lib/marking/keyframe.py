"""Arguments of the exercises of lesson 06: what a judge reads by attribute, tables of rows by attribute."""

import numpy as np


def reading_arguments(case: dict) -> dict:
    """Probabilities by attribute as one dict of arrays, and labels."""
    read = {name: value.copy() for name, value in case.items() if name != "labels"}
    return {"probabilities": read, "labels": case["labels"].copy()}


def class_arguments(case: dict) -> dict:
    """Features, labels, one table for each attribute (they are named 'table 0', 'table 1', ...), weight, bias: tensors."""
    import torch

    def tensor(name: str):
        return torch.from_numpy(np.array(case[name]))

    tables = [tensor(name) for name in case if name.startswith("table")]
    return {
        "features": tensor("features").requires_grad_(True),
        "labels": tensor("labels"),
        "tables": tables,
        "weight": tensor("weight"),
        "bias": tensor("bias"),
    }


def observe_joined(result, arguments: dict) -> dict:
    """The joined map, and what x and the condition feel of it (zeros where nothing arrives)."""
    return _with_slopes(result, {name: arguments[name] for name in ("x", "condition")})


def observe_pairs(result, arguments: dict) -> dict:
    """The loss, and its slope in both kinds of logits (zeros where nothing arrives)."""
    return _with_slopes(result, {name: arguments[name] for name in ("right", "wrong")})


def _with_slopes(result, leaves: dict) -> dict:
    import torch

    seen = {"result": result.detach() if isinstance(result, torch.Tensor) else result}
    slopes = [None] * len(leaves)
    if isinstance(result, torch.Tensor) and result.requires_grad:
        slopes = torch.autograd.grad(result.square().sum(), list(leaves.values()), allow_unused=True)
    for (name, leaf), slope in zip(leaves.items(), slopes):
        seen[f"slope in {name}"] = (torch.zeros_like(leaf) if slope is None else slope).detach().numpy()
    return seen
