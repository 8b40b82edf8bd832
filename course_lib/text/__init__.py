"""Text: words, what a sentence says, and how it becomes a storyboard. Needs numpy and jieba only."""

from course_lib.text.storyboard import Shot, Storyboard, storyboard
from course_lib.text.understand import Understanding, understand

__all__ = ["Shot", "Storyboard", "Understanding", "storyboard", "understand"]
