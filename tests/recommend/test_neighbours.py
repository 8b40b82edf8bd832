"""Neighbourhoods and baselines: against slow and plain versions, and at every edge."""

import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.recommend.baseline import Baseline
from course_lib.recommend.factors import ALS, EASE, ImplicitALS, Popularity
from course_lib.recommend.neighbours import ItemKNN, UserKNN, similarities
from course_lib.recommend.similarity import cosine_similarity, predict_rating
from course_lib.recommend.table import Index, table

MODELS = [Baseline, ItemKNN, UserKNN, ALS]
RANKERS = [Popularity, EASE, ImplicitALS]


@pytest.fixture(scope="module")
def ratings():
    """Two tastes in 40 people and 30 items: even people like even items."""
    rng = np.random.default_rng(0)
    pairs = rng.permutation(40 * 30)[:700]
    users, items = pairs // 30, pairs % 30
    liked = (users % 2) == (items % 2)
    return users + 100, items + 500, np.where(liked, 4.2, 2.1) + rng.normal(0, 0.3, 700)


def slow_similarity(deviations, rated, shrinkage):
    n = len(deviations)
    answer = np.zeros((n, n))
    for a in range(n):
        for b in range(n):
            both = rated[a] & rated[b]
            if a != b and both.any():
                x, y = deviations[a, both], deviations[b, both]
                trust = (both.sum() - 1) / (both.sum() - 1 + shrinkage)
                answer[a, b] = trust * (x @ y) / np.sqrt((x @ x) * (y @ y))
    return np.where(answer > 0, answer, 0)


def test_similarities_equal_the_slow_ones(ratings):
    known = table(*ratings)
    matrix = known.matrix(Baseline().fit_table(known).deviations())
    slow = slow_similarity(matrix.toarray(), known.matrix(np.ones(700)).toarray() > 0, 7.0)
    assert np.allclose(similarities(matrix, 7.0, kept=40).toarray(), slow, atol=2e-5)
    few = similarities(matrix, 7.0, kept=3).toarray()
    assert ((few > 0).sum(1) <= 3).all()
    assert np.allclose(few.max(1), slow.max(1), atol=2e-5)


def test_blocks_make_no_difference(ratings, monkeypatch):
    whole = ItemKNN(5, 3).fit(*ratings).similarity.toarray()
    monkeypatch.setattr("course_lib.recommend.neighbours.PRODUCTS", 500)
    assert np.array_equal(ItemKNN(5, 3).fit(*ratings).similarity.toarray(), whole)


def test_a_sum_that_is_exactly_zero_shifts_no_other():
    """scipy leaves out entries that cancel: rows 0 and 1 have (1, -1) against (1, 1)."""
    users, items = [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1]
    matrix = table(users, items, [1.0, 1.0, 1.0, -1.0, 1.0, 0.5]).matrix()
    found = similarities(matrix, 0.0, kept=3).toarray()
    assert found[0, 1] == 0
    assert np.allclose(found[0, 2], 1.5 / np.sqrt(2 * 1.25))
    assert np.allclose(found[1, 2], 0.5 / np.sqrt(2 * 1.25))


def test_a_prediction_by_hand(ratings):
    """With all neighbours and no damping it is the formula of the lesson on the model's own similarities."""
    model = UserKNN(k=40, shrinkage=5, damping=0).fit(*ratings)
    known, base = model.known, model.baseline
    matrix = np.full((40, 30), np.nan)
    matrix[known.u, known.i] = known.values
    u, i = np.argwhere(np.isnan(matrix))[0]
    means = base.of_rows(np.arange(40), np.full(40, i))
    expected = predict_rating(model.similarity[u].toarray()[0], matrix[:, i], means, means[u])
    got = model.predict(known.users.ids[u], known.items.ids[i])
    assert np.allclose(got, np.clip(expected, model.low, model.high), atol=1e-5)


@pytest.mark.parametrize("make", MODELS[1:])
def test_tastes_are_found(ratings, make):
    users, items, values = ratings
    train = np.arange(700) < 560
    model = make().fit(users[train], items[train], values[train])
    error = np.sqrt(np.mean((model.predict(users[~train], items[~train]) - values[~train]) ** 2))
    plain = Baseline().fit(users[train], items[train], values[train])
    base = np.sqrt(np.mean((plain.predict(users[~train], items[~train]) - values[~train]) ** 2))
    assert error < 0.75 * base


@pytest.mark.parametrize("make", MODELS)
def test_unknown_ones_get_what_is_known(ratings, make):
    model = make().fit(*ratings)
    # neighbours start from the baseline; ALS settles its own biases, together with the factors
    base = model.baseline if make is ALS else Baseline().fit(*ratings)
    assert np.allclose(model.predict(-1, 505), base.predict(-1, 505))
    assert np.allclose(model.predict(105, -1), base.predict(105, -1))
    assert np.allclose(model.predict("nobody", "nothing"), base.mean)
    assert len(model.predict([], [])) == 0


@pytest.mark.parametrize("make", MODELS)
@pytest.mark.parametrize(
    "rows", [([1], [2], [3.0]), ([1, 1, 1], [1, 2, 3], [4, 5, 3]), ([1, 2, 1, 2], [1, 1, 2, 2], [4, 4, 4, 4])]
)
def test_small_and_constant_ratings_have_answers(make, rows):
    predicted = make().fit(*rows).predict(rows[0], rows[1])
    assert np.isfinite(predicted).all()
    assert predicted.min() >= min(rows[2]) - 1e-9
    assert predicted.max() <= max(rows[2]) + 1e-9


@pytest.mark.parametrize("make", MODELS + RANKERS)
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (([], [], []), "no ratings at all"),
        (([1, 2], [1, 1], [3, np.nan]), "1 of 2 values are NaN"),
        (([1, 2], [1, 1], [3, np.inf]), "infinite"),
        (([1, 1], [7, 7], [3, 4]), "user 1 and item 7"),
        (([1, 2], [1], [3, 4]), "same length"),
        (([1, np.nan], [1, 2], [3, 4]), "1 of 2 users have no id"),
        ((["a", "b"], ["x", None], [3, 4]), "1 of 2 items have no id"),
    ],
)
def test_bad_ratings_are_named(make, rows, said):
    with pytest.raises(CourseError, match=said):
        make().fit(*rows)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ItemKNN(0),
        lambda: UserKNN(5, -1),
        lambda: ALS(0),
        lambda: EASE(0),
        lambda: ImplicitALS(alpha=0),
    ],
)
def test_settings_out_of_range_are_refused(make):
    with pytest.raises(CourseError):
        make()


@pytest.mark.parametrize("make", RANKERS)
def test_rankers(ratings, make):
    users, items, values = ratings
    good = values > 3
    model = make().fit(users[good], items[good])
    lists = model.recommend([100, 101, -5], 5)
    assert lists.shape == (3, 5)
    for row, user in zip(lists, (100, 101)):
        assert not set(row) & set(items[good][users[good] == user]), "what was seen is not recommended"
    counts = {item: int((items[good] == item).sum()) for item in np.unique(items[good])}
    assert counts[lists[2][0]] == max(counts.values()), "a stranger gets what is popular"
    if make is not Popularity:
        assert (lists[0] % 2 == 0).mean() >= 0.8
        assert (lists[1] % 2 == 1).mean() >= 0.8
    with pytest.raises(CourseError, match="ask for fewer"):
        model.recommend([100], 30)


def test_memory_is_linear_in_users():
    """Peak of fit: four times the users take no more than about four times the memory, not sixteen."""
    import tracemalloc

    peaks = []
    for users in (5000, 20_000):
        rng = np.random.default_rng(0)
        pairs = np.unique(np.repeat(np.arange(users), 10) * 3000 + rng.integers(3000, size=10 * users))
        tracemalloc.start()
        UserKNN(kept=20).fit(pairs // 3000, pairs % 3000, rng.integers(1, 6, len(pairs)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 5 * peaks[0]
    assert peaks[1] < 20_000**2 * 4 / 5, "a fifth of a dense table"


def test_cosine_of_the_lesson_equals_scikit_learns():
    from sklearn.metrics.pairwise import cosine_similarity as theirs

    rows = np.random.default_rng(0).normal(size=(200, 30))
    rows[7] = 0
    product = cosine_similarity(rows)
    assert np.abs(product - theirs(rows)).max() < 1e-12
    for i, j in np.random.default_rng(1).integers(200, size=(40, 2)):
        assert abs(product[i, j] - theirs(rows[i : i + 1], rows[j : j + 1])[0, 0]) < 1e-12, "pair by pair"


def test_biases_of_als_are_settled_with_its_factors(ratings):
    """Given the factors, neither users' nor items' biases can be bettered: each is its damped mean of what is left."""
    model = ALS(3, 0.1, sweeps=40).fit(*ratings)
    known, base = model.known, model.baseline
    taste = np.einsum("nf,nf->n", model.user_factors[known.u], model.item_factors[known.i])
    left = known.values - base.of_rows(known.u, known.i) - taste
    for rows, bias, damping in ((known.u, base.user_bias, 5), (known.i, base.item_bias, 3)):
        # sum of what is left = damping * bias, where the penalty damping * bias^2 is smallest
        assert np.allclose(np.bincount(rows, left), damping * bias, atol=0.02)
    assert not np.allclose(base.item_bias, Baseline(3, 5).fit(*ratings).item_bias, atol=0.01)


def test_index_knows_what_it_does_not_know():
    assert Index(["b", "a"]).rows(["a", "c", "b"]).tolist() == [0, -1, 1]
    assert Index([5, 3]).rows(["a"]).tolist() == [-1]
    assert Index([]).rows([1]).tolist() == [-1]
