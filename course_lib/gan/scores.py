"""How good is a text-to-video generator? Five numbers, since each of them alone can be gamed (lesson 07).

The judge (`course_lib.gan.judge`) reads the generated clips; it has never seen a generator, and no generator is
trained with it.
"""

import warnings

import numpy as np

from course_lib.gan.judge import Judge, frechet_distance
from course_lib.gan.video_steps import distance
from course_lib.scenery.clips import Clips
from course_lib.scenery.clips_torch import to_tensor


def r_precision(scores):
    """How often does a clip fit its own caption better than any other?

    Args:
        scores: (n, n), how well clip i (row) fits caption j (column); caption i is clip i's own.

    Returns:
        The share of rows whose diagonal value is larger than all the others in the row.
    """
    others = scores.copy()
    np.fill_diagonal(others, -np.inf)
    return float((np.diag(scores) > others.max(1)).mean())


def fits(probabilities: dict, labels) -> np.ndarray:
    """How well each clip fits each caption: log-probabilities of the caption's words, summed over attributes.

    Args:
        probabilities: {attribute: (n, words)} by the judge.
        labels: int (m, attributes) of m captions.

    Returns:
        (n, m).
    """
    tables = [
        np.log(table[:, np.asarray(labels)[:, k]] + 1e-12) for k, table in enumerate(probabilities.values())
    ]
    return np.sum(tables, 0)


def diversity(one, other) -> float:
    """How different two clips of the same caption are: mean absolute difference after averaging 4x4 pixels.

    Args:
        one, other: float (n, 3, frames, height, width) in [-1, 1]; the i-th of both have the same caption.

    Returns:
        On a scale where black to white is 1.
    """
    return float(distance(one, other).mean()) / 2


def spread(one, other) -> float:
    """How far apart the features of two sets are, row by row: the mean Euclidean distance of (n, d) and (n, d)."""
    return float(np.linalg.norm(one - other, axis=1).mean())


def sharpness(clips) -> float:
    """Mean absolute difference of horizontal neighbours; black to white is 1."""
    return float((clips[..., 1:] - clips[..., :-1]).abs().mean()) / 2


def evaluate(
    model, judge: Judge, split: str, count: int = 1000, *, seed: int = 11, language: str = "both"
) -> dict:
    """All scores of a generator on one split.

    Args:
        model: has `.sample(texts, seed)` and `.size`, `.frames`, as `course_lib.gan.video.VideoModel`.
        split: "validation" (combinations that were trained on, new seeds) or "held-out".
        count: clips.
        seed: of the captions and of the noise.
        language: "zh", "en" or "both".

    Returns:
        The attributes' accuracies and "all"; "jfd", "floor" (the same distance between two sets of real clips that show
        the same things), "ratio" (it falls with `count`, see lesson 07) and "share of the spread", the
        distance less the floor, over the trace of the real clips' covariance: it hardly depends on `count`; "r_precision"; "diversity" and "real diversity";
        "feature diversity" and "real feature diversity", the mean distance of two clips of one caption in the judge's
        features; "sharpness" and "real sharpness"; "clips", how many.
    """
    name = judge.world.name
    size, frames = model.size, model.frames
    real = Clips(name, split, count, size=size, frames=frames, seed=seed, language=language)
    rows = range(count)
    truths = [real.truth_of(k) for k in rows]
    texts = [real.caption_of(k, 0)[0] for k in rows]
    labels = np.array([real.label_of(k) for k in rows])
    made = clips_of(model, texts, seed)
    few = min(count, 200)
    second = clips_of(model, texts[:few], seed + 1)
    # The same things, filmed twice: what no generator can beat.
    true, twin = (to_tensor(rendered(real, truths, first)) for first in (10_000_019, 20_000_003))
    a, b, c = judge.describe(made), judge.describe(true), judge.describe(twin)
    jfd, floor = frechet_distance(a, b), frechet_distance(b, c)
    distinct = one_of_each(labels)[:100]
    table = {k: v[distinct] for k, v in judge.probabilities(made).items()}
    return {
        **judge.accuracy(made, labels),
        "jfd": jfd, "floor": floor, "ratio": jfd / floor, "share of the spread": (jfd - floor) / float(np.cov(b.T).trace()),
        "r_precision": r_precision(fits(table, labels[distinct])),
        "diversity": diversity(made[:few], second), "real diversity": diversity(true[:few], twin[:few]),
        "feature diversity": spread(a[:few], judge.describe(second)), "real feature diversity": spread(b[:few], c[:few]),
        "sharpness": sharpness(made), "real sharpness": sharpness(true),
        "clips": count,
    }  # fmt: skip


def clips_of(model, texts: list, seed: int):
    """Samples, without remarks on single words: a young generator's vocabulary may be small, and the score shows it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.sample(texts, seed)


def accuracies(
    model, judge: Judge, split: str, count: int, *, seed: int = 11, language: str = "both"
) -> dict:
    """Only the attributes' accuracies and "all"; quick enough to be asked for during a training."""
    real = Clips(
        judge.world.name, split, count, size=model.size, frames=model.frames, seed=seed, language=language
    )
    texts = [real.caption_of(k, 0)[0] for k in range(count)]
    found = judge.accuracy(clips_of(model, texts, seed), [real.label_of(k) for k in range(count)])
    return {name: round(value, 4) for name, value in found.items()}


def one_of_each(labels) -> np.ndarray:
    """Numbers of items no two of which have the same labels."""
    _, first = np.unique(np.asarray(labels), axis=0, return_index=True)
    return np.sort(first)


def rendered(clips: Clips, truths: list, first: int) -> np.ndarray:
    """Clips of these truths, with seeds that no split uses: uint8 (n, frames, height, width, 3)."""
    from course_lib.scenery import shapes
    from course_lib.scenery.render import render

    seeds = range(first, first + len(truths))
    if clips.name == "shapes":
        return shapes.render_batch(truths, clips.frames, clips.size, seeds)
    return np.stack([render(t, clips.frames, clips.size, s) for t, s in zip(truths, seeds)])
