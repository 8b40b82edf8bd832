"""Distribution, against the mock twin's truth: scores put together, places, exploration, off-policy estimates, money.

Every part is repeated with fresh luck (most with another twin each time), and gives means and standard errors, so
that nothing rests on one seed. About half a CPU minute.
"""

from dataclasses import replace

import numpy as np

from course_lib.data.twin import START_MS, twin
from course_lib.recommend import advertising, bandits, distribute, exposure, offpolicy
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.distribute_stage import Stage, stage, word_tastes
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.splits import by_time

SEEDS = range(20)
SHOWS = 4000
VISITS = 6000
BUDGET = 300


def measure(train: bool = False):
    world = stage(twin())
    yield from scoring()
    yield from places(world)
    yield from exploration(world)
    yield from change_of_taste(world)
    yield from off_policy(world)
    yield from money(world)


def rows(values: dict, unit: str, metric: str):
    """Mean and standard error of each variant's values."""
    for variant, found in values.items():
        found = np.asarray(found, float)
        common = {"unit": unit, "n": len(found), "seed": 0, "variant": variant}
        yield {"metric": metric, "value": found.mean(), **common}
        yield {
            "metric": f"{metric}, standard error",
            "value": found.std(ddof=1) / np.sqrt(len(found)),
            **common,
        }


def blended(logs, seed: int = 0):
    """Train on the past, learn the weights on its last fifth, test on the future.

    Returns:
        (scores by name, train, test): as the lesson makes them, and what two of them make without the third.
    """
    users, films = logs.truth.taste.shape
    ratings = ratings_from(clean_log(logs.log, logs.videos)[0])
    past, future = by_time(ratings["time_ms"], 0.2)
    train, test = ratings[past], ratings[future]
    older, newer = by_time(train["time_ms"], 0.2)
    before, check = distribute.score_parts(train[older], logs.scenes, users, seed=seed), train[newer]
    said = np.column_stack([part[check["user_id"], check["video_id"]] for part in before.values()])
    weights = distribute.blend_weights(said, check["rating"].to_numpy(), 1.0)
    scores = distribute.score_parts(train, logs.scenes, users, seed=seed)
    together = sum(weight * part for weight, part in zip(weights, scores.values()))
    others, *rest = distribute.PARTS
    fewer = distribute.blend_weights(said[:, 1:], check["rating"].to_numpy(), 1.0)
    without = {f"together without {others}": sum(w * scores[name] for w, name in zip(fewer, rest))}
    everybody = {"popularity": distribute.popularity(train, users, films)}
    return everybody | scores | {"together": together} | without, train, test


def scoring():
    """Together against each alone: liking of the ten shown, and agreement with ratings of the future, blind ones too."""
    liking, future, blind, gain = {}, {}, {}, {}
    for seed in range(10):
        logs = twin(seed=seed)
        scores, train, test = blended(logs)
        taste = logs.truth.taste
        for name, score in scores.items():
            shown = distribute.best_unseen(score, train)
            liking.setdefault(name, []).append(taste[np.arange(len(taste))[:, None], shown].mean())
            for kept, which in ((future, test), (blind, test[test["is_rand"] == 1])):
                said = score[which["user_id"], which["video_id"]]
                kept.setdefault(name, []).append(np.corrcoef(said, which["rating"])[0, 1])
        best = max(distribute.PARTS, key=lambda name: future[name][-1])
        gain.setdefault("future ratings", []).append(future["together"][-1] - future[best][-1])
        best = max(distribute.PARTS, key=lambda name: liking[name][-1])
        gain.setdefault("true liking", []).append(liking["together"][-1] - liking[best][-1])
    yield from rows(liking, "", "scoring: true liking of the ten shown")
    yield from rows(future, "", "scoring: correlation with future ratings")
    yield from rows(blind, "", "scoring: correlation with future ratings, blind slice")
    yield from rows(gain, "", "scoring: together less the best alone")
    for what, values in gain.items():
        yield {"metric": "scoring: twins in which together is best", "value": np.sum(np.array(values) > 0),
               "unit": "of 10", "n": 10, "seed": 0, "variant": what}  # fmt: skip


def places(world: Stage):
    """Effects of places from the blind slice and from all rows; films' click rates, naive and corrected."""
    groups, films = int(world.profile.max()) + 1, len(world.films)
    true = np.array([world.chance[world.profile == one].mean(0) for one in range(groups)]).ravel()
    effect, rate = {}, {}
    for seed in SEEDS:
        pages = exposure.show_pages(world.chance, exposure.editors_order(world, seed), 30_000, seed, 0.1)
        blind, standard = pages.rows(pages.blind), pages.rows(~pages.blind)
        by_blind = exposure.position_effects(blind.place, blind.clicked, films)
        by_all = exposure.position_effects(standard.place, standard.clicked, films)
        cell = world.profile[standard.user] * films + standard.film
        for name, found in (("from the blind slice", by_blind), ("from ordered pages", by_all)):
            effect.setdefault(name, []).append(np.sqrt(np.mean((found - np.array(exposure.LOOKED_AT)) ** 2)))
        for name, used in (
            ("naive", np.ones(films)),
            ("corrected, blind slice", by_blind),
            ("corrected, ordered pages", by_all),
        ):
            found = exposure.attractiveness(cell, standard.place, standard.clicked, used, len(true))
            rate.setdefault(name, []).append(np.sqrt(np.mean((found - true) ** 2)))
    yield from rows(effect, "", "places: error of the effects, root mean square")
    yield from rows(rate, "", "places: error of click rates, root mean square")
    shares = {}
    for seed in range(2 * len(SEEDS)):
        logs = twin(seed=seed)
        clean = clean_log(logs.log, logs.videos)[0]
        truth = logs.truth
        found = exposure.exposure_reweighted(
            clean, truth.propensity, truth.first_week, START_MS, len(logs.scenes)
        )
        for name, value in found.items():
            shares.setdefault(name, []).append(100 * value)
    yield from rows(shares, "%", "exposure: share of likes")


def exploration(world: Stage):
    """Regret of every policy over 20 seeds, its course, and how often it stays below greedy's."""
    course, steps = {}, [100, 300, 1000, 2000, 3000, 4000, 5000, VISITS]
    for seed in SEEDS:
        visitors, luck = bandits.visit(world, VISITS, seed)
        for name, policy in bandits.contenders(world, seed).items():
            missed = bandits.regret(policy, world, visitors, luck)
            course.setdefault(name, []).append(missed[np.array(steps) - 1])
    for name, found in course.items():
        for step, values in zip(steps, np.array(found).T):
            yield from rows({name: values}, "likes", f"exploration: regret after {step} visitors")
    for name, greedy in (
        ("epsilon-greedy, 10 %", "greedy"),
        ("Thompson sampling", "greedy"),
        ("LinUCB", "ridge, greedy"),
        ("greedy, optimistic start", "greedy"),
        ("Thompson sampling", "greedy, optimistic start"),
    ):
        below = np.array(course[name])[:, -1] < np.array(course[greedy])[:, -1]
        yield {"metric": f"exploration: seeds below '{greedy}'", "value": below.sum(), "unit": "of 20",
               "n": len(below), "seed": 0, "variant": name}  # fmt: skip


def change_of_taste(world: Stage):
    """Regret before and after all tastes move on to the next film, halfway, which no policy is told."""
    later, half = replace(world, chance=np.roll(world.chance, 1, axis=1)), VISITS // 2
    before, after = {}, {}
    for seed in SEEDS:
        visitors, luck = bandits.visit(world, VISITS, seed)
        for name, policy in bandits.contenders(world, seed).items():
            for kept, stage_, part in ((before, world, slice(half)), (after, later, slice(half, None))):
                missed = bandits.regret(policy, stage_, visitors[part], luck[part])
                kept.setdefault(name, []).append(missed[-1])
    yield from rows(before, "likes", f"exploration: regret of {half} visitors before tastes change")
    yield from rows(after, "likes", f"exploration: regret of {half} visitors after tastes changed")


def off_policy(world: Stage):
    """100 logs: how often the 95 % interval holds the truth, bias, error; and how it goes as logs grow more skewed."""
    new = offpolicy.certain(world.own_film, len(world.films))
    truth = world.value(new)
    yield {"metric": "off-policy: truth", "value": truth, "unit": "", "variant": "a profile's own film"}
    for skew, blind_share in ((0.0, 0.05), (1.0, 0.05), (2.0, 0.05), (3.0, 0.05), (3.0, 0.0)):
        old = offpolicy.old_policy(world, skew)
        variant = f", skew {skew:g}" + ("" if blind_share else ", no blind slice")
        yield {
            "metric": "off-policy: truth",
            "value": world.value(old),
            "unit": "",
            "variant": "old" + variant,
        }
        yield {"metric": "off-policy: smallest chance", "value": old.min(), "unit": "", "variant": "old" + variant}  # fmt: skip
        found = {}
        for seed in range(100):
            log = offpolicy.write_log(world, old, SHOWS, seed, blind_share)
            for name, (value, error) in offpolicy.estimates(log, world, new).items():
                found.setdefault(name, []).append((value - truth, error))
        for name, pairs in found.items():
            off, error = np.array(pairs).T
            common = {"unit": "", "n": 100, "seed": 0, "variant": name + variant}
            held = {**common, "unit": "of 100"}
            yield {"metric": "off-policy: interval holds the truth", "value": np.sum(np.abs(off) < 1.96 * error), **held}  # fmt: skip
            yield {"metric": "off-policy: bias", "value": off.mean(), **common}
            yield {
                "metric": "off-policy: root mean square error",
                "value": np.sqrt(np.mean(off**2)),
                **common,
            }
            yield {"metric": "off-policy: standard error, as reported", "value": error.mean(), **common}


def cabin(world: Stage, logs) -> np.ndarray:
    """True liking of what the lesson's advertiser sells: a calm cabin, at a lake or in a forest, (users,)."""
    names = world.known.names
    own = word_tastes(logs.truth.taste, distribute.marks_of(logs.scenes, names))
    scenes = [{"place": "lake", "mood": "calm"}, {"place": "forest", "mood": "calm"}]
    return (own @ np.column_stack([distribute.marks_of(scenes, names), np.ones(2)]).T).mean(axis=1)


def money(world: Stage):
    """Uplift of targeting, what a shop's books say of it, likes by profile against popularity, and pacing."""
    logs = twin()
    one = advertising.market(cabin(world, logs))
    added, books = {}, {"as the books have it": [], "true": []}
    lovers = np.where(one.without > np.quantile(one.without, 0.8), 0.8, 0.05)
    for seed in SEEDS:
        for name, value in advertising.campaigns(
            one, world.profile, world.known.views, 200, seed=seed
        ).items():
            added.setdefault(name, []).append(value)
        user, shown, bought = advertising.trial(one, 4000, seed, lovers)
        books["as the books have it"].append(1000 * (bought[shown == 1].mean() - bought[shown == 0].mean()))
        books["true"].append(1000 * one.uplift[user[shown == 1]].mean())
    yield from rows(added, "purchases", "advertising: added per 1,000 shown")
    yield from rows(books, "purchases", "advertising: effect of a targeted campaign, per 1,000 shown")
    best = int(world.chance.mean(axis=0).argmax())
    everyone = np.full(len(world.profile), best)
    for name, policy in (
        ("the most liked film for everybody", everyone),
        ("a profile's own film", world.own_film),
        ("best for each person (truth)", world.chance.argmax(axis=1)),
    ):
        yield {"metric": "films: likes per 1,000 shown", "value": 1000 * world.value(policy), "unit": "likes",
               "variant": name}  # fmt: skip
    yield from pacing(world, logs)


def pacing(world: Stage, logs):
    """Likes from 300 advertisements a day, over three days and six films, on usual days and on busy ones."""
    clean = clean_log(logs.log, logs.videos)[0]
    log = offpolicy.write_log(world, offpolicy.old_policy(world), SHOWS, 5)
    films = len(world.films)
    model = offpolicy.click_model(world.features[log.user], log.film, log.reward, films)
    guess = np.clip(world.features @ model, 0, 1)
    for kind in ("a day like yesterday", "twice as many visitors", "half as many visitors"):
        likes = {}
        for day in (10, 15, 20):
            past = advertising.visitors_of(clean, day - 1, START_MS)
            hours, users = advertising.visitors_of(clean, day, START_MS)
            if kind.startswith("twice"):
                more, others = advertising.visitors_of(clean, day + 1, START_MS)
                order = np.argsort(np.r_[hours, more], kind="stable")
                hours, users = np.r_[hours, more][order], np.r_[users, others][order]
            elif kind.startswith("half"):
                hours, users = hours[::2], users[::2]
            for film in range(films):
                for strategy in advertising.STRATEGIES:
                    shown = advertising.serve_day(
                        (hours, guess[users, film]), (past[0], guess[past[1], film]), BUDGET, strategy,
                        np.random.default_rng([day, film]),
                    )  # fmt: skip
                    likes.setdefault(f"{strategy}, {kind}", []).append(world.chance[users[shown], film].sum())
        yield from rows(likes, "likes", "pacing: likes from 300 advertisements")
