"""Which tests share a worker, and what begins first: so that two workers are busy to the end.

A file's tests stay together, because their fixtures are made once. Cut otherwise are the states of a lesson, each a
piece of its own; exercises, by the module they are of; and folders whose files share one costly fixture.
"""

import functools
import json
import re

import pytest

TOGETHER = ("tests/film/", "tests/hostile/")
# What takes a minute or more begins first: CPU seconds on one core, of which only the order counts.
LONG = {"tests/hostile/": 300, "tests/classroom/test_grade": 200, "tests/film/": 100, "exercises of": 90}
STATES = {
    "test_as_shipped": 10,
    "test_answered_wrongly": 10,
    "test_solved": 10,
    "test_every_misconception": 5,
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The groups below instead of xdist's own (its `xdist_group` marks are lost on the newest pytest)."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid)

    return ByGroup(config, log)


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: -seconds(group(item.nodeid)))  # stable: what belongs together stays together


def group(nodeid: str) -> str:
    """The name of what a test shares a worker with."""
    file, _, test = nodeid.partition("::")
    if file.endswith("classroom/test_states.py"):
        return test
    if file.endswith("exercises/test_every_exercise.py"):
        return "exercises of " + test.partition("[")[2].rpartition(".")[0]
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)


@functools.cache
def seconds(group: str) -> float:
    """About how long a group takes; 0 where it is short."""
    if state := re.match(r"(test_\w+)\[(\w+)\]$", group):
        fixed = next((value for start, value in STATES.items() if state[1].startswith(start)), 0)
        return fixed + (solved_seconds(state[2]) if state[1].startswith("test_solved") else 0)
    return max((value for start, value in LONG.items() if group.startswith(start)), default=0)


def solved_seconds(lesson: str) -> float:
    """CPU seconds of a lesson's solved notebook, as they stand in it."""
    from course_lib.data import home

    for path in (home() / "solutions").glob(f"{lesson}_*.ipynb"):
        try:
            return float(json.loads(path.read_text(encoding="utf-8"))["metadata"]["course"]["cpu_seconds"])
        except (OSError, ValueError, KeyError, TypeError):
            break
    return 60  # not built yet, or on a system that does not say
