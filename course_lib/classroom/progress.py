"""Which exercises are done, lesson by lesson; kept across restarts (on Colab in Google Drive, when mounted)."""

from course_lib.exercises import lesson_exercises, progress_file
from course_lib.exercises.artefact import lesson_artefacts
from course_lib.exercises.exercise import lessons_with_exercises


def add_arguments(parser) -> None:
    parser.add_argument("lesson", nargs="?", help="one lesson only, such as 01")


def run(args) -> int:
    print(report([args.lesson] if args.lesson else None))
    return 0


def report(lessons: list[str] | None = None) -> str:
    """A line an exercise, and the sums."""
    done, lines, points, most = progress_file.read(), [], 0, 0
    signs = {"right": "✓", "in part": "◐", "not yet": "✗", "not started": "○"}
    for lesson in lessons or [one for one in lessons_with_exercises() if one != "template"]:
        exercises = [*lesson_exercises(lesson), *lesson_artefacts(lesson)]
        entries = [done.get(one.id, {}) for one in exercises]
        right = sum(entry.get("status") == "right" for entry in entries)
        lines.append(f"Lesson {lesson}: {right} of {len(exercises)} right")
        for one, entry in zip(exercises, entries):
            status, attempts = entry.get("status", "not started"), entry.get("attempts", 0)
            tried = f"{attempts} attempt{'s' * (attempts != 1)}" if attempts else ""
            lines.append(
                f"  {signs[status]} {one.name:<28} {entry.get('points', 0):>3} of {one.points:<3} {tried}".rstrip()
            )
            points, most = points + entry.get("points", 0), most + one.points
    lines += [f"{points} of {most} points. Kept in {progress_file.place()}"]
    return "\n".join(lines)
