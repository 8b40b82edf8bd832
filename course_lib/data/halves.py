"""Weights in a safetensors file: 16-bit floats, what is known of them in the metadata, in place at once."""

import json
import os
from pathlib import Path

from course_lib.errors import CourseError


def write_halves(path: Path, state: dict, said: dict) -> None:
    """Write tensors, floats as 16 bits; a write that is cut off leaves the file that was there.

    Args:
        path: of the file; its folder is made.
        state: {name: tensor}.
        said: {name: what is known}: text as it is, anything else as JSON.

    Raises:
        CourseError: there is no room, or no right to write.
    """
    from safetensors.torch import save_file

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    halves = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in state.items()
    }
    texts = {
        name: one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
        for name, one in said.items()
    }
    try:
        save_file(halves, part, texts)
        part.chmod(0o644)  # safetensors writes files that only their owner may read
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CourseError(
            f"the weights cannot be written to {path.parent} ({error}): make room and try again."
        ) from None


def read_halves(path: Path) -> tuple[dict, dict]:
    """What `write_halves` wrote: ({name: tensor}, floats with 32 bits again; {name: text}).

    Whatever the file holds that is no safetensors file raises as it likes: the caller knows what should have been there.
    """
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        said = file.metadata() or {}
    return {k: v.float() if v.is_floating_point() else v for k, v in found.items()}, said
