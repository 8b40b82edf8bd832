"""What the first cells of a lesson bring: start, expect_failure, explore."""

import matplotlib
import pytest

from course_lib import profiles
from course_lib.errors import CourseError
from course_lib.notebook import expect_failure, explore, start

matplotlib.use("agg")


@pytest.fixture(autouse=True)
def keep(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_KEEP", str(tmp_path))
    monkeypatch.setenv("COURSE_PROFILE", "quick")


def test_start_says_where_it_runs_and_draws_the_same_numbers_again(capsys):
    first, second = start("01"), start("01")
    assert first.rng.normal() == second.rng.normal()
    assert (first.profile, first.device in ("cpu", "cuda")) == ("quick", True)
    assert "0 of 8" in first._repr_html_()
    assert "Lesson" in capsys.readouterr().out


def test_start_of_no_lesson_gets_a_sentence():
    with pytest.raises(CourseError, match="no lesson '77'"):
        start("77")


def test_an_unknown_profile_gets_a_sentence(monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "fast")
    with pytest.raises(CourseError, match="smoke, quick, full"):
        profiles.profile()


@pytest.mark.parametrize("name", profiles.PROFILES)
def test_pick(monkeypatch, name):
    monkeypatch.setenv("COURSE_PROFILE", name)
    assert profiles.pick(smoke="smoke", quick="quick", full="full") == name


def test_expected_failures_are_shown(capsys):
    with expect_failure(ZeroDivisionError, match="division"):
        print(1 / 0)
    out = capsys.readouterr().out
    assert "meant to fail" in out
    assert "ZeroDivisionError" in out


def test_what_does_not_fail_fails():
    with pytest.raises(AssertionError, match="nothing was raised"), expect_failure(ValueError):
        pass


def test_another_message_fails():
    with (
        pytest.raises(AssertionError, match="message is another"),
        expect_failure(ValueError, match="apples"),
    ):
        raise ValueError("pears")


def test_another_error_passes_through():
    with pytest.raises(KeyError), expect_failure((ValueError, TypeError)):
        raise KeyError("k")


def test_explore_draws_once_where_nobody_looks(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    calls = []
    assert explore(lambda **values: calls.append(values), a=(0.0, 1.0, 0.1, 0.4), kind=["x", "y"]) is None
    assert calls == [{"a": 0.4, "kind": "x"}]


def test_explore_makes_sliders_that_draw_again(monkeypatch):
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    calls = []
    box = explore(
        lambda **values: calls.append(values), a=(0.0, 1.0, 0.1, 0.4), n=(1, 9, 1, 3), kind=["x", "y"]
    )
    a, n, kind, _ = box.children
    assert (a.value, n.value, kind.value) == (0.4, 3, "x")
    n.value = 5
    kind.value = "y"
    assert calls[-1] == {"a": 0.4, "n": 5, "kind": "y"}
    assert all(slider.continuous_update is False for slider in (a, n))
