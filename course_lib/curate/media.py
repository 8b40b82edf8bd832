"""Files in and out through the ffmpeg program: any format that it reads, with what it complains about."""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course_lib.data.programs import ffmpeg
from course_lib.errors import CourseError

SUFFIXES = (
    ".mp4",
    ".mov",
    ".mkv",
    ".webm",
    ".avi",
    ".gif",
    ".flv",
    ".wmv",
    ".mpg",
    ".mpeg",
    ".m4v",
    ".ts",
    ".3gp",
    ".ogv",
)
SHOWN = 32  # frames are looked at in 32 x 32: enough to see black, frozen, copied
_SIZE = re.compile(r"Video: .*?\b(\d{2,5})x(\d{2,5})\b")
_DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d\.\d+)")
_RATE = re.compile(r"Video: .*?([\d.]+) fps")


@dataclass
class Footage:
    """What was found in a file.

    Attributes:
        frames: uint8 (n, 32, 32, 3), every frame made small; n is 0 where nothing can be decoded.
        width, height: of the file's own pictures; 0 if unknown.
        seconds: that the file says it lasts; NaN if it does not say.
        fps: frames a second that the file says it has; NaN if it does not say.
        complaints: what ffmpeg calls errors, one line each.
    """

    frames: np.ndarray
    width: int = 0
    height: int = 0
    seconds: float = float("nan")
    fps: float = float("nan")
    complaints: list = field(default_factory=list)


def read(path, largest: int = 200_000_000) -> Footage:
    """Decode a file of any format; a broken one gives no frames and complaints, never an exception.

    Args:
        path: of the file.
        largest: bytes of small frames after which reading stops (about 18 hours at 1 frame a second).

    Raises:
        CourseError: there is no such file, or no ffmpeg.
    """
    path = Path(path)
    if not path.is_file():
        raise CourseError(f"there is no file {path}: check its name and folder.")
    command = [ffmpeg(), "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info", "-i", str(path)]
    # a constant rate: a GIF or a screen recording stores a standstill as one long frame
    command += ["-map", "0:v:0", "-vf", f"scale={SHOWN}:{SHOWN}:flags=area", "-fps_mode", "cfr"]
    command += ["-fs", str(largest), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    said = done.stderr.decode("utf-8", "replace")
    step = SHOWN * SHOWN * 3
    count = len(done.stdout) // step
    frames = np.frombuffer(done.stdout[: count * step], np.uint8).reshape(count, SHOWN, SHOWN, 3)
    complaints = [
        re.sub(r"^(\[[^\]]*\] ?)+", "", line)
        for line in said.splitlines()
        if "[error]" in line or "[fatal]" in line
    ]
    before_output = said.split("Output #0")[0]
    size, lasts, rate = (pattern.search(before_output) for pattern in (_SIZE, _DURATION, _RATE))
    return Footage(
        frames,
        *(map(int, size.groups()) if size else (0, 0)),
        seconds=int(lasts[1]) * 3600 + int(lasts[2]) * 60 + float(lasts[3]) if lasts else float("nan"),
        fps=float(rate[1]) if rate else float("nan"),
        complaints=complaints
        or ([] if done.returncode == 0 else [f"ffmpeg ended with status {done.returncode}"]),
    )


#: How each kind of file is encoded.
CODECS = {
    ".mp4": ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"),
    ".mov": ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"),
    ".mkv": ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"),
    ".avi": ("-c:v", "mpeg4", "-q:v", "3"),
    ".webm": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M"),
    ".gif": (),
}

PALETTE = "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=bayer"


def write(path, frames, fps: float = 8, crf: int | None = None, filter: str = "") -> None:
    """Write pictures as a film; the file appears when it is complete.

    Args:
        path: its suffix (.mp4, .mov, .mkv, .avi, .webm, .gif) says the format.
        frames: uint8 (n, height, width, 3).
        fps: frames a second.
        crf: quality of H.264, 0 (best) to 51; by default 18.
        filter: an ffmpeg filter that every frame passes through.

    Raises:
        CourseError: an unknown suffix, no frames, or ffmpeg failed.
    """
    path, frames = Path(path), np.ascontiguousarray(frames)
    if path.suffix not in CODECS:
        raise CourseError(f"{path.name}: choose one of {', '.join(CODECS)}.")
    if frames.ndim != 4 or not len(frames) or frames.dtype != np.uint8:
        raise CourseError(
            f"frames are {frames.dtype} {frames.shape}; give uint8 (n, height, width, 3), at least one."
        )
    height, width = frames.shape[1:3]
    command = [
        ffmpeg(),
        "-v",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{width}x{height}",
    ]
    if path.suffix == ".gif":  # colours of its own; without, the default dithering flickers
        filter = ",".join(filter for filter in (filter, PALETTE) if filter)
    command += ["-r", str(fps), "-i", "-", *(("-vf", filter) if filter else ()), *CODECS[path.suffix]]
    if "libx264" in CODECS[path.suffix]:
        command += ["-crf", str(18 if crf is None else crf)]
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        done = subprocess.run([*command, str(part)], input=frames.tobytes(), capture_output=True)
        if done.returncode:
            reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise CourseError(f"{path.name} could not be written ({' '.join(reason)[:160]}).")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


#: What happens to a film on its way through the net: (quality, filter).
COPIES = {
    "original": (18, ""),
    "re-encoded": (28, ""),
    "re-encoded hard": (32, ""),
    "resized": (18, "scale=trunc(iw*0.3125)*2:trunc(ih*0.3125)*2"),
    "brighter by 24 levels": (18, "lutyuv=y=val+24"),
    "darker by a quarter": (18, "lutyuv=y=val*0.75"),
    "cropped by 5 %": (18, "crop=trunc(iw*0.475)*2:trunc(ih*0.475)*2"),
}


def copied(frames, how: str, folder) -> np.ndarray:
    """A copy of a clip as somebody else would upload it: written to a file in this way, and read again.

    Args:
        frames: uint8 (n, height, width, 3).
        how: a name in `COPIES`.
        folder: for the file, which is deleted at once.

    Returns:
        uint8 (n, 32, 32, 3).
    """
    crf, filter = COPIES[how]
    path = Path(folder) / f"copy-{os.getpid()}.mp4"
    try:
        write(path, frames, crf=crf, filter=filter)
        return read(path).frames
    finally:
        path.unlink(missing_ok=True)
