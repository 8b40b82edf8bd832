"""While a lesson is graded nothing in the library does what its exercises ask for, in another framework or by another name."""

import ast
import os
import subprocess
import sys

import pytest

from course_lib.classroom.grading import withheld
from course_lib.exercises import lesson_exercises
from course_lib.exercises.exercise import lessons_with_exercises

INSTEAD = withheld.INSTEAD


def functions(path):
    """Top-level functions of a file: {name: source}."""
    text = path.read_text(encoding="utf-8")
    return {
        node.name: ast.get_source_segment(text, node)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return withheld.make_copy(tmp_path_factory.mktemp("library"), lesson_exercises("03")) / "course_lib"


def test_references_namesakes_and_twins_of_lesson_03_are_gone(library):
    gan = library / "gan"
    for file, names in {
        "convolution": ("output_size", "conv2d", "max_pool2d", "receptive_field", "conv2d_windows", "as_matrix"),
        "dcgan_tf": ("make_generator", "make_transposed_generator", "make_discriminator", "chained", "discriminator_step", "generator_step"),
        "losses_tf": ("discriminator_step", "generator_step"),
        "losses": ("discriminator_step", "generator_step"),
    }.items():  # fmt: skip
        found = functions(gan / f"{file}.py")
        for name in names:
            assert found[name].rstrip().endswith(INSTEAD), f"{file}.{name}"
    for file, name in (
        ("convolution", "transposed_conv2d"),
        ("losses_tf", "discriminator_loss"),
        ("stills", "score"),
    ):
        assert INSTEAD not in functions(gan / f"{file}.py")[name]


@pytest.mark.parametrize("lesson", lessons_with_exercises())
def test_no_namesake_is_left_and_twins_exist(lesson, tmp_path):
    exercises = lesson_exercises(lesson)
    copy = withheld.make_copy(tmp_path, exercises) / "course_lib"
    names = {one.name for one in exercises}
    for path in copy.rglob("*.py"):
        if path.relative_to(copy).parts[0] != "marking":
            left = {name for name, text in functions(path).items() if name in names and INSTEAD not in text}
            assert not left, path
    for one in exercises:
        for twin in one.twins:
            *place, name = twin.split(".")
            assert INSTEAD in functions(copy.joinpath(*place).with_suffix(".py"))[name], twin


def test_borrowed_answers_raise_where_submissions_run(library):
    code = (
        "import numpy as np\n"
        "from course_lib.gan import convolution, dcgan_tf, losses_tf\n"
        "from course_lib.marking import keras_players_tf\n"
        "for borrowed in (convolution.conv2d_windows, dcgan_tf.make_generator, losses_tf.generator_step):\n"
        "    try: borrowed(*[None] * borrowed.__code__.co_argcount)\n"
        "    except RuntimeError as error: assert 'while grading' in str(error)\n"
        "    else: raise SystemExit(f'{borrowed.__name__} still answers')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(library.parent), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True, timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
