"""The frozen paraphrase set: 200 sentences by someone who never saw the word lists. See `datasets/paraphrases.md`.

The test half is for the bench alone. Nothing is tuned on it.
"""

import csv
import math
from collections.abc import Sequence

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.text.understand import SLOTS

HALVES = ("development", "test")


def load(half: str, language: str | None = None) -> list[tuple[str, dict]]:
    """Sentences of one half with what they say.

    Args:
        half: 'development' or 'test'.
        language: 'zh', 'en' or None for both.

    Returns:
        (sentence, {slot: value}); a slot that the sentence does not speak of is missing.
    """
    if half not in HALVES:
        raise CourseError(f"there is no half '{half}'; choose from {', '.join(HALVES)}.")
    return _rows(datasets() / "paraphrases.tsv", language, half)


def own(language: str | None = None) -> list[tuple[str, dict]]:
    """Sentences of our own (`datasets/reader/`), by people who know the lists; for fitting, not for measuring."""
    return _rows(datasets() / "reader" / "sentences.tsv", language, None)


def _rows(path, language, half) -> list[tuple[str, dict]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        (row["sentence"], {slot: row[slot] for slot in SLOTS if row[slot]})
        for row in rows
        if (half is None or row["half"] == half) and language in (None, row["language"])
    ]


def scores(truths: Sequence[dict], read: Sequence[dict]) -> dict[str, tuple[int, int]]:
    """(right, of how many) of a reader.

    Each slot: over all sentences, where silence about what is not said is right, too. 'place, where said':
    over those that name one. 'all that is said': every slot that the sentence speaks of is right. 'exact': that,
    and nothing is invented.
    """
    pairs = list(zip(truths, read, strict=True))
    found = {slot: (sum(t.get(slot) == r.get(slot) for t, r in pairs), len(pairs)) for slot in SLOTS}
    found["place, where said"] = (
        sum(t["place"] == r.get("place") for t, r in pairs if "place" in t),
        sum("place" in t for t, _ in pairs),
    )
    found["all that is said"] = (sum(all(r.get(s) == v for s, v in t.items()) for t, r in pairs), len(pairs))
    found["exact"] = (sum(all(t.get(s) == r.get(s) for s in SLOTS) for t, r in pairs), len(pairs))
    return found


def interval(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval for a share: between which limits the true one lies, 95 times in 100."""
    if of == 0:
        return 0.0, 1.0
    share, width = right / of, z * z / of
    middle = (share + width / 2) / (1 + width)
    half = z * math.sqrt(share * (1 - share) / of + width / (4 * of)) / (1 + width)
    return max(0.0, middle - half), min(1.0, middle + half)
