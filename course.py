"""The two commands: `python course.py lab` opens the lessons, `python course.py test` runs every test.

Any other word is a `course` command (`python course.py doctor`). Only Python 3.11, 3.12 or 3.13 is
needed: the first start makes the folder `.venv` beside this file and installs the course into it.

This file is kept in the syntax of old Pythons, so that one of those prints a sentence and not a
SyntaxError. The work is done in course_lib/bootstrap.
"""

# ruff: noqa: UP031, RUF005
import os
import platform
import sys

FIRST, LAST = (3, 11), (3, 13)


def unsuitable():
    """The sentence for a Python that the course cannot use, or None."""
    here = platform.python_version()
    if not FIRST <= sys.version_info[:2] <= LAST:
        other = suitable_elsewhere()
        if other:
            advice = "This machine has one that fits. Type:  %s course.py %s" % (
                other,
                " ".join(sys.argv[1:]) or "lab",
            )
        else:
            advice = "Install Python 3.12 (https://www.python.org/downloads/) and start with it."
        return "The course needs Python 3.11, 3.12 or 3.13, and this is Python %s. %s" % (here, advice)
    if sys.maxsize <= 2**32:
        return (
            "This Python %s is a 32-bit one, for which there is no PyTorch: install a 64-bit Python." % here
        )
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        return (
            "This Python is built for Intel Macs, for which PyTorch and TensorFlow are no longer made. On an "
            "Apple Silicon Mac install the Python for macOS from python.org; on an Intel Mac open the "
            "lessons in Google Colab, with the badges in README.md."
        )
    return None


def suitable_elsewhere():
    """How to type a fitting Python that this machine has, or None. Tried, not only looked for."""
    import subprocess

    if os.name == "nt":
        names = [["py", "-3.12"], ["py", "-3.13"], ["py", "-3.11"]]
    else:
        names = [["python3.12"], ["python3.13"], ["python3.11"]]
    for name in names:
        try:
            with open(os.devnull, "w") as nowhere:
                if subprocess.call(name + ["-c", ""], stdout=nowhere, stderr=nowhere) == 0:
                    return " ".join(name)
        except OSError:
            continue
    return None


if __name__ == "__main__":
    problem = unsuitable()
    if problem:
        sys.stderr.write("course: " + problem + "\n")
        sys.exit(2)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from course_lib.bootstrap.start import main

    sys.exit(main(sys.argv[1:]))
