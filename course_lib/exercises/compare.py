"""When are two observations the same?"""

import numpy as np
from numpy import allclose  # bound now: code that replaces np.allclose later does not change the judge


def close(arrays: dict, expected: dict, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    """Same names, same shapes, and values within `atol + rtol * |expected|`; NaN equals NaN.

    Numbers of different dtype may be equal (3 and 3.0); text and booleans must be the same.
    """
    return arrays.keys() == expected.keys() and all(
        same(arrays[name], expected[name], rtol, atol) for name in expected
    )


def same(got, want, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    """`close` for one array."""
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        return False
    if (
        got.dtype.kind in "USOV"
        or want.dtype.kind in "USOV"
        or want.dtype.kind == "b"
        or got.dtype.kind == "b"
    ):
        return got.dtype.kind == want.dtype.kind and bool(np.all(got == want))
    with np.errstate(all="ignore"):
        return bool(allclose(got, want, rtol=rtol, atol=atol, equal_nan=True))
