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
