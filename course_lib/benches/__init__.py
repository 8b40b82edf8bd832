"""One module a benchmark: `measure(train: bool) -> iterable of rows`, run by `course bench NAME`.

A row is `{"metric", "value", "unit", "n", "seed", "variant"}`. Ratios are measured side by side in one
run; a peer that should be there and is not is an error, not a blank.
"""
