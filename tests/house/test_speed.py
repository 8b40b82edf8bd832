"""The doctor's measurement and its prediction of minutes."""

import json
import math

import pytest

from course_lib.classroom import doctor, speed
from course_lib.errors import CourseError

REFERENCE = {speed.PYTHON: 10.0, speed.MATMUL: 200.0, speed.CONVOLUTION: 80.0}
HEADER = """# ---
# jupyter:
#   course:
#     id: "{id}"
#     title: {title}
#     learner_minutes: 90
#   kernelspec:
#     name: python3
# ---

# %% name="imports"
import {module}
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with a reference measurement and three lessons."""
    for folder in ("datasets", "lessons", "bench", "solutions"):
        (tmp_path / folder).mkdir()
    rows = [{"metric": name, "value": value, "variant": ""} for name, value in REFERENCE.items()]
    (tmp_path / "bench" / "doctor.json").write_text(json.dumps({"rows": rows}))
    for number, (seconds, module) in enumerate([(60, "numpy"), (120, "torch"), ("", "numpy")], start=1):
        text = HEADER.format(id=f"0{number}", title=f"Lesson: {number}", module=module)
        (tmp_path / "lessons" / f"0{number}_x.py").write_text(text)
        if seconds:  # the stamp of a solved notebook
            stamp = {"metadata": {"course": {"cpu_seconds": seconds}}}
            (tmp_path / "solutions" / f"0{number}_x.ipynb").write_text(json.dumps(stamp))
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    return tmp_path


def test_headers_are_read(course):
    first, second, third = speed.lessons()
    assert (first.id, first.title, first.cpu_seconds, first.learner_minutes) == ("01", "Lesson: 1", 60, 90)
    assert not first.frameworks
    assert second.frameworks
    assert third.cpu_seconds is None


def test_lesson_without_a_header_still_has_a_line(course):
    (course / "lessons" / "04_text_tokens.py").write_text("# %%\nx = 1\n")
    last = speed.lessons()[-1]
    assert (last.id, last.title, last.cpu_seconds) == ("04", "text tokens", None)


def test_header_at_the_root_level_too():
    assert speed.header("# ---\n# course:\n#   id: '07'\n# jupyter:\n#   x: 1\n# ---\n") == {"id": "07"}


def test_machine_like_the_reference_takes_the_stored_minutes(course):
    assert [minutes for _, minutes in speed.predict(REFERENCE)] == pytest.approx([1.0, 2.0, None])


def test_machine_half_as_fast_takes_twice_as_long(course):
    half = {name: value / 2 for name, value in REFERENCE.items()}
    assert [minutes for _, minutes in speed.predict(half)] == pytest.approx([2.0, 4.0, None])


def test_convolutions_count_only_where_a_framework_is_used(course):
    slow = {**REFERENCE, speed.CONVOLUTION: REFERENCE[speed.CONVOLUTION] / 8}
    assert [minutes for _, minutes in speed.predict(slow)] == pytest.approx([1.0, 4.0, None])  # 8^(1/3) = 2


def test_machine_without_torch(course):
    speeds = {name: REFERENCE[name] for name in (speed.PYTHON, speed.MATMUL)}
    assert speed.predict(speeds)[1][1] == pytest.approx(2.0)


def test_timetable_fits_80_columns(course):
    text = doctor.timetable(REFERENCE)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "2.0 min" in text
    assert "not measured" in text
    assert "90 min" in text


def test_without_a_reference_it_says_how_to_make_one(course):
    (course / "bench" / "doctor.json").unlink()
    with pytest.raises(CourseError, match=r"course\.py bench doctor"):
        speed.predict(REFERENCE)


def test_measurement_is_positive_and_keeps_its_time():
    import time

    begun = time.perf_counter()
    speeds = speed.measure(seconds=0.5)
    assert {speed.PYTHON, speed.MATMUL} <= speeds.keys()
    assert all(value > 0 and math.isfinite(value) for value in speeds.values())
    assert time.perf_counter() - begun < 60  # torch's import included, on a busy machine


def test_committed_reference_has_every_workload():
    for name in speed.UNITS:
        assert speed.figure("doctor", name) > 0
