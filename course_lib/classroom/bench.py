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


def known() -> list[str]:
    """Names of the benchmarks there are."""
    return sorted(module.name for module in pkgutil.iter_modules(benches.__path__))


def run(args) -> int:
    if args.name not in known():
        raise CourseError(f"there is no bench '{args.name}'. There are: {', '.join(known())}.")
    module = importlib.import_module(f"course_lib.benches.{args.name}")
    command = f"course bench {args.name}" + (" --train" if args.train else "")
    start = time.perf_counter()
    rows = []
    for row in module.measure(train=args.train):
        rows.append(checked(row))
        shown = rows[-1]
        print(
            f"{shown['metric']:<44} {shown['value']:>12.6g} {shown['unit']:<10} {shown['variant']}",
            flush=True,
        )
    target = args.json or bench_file(args.name)
    write(target, {"header": header(command, time.perf_counter() - start), "rows": rows})
    print(f"written to {target}")
    return 0


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
