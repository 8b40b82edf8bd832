"""Plain data to bytes and back: JSON for the structure, npz without pickle for the arrays.

Both ends of the marking pipe speak this. What comes from a learner's process is data, never objects:
`unpack` cannot run code, and it refuses what is too large before reading it.
"""

import io
import json
import math
import zipfile

import numpy as np

MOST_ARRAYS = 100_000
LARGEST = 256 * 2**20  # bytes of one message once unpacked; a honest one is far below 1 MB


def pack(value) -> bytes:
    """Bytes for a tree of dicts with text keys, lists, text, numbers, booleans, None and numpy arrays.

    Raises:
        TypeError: something else is in the tree (an object array, say).
    """
    arrays: dict[str, np.ndarray] = {}

    def plain(part):
        if isinstance(part, np.ndarray | np.generic):
            array = np.asarray(part)
            if array.dtype.hasobject:
                raise TypeError("an array of Python objects cannot be sent")
            name = f"a{len(arrays)}"
            arrays[name] = array
            return {"__array__": name}
        if isinstance(part, dict):
            if not all(isinstance(key, str) for key in part) or "__array__" in part:
                raise TypeError("keys must be text, and not '__array__'")
            return {key: plain(inner) for key, inner in part.items()}
        if isinstance(part, list | tuple):
            return [plain(inner) for inner in part]
        if part is None or isinstance(part, bool | int | float | str):
            return part
        raise TypeError(f"a {type(part).__name__} cannot be sent")

    tree = json.dumps(plain(value)).encode()
    buffer = io.BytesIO()
    np.savez(buffer, tree=np.frombuffer(tree, dtype=np.uint8), **arrays)
    return buffer.getvalue()


def unpack(message: bytes, largest: int = LARGEST):
    """The value that `pack` was given (tuples come back as lists, numpy scalars as arrays without axes).

    Raises:
        ValueError: the message is damaged, forged or larger than `largest` bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(message)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > largest:
                raise ValueError(f"a message of more than {largest} bytes")
            if len(entries) > MOST_ARRAYS:  # tiny ones without end take time, not space
                raise ValueError(f"a message of more than {MOST_ARRAYS} arrays")
        with np.load(io.BytesIO(message), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        tree = json.loads(arrays.pop("tree").tobytes())

        def rebuilt(part):
            if isinstance(part, dict):
                if set(part) == {"__array__"}:
                    return arrays[part["__array__"]]
                return {key: rebuilt(inner) for key, inner in part.items()}
            if isinstance(part, list):
                return [rebuilt(inner) for inner in part]
            return part

        return rebuilt(tree)
    except ValueError:
        raise
    except Exception as error:  # zipfile, struct, json and numpy each have their own
        raise ValueError(f"a damaged message ({type(error).__name__})") from None


def copied(case: dict) -> dict:
    """A deep copy of a case: whatever a function does to its arguments, the next one gets them fresh."""
    return unpack(pack(case))


def shown(value, width: int = 220) -> str:
    """A short text for a person: arrays rounded, long things cut."""
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return shown(value.item())
        text = np.array2string(
            value, precision=5, threshold=24, edgeitems=3, separator=", ", max_line_width=88
        )
        text = f"{text}  shape {value.shape}"
    elif isinstance(value, bool | int) or value is None:
        text = str(value)
    elif isinstance(value, float):
        text = f"{value:.6g}" if math.isfinite(value) else str(value)
    else:
        text = repr(value)
    return text if len(text) <= width else text[: width - 1] + "…"
