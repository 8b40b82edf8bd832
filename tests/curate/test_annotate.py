"""Agreement by closed forms and beside scikit-learn; crowds seen through; splits that do not leak; datasheets."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from course_lib.curate import crowd, leak, splits
from course_lib.curate.agreement import cohen_kappa, krippendorff_alpha
from course_lib.curate.clean import Report
from course_lib.curate.collect import Item
from course_lib.curate.datasheet import QUESTIONS, datasheet
from course_lib.curate.media import Footage
from course_lib.errors import CourseError

GAP = -1
# K. Krippendorff, 'Computing Krippendorff's Alpha-Reliability', 2011: four observers, twelve units, alpha .743
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
        [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
    ]
)


def test_kappa_by_closed_form():
    a, b = np.repeat([0, 0, 1, 1], [20, 5, 10, 15]), np.repeat([0, 1, 0, 1], [20, 5, 10, 15])
    assert cohen_kappa(a, b) == pytest.approx((0.7 - 0.5) / 0.5)
    assert cohen_kappa(a, a) == 1
    assert cohen_kappa(np.array([0, 1]), np.array([1, 0])) == -1
    assert np.isnan(cohen_kappa(np.zeros(4, int), np.zeros(4, int)))


def test_kappa_beside_scikit_learn():
    for seed in range(20):
        a, b = np.random.default_rng(seed).integers(0, 4, (2, 50))
        assert cohen_kappa(a, b) == pytest.approx(cohen_kappa_score(a, b), abs=1e-12)


def test_alpha_of_krippendorffs_example():
    labels = np.where(KRIPPENDORFF > 0, KRIPPENDORFF - 1, GAP)
    assert round(krippendorff_alpha(labels), 3) == 0.743
    assert krippendorff_alpha(labels[[2, 0, 3, 1]]) == pytest.approx(krippendorff_alpha(labels))


def test_alpha_by_closed_form():
    # two people, four items, one disagreement: of 8 labels 3 are 0 and 5 are 1
    labels = np.array([[0, 0, 1, 1], [0, 1, 1, 1]])
    assert krippendorff_alpha(labels) == pytest.approx(1 - 2 / ((64 - 9 - 25) / 7))


def test_dawid_and_skene_beat_the_vote_and_find_the_habits():
    crew = crowd.crew()
    truth = np.random.default_rng(0).choice(4, 600, p=[0.4, 0.3, 0.2, 0.1])
    labels = crowd.simulate(truth, crew.values(), 0.9, seed=1)
    voted = (crowd.votes(labels, 4).argmax(1) == truth).mean()
    found = crowd.dawid_skene(labels, 4)
    assert (found.belief.argmax(1) == truth).mean() > voted + 0.05
    assert np.abs(found.tables - np.array(list(crew.values()))).mean() < 0.05
    np.testing.assert_allclose(found.belief.sum(1), 1)


def test_evidence_is_bayes_rule():
    tables = np.array([[[0.9, 0.1], [0.2, 0.8]]])
    belief = crowd.weigh_evidence(np.array([[0, GAP]]), np.array([0.5, 0.5]), tables)
    np.testing.assert_allclose(belief, [[0.9 / 1.1, 0.2 / 1.1], [0.5, 0.5]])


def test_simulated_people_have_their_habits():
    truth = np.repeat([0, 1], 20_000)
    tables = [crowd.confusion(2, 0.8, {(1, 0): 0.3})]
    labels = crowd.simulate(truth, tables, seed=2)
    assert (labels[0, :20_000] == 0).mean() == pytest.approx(0.8, abs=0.01)
    assert (labels[0, 20_000:] == 1).mean() == pytest.approx(0.5, abs=0.01)
    some = crowd.simulate(truth, tables * 3, 0.3, seed=2)
    assert (some == GAP).mean() == pytest.approx(0.7 * 2 / 3, abs=0.02)  # one of three is always asked
    assert ((some >= 0).sum(0) >= 1).all()


def test_bad_labels_and_habits_are_named():
    with pytest.raises(CourseError, match="labels must be"):
        crowd.dawid_skene(np.array([[0, 5]]), 4)
    with pytest.raises(CourseError, match="labels must be"):
        crowd.dawid_skene(np.full((2, 3), GAP), 4)
    with pytest.raises(CourseError, match="below 0"):
        crowd.confusion(3, 0.5, {(0, 1): 0.7})


def test_a_grouped_split_does_not_leak_and_is_nearly_full():
    for seed in range(20):
        random = np.random.default_rng(seed)
        groups = random.integers(0, 30, 200)
        test = splits.grouped_split(groups, 0.25, random.permutation(30))
        assert splits.leaks(groups, test) == 0
        assert 0.2 <= test.mean() <= 0.25
    by_item = splits.random_split(200, 0.25, 0)
    assert by_item.sum() == 50
    assert splits.leaks(groups, by_item) > 40


def test_reasons_to_stay_together_add_up():
    copies, source = np.array([0, 0, 1, 2, 3]), np.array(["a", "b", "b", "c", "d"])
    assert splits.joined_groups(copies, source).tolist() == [0, 0, 0, 1, 2]


def test_a_leaky_split_foretells_coins():
    pieces, fresh = leak.cut_films(24, 1), leak.cut_films(24, 2)
    by_coin = leak.accuracies(pieces, fresh, "coin", 1)
    assert by_coin["pieces drawn at random"] > 0.9
    assert by_coin["whole films held out"] < 0.8
    assert by_coin["new films"] < 0.8


def sheet(answers, groups=(0, 0, 1), test=(False, False, True)):
    film = Footage(np.zeros((8, 32, 32, 3), np.uint8), 64, 48, 1.0, 8.0)
    items = [Item(f"{k}.mp4", f"clip {k}", "en", "x", film) for k in range(4)]
    report = Report([("3.mp4", "blank", "dark")], items[:3])
    return datasheet("lakes", items, report, groups, test, answers, {"alpha": 0.74}, date="2026-11-23")


def test_a_datasheet_counts_and_asks():
    text = sheet({key: f"answer to {key}" for key in QUESTIONS})
    for part in ("3 clips, together 3 s", "4 clips were collected, 1 were left out", "| blank | 1 |", "2 groups",
                 "No group is on both sides", "alpha 0.74", "answer to not for", "2026-11-23"):  # fmt: skip
        assert part in text, part
    assert next(line for line in text.splitlines() if line.startswith("## ")) == "## Motivation"


def test_a_datasheet_names_leaks_and_refuses_holes():
    answers = {key: "yes" for key in QUESTIONS}
    assert "2 of them have a relative in training" in sheet(answers, (0, 0, 0), (False, True, True))
    with pytest.raises(CourseError, match="'licence'"):
        sheet(answers | {"licence": " "})
    with pytest.raises(CourseError, match="3 sound clips"):
        sheet(answers, groups=(0, 1))
