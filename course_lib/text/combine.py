"""Two or three readers make one: the word lists, the small network, and sentence embeddings where there are any.

Every reader has its say as a number for each answer; the numbers are added, and a softmax makes probabilities of
the sums (a log-linear model, or product of experts). The weights are rounded from a maximum-likelihood fit,
cross-validated, on 120 sentences of our own (batch 1 of `datasets/reader/sentences.tsv`) with the lists as they were before
those sentences taught them new words. A fit on half of the 981 sentences of batch 4, with lists and network that had
not seen them, finds nearly the same (6.4, 2.6, 0.47, 3.0) and is hardly better on the other half (0.395 against 0.397
nats a slot), so they stay. In words: a name in a list outvotes everybody; a hint needs one more reader on its side;
and without any list two readers must agree before something counts as said.
"""

import numpy as np

from course_lib.text.reader import ANSWERS

LISTS = (8.0, 2.5)  # what a find counts: 8 (confidence - 0.5) + 2.5
NETWORK, SENTENCES = 0.5, 0.4
SILENCE = 3.0
FLOOR = 0.005  # no reader has more than about two votes: a network that never saw a name must not veto it


def combine(listed: dict, network: dict | None, sentences: dict | None = None) -> dict[str, np.ndarray]:
    """How sure all readers together are of each answer of each slot, for one sentence.

    Args:
        listed: slot -> (value, confidence) from the lists; slots they do not fill are missing.
        network, sentences: slot -> probabilities (1 + words,), None for a reader that is not there.

    Returns:
        slot -> probabilities (1 + words,), the first for 'not said'.
    """
    found = {}
    for slot, answers in ANSWERS.items():
        score = np.zeros(len(answers))
        score[0] = SILENCE
        if slot in listed:
            value, confidence = listed[slot]
            score[answers.index(value)] += LISTS[0] * (confidence - 0.5) + LISTS[1]
        for reader, weight in ((network, NETWORK), (sentences, SENTENCES)):
            if reader:
                score += weight * np.log(reader[slot] + FLOOR)
        score = np.exp(score - score.max())
        found[slot] = score / score.sum()
    return found
