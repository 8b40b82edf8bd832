"""Differential privacy: what is published would look nearly the same without you.

A mechanism M is epsilon-differentially private if for any two tables that differ by one person, and any set S of
outcomes, P(M(a) in S) <= exp(epsilon) P(M(b) in S).

Source: Dwork, McSherry, Nissim, Smith, *Calibrating Noise to Sensitivity in Private Data Analysis*, 2006.
The noise here is drawn in ordinary floating point: good for learning and measuring, not for a release that
must withstand an attack on the last bits (Mironov, *On Significance of the Least Significant Bits for
Differential Privacy*, 2012).
"""

from dataclasses import dataclass, field

import numpy as np

from course_lib.errors import CourseError


def laplace_mechanism(values, sensitivity, epsilon, u):
    """Values with Laplace noise, made from uniform random numbers.

    The scale of the noise is b = sensitivity / epsilon. Its density is exp(-|x| / b) / (2 b), and the inverse of
    its distribution function makes it from a uniform u: x = -b sign(u - 1/2) log(1 - 2 |u - 1/2|).

    Args:
        values: what would be published without privacy, any shape.
        sensitivity: by how much one person can change all values together (sum of absolute changes), above 0.
        epsilon: above 0; small is private.
        u: uniform random numbers in (0, 1), one for each value.

    Returns:
        Noisy values, of the same shape.
    """
    scale = sensitivity / epsilon
    centred = u - 0.5
    return values - scale * np.sign(centred) * np.log(1 - 2 * np.abs(centred))


def clip_rows(table, bound):
    """Rows shortened to a length of at most `bound`, so that no person can change a sum by more.

    Length means the sum of absolute values, in which Laplace noise counts. Longer rows keep their direction;
    shorter ones stay as they are.

    Args:
        table: one row a person, shape (n, d).
        bound: above 0.

    Returns:
        A new table, shape (n, d).
    """
    length = np.abs(table).sum(axis=1, keepdims=True)
    return table * bound / np.maximum(length, bound)


def total_epsilon(epsilons, groups):
    """What several answers together have cost one person, at most.

    Answers that look at the same people add up (sequential composition). Answers about groups without a common
    member do not: a person is in one of them only (parallel composition).

    Args:
        epsilons: the cost of each answer, shape (n,).
        groups: whom each answer looked at, shape (n,): -1 everybody, otherwise the number of a group; different
            groups have no common member.

    Returns:
        The epsilon that the person worst off has spent.
    """
    everybody = epsilons[groups < 0].sum()
    apart = [epsilons[groups == one].sum() for one in np.unique(groups[groups >= 0])]
    return everybody + max(apart, default=0.0)


@dataclass
class Budget:
    """A privacy budget: answers are paid for, and when it is spent there are no more.

    Attributes:
        epsilon: what may be spent in all.
        answers: (what, epsilon, group) of everything paid for; group -1 looks at everybody, see `total_epsilon`.
    """

    epsilon: float
    answers: list = field(default_factory=list)

    def __post_init__(self):
        if not self.epsilon > 0:
            raise CourseError(f"a privacy budget must be above 0; it is {self.epsilon}.")

    def spent(self, extra=()) -> float:
        """Epsilon spent so far, with `extra` answers besides."""
        rows = [*self.answers, *extra]
        return float(
            total_epsilon(np.array([row[1] for row in rows], float), np.array([row[2] for row in rows], int))
        )

    @property
    def left(self) -> float:
        """What can still be spent on answers about everybody."""
        return self.epsilon - self.spent()

    def pay(self, what: str, epsilon: float, group: int = -1) -> None:
        """Pay for an answer before it is given.

        Raises:
            CourseError: it would exceed the budget; nothing is paid then.
        """
        if not epsilon > 0:
            raise CourseError(f"'{what}' must cost an epsilon above 0, not {epsilon}.")
        wanted = self.spent([(what, epsilon, group)])
        if wanted > self.epsilon * (1 + 1e-9):
            raise CourseError(
                f"'{what}' would bring the epsilon spent to {wanted:.3g}, and the budget is {self.epsilon:.3g}: "
                "answer from what has been published already, or not at all."
            )
        self.answers.append((what, float(epsilon), int(group)))


def noisy(values, sensitivity: float, epsilon: float, rng) -> np.ndarray:
    """`laplace_mechanism` with its random numbers drawn from `rng`; never exactly 0 or 1, where the logarithm ends."""
    values = np.asarray(values, float)
    u = rng.random(values.shape)
    return laplace_mechanism(values, sensitivity, epsilon, np.clip(u, 1e-15, 1 - 1e-15))
