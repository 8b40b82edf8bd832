"""Source text of exercises: reading, cutting to a stub, comparing, editing, compiling."""

import ast
import inspect
import linecache
import textwrap
from collections.abc import Callable, Sequence
from itertools import count

_numbers = count()


def text_of(function: Callable) -> str:
    """A function's source without decorators, unindented, ending in one newline.

    Raises:
        OSError: the source cannot be had (typed at a bare prompt, say).
    """
    text = textwrap.dedent(inspect.getsource(function))
    node = definition(text)
    return "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno]) + "\n"


def definition(text: str) -> ast.FunctionDef:
    """The first function defined at the top level of a text."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            return node
    raise ValueError("no function is defined there")


def stub(text: str) -> str:
    """The same function with `...` for its body; signature and docstring stay."""
    node = definition(text)
    lines = text.splitlines()
    first = node.body[0]
    documented = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    # without a docstring the signature ends before the first statement of the body
    end = first.end_lineno if documented else first.lineno - 1
    return "\n".join(lines[node.lineno - 1 : end]) + "\n    ...\n"


def begun(function: Callable, *left_out: str) -> str:
    """A skeleton: the function's own text with `...` in place of some of it, so that the rest is written once.

    Args:
        left_out: blocks of whole lines, as they stand in the source, each of them once.

    Raises:
        ValueError: a block stands there never, or more than once.
    """
    text = text_of(function)
    for block in left_out:
        if text.count(block) != 1:
            raise ValueError(
                f"these lines stand {text.count(block)} times in {function.__name__}, not once: {block}"
            )
        indent = block[: len(block) - len(block.lstrip())]
        text = text.replace(block, f"{indent}...\n")
    return text


def without_docstring(text: str) -> str:
    """The text of a function without its docstring; comments and layout stay."""
    node = definition(text)
    if ast.get_docstring(node) is None or len(node.body) == 1:
        return text
    lines, first = text.splitlines(keepends=True), node.body[0]
    return "".join(lines[: first.lineno - 1] + lines[first.end_lineno :])


def tree(text: str) -> str:
    """The syntax tree of a function as text, without decorators, docstring, comments and layout."""
    node = definition(text)
    node.decorator_list = []
    if ast.get_docstring(node) is not None:
        node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(node)


def same(one: str, other: str) -> bool:
    """Are two texts the same function, comments, docstring and layout aside?"""
    try:
        return tree(one) == tree(other)
    except (SyntaxError, ValueError):
        return False


def is_skeleton_of(skeleton: str, reference: str) -> list[str]:
    """Lines of a skeleton that do not stand in the reference ('...' and comments aside); empty is good."""
    wanted = [line.strip() for line in reference.splitlines()]
    return [
        line
        for line in map(str.strip, skeleton.splitlines())
        if line and line != "..." and not line.startswith("#") and line not in wanted
    ]


def edited(text: str, edits: Sequence[tuple[str, str]]) -> str:
    """The text with each `old` replaced by `new`.

    Raises:
        ValueError: an `old` is not found exactly once.
    """
    for old, new in edits:
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in the reference, not once")
        text = text.replace(old, new)
    return text


def renamed(text: str, old: str, new: str) -> str:
    """The text of a function with its name changed in the `def` line."""
    return text.replace(f"def {old}(", f"def {new}(", 1)


def compiled(text: str, like: Callable) -> Callable:
    """The function that a text defines, with the globals of `like`; tracebacks can show its lines."""
    file = f"<edited {like.__name__} {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = dict(like.__globals__)
    exec(compile(text, file, "exec"), namespace)
    return namespace[definition(text).name]
