"""Turn whatever a function returned into named arrays, without trusting it.

`observe(result, arguments)` of an exercise returns arrays only. The default below flattens numbers, text,
arrays, tensors, lists, tuples, dicts and dataclasses: `{"result": ...}`, `{"result[0]": ...}`,
`{"result.place": ...}`. Beside each array goes its *kind*, one word of `KINDS`, so that a list in place of an
array can be named.
"""

import dataclasses
import numbers

import numpy as np

KINDS = ("none", "yes or no", "number", "text", "array", "torch tensor", "tensorflow tensor", "other")
MOST = 4096  # named parts of one result: an endless nest is cut with an error


def flatten(result, name: str = "result") -> tuple[dict, dict]:
    """Arrays and kinds of a result.

    Returns:
        `(arrays, kinds)`: both map part names such as 'result[0]' to an array, and to a kind. Containers
        have a kind ('list' for list and tuple, 'dict', 'record') and, as their array, their length.

    Raises:
        TypeError: the result has more than 4,096 parts.
    """
    arrays: dict[str, np.ndarray] = {}
    kinds: dict[str, str] = {}

    def visit(part, at: str) -> None:
        if len(kinds) >= MOST:
            raise TypeError(f"the result has more than {MOST} parts")
        module = type(part).__module__.split(".")[0]
        if part is None:
            arrays[at], kinds[at] = np.zeros(0), "none"
        elif isinstance(part, bool | np.bool_):
            arrays[at], kinds[at] = np.array(bool(part)), "yes or no"
        elif isinstance(part, numbers.Number | np.number):
            arrays[at], kinds[at] = np.array(part), "number"
        elif isinstance(part, str):
            arrays[at], kinds[at] = np.array(str(part)), "text"
        elif isinstance(part, np.ndarray):
            arrays[at], kinds[at] = _settled(part), "array"
        elif module == "torch" and hasattr(part, "detach"):
            arrays[at], kinds[at] = part.detach().cpu().numpy().copy(), "torch tensor"
            arrays[at + ".requires_grad"] = np.array(bool(part.requires_grad))
            kinds[at + ".requires_grad"] = "yes or no"
        elif module in ("tensorflow", "keras") and hasattr(part, "numpy"):
            arrays[at], kinds[at] = np.array(part.numpy()), "tensorflow tensor"
        elif isinstance(part, list | tuple):
            arrays[at], kinds[at] = np.array(len(part)), "list"
            for index, inner in enumerate(part):
                visit(inner, f"{at}[{index}]")
        elif isinstance(part, dict):
            arrays[at], kinds[at] = np.array(len(part)), "dict"
            for key, inner in part.items():
                visit(inner, f"{at}[{str(key)!r}]")
        elif dataclasses.is_dataclass(part) and not isinstance(part, type):
            arrays[at], kinds[at] = np.array(len(dataclasses.fields(part))), "record"
            for field in dataclasses.fields(part):
                visit(getattr(part, field.name), f"{at}.{field.name}")
        else:
            arrays[at], kinds[at] = np.zeros(0), f"other: {type(part).__name__}"

    visit(result, name)
    return arrays, kinds


def _settled(array: np.ndarray) -> np.ndarray:
    array = np.array(array)  # a copy: later changes by the learner's code do not reach it
    return np.array([str(item) for item in array.flat]) if array.dtype.hasobject else array


def whole_result(result, arguments: dict) -> dict:
    """The default `observe`: the result itself, nothing of the arguments."""
    return {"result": result}


def torch_state(modules: dict) -> dict:
    """All weights of torch modules and their gradients (None counts as zeros), by name, as arrays."""
    seen = {}
    for name, module in modules.items():
        for label, weight in module.named_parameters():
            seen[f"{name}.{label}"] = weight.detach().cpu().numpy().copy()
            gradient = weight.grad
            seen[f"{name}.{label}.grad"] = (
                np.zeros(tuple(weight.shape)) if gradient is None else gradient.detach().cpu().numpy().copy()
            )
    return seen


def keras_state(models: dict) -> dict:
    """All weights of Keras models, by name, as arrays."""
    return {
        f"{name}[{index}]": np.array(weight)
        for name, model in models.items()
        for index, weight in enumerate(model.get_weights())
    }
