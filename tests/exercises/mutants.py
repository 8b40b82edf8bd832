"""Single-operator mutants of a function: the small slips that checks must notice."""

import ast
import copy
from collections.abc import Iterator

SWAPS = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult], ast.Pow: [ast.Mult],
    ast.FloorDiv: [ast.Div], ast.Mod: [ast.Mult], ast.MatMult: [ast.Mult],
    ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.In: [ast.NotIn], ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot], ast.IsNot: [ast.Is], ast.And: [ast.Or], ast.Or: [ast.And],
    ast.BitAnd: [ast.BitOr], ast.BitOr: [ast.BitAnd],
}  # fmt: skip


def mutants(text: str) -> Iterator[tuple[str, str]]:
    """(name, source) of every mutant of a function's text.

    Operators are exchanged, signs and `not` dropped, numbers moved by one, booleans turned, keyword arguments
    (axis, keepdims ...) left out. A name such as 'line 3:11 Add -> Sub (a + b)' holds line and column.
    """
    tree = ast.parse(text)
    nodes = [node for node in ast.walk(tree) if hasattr(node, "lineno") or isinstance(node, ast.expr)]
    documented = {id(node.body[0].value) for node in ast.walk(tree)
                  if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None}  # fmt: skip
    for index, node in enumerate(nodes):
        if id(node) in documented:
            continue
        for label, change in _changes(node):
            copied = copy.deepcopy(tree)
            twin = [n for n in ast.walk(copied) if hasattr(n, "lineno") or isinstance(n, ast.expr)][index]
            replacement = change(twin)
            if replacement is not twin:
                _replace(copied, twin, replacement)
            mutated = ast.unparse(ast.fix_missing_locations(copied)) + "\n"
            yield f"line {node.lineno}:{node.col_offset} {label} ({ast.unparse(node)[:40]})", mutated


def _changes(node) -> Iterator:
    if isinstance(node, ast.BinOp | ast.AugAssign):
        for new in SWAPS.get(type(node.op), []):
            yield f"{type(node.op).__name__} -> {new.__name__}", lambda twin, new=new: _set(twin, "op", new())
    elif isinstance(node, ast.BoolOp):
        for new in SWAPS[type(node.op)]:
            yield f"{type(node.op).__name__} -> {new.__name__}", lambda twin, new=new: _set(twin, "op", new())
    elif isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for new in SWAPS.get(type(operator), []):
                yield (
                    f"{type(operator).__name__} -> {new.__name__}",
                    lambda twin, new=new, place=place: twin.ops.__setitem__(place, new()) or twin,
                )
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield f"{type(node.op).__name__} dropped", lambda twin: twin.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "turned", lambda twin: _set(twin, "value", not twin.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield "+ 1", lambda twin: _set(twin, "value", twin.value + 1)
    elif isinstance(node, ast.Call):
        for place, keyword in enumerate(node.keywords):
            if keyword.arg:
                yield f"without {keyword.arg}=", lambda twin, place=place: twin.keywords.pop(place) and twin


def _set(node, name: str, value):
    setattr(node, name, value)
    return node


def _replace(tree, old, new) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
                return
            if isinstance(value, list) and any(item is old for item in value):
                value[[item is old for item in value].index(True)] = new
                return
