"""Cases and alternatives of lesson 04's exercises."""

import re
import unicodedata

import numpy as np

ZH = [
    "清晨",
    "我们",
    "从",
    "西湖",
    "出发",
    "城市",
    "下雨",
    "大海",
    "边",
    "月亮",
    "升起来",
    "了",
    "今天",
    "去",
    "拉萨",
    "草原",
    "很",
    "安静",
]
EN = [
    "Lake",
    "rain",
    "We're",
    "at",
    "DAWN",
    "the",
    "sea",
    "don't",
    "walk",
    "Tibet",
    "café",
    "MOON",
    "rises",
    "24",
    "slow",
    "o'clock",
    "snow",
]
SIGNS = ["，", "。", ", ", ". ", " ", "！", " - ", "…"]


def sentences(rng):
    cases = [
        {"text": "今天去了Tibet, it's 雪山!"},
        {"text": "ＷｉＦｉ很慢，２０２４年"},
        {"text": "The sun rose; we didn’t."},
        {"text": "！？ …"},
        {"text": "snow_white is 3rd, 3.5 km"},
    ]
    for _ in range(3):
        words = [str(rng.choice(ZH if rng.random() < 0.5 else EN)) + str(rng.choice(SIGNS)) for _ in range(7)]
        cases.append({"text": "".join(words) + " It's " + str(rng.integers(10, 999)) + "只"})
    return cases


def tokenize_with_a_loop(text):
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    tokens, word = [], ""
    for place, c in enumerate(text + " "):
        han = "\u4e00" <= c <= "\u9fff" or "\u3400" <= c <= "\u4dbf"
        after = text[place + 1 : place + 2]
        digits = bool(word) and word.isdigit()
        joins = c.isalpha() and not han and not digits
        joins = joins or (c.isdigit() and (digits or not word))
        joins = joins or (c == "'" and word and not digits and after.isalpha())
        if joins:
            word += c
            continue
        if word:
            tokens.append(word)
        word = c if (c.isalpha() and not han) or c.isdigit() else ""
        if han:
            tokens.append(c)
    return tokens


def tokenize_after_spacing(text):
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    spaced = re.sub(r"([\u3400-\u4dbf\u4e00-\u9fff])", r" \1 ", text)
    return re.findall(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*", spaced)


def in_pieces(rng):
    cases = [
        {"symbols": list("banana"), "left": "a", "right": "n"},
        {"symbols": list("aaaaa"), "left": "a", "right": "a"},
        {"symbols": ["st", "a", "st", "a", "r"], "left": "st", "right": "a"},
        {"symbols": list("na"), "left": "a", "right": "n"},
        {"symbols": [], "left": "a", "right": "b"},
    ]
    for _ in range(3):
        symbols = [str(c) for c in rng.choice(list("aabbn"), 14)] + ["a", "b"]
        cases.append({"symbols": symbols, "left": "a", "right": str(rng.choice(["a", "b"]))})
    return cases


def merged_with_a_flag(symbols, left, right):
    merged, joined = [], True
    for symbol in symbols:
        if not joined and symbol == right and merged[-1] == left:
            merged[-1] += symbol
            joined = True
        else:
            merged.append(symbol)
            joined = False
    return merged


def merged_by_popping(symbols, left, right):
    waiting, merged = list(symbols), []
    while waiting:
        first = waiting.pop(0)
        if first == left and waiting and waiting[0] == right:
            first += waiting.pop(0)
        merged.append(first)
    return merged


def merged_overlapping(symbols, left, right):
    merged = []
    for place, symbol in enumerate(symbols):
        if symbols[place : place + 2] == [left, right]:
            merged.append(left + right)
        elif place == 0 or symbols[place - 1 : place + 1] != [left, right]:
            merged.append(symbol)
    return merged


def merged_once(symbols, left, right):
    for place in range(len(symbols) - 1):
        if symbols[place : place + 2] == [left, right]:
            return [*symbols[:place], left + right, *symbols[place + 2 :]]
    return list(symbols)


def merged_either_way(symbols, left, right):
    merged, at = [], 0
    while at < len(symbols):
        if symbols[at : at + 2] in ([left, right], [right, left]):
            merged.append("".join(symbols[at : at + 2]))
            at += 2
        else:
            merged.append(symbols[at])
            at += 1
    return merged


def _cell(rng, batch, inputs, size, gates):
    normal = lambda *shape: rng.normal(size=shape).round(3)  # noqa: E731
    return {
        "x": normal(batch, inputs),
        "hidden": np.tanh(normal(batch, size)),
        "w_ih": normal(gates * size, inputs),
        "w_hh": normal(gates * size, size),
        "b_ih": normal(gates * size),
        "b_hh": normal(gates * size),
    }


def cells(rng):
    return [_cell(rng, 1, 2, 2, 1), _cell(rng, 3, 4, 2, 1), _cell(rng, 2, 3, 3, 1)]


def gru_cells(rng):
    return [_cell(rng, 1, 2, 2, 3), _cell(rng, 3, 4, 2, 3), _cell(rng, 2, 3, 3, 3)]


def rnn_by_joined_matrix(x, hidden, w_ih, w_hh, b_ih, b_hh):
    joined = np.concatenate([hidden, x], axis=1)
    return np.tanh(joined @ np.concatenate([w_hh, w_ih], axis=1).T + (b_ih + b_hh))


def rnn_by_einsum(x, hidden, w_ih, w_hh, b_ih, b_hh):
    total = np.einsum("bi,oi->bo", x, w_ih) + np.einsum("bi,oi->bo", hidden, w_hh) + b_ih + b_hh
    return 1 - 2 / (np.exp(2 * total) + 1)


def gru_by_slices(x, hidden, w_ih, w_hh, b_ih, b_hh):
    n = hidden.shape[1]
    a, b = x @ w_ih.T + b_ih, hidden @ w_hh.T + b_hh
    r = 1 / (1 + np.exp(-a[:, :n] - b[:, :n]))
    z = 1 / (1 + np.exp(-a[:, n : 2 * n] - b[:, n : 2 * n]))
    new = np.tanh(a[:, 2 * n :] + r * b[:, 2 * n :])
    return new + z * (hidden - new)


def gru_by_gates(x, hidden, w_ih, w_hh, b_ih, b_hh):
    (wr, wz, wn), (ur, uz, un) = np.split(w_ih, 3), np.split(w_hh, 3)
    (br, bz, bn), (cr, cz, cn) = np.split(b_ih, 3), np.split(b_hh, 3)
    r = np.tanh((x @ wr.T + br + hidden @ ur.T + cr) / 2) / 2 + 0.5
    z = np.tanh((x @ wz.T + bz + hidden @ uz.T + cz) / 2) / 2 + 0.5
    return (1 - z) * np.tanh(x @ wn.T + bn + r * (hidden @ un.T + cn)) + z * hidden


def gru_of_the_paper(x, hidden, w_ih, w_hh, b_ih, b_hh):
    reset_x, update_x, new_x = np.split(x @ w_ih.T + b_ih, 3, axis=1)
    u_reset, u_update, u_new = np.split(w_hh, 3)
    c_reset, c_update, c_new = np.split(b_hh, 3)
    reset = 1 / (1 + np.exp(-(reset_x + hidden @ u_reset.T + c_reset)))
    update = 1 / (1 + np.exp(-(update_x + hidden @ u_update.T + c_update)))
    candidate = np.tanh(new_x + (reset * hidden) @ u_new.T + c_new)
    return (1 - update) * candidate + update * hidden


def slopes(rng):
    return [
        {
            "gradient": rng.normal(size=(batch, size)).round(3),
            "hidden": np.tanh(rng.normal(size=(batch, size))).round(3),
            "w_hh": rng.normal(size=(size, size)).round(3),
        }
        for batch, size in ((1, 2), (3, 3), (2, 4))
    ]


def step_back_by_jacobian(gradient, hidden, w_hh):
    rows = []
    for g, h in zip(gradient, hidden):
        rows.append((np.diag(1 - h * h) @ w_hh).T @ g)
    return np.array(rows)


def step_back_by_einsum(gradient, hidden, w_hh):
    return np.einsum("bi,bi,ij->bj", gradient, (1 - hidden) * (1 + hidden), w_hh)


def gradients(rng):
    def some(*shapes, scale=1.0):
        return [(scale * rng.normal(size=shape)).round(4) for shape in shapes]

    return [
        {"gradients": [np.array([3.0, 4.0]), np.array([[12.0]])], "limit": 6.5},
        {"gradients": some((2, 3), (4,), scale=5), "limit": 2.0},
        {"gradients": some((3,), (2, 2), scale=0.1), "limit": 5.0},
        {"gradients": [np.zeros(3)], "limit": 1.0},
        {"gradients": some((2,), (2,), (2, 2)), "limit": 0.3},
        {"gradients": [np.array([0.6]), np.array([0.0, 0.8])], "limit": 0.9},
    ]


def clipped_by_minimum(gradients, limit):
    norm = float(np.linalg.norm(np.concatenate([g.ravel() for g in gradients])))
    return [g * min(1.0, limit / max(norm, 1e-12)) for g in gradients]


def clipped_in_two_cases(gradients, limit):
    square = 0.0
    for g in gradients:
        square += float(np.sum(g * g))
    if square <= limit * limit:
        return [g.copy() for g in gradients]
    return [g * (limit / square**0.5) for g in gradients]


def padded(rng):
    cases = [{"states": np.array([[[1.0, 2.0], [3.0, 4.0], [9.0, 9.0]]]), "lengths": np.array([2])}]
    for batch, time, size in ((3, 4, 2), (4, 5, 3), (2, 2, 2)):
        lengths = rng.integers(1, time + 1, batch)
        lengths[0], lengths[-1] = 1, time
        if batch > 3:
            lengths[1] = 0
        cases.append({"states": rng.normal(size=(batch, time, size)).round(3), "lengths": lengths})
    return cases


def mean_with_a_loop(states, lengths):
    rows = []
    for one, length in zip(states, lengths):
        rows.append(one[:length].mean(axis=0) if length else np.zeros(states.shape[2]))
    return np.array(rows)


def mean_by_einsum(states, lengths):
    steps = np.arange(states.shape[1])[None, :]
    weights = (steps < lengths[:, None]) / np.maximum(lengths, 1)[:, None]
    return np.einsum("bt,bts->bs", weights, states)


PLACES = [
    "海",
    "上海",
    "大海",
    "湖",
    "西湖",
    "雪山",
    "山",
    "草原",
    "内蒙古",
    "蒙古",
    "sea",
    "seaside",
    "lake",
]


def texts(rng):
    cases = [
        {"text": "我从上海去海边", "words": {"上海": "city", "海": "sea"}},
        {"text": "内蒙古的草原", "words": {"蒙古": "grassland", "内蒙古": "grassland", "草原": "grassland"}},
        {"text": "nothing here", "words": {"海": "sea"}},
        {"text": "", "words": {"海": "sea", "大海": "sea"}},
        {"text": "seaside", "words": {"sea": "sea", "seaside": "sea", "side": "x"}},
    ]
    for _ in range(3):
        chosen = [str(w) for w in rng.choice(PLACES, 8, replace=False)]
        parts = [str(rng.choice([*PLACES, "我们", "去了", "，", "a "])) for _ in range(9)]
        cases.append({"text": "".join(parts) + chosen[0], "words": dict.fromkeys(chosen, "place")})
    return cases


def found_by_pattern(text, words):
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return [(match.start(), match.group()) for match in re.finditer(pattern, text)]


def found_by_filter(text, words):
    found, start = [], 0
    while start < len(text):
        here = [word for word in words if text.startswith(word, start)]
        if here:
            best = max(here, key=len)
            found.append((start, best))
            start += len(best)
        else:
            start += 1
    return found


def found_shortest(text, words):
    found, start = [], 0
    while start < len(text):
        here = [word for word in words if text.startswith(word, start)]
        if here:
            found.append((start, min(here, key=len)))
            start += len(found[-1][1])
        else:
            start += 1
    return found


def found_overlapping(text, words):
    found = []
    for start in range(len(text)):
        here = [word for word in words if text.startswith(word, start)]
        if here:
            found.append((start, max(here, key=len)))
    return found


def found_first_only(text, words):
    return [(text.find(word), word) for word in words if word in text]


VALUES = {
    "place": ["sea", "lake", "city", "desert"],
    "time": ["dawn", "noon", "dusk", "night"],
    "weather": ["clear", "rain", "snow", "cloudy"],
}


def storyboards(rng):
    nothing = dict.fromkeys(VALUES)
    cases = [
        {"said": [{"place": "sea", "time": "dusk", "weather": None}, {**nothing, "time": "dawn"}]},
        {"said": [{**nothing, "time": "night"}, {**nothing, "place": "lake", "weather": "rain"}]},
        {"said": [dict(nothing), dict(nothing)]},
        {"said": [{**nothing, "place": "sea"}, dict(nothing), {**nothing, "place": "city"}, dict(nothing)]},
    ]
    for length in (3, 6):
        said = [
            {slot: str(rng.choice(words)) if rng.random() < 0.35 else None for slot, words in VALUES.items()}
            for _ in range(length)
        ]
        said[0]["place"], said[1]["weather"] = None, "snow"
        said[-1] |= {"place": "forest", "weather": None}
        cases.append({"said": said})
    return cases


def carried_with_loops(said):
    shots, place = [], None
    for clause in said[::-1]:
        place = clause["place"] or place
    memory = {"place": place}
    for clause in said:
        shot = {}
        for slot in ("place", "time", "weather"):
            if clause[slot] is not None:
                memory[slot] = clause[slot]
            shot[slot] = memory.get(slot)
        shots.append(shot)
    return shots


def carried_by_looking_back(said):
    def last(slot, place):
        for clause in reversed(said[: place + 1]):
            if clause[slot]:
                return clause[slot]
        later = [clause[slot] for clause in said if clause[slot]] if slot == "place" else []
        return later[0] if later else None

    return [{slot: last(slot, n) for slot in ("place", "time", "weather")} for n in range(len(said))]


def carried_backwards_too(said):
    last = {
        slot: next((clause[slot] for clause in said if clause[slot]), None)
        for slot in ("place", "time", "weather")
    }
    shots = []
    for clause in said:
        last = {slot: clause[slot] or last[slot] for slot in last}
        shots.append(last)
    return shots
