"""The arrows of the house point one way; TensorFlow, machine paths and long files stay where they may be."""

import ast
import graphlib
import re
from pathlib import Path

import pytest

from course_lib.data import home

ROOT = home()
# From the top down: a package imports packages below it, never one above or beside it.
LAYERS = [
    ["bootstrap"],
    ["cli"],
    ["classroom"],
    ["notebook"],
    ["exercises"],
    ["marking"],
    ["loop"],  # puts them all together: films, profiles, distribution (lesson 14)
    ["film"],
    ["scenery", "curate", "text", "gan", "audio", "recommend", "template"],
    ["data"],
    ["profiles"],
    ["errors"],
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
SUBJECTS = {"template", "loop", "film", "scenery", "curate", "text", "gan", "audio", "recommend"}
# One subject may stand on another beside it where that is written here. Never in a circle.
BESIDE = {
    ("text", "scenery"),  # the words of the captioned world
    ("audio", "text"),  # language and words of what is spoken
    ("audio", "scenery"),  # captions, as sentences that a voice learns from
    ("gan", "scenery"),
    ("gan", "text"),
    ("curate", "scenery"),
    ("curate", "text"),
}
MACHINERY = {
    "IPython",
    "ipywidgets",
    "nbformat",
    "nbclient",
    "nbconvert",
    "jupyter_client",
    "jupytext",
    "ipykernel",
}
LONGEST = 320
# a file of exercises is a list, read entry by entry, with long hints in it
LONGEST_EXERCISES = 600
LONG_FILES: set[str] = set()  # none: a file is read in one sitting

FILES = sorted((ROOT / "course_lib").rglob("*.py"))
TEXTS = [
    path
    for folder in ("course_lib", "lessons", "tests", "requirements", ".ci", "bench")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts
] + [path for path in sorted(ROOT.iterdir()) if path.is_file() and path.suffix not in (".pyc", ".tmp")]


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part(module: str) -> str:
    """'course_lib.gan.theory' -> 'gan'; '' for course_lib itself. A bench is part of the classroom."""
    name = module.partition(".")[2].partition(".")[0]
    return "classroom" if name == "benches" else name


def imports(path: Path) -> list[tuple[str, int]]:
    """(module, line) of every import of a file, those inside functions too, relative ones made absolute."""
    package = list(path.relative_to(ROOT).with_suffix("").parts)[:-1]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            # `from course_lib import data` imports course_lib.data
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "course_lib" else [module]
            found += [(name, node.lineno) for name in names]
    return found


def may_import(importer: str, imported: str) -> bool:
    """May a package of course_lib import another one?"""
    if imported in ("", importer) or imported.startswith("__"):
        return True
    if importer in SUBJECTS and imported in SUBJECTS and LEVEL[importer] == LEVEL[imported]:
        return (importer, imported) in BESIDE
    return LEVEL[importer] < LEVEL[imported]


@pytest.mark.parametrize("path", FILES, ids=short)
def test_arrows_point_one_way(path):
    importer = part(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if importer == "__init__":
        importer = ""
    assert importer in LEVEL or importer == "", f"{importer} is not in the list of layers"
    wrong = [
        f"line {line}: {importer or 'course_lib'} imports {module}"
        for module, line in imports(path)
        if module.split(".")[0] == "course_lib"
        and not (importer == "" and part(module) == "")
        and (importer == "" or not may_import(importer, part(module)))
    ]
    assert not wrong


def test_the_arrows_are_no_circle():
    order = graphlib.TopologicalSorter()
    for above, below in BESIDE:
        order.add(above, below)
    order.prepare()  # raises CycleError
    assert may_import("film", "gan")
    assert not may_import("gan", "film")
    assert not may_import("data", "gan")
    assert not may_import("gan", "exercises")
    assert not may_import("exercises", "notebook")


@pytest.mark.parametrize(
    "path", [p for p in FILES if part(".".join(p.relative_to(ROOT).parts)) in SUBJECTS], ids=short
)
def test_subjects_know_no_notebook_machinery(path):
    assert not [module for module, _ in imports(path) if module.split(".")[0] in MACHINERY]


@pytest.mark.parametrize("path", FILES, ids=short)
def test_tensorflow_is_imported_only_by_files_named_for_it(path):
    found = [module for module, _ in imports(path) if module.split(".")[0] in ("tensorflow", "keras")]
    assert not found or path.stem.endswith("_tf")


@pytest.mark.parametrize(
    "path", [p for p in FILES if "bootstrap" in p.parts] + [ROOT / "course.py"], ids=short
)
def test_bootstrap_needs_the_standard_library_only(path):
    import sys

    outside = {module.split(".")[0] for module, _ in imports(path)} - set(sys.stdlib_module_names)
    assert outside <= {"course_lib"}
    assert {part(m) for m, _ in imports(path) if m.startswith("course_lib")} <= {"bootstrap", "cli", "errors"}


# Written in pieces, so that this file does not hold what it looks for.
MACHINE = re.compile(
    "|".join(
        ["/" + "work/", "/" + r"opt/(?!homebrew)", r"/root" + "/", r"/home/" + r"\w+/", r"C:\\" + r"Users\\"]
    )
)


@pytest.mark.parametrize("path", TEXTS, ids=short)
def test_no_file_names_a_machines_own_paths(path):
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # weights, pictures: no text
    found = [line for line in text.splitlines() if MACHINE.search(line)]
    assert not found


def test_files_are_read_in_one_sitting():
    sources = [*FILES, *(ROOT / "tests").rglob("*.py"), ROOT / "course.py"]
    lengths = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    exercises = "course_lib/exercises/lesson_"
    long = {
        name
        for name, length in lengths.items()
        if length > (LONGEST_EXERCISES if name.startswith(exercises) else LONGEST)
    }
    assert long == LONG_FILES, {name: lengths[name] for name in long ^ LONG_FILES}
