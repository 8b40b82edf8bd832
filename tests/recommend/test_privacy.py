"""What privacy's functions promise, held against counting: classes, linkage, Mondrian, diversity, rules."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.data.named import folder
from course_lib.data.pages import declared, public_pages
from course_lib.data.twin import twin
from course_lib.errors import CourseError
from course_lib.film import label
from course_lib.recommend import privacy
from course_lib.recommend.privacy_rules import admit, may_profile, may_target, notice

TWO = ["follow_user_num", "register_days"]


@pytest.fixture(scope="module")
def logs():
    return twin(users=300, videos=60, views=20, seed=4)


def test_class_sizes_by_counting():
    table = np.random.default_rng(0).integers(0, 3, (60, 3))
    by_hand = [sum((row == other).all() for other in table) for row in table]
    assert privacy.class_sizes(table).tolist() == by_hand


@pytest.mark.skipif(folder("kuairand-pure") is None, reason="KuaiRand's user file is not on this machine")
def test_the_real_file_is_as_unique_as_the_lesson_says():
    import pandas

    table = pandas.read_csv(folder("kuairand-pure") / "user_features_pure.csv")[TWO].to_numpy()
    assert 0.970 < np.mean(privacy.class_sizes(table) == 1) < 0.971


def test_the_twin_shows_the_phenomenon(logs):
    assert np.mean(privacy.class_sizes(logs.users[TWO].to_numpy()) == 1) > 0.95
    days, follows = (privacy.class_sizes(logs.users[[one]].to_numpy()) for one in reversed(TWO))
    assert np.mean(follows == 1) < 0.6
    assert np.mean(days == 1) < 0.99


def test_linkage_finds_people_and_says_when_it_cannot(logs):
    released = logs.users[TWO].to_numpy(float)
    pages = public_pages(logs, seed=1)
    found = privacy.link(pages[TWO].to_numpy(float) - [0, 14], released, np.array([10, 0]))
    assert np.mean(found == pages["user_id"]) > 0.8
    assert np.mean((found >= 0) & (found != pages["user_id"])) < 0.02
    doubled = np.vstack([released, released])
    assert (privacy.link(released, doubled, np.zeros(2)) == -1).all(), "two rows fit: nobody is found"
    assert (privacy.link(released + 1e6, released, np.zeros(2)) == -1).all()


def test_pages_are_the_twins_and_everybody_has_at_most_one(logs):
    pages = public_pages(logs, share=0.5, seed=2)
    assert len(pages) == 150
    assert pages["page"].is_unique
    assert pages["user_id"].is_unique
    assert (
        pages["follow_user_num"].to_numpy() >= logs.users["follow_user_num"].to_numpy()[pages["user_id"]]
    ).all()
    assert pages.equals(public_pages(logs, share=0.5, seed=2))


@pytest.mark.parametrize("k", [1, 2, 7, 40, 300])
def test_mondrian_keeps_k_and_covers_everybody(logs, k):
    table = privacy.scaled(logs.users[TWO], [0])
    groups = privacy.mondrian(table, k)
    sizes = np.bincount(groups)
    assert sizes.sum() == 300
    assert sizes.min() >= k
    low, high = privacy.boxes(table, groups)
    assert ((low <= table) & (table <= high)).all()
    # who knows the numbers exactly has at least k candidates
    assert privacy.candidates(table, [([0, 1], low, high)]).sum(1).min() >= k


def test_more_privacy_more_blur(logs):
    table = privacy.scaled(logs.users[TWO], [0])
    blurs = [privacy.blur(table, privacy.mondrian(table, k)) for k in (1, 3, 10, 40, 300)]
    assert np.all(np.diff(blurs) > 0)
    assert np.isclose(blurs[-1], 1)


def test_equal_rows_cannot_be_parted():
    assert privacy.best_cut(np.ones((10, 3)), 2) == (-1, 0.0)
    assert privacy.mondrian(np.ones((10, 3)), 2).tolist() == [0] * 10


def test_two_releases_tell_more_than_one(logs):
    table = privacy.scaled(logs.users[["follow_user_num", "fans_user_num", "register_days"]], [0, 1])
    releases = []
    for columns in ([0, 2], [1, 2]):
        releases.append((columns, *privacy.boxes(table[:, columns], privacy.mondrian(table[:, columns], 5))))
    both = privacy.candidates(table, releases)
    assert both.diagonal().all(), "nobody is lost"
    assert np.mean(both.sum(1) == 1) > 0.3
    assert all(privacy.candidates(table, [one]).sum(1).min() >= 5 for one in releases)


def test_diversity_counts_effective_values():
    even = np.repeat(np.arange(4), 5)
    assert np.isclose(privacy.diversity(np.zeros(20, int), even), 4)
    assert np.isclose(privacy.diversity(even, even), 1)
    assert privacy.given_away(even, even) == 1
    assert privacy.given_away(np.zeros(20, int), even) == 0


def test_few_views_pin_down(logs):
    log = logs.log.dropna(subset=["time_ms"])
    days = log["date"].to_numpy() % 100
    few, many = (privacy.pinned_down(log["user_id"], log["video_id"], count, 100) for count in (1, 6))
    assert few < many
    assert privacy.pinned_down(log["user_id"], log["video_id"] * 100 + days, 3, 100) > 0.9
    with pytest.raises(CourseError, match="nobody"):
        privacy.pinned_down(log["user_id"], log["video_id"], 1000)


@pytest.mark.parametrize(
    ("table", "k"),
    [(np.ones((3, 2)), 4), (np.ones((3, 2)), 0), (np.full((3, 2), np.nan), 1), (np.ones(3), 1)],
)
def test_tables_that_cannot_be_grouped(table, k):
    with pytest.raises(CourseError, match="at least k rows"):
        privacy.mondrian(table, k)


def test_an_unknown_age_is_a_childs(logs):
    said = declared(logs)
    who = said["age"], said["consent"], said["guardian"]
    profile, target = may_profile(*who), may_target(*who)
    assert not (target & ~profile).any()
    assert not profile[~said["consent"]].any()
    assert not (profile & said["age"].isna() & ~said["guardian"]).any()
    assert not target[~(said["age"] >= 18)].any()
    assert may_profile([13, 13, 14, np.nan], [True] * 4, [False, True, False, False]).tolist() == [
        False,
        True,
        True,
        False,
    ]
    assert may_target([17, 18], [True, True], [True, False]).tolist() == [False, True]


def film_label(seen=3.0, cue=0.9, metadata=None, missing=()):
    """What `read_label` finds, as far as the platform looks at it."""
    return SimpleNamespace(seconds_visible=seen, cue_at=cue, metadata=metadata, missing=list(missing))


def test_the_platform_refuses_half_a_label():
    whole = {"Label": "1"}
    assert admit(film_label(metadata=whole)) == "generated"
    assert admit(film_label(0.0, None, None, ["everything"])) == "", "nothing is known of it"
    with pytest.raises(CourseError, match="bears traces of having been generated and lacks the metadata"):
        admit(film_label(missing=["the metadata key AIGC"]))
    with pytest.raises(CourseError, match="was generated and lacks the visible label and the sound cue"):
        admit(film_label(0.0, None, whole, ["the visible label", "the sound cue"]))
    with pytest.raises(CourseError, match="uploader"):
        admit(film_label(0.0, None, None, ["everything"]), declared=True)
    assert notice(False, True, True) == "possibly generated"


def test_what_the_film_writes_is_what_the_platform_reads():
    """The contract between lessons: fields of the metadata, names of what is read back."""
    assert label.aigc("a sentence", "seed 1")["Label"] == "1"
    names = {field.name for field in dataclasses.fields(label.Label)}
    assert {"seconds_visible", "cue_at", "metadata", "sealed"} <= names
    assert hasattr(label.Label, "missing")
