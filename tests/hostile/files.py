"""Files that malicious or unlucky learners may hand in, each with a comment on what it tries.

For lesson 10 the file is an .npz with `weights` (420, 420) and `offset` (420,); for lesson 07 a .safetensors file. Every
maker gets the path under which it must leave something, a canary of the host, and the bytes of an honest file.
"""

import io
import json
import os
import pickle
import struct
import warnings
import zipfile
from pathlib import Path

import numpy as np

from course_lib.data import datasets

FILMS = 420


class Bomb:
    """What a pickle could do to whoever opens it."""

    def __init__(self, canary: Path):
        self.canary = canary

    def __reduce__(self):
        return (os.system, (f"touch {self.canary}.pickled",))


def arrays(**changes) -> dict:
    """Arrays of the right form, every film speaking for itself, with some of them replaced."""
    weights = np.eye(FILMS, dtype="f4")
    return {"weights": weights, "offset": np.zeros(FILMS, "f4")} | changes


def npz(**changes) -> bytes:
    """An .npz of these arrays."""
    file = io.BytesIO()
    np.savez_compressed(file, **{name: one for name, one in arrays(**changes).items() if one is not None})
    return file.getvalue()


def head(descr: str, shape: str, fortran: str = "False") -> bytes:
    """The beginning of an .npy file that says what it is told to say."""
    text = f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    text += b" " * (117 - len(text) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def archive(*entries: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries, names as they are, twice if need be."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that stands there twice is meant
        for name, content in entries:
            opened.writestr(name, content)
    return file.getvalue()


OFFSET = ("offset.npy", head("'<f4'", "(420,)") + bytes(4 * FILMS))
WEIGHTS = ("weights.npy", head("'<f4'", "(420, 420)") + bytes(4 * FILMS * FILMS))


def pickled(canary: Path) -> bytes:
    """An .npz whose `weights` are Python objects: a program."""
    file = io.BytesIO()
    np.savez(file, **arrays(weights=np.array([[Bomb(canary)]], dtype=object)), allow_pickle=True)
    return file.getvalue()


def zip_bomb() -> bytes:
    """`weights` of the right shape, followed by 300 MB of zeros that pack to a third of a megabyte."""
    return archive(("weights.npy", WEIGHTS[1] + bytes(300 * 2**20)), OFFSET)


def lying_size() -> bytes:
    """An archive that says of its entry that it has 40 bytes."""
    made = bytearray(archive(WEIGHTS, OFFSET))
    at = made.index(b"PK\x01\x02")
    made[at + 24 : at + 28] = struct.pack("<I", 40)
    return bytes(made)


# name -> (content, words of the sentence that the learner gets)
BYTES = {
    # nothing in it; not what it says; cut off in the middle
    "empty": (b"", "empty"),
    "letter": (b"Dear professor, my dog ate the weights.", "another kind"),
    "truncated": (npz()[:-200], "damaged"),
    # an archive of something else; nothing in the archive
    "empty archive": (archive(), "lacks"),
    "no arrays": (archive(("weights.npy", b"hello"), ("offset.npy", b"hello")), "damaged"),
    # more than is read, whatever is inside
    "zip bomb": (zip_bomb(), "unpack"),
    "lying size": (lying_size(), "damaged"),
    # shapes that promise more than there is: 10^8 elements, and more than any machine has
    "many elements": (archive(("weights.npy", head("'<f4'", "(10000, 10000)")), OFFSET), "shape"),
    "more than there is": (
        archive(("weights.npy", head("'<f8'", "(4294967296, 4294967296)")), OFFSET),
        "shape",
    ),
    "negative shape": (archive(("weights.npy", head("'<f4'", "(-420, -420)") + WEIGHTS[1]), OFFSET), "shape"),
    "right shape, no numbers": (archive(("weights.npy", head("'<f4'", "(420, 420)")), OFFSET), "cut off"),
    # a header that is a program to whoever evaluates it
    "header that calls": (
        archive(("weights.npy", head("'<f4'", "(__import__('os').abort(),)")), OFFSET),
        "damaged",
    ),
    "long header": (
        archive(("weights.npy", b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31)), OFFSET),
        "damaged",
    ),
    # another kind of numbers
    "whole numbers": (npz(weights=np.eye(FILMS, dtype="i4")), "type int32"),
    "complex": (npz(weights=np.eye(FILMS, dtype="c8")), "complex64"),
    "text for numbers": (npz(weights=np.full((FILMS, FILMS), "1.0")), "weights"),
    "records": (npz(weights=np.zeros((FILMS, FILMS), "f4,f4")), "type"),
    # another shape, a name too few, a name too many, a name twice
    "wrong shape": (npz(weights=np.zeros((FILMS, FILMS + 1), "f4")), "(420, 421)"),
    "a list for a table": (npz(weights=np.zeros(FILMS, "f4")), "(420,)"),
    "lacks one": (npz(offset=None), "offset"),
    "one too many": (npz(liking=np.zeros((300, FILMS), "f4")), "liking"),
    "twice": (archive(WEIGHTS, WEIGHTS, OFFSET), "twice"),
    # numbers that are none, in the hope that nothing is larger or smaller than they
    "not a number": (npz(weights=np.full((FILMS, FILMS), np.nan, "f4")), "NaN"),
    "one nan": (npz(offset=np.r_[np.zeros(FILMS - 1), np.nan].astype("f4")), "NaN"),
    "infinite": (npz(weights=np.full((FILMS, FILMS), np.inf, "f4")), "infinite"),
    "too large for 32 bits": (npz(weights=np.full((FILMS, FILMS), 1e300)), "larger"),
    # an answer that is no answer: all the same, all zero
    "zeros": (npz(weights=np.zeros((FILMS, FILMS), "f4")), "nearly the same list"),
    "all equal": (npz(weights=np.ones((FILMS, FILMS), "f4")), "nearly the same list"),
}


def shipped() -> bytes:
    """The generator that the course ships."""
    return datasets("weights", "video-shapes-32.safetensors").read_bytes()


def with_header(change, body: bytes | None = None) -> bytes:
    """The shipped generator, its header changed by a function (in place, or by what it returns)."""
    raw = shipped()
    length = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + length])
    header = change(header) or header
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + (raw[8 + length :] if body is None else body)


def weights_changed(change) -> bytes:
    """The shipped generator, its numbers changed by a function of one float16 array."""
    raw = shipped()
    length = struct.unpack("<Q", raw[:8])[0]
    numbers = np.frombuffer(raw[8 + length :], "<f2").copy()
    return raw[: 8 + length] + change(numbers).astype("<f2").tobytes()


def noise() -> bytes:
    """Numbers of the right count, of a network that never learnt."""
    raw = shipped()
    length = struct.unpack("<Q", raw[:8])[0]
    rng = np.random.default_rng(1)
    return (0.05 * rng.normal(size=(len(raw) - 8 - length) // 2)).astype("<f2").tobytes()


def renamed_pt(canary: Path) -> bytes:
    """What torch.save writes, with a program in it, under another name."""
    return archive(("archive/data.pkl", pickle.dumps(Bomb(canary))), ("archive/version", b"3\n"))


def _entry(name: str, **changes):
    """A change of one array's entry in the header."""

    def change(header):
        header[name] |= changes

    return change


ONE = "generator.path.weight"


def _said(**changes):
    def change(header):
        header["__metadata__"] |= changes

    return change


SAFETENSORS = {
    "longer than the file": lambda canary: struct.pack("<Q", 2**63 - 1) + shipped()[8:],
    "no header": lambda canary: struct.pack("<Q", 0) + b"{}",
    "renamed pt": renamed_pt,
    "bare pickle": lambda canary: pickle.dumps(Bomb(canary)),
    "deep header": lambda canary: with_header(lambda header: b"[" * 200_000),
    "twice in the header": lambda canary: with_header(lambda header: json.dumps(header)[:-1].encode() + f', "{ONE}": {json.dumps(header[ONE])}}}'.encode()),
    "many elements": lambda canary: with_header(_entry(ONE, shape=[10_000, 10_000])),
    "outside": lambda canary: with_header(_entry(ONE, data_offsets=[10**12, 10**12 + 384])),
    "overlapping": lambda canary: with_header(_entry(ONE, data_offsets=[0, 384])),
    "negative": lambda canary: with_header(_entry(ONE, data_offsets=[-384, 0])),
    "fractions": lambda canary: with_header(_entry(ONE, shape=[3.0, 64.0])),
    "another kind": lambda canary: with_header(_entry(ONE, dtype="I16")),
    "no words": lambda canary: with_header(_said(vocabulary="7"), noise()),
    "words without end": lambda canary: with_header(_said(vocabulary="[" * 100_000), noise()),
    "numbers for words": lambda canary: with_header(_said(vocabulary=json.dumps(list(range(168)))), noise()),
    "not a number": lambda canary: weights_changed(lambda x: np.full_like(x, np.nan)),
    "infinite": lambda canary: weights_changed(lambda x: np.full_like(x, np.inf)),
    "the course's own": lambda canary: shipped(),
    "the course's own, saved again": lambda canary: with_header(_said(note='{"who": "me"}')),
    "the course's own, a little changed": lambda canary: weights_changed(
        lambda x: x.astype("f4") * (1 + 0.01 * np.random.default_rng(0).normal(size=len(x)))
    ),
    "a network that never learnt": lambda canary: with_header(_said(note="{}"), noise()),
}  # fmt: skip
