"""What goes wrong is said in one sentence, and leaves nothing half-written behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

from course_lib import cli
from course_lib.errors import CourseError
from course_lib.film import make_film, publish
from course_lib.film.clips import source

SMALL = ["--size", "90"]


def course(*arguments, capsys):
    """Status and what was said on standard error."""
    status = cli.main(["film", *arguments])
    return status, capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([""], "the text is empty"),
        (["😀🎉"], "only emoji or punctuation"),
        (["，。！"], "only emoji or punctuation"),
        (["你好\x1b[31m"], "control character U+001B"),
        (["字" * 10_001], "at most 10,000"),
        ([], "give the text in quotes"),
        (["你好", "--voice", "nobody"], "there is no voice 'nobody'"),
        (["你好", "--seed", "-1"], "whole number from 0"),
        (["你好", "--size", "5000"], "90 to 1080"),
    ],
)
def test_bad_input(arguments, says, tmp_path, capsys):
    status, error = course(*arguments, "--out", str(tmp_path / "film.mp4"), capsys=capsys)
    assert status == 2
    assert says in error
    assert error.startswith("course film: ")
    assert error.count("\n") == 1  # one sentence, no traceback
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no/such/folder/film.mp4", "does not exist: make it first"),
        ("film.avi", "must end in .mp4"),
        ("film", "must end in .mp4"),
        ("folder.mp4", "is a folder"),
    ],
)
def test_bad_paths(name, says, tmp_path):
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(CourseError, match=says):
        make_film("你好", tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == ["folder.mp4"]


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # a superuser may write everywhere
    with pytest.raises(CourseError, match="cannot be written: choose a folder of your own"):
        make_film("你好", tmp_path / "film.mp4")


def test_a_missing_font(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)  # import fails
    status, error = course("你好", "--out", str(tmp_path / "film.mp4"), capsys=capsys)
    assert status == 2
    assert "pip install pylopdf-fonts-zh-cn" in error
    assert not list(tmp_path.iterdir())


def test_a_missing_ffmpeg(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(CourseError, match="pip install imageio-ffmpeg"):
        make_film("你好", tmp_path / "film.mp4")


FAKE = """#!{python}
import os, sys
if not sys.argv[-1].endswith(".mp4"):  # the sound goes well
    os.execv({real!r}, [{real!r}] + sys.argv[1:])
with open(sys.argv[-1], "wb") as part:
    part.write(b"half a film")
sys.stdin.buffer.read(200_000)
print("av_interleaved_write_frame(): No space left on device", file=sys.stderr)
sys.exit(1)
"""


@pytest.mark.skipif(os.name == "nt", reason="the fake program is a script with a first line for Unix")
def test_a_disk_that_fills_while_the_film_is_written(tmp_path, monkeypatch):
    fake = tmp_path / "ffmpeg"
    fake.write_text(FAKE.format(python=sys.executable, real=publish.ffmpeg()))
    fake.chmod(0o755)
    monkeypatch.setattr(publish, "ffmpeg", lambda: str(fake))
    out = tmp_path / "films"
    out.mkdir()
    (out / "film.mp4").write_bytes(b"an older film")
    with pytest.raises(CourseError, match=r"No space left on device.*free some space"):
        make_film("大海", out / "film.mp4", short_side=90, fps=10)
    assert [p.name for p in out.iterdir()] == ["film.mp4"]
    assert (out / "film.mp4").read_bytes() == b"an older film"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
def test_a_quota_on_the_size_of_files(tmp_path):
    """The real thing: no file may grow beyond 20 kB, so the film cannot be written."""
    code = (
        "import resource, sys; from course_lib import cli;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        f"sys.exit(cli.main(['film', '大海', '--out', {str(tmp_path / 'film.mp4')!r}, '--size', '90']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "could not be written" in done.stderr
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL"])
def test_killed_in_the_middle(how, tmp_path):
    """An older film survives; after a polite end not even the temporary file is left."""
    target = tmp_path / "film.mp4"
    target.write_bytes(b"an older film")
    command = [
        sys.executable,
        "-m",
        "course_lib.cli",
        "film",
        "大海",
        "--out",
        str(target),
    ]  # full size: slow
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".film.*.part.mp4")) and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(getattr(signal, how))
    process.communicate(timeout=30)
    assert process.returncode == (130 if how == "SIGTERM" else -signal.SIGKILL)
    assert target.read_bytes() == b"an older film"
    assert not (tmp_path / "film.json").exists()
    if how == "SIGTERM":
        assert [p.name for p in tmp_path.iterdir()] == ["film.mp4"]


def test_what_a_killed_run_left_is_cleared_away_later(tmp_path):
    old, new = tmp_path / ".film.1.part.mp4", tmp_path / ".film.2.part.mp4"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    with publish.beside(tmp_path / "film.mp4") as part:
        assert part.parent == tmp_path
        assert part.suffix == ".mp4"
    assert [p.name for p in tmp_path.iterdir()] == [new.name]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"aspect": "4:3"}, "no aspect '4:3': choose 16:9"),
        ({"style": "cubist"}, "no style 'cubist'"),
        ({"fps": 5}, "choose 10 to 50"),
        ({"seed": 1.5}, "seed 1.5 must be a whole number"),
        ({"pictures": "camera"}, "no source 'camera'"),
    ],
)
def test_bad_settings(settings, says, tmp_path):
    with pytest.raises(CourseError, match=says):
        make_film("你好", tmp_path / "film.mp4", **settings)
    assert not list(tmp_path.iterdir())


def test_the_command_makes_a_film_and_says_what_was_assumed(tmp_path, capsys):
    out = tmp_path / "f.mp4"
    assert cli.main(["film", "昨天在克拉玛依", "--out", str(out), "--size", "90", "--style", "ink"]) == 0
    said = capsys.readouterr().out
    assert "160 x 90" in said
    assert "克拉玛依" in said.split("assumed:")[1]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f.json", "f.mp4"]


def test_importing_the_film_imports_no_framework():
    code = "import sys, course_lib.film, course_lib.text; print([n for n in ('torch', 'tensorflow', 'moviepy', 'jieba') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_missing_weights_or_torch_name_the_way_out(tmp_path, capsys, monkeypatch):
    from course_lib.gan import video

    monkeypatch.setattr(video, "weights_file", lambda world, size=32: tmp_path / "nothing.safetensors")
    status, error = course("你好", "--out", str(tmp_path / "film.mp4"), capsys=capsys)
    assert status == 2
    assert "there are no weights" in error
    assert "--source renderer" in error
    monkeypatch.setitem(sys.modules, "course_lib.film.generated", None)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    with pytest.raises(CourseError, match="--source renderer"):
        source("gan")
    assert not list(tmp_path.iterdir())
