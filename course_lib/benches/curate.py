"""Data: planted faults found, copies found, 50,000 clips indexed, annotators seen through, text and clips in one space.

Without --train: everything on the shipped weights and the shipped hashes. With --train: renders and hashes the 50,000
clips, trains the text-clip model, and ships both; about 40 CPU minutes.
"""

import os
import tempfile
import time
from pathlib import Path

import numpy as np

from course_lib.curate import (
    agreement,
    clean,
    collect,
    crowd,
    duplicates,
    hashing,
    leak,
    media,
    mojibake,
    plant,
)
from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.scenery.captions import caption
from course_lib.scenery.clips import Clips
from course_lib.scenery.vocabulary import combinations

HASHES = ("hashes", "scenery.npy")
CLIPS, COPIED = 50_000, 1_000
ROUNDS, STEPS = 22, 3000


def row(metric, value, unit, n=1, seed=0, variant=""):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": seed, "variant": variant}


def measure(train: bool = False):
    """Rows for `course bench curate`."""
    try:
        import krippendorff  # noqa: F401
        import sklearn  # noqa: F401
    except ImportError as error:
        raise CourseError(
            f"this bench compares with {error.name}: pip install scikit-learn krippendorff"
        ) from None
    import torch

    torch.set_num_threads(1)
    yield from cleaning()
    yield from captions()
    yield from copies()
    yield from peers()
    yield from annotators()
    yield from leakage()
    if train:
        yield from training()
        yield from hash_many()
    yield from searching()
    yield from retrieval()


def cleaning():
    """Faults planted in three folders of 120 clips: recall and false alarms of each kind."""
    tables = []
    for seed in range(3):
        with tempfile.TemporaryDirectory(prefix="course-bench-") as scratch:
            planted = plant.plant(Path(scratch, "clips"), 120, seed=100 + seed)
            items = collect.collect(Path(scratch, "clips"))
        tables.append(clean.detection(clean.clean(items), planted, [item.file for item in items]))
    for fault in clean.FAULTS:
        there, found = (sum(table[fault][name] for table in tables) for name in ("planted", "found"))
        false = sum(table[fault]["false alarms"] for table in tables)
        sound = 3 * 120 - sum(table[kind]["planted"] for table in tables for kind in clean.FAULTS)
        yield row("faults planted", there, "clips", 3, 100, fault)
        yield row("faults found, recall", found / there, "share", there, 100, fault)
        yield row("false alarms among sound clips", false / sound, "share", sound, 100, fault)


def captions():
    """Chinese captions of every combination, misread in five ways: found, mended; and right captions taken for wrong."""
    rows = combinations()
    chinese = [caption(one, "zh", k) for k, one in enumerate(rows)]
    right = chinese + [caption(one, "en", k) for k, one in enumerate(rows)]
    for how in mojibake.MISREADINGS:
        spoiled = [mojibake.misread(text, how) for text in chinese]
        yield row(
            "misread captions found",
            np.mean([mojibake.garbled(t) for t in spoiled]),
            "share",
            len(rows),
            0,
            how,
        )
        mended = np.mean([mojibake.repaired(a) == b for a, b in zip(spoiled, chinese)])
        yield row("misread captions mended", mended, "share", len(rows), 0, how)
    yield row(
        "right captions taken for wrong", np.mean([mojibake.garbled(t) for t in right]), "share", len(right)
    )


def copies(originals: int = 300, others: int = 2700, seed: int = 11):
    """Copies of 300 clips among 3,000, many of them of the same combination: recall and precision."""
    big = Clips("scenery", "all", originals, size=64, seed=seed)
    rest = Clips("scenery", "all", others, size=32, seed=seed + 1)
    with tempfile.TemporaryDirectory(prefix="course-bench-") as scratch:
        films = [big.video_of(k) for k in range(originals)]
        own = np.stack([_eight(media.copied(film, "original", scratch)) for film in films])
        pool = np.concatenate([own, rest.videos(range(others))])
        variants = {how: np.stack([_eight(media.copied(film, how, scratch)) for film in films])
                    for how in media.COPIES if how != "original"}  # fmt: skip
    for how, made in variants.items():
        clips = np.concatenate([pool, made])
        true = np.stack([np.arange(originals), len(pool) + np.arange(originals)], 1)
        hashes, fine = hashing.clip_hashes(clips), hashing.details(clips)
        pairs = duplicates.pairs_within(hashes)
        simple = np.array(
            [hashing.difference_hash(small) for small in hashing.small_grey(clips, 1, 8, 9)[:, 0]]
        )
        simple = simple.view(">u8").astype(np.uint64).ravel()
        for name, found in (
            ("hash and look", duplicates.confirmed(pairs, fine)),
            ("hash alone", pairs),
            ("difference hash of one frame", duplicates.pairs_within(simple)),
        ):
            score = duplicates.pair_scores(found, true)
            yield row(f"copies, recall: {name}", score["recall"], "share", originals, seed, how)
            yield row(f"copies, precision: {name}", score["precision"], "share", score["found"], seed, how)


def _eight(frames):
    return frames[np.linspace(0, len(frames) - 1, 8).round().astype(int)]


def peers():
    """Our coefficients beside the libraries', on 200 random sets of labels: the largest difference."""
    import krippendorff
    from sklearn.metrics import cohen_kappa_score

    kappa, alpha = [], []
    for seed in range(200):
        random = np.random.default_rng([seed, 9])
        truth = random.integers(0, 4, 40)
        labels = crowd.simulate(
            truth, [crowd.confusion(4, random.uniform(0.3, 0.95)) for _ in range(4)], 0.8, seed
        )
        whole = crowd.simulate(truth, [crowd.confusion(4, 0.6)] * 2, 1.0, seed)
        kappa.append(abs(agreement.cohen_kappa(*whole) - cohen_kappa_score(*whole)))
        theirs = krippendorff.alpha(np.where(labels < 0, np.nan, labels), level_of_measurement="nominal")
        alpha.append(abs(agreement.krippendorff_alpha(labels) - theirs))
    yield row("Cohen's kappa, largest difference", max(kappa), "", 200, 0, "scikit-learn")
    yield row("Krippendorff's alpha, largest difference", max(alpha), "", 200, 0, "krippendorff")


def annotators():
    """The crew of five over 20 seeds: the vote, Dawid and Skene, and how well each person's habits are found."""
    tables = np.array(list(crowd.crew().values()))
    for items in (30, 100, 300, 1000, 3000):
        found = []
        for seed in range(20):
            truth = np.random.default_rng([seed, 4]).choice(4, items, p=[0.4, 0.3, 0.2, 0.1])
            labels = crowd.simulate(truth, tables, 0.8, seed)
            model = crowd.dawid_skene(labels, 4)
            voted = crowd.votes(labels, 4).argmax(1) == truth
            found.append(
                (voted.mean(), (model.belief.argmax(1) == truth).mean(), np.abs(model.tables - tables).mean())
            )
        for name, values in zip(
            ("vote, right", "Dawid and Skene, right", "habits, mean error"), np.array(found).T
        ):
            yield row(f"annotators: {name}", values.mean(), "share", 20, 0, f"{items} clips")
        worse = np.mean([b < a for a, b, _ in found])
        yield row("annotators: Dawid and Skene worse than the vote", worse, "share", 20, 0, f"{items} clips")


def leakage():
    """A leaky split, a clean one, and the truth: means over five seeds."""
    for label in ("weather", "coin"):
        runs = [
            leak.accuracies(leak.cut_films(100, s), leak.cut_films(100, 1000 + s), label, s) for s in range(5)
        ]
        for test in runs[0]:
            yield row(f"accuracy, {label}", np.mean([run[test] for run in runs]), "share", 5, 0, test)


def training():
    """Train the text-clip model as shipped, and ship it."""
    from course_lib.curate import fusion

    begin = time.process_time()
    clips = fusion.clips_of("scenery", fusion.apart("scenery")[0], ROUNDS, seed=1)

    def report(step, loss, seconds, model):
        if step % 500 == 0:
            print(f"  step {step} loss {loss:.3f} at {seconds:.0f} CPU s", flush=True)

    model = fusion.train(clips, steps=STEPS, report=report)
    yield row("text-clip model: rendering and training", time.process_time() - begin, "CPU s", STEPS, 1)
    fusion.save(model, fusion.weights_file(), {"clips": len(clips), "steps": STEPS, "batch": 64, "seed": 0})


def hash_many():
    """Hash 49,000 different clips and copies of 1,000 of them; ship the hashes, judge the pairs by a closer look."""
    begin = time.process_time()
    hashes, fine = [], []

    def take(clips):
        hashes.append(hashing.clip_hashes(clips))
        fine.append(hashing.details(clips).astype(np.float16))

    big, ways = Clips("scenery", "all", COPIED, size=64, seed=21), list(media.COPIES)[1:]
    with tempfile.TemporaryDirectory(prefix="course-bench-") as scratch:
        films = [big.video_of(k) for k in range(COPIED)]
        take(np.stack([_eight(media.copied(film, "original", scratch)) for film in films]))
        rest = Clips("scenery", "all", CLIPS - 2 * COPIED, size=32, seed=22)
        for start in range(0, len(rest), 500):
            take(rest.videos(range(start, min(start + 500, len(rest)))))
        last = [_eight(media.copied(film, ways[k % len(ways)], scratch)) for k, film in enumerate(films)]
        take(np.stack(last))
    yield row("rendering and hashing 50,000 clips", time.process_time() - begin, "CPU s", CLIPS, 21)
    hashes, fine = np.concatenate(hashes), np.concatenate(fine)
    target = datasets(*HASHES)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with part.open("wb") as handle:
        np.save(handle, hashes)
    os.replace(part, target)
    pairs = duplicates.pairs_within(hashes)
    for name, found in (("hash alone", pairs), ("hash and look", duplicates.confirmed(pairs, fine))):
        score = duplicates.pair_scores(found, true_copies())
        yield row(f"among 50,000, recall: {name}", score["recall"], "share", COPIED, 21)
        yield row(f"among 50,000, precision: {name}", score["precision"], "share", score["found"], 21)


def true_copies() -> np.ndarray:
    """The pairs that were planted in the shipped hashes: (1,000, 2)."""
    return np.stack([np.arange(COPIED), CLIPS - COPIED + np.arange(COPIED)], 1)


def searching():
    """All near pairs of n clips, by index and by force: CPU seconds, the slopes of cost against size, equal results."""
    hashes = np.load(datasets(*HASHES))
    mixed = hashes[np.random.default_rng(0).permutation(len(hashes))]
    begin = time.process_time()
    pairs = duplicates.pairs_within(hashes)
    yield row("50,000 clips: all near pairs found in", time.process_time() - begin, "CPU s", CLIPS, 21)
    yield row("50,000 clips: near pairs", len(pairs), "pairs", CLIPS, 21)
    yield row("50,000 clips: recall of planted copies", duplicates.pair_scores(pairs, true_copies())["recall"], "share", COPIED, 21)  # fmt: skip
    same = np.array_equal(pairs, duplicates.pairs_by_force(hashes))
    yield row("50,000 clips: index and force find the same pairs", float(same), "yes or no", CLIPS, 21)
    for name, search in (("index", duplicates.pairs_within), ("force", duplicates.pairs_by_force)):
        costs = []
        for n in (1562, 3125, 6250, 12_500, 25_000, 50_000):
            begin, times = time.process_time(), 0
            while time.process_time() - begin < 0.3:  # small ones several times
                search(mixed[:n])
                times += 1
            costs.append((n, (time.process_time() - begin) / times))
            yield row(f"search by {name}", costs[-1][1], "CPU s", n, 0, f"{n} clips")
        sizes, seconds = np.log(costs).T
        yield row(
            f"search by {name}: slope, cost against size", np.polyfit(sizes, seconds, 1)[0], "log / log", 6
        )


def retrieval():
    """The shipped text-clip model among 200 combinations that it never saw: five draws of clips and captions."""
    from course_lib.curate import fusion

    model, rows = fusion.load(), fusion.apart("scenery")[1]
    yield row("text-clip model: parameters", sum(p.numel() for p in model.parameters()), "numbers")
    yield row("text-clip model: file", fusion.weights_file().stat().st_size / 1e6, "MB")
    for language in ("zh", "en"):
        runs = [fusion.retrieval(model, "scenery", rows, seed=500 + s, language=language) for s in range(5)]
        for name in runs[0]:
            values = [run[name] for run in runs]
            yield row(f"retrieval R@1: {name}", np.mean(values), "share", 5, 500, language)
        yield row("retrieval R@1, times chance", np.mean([r["text to clip"] for r in runs]) * len(rows), "times", 5, 500, language)  # fmt: skip
        yield row(
            "retrieval R@1, least of five", min(r["text to clip"] for r in runs), "share", 5, 500, language
        )
    yield from wrong_captions(model, fusion)


def wrong_captions(model, fusion):
    """A tenth of 1,000 captions belongs to another clip: how many are among the tenth that fits worst?"""
    clips = Clips("scenery", "validation", 1000, seed=31)
    said = [clips.caption_of(k)[0] for k in range(1000)]
    random = np.random.default_rng(31)
    swapped = random.permutation(1000)[:100]
    given = list(said)
    for a, b in zip(swapped, np.roll(swapped, 1)):
        given[a] = said[b]
    fit = (model.text_space(given) * model.clip_space(clips.videos(range(1000)))).sum(1)
    worst = np.argsort(fit)[:100]
    yield row("swapped captions among the worst tenth", np.isin(worst, swapped).mean(), "share", 100, 31)
