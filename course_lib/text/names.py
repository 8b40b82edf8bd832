"""Names that a sentence uses as places although no list knows them."""

import re

from course_lib.text.words import HAN, tokenize

# "go to X", "去了X": X is a place even when no list knows it. A capital letter marks a name in English.
_GO_ZH = {"去", "去了", "到", "到了", "到达", "来到", "在", "游", "抵达", "飞往", "飞到", "走进"}
_GO_EN = set(
    [
        "to",
        "in",
        "at",
        "near",
        "from",
        "visit",
        "visited",
        "visiting",
        "reach",
        "reached",
        "toward",
        "towards",
    ]
)
_NOT_PLACES = set(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "christmas",
        "easter",
        "i",
        "chinese",
        "english",
        "god",
        "mr",
        "mrs",
        "ms",
        "dr",
    ]
)


def unknown_places(text: str, known: list[tuple[int, int]]) -> list[str]:
    """Names in a clean text that are used as places but stand in no gazetteer line.

    Args:
        text: see `course_lib.text.words.clean`.
        known: (start, end) of what the lists have found in it.
    """
    tokens = tokenize(text)
    names = []
    for number, (token, start) in enumerate(tokens):
        if any(a < start + len(token) and start < b for a, b in known) or number == 0:
            continue
        earlier = [t for t, _ in tokens[max(0, number - 2) : number]]
        if re.match(f"[{HAN}]", token):
            went = earlier[-1] in _GO_ZH or (
                earlier[-1] in "了过往" and len(earlier) > 1 and earlier[0] in _GO_ZH
            )
            if went and len(token) > 1 and _tag(token) in ("ns", "nr", "nrt", "nz", "nrfg"):
                names.append(token)
        elif token[0].isupper() and len(token) > 1 and token.lower() not in _NOT_PLACES:
            if earlier[-1].lower() in _GO_EN or (
                earlier[-1].lower() == "the" and earlier[0].lower() in _GO_EN
            ):
                names.append(token)
            elif names and names[-1] == earlier[-1] and text[start - 1] == " ":
                names[-1] += " " + token  # a name of two words
    return list(dict.fromkeys(names))


def _tag(word: str) -> str:
    """The part of speech jieba's dictionary gives a Chinese word."""
    import jieba.posseg

    return next(iter(jieba.posseg.cut(word))).flag
