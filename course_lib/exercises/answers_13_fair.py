"""Cases and answers of lesson 13's exercises on fairness and notices."""

import numpy as np


# --- exposure
def shelves(rng):
    cases = [{"lists": np.array([[0, 1, 2], [1, 0, 3]]), "owner": np.array([0, 1, 1, 2]), "owners": 3}]
    for people, k, films, owners in ((3, 4, 9, 4), (6, 2, 12, 5), (4, 5, 8, 9)):
        lists = np.array([rng.permutation(films)[:k] for _ in range(people)])
        # the last owner has no film at all
        cases.append({"lists": lists, "owner": rng.integers(0, owners - 1, films), "owners": owners})
    return cases


def exposure_by_bincount(lists, owner, owners):
    weights = np.tile(1 / np.log2(2 + np.arange(lists.shape[1])), len(lists))
    shares = np.bincount(owner[lists.ravel()], weights, owners)
    return shares / weights.sum()


def exposure_one_by_one(lists, owner, owners):
    answer = [0.0] * owners
    for films in lists:
        for place, film in enumerate(films, start=1):
            answer[owner[film]] += 1 / np.log2(place + 1)
    return np.array(answer) / sum(answer)


# --- re-ranking
def rankings(rng):
    cases = [
        {
            "scores": np.array([0.9, 0.8, 0.7, 0.6, 0.2, 0.1]),
            "protected": np.array([False, False, False, True, True, True]),
            "k": 3,
            "share": 0.5,
            "start": 0.25,
        }
    ]
    for films, k, share, start in (
        (12, 5, 0.3, 0.05),
        (14, 6, 0.4, 0.85),
        (10, 4, 0.0, 0.7),
        (16, 7, 0.8, 0.35),
        (14, 6, 0.25, 0.55),
    ):
        protected = rng.permutation(np.arange(films) % 2 == 0)
        # the protected are a little behind, as they are in a log
        scores = rng.permutation(films) + 0.5 - 0.31 * films * protected
        cases.append({"scores": scores, "protected": protected, "k": k, "share": share, "start": start})
    # the protected are the best: nobody may be held back to meet a quota
    protected = np.arange(8) < 4
    cases.append(
        {
            "scores": rng.permutation(8) + 10.25 * protected,
            "protected": protected,
            "k": 4,
            "share": 0.4,
            "start": 0.15,
        }
    )
    return cases


def fair_with_masks(scores, protected, k, share, start):
    left = np.array(scores, dtype=float)
    chosen = []
    for place in range(1, k + 1):
        short = protected[chosen].sum() < np.floor(share * place + start) if chosen else share + start >= 1
        allowed = np.where(protected, left, -np.inf) if short else left
        chosen.append(int(np.argmax(allowed)))
        left[chosen[-1]] = -np.inf
    return np.array(chosen)


def fair_by_removal(scores, protected, k, share, start):
    order = sorted(range(len(scores)), key=lambda film: scores[film], reverse=True)
    answer, count = [], 0
    while len(answer) < k:
        must = int(share * (len(answer) + 1) + start) > count
        film = next(f for f in order if protected[f] or not must)
        order.remove(film)
        answer.append(film)
        count += bool(protected[film])
    return np.array(answer)


def fair_at_the_end(scores, protected, k, share, start):
    best = np.argsort(-scores)
    due = int(np.floor(share * k + start))
    top = list(best[:k])
    first = [film for film in best[protected[best]] if film not in top]
    missing = max(0, due - int(protected[top].sum()))
    return np.array(top[: k - missing] + first[:missing])


# --- notices
def uploads(rng):
    every = [
        {"marked": bool(a), "declared": bool(b), "traces": bool(c)}
        for a in (0, 1)
        for b in (0, 1)
        for c in (0, 1)
    ]
    return [every[int(place)] for place in rng.permutation(8)]


def notice_by_list(marked, declared, traces):
    words = ["generated", "possibly generated", "suspected"]
    reasons = [marked, declared, traces]
    return words[reasons.index(True)] if any(reasons) else ""


def notice_in_one_line(marked, declared, traces):
    return "generated" if marked else "possibly generated" if declared else "suspected" if traces else ""
