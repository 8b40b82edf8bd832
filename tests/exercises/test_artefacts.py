"""Files to hand in: each attempt gets the points it should, the same ones again, and words that a learner understands."""

import json

import numpy as np
import pytest

from course_lib.classroom import lessons, notebooks
from course_lib.classroom.proof import prove
from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.exercises import files_07, hand_in, lesson_exercises, progress_file
from course_lib.exercises.artefact import (
    Artefact,
    Part,
    Score,
    alike,
    digest_of,
    find_artefact,
    lesson_artefacts,
    mark_file,
    scored,
    sketch_of,
)
from course_lib.exercises.exercise import lessons_with_exercises
from course_lib.marking.files import Content, read

ALL = [one for lesson in lessons_with_exercises() for one in lesson_artefacts(lesson)]
each = pytest.mark.parametrize("one", ALL, ids=[one.id for one in ALL])
attempts = pytest.mark.parametrize(
    ("one", "attempt"),
    [(one, attempt) for one in ALL for attempt in one.attempts],
    ids=[f"{one.name}: {attempt.name}" for one in ALL for attempt in one.attempts],
)
VIDEO, FILMS = (
    find_artefact(id) for id in ("gan.video.trained_generator", "recommend.newcomers.recommender")
)


def test_two_lessons_ask_for_a_file():
    assert [one.id for one in ALL] == [VIDEO.id, FILMS.id]
    assert lesson_artefacts("01") == []
    with pytest.raises(CourseError, match="a function to write"):
        find_artefact("gan.layers.over")
    with pytest.raises(CourseError, match="no lesson '99'"):
        lesson_artefacts("99")


@attempts
def test_an_attempt_gets_its_points(one, attempt, tmp_path):
    path = attempt.make(tmp_path, np.random.default_rng(7))
    assert path.name == one.file
    cheap = one is FILMS
    verdicts = [mark_file(one, path, seed) for seed in ((3, 2**47) if cheap else (3,))]
    for verdict in verdicts:
        assert attempt.least <= verdict.points <= attempt.most, verdict
        assert verdict.status == ("right" if verdict.points == one.points else "in part" if verdict.points else "not yet")  # fmt: skip
        assert verdict.text
    if cheap:
        assert mark_file(one, path, 3) == verdicts[0]
    assert len(json.dumps(verdicts[0].sketch)) < 4000


@each
def test_nothing_handed_in_is_said_in_a_friendly_way(one, tmp_path):
    for path in (None, tmp_path / "nowhere.npz"):
        verdict = mark_file(one, path, 1)
        assert (verdict.status, verdict.points, verdict.kind) == ("not started", 0, "no file")
        assert one.file in verdict.text
        assert str(one.points) in verdict.text


@each
def test_a_file_of_another_kind_is_not_opened(one, tmp_path):
    (tmp_path / "answer.pkl").write_bytes(b"\x80\x04.")
    verdict = mark_file(one, tmp_path / "answer.pkl", 1)
    assert (verdict.points, verdict.kind) == (0, "bad file")
    assert one.taken[0] in verdict.text


@each
def test_its_cell_stands_in_the_lesson_and_its_points_in_the_title(one):
    (lesson,) = [
        found
        for found in map(lessons.read_lesson, lessons.lesson_files())
        if one in lesson_artefacts(found.id)
    ]
    exercises = lesson_exercises(lesson.id)
    prove(lesson, exercises)
    title = notebooks.notebook(lesson, exercises).cells[0].source
    most = sum(e.points for e in (*exercises, *lesson_artefacts(lesson.id)))
    assert f"and a file to hand in, {most} points" in title
    without = lessons.LessonSource(**{**vars(lesson), "cells": tuple(c for c in lesson.cells if "hand_in(" not in c.text)})  # fmt: skip
    with pytest.raises(CourseError, match="no cell with hand_in"):
        prove(without, exercises)


def test_a_cell_of_the_solution_stands_in_the_solution_only():
    (lesson,) = [one for one in map(lessons.read_lesson, lessons.lesson_files()) if one.id == "10"]
    names = {
        answers: {cell.id for cell in notebooks.notebook(lesson, lesson_exercises("10"), answers).cells}
        for answers in ("stub", "solution")
    }
    assert names["solution"] - names["stub"] == {"hand-in-solution-intro", "hand-in-solution"}


# --- lesson 07 ---


def test_a_good_generator_gets_everything(monkeypatch):
    """The shipped one, were it somebody's own."""
    monkeypatch.setattr(files_07, "SAME", -1.0)
    content = read(datasets("weights", "video-shapes-32.safetensors"), VIDEO.layout(), VIDEO.largest)
    verdict = scored(VIDEO, VIDEO.score(content, 5, 0.25), "", ())
    assert verdict.points == 20


def test_the_courses_own_generator_is_known_by_what_it_does(tmp_path):
    """Its units in another order: other numbers, the same clips."""
    content = read(datasets("weights", "video-shapes-32.safetensors"), VIDEO.layout(), VIDEO.largest)
    order = np.random.default_rng(0).permutation(128)
    changed = dict(content.arrays)
    changed["generator.mix.0.weight"] = changed["generator.mix.0.weight"][order]
    changed["generator.mix.0.bias"] = changed["generator.mix.0.bias"][order]
    changed["generator.mix.2.weight"] = changed["generator.mix.2.weight"][:, order]
    assert not any(alike(np.array(sketch_of(changed)), ours) for ours in VIDEO.own_sketches)
    assert VIDEO.score(Content(changed, content.said), 5, 0.1).ours


def test_clips_that_please_the_judge_alone_are_capped(monkeypatch):
    monkeypatch.setattr(files_07, "SAME", -1.0)
    monkeypatch.setattr(files_07, "distance", lambda *_: 0.9)
    content = read(datasets("weights", "video-shapes-32.safetensors"), VIDEO.layout(), VIDEO.largest)
    verdict = scored(VIDEO, VIDEO.score(content, 5, 0.1), "", ())
    assert verdict.points == 10
    assert "do not look like real ones" in verdict.text
    assert "trained against the judge" in verdict.remark


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "does not say which words"),
        ("[" * 90_000, "does not say which words"),
        ('{"a": 1}', "does not say which words"),
        ('["a", 3]', "does not say which words"),
        ('["a", "b"]', "names 2 words"),
        ("same", "names 168 words"),
        ("other", "not know a single word"),
    ],
)
def test_words_that_are_none(words, sentence):
    content = read(datasets("weights", "video-shapes-32.safetensors"), VIDEO.layout(), VIDEO.largest)
    words = {"same": json.dumps(["a"] * 168), "other": json.dumps([f"{n}#" for n in range(168)])}.get(words, words)  # fmt: skip
    with pytest.raises(CourseError, match=sentence):
        VIDEO.score(Content(content.arrays, {**content.said, "vocabulary": words}), 1, 0.1)


def test_what_the_file_says_of_itself_counts_for_nothing():
    """A recipe that asks for a huge network, a note that turns the noise off."""
    content = read(datasets("weights", "video-shapes-32.safetensors"), VIDEO.layout(), VIDEO.largest)
    said = {"vocabulary": content.said["vocabulary"], "recipe": '{"size": 1048576}', "note": '{"temperature": 0}'}  # fmt: skip
    model = files_07.model_of(Content(content.arrays, said))
    assert model.sample(["a small red star rises"], 1).shape == (1, 3, 8, 32, 32)
    assert model.note == {}


# --- lesson 10 ---


def test_weights_turned_round_or_of_a_constant_earn_no_more_than_they_should():
    rng = np.random.default_rng(0)
    for weights in (np.zeros((420, 420)), rng.normal(size=(420, 420)), np.ones((420, 420))):
        score = FILMS.score(Content({"weights": weights, "offset": np.zeros(420)}), 4, 1.0)
        assert score.parts[0].points < 1


def test_a_table_from_the_truth_is_remarked_on():
    from course_lib.exercises.files_10 import _logs, _stars

    stars, truth = _stars(), _logs().truth.taste
    weights = np.linalg.solve(stars.T @ stars + 100 * np.eye(420), stars.T @ (truth - truth.mean(0)))
    score = FILMS.score(Content({"weights": weights, "offset": truth.mean(0)}), 4, 1.0)
    assert "logs.truth" in score.remark
    assert not FILMS.score(Content({"weights": np.eye(420), "offset": np.zeros(420)}), 4, 1.0).remark


# --- the engine ---


def test_points_are_rounded_down_and_capped():
    parts = [Part("a", 9.96, 10, "", ""), Part("b", -3, 5, "", ""), Part("c", 99, 5, "", "")]
    assert scored(VIDEO, Score(parts), "", ()).points == 14
    assert scored(VIDEO, Score(parts, cap=7), "", ()).points == 7
    assert scored(VIDEO, Score([Part("a", 20, 20, "", "")]), "", ()).status == "right"
    with pytest.raises(ValueError, match="not 20"):
        scored(VIDEO, Score(parts[:2]), "", ())
    with pytest.raises(ValueError, match="no reader"):
        Artefact("a.b", "", "film.mp4", dict, None, ())


def test_content_is_known_whatever_its_precision_and_small_changes():
    rng = np.random.default_rng(0)
    one = {"a": rng.normal(size=(50, 40)).astype("f2"), "b": rng.normal(size=7).astype("f2")}
    wider = {name: array.astype("f8") for name, array in reversed(one.items())}
    assert digest_of(one) == digest_of(wider)
    nudged = {name: array * (1 + 0.01 * rng.normal(size=array.shape)) for name, array in wider.items()}
    other = {name: rng.normal(size=array.shape) for name, array in wider.items()}
    assert digest_of(nudged) != digest_of(one)
    assert alike(np.array(sketch_of(one)), np.array(sketch_of(nudged)))
    assert not alike(np.array(sketch_of(one)), np.array(sketch_of(other)))


# --- the cell in a notebook ---


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_KEEP", str(tmp_path / "kept"))
    monkeypatch.setenv("COURSE_PROFILE", "smoke")
    (tmp_path / "kept").mkdir()
    return tmp_path


def test_the_card_says_what_it_is_worth_and_the_best_stays(kept, capsys):
    good = next(a for a in FILMS.attempts if "stars" in a.name).make(kept, np.random.default_rng(1))
    hand_in.hand_in(FILMS.id, good)
    said = capsys.readouterr().out
    assert "◐ In part" in said
    assert "send `recommender.npz`" in said
    best = progress_file.read()[FILMS.id]["points"]
    assert 0 < best < 20
    bad = next(a for a in FILMS.attempts if "NaN" in a.name).make(kept, np.random.default_rng(1))
    hand_in.hand_in(FILMS.id, str(bad))
    said = capsys.readouterr().out
    assert f"0 of 20 points (best so far {best})" in said
    assert "NaN" in said
    assert progress_file.read()[FILMS.id]["points"] == best
    hand_in.hand_in(FILMS.id, kept / "nowhere.npz")
    assert "Nothing handed in" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("id", "path", "words"),
    [
        ("recommend.newcomers.recomender", "a.npz", "Did you mean"),
        ("gan.layers.over", "a.npz", "a function to write"),
        (FILMS.id, None, "our fault"),
        (7, "a.npz", "could not be checked|our fault"),
    ],
)
def test_it_raises_nothing(kept, capsys, id, path, words):
    import re

    hand_in.hand_in(id, path)
    assert re.search(words, capsys.readouterr().out)


def test_the_card_escapes_what_a_file_says(kept):
    verdict = mark_file(FILMS, None, 1)
    card = hand_in.FileCard(FILMS, verdict, kept / "<script>alert(1)</script>.npz", {}, "<b>")
    assert "<script" not in card._repr_html_()
    assert "<b>" not in card._repr_html_()


def test_a_broken_place_for_progress_loses_no_score(kept, monkeypatch, capsys):
    monkeypatch.setattr(progress_file, "record", lambda *a: (_ for _ in ()).throw(OSError(28, "No space left on device")))  # fmt: skip
    path = FILMS.attempts[0].make(kept, np.random.default_rng(1))
    hand_in.hand_in(FILMS.id, path)
    said = capsys.readouterr().out
    assert "0 of 20 points" in said
    assert "No space left" in said


def test_beside_the_notebook(kept, monkeypatch):
    monkeypatch.chdir(kept)
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    assert hand_in.beside("a.npz") == kept / "a.npz"
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    assert hand_in.beside("a.npz") == kept / "kept" / "hand-in" / "a.npz"
