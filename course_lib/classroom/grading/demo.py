"""A small made-up class, so that an instructor sees in a minute what grading gives.

The learners' answers are the lesson's own: references, right answers in another style, recognised mistakes. Some
hand in what classes hand in: nothing but the shipped notebook, a damaged file, an endless loop, a copy. Where the lesson
asks for a file beside the notebook, most have one.
"""

import json
import random
import tempfile
from pathlib import Path

import numpy as np

from course_lib.data import home
from course_lib.errors import CourseError
from course_lib.exercises import Exercise, lesson_exercises
from course_lib.exercises.artefact import Artefact, lesson_artefacts

LEARNERS = 14
LESSON = "10"  # it asks for a file, too, and takes numpy alone


def shipped(lesson: str) -> dict:
    """The notebook of a lesson as it is handed out.

    Raises:
        CourseError: there is none.
    """
    found = sorted((home() / "notebooks").glob(f"{lesson}_*.ipynb"))
    if not found:
        raise CourseError(f"there is no notebook of lesson {lesson} in {home() / 'notebooks'}.")
    return json.loads(found[0].read_text(encoding="utf-8"))


def answered(lesson: str, answers: dict[str, str]) -> dict:
    """The notebook with these functions' texts in the cells of their exercises."""
    notebook = shipped(lesson)
    for cell in notebook["cells"]:
        id = cell["metadata"].get("exercise")
        if id in answers:
            text, name = answers[id].rstrip(), id.rpartition(".")[2]
            # what stands before the function, helpers say, stays before its decorator
            before, _, after = text.rpartition(f"def {name}(")
            cell["source"] = f'{before}@exercise("{id}")\ndef {name}({after}'
    return notebook


def answers_of(exercises: list[Exercise], rng: random.Random, skill: float) -> dict[str, str]:
    """One learner's answers: right ones with probability `skill`, else a misconception, or nothing."""
    texts = {}
    for one in exercises:
        right = [one.source, *(one.text(a) for a in one.alternatives)]
        if rng.random() < skill:
            texts[one.id] = rng.choice(right[1:] or right)
        elif rng.random() < 0.85:
            texts[one.id] = one.text(rng.choice(one.misconceptions).wrong)
    return texts


def demo(lesson: str, folder: Path | None = None, seed: int = 3) -> tuple[Path, str]:
    """Write the class's notebooks; returns (folder, lesson)."""
    exercises = lesson_exercises(lesson)
    folder = folder or Path(tempfile.mkdtemp(prefix="course-demo-")) / "class"
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    names = [f"learner-{number:02d}" for number in range(1, LEARNERS + 1)]
    papers = {}
    for name in names:
        (folder / name).mkdir()
        papers[name] = folder / name / "notebook.ipynb"
        _write(papers[name], answered(lesson, answers_of(exercises, rng, rng.uniform(0.45, 1.0))))
    _write(papers[names[1]], shipped(lesson))
    papers[names[3]].write_text("saved as something else", encoding="utf-8")
    _write(papers[names[5]], answered(lesson, {one.id: one.source for one in exercises}))
    loop = answers_of(exercises, rng, 1.0)
    signature = exercises[0].stub.split("\n")[0]
    loop[exercises[0].id] = f"{signature}\n    while True:\n        pass\n"
    _write(papers[names[8]], answered(lesson, loop))
    for artefact in lesson_artefacts(lesson):
        files(artefact, [folder / name for name in names])
    for path in (folder / names[10]).iterdir():  # a copy of all that a neighbour hands in
        (folder / names[11] / path.name).write_bytes(path.read_bytes())
    (folder / "marks.toml").write_text(
        f'[late]\npercent_per_day = 10\n\n[learner."{names[0]}"]\ndays_late = 1\n'
        'comment = "A day late this time; the reasoning is good."\n',
        encoding="utf-8",
    )
    return folder, lesson


def files(artefact: Artefact, folders: list[Path]) -> None:
    """A file in each learner's folder, from nothing at all to one that gets all points; one is cut off, one another kind."""
    made = [one for one in artefact.attempts if one.most > 0] or list(artefact.attempts)
    best = max(made, key=lambda one: one.least)
    for number, folder in enumerate(folders):
        if number == 1:
            continue
        one = best if number in (0, 5, 10) else artefact.attempts[number % len(artefact.attempts)]
        path = one.make(folder, np.random.default_rng(number))
        path = path.replace(folder / artefact.file)
        if number == 7:
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        if number == 9:
            path.replace(path.with_suffix(".pt"))


def _write(path: Path, notebook: dict) -> None:
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
