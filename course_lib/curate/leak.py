"""How much a leaky split flatters: pieces of the same films on both sides, and a model that only remembers."""

from dataclasses import dataclass

import numpy as np

from course_lib.curate.splits import grouped_split, nearest_label, random_split
from course_lib.scenery import render
from course_lib.scenery.vocabulary import WEATHERS, combinations

PIECES, LENGTH, SIZE = 6, 4, 32


@dataclass(frozen=True)
class Pieces:
    """Films cut into pieces, as uploaders do.

    Attributes:
        features: what the model sees, the mean picture of a piece, float32 (n, 768).
        source: which film, int64 (n,).
        weather: a label that can be seen, int64 (n,); coin: one that cannot, tossed for each film, int64 (n,).
        pictures: uint8 (n, 32, 32, 3), the middle frame of each piece.
    """

    features: np.ndarray
    source: np.ndarray
    weather: np.ndarray
    coin: np.ndarray
    pictures: np.ndarray


def cut_films(films: int = 100, seed: int = 0) -> Pieces:
    """Films of the captioned world, each cut into six pieces of four frames."""
    random = np.random.default_rng([seed, 31])
    rows = combinations()
    features, pictures, weather = [], [], []
    for _ in range(films):
        truth = rows[int(random.integers(len(rows)))]
        film = render(truth, PIECES * LENGTH, SIZE, int(random.integers(2**31)))
        pieces = film.reshape(PIECES, LENGTH, SIZE, SIZE, 3)
        mean = pieces.mean(1, dtype=np.float32).reshape(PIECES, 16, 2, 16, 2, 3).mean((2, 4))
        features.append(mean.reshape(PIECES, -1) / 255)
        pictures.append(pieces[:, LENGTH // 2])
        weather += [WEATHERS.index(truth["weather"])] * PIECES
    source = np.repeat(np.arange(films), PIECES)
    coin = random.integers(0, 2, films)[source]
    return Pieces(np.concatenate(features), source, np.array(weather), coin, np.concatenate(pictures))


def accuracies(pieces: Pieces, fresh: Pieces, label: str, seed: int = 0) -> dict[str, float]:
    """Accuracy of the nearest neighbour by three tests, each with a quarter of the pieces held out.

    Args:
        label: "weather" or "coin".
        fresh: other films, with which the truth is found: the model that has learnt from the training part of
            the grouped split meets them after it was released.

    Returns:
        {"pieces drawn at random", "whole films held out", "new films"}.
    """
    known = getattr(pieces, label)
    by_piece = random_split(len(known), 0.25, seed)
    order = np.random.default_rng([seed, 2]).permutation(pieces.source.max() + 1)
    by_film = grouped_split(pieces.source, 0.25, order)

    def score(test, features, labels):
        return float((nearest_label(pieces.features[~test], known[~test], features) == labels).mean())

    return {
        "pieces drawn at random": score(by_piece, pieces.features[by_piece], known[by_piece]),
        "whole films held out": score(by_film, pieces.features[by_film], known[by_film]),
        "new films": score(by_film, fresh.features, getattr(fresh, label)),
    }
