"""Our recommenders beside Surprise's, on the same five folds, and the pair loop beside one product.

Shrinkage and penalties are chosen on an inner split of each fold's training rows, for both sides from the same
lists. CPU seconds are those of fit and predict with the chosen value, one thread for numpy where OMP_NUM_THREADS=1.
MovieLens comes from COURSE_DATA_DIR or an earlier download; ml-100k is measured where the learner has it.
"""

import time
import tracemalloc

import numpy as np

from course_lib.data.named import fetch, folder, movielens
from course_lib.errors import CourseError
from course_lib.recommend.factors import ALS, EASE, ImplicitALS, Popularity
from course_lib.recommend.metrics import coverage, mae, popularity_bias, ranking, rmse
from course_lib.recommend.neighbours import ItemKNN, UserKNN
from course_lib.recommend.similarity import cosine_similarity
from course_lib.recommend.splits import folds

SHRINKAGES = (25, 100, 250)
FOLDS, SEED = 5, 0
#: name: (constructor of one value, the values to choose from)
OURS = {
    "item kNN": (lambda s: ItemKNN(40, s), SHRINKAGES),
    "user kNN": (lambda s: UserKNN(40, s), SHRINKAGES),
    "ALS": (lambda p: ALS(10, p), (0.05, 0.1, 0.2)),
}


def measure(train: bool = False):
    theirs = surprises()
    if folder("ml-latest-small") is None:
        fetch("ml-latest-small")
    for name in ("ml-latest-small", "ml-100k"):
        if folder(name) is not None:
            yield from side_by_side(name, theirs)
            yield from rankings(name)
    yield from pair_loop()
    yield from memory()


def surprises() -> dict:
    """Surprise's models with the same values to choose from; CourseError where it is not installed."""
    try:
        from surprise import SVD, KNNBaseline
    except ImportError:
        raise CourseError(
            "this bench compares with Surprise, which is not installed: pip install scikit-surprise"
        ) from None

    def neighbours(by_user):
        def made(shrinkage):
            options = {"name": "pearson_baseline", "user_based": by_user, "shrinkage": shrinkage}
            return Surprise(KNNBaseline(k=40, verbose=False, sim_options=options))

        return made, SHRINKAGES

    penalties = (0.02, 0.05, 0.1)
    return {
        "item kNN": neighbours(False),
        "user kNN": neighbours(True),
        "SVD": (lambda p: Surprise(SVD(reg_all=p, random_state=SEED)), penalties),
    }


class Surprise:
    """One of Surprise's models behind our fit and predict."""

    def __init__(self, model):
        self.model = model

    def fit(self, users, items, ratings):
        import contextlib
        import io

        import pandas
        from surprise import Dataset, Reader

        scale = Reader(rating_scale=(ratings.min(), ratings.max()))
        table = pandas.DataFrame({"u": users, "i": items, "r": ratings})
        with contextlib.redirect_stdout(io.StringIO()):
            self.model.fit(Dataset.load_from_df(table, scale).build_full_trainset())
        return self

    def predict(self, users, items):
        rows = list(zip(users.tolist(), items.tolist(), [0.0] * len(users)))
        return np.array([one.est for one in self.model.test(rows)])


def row(metric, value, unit, variant, n=FOLDS):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": SEED, "variant": variant}


def run(make, value, known, asked):
    """(predictions, CPU seconds) of a fresh model."""
    begin = time.process_time()
    predicted = make(value).fit(*known).predict(*asked)
    return predicted, time.process_time() - begin


def tuned(make, values, known):
    """The value with the smallest error on one inner split of the training rows."""
    train, test = next(folds(len(known[0]), 5, SEED + 1))
    inner, held = [one[train] for one in known], [one[test] for one in known]
    errors = [rmse(run(make, value, inner, held[:2])[0], held[2]) for value in values]
    return values[int(np.argmin(errors))]


def side_by_side(name, theirs):
    """RMSE, MAE and CPU seconds of all models on the same folds, and of the mean of our three."""
    columns = movielens(name)[:3]
    models = {("course", n): m for n, m in OURS.items()} | {("Surprise", n): m for n, m in theirs.items()}
    scores = {key: [] for key in [*models, ("course", "mean of the three")]}
    for train, test in folds(len(columns[0]), FOLDS, SEED):
        known, asked = [one[train] for one in columns], [one[test] for one in columns]
        own, spent = [], 0.0
        for key, (make, values) in models.items():
            value = tuned(make, values, known)
            predicted, cost = run(make, value, known, asked[:2])
            scores[key].append((rmse(predicted, asked[2]), mae(predicted, asked[2]), cost, value))
            if key[0] == "course":
                own.append(predicted)
                spent += cost
        both = np.mean(own, axis=0)
        scores["course", "mean of the three"].append((rmse(both, asked[2]), mae(both, asked[2]), spent, 0))
    for (side, model), rows in scores.items():
        error, absolute, cost, value = np.mean(rows, axis=0)
        variant = f"{name}, {side}"
        yield row(f"{model}: RMSE", error, "stars", variant)
        yield row(f"{model}: MAE", absolute, "stars", variant)
        yield row(f"{model}: CPU", cost, "CPU s/fold", variant)
        yield row(f"{model}: chosen, mean", value, "", variant)


def rankings(name):
    """The first ten of each model on the first fold: what was rated 4 or more is to be found."""
    users, items, ratings = movielens(name)[:3]
    train, test = next(folds(len(users), FOLDS, SEED))
    people, films = np.unique(users), np.unique(items[train])
    wanted = test & (ratings >= 4)
    liked = [items[wanted & (users == person)] for person in people]
    good = train & (ratings >= 4)
    counts = np.array([(items[train] == film).sum() for film in films])
    seen = np.zeros((len(people), len(films)), bool)
    seen[np.searchsorted(people, users[train]), np.searchsorted(films, items[train])] = True

    def by_rating(model):
        model.fit(users[train], items[train], ratings[train])
        lists = []
        for person, had in zip(people, seen):
            scores = model.predict(np.full(len(films), person), films)
            lists.append(films[np.argsort(-np.where(had, -np.inf, scores), kind="stable")[:10]])
        return np.array(lists)

    def by_rank(model):
        model.fit(users[good], items[good])
        scores = np.full(seen.shape, -np.inf)
        scores[:, np.searchsorted(films, model.items.ids)] = model.scores(people)
        return films[np.argsort(-np.where(seen, -np.inf, scores), axis=1, kind="stable")[:, :10]]

    for label, make, model in (
        ("popularity", by_rank, Popularity()),
        ("implicit ALS", by_rank, ImplicitALS(32, 10, 5)),
        ("EASE", by_rank, EASE(200)),
        ("item kNN by rating", by_rating, ItemKNN()),
        ("ALS by rating", by_rating, ALS()),
    ):
        begin = time.process_time()
        lists = make(model)
        cost = time.process_time() - begin
        measured = ranking(lists, liked, 10)
        for measure_ in ("precision", "recall", "ndcg"):
            yield row(f"{label}: {measure_}@10", measured[measure_], "", name, measured["users"])
        yield row(f"{label}: coverage", coverage(lists, len(films)), "", name, len(films))
        bias = popularity_bias(lists, films, counts)
        yield row(f"{label}: popularity percentile", bias, "", name, len(films))
        yield row(f"{label}: top 10 of everybody", cost, "CPU s", name, len(people))


def pair_loop():
    """The article's double loop over pairs, n = 200, against one product."""
    from sklearn.metrics.pairwise import cosine_similarity as one_pair

    rows = np.random.default_rng(SEED).random((200, 500))
    begin = time.process_time()
    looped = np.zeros((200, 200))
    for i in range(200):
        for j in range(200):
            if i != j:
                looped[i, j] = one_pair(rows[i : i + 1], rows[j : j + 1])[0, 0]
    slow = time.process_time() - begin
    begin = time.process_time()
    for _ in range(50):
        product = cosine_similarity(rows)
    fast = (time.process_time() - begin) / 50
    np.fill_diagonal(product, 0)
    yield row("pair loop", slow, "CPU s", "200 rows of 500", 200)
    yield row("one product", fast, "CPU s", "200 rows of 500", 200)
    yield row("pair loop / product", slow / fast, "times", "200 rows of 500", 200)
    yield row("pair loop - product, largest", np.abs(looped - product).max(), "", "200 rows of 500", 200)


def memory():
    """Peak memory of fit for 1,000 to 100,000 users with 20 ratings each."""
    for kind, items, kept in ((ItemKNN, 500, 100), (UserKNN, 5000, 50)):
        for users in (1_000, 10_000, 100_000):
            rng = np.random.default_rng(SEED)
            u = np.repeat(np.arange(users), 20)
            pairs = np.unique(u * items + rng.integers(items, size=len(u)))
            ratings = rng.integers(1, 6, len(pairs)).astype(float)
            begin = time.process_time()
            tracemalloc.start()
            kind(kept=kept).fit(pairs // items, pairs % items, ratings)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            variant = f"{users} users"
            yield row(f"{kind.__name__}: peak memory", peak / 1e6, "MB", variant, users)
            yield row(f"{kind.__name__}: peak memory a user", peak / users / 1e3, "kB", variant, users)
            yield row(f"{kind.__name__}: fit", time.process_time() - begin, "CPU s", variant, users)
