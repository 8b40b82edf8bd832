"""The reference machine's speed, with which `course doctor` compares the learner's."""

from course_lib.classroom import speed


def measure(train: bool = False):
    """Rows of speed for each workload of `course_lib.classroom.speed`."""
    speeds = speed.measure(seconds=30)
    for name, unit in speed.UNITS.items():
        yield {"metric": name, "value": speeds[name], "unit": unit}
