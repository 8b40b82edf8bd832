"""Cases, alternatives and wrong answers of lesson 13's exercises that are too long for the list."""

import numpy as np


# --- class sizes
def tables(rng):
    cases = [{"table": np.array([[1, 5], [1, 5], [2, 5]])}]
    for n, d, values in ((8, 2, 3), (15, 3, 2), (20, 1, 6)):
        cases.append({"table": rng.integers(0, values, (n, d))})
    # the columns one by one repeat, the rows do not
    cases.append({"table": np.array([[0, 1], [1, 0], [0, 0], [1, 1], [1, 1]])[rng.permutation(5)]})
    return cases


def sizes_pair_by_pair(table):
    return np.array([sum(np.array_equal(one, other) for other in table) for one in table])


def sizes_at_once(table):
    return (table[:, None, :] == table[None, :, :]).all(axis=2).sum(axis=1)


def sizes_of_single_columns(table):
    sizes = (table[:, None, :] == table[None, :, :]).sum(axis=1)
    return sizes.min(axis=1)


def sizes_once_a_class(table):
    return np.unique(table, axis=0, return_counts=True)[1]


def sizes_number_of_classes(table):
    return np.full(len(table), len(np.unique(table, axis=0)))


# --- linkage
def attacks(rng):
    released = np.array([[100.0, 7.0], [250.0, 9.0], [104.0, 7.0]])
    cases = [
        {
            "known": np.array([[252.0, 9.0], [103.0, 7.0], [252.0, 7.0]]),
            "released": released,
            "tolerance": np.array([5.0, 0.0]),
        }
    ]
    for n, m, d in ((12, 6, 2), (25, 10, 2), (20, 8, 3)):
        rows = rng.integers(0, 12, (n, d)).astype(float)
        outside = rows[rng.integers(0, n, m)] + rng.integers(-1, 2, (m, d))
        # somebody who is not in the table, and somebody who stands in it twice
        outside[0], rows[1] = 100.0, rows[0]
        outside[1] = rows[0]
        cases.append({"known": outside, "released": rows, "tolerance": np.array([1.0, 0.0, 2.0][:d])})
    return cases


def link_one_by_one(known, released, tolerance):
    found = []
    for person in known:
        rows = [i for i, row in enumerate(released) if np.all(np.abs(row - person) <= tolerance)]
        found.append(rows[0] if len(rows) == 1 else -1)
    return np.array(found)


def link_column_by_column(known, released, tolerance):
    fits = np.ones((len(known), len(released)), dtype=bool)
    for column, far in enumerate(tolerance):
        fits &= np.abs(np.subtract.outer(known[:, column], released[:, column])) <= far
    answer = np.full(len(known), -1)
    alone = np.flatnonzero(fits.sum(axis=1) == 1)
    answer[alone] = np.argmax(fits[alone], axis=1)
    return answer


def link_to_the_nearest(known, released, tolerance):
    return np.abs(known[:, None, :] - released[None, :, :]).sum(axis=2).argmin(axis=1)


# --- Mondrian's cut
def crowds(rng):
    cases = [
        {"table": np.array([[0.0, 0.0], [0.1, 5.0], [0.2, 1.0], [0.3, 2.0]]), "k": 2},
        # too few for two groups
        {"table": rng.normal(size=(5, 2)).round(2), "k": 3},
        # the widest column has no median that cuts: nearly all stand at its upper end
        {"table": np.array([[0.0, 1.0], [9.0, 2.0], [9.0, 3.0], [9.0, 4.0], [9.0, 5.0], [9.0, 6.0]]), "k": 2},
        # exactly k on the low side, then exactly k on the high side
        {"table": np.array([[1.0], [2.0], [3.0], [4.0], [5.0]]), "k": 2},
        {"table": np.array([[1.0], [1.0], [1.0], [2.0], [3.0]]), "k": 2},
        # two columns of one width
        {"table": np.array([[0.0, 3.0], [1.0, 1.0], [2.0, 0.0], [3.0, 2.0]]), "k": 1},
        # the least column would tell the largest from the spread: large numbers, narrow
        {"table": np.c_[rng.normal(100, 1, 9), rng.normal(0, 5, 9)].round(2), "k": 3},
    ]
    for n, d, k in ((9, 3, 2), (14, 2, 4), (12, 4, 3)):
        cases.append({"table": (rng.gamma(1.0, 1.0, (n, d)) * rng.uniform(1, 4, d)).round(2), "k": k})
    return cases


def cut_by_sorting(table, k):
    width = table.max(axis=0) - table.min(axis=0)
    for column in sorted(range(table.shape[1]), key=lambda c: -width[c]):
        threshold = np.quantile(table[:, column], 0.5)
        high = int(np.count_nonzero(table[:, column] > threshold))
        if min(high, len(table) - high) >= k:
            return column, float(threshold)
    return -1, 0.0


def cut_by_scanning(table, k):
    left = list(range(table.shape[1]))
    while left:
        widths = [np.max(table[:, c]) - np.min(table[:, c]) for c in left]
        column = left.pop(int(np.argmax(widths)))
        middle = float(np.median(table[:, column]))
        if sum(table[:, column] <= middle) >= k and sum(table[:, column] > middle) >= k:
            return column, middle
    return -1, 0.0


# --- diversity
def classed(rng):
    cases = [{"classes": np.array([0, 0, 0, 1, 1]), "sensitive": np.array([2, 2, 3, 2, 3])}]
    for n, classes, values in ((12, 2, 3), (25, 3, 4), (18, 3, 5)):
        cases.append(
            {
                "classes": np.r_[np.arange(classes), rng.integers(0, classes, n - classes)],
                "sensitive": rng.integers(0, values, n),
            }
        )
    # a class in which all are alike
    cases.append({"classes": np.array([4, 4, 7, 7, 7]), "sensitive": np.array([1, 2, 5, 5, 5])})
    return cases


def diversity_with_products(classes, sensitive):
    found = []
    for one in set(classes.tolist()):
        inside = sensitive[classes == one].tolist()
        product = 1.0
        for value in set(inside):
            share = inside.count(value) / len(inside)
            product *= share**-share
        found.append(product)
    return min(found)


def diversity_with_a_table(classes, sensitive):
    _, row = np.unique(classes, return_inverse=True)
    _, column = np.unique(sensitive, return_inverse=True)
    table = np.zeros((row.max() + 1, column.max() + 1))
    np.add.at(table, (row, column), 1)
    p = table / table.sum(axis=1, keepdims=True)
    entropy = -(p * np.log(np.where(p > 0, p, 1))).sum(axis=1)
    return float(np.exp(entropy.min()))


def diversity_of_everybody(classes, sensitive):
    _, counts = np.unique(sensitive, return_counts=True)
    shares = counts / counts.sum()
    return np.exp(-np.sum(shares * np.log(shares)))


def diversity_of_the_commonest(classes, sensitive):
    least = np.inf
    for one in np.unique(classes):
        _, counts = np.unique(sensitive[classes == one], return_counts=True)
        least = min(least, counts.sum() / counts.max())
    return least


# --- Laplace noise
def draws(rng):
    cases = [
        {"values": np.array([10.0, 20.0]), "sensitivity": 1.0, "epsilon": 0.5, "u": np.array([0.5, 0.9])}
    ]
    for n, sensitivity, epsilon in ((3, 2.0, 0.5), (5, 1.0, 3.0), (4, 0.25, 0.1)):
        cases.append(
            {
                "values": rng.normal(50, 20, n).round(1),
                "sensitivity": sensitivity,
                "epsilon": epsilon,
                "u": rng.uniform(0.02, 0.98, n),
            }
        )
    cases.append(
        {
            "values": rng.normal(size=(2, 3)),
            "sensitivity": 1.0,
            "epsilon": 1.0,
            "u": rng.uniform(0.02, 0.98, (2, 3)),
        }
    )
    return cases


def laplace_in_two_halves(values, sensitivity, epsilon, u):
    b = sensitivity / epsilon
    return values + b * np.where(u < 0.5, np.log(2 * u), -np.log(2 * (1 - u)))


def laplace_entry_by_entry(values, sensitivity, epsilon, u):
    answer = np.array(values, dtype=float)
    for place in np.ndindex(answer.shape):
        far = -np.log(1 - abs(2 * u[place] - 1)) * sensitivity / epsilon
        answer[place] += far if u[place] > 0.5 else -far
    return answer


def laplace_uniform(values, sensitivity, epsilon, u):
    return values + sensitivity / epsilon * (u - 0.5)


# --- clipping
def long_rows(rng):
    cases = [{"table": np.array([[3.0, -1.0], [0.5, 0.25], [0.0, 0.0]]), "bound": 2.0}]
    for n, d, bound in ((4, 3, 1.0), (6, 2, 0.5), (5, 4, 3.0)):
        cases.append({"table": rng.normal(0, 1, (n, d)).round(2), "bound": bound})
    return cases


def clip_row_by_row(table, bound):
    answer = table.astype(float)
    for i, row in enumerate(table):
        length = sum(abs(value) for value in row)
        if length > bound:
            answer[i] = row / length * bound
    return answer


def clip_with_a_factor(table, bound):
    length = np.linalg.norm(table, ord=1, axis=1)
    factor = np.ones(len(table))
    factor[length > bound] = bound / length[length > bound]
    return factor[:, None] * table


# --- composition
def answers(rng):
    cases = [{"epsilons": np.array([0.5, 0.25, 1.0, 0.5]), "groups": np.array([-1, 0, 1, 0])}]
    for n, groups in ((5, 2), (9, 3)):
        cases.append(
            {
                "epsilons": rng.uniform(0.05, 1, n).round(2),
                "groups": np.r_[-1, -1, 0, rng.integers(0, groups, n - 3)],
            }
        )
    cases.append({"epsilons": rng.uniform(0.1, 1, 3).round(2), "groups": np.array([-1, -1, -1])})
    cases.append({"epsilons": rng.uniform(0.1, 1, 4).round(2), "groups": np.array([5, 5, 7, 7])})
    return cases


def epsilon_of_each_person(epsilons, groups):
    # one person of each group, and one who is in none
    return max(sum(e for e, g in zip(epsilons, groups) if g in (-1, own)) for own in {-1, *groups.tolist()})


def epsilon_by_bincount(epsilons, groups):
    per_group = np.bincount(groups + 1, weights=epsilons, minlength=2)
    return per_group[0] + per_group[1:].max()
