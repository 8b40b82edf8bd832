"""k-means against plain versions and scikit-learn, and its edges."""

import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.recommend import kmeans
from course_lib.recommend.kmeans import KMeans, assign, inertia, mini_batch, pair_objective


@pytest.fixture(scope="module")
def points():
    rng = np.random.default_rng(3)
    return rng.normal(0, 4, (6, 5))[rng.integers(6, size=3000)] + rng.normal(size=(3000, 5)) + 100


def test_like_scikit_learn(points):
    from sklearn.cluster import KMeans as Theirs

    ours = [KMeans(6, 5, seed).fit(points).inertia for seed in range(3)]
    theirs = [Theirs(6, n_init=5, random_state=seed).fit(points).inertia_ for seed in range(3)]
    assert np.allclose(ours, theirs, rtol=1e-3)


def test_what_fit_leaves_fits_together(points):
    model = KMeans(6, 3, 1).fit(points)
    assert np.isclose(model.inertia, inertia(points, model.labels, model.centres))
    assert np.array_equal(model.labels, assign(points, model.centres))
    assert np.array_equal(model.labels, model.predict(points))
    assert (np.diff(model.history) <= 1e-6 * model.history[0]).all(), "inertia never grows"
    again = KMeans(6, 3, 1).fit(points)
    assert np.array_equal(again.labels, model.labels), "the same seed, the same clusters"


def test_an_empty_cluster_restarts_at_the_worst_served_point(points):
    far = np.vstack([points, [[1e3] * 5]])
    centres = np.vstack([far[:2], np.full((1, 5), -1e6)])
    labels, left = kmeans.nearest(far, centres)
    assert 2 not in labels
    moved = kmeans.means(far, labels, centres, left + (far**2).sum(1))
    assert np.allclose(moved[2], 1e3)


def test_mini_batches_come_near(points):
    whole = KMeans(6, 5, 0).fit(points).inertia
    centres = mini_batch(points, 6, random_state=0)
    assert inertia(points, assign(points, centres), centres) < 1.15 * whole


def test_identity_of_pairs(points):
    few, labels = points[:40], np.arange(40) % 3
    pairs = sum(
        ((a - b) ** 2).sum() for i, a in enumerate(few) for j, b in enumerate(few) if labels[i] == labels[j]
    )
    assert np.isclose(pair_objective(few, labels), pairs)


@pytest.mark.parametrize("rows", [np.ones((1, 2)), np.ones((5, 2))])
def test_one_cluster_of_equal_rows(rows):
    assert KMeans(1).fit(rows).inertia == 0


@pytest.mark.parametrize(
    ("rows", "k", "said"),
    [
        ([[1.0], [np.nan]], 1, "NaN"),
        ([[1.0], [1.0], [1.0]], 2, "different rows"),
        ([[1.0]], 2, "different rows"),
        (np.zeros((0, 3)), 1, "table of numbers"),
        ([1.0, 2.0], 1, "table of numbers"),
        ([["a"]], 1, "table of numbers"),
    ],
)
def test_bad_tables_are_named(rows, k, said):
    with pytest.raises(CourseError, match=said):
        KMeans(k).fit(np.array(rows))


def test_settings_and_columns():
    with pytest.raises(CourseError):
        KMeans(0)
    with pytest.raises(CourseError, match="3 columns"):
        KMeans(1).fit(np.ones((4, 2))).predict(np.ones((4, 3)))
