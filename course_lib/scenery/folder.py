"""Your own clips: a folder of mp4 files and a `captions.csv`, behind the same interface as `clips.Clips`.

my_clips/
    captions.csv        file,caption            (a column `language` with zh or en is optional)
    lake_01.mp4
    ...
"""

import csv
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from course_lib.data.programs import ffmpeg
from course_lib.errors import CourseError
from course_lib.scenery.clips import Clip, Dataset
from course_lib.scenery.plan import frame_size
from course_lib.scenery.vocabulary import stream

TABLE = "captions.csv"


class Folder(Dataset):
    """Captioned clips in a folder, decoded when they are asked for.

    A clip may have several rows, that is several captions; each epoch says one of them. Its frames are
    taken evenly over its whole length, its middle is cropped to the wanted aspect.

    Args:
        path: the folder.
        size: one number or (height, width), 16 to 512.
        frames: per clip.
        seed: of the order and of the choice among captions.

    Raises:
        CourseError: no folder, no table, a wrong column, a row without a caption or without its file.
    """

    def __init__(self, path, *, size=32, frames=8, seed=0):
        self.path = Path(path)
        self.size, self.frames, self.seed = frame_size(size), int(frames), int(seed)
        if self.frames < 1:
            raise CourseError(f"frames is {frames}; give 1 or more.")
        self.attributes = {}
        self.rows = read_table(self.path)
        self.files = list(self.rows)

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> Clip:
        index = range(len(self))[index]
        caption, language = self.caption_of(index, 0)
        return Clip(self.video_of(index), caption, language, {})

    def caption_of(self, index: int, epoch: int = 0) -> tuple[str, str]:
        said = self.rows[self.files[index]]
        return said[int(stream(self.seed, "caption", index, epoch).integers(len(said)))]

    def label_of(self, index: int) -> tuple[int, ...]:
        return (-1,)

    def video_of(self, index: int) -> np.ndarray:
        return read_clip(self.path / self.files[index], self.frames, self.size)


def read_table(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """captions.csv as {file: [(caption, language), ...]}, checked.

    Raises:
        CourseError: says which row or column is wrong, and what to do.
    """
    if not folder.is_dir():
        raise CourseError(f"there is no folder {folder}; give the folder that holds your clips and {TABLE}.")
    videos = sorted(file.name for file in folder.iterdir() if file.suffix.lower() == ".mp4")
    table = folder / TABLE
    if not videos and not table.exists():
        raise CourseError(f"{folder} is empty: put mp4 files and a {TABLE} (columns file, caption) into it.")
    if not table.exists():
        raise CourseError(f"{folder} has no {TABLE}: add one with the columns file and caption.")
    try:
        with table.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            columns = [name.strip() for name in reader.fieldnames or []]
            reader.fieldnames = columns
            lines = list(reader)
    except UnicodeDecodeError:
        raise CourseError(f"{table} is not UTF-8: save it as 'CSV UTF-8'.") from None
    missing = [name for name in ("file", "caption") if name not in columns]
    if missing:
        raise CourseError(
            f"{table} has no column '{missing[0]}'; its columns are {', '.join(columns) or 'none'}: "
            "the first line must name file and caption."
        )
    rows: dict[str, list[tuple[str, str]]] = {}
    for number, line in enumerate(lines, start=2):
        name, text = (line["file"] or "").strip(), (line["caption"] or "").strip()
        if not name:
            raise CourseError(f"{table}, line {number}: the file name is missing.")
        if not text:
            raise CourseError(f"{table}, line {number}: {name} has no caption; write one or delete the line.")
        if not (folder / name).is_file():
            raise CourseError(f"{table}, line {number}: there is no file {name} in {folder}.")
        language = (line.get("language") or "").strip() or language_of(text)
        if language not in ("zh", "en"):
            raise CourseError(f"{table}, line {number}: language is '{language}'; write zh or en.")
        rows.setdefault(name, []).append((text, language))
    if not rows:
        raise CourseError(f"{table} names no clip: add a line for each mp4.")
    silent = [name for name in videos if name not in rows]
    if silent:
        raise CourseError(f"{silent[0]} has no caption in {table}: add a line for it, or move the file away.")
    return rows


def language_of(text: str) -> str:
    """zh if there is a Chinese character in the text, else en."""
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"


def read_clip(path: Path, frames: int, size) -> np.ndarray:
    """Decode an mp4: `frames` frames, evenly over its length, cropped to the aspect and scaled.

    ffmpeg runs as a process of its own and hands over small frames only, so a long film needs little memory.

    Returns:
        uint8 (frames, height, width, 3). A clip shorter than `frames` repeats frames.

    Raises:
        CourseError: the file cannot be decoded.
    """
    height, width = frame_size(size)
    crop = f"crop='min(iw,ih*{width}/{height})':'min(ih,iw*{height}/{width})'"
    command: Sequence[str] = [
        ffmpeg(), "-v", "error", "-i", str(path), "-map", "0:v:0",
        "-vf", f"{crop},scale={width}:{height}:flags=area", "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    step = height * width * 3
    count = len(done.stdout) // step
    if done.returncode or not count:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        detail = f" (ffmpeg says: {reason[-1][:160]})" if reason else ""
        raise CourseError(f"{path.name} cannot be read as a video{detail}: export it again as H.264 mp4.")
    video = np.frombuffer(done.stdout[: count * step], np.uint8).reshape(count, height, width, 3)
    return video[np.linspace(0, count - 1, frames).round().astype(int)].copy()
