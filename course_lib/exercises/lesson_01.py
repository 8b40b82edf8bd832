"""Exercises of lesson 01, the mathematics of GANs."""

import numpy as np

from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.gan import theory


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
    return [full, few, smooth, equal]


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


def _value_with_loops(d_real, d_fake):
    real = sum(np.log(p) for p in d_real) / len(d_real)
    fake = sum(np.log1p(-p) for p in d_fake) / len(d_fake)
    return real + fake


def _value_by_length(d_real, d_fake):
    return np.log(d_real).sum() / d_real.size + np.log(1.0 - np.asarray(d_fake)).sum() / d_fake.size


def _discriminator_with_divide(p_data, p_g):
    answer = np.full(p_data.shape, 0.5)
    np.divide(p_data, p_data + p_g, out=answer, where=(p_data + p_g) != 0)
    return answer


def _discriminator_with_a_mask(p_data, p_g):
    answer = np.ones_like(p_data) / 2
    some = (p_data > 0) | (p_g > 0)
    answer[some] = 1 / (1 + p_g[some] / np.maximum(p_data[some], 1e-300))
    return answer


def _hard_decision(p_data, p_g):
    return np.where(p_data == p_g, 0.5, np.where(p_data > p_g, 1.0, 0.0))


def _js_from_entropies(p, q):
    def entropy(a):
        a = a[a > 0]
        return -(a * np.log(a)).sum()

    return entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2


def _js_with_loops(p, q):
    total = 0.0
    for a, b in zip(p, q):
        if a > 0:
            total += 0.5 * a * np.log(2 * a / (a + b))
        if b > 0:
            total += 0.5 * b * np.log(2 * b / (a + b))
    return total


def _one_way(p, q):
    used = p > 0
    return np.sum(p[used] * np.log(p[used] / q[used]))


def _both_ways(p, q):
    def divergence(a, b):
        used = a > 0
        return np.sum(a[used] * np.log(a[used] / b[used]))

    return (divergence(p, q) + divergence(q, p)) / 2


def _zeros_not_left_out(p, q):
    middle = (p + q) / 2
    return (np.sum(p * np.log(p / middle)) + np.sum(q * np.log(q / middle))) / 2


def _saturating_by_hand(logit):
    return np.where(
        np.asarray(logit) >= 0,
        -1 / (1 + np.exp(-np.abs(logit))),
        -np.exp(-np.abs(logit)) / (1 + np.exp(-np.abs(logit))),
    )


def _saturating_by_tanh(logit):
    return -(1 + np.tanh(logit / 2)) / 2


def _non_saturating_mirrored(logit):
    return -(1 - 1 / (1 + np.exp(-np.clip(logit, -700, 700))))


def _non_saturating_by_tanh(logit):
    return (np.tanh(logit / 2) - 1) / 2


def _step_by_gradients(theta, psi, h):
    s = 1 / (1 + np.exp(-theta * psi))
    dv_dtheta, dv_dpsi = -psi * s, -theta * s
    return theta - h * dv_dtheta, psi + h * dv_dpsi


def _step_as_a_matrix(theta, psi, h):
    a = h / (1 + np.exp(-psi * theta))
    new = np.array([[1, 0], [0, 1]]) @ np.array([theta, psi]) + a * np.array([psi, -theta])
    return new[0], new[1]


def _alternating_by_names(theta, psi, h):
    new_psi = psi - h * theta / (1 + np.exp(-psi * theta))
    new_theta = theta + h * new_psi / (1 + np.exp(-new_psi * theta))
    return new_theta, new_psi


def _alternating_by_gradients(theta, psi, h):
    slope = -theta * (1 - 1 / (1 + np.exp(psi * theta)))
    psi = psi + h * slope
    slope = -psi * (1 - 1 / (1 + np.exp(psi * theta)))
    return theta - h * slope, psi


def _penalty_by_parts(theta, psi, h, gamma):
    s = 1 / (1 + np.exp(-theta * psi))
    ascent = -theta * s - gamma * psi
    return theta + h * s * psi, psi + h * ascent


def _penalty_as_shrinking(theta, psi, h, gamma):
    s = 1 / (1 + np.exp(-theta * psi))
    return theta + h * s * psi, (1 - h * gamma) * psi - h * s * theta


EXERCISES = [
    Exercise(
        "gan.theory.value_function",
        theory.value_function,
        cases=scores,
        points=10,
        minutes=6,
        difficulty=1,
        hints=[
            "Two means, one over each batch. Which of the two players is happy when `d_real` is near 1?",
            "On a fake the discriminator is right when it says 'not real', and the probability it gives to that is `1 - d_fake`.",
            "`np.mean(np.log(...))` for each batch, then the sum of the two. The batches may have different sizes.",
        ],
        misconceptions=[
            Misconception(
                "the `1 -` on the fakes was left out",
                "This is what the article prints. With log D on the fakes, V grows when the discriminator is *fooled*. "
                "What probability does it give to the right answer on a fake?",
                [("1 - d_fake", "d_fake")],
            ),
            Misconception(
                "sums were taken where means are meant",
                "V is an expectation: it must not grow with the batch. Compare a batch of 2 with one of 64.",
                [("np.mean(np.log(d_real)) + np.mean(", "np.sum(np.log(d_real)) + np.sum(")],
            ),
            Misconception(
                "the logarithm was taken of the mean",
                "The expectation stands outside the logarithm: first log each probability, then take the mean.",
                [
                    (
                        "np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake))",
                        "np.log(np.mean(d_real)) + np.log(np.mean(1 - d_fake))",
                    )
                ],
            ),
            Misconception(
                "this is the discriminator's loss, -V",
                "The sign is a matter of who is asked: the loss is minimised, the value is what the discriminator maximises.",
                [("return np.mean(np.log(d_real)) +", "return -np.mean(np.log(d_real)) -")],
            ),
            Misconception(
                "the two halves are subtracted",
                "The discriminator wants to be right on the real *and* on the fake batch: the two terms pull together.",
                [(") + np.mean(", ") - np.mean(")],
            ),
        ],
        alternatives=[_value_with_loops, _value_by_length],
    ),
    Exercise(
        "gan.theory.optimal_discriminator",
        theory.optimal_discriminator,
        cases=histograms,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "At one point x the value of the game is a log D + b log(1 - D), with a = p_data(x) and b = p_g(x). For which D is its slope zero?",
            "The slope is a/D - b/(1 - D). Solve for D.",
            "D* is the data's share of all that lies at x. Where nothing lies, a share is not defined: answer one half there, without dividing by zero.",
        ],
        misconceptions=[
            Misconception(
                "data and generator were exchanged",
                "D is the probability of 'real'. Where only data lie, what should it answer?",
                [("known, p_data / np", "known, p_g / np")],
            ),
            Misconception(
                "the ratio of the densities was returned, not the share",
                "p_data / p_g goes from 0 to infinity; a probability may not. What do you divide by?",
                [("total = p_data + p_g", "total = p_g")],
            ),
            Misconception(
                "points without any density were left at 0/0",
                "The formula is right. Where both densities are zero it is 0/0 = NaN: answer one half there.",
                [
                    (
                        "return np.where(known, p_data / np.where(known, total, 1), 0.5)",
                        "return p_data / total",
                    )
                ],
            ),
            Misconception(
                "D was made to decide, 0 or 1",
                "The best discriminator is not the one that always decides. Where the densities are 3 to 1, it is right to be unsure.",
                _hard_decision,
            ),
            Misconception(
                "points without any density get 0",
                "Where neither has any density nothing speaks for 'fake' either: the even answer is one half.",
                [("0.5)", "0.0)")],
            ),
        ],
        alternatives=[_discriminator_with_divide, _discriminator_with_a_mask],
        # what the division's filler is does not matter: those points are replaced
        equivalent=["line 13:59 + 1 (1)"],
    ),
    Exercise(
        "gan.theory.js_divergence",
        theory.js_divergence,
        cases=pairs_of_histograms,
        points=15,
        minutes=12,
        difficulty=3,
        hints=[
            "First the mixture: `middle = (p + q) / 2`. Both divergences are taken from it.",
            "Kullback-Leibler from the middle: the sum of a log(a / middle). Where a is 0 the term is 0: leave those bins out.",
            "The mean of the two. Check: for equal p and q it must be 0, for p and q without a common bin log 2 = 0.693.",
        ],
        misconceptions=[
            Misconception(
                "this is the Kullback-Leibler divergence from q to p",
                "It is not symmetric, and infinite where q is 0 and p is not. Jensen and Shannon compare both with the mixture.",
                _one_way,
            ),
            Misconception(
                "p and q were compared with each other, not with their mixture",
                "The symmetric sum of the two Kullback-Leibler divergences is still infinite for distributions that do not overlap.",
                _both_ways,
            ),
            Misconception(
                "the two divergences were added, not averaged",
                "For distributions without a common bin the result should be log 2 = 0.693; yours is twice that.",
                [("divergence_from_middle(q)) / 2", "divergence_from_middle(q))")],
            ),
            Misconception(
                "empty bins were not left out",
                "0 times log 0 is NaN for a computer and 0 for a mathematician: sum only where the probability is above 0.",
                _zeros_not_left_out,
            ),
            Misconception(
                "logarithms to base 2 were used",
                "That gives bits. In the course logarithms are natural, so that log 2 and log 4 appear as they do in the paper.",
                [("np.log(a[used]", "np.log2(a[used]")],
            ),
        ],
        alternatives=[_js_from_entropies, _js_with_loops],
    ),
    Exercise(
        "gan.theory.saturating_gradient",
        theory.saturating_gradient,
        cases=logits,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "The chain rule in two steps: log(1 - D) in D, then D = sigmoid(o) in o. The second slope is D (1 - D).",
            "-1/(1 - D) times D (1 - D): something cancels.",
        ],
        misconceptions=[
            Misconception(
                "this is the slope of -log D, the other loss",
                "It is large where D rejects the fakes. The loss asked for here is log(1 - D), the one that saturates.",
                [("-sigmoid(logit)", "sigmoid(logit) - 1")],
            ),
            Misconception(
                "the slope was taken in D, not in the logit",
                "-1/(1 - D) is the slope in the probability. One more factor leads from the logit to the probability.",
                [("-sigmoid(logit)", "-1 / (1 - sigmoid(logit))")],
            ),
            Misconception(
                "only the sigmoid was differentiated",
                "D (1 - D) is the inner slope. The outer one, of log(1 - D), is missing.",
                [("-sigmoid(logit)", "sigmoid(logit) * (1 - sigmoid(logit))")],
            ),
            Misconception(
                "the sign was lost",
                "log(1 - D) falls when D grows: the slope is negative. The generator descends, and so drives D up.",
                [("-sigmoid(logit)", "sigmoid(logit)")],
            ),
        ],
        alternatives=[_saturating_by_hand, _saturating_by_tanh],
    ),
    Exercise(
        "gan.theory.non_saturating_gradient",
        theory.non_saturating_gradient,
        cases=logits,
        points=10,
        minutes=6,
        difficulty=2,
        hints=[
            "The same two steps: -log D in D is -1/D, and the inner slope is D (1 - D).",
            "-(1 - D), written so that it is right for any logit.",
        ],
        misconceptions=[
            Misconception(
                "this is the slope of log(1 - D), the other loss",
                "It vanishes where D rejects the fakes, just when the generator needs help. Here the loss is -log D.",
                [("sigmoid(logit) - 1", "-sigmoid(logit)")],
            ),
            Misconception(
                "the slope was taken in D, not in the logit",
                "-1/D is the slope in the probability. One more factor leads from the logit to the probability.",
                [("sigmoid(logit) - 1", "-1 / sigmoid(logit)")],
            ),
            Misconception(
                "the sign was lost",
                "-log D falls when D grows, so its slope is negative.",
                [("sigmoid(logit) - 1", "1 - sigmoid(logit)")],
            ),
        ],
        alternatives=[_non_saturating_mirrored, _non_saturating_by_tanh],
    ),
    Exercise(
        "gan.theory.simultaneous_step",
        theory.simultaneous_step,
        cases=positions,
        points=15,
        minutes=10,
        difficulty=3,
        hints=[
            "Only log(1 - sigmoid(psi * theta)) depends on the players. You know its slope in the logit from the exercise above; the logit is psi * theta.",
            "dV/dtheta = -psi * sigmoid(psi * theta) and dV/dpsi = -theta * sigmoid(psi * theta).",
            "The generator goes down: theta - h * dV/dtheta. The discriminator goes up: psi + h * dV/dpsi. Both use the old theta and psi.",
        ],
        misconceptions=[
            Misconception(
                "the generator already sees the discriminator's new position",
                "That is the alternating step, which comes next. Here both move at the same moment, from the old positions.",
                [
                    (
                        "push = sigmoid(psi * theta)\n    return",
                        "psi = psi - h * theta * sigmoid(psi * theta)\n    return",
                    ),
                    (
                        "theta + h * psi * push, psi - h * theta * push",
                        "theta + h * psi * sigmoid(psi * theta), psi",
                    ),
                ],
            ),
            Misconception(
                "both players descend",
                "One goes down the value, the other up. Which of the two signs belongs to the discriminator?",
                [("psi - h * theta", "psi + h * theta")],
            ),
            Misconception(
                "both players ascend",
                "One goes down the value, the other up. Which of the two signs belongs to the generator?",
                [("theta + h * psi", "theta - h * psi")],
            ),
            Misconception(
                "the players pull in each other's direction",
                "Both signs are turned: your generator climbs and your discriminator descends.",
                [("theta + h * psi", "theta - h * psi"), ("psi - h * theta", "psi + h * theta")],
            ),
            Misconception(
                "the slope of the loss was taken as 1",
                "The factor sigmoid(psi * theta) is missing: the chain rule brings it in.",
                [("push = sigmoid(psi * theta)", "push = 1.0")],
            ),
            Misconception(
                "psi comes before theta in the answer",
                "The function promises (theta, psi) in this order.",
                [
                    (
                        "return theta + h * psi * push, psi - h * theta * push",
                        "return psi - h * theta * push, theta + h * psi * push",
                    )
                ],
            ),
        ],
        alternatives=[_step_by_gradients, _step_as_a_matrix],
    ),
    Exercise(
        "gan.theory.alternating_step",
        theory.alternating_step,
        cases=positions,
        points=10,
        minutes=6,
        difficulty=2,
        hints=[
            "Two lines: first a new psi from the old theta, then a new theta from the *new* psi.",
            "The factor sigmoid(psi * theta) also has to be computed again with the new psi.",
        ],
        misconceptions=[
            Misconception(
                "both players move at the same moment",
                "The generator's step must use the psi that the discriminator has just chosen.",
                [
                    ("psi = psi - h * theta * sigmoid(psi * theta)", "push = sigmoid(psi * theta)"),
                    (
                        "theta = theta + h * psi * sigmoid(psi * theta)",
                        "theta, psi = theta + h * psi * push, psi - h * theta * push",
                    ),
                ],
            ),
            Misconception(
                "the generator moves first",
                "The order is part of the method: the discriminator first, then the generator.",
                [
                    (
                        "psi = psi - h * theta * sigmoid(psi * theta)\n    theta = theta + h * psi * sigmoid(psi * theta)",
                        "theta = theta + h * psi * sigmoid(psi * theta)\n    psi = psi - h * theta * sigmoid(psi * theta)",
                    )
                ],
            ),
            Misconception(
                "the sigmoid still holds the old psi",
                "Half of the generator's step is up to date. Its factor sigmoid(psi * theta) depends on psi, too.",
                [
                    (
                        "psi = psi - h * theta * sigmoid(psi * theta)",
                        "push = sigmoid(psi * theta)\n    psi = psi - h * theta * push",
                    ),
                    ("theta + h * psi * sigmoid(psi * theta)", "theta + h * psi * push"),
                ],
            ),
        ],
        alternatives=[_alternating_by_names, _alternating_by_gradients],
    ),
    Exercise(
        "gan.theory.penalised_step",
        theory.penalised_step,
        cases=penalised_positions,
        points=15,
        minutes=8,
        difficulty=3,
        hints=[
            "Only the discriminator's step changes: it ascends V minus a penalty. What is the slope of gamma / 2 * psi^2 in psi?",
            "The slope of the penalty is gamma * psi, and the discriminator goes against it: psi + h * (dV/dpsi - gamma * psi).",
        ],
        misconceptions=[
            Misconception(
                "the penalty pushes psi away from zero",
                "A penalty is to be made small, and the discriminator ascends: which sign does it enter with?",
                [("+ gamma * psi)", "- gamma * psi)")],
            ),
            Misconception(
                "the penalty's slope was taken twice too large",
                "The slope of gamma * psi^2 is 2 gamma psi. But the penalty has a factor 1/2, put there for this reason.",
                [("+ gamma * psi)", "+ 2 * gamma * psi)")],
            ),
            Misconception(
                "the penalty was not multiplied by the step size",
                "The penalty belongs to what is ascended, so its slope is multiplied by h like everything else.",
                [("psi - h * (theta * push + gamma * psi)", "psi - h * theta * push - gamma * psi")],
            ),
            Misconception(
                "the penalty holds the generator, too",
                "Only the discriminator is penalised: the generator must stay free to move.",
                [("return theta + h * psi * push,", "return theta + h * (psi * push - gamma * theta),")],
            ),
            Misconception(
                "the penalty itself was subtracted, not its slope",
                "A step goes along a slope. What is the derivative of gamma / 2 * psi^2?",
                [("+ gamma * psi)", "+ gamma / 2 * psi**2)")],
            ),
        ],
        alternatives=[_penalty_by_parts, _penalty_as_shrinking],
    ),
]
