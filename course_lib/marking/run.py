"""Run one function on one case and write down, as plain data, what happened."""

import contextlib
import io
import time
import traceback
from dataclasses import asdict, dataclass, field

import numpy as np

from course_lib.marking.arguments import plain
from course_lib.marking.bounded import bounded
from course_lib.marking.observe import flatten, whole_result
from course_lib.marking.wire import copied


@dataclass
class Outcome:
    """What a call did.

    Attributes:
        status: 'returned', 'raised' or 'out of time'.
        arrays, kinds: what was observed, see `observe.flatten`.
        error: for 'raised': `{"type", "types", "message", "line", "number"}`; `types` names the exception's
            class and its bases, `line` is the learner's own line of code.
        changed: names of arguments that were changed in place.
        seconds: wall time of the call.
        printed: the first 2,000 characters of what it printed.
    """

    status: str = "returned"
    arrays: dict = field(default_factory=dict)
    kinds: dict = field(default_factory=dict)
    error: dict | None = None
    changed: list = field(default_factory=list)
    seconds: float = 0.0
    printed: str = ""

    def plain(self) -> dict:
        """For the wire."""
        return asdict(self)

    def plain_kinds(self) -> dict[str, str]:
        """`kinds`, in which an array without axes is a number: they differ for nobody but a computer."""
        return {
            name: "number" if kind == "array" and self.arrays[name].ndim == 0 else kind
            for name, kind in self.kinds.items()
        }


def run_case(function, case: dict, make=plain, observe=whole_result, seconds: float = 10.0) -> Outcome:
    """Call `function` on the arguments that `make` builds from `case`, and observe.

    Args:
        function: called by position with the values of `make(case)`.
        case: plain data; copied first, so the caller's stays as it is.
        make, observe: see `arguments` and `observe`.
        seconds: limit for the call (building and observing included).

    Returns:
        An `Outcome`; whatever the function does, nothing is raised.
    """
    outcome = Outcome()
    printed = io.StringIO()

    def call():
        arguments = make(copied(case))
        before = {name: _content(value) for name, value in arguments.items()}
        started = time.perf_counter()
        # NaN and infinity are named on the card; numpy's warnings about them would only be in the way
        with np.errstate(all="ignore"):
            result = function(*arguments.values())
        outcome.seconds = time.perf_counter() - started
        arrays, kinds = {}, {}
        for name, value in observe(result, arguments).items():
            more_arrays, more_kinds = flatten(value, name)
            arrays.update(more_arrays)
            kinds.update(more_kinds)
        changed = [
            name for name, old in before.items() if old is not None and _content(arguments[name]) != old
        ]
        return arrays, kinds, changed

    started = time.perf_counter()
    # Redirected here and not in the thread: a call that is left behind must not keep our output.
    with contextlib.redirect_stdout(_Bounded(printed)), contextlib.redirect_stderr(_Bounded(io.StringIO())):
        finished, value, error = bounded(call, seconds)
    if not finished:
        outcome.status, outcome.seconds = "out of time", time.perf_counter() - started
    elif error is not None:
        outcome.status, outcome.error = "raised", described(error, function)
    else:
        outcome.arrays, outcome.kinds, outcome.changed = value
    outcome.printed = printed.getvalue()
    return outcome


def run_cases(
    function, cases: list[dict], make=plain, observe=whole_result, seconds: float = 10.0
) -> list[Outcome]:
    """`run_case` on each case; `seconds` is for all together. After a time-out the rest is not tried."""
    end = time.perf_counter() + seconds
    outcomes = []
    for case in cases:
        left = max(0.05, end - time.perf_counter())
        outcomes.append(run_case(function, case, make, observe, left))
        if outcomes[-1].status == "out of time":
            break
    return outcomes


def described(error: BaseException, function=None) -> dict:
    """An exception as plain data, with the deepest line that stands in the function's own file."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == file]
    frame = own[-1] if own else None
    types = [kind.__name__ for kind in type(error).__mro__ if kind is not object]
    try:
        message = str(error)
    except BaseException:  # a learner's exception may fail to print itself, in any way
        message = ""
    return {
        "type": types[0],
        "types": types,
        "message": message[:600],
        "line": (frame.line or "") if frame else "",
        "number": frame.lineno if frame else None,
    }


def _content(value):
    """Bytes that change when an array or tensor changes; None for what is not watched."""
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        return value.tobytes()
    if type(value).__module__.split(".")[0] == "torch" and hasattr(value, "detach"):
        return value.detach().cpu().numpy().tobytes()
    if isinstance(value, list | dict):
        return repr(value)
    return None


class _Bounded(io.TextIOBase):
    """A text stream that keeps the first 2,000 characters and forgets the rest."""

    def __init__(self, target: io.StringIO):
        self.target = target

    def write(self, text: str) -> int:
        room = 2000 - self.target.tell()
        if room > 0:
            self.target.write(text[:room])
        return len(text)
