"""Cases of lesson 01, and answers to its exercises as learners write them: right in another style, and wrong."""

import numpy as np


def scores(rng):
    """Batches of probabilities; the two batches have different sizes, as real and fake ones may."""
    cases = [{"d_real": np.array([0.9, 0.8]), "d_fake": np.array([0.1, 0.3, 0.2])}]
    for n, m in ((1, 1), (4, 7), (64, 32)):
        cases.append({"d_real": rng.uniform(0.05, 0.95, n), "d_fake": rng.uniform(0.05, 0.95, m)})
    return cases


def histograms(rng):
    """Pairs of distributions: overlapping, equal, apart, with bins that are empty in one or in both."""
    few = {"p_data": np.array([0.5, 0.5, 0.0, 0.0]), "p_g": np.array([0.0, 0.25, 0.75, 0.0])}
    smooth = {"p_data": rng.dirichlet(np.ones(12)), "p_g": rng.dirichlet(np.ones(12))}
    full = {"p_data": np.array([0.2, 0.8]), "p_g": np.array([0.6, 0.4])}
    equal = {"p_data": smooth["p_data"].copy(), "p_g": smooth["p_data"].copy()}
    tiny = {"p_data": np.array([1e-20, 1.0]), "p_g": np.array([3e-20, 1.0])}
    return [full, few, smooth, equal, tiny]


def pairs_of_histograms(rng):
    """The same, named p and q."""
    return [dict(zip("pq", case.values())) for case in histograms(rng)]


def logits(rng):
    """Single logits, a batch, and extremes at which careless code overflows."""
    return [
        {"logit": 2.0},
        {"logit": 0.0},
        {"logit": rng.normal(0, 3, 9)},
        {"logit": np.array([-800.0, -30.0, 30.0, 800.0])},
    ]


def positions(rng):
    """Single games and many games at once."""
    cases = [{"theta": 1.0, "psi": 0.5, "h": 0.1}, {"theta": 0.0, "psi": -1.0, "h": 0.2}]
    cases.append({"theta": rng.normal(0, 2, 6), "psi": rng.normal(0, 2, 6), "h": 0.3})
    return cases


def penalised_positions(rng):
    """The same with a weight of the penalty, zero among them."""
    return [{**case, "gamma": gamma} for case, gamma in zip(positions(rng), (0.5, 1.7, 0.0))] + [
        {"theta": rng.normal(0, 2, 5), "psi": rng.normal(0, 2, 5), "h": 0.2, "gamma": 2.5}
    ]


def value_with_loops(d_real, d_fake):
    real = sum(np.log(p) for p in d_real) / len(d_real)
    fake = sum(np.log1p(-p) for p in d_fake) / len(d_fake)
    return real + fake


def value_by_length(d_real, d_fake):
    return np.log(d_real).sum() / d_real.size + np.log(1.0 - np.asarray(d_fake)).sum() / d_fake.size


def discriminator_with_divide(p_data, p_g):
    answer = np.full(p_data.shape, 0.5)
    np.divide(p_data, p_data + p_g, out=answer, where=(p_data + p_g) != 0)
    return answer


def discriminator_with_a_mask(p_data, p_g):
    answer = np.ones_like(p_data) / 2
    some = (p_data > 0) | (p_g > 0)
    answer[some] = 1 / (1 + p_g[some] / np.maximum(p_data[some], 1e-300))
    return answer


def hard_decision(p_data, p_g):
    return np.where(p_data == p_g, 0.5, np.where(p_data > p_g, 1.0, 0.0))


def js_from_entropies(p, q):
    def entropy(a):
        a = a[a > 0]
        return -(a * np.log(a)).sum()

    return entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2


def js_with_loops(p, q):
    total = 0.0
    for a, b in zip(p, q):
        if a > 0:
            total += 0.5 * a * np.log(2 * a / (a + b))
        if b > 0:
            total += 0.5 * b * np.log(2 * b / (a + b))
    return total


def one_way(p, q):
    used = p > 0
    return np.sum(p[used] * np.log(p[used] / q[used]))


def both_ways(p, q):
    def divergence(a, b):
        used = a > 0
        return np.sum(a[used] * np.log(a[used] / b[used]))

    return (divergence(p, q) + divergence(q, p)) / 2


def one_way_with_zeros(p, q):
    return np.sum(p * np.log(p / q))


def both_ways_with_zeros(p, q):
    return (np.sum(p * np.log(p / q)) + np.sum(q * np.log(q / p))) / 2


def added_with_zeros(p, q):
    middle = (p + q) / 2
    return np.sum(p * np.log(p / middle)) + np.sum(q * np.log(q / middle))


def zeros_not_left_out(p, q):
    middle = (p + q) / 2
    return (np.sum(p * np.log(p / middle)) + np.sum(q * np.log(q / middle))) / 2


def saturating_by_hand(logit):
    return np.where(
        np.asarray(logit) >= 0,
        -1 / (1 + np.exp(-np.abs(logit))),
        -np.exp(-np.abs(logit)) / (1 + np.exp(-np.abs(logit))),
    )


def saturating_by_tanh(logit):
    return -(1 + np.tanh(logit / 2)) / 2


def non_saturating_mirrored(logit):
    return -(1 - 1 / (1 + np.exp(-np.clip(logit, -700, 700))))


def non_saturating_by_tanh(logit):
    return (np.tanh(logit / 2) - 1) / 2


def step_by_gradients(theta, psi, h):
    s = 1 / (1 + np.exp(-theta * psi))
    dv_dtheta, dv_dpsi = -psi * s, -theta * s
    return theta - h * dv_dtheta, psi + h * dv_dpsi


def step_as_a_matrix(theta, psi, h):
    a = h / (1 + np.exp(-psi * theta))
    new = np.array([[1, 0], [0, 1]]) @ np.array([theta, psi]) + a * np.array([psi, -theta])
    return new[0], new[1]


def alternating_by_names(theta, psi, h):
    new_psi = psi - h * theta / (1 + np.exp(-psi * theta))
    new_theta = theta + h * new_psi / (1 + np.exp(-new_psi * theta))
    return new_theta, new_psi


def alternating_by_gradients(theta, psi, h):
    slope = -theta * (1 - 1 / (1 + np.exp(psi * theta)))
    psi = psi + h * slope
    slope = -psi * (1 - 1 / (1 + np.exp(psi * theta)))
    return theta - h * slope, psi


def penalty_by_parts(theta, psi, h, gamma):
    s = 1 / (1 + np.exp(-theta * psi))
    ascent = -theta * s - gamma * psi
    return theta + h * s * psi, psi + h * ascent


def penalty_as_shrinking(theta, psi, h, gamma):
    s = 1 / (1 + np.exp(-theta * psi))
    return theta + h * s * psi, (1 - h * gamma) * psi - h * s * theta
