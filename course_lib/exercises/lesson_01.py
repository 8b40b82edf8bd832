"""Exercises of lesson 01, the mathematics of GANs."""

from course_lib.exercises import answers_01 as answers
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.gan import theory

EXERCISES = [
    Exercise(
        "gan.theory.value_function",
        theory.value_function,
        cases=answers.scores,
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
            Misconception(
                "the two batches were exchanged",
                "The first argument holds the answers on *real* samples. Those should be large.",
                [("np.log(d_real)", "np.log(1 - d_real)"), ("np.log(1 - d_fake)", "np.log(d_fake)")],
            ),
            Misconception(
                "only the real batch was looked at",
                "A critic that calls everything real would be perfect. What does it say about the fakes?",
                [(" + np.mean(np.log(1 - d_fake))", "")],
            ),
            Misconception(
                "logarithms to another base were used",
                "In the course logarithms are natural (`np.log`), so that log 2 and log 4 appear as they do in the paper.",
                [("np.log(d_real)", "np.log2(d_real)"), ("np.log(1", "np.log2(1")],
                variants=[[("np.log(d_real)", "np.log10(d_real)"), ("np.log(1", "np.log10(1")]],
            ),
        ],
        alternatives=[answers.value_with_loops, answers.value_by_length],
    ),
    Exercise(
        "gan.theory.optimal_discriminator",
        theory.optimal_discriminator,
        cases=answers.histograms,
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
                variants=[
                    [
                        (
                            "return np.where(known, p_data / np.where(known, total, 1), 0.5)",
                            "return p_g / total",
                        )
                    ],
                    [
                        (
                            "return np.where(known, p_data / np.where(known, total, 1), 0.5)",
                            "return 1 - p_data / total",
                        )
                    ],
                ],
            ),
            Misconception(
                "the ratio of the densities was returned, not the share",
                "p_data / p_g goes from 0 to infinity; a probability may not. What do you divide by?",
                [("total = p_data + p_g", "total = p_g")],
                variants=[
                    [
                        (
                            "return np.where(known, p_data / np.where(known, total, 1), 0.5)",
                            "return p_data / p_g",
                        )
                    ]
                ],
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
                answers.hard_decision,
                variants=[
                    [
                        (
                            "return np.where(known, p_data / np.where(known, total, 1), 0.5)",
                            "return (p_data > p_g).astype(float)",
                        )
                    ],
                    [
                        (
                            "return np.where(known, p_data / np.where(known, total, 1), 0.5)",
                            "return (p_data >= p_g).astype(float)",
                        )
                    ],
                ],
            ),
            Misconception(
                "points without any density get 0",
                "Where neither has any density nothing speaks for 'fake' either: the even answer is one half.",
                [("0.5)", "0.0)")],
            ),
        ],
        alternatives=[answers.discriminator_with_divide, answers.discriminator_with_a_mask],
        # what the division's filler is does not matter: those points are replaced
        equivalent=["line 13:59 + 1 (1)"],
    ),
    Exercise(
        "gan.theory.js_divergence",
        theory.js_divergence,
        cases=answers.pairs_of_histograms,
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
                "this is the Kullback-Leibler divergence KL(p‖q)",
                "It is not symmetric, and infinite where q is 0 and p is not. Jensen and Shannon compare both with the mixture.",
                answers.one_way,
                variants=[answers.one_way_with_zeros],
            ),
            Misconception(
                "p and q were compared with each other, not with their mixture",
                "The symmetric sum of the two Kullback-Leibler divergences is still infinite for distributions that do not overlap.",
                answers.both_ways,
                variants=[answers.both_ways_with_zeros],
            ),
            Misconception(
                "the two divergences were added, not averaged",
                "For distributions without a common bin the result should be log 2 = 0.693; yours is twice that.",
                [("divergence_from_middle(q)) / 2", "divergence_from_middle(q))")],
                variants=[answers.added_with_zeros],
            ),
            Misconception(
                "empty bins were not left out",
                "0 times log 0 is NaN for a computer and 0 for a mathematician: sum only where the probability is above 0.",
                answers.zeros_not_left_out,
            ),
            Misconception(
                "logarithms to base 2 were used",
                "That gives bits. In the course logarithms are natural, so that log 2 and log 4 appear as they do in the paper.",
                [("np.log(a[used]", "np.log2(a[used]")],
            ),
            Misconception(
                "the square root was taken",
                "The root of the divergence is the Jensen-Shannon *distance*, which some libraries return. Here the divergence is asked for.",
                [
                    (
                        "return (divergence_from_middle(p) + divergence_from_middle(q)) / 2",
                        "return np.sqrt((divergence_from_middle(p) + divergence_from_middle(q)) / 2)",
                    )
                ],
            ),
            Misconception(
                "only one of the two was compared with the mixture",
                "p is as far from the mixture as it is; so is q, and both count. The result must not change when p and q are exchanged.",
                [
                    (
                        "(divergence_from_middle(p) + divergence_from_middle(q)) / 2",
                        "divergence_from_middle(p)",
                    )
                ],
            ),
            Misconception(
                "the mixture does not sum to 1",
                "The mixture is the mean of the two distributions, so that it is one itself.",
                [("middle = (p + q) / 2", "middle = p + q")],
            ),
            Misconception(
                "bins were left out that only one of the two has",
                "Leave a bin out of p's sum only where *p* is 0. A bin that q lacks is the strongest evidence there is.",
                [("used = a > 0", "used = (p > 0) & (q > 0)")],
            ),
        ],
        alternatives=[answers.js_from_entropies, answers.js_with_loops],
    ),
    Exercise(
        "gan.theory.saturating_gradient",
        theory.saturating_gradient,
        cases=answers.logits,
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
                "two factors are multiplied that should cancel",
                "Right on paper. For a large logit D rounds to 1, and the product becomes infinity times 0: cancel before you compute.",
                [("-sigmoid(logit)", "-1 / (1 - sigmoid(logit)) * sigmoid(logit) * (1 - sigmoid(logit))")],
                variants=[[("-sigmoid(logit)", "-np.exp(logit) / (1 + np.exp(logit))")]],
            ),
            Misconception(
                "the inner slope was not cancelled",
                "-D (1 - D) still has the factor 1 - D, which the slope of log(1 - D) divides by.",
                [("-sigmoid(logit)", "-sigmoid(logit) * (1 - sigmoid(logit))")],
            ),
            Misconception(
                "the sign was lost",
                "log(1 - D) falls when D grows: the slope is negative. The generator descends, and so drives D up.",
                [("-sigmoid(logit)", "sigmoid(logit)")],
            ),
        ],
        alternatives=[answers.saturating_by_hand, answers.saturating_by_tanh],
    ),
    Exercise(
        "gan.theory.non_saturating_gradient",
        theory.non_saturating_gradient,
        cases=answers.logits,
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
                "two factors are multiplied that should cancel",
                "Right on paper. For a very negative logit D rounds to 0, and the quotient is 0/0: cancel before you compute.",
                [("sigmoid(logit) - 1", "-1 / sigmoid(logit) * sigmoid(logit) * (1 - sigmoid(logit))")],
                variants=[[("sigmoid(logit) - 1", "-np.exp(-logit) / (1 + np.exp(-logit))")]],
            ),
            Misconception(
                "the sign was lost",
                "-log D falls when D grows, so its slope is negative.",
                [("sigmoid(logit) - 1", "1 - sigmoid(logit)")],
            ),
        ],
        alternatives=[answers.non_saturating_mirrored, answers.non_saturating_by_tanh],
    ),
    Exercise(
        "gan.theory.simultaneous_step",
        theory.simultaneous_step,
        cases=answers.positions,
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
                "theta was overwritten before psi used it",
                "Both players move at the same moment. Keep the old theta until psi has been computed from it.",
                [
                    (
                        "return theta + h * psi * push, psi - h * theta * push",
                        "theta = theta + h * psi * push\n    return theta, psi - h * theta * push",
                    )
                ],
                variants=[
                    [
                        (
                            "push = sigmoid(psi * theta)\n    return theta + h * psi * push, psi - h * theta * push",
                            "theta = theta + h * psi * sigmoid(psi * theta)\n    return theta, psi - h * theta * sigmoid(psi * theta)",
                        )
                    ]
                ],
            ),
            Misconception(
                "only the changes were returned",
                "Return where the players *are* after the step: the old position plus the change.",
                [
                    (
                        "return theta + h * psi * push, psi - h * theta * push",
                        "return h * psi * push, -h * theta * push",
                    )
                ],
            ),
            Misconception(
                "the step size was left out",
                "A slope says in which direction; how far is `h` times that.",
                [
                    (
                        "return theta + h * psi * push, psi - h * theta * push",
                        "return theta + psi * push, psi - theta * push",
                    )
                ],
            ),
            Misconception(
                "the generator uses the non-saturating loss",
                "Here both players play the same V: the generator descends log(1 - D), whose slope is -sigmoid, not sigmoid - 1.",
                [("return theta + h * psi * push,", "return theta + h * psi * (1 - push),")],
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
        alternatives=[answers.step_by_gradients, answers.step_as_a_matrix],
    ),
    Exercise(
        "gan.theory.alternating_step",
        theory.alternating_step,
        cases=answers.positions,
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
            Misconception(
                "psi comes before theta in the answer",
                "The function promises (theta, psi) in this order.",
                [("return theta, psi", "return psi, theta")],
            ),
            Misconception(
                "the old psi was returned",
                "The generator has seen the new psi; the caller should get it, too.",
                [
                    (
                        "psi = psi - h * theta * sigmoid(psi * theta)",
                        "new = psi - h * theta * sigmoid(psi * theta)",
                    ),
                    (
                        "theta = theta + h * psi * sigmoid(psi * theta)",
                        "theta = theta + h * new * sigmoid(new * theta)",
                    ),
                ],
            ),
        ],
        alternatives=[answers.alternating_by_names, answers.alternating_by_gradients],
    ),
    Exercise(
        "gan.theory.penalised_step",
        theory.penalised_step,
        cases=answers.penalised_positions,
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
            Misconception(
                "there is no penalty",
                "This is the simultaneous step. Where does `gamma` come in?",
                [("psi - h * (theta * push + gamma * psi)", "psi - h * theta * push")],
            ),
            Misconception(
                "the penalty's slope was taken half as large",
                "The slope of psi^2 is 2 psi, which cancels the factor 1/2.",
                [("+ gamma * psi)", "+ gamma / 2 * psi)")],
            ),
            Misconception(
                "the penalty was put on theta",
                "The gradient of the critic's logit psi * x in x is psi: that is what is penalised.",
                [("+ gamma * psi)", "+ gamma * theta)")],
            ),
        ],
        alternatives=[answers.penalty_by_parts, answers.penalty_as_shrinking],
    ),
]
