"""The process in which a saved notebook's functions run: data in, data out.

The parent sends one message an exercise (see `classroom.marker`): the program text (imports, definitions
and what they depend on), the function's name, where its `make` and `observe` stand, the cases. The answer is
a list of outcomes. Messages are frames: eight bytes of length, then `wire.pack`. The learner's code sees
neither end of the pipe: standard output and error are turned away before it runs.
"""

import importlib
import linecache
import os
import struct
import sys

from course_lib.marking.run import described, run_cases
from course_lib.marking.wire import pack, unpack

FILE = "<learner's notebook>"


def main() -> None:
    """Serve requests from standard input until it closes."""
    incoming, outgoing = take_pipes()
    while True:
        head = incoming.read(8)
        if len(head) < 8:
            return
        message = incoming.read(struct.unpack("<Q", head)[0])
        answer = pack(answer_to(unpack(message)))
        outgoing.write(struct.pack("<Q", len(answer)) + answer)
        outgoing.flush()


def take_pipes():
    """Our own copies of standard input and output; what the learner's code prints goes nowhere."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open for good
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    return incoming, outgoing


def answer_to(request: dict) -> dict:
    """Run one exercise of one learner.

    Args:
        request: `{"program", "function", "make", "observe", "cases", "seconds"}`; `make` and `observe` are
            'module:name' below `course_lib.marking`.

    Returns:
        `{"outcomes": [...]}`, or `{"error": {...}}` when the program itself failed.
    """
    namespace = {"__name__": "__main__"}
    text = request["program"]
    # so that tracebacks and inspect.getsource can show the learner's own lines
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    try:
        exec(compile(text, FILE, "exec"), namespace)
        function = namespace[request["function"]]
    except BaseException as error:
        return {"error": described(error)}
    outcomes = run_cases(
        function, request["cases"], found(request["make"]), found(request["observe"]), request["seconds"]
    )
    return {"outcomes": [outcome.plain() for outcome in outcomes]}


def found(place: str):
    """The function at 'module:name', which must stand below `course_lib.marking`."""
    module, name = place.split(":")
    if module.split(".")[:2] != ["course_lib", "marking"]:
        raise ValueError(f"{place} is not below course_lib.marking")
    return getattr(importlib.import_module(module), name)


if __name__ == "__main__":
    main()
