"""Slots by hand: words of a list found in a text, and what a clause keeps from the one before (lesson 04).

The film's own versions do the same with more care: `understand.find` asks jieba where words begin, and
`storyboard.storyboard` says aloud what it assumed, and carries a later weather back where nothing tells of a change.
"""


def find_words(text, words):
    """The words of a list in a text, the longest first at every place, none overlapping.

    From left to right: take the longest word of the list that begins here and go on behind it; if none
    begins here, go on by one character. Chinese is often cut into words this way (forward maximum matching).

    Args:
        text: a sentence.
        words: a dict whose keys are words, at least one.

    Returns:
        [(start, word), ...] in reading order.
    """
    longest = max(map(len, words))
    found, start = [], 0
    while start < len(text):
        for length in range(longest, 0, -1):
            piece = text[start : start + length]
            if piece in words:
                found.append((start, piece))
                break
        else:
            piece = text[start]
        start += len(piece)
    return found


def carry_over(said):
    """What each shot shows: what its clause says, else what was said last.

    A place that is first named in a later clause holds from the beginning: the film need not open somewhere
    else. A time or a weather does not: it may just have changed.

    Args:
        said: for each clause, in order, {"place": ..., "time": ..., "weather": ...}; None for what it does
            not say.

    Returns:
        A list of new dicts with the same keys; None where nothing was said so far.
    """
    first = next((clause["place"] for clause in said if clause["place"]), None)
    last = {"place": first, "time": None, "weather": None}
    shots = []
    for clause in said:
        last = {slot: clause[slot] or last[slot] for slot in last}
        shots.append(last)
    return shots
