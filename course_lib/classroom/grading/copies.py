"""What looks copied, for a person to look at. Nothing here changes a mark.

Two functions are compared by their *form*: the syntax tree without docstring, annotations and comments, every name
that the function itself brings (its own, its parameters', its variables') replaced by a number. So renaming and
reformatting change nothing.

Most short functions have one natural form, and equal ones say nothing. So

- a function is called equal to the published solution when it has at least 3 statements and 28 nodes, the reference's
  form, and at least two of the names that the reference invented; or when three such forms of one learner equal the
  references', whatever the names;
- two learners are named together when two functions of at least 3 statements and 40 nodes agree, or one of at least
  70, in a form that is not the reference's and that few have: a tenth of the class, two at least and three at most;
- two files that are the same to the byte are named when anything in them is right.

Files that an exercise asks for (weights, tables) are compared by their numbers: see `look_at_files`.
"""

import ast
import builtins
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from course_lib.exercises import Exercise, sources
from course_lib.exercises.artefact import Artefact, alike

STATEMENTS, NODES, BETWEEN, LONG = 3, 28, 40, 70


@dataclass(frozen=True)
class Form:
    """A function's form, its size, and the names of variables that it invented."""

    tree: str
    statements: int
    nodes: int
    invented: frozenset

    @property
    def telling(self) -> bool:
        return self.statements >= STATEMENTS and self.nodes >= NODES


def form_of(text: str) -> Form | None:
    """The form of the first function in a text; None where there is none."""
    try:
        function = sources.definition(text)
        function.decorator_list = []
        own = {function.name}
        parameters = set()
        for node in ast.walk(function):
            if isinstance(node, ast.arg):
                own.add(node.arg)
                parameters |= {node.arg} if node in _arguments(function) else set()
                node.annotation = None
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                own.add(node.id)
            elif isinstance(node, ast.FunctionDef):
                own.add(node.name)
                node.returns = None
                if ast.get_docstring(node) is not None:
                    node.body = node.body[1:] or [ast.Pass()]
        numbers: dict[str, str] = {}

        def numbered(name: str) -> str:
            return numbers.setdefault(name, f"v{len(numbers)}") if name in own else name

        for node in ast.walk(function):
            if isinstance(node, ast.Name):
                node.id = numbered(node.id)
            elif isinstance(node, ast.arg):
                node.arg = numbered(node.arg)
            elif isinstance(node, ast.FunctionDef):
                node.name = numbered(node.name)
        statements = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
        nodes = sum(not isinstance(node, ast.expr_context | ast.operator) for node in ast.walk(function))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    # single letters and built-ins are everybody's
    invented = {name for name in own - parameters - {function.name} if len(name) > 1 and name not in dir(builtins)}  # fmt: skip
    invented -= {sources.definition(text).name}
    return Form(ast.dump(function), statements, nodes, frozenset(invented))


def _arguments(function: ast.FunctionDef) -> list:
    a = function.args
    return [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, [a.vararg, a.kwarg])]


def look(
    functions: dict[str, dict[str, str]], exercises: list[Exercise], files: dict[str, str] | None = None
) -> list[str]:
    """Sentences about what a person should look at.

    Args:
        functions: learner -> exercise id -> text of the function, as `one.grade` gives it.
        files: learner -> hash of the file, of those who have any points.
    """
    given = {one.id: form_of(one.source) for one in exercises}
    names = {one.id: one.name for one in exercises}
    stubs = {one.id: form_of(one.stub) for one in exercises}
    forms = {
        learner: {id: form for id, text in texts.items() if (form := form_of(text)) and id in given}
        for learner, texts in functions.items()
    }
    found = []
    for learner, own in sorted(forms.items()):
        equal = [id for id, form in own.items() if form.telling and form.tree == given[id].tree]
        named = [id for id in equal if len(own[id].invented & given[id].invented) >= 2]
        if named or len(equal) >= 3:
            how = "with the same names" if named else "with other names"
            which = ", ".join(names[id] for id in (named or equal))
            found.append(f"{learner}: {which} equal the published solution, {how}.")
    holders: dict[tuple, set] = {}
    for learner, own in forms.items():
        for id, form in own.items():
            not_ours = form.tree != given[id].tree and (stubs[id] is None or form.tree != stubs[id].tree)
            if form.telling and form.nodes >= BETWEEN and not_ours:
                holders.setdefault((id, form.tree), set()).add(learner)
    few = max(2, min(3, len(functions) // 10))
    pairs: dict[tuple, list] = {}
    for (id, _), learners in holders.items():
        if 2 <= len(learners) <= few:
            for pair in combinations(sorted(learners), 2):
                pairs.setdefault(pair, []).append(id)
    for (one, other), ids in sorted(pairs.items()):
        if len(ids) >= 2 or any(forms[one][id].nodes >= LONG for id in ids):
            which = ", ".join(names[id] for id in ids)
            found.append(f"{one} and {other}: {which} have the same form, which few others have.")
    by_file: dict[str, list] = {}
    for learner, content in sorted((files or {}).items()):
        by_file.setdefault(content, []).append(learner)
    found += [f"{', '.join(who)}: the same file." for who in by_file.values() if len(who) > 1]
    return found


def look_at_files(records: dict[str, list[dict]], artefacts: list[Artefact]) -> list[str]:
    """Sentences about files that were handed in: the same numbers twice, nearly the same, the course's own.

    Files that earn no more than what the lesson's own cell makes are many people's (`Artefact.common`), and not named.

    Args:
        records: learner -> entries of `one.grade`.
    """
    found = []
    for artefact in artefacts:
        given = {
            learner: entry["file"]
            for learner, entries in sorted(records.items())
            for entry in entries
            if entry["id"] == artefact.id and entry.get("file", {}).get("digest")
        }
        for learner, file in given.items():
            if file["ours"]:
                found.append(
                    f"{learner}: {artefact.file} is the course's own file, or nearly. It earned no points."
                )
            elif file["remark"]:
                found.append(f"{learner}: {artefact.file}: {file['remark']}")
        telling = {who: file for who, file in given.items() if not file["ours"] and not file["common"]}
        by_digest: dict[str, list] = {}
        for who, file in telling.items():
            by_digest.setdefault(file["digest"], []).append(who)
        found += [
            f"{', '.join(who)}: {artefact.file} holds the same numbers."
            for who in by_digest.values()
            if len(who) > 1
        ]
        for one, other in combinations([who[0] for who in by_digest.values()], 2):
            if alike(np.array(telling[one]["sketch"]), np.array(telling[other]["sketch"])):
                found.append(f"{one} and {other}: {artefact.file} holds nearly the same numbers.")
    return found
