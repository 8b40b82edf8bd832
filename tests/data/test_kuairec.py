"""KuaiRec's reader, on files with its published columns that the mock twin makes."""

import numpy as np
import pytest

from course_lib.data.kuairec import MATRIX_COLUMNS, VIDEO_COLUMNS, kuairec, stand_in, tidy, write
from course_lib.data.twin import LARGEST_RATIO, LOG_COLUMNS
from course_lib.errors import CourseError
from course_lib.recommend.baseline import Baseline
from course_lib.recommend.cleaning import clean_log, find_defects, tags_of
from course_lib.recommend.factors import ALS
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.metrics import rmse
from course_lib.recommend.splits import folds


@pytest.fixture(scope="module")
def tables():
    return stand_in(seed=3)[0]


@pytest.fixture
def on_disk(tables, tmp_path, monkeypatch):
    """The files where a learner would put them."""
    write(tables, tmp_path / "kuairec")
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COURSE_REAL_DATA", "1")
    return tmp_path / "kuairec"


def test_the_stand_in_has_the_published_columns(tables):
    for name in ("small_matrix", "big_matrix"):
        table = tables[name]
        assert tuple(table.columns) == MATRIX_COLUMNS
        assert np.allclose(table["watch_ratio"], table["play_duration"] / table["video_duration"])
        missing = table[["time", "date", "timestamp"]].isna()
        assert (missing.all(axis=1) == missing.any(axis=1)).all(), "a time is missing in all three or in none"
    small = tables["small_matrix"]
    filled = len(small.drop_duplicates(["user_id", "video_id"])) / (60 * 40)
    assert filled > 0.98, "hardly a hole"
    assert tables["item_categories"]["feat"].str.match(r"\[\d+(, \d+)*\]$").all()


def test_files_are_read_into_the_columns_of_kuairand(on_disk, tables):
    for matrix in ("small", "big"):
        logs = kuairec(matrix)
        assert tuple(logs.log.columns) == LOG_COLUMNS
        assert logs.truth is None
        assert logs.users.shape == (120, 31)
        assert tuple(logs.videos.columns) == VIDEO_COLUMNS
        made = tidy(tables[f"{matrix}_matrix"])
        assert np.allclose(logs.log["time_ms"], made.log["time_ms"], equal_nan=True)
        assert logs.log["is_like"].isna().all(), "what is not recorded is unknown, not 0"
        named = tables[f"{matrix}_matrix"]["date"]
        assert np.array_equal(logs.log["date"].fillna(-1), named.fillna(-1)), "Beijing's days"
    assert len(kuairec("big", rows=7).log) == 7


def test_every_defect_is_found_and_mended(on_disk, tables):
    logs = kuairec("big")
    found = find_defects(logs.log, logs.users, logs.videos)
    planted = stand_in(seed=3)[1].truth.defects
    for name in ("duplicate rows", "missing times", "impossible watch ratios", "sentinel -124",
                 "lists stored as text", "videos without duration"):  # fmt: skip
        assert found[name] == planted[name], name
    assert found["missing durations"] == 0
    small = kuairec("small").log
    assert (small["play_time_ms"] / small["duration_ms"]).max() == pytest.approx(LARGEST_RATIO, rel=1e-3)
    clean, _ = clean_log(small, logs.videos)
    assert find_defects(clean) == dict.fromkeys(find_defects(clean), 0)
    assert all(isinstance(tag, int) for tags in tags_of(logs.videos) for tag in tags)


def test_from_files_to_predictions(on_disk):
    ratings = ratings_from(clean_log(kuairec("small").log)[0])
    assert sorted(set(ratings["rating"])) == [1, 2, 3, 4, 5]
    train, test = next(folds(len(ratings), 5, 0))
    known = [ratings[name].to_numpy()[train] for name in ("user_id", "video_id", "rating")]
    asked = [ratings[name].to_numpy()[test] for name in ("user_id", "video_id")]
    actual = ratings["rating"].to_numpy()[test]
    plain = rmse(Baseline().fit(*known).predict(*asked), actual)
    assert rmse(ALS(4, 0.1).fit(*known).predict(*asked), actual) < 0.95 * plain


def test_without_files_it_is_the_stand_in(monkeypatch):
    monkeypatch.delenv("COURSE_REAL_DATA", raising=False)
    logs = kuairec(users=60, videos=40, views=10)
    assert logs.truth is not None
    assert logs.log["user_id"].max() < 30


def test_what_is_wrong_is_said(on_disk, tables):
    with pytest.raises(CourseError, match="no matrix 'medium'"):
        kuairec("medium")
    with pytest.raises(CourseError, match="lacks the columns timestamp"):
        tidy(tables["small_matrix"].drop(columns="timestamp"))
    (on_disk / "big_matrix.csv").unlink()
    with pytest.raises(CourseError, match=r"no big_matrix\.csv"):
        kuairec("big")
    (on_disk / "item_daily_features.csv").unlink()
    assert kuairec("small").videos["tag"].notna().all(), "the tables beside it may be missing"
