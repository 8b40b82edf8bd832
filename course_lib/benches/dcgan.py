"""Convolution four ways; checkerboards with and without their cause; the shipped DCGAN and the judge that scores it.

Without --train: speeds, six short trainings (two generators, three seeds), scores of the shipped weights. With --train:
first measures the features of real stills and trains the shipped weights, about 8 CPU minutes on one thread.
"""

import os
import statistics
import time

import numpy as np

SEEDS = range(3)
SHORT = 40  # steps of the comparison of generators: it is about the pattern they start with
EARLY, LATE = 100, 1000  # steps at which the shipped run was kept
MANY = 500  # pictures of a score
CLIPS = 5000  # clips of 8 frames that it learns from


def measure(train: bool = False):
    """Rows for `course bench dcgan`."""
    os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import torch

    torch.set_num_threads(1)
    yield from convolutions()
    if train:
        yield from training()
    yield from instrument()
    yield from shipped()
    yield from generators()


def row(metric, value, unit, n=1, seed=0, variant=""):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": seed, "variant": variant}


def convolutions():
    """CPU time of the same convolution: 32 x 32 x 16, kernels 3 x 3 to 32 channels, one thread, one picture."""
    import torch

    from course_lib.gan import convolution, dcgan_tf

    chance = np.random.default_rng(0)
    picture, kernels = chance.normal(size=(32, 32, 16)), chance.normal(size=(3, 3, 16, 32))
    in_torch = torch.tensor(picture.transpose(2, 0, 1)[None]), torch.tensor(kernels.transpose(3, 2, 0, 1))
    ways = {
        "loops": lambda: convolution.conv2d(picture, kernels, 1, 1),
        "windows": lambda: convolution.conv2d_windows(picture, kernels, 1, 1),
        "torch": lambda: torch.nn.functional.conv2d(*in_torch, padding=1),
        "tensorflow": dcgan_tf.library_convolution(picture, kernels),
    }
    spent = {}
    for name, way in ways.items():
        way()
        best = float("inf")
        for _ in range(5):  # the fastest of five: the others were disturbed
            begin, turns = time.process_time(), 0
            while time.process_time() - begin < 0.2:
                way()
                turns += 1
            best = min(best, (time.process_time() - begin) / turns)
        spent[name] = best
        yield row("a convolution", 1e3 * best, "CPU ms", 5, 0, name)
    for name in ways:
        yield row("times as fast as loops", spent["loops"] / spent[name], "times", 5, 0, name)


def training():
    """The shipped run: batches of 64 stills, seed 0, kept at `EARLY` and `LATE` steps."""
    from course_lib.gan import stills, training_tf

    begin = time.process_time()
    stills.write_reference()
    yield row("features of 5,000 real stills", time.process_time() - begin, "CPU s", 5000, 21)
    pictures, _ = stills.frames("train", CLIPS)
    trained, kept = training_tf.players(0), {}
    for stage, step in (("early", EARLY), ("late", LATE)):
        training_tf.fit(trained, pictures, "6 h", steps=step)
        kept[stage] = {"arrays": trained.arrays(), "step": trained.step, "seconds": trained.seconds}
    training_tf.ship(kept, clips=CLIPS, batch=64, seed=0, rate=training_tf.RATE)
    yield row("the shipped run", trained.seconds, "CPU s", LATE, 0)


def instrument():
    """What the judge reads in real stills, and the distance between real and real."""
    from course_lib.gan import stills
    from course_lib.gan.convolution import unevenness

    pictures, labels = stills.frames("validation", 1000, each=1, seed=31)
    for name, share in stills.accuracy(pictures, labels).items():
        yield row(f"judge on real stills: {name}", share, "accuracy", len(pictures), 31)
    found = [stills.score(pictures[k : k + MANY]) for k in range(0, len(pictures), MANY)]
    yield from score_rows(found, f"real stills, {MANY}", 31)
    yield row("unevenness", unevenness(stills.to_float(pictures)), "times", len(pictures), 31, "real stills")


def score_rows(found, variant, seed):
    """Means over several sets of pictures, and the range of the distances."""
    far, n = [one.frechet for one in found], len(found)
    yield row("Fréchet distance", statistics.mean(far), "", n, seed, variant)
    yield row("Fréchet distance, least", min(far), "", n, seed, variant)
    yield row("Fréchet distance, most", max(far), "", n, seed, variant)
    yield row("judge is sure", statistics.mean(one.sure for one in found), "share", n, seed, variant)
    yield row(
        "combinations seen", statistics.mean(one.combinations for one in found), "of 112", n, seed, variant
    )


def shipped():
    """The shipped weights at both stages, three draws of noise each."""
    from course_lib.gan import stills, training_tf

    yield row("the shipped file", training_tf.weights_file().stat().st_size / 1e6, "MB")
    for stage in ("early", "late"):
        players = training_tf.load(stage)
        yield row("steps", players.step, "steps", 1, 0, stage)
        yield row("training", players.seconds, "CPU s", 1, 0, stage)
        found = [stills.score(players.sample(MANY, seed=seed)) for seed in range(3)]
        yield from score_rows(found, f"{stage}, {MANY}", 0)


def generators():
    """Upsampling against transposed convolution: untrained, and after the same short training."""
    from course_lib.gan import dcgan_tf, stills, training_tf
    from course_lib.gan.convolution import unevenness

    pictures, _ = stills.frames("train", 200)
    for name, make in (
        ("upsampling", dcgan_tf.make_generator),
        ("transposed", dcgan_tf.make_transposed_generator),
    ):
        before, after, found, spent = [], [], [], []
        for seed in SEEDS:
            players = training_tf.players(seed, make_generator=make)
            before.append(unevenness(players.sample(200)))
            training_tf.fit(players, pictures, "1 h", steps=SHORT, seed=seed)
            made = players.sample(MANY)
            after.append(unevenness(made))
            found.append(stills.score(made))
            spent.append(players.seconds)
        for when, values in (("untrained", before), (f"{SHORT} steps", after)):
            yield row("unevenness", statistics.mean(values), "times", len(SEEDS), 0, f"{name}, {when}")
            yield row("unevenness, least", min(values), "times", len(SEEDS), 0, f"{name}, {when}")
            yield row("unevenness, most", max(values), "times", len(SEEDS), 0, f"{name}, {when}")
        yield from score_rows(found, f"{name}, {SHORT} steps", 0)
        yield row("training", statistics.mean(spent), "CPU s", len(SEEDS), 0, f"{name}, {SHORT} steps")
