"""Lesson 12: right answers in another style, and wrong ones that no small edit of the reference makes."""

import numpy as np
from scipy.special import betaincinv


def blend_by_longer_least_squares(parts, rating, ridge):
    # a ridge is the same as rows of wishes: every weight should be 0
    columns = parts.shape[1]
    rows = np.vstack([parts - parts.mean(0), np.sqrt(ridge) * np.eye(columns)])
    wanted = np.concatenate([rating - np.mean(rating), np.zeros(columns)])
    return np.linalg.lstsq(rows, wanted, rcond=None)[0]


def blend_by_inverse(parts, rating, ridge):
    x, y = parts - parts.mean(0, keepdims=True), rating - rating.mean()
    normal = np.einsum("ni,nj->ij", x, x)
    normal[np.diag_indices(len(normal))] += ridge
    return np.linalg.inv(normal) @ (x.T @ y)


def blend_one_at_a_time(parts, rating, ridge):
    deviations = parts - parts.mean(axis=0)
    return deviations.T @ (rating - rating.mean()) / ((deviations**2).sum(axis=0) + ridge)


def positions_one_by_one(place, clicked, places):
    rates = []
    for one in range(places):
        rows = clicked[place == one]
        rates.append(rows.sum() / len(rows) if len(rows) else np.nan)
    return np.array(rates) / rates[0]


def positions_by_masks(place, clicked, places):
    there = place[None, :] == np.arange(places)[:, None]
    counts = there.sum(axis=1).astype(float)
    rate = np.divide(there @ clicked, counts, out=np.full(places, np.nan), where=counts > 0)
    return rate / rate[0]


def greedy_with_where(clicks, shows, epsilon, coin, blind):
    rate = np.where(shows > 0, clicks / np.where(shows > 0, shows, 1), 0.0)
    return int(blind if coin < epsilon else rate.argmax())


def greedy_with_a_loop(clicks, shows, epsilon, coin, blind):
    if not coin >= epsilon:
        return blind
    best, best_rate = 0, -1.0
    for film, (liked, shown) in enumerate(zip(clicks, shows)):
        rate = liked / shown if shown else 0.0
        if rate > best_rate:
            best, best_rate = film, rate
    return best


def greedy_by_likes(clicks, shows, epsilon, coin, blind):
    if coin < epsilon:
        return int(blind)
    return int(np.argmax(clicks))


def draws_one_by_one(clicks, shows, luck):
    answer = np.zeros(len(clicks))
    for film in range(len(clicks)):
        answer[film] = betaincinv(1 + clicks[film], 1 + (shows[film] - clicks[film]), luck[film])
    return answer


def draws_from_the_other_end(clicks, shows, luck):
    # dislikes have the mirrored distribution
    return 1 - betaincinv(shows - clicks + 1, clicks + 1, 1 - luck)


def draws_without_width(clicks, shows, luck):
    return (clicks + 1) / (shows + 2)


def linucb_with_a_loop(A, b, x, alpha):
    scores = np.zeros(len(b))
    for film in range(len(b)):
        theta = np.linalg.solve(A[film], b[film])
        scores[film] = theta @ x + alpha * (x @ np.linalg.solve(A[film], x)) ** 0.5
    return scores


def linucb_by_one_solve(A, b, x, alpha):
    solved = np.linalg.solve(A, np.broadcast_to(x, b.shape)[..., None])[..., 0]  # inv(A_f) x
    return (solved * b).sum(1) + alpha * np.sqrt(solved @ x)


def ips_by_sums(reward, logged, target):
    n = len(reward)
    values = np.array([r * t / p for r, p, t in zip(reward, logged, target)])
    middle = values.sum() / n
    return middle, np.sqrt(((values - middle) ** 2).sum() / (n - 1) / n)


def ips_by_dot(reward, logged, target):
    weight = np.divide(target, logged)
    values = weight * reward
    return np.dot(weight, reward) / len(reward), np.sqrt(np.var(values, ddof=1) / values.size)


def ips_self_normalised(reward, logged, target):
    weight = target / logged
    estimate = (weight * reward).sum() / weight.sum()
    return estimate, np.sqrt((weight**2 * (reward - estimate) ** 2).sum()) / weight.sum()


def robust_by_parts(reward, logged, target, guess_shown, guess_new):
    missed = reward - guess_shown
    correction = missed * target / logged
    rows = np.add(guess_new, correction)
    return np.mean(rows), np.sqrt(rows.var(ddof=1) / rows.size)


def robust_with_a_loop(reward, logged, target, guess_shown, guess_new):
    rows = []
    for i in range(len(reward)):
        rows.append(guess_new[i] + (reward[i] - guess_shown[i]) * (target[i] / logged[i]))
    middle = sum(rows) / len(rows)
    spread = sum((row - middle) ** 2 for row in rows) / (len(rows) - 1)
    return middle, (spread / len(rows)) ** 0.5


def uplift_by_counting(group, shown, bought, groups):
    answer = []
    for one in range(groups):
        rates = []
        for state in (1, 0):
            who = (group == one) * (shown == state)
            rates.append((who * bought).sum() / who.sum() if who.any() else np.nan)
        answer.append(rates[0] - rates[1])
    return np.array(answer)


def uplift_by_bincount(group, shown, bought, groups):
    cell = 2 * group + shown
    people = np.bincount(cell, minlength=2 * groups).astype(float)
    people[people == 0] = np.nan
    rate = np.bincount(cell, bought, 2 * groups) / people
    return rate[1::2] - rate[0::2]


def uplift_ignoring_groups_without(group, shown, bought, groups):
    return np.array(
        [
            bought[(group == one) & (shown == 1)].mean() - bought[shown == 0].mean()
            if ((group == one) & (shown == 1)).any() and ((group == one) & (shown == 0)).any()
            else np.nan
            for one in range(groups)
        ]
    )


def bar_by_percentile(values, visitors_left, budget_left):
    if budget_left > 0:
        return np.percentile(values, 100 * max(0.0, 1 - budget_left / visitors_left))
    return float("inf")


def bar_with_cases(values, visitors_left, budget_left):
    if budget_left <= 0:
        return np.inf
    if budget_left >= visitors_left:
        return min(values)
    place = (1 - budget_left / visitors_left) * (len(values) - 1)
    return np.interp(place, np.arange(len(values)), np.sort(values))
