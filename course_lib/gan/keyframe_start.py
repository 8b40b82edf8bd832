"""A small start for a key-frame training to go on from: written once, read in lesson 06."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from course_lib.errors import CourseError


def save_start(training, path: Path) -> None:
    """Write generator and discriminator as 16-bit floats: a start to go on from, without the optimisers' memory."""
    from safetensors.torch import save_file

    state = {
        f"{name}.{key}": (value.half() if value.is_floating_point() else value).contiguous()
        for name, one in (("painter", training.average), ("D", training.D))
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
    """What `save_start` wrote: {"painter", "D": weights; "recipe", "vocabulary", "step", "seconds"}.

    Raises:
        CourseError: the file is not there, or is damaged.
    """
    from safetensors import safe_open

    path = Path(path)
    if not path.exists():
        raise CourseError(
            f"there is no start at {path}: make it with 'python course.py bench keyframe --train'."
        )
    try:
        with safe_open(path, "pt") as file:
            said = file.metadata()
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        found = {
            name: {
                k.removeprefix(f"{name}."): v.float() if v.is_floating_point() else v
                for k, v in state.items()
                if k.startswith(f"{name}.")
            }
            for name in ("painter", "D")
        }
        return {**found, "recipe": json.loads(said["recipe"]), "vocabulary": json.loads(said["vocabulary"]),
                "step": int(said["step"]), "seconds": float(said["seconds"])}  # fmt: skip
    except Exception as error:  # cut off, or another kind of file
        short = str(error).splitlines()[0][:120]
        raise CourseError(f"{path} does not hold a start of this course: fetch it again ({short}).") from None
