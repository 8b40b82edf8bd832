"""Where a training is kept: checkpoints that survive a cut-off write, and a small start to go on from (lesson 07)."""

import json
import os
from pathlib import Path

import torch

from course_lib.errors import CourseError


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


def save_start(training, path: Path) -> None:
    """Write generator and discriminator as 16-bit floats: a start to go on from, a tenth of a checkpoint.

    The optimisers' memory and the running mean are left out: both fill again within some twenty steps.
    """
    from dataclasses import asdict

    from safetensors.torch import save_file

    modules = {"writer": training.writer, "D": training.D}
    state = {
        f"{name}.{key}": value.half().contiguous()
        for name, one in modules.items()
        for key, value in one.state_dict().items()
    }
    said = {
        "vocabulary": json.dumps(training.feed.vocabulary.tokens, ensure_ascii=False),
        "recipe": json.dumps(asdict(training.recipe)),
        "step": str(training.step),
        "seconds": str(round(training.seconds)),
    }
    part = Path(path).with_name(Path(path).name + ".part")
    save_file(state, part, said)
    part.chmod(0o644)  # safetensors writes files that only their owner may read
    os.replace(part, path)


def read_start(path: Path) -> dict:
    """What `save_start` wrote: {"writer", "D": weights; "recipe", "vocabulary", "step", "seconds"}.

    Raises:
        CourseError: the file is not there, or is damaged.
    """
    from safetensors import safe_open

    path = Path(path)
    if not path.exists():
        raise CourseError(
            f"there is no start at {path}: make it with 'python course.py bench video --train'."
        )
    try:
        with safe_open(path, "pt") as file:
            said = file.metadata()
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        found = {name: {k.removeprefix(f"{name}."): v for k, v in state.items() if k.startswith(f"{name}.")}
                 for name in ("writer", "D")}  # fmt: skip
        return {**found, "recipe": json.loads(said["recipe"]), "vocabulary": json.loads(said["vocabulary"]),
                "step": int(said["step"]), "seconds": float(said["seconds"])}  # fmt: skip
    except Exception as error:  # cut off, or another kind of file
        short = str(error).splitlines()[0][:120]
        raise CourseError(f"{path} does not hold a start of this course: fetch it again ({short}).") from None
