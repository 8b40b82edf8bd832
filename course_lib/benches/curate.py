"""Data: planted faults found, copies found, 50,000 clips indexed, annotators seen through, text and clips in one space.

Without --train: everything on the shipped weights; some 8 CPU minutes. With --train: also trains the text-clip model and
ships it with its card, in some 3 CPU minutes more.
"""

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
from course_lib.curate.card import write_card
from course_lib.errors import CourseError
from course_lib.scenery.captions import caption
from course_lib.scenery.clips import Clips
from course_lib.scenery.vocabulary import combinations

CLIPS, COPIED = 50_000, 1_000
ROUNDS, STEPS = 8, 700


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
    yield from searching()
    yield from retrieval()


def cleaning():
    """Faults planted in two folders of 90 clips: recall and false alarms of each kind."""
    tables = []
    for seed in range(2):
        with tempfile.TemporaryDirectory(prefix="course-bench-") as scratch:
            planted = plant.plant(Path(scratch, "clips"), 90, seed=100 + seed)
            items = collect.collect(Path(scratch, "clips"))
        tables.append(clean.detection(clean.clean(items), planted, [item.file for item in items]))
    for fault in clean.FAULTS:
        there, found = (sum(table[fault][name] for table in tables) for name in ("planted", "found"))
        false = sum(table[fault]["false alarms"] for table in tables)
        sound = 2 * 90 - sum(table[kind]["planted"] for table in tables for kind in clean.FAULTS)
        yield row("faults planted", there, "clips", 2, 100, fault)
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


def copies(originals: int = 120, others: int = 1380, seed: int = 11):
    """Copies of 120 clips among 1,500, many of them of the same combination: recall and precision."""
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
    """A leaky split, a clean one, and the truth: means over five seeds, 60 films each."""
    sets = [(leak.cut_films(60, seed), leak.cut_films(60, 1000 + seed)) for seed in range(5)]
    for label in ("weather", "coin"):
        runs = [leak.accuracies(*both, label, seed) for seed, both in enumerate(sets)]
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
    seconds = time.process_time() - begin
    yield row("text-clip model: rendering and training", seconds, "CPU s", STEPS, 1)
    note = {"clips": len(clips), "steps": STEPS, "batch": 64, "seed": 0}
    fusion.save(model, fusion.weights_file(), note)
    scores = {language: _mean(runs) for language, runs in _draws(model, fusion).items()}
    write_card(fusion.weights_file(), model, note, seconds, scores, fusion.HELD_OUT)


def searching():
    """All near pairs of n clips, by index and by force: CPU seconds, the slopes of cost against size, equal results.

    Hashes drawn at random with 1,000 copies of up to eight turned bits; and of rendered moving shapes, the worst case:
    their grounds are all alike, so that their hashes crowd.
    """
    random = np.random.default_rng(0)
    drawn = random.integers(0, 2**64, CLIPS, dtype=np.uint64)
    drawn[-COPIED:] = drawn[:COPIED]
    for _ in range(8):
        drawn[-COPIED:] ^= np.uint64(1) << random.integers(0, 64, COPIED, dtype=np.uint64)
    shapes = Clips("shapes", "all", CLIPS, size=32, seed=3)
    parts = [hashing.clip_hashes(shapes.videos(range(k, min(k + 256, CLIPS)))) for k in range(0, CLIPS, 256)]
    true = np.stack([np.arange(COPIED), CLIPS - COPIED + np.arange(COPIED)], 1)
    for kind, hashes in (("drawn at random", drawn), ("moving shapes", np.concatenate(parts))):
        begin = time.process_time()
        pairs = duplicates.pairs_within(hashes)
        yield row(
            "50,000 clips: all near pairs found in", time.process_time() - begin, "CPU s", CLIPS, 0, kind
        )
        yield row("50,000 clips: near pairs", len(pairs), "pairs", CLIPS, 0, kind)
        if kind == "drawn at random":
            recall = duplicates.pair_scores(pairs, true)["recall"]
            yield row("50,000 clips: recall of planted copies", recall, "share", COPIED, 0, kind)
        begin = time.process_time()
        same = np.array_equal(pairs, duplicates.pairs_by_force(hashes))
        forced = time.process_time() - begin
        yield row(
            "50,000 clips: index and force find the same pairs", float(same), "yes or no", CLIPS, 0, kind
        )
        mixed = hashes[random.permutation(CLIPS)]
        for name, search in (("index", duplicates.pairs_within), ("force", duplicates.pairs_by_force)):
            costs = []
            for n in (3125, 6250, 12_500, 25_000, 50_000):
                begin, times = time.process_time(), 0
                while times == 0 or time.process_time() - begin < 0.2:  # small ones several times
                    if name == "force" and n == CLIPS:
                        break
                    search(mixed[:n])
                    times += 1
                cost = (time.process_time() - begin) / times if times else forced
                costs.append((n, cost))
                yield row(f"search by {name}", cost, "CPU s", n, 0, f"{kind}, {n} clips")
            sizes, seconds = np.log(costs).T
            slope = np.polyfit(sizes, seconds, 1)[0]
            yield row(f"search by {name}: slope, cost against size", slope, "log / log", len(costs), 0, kind)


def _draws(model, fusion) -> dict:
    """Five draws of clips and captions of the held-out combinations, by language."""
    rows, found = fusion.apart("scenery")[1], {"zh": [], "en": []}
    for seed in range(500, 505):
        videos = fusion.clips_of("scenery", rows, 1, seed).videos(range(len(rows)))
        for language, runs in found.items():
            runs.append(fusion.retrieval(model, "scenery", rows, seed=seed, language=language, videos=videos))
    return found


def _mean(runs) -> dict:
    return {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}


def retrieval():
    """The shipped text-clip model among 200 combinations that it never saw."""
    from course_lib.curate import fusion

    model = fusion.load()
    yield row("text-clip model: parameters", sum(p.numel() for p in model.parameters()), "numbers")
    yield row("text-clip model: file", fusion.weights_file().stat().st_size / 1e6, "MB")
    for language, runs in _draws(model, fusion).items():
        for name, value in _mean(runs).items():
            yield row(f"retrieval R@1: {name}", value, "share", 5, 500, language)
        times = _mean(runs)["text to clip"] / _mean(runs)["chance"]
        yield row("retrieval R@1, times chance", times, "times", 5, 500, language)
        yield row(
            "retrieval R@1, least of five", min(r["text to clip"] for r in runs), "share", 5, 500, language
        )
    yield from wrong_captions(model, fusion)


def wrong_captions(model, fusion):
    """A tenth of 500 captions belongs to another clip: how many are among the tenth that fits worst?"""
    clips = Clips("scenery", "validation", 500, seed=31)
    said = [clips.caption_of(k)[0] for k in range(500)]
    random = np.random.default_rng(31)
    swapped = random.permutation(500)[:50]
    given = list(said)
    for a, b in zip(swapped, np.roll(swapped, 1)):
        given[a] = said[b]
    fit = (model.text_space(given) * model.clip_space(clips.videos(range(500)))).sum(1)
    worst = np.argsort(fit)[:50]
    yield row("swapped captions among the worst tenth", np.isin(worst, swapped).mean(), "share", 50, 31)
