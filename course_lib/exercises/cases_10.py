"""Cases of lesson 10 and right answers written in another style."""

import numpy as np


def with_holes(rng, rows, columns, holes):
    """Whole stars from 1 to 5, some of them NaN, none of the rows and columns empty."""
    ratings = rng.integers(1, 6, (rows, columns)).astype(float)
    ratings[rng.random((rows, columns)) < holes] = np.nan
    for row in range(rows):
        ratings[row, row % columns] = rng.integers(1, 6)
    for column in range(columns):
        ratings[column % rows, column] = rng.integers(1, 6)
    return ratings


def predictions(rng):
    cases = [{"predicted": np.array([3.0, 4.0, 2.0]), "actual": np.array([4.0, np.nan, 5.0])}]
    for n in (1, 6, 40):
        actual = rng.integers(1, 6, n).astype(float)
        if n > 1:
            actual[rng.random(n) < 0.3] = np.nan
            actual[0] = 2.0
        cases.append({"predicted": rng.uniform(1, 5, n), "actual": actual})
    # a whole table, as the lesson hands it over
    return [*cases, {"predicted": rng.uniform(1, 5, (3, 4)), "actual": with_holes(rng, 3, 4, 0.5)}]


def rmse_with_nanmean(predicted, actual):
    return np.sqrt(np.nanmean((actual - predicted) ** 2))


def rmse_with_a_loop(predicted, actual):
    errors = [p - a for p, a in zip(np.ravel(predicted), np.ravel(actual)) if a == a]
    return (sum(e * e for e in errors) / len(errors)) ** 0.5


def rows_of_people(rng):
    few = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.0, 0.0, 3.0]])
    opposite = rng.normal(size=(4, 6))
    opposite[1] = -opposite[0]
    empty = rng.normal(size=(3, 5))
    empty[1] = 0
    empty[0] *= 0.1  # shorter than 1
    return [{"rows": few}, {"rows": opposite}, {"rows": empty}, {"rows": rng.normal(size=(7, 3))}]


def cosine_pair_by_pair(rows):
    n = len(rows)
    answer = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            length = np.linalg.norm(rows[i]) * np.linalg.norm(rows[j])
            answer[i, j] = rows[i] @ rows[j] / length if length > 0 else 0.0
    return answer


def cosine_divided_afterwards(rows):
    length = np.linalg.norm(rows, axis=1)
    product = np.outer(length, length)
    return np.divide(rows @ rows.T, product, out=np.zeros_like(product), where=product > 0)


def unit_by_maximum(rows):
    unit = rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12)
    return unit @ unit.T


def between_columns(rows):
    length = np.sqrt((rows**2).sum(axis=0, keepdims=True))
    unit = rows / np.where(length > 0, length, 1)
    return unit.T @ unit


def one_length_twice(rows):
    length = np.sqrt((rows**2).sum(axis=1))
    return rows @ rows.T / np.where(length > 0, length**2, 1)


def supported(rng):
    cases = []
    for n, shrinkage in ((3, 10.0), (4, 2.5), (6, 100.0)):
        common = rng.integers(0, 60, (n, n)).astype(float)
        common = np.triu(common) + np.triu(common, 1).T
        values = rng.uniform(-1, 1, (n, n))
        values = np.triu(values, 1) + np.triu(values, 1).T + np.eye(n)
        cases.append({"similarity": values.round(2), "common": common, "shrinkage": shrinkage})
    return cases


def shrunk_by_a_mask(similarity, common, shrinkage):
    others = 1 - np.eye(len(similarity))
    return similarity * (1 - shrinkage / (common + shrinkage)) * others


def shrunk_with_where(similarity, common, shrinkage):
    trust = common / (shrinkage + common)
    return np.where(np.eye(len(common), dtype=bool), 0.0, trust * similarity)


def diagonal_left(similarity, common, shrinkage):
    return similarity * common / (common + shrinkage)


def distinct(rng):
    # the largest in size is an opposite
    cases = [{"similarity": np.array([[0.1, -0.9, 0.4], [-0.8, 0.2, 0.3], [0.6, -0.7, -0.2]]), "kept": 1}]
    for n, kept in ((4, 2), (5, 1), (6, 6), (8, 3)):
        values = rng.permutation(n * n).reshape(n, n) / n**2 - 0.3
        cases.append({"similarity": values, "kept": kept})
    return cases


def strongest_by_argsort(similarity, kept):
    answer = np.zeros_like(similarity)
    order = np.argsort(-similarity, axis=1)[:, :kept]
    np.put_along_axis(answer, order, np.take_along_axis(similarity, order, axis=1), axis=1)
    return answer


def strongest_row_by_row(similarity, kept):
    answer = np.zeros(similarity.shape)
    for i, row in enumerate(similarity):
        best = row.argsort()[::-1][:kept]
        answer[i, best] = row[best]
    return answer


def holes_and_damping(rng):
    small = np.array([[5.0, np.nan, 4.0], [2.0, 1.0, np.nan]])
    return [
        {"ratings": small, "damping": 2.0},
        {"ratings": with_holes(rng, 5, 4, 0.4), "damping": 5.0},
        {"ratings": with_holes(rng, 8, 6, 0.6), "damping": 0.5},
    ]


def biases_with_loops(ratings, damping):
    users, items = ratings.shape
    known = [(u, i) for u in range(users) for i in range(items) if ratings[u, i] == ratings[u, i]]
    mean = sum(ratings[u, i] for u, i in known) / len(known)
    user_bias, item_bias = np.zeros(users), np.zeros(items)
    for u in range(users):
        own = [ratings[u, i] - mean for v, i in known if v == u]
        user_bias[u] = sum(own) / (len(own) + damping)
    for i in range(items):
        own = [ratings[u, i] - mean - user_bias[u] for u, j in known if j == i]
        item_bias[i] = sum(own) / (len(own) + damping)
    return mean, user_bias, item_bias


def biases_with_nansum(ratings, damping):
    mean = np.nanmean(ratings)
    counts = (ratings == ratings).astype(float)
    user_bias = np.nansum(ratings - mean, axis=1) / (counts.sum(axis=1) + damping)
    item_bias = np.nansum(ratings - mean - user_bias[:, None], axis=0) / (counts.sum(axis=0) + damping)
    return mean, user_bias, item_bias


def biases_exchanged(ratings, damping):
    rated = ~np.isnan(ratings)
    mean = ratings[rated].mean()
    left = np.where(rated, ratings - mean, 0)
    item_bias = left.sum(axis=0) / (rated.sum(axis=0) + damping)
    left = np.where(rated, left - item_bias, 0)
    return mean, item_bias, left.sum(axis=1) / (rated.sum(axis=1) + damping)


def mean_divided_by_damping(ratings, damping):
    rated = ~np.isnan(ratings)
    mean = ratings[rated].mean()
    left = np.where(rated, ratings - mean, 0)
    user_bias = left.sum(axis=1) / rated.sum(axis=1) / (1 + damping)
    left = np.where(rated, left - user_bias[:, None], 0)
    return mean, user_bias, left.sum(axis=0) / rated.sum(axis=0) / (1 + damping)


def ratings_damped(ratings, damping):
    rated = ~np.isnan(ratings)
    mean = ratings[rated].mean()
    user_bias = np.nansum(ratings, axis=1) / (rated.sum(axis=1) + damping) - mean
    left = np.where(rated, ratings - mean - user_bias[:, None], 0)
    return mean, user_bias, left.sum(axis=0) / (rated.sum(axis=0) + damping)


def raters(rng):
    cases = [
        {"similarities": np.array([0.5, 0.25]), "ratings": np.array([5.0, 2.0]), "means": np.array([4.0, 3.0]), "mean": 3.0},
        {"similarities": np.array([0.9, 0.3]), "ratings": np.array([np.nan, np.nan]), "means": np.array([3.5, 2.0]), "mean": 2.5},
    ]  # fmt: skip
    for n in (4, 9):
        ratings = rng.integers(1, 6, n).astype(float)
        ratings[1] = np.nan
        weights = rng.uniform(-1, 1, n)
        weights[:2] = 0.8, -0.6
        case = {"similarities": weights, "ratings": ratings, "means": rng.uniform(2, 4, n).round(2)}
        cases.append({**case, "mean": round(rng.uniform(2, 4), 2)})
    return cases


def prediction_with_a_loop(similarities, ratings, means, mean):
    above, total = 0.0, 0.0
    for s, r, m in zip(similarities, ratings, means):
        if not np.isnan(r):
            above += s * (r - m)
            total += abs(s)
    return mean + above / total if total > 0 else mean


def prediction_with_zeros(similarities, ratings, means, mean):
    weights = np.where(np.isnan(ratings), 0, similarities)
    total = np.abs(weights).sum()
    above = weights @ np.where(np.isnan(ratings), 0, ratings - means)
    return mean + (above / total if total else 0)


def rated_items(rng):
    cases = [{"factors": np.array([[1.0, 0.0], [0.0, 2.0]]), "targets": np.array([1.0, 3.0]), "penalty": 1.0}]
    for n, f in ((1, 3), (5, 2), (20, 4)):
        case = {"factors": rng.normal(size=(n, f)), "targets": rng.normal(size=n)}
        cases.append({**case, "penalty": float(rng.uniform(0.3, 3))})
    return cases


def ridge_by_more_rows(factors, targets, penalty):
    f = factors.shape[1]
    a = np.vstack([factors, np.sqrt(penalty) * np.eye(f)])
    return np.linalg.lstsq(a, np.concatenate([targets, np.zeros(f)]), rcond=None)[0]


def ridge_by_inverse(factors, targets, penalty):
    sums = sum(np.outer(q, q) for q in factors)
    return np.linalg.inv(sums + np.diag(np.full(len(sums), penalty))) @ (targets @ factors)


def grams(rng):
    cases = []
    for users, items, penalty in ((4, 3, 1.0), (12, 5, 4.0), (30, 8, 0.5)):
        seen = (rng.random((users, items)) < 0.5).astype(float)
        cases.append({"gram": seen.T @ seen, "penalty": penalty})
    return cases


def ease_by_columns(gram, penalty):
    n = len(gram)
    weights = np.zeros((n, n))
    for j in range(n):
        others = np.arange(n) != j
        a = gram[np.ix_(others, others)] + penalty * np.eye(n - 1)
        weights[others, j] = np.linalg.solve(a, gram[others, j])
    return weights


def ease_with_identity(gram, penalty):
    inverse = np.linalg.inv(gram + np.diag([penalty] * len(gram)))
    return np.eye(len(gram)) - inverse @ np.diag(1 / np.diag(inverse))


def ranked(rng):
    cases = [
        {"gains": np.array([0.0, 1.0, 1.0, 0.0]), "k": 2},
        {"gains": np.zeros(4), "k": 3},
        {"gains": np.array([3.0, 1.0, 2.0]), "k": 10},
    ]
    for n, k in ((6, 3), (12, 5)):
        gains = rng.integers(0, 4, n).astype(float)
        gains[0], gains[-1] = 1.0, 3.0
        cases.append({"gains": gains, "k": k})
    return cases


def ndcg_with_a_loop(gains, k):
    def total(some):
        return sum(gain / np.log2(place + 1) for place, gain in enumerate(some[:k], start=1))

    best = total(sorted(gains, reverse=True))
    return total(gains) / best if best > 0 else 0.0


def ndcg_with_cut_arrays(gains, k):
    shown, ideal = gains[:k], -np.sort(-gains)[:k]
    weights = np.log(2) / np.log(np.arange(len(shown)) + 2)
    best = (ideal * weights).sum()
    return (shown * weights).sum() / best if best else 0.0
