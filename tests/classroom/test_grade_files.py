"""Files beside the notebook: which one is taken, when none can be scored, who looks like whom, what is said."""

import dataclasses
import io
import json
import os
import zipfile

import numpy as np
import pytest

from course_lib.classroom import check, release
from course_lib.classroom.grading import archives, batch, copies, hand, intake, one, scorer
from course_lib.data import home
from course_lib.exercises.artefact import lesson_artefacts, missing, sketch_of

ASKED = lesson_artefacts("10")[0]


def collected(tmp_path, names, kind="folder"):
    """The one entry of a learner who handed in files of these names, oldest first."""
    place = tmp_path / "in"
    place.mkdir()
    if kind == "zip":
        with zipfile.ZipFile(place / "Ada.zip", "w") as opened:
            for number, name in enumerate(names):
                opened.writestr(zipfile.ZipInfo(name, (2026, 1, 1 + number, 0, 0, 0)), name)
    else:
        (place / "Ada").mkdir()
        for number, name in enumerate(names):
            (place / "Ada" / name).write_text(name, encoding="utf-8")
            os.utime(place / "Ada" / name, (1e9 + number, 1e9 + number))
    (entry,) = intake.collect(place, tmp_path / "scratch")
    return entry


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["a.ipynb", "recommender.npz"], "recommender.npz"),
        (["a.ipynb", "recommender.NPZ"], "recommender.NPZ"),
        (["a.ipynb", "推荐.npz"], "推荐.npz"),  # the ending counts
        (
            ["recommender (2).npz", "practice.npz", "a.ipynb"],
            "recommender (2).npz",
        ),  # the asked name goes first
        (["recommender-1.npz", "recommender-2.npz", "a.ipynb"], "recommender-2.npz"),  # then the newest
        (["a.ipynb", "recommender.pt", "recommender.npz.txt"], None),
        (["a.ipynb"], None),
    ],
)
def test_which_file_is_taken(tmp_path, kind, names, wanted):
    entry = collected(tmp_path, names, kind)
    taken, notes = intake.choose_file(entry, ASKED)
    assert (taken and taken.name) == wanted
    assert taken is None or taken.path.read_text(encoding="utf-8") == wanted
    assert bool(notes) == (wanted == "recommender-2.npz")
    assert [paper.name for paper in entry.papers] == ["a.ipynb"]


@pytest.mark.parametrize(
    ("file", "learner"),
    [
        ("lovelaceada_1234_56789_recommender-1.npz", "lovelaceada"),
        ("lovelaceada_LATE_1234_56789_recommender.npz", "lovelaceada"),
        ("Ada Lovelace_1234_assignsubmission_file_/recommender.npz", "Ada Lovelace"),
        ("Ada Lovelace_1234_assignsubmission_file_recommender.npz", "Ada Lovelace"),
    ],
)
def test_platforms_archives(tmp_path, file, learner):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as opened:
        opened.writestr(file, "numbers")
        opened.writestr(file.replace("recommender", "notebook").replace(".npz", ".ipynb"), "{}")
        opened.writestr(file.replace(learner, "somebody"), "others")
    entries = {entry.learner: entry for entry in intake.collect(tmp_path / "class.zip", tmp_path / "scratch")}
    taken, _ = intake.choose_file(entries[learner], ASKED)
    assert taken.path.read_text(encoding="utf-8") == "numbers"
    assert len(entries[learner].papers) == 1


def test_the_key_of_a_result_has_the_file_in_it(tmp_path):
    notebook, file = tmp_path / "a.ipynb", tmp_path / "a.npz"
    notebook.write_text("{}", encoding="utf-8")

    def key(content=b"1", name="a.npz", refused="", files=True):
        file.write_bytes(content)
        given = {ASKED.id: (None if refused else file, name, refused)} if files else {}
        return batch.task("Ada", notebook, "10", 5, "v", given).key

    assert key() == key()
    assert len({key(), key(b"2"), key(name="b.npz"), key(refused="a link"), key(files=False)}) == 5


@pytest.mark.parametrize("broken", ["ends", "hangs", "raises"])
def test_a_file_that_breaks_the_scoring_is_left_to_a_person(tmp_path, monkeypatch, broken):
    path = ASKED.attempts[0].make(tmp_path, np.random.default_rng(0))
    asked = ASKED
    if broken == "ends":
        monkeypatch.setattr(scorer.sys, "executable", "false")
    elif broken == "hangs":
        monkeypatch.setattr(scorer, "START_SECONDS", 0.0)
        asked = dataclasses.replace(ASKED, seconds=0.05)
    else:
        path = tmp_path / ("x" * 5000 + ".npz")  # no system opens a name of this length
    with scorer.Scorer() as pool:
        if broken == "raises":
            with pytest.raises(scorer.NotScored, match="scoring it failed"):
                pool.score("10", dataclasses.replace(asked), path, 1)
        else:
            with pytest.raises(scorer.NotScored, match=r"ended|took more"):
                pool.score("10", asked, path, 1)
    entry = one.entry_of_file(ASKED, None)
    assert entry["points"] is None
    record = {"exercises": [entry]}
    assert hand.settle(record, "Ada", [ASKED], hand.Hand())["total"] is None, "open is not a zero"


def test_scored_in_its_process_as_in_this_one(tmp_path):
    from course_lib.exercises.artefact import mark_file

    path = ASKED.attempts[1].make(tmp_path, np.random.default_rng(0))
    with scorer.Scorer() as pool:
        there = pool.score("10", ASKED, path, 7)
    here = mark_file(ASKED, path, 7)
    assert (there.points, there.status, there.text, there.digest) == (
        here.points,
        here.status,
        here.text,
        here.digest,
    )
    assert there.example == here.example
    assert json.dumps(one.entry_of_file(ASKED, there))


def test_whose_files_are_alike():
    rng = np.random.default_rng(0)

    def entry(seed, points=20, change=0.0, **more):
        numbers = {
            "weights": np.random.default_rng(seed).normal(size=(9, 9))
            * (1 + change * rng.normal(size=(9, 9)))
        }
        file = {"digest": f"{seed} {change}", "sketch": list(sketch_of(numbers)), "ours": False, "remark": "",
                "common": points <= ASKED.common}  # fmt: skip
        return [{"id": ASKED.id, "points": points, "file": {**file, **more}}]

    nothing = [one.entry_of_file(ASKED, missing(ASKED))]
    flags = copies.look_at_files(
        {
            "ada": entry(1), "bob": entry(1), "cy": entry(1, change=0.002), "dora": entry(2), "eve": entry(3, 5),
            "fay": entry(3, 5), "gus": entry(4, ours=True), "hal": entry(5, remark="Too good to be true."), "ida": nothing,
        },
        [ASKED],
    )  # fmt: skip
    assert [flag.split(":")[0] for flag in flags] == ["gus", "hal", "ada, bob", "ada and cy"]


def test_release_says_what_to_hand_in(tmp_path):
    release.release(["10"], tmp_path / "out", notebooks_only=True)
    (page,) = (tmp_path / "out").glob("START-*.md")
    text = page.read_text(encoding="utf-8")
    assert f"`{ASKED.file}`" in text
    assert f"up to {ASKED.points} points" in text
    assert "nothing else" not in text
    assert release.and_files("01") == ", and nothing else"


def test_check_scores_the_file_beside_the_notebook(tmp_path):
    (shipped,) = (home() / "notebooks").glob("10_*.ipynb")
    marks, _ = check.check(shipped, seed=1, files=tmp_path)
    assert marks.verdicts[ASKED.id].kind == "no file"
    assert ASKED.file in check.report(marks, [])
    ASKED.attempts[1].make(tmp_path, np.random.default_rng(0))
    marks, _ = check.check(shipped, seed=1, files=tmp_path)
    assert marks.total == marks.points[ASKED.id] > 0
    functions, _ = check.check(shipped, seed=1)
    assert functions.most == marks.most - ASKED.points


@pytest.mark.parametrize("top", ["", "class/"])
@pytest.mark.parametrize("nested", [False, True])
def test_nobody_takes_the_others_room(tmp_path, monkeypatch, top, nested):
    """Many large files of one learner: the rest of them is refused, everybody else's are there."""
    monkeypatch.setattr(archives, "MOST_OF_ONE", 50_000)
    monkeypatch.setattr(archives, "LARGEST_CLASS", 200_000)
    zeros = bytes(20_000)
    with zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_DEFLATED) as opened:
        if nested:
            inner = io.BytesIO()
            with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as bomb:
                for number in range(40):
                    bomb.writestr(f"{number}.npz", zeros)
            for number in range(5):
                opened.writestr(f"{top}eve/{number}.zip", inner.getvalue())
        else:
            for number in range(40):
                opened.writestr(f"{top}eve/{number}.npz", zeros)
        for name in ("ada", "zoe"):
            opened.writestr(f"{top}{name}/a.ipynb", "{}")
            opened.writestr(f"{top}{name}/recommender.npz", zeros)
    entries = {entry.learner: entry for entry in intake.collect(tmp_path / "class.zip", tmp_path / "scratch")}
    for name in ("ada", "zoe"):
        assert len(entries[name].papers) == len(entries[name].files) == 1
        assert entries[name].refused == []
    assert len(entries["eve"].files) <= 2
    assert any("of one learner" in why for why in entries["eve"].refused)
    assert sum(path.stat().st_size for path in (tmp_path / "scratch").iterdir()) < 110_000


def test_too_many_files_of_one_learner(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_FILES_OF_ONE", 3)
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as opened:
        for number in range(9):
            opened.writestr(f"eve/{number}.npz", "1")
        opened.writestr("zoe/a.ipynb", "{}")
    entries = {entry.learner: entry for entry in intake.collect(tmp_path / "class.zip", tmp_path / "scratch")}
    assert len(entries["eve"].files) == 3
    assert len(entries["zoe"].papers) == 1
