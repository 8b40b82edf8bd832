"""Cases and answers of lesson 09's exercises on subtitles, pixel shuffle and labels."""

import hmac
import json

import numpy as np
import torch

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
