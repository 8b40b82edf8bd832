"""Exercises of lesson 10, collaborative filtering."""

import numpy as np

from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.recommend import factors, metrics, similarity


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
    return cases


def _rmse_with_nanmean(predicted, actual):
    return np.sqrt(np.nanmean((actual - predicted) ** 2))


def _rmse_with_a_loop(predicted, actual):
    errors = [p - a for p, a in zip(predicted, actual) if a == a]
    return (sum(e * e for e in errors) / len(errors)) ** 0.5


def rows_of_people(rng):
    few = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.0, 0.0, 3.0]])
    opposite = rng.normal(size=(4, 6))
    opposite[1] = -opposite[0]
    empty = rng.normal(size=(3, 5))
    empty[1] = 0
    empty[0] *= 0.1  # shorter than 1
    return [{"rows": few}, {"rows": opposite}, {"rows": empty}, {"rows": rng.normal(size=(7, 3))}]


def _cosine_pair_by_pair(rows):
    n = len(rows)
    answer = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            length = np.linalg.norm(rows[i]) * np.linalg.norm(rows[j])
            answer[i, j] = rows[i] @ rows[j] / length if length > 0 else 0.0
    return answer


def _cosine_divided_afterwards(rows):
    length = np.linalg.norm(rows, axis=1)
    product = np.outer(length, length)
    return np.divide(rows @ rows.T, product, out=np.zeros_like(product), where=product > 0)


def _unit_by_maximum(rows):
    unit = rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12)
    return unit @ unit.T


def _between_columns(rows):
    length = np.sqrt((rows**2).sum(axis=0, keepdims=True))
    unit = rows / np.where(length > 0, length, 1)
    return unit.T @ unit


def supported(rng):
    cases = []
    for n, shrinkage in ((3, 10.0), (4, 2.5), (6, 100.0)):
        common = rng.integers(0, 60, (n, n)).astype(float)
        common = np.triu(common) + np.triu(common, 1).T
        values = rng.uniform(-1, 1, (n, n))
        values = np.triu(values, 1) + np.triu(values, 1).T + np.eye(n)
        cases.append({"similarity": values.round(2), "common": common, "shrinkage": shrinkage})
    return cases


def _shrunk_by_a_mask(similarity, common, shrinkage):
    others = 1 - np.eye(len(similarity))
    return similarity * (1 - shrinkage / (common + shrinkage)) * others


def _shrunk_with_where(similarity, common, shrinkage):
    trust = common / (shrinkage + common)
    return np.where(np.eye(len(common), dtype=bool), 0.0, trust * similarity)


def _diagonal_left(similarity, common, shrinkage):
    return similarity * common / (common + shrinkage)


def distinct(rng):
    cases = []
    for n, kept in ((4, 2), (5, 1), (6, 6), (8, 3)):
        values = rng.permutation(n * n).reshape(n, n) / n**2 - 0.3
        cases.append({"similarity": values, "kept": kept})
    return cases


def _strongest_by_argsort(similarity, kept):
    answer = np.zeros_like(similarity)
    order = np.argsort(-similarity, axis=1)[:, :kept]
    np.put_along_axis(answer, order, np.take_along_axis(similarity, order, axis=1), axis=1)
    return answer


def _strongest_row_by_row(similarity, kept):
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


def _biases_with_loops(ratings, damping):
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


def _biases_with_nansum(ratings, damping):
    mean = np.nanmean(ratings)
    counts = (ratings == ratings).astype(float)
    user_bias = np.nansum(ratings - mean, axis=1) / (counts.sum(axis=1) + damping)
    item_bias = np.nansum(ratings - mean - user_bias[:, None], axis=0) / (counts.sum(axis=0) + damping)
    return mean, user_bias, item_bias


def _biases_exchanged(ratings, damping):
    rated = ~np.isnan(ratings)
    mean = ratings[rated].mean()
    left = np.where(rated, ratings - mean, 0)
    item_bias = left.sum(axis=0) / (rated.sum(axis=0) + damping)
    left = np.where(rated, left - item_bias, 0)
    return mean, item_bias, left.sum(axis=1) / (rated.sum(axis=1) + damping)


def neighbours(rng):
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


def _prediction_with_a_loop(similarities, ratings, means, mean):
    above, total = 0.0, 0.0
    for s, r, m in zip(similarities, ratings, means):
        if not np.isnan(r):
            above += s * (r - m)
            total += abs(s)
    return mean + above / total if total > 0 else mean


def _prediction_with_zeros(similarities, ratings, means, mean):
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


def _ridge_by_more_rows(factors, targets, penalty):
    f = factors.shape[1]
    a = np.vstack([factors, np.sqrt(penalty) * np.eye(f)])
    return np.linalg.lstsq(a, np.concatenate([targets, np.zeros(f)]), rcond=None)[0]


def _ridge_by_inverse(factors, targets, penalty):
    sums = sum(np.outer(q, q) for q in factors)
    return np.linalg.inv(sums + np.diag(np.full(len(sums), penalty))) @ (targets @ factors)


def grams(rng):
    cases = []
    for users, items, penalty in ((4, 3, 1.0), (12, 5, 4.0), (30, 8, 0.5)):
        seen = (rng.random((users, items)) < 0.5).astype(float)
        cases.append({"gram": seen.T @ seen, "penalty": penalty})
    return cases


def _ease_by_columns(gram, penalty):
    n = len(gram)
    weights = np.zeros((n, n))
    for j in range(n):
        others = np.arange(n) != j
        a = gram[np.ix_(others, others)] + penalty * np.eye(n - 1)
        weights[others, j] = np.linalg.solve(a, gram[others, j])
    return weights


def _ease_with_identity(gram, penalty):
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


def _ndcg_with_a_loop(gains, k):
    def total(some):
        return sum(gain / np.log2(place + 1) for place, gain in enumerate(some[:k], start=1))

    best = total(sorted(gains, reverse=True))
    return total(gains) / best if best > 0 else 0.0


def _ndcg_with_cut_arrays(gains, k):
    shown, ideal = gains[:k], -np.sort(-gains)[:k]
    weights = np.log(2) / np.log(np.arange(len(shown)) + 2)
    best = (ideal * weights).sum()
    return (shown * weights).sum() / best if best else 0.0


EXERCISES = [
    Exercise(
        "recommend.metrics.rmse",
        metrics.rmse,
        cases=predictions,
        points=5,
        minutes=5,
        difficulty=1,
        hints=[
            "Read the name backwards: error, squared, mean, root. But only where there is an actual rating.",
            "`~np.isnan(actual)` is True where somebody has rated; index both arrays with it.",
        ],
        misconceptions=[
            Misconception(
                "a rating that nobody gave counts as 0",
                "NaN means unknown, not zero stars. Leave those places out before you average.",
                [("known = ~np.isnan(actual)", "actual, known = np.nan_to_num(actual), slice(None)")],
            ),
            Misconception(
                "the root is missing",
                "Without the root the unit is stars squared.",
                [("np.sqrt(", "(")],
            ),
            Misconception(
                "this is the mean absolute error",
                "Square the errors, do not take their size: a miss of 2 should count four times a miss of 1.",
                [
                    (
                        "np.sqrt(np.mean((predicted[known] - actual[known]) ** 2))",
                        "np.mean(np.abs(predicted[known] - actual[known]))",
                    )
                ],
            ),
        ],
        alternatives=[_rmse_with_nanmean, _rmse_with_a_loop],
    ),
    Exercise(
        "recommend.similarity.cosine_similarity",
        similarity.cosine_similarity,
        cases=rows_of_people,
        points=10,
        minutes=10,
        difficulty=2,
        hints=[
            "Divide every row by its length; what is the product of two rows of length 1?",
            "All pairs at once: a matrix times its own transpose.",
            "`keepdims=True` keeps the lengths as a column. Where the length is 0, divide by 1 instead.",
        ],
        misconceptions=[
            Misconception(
                "products were taken without dividing by the lengths",
                "Then whoever rates much is similar to everybody. A cosine lies between -1 and 1.",
                [("rows / np.where(length > 0, length, 1)", "rows")],
            ),
            Misconception(
                "rows of zeros were divided by their length 0",
                "0/0 is NaN, and the product spreads it. A person of whom nothing is known is similar to nobody: 0.",
                [("np.where(length > 0, length, 1)", "length")],
            ),
            Misconception(
                "rows were divided by their largest value, not by their length",
                "The length of a row is the root of its sum of squares.",
                _unit_by_maximum,
            ),
            Misconception(
                "columns were compared, not rows",
                "A row is a person, and people are to be compared: the answer has n rows and n columns.",
                _between_columns,
            ),
        ],
        alternatives=[_cosine_pair_by_pair, _cosine_divided_afterwards],
        equivalent=["line 11:47 + 1 (1)"],
    ),
    Exercise(
        "recommend.similarity.bias_estimates",
        similarity.bias_estimates,
        cases=holes_and_damping,
        points=15,
        minutes=14,
        difficulty=3,
        hints=[
            "The mean of all ratings there are. Then for each user: the sum of what his ratings lie above it.",
            "Divide by (how many + damping), not by how many: the damping stands for ratings without any deviation.",
            "For the items subtract mean *and* user bias first; put 0 where nothing was rated, so that sums are not disturbed.",
        ],
        misconceptions=[
            Misconception(
                "the damping was forgotten",
                "One enthusiastic rating would make a bias of two stars. Add the damping to the number that you divide by.",
                [
                    ("rated.sum(axis=1) + damping", "rated.sum(axis=1)"),
                    ("rated.sum(axis=0) + damping", "rated.sum(axis=0)"),
                ],
            ),
            Misconception(
                "items were estimated without subtracting the users first",
                "A film watched by generous people is not yet a good film: take the users' biases off before the items' sums.",
                [("left - user_bias[:, None]", "left")],
            ),
            Misconception(
                "unrated places count as ratings",
                "Divide by how many ratings somebody *gave*, not by how many items there are.",
                [
                    ("rated.sum(axis=1) + damping", "ratings.shape[1] + damping"),
                    ("rated.sum(axis=0) + damping", "ratings.shape[0] + damping"),
                ],
            ),
            Misconception(
                "users and items were exchanged",
                "Rows are users: a user's ratings lie along axis 1.",
                _biases_exchanged,
            ),
        ],
        alternatives=[_biases_with_loops, _biases_with_nansum],
    ),
    Exercise(
        "recommend.similarity.shrunk",
        similarity.shrunk,
        cases=supported,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "Trust is a number from 0 (nothing in common) towards 1 (very much in common).",
            "With as many common ratings as `shrinkage` it should be one half: n / (n + shrinkage).",
            "`np.fill_diagonal` writes into an array: use it on your answer, not on the argument.",
        ],
        misconceptions=[
            Misconception(
                "the diagonal was left",
                "Everybody is most similar to himself; as a neighbour he would only repeat his own rating. Set it to 0.",
                _diagonal_left,
            ),
            Misconception(
                "trust was turned round",
                "shrinkage / (n + shrinkage) is large where little is known. It should be small there.",
                [("similarity * common /", "similarity * shrinkage /")],
            ),
            Misconception(
                "the similarity was divided by the number of common ratings",
                "What rests on much should be trusted *more*: as n grows the factor should go to 1.",
                [("similarity * common / (common + shrinkage)", "similarity / (common + shrinkage)")],
            ),
        ],
        alternatives=[_shrunk_by_a_mask, _shrunk_with_where],
    ),
    Exercise(
        "recommend.similarity.keep_strongest",
        similarity.keep_strongest,
        cases=distinct,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "Sort each row. Which of the sorted values is the smallest that may stay?",
            "The `kept`-th from the end. Make a column of it, so that it is compared with its own row.",
        ],
        misconceptions=[
            Misconception(
                "one too many is kept",
                "Count for kept = 1: which place, from the end, has the largest value?",
                [("[:, -kept]", "[:, -min(kept + 1, len(similarity))]")],
            ),
            Misconception(
                "the weakest were kept",
                "np.sort goes upwards: the largest are at the end.",
                [("similarity >= limit", "similarity <= limit"), ("[:, -kept]", "[:, kept - 1]")],
            ),
            Misconception(
                "the largest of each column were kept, not of each row",
                "Row i holds the neighbours of person i: sort along the row.",
                [("axis=1)[:, -kept][:, None]", "axis=0)[-kept]")],
            ),
        ],
        alternatives=[_strongest_by_argsort, _strongest_row_by_row],
        equivalent=["line 11:12 without axis= (np.sort(similarity, axis=1))"],
    ),
    Exercise(
        "recommend.similarity.predict_rating",
        similarity.predict_rating,
        cases=neighbours,
        points=15,
        minutes=14,
        difficulty=3,
        hints=[
            "Whose ratings are there at all? `~np.isnan(ratings)`, and everything else only for those.",
            "A neighbour says something by how far the rating lies from *his own* mean.",
            "Weighted mean: the sum of weight times deviation, divided by the sum of the weights' sizes; then the person's own mean is added.",
        ],
        misconceptions=[
            Misconception(
                "the ratings were averaged, not the deviations",
                "A 4 from somebody who always gives 5 is bad news. Subtract each neighbour's own mean.",
                [
                    (
                        "return mean + weights @ (ratings[rated] - means[rated]) / total",
                        "return weights @ ratings[rated] / total",
                    )
                ],
            ),
            Misconception(
                "the sum was not divided by the weights",
                "This is what the article prints. With more neighbours the prediction grows, and leaves the scale.",
                [(" / total", "")],
            ),
            Misconception(
                "it was divided by the sum of the weights with their signs",
                "Weights of opposite sign cancel, and the quotient explodes. Divide by the sum of their sizes.",
                [("np.abs(weights).sum()", "weights.sum()")],
            ),
            Misconception(
                "an unrated item counts as a rating of 0",
                "This is the article's other fault: who has not seen the film gives it no stars. Such neighbours must not take part.",
                [("rated = ~np.isnan(ratings)", "rated, ratings = slice(None), np.nan_to_num(ratings)")],
            ),
            Misconception(
                "it was divided by all neighbours' weights, not only by those who rated",
                "The prediction is pulled to the mean by people who said nothing. Sum the weights of those who rated.",
                [("np.abs(weights).sum()", "np.abs(similarities).sum()")],
            ),
        ],
        alternatives=[_prediction_with_a_loop, _prediction_with_zeros],
    ),
    Exercise(
        "recommend.factors.ridge_factor",
        factors.ridge_factor,
        cases=rated_items,
        points=15,
        minutes=12,
        difficulty=4,
        hints=[
            "With Q the items' factors, r the targets, p the unknown: the gradient of |r - Q p|^2 + penalty |p|^2 is -2 Q^T (r - Q p) + 2 penalty p.",
            "Set to zero: (Q^T Q + penalty I) p = Q^T r. The matrix is f x f.",
            "`np.linalg.solve(A, b)` solves A p = b; `np.eye(f)` is I.",
        ],
        misconceptions=[
            Misconception(
                "the penalty was left out",
                "With fewer ratings than factors the equations have no unique solution, and with few it fits their noise.",
                [
                    (
                        "    return np.linalg.solve(normal, factors.T @ targets)",
                        "    return np.linalg.lstsq(factors, targets, rcond=None)[0]",
                    )
                ],
            ),
            Misconception(
                "the penalty was added to every entry",
                "It belongs on the diagonal only: penalty times the identity matrix.",
                [("np.eye(factors.shape[1])", "np.ones((factors.shape[1], factors.shape[1]))")],
            ),
            Misconception(
                "the equations were not solved",
                "Q^T r alone would be right if the items' factors were perpendicular and of length 1.",
                [("np.linalg.solve(normal, factors.T @ targets)", "factors.T @ targets")],
            ),
        ],
        alternatives=[_ridge_by_more_rows, _ridge_by_inverse],
    ),
    Exercise(
        "recommend.metrics.ndcg_at",
        metrics.ndcg_at,
        cases=ranked,
        points=15,
        minutes=12,
        difficulty=3,
        hints=[
            "Discounts for places 1, 2, 3 ...: 1 / log2(2), 1 / log2(3), 1 / log2(4).",
            "Multiply by the gains, cut after k places, sum. Then the same for the gains in the best order.",
            "The best order is made of the *whole* list and cut afterwards: a good film at place 20 was a missed chance.",
        ],
        misconceptions=[
            Misconception(
                "it was not compared with the best order",
                "The sum alone is DCG: it grows with how much there is to find. Divide by the best that was possible.",
                [("gains[:k] @ discount / best", "gains[:k] @ discount")],
            ),
            Misconception(
                "the best order was made of the first k only",
                "Then a list of the worst films, in good order, is perfect. Sort first, cut afterwards.",
                [("np.sort(gains)[::-1][:k]", "np.sort(gains[:k])[::-1]")],
            ),
            Misconception(
                "the discount begins one place too early",
                "log2(1) is 0: the first place would count infinitely. Place j has log2(j + 1).",
                [("np.arange(2, len(gains) + 2)", "np.arange(1, len(gains) + 1)")],
            ),
            Misconception(
                "places are not discounted",
                "At the top or at place k is not the same: people look from above.",
                [("1 / np.log2(np.arange(2, len(gains) + 2))[:k]", "np.ones(len(gains))[:k]")],
            ),
        ],
        alternatives=[_ndcg_with_a_loop, _ndcg_with_cut_arrays],
        # a factor on all discounts cancels
        equivalent=["line 14:15 + 1 (1)"],
    ),
    Exercise(
        "recommend.factors.ease_weights",
        factors.ease_weights,
        cases=grams,
        points=15,
        minutes=12,
        difficulty=4,
        hints=[
            "First P, the inverse of gram + penalty times the identity.",
            "Every column j is divided by -P_jj: numpy divides a matrix by a row vector column by column.",
            "Then the diagonal is set to 0: a film may not recommend itself.",
        ],
        misconceptions=[
            Misconception(
                "the diagonal was left",
                "Then the best way to rebuild X is to copy it. A film must be guessed from the others.",
                [("    np.fill_diagonal(weights, 0.0)\n", "")],
            ),
            Misconception(
                "rows were divided by the diagonal, not columns",
                "B_ij = -P_ij / P_jj: the second index names the column, and its own diagonal entry.",
                [("inverse / np.diag(inverse)", "inverse / np.diag(inverse)[:, None]")],
            ),
            Misconception(
                "the sign is missing",
                "Off the diagonal the inverse is mostly negative where items go together.",
                [("-inverse /", "inverse /")],
            ),
            Misconception(
                "the penalty was forgotten",
                "Then it fits the noise of rare films, and where two films have the same viewers there is no inverse at all.",
                [("gram + penalty * np.eye(len(gram))", "gram + 1e-9 * np.eye(len(gram))")],
            ),
        ],
        alternatives=[_ease_by_columns, _ease_with_identity],
    ),
]
