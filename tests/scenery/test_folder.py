"""One's own folder of clips: read like any other set, and every mistake named in one sentence."""

import subprocess

import imageio_ffmpeg
import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.scenery.folder import Folder, read_clip


def write_mp4(path, frames, rate=8):
    """A small H.264 file from uint8 (frames, height, width, 3)."""
    height, width = frames.shape[1:3]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += [
        "-s",
        f"{width}x{height}",
        "-r",
        str(rate),
        "-i",
        "-",
        "-pix_fmt",
        "yuv420p",
        "-crf",
        "12",
        str(path),
    ]
    subprocess.run(command, input=frames.tobytes(), check=True)


@pytest.fixture
def mine(tmp_path):
    """Two clips: one that goes from dark to bright, one wide with a white right half."""
    ramp = np.repeat(np.linspace(20, 230, 20).astype(np.uint8), 48 * 48 * 3).reshape(20, 48, 48, 3)
    half = np.zeros((10, 48, 96, 3), np.uint8)
    half[:, :, 48:] = 255
    write_mp4(tmp_path / "ramp.mp4", ramp)
    write_mp4(tmp_path / "half.mp4", half)
    (tmp_path / "captions.csv").write_text(
        "file,caption\nramp.mp4,It grows light.\nramp.mp4,天亮了。\nhalf.mp4,Half and half.\n",
        encoding="utf-8",
    )
    return tmp_path


def test_a_folder_is_read_like_any_set(mine):
    clips = Folder(mine, size=32, frames=8)
    assert len(clips) == 2
    batch = next(clips.batches(2, shuffle=False))
    assert batch.clips.shape == (2, 8, 32, 32, 3)
    assert batch.clips.dtype == np.uint8
    assert batch.captions[1] == "Half and half."
    bright = batch.clips[0].mean((1, 2, 3))
    assert (np.diff(bright) > 5).all()  # frames over the whole length, in order
    assert bright[0] < 40
    assert bright[-1] > 210
    half = batch.clips[1].mean((0, 1, 3))  # the middle of a wide clip: the border runs through it
    assert half[:14].max() < 20
    assert half[18:].min() > 235
    said = {clips.caption_of(0, epoch) for epoch in range(20)}
    assert said == {("It grows light.", "en"), ("天亮了。", "zh")}


def test_other_sizes_and_lengths(mine):
    assert read_clip(mine / "half.mp4", 30, (24, 40)).shape == (30, 24, 40, 3)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("name,caption\nramp.mp4,x\n", "no column 'file'"),
        ("file;caption\nramp.mp4;x\n", "no column 'file'"),
        ("file,text\nramp.mp4,x\n", "no column 'caption'"),
        ("file,caption\nramp.mp4,\nhalf.mp4,x\n", "line 2: ramp.mp4 has no caption"),
        ("file,caption\n,x\n", "line 2: the file name is missing"),
        ("file,caption\nother.mp4,x\n", "no file other.mp4"),
        ("file,caption\nramp.mp4,x\n", "half.mp4 has no caption"),
        ("file,caption\n", "names no clip"),
        ("file,caption,language\nramp.mp4,x,fr\nhalf.mp4,x,en\n", "language is 'fr'"),
        ("", "no column 'file'"),
    ],
)
def test_wrong_tables_are_named(mine, table, said):
    (mine / "captions.csv").write_text(table, encoding="utf-8")
    with pytest.raises(CourseError, match=said):
        Folder(mine)


def test_wrong_folders_are_named(tmp_path, mine):
    with pytest.raises(CourseError, match="no folder"):
        Folder(tmp_path / "nowhere")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CourseError, match="is empty"):
        Folder(empty)
    (mine / "captions.csv").unlink()
    with pytest.raises(CourseError, match=r"no captions\.csv"):
        Folder(mine)
    (mine / "captions.csv").write_bytes("file,caption\nramp.mp4,湖\n".encode("gb18030"))
    with pytest.raises(CourseError, match="UTF-8"):
        Folder(mine)


def test_a_broken_video_is_named(mine):
    whole = (mine / "ramp.mp4").read_bytes()
    for broken in (b"", b"not a video at all", whole[: len(whole) // 3]):
        (mine / "ramp.mp4").write_bytes(broken)
        with pytest.raises(CourseError, match=r"ramp\.mp4 cannot be read as a video"):
            Folder(mine)[0]
