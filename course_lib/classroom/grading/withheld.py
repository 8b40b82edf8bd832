"""The course's library as a submission may see it: without anything that knows a right answer.

A copy of `course_lib` is made once a run. Exercises, classroom, benches, notebook machinery and the command are not
in it; in its place `course_lib.notebook` is a small stand-in, so that a function which reads `lesson.seed` still
finds one. The functions that the graded lesson asks for keep signature and docstring and raise when called; so do functions of the
same name in other subjects' files (a TensorFlow twin, say) and those that an exercise names as its `twins`.
"""

import ast
import compileall
import inspect
import shutil
from pathlib import Path

from course_lib.data import home
from course_lib.exercises import Exercise

LEFT_OUT = {"exercises", "classroom", "benches", "bootstrap", "notebook", "cli.py", "__pycache__"}
INSTEAD = 'raise RuntimeError("not available while grading")'
NOTEBOOK = '''"""What a saved notebook imports first; nothing here checks, shows or records."""

import contextlib
import types

import numpy as np

mine = {}


def exercise(id):
    return lambda function: function


def start(lesson, seed=2024):
    rng = np.random.default_rng(seed)
    return types.SimpleNamespace(id=lesson, profile="quick", seed=seed, device="cpu", rng=rng)


def expect_failure(*kinds, **named):
    return contextlib.suppress(BaseException)


def nothing(*arguments, **named):
    return None


ask = explore = hand_in = beside = reset = nothing
'''


def make_copy(folder: Path, exercises: list[Exercise]) -> Path:
    """Write the copy into `folder/course_lib`, compiled; returns `folder`.

    Args:
        folder: an empty folder or one that does not exist.
        exercises: those whose references, namesakes and twins are taken out.
    """
    source, target = home() / "course_lib", folder / "course_lib"
    shutil.copytree(
        source,
        target,
        ignore=lambda at, names: {
            n for n in names if n == "__pycache__" or (Path(at) == source and n in LEFT_OUT)
        },
    )
    by_file: dict[Path, set[str]] = {}
    for one in exercises:
        file = Path(inspect.getfile(inspect.unwrap(one.reference))).resolve()
        if file.is_relative_to(source.resolve()):
            by_file.setdefault(target / file.relative_to(source.resolve()), set()).add(one.name)
        for twin in one.twins:
            *place, name = twin.split(".")
            by_file.setdefault(target.joinpath(*place).with_suffix(".py"), set()).add(name)
    # the same function in another framework has the same name: `losses.generator_step`, `losses_tf.generator_step`
    named = {one.name for one in exercises}
    for file in sorted(target.rglob("*.py")):
        if file.relative_to(target).parts[0] != "marking":  # it knows no answer, and must go on working
            by_file.setdefault(file, set()).update(named)
    for file, names in by_file.items():
        text = file.read_text(encoding="utf-8")
        if (cut := without(text, names)) != text:
            file.write_text(cut, encoding="utf-8")
    desk = target / "notebook"
    desk.mkdir()
    (desk / "__init__.py").write_text(NOTEBOOK, encoding="utf-8")
    decorator = target / "exercises"  # `from course_lib.exercises import exercise` is in some notebooks
    decorator.mkdir()
    (decorator / "__init__.py").write_text(
        "from course_lib.notebook import exercise, mine, reset\n", encoding="utf-8"
    )
    # the sandbox cannot write bytecode, and every worker would compile again
    compileall.compile_dir(str(target), quiet=2, stripdir=str(folder), force=True)
    return folder


def without(text: str, names: set[str]) -> str:
    """A module's text in which the bodies of these top-level functions raise; all else stays, line by line."""
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        if isinstance(node, ast.FunctionDef) and node.name in names:
            documented = ast.get_docstring(node) is not None and len(node.body) > 1
            first = node.body[1] if documented else node.body[0]
            if first.lineno == node.lineno:  # the whole function on one line
                lines[node.lineno - 1] = (
                    text.splitlines()[node.lineno - 1][: first.col_offset] + INSTEAD + "\n"
                )
                continue
            start = first.lineno
            # a comment before the first statement may give the answer away
            start = (node.body[0].end_lineno + 1) if documented else _after_signature(node, lines)
            lines[start - 1 : node.end_lineno] = [" " * first.col_offset + INSTEAD + "\n"]
    return "".join(lines)


def _after_signature(node: ast.FunctionDef, lines: list[str]) -> int:
    """The line after a signature that has no docstring below it, comments included in what goes."""
    at = node.body[0].lineno
    while at - 1 > node.lineno and (not lines[at - 2].strip() or lines[at - 2].lstrip().startswith("#")):
        at -= 1
    return at
