"""Sub-words: byte-pair encoding by hand (lesson 04).

Sennrich, Haddow, Birch: "Neural Machine Translation of Rare Words with Subword Units", 2016.
"""

import itertools
from collections import Counter
from collections.abc import Mapping


def merge_pair(symbols, left, right):
    """Write every pair `left right` of a word as one symbol, from left to right.

    Args:
        symbols: a word in pieces, a list of strings such as ['h', 'i', 'g', 'h'].
        left, right: two symbols.

    Returns:
        A new list; a symbol that went into one pair cannot go into the next.
    """
    merged, at = [], 0
    while at < len(symbols):
        if symbols[at : at + 2] == [left, right]:
            merged.append(left + right)
            at += 2
        else:
            merged.append(symbols[at])
            at += 1
    return merged


def learn_merges(counts: Mapping[str, int], merges: int) -> list[tuple[str, str]]:
    """The pairs to merge, in order: each time the one that stands side by side most often.

    Args:
        counts: how often each word occurs.
        merges: how many pairs to learn; fewer if every word is one symbol before.
    """
    words = {word: list(word) for word in counts}
    learned = []
    for _ in range(merges):
        pairs = Counter()
        for word, symbols in words.items():
            for pair in itertools.pairwise(symbols):
                pairs[pair] += counts[word]
        if not pairs:
            break
        pair = max(sorted(pairs), key=pairs.get)  # among equals the first in the alphabet
        learned.append(pair)
        words = {word: merge_pair(symbols, *pair) for word, symbols in words.items()}
    return learned


def pieces(word: str, merges: list[tuple[str, str]]) -> list[str]:
    """A word cut into sub-words: its letters, merged in the order learned."""
    symbols = list(word)
    for pair in merges:
        symbols = merge_pair(symbols, *pair)
    return symbols
