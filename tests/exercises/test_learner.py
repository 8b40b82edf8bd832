"""What a learner meets: decorator, stand-in, card, progress, reset."""

import html
import json
import threading

import numpy as np
import pytest

from course_lib.exercises import Exercise, Misconception, card, learner, progress_file
from course_lib.marking import arguments
from tests.exercises import samples
from tests.exercises.test_engine import MEAN, flipped, other, verdict


@pytest.fixture(autouse=True)
def keep(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_KEEP", str(tmp_path))
    return tmp_path


def named(function):
    """The function under the exercise's name."""
    function.__name__ = "root_mean_square"
    return function


@pytest.fixture
def known(monkeypatch):
    """The sample exercise under its id, as if a lesson had it."""
    monkeypatch.setattr(learner, "find", lambda id: samples.NUMPY)
    monkeypatch.setattr(learner, "lesson_of", lambda id: "99")
    return samples.NUMPY.id


def test_right_answers_are_handed_back(known, capsys):
    def root_mean_square(x, axis):
        return (x * x).mean(axis) ** 0.5

    given = learner.exercise(known)(root_mean_square)
    assert given(a=np.array([[3.0, 4.0]]), axis=1) == pytest.approx([12.5**0.5]), (
        "the lesson calls it by the course's names"
    )
    assert "✓ Right" in capsys.readouterr().out
    assert progress_file.read()[known]["status"] == "right"


def test_wrong_answers_are_replaced_and_kept(known, capsys):
    given = learner.exercise(known)(named(flipped))
    assert given.mine is flipped
    assert learner.mine[known] is flipped
    first = given(np.array([[3.0, 4.0]]), 1)
    given(np.array([[3.0, 4.0]]), 1)
    assert first == pytest.approx([12.5**0.5])
    assert capsys.readouterr().out.count("the course's own version") == 1


def test_the_stub_is_not_an_attempt(known):
    namespace = {}
    import linecache

    text = samples.NUMPY.stub
    linecache.cache["<stub>"] = (len(text), None, text.splitlines(True), "<stub>")
    exec(compile(text, "<stub>", "exec"), namespace)
    given = learner.exercise(known)(namespace["root_mean_square"])
    assert given.mine is namespace["root_mean_square"]
    assert progress_file.read()[known] == {
        "lesson": "99", "status": "not started", "attempts": 0, "points": 0, "first_right": None,
    }  # fmt: skip


@pytest.mark.parametrize("strange", [3, "text", int, None, print])
def test_what_is_not_a_function_gets_a_card_and_no_error(known, strange, capsys):
    learner.exercise(known)(strange)
    assert "A function is expected" in capsys.readouterr().out


def test_an_unknown_id_gets_a_sentence(capsys):
    def f():
        return 1

    assert learner.exercise("gan.theory.valuefunction")(f) is f
    assert "Did you mean gan.theory.value_function" in capsys.readouterr().out


def test_a_fault_of_ours_is_ours(known, monkeypatch, capsys):
    monkeypatch.setattr(learner, "judge", lambda *a: 1 / 0)
    given = learner.exercise(known)(named(flipped))
    assert given(np.array([[2.0]]), 1) == pytest.approx([2.0])
    assert "our fault" in capsys.readouterr().out


def test_grading_mode_substitutes_nothing(known, monkeypatch):
    monkeypatch.setenv("COURSE_MODE", "grading")
    assert learner.exercise(known)(flipped) is flipped


def test_progress_survives_damage_and_two_writers(keep):
    progress_file.record("a.b", "01", "right", "right", 10)
    (keep / "progress.json").write_text("{ not json")
    assert progress_file.read() == {}
    assert (keep / "progress.json.damaged").exists()

    def many(name):
        for _ in range(20):
            progress_file.record(name, "01", "not yet", "sign", 10)

    threads = [threading.Thread(target=many, args=(f"e{i}",)) for i in range(3)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert [progress_file.read()[f"e{i}"]["attempts"] for i in range(3)] == [20, 20, 20]


def test_right_once_stays_right():
    progress_file.record("a.b", "01", "right", "right", 10)
    assert progress_file.record("a.b", "01", "not yet", "sign", 10)["status"] == "right"
    assert json.loads(progress_file.place().read_text())["a.b"]["points"] == 10


def test_no_place_for_progress_is_said_and_harms_nothing(known, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress_file, "_write", full)
    assert learner.exercise(known)(named(flipped)).mine is flipped
    assert "Progress could not be saved" in capsys.readouterr().out


def test_the_card_escapes_what_a_learner_wrote():
    def nasty(a, axis):
        raise ValueError("<script>alert(1)</script>")

    shown = card.Card(MEAN, verdict(MEAN, nasty))._repr_html_()
    assert "<script" not in shown
    assert html.escape("<script>") in shown


def test_the_card_unfolds_without_script_and_asks_twice():
    shown = card.Card(MEAN, verdict(MEAN, other))._repr_html_()
    assert "<script" not in shown
    assert "onclick" not in shown
    assert shown.count("<details") == len(MEAN.hints) + 3
    assert (
        shown.index("Show the solution") < shown.index("Yes, show it") < shown.index(html.escape("np.sqrt"))
    )
    not_started = card.Card(MEAN, learner.NOT_STARTED)._repr_html_()
    assert "Show the solution" not in not_started, "only after an attempt"


def test_an_exercise_whose_edit_does_not_fit_is_refused():
    bad = Exercise(
        "x.y",
        samples.root_mean_square,
        lambda rng: [],
        [Misconception("m", "h", [("absent", "")])],
        ["a", "b"],
    )
    with pytest.raises(ValueError, match="0 times"):
        bad.text(bad.misconceptions[0].wrong)


def test_a_skeleton_must_stand_in_the_reference():
    good = 'def root_mean_square(a, axis):\n    """Root of the mean square along an axis."""\n    return np.sqrt((a**2).mean(axis))\n'
    from course_lib.exercises.sources import is_skeleton_of

    assert is_skeleton_of("def root_mean_square(a, axis):\n    ...", good) == []
    assert is_skeleton_of("def root_mean_square(a, axis):\n    b = 1\n    ...", good) == ["b = 1"]


def test_generators_are_made_from_seeds():
    first, second = arguments.plain({"rng": 3})["rng"].normal(), arguments.plain({"rng": 3})["rng"].normal()
    assert first == second


def test_a_function_of_another_name_is_told_so(known, capsys):
    def other_name(a, axis):
        return np.sqrt((a**2).mean(axis))

    learner.exercise(known)(other_name)
    assert "call it `root_mean_square`" in " ".join(capsys.readouterr().out.split())


def test_calling_the_stand_in_from_within_is_not_an_answer(known, capsys):
    namespace = {"root_mean_square": learner.Stand_in(samples.NUMPY, None)}
    exec("def root_mean_square(a, axis):\n    return root_mean_square(a, axis)", namespace)
    learner.exercise(known)(namespace["root_mean_square"])
    assert "RecursionError" in capsys.readouterr().out


def test_without_brackets_it_says_how(capsys):
    def f():
        return 1

    assert learner.exercise(f) is f
    assert "write the id in brackets" in capsys.readouterr().out


def test_decorated_twice_counts_once_for_the_function(known):
    once = learner.exercise(known)(named(flipped))
    assert learner.exercise(known)(once).mine is flipped
