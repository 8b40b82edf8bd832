"""General signs of what is wrong, for mistakes that no author foresaw: from the plainest to the subtlest.

Each is seen in one of the failing cases, and that case is the one that is shown.
"""

import itertools

import numpy as np

from course_lib.exercises.compare import same
from course_lib.exercises.verdict import Verdict, example_of

LOOK = "Look at the example: what is expected there, and why?"


def general(failures: list, count: int, step: bool) -> Verdict:
    """A verdict from the failing cases.

    Args:
        failures: (case, outcome, expected outcome) of each case that fails.
        count: how many cases there were.
        step: may the function change its arguments?
    """
    for sign in (_raised, _nothing, _type):
        found = sign(failures)
        if found is not None:
            break
    else:
        found = (None if step else _changed(failures)) or _detached(failures) or _numbers(failures, count)
    kind, title, text, at = found
    # where only the input was changed, expected and got are the same: a table would confuse
    example = None if kind == "changed" else example_of(*failures[at])
    return Verdict("not yet", kind, title, text, example=example)


def _raised(failures):
    for at, (_, got, want) in enumerate(failures):
        if got.status == "raised":
            error = got.error
            if want.status == "raised":
                text = f"It raises {error['type']}, and should raise {want.error['type']}."
                return "raised", "Another error is expected", text, at
            line = f" In your line {error['number']}: `{error['line']}`" if error["line"] else ""
            said = error["message"].rstrip(".") or "it has no message"
            return "raised", f"It raised {error['type']}", f"{said[:1].upper()}{said[1:]}.{line}", at
        if want.status == "raised":
            text = f"Here it should raise {want.error['type']}, and it returned."
            return "raised", "An error was expected", text, at
    return None


def _nothing(failures):
    _, got, want = failures[0]
    if got.kinds.get("result") != "none" or want.kinds.get("result") == "none":
        return None
    text = "The function ends without `return`, so its value is None."
    if got.printed:
        text = (
            "`print` only shows a value; `return` hands it to whoever called. The function's value is None."
        )
    return "nothing", "It returned nothing", text, 0


def _type(failures):
    for at, (_, got, want) in enumerate(failures):
        kinds, wanted = got.plain_kinds(), want.plain_kinds()
        for name in wanted:
            if kinds.get(name) != wanted[name]:
                text = _type_text(name, kinds.get(name, "missing"), wanted[name])
                return "type", "Another type is expected", text, at
        extra = [name for name in kinds if name not in wanted]
        if extra:
            return "type", "There is more than expected", f"`{extra[0]}` should not be there.", at
    return None


def _type_text(name: str, is_: str, wanted: str) -> str:
    advice = {
        ("array", "list"): " Return the values one by one, as in `return a, b`.",
        ("list", "array"): " Wrap it in `np.array(...)`.",
    }.get((is_, wanted), "")
    return (
        f"`{name}` is {_a(is_)}; expected is {'a pair or list' if wanted == 'list' else _a(wanted)}.{advice}"
    )


def _a(kind: str) -> str:
    if kind.startswith("other: "):
        return f"an object of class {kind.removeprefix('other: ')}"
    return kind if kind in ("none", "missing") else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _changed(failures):
    for at, (_, got, want) in enumerate(failures):
        names = [name for name in got.changed if name not in want.changed]
        if names:
            be = "are" if len(names) > 1 else "is"
            named = " and ".join(f"`{name}`" for name in names)
            text = f"{named} {be} not the same after the call. Work on a copy, or on new arrays."
            return "changed", "It changes its input", text, at
    return None


def _detached(failures):
    for at, (_, got, want) in enumerate(failures):
        for name in want.arrays:
            if name.endswith(".requires_grad") and not same(got.arrays[name], want.arrays[name]):
                cut = bool(want.arrays[name])
                title = "Cut off from its gradient" if cut else "Still tied to the graph"
                how = "stops" if cut else "should stop"
                text = f"Something on the way (`.detach()`, `.item()`, numpy, `no_grad`) {how} the gradient."
                return "detached", title, text, at
    return None


def _numbers(failures, count: int):
    """Signs in the numbers of the first part that differs."""
    _, got, want = failures[0]
    differing = [name for name in want.arrays if not same(got.arrays[name], want.arrays[name])]
    name = differing[0] if differing else next(iter(want.arrays))
    # (index of the failure, its case, got, expected), where the part is there on both sides
    found = [
        (i, c, g.arrays[name], w.arrays[name]) for i, (c, g, w) in enumerate(failures) if name in w.arrays
    ]
    for at, _, g, w in found:
        if g.shape != w.shape:
            if _permuted(g, w):
                text = f"The values are right; shape {g.shape} should be {w.shape}."
                return "transposed", "Axes in another order", text, at
            return (
                "shape",
                "Another shape is expected",
                f"`{name}` has shape {g.shape}; expected is {w.shape}.",
                at,
            )
    found = [one for one in found if not same(one[2], one[3])]
    # text, booleans, and whole numbers too large for an array have no sign and no factor
    if not found or any(a.dtype.kind not in "iufc" for one in found for a in one[2:]):
        return "different", "Not yet", LOOK, found[0][0] if found else 0
    first = found[0][0]
    if all(_permuted(g, w) for _, _, g, w in found):
        text = "The values are there, along another axis. Rows or columns?"
        return "transposed", "Axes in another order", text, first
    for at, _, g, w in found:
        if np.isnan(g).any() and not np.isnan(w).any():
            text = "NaN appears: a 0/0, inf - inf, inf/inf, or the logarithm of a negative number."
            return "nan", "Not a number", text, at
        if np.isinf(g).any() and not np.isinf(w).any():
            text = "An infinity appears: a division by 0, log(0), or exp of something large."
            return "nan", "Infinite", text, at
    if all(same(-g, w) for _, _, g, w in found):
        return "sign", "The sign is flipped", "Every value is right but for its sign.", first
    factor = _factor(found, everywhere=len(found) == count)
    if factor:
        return "factor", *factor, first
    if all(g.dtype.kind in "iu" or same(g, np.round(g)) for _, _, g, _ in found) and any(
        same(g, np.round(w)) or same(g, np.trunc(w)) for _, _, g, w in found
    ):
        text = "Is there an integer division `//` or an integer array?"
        return "whole numbers", "Rounded to whole numbers", text, first
    more = f" It differs in {', '.join(f'`{part}`' for part in differing[:4])}." if name != "result" else ""
    return "different", "Not yet", LOOK + more, first


def _factor(found: list, everywhere: bool) -> tuple[str, str] | None:
    """(title, text) when each case is off by one factor. Any two single numbers are: alone they prove nothing."""
    ratios = [_ratio(g, w) for _, _, g, w in found]
    if any(ratio is None for ratio in ratios):
        return None
    sizes = [_sizes(case) for _, case, _, _ in found]
    if all(any(np.isclose(r, s) for s in ss) for r, ss in zip(ratios, sizes)):
        return "A sum where a mean is meant", "Every value is too large by the number of elements."
    if all(any(np.isclose(1 / r, s) for s in ss) for r, ss in zip(ratios, sizes)):
        return "A mean where a sum is meant", "Every value is too small by the number of elements."
    if everywhere and len(ratios) >= 2 and np.allclose(ratios, ratios[0]):
        return "Off by a constant factor", f"Every value is {ratios[0]:.4g} times what it should be."
    many = [ratio for ratio, (_, _, _, w) in zip(ratios, found) if w.size >= 2]
    if many:
        return (
            "Off by a factor",
            f"In a case all values are off by one and the same factor, {many[0]:.4g} in one.",
        )
    return None


def _permuted(got, want) -> bool:
    if got.ndim < 2 or got.ndim > 4 or sorted(got.shape) != sorted(want.shape) or same(got, want):
        return False
    return any(same(np.transpose(got, order), want) for order in itertools.permutations(range(got.ndim)))


def _ratio(got, want) -> float | None:
    """The one factor between two arrays, or None."""
    got, want = np.ravel(got).astype(complex), np.ravel(want).astype(complex)
    used = np.abs(want) > 1e-12
    if not used.any() or not same(got[~used], want[~used]):
        return None
    ratios = (got[used] / want[used]).real
    return float(ratios[0]) if np.allclose(ratios, ratios[0], rtol=1e-5) and abs(ratios[0]) > 1e-12 else None


def _sizes(case: dict) -> set:
    return {n for v in case.values() if isinstance(v, np.ndarray) for n in (v.size, *v.shape) if n > 1}
