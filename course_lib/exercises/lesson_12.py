"""Exercises of lesson 12, distribution."""

import numpy as np

from course_lib.exercises import answers_12 as answers
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.recommend import advertising, bandits, distribute, exposure, offpolicy


def scored_pairs(rng):
    cases = [
        {
            "parts": np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 0.0], [4.0, 1.0]]),
            "rating": np.array([1.0, 3.0, 2.0, 5.0]),
            "ridge": 0.5,
        }
    ]
    for n, m in ((12, 3), (30, 2), (25, 4)):
        parts = rng.normal(3, 1, (n, m)) @ (np.eye(m) + 0.4)
        rating = parts @ rng.normal(0.5, 0.3, m) + rng.normal(0, 0.5, n) + 2
        cases.append({"parts": parts, "rating": rating, "ridge": float(rng.uniform(1, 6))})
    # two scores that say the same: without the ridge there is no answer
    twice = np.array([[1.0], [2.0], [4.0], [3.0]])
    cases.append({"parts": np.hstack([twice, twice]), "rating": np.array([1.0, 2, 4, 4]), "ridge": 1.0})
    return cases


def blind_pages(rng):
    cases = [
        {
            "place": np.array([0, 0, 0, 0, 1, 1, 1, 1]),
            "clicked": np.array([1, 1, 0, 0, 1, 0, 0, 0]),
            "places": 2,
        }
    ]
    for n, places in ((30, 3), (60, 5)):
        place = np.r_[np.arange(places), rng.integers(0, places, n)]
        clicked = (rng.random(len(place)) < 0.7 / (1 + place)).astype(int)
        clicked[0] = 1
        cases.append({"place": place, "clicked": clicked, "places": places})
    # the last place was never shown, and one has no click
    place = np.array([0, 0, 1, 1, 1, 0, 2])
    return [*cases, {"place": place, "clicked": np.array([1, 0, 0, 0, 0, 1, 1]), "places": 5}]


def greedy_moments(rng):
    cases = [
        {
            "clicks": np.array([2.0, 3.0, 1.0]),
            "shows": np.array([4.0, 30.0, 1.0]),
            "epsilon": 0.1,
            "coin": 0.5,
            "blind": 1,
        }
    ]
    first = cases[0]
    cases += [{**first, "coin": 0.05}, {**first, "coin": 0.1}, {**first, "coin": 0.95}]
    nobody = {"clicks": np.zeros(4), "shows": np.zeros(4), "epsilon": 0.2, "coin": 0.8, "blind": 3}
    cases += [nobody, {**nobody, "shows": np.array([3.0, 0.0, 1.0, 0.0])}]
    cases.append({**nobody, "clicks": np.array([0.0, 1.0, 0, 0]), "shows": np.array([5.0, 90.0, 0, 0])})
    cases.append({**first, "epsilon": 0.0, "coin": 0.0})
    # the most likes are not the largest share, and a share of 1 is no more than a share of 1
    cases.append({**nobody, "clicks": np.array([9.0, 2.0, 1, 0]), "shows": np.array([40.0, 3.0, 1, 2])})
    cases.append({**nobody, "clicks": np.array([1.0, 2.0, 1, 2]), "shows": np.array([2.0, 3.0, 1, 2])})
    for films in (3, 6, 6):
        shows = rng.integers(0, 30, films).astype(float)
        clicks = np.floor(shows * rng.random(films))
        cases.append({"clicks": clicks, "shows": shows, "epsilon": 0.3, "coin": float(rng.random()),
                      "blind": int(rng.integers(films))})  # fmt: skip
    return cases


def beliefs(rng):
    cases = [
        {"clicks": np.array([0.0, 1.0]), "shows": np.array([0.0, 2.0]), "luck": np.array([0.5, 0.5])},
        {"clicks": np.zeros(3), "shows": np.zeros(3), "luck": np.array([0.1, 0.5, 0.9])},
        {"clicks": np.array([0.0, 40.0]), "shows": np.array([50.0, 50.0]), "luck": np.array([0.3, 0.7])},
    ]
    for films in (4, 6):
        shows = rng.integers(1, 60, films).astype(float)
        cases.append(
            {"clicks": np.floor(shows * rng.random(films)), "shows": shows, "luck": rng.random(films)}
        )
    return cases


def ridge_moments(rng):
    one = {"A": np.array([[[2.0, 0], [0, 4.0]]]), "b": np.array([[1.0, 2.0]]), "x": np.array([1.0, 2.0])}
    cases = [{**one, "alpha": 0.5}, {**one, "alpha": 0.0}]
    for films, d in ((2, 2), (3, 4), (5, 3)):
        seen = rng.normal(size=(films, 6, d))
        A = np.eye(d) + np.einsum("fnd,fne->fde", seen, seen)
        b = np.einsum("fnd,fn->fd", seen, (rng.random((films, 6)) < 0.4).astype(float))
        cases.append({"A": A, "b": b, "x": rng.normal(size=d), "alpha": float(rng.uniform(0.2, 2))})
    # a film that nobody has seen
    return [*cases, {"A": np.eye(3)[None], "b": np.zeros((1, 3)), "x": rng.normal(size=3), "alpha": 1.0}]


def logs_of(rng, with_guesses=False):
    cases = [
        {
            "reward": np.array([1.0, 0.0, 1.0, 1.0]),
            "logged": np.array([0.5, 0.5, 0.25, 0.5]),
            "target": np.array([1.0, 1.0, 0.5, 0.0]),
        }
    ]
    for n in (8, 20):
        target = rng.choice([0.0, 1.0, 0.5], n)
        target[0] = 1.0
        cases.append({"reward": (rng.random(n) < 0.5).astype(float), "logged": rng.uniform(0.1, 0.9, n), "target": target})  # fmt: skip
    # rewards may be seconds, too
    cases.append({"reward": rng.gamma(2, 3, 10), "logged": rng.uniform(0.1, 0.9, 10), "target": rng.random(10)})  # fmt: skip
    if with_guesses:
        for case in cases:
            n = len(case["reward"])
            case |= {"guess_shown": rng.random(n), "guess_new": rng.random(n)}
        cases[0] |= {"guess_shown": np.array([0.5, 0.5, 1, 0.25]), "guess_new": np.array([0.5, 0.5, 0.75, 1])}
    return cases


def logs_with_guesses(rng):
    return logs_of(rng, with_guesses=True)


def trials(rng):
    cases = [
        {
            "group": np.array([0, 0, 0, 0, 1, 1, 1]),
            "shown": np.array([1, 1, 0, 0, 1, 0, 0]),
            "bought": np.array([1, 1, 1, 0, 1, 1, 1]),
            "groups": 2,
        }
    ]
    for n, groups in ((30, 2), (60, 4)):
        group = np.r_[np.repeat(np.arange(groups), 2), rng.integers(0, groups, n)]
        shown = np.r_[np.tile([0, 1], groups), (rng.random(n) < 0.5 + 0.3 * (group[2 * groups :] == 0)).astype(int)]  # fmt: skip
        bought = (rng.random(len(group)) < 0.2 + 0.5 * (group == 0) + 0.2 * shown).astype(int)
        cases.append({"group": group, "shown": shown, "bought": bought, "groups": groups})
    # nobody of group 1 was shown it, everybody of group 2, and group 3 has nobody
    cases.append({"group": np.array([0, 0, 1, 1, 2]), "shown": np.array([1, 0, 0, 0, 1]),
                  "bought": np.array([1, 0, 1, 0, 0]), "groups": 4})  # fmt: skip
    return cases


def days(rng):
    line = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    cases = [{"values": line, "visitors_left": 100, "budget_left": left} for left in (25, 50, 100, 130, 0)]
    cases += [{"values": line, "visitors_left": 10, "budget_left": left} for left in (-2, 1)]
    for n, visitors, left in ((7, 40, 13), (12, 30, 4), (9, 5, 2)):
        cases.append({"values": rng.gamma(1, 0.2, n), "visitors_left": visitors, "budget_left": left})
    return cases


EXERCISES = [
    Exercise(
        "recommend.distribute.blend_weights",
        distribute.blend_weights,
        cases=scored_pairs,
        points=15,
        minutes=12,
        difficulty=3,
        hints=[
            "Subtract from every column of `parts` its mean.",
            "The square matrix on the left has m rows: `deviations.T @ deviations`, plus `ridge` on its diagonal (`np.eye`).",
            "The right side is `deviations.T` times the ratings. `np.linalg.solve` finds the weights.",
        ],
        misconceptions=[
            Misconception(
                "the scores were not centred",
                "A score of 3 for everything says nothing, and should get no weight for being near the mean rating.",
                [("deviations = parts - parts.mean(axis=0)", "deviations = parts")],
            ),
            Misconception(
                "each score was weighed by itself",
                "Three scores that say nearly the same would count three times. The weights must be solved for together.",
                answers.blend_one_at_a_time,
            ),
            Misconception(
                "the ridge was added to every entry of the matrix",
                "It belongs on the diagonal only: a price for each weight, none for two of them together.",
                [("ridge * np.eye(parts.shape[1])", "ridge")],
            ),
            Misconception(
                "the ridge was left out",
                "Two scores that say the same then have no single answer, and nearly the same gives wild weights.",
                [(" + ridge * np.eye(parts.shape[1])", "")],
            ),
        ],
        alternatives=[answers.blend_by_longer_least_squares, answers.blend_by_inverse],
    ),
    Exercise(
        "recommend.exposure.position_effects",
        exposure.position_effects,
        cases=blind_pages,
        points=10,
        minutes=10,
        difficulty=2,
        hints=[
            "For each place two counts: its rows, and its clicks. `np.bincount` takes weights.",
            "Clicks over rows is the place's rate. Where there are no rows the rate is not 0 but unknown: NaN.",
            "Compared with the first: divide all rates by the one of place 0.",
        ],
        misconceptions=[
            Misconception(
                "clicks were compared, not click rates",
                "A place that was shown more often has more clicks. Divide by how often it was shown.",
                [
                    (
                        "rate = clicks / np.where(shown > 0, shown, np.nan)",
                        "rate = np.where(shown > 0, clicks, np.nan)",
                    )
                ],
            ),
            Misconception(
                "the rates were left as they are",
                "They mix how good films are with how much the place is looked at. Compared with the first place, the films drop out.",
                [("return rate / rate[0]", "return rate")],
            ),
            Misconception(
                "a place that no row has was given 0",
                "0 would say that nobody ever looks there. It is not known: NaN.",
                [("np.where(shown > 0, shown, np.nan)", "np.maximum(shown, 1)")],
            ),
            Misconception(
                "the rates were made to add up to 1",
                "A chance to be looked at is not a share of anything: all places could be looked at. The first place is the measure.",
                [("rate / rate[0]", "rate / np.nansum(rate)")],
            ),
        ],
        alternatives=[answers.positions_one_by_one, answers.positions_by_masks],
        # 0/0 is NaN as well, with a warning
        equivalent=["line 17:29 Gt -> GtE (shown > 0)"],
    ),
    Exercise(
        "recommend.bandits.epsilon_greedy",
        bandits.epsilon_greedy,
        cases=greedy_moments,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "First the coin: below epsilon the film that was drawn blindly is shown, whatever is known.",
            "Otherwise the largest share of likes among shows; `np.argmax` gives the first of equals.",
            "A film without shows has no likes either: divide by `np.maximum(shows, 1)`.",
        ],
        misconceptions=[
            Misconception(
                "likes were compared, not shares",
                "Whatever was shown most has most likes, and would be shown for ever. Divide by the shows.",
                answers.greedy_by_likes,
            ),
            Misconception(
                "the coin was read the wrong way round",
                "Epsilon is the share of the *blind* draws: a small one should mostly show the best.",
                [("coin < epsilon", "coin > epsilon")],
            ),
            Misconception(
                "the coin was ignored",
                "Without blind draws it is greedy: a film that began badly never gets a second chance.",
                [("    if coin < epsilon:\n        return int(blind)\n", "")],
            ),
            Misconception(
                "films that were never shown go first",
                "That is another good policy (each film once). Here a film without shows counts as 0.",
                [
                    (
                        "clicks / np.maximum(shows, 1)",
                        "np.where(shows > 0, clicks / np.maximum(shows, 1), 2.0)",
                    )
                ],
            ),
        ],
        alternatives=[answers.greedy_with_where, answers.greedy_with_a_loop],
    ),
    Exercise(
        "recommend.bandits.thompson_draws",
        bandits.thompson_draws,
        cases=beliefs,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "The two parameters of the Beta distribution: likes and 1, dislikes and 1. Dislikes are shows without a like.",
            "`betaincinv(a, b, u)` is the point below which the share u of Beta(a, b) lies; it takes whole arrays.",
        ],
        misconceptions=[
            Misconception(
                "shows were taken for dislikes",
                "Shows count likes, too. The second parameter wants the shows *without* a like, and 1.",
                [("shows - clicks + 1", "shows + 1")],
            ),
            Misconception(
                "nothing is believed beforehand",
                "Beta(0, 0) is no distribution: a film without shows would give NaN. Begin with 1 and 1: every chance equally likely.",
                [("clicks + 1, shows - clicks + 1", "clicks, shows - clicks")],
            ),
            Misconception(
                "the mean of the belief was taken, and luck ignored",
                "Then a film that began badly is never tried again. It is the *draw* that gives little-known films their chance.",
                answers.draws_without_width,
            ),
            Misconception(
                "likes and dislikes were exchanged",
                "The more likes, the nearer to 1 the draws should lie.",
                [("clicks + 1, shows - clicks + 1", "shows - clicks + 1, clicks + 1")],
            ),
        ],
        alternatives=[answers.draws_one_by_one, answers.draws_from_the_other_end],
    ),
    Exercise(
        "recommend.bandits.linucb_scores",
        bandits.linucb_scores,
        cases=ridge_moments,
        points=15,
        minutes=15,
        difficulty=4,
        hints=[
            "`np.linalg.inv` inverts all matrices of a stack at once: shape (films, d, d) again.",
            "The estimate of film f is x' inv(A_f) b_f. A loop over films is fine; `np.einsum` does it at once.",
            "The width is the square root of x' inv(A_f) x; alpha times it is added.",
        ],
        misconceptions=[
            Misconception(
                "the width was taken without its root",
                "x' inv(A) x is a variance. The width of what one does not know is its root.",
                [
                    (
                        'np.sqrt(np.einsum("i,fij,j->f", x, inverse, x))',
                        'np.einsum("i,fij,j->f", x, inverse, x)',
                    )
                ],
            ),
            Misconception(
                "the width was left out",
                "That is greedy ridge regression. What is little known must be able to win: add alpha times the width.",
                [("return estimate + alpha * width", "return estimate")],
            ),
            Misconception(
                "the matrices were not inverted",
                "A grows with every show, and so would the scores. Ridge regression divides by A: invert it.",
                [("np.linalg.inv(A)", "A")],
            ),
            Misconception(
                "the width was subtracted",
                "That is caution: what is unknown stays unknown. Here the unknown is worth something.",
                [("estimate + alpha * width", "estimate - alpha * width")],
            ),
        ],
        alternatives=[answers.linucb_with_a_loop, answers.linucb_by_one_solve],
    ),
    Exercise(
        "recommend.offpolicy.inverse_propensity",
        offpolicy.inverse_propensity,
        cases=logs_of,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "A row that was shown with chance 0.1 stands for ten: divide by `logged`. And it counts only as far as the new policy would show it: times `target`.",
            "Mean of weight times reward over *all* rows, those with weight 0 too.",
            "The standard error: `std(ddof=1)` of the weighted rewards over the root of their number.",
        ],
        misconceptions=[
            Misconception(
                "the weights are upside down",
                "What was shown rarely stands for many rows that are missing. Divide by the chance it had *then*.",
                [("weighted = target / logged", "weighted = logged / np.maximum(target, 0.01)")],
            ),
            Misconception(
                "only the rows on which both policies agree were averaged",
                "Each row must count as 1 / logged: without it, people to whom the old policy liked to show the film count too much.",
                [("weighted = target / logged * reward", "weighted = reward[target > 0]")],
            ),
            Misconception(
                "the result was divided by the sum of the weights",
                "That is the self-normalised estimate, which comes next. Here divide by the number of rows.",
                answers.ips_self_normalised,
            ),
            Misconception(
                "the standard deviation was given in place of the standard error",
                "One row is that uncertain; the mean of n rows is root n times surer.",
                [(" / np.sqrt(len(weighted))", "")],
            ),
        ],
        alternatives=[answers.ips_by_sums, answers.ips_by_dot],
    ),
    Exercise(
        "recommend.offpolicy.doubly_robust",
        offpolicy.doubly_robust,
        cases=logs_with_guesses,
        points=15,
        minutes=14,
        difficulty=4,
        hints=[
            "Begin with what the model believes of the new policy: `guess_new`, one number a row.",
            "What did the model miss on this row? The reward less its guess *for the film that was shown*. That is weighted.",
            "Mean and standard error of the rows, as before.",
        ],
        misconceptions=[
            Misconception(
                "the whole reward was added, not what the model missed",
                "Then everything is counted twice. The log only corrects the model: subtract its guess for what was shown.",
                [("(reward - guess_shown)", "reward")],
            ),
            Misconception(
                "the miss was measured against the guess for the new policy",
                "The reward belongs to the film that was *shown*; compare it with the guess for that film.",
                [("(reward - guess_shown)", "(reward - guess_new)")],
            ),
            Misconception(
                "the model was believed without correction",
                "If the model is wrong, so is the answer: add the weighted misses.",
                [("guess_new + target / logged * (reward - guess_shown)", "guess_new")],
            ),
            Misconception(
                "the misses were not weighted",
                "The rows of the log are the old policy's choice. Weigh each miss by target / logged.",
                [("target / logged * (reward", "(reward")],
            ),
        ],
        alternatives=[answers.robust_by_parts, answers.robust_with_a_loop],
    ),
    Exercise(
        "recommend.advertising.uplift_by_group",
        advertising.uplift_by_group,
        cases=trials,
        points=10,
        minutes=10,
        difficulty=2,
        hints=[
            "For each group two columns of `bought`: of those shown the advertisement, and of the others.",
            "The difference of their means. If one of them is empty, nothing can be said: NaN.",
        ],
        misconceptions=[
            Misconception(
                "buyers among those shown were taken for the advertisement's doing",
                "Some of them would have bought anyway. Subtract the share of buyers among those who were *not* shown it.",
                [("with_ad.mean() - without.mean()", "with_ad.mean()")],
            ),
            Misconception(
                "the group was compared with everybody who was not shown it",
                "Groups differ in how much they buy anyway. Compare within the group.",
                answers.uplift_ignoring_groups_without,
            ),
            Misconception(
                "numbers of buyers were compared, not shares",
                "If more people were shown it than not, more of them buy. Compare means.",
                [("with_ad.mean() - without.mean()", "with_ad.sum() - without.sum()")],
            ),
            Misconception(
                "a group that lacks one side was given 0",
                "0 would say: the advertisement does nothing. Nothing is known: NaN.",
                [("np.full(groups, np.nan)", "np.zeros(groups)")],
            ),
        ],
        alternatives=[answers.uplift_by_counting, answers.uplift_by_bincount],
        # the mean of nothing is NaN as well, with a warning
        equivalent=[
            "line 18:11 And -> Or (len(with_ad) > 0 and len(without) > 0)",
            "line 18:11 Gt -> GtE (len(with_ad) > 0)",
            "line 18:32 Gt -> GtE (len(without) > 0)",
        ],
    ),
    Exercise(
        "recommend.advertising.pacing_threshold",
        advertising.pacing_threshold,
        cases=days,
        points=10,
        minutes=8,
        difficulty=3,
        hints=[
            "Which share of the visitors still to come can be served? `budget_left / visitors_left`, at most 1.",
            "`np.quantile(values, q)` is the value below which the share q lies. You want the one *above* which the share lies.",
            "No budget: nobody is worth enough, `np.inf`.",
        ],
        misconceptions=[
            Misconception(
                "the quantile was taken from the wrong end",
                "With little money the bar must be *high*: only a small share may lie above it.",
                [("1 - share", "share")],
            ),
            Misconception(
                "more money than visitors was not expected",
                "With 130 for 100 visitors the share would be above 1. There is enough for everybody: the smallest value.",
                [("min(budget_left / visitors_left, 1)", "budget_left / visitors_left")],
            ),
            Misconception(
                "an empty purse still buys for the best visitor",
                "Nothing is left: the bar must be out of reach.",
                [
                    (
                        "    if budget_left <= 0:\n        return np.inf\n",
                        "    budget_left = max(budget_left, 0)\n",
                    )
                ],
            ),
            Misconception(
                "the bar is the mean",
                "Half of all visitors would pass, whatever the budget. How many can pass decides where the bar lies.",
                [("np.quantile(values, 1 - share)", "np.mean(values)")],
            ),
        ],
        alternatives=[answers.bar_by_percentile, answers.bar_with_cases],
    ),
]
