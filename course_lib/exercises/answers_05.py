"""Answers to the exercises of lesson 05 as learners write them, right and wrong."""

import itertools

import numpy as np
import torch
import torch.nn.functional as F


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


def hamming_by_table(a, b):
    table = np.array([bin(number).count("1") for number in range(256)])
    return table[np.bitwise_xor(a, b)].sum(axis=-1)


def hamming_by_bits(a, b):
    different = np.unpackbits(a, axis=-1) != np.unpackbits(b, axis=-1)
    return np.count_nonzero(different, axis=-1)


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
