"""Films and sounds that play inside a notebook, on Colab too, and stay small."""

import base64
import html
import subprocess
import tempfile
from pathlib import Path

import numpy as np


class Player:
    """A film or a sound in the page itself: nothing to download, plays in a saved notebook."""

    def __init__(
        self, tag: str, kind: str, data: bytes, title: str = "", width: int | None = None, crisp: bool = False
    ):
        self.tag, self.kind, self.data, self.title, self.width = tag, kind, data, title, width
        self.crisp = crisp  # an enlarged picture shows its pixels, unblurred

    def _repr_html_(self) -> str:
        width = f"width:{self.width}px;max-width:100%" if self.width else "width:24em;max-width:100%"
        data = base64.b64encode(self.data).decode()
        name = html.escape(self.title)
        label = f"<div>{name}</div>" if name else ""
        if self.tag == "img":
            width += ";image-rendering:pixelated" if self.crisp else ""
            return f'<img style="{width}" alt="{name or "a picture"}" src="data:{self.kind};base64,{data}">'
        return (
            f'<div style="margin:0.3em 0">{label}<{self.tag} controls preload="metadata" style="{width}" aria-label="{name}" '
            f'src="data:{self.kind};base64,{data}"></{self.tag}></div>'
        )

    def __repr__(self) -> str:
        return f"<{self.title or self.tag}: {len(self.data) / 1000:.0f} kB>"


def film_player(path, width: int = 640, largest: int = 700_000) -> Player:
    """A player for an mp4 file.

    Args:
        path: of the film.
        width: on the page, in pixels.
        largest: bytes; a larger film is embedded in a smaller encoding (the file stays as it is), so that the
            notebook can be saved, mailed and handed in.
    """
    from course_lib.data.programs import ffmpeg

    path = Path(path)
    if path.stat().st_size <= largest:
        return Player("video", "video/mp4", path.read_bytes(), path.stem, width)
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        target = Path(folder) / "small.mp4"
        command = [
            ffmpeg(),
            "-v",
            "error",
            "-i",
            str(path),
            "-map",
            "0:v:0",
            "-map",
            "0:a:0",
            "-vf",
            f"scale='min({width},iw)':-2",
        ]
        command += [
            "-c:v",
            "libx264",
            "-preset",
            "fast",
            "-crf",
            "30",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-b:a",
            "64k",
        ]
        subprocess.run([*command, "-movflags", "+faststart", str(target)], check=True)
        return Player("video", "video/mp4", target.read_bytes(), path.stem, width)


def photo(picture: np.ndarray, width: int | None = None) -> Player:
    """A picture as JPEG: a tenth of what matplotlib's PNG of it would take.

    Args:
        picture: uint8 (height, width, 3).
        width: on the page, in pixels; by default its own.
    """
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=88)
    return Player("img", "image/jpeg", buffer.getvalue(), "", width or picture.shape[1])


def sound_player(samples: np.ndarray, rate: int, title: str = "", seconds: float | None = None) -> Player:
    """A player for samples, as AAC of 48 kbit/s so that ten of them do not swell the notebook.

    Args:
        samples: (n,) in [-1, 1].
        rate: samples a second.
        title: shown above.
        seconds: play only so much from the beginning.
    """
    from course_lib.data.programs import ffmpeg

    if seconds is not None:
        samples = samples[: round(seconds * rate)]
    whole = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        target = Path(folder) / "sound.m4a"
        command = [ffmpeg(), "-v", "error", "-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "-"]
        subprocess.run(
            [*command, "-c:a", "aac", "-b:a", "48k", "-movflags", "+faststart", str(target)],
            input=whole,
            check=True,
        )
        return Player("audio", "audio/mp4", target.read_bytes(), title)


def animation(clouds: list, limit: float, titles: list[str], size: int = 320, hold: int = 140) -> Player:
    """Clouds of points as a moving picture that repeats (GIF: it plays in a saved notebook, too).

    Args:
        clouds: (n, 2) arrays, one a frame.
        limit: the axes run from -limit to limit.
        titles: one a frame.
        size: in pixels.
        hold: milliseconds a frame; the last one stays longer.
    """
    from PIL import Image, ImageDraw

    frames = []
    for points, title in zip(clouds, titles):
        frame = Image.new("P", (size, size), 0)
        frame.putpalette([255, 255, 255, 209, 98, 43, 60, 60, 60])
        pen = ImageDraw.Draw(frame)
        for x, y in (np.asarray(points) / limit * [1, -1] + 1) / 2 * size:
            pen.ellipse((x - 1.5, y - 1.5, x + 1.5, y + 1.5), fill=1)
        pen.text((8, 6), title, fill=2)
        frames.append(frame)
    return Player("img", "image/gif", _gif(frames, hold, 8 * hold), titles[-1], size)


def reel(clips, columns: int = 8, zoom: int = 3, hold: int = 120, title: str = "") -> Player:
    """Small clips side by side as one moving picture that repeats (GIF: it plays in a saved notebook, too).

    Args:
        clips: (n, 3, frames, height, width) in [-1, 1], torch or numpy; or uint8 (n, frames, height, width, 3).
        columns: clips in a row.
        zoom: how many times larger they are shown; the file stays small, the browser enlarges it.
        hold: milliseconds a frame; the last one stays longer.
        title: for those who cannot see it.
    """
    from PIL import Image

    clips = np.asarray(clips)
    if clips.dtype != np.uint8:
        clips = np.clip(clips.transpose(0, 2, 3, 4, 1) * 127.5 + 128, 0, 255).astype(np.uint8)
    n, length, height, width, _ = clips.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    page = np.full((length, rows * (height + 2), columns * (width + 2), 3), 255, np.uint8)
    for k, clip in enumerate(clips):
        top, left = k // columns * (height + 2), k % columns * (width + 2)
        page[:, top : top + height, left : left + width] = clip
    frames = [Image.fromarray(frame).quantize(128, dither=Image.Dither.NONE) for frame in page]
    return Player("img", "image/gif", _gif(frames, hold, 5 * hold), title, page.shape[2] * zoom, crisp=True)


def moving(pictures: np.ndarray, title: str, scale: int = 4, hold: int = 80) -> Player:
    """Pictures as a moving picture that repeats (GIF: it plays in a saved notebook, too).

    Args:
        pictures: uint8 (frames, height, width, 3).
        title: what is to be seen, for those who do not see it.
        scale: every pixel becomes so many pixels each way.
        hold: milliseconds a frame.
    """
    from PIL import Image

    size = (pictures.shape[2] * scale, pictures.shape[1] * scale)
    frames = [
        Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC).quantize(96) for picture in pictures
    ]
    return Player("img", "image/gif", _gif(frames, hold, hold), title, size[0])


def _gif(frames: list, hold: int, last: int) -> bytes:
    """Pillow pictures as a GIF that repeats: `hold` milliseconds each, the last one `last`."""
    import io

    buffer, times = io.BytesIO(), [hold] * (len(frames) - 1) + [last]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=times, loop=0)
    return buffer.getvalue()
