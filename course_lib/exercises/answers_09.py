"""Cases of lesson 09, and answers to its exercises as learners write them."""

import hmac
import json

import numpy as np
import torch

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


WORDS = [
    "今天",
    "去了",
    "西藏，",
    "风景",
    "真的",
    "很美，",
    "我",
    "想和",
    " lake",
    " of",
    " mountains",
    " dawn,",
    " a",
    " boat",
]


def texts(rng):
    """Chinese, English, a word that is too long for any line, exactly full lines, and mixtures."""
    cases = [
        {"pieces": ["今天", "去了", "西藏，", "风景", "很美"], "widest": 12},
        {"pieces": ["A", " quiet", " lake", " at", " dawn"], "widest": 12},
        {"pieces": ["Donaudampfschiff", " fährt", " weiter"], "widest": 10},
        {"pieces": ["one", " two", " three"], "widest": 7},
        {"pieces": ["湖"], "widest": 20},
    ]
    for _ in range(4):
        pieces = [str(rng.choice(WORDS)) for _ in range(int(rng.integers(5, 14)))]
        cases.append({"pieces": [pieces[0].strip(), *pieces[1:]], "widest": int(rng.integers(6, 20))})
    return cases


def fill_lines_by_current(pieces, width_of, widest):
    lines, current = [], ""
    for piece in pieces:
        longer = current + piece
        if current == "" or width_of(longer.strip()) <= widest:
            current = longer
        else:
            lines.append(current.strip())
            current = piece.lstrip()
    lines.append(current.strip())
    return lines


def fill_lines_by_index(pieces, width_of, widest):
    lines, start = [], 0
    while start < len(pieces):
        stop = start + 1
        while stop < len(pieces) and width_of("".join(pieces[start : stop + 1]).strip()) <= widest:
            stop += 1
        lines.append("".join(pieces[start:stop]).strip())
        start = stop
    return lines


def spoken(rng):
    """Two subtitles of two words each, a word over the border, too few words, and more at random."""
    two = [[2, 0.2, 0.6], [3, 0.7, 1.1], [1, 1.5, 1.9], [2, 2.0, 2.6]]
    cases = [
        {"words": two, "counts": [5, 3]},
        {
            "words": [[4, 0.0, 0.5], [4, 0.8, 1.5], [2, 1.7, 2.0], [3, 2.2, 2.9]],
            "counts": [6, 4, 3],
        },
        {"words": [[3, 0.1, 0.4], [3, 0.5, 0.9]], "counts": [6, 5]},
        {"words": [], "counts": [4]},
    ]
    for _ in range(4):
        count = int(rng.integers(5, 10))
        edges = np.cumsum(rng.uniform(0.1, 0.6, 2 * count)).round(3)
        letters = rng.integers(1, 6, count)
        words = [[int(n), float(a), float(b)] for n, a, b in zip(letters, edges[::2], edges[1::2])]
        cut = int(rng.integers(2, count - 1))
        part = int(letters[:cut].sum())
        cases.append({"words": words, "counts": [part - int(rng.integers(0, 2)), int(letters.sum()) - part]})
    return cases


def cue_times_by_groups(words, counts):
    groups = [[] for _ in counts]
    limits = np.cumsum(counts)
    heard = 0
    for letters, start, end in words:
        for k, limit in enumerate(limits):
            if heard < limit:
                groups[k].append((start, end))
                break
        heard += letters
    return [[g[0][0], g[-1][1]] if g else None for g in groups]


def cue_times_by_queue(words, counts):
    left, surplus, result = list(words), 0, []
    for count in counts:
        need, mine = count - surplus, []
        while need > 0 and left:
            mine.append(left.pop(0))
            need -= mine[-1][0]
        surplus = -need
        result.append([mine[0][1], mine[-1][2]] if mine else None)
    return result


def channels(rng):
    """Numbers that can be followed by eye, colours, another factor, a factor of one."""
    cases = [{"features": np.arange(8.0).reshape(1, 4, 1, 2), "factor": 2}]
    for shape, factor in (((1, 12, 2, 3), 2), ((2, 18, 3, 2), 3), ((1, 3, 2, 2), 1)):
        cases.append({"features": rng.normal(0, 1, shape), "factor": factor})
    return cases


def shuffle_by_slices(features, factor):
    batch, depth, height, width = features.shape
    large = features.new_zeros(batch, depth // factor**2, height * factor, width * factor)
    for row in range(factor):
        for column in range(factor):
            large[:, :, row::factor, column::factor] = features[:, row * factor + column :: factor**2]
    return large


def shuffle_by_torch(features, factor):
    return torch.pixel_shuffle(features, factor)


def labels(rng):
    """A label with and without a seal in it, fields in another order, other keys and films."""
    plain = {"Label": "1", "ContentProducer": "me", "ReservedCode1": ""}
    cases = [
        {"fields": plain, "fingerprint": "ab12", "key": "secret"},
        {"fields": {**plain, "ReservedCode1": "f00d"}, "fingerprint": "ab12", "key": "secret"},
        {
            "fields": {"ReservedCode1": "", "Label": "1", "ContentProducer": "me"},
            "fingerprint": "cd34",
            "key": "k",
        },
    ]
    for _ in range(3):
        fields = {name: f"{rng.integers(2**31):x}" for name in ("Label", "ReservedCode1", "ProduceID", "A")}
        order = rng.permutation(list(fields)).tolist()
        cases.append(
            {
                "fields": {name: fields[name] for name in order},
                "fingerprint": f"{rng.integers(2**31):x}",
                "key": f"{rng.integers(2**31)}",
            }
        )
    return cases


def seal_by_pop(fields, fingerprint, key):
    import hashlib

    rest = dict(sorted(fields.items()))
    rest.pop("ReservedCode1", None)
    message = "\n".join([json.dumps(rest), fingerprint])
    return hmac.HMAC(bytes(key, "utf-8"), bytes(message, "utf-8"), hashlib.sha256).hexdigest()


def seal_by_hand(fields, fingerprint, key):
    import hashlib

    text = json.dumps({k: fields[k] for k in sorted(fields) if k != "ReservedCode1"}) + "\n" + fingerprint
    block = key.encode().ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + text.encode()).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).hexdigest()
