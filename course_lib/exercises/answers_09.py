"""Cases of lesson 09, and answers to its exercises as learners write them."""

import numpy as np

from course_lib.film.light import to_linear, to_srgb


def _item(kind, start, end, layer=None):
    item = {"kind": kind, "start": start, "end": end}
    return item if layer is None else {**item, "layer": layer}


def timelines(rng):
    """A picture under a title; a sound, an end, two on one layer, nothing; many at random."""
    lake, title = _item("picture", 0.0, 6.0, 0), _item("title", 1.0, 4.0, 5)
    cases = [
        {"items": [title, lake], "second": 2.0},
        {"items": [title, lake], "second": 4.0},
        {"items": [title, lake], "second": 1.0},
        {"items": [_item("sound", 0.0, 6.0), lake], "second": 2.0},
        {"items": [_item("picture", 0.0, 5.0, 1), _item("picture", 0.0, 5.0, 1), lake], "second": 3.0},
        {"items": [_item("title", 0.0, 5.0, 2), lake, _item("picture", 0.0, 5.0, 1)], "second": 3.0},
        {"items": [_item("picture", 2.0, 5.0, 1)], "second": 1.0},
    ]
    for _ in range(4):
        items = []
        for _ in range(8):
            start = float(rng.integers(0, 6))
            kind = str(rng.choice(["picture", "title", "sound"]))
            layer = None if kind == "sound" else int(rng.integers(-2, 3))
            items.append(_item(kind, start, start + float(rng.integers(1, 5)), layer))
        cases.append({"items": items, "second": float(rng.integers(1, 8))})
    return cases


def visible_by_enumerate(items, second):
    pairs = [(k, item) for k, item in enumerate(items) if item["kind"] in ("picture", "title")]
    pairs = [(item["layer"], k) for k, item in pairs if second >= item["start"] and second < item["end"]]
    return [k for _, k in sorted(pairs)]


def visible_by_layers(items, second):
    there = [
        k
        for k, i in enumerate(items)
        if not (i["kind"] == "sound" or second < i["start"] or second >= i["end"])
    ]
    levels = sorted({items[k]["layer"] for k in there})
    return [k for level in levels for k in there if items[k]["layer"] == level]


def fades(rng):
    """Black and white half way, the two ends, and coloured pictures; none falls between two numbers."""
    black, white = np.zeros((1, 2, 3), np.uint8), np.full((1, 2, 3), 255, np.uint8)
    cases = [{"first": black, "second": white, "share": 0.5}]
    while len(cases) < 5:
        shape = (2, 3, 3)
        first, second = (rng.integers(0, 256, shape).astype(np.uint8) for _ in range(2))
        share = float(rng.uniform(0.1, 0.9)) if len(cases) < 4 else float(rng.integers(0, 2))
        light = (1 - share) * to_linear(first / 255) + share * to_linear(second / 255)
        number = 255 * to_srgb(light)
        # the same at a tie, however a person rounds: none is nearer to one than .01
        if np.abs(number - np.floor(number) - 0.5).min() > 0.01:
            cases.append({"first": first, "second": second, "share": share})
    return cases


def cross_fade_by_round(first, second, share):
    a = to_linear(np.asarray(first, np.float64) / 255.0)
    b = to_linear(np.asarray(second, np.float64) / 255.0)
    mixed = a + (b - a) * share
    return np.round(to_srgb(mixed) * 255).astype(np.uint8)


def cross_fade_by_powers(first, second, share):
    def light(x):
        x = x.astype(float) / 255
        low = x <= 0.04045
        y = ((x + 0.055) / 1.055) ** 2.4
        y[low] = x[low] / 12.92
        return y

    result = light(first) * (1 - share) + light(second) * share
    return np.rint(255 * to_srgb(result)).astype("uint8")


def windows(rng):
    """Half way into a zoom, a pan, the two ends, a zoom out."""
    cases = [
        {"start": [0.5, 0.28, 1.0], "end": [0.25, 0.14, 0.25], "progress": 0.5},
        {"start": [0.3, 0.28, 0.5], "end": [0.7, 0.28, 0.5], "progress": 0.25},
        {"start": [0.5, 0.28, 1.0], "end": [0.25, 0.14, 0.25], "progress": 0.0},
    ]
    for k in range(4):
        start, end = rng.uniform(0.2, 0.8, (2, 3))
        progress = 1.0 if k == 0 else float(rng.uniform(0.1, 0.9))
        cases.append({"start": start.tolist(), "end": end.tolist(), "progress": progress})
    return cases


def window_by_logarithm(start, end, progress):
    (x0, y0, w0), (x1, y1, w1) = start, end
    w = np.exp((1 - progress) * np.log(w0) + progress * np.log(w1))
    share = progress if w0 == w1 else (w0 - w) / (w0 - w1)
    return np.array([(1 - share) * x0 + share * x1, (1 - share) * y0 + share * y1, w])


def window_by_ratio(start, end, progress):
    a, b = np.array(start, float), np.array(end, float)
    ratio = b[2] / a[2]
    moved = progress if ratio == 1 else (ratio**progress - 1) / (ratio - 1)
    place = a + moved * (b - a)
    place[2] = a[2] * ratio**progress
    return place


def patches(rng):
    """A patch inside, one over each edge, one quite outside; none falls between two numbers."""
    places = [(1, 1), (-1, 0), (2, 3), (0, -2), (3, 1), (9, 0), (1, 9), (-3, -3)]
    cases = []
    for number, at in enumerate(places):
        while True:
            picture = rng.integers(0, 256, (4, 5, 3)).astype(np.uint8)
            patch = rng.integers(0, 256, (2, 3, 4)).astype(np.uint8)
            strength = 1.0 if number == 0 else float(rng.uniform(0.3, 0.95))
            if number == 0:  # opaque, clear, and between
                patch[0, :, 3], patch[1, :, 3] = 255, (0, 51, 0)
            alpha = patch[..., 3:, None] / 255 * strength  # over every value that may lie below
            below = picture.reshape(1, 1, -1)
            mixed = alpha * patch[..., :3, None] + (1 - alpha) * below[:, :, None]
            if np.abs(mixed - np.floor(mixed) - 0.5).min() > 1e-6:
                break
        cases.append({"picture": picture, "patch": patch, "at": list(at), "strength": strength})
    return cases


def place_over_by_loops(picture, patch, at, strength):
    result = picture.copy()
    for row in range(patch.shape[0]):
        for column in range(patch.shape[1]):
            y, x = at[1] + row, at[0] + column
            if 0 <= y < picture.shape[0] and 0 <= x < picture.shape[1]:
                a = strength * patch[row, column, 3] / 255.0
                mixed = a * patch[row, column, :3].astype(float) + (1 - a) * picture[y, x].astype(float)
                result[y, x] = np.rint(mixed)
    return result


def place_over_by_sheet(picture, patch, at, strength):
    rows, columns = patch.shape[:2]
    room = np.pad(picture.astype(float), ((rows, rows), (columns, columns), (0, 0)))
    top = min(max(at[1], -rows), picture.shape[0]) + rows
    left = min(max(at[0], -columns), picture.shape[1]) + columns
    a = strength * patch[:, :, 3:4] / 255.0
    place = (slice(top, top + rows), slice(left, left + columns))
    room[place] += a * (patch[:, :, :3] - room[place])
    return np.round(room[rows:-rows, columns:-columns]).astype(np.uint8)


def colour_pairs(rng):
    """White on black, black on white, the same twice, green and blue, and some at random."""
    pairs = [
        ([255, 255, 255], [0, 0, 0]),
        ([0, 0, 0], [255, 255, 255]),
        ([0, 200, 0], [0, 0, 200]),
        ([9, 9, 9], [9, 9, 9]),
    ]
    pairs += [rng.integers(0, 256, (2, 3)).tolist() for _ in range(4)]
    return [{"one": one, "other": other} for one, other in pairs]


def contrast_by_sorting(one, other):
    lights = sorted(float(to_linear(np.array(c) / 255.0) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def contrast_by_channels(one, other):
    def luminance(colour):
        r, g, b = (to_linear(c / 255) for c in colour)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    ratio = (luminance(one) + 0.05) / (luminance(other) + 0.05)
    return ratio if ratio >= 1 else 1 / ratio
