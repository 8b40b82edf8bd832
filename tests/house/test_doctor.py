"""`course doctor` on machines that lack something: each lack is simulated, and gets its own line."""

import argparse
import json
import os
import sys
import types

import pytest

from course_lib import cli
from course_lib.classroom import checkup, doctor
from course_lib.classroom.checkup import Finding

posix = pytest.mark.skipif(os.name == "nt", reason="shell scripts stand in for programs")


def packages(extra: str) -> Finding:
    part = f"packages: {extra}" if extra else "packages"
    return next(one for one in checkup.check_packages() if one.part == part)


# --- Python and packages ------------------------------------------------------------------------------


def test_here_every_package_is_there():
    findings = checkup.check_packages()
    assert [one.state for one in findings] == ["ok"] * len(findings)
    assert "numpy 2" in findings[0].found


@pytest.mark.parametrize(
    ("version", "state"), [((3, 10, 1), "broken"), ((3, 12, 4), "ok"), ((3, 14, 0), "broken")]
)
def test_python(version, state, monkeypatch):
    monkeypatch.setattr(sys, "version_info", version)
    found = checkup.check_python()
    assert found.state == state
    assert "python3.12 course.py lab" in found.remedy or state == "ok"


@pytest.mark.parametrize(
    ("module", "extra", "state", "lose"),
    [
        ("scipy", "", "broken", "every lesson"),
        ("PIL", "", "broken", "every lesson"),
        ("torch", "torch", "degraded", "lessons 02"),
        ("tensorflow", "tensorflow", "degraded", "lesson 03"),
        ("moviepy", "media", "degraded", "sound and film"),
        ("sklearn", "recommend", "degraded", "recommender"),
        ("jupyterlab", "lab", "degraded", "JupyterLab"),
        ("yaml", "test", "degraded", "maintainers"),
    ],
)
def test_missing_package(module, extra, state, lose, without):
    without(module)
    found = packages(extra)
    assert found.state == state
    assert "is missing" in found.found
    assert lose in found.lose
    assert found.remedy


def test_old_package_is_named_with_what_is_wanted(monkeypatch):
    real = checkup.importlib.metadata.version
    monkeypatch.setattr(
        checkup.importlib.metadata, "version", lambda name: "1.0.3" if name == "moviepy" else real(name)
    )
    found = packages("media")
    assert found.state == "degraded"
    assert "moviepy 1.0.3 does not fit moviepy" in found.found


def test_remedy_names_this_python_outside_the_courses_environment(without, monkeypatch):
    monkeypatch.setattr(checkup, "in_own_environment", lambda: False)
    without("moviepy")
    assert packages("media").remedy.startswith(f'"{sys.executable}" -m pip install -e ')
    assert packages("media").remedy.endswith('[media]"')


def test_remedy_in_the_courses_environment_is_course_py(without, monkeypatch):
    monkeypatch.setattr(checkup, "in_own_environment", lambda: True)
    without("moviepy")
    assert packages("media").remedy.endswith("python course.py doctor")


@pytest.mark.parametrize("module", ["numpy", "torch", "tensorflow", "moviepy"])
def test_colab_never_gets_its_own_packages_replaced(module, without, colab):
    without(module)
    for found in checkup.check_packages():
        assert not {"torch", "tensorflow", "numpy"} & {
            checkup.name_of(word.strip('"')) for word in found.remedy.split() if word.strip('"')[:1].isalpha()
        }
        assert "==" not in found.remedy
        assert "force" not in found.remedy
    if module == "moviepy":
        assert packages("media").remedy == '%pip install -q "moviepy>=2.1,<3"'


def test_framework_that_crashes_is_broken_and_the_doctor_survives(monkeypatch):
    monkeypatch.setitem(checkup.PROBES, "torch", "import os; os.abort()")
    found, said = checkup.read_probe("torch", checkup.start_probe("torch"))
    assert found.state == "broken"
    assert "importing it fails" in found.found
    assert said == {}


def test_framework_that_raises_says_why(monkeypatch):
    monkeypatch.setitem(checkup.PROBES, "torch", "raise OSError('libfoo.so: cannot open')")
    found, _ = checkup.read_probe("torch", checkup.start_probe("torch"))
    assert "libfoo.so" in found.found


# --- GPU ----------------------------------------------------------------------------------------------

CARD = 'if [ "$1" = -L ]; then echo "GPU 0: Tesla T4"; else echo "Tesla T4, 15360, 7.5"; fi'
SEEN = {
    "version": "2.13",
    "gpu": "Tesla T4",
    "capability": "sm_75",
    "built_for": ["sm_75", "sm_80"],
    "mps": False,
}


@posix
def test_no_gpu_is_degraded_and_nothing_to_mend(program):
    program("nvidia-smi", "exit 9")
    found = checkup.check_gpu(None)
    assert found.state == "degraded"
    assert "Colab" in found.remedy


@posix
@pytest.mark.parametrize(
    ("torch_says", "state", "words"),
    [
        (None, "ok", "Tesla T4, 15 GB, capability 7.5"),
        (SEEN, "ok", "torch sees it"),
        ({**SEEN, "capability": "sm_86", "built_for": ["sm_80"]}, "ok", "torch sees it"),
        ({**SEEN, "gpu": ""}, "degraded", "torch 2.13 does not see it"),
        ({**SEEN, "capability": "sm_61"}, "degraded", "no code for sm_61"),
    ],
)
def test_gpu(program, torch_says, state, words):
    program("nvidia-smi", CARD)
    found = checkup.check_gpu(torch_says)
    assert (found.state, words in found.found) == (state, True), found


@posix
def test_gpu_unseen_on_colab_does_not_reinstall_torch(program, colab):
    program("nvidia-smi", CARD)
    assert "install" not in checkup.check_gpu({**SEEN, "gpu": ""}).remedy


def test_apple_gpu():
    assert "Apple" in checkup.check_gpu({"mps": True}).found


# --- disk, memory, settings ---------------------------------------------------------------------------


def test_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_KEEP", str(tmp_path / "keep"))
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _: types.SimpleNamespace(free=5e9))
    assert checkup.check_disk().state == "ok"
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _: types.SimpleNamespace(free=1e9))
    assert checkup.check_disk().state == "degraded"
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_KEEP", str(tmp_path / "file"))
    found = checkup.check_disk()
    assert (found.state, "COURSE_KEEP" in found.remedy) == ("broken", True)


@pytest.mark.parametrize(("answer", "state"), [(None, "ok"), ((8e9, 5e9), "ok"), ((8e9, 1e9), "degraded")])
def test_memory(answer, state, monkeypatch):
    monkeypatch.setattr(checkup, "memory", lambda: answer)
    assert checkup.check_memory().state == state


def test_memory_of_this_machine():
    total, available = checkup.memory()
    assert 0 < available <= total < 1e14


@pytest.mark.parametrize(("value", "state"), [("smoke", "ok"), ("", "ok"), ("fast", "broken")])
def test_profile(value, state, monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", value)
    assert checkup.check_settings().state == state


# --- the whole ----------------------------------------------------------------------------------------


def test_text_fits_80_columns_but_commands_stay_whole():
    command = '"/a/very/long/path/to/python" -m pip install -e "/another/very/long/path/to/the/course[media]"'
    text = doctor.lines(Finding("ffmpeg", "broken", "word " * 60, "loss " * 40, command))
    assert command in text
    assert all(len(line) <= 80 for line in text.splitlines() if command not in line)
    assert "type: " in text
    assert "you lose: " in text


def test_report_shows_itself_as_a_table():
    table = doctor.Report([Finding("disk", "degraded", "<1 GB>", "films", "make room")])._repr_html_()
    assert "&lt;1 GB&gt;" in table
    assert table.count("<tr>") == 2


def test_command_quick_json(capsys):
    assert cli.main(["doctor", "--quick", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    parts = {one["part"] for one in answer["findings"]}
    assert {
        "Python",
        "packages",
        "GPU",
        "ffmpeg",
        "voice",
        "Chinese font",
        "disk",
        "memory",
        "kernel",
    } <= parts
    assert {one["state"] for one in answer["findings"]} <= {"ok", "degraded", "broken"}
    assert "speeds" not in answer


@pytest.mark.parametrize(
    ("states", "status", "words"), [("ok", 0, "ready"), ("degraded", 0, "works"), ("broken", 1, "1 broken")]
)
def test_exit_status_and_verdict(states, status, words, monkeypatch, capsys):
    monkeypatch.setattr(doctor, "report", lambda quick: doctor.Report([Finding("x", states, "found")]))
    assert doctor.run(argparse.Namespace(quick=True, json=False)) == status
    assert words in capsys.readouterr().out
