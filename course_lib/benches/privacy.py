"""Privacy and fairness, measured: who is unique, what linkage finds, what k and epsilon cost, exposure, stereotypes.

The real user file is KuaiRand's, from COURSE_DATA_DIR or an earlier download; everything else is the mock twin's.
"""

import time

import numpy as np

from course_lib.data.named import fetch, folder
from course_lib.data.pages import WEEKS_LATER, public_pages
from course_lib.data.twin import twin
from course_lib.recommend import fairness, privacy
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.factors import EASE
from course_lib.recommend.fairness_audit import audit, by_chance
from course_lib.recommend.kmeans import KMeans
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.metrics import ranking
from course_lib.recommend.privacy_noise import laplace_mechanism
from course_lib.recommend.privacy_profiles import film_scores, place_starts, private_profiles, rows_of
from course_lib.recommend.profiles import agreement, people
from course_lib.recommend.splits import by_time

TWO = ["follow_user_num", "register_days"]
BUCKETS = ["user_active_degree", "is_live_streamer", "is_video_author", "follow_user_num_range", "fans_user_num_range",
           "friend_user_num_range", "register_days_range"]  # fmt: skip
EPSILONS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
#: Sentences that leave the colour open.
COLOURLESS = [
    ("a small star moves to the left.", {"shape": "star", "size": "small", "motion": "left"}),
    ("a large circle stands still.", {"shape": "circle", "size": "large", "motion": "still"}),
    ("a small square rises.", {"shape": "square", "size": "small", "motion": "up"}),
    ("一个小星星向左移动。", {"shape": "star", "size": "small", "motion": "left"}),
    ("一个大圆形停着不动。", {"shape": "circle", "size": "large", "motion": "still"}),
    ("一个小方块慢慢上升。", {"shape": "square", "size": "small", "motion": "up"}),
]


def measure(train: bool = False):
    start = time.process_time()
    place = folder("kuairand-pure") or fetch("kuairand-pure")
    yield from uniqueness(place)
    yield from linkage()
    yield from generalised(place)
    yield from the_inequality()
    yield from profiles()
    yield from creators()
    yield from stereotypes()
    yield row("CPU of this bench", time.process_time() - start, "CPU s")


def row(metric, value, unit="", variant="", n=1, seed=0):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": seed, "variant": variant}


def uniqueness(place):
    import pandas

    tables = {"KuaiRand": pandas.read_csv(place / "user_features_pure.csv"), "twin": twin().users}
    tables["twin, as many users"] = twin(len(tables["KuaiRand"]), 30, 5).users
    for name, table in tables.items():
        yield row("users", len(table), "", name)
        for columns, what in ((TWO, "two columns"), (BUCKETS, "seven bucketed columns")):
            # texts as numbers: sorting rows of numbers is fast
            coded = np.column_stack([table[one].astype("category").cat.codes for one in columns])
            sizes = privacy.class_sizes(coded)
            yield row(f"unique on {what}", 100 * np.mean(sizes == 1), "%", name, len(table))
            yield row(f"fewer than 5 alike on {what}", 100 * np.mean(sizes < 5), "%", name, len(table))


def linkage():
    exact, near, wrong = [], [], []
    for seed in range(10):
        logs = twin(seed=seed)
        pages = public_pages(logs, seed=seed)
        released = logs.users[TWO].to_numpy(float)
        known = pages[TWO].to_numpy(float) - [0, 7 * WEEKS_LATER]
        truth = pages["user_id"].to_numpy()
        for tolerance, hits in ((0, exact), (10, near)):
            found = privacy.link(known, released, np.array([tolerance, 0]))
            hits.append(np.mean(found == truth))
        wrong.append(np.mean((found >= 0) & (found != truth)))
    yield row("found by linkage, exact numbers", 100 * np.mean(exact), "%", n=10)
    yield row("found by linkage, follows within 10", 100 * np.mean(near), "%", n=10)
    yield row("wrongly found, follows within 10", 100 * np.mean(wrong), "%", n=10)
    logs = twin()
    views = clean_log(logs.log, logs.videos)[0]
    day = ((views["time_ms"] - views["time_ms"].min()) // 86_400_000).astype(int)
    for count in range(1, 6):
        for variant, things in (
            ("films", views["video_id"]),
            ("films and days", views["video_id"] * 28 + day),
        ):
            share = privacy.pinned_down(views["user_id"], things, count, trials=1000)
            yield row("pinned down by so many views", 100 * share, "%", f"{variant}, {count}", 1000)


def generalised(place):
    import pandas

    real = pandas.read_csv(place / "user_features_pure.csv")
    for name, users in (("twin", twin().users), ("KuaiRand", real)):
        table = privacy.scaled(users[TWO], [0])
        author = users["is_video_author"].to_numpy()
        for k in (2, 5, 10, 25, 100):
            groups = privacy.mondrian(table, k)
            yield row(
                "blur", 100 * privacy.blur(table, groups), "% of the range", f"{name}, k = {k}", len(table)
            )
            yield row("given away: makes films or not", 100 * privacy.given_away(groups, author), "%", f"{name}, k = {k}", len(table))  # fmt: skip
    for k in (5, 10, 25):
        alone, fewer = [], []
        for seed in range(5):
            table = privacy.scaled(
                twin(seed=seed).users[["follow_user_num", "fans_user_num", "register_days"]], [0, 1]
            )
            releases = []
            for columns in ([0, 2], [1, 2]):
                part = table[:, columns]
                releases.append((columns, *privacy.boxes(part, privacy.mondrian(part, k))))
            left = privacy.candidates(table, releases).sum(1)
            alone.append(np.mean(left == 1))
            fewer.append(np.mean(left < k))
        yield row("alone after two k-anonymous releases", 100 * np.mean(alone), "%", f"k = {k}", 5)
        yield row("fewer than k after two releases", 100 * np.mean(fewer), "%", f"k = {k}", 5)


def the_inequality(draws: int = 1_000_000):
    """The largest log ratio of outcomes with and without one person, cell by cell, on counts of a histogram."""
    rng = np.random.default_rng(0)
    for epsilon in (0.5, 1.0, 2.0):
        edges = np.linspace(95, 106, 23)
        counts = [np.histogram(laplace_mechanism(np.full(draws, value), 1.0, epsilon, rng.uniform(1e-12, 1, draws)), edges)[0]
                  for value in (100.0, 101.0)]  # fmt: skip
        with_, without = counts
        enough = np.minimum(with_, without) > 2000
        ratio = np.abs(np.log(with_[enough] / without[enough])).max()
        yield row("largest log ratio measured", ratio, "", f"epsilon = {epsilon}", draws)


def profiles():
    for users in (1200, 12_000):
        logs = twin(users=users)
        ratings = ratings_from(clean_log(logs.log, logs.videos)[0])
        table = people(ratings, logs.scenes)
        rows, truth = rows_of(table, logs.scenes), logs.truth.kind[table.ids]
        taste, starts = logs.truth.taste[table.ids], place_starts(logs.scenes)

        def liking(centres, labels, taste=taste, scenes=logs.scenes):
            """True liking, in the mean over all people, of the ten films that fit their profile best."""
            lists = np.argsort(-film_scores(centres, scenes), axis=1, kind="stable")[:, :10]
            return taste[np.arange(len(labels))[:, None], lists[labels]].mean()

        plain = KMeans(7, 10, 0).fit(rows)
        name = f"{users:,} people"
        yield row("agreement, ordinary k-means", agreement(plain.labels, truth), "", name, users)
        yield row("true liking, ordinary k-means", liking(plain.centres, plain.labels), "", name, users)
        one = np.argsort(-np.bincount(ratings["video_id"][ratings["rating"] >= 4], minlength=420))[:10]
        yield row("true liking, the same ten for all", taste[:, one].mean(), "", name, users)
        for epsilon in (*EPSILONS, np.inf):
            seeds = 20 if np.isfinite(epsilon) else 1
            scores = []
            for seed in range(seeds):
                made = private_profiles(rows, starts, epsilon, seed=seed)
                labels = made.nearest(rows)
                scores.append((agreement(labels, truth), liking(made.centres, labels), made.budget.spent()))
            values = np.array(scores)
            variant = f"{name}, epsilon = {epsilon:g}"
            yield row("agreement, private", values[:, 0].mean(), "", variant, seeds)
            yield row("true liking, private", values[:, 1].mean(), "", variant, seeds)
            yield row("true liking, private, standard deviation", values[:, 1].std(), "", variant, seeds)
            if np.isfinite(epsilon):
                yield row("epsilon accounted for", values[:, 2].max(), "", variant, seeds)


def creators():
    """Lists of EASE before and after: the gap between small creators' merit and exposure is halved."""
    found = []
    for seed in range(10):
        logs = twin(seed=seed)
        ratings = ratings_from(clean_log(logs.log, logs.videos)[0])
        world = lists_of(logs, ratings)
        lists = {"before": fairness.fair_lists(world["scores"], world["small"], 10, 0.0)}
        exposed = fairness.exposure(lists["before"], world["small"].astype(int), 2)[1]
        gap = world["merit"] - exposed
        share = fairness.share_for(world["scores"], world["small"], 10, exposed + gap / 2)
        lists["after"] = fairness.fair_lists(world["scores"], world["small"], 10, share)
        numbers = {"merit": world["merit"], "share asked for": share}
        for when, some in lists.items():
            numbers[f"exposure, {when}"] = fairness.exposure(some, world["small"].astype(int), 2)[1]
            numbers[f"NDCG@10, {when}"] = ranking(some, world["wanted"], 10)["ndcg"]
            numbers[f"true liking, {when}"] = logs.truth.taste[np.arange(len(some))[:, None], some].mean()
            for group, value in fairness.quality(some, world["wanted"], world["activity"], 10).items():
                numbers[f"NDCG@10, {when}, {('few', 'some', 'many')[group]} views"] = value
        found.append(numbers)
    for name in found[0]:
        yield row(f"creators: {name}", np.mean([one[name] for one in found]), "", n=10)
    for what in ("NDCG@10", "true liking"):
        change = [one[f"{what}, after"] - one[f"{what}, before"] for one in found]
        yield row(f"creators: change of {what}", np.mean(change), "", n=10)
        yield row(
            f"creators: change of {what}, standard error",
            np.std(change, ddof=1) / len(change) ** 0.5,
            "",
            n=10,
        )
    halved = [(o["merit"] - o["exposure, after"]) / (o["merit"] - o["exposure, before"]) for o in found]
    yield row("creators: gap after / gap before", np.mean(halved), "", n=10)
    cost = [1 - one["NDCG@10, after"] / one["NDCG@10, before"] for one in found]
    yield row("creators: NDCG@10 lost", 100 * np.mean(cost), "%", n=10)


def lists_of(logs, ratings) -> dict:
    """What re-ranking needs: EASE's scores, who is small, what is wanted, merit from the random exposures."""
    train, test = by_time(ratings["time_ms"], 0.2)
    past, future = ratings[train], ratings[test]
    likes, users, films = past[past["rating"] >= 4], len(logs.users), len(logs.videos)
    model = EASE(300).fit(likes["user_id"], likes["video_id"])
    scores = np.full((users, films), -1.0)
    scores[:, model.items.ids] = model.scores(np.arange(users))
    scores[past["user_id"], past["video_id"]] = -np.inf
    wanted = future[future["rating"] >= 4].groupby("user_id")["video_id"].apply(list)
    small = fairness.small_owners(past["video_id"], logs.videos["author_id"])[logs.videos["author_id"]]
    blind = ratings[(ratings["is_rand"] == 1) & (ratings["rating"] >= 4)]["video_id"]
    views = np.bincount(past["user_id"], minlength=users)
    return {"scores": scores, "small": small, "wanted": [wanted.get(person, []) for person in range(users)],
            "merit": fairness.merit(blind, small), "activity": np.digitize(views, [20, 60])}  # fmt: skip


def stereotypes(count: int = 400):
    from course_lib.gan import judge, video
    from course_lib.scenery.clips import Clips
    from course_lib.scenery.render import render

    model, eye = video.load("shapes"), judge.load("shapes")
    for one in audit(model.sample, eye, COLOURLESS, "colour", count):
        top = max(one.counts, key=one.counts.get)
        yield row("skew of colour", one.skew, "", one.sentence, count)
        yield row(f"most frequent colour: {top}", 100 * one.counts[top] / count, "%", one.sentence, count)
        yield row("what was said is shown", 100 * one.kept, "%", one.sentence, count)
    yield row("skew of colour by chance", by_chance(count, np.ones(6)), "", "95 % of audits", 2000)
    clips = Clips("shapes", "validation", count, seed=9)
    drawn = clips.batch(np.arange(count), 0)
    seen = [one["colour"] for one in eye.attributes(drawn.clips)]
    true = [clips.attributes["colour"][k] for k in drawn.labels[:, list(clips.attributes).index("colour")]]
    yield row("control: judge reads the renderer's colours", 100 * np.mean(np.array(seen) == true), "%", "shapes", count)  # fmt: skip
    eye = judge.load("scenery")

    def drawn_scene(sentences, seed):
        return np.stack(
            [render({"place": "city"}, 8, (32, 32), 1000 * seed + k) for k in range(len(sentences))]
        )

    for attribute in ("time", "weather"):
        (one,) = audit(drawn_scene, eye, [("a city", {"place": "city"})], attribute, count)
        yield row(f"skew of {attribute}", one.skew, "", "renderer, a city", count)
        yield row(f"skew of {attribute} by chance", one.chance, "", "95 % of audits", 2000)
