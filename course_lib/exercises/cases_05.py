"""Cases of lesson 05."""

import itertools

import numpy as np

WORDS = [
    "湖面",
    "黎明",
    "雪山",
    "下雨",
    "镜头",
    "慢慢",
    "拉近",
    "天空",
    "多云",
    "海边",
    "城市",
    "夜里",
    "café",
    "naïve",
    "Zürich",
]


def texts(rng):
    """Right ones, plain ASCII, and each kind of misreading; short and long."""
    right = "".join(rng.choice(WORDS[:12], 4)) + "，很美。"
    # signs that Windows-1252 has and Latin-1 lacks
    kept = ["Zürich – Genève", "it’s snowing", "l’été au lac"]
    odd = [w for w in itertools.islice(_even(rng), 2)]
    return [
        {"text": "café".encode().decode("latin-1")},
        {"text": right.encode().decode("latin-1")},
        {"text": str(rng.choice(kept)).encode().decode("cp1252")},
        {"text": odd[0].encode().decode("gbk")},
        {"text": odd[1].encode().decode("gbk") + " ok"},
        {"text": right},
        {"text": "A calm lake at dawn, seen from the left."},
        {"text": f"{rng.choice(WORDS[12:])} au lait"},
        {"text": ""},
        {"text": "\ufffd" + right},
    ]


def _even(rng):
    """Chinese phrases whose UTF-8 bytes can all be read as GBK."""
    while True:
        text = "".join(rng.choice(WORDS[:12], 3))
        try:
            text.encode().decode("gbk")
        except UnicodeError:
            continue
        yield text


def pictures(rng):
    """Whole levels, so that equal neighbours occur; pictures of other shapes; a flat one."""
    return [
        {"grey": np.array([[1, 5, 3, 3, 9, 8, 7, 8, 9.0]])},
        {"grey": np.full((8, 9), 7.0)},
        {"grey": rng.integers(0, 6, (8, 9)).astype(float)},
        {"grey": rng.uniform(0, 255, (8, 9))},
        {"grey": rng.integers(0, 9, (4, 5)).astype(float)},
    ]


def packed(rng):
    """One pair, many with many by broadcasting, rows with rows."""
    few = np.array([[0b00000001, 255]], np.uint8), np.array([[0b00000010, 255]], np.uint8)
    a, b = rng.integers(0, 256, (5, 8), dtype=np.uint8), rng.integers(0, 256, (5, 8), dtype=np.uint8)
    return [
        {"a": few[0], "b": few[1]},
        {"a": a[0], "b": b[0]},
        {"a": a, "b": b},
        {"a": a[:, None], "b": b[None, :3]},
        {"a": a, "b": a},
    ]


def bit_rows(rng):
    """Rows of which some agree in a band, some in the same values at another band, some in none; copies."""
    few = np.array([[0, 0, 1, 1], [0, 0, 0, 1], [1, 1, 0, 0], [1, 0, 0, 1]], np.uint8)
    cases = [{"bits": few, "bands": 2}, {"bits": np.eye(3, dtype=np.uint8), "bands": 1}]
    for n, b, bands in ((8, 12, 3), (12, 10, 3), (20, 16, 4)):
        bits = rng.integers(0, 2, (n, b), dtype=np.uint8)
        bits[3] = bits[1]
        bits[4] = bits[1] ^ (np.arange(b) == 0)
        cases.append({"bits": bits, "bands": bands})
    # a length that cannot be cut evenly; the left over column belongs to the first band
    uneven = rng.integers(0, 2, (9, 7), dtype=np.uint8)
    uneven[5] = uneven[2] ^ np.array([1, 0, 1, 0, 0, 0, 1], np.uint8)
    return [*cases, {"bits": uneven, "bands": 3}]


def two_annotators(rng):
    """The textbook's table, chance, full agreement, opposite, different numbers of words, one word only."""
    a, b = np.repeat([0, 0, 1, 1], [20, 5, 10, 15]), np.repeat([0, 1, 0, 1], [20, 5, 10, 15])
    few = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    truth = rng.integers(0, 4, 60)
    other = np.where(rng.random(60) < 0.7, truth, rng.integers(0, 4, 60))
    skewed = rng.choice(3, 80, p=[0.9, 0.07, 0.03])
    return [
        {"a": few[0], "b": few[1]},
        {"a": a, "b": b},
        {"a": truth, "b": other},
        {"a": skewed, "b": rng.choice(2, 80, p=[0.9, 0.1])},
        {"a": rng.choice(2, 80, p=[0.9, 0.1]), "b": skewed},
        {"a": truth, "b": truth},
        {"a": np.zeros(5, int), "b": np.zeros(5, int)},
        {"a": np.array([0, 1, 0, 1]), "b": np.array([1, 0, 1, 0])},
    ]


def with_gaps(rng):
    """The four annotators and twelve items of Krippendorff's own example, and random ones; items said once or never."""
    gap = -1
    book = np.array([
        [1, 2, 3, 3, 2, 1, 4, 1, 2, gap, gap, gap], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, gap, 3],
        [gap, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, gap], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, gap],
    ])  # fmt: skip
    cases = [
        {"labels": np.array([[0, 0, 1, 1], [0, 1, 1, 1]])},
        {"labels": np.where(book > 0, book - 1, gap)},
    ]
    for people, items in ((3, 8), (5, 30)):
        truth = rng.integers(0, 3, items)
        labels = np.where(rng.random((people, items)) < 0.6, truth, rng.integers(0, 3, (people, items)))
        labels[rng.random(labels.shape) < 0.25] = gap
        labels[:, 0], labels[1:, 1] = gap, gap
        labels[0, 1] = 2
        labels[:2, 2], labels[:2, 3] = [0, 1], [1, 1]
        cases.append({"labels": labels})
    return cases


def evidence(rng):
    """Two people; random crews with gaps; somebody who always errs; so many people that products vanish."""
    tables = np.array([[[0.9, 0.1], [0.2, 0.8]], [[0.6, 0.4], [0.5, 0.5]]])
    cases = [{"labels": np.array([[0, 1, -1], [0, 0, 1]]), "prior": np.array([0.7, 0.3]), "tables": tables}]
    for people, items, words in ((3, 5, 3), (5, 4, 4)):
        drawn = rng.dirichlet(np.ones(words), (people, words))
        labels = rng.integers(0, words, (people, items))
        labels[rng.random(labels.shape) < 0.3] = -1
        labels[:, 0] = -1  # nobody has said anything: the prior is all there is
        cases.append({"labels": labels, "prior": rng.dirichlet(np.ones(words)), "tables": drawn})
    many = rng.integers(0, 2, (1200, 3))
    many[5:, 2] = -1
    close = np.clip(rng.normal([[0.52, 0.48], [0.48, 0.52]], 0.01, (1200, 2, 2)), 0.01, 1)
    return [
        *cases,
        {"labels": many, "prior": np.array([0.5, 0.5]), "tables": close / close.sum(2, keepdims=True)},
    ]


def families(rng):
    """Groups of unequal size, some too large; a share that is met exactly; numbers that are not in order."""
    cases = [
        {"groups": np.array([0, 0, 1, 2, 2, 2, 3, 3]), "share": 0.5, "order": np.array([2, 0, 1, 3])},
        {"groups": np.array([0, 1, 0, 1, 2, 2, 2, 2]), "share": 0.25, "order": np.array([2, 1, 0])},
    ]
    for n, count, share in ((20, 6, 0.3), (40, 9, 0.25)):
        groups = np.r_[np.arange(count), rng.integers(0, count, n - count)]
        groups[-n // 3 :] = 0  # a large family
        cases.append({"groups": rng.permutation(groups), "share": share, "order": rng.permutation(count)})
    return [*cases, {"groups": np.arange(4), "share": 0.0, "order": np.arange(4)}]


def paired_features(rng):
    """Pairs whose cosines are known by heart, features of any length, a large scale."""
    exact = np.array([[3.0, 4.0], [4.0, -3.0]])
    cases = [{"clips": exact, "texts": exact[:, ::-1].copy(), "scale": 1.0}]
    for n, d, scale in ((3, 4, 1.0), (5, 2, 10.0), (4, 6, 100.0)):
        clips = rng.normal(0, 2, (n, d))
        cases.append({"clips": clips, "texts": clips + rng.normal(0, 1.5, (n, d)), "scale": scale})
    return cases
