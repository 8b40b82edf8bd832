"""Reading sentences: the paraphrase set by method and language, how sure is right, what the small reader costs.

`--train` first trains the reader and the directions of the sentence embeddings anew (a few CPU minutes).
The test half of the paraphrases is read by nothing else in this project.
"""

import time

import numpy as np

from course_lib.text import combine, paraphrases, reader, sentences
from course_lib.text.practice import joined, practice
from course_lib.text.understand import LONGEST_READ, SLOTS, find, weigh
from course_lib.text.words import clean

SAID_FROM = 0.5
TRAINED_ON, JOINED, EPOCHS, REPEATS = 18_000, 6_000, 5, 3
NEAR_TRAINED_ON = 600


def measure(train: bool = False):
    """Rows for `course bench text`."""
    if train:
        yield from _train()
    for half in paraphrases.HALVES:
        for language in ("zh", "en"):
            pairs = paraphrases.load(half, language)
            texts, truths = [text for text, _ in pairs], [says for _, says in pairs]
            for method, read, _ in readings(texts):
                for metric, (right, of) in paraphrases.scores(truths, read).items():
                    low, high = paraphrases.interval(right, of)
                    variant = f"{half}, {language}, {method}"
                    base = {"unit": "share", "n": of, "variant": variant}
                    yield {"metric": metric, "value": right / of, **base}
                    yield {"metric": f"{metric}, at least", "value": low, **base}
                    yield {"metric": f"{metric}, at most", "value": high, **base}
    yield from _reliability()
    begin = time.process_time()
    for text in texts:
        reader.load().probabilities([text])
    yield {
        "metric": "a sentence, network",
        "value": 1000 * (time.process_time() - begin) / len(texts),
        "unit": "CPU ms",
        "n": len(texts),
    }


def readings(texts: list[str]):
    """(method, slots read, confidence of each) for every way of reading that is possible here."""
    texts = [clean(text) for text in texts]
    lists = [{slot: (one[2], one[0]) for slot, one in weigh(t, find(t)).items()} for t in texts]
    network = [reader.load().probabilities([text[:LONGEST_READ]]) for text in texts]
    network = [{slot: shares[0] for slot, shares in one.items()} for one in network]
    yield "word lists and jieba", *_said([combine.combine(one, None) for one in lists])
    yield "small network (GRU)", *_said(network)
    together = [combine.combine(a, b) for a, b in zip(lists, network)]
    if sentences.installed():
        near = sentences.probabilities(sentences.embed(texts))
        near = [{slot: shares[n] for slot, shares in near.items()} for n in range(len(texts))]
        yield "sentence embeddings", *_said(near)
    yield "lists and network (the film's)", *_said(together)
    if sentences.installed():
        yield (
            "all three",
            *_said([combine.combine(a, b, c) for a, b, c in zip(lists, network, near)]),
        )


def _said(found: list[dict]) -> tuple[list[dict], list[dict]]:
    """What counts as said (from `SAID_FROM` on), and every slot's answer with its probability."""
    read, sure = [], []
    for shares in found:
        best = {slot: int(shares[slot].argmax()) for slot in SLOTS}
        sure.append({slot: (reader.ANSWERS[slot][n], float(shares[slot][n])) for slot, n in best.items()})
        read.append({s: reader.ANSWERS[s][n] for s, n in best.items() if n and shares[s][n] >= SAID_FROM})
    return read, sure


def _reliability():
    """How often an answer is right, by how sure the reader was of it: on both halves together."""
    for half in paraphrases.HALVES:
        pairs = paraphrases.load(half)
        for method, _, sure in readings([text for text, _ in pairs]):
            points = [
                (confidence, value == says.get(slot))
                for (_, says), one in zip(pairs, sure)
                for slot, (value, confidence) in one.items()
            ]
            error = 0.0
            for low, high in ((0, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 0.97), (0.97, 1.01)):
                inside = [(c, r) for c, r in points if low <= c < high]
                if not inside:
                    continue
                base = {
                    "unit": "share",
                    "n": len(inside),
                    "variant": f"{half}, {method}, {low:g} to {min(high, 1):g}",
                }
                stated, right = np.mean([c for c, _ in inside]), np.mean([r for _, r in inside])
                error += len(inside) / len(points) * abs(stated - right)
                yield {"metric": "reliability: stated", "value": stated, **base}
                yield {"metric": "reliability: right", "value": right, **base}
            yield {
                "metric": "calibration error",
                "value": error,
                "unit": "share",
                "n": len(points),
                "variant": f"{half}, {method}",
            }


def practice_and_own(count: int, seed: int, repeats: int = 1, strung: int = 0) -> list[tuple[str, dict]]:
    """Practice sentences, and those written for development: as they are, and some strung together."""
    written = paraphrases.own() + paraphrases.load("development")
    return practice(count, seed) + repeats * written + joined(written, strung, seed)


def _train():
    import torch

    from course_lib.text import reader_torch

    torch.set_num_threads(1)
    begin = time.process_time()
    network = reader_torch.train(practice_and_own(TRAINED_ON, 0, REPEATS, JOINED), epochs=EPOCHS)
    reader_torch.save(network, reader.weights_file())
    reader.load.cache_clear()
    yield {
        "metric": "training the network",
        "value": time.process_time() - begin,
        "unit": "CPU s",
        "n": TRAINED_ON + JOINED,
        "seed": 0,
    }
    if sentences.installed():
        begin = time.process_time()
        sentences.save(sentences.fit(practice_and_own(NEAR_TRAINED_ON, 7)))
        yield {
            "metric": "training on embeddings",
            "value": time.process_time() - begin,
            "unit": "CPU s",
            "n": NEAR_TRAINED_ON,
            "seed": 7,
        }
