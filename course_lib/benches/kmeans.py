"""Our k-means beside scikit-learn's: inertia over ten seeds, CPU seconds, on real users and on made-up points.

Real users: KuaiRand's user features, from COURSE_DATA_DIR or an earlier download.
"""

import time

import numpy as np

from course_lib.data.named import fetch, folder
from course_lib.errors import CourseError
from course_lib.recommend.kmeans import KMeans, checked, lloyd, mini_batch, nearest

SEEDS = range(10)


def measure(train: bool = False):
    try:
        from sklearn.cluster import KMeans as Theirs
    except ImportError:
        raise CourseError("this bench compares with scikit-learn: pip install scikit-learn") from None
    users = kuairand_users()
    rng = np.random.default_rng(0)
    groups = rng.normal(size=(20, 20))[rng.integers(20, size=100_000)] * 1.5
    many = groups + rng.normal(size=(100_000, 20))
    for variant, points, k, starts in (
        (f"KuaiRand users {len(users):,}", users, 8, 10),
        ("100,000 x 20", many, 8, 3),
        ("100,000 x 20", many, 20, 3),
    ):
        yield from side_by_side(Theirs, f"{variant}, k = {k}", points, k, starts)
    yield from one_start(users)


def kuairand_users() -> np.ndarray:
    """Six columns of KuaiRand's users, counts as log(1 + n), standardised: (27,285, 6)."""
    import pandas

    place = folder("kuairand-pure") or fetch("kuairand-pure")
    table = pandas.read_csv(place / "user_features_pure.csv")
    counts = table[["follow_user_num", "fans_user_num", "friend_user_num", "register_days"]]
    flags = [table["is_live_streamer"] == 1, table["is_video_author"] == 1]
    points = np.column_stack([np.log1p(counts.clip(lower=0)), *flags]).astype(float)
    return (points - points.mean(0)) / points.std(0)


def side_by_side(theirs, variant, points, k, starts):
    """Ten seeds each: inertias relative to scikit-learn's, CPU seconds, the ratio within this run."""
    rows = []
    for seed in SEEDS:
        begin = time.process_time()
        own = KMeans(k, starts, seed).fit(points)
        middle = time.process_time()
        peer = theirs(k, n_init=starts, random_state=seed).fit(points)
        rows.append((own.inertia, peer.inertia_, middle - begin, time.process_time() - middle))
    ours, other, cost, cost_other = np.array(rows).T

    def row(metric, value, unit):
        return {"metric": metric, "value": value, "unit": unit, "n": len(rows), "seed": 0, "variant": variant}

    yield row("inertia, course, mean", ours.mean(), "")
    yield row("inertia, scikit-learn, mean", other.mean(), "")
    yield row("inertia, course - scikit-learn, mean", 100 * (ours.mean() / other.mean() - 1), "%")
    yield row("inertia, course - scikit-learn, best", 100 * (ours.min() / other.min() - 1), "%")
    yield row("inertia, course - scikit-learn, worst seed", 100 * (ours / other - 1).max(), "%")
    yield row("CPU, course", cost.mean(), "CPU s")
    yield row("CPU, scikit-learn", cost_other.mean(), "CPU s")
    yield row("CPU, course / scikit-learn", cost.mean() / cost_other.mean(), "times")


def one_start(points):
    """How much worse one random start is, and mini-batches, than ten k-means++ starts."""
    points = checked(points, 8)
    norms = np.einsum("nd,nd->n", points, points)
    best = KMeans(8, 10, 0).fit(points).inertia
    random, batches = [], []
    for seed in range(30):
        chosen = np.random.default_rng(seed).choice(len(points), 8, replace=False)
        random.append(lloyd(points, norms, points[chosen].copy(), 300, 0)[2][-1])
    begin = time.process_time()
    for seed in SEEDS:
        centres = mini_batch(points, 8, random_state=seed)
        batches.append(nearest(points, centres)[1].sum() + norms.sum())
    cost = (time.process_time() - begin) / len(batches)
    for metric, values, n in (
        ("one random start, worse by, median", np.median(random), 30),
        ("one random start, worse by, largest", np.max(random), 30),
        ("mini-batches, worse by, mean", np.mean(batches), len(batches)),
    ):
        yield {
            "metric": metric,
            "value": 100 * (values / best - 1),
            "unit": "%",
            "n": n,
            "seed": 0,
            "variant": "KuaiRand users",
        }
    yield {
        "metric": "mini-batches: CPU",
        "value": cost,
        "unit": "CPU s",
        "n": len(batches),
        "seed": 0,
        "variant": "KuaiRand users",
    }
