"""The learner's desk: what the first cells of every lesson import. Knows notebooks; subjects do not know it."""

from course_lib.exercises import exercise, mine, reset
from course_lib.exercises.hand_in import beside, hand_in
from course_lib.notebook.failure import expect_failure
from course_lib.notebook.start import Lesson, start
from course_lib.notebook.widgets import ask, explore

__all__ = [
    "Lesson", "ask", "beside", "exercise", "expect_failure", "explore", "hand_in", "mine", "reset", "start",
]  # fmt: skip
