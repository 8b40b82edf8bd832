"""Grade a class: a folder of notebooks, a folder a learner, or a zip from Canvas or Moodle.

Submissions run in a sandbox (bubblewrap on Linux, a container elsewhere), are compared with fresh cases from a secret
seed, and every learner gets a page with what was right and what was not. Run again, it grades only what changed.
INSTRUCTORS.md has the whole story.
"""

import json
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from course_lib.classroom.grading import (
    batch,
    copies,
    feedback,
    gradebook,
    hand,
    intake,
    overview,
    sandbox,
)
from course_lib.classroom.grading.progress_bar import Progress
from course_lib.classroom.grading.withheld import make_copy
from course_lib.data import home
from course_lib.errors import CourseError
from course_lib.exercises import Exercise, lesson_exercises
from course_lib.exercises.artefact import Artefact, lesson_artefacts


@dataclass
class Student:
    """One learner's result.

    Attributes:
        record: of `grading.one`, None where there was no notebook; marks: of `grading.hand.settle`.
        reason: why it could not be graded, or ''. remarks: on files, for the report; the learner's page has them on the
            file's card. user: the platform's number. file: name of the notebook.
    """

    learner: str
    record: dict | None = None
    marks: dict = field(default_factory=dict)
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    user: str = ""
    file: str = ""
    person: gradebook.Person | None = None


def add_arguments(parser) -> None:
    parser.add_argument(
        "submissions", type=Path, nargs="?", help="a folder or a zip; marks.toml may lie in the folder"
    )
    parser.add_argument("--out", type=Path, help="folder for the results (default: SUBMISSIONS-graded)")
    parser.add_argument("--lesson", help="such as 01 (default: what most notebooks say)")
    parser.add_argument(
        "--jobs",
        type=int,
        default=min(4, os.cpu_count() or 1),
        help="how many at a time (default %(default)s)",
    )
    parser.add_argument(
        "--seed-file", type=Path, help="the secret of the cases (default: OUT/seed.txt, made when missing)"
    )
    parser.add_argument(
        "--limit-seconds", type=float, default=180.0, help="for one submission (default %(default)g)"
    )
    parser.add_argument(
        "--limit-memory", type=int, default=2048, help="for one submission, in MB (default %(default)s)"
    )
    parser.add_argument(
        "--roster", type=Path, help="a CSV file with a column 'learner'; Canvas' or Moodle's export will do"
    )
    parser.add_argument("--marks", type=Path, help="marks.toml (default: in SUBMISSIONS, or beside the zip)")
    parser.add_argument("--demo", action="store_true", help="grade a small made-up class and open the report")
    parser.add_argument(
        "--unsafe-no-sandbox",
        action="store_true",
        help="run the notebooks without protection: only those you have read",
    )


def run(args) -> int:
    if args.demo:
        from course_lib.classroom.grading.demo import LESSON, demo

        args.submissions, args.lesson = demo(args.lesson or LESSON)
    if args.submissions is None:
        raise CourseError(
            "which submissions? For example: course grade SUBMISSIONS --out RESULTS, or course grade --demo"
        )
    if args.jobs < 1 or args.limit_seconds <= 0 or args.limit_memory < 64:
        raise CourseError("--jobs is at least 1, --limit-seconds above 0, --limit-memory at least 64 (MB).")
    submissions = args.submissions.resolve()
    out = (args.out or submissions.with_name(submissions.stem + "-graded")).resolve()
    if out == submissions or submissions in out.parents:
        raise CourseError("--out must not lie inside the submissions.")
    limits = sandbox.Limits(memory=args.limit_memory * 2**20, seconds=args.limit_seconds)
    students = grade(
        submissions, out, args.lesson, args.jobs, args.seed_file, limits, args.roster, args.marks,
        args.unsafe_no_sandbox, Progress(),
    )  # fmt: skip
    print(summary(students, out))
    if args.demo and sys.stdout.isatty():
        import webbrowser

        webbrowser.open((out / "report.html").as_uri())
    return 0


def grade(
    submissions: Path,
    out: Path,
    lesson: str | None = None,
    jobs: int = 2,
    seed_file: Path | None = None,
    limits: sandbox.Limits | None = None,
    roster: Path | None = None,
    marks: Path | None = None,
    unsafe: bool = False,
    told=lambda *_: None,
) -> list[Student]:
    """Grade all submissions and write everything into `out`; see the command's options.

    Raises:
        CourseError: nothing to grade, no sandbox, a wrong marks.toml: before anything is run.
    """
    limits = limits or sandbox.Limits()
    people = gradebook.read_roster(roster) if roster else []
    with tempfile.TemporaryDirectory(prefix="course-grade-") as scratch:
        entries = intake.collect(submissions, Path(scratch) / "papers")
        lesson = lesson or likely_lesson(entries)
        exercises, artefacts = lesson_exercises(lesson), lesson_artefacts(lesson)
        items = [*exercises, *artefacts]
        marks = marks or (submissions if submissions.is_dir() else submissions.parent) / "marks.toml"
        learners = [entry.learner for entry in entries] + [person.learner for person in people]
        rules = hand.read_hand(marks, items, learners)
        out.mkdir(parents=True, exist_ok=True)
        seed = batch.secret_seed(seed_file or out / "seed.txt")
        library = make_copy(Path(scratch) / "library", exercises)
        box = sandbox.choose(library, limits, (submissions, out), unsafe)
        version = batch.fingerprint(lesson)
        tasks, students = [], []
        for entry in entries:
            student, task = taken(entry, lesson, seed, version)
            students.append((student, task))
            tasks += [task] if task else []
        started = time.monotonic()
        records = batch.grade_all(tasks, lesson, seed, box, out / "results", jobs, told)
        took = time.monotonic() - started
    graded = []
    for student, task in students:
        if task is not None:
            student.record = {**records[task.key], "key": task.key}
            student.reason = student.record["reason"] or student.reason
            student.remarks = [
                f"{entry['name']}: {entry['text']}".replace("`", "")
                for entry in student.record["exercises"]
                if entry["kind"] in ("bad file", "ours")
            ]
        graded.append(student)
    graded += absent(graded, people)
    for student in graded:
        student.marks = hand.settle(student.record, student.learner, items, rules)
        if rules.learners.get(student.learner, {}).get("override"):
            student.notes.append("Some points were set by hand.")
    # what a person has to look at comes first
    graded.sort(key=lambda student: (not student.reason, student.learner))
    about = {"lesson": lesson, "sandbox": confinement(box), "seconds": round(took, 1), "jobs": jobs,
             "marks by hand": f"{marks} ({len(rules.learners)} learners named)" if marks.exists() else "none", "course": version, **batch.versions(), "time": time.strftime("%Y-%m-%d %H:%M")}  # fmt: skip
    publish(graded, items, out, title_of(lesson), about, seed)
    return graded


def taken(entry: intake.Entry, lesson: str, seed: int, version: str):
    """(student, task) of an entry; no task where there is nothing to grade, then with a reason."""
    student = Student(entry.learner, user=entry.user)
    paper, student.notes = intake.choose(entry, lesson)
    if entry.late:
        student.notes.append("It came late.")
    if paper is None:
        if entry.refused:
            student.reason = "Refused: " + "; ".join(entry.refused[:3])
        else:
            instead = [*(file.name for file in entry.files), *entry.others]
            student.reason = f"No notebook was handed in, but {', '.join(instead[:3]) or 'nothing'}."
        return student, None
    student.notes += [f"Refused: {one}" for one in entry.refused[:3]]
    student.file = paper.name
    try:
        if paper.path.stat().st_size > intake.LARGEST_FILE:
            raise CourseError(f"The notebook has more than {intake.LARGEST_FILE // 2**20} MB.")
        files = {}
        for one in lesson_artefacts(lesson):
            file, notes = intake.choose_file(entry, one)
            student.notes += notes
            if file is not None:
                files[one.id] = (file.path, file.name, "")
                continue
            for name, _, why in (line.rpartition(": ") for line in entry.refused):
                if name.lower().endswith(one.taken):
                    files[one.id] = (None, name, f"{name} was not opened: {why}.")
        others = [*entry.others, *(file.name for file in entry.files)] if lesson_artefacts(lesson) else []
        return student, batch.task(entry.learner, paper.path, lesson, seed, version, files, others)
    except (OSError, CourseError) as problem:
        student.reason = str(problem)
        return student, None


def title_of(lesson: str) -> str:
    """'Lesson 01: The mathematics of GANs', as the shipped notebook says."""
    for path in sorted((home() / "notebooks").glob(f"{lesson}_*.ipynb")):
        about = json.loads(path.read_text(encoding="utf-8")).get("metadata", {}).get("course", {})
        if about.get("title"):
            return f"Lesson {lesson}: {about['title']}"
    return f"Lesson {lesson}"


def likely_lesson(entries: list[intake.Entry]) -> str:
    """The lesson that most notebooks say they are of."""
    said = Counter(paper.lessons[0] for entry in entries for paper in entry.papers if paper.lessons)
    if not said:
        raise CourseError("no notebook says which lesson it is of. Name it, for example: --lesson 01")
    return said.most_common(1)[0][0]


def absent(students: list[Student], people: list[gradebook.Person]) -> list[Student]:
    """Match students with the roster, in place; returns those of whom there is nothing."""
    left = list(people)
    for student in students:
        student.person = gradebook.find_person(left, student.learner, student.user)
        if student.person is not None:
            left.remove(student.person)
        elif people:
            student.notes.append("Not on the roster.")
    return [Student(one.learner, reason="Nothing was handed in.", person=one, user=one.id) for one in left]


def publish(students: list[Student], items: list, out: Path, title: str, about: dict, seed: int) -> None:
    """Write the tables, the pages, and results.json; `items` are exercises, and after them files to hand in."""
    exercises = [one for one in items if isinstance(one, Exercise)]
    artefacts = [one for one in items if isinstance(one, Artefact)]
    functions = {s.learner: s.record["functions"] for s in students if s.record and s.record["functions"]}
    files = {s.learner: s.record["sha256"] for s in students if s.record and any(e["points"] for e in s.record["exercises"])}  # fmt: skip
    flags = copies.look(functions, exercises, files)
    flags += copies.look_at_files({s.learner: s.record["exercises"] for s in students if s.record}, artefacts)
    gradebook.grades(out / "grades.csv", students, items)
    gradebook.canvas(out / "canvas.csv", students, title)
    gradebook.moodle(out / "moodle.csv", students)
    pages = out / "feedback"
    pages.mkdir(exist_ok=True)
    for student in students:
        if student.record or student.marks["total"] is not None:
            feedback.write(
                pages / feedback.file_name(student.learner), feedback.feedback(student, title, items)
            )
    feedback.write(out / "report.html", overview.overview(students, items, title, flags, about))
    everything = {
        "about": about,
        "seed": seed,
        "flags": flags,
        "learners": [
            {"learner": s.learner, "user": s.user, "file": s.file, "reason": s.reason, "notes": [*s.notes, *s.remarks], "marks": s.marks, "machine": s.record}
            for s in students
        ],
    }  # fmt: skip
    part = out / "results.json.tmp"
    part.write_text(json.dumps(everything, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, out / "results.json")


def confinement(box: sandbox.Sandbox) -> str:
    """In words, what submissions ran in."""
    if box.kind == "none":
        return "none (--unsafe-no-sandbox)"
    if box.kind != "bubblewrap":
        return box.kind
    words = {"none": "limits of each process only: no control group could be made here, so a submission of many processes is held by time alone",
             "systemd": "control group through systemd"}  # fmt: skip
    return f"bubblewrap, {words.get(box.groups.kind, f'control group ({box.groups.kind})')}"


def summary(students: list[Student], out: Path) -> str:
    """What to look at, in a few lines."""
    waiting = [student for student in students if student.reason]
    lines = [f"{len(students)} learners, {sum(s.marks['total'] is not None for s in students)} with a total"]
    if waiting:
        lines.append(f"could not be graded ({len(waiting)}):")
        lines += [f"  {student.learner}: {student.reason}" for student in waiting[:20]]
    lines += [f"report    {out / 'report.html'}", f"grades    {out / 'grades.csv'}  (canvas.csv and moodle.csv beside it)",
              f"feedback  {out / 'feedback'}"]  # fmt: skip
    return "\n".join(lines)
