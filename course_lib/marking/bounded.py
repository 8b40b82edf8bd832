"""Call a function in bounded time, on every system, without losing the notebook.

The call runs in a thread of its own. When time is up, an exception is raised inside that thread, again and
again, until the code gives way; a call that sits in compiled code and never comes back is left behind, and
the cell goes on. Signals would do this more simply, but Windows has no alarm signal.
"""

import ctypes
import threading
import time


class OutOfTime(BaseException):
    """Raised inside the learner's code. Not an `Exception`, so that `except Exception` lets it pass."""


def bounded(function, seconds: float):
    """Call `function()`; returns `(finished, value, error)`.

    Args:
        function: called without arguments.
        seconds: wall-clock limit, above 0.

    Returns:
        `(True, value, None)` if it returned, `(True, None, error)` if it raised, `(False, None, None)` if it
        was still running when the time was up.
    """
    box: dict = {}

    def work():
        try:
            box["value"] = function()
        except OutOfTime:
            box["late"] = True
        except BaseException as error:  # SystemExit and KeyboardInterrupt of the learner's too
            box["error"] = error

    thread = threading.Thread(target=work, name="exercise", daemon=True)
    thread.start()
    late = True  # also for code that catches everything and then returns an answer
    try:
        thread.join(seconds)
        late = thread.is_alive()
    finally:  # also when the learner presses 'interrupt' while we wait
        if thread.is_alive():
            _stop(thread)
    if late or box.get("late"):
        return False, None, None
    return True, box.get("value"), box.get("error")


def _stop(thread: threading.Thread, patience: float = 2.0) -> None:
    end = time.monotonic() + patience
    while thread.is_alive() and time.monotonic() < end:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTime))
        thread.join(0.05)
