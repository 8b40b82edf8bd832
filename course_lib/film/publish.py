"""Pictures and sound into one mp4 file (H.264 and AAC), by the ffmpeg program, through a pipe.

The ffmpeg that imageio-ffmpeg brings is under the GPL; it runs as a process of its own.
"""

import contextlib
import mmap
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from course_lib.audio.loudness import CEILING_DBTP, master, true_peak
from course_lib.audio.speech import RATE
from course_lib.data.programs import ffmpeg
from course_lib.errors import CourseError
from course_lib.film.seal import fingerprint
from course_lib.film.subtitles import Cue, srt

VIDEO_CODEC = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "19", "-pix_fmt", "yuv420p"]
# the colours' matrix is written down, so that no player has to guess it
VIDEO_CODEC += ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-colorspace", "bt709"]
VIDEO_CODEC += ["-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
# the 'fast' coder of ffmpeg comes closest to the wave at this rate (measured)
SOUND_CODEC = ["-c:a", "aac", "-aac_coder", "fast", "-b:a", "192k"]
_LANGUAGES = {"zh": "zho", "en": "eng"}


def check_target(path) -> Path:
    """The path of a film to be, if it can be written.

    Raises:
        CourseError: no such folder, not writable, a folder itself, or not named .mp4.
    """
    path = Path(path).expanduser()
    if path.suffix.lower() != ".mp4":
        raise CourseError(f"'{path.name}' is no name for a film: it must end in .mp4.")
    if path.is_dir():
        raise CourseError(f"{path} is a folder: give the name of a file.")
    if not path.parent.is_dir():
        raise CourseError(f"the folder {path.parent} does not exist: make it first or choose another.")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise CourseError(f"{path} cannot be written: choose a folder of your own.")
    try:  # some folders say they are writable and are not
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise CourseError(f"{path} cannot be written ({error.strerror}): choose another folder.") from None
    return path


@contextlib.contextmanager
def beside(path: Path):
    """A temporary name in the same folder; whatever is left of it is deleted at the end.

    Also clears away what a killed run left behind more than an hour ago.
    """
    for old in path.parent.glob(f".{path.stem}.*.part{path.suffix}"):
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > 3600:
                old.unlink()
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield part
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def written(path: Path, data: bytes):
    """Write a file aside; it takes its name when the block ends well, and vanishes otherwise.

    What the block gets is a function that writes other data in their place.

    Raises:
        CourseError: it cannot be written.
    """
    with beside(path) as part:

        def write(content: bytes) -> None:
            try:
                part.write_bytes(content)
            except OSError as error:
                raise _unwritten(path, error.strerror) from None

        write(data)
        yield write
        os.replace(part, path)


def _unwritten(path: Path, why: str) -> CourseError:
    return CourseError(
        f"the film could not be written to {path} ({why}): free some space or choose another folder."
    )


def encode(
    pictures: Iterable[np.ndarray],
    sound: np.ndarray,
    cues: list[Cue],
    path: Path,
    *,
    size: tuple[int, int],
    fps: int,
    language: str,
    metadata: Callable[[str], dict[str, str]],
    progress=None,
) -> None:
    """Write a film; the file appears when it is complete.

    Args:
        pictures: uint8 (height, width, 3), one after the other.
        sound: float32 (n, 2) at `RATE`, as long as the pictures.
        cues: subtitles, stored as a track that a player can switch on.
        path: of the mp4.
        size: (height, width), even numbers.
        fps: pictures a second.
        language: of the subtitles, 'zh' or 'en'.
        metadata: gives the keys of the file, e.g. title and AIGC, for the fingerprint of what was encoded
            (`seal.fingerprint`). Called twice before the file appears: first without one (''), for the room that
            the keys take in the file, then with it; the second answer must be as many bytes long.
        progress: called with the number of pictures written.

    Raises:
        CourseError: ffmpeg failed, or the disk is full.
    """
    try:
        aside = tempfile.TemporaryDirectory(prefix="film-")
    except OSError as error:
        raise CourseError(f"no temporary folder can be made ({error.strerror}): free some space.") from None
    with aside as folder, beside(path) as packed:
        wave, text = Path(folder, "sound.m4a"), Path(folder, "subtitles.srt")
        try:
            encode_sound(sound, wave)
            text.write_text(srt(cues), encoding="utf-8")
        except OSError as error:
            raise _unwritten(path, error.strerror) from None
        room = metadata("")
        command = _command(packed, wave, text if cues else None, size, fps, language, len(sound) / RATE, room)
        with open(Path(folder, "log"), "w+b") as log:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log)
            try:
                for number, picture in enumerate(pictures, 1):
                    process.stdin.write(np.ascontiguousarray(picture).data)
                    if progress:
                        progress(number)
                process.stdin.close()
                process.wait()
            except (BrokenPipeError, OSError):  # ffmpeg has ended: its log says why
                process.wait()
            except BaseException:  # a mistake in the pictures, or Ctrl-C: no half film
                process.kill()
                process.wait()
                raise
            log.seek(0)
            said = log.read().decode("utf-8", "replace").strip()
        if process.returncode != 0 or not packed.exists():
            raise _unwritten(path, _reason(said, process.returncode))
        keys = metadata(fingerprint(packed))
        try:
            _rewrite(packed, room, keys)
            os.replace(packed, path)
        except OSError as error:
            raise _unwritten(path, error.strerror) from None


def _rewrite(packed: Path, old: dict[str, str], new: dict[str, str]) -> None:
    """Exchange values in a film's metadata where they stand: no second pass over the film, which may be long.

    Args:
        packed: of the film; it holds each changed value of `old` once.
        old, new: the same keys; a changed value is as many bytes long as before.

    Raises:
        ValueError: it is not so.
        OSError: the file cannot be written.
    """
    changed = [(old[key].encode(), new[key].encode()) for key in new if old[key] != new[key]]
    with open(packed, "r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        for before, after in changed:
            at = data.find(before)
            if len(before) != len(after) or at < 0 or data.find(before, at + 1) >= 0:
                raise ValueError("a key of the film's metadata cannot be exchanged")
            data[at : at + len(after)] = after


def encode_sound(sound: np.ndarray, path: Path, highest: float = -1.05) -> None:
    """Write sound as AAC whose peaks, decoded again, stay below a limit.

    An encoder changes the wave a little, and now and then a peak comes out more than a decibel higher. So
    the result is measured, and if need be made again from a sound with more room.

    Args:
        sound: float32 (n, 2) at `RATE`.
        path: of an m4a file.
        highest: true peak allowed after decoding, dBTP.

    Raises:
        OSError: ffmpeg failed; the text is its reason.
    """
    raw = ["-f", "f32le", "-ar", str(RATE), "-ac", "2"]
    tool = [ffmpeg(), "-y", "-hide_banner", "-loglevel", "error"]
    tried = sound
    for room in (1.0, 2.0, 3.0, None):
        data = np.ascontiguousarray(tried, "<f4").tobytes()
        done = subprocess.run(
            [*tool, *raw, "-i", "-", *SOUND_CODEC, str(path)],
            input=data,
            capture_output=True,
        )
        if done.returncode != 0:
            reason = _reason(done.stderr.decode("utf-8", "replace").strip(), done.returncode)
            raise OSError(None, reason)
        heard = subprocess.run([*tool, "-i", str(path), *raw, "-"], capture_output=True).stdout
        if room is None or true_peak(np.frombuffer(heard, "<f4").reshape(-1, 2)) <= highest:
            return
        tried = master(sound, ceiling=CEILING_DBTP - room)


def _command(target, wave, text, size, fps, language, seconds, keys) -> list[str]:
    height, width = size
    command = [ffmpeg(), "-y", "-hide_banner", "-nostdin", "-loglevel", "error"]
    command += [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{width}x{height}",
        "-r",
        str(fps),
        "-i",
        "pipe:0",
    ]
    command += ["-i", str(wave)]
    command += ["-i", str(text)] if text else []
    command += ["-map", "0:v", "-map", "1:a"] + (["-map", "2:s"] if text else [])
    command += [*VIDEO_CODEC, "-c:a", "copy"]
    if text:  # not shown unless asked for: the words are in the picture already
        command += [
            "-c:s",
            "mov_text",
            "-metadata:s:s:0",
            f"language={_LANGUAGES[language]}",
            "-disposition:s:0",
            "0",
        ]
    for key, value in keys.items():
        command += ["-metadata", f"{key}={value}"]
    # the index in front: a player can begin before all has arrived
    command += ["-movflags", "+faststart+use_metadata_tags"]
    # -t and not -shortest, which would end the film with its last subtitle
    return [*command, "-t", f"{seconds:.6f}", "-f", "mp4", str(target)]


def _reason(said: str, code: int) -> str:
    for sign in ("No space left on device", "File too large", "Permission denied", "Read-only file system"):
        if sign in said:
            return sign
    if code == -getattr(signal, "SIGXFSZ", 0) != 0:
        return "File too large"
    last = re.sub(r"\s+", " ", said.split("\n")[-1])[:160] if said else ""
    return last or (
        f"ffmpeg was stopped by signal {-code}" if code < 0 else f"ffmpeg ended with status {code}"
    )


def streams(path) -> list[tuple[str, str]]:
    """What is in a media file: pairs such as ('video', 'h264'), ('audio', 'aac'), ('subtitle', 'mov_text').

    Raises:
        CourseError: it is no media file.
    """
    done = subprocess.run([ffmpeg(), "-hide_banner", "-i", str(Path(path))], capture_output=True)
    said = done.stderr.decode("utf-8", "replace")
    found = re.findall(r"^\s*Stream #\d+:\d+.*?: (Video|Audio|Subtitle): (\w+)", said, re.MULTILINE)
    if not found:
        raise CourseError(f"{path} cannot be read as a film.")
    return [(kind.lower(), codec) for kind, codec in found]
