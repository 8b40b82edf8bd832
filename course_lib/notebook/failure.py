"""A cell that is meant to fail says so, and fails itself when nothing goes wrong."""

import html
import re
import tempfile
import traceback

from course_lib.exercises.card import MONO


class expect_failure:
    """Show the error that the block raises, and go on; complain if it raises none.

    Example:
        >>> with expect_failure(ZeroDivisionError, match="division"):
        ...     1 / 0

    Args:
        kinds: exception class, or a tuple of them.
        match: regular expression that the message must contain.

    Raises:
        AssertionError: the block ended without the error, or with another message. An error of another kind
            is not caught.
    """

    def __init__(self, kinds=Exception, match: str = ""):
        self.kinds, self.match = kinds, match

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace) -> bool:
        if kind is None:
            raise AssertionError(
                f"this cell was expected to raise {names(self.kinds)}, and nothing was raised"
            )
        if not issubclass(kind, self.kinds):
            return False
        if not re.search(self.match, str(error)):
            raise AssertionError(f"it raised {kind.__name__}, but the message is another: {error}")
        # the learner's own lines, and where it finally broke; what lies between is the library's affair
        frames = traceback.extract_tb(trace)
        own = [frame for frame in frames if "ipykernel_" in frame.filename]
        kept = own if frames[-1] in own else [*own, frames[-1]]
        text = "Traceback (most recent call last):\n" + "".join(traceback.format_list(kept))
        text += "".join(traceback.format_exception_only(kind, error))
        # the kernel's name for a cell says nothing, and is another one at every run; so is where packages lie
        text = re.sub(r'File "[^"]*ipykernel_[^"]*"', 'File "<this cell>"', text)
        # nor does the temporary folder of the day
        text = text.replace(tempfile.gettempdir(), "(a temporary folder)")
        _show(re.sub(r'File "[^"]*site-packages[/\\]', 'File "', text).rstrip())
        return True


def names(kinds) -> str:
    """The names of one exception class or a tuple of them."""
    return " or ".join(one.__name__ for one in (kinds if isinstance(kinds, tuple) else (kinds,)))


def _show(text: str) -> None:
    from IPython.display import display

    box = (
        '<div role="note" aria-label="expected error" style="border-left:6px solid #a8480a;padding:0.4em 0.9em;margin:0.3em 0">'
        '<span style="background:#a8480a;color:#fff;padding:0.1em 0.6em;border-radius:0.8em;font-weight:600">Meant to fail</span>'
        f'<pre style="{MONO};white-space:pre-wrap;margin:0.4em 0 0 0">{html.escape(text)}</pre></div>'
    )
    display({"text/html": box, "text/plain": "(meant to fail)\n" + text}, raw=True)
