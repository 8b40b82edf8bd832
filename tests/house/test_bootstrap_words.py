"""What a failed installation means to a learner, what is handed on to programs, and course.py itself."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_lib.bootstrap import install, start
from course_lib.data import home
from course_lib.errors import CourseError

# --- what a failure means -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "advice"),
    [
        ("error: failed to write: No space left on device (os error 28)", "is full: make room"),
        ("client error (Connect)\n dns error: failed to lookup address information", "internet connection"),
        ("Packages were unavailable because the network was disabled", "internet connection"),
        ("pip._vendor.urllib3 NewConnectionError: Connection refused", "internet connection"),
        ("error sending request: invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("failed to create file: Permission denied (os error 13)", "folder of your own"),
        ("Access is denied. (os error 5)", "close JupyterLab"),
        ("The filename or extension is too long. (os error 206)", "too long for this system"),
        ("No solution found when resolving dependencies: no wheels with a matching Python", "Python 3.12"),
        ("something never seen", "Start the same command again"),
    ],
)
def test_every_failure_has_a_sentence(printed, advice):
    sentence = install.explain(printed, Path("/somewhere"))
    assert advice in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_installer_output_is_shown_and_explained(tmp_path, capfd):
    code = "import sys; print('Downloading torch'); print(' + absl==1'); sys.exit('dns error')"
    with pytest.raises(CourseError, match="internet connection"):
        install.run([sys.executable, "-c", code], tmp_path, dict(os.environ))
    out = capfd.readouterr().out
    assert "Downloading torch" in out
    assert "absl" not in out


def test_program_that_cannot_start(tmp_path):
    with pytest.raises(CourseError, match="cannot be started"):
        install.run([str(tmp_path / "no-such-program")], tmp_path, dict(os.environ))


# --- variables ----------------------------------------------------------------------------------------


def test_children_are_free_of_what_breaks_environments(monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.setenv(name, "1")
    env = install.child_environment()
    assert not {"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"} & env.keys()
    assert env["PYTHONUTF8"] == "1"


def test_pips_mirror_and_wheels_are_passed_on(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.invalid/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels /more")
    passed = install.settings_of_pip(Path(sys.executable), dict(os.environ))
    assert passed["UV_DEFAULT_INDEX"] == "https://mirror.invalid/simple"
    assert passed["UV_FIND_LINKS"] == "/wheels,/more"
    kept = {**os.environ, "UV_INDEX_URL": "https://own.invalid", "UV_FIND_LINKS": "/own"}
    assert install.settings_of_pip(Path(sys.executable), kept) == {}


def test_torch_is_chosen_for_the_gpu_only_where_nobody_else_has_chosen(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert install.chooses_torch({})
    for name in ("UV_FIND_LINKS", "UV_TORCH_BACKEND", "UV_OFFLINE"):
        assert not install.chooses_torch({name: "1"})
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not install.chooses_torch({})


def test_lab_opens_the_first_lesson(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for name in ("02_b.ipynb", "01_a.ipynb", "notes.ipynb"):
        (tmp_path / "notebooks" / name).write_text("{}")
    arguments = start.lab_arguments(tmp_path, ["--port", "8899", "--no-browser"])
    assert arguments[0] == f"--ServerApp.root_dir={tmp_path}"
    assert "--LabApp.default_url=/lab/tree/notebooks/01_a.ipynb" in arguments
    assert arguments[-1] == "--no-browser"
    assert not any("default_url" in word for word in start.lab_arguments(tmp_path, ["notebooks/02_b.ipynb"]))


# --- course.py itself ---------------------------------------------------------------------------------


def run_as(version: tuple, *words: str, extra: str = "") -> subprocess.CompletedProcess:
    """Run course.py in a Python that says it is another version."""
    code = (
        f"import sys, runpy, platform; sys.version_info = {version!r}; sys.argv = ['course.py', *{words!r}]\n"
        f"platform.python_version = lambda: '.'.join(map(str, {version!r}[:3])); {extra}\n"
        f"runpy.run_path({str(home() / 'course.py')!r}, run_name='__main__')"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 1), (3, 10, 9), (3, 14, 0)])
def test_wrong_python_gets_one_sentence(version):
    answer = run_as((*version, "final", 0), "lab")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert "needs Python 3.11, 3.12 or 3.13" in answer.stderr
    assert "course.py lab" in answer.stderr or "python.org" in answer.stderr


def test_intel_mac_and_32_bits_are_told_why():
    mac = "sys.platform = 'darwin'; platform.machine = lambda: 'x86_64'"
    answer = run_as((3, 12, 1, "final", 0), "lab", extra=mac)
    assert answer.returncode == 2
    assert "Google Colab" in answer.stderr
    answer = run_as((3, 12, 1, "final", 0), "lab", extra="sys.maxsize = 2**31 - 1")
    assert answer.returncode == 2
    assert "64-bit" in answer.stderr


def test_old_pythons_can_read_course_py():
    """No syntax younger than Python 2.7: an old Python must get as far as its sentence."""
    text = (home() / "course.py").read_text(encoding="utf-8")
    assert text.isascii()
    young = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef, ast.Starred)
    for node in ast.walk(ast.parse(text)):
        assert not isinstance(node, young), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            assert not node.returns
            assert not any(argument.annotation for argument in node.args.args)


def test_help_and_unknown_words_install_nothing(tmp_path):
    for words, status in ((["--help"], 0), ([], 0), (["lba"], 2)):
        answer = subprocess.run(
            [sys.executable, home() / "course.py", *words], capture_output=True, text=True
        )
        assert answer.returncode == status
        assert "doctor" in answer.stdout + answer.stderr
        assert "install" not in answer.stderr
