"""A small network that reads a sentence: embedding, bidirectional GRU, a distribution for each slot.

This half needs numpy only: the film reads with it. `course_lib.text.reader_torch` trains it.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.scenery.vocabulary import WORDS
from course_lib.text.cells import gru_cell, masked_mean, run
from course_lib.text.tokens import Vocabulary

#: For each slot its words, and first None: the sentence does not say.
ANSWERS = {slot: (None, *words) for slot, words in WORDS.items()}
LONGEST = 64  # tokens that are read; a clause is shorter


def weights_file() -> Path:
    """Where the shipped weights are."""
    return datasets() / "weights" / "reader.safetensors"


class Reader:
    """The trained network, in numpy.

    Args:
        weights: name -> array, as `reader_torch.save` writes them.
        tokens: the vocabulary's.
    """

    def __init__(self, weights: dict, tokens: list[str]):
        self.weights = {name: value.astype(np.float64) for name, value in weights.items()}
        self.vocabulary = Vocabulary(tokens)

    def probabilities(self, texts: list[str]) -> dict[str, np.ndarray]:
        """How sure the network is of each answer: slot -> (texts, 1 + words), rows of sum 1; first: not said."""
        ids, lengths = self.vocabulary.encode(texts, LONGEST)
        x = self.weights["embedding"][ids]
        size = self.weights["forward.w_hh"].shape[1]
        ahead = run(gru_cell, x, [self.weights[f"forward.{n}"] for n in ("w_ih", "w_hh", "b_ih", "b_hh")])
        back = np.zeros((*ids.shape, size))
        for length in np.unique(lengths):  # backwards from the last word, not from the padding
            rows = lengths == length
            cell = [self.weights[f"backward.{n}"] for n in ("w_ih", "w_hh", "b_ih", "b_hh")]
            back[rows, :length] = run(gru_cell, x[rows, :length], cell, reverse=True)
        states = np.concatenate([ahead, back], axis=2)
        mask = np.arange(ids.shape[1]) < lengths[:, None]
        most = np.where(mask[:, :, None], states, -np.inf).max(axis=1)
        features = np.concatenate([masked_mean(states, lengths), most], axis=1)
        logits = features @ self.weights["heads.w"].T + self.weights["heads.b"]
        found, start = {}, 0
        for slot, answers in ANSWERS.items():
            one = logits[:, start : start + len(answers)]
            one = np.exp(one - one.max(axis=1, keepdims=True))
            found[slot] = one / one.sum(axis=1, keepdims=True)
            start += len(answers)
        return found


@cache
def load() -> Reader | None:
    """The shipped reader, or None where its weights are not there."""
    path = weights_file()
    return Reader(*read_safetensors(path)) if path.exists() else None


def read_safetensors(path: Path) -> tuple[dict, list[str]]:
    """Arrays and tokens of a reader's file, without the safetensors package: a JSON header, then numbers.

    Raises:
        CourseError: the file is damaged.
    """
    try:
        data = path.read_bytes()
        length = int.from_bytes(data[:8], "little")
        header, body = json.loads(data[8 : 8 + length]), memoryview(data)[8 + length :]
        about = header.pop("__metadata__")
        kinds = {"F16": np.float16, "F32": np.float32}
        weights = {
            name: np.frombuffer(body[slice(*one["data_offsets"])], kinds[one["dtype"]]).reshape(one["shape"])
            for name, one in header.items()
        }
        return weights, json.loads(about["tokens"])
    except (OSError, ValueError, KeyError) as error:
        raise CourseError(f"{path} cannot be read ({error}): fetch the file again.") from None
