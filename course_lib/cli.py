"""The `course` command. Each subcommand is a module with `add_arguments(parser)` and `run(args) -> int`.

A module is imported only when its command is asked for, so that `course --help` answers at once.
"""

import argparse
import importlib
import sys

from course_lib.errors import CourseError

COMMANDS = {
    # name: (module, one line for the list of commands)
    "film": ("course_lib.film.command", "turn a sentence into a narrated, subtitled, labelled film"),
    "doctor": ("course_lib.classroom.doctor", "is this machine ready? what is slow, missing or broken"),
    "progress": ("course_lib.classroom.progress", "which exercises are done"),
    "check": ("course_lib.classroom.check", "mark a saved notebook, as grading would"),
    "build": (
        "course_lib.classroom.build",
        "make notebooks/ and solutions/ from lessons/ (--check: compare only)",
    ),
    "release": ("course_lib.classroom.release", "put together what to hand out for a lesson"),
    "grade": (
        "course_lib.classroom.grade",
        "grade a class's notebooks in a sandbox (--demo: a made-up class)",
    ),
    "train": (
        "course_lib.classroom.train",
        "train a video generator, with a budget in minutes, and go on after a break",
    ),
    "loop": (
        "course_lib.loop.command",
        "logs, profiles, films, distribution, new logs: the whole course in rounds",
    ),
    "bench": ("course_lib.classroom.bench", "measure a promised figure and write it to bench/NAME.json"),
    "data": ("course_lib.classroom.data", "show, describe and fetch data sets"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status (0 good, 1 the answer is no, 2 cannot be done)."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    # A Windows console may not be UTF-8; a Chinese sentence must still be printable.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if not arguments or arguments[0] in ("-h", "--help"):
        print_help()
        return 0
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        print(
            f"course: there is no command '{name}'. The commands are: {', '.join(COMMANDS)}.", file=sys.stderr
        )
        return 2
    module_name, summary = COMMANDS[name]
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("course_lib"):
            raise
        print(
            f"course {name}: the package '{error.name}' is not installed. "
            "'python course.py doctor' says what is missing; 'python course.py lab' installs everything.",
            file=sys.stderr,
        )
        return 2
    parser = argparse.ArgumentParser(prog=f"course {name}", description=module.__doc__ or summary)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    module.add_arguments(parser)
    try:
        return int(module.run(parser.parse_args(rest)) or 0)
    except CourseError as error:  # a problem with a clear sentence: no traceback
        print(f"course {name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\ncourse {name}: stopped.", file=sys.stderr)
        return 130


def print_help() -> None:
    print("usage: course COMMAND [options]        ('course COMMAND --help' says more)\n")
    width = max(map(len, COMMANDS))
    for name, (_, summary) in COMMANDS.items():
        print(f"  {name:<{width}}  {summary}")
    print(f"\n  {'lab':<{width}}  open the lessons in JupyterLab      (python course.py lab)")
    print(f"  {'test':<{width}}  run the whole test suite            (python course.py test)")


if __name__ == "__main__":
    sys.exit(main())
