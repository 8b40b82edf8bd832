"""How far grading has come."""

import sys
import time


class Progress:
    """A bar with the time left on a terminal; a line now and then elsewhere."""

    def __init__(self, stream=None):
        self.stream, self.started, self.last = stream or sys.stderr, time.monotonic(), 0.0

    def __call__(self, task, record, done: int, total: int) -> None:
        now = time.monotonic()
        left = (now - self.started) / done * (total - done)
        words = f"{done} of {total}, about {left / 60:.0f} min left" if left > 90 else f"{done} of {total}, about {left:.0f} s left"  # fmt: skip
        if self.stream.isatty():
            full = round(30 * done / total)
            self.stream.write(
                f"\r[{'#' * full}{'.' * (30 - full)}] {words}   " + ("\n" if done == total else "")
            )
        elif done == total or now - self.last > 10:
            self.stream.write(words + "\n")
            self.last = now
        self.stream.flush()
