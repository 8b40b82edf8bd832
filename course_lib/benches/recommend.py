"""Our recommenders beside Surprise's, on the same five folds, and the pair loop beside one product.

Settings are chosen on an inner split of each fold's training rows, for both sides by the same search: each setting is
multiplied or divided by its ratio for as long as that helps, until no neighbouring value gains 0.0001 stars, or 0.001
where it would double the work (factors, sweeps, epochs). There is no end of a list at which it could stop. CPU seconds
are those of fit and predict with the chosen settings, one thread for numpy where OMP_NUM_THREADS=1. MovieLens comes
from COURSE_DATA_DIR or an earlier download; ml-100k is measured where the learner has it.
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

FOLDS, SEED = 5, 0
FREE, COSTLY = 1e-4, 1e-3  # stars: what a neighbouring value must gain; more where it doubles the work
MOST = 60  # settings tried at most for one model and fold
#: of each setting where the search begins, the ratio of neighbouring values, and what a move must gain; it begins
#: near what Surprise wants, whose fits are the slow ones
NEIGHBOURS = {"shrinkage": (400, 2, FREE), "k": (80, 2, FREE)}
#: name: (constructor from settings, the settings to be chosen)
OURS = {
    "item kNN": (lambda shrinkage, k: ItemKNN(round(k), shrinkage), NEIGHBOURS),
    "user kNN": (lambda shrinkage, k: UserKNN(round(k), shrinkage), NEIGHBOURS),
    "ALS": (
        lambda factors, penalty, sweeps, prior: ALS(round(factors), penalty, round(sweeps), prior),
        {
            "factors": (20, 2, COSTLY),
            "penalty": (0.08, 1.4, FREE),
            "sweeps": (12, 2, COSTLY),
            "prior": (40, 2, FREE),
        },
    ),
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
        def made(shrinkage, k):
            options = {"name": "pearson_baseline", "user_based": by_user, "shrinkage": shrinkage}
            return Surprise(KNNBaseline(k=round(k), verbose=False, sim_options=options))

        return made, NEIGHBOURS

    def svd(factors, penalty, epochs, rate):
        return Surprise(SVD(round(factors), round(epochs), lr_all=rate, reg_all=penalty, random_state=SEED))

    start = {
        "factors": (100, 2, COSTLY),
        "penalty": (0.1, 1.4, FREE),
        "epochs": (160, 2, COSTLY),
        "rate": (0.005, 2, FREE),
    }
    return {"item kNN": neighbours(False), "user kNN": neighbours(True), "SVD": (svd, start)}


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


def run(model, known, asked):
    """(predictions, CPU seconds) of a fresh model."""
    begin = time.process_time()
    predicted = model.fit(*known).predict(*asked)
    return predicted, time.process_time() - begin


def tuned(make, settings, known):
    """Settings of which no neighbouring value gains anything worth it, on one inner split of the training rows.

    Args:
        make: a model from settings.
        settings: of each by name where to begin, the ratio of neighbouring values, and what a move must gain.
        known: users, items, ratings.

    Returns:
        (settings by name, how many were tried, whether the search came to its own end).
    """
    train, test = next(folds(len(known[0]), 5, SEED + 1))
    inner, held = [one[train] for one in known], [one[test] for one in known]
    errors = {}

    def named(steps):
        return {name: begin * ratio**step for step, (name, (begin, ratio, _)) in zip(steps, settings.items())}

    def error(steps):
        if steps not in errors:
            errors[steps] = rmse(run(make(**named(steps)), inner, held[:2])[0], held[2])
        return errors[steps]

    best, moved = (0,) * len(settings), True
    while moved and len(errors) < MOST:
        moved = False
        for place, (_, _, least) in enumerate(settings.values()):
            for way in (1, -1):
                while len(errors) < MOST:
                    other = (*best[:place], best[place] + way, *best[place + 1 :])
                    if error(other) >= error(best) - least:
                        break
                    best, moved = other, True
    return named(best), len(errors), not moved


def side_by_side(name, theirs):
    """RMSE, MAE and CPU seconds of all models on the same folds, of the mean of our three, and what was chosen."""
    columns = movielens(name)[:3]
    models = {("course", n): m for n, m in OURS.items()} | {("Surprise", n): m for n, m in theirs.items()}
    scores = {key: [] for key in [*models, ("course", "mean of the three")]}
    choices = {key: [] for key in models}
    for train, test in folds(len(columns[0]), FOLDS, SEED):
        known, asked = [one[train] for one in columns], [one[test] for one in columns]
        own, spent = [], 0.0
        for key, (make, settings) in models.items():
            choices[key].append(tuned(make, settings, known))
            predicted, cost = run(make(**choices[key][-1][0]), known, asked[:2])
            scores[key].append((rmse(predicted, asked[2]), mae(predicted, asked[2]), cost))
            if key[0] == "course":
                own.append(predicted)
                spent += cost
        both = np.mean(own, axis=0)
        scores["course", "mean of the three"].append((rmse(both, asked[2]), mae(both, asked[2]), spent))
    for (side, model), rows in scores.items():
        error, absolute, cost = np.mean(rows, axis=0)
        variant = f"{name}, {side}"
        yield row(f"{model}: RMSE", error, "stars", variant)
        yield row(f"{model}: MAE", absolute, "stars", variant)
        yield row(f"{model}: CPU", cost, "CPU s/fold", variant)
    for (side, model), rows in choices.items():
        variant = f"{name}, {side}"
        for setting in rows[0][0]:
            values = [chosen[setting] for chosen, _, _ in rows]
            yield row(f"{model}: {setting}, smallest", min(values), "", variant)
            yield row(f"{model}: {setting}, largest", max(values), "", variant)
        yield row(f"{model}: settings tried", np.mean([tried for _, tried, _ in rows]), "a fold", variant)
        ended = np.mean([ended for _, _, ended in rows])
        yield row(f"{model}: no neighbouring value gains", 100 * ended, "% of folds", variant)


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
        ("ALS by rating", by_rating, ALS(20, 0.08, 12, 40)),
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
