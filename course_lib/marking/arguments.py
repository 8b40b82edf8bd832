"""`make(case)`: the arguments of a call, built from plain data.

A case is a dict in the order of the function's parameters. A `make` returns a dict in that same order; the
function is called with its values by position, so a learner may rename parameters. Frameworks are imported
only by the builders that need them.
"""

import numpy as np


def plain(case: dict) -> dict:
    """Arguments as they stand; `rng`, given as a seed, becomes a numpy generator."""
    return {name: np.random.default_rng(value) if name == "rng" else value for name, value in case.items()}


def torch_tensors(case: dict) -> dict:
    """Arrays become torch tensors of the same dtype; the rest stays."""
    import torch

    return {name: torch.from_numpy(v.copy()) if isinstance(v, np.ndarray) else v for name, v in case.items()}


def torch_leaves(case: dict) -> dict:
    """As `torch_tensors`, and floating-point tensors ask for gradients: a detached result is noticed."""
    arguments = torch_tensors(case)
    for value in arguments.values():
        if hasattr(value, "requires_grad_") and value.is_floating_point():
            value.requires_grad_(True)
    return arguments


def tf_tensors(case: dict) -> dict:
    """Arrays become TensorFlow tensors of the same dtype; the rest stays."""
    from course_lib.marking.frameworks_tf import tensor

    return {name: tensor(v) if isinstance(v, np.ndarray) else v for name, v in case.items()}
