"""Proof that what stands in an exercise cell will run there: its names come from the lesson itself.

A reference is copied into the solution notebook, a misconception into the notebook of wrong answers, and a
learner's saved cell is run again by grading. Each may use only built-ins, the names that the lesson's `imports`
cell brings, and functions of earlier exercises.
"""

import ast
import builtins
import symtable

from course_lib.classroom.lessons import LessonSource
from course_lib.errors import CourseError
from course_lib.exercises import Exercise
from course_lib.exercises.artefact import lesson_artefacts


def free_names(text: str) -> set[str]:
    """Names that a function's text needs from outside: body, defaults, annotations and inner functions.

    Built-ins are left out.
    """
    top = symtable.symtable(text, "<exercise>", "exec")
    defined = {
        symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_namespace()
    }
    needed = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()} - defined

    def visit(table) -> None:
        for symbol in table.get_symbols():
            if symbol.is_referenced() and symbol.is_global():
                needed.add(symbol.get_name())
        for child in table.get_children():
            visit(child)

    for child in top.get_children():
        visit(child)
    own = {child.get_name() for child in top.get_children()}
    return needed - own - set(dir(builtins))


def imported_names(text: str) -> set[str]:
    """Names that import statements at the top level of a cell bring."""
    names = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return names


def prove(lesson: LessonSource, exercises: list[Exercise]) -> None:
    """Check every exercise of a lesson.

    Raises:
        CourseError: an exercise uses a name that its cell would not have, or the lesson and its file of
            exercises do not name the same exercises in the same order, or no cell hands in a file that is asked for.
    """
    for one in lesson_artefacts(lesson.id):
        if not any(cell.kind == "code" and f'hand_in("{one.id}"' in cell.text for cell in lesson.cells):
            raise CourseError(f'{lesson.path.name} has no cell with hand_in("{one.id}", ...).')
    if lesson.exercise_ids != [one.id for one in exercises]:
        raise CourseError(
            f"{lesson.path.name} has the exercises {lesson.exercise_ids}, "
            f"its file of exercises has {[one.id for one in exercises]}."
        )
    known = imported_names(lesson.cell("imports").text) if exercises else set()
    for one in exercises:
        texts = {"the reference": one.source}
        texts |= {f"the misconception '{m.name}'": one.text(m.wrong) for m in one.misconceptions}
        texts |= {f"alternative {i}": one.text(wrong) for i, wrong in enumerate(one.alternatives)}
        for what, text in texts.items():
            unknown = free_names(text) - known
            if unknown:
                raise CourseError(
                    f"{one.id}: {what} uses {', '.join(sorted(unknown))}, which neither the cell 'imports' "
                    "nor an earlier exercise brings."
                )
        known.add(one.name)
