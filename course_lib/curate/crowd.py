"""Annotators who are not all alike: simulated, outvoted, and seen through.

A. P. Dawid and A. M. Skene, 'Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm', 1979:
estimate at the same time what is true and who makes which mistakes, from the labels alone.
"""

from dataclasses import dataclass

import numpy as np

from course_lib.curate.agreement import MISSING
from course_lib.errors import CourseError


def confusion(words: int, right: float, swaps: dict | None = None) -> np.ndarray:
    """How somebody labels: row t says what is answered where t is true, (words, words), rows sum to 1.

    Args:
        words: how many labels there are.
        right: chance of the right answer; what is wrong is spread evenly.
        swaps: {(true, said): chance} for habits; the chance is taken from the right answer.
    """
    table = np.full((words, words), (1 - right) / max(words - 1, 1))
    np.fill_diagonal(table, right)
    for (true, said), chance in (swaps or {}).items():
        table[true, true] -= chance
        table[true, said] += chance
    if (table < -1e-9).any():
        raise CourseError("these habits leave a chance below 0 for the right answer: make them rarer.")
    return table


def crew(words: int = 4) -> dict[str, np.ndarray]:
    """Five people as one meets them: a careful one, two in a hurry, one with a habit, one who does not look.

    Word 0 is clear weather, word 1 cloudy.
    """
    lazy = np.zeros((words, words))
    lazy[:, 0] = 1.0  # always the first button
    return {
        "careful": confusion(words, 0.93),
        "in a hurry": confusion(words, 0.70),
        "in a hurry, too": confusion(words, 0.66),
        "takes cloudy for clear": confusion(words, 0.88, {(1, 0): 0.65}),
        "always says clear": lazy,
    }


def simulate(truth, tables, share: float = 1.0, seed: int = 0) -> np.ndarray:
    """Labels that such people give: int64 (annotators, items), -1 where somebody was not asked.

    Args:
        truth: (items,).
        tables: one confusion table each.
        share: of the items that each person sees; at least one person sees each item.
        seed: of everything random.
    """
    random = np.random.default_rng([seed, 79])
    truth = np.asarray(truth)
    labels = np.stack(
        [(random.random(len(truth))[:, None] > table[truth].cumsum(1)[:, :-1]).sum(1) for table in tables]
    )
    asked = random.random(labels.shape) < share
    asked[random.integers(0, len(labels), labels.shape[1]), np.arange(labels.shape[1])] = True
    return np.where(asked, labels, MISSING)


def votes(labels, words: int) -> np.ndarray:
    """Share of the votes of each label, float64 (items, words): a first belief; even where nobody has voted."""
    counts = (labels[:, :, None] == np.arange(words)).sum(0).astype(float)
    return np.where(
        counts.sum(1, keepdims=True) > 0, counts / np.maximum(counts.sum(1, keepdims=True), 1), 1 / words
    )


def estimate_confusion(labels, belief):
    """How each annotator labels, given what is believed of each item: the M step.

    Args:
        labels: whole numbers (annotators, items), -1 where somebody did not say.
        belief: (items, words), the probability of each true label; rows sum to 1.

    Returns:
        (annotators, words, words): for each annotator, in row t, the share of each answer among the items that are t,
        every item counted by its belief. To each count .01 is added, so that nothing seen rarely becomes
        impossible.
    """
    words = belief.shape[1]
    said = labels[:, :, None] == np.arange(words)
    counts = np.einsum("it,ais->ats", belief, said) + 0.01
    return counts / counts.sum(2, keepdims=True)


def weigh_evidence(labels, prior, tables):
    """What to believe of each item, given how each annotator labels: the E step.

    Args:
        labels: whole numbers (annotators, items), -1 where somebody did not say.
        prior: (words,), how frequent each true label is.
        tables: (annotators, words, words); row t says what this annotator answers where t is true.

    Returns:
        (items, words), rows sum to 1: prior times the chance of all the answers that were given; who did not say
        counts nothing.
    """
    belief = np.tile(np.log(prior), (labels.shape[1], 1))
    for said, table in zip(labels, tables):
        there = said >= 0
        belief[there] += np.log(table[:, said[there]]).T
    belief = np.exp(belief - belief.max(axis=1, keepdims=True))
    return belief / belief.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Crowd:
    """Attributes: `belief` (items, words), `tables` (annotators, words, words), `prior` (words,), `steps` taken."""

    belief: np.ndarray
    tables: np.ndarray
    prior: np.ndarray
    steps: int


def dawid_skene(labels, words: int, steps: int = 100, tolerance: float = 1e-6) -> Crowd:
    """E and M steps in turns, from the votes, until the beliefs stay.

    Args:
        labels: (annotators, items), -1 for missing.
        words: how many labels there are.

    Raises:
        CourseError: labels out of range, or nobody has said anything.
    """
    labels = np.asarray(labels)
    if (
        labels.ndim != 2
        or labels.min(initial=0) < MISSING
        or labels.max(initial=-1) >= words
        or (labels < 0).all()
    ):
        raise CourseError(
            f"labels must be (annotators, items), from -1 (missing) to {words - 1}, some of them given."
        )
    belief = votes(labels, words)
    for taken in range(1, steps + 1):  # noqa: B007 - told to the caller
        tables = estimate_confusion(labels, belief)
        prior = (belief.sum(0) + 0.01) / (belief.sum() + 0.01 * words)
        before, belief = belief, weigh_evidence(labels, prior, tables)
        if np.abs(belief - before).max() < tolerance:
            break
    return Crowd(belief, tables, prior, taken)
