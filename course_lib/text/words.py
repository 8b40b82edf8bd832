"""From raw text to clean text, clauses and words, in Chinese and English."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from course_lib.errors import CourseError

MAX_CHARACTERS = 10_000
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
_LATIN = "[A-Za-z\u00c0-\u024f]"
# A word of English: letters with inner apostrophes or hyphens; a number with separators; one run of Han.
_TOKEN = re.compile(
    f"[{HAN}]+|\\d+(?:[.,:]\\d+)*%?|[^\\W\\d_{HAN}]+(?:['’\\-][^\\W\\d_{HAN}]+)*|[^\\s\\w]|\\w"
)
# Where a sentence ends, and where a clause does. A full stop or comma inside a number ends neither.
SENTENCE_END = "。！？!?…"
_CLAUSE = re.compile(
    r"(?:[^。！？!?…；;，,：:\n.]|(?<=\d)[.,:](?=\d)|\.(?=\w))+[。！？!?…；;，,：:.\n”’\"'」』）)]*"
)


@dataclass(frozen=True)
class Clause:
    """A piece of text said in one breath: `text`, and `ends` True where its sentence or paragraph ends."""

    text: str
    ends: bool


def clean(text: str) -> str:
    """The text as it will be understood, spoken and shown.

    Composes accents (Unicode NFC), makes full-width letters and figures plain, drops emoji and invisible characters, and folds runs of spaces;
    line ends stay, as they separate paragraphs.

    Args:
        text: what a person typed, at most 10,000 characters.

    Raises:
        CourseError: nothing in it can be spoken, or it is too long, or it holds control characters, or
            it is written neither in Chinese nor with Latin letters.
    """
    if not isinstance(text, str):
        raise CourseError(f"the text must be a string, not {type(text).__name__}.")
    if not text.strip():
        raise CourseError("the text is empty: write at least one word in Chinese or English.")
    if len(text) > MAX_CHARACTERS:
        raise CourseError(
            f"the text has {len(text):,} characters; a film takes at most {MAX_CHARACTERS:,}: shorten it."
        )
    for place, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\r\n":
            raise CourseError(
                f"character {place + 1} of the text is the control character U+{ord(character):04X}: "
                "remove it and try again."
            )
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = []
    for character in text:
        # full-width letters and figures, ligatures and circled numbers become plain ones; marks stay
        if unicodedata.category(character)[0] in "LN":
            character = unicodedata.normalize("NFKC", character)
        # So: emoji and other pictures. Cf, Co, Cn: invisible, private, unassigned. Sk: skin tones.
        drawn = unicodedata.category(character[:1]) in ("So", "Cf", "Co", "Cn", "Sk")
        if (drawn and character not in "°℃℉™®©") or character in "\ufe0f\u20e3":
            kept.append(" ")
        else:
            kept.append(character)
    text = re.sub(r"[^\S\n]+", " ", "".join(kept))
    text = re.sub(f"(?<=[{HAN}，。！？；：]) (?=[{HAN}，。！？；：])", "", text)
    text = re.sub(r" ?\n[\s\n]*", "\n", text).strip()
    if not re.search(r"[^\W_]", text):
        raise CourseError(
            "the text holds only emoji or punctuation: write at least one word in Chinese or English."
        )
    han, latin, other = _scripts(text)
    if other > 0.2 * (han + latin + other):
        raise CourseError("the film speaks Chinese and English only: much of this text is in another script.")
    return text


def language_of(text: str) -> tuple[str, float]:
    """The language ('zh' or 'en') a clean text is mostly written in, and how sure that is (0.5 to 1)."""
    han, latin, _ = _scripts(text)
    if han + latin == 0:  # only figures: say them in English
        return "en", 0.5
    share = han / (han + latin)
    return ("zh", share) if share >= 0.5 else ("en", 1 - share)


def _scripts(text: str) -> tuple[int, int, int]:
    """How much of a text is Chinese, Latin, and in any other script."""
    han = len(_HAN.findall(text))
    # An English word carries about as much as two Chinese characters.
    latin = 2 * len(re.findall(f"{_LATIN}+(?:['’\\-]{_LATIN}+)*", text))
    other = sum(1 for c in text if c.isalpha() and not _HAN.match(c) and not re.match(_LATIN, c))
    return han, latin, other


def clauses(text: str) -> list[Clause]:
    """A clean text cut at its punctuation: what a reader says in one breath.

    A clause keeps its closing punctuation. One without any word is joined to the clause before.
    """
    found: list[Clause] = []
    for paragraph in text.split("\n"):
        pieces = [m.group().strip() for m in _CLAUSE.finditer(paragraph)] or [paragraph.strip()]
        pieces = [p for p in pieces if re.search(r"[^\W_]", p)]
        for number, piece in enumerate(pieces):
            last = number == len(pieces) - 1
            ends = last or any(c in SENTENCE_END or c == "." for c in piece[-3:] if not c.isalnum())
            found.append(Clause(piece, ends))
    return found


@cache
def _jieba():
    import jieba

    jieba.setLogLevel(60)  # its progress messages are not the learner's concern
    jieba.initialize()
    return jieba


def tokenize(text: str) -> list[tuple[str, int]]:
    """Words and punctuation marks with their places: `[(token, start), ...]` in reading order.

    Chinese runs are cut by jieba's dictionary, everything else by a regular expression.
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        run, start = match.group(), match.start()
        if _HAN.match(run):
            for word in _jieba().cut(run):
                tokens.append((word, start))
                start += len(word)
        else:
            tokens.append((run, start))
    return tokens


def is_word(token: str) -> bool:
    """Can the token be spoken (does it hold a letter, a Chinese character or a digit)?"""
    return any(c.isalnum() for c in token)
