"""What would have happened? A new policy judged from a log that an old one has written."""

from dataclasses import dataclass

import numpy as np

from course_lib.errors import CourseError


def inverse_propensity(reward, logged, target):
    """The mean reward that another policy would have had, from a log: each row counts target / logged times.

    Args:
        reward: what came of each row, shape (n,), n at least 2.
        logged: chance with which the film of the row was shown then, above 0, shape (n,).
        target: chance with which the new policy would show *that* film to that person, shape (n,).

    Returns:
        (estimate, standard error): the mean of the weighted rewards; their standard deviation (with n - 1) over root n.

    Source: Horvitz and Thompson, *A Generalization of Sampling Without Replacement from a Finite Universe*, 1952.
    """
    weighted = target / logged * reward
    return weighted.mean(), weighted.std(ddof=1) / np.sqrt(len(weighted))


def self_normalised(reward, logged, target):
    """Like `inverse_propensity`, divided by the sum of the weights in place of n: never outside the rewards' range.

    Args and returns as `inverse_propensity`; at least one row has a target above 0. A little biased, mostly steadier.

    Source: Swaminathan and Joachims, *The Self-Normalized Estimator for Counterfactual Learning*, 2015.
    """
    weight = target / logged
    estimate = (weight * reward).sum() / weight.sum()
    error = np.sqrt((weight**2 * (reward - estimate) ** 2).sum()) / weight.sum()
    return estimate, error


def doubly_robust(reward, logged, target, guess_shown, guess_new):
    """A model's guess for the new policy, corrected by what the model missed on the rows of the log.

    Each row gives: the guess for the new policy, plus weight times (reward - guess for what was shown). Right in the mean
    if *either* the chances *or* the model is right; and the better the model, the smaller the noise.

    Args:
        reward, logged, target: as in `inverse_propensity`, shape (n,).
        guess_shown: the model's guess of the reward of the film that was shown, shape (n,).
        guess_new: its guess of the mean reward of what the new policy would show to that person, shape (n,).

    Returns:
        (estimate, standard error): mean of the rows; their standard deviation (with n - 1) over root n.

    Source: Dudík, Langford and Li, *Doubly Robust Policy Evaluation and Learning*, 2011.
    """
    rows = guess_new + target / logged * (reward - guess_shown)
    return rows.mean(), rows.std(ddof=1) / np.sqrt(len(rows))


@dataclass(frozen=True)
class Shows:
    """A log of single shows, all (n,) but the last.

    Attributes:
        user, film: numbers from 0; reward: 0 or 1.
        blind: whether the film was drawn blindly (KuaiRand's `is_rand`).
        chance: the chance with which the film had been chosen for that person, the blind share included.
        policy: the whole row of these chances, (n, films).
    """

    user: np.ndarray
    film: np.ndarray
    reward: np.ndarray
    blind: np.ndarray
    chance: np.ndarray
    policy: np.ndarray


def softmax(scores) -> np.ndarray:
    """Shares that add up to 1 along the last axis, larger for larger scores."""
    powers = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def old_policy(stage, skew: float = 1.0, seed: int = 0) -> np.ndarray:
    """The chances with which the platform has shown its films so far, (users, films).

    It favours some films for no good reason (fame), and knows a little of each person's taste. `skew` 0 shows all alike;
    the larger, the rarer some films become for some people.
    """
    rng = np.random.default_rng([seed, 31])
    fame = rng.permutation(np.linspace(-1.0, 1.0, len(stage.films)))
    rumour = 0.5 * (stage.liking - stage.liking.mean(axis=1, keepdims=True))
    return softmax(skew * (fame + rumour))


def write_log(stage, policy, n: int, seed: int, blind_share: float = 0.05) -> Shows:
    """n shows under a policy, a share of them blind, and what became of them.

    Args:
        stage: `distribute_stage.Stage`; policy: (users, films), rows add up to 1.
    """
    policy = np.asarray(policy, float)
    if policy.shape != stage.chance.shape or not np.allclose(policy.sum(1), 1) or not 0 <= blind_share <= 1:
        raise CourseError("a policy needs a chance for each person and film; each person's add up to 1.")
    rng = np.random.default_rng([seed, 43])
    users, films = policy.shape
    user, blind = rng.integers(0, users, n), rng.random(n) < blind_share
    used = np.where(blind[:, None], 1 / films, policy[user])
    film = np.minimum((used.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1), films - 1)
    reward = (rng.random(n) < stage.chance[user, film]).astype(float)
    # whether a row was blind is luck, too: the chance of the film is that of the mixture
    mixture = (1 - blind_share) * policy[user] + blind_share / films
    return Shows(user, film, reward, blind, mixture[np.arange(n), film], mixture)


def click_model(features, film, reward, films: int, ridge: float = 5.0) -> np.ndarray:
    """A ridge regression of the reward on a person's features for each film: coefficients (d, films)."""
    d = features.shape[1]
    coefficients = np.zeros((d, films))
    for one in range(films):
        x, y = features[film == one], reward[film == one]
        coefficients[:, one] = np.linalg.solve(x.T @ x + ridge * np.eye(d), x.T @ y)
    return coefficients


def guesses(log: Shows, stage, halves: int = 2) -> np.ndarray:
    """What a model learned from the *other* part of the log guesses for every row and film, (n, films).

    A model that has seen a row's reward would correct itself by less than it should: hence the halves.
    """
    rows = np.arange(len(log.user)) % halves
    answer = np.empty((len(rows), len(stage.films)))
    for half in range(halves):
        rest = rows != half
        model = click_model(
            stage.features[log.user[rest]], log.film[rest], log.reward[rest], len(stage.films)
        )
        answer[~rest] = np.clip(stage.features[log.user[~rest]] @ model, 0, 1)
    return answer


#: What `estimates` compares, in order.
ESTIMATORS = (
    "naive: mean of the log",
    "naive: rows that agree",
    "blind slice alone",
    "inverse propensity",
    "self-normalised",
    "doubly robust",
)


def estimates(log: Shows, stage, new) -> dict:
    """Every estimator's answer on one log: name -> (estimate, standard error).

    Args:
        new: the new policy, (users, films).

    Returns:
        Name -> (estimate, standard error), of ESTIMATORS; without 'blind slice alone' where the log has none.

    Raises:
        CourseError: the new policy shows what the old one never did: such a log says nothing about it.
    """
    target = np.asarray(new)[log.user]
    if (target[log.policy == 0] > 0).any():
        raise CourseError("the new policy would show films to people to whom the old one never showed them.")
    n = np.arange(len(log.user))
    at_shown = target[n, log.film]
    guess = guesses(log, stage)

    def mean(values):
        return (float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))

    blind = log.blind
    films = len(stage.films)
    found = {
        "naive: mean of the log": mean(log.reward),
        "naive: rows that agree": mean(log.reward[at_shown > 0.5]),
        "inverse propensity": inverse_propensity(log.reward, log.chance, at_shown),
        "self-normalised": self_normalised(log.reward, log.chance, at_shown),
        "doubly robust": doubly_robust(
            log.reward, log.chance, at_shown, guess[n, log.film], (target * guess).sum(axis=1)
        ),
    }
    if at_shown[blind].any():
        alike = np.full(blind.sum(), 1 / films)
        found["blind slice alone"] = self_normalised(log.reward[blind], alike, at_shown[blind])
    return {name: (float(found[name][0]), float(found[name][1])) for name in ESTIMATORS if name in found}


def certain(film, films: int) -> np.ndarray:
    """A policy that is sure of itself: film (users,) as chances 1 and 0, (users, films)."""
    return np.eye(films)[np.asarray(film)]
