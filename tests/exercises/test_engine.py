"""The engine: bounded runs, diagnosis, wrappers, cards, progress; numpy, torch and TensorFlow alike."""

import numpy as np
import pytest

from course_lib.exercises import card
from course_lib.exercises.diagnosis import judge
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


def test_what_was_printed_stands_on_the_card():
    def noisy(a, axis):
        print("shape", a.shape)
        return a.sum(axis)

    assert "shape (3, 4)" in str(card.Card(MEAN, verdict(MEAN, noisy)))


def test_single_numbers_are_not_called_a_factor():
    assert verdict(samples.MEAN_OF_ALL, lambda a: a[0]).kind == "different"


def test_a_skeleton_is_cut_from_the_source():
    from course_lib.exercises.sources import begun, is_skeleton_of, text_of
    from course_lib.gan import theory

    text = text_of(theory.value_function)
    last = [line + "\n" for line in text.splitlines()][-1]
    skeleton = begun(theory.value_function, last)
    assert last not in skeleton
    assert skeleton.endswith("    ...\n")
    assert is_skeleton_of(skeleton, text) == []
    with pytest.raises(ValueError, match="stand 0 times"):
        begun(theory.value_function, "    nothing of the kind\n")


def test_a_number_too_large_for_an_array_is_only_different():
    assert verdict(samples.MEAN_OF_ALL, lambda a: 2**300).kind in ("different", "type")
