"""Where a training is kept: checkpoints that survive a cut-off write, and a small start to go on from (lessons 06, 07)."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import torch

from course_lib.data.halves import read_halves, write_halves
from course_lib.errors import CourseError

# What a larger landscape, or what looks at it, has and a smaller one has not.
NEW = (
    "generator.above.blocks",
    "generator.above.outs",
    "generator.below.blocks",
    "generator.below.outs",
    "generator.below.under",
    "detail",
    "patches",
)


def save_checkpoint(training, path: Path) -> None:
    """Write the state beside `path`, then put it in its place at once; the one before stays as `.previous`."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        torch.save(training.state(), part)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CourseError(
            f"the checkpoint cannot be written to {path.parent} ({error}): make room and go on."
        ) from None
    if path.exists():
        os.replace(path, path.with_name(path.name + ".previous"))
    os.replace(part, path)


def read_checkpoint(path: Path) -> dict:
    """The newest state that can be read: `path`, else the one before it.

    Raises:
        CourseError: neither is there, or neither can be read.
    """
    path = Path(path)
    before = path.with_name(path.name + ".previous")
    broken = []
    for one in (path, before):
        if one.exists():
            try:
                return torch.load(one, map_location="cpu", weights_only=True)
            except Exception:  # cut off, or not a checkpoint at all: torch says so in many ways
                broken.append(one.name)
    if broken:
        raise CourseError(
            f"{' and '.join(broken)} in {path.parent} cannot be read: delete it and start from nothing."
        )
    raise CourseError(f"there is no checkpoint at {path}: start without --resume.")


def grow_from(module, state: dict) -> None:
    """Give a larger network what a smaller one of the same design knows.

    Raises:
        CourseError: the smaller one is of another design.
    """
    missing, strange = module.load_state_dict(state, strict=False)
    if strange or any(not key.startswith(NEW) for key in missing):
        raise CourseError(f"the smaller training does not fit: {[*strange, *missing][:3]}.")


def save_start(training, path: Path, modules: dict) -> None:
    """Write networks of a training as 16-bit floats: a start to go on from, a tenth of a checkpoint.

    The optimisers' memory is left out: it fills again within some twenty steps.

    Args:
        training: has `recipe`, `feed.vocabulary`, `step` and `seconds`.
        modules: {name: network}, under names without a dot.
    """
    state = {
        f"{name}.{key}": value for name, one in modules.items() for key, value in one.state_dict().items()
    }
    said = {
        "vocabulary": training.feed.vocabulary.tokens, "recipe": asdict(training.recipe),
        "step": training.step, "seconds": round(training.seconds),
    }  # fmt: skip
    write_halves(path, state, said)


def read_start(path: Path, bench: str = "video") -> dict:
    """What `save_start` wrote: the weights of each network under its name; "recipe", "vocabulary", "step", "seconds".

    Args:
        path: of the file.
        bench: the bench that makes such starts, for the sentence that says that there is none.

    Raises:
        CourseError: the file is not there, or is damaged.
    """
    path = Path(path)
    if not path.exists():
        raise CourseError(
            f"there is no start at {path}: make it with 'python course.py bench {bench} --train'."
        )
    try:
        state, said = read_halves(path)
        found = {}
        for name, value in state.items():
            module, key = name.split(".", 1)
            found.setdefault(module, {})[key] = value
        return {
            **found,
            **{name: json.loads(said[name]) for name in ("recipe", "vocabulary", "step", "seconds")},
        }
    except Exception as error:  # cut off, or another kind of file
        short = str(error).splitlines()[0][:120]
        raise CourseError(f"{path} does not hold a start of this course: fetch it again ({short}).") from None
