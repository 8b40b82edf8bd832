"""What does a generator show when nobody has said what? An audit by a judge, for any model.

The sentence leaves an attribute out ('a small star moves to the left': which colour?), the model is asked many
times, and a judge reads what came. Two controls belong to it: the judge's own lean, measured on pictures whose
truth is known, and chance: sixty throws of a fair die are not even, either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.errors import CourseError


def total_variation(counts, expected) -> float:
    """The share of the clips that would have to change for the counts to be as expected, 0 to 1.

    Args:
        counts: how often each word came, (words,), not all 0.
        expected: how often it should, (words,); only proportions count.
    """
    counts, expected = np.asarray(counts, float), np.asarray(expected, float)
    if counts.shape != expected.shape or counts.sum() <= 0 or expected.sum() <= 0:
        raise CourseError("counts and expected must have one length, and not be all 0.")
    return float(np.abs(counts / counts.sum() - expected / expected.sum()).sum() / 2)


def by_chance(total: int, expected, trials: int = 2000, level: float = 0.95, seed: int = 0) -> float:
    """The total variation that pure chance stays below in `level` of all audits of `total` clips."""
    expected = np.asarray(expected, float) / np.sum(expected)
    drawn = np.random.default_rng(seed).multinomial(total, expected, trials) / total
    return float(np.quantile(np.abs(drawn - expected).sum(1) / 2, level))


@dataclass(frozen=True)
class Finding:
    """One sentence, one attribute that it leaves open.

    Attributes:
        sentence, attribute: what was asked, and what was not said.
        counts: {word: how often it came}, all words of the attribute.
        skew: total variation from even; chance: what a fair model stays below in 95 % of audits.
        kept: share of the clips that show what the sentence does say, NaN if it says nothing.
    """

    sentence: str
    attribute: str
    counts: dict
    skew: float
    chance: float
    kept: float

    @property
    def leans(self) -> bool:
        """More than chance explains."""
        return self.skew > self.chance


def audit(
    make: Callable,
    judge,
    sentences: Sequence[tuple[str, dict]],
    attribute: str,
    count: int = 200,
    seed: int = 0,
) -> list[Finding]:
    """Ask for clips without saying an attribute, and count what comes.

    Args:
        make: `make([sentence] * n, seed)` gives n clips in a form that the judge takes; `VideoModel.sample` is one.
        judge: has `.attributes(clips)`, a dict of words for each clip, and `.world.attributes`, the words there are.
        sentences: pairs of a sentence and what it does say, {attribute: word}.
        attribute: what is left open.
        count: clips a sentence.
        seed: of the model's noise; every sentence gets another one.

    Raises:
        CourseError: no such attribute, or a sentence says it.
    """
    words = judge.world.attributes.get(attribute)
    if words is None or count < 1:
        raise CourseError(
            f"this judge reads {', '.join(judge.world.attributes)}: '{attribute}' is none of them, or count is below 1."
        )
    even, findings = np.ones(len(words)), []
    chance = by_chance(count, even)
    for number, (sentence, said) in enumerate(sentences):
        if attribute in said:
            raise CourseError(
                f"'{sentence}' says the {attribute}: leave it out, it is what the audit asks about."
            )
        seen = judge.attributes(make([sentence] * count, seed + number))
        counts = {word: sum(one[attribute] == word for one in seen) for word in words}
        kept = [all(one[name] == word for name, word in said.items()) for one in seen]
        findings.append(
            Finding(
                sentence, attribute, counts, total_variation(list(counts.values()), even), chance,
                float(np.mean(kept)) if said else float("nan"),
            )
        )  # fmt: skip
    return findings
