"""From a sentence to numbers: tokens, and a vocabulary that Chinese and English share (lesson 04)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from course_lib.errors import CourseError

PAD, UNKNOWN = 0, 1


def tokenize(text):
    """The tokens of a sentence: every Chinese character by itself, English by words in small letters.

    Full-width letters and digits count as plain ones (Unicode NFKC). Signs and spaces part tokens and are
    not tokens themselves; an apostrophe inside a word stays.

    Args:
        text: a sentence in Chinese, English or both.

    Returns:
        A list of strings, empty for a text without letters, figures or characters.
    """
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return re.findall(
        r"[\u3400-\u4dbf\u4e00-\u9fff]|[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]+(?:'[^\W\d_]+)*|\d+", text
    )


class Vocabulary:
    """Tokens by number. 0 is padding, 1 stands for every token that is not known.

    Args:
        tokens: the known tokens; their numbers are 2, 3, ...
    """

    def __init__(self, tokens: Sequence[str]):
        self.tokens = list(tokens)
        self.number = {token: place + 2 for place, token in enumerate(self.tokens)}

    @classmethod
    def of(cls, sentences: Iterable[str], least: int = 1) -> "Vocabulary":
        """The tokens that occur at least `least` times in some sentences, the most frequent first."""
        counts = Counter(token for sentence in sentences for token in tokenize(sentence))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls([token for token, count in ranked if count >= least])

    def __len__(self) -> int:
        """How many numbers there are, padding and unknown with them: the rows of an embedding table."""
        return len(self.tokens) + 2

    def unknown(self, text: str) -> list[str]:
        """The tokens of a sentence that are not in the vocabulary, in order, each once."""
        return [token for token in dict.fromkeys(tokenize(text)) if token not in self.number]

    def encode(self, texts: Sequence[str], longest: int = 64):
        """Sentences as a table of numbers.

        Args:
            texts: n sentences.
            longest: what a longer sentence is cut to.

        Returns:
            ids int64 (n, length of the longest), padded with 0 at the end, and lengths int64 (n,), each at
            least 1: a sentence without any token is one unknown token.

        Raises:
            CourseError: no sentences, or one string where a list belongs.
        """
        if isinstance(texts, str):
            raise CourseError("encode takes a list of sentences: write encode([text]) for one.")
        if not len(texts):
            raise CourseError("there are no sentences to encode: give at least one.")
        rows = [
            [self.number.get(t, UNKNOWN) for t in tokenize(text)][:longest] or [UNKNOWN] for text in texts
        ]
        lengths = np.array([len(row) for row in rows], np.int64)
        ids = np.zeros((len(rows), lengths.max()), np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
        return ids, lengths


__all__ = ["PAD", "UNKNOWN", "Vocabulary", "tokenize"]
