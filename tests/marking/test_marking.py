"""What runs beside a learner's code: bounded calls, the wire, arguments from seeds."""

import threading
import time

import numpy as np
import pytest

from course_lib.marking.bounded import bounded
from course_lib.marking.run import run_case
from course_lib.marking.wire import pack, unpack


def endless(a, axis):
    while True:
        pass


# --- bounded time --------------------------------------------------------------------------------------


def test_an_endless_loop_ends_in_time_and_the_thread_is_gone():
    started = time.perf_counter()
    before = threading.active_count()
    finished, _, _ = bounded(lambda: endless(None, None), 0.3)
    assert not finished
    assert time.perf_counter() - started < 2.5
    assert threading.active_count() == before


def test_a_loop_that_catches_exceptions_ends_too():
    def stubborn():
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass

    assert bounded(stubborn, 0.2) == (False, None, None)


def test_a_time_out_that_is_swallowed_is_still_one():
    def sly():
        try:
            while True:
                pass
        except BaseException:
            return 42

    assert bounded(sly, 0.2) == (False, None, None)


def test_a_call_that_sleeps_is_left_behind():
    started = time.perf_counter()
    assert bounded(lambda: time.sleep(20), 0.2)[0] is False
    assert time.perf_counter() - started < 4


def test_system_exit_of_the_learner_does_not_end_the_notebook():
    outcome = run_case(lambda a: exit(), {"a": 1})
    assert outcome.error["type"] == "SystemExit"


def test_output_is_bounded_and_given_back(capsys):
    outcome = run_case(lambda a: print("x" * 10_000), {"a": 1})
    assert len(outcome.printed) == 2000
    print("still here")
    assert "still here" in capsys.readouterr().out


# --- wire ----------------------------------------------------------------------------------------------


def test_wire_round_trip():
    value = {
        "a": np.arange(3),
        "b": [1, 2.5, "文", None, True, {"c": np.ones((2, 2), "float32")}],
        "nan": float("nan"),
    }
    back = unpack(pack(value))
    assert back["b"][:5] == value["b"][:5]
    np.testing.assert_array_equal(back["b"][5]["c"], value["b"][5]["c"])
    assert back["b"][5]["c"].dtype == np.float32
    assert np.isnan(back["nan"])


@pytest.mark.parametrize("bad", [object(), np.array([object()]), {1: 2}, {"a": {"__array__": "x"}}])
def test_wire_refuses_objects(bad):
    with pytest.raises(TypeError):
        pack(bad)


@pytest.mark.parametrize("damaged", [b"", b"nonsense", pack({"a": 1})[:-20]])
def test_wire_refuses_damage(damaged):
    with pytest.raises(ValueError):
        unpack(damaged)


def test_wire_refuses_what_is_too_large():
    with pytest.raises(ValueError, match="more than"):
        unpack(pack({"a": np.zeros(100_000)}), largest=1000)
