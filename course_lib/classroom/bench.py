"""Measure a promised figure and write it to bench/NAME.json, from which lessons and README read it."""

import datetime
import importlib
import importlib.metadata
import json
import math
import os
import pkgutil
import platform
import subprocess
import time
from pathlib import Path

from course_lib import benches
from course_lib.data import bench_file, home
from course_lib.errors import CourseError

COLUMNS = ("metric", "value", "unit", "n", "seed", "variant")


def add_arguments(parser) -> None:
    names = ", ".join(known())
    parser.add_argument("name", help=f"one of: {names}")
    parser.add_argument("--json", type=Path, help="where to write the result (default bench/NAME.json)")
    parser.add_argument("--train", action="store_true", help="also what trains longer than 10 minutes")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="RUN",
        help="with --train: train only this run (may be given again); rows of the others are kept as measured before",
    )


def known() -> list[str]:
    """Names of the benchmarks there are."""
    return sorted(module.name for module in pkgutil.iter_modules(benches.__path__))


def run(args) -> int:
    if args.name not in known():
        raise CourseError(f"there is no bench '{args.name}'. There are: {', '.join(known())}.")
    module = importlib.import_module(f"course_lib.benches.{args.name}")
    command = f"course bench {args.name}" + (" --train" if args.train else "")
    command += "".join(f' --only "{run}"' for run in args.only)
    settings = {"train": args.train} | ({"only": only_known(module, args)} if args.only else {})
    target = args.json or bench_file(args.name)
    before = read(target)
    start = time.perf_counter()
    rows, kept = [], {}
    for row in module.measure(**settings):
        if group := row.pop("kept", None):
            kept[group] = origin(before, group)
        rows.append(checked(row))
        shown = rows[-1]
        print(
            f"{shown['metric']:<44} {shown['value']:>12.6g} {shown['unit']:<10} {shown['variant']}",
            flush=True,
        )
    top = header(command, time.perf_counter() - start)
    write(target, {"header": top | ({"kept": kept} if kept else {}), "rows": rows})
    print(f"written to {target}")
    return 0


def only_known(module, args) -> tuple[str, ...]:
    """The runs named by --only, or an error that lists those there are."""
    runs = getattr(module, "RUNS", {})
    strange = [name for name in args.only if name not in runs]
    if strange or not args.train:
        there = "; ".join(runs) or "none, so --only means nothing to this bench"
        raise CourseError(
            f"--only takes the name of a run, together with --train. Runs of '{args.name}': {there}."
        )
    return tuple(args.only)


def read(target: Path) -> dict:
    """The header of the result that is about to be replaced; empty when there is none."""
    try:
        return json.loads(target.read_text(encoding="utf-8"))["header"]
    except (OSError, ValueError, KeyError):
        return {}


def origin(before: dict, group: str) -> dict:
    """Where rows that are kept were measured: an earlier note about them, or the file's former header."""
    noted = before.get("kept", {}).get(group)
    return noted or {name: before.get(name, "unknown") for name in ("commit", "date", "command", "cpu")}


def checked(row: dict) -> dict:
    """The row with every column, or an error that names what is missing."""
    row = {"n": 1, "seed": None, "variant": "", **row}
    missing = [name for name in COLUMNS if name not in row]
    strange = [name for name in row if name not in COLUMNS]
    if missing or strange:
        raise CourseError(f"bench row {row}: missing {missing}, unknown {strange}")
    row["value"] = float(row["value"])
    if not math.isfinite(row["value"]):
        raise CourseError(f"bench row {row['metric']} is not a finite number")
    return {name: row[name] for name in COLUMNS}


def header(command: str, seconds: float) -> dict:
    """Where and with what the figures were measured."""
    wanted = ("numpy", "scipy", "torch", "tensorflow", "keras", "scikit-learn", "moviepy")
    versions = {"python": platform.python_version()}
    for name in wanted:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "machine": f"{platform.system()} {platform.machine()}",
        "cpu": cpu_name(),
        "threads": os.cpu_count(),
        "versions": versions,
        "commit": commit(),
        "command": command,
        "seconds": round(seconds, 1),
        "date": datetime.date.today().isoformat(),
    }


def cpu_name() -> str:
    """The processor's name as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def commit() -> str:
    """The commit measured, with '+' when the working tree differs from it."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=home(), capture_output=True, text=True
        )
        dirty = subprocess.run(
            ["git", "status", "--porcelain", "-uno"], cwd=home(), capture_output=True, text=True
        )
    except OSError:
        return "unknown"
    return (head.stdout.strip() or "unknown") + ("+" if dirty.stdout.strip() else "")


def write(target: Path, result: dict) -> None:
    """Write JSON atomically: a broken run never leaves half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".json.tmp")
    part.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, target)
