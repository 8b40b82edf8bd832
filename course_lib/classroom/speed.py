"""How fast is this machine, and how many minutes will each lesson's cells take on it?

Three small workloads stand for what lessons do: plain Python, matrix products, convolutions. Their speeds
are compared with those of the reference machine (`bench/doctor.json`, made by `course bench doctor`), whose
seconds for a whole lesson are stamped into its solved notebook.
"""

import importlib.util
import json
import math
import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_lib.data import figure, home

PYTHON, MATMUL, CONVOLUTION = "plain Python", "matrix product", "convolution"
UNITS = {PYTHON: "million steps/s", MATMUL: "GFLOP/s", CONVOLUTION: "GFLOP/s"}


def measure(seconds: float = 5.0) -> dict[str, float]:
    """Measure this machine.

    Args:
        seconds: for everything together; importing torch is not counted.

    Returns:
        Workload -> speed, in `UNITS`; convolution only where torch can be imported. The best of many short
        repetitions, so that another program that runs for a moment does not count.
    """
    workloads = {PYTHON: python_steps(), MATMUL: matrix_product()}
    if importlib.util.find_spec("torch") is not None:
        try:
            workloads[CONVOLUTION] = convolution()
        except (ImportError, OSError):  # installed but unusable: the doctor says so elsewhere
            pass
    best = dict.fromkeys(workloads, math.inf)
    for work, _ in workloads.values():
        work()  # the first time warms caches and threads
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:  # in turns, so that a short disturbance does not hit one workload only
        for name, (work, _) in workloads.items():
            turn = time.perf_counter() + 0.2
            while time.perf_counter() < turn:
                start = time.perf_counter()
                work()
                best[name] = min(best[name], time.perf_counter() - start)
    return {name: amount / best[name] for name, (_, amount) in workloads.items()}


def python_steps():
    """A loop of dictionary and float work; its amount in millions of steps."""

    def work():
        counts, total = {}, 0.0
        for step in range(100_000):
            counts[step % 97] = counts.get(step % 97, 0) + 1
            total += step * 0.5
        return total

    return work, 0.1


def matrix_product(size: int = 512):
    """A product of two float32 matrices; its amount in GFLOP."""
    left = np.random.default_rng(0).standard_normal((size, size), dtype=np.float32)
    return (lambda: left @ left), 2 * size**3 / 1e9


def convolution(batch: int = 16, channels: int = 64, size: int = 32):
    """Forward and backward of a 3x3 convolution, as in the lessons' networks; its amount in GFLOP.

    On one core: with more, whatever else runs on the machine made the figure differ fivefold.
    """
    import torch

    weight = torch.randn(channels, channels, 3, 3, requires_grad=True)
    images = torch.randn(batch, channels, size, size, requires_grad=True)

    def work():
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        weight.grad = images.grad = None
        torch.nn.functional.conv2d(images, weight, padding=1).sum().backward()
        torch.set_num_threads(threads)

    # Forward, gradient of the weights, gradient of the images: three times the same count.
    return work, 3 * 2 * batch * size**2 * channels**2 * 9 / 1e9


@dataclass(frozen=True)
class LessonTime:
    """What a lesson's header says about time.

    Attributes:
        id: '01'.
        title: The lesson's title.
        cpu_seconds: CPU seconds of all its cells on the reference machine, quick profile; None: not measured.
        learner_minutes: Minutes a learner needs with reading and exercises; None: not known.
        frameworks: Does it import torch or TensorFlow?
    """

    id: str
    title: str
    cpu_seconds: float | None
    learner_minutes: float | None
    frameworks: bool


def lessons() -> list[LessonTime]:
    """Every lesson there is, in order, from the headers of `lessons/*.py` and the solved notebooks' stamps."""
    return [read_lesson(path) for path in sorted((home() / "lessons").glob("[0-9][0-9]_*.py"))]


def read_lesson(path: Path) -> LessonTime:
    """Read the `course:` part of a lesson's header and its measured time; what is missing is None."""
    text = path.read_text(encoding="utf-8")
    said = header(text)
    frameworks = re.search(r"^\s*(import|from) (torch|tensorflow|keras)\b", text, re.MULTILINE) is not None
    return LessonTime(
        said.get("id", path.name[:2]),
        said.get("title", path.stem[3:].replace("_", " ")),
        measured(path.stem),
        number(said.get("learner_minutes")),
        frameworks,
    )


def measured(stem: str) -> float | None:
    """CPU seconds that the solved notebook took when it was built, from its stamp; None: not measured."""
    try:
        stored = json.loads((home() / "solutions" / f"{stem}.ipynb").read_text(encoding="utf-8"))
        return stored["metadata"]["course"]["cpu_seconds"]
    except (OSError, ValueError, KeyError):
        return None


def header(text: str) -> dict[str, str]:
    """The lines `key: value` under `course:` in a jupytext header (commented YAML between two `---`)."""
    inside = re.match(r"# ---\n(.*?)^# ---$", text, re.DOTALL | re.MULTILINE)
    block = (
        re.search(r"^# ( *)course:[ ]*\n((?:# \1 +.*\n)+)", inside.group(1), re.MULTILINE) if inside else None
    )
    if block is None:
        return {}
    pairs = re.findall(r"^#\s+(\w+):[ ]*(.*?)[ ]*$", block.group(2), re.MULTILINE)
    return {name: value.strip("\"'") for name, value in pairs}


def number(text: str | None) -> float | None:
    """The number in a header's value, or None."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def slower(speeds: dict[str, float], frameworks: bool) -> float:
    """How many times longer than the reference machine this one takes (below 1: it is faster).

    The geometric mean over the workloads that matter to the lesson; convolutions count where it uses torch or
    TensorFlow.
    """
    names = [name for name in speeds if frameworks or name != CONVOLUTION]
    logs = [math.log(figure("doctor", name) / speeds[name]) for name in names]
    return math.exp(sum(logs) / len(logs))


def predict(speeds: dict[str, float]) -> list[tuple[LessonTime, float | None]]:
    """For each lesson the minutes that its cells take on this machine, quick profile; None: not measured.

    Raises:
        CourseError: there is no reference measurement (bench/doctor.json).
    """
    return [
        (one, None if one.cpu_seconds is None else one.cpu_seconds * slower(speeds, one.frameworks) / 60)
        for one in lessons()
    ]
