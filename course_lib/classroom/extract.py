"""From a saved notebook to the text of each exercise's function and what that depends on.

Nothing relies on cell metadata, on the order of cells or on their number: Colab, copying and splitting change
all of those. A function is known by the id in its `@exercise("...")`, else by its name; the last definition
wins. Only definitions, imports and the assignments that they depend on are taken: training runs, widgets and
films are left where they are.
"""

import ast
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from course_lib.classroom.proof import free_names
from course_lib.errors import CourseError
from course_lib.exercises import Exercise

LARGEST = 64 * 2**20  # bytes of a notebook; one with every picture has about 1 MB


@dataclass
class Submission:
    """What a notebook holds.

    Attributes:
        programs: exercise id -> the text to run, the function's definition last among what it needs.
        functions: exercise id -> (name, text of the definition without decorators).
        problems: sentences about cells that could not be read.
    """

    programs: dict[str, str] = field(default_factory=dict)
    functions: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_cells(path: Path) -> list[str]:
    """The text of the code cells.

    Raises:
        CourseError: the file is missing, too large, or not a notebook.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise CourseError(
                f"{path.name} has more than {LARGEST // 2**20} MB; clear its outputs and save it again."
            )
        notebook = json.loads(path.read_text(encoding="utf-8-sig"))
        cells = (
            notebook["cells"]
            if "cells" in notebook
            else [c for w in notebook["worksheets"] for c in w["cells"]]
        )
        texts = []
        for cell in cells:
            if cell.get("cell_type") == "code":
                source = cell.get("source", cell.get("input", ""))
                texts.append("".join(source) if isinstance(source, list) else str(source))
        return texts
    except CourseError:
        raise
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror or error}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CourseError(
            f"{path.name} is not a notebook that can be read. Save it again as .ipynb."
        ) from None


def lesson_named(texts: list[str]) -> str | None:
    """The lesson that a notebook says it belongs to: by `start("01")`, else by its exercises' ids."""
    whole = "\n".join(texts)
    said = re.findall(r"\bstart\(\s*[\"'](\d\d|template)[\"']", whole)
    if said:
        return said[-1]
    from course_lib.exercises.exercise import lesson_of

    for id in re.findall(r"@\s*(?:\w+\.)?exercise\(\s*[\"']([\w.]+)[\"']", whole):
        try:
            return lesson_of(id)
        except CourseError:
            continue
    return None


def extract(texts: list[str], exercises: list[Exercise]) -> Submission:
    """Find the exercises' functions in the cells, and for each the program that defines it."""
    submission = Submission()
    nodes: list[ast.stmt] = []
    for number, text in enumerate(texts, 1):
        try:
            nodes += _writable(ast.parse(without_magics(text)).body)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            nodes += _salvaged(text)
            line = getattr(error, "lineno", None)
            where = f" (line {line})" if line else ""
            submission.problems.append(
                f"Code cell {number} is not Python{where}: {getattr(error, 'msg', error)}"
            )
    wanted = {one.id: one.name for one in exercises}
    by_id: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for index, node in enumerate(nodes):
        if isinstance(node, ast.FunctionDef):
            by_name[node.name] = index
            for id in _ids(node):
                by_id[id] = index
            node.decorator_list = [d for d in node.decorator_list if not _is_exercise(d)]
    for id, name in wanted.items():
        index = by_id.get(id, by_name.get(name))
        if index is not None:
            node = nodes[index]
            submission.functions[id] = (node.name, ast.unparse(node) + "\n")
            submission.programs[id] = _program(nodes, index)
    return submission


def without_magics(text: str) -> str:
    """A cell's text with IPython's own lines (`%...`, `!...`, `?`) blanked; a `%%bash` cell is empty altogether."""
    lines = text.splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%") and not re.match(r"%%(time|timeit|capture|prun)\b", first):
        return ""
    try:
        ast.parse(text)
        return text  # nothing of IPython's in it: a line of a docstring may well begin or end like a magic
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        magic = r"\s*([%!?].*|[\w.*\[\]()]+\?{1,2}\s*)$"
        return "\n".join("" if re.match(magic, line) else line for line in lines)


def _salvaged(text: str) -> list[ast.stmt]:
    """The `def` and import blocks of a cell that does not parse as a whole: one bad line loses only itself."""
    found, block = [], []
    for line in [*without_magics(text).splitlines(), "end"]:
        if block and line.strip() and not line[0].isspace() and not block[-1].startswith("@"):
            try:
                found += [
                    n
                    for n in _writable(ast.parse("\n".join(block)).body)
                    if isinstance(n, ast.FunctionDef | ast.Import | ast.ImportFrom)
                ]
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                pass
            block = []
        block.append(line)
    return found


def _writable(nodes: list[ast.stmt]) -> list[ast.stmt]:
    """The nodes, once it is sure that each can be written as text again (nested too deep, it cannot).

    Raises:
        RecursionError, ValueError: one cannot.
    """
    for node in nodes:
        ast.unparse(node)
    return nodes


def _is_exercise(decorator) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return getattr(target, "id", getattr(target, "attr", None)) == "exercise"


def _ids(node: ast.FunctionDef) -> list[str]:
    return [
        d.args[0].value
        for d in node.decorator_list
        if isinstance(d, ast.Call) and _is_exercise(d) and d.args and isinstance(d.args[0], ast.Constant)
    ]


def _program(nodes: list[ast.stmt], index: int) -> str:
    """The definition at `index` and, in notebook order, everything its names come from."""
    needed, taken = _used(nodes[index]), {index}
    grown = True
    while grown:
        grown = False
        for at, node in enumerate(nodes):
            if at not in taken and _gives(node) & (needed | {"*"}) and at != index:
                taken.add(at)
                needed |= _used(node)
                grown = True
    target = nodes[index]
    # an older version of the function itself is not a thing it depends on
    order = [
        at
        for at in sorted(taken)
        if at == index or not (isinstance(nodes[at], ast.FunctionDef) and nodes[at].name == target.name)
    ]
    order = [at for at in order if at != index] + [index]
    return "\n".join(ast.unparse(nodes[at]) for at in order) + "\n"


def _used(node) -> set[str]:
    """Names that a statement needs from outside. A function's own variables are not among them."""
    if isinstance(node, ast.FunctionDef):
        return free_names(ast.unparse(node))
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _gives(node) -> set[str]:
    """Names that a top-level statement of a kind that may be run brings; nothing for all other kinds."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    if isinstance(node, ast.If | ast.Try):
        # `try: import torch ... except ImportError: torch = None`, `if fast: N = 9 else: N = 3`; nothing that works
        inner = [n for n in ast.walk(node) if isinstance(n, ast.stmt) and n is not node]
        choosing = ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Pass
        if not all(isinstance(n, choosing) for n in inner):
            return set()
        return set().union(*(_gives(n) for n in inner))
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    else:
        targets = []
    return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
