"""Cases of lesson 05, and answers to its exercises as learners write them."""

import itertools

import numpy as np
import torch
import torch.nn.functional as F

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


def repaired_by_list(text):
    found = []
    for wrong in ["latin-1", "cp1252", "gbk"]:
        try:
            found.append(bytes(text, wrong).decode())
        except (UnicodeEncodeError, UnicodeDecodeError):
            pass
    changed = [one for one in found if one != text]
    return changed[0] if changed else text


def repaired_step_by_step(text):
    def undone(wrong):
        try:
            return str(text.encode(wrong), "utf-8")
        except ValueError:
            return text

    for wrong in ("latin-1", "cp1252", "gbk"):
        if undone(wrong) != text:
            return undone(wrong)
    return text


def repaired_the_other_way(text):
    for wrong in ("latin-1", "cp1252", "gbk"):
        try:
            mended = text.encode("utf-8").decode(wrong)
        except UnicodeError:
            continue
        if mended != text:
            return mended
    return text


def repaired_by_ignoring(text):
    for wrong in ("latin-1", "cp1252", "gbk"):
        mended = text.encode(wrong, "ignore").decode("utf-8", "ignore")
        if mended != text:
            return mended
    return text


def pictures(rng):
    """Whole levels, so that equal neighbours occur; pictures of other shapes; a flat one."""
    return [
        {"grey": np.array([[1, 5, 3, 3, 9, 8, 7, 8, 9.0]])},
        {"grey": np.full((8, 9), 7.0)},
        {"grey": rng.integers(0, 6, (8, 9)).astype(float)},
        {"grey": rng.uniform(0, 255, (8, 9))},
        {"grey": rng.integers(0, 9, (4, 5)).astype(float)},
    ]


def hash_by_diff(grey):
    return np.packbits((np.diff(grey, axis=1) > 0).ravel())


def hash_by_weights(grey):
    bits = (grey[:, :-1] < grey[:, 1:]).astype(int).reshape(-1, 8)
    return (bits * [128, 64, 32, 16, 8, 4, 2, 1]).sum(1)


def hash_of_neighbours_below(grey):
    turned = grey.T[: grey.shape[1] - 1]
    return np.packbits(np.vstack([turned[1:], turned[:1]]).T > turned.T)


def average_hash(grey):
    return np.packbits(grey[:, 1:] > grey.mean())


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


def hamming_by_table(a, b):
    table = np.array([bin(number).count("1") for number in range(256)])
    return table[np.bitwise_xor(a, b)].sum(axis=-1)


def hamming_by_bits(a, b):
    different = np.unpackbits(a, axis=-1) != np.unpackbits(b, axis=-1)
    return np.count_nonzero(different, axis=-1)


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


def band_pairs_by_comparing(bits, bands):
    parts = np.array_split(np.arange(bits.shape[1]), bands)
    found = [
        (i, j)
        for i in range(len(bits))
        for j in range(i + 1, len(bits))
        if any((bits[i, part] == bits[j, part]).all() for part in parts)
    ]
    return np.array(found, int).reshape(len(found), 2)


def band_pairs_with_matrices(bits, bands):
    near = np.zeros((len(bits), len(bits)), bool)
    for band in np.array_split(bits, bands, axis=1):
        near |= (band[:, None] == band[None]).all(-1)
    return np.argwhere(np.triu(near, 1))


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


def kappa_by_table(a, b):
    words = int(max(a.max(), b.max())) + 1
    table = np.zeros((words, words))
    np.add.at(table, (a, b), 1)
    table /= table.sum()
    by_chance = table.sum(1) @ table.sum(0)
    if by_chance == 1:
        return np.nan
    return (np.trace(table) - by_chance) / (1 - by_chance)


def kappa_by_words(a, b):
    agree = (a == b).sum() / len(a)
    chance = sum((a == w).mean() * (b == w).mean() for w in set(a.tolist()) | set(b.tolist()))
    return 1 - (1 - agree) / (1 - chance) if chance < 1 else float("nan")


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


def alpha_by_pairs(labels):
    pairs = []
    for item in labels.T:
        said = item[item >= 0]
        if len(said) > 1:
            pairs += [(a, b, 1 / (len(said) - 1)) for a, b in itertools.permutations(said.tolist(), 2)]
    observed = sum(weight for a, b, weight in pairs if a != b)
    values = [v for item in labels.T for v in item[item >= 0] if (item >= 0).sum() > 1]
    expected = sum(a != b for a, b in itertools.permutations(values, 2)) / (len(values) - 1)
    return 1 - observed / expected


def alpha_by_coincidences(labels):
    words = int(labels.max()) + 1
    table = np.zeros((words, words))
    for item in labels.T:
        counts = np.bincount(item[item >= 0], minlength=words).astype(float)
        if counts.sum() > 1:
            table += (np.outer(counts, counts) - np.diag(counts)) / (counts.sum() - 1)
    totals = table.sum(0)
    n = totals.sum()
    return 1 - (n - np.trace(table)) / ((n**2 - totals @ totals) / (n - 1))


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


def evidence_one_by_one(labels, prior, tables):
    belief = []
    for item in labels.T:
        score = np.log(prior).astype(float)
        for person, said in enumerate(item):
            if said != -1:
                score = score + np.log(tables[person][:, said])
        score = np.exp(score - score.max())
        belief.append(score / score.sum())
    return np.array(belief)


def evidence_by_logsumexp(labels, prior, tables):
    score = np.zeros((labels.shape[1], len(prior))) + np.log(prior)
    for person in range(len(labels)):
        chances = np.log(tables[person].T)[labels[person]]  # row -1 is read for the gaps, and not used
        score = score + np.where((labels[person] == -1)[:, None], 0.0, chances)
    return np.exp(score - np.logaddexp.reduce(score, axis=1)[:, None])


def evidence_by_products(labels, prior, tables):
    belief = np.tile(prior, (labels.shape[1], 1)).astype(float)
    for said, table in zip(labels, tables):
        there = said >= 0
        belief[there] *= table[:, said[there]].T
    return belief / belief.sum(axis=1, keepdims=True)


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


def split_by_counts(groups, share, order):
    sizes = np.bincount(groups)
    room, chosen = share * len(groups), []
    for group in order:
        if sizes[group] <= room:
            chosen.append(group)
            room -= sizes[group]
    return np.isin(groups, chosen)


def split_with_lists(groups, share, order):
    test = [False] * len(groups)
    for group in order:
        trial = [was or one == group for was, one in zip(test, groups)]
        if sum(trial) <= len(groups) * share:
            test = trial
    return np.array(test)


def split_item_by_item(groups, share, order):
    test = np.zeros(len(groups), dtype=bool)
    items = np.concatenate([np.flatnonzero(groups == group) for group in order])
    test[items[: int(share * len(groups))]] = True
    return test


def paired_features(rng):
    """Pairs whose cosines are known by heart, features of any length, a large scale."""
    exact = np.array([[3.0, 4.0], [4.0, -3.0]])
    cases = [{"clips": exact, "texts": exact[:, ::-1].copy(), "scale": 1.0}]
    for n, d, scale in ((3, 4, 1.0), (5, 2, 10.0), (4, 6, 100.0)):
        clips = rng.normal(0, 2, (n, d))
        cases.append({"clips": clips, "texts": clips + rng.normal(0, 1.5, (n, d)), "scale": scale})
    return cases


def contrastive_by_diagonal(clips, texts, scale):
    clips = clips / clips.norm(dim=1, keepdim=True)
    texts = texts / texts.norm(dim=1, keepdim=True)
    cosines = scale * torch.matmul(clips, texts.t())
    among_texts = cosines.diag() - cosines.logsumexp(1)
    among_clips = cosines.diag() - cosines.logsumexp(0)
    return -(among_texts.mean() + among_clips.mean()) * 0.5


def contrastive_by_similarity(clips, texts, scale):
    logits = F.cosine_similarity(clips[:, None, :], texts[None, :, :], dim=2) * scale
    rows = F.log_softmax(logits, dim=1)
    columns = F.log_softmax(logits, dim=0)
    return -0.5 * (rows + columns).diagonal().sum() / len(clips)


def contrastive_as_distance(clips, texts, scale):
    return scale * (F.normalize(clips, dim=1) - F.normalize(texts, dim=1)).square().sum(1).mean()


def contrastive_with_dot_products(clips, texts, scale):
    logits = scale * clips @ texts.T
    own = torch.arange(len(logits))
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


def agreement_alone(a, b):
    return np.mean(a == b)


def kappa_with_even_chance(a, b):
    words = max(a.max(), b.max()) + 1
    p = np.mean(a == b)
    e = 1 / words
    return (p - e) / (1 - e) if e < 1 else float("nan")


def scott_pi(a, b):
    words = max(a.max(), b.max()) + 1
    p = np.mean(a == b)
    e = np.sum((np.bincount(np.concatenate([a, b]), minlength=words) / (2 * len(a))) ** 2)
    return (p - e) / (1 - e) if e < 1 else float("nan")


def alpha_with_gaps_as_a_word(labels):
    words = labels.max() + 2
    counts = np.array([np.bincount(item + 1, minlength=words) for item in labels.T])
    said = counts.sum(1)
    observed = np.sum((said**2 - np.sum(counts**2, axis=1)) / (said - 1))
    total = counts.sum(0)
    expected = (total.sum() ** 2 - np.sum(total**2)) / (total.sum() - 1)
    return 1 - observed / expected


def alpha_with_equal_pairs(labels):
    words = labels.max() + 1
    counts = np.array([np.bincount(item[item >= 0], minlength=words) for item in labels.T])
    counts = counts[counts.sum(1) >= 2]
    said = counts.sum(1)
    observed = np.sum(said**2 - np.sum(counts**2, axis=1)) / np.sum(said * (said - 1))
    total = counts.sum(0)
    expected = (total.sum() ** 2 - np.sum(total**2)) / (total.sum() * (total.sum() - 1))
    return 1 - observed / expected


def split_by_groups(groups, share, order):
    return np.isin(groups, order[: int(share * len(order))])
