"""`python course.py test`: every stage of the test suite, and a table of minutes per stage.

With arguments (`python course.py test -k doctor`) it is plain pytest. A stage that fails does not stop the
later ones; the exit status is 1 when any failed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from course_lib.data import home


@dataclass
class Stage:
    """One stage: its commands, and what came of them."""

    name: str
    commands: list[list[str]]
    seconds: float = 0.0
    good: bool = True
    counts: dict = field(default_factory=lambda: dict.fromkeys(("passed", "failed", "skipped"), 0))


def stages(workers: int) -> list[Stage]:
    """The stages in the order they run: what fails soonest comes first."""
    python = sys.executable
    # tests/conftest.py says what shares a worker and what begins first
    parallel = ["-n", str(workers), "--dist", "loadscope", "--no-loadscope-reorder"] if workers > 1 else []
    pytest = [python, "-m", "pytest"]
    return [
        Stage(
            "lint, build check",
            [
                [python, "-m", "ruff", "check", "."],
                [python, "-m", "ruff", "format", "--check", "."],
                [python, "-m", "course_lib.cli", "build", "--check"],
            ],
        ),
        Stage("unit", [[*pytest, "-m", "not notebook and not browser and not install", *parallel]]),
        # Folders are named where a mark lives in few of them: reading all the others' files takes ten seconds.
        Stage("notebooks", [[*pytest, "-m", "notebook", *parallel, "tests/classroom"]]),
        Stage("browser", [[*pytest, "-m", "browser", "tests/browser"]]),
        Stage("install, Colab", [[*pytest, "-m", "install", "tests/house", "tests/colab"]]),
    ]


def hermetic_environment(scratch: Path, workers: int) -> dict[str, str]:
    """Variables under which tests depend on this clone alone, not on the person who runs them."""
    kept = ("COURSE_DATA_DIR", "COURSE_CHROMIUM")  # what the machine has, not how the person works
    env = {
        name: value
        for name, value in os.environ.items()
        if name in kept or not name.startswith(("COURSE_", "PYTEST_"))
    }
    for name in ("COURSE_KEEP", "COURSE_CACHE", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        env[name] = str(scratch / name.lower())
    # Two workers that each take all cores are slower than two that share them.
    threads = str(max(1, (os.cpu_count() or 1) // workers))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        env[name] = threads
    return env


def run_stage(stage: Stage, env: dict, scratch: Path) -> None:
    """Run a stage's commands, all of them, and keep what came of it."""
    print(f"\n===== stage: {stage.name} =====", flush=True)
    start = time.perf_counter()
    for number, command in enumerate(stage.commands):
        report = scratch / f"{stage.name.replace(', ', '-').replace(' ', '-')}-{number}.xml"
        is_pytest = command[1:3] == ["-m", "pytest"]
        extra = [f"--junitxml={report}"] if is_pytest else []
        print("$ python " + " ".join(command[1:]), flush=True)
        status = subprocess.run([*command, *extra], cwd=home(), env=env).returncode
        if status == 5 and is_pytest:
            print(f"course: the stage '{stage.name}' found no test at all: that is a failure.", flush=True)
        stage.good = stage.good and status == 0
        if is_pytest:
            add_counts(stage, report)
        else:
            stage.counts["passed" if status == 0 else "failed"] += 1
    stage.seconds = time.perf_counter() - start


def add_counts(stage: Stage, report: Path) -> None:
    """Add pytest's own counts; a run that left no report counts as one failure."""
    try:
        suite = ElementTree.parse(report).getroot().find("testsuite")
        total, skipped = int(suite.get("tests")), int(suite.get("skipped"))
        failed = int(suite.get("failures")) + int(suite.get("errors"))
    except (OSError, ElementTree.ParseError, AttributeError, TypeError, ValueError):
        total, skipped, failed = 1, 0, 1
    stage.counts["passed"] += total - skipped - failed
    stage.counts["failed"] += failed
    stage.counts["skipped"] += skipped


def table(done: list[Stage], install_seconds: float) -> str:
    """The closing table, and a last line in pytest's manner."""
    head = f"{'stage':<20}{'minutes':>9}{'passed':>9}{'failed':>9}{'skipped':>9}"
    lines = [head, "-" * len(head), f"{'install':<20}{install_seconds / 60:>9.2f}"]
    for stage in done:
        counts = "".join(f"{stage.counts[name]:>9}" for name in ("passed", "failed", "skipped"))
        lines.append(f"{stage.name:<20}{stage.seconds / 60:>9.2f}{counts}{'' if stage.good else '  FAILED'}")
    seconds = install_seconds + sum(stage.seconds for stage in done)
    sums = {name: sum(stage.counts[name] for stage in done) for name in ("failed", "passed", "skipped")}
    lines.append(f"{'all':<20}{seconds / 60:>9.2f}")
    summary = ", ".join(f"{count} {name}" for name, count in sums.items() if count) or "nothing ran"
    lines += ["", f" {summary} in {seconds:.2f}s ({seconds / 60:.1f} min) ".center(80, "=")]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the whole suite, or pytest with the given arguments; returns the exit status."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--install-seconds", type=float, default=0.0)
    options, rest = parser.parse_known_args(arguments)
    workers = min(2, os.cpu_count() or 1)
    with tempfile.TemporaryDirectory(prefix="course-test-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        if rest:
            env = hermetic_environment(scratch, 1)
            return subprocess.run([sys.executable, "-m", "pytest", *rest], cwd=home(), env=env).returncode
        done = stages(workers)
        for stage in done:
            run_stage(stage, hermetic_environment(scratch, workers), scratch)
    print("\n" + table(done, options.install_seconds), flush=True)
    return 0 if all(stage.good for stage in done) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
