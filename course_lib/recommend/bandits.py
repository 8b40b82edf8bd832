"""Learn while showing: greedy, epsilon-greedy, Thompson sampling and LinUCB, each by hand."""

import numpy as np
from scipy.special import betaincinv

from course_lib.errors import CourseError


def epsilon_greedy(clicks, shows, epsilon, coin, blind):
    """The film to show: mostly the one that looks best, sometimes a blind one.

    A film looks as good as its share of likes among its shows, and as 0 if it was never shown.

    Args:
        clicks, shows: likes and shows of each film so far, shape (films,).
        epsilon: share of the visitors who are shown a blind draw.
        coin: drawn evenly from [0, 1): the draw is blind if the coin lies below epsilon.
        blind: number of the film that the blind draw gave.

    Returns:
        Number of the film, an int; the first of equally good ones.
    """
    if coin < epsilon:
        return int(blind)
    return int(np.argmax(clicks / np.maximum(shows, 1)))


def thompson_draws(clicks, shows, luck):
    """For each film a chance that it may really have, drawn from what is believed of it.

    After c likes in n shows, and with no opinion before, the chance has the distribution Beta(c + 1, n - c + 1). The
    draw is the point below which the share `luck` of that distribution lies. Then the film with the largest draw is shown.

    Args:
        clicks, shows: likes and shows of each film so far, shape (films,).
        luck: for each film a number drawn evenly from (0, 1), shape (films,).

    Returns:
        The drawn chances, shape (films,).

    Source: Chapelle and Li, *An Empirical Evaluation of Thompson Sampling*, 2011.
    """
    return betaincinv(clicks + 1, shows - clicks + 1, luck)


def linucb_scores(A, b, x, alpha):
    """What each film may at best be worth to this person: the estimate, and alpha times how unsure it is.

    Ridge regression for each film f: estimate x' inv(A_f) b_f, width sqrt(x' inv(A_f) x).

    Args:
        A: for each film the identity plus the sum of x x' of all people it was shown to, shape (films, d, d).
        b: for each film the sum of x of all people who liked it, shape (films, d).
        x: what is known of this person, shape (d,).
        alpha: how much the unknown is worth; 0 is greedy.

    Returns:
        A score for each film, shape (films,).

    Source: Li, Chu, Langford and Schapire, *A Contextual-Bandit Approach to Personalized News Article
    Recommendation*, 2010.
    """
    inverse = np.linalg.inv(A)
    estimate = np.einsum("i,fij,fj->f", x, inverse, b)
    width = np.sqrt(np.einsum("i,fij,j->f", x, inverse, x))
    return estimate + alpha * width


class ByProfile:
    """A bandit for each profile: it counts likes and shows, and knows nothing else of a person.

    Args:
        groups, films: how many; rng: where luck comes from.
        epsilon: share of blind draws, 0 is greedy; None for Thompson sampling.
        start: (likes, shows) that every film is credited with beforehand; (1, 1) is optimistic: all look perfect.
    """

    def __init__(self, groups: int, films: int, rng, epsilon: float | None = None, start=(0, 0)):
        self.clicks, self.shows = np.multiply.outer(start, np.ones((groups, films)))
        self.rng, self.epsilon = rng, epsilon

    def choose(self, profile: int, x) -> int:
        clicks, shows, films = self.clicks[profile], self.shows[profile], self.clicks.shape[1]
        if self.epsilon is None:
            return int(np.argmax(thompson_draws(clicks, shows, self.rng.random(films))))
        return epsilon_greedy(clicks, shows, self.epsilon, self.rng.random(), self.rng.integers(films))

    def learn(self, profile: int, x, film: int, liked: bool) -> None:
        self.shows[profile, film] += 1
        self.clicks[profile, film] += liked


class LinUCB:
    """A ridge regression for each film on what is known of the person, optimistic where little was seen."""

    def __init__(self, films: int, d: int, alpha: float = 0.25):
        self.A, self.b = np.tile(np.eye(d), (films, 1, 1)), np.zeros((films, d))
        self.alpha = alpha

    def choose(self, profile: int, x) -> int:
        return int(np.argmax(linucb_scores(self.A, self.b, x, self.alpha)))

    def learn(self, profile: int, x, film: int, liked: bool) -> None:
        self.A[film] += np.outer(x, x)
        self.b[film] += liked * x


def regret(policy, stage, visitors, luck) -> np.ndarray:
    """Serve people one after the other; what was missed so far, compared with serving everyone the best film.

    Args:
        policy: has `choose(profile, x)` and `learn(profile, x, film, liked)`.
        stage: `distribute_stage.Stage`.
        visitors: numbers of people in the order in which they come, (n,); luck: a number in [0, 1) for each of
            them, (n,): the film is liked if its chance is above. The same luck for two policies makes them comparable.

    Returns:
        Expected likes missed up to each visitor, (n,), never falling.
    """
    if len(visitors) != len(luck):
        raise CourseError(f"{len(visitors)} visitors need as many numbers of luck; there are {len(luck)}.")
    missed, best = np.zeros(len(visitors)), stage.chance.max(axis=1)
    for step, (user, draw) in enumerate(zip(visitors, luck)):
        profile, x = stage.profile[user], stage.near[user]
        film = policy.choose(profile, x)
        policy.learn(profile, x, film, bool(draw < stage.chance[user, film]))
        missed[step] = best[user] - stage.chance[user, film]
    return np.cumsum(missed)


def contenders(stage, seed: int) -> dict:
    """The policies of the lesson, fresh: name -> policy. None of them knows which film was made for whom."""
    groups, films, d = int(stage.profile.max()) + 1, len(stage.films), stage.near.shape[1]

    def by_profile(number, *how):
        return ByProfile(groups, films, np.random.default_rng([seed, number]), *how)

    return {
        "greedy": by_profile(0, 0.0),
        "greedy, optimistic start": by_profile(1, 0.0, (1, 1)),
        "epsilon-greedy, 10 %": by_profile(2, 0.1),
        "Thompson sampling": by_profile(3),
        "ridge, greedy": LinUCB(films, d, 0.0),
        "LinUCB": LinUCB(films, d, 0.25),
    }


def visit(stage, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(visitors, luck) of n visits, people drawn evenly."""
    rng = np.random.default_rng([seed, 99])
    return rng.integers(0, len(stage.profile), n), rng.random(n)
