"""Cases of lesson 11 and right answers written in another style."""

import numpy as np


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


def assign_by_product(points, centres):
    return np.argmin((centres**2).sum(1) - 2 * points @ centres.T, axis=1)


def assign_with_loops(points, centres):
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


def update_with_sums(points, labels, centres):
    counts = np.bincount(labels, minlength=len(centres))
    sums = np.zeros(centres.shape)
    np.add.at(sums, labels, points)
    return np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres)


def update_as_a_list(points, labels, centres):
    rows = [points[labels == c].mean(0) if (labels == c).any() else centres[c] for c in range(len(centres))]
    return np.array(rows, dtype=float)


def empty_left_out(points, labels, centres):
    return np.array([points[labels == cluster].mean(axis=0) for cluster in np.unique(labels)])


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


def draw_by_search(points, chosen, u):
    squared = np.min([((points - centre) ** 2).sum(1) for centre in chosen], axis=0)
    return int(np.searchsorted(np.cumsum(squared / squared.sum()), u, side="right"))


def draw_with_a_loop(points, chosen, u):
    chances = [min(np.sum((point - centre) ** 2) for centre in chosen) for point in points]
    total = 0.0
    for number, chance in enumerate(chances):
        total += chance / sum(chances)
        if total > u:
            return number
    return len(points) - 1


def draw_the_farthest(points, chosen, u):
    squared = ((points[:, None, :] - chosen[None, :, :]) ** 2).sum(axis=2).min(axis=1)
    return int(squared.argmax())


def clustered(rng):
    cases = []
    for n, d, k in ((4, 1, 2), (10, 2, 3), (25, 3, 4)):
        points, labels, centres = groups(rng, n, d, k)
        cases.append({"points": points, "labels": labels, "centres": centres})
    return cases


def inertia_with_a_loop(points, labels, centres):
    return sum(np.sum((point - centres[label]) ** 2) for point, label in zip(points, labels))


def inertia_by_norms(points, labels, centres):
    return np.linalg.norm(points - np.take(centres, labels, axis=0)) ** 2


def pairs(rng):
    cases = [{"points": np.array([[0.0], [2.0], [7.0]]), "labels": np.array([0, 0, 1])}]
    for n, d, k in ((6, 2, 2), (15, 3, 3), (20, 1, 4)):
        points, labels, _ = groups(rng, n, d, k)
        cases.append({"points": points, "labels": labels + 2})
    return cases


def pairs_one_by_one(points, labels):
    total = 0.0
    for i in range(len(points)):
        for j in range(len(points)):
            if labels[i] == labels[j]:
                total += ((points[i] - points[j]) ** 2).sum()
    return total


def pairs_at_once(points, labels):
    squared = ((points[:, None] - points[None]) ** 2).sum(-1)
    return squared[labels[:, None] == labels[None]].sum()


def no_clusters(points, labels):
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


def standardised_by_columns(table, is_count):
    answer = np.zeros(table.shape)
    for column in range(table.shape[1]):
        values = np.log(1 + table[:, column]) if is_count[column] else table[:, column]
        if values.std() > 0:
            answer[:, column] = (values - np.mean(values)) / np.std(values)
    return answer


def standardised_on_a_copy(table, is_count):
    copy = table.astype(float)
    copy[:, is_count] = np.log1p(copy[:, is_count])
    copy -= copy.mean(0)
    spread = copy.std(0)
    spread[spread == 0] = 1
    return copy / spread


def by_range(table, is_count):
    table = np.where(is_count, np.log1p(np.where(is_count, table, 0)), table)
    spread = table.max(axis=0) - table.min(axis=0)
    return (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1)


def counts_only(table, is_count):
    counts = np.log1p(np.where(is_count, table, 0))
    spread = counts.std(axis=0)
    return np.where(is_count, (counts - counts.mean(axis=0)) / np.where(spread > 0, spread, 1), table)


def few_points(rng):
    cases = [{"points": np.array([[0.0], [1.0], [5.0], [6.0]]), "labels": np.array([0, 0, 1, 1])}]
    for n, d, k in ((7, 2, 3), (12, 3, 4)):
        points, labels, _ = groups(rng, n, d, k)
        cases.append({"points": points, "labels": labels})
    points, labels, _ = groups(rng, 8, 2, 2)
    return [*cases, {"points": points, "labels": np.r_[labels[:-1], 5]}]  # one is alone


def silhouette_with_loops(points, labels):
    values = []
    for i, point in enumerate(points):
        far = np.linalg.norm(points - point, axis=1)
        inside = [far[j] for j in range(len(points)) if labels[j] == labels[i] and j != i]
        others = [far[labels == c].mean() for c in set(labels.tolist()) if c != labels[i]]
        b = min(others)
        values.append((b - np.mean(inside)) / max(np.mean(inside), b) if inside else 0.0)
    return sum(values) / len(values)


def silhouette_by_columns(points, labels):
    far = np.linalg.norm(points[:, None] - points[None], axis=-1)
    clusters, own = np.unique(labels, return_inverse=True)
    member = labels[:, None] == clusters
    sums, counts, rows = far @ member, member.sum(0), np.arange(len(points))
    a = sums[rows, own] / np.maximum(counts[own] - 1, 1)
    means = sums / counts
    means[rows, own] = np.inf
    b = means.min(1)
    return np.where(counts[own] > 1, (b - a) / np.maximum(a, b), 0).mean()


def alone_left_out(points, labels):
    far = np.linalg.norm(points[:, None] - points[None], axis=-1)
    values = []
    for i in range(len(points)):
        own = labels == labels[i]
        if own.sum() > 1:
            a = far[i, own].sum() / (own.sum() - 1)
            b = min(far[i, labels == other].mean() for other in np.unique(labels[~own]))
            values.append((b - a) / max(a, b))
    return np.mean(values)


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


def lift_column_by_column(table, labels, cluster):
    answer = np.ones(table.shape[1])
    for column, values in enumerate(table.T):
        if values.sum() > 0:
            answer[column] = values[labels == cluster].mean() / values.mean()
    return answer


def lift_with_weights(table, labels, cluster):
    weights = (labels == cluster) / np.sum(labels == cluster)
    mean = table.sum(0) / len(table)
    return np.divide(weights @ table, mean, out=np.ones(table.shape[1]), where=mean > 0)
