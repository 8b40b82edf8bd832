"""One exception for everything that a person can mend: its message is shown without a traceback."""


class CourseError(ValueError):
    """A problem with the input or the machine. The message is one clear sentence that says what to do."""
