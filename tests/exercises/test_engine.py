"""The engine: bounded runs, diagnosis, wrappers, cards, progress; numpy, torch and TensorFlow alike."""

import html
import json
import threading

import numpy as np
import pytest

from course_lib.exercises import Exercise, Misconception, card, learner, progress_file
from course_lib.exercises.diagnosis import judge
from course_lib.marking import arguments
from tests.exercises import samples


@pytest.fixture(autouse=True)
def keep(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_KEEP", str(tmp_path))
    return tmp_path


def verdict(one, function, seed=0):
    cases = one.drawn(seed)
    return judge(one, cases, one.outcomes(function, cases))


MEAN = samples.NUMPY

# --- general diagnosis: one wrong answer for each sign ------------------------------------------------


def raises(a, axis):
    return a.no_such_attribute


def nothing(a, axis):
    a.sum(axis)


def a_list(a, axis):
    return list(np.sqrt((a**2).mean(axis)))


def too_many_axes(a, axis):
    return np.sqrt((a**2).mean(axis, keepdims=True))


def nan(a, axis):
    return np.sqrt(-((a**2).mean(axis)) - 1)


def infinite(a, axis):
    return (a**2).mean(axis) / np.zeros(1)


def flipped(a, axis):
    return -np.sqrt((a**2).mean(axis))


def doubled(a, axis):
    return 2 * np.sqrt((a**2).mean(axis))


def whole(a, axis):
    return np.sqrt((a**2).mean(axis)).astype(int)


def changes(a, axis):
    a **= 2
    return np.sqrt(a.mean(axis))


def endless(a, axis):
    while True:
        pass


def other(a, axis):
    return np.abs(a).mean(axis)


@pytest.mark.parametrize(
    ("function", "kind"),
    [(raises, "raised"), (nothing, "nothing"), (a_list, "type"), (too_many_axes, "shape"), (nan, "nan"),
     (infinite, "nan"), (flipped, "sign"), (doubled, "factor"), (whole, "whole numbers"), (changes, "changed"),
     (endless, "slow"), (other, "different")],
)  # fmt: skip
def test_general_signs(function, kind):
    result = verdict(MEAN, function)
    assert (result.status, result.kind) == ("not yet", kind)
    assert result.title
    assert result.text


def test_the_learners_line_is_named():
    assert "a.no_such_attribute" in verdict(MEAN, raises).text


def test_transposed_is_noticed():
    assert verdict(samples.OUTER, lambda a, b: np.outer(b, a)).kind == "transposed"
    assert verdict(samples.OUTER, lambda a, b: np.outer(a, b)).right


def test_sum_and_mean_are_told_from_other_factors():
    assert "sum where a mean" in verdict(samples.MEAN_OF_ALL, lambda a: a.sum()).title
    assert "constant factor" in verdict(samples.MEAN_OF_ALL, lambda a: 3 * a.mean()).title


def test_an_answer_that_claims_to_equal_everything_is_not_right():
    class Yes(float):
        def __eq__(self, other):
            return True

        __hash__ = None

    assert not verdict(samples.MEAN_OF_ALL, lambda a: Yes(7)).right


# --- three frameworks, functions and steps -------------------------------------------------------------


@pytest.mark.parametrize("one", [samples.NUMPY, samples.TORCH, samples.TORCH_STEP], ids=lambda one: one.id)
def test_numpy_and_torch(one):
    _tells_right_from_wrong(one)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["function", "step"])
def test_tensorflow(name):
    from tests.exercises import samples_tf

    _tells_right_from_wrong(samples_tf.FUNCTION if name == "function" else samples_tf.STEP)


def _tells_right_from_wrong(one):
    assert verdict(one, one.reference).right
    for wrong in one.misconceptions:
        assert verdict(one, one.implementation(wrong.wrong)).misconception == wrong.name


def test_a_detached_result_is_noticed():
    result = verdict(samples.TORCH, lambda logits: samples.torch_mean_softplus(logits).detach())
    assert result.kind == "detached"


# --- decorator, wrapper, card, progress ------------------------------------------------------------------


@pytest.fixture
def known(monkeypatch):
    """The sample exercise under its id, as if a lesson had it."""
    monkeypatch.setattr(learner, "find", lambda id: samples.NUMPY)
    monkeypatch.setattr(learner, "lesson_of", lambda id: "99")
    return samples.NUMPY.id


def test_right_answers_are_handed_back(known, capsys):
    def root_mean_square(x, axis):
        return (x * x).mean(axis) ** 0.5

    assert learner.exercise(known)(root_mean_square) is root_mean_square
    assert "✓ Right" in capsys.readouterr().out
    assert progress_file.read()[known]["status"] == "right"


def test_wrong_answers_are_replaced_and_kept(known, capsys):
    given = learner.exercise(known)(flipped)
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
    given = learner.exercise(known)(flipped)
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
    assert learner.exercise(known)(flipped).mine is flipped
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
