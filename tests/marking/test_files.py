"""A file that is handed in is read as numbers or not at all: every lie in it costs a sentence and nothing else."""

import functools
import io
import json
import os
import pickle
import struct
import tracemalloc
import wave
import zipfile

import numpy as np
import pytest

from course_lib.marking.files import Array, BadFile, read

LAYOUT = {"weights": Array((4, 3)), "offset": Array(((1, 5),))}
GOOD = {"weights": np.arange(12.0).reshape(4, 3), "offset": np.array([1.0, -2.0])}
MOST = 2**20


class Bomb:
    """Runs a program when it is unpickled."""

    def __reduce__(self):
        return (os.mkdir, ("opened-a-pickle",))


def safetensors_bytes(arrays=GOOD, header=None, length=None, body=None, said=None) -> bytes:
    """A safetensors file, or one with a header that lies."""
    kinds = {"<f2": "F16", "<f4": "F32", "<f8": "F64", "<i8": "I64", "|b1": "BOOL"}
    entries, data = {}, b""
    for name, array in arrays.items():
        raw = array.tobytes()
        entries[name] = {
            "dtype": kinds[array.dtype.str],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    if said is not None:
        entries["__metadata__"] = said
    for name, changes in (header or {}).items():
        entries[name] = {**entries.get(name, {}), **changes}
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + (data if body is None else body)  # fmt: skip


def npz_bytes(packed=True, **arrays) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(file, **arrays)
    return file.getvalue()


def zip_bytes(entries: dict, method=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


def npy(header: bytes, body: bytes = b"") -> bytes:
    """A .npy file with a header of one's own."""
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body


def whole(kind="<f8", shape="(4, 3)", body=bytes(96)) -> bytes:
    """An npz whose `weights` say what they like, and whose offset is good."""
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    offset = io.BytesIO()
    np.save(offset, GOOD["offset"])
    return zip_bytes({"weights.npy": npy(head, body), "offset.npy": offset.getvalue()})


def found(tmp_path, name: str, data: bytes, layout=LAYOUT):
    path = tmp_path / name
    path.write_bytes(data)
    return read(path, layout, MOST)


@pytest.mark.parametrize("name", ["a.npz", "b.safetensors", "c.json", "作品 一.npz"])
def test_what_was_saved_comes_back(tmp_path, name):
    data = {
        "npz": npz_bytes(**GOOD),
        "safetensors": safetensors_bytes(said={"words": "[]"}),
        "json": json.dumps({k: v.tolist() for k, v in GOOD.items()}).encode(),
    }[name.rpartition(".")[2]]
    content = found(tmp_path, name, data)
    assert list(content.arrays) == ["weights", "offset"]
    for key, array in GOOD.items():
        np.testing.assert_array_equal(content.arrays[key], array)
    assert content.said == ({"words": "[]"} if "safetensors" in name else {})


def test_order_of_arrays_layout_in_memory_and_byte_order_are_free(tmp_path):
    turned = {"offset": GOOD["offset"].astype(">f8"), "weights": np.asfortranarray(GOOD["weights"])}
    content = found(tmp_path, "a.npz", npz_bytes(packed=False, **turned))
    np.testing.assert_array_equal(content.arrays["weights"], GOOD["weights"])
    np.testing.assert_array_equal(content.arrays["offset"], GOOD["offset"])


def test_what_the_libraries_write_is_read(tmp_path):
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    save_file({k: torch.tensor(v).half() for k, v in GOOD.items()}, tmp_path / "a.safetensors", {"a": "b"})
    content = read(tmp_path / "a.safetensors", LAYOUT, MOST)
    np.testing.assert_array_equal(content.arrays["weights"], GOOD["weights"])
    assert content.said == {"a": "b"}


@functools.cache
def lies() -> dict[str, tuple[str, bytes, str]]:
    """Name -> (file name, bytes, words of the sentence)."""
    nan, big = np.full((4, 3), np.nan), GOOD["weights"] + 1e9
    infinite = GOOD["weights"].copy()
    infinite[0, 0] = np.inf
    deep = b"[" * 100_000
    return {
        "empty": ("a.npz", b"", "empty"),
        "not an npz": ("a.npz", b"hello " * 100, "damaged"),
        "npz cut off": ("a.npz", npz_bytes(**GOOD)[:-60], "damaged"),
        "pickle in npz": ("a.npz", npz_bytes(weights=np.array([Bomb()], dtype=object), offset=GOOD["offset"]), "pickle"),
        "objects in npz, hidden behind a shape": ("a.npz", whole("|O"), "pickle"),
        "torch checkpoint as npz": ("a.npz", zip_bytes({"archive/data.pkl": pickle.dumps(Bomb())}), "pickle"),
        "records": ("a.npz", npz_bytes(weights=np.zeros((4, 3), [("a", "f4"), ("b", "f4")]), offset=GOOD["offset"]), "type"),
        "text in npz": ("a.npz", npz_bytes(weights=np.full((4, 3), "x"), offset=GOOD["offset"]), "type"),
        "whole numbers": ("a.npz", npz_bytes(weights=np.zeros((4, 3), int), offset=GOOD["offset"]), "type int64"),
        "10^8 elements": ("a.npz", npz_bytes(weights=np.zeros((10_000, 10_000), "i1"), offset=GOOD["offset"]), "would unpack to"),
        "10^18 elements claimed": ("a.npz", whole(shape="(1000000000, 1000000000)"), "shape"),
        "less than claimed": ("a.npz", whole(body=bytes(8)), "cut off"),
        "negative shape": ("a.npz", whole(shape="(-4, -3)"), "shape"),
        "header that is a program": ("a.npz", whole(shape="__import__('os').mkdir('opened-a-pickle')"), "damaged"),
        "endless header": ("a.npz", whole(shape="(" + "1," * 7000 + ")"), "damaged"),
        "another packing": ("a.npz", zip_bytes({"weights.npy": b"", "offset.npy": b""}, zipfile.ZIP_BZIP2), "packed"),
        "zip bomb": ("a.npz", zip_bytes({"weights.npy": bytes(60 * 2**20), "offset.npy": b""}), "would unpack to"),
        "one array missing": ("a.npz", npz_bytes(weights=GOOD["weights"]), "lacks offset"),
        "one too many": ("a.npz", npz_bytes(**GOOD, more=GOOD["offset"]), "not asked for: more"),
        "a path for a name": ("a.npz", zip_bytes({"../weights.npy": b"", "offset.npy": b""}), "lacks weights"),
        "wrong shape": ("a.npz", npz_bytes(weights=GOOD["weights"].T, offset=GOOD["offset"]), r"shape \(3, 4\)"),
        "too long": ("a.npz", npz_bytes(weights=GOOD["weights"], offset=np.zeros(6)), "1 to 5"),
        "NaN": ("a.npz", npz_bytes(weights=nan, offset=GOOD["offset"]), "NaN or infinite"),
        "infinite": ("a.npz", npz_bytes(weights=infinite, offset=GOOD["offset"]), "NaN or infinite"),
        "too large": ("a.npz", npz_bytes(weights=big, offset=GOOD["offset"]), "larger than"),
        "too many bytes": ("a.npz", bytes(MOST + 1), "at most 1 MB"),
        "pt with another name": ("a.safetensors", zip_bytes({"archive/data.pkl": pickle.dumps(Bomb())}), "zip archive"),
        "pickle with another name": ("a.safetensors", pickle.dumps(Bomb(), 2), "pickle"),
        "seven bytes": ("a.safetensors", b"1234567", "header"),
        "header longer than the file": ("a.safetensors", safetensors_bytes(length=10**9), "claims 1,000,000,000"),
        "header of 2^64 - 1": ("a.safetensors", safetensors_bytes(length=2**64 - 1), "claims"),
        "header cut": ("a.safetensors", safetensors_bytes(length=40), "damaged"),
        "header too deep": ("a.safetensors", struct.pack("<Q", len(deep)) + deep, "damaged"),
        "shape of 10^18": ("a.safetensors", safetensors_bytes(header={"weights": {"shape": [10**9, 10**9]}}), "shape"),
        "negative offsets": ("a.safetensors", safetensors_bytes(header={"weights": {"data_offsets": [-96, 0]}}), "is not one"),
        "offsets that contradict the shape": ("a.safetensors", safetensors_bytes(header={"weights": {"data_offsets": [0, 10**15]}}), "contradict"),
        "arrays on one place": ("a.safetensors", safetensors_bytes({"weights": GOOD["weights"], "offset": np.zeros(1)}, header={"offset": {"data_offsets": [88, 96]}}), "overlap"),
        "bytes after the end": ("a.safetensors", safetensors_bytes() + b"more", "end where"),
        "true for a number": ("a.safetensors", safetensors_bytes(header={"weights": {"shape": [True, 3]}}), "is not one"),
        "type that is not taken": ("a.safetensors", safetensors_bytes({**GOOD, "weights": GOOD["weights"] > 1}), "not taken"),
        "NaN in safetensors": ("a.safetensors", safetensors_bytes({**GOOD, "weights": nan}), "NaN"),
        "no text": ("a.safetensors", safetensors_bytes(said={"a": ["b"]}), "text"),
        "json that is no object": ("a.json", b"[1, 2]", "object"),
        "json with NaN": ("a.json", b'{"weights": NaN, "offset": [1]}', "NaN"),
        "json too deep": ("a.json", deep, "damaged"),
        "json with a text": ("a.json", b'{"weights": [["a", 1, 2]], "offset": [1]}', "no number"),
        "json with a long number": ("a.json", b'{"weights": ' + b"9" * 10_000 + b', "offset": [1]}', "damaged"),
        "json, a name twice": ("a.json", b'{"weights": 1, "weights": 2, "offset": [1]}', "twice"),
        "unknown suffix": ("a.pkl", pickle.dumps(Bomb()), "not read"),
    }  # fmt: skip


@pytest.mark.parametrize("lie", lies())
def test_a_lie_gets_a_sentence(tmp_path, monkeypatch, lie):
    monkeypatch.chdir(tmp_path)
    name, data, words = lies()[lie]
    (tmp_path / name).write_bytes(data)
    tracemalloc.start()
    with pytest.raises(BadFile, match=words):
        read(tmp_path / name, LAYOUT, MOST)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * 2**20, f"{peak / 2**20:.0f} MB were taken"
    assert not (tmp_path / "opened-a-pickle").exists()


def test_an_archive_that_lies_about_its_size(tmp_path):
    """The directory says 200 bytes; what is packed is 60 MB of zeros."""
    data = zip_bytes({"weights.npy": bytes(60 * 2**20), "offset.npy": b""})
    real, lie = struct.pack("<I", 60 * 2**20), struct.pack("<I", 200)
    with pytest.raises(BadFile, match=r"damaged|cut off|unpacks"):
        found(tmp_path, "a.npz", data.replace(real, lie))


def test_links_pipes_and_folders_are_not_opened(tmp_path):
    (tmp_path / "real.npz").write_bytes(npz_bytes(**GOOD))
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(BadFile, match="folder"):
        read(tmp_path / "folder.npz", LAYOUT, MOST)
    with pytest.raises(BadFile, match="cannot be read"):
        read(tmp_path / "nowhere.npz", LAYOUT, MOST)
    if os.name != "nt":
        os.symlink(tmp_path / "real.npz", tmp_path / "link.npz")
        os.mkfifo(tmp_path / "pipe.npz")
        with pytest.raises(BadFile, match="link"):
            read(tmp_path / "link.npz", LAYOUT, MOST)
        with pytest.raises(BadFile, match="plain file"):
            read(tmp_path / "pipe.npz", LAYOUT, MOST)


TABLE = {"film": Array(((1, 100),), ("float64",)), "stars": Array(((1, 100),), ("float64",), 5)}


def test_a_table(tmp_path):
    content = found(tmp_path, "a.csv", "\ufeffstars,film\n4.5,1\n\n2,7\n".encode(), TABLE)
    np.testing.assert_array_equal(content.arrays["film"], [1, 7])
    np.testing.assert_array_equal(content.arrays["stars"], [4.5, 2])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("film\n1\n", "lacks stars"),
        ("film,stars,film\n1,2,3\n", "twice"),
        ("film,stars\n1\n", "Line 2"),
        ("film,stars\n1,good\n", "no number"),
        ("film,stars\n1,nan\n", "NaN"),
        ("film,stars\n1,9\n", "larger than 5"),
        ("film,stars\n", "shape"),
        ("film,stars\n" + "1,2\n" * 101, "shape"),
        ("=cmd|' /C calc'!A0,stars\n1,2\n", "lacks film"),
        ("\n", "damaged|lacks"),
    ],
)
def test_a_table_that_is_none(tmp_path, text, words):
    with pytest.raises(BadFile, match=words):
        found(tmp_path, "a.csv", text.encode(), TABLE)


SOUND = {"samples": Array(((1, 1000), 1), ("float64",)), "rate": Array((1,), ("float64",))}


def sound(samples=(0, 16384, -32768), width=2, channels=1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(22050)
        out.writeframes(np.array(samples, f"<i{width}" if width > 1 else "u1").tobytes())
    return file.getvalue()


def test_a_sound(tmp_path):
    content = found(tmp_path, "a.wav", sound(), SOUND)
    np.testing.assert_array_equal(content.arrays["samples"], [[0.0], [0.5], [-1.0]])
    assert content.arrays["rate"] == [22050]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"RIFF" + bytes(200), "not a WAV"),
        (sound()[:-2], "cut off"),
        (sound().replace(b"data\x06\x00\x00\x00", b"data\xff\xff\xff\x7f"), "cut off"),
        (sound(range(200), width=1), "16 bits"),
        (sound(range(1001)), "shape"),
        (sound((1, 2), channels=2), "shape"),
        (sound()[:36], "no sound"),
    ],
)
def test_a_sound_that_is_none(tmp_path, data, words):
    with pytest.raises(BadFile, match=words):
        found(tmp_path, "a.wav", data, SOUND)
