"""The first cell of a lesson: profile, device, seed, style, and how long the long cells take here."""

import html
import os
from dataclasses import dataclass, field

import numpy as np

from course_lib import profiles
from course_lib.errors import CourseError
from course_lib.exercises import lesson_exercises, progress_file
from course_lib.exercises.learner import Stand_in
from course_lib.notebook.quiet import quiet


@dataclass
class Lesson:
    """What the setup cell returns.

    Attributes:
        id: '01'.
        profile: 'smoke', 'quick' or 'full'.
        seed: the lesson's seed; `rng` is a numpy generator started from it.
        device: 'cuda' where a GPU answers, else 'cpu'.
    """

    id: str
    profile: str
    seed: int
    device: str
    rng: np.random.Generator = field(repr=False)

    def _repr_html_(self) -> str:
        gpu = "a GPU" if self.device == "cuda" else "the CPU"
        words = {"smoke": "smoke (tests)", "quick": "quick (no GPU needed)", "full": "full (GPU)"}
        done, total = standing(self.id)
        return (
            f"<div>Lesson <strong>{html.escape(self.id)}</strong> on {gpu} · profile <strong>{words[self.profile]}</strong> · seed {self.seed}"
            f" · exercises right so far: <strong>{done} of {total}</strong></div>"
        )


def start(lesson: str, seed: int = 2024) -> Lesson:
    """Begin a lesson: load its exercises, seed numpy, choose the profile, set the plotting style.

    Args:
        lesson: its id, such as '01'.
        seed: for everything random in the lesson; another one gives other samples and the same story.
    """
    # TensorFlow writes a screenful on import; it matters to nobody here
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    stand_in(lesson)
    np.random.seed(seed)  # noqa: NPY002 - for libraries that still draw from the old global generator
    style()
    device = "cuda" if profiles.has_gpu() else "cpu"
    begun = Lesson(lesson, profiles.profile(), seed, device, np.random.default_rng(seed))
    text = f"Lesson {lesson}: profile {begun.profile}, {device}, seed {seed}"
    try:
        from IPython.display import display

        display({"text/html": begun._repr_html_(), "text/plain": text}, raw=True)
    except ImportError:
        print(text)
    return begun


def stand_in(lesson: str) -> None:
    """Put the course's version of every exercise into the notebook, so that a skipped cell stops nothing.

    Names that the learner has already defined stay as they are.
    """
    try:
        from IPython import get_ipython

        shell = get_ipython()
    except ImportError:
        shell = None
    with (
        quiet()
    ):  # a lesson's exercises may bring a framework, and TensorFlow has much to say when it is imported
        exercises = lesson_exercises(lesson)
    for one in exercises:
        if shell is not None:
            shell.user_ns.setdefault(one.name, Stand_in(one, None))


def standing(lesson: str) -> tuple[int, int]:
    """(exercises right, exercises there are) of a lesson."""
    done = progress_file.read()
    exercises = lesson_exercises(lesson)
    return sum(done.get(one.id, {}).get("status") == "right" for one in exercises), len(exercises)


COLOURS = {"data": "#1f6fb4", "generator": "#d1622b", "critic": "#3a8a4d", "quiet": "#8a8f98"}
"""One colour a role through the whole course: data blue, generator orange, discriminator green."""


def style() -> None:
    """Matplotlib as the course uses it: readable sizes, no box, the course's colours, pictures that stay small."""
    import matplotlib

    family = ["DejaVu Sans"]
    try:  # Chinese in titles and labels, where the course's font is installed
        from matplotlib.font_manager import fontManager

        from course_lib.film.fonts import font_path

        fontManager.addfont(str(font_path()))
        family.append("Noto Sans SC")
    except (ImportError, CourseError, OSError):
        pass
    matplotlib.rcParams.update(
        {
            "figure.figsize": (7.5, 3.6),
            "figure.dpi": 100,
            "savefig.dpi": 100,
            "figure.facecolor": "white",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": matplotlib.cycler(color=list(COLOURS.values())),
            "axes.titlesize": 11,
            "font.size": 10,
            "font.family": family,
            "legend.frameon": False,
            "lines.linewidth": 2,
            "figure.constrained_layout.use": True,
        }
    )


__all__ = ["COLOURS", "Lesson", "standing", "start", "style"]
