"""How fast a class is graded, beside nbgrader on the same machine; and that honest answers are not failed.

The same number of notebooks with the same answers, honest ones of lesson 01 in several styles. Ours: a sandbox each,
eight exercises with fresh cases, verdicts, feedback pages, tables. nbgrader: `generate_assignment`, then
`nbgrader autograde`, one test cell an exercise with the numbers of one case, no sandbox, one notebook at a time (it
cannot do otherwise), the notebook's own cells run as nbgrader always does; it gets an environment of its own, made in
a temporary folder. With --train it grades the whole class, otherwise a part of it, and its rate is what is compared.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course_lib.classroom.grade import grade
from course_lib.classroom.grading.demo import answered
from course_lib.errors import CourseError
from course_lib.exercises import lesson_exercises

LESSON, CLASS, JOBS = "01", 60, 2
PEERS = 6  # notebooks for nbgrader without --train
NBGRADER = ("nbgrader==0.9.6", "ipykernel", "numpy", "scipy", "matplotlib", "pillow")


def measure(train: bool = False):
    """Rows: our seconds and rate, false failures; nbgrader's rate; the ratio of the two."""
    with tempfile.TemporaryDirectory(prefix="course-bench-") as scratch:
        folder = Path(scratch)
        papers = write_class(folder / "class", CLASS)
        started = time.perf_counter()
        students = grade(folder / "class", folder / "out", LESSON, JOBS)
        seconds = time.perf_counter() - started
        marks = [e["status"] for s in students for e in (s.record or {"exercises": []})["exercises"]]
        if len(marks) != CLASS * len(lesson_exercises(LESSON)):
            raise CourseError(f"only {len(marks)} answers were graded; see why with `course grade`.")
        variant = f"lesson {LESSON}, --jobs {JOBS}, sandbox"
        yield row("class graded in", seconds, "s", CLASS, variant)
        yield row("submissions in 3 minutes", 180 * CLASS / seconds, "", CLASS, variant)
        yield row("honest answers graded", len(marks), "", CLASS, variant)
        yield row("honest answers failed", sum(one != "right" for one in marks), "", CLASS, variant)
        again = time.perf_counter()
        grade(folder / "class", folder / "out", LESSON, JOBS)
        yield row("same class again", time.perf_counter() - again, "s", CLASS, "nothing changed")
        count = CLASS if train else PEERS
        theirs, failed = nbgrader(folder / "nbgrader", papers[:count])
        variant = "nbgrader, one at a time, no sandbox"
        yield row("submissions in 3 minutes", 180 * count / theirs, "", count, variant)
        yield row("honest answers failed", failed, "", count, variant)
        yield row("times as fast as nbgrader", theirs / count / (seconds / CLASS), "", count, "wall time")


def row(metric: str, value: float, unit: str, n: int, variant: str) -> dict:
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": 0, "variant": variant}


def write_class(folder: Path, count: int) -> list[dict]:
    """Notebooks of honest learners: references and alternatives, mixed by chance."""
    folder.mkdir(parents=True)
    rng, made = random.Random(0), []
    for number in range(count):
        answers = {
            one.id: rng.choice([one.source, *map(one.text, one.alternatives)])
            for one in lesson_exercises(LESSON)
        }
        made.append(answered(LESSON, answers))
        (folder / f"learner-{number:03d}.ipynb").write_text(json.dumps(made[-1]), encoding="utf-8")
    return made


def nbgrader(folder: Path, papers: list[dict]) -> tuple[float, int]:
    """(wall seconds, answers that lost points) of `nbgrader autograde` for these notebooks.

    Raises:
        CourseError: nbgrader cannot be installed or does not grade.
    """
    python = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    said([sys.executable, "-m", "venv", str(folder / "env")])
    said([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NBGRADER])
    course = folder / "course"
    for path, made in [("source/one/01.ipynb", source(papers[0]))] + [
        (f"submitted/learner-{number:03d}/one/01.ipynb", with_tests(paper))
        for number, paper in enumerate(papers)
    ]:
        (course / path).parent.mkdir(parents=True, exist_ok=True)
        (course / path).write_text(json.dumps(made), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "COURSE_MODE": "grading",
           "COURSE_HOME": str(Path(__file__).resolve().parents[2]), "COURSE_HEADLESS": "1", "COURSE_KEEP": str(folder),
           "COURSE_PROFILE": "smoke", "OMP_NUM_THREADS": "1", "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}  # fmt: skip
    command = [str(python), "-m", "nbgrader"]
    said([*command, "generate_assignment", "one", "--IncludeHeaderFooter.header="], course, env)
    started = time.perf_counter()
    said([*command, "autograde", "one", "--ExecutePreprocessor.timeout=120"], course, env)
    seconds = time.perf_counter() - started
    query = (
        "from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as g:\n"
        "    s = g.assignment_submissions('one')\n"
        "    print(len(s), sum(c.score < c.max_score for x in s for n in x.notebooks for c in n.grades))"
    )
    graded, failed = map(int, said([str(python), "-c", query], course, env).split()[-2:])
    if graded != len(papers):
        raise CourseError(f"nbgrader graded {graded} of {len(papers)} notebooks.")
    return seconds, failed


def with_tests(paper: dict) -> dict:
    """The notebook as nbgrader needs it: its metadata, and after each exercise a test cell with one case."""
    import numpy as np

    cells = []
    for number, cell in enumerate(paper["cells"]):
        id = cell["metadata"].get("exercise")
        made = {**cell, "metadata": {}, "id": f"cell-{number}"}
        cells.append(made)
        if id is None:
            continue
        name = id.rpartition(".")[2]
        made["metadata"] = {"nbgrader": {**PLAIN, "grade": False, "solution": True, "grade_id": name}}
        one = next(e for e in lesson_exercises(LESSON) if e.id == id)
        case = one.drawn(0)[0]
        want = np.asarray(one.reference(*case.values())).tolist()
        arguments = ", ".join(f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(value) for value in case.values())  # fmt: skip
        cells.append({
            "cell_type": "code", "id": f"test-{number}", "execution_count": None, "outputs": [],
            "metadata": {"nbgrader": {**PLAIN, "grade": True, "solution": False, "locked": True, "points": one.points, "grade_id": f"test_{name}"}},
            "source": f"np.testing.assert_allclose({name}({arguments}), {want}, rtol=1e-5)",
        })  # fmt: skip
    return {**paper, "cells": cells}


PLAIN = {"schema_version": 3, "locked": False, "task": False}


def source(paper: dict) -> dict:
    """The instructor's version, whose solutions nbgrader cuts out between its marks."""
    made = with_tests(paper)
    for cell in made["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            lines = "".join(cell["source"]).split("\n")
            cell["source"] = "\n".join(["### BEGIN SOLUTION", *lines, "### END SOLUTION"])
    return made


def said(command: list[str], cwd: Path | None = None, env: dict | None = None) -> str:
    """Run a command; its output.

    Raises:
        CourseError: it failed; a bench without its peer is not one.
    """
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode:
        raise CourseError(
            f"nbgrader's part failed: {' '.join(command[:5])} ...: {(done.stderr or done.stdout)[-600:]}"
        )
    return done.stdout
