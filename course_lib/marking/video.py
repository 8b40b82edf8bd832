"""Arguments and observations of the exercises of lesson 07: layers, cells, averages, judge's tables."""

import numpy as np

from course_lib.marking.arguments import torch_leaves


def cell_arguments(case: dict) -> dict:
    """A GRU cell from its weights, its start, its drive, and how many frames."""
    import torch

    hidden, inputs = case["recurrent"].shape[1], case["input"].shape[1]
    cell = torch.nn.GRUCell(inputs, hidden, dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih.copy_(torch.from_numpy(case["input"]))
        cell.weight_hh.copy_(torch.from_numpy(case["recurrent"]))
        cell.bias_ih.fill_(0.1)
        cell.bias_hh.fill_(-0.2)
    tensors = torch_leaves({"start": case["start"], "drive": case["drive"]})
    return {"cell": cell, **tensors, "frames": case["frames"]}


def observe_states(result, arguments: dict) -> dict:
    """The states, and what start and drive feel of the last one (zeros where nothing arrives)."""
    import torch

    seen = {"result": result.detach() if isinstance(result, torch.Tensor) else result}
    if isinstance(result, torch.Tensor) and result.requires_grad and result.dim() == 3 and result.shape[1]:
        leaves = [arguments["start"], arguments["drive"]]
        slopes = torch.autograd.grad(result[:, -1].sum(), leaves, allow_unused=True)
        for name, leaf, slope in zip(("start", "drive"), leaves, slopes):
            seen[f"slope in {name}"] = (torch.zeros_like(leaf) if slope is None else slope).detach().numpy()
    return seen


def heads_arguments(case: dict) -> dict:
    """Logits by attribute as leaves of a graph, and labels."""
    import torch

    logits = {
        name: torch.from_numpy(value.copy()).requires_grad_(True)
        for name, value in case.items()
        if name != "labels"
    }
    return {"logits": logits, "labels": torch.from_numpy(case["labels"].copy())}


def observe_heads(result, arguments: dict) -> dict:
    """The loss, and its slope in every logit."""
    import torch

    seen = {"result": result}
    logits = arguments["logits"]
    if isinstance(result, torch.Tensor) and result.requires_grad and result.numel() == 1:
        slopes = torch.autograd.grad(result.sum(), list(logits.values()), allow_unused=True)
        for (name, leaf), slope in zip(logits.items(), slopes):
            seen[f"slope in {name}"] = (torch.zeros_like(leaf) if slope is None else slope).detach().numpy()
    return seen


def average_arguments(case: dict) -> dict:
    """Two modules of the same make, and how much of the old one stays."""
    import torch

    modules = {}
    for name in ("average", "model"):
        module = torch.nn.Linear(case[name].shape[1], case[name].shape[0], dtype=torch.float64)
        with torch.no_grad():
            module.weight.copy_(torch.from_numpy(case[name]))
            module.bias.fill_(0.5 if name == "average" else -1.0)
        modules[name] = module
    return {**modules, "decay": case["decay"]}


def observe_average(result, arguments: dict) -> dict:
    """All weights of both, and whether they can still learn."""
    seen = {}
    for name in ("average", "model"):
        for part, weight in arguments[name].named_parameters():
            seen[f"{name}.{part}"] = weight.detach().numpy()
            seen[f"{name}.{part} learns"] = np.array(weight.requires_grad and weight.is_leaf)
    return seen
