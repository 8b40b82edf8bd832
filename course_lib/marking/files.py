"""Read a file that somebody hands in: numbers only, never objects, and nothing before it has been checked.

A `layout` says which arrays a file must hold, of which shapes and types. Names, types, shapes and sizes are compared
with it *before* any array is made, so that a header that lies, an archive that unpacks to a hundred gigabytes or a
pickle costs nothing but a sentence. What comes out is finite and of the layout's form.

Nothing is ever unpickled: `torch.load`, `np.load(allow_pickle=True)` and their like do not stand here.
"""

import csv
import io
import json
import math
import os
import stat
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course_lib.errors import CourseError

LONGEST_HEADER = 2**20  # bytes; a real one of our sizes has some thousand
SAFETENSORS = {"F16": "<f2", "F32": "<f4", "F64": "<f8", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1"}  # fmt: skip


class BadFile(CourseError):
    """The file is not what was asked for; the message says why, and what to do."""


@dataclass(frozen=True)
class Array:
    """What one array of a file must be.

    Attributes:
        shape: an axis is a whole number, or (least, most).
        kinds: numpy's names of the types that are taken.
        largest: of the absolute values.
    """

    shape: tuple
    kinds: tuple[str, ...] = ("float16", "float32", "float64")
    largest: float = 1e6

    @property
    def most_bytes(self) -> int:
        """Bytes of the largest array that fits."""
        return 8 * math.prod(axis if isinstance(axis, int) else axis[1] for axis in self.shape)

    def words(self) -> str:
        """The shape, for people."""
        axes = [str(axis) if isinstance(axis, int) else f"{axis[0]} to {axis[1]}" for axis in self.shape]
        return f"({', '.join(axes)}{',' * (len(axes) == 1)})"

    def fits(self, shape: tuple) -> bool:
        """Is this a shape that is taken?"""
        return len(shape) == len(self.shape) and all(
            n == axis if isinstance(axis, int) else axis[0] <= n <= axis[1]
            for n, axis in zip(shape, self.shape)
        )


@dataclass
class Content:
    """What a file holds: `arrays` by name, and `said`, the text that a safetensors file carries besides."""

    arrays: dict[str, np.ndarray]
    said: dict[str, str] = field(default_factory=dict)


def read(path: Path, layout: Mapping[str, Array], largest: int) -> Content:
    """The content of a file whose suffix is one of `READERS`.

    Args:
        path: no link, no pipe, no folder.
        layout: the arrays that it must hold, no more and no fewer.
        largest: bytes that it may have.

    Raises:
        BadFile: it is not there, is not a plain file, is too large, damaged, or holds something else.
    """
    data = content_of(path, largest)
    reader = READERS.get(Path(path).suffix.lower())
    if reader is None:
        raise BadFile(f"Files that end in '{Path(path).suffix}' are not read; hand in one of {', '.join(READERS)}.")  # fmt: skip
    if not data:
        raise BadFile("The file is empty. Save it again.")
    try:
        found = reader(data, layout)
    except BadFile:
        raise
    except Exception as error:  # struct, zipfile, json, csv and numpy each have their own
        raise BadFile(f"The file is damaged or of another kind ({type(error).__name__}). Save it again.") from None  # fmt: skip
    for name, array in found.arrays.items():
        _finite(name, array, layout[name])
    return found


def content_of(path: Path, largest: int) -> bytes:
    """The bytes of a plain file of at most `largest`.

    Raises:
        BadFile: it is something else.
    """
    path = Path(path)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # fmt: skip
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise BadFile("It is a link. Links are not followed; hand in the file itself.")
        if stat.S_ISDIR(status.st_mode):
            raise BadFile("It is a folder, not a file.")
        if not stat.S_ISREG(status.st_mode):
            raise BadFile("It is not a plain file.")
        with open(
            os.open(path, flags), "rb"
        ) as file:  # a link that was put there since is not followed either
            size = os.fstat(file.fileno()).st_size
            if size > largest:
                raise BadFile(f"It has {size / 2**20:,.1f} MB; at most {largest / 2**20:g} MB are read.")
            data = file.read(largest + 1)
    except OSError as error:
        raise BadFile(f"It cannot be read ({error.strerror or error}).") from None
    if len(data) > largest:
        raise BadFile(f"It has more than {largest / 2**20:g} MB.")
    return data


def expected(names, layout: Mapping[str, Array]) -> None:
    """Raise BadFile unless exactly the layout's names are there, each once."""
    names = list(names)
    missing, strange = [n for n in layout if n not in names], [n for n in names if n not in layout]
    twice = [n for n in set(names) if names.count(n) > 1]
    if any(str(n).endswith(".pkl") for n in strange):
        raise BadFile("It is a PyTorch checkpoint, a pickle: opening one may run any program, so it is never opened. Save numbers only.")  # fmt: skip
    for what, some in (("It lacks", missing), ("It holds what was not asked for:", strange), ("It holds twice:", twice)):  # fmt: skip
        if some:
            more = f" and {len(some) - 3} more" if len(some) > 3 else ""
            raise BadFile(f"{what} {', '.join(str(n)[:60] for n in some[:3])}{more}.")


def checked(name: str, kind, shape: tuple, wanted: Array) -> None:
    """Raise BadFile unless type and shape are those of the layout: called before an array is made."""
    kind = np.dtype(kind)
    if kind.hasobject:
        raise BadFile(f"`{name}` holds Python objects, a pickle: opening one may run any program, so it is never opened. Save numbers only.")  # fmt: skip
    if kind.names or kind.name not in wanted.kinds:
        raise BadFile(f"`{name}` is of type {str(kind)[:40]}; expected is {' or '.join(wanted.kinds)}.")
    if not wanted.fits(shape):
        raise BadFile(f"`{name}` has the shape {str(tuple(shape))[:60]}; expected is {wanted.words()}.")


def _finite(name: str, array: np.ndarray, wanted: Array) -> None:
    numbers = array.astype(np.float64)
    bad = int((~np.isfinite(numbers)).sum())
    if bad:
        raise BadFile(f"`{name}` has {bad:,} entries that are NaN or infinite: the training or the computation failed. Look at it before you hand it in.")  # fmt: skip
    if numbers.size and np.abs(numbers).max() > wanted.largest:
        raise BadFile(f"`{name}` has an entry of {np.abs(numbers).max():.3g}; larger than {wanted.largest:g} is not taken.")  # fmt: skip


def safetensors(data: bytes, layout: Mapping[str, Array]) -> Content:
    """A safetensors file: eight bytes of length, a header in JSON, then the arrays, one after the other."""
    if data[:2] == b"PK":
        raise BadFile("It is a zip archive with another name (a .pt file, perhaps: those are pickles and are never opened). Write it with `safetensors`.")  # fmt: skip
    if data[:1] == b"\x80":
        raise BadFile("It is a pickle with another name: opening one may run any program, so it is never opened. Write it with `safetensors`.")  # fmt: skip
    length = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else 0
    if not 2 <= length <= min(LONGEST_HEADER, len(data) - 8):
        raise BadFile(f"Its header claims {length:,} bytes, and the file has {len(data):,}: it is cut off, or no safetensors file.")  # fmt: skip
    header = json.loads(data[8 : 8 + length], object_pairs_hook=_once, parse_constant=_no_constant)
    said = header.pop("__metadata__", {})
    if not isinstance(said, dict) or not all(isinstance(v, str) for v in said.values()):
        raise BadFile("The text in its header is not one.")
    expected(header, layout)
    body, places = len(data) - 8 - length, []
    for name, wanted in layout.items():
        entry = header[name]
        kind, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        whole = [*shape, begin, end]
        if kind not in SAFETENSORS or not all(type(n) is int and 0 <= n < 2**62 for n in whole):
            raise BadFile(f"The header's entry of `{name}` is not one, or its type is not taken.")
        checked(name, SAFETENSORS[kind], tuple(shape), wanted)
        if end - begin != math.prod(shape) * np.dtype(SAFETENSORS[kind]).itemsize:
            raise BadFile(f"The header's figures for `{name}` contradict each other.")
        places.append((begin, end, name))
    places.sort()
    ends = [0, *(end for _, end, _ in places)]
    if [begin for begin, _, _ in places] != ends[:-1] or ends[-1] != body:
        raise BadFile("Its arrays overlap, leave gaps, or do not end where the file does.")
    arrays = {
        name: np.frombuffer(data, SAFETENSORS[header[name]["dtype"]], math.prod(header[name]["shape"]), 8 + length + begin)
        .reshape(header[name]["shape"]).copy()
        for begin, _, name in places
    }  # fmt: skip
    return Content({name: arrays[name] for name in layout}, said)


def npz(data: bytes, layout: Mapping[str, Array]) -> Content:
    """What `np.savez` and `np.savez_compressed` write: a zip archive of .npy files."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        expected([entry.filename.removesuffix(".npy") for entry in entries], layout)
        found = {}
        for entry in entries:
            name = entry.filename.removesuffix(".npy")
            most = layout[name].most_bytes + 16_384  # and numpy's header
            # the other methods of compression cannot be stopped half-way
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.flag_bits & 1:
                raise BadFile("It is packed in a way that is not opened. Write it with np.savez.")
            if entry.file_size > most:
                raise BadFile(f"`{name}` would unpack to {entry.file_size / 2**20:,.0f} MB; at most {most / 2**20:.1f} MB are expected.")  # fmt: skip
            with archive.open(entry) as stream:
                unpacked = stream.read(most + 1)
            if len(unpacked) > most:
                raise BadFile(f"`{name}` unpacks to more than it says.")
            found[name] = _npy(name, unpacked, layout[name])
    return Content({name: found[name] for name in layout})


def _npy(name: str, data: bytes, wanted: Array) -> np.ndarray:
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in header:
        raise BadFile(f"`{name}` is written in a form that is not read. Write it with np.savez.")
    shape, by_column, kind = header[version](stream, max_header_size=10_000)
    checked(name, kind, shape, wanted)
    body = data[stream.tell() :]
    if len(body) != math.prod(shape) * kind.itemsize:
        raise BadFile(f"`{name}` claims the shape {shape} and holds {len(body):,} bytes: it is cut off.")
    array = np.frombuffer(body, kind).reshape(shape, order="F" if by_column else "C")
    return array.astype(kind.newbyteorder("="))


def json_file(data: bytes, layout: Mapping[str, Array]) -> Content:
    """An object of lists of numbers, `{"scores": [1, 2.5], ...}`."""
    tree = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    if not isinstance(tree, dict):
        raise BadFile("Expected is an object with names, {...}.")
    expected(tree, layout)
    return Content({name: _numbers(name, tree[name], layout[name]) for name in layout})


def table(data: bytes, layout: Mapping[str, Array]) -> Content:
    """A CSV file with a header: a column an array."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    head, rows = [cell.strip() for cell in rows[0]], [row for row in rows[1:] if row]
    expected(head, layout)
    short = next((n for n, row in enumerate(rows, 2) if len(row) != len(head)), None)
    if short:
        raise BadFile(f"Line {short} has another number of cells than the header.")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(head)}
    return Content({name: _numbers(name, columns[name], layout[name]) for name in layout})


def _numbers(name: str, value, wanted: Array) -> np.ndarray:
    try:
        # text only where it spells a number, as in a CSV file
        array = np.array(value, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        raise BadFile(f"`{name}` holds something that is no number, or rows of different lengths.") from None
    if not wanted.fits(array.shape):
        raise BadFile(f"`{name}` has the shape {array.shape}; expected is {wanted.words()}.")
    return array


def wav(data: bytes, layout: Mapping[str, Array]) -> Content:
    """A WAV file of 16-bit samples: `samples` (n, channels) in [-1, 1], and `rate` in hertz, (1,)."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise BadFile("It is not a WAV file.")
    at, form = 12, None
    while at + 8 <= len(data):
        kind, size = struct.unpack("<4sI", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        if len(body) < size:
            raise BadFile(f"A part of it claims {size:,} bytes, and {len(body):,} are there: it is cut off.")
        if kind == b"fmt ":
            form = struct.unpack("<HHIIHH", body[:16])
        if kind == b"data" and form:
            if form[0] != 1 or form[5] != 16 or not form[1] or size % (2 * form[1]):
                raise BadFile("Expected are uncompressed samples of 16 bits.")
            arrays = {"samples": (size // (2 * form[1]), form[1]), "rate": (1,)}
            expected(arrays, layout)
            for name, shape in arrays.items():
                checked(name, np.float64, shape, layout[name])
            samples = np.frombuffer(body, "<i2").reshape(-1, form[1]) / 32768
            return Content({"samples": samples, "rate": np.array([float(form[2])])})
        at += 8 + size + size % 2
    raise BadFile("There is no sound in it.")


def _once(pairs) -> dict:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise BadFile("A name stands twice in it.")
    return made


def _no_constant(word: str):
    raise BadFile(f"It holds {word}, which is no number.")


READERS = {".safetensors": safetensors, ".npz": npz, ".json": json_file, ".csv": table, ".wav": wav}
"""By suffix. A film (.mp4) is not among them: its decoder is a program of its own, and would need a sandbox."""
