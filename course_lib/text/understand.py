"""What a sentence says about a picture: place, time of day, weather, motion and mood.

Patterns (`patterns.tsv`) and words (`gazetteer.tsv`) are looked up, a small network (`reader`) reads the sentence
as a whole, and `combine` weighs what they say. Lesson 04 builds all three and measures them.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from course_lib.text import reader
from course_lib.text.combine import combine
from course_lib.text.names import unknown_places
from course_lib.text.words import _HAN, clean, language_of, tokenize

SLOTS = ("place", "time", "weather", "motion", "mood")
#: From this confidence on something counts as said; below, it is a hint that colours the film.
SAID = 0.6
#: A pattern as sure as this says what its words mean together; below, a surer word inside it may say more.
OWNS = 0.9
LONGEST_READ = 200  # characters; a longer text is no sentence, and only its words are looked up
GAZETTEER = Path(__file__).with_name("gazetteer.tsv")
PATTERNS = Path(__file__).with_name("patterns.tsv")

# What stands directly before a word and turns it round, or says that one is leaving it.
_NO = re.compile(
    r"(?:(?:没有|没|不是|并非|不再|不要|不想要?|不用|不|无|别|未)(?:有|去|到|在|看到|看见|下|很|太|那么|怎么|拍)?"
    r"|(?:\b(?:no|not|never|without|nor|neither|zero|hardly|barely|scarcely)|n['’]t)(?: (?:a|an|the|any|very|so|in|at|by|to|near|go to|see|be|feel))*) ?$"
)
_FROM = re.compile(
    r"(?:从|离开|告别|远离|(?:\b(?:from|left|leave|leaving)|away from|far from)(?: the| a| an)?) ?$"
)


@dataclass(frozen=True)
class Entry:
    """One word of the gazetteer: it says that `slot` is `value`, and how surely (0 to 1)."""

    slot: str
    value: str
    confidence: float


@dataclass(frozen=True)
class Understanding:
    """What a text says; a slot it says nothing about is None, with confidence 0.

    Attributes:
        language: 'zh' or 'en'.
        place, time, weather, motion, mood: words of the course's vocabulary, or None.
        confidence: for `language` and each slot, a number from 0 to 1.
        evidence: for each filled slot, the word of the text that filled it.
        unknown_places: names that look like places but are not in the gazetteer.
    """

    language: str
    place: str | None = None
    time: str | None = None
    weather: str | None = None
    motion: str | None = None
    mood: str | None = None
    confidence: dict = field(default_factory=dict)
    evidence: dict = field(default_factory=dict)
    unknown_places: tuple = ()

    @property
    def slots(self) -> dict:
        """The slots that the text fills, e.g. ``{"place": "sea", "mood": "calm"}``."""
        return {slot: getattr(self, slot) for slot in SLOTS if getattr(self, slot)}


def understand(text: str) -> Understanding:
    """Read a sentence (or a clause of one) for what can be shown and heard.

    Args:
        text: Chinese or English, at most 10,000 characters.

    Returns:
        An `Understanding`. Its confidence is a probability: from 0.5 on the slot counts as said; a value below
        that is a hint, good enough for the mood of a film. A denied word ("not raining", 没下雨) says nothing.

    Raises:
        CourseError: the text is empty, too long, or cannot be read; see `course_lib.text.words.clean`.

    Example:
        >>> understand("今天去了西藏").place
        'snow mountain'
    """
    return understand_clean(clean(text))


def understand_clean(text: str) -> Understanding:
    """`understand` for a text, or a clause of one, that `clean` has seen already."""
    language, sure = language_of(text)
    matches = find(text)
    best = weigh(text, matches)
    network = reader.load() if len(text) <= LONGEST_READ else None
    confidence, values, evidence = {"language": round(sure, 3)}, {}, {}
    read = {k: v[0] for k, v in network.probabilities([text]).items()} if network else None
    together = combine({slot: (one[2], one[0]) for slot, one in best.items()}, read)
    for slot in SLOTS:
        answers, shares = reader.ANSWERS[slot], together[slot]
        number = 1 + int(shares[1:].argmax())
        if shares[number] >= 0.5:
            values[slot], evidence[slot] = answers[number], text
        elif slot in best:  # a hint: too little to say it, enough to colour a film
            values[slot] = best[slot][2]
        if slot in best and values.get(slot) == best[slot][2]:
            evidence[slot] = best[slot][3]
        confidence[slot] = (
            round(float(shares[answers.index(values[slot])]), 3) or 0.001 if slot in values else 0.0
        )
    return Understanding(
        language=language,
        confidence=confidence,
        evidence=evidence,
        unknown_places=tuple(
            unknown_places(text, [(start, start + len(word)) for word, start, _ in matches])
        ),
        **values,
    )


def weigh(text: str, matches) -> dict[str, tuple[float, int, str, str]]:
    """What the lists alone make of their finds: slot -> (confidence, -start, value, words).

    The surest find wins, then the earliest. A denied word says nothing, a place one leaves counts less, and two
    different hints at the same thing count as more than one: 1 - (1 - a)(1 - b).
    """
    best: dict[str, tuple[float, int, str, str]] = {}
    hints: dict[tuple[str, str], dict] = {}
    for word, start, entries in matches:
        before = text[max(0, start - 40) : start].lower()
        if _NO.search(before):
            continue
        for entry in entries:
            confidence = entry.confidence
            if entry.slot == "place" and _FROM.search(before):
                confidence *= 0.7
            if confidence < SAID and entry.slot in ("place", "time", "weather"):
                seen = hints.setdefault((entry.slot, entry.value), {})
                if word.lower() not in seen:
                    earlier = max(seen.values(), default=0.0)
                    confidence = 1 - (1 - earlier) * (1 - confidence)
                    seen[word.lower()] = confidence
            candidate = (confidence, -start, entry.value, word)
            if candidate[:2] > best.get(entry.slot, (0.0, 0))[:2]:
                best[entry.slot] = candidate
    return best


def find(text: str) -> list[tuple[str, int, list[Entry]]]:
    """What the lists say about a clean text: `[(words, start, entries), ...]` in reading order.

    Patterns go first; a sure one owns the characters it matches, slot by slot. Then words, the longest first.
    """
    words, longest = gazetteer()
    tokens = tokenize(text)
    owner = [-1] * len(text)  # for each character, where its word begins
    for token, start in tokens:
        owner[start : start + len(token)] = [start] * len(token)
    lower = text.lower()
    if len(lower) != len(text):  # a letter such as the Turkish capital I with a dot has two small ones
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    owned = {slot: [False] * len(text) for slot in SLOTS}
    found = []
    for slots, value, confidence, pattern in patterns():
        for match in pattern.finditer(lower):
            start, end = match.span()
            free = [slot for slot in slots if start < end and not any(owned[slot][start:end])]
            for slot in free if confidence >= OWNS else ():
                owned[slot][start:end] = [True] * (end - start)
            if free and value != "-":
                found.append((text[start:end], start, [Entry(slot, value, confidence) for slot in free]))
    taken = [False] * len(text)
    for length in range(min(longest, len(text)), 0, -1):
        for start in range(len(text) - length + 1):
            end = start + length
            if any(taken[start:end]):
                continue
            piece = lower[start:end]
            entries = words.get(piece) or (words.get(_singular(piece)) if piece.endswith("s") else None)
            if not entries or not _stands_alone(text, start, length, owner):
                continue
            taken[start:end] = [True] * length
            free = [entry for entry in entries if not any(owned[entry.slot][start:end])]
            if free:
                found.append((text[start:end], start, free))
    return sorted(found, key=lambda match: match[1])


@cache
def patterns() -> list[tuple[tuple[str, ...], str, float, re.Pattern]]:
    """The rows of `patterns.tsv`: slots, value ('-' for none), confidence, the compiled expression."""
    rows = []
    for line in PATTERNS.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            slot, value, confidence, expression = line.split("\t")
            rows.append((SLOTS if slot == "*" else (slot,), value, float(confidence), re.compile(expression)))
    return rows


def _stands_alone(text: str, start: int, length: int, owner: list) -> bool:
    if _HAN.match(text[start]):
        if length > 1:  # from the start of a word, or inside one: 草原 in 大草原, but no 上海 in 马上|海风
            return owner[start] in (start, owner[start + length - 1])
        # 湖 in 湖上 is a lake, 海 in 海报 is no sea
        own = owner[start : start + 3].count(start)  # length of the word, 3 for longer ones
        beside = own == 2 and text[start + 1] in "上里中边面旁下畔间"
        return owner[start] == start and (own == 1 or beside)
    before, after = text[start - 1 : start], text[start + length : start + length + 1]
    return not any(c.isalnum() and not _HAN.match(c) for c in (before, after) if c)


def _singular(word: str) -> str:
    for ending, instead in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("s", "")):
        if word.endswith(ending):
            return word[: -len(ending)] + instead
    return word


@cache
def gazetteer() -> tuple[dict[str, list[Entry]], int]:
    """The words of `gazetteer.tsv`, lower case, with what each says; and the length of the longest."""
    words: dict[str, list[Entry]] = {}
    for line in GAZETTEER.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        slot, value, confidence, listed = line.split("\t")
        for word in listed.split(" | "):
            entries = words.setdefault(word.strip(), [])
            known = [entry for entry in entries if entry.slot == slot]
            if not known or known[0].confidence < float(confidence):
                words[word.strip()] = [e for e in entries if e.slot != slot] + [
                    Entry(slot, value, float(confidence))
                ]
    return words, max(map(len, words))
