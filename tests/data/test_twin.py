"""The mock twin: schema, structure worth finding, the same bytes from the same seed."""

import os
from pathlib import Path

import numpy as np
import pytest

from course_lib.data.twin import KINDS, LOG_COLUMNS, WEEKS, twin
from course_lib.errors import CourseError


@pytest.fixture(scope="module")
def logs():
    return twin(users=400, videos=150, views=80, seed=1)


def test_schema(logs):
    assert tuple(logs.log.columns) == LOG_COLUMNS
    assert len(LOG_COLUMNS) == 19
    assert logs.users.shape == (400, 31)
    assert logs.videos.shape == (150, 12)
    assert logs.log["tab"].between(0, 14).all()
    assert logs.users["user_active_degree"].nunique() == 9


def test_the_same_columns_as_the_real_files(logs):
    import pandas

    folder = os.environ.get("COURSE_DATA_DIR")
    if not folder:
        pytest.skip("COURSE_DATA_DIR is not set: the real KuaiRand files are not there to compare with")
    for name, table in (
        ("user_features_pure.csv", logs.users),
        ("video_features_basic_pure.csv", logs.videos),
    ):
        real = pandas.read_csv(Path(folder) / "kuairand-pure" / name, nrows=5)
        assert list(real.columns) == list(table.columns)


def test_same_seed_same_twin(logs):
    again = twin(users=400, videos=150, views=80, seed=1)
    assert again.log.equals(logs.log)
    assert again.users.equals(logs.users)
    assert not twin(users=400, videos=150, views=80, seed=2).log.equals(logs.log)


def test_exposure_follows_the_known_propensities(logs):
    rows = logs.log.drop_duplicates()
    week0 = rows[(rows["date"] < 20220415)]
    standard, blind = week0[week0["is_rand"] == 0], week0[week0["is_rand"] == 1]
    counts = np.bincount(standard["video_id"], minlength=150) / len(standard)
    assert np.corrcoef(counts, logs.truth.propensity[0])[0, 1] > 0.95
    assert not counts[logs.truth.first_week > 0].any(), "nothing is shown before it is out"
    top = np.sort(logs.truth.propensity[0])[-15:].sum()
    assert top > 0.3, "a tenth of the films gets a third of the views"
    spread = np.bincount(blind["video_id"], minlength=150)[logs.truth.first_week == 0]
    assert spread.std() < 2 * np.sqrt(spread.mean()), "the random slice is blind"
    assert np.allclose(logs.truth.propensity.sum(1), 1)
    assert logs.truth.propensity.shape == (WEEKS, 150)


def test_length_hardly_matters_for_seconds_and_much_for_the_ratio(logs):
    rows = logs.log.dropna()
    ratio = rows["play_time_ms"] / rows["duration_ms"]
    usual = ratio < 20
    length = np.log(rows["duration_ms"][usual])
    assert abs(np.corrcoef(length, np.log(rows["play_time_ms"][usual]))[0, 1]) < 0.35
    assert np.corrcoef(length, np.log(ratio[usual]))[0, 1] < -0.45
    assert ratio.max() == pytest.approx(573, rel=1e-3)
    assert 5 < rows["play_time_ms"].median() / 1000 < 10


def test_kinds_like_what_they_should(logs):
    for number, (likes, _) in enumerate(KINDS.values()):
        best = max(likes, key=likes.get)
        with_it = (logs.scenes["place"] == best).to_numpy()
        own, others = logs.truth.kind == number, logs.truth.kind != number
        gap = logs.truth.taste[own][:, with_it].mean() - logs.truth.taste[others][:, with_it].mean()
        assert gap > 1


def test_films_of_the_twin_can_be_filmed(logs):
    from course_lib.scenery.vocabulary import WORDS, impossible

    for scene in logs.scenes.drop(columns="video_id").to_dict("records"):
        assert impossible(scene) is None
        assert all(word in WORDS[name] for name, word in scene.items())


def test_too_small_a_twin_is_refused():
    with pytest.raises(CourseError, match="at least 30"):
        twin(users=3)
