"""The exercise engine, and one file of exercises a lesson (`lesson_01.py` and so on).

`@exercise(id)` is the whole interface for a learner; `Exercise` and `Misconception` for an author.
"""

from course_lib.exercises.exercise import Exercise, Misconception, find, lesson_exercises
from course_lib.exercises.learner import exercise, mine, reset

__all__ = ["Exercise", "Misconception", "exercise", "find", "lesson_exercises", "mine", "reset"]
