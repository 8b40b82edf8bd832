"""Importing TensorFlow without its screenful of messages; a real error is still shown in full."""

import contextlib
import os
import sys
import tempfile


@contextlib.contextmanager
def quiet():
    """Keep what is written to standard error, by compiled code too, and show it only if the block raises."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as told:
        os.dup2(told.fileno(), 2)
        try:
            yield
        except BaseException:
            told.seek(0)
            os.write(kept, told.read()[-20_000:])
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
