"""Cases and alternatives of lesson 04's exercises on tokens, sub-words, slots and storyboards."""

import re
import unicodedata

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
