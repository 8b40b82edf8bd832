"""Exercises of lesson 11, k-means and user profiles."""

import numpy as np

from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.recommend import kmeans, profiles


def groups(rng, n, d, k):
    """Points about k places, their labels (each cluster with a member), and centres near the places."""
    places = rng.normal(0, 4, (k, d))
    labels = np.r_[np.arange(k), rng.integers(0, k, n - k)]
    return places[labels] + rng.normal(size=(n, d)), labels, places + rng.normal(0, 0.5, (k, d))


def points_and_centres(rng):
    cases = [
        {
            "points": np.array([[0.0, 0.0], [4.0, 0.0], [0.9, 1.0]]),
            "centres": np.array([[0.0, 1.0], [3.0, 0.0]]),
        }
    ]
    for n, d, k in ((5, 1, 2), (12, 3, 4), (30, 2, 5)):
        points, _, centres = groups(rng, n, d, k)
        cases.append({"points": points, "centres": centres})
    # a corner: by coordinates added the first centre would be nearer
    cases.append({"points": np.array([[0.0, 0.0]]), "centres": np.array([[3.0, 0.0], [2.0, 2.0]])})
    # equally far from both centres
    cases.append({"points": np.array([[1.0, 0.0]]), "centres": np.array([[0.0, 0.0], [2.0, 0.0]])})
    return cases


def _assign_by_product(points, centres):
    return np.argmin((centres**2).sum(1) - 2 * points @ centres.T, axis=1)


def _assign_with_loops(points, centres):
    labels = np.zeros(len(points), dtype=int)
    for i, point in enumerate(points):
        labels[i] = np.argmin([np.linalg.norm(point - centre) for centre in centres])
    return labels


def labelled(rng):
    cases = []
    for n, d, k in ((4, 2, 2), (9, 1, 3), (20, 3, 4)):
        points, labels, centres = groups(rng, n, d, k)
        cases.append({"points": points.round(2), "labels": labels, "centres": centres.round(2)})
    # a centre without any point, and centres that happen to be whole numbers
    points, labels, _ = groups(rng, 8, 2, 3)
    cases.append({"points": points, "labels": labels, "centres": rng.integers(-5, 5, (4, 2))})
    return cases


def _update_with_sums(points, labels, centres):
    counts = np.bincount(labels, minlength=len(centres))
    sums = np.zeros(centres.shape)
    np.add.at(sums, labels, points)
    return np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres)


def _update_as_a_list(points, labels, centres):
    rows = [points[labels == c].mean(0) if (labels == c).any() else centres[c] for c in range(len(centres))]
    return np.array(rows, dtype=float)


def draws(rng):
    cases = [{"points": np.array([[0.0], [1.0], [3.0]]), "chosen": np.array([[0.0]]), "u": 0.05}]
    cases += [{**cases[0], "u": u} for u in (0.0, 0.5)]
    line = {"points": np.array([[0.0], [1.0], [3.0], [10.0]]), "chosen": np.array([[0.0], [10.0]])}
    cases += [{**line, "u": u} for u in (0.05, 0.2)]
    for n, d, c in ((8, 2, 1), (10, 2, 2), (15, 3, 4), (15, 1, 3)):
        points, _, _ = groups(rng, n, d, 3)
        for u in (rng.random(), rng.random()):
            cases.append({"points": points, "chosen": points[rng.choice(n, c, replace=False)], "u": float(u)})
    return cases


def _draw_by_search(points, chosen, u):
    squared = np.min([((points - centre) ** 2).sum(1) for centre in chosen], axis=0)
    return int(np.searchsorted(np.cumsum(squared / squared.sum()), u, side="right"))


def _draw_with_a_loop(points, chosen, u):
    chances = [min(np.sum((point - centre) ** 2) for centre in chosen) for point in points]
    total = 0.0
    for number, chance in enumerate(chances):
        total += chance / sum(chances)
        if total > u:
            return number
    return len(points) - 1


def _draw_the_farthest(points, chosen, u):
    squared = ((points[:, None, :] - chosen[None, :, :]) ** 2).sum(axis=2).min(axis=1)
    return int(squared.argmax())


def clustered(rng):
    cases = []
    for n, d, k in ((4, 1, 2), (10, 2, 3), (25, 3, 4)):
        points, labels, centres = groups(rng, n, d, k)
        cases.append({"points": points, "labels": labels, "centres": centres})
    return cases


def _inertia_with_a_loop(points, labels, centres):
    return sum(np.sum((point - centres[label]) ** 2) for point, label in zip(points, labels))


def _inertia_by_norms(points, labels, centres):
    return np.linalg.norm(points - np.take(centres, labels, axis=0)) ** 2


def pairs(rng):
    cases = [{"points": np.array([[0.0], [2.0], [7.0]]), "labels": np.array([0, 0, 1])}]
    for n, d, k in ((6, 2, 2), (15, 3, 3), (20, 1, 4)):
        points, labels, _ = groups(rng, n, d, k)
        cases.append({"points": points, "labels": labels + 2})
    return cases


def _pairs_one_by_one(points, labels):
    total = 0.0
    for i in range(len(points)):
        for j in range(len(points)):
            if labels[i] == labels[j]:
                total += ((points[i] - points[j]) ** 2).sum()
    return total


def _pairs_at_once(points, labels):
    squared = ((points[:, None] - points[None]) ** 2).sum(-1)
    return squared[labels[:, None] == labels[None]].sum()


def _no_clusters(points, labels):
    return 2 * len(points) * ((points - points.mean(axis=0)) ** 2).sum()


def people(rng):
    cases = [
        {"table": np.array([[0.0, 1.0], [10.0, 3.0], [100.0, 2.0]]), "is_count": np.array([True, False])}
    ]
    for n, d in ((5, 3), (12, 4)):
        table = np.exp(rng.normal(2, 2, (n, d))).round()
        table[:, -1] = rng.normal(size=n)
        table[:, 0] = 0  # everybody the same
        table[:, -1] *= 0.3
        cases.append({"table": np.c_[table, np.full(n, 7.0)], "is_count": np.arange(d + 1) < d - 1})
    return cases


def _standardised_by_columns(table, is_count):
    answer = np.zeros(table.shape)
    for column in range(table.shape[1]):
        values = np.log(1 + table[:, column]) if is_count[column] else table[:, column]
        if values.std() > 0:
            answer[:, column] = (values - np.mean(values)) / np.std(values)
    return answer


def _standardised_on_a_copy(table, is_count):
    copy = table.astype(float)
    copy[:, is_count] = np.log1p(copy[:, is_count])
    copy -= copy.mean(0)
    spread = copy.std(0)
    spread[spread == 0] = 1
    return copy / spread


def _by_range(table, is_count):
    table = np.where(is_count, np.log1p(np.where(is_count, table, 0)), table)
    spread = table.max(axis=0) - table.min(axis=0)
    return (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1)


def few_points(rng):
    cases = [{"points": np.array([[0.0], [1.0], [5.0], [6.0]]), "labels": np.array([0, 0, 1, 1])}]
    for n, d, k in ((7, 2, 3), (12, 3, 4)):
        points, labels, _ = groups(rng, n, d, k)
        cases.append({"points": points, "labels": labels})
    points, labels, _ = groups(rng, 8, 2, 2)
    return [*cases, {"points": points, "labels": np.r_[labels[:-1], 5]}]  # one is alone


def _silhouette_with_loops(points, labels):
    values = []
    for i, point in enumerate(points):
        far = np.linalg.norm(points - point, axis=1)
        inside = [far[j] for j in range(len(points)) if labels[j] == labels[i] and j != i]
        others = [far[labels == c].mean() for c in set(labels.tolist()) if c != labels[i]]
        b = min(others)
        values.append((b - np.mean(inside)) / max(np.mean(inside), b) if inside else 0.0)
    return sum(values) / len(values)


def _silhouette_by_columns(points, labels):
    far = np.linalg.norm(points[:, None] - points[None], axis=-1)
    clusters, own = np.unique(labels, return_inverse=True)
    member = labels[:, None] == clusters
    sums, counts, rows = far @ member, member.sum(0), np.arange(len(points))
    a = sums[rows, own] / np.maximum(counts[own] - 1, 1)
    means = sums / counts
    means[rows, own] = np.inf
    b = means.min(1)
    return np.where(counts[own] > 1, (b - a) / np.maximum(a, b), 0).mean()


def shares_of(rng):
    cases = [
        {"table": np.array([[1.0, 0.0], [3.0, 0.0], [2.0, 0.0]]), "labels": np.array([0, 1, 1]), "cluster": 1}
    ]
    for n, d, cluster in ((6, 3, 0), (15, 4, 2)):
        labels = np.r_[np.arange(3), rng.integers(0, 3, n - 3)]
        cases.append(
            {"table": rng.gamma(0.7, 1.0, (n, d)).round(2) + 0.01, "labels": labels, "cluster": cluster}
        )
    return cases


def _lift_column_by_column(table, labels, cluster):
    answer = np.ones(table.shape[1])
    for column, values in enumerate(table.T):
        if values.sum() > 0:
            answer[column] = values[labels == cluster].mean() / values.mean()
    return answer


def _lift_with_weights(table, labels, cluster):
    weights = (labels == cluster) / np.sum(labels == cluster)
    mean = table.sum(0) / len(table)
    return np.divide(weights @ table, mean, out=np.ones(table.shape[1]), where=mean > 0)


EXERCISES = [
    Exercise(
        "recommend.kmeans.assign",
        kmeans.assign,
        cases=points_and_centres,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "All differences at once: `points[:, None, :] - centres[None, :, :]` has the shape (n, k, d).",
            "Squares, summed over the last axis, are the squared distances, shape (n, k). The place of the smallest of each row is asked for.",
        ],
        misconceptions=[
            Misconception(
                "the farthest centre was chosen",
                "argmax finds the largest distance.",
                [("argmin", "argmax")],
            ),
            Misconception(
                "distances were taken along one coordinate at a time and added",
                "The sum of the coordinates' sizes is another distance (Manhattan's). k-means squares.",
                [
                    (
                        "(points[:, None, :] - centres[None, :, :]) ** 2",
                        "np.abs(points[:, None, :] - centres[None, :, :])",
                    )
                ],
            ),
            Misconception(
                "every centre was given its nearest point, not every point its nearest centre",
                "The answer has n entries, one a point: take the smallest along the centres.",
                [("argmin(axis=1)", "argmin(axis=0)")],
            ),
        ],
        alternatives=[_assign_by_product, _assign_with_loops],
    ),
    Exercise(
        "recommend.kmeans.update_centres",
        kmeans.update_centres,
        cases=labelled,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "For each cluster: which points carry its number? `points[labels == cluster]`.",
            "Their mean along the points, axis 0. And if there are none?",
            "Start from a copy of `centres` as floats; replace only the rows that have points.",
        ],
        misconceptions=[
            Misconception(
                "an empty cluster was averaged",
                "The mean of nothing is NaN, and NaN is nobody's nearest centre ever again. Leave such a centre where it is.",
                [
                    (
                        "        if len(members) > 0:\n            moved[cluster] = members.mean(axis=0)",
                        "        moved[cluster] = members.mean(axis=0)",
                    )
                ],
            ),
            Misconception(
                "the sum was taken, not the mean",
                "A centre should lie among its points.",
                [("members.mean(axis=0)", "members.sum(axis=0)")],
            ),
            Misconception(
                "an empty cluster was put to zero",
                "Zero is a place like any other, and nobody lives there. Leave the centre where it was.",
                [("moved = centres.astype(float)", "moved = np.zeros(centres.shape)")],
            ),
            Misconception(
                "medians were taken",
                "That is k-medians, another method with another objective.",
                [("members.mean(axis=0)", "np.median(members, axis=0)")],
            ),
        ],
        alternatives=[_update_with_sums, _update_as_a_list],
    ),
    Exercise(
        "recommend.kmeans.inertia",
        kmeans.inertia,
        cases=clustered,
        points=5,
        minutes=4,
        difficulty=1,
        hints=[
            "`centres[labels]` has a row for each point: its own centre.",
            "Differences, squared, all of them summed.",
        ],
        misconceptions=[
            Misconception(
                "a mean was taken where a sum is meant",
                "Inertia is a sum over all points.",
                [(").sum()", ").sum(axis=1).mean()")],
            ),
            Misconception(
                "distances were summed, not their squares",
                "The mean of a cluster makes the sum of *squared* distances smallest.",
                [
                    (
                        "((points - centres[labels]) ** 2).sum()",
                        "np.sqrt(((points - centres[labels]) ** 2).sum(axis=1)).sum()",
                    )
                ],
            ),
            Misconception(
                "the distances to the mean of everybody were summed",
                "That is the inertia of a single cluster. Each point belongs to its own centre.",
                [("centres[labels]", "points.mean(axis=0)")],
            ),
        ],
        alternatives=[_inertia_with_a_loop, _inertia_by_norms],
    ),
    Exercise(
        "recommend.kmeans.next_start",
        kmeans.next_start,
        cases=draws,
        points=15,
        minutes=14,
        difficulty=4,
        hints=[
            "For each point the squared distance to every chosen centre; of these the smallest.",
            "Divide by the sum: chances. Their running total (`np.cumsum`) goes from the first chance to 1.",
            "The first place where the running total is above u: `np.argmax` of a comparison finds the first True.",
        ],
        misconceptions=[
            Misconception(
                "the farthest point was taken",
                "That would be an outlier nearly always. k-means++ draws: far points are likely, not certain. Use u.",
                _draw_the_farthest,
            ),
            Misconception(
                "distances were used, not their squares",
                "The chance is proportional to the *squared* distance, as the objective is.",
                [(".min(axis=1)", ".min(axis=1) ** 0.5")],
            ),
            Misconception(
                "the distance to the farthest chosen centre was taken",
                "A point beside a chosen centre is served already, however far away the others are: take the nearest.",
                [(".min(axis=1)", ".max(axis=1)")],
            ),
            Misconception(
                "all points have the same chance",
                "That is the plain random start, whose bad luck k-means++ is there to avoid.",
                [("np.cumsum(squared) / squared.sum()", "np.arange(1, len(points) + 1) / len(points)")],
            ),
        ],
        alternatives=[_draw_by_search, _draw_with_a_loop],
    ),
    Exercise(
        "recommend.kmeans.pair_objective",
        kmeans.pair_objective,
        cases=pairs,
        points=15,
        minutes=14,
        difficulty=4,
        hints=[
            "For each cluster its members, their number n, and their mean.",
            "The identity replaces n times n pairs by n distances to the mean: multiply their sum by 2 n.",
            "Check on points 0 and 2: the ordered pairs (0,2) and (2,0) give 4 + 4 = 8; to the mean 1 it is 1 + 1 = 2, times 2 n = 4.",
        ],
        misconceptions=[
            Misconception(
                "each pair was counted once",
                "The article's double sum meets every pair twice, as (i, j) and as (j, i).",
                [("2 * len(members)", "len(members)")],
            ),
            Misconception(
                "the size of the cluster was left out",
                "That is twice the inertia, the right objective. The article's weighs a cluster by its size: n stands before the sum.",
                [("2 * len(members)", "2")],
            ),
            Misconception(
                "pairs across clusters were counted",
                "Only pairs within one cluster belong to the objective.",
                _no_clusters,
            ),
        ],
        alternatives=[_pairs_one_by_one, _pairs_at_once],
    ),
    Exercise(
        "recommend.profiles.standardised",
        profiles.standardised,
        cases=people,
        points=10,
        minutes=10,
        difficulty=2,
        hints=[
            "`np.where(is_count, np.log1p(...), table)` treats the columns that hold counts and leaves the others.",
            "Subtract each column's mean, divide by its standard deviation: axis 0.",
            "Where the deviation is 0 divide by 1: what is left is 0 already.",
        ],
        misconceptions=[
            Misconception(
                "counts were left as they are",
                "A few people with ten thousand followers would stretch the scale for everyone: log(1 + n) first.",
                [("    table = np.where(is_count, np.log1p(np.where(is_count, table, 0)), table)\n", "")],
            ),
            Misconception(
                "rows were standardised, not columns",
                "Each *column* shall have mean 0 and deviation 1 over all people.",
                [
                    ("spread = table.std(axis=0)", "spread = table.std(axis=1, keepdims=True)"),
                    ("table.mean(axis=0)", "table.mean(axis=1, keepdims=True)"),
                ],
            ),
            Misconception(
                "a column in which all are equal was divided by 0",
                "0/0 is NaN. Where the deviation is 0 divide by something else.",
                [("np.where(spread > 0, spread, 1)", "spread")],
            ),
            Misconception(
                "columns were divided by their range",
                "One extreme person sets the range. Divide by the standard deviation.",
                _by_range,
            ),
        ],
        alternatives=[_standardised_by_columns, _standardised_on_a_copy],
        # fillers of places that are not used
        equivalent=["line 13:71 + 1 (1)", "line 11:66 + 1 (0)"],
    ),
    Exercise(
        "recommend.profiles.silhouette",
        profiles.silhouette,
        cases=few_points,
        points=15,
        minutes=15,
        difficulty=4,
        hints=[
            "All distances first, as in `assign`, with a root.",
            "For a: the sum of the distances to the own cluster, divided by its size less one; the distance to oneself is 0 and must not count as a neighbour.",
            "For b: the mean distance to each other cluster; the smallest. A point that is alone keeps 0.",
        ],
        misconceptions=[
            Misconception(
                "a point counts as its own neighbour",
                "The distance to oneself is 0 and makes a too small: divide by the size less one.",
                [("(own.sum() - 1)", "own.sum()")],
            ),
            Misconception(
                "b is the mean over all other clusters",
                "The question is whether the *nearest* other cluster would be a better home: take the smallest mean.",
                [
                    (
                        "b = min(distance[i, labels == other].mean() for other in np.unique(labels[~own]))",
                        "b = distance[i, ~own].mean()",
                    )
                ],
            ),
            Misconception(
                "squared distances were used",
                "The silhouette compares distances themselves.",
                [
                    (
                        "np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))",
                        "((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)",
                    )
                ],
            ),
            Misconception(
                "a and b were exchanged",
                "Well placed means near to one's own (a small) and far from the others (b large): that should be positive.",
                [("= (b - a)", "= (a - b)")],
            ),
        ],
        alternatives=[_silhouette_with_loops, _silhouette_by_columns],
    ),
    Exercise(
        "recommend.profiles.profile_lift",
        profiles.profile_lift,
        cases=shares_of,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "Two means along axis 0: over the cluster's members, and over everyone.",
            "Their quotient. Where everyone's mean is 0 the answer is 1: no more and no less than others.",
        ],
        misconceptions=[
            Misconception(
                "the cluster was compared with the others, not with everyone",
                "Everyone includes the cluster itself: a lift of 1 is the average person of the whole platform.",
                [("everyone = table.mean(axis=0)", "everyone = table[labels != cluster].mean(axis=0)")],
            ),
            Misconception(
                "the difference was taken, not the quotient",
                "'0.02 more' says nothing without knowing of how much. A lift of 2 is twice as much.",
                [
                    (
                        "np.where(everyone > 0, members / np.where(everyone > 0, everyone, 1), 1.0)",
                        "members - everyone",
                    )
                ],
            ),
            Misconception(
                "a thing that nobody has was left at 0/0",
                "0/0 is NaN. Nobody has more of it than others: 1.",
                [
                    (
                        "np.where(everyone > 0, members / np.where(everyone > 0, everyone, 1), 1.0)",
                        "members / everyone",
                    )
                ],
            ),
            Misconception(
                "sums were compared, not means",
                "A big cluster has much of everything. Compare what a person has in the mean.",
                [
                    ("table.mean(axis=0)", "table.sum(axis=0)"),
                    ("table[labels == cluster].mean(axis=0)", "table[labels == cluster].sum(axis=0)"),
                ],
            ),
        ],
        alternatives=[_lift_column_by_column, _lift_with_weights],
        # where everyone's mean is 0 the quotient is not used
        equivalent=["line 14:53 Gt -> GtE (everyone > 0)", "line 14:77 + 1 (1)"],
    ),
]
