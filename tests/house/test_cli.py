"""The `course` command: help, unknown words, missing packages, clear errors."""

import argparse
import sys
import types

import pytest

from course_lib import cli
from course_lib.errors import CourseError


@pytest.fixture
def command(monkeypatch):
    """Register a command 'try' whose run() is given by the test."""

    def register(run):
        module = types.ModuleType("course_lib.try_command", "Try.")
        module.add_arguments = lambda parser: parser.add_argument("--number", type=int, default=0)
        module.run = run
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(cli.COMMANDS, "try", (module.__name__, "tries"))

    return register


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_help_names_every_command(words, capsys):
    assert cli.main(words) == 0
    out = capsys.readouterr().out
    for name in [*cli.COMMANDS, "lab", "test"]:
        assert f"  {name}" in out


def test_unknown_word_lists_the_commands(capsys):
    assert cli.main(["filme"]) == 2
    said = capsys.readouterr().err
    assert "'filme'" in said
    assert "film, doctor" in said


def test_arguments_and_status_pass_through(command):
    command(lambda args: args.number)
    assert cli.main(["try", "--number", "1"]) == 1


def test_nothing_returned_is_success(command):
    command(lambda args: None)
    assert cli.main(["try"]) == 0


def test_course_error_is_a_sentence_without_traceback(command, capsys):
    def run(args: argparse.Namespace):
        raise CourseError("there is no such film: give its path.")

    command(run)
    assert cli.main(["try"]) == 2
    assert capsys.readouterr().err == "course try: there is no such film: give its path.\n"


def test_other_errors_keep_their_traceback(command):
    def run(args):
        raise ZeroDivisionError

    command(run)
    with pytest.raises(ZeroDivisionError):
        cli.main(["try"])


def test_missing_package_names_it_and_the_way_out(monkeypatch, capsys):
    class Missing:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "course_lib.absent_command":
                raise ModuleNotFoundError("No module named 'moviepy'", name="moviepy")

    monkeypatch.setattr(sys, "meta_path", [Missing, *sys.meta_path])
    monkeypatch.setitem(cli.COMMANDS, "absent", ("course_lib.absent_command", "is not there"))
    assert cli.main(["absent"]) == 2
    said = capsys.readouterr().err
    assert "'moviepy' is not installed" in said
    assert "python course.py" in said


def test_a_hole_in_the_course_itself_is_not_called_a_missing_package(monkeypatch):
    monkeypatch.setitem(cli.COMMANDS, "hole", ("course_lib.nowhere", "is a fault of ours"))
    with pytest.raises(ModuleNotFoundError):
        cli.main(["hole"])


def test_keyboard_interrupt_is_quiet(command, capsys):
    def run(args):
        raise KeyboardInterrupt

    command(run)
    assert cli.main(["try"]) == 130
    assert "stopped" in capsys.readouterr().err
