"""On the real files, where COURSE_DATA_DIR has them; and what the benches say where their rivals are missing."""

import os
import sys

import numpy as np
import pytest

from course_lib.data.named import folder, movielens
from course_lib.errors import CourseError
from course_lib.recommend.factors import ALS
from course_lib.recommend.metrics import rmse
from course_lib.recommend.neighbours import ItemKNN, UserKNN
from course_lib.recommend.splits import folds


def real(name: str):
    if not os.environ.get("COURSE_DATA_DIR") or folder(name) is None:
        pytest.skip(f"COURSE_DATA_DIR has no {name}: the models were NOT tried on real data")


@pytest.mark.slow
def test_movielens_as_good_as_measured():
    """One fold; the limits are what Surprise's item kNN, user kNN and SVD reach on it, their settings searched."""
    real("ml-latest-small")
    users, items, ratings = movielens()[:3]
    assert len(ratings) == 100_836
    train, test = next(folds(len(ratings), 5, seed=0))
    predicted = {}
    for model, limit in (
        (ItemKNN(20, 50), 0.8488),
        (UserKNN(40, 50), 0.8770),
        (ALS(20, 0.08, 12, 40), 0.8481),
    ):
        model.fit(users[train], items[train], ratings[train])
        predicted[model] = model.predict(users[test], items[test])
        assert rmse(predicted[model], ratings[test]) < limit
    best = min(rmse(one, ratings[test]) for one in predicted.values())
    assert rmse(np.mean(list(predicted.values()), axis=0), ratings[test]) < best


def test_kmeans_on_kuairand_users():
    """The inertia that scikit-learn reaches too (bench/kmeans.json)."""
    real("kuairand-pure")
    from course_lib.benches.kmeans import kuairand_users
    from course_lib.recommend.kmeans import KMeans

    users = kuairand_users()
    assert users.shape == (27_285, 6)
    assert KMeans(8, 5, 0).fit(users).inertia == pytest.approx(40_346, rel=1e-3)


def test_a_missing_rival_is_a_failure_with_the_command(monkeypatch):
    from course_lib.benches import kmeans, recommend

    monkeypatch.setitem(sys.modules, "surprise", None)
    with pytest.raises(CourseError, match="pip install scikit-surprise"):
        next(recommend.measure())
    monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
    with pytest.raises(CourseError, match="pip install scikit-learn"):
        next(kmeans.measure())
