"""A folder of clips with faults in it that are known: what cleaning is measured against."""

import csv
from pathlib import Path

import numpy as np

from course_lib.curate import media
from course_lib.curate.mojibake import MISREADINGS, misread
from course_lib.errors import CourseError
from course_lib.scenery.clips import Clips
from course_lib.scenery.folder import TABLE

KINDS = (".mp4", ".mov", ".mkv", ".avi", ".webm", ".gif")
SPOILED = ("broken", "blank", "frozen", "wrong size", "no caption", "garbled caption")
HEIGHT, WIDTH, FRAMES, FPS = 48, 64, 12, 8


def plant(folder, count: int = 60, share: float = 0.4, seed: int = 0) -> dict[str, str]:
    """Write rendered clips in six formats with a table of captions, some of them spoiled on purpose.

    Args:
        folder: new or empty; made if need be.
        count: clips, at least 12.
        share: of spoiled ones; the faults take turns.
        seed: everything follows from it.

    Returns:
        {file: fault} of the spoiled ones.

    Raises:
        CourseError: the folder holds something already, or a number is out of range.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is not empty: give the name of a new folder.")
    if count < 12 or not 0 <= share <= 1:
        raise CourseError(
            f"count is {count} and share {share}: plant at least 12 clips, and a share from 0 to 1."
        )
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng([seed, 5])
    clips = Clips("scenery", "all", count, size=(HEIGHT, WIDTH), frames=FRAMES, seed=seed)
    spoiled = random.permutation(count)[: round(share * count)]
    fault_of = {int(k): SPOILED[turn % len(SPOILED)] for turn, k in enumerate(spoiled)}
    planted, rows = {}, []
    for k in range(count):
        fault = fault_of.get(k)
        suffix = KINDS[int(random.integers(len(KINDS)))]
        if fault == "broken" and suffix == ".gif":
            suffix = ".mp4"  # half a GIF is a shorter GIF
        name = f"clip_{k:04d}{suffix}"
        caption, language = clips.caption_of(k)
        if fault == "garbled caption":
            language = "zh"
            caption = misread(_chinese(clips, k), list(MISREADINGS)[int(random.integers(len(MISREADINGS)))])
        elif fault == "no caption":
            caption = ""
        media.write(folder / name, _spoiled_frames(clips.video_of(k), fault, random), fps=FPS)
        if fault == "broken":
            _break(folder / name, random)
        rows.append([name, caption.replace("\r", " ").replace("\n", " "), language])
        if fault:
            planted[name] = fault
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["file", "caption", "language"], *rows])
    return planted


def _chinese(clips: Clips, index: int) -> str:
    from course_lib.scenery.captions import caption

    return caption(clips.truth_of(index), "zh", index)


def _spoiled_frames(video, fault, random):
    """The clip with a fault of its pictures; unchanged for other faults."""
    if fault == "blank":  # a lens cap, an overexposure, a test card of one colour; with the noise of a sensor
        level = random.choice([0, 16, 128, 255])
        noise = random.normal(0, random.choice([0, 0.7]), video.shape)
        whole = np.clip(level + noise, 0, 255).round().astype(np.uint8)
        shown = int(random.integers(0, len(video) // 3))  # some begin with a picture
        return np.concatenate([video[:shown], whole[shown:]])
    if fault == "frozen":
        stop = int(random.integers(1, len(video) // 3))
        return np.concatenate([video[:stop], np.repeat(video[stop : stop + 1], len(video) - stop, 0)])
    if fault == "wrong size":
        if random.random() < 0.5:
            return video[:, 8:32, 8:40]  # tiny
        return video[:, :, 20:44]  # a phone held upright
    return video


def _break(path: Path, random) -> None:
    """What happens to files: the rest is missing, the middle is noise, it is no film, it is empty."""
    data = bytearray(path.read_bytes())
    how = int(random.integers(4))
    if how == 0:
        data = data[: len(data) // 3]
    elif how == 1:
        middle = slice(len(data) // 3, 2 * len(data) // 3)
        data[middle] = random.integers(0, 256, len(data[middle]), dtype=np.uint8).tobytes()
    elif how == 2:
        data = bytearray(b"<html>404: this film is no longer here</html>")
    else:
        data = bytearray()
    path.write_bytes(bytes(data))
