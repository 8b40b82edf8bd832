"""`course doctor` on ffmpeg, voice, font and kernel: there, missing, damaged."""

import json
import os
import shutil
import sys
import types
from pathlib import Path

import pytest

from course_lib.classroom import tools

posix = pytest.mark.skipif(os.name == "nt", reason="shell scripts stand in for programs")


def test_here_the_programs_are_there():
    for found in (tools.check_ffmpeg(), tools.check_voice(), tools.check_font(), tools.check_kernel()):
        assert found.state == "ok", found


def test_without_imageio_ffmpeg(without):
    without("imageio_ffmpeg")
    found = tools.check_ffmpeg()
    assert (found.state, "films" in found.lose) == ("broken", True)


def test_without_any_ffmpeg_program(monkeypatch):
    import imageio_ffmpeg

    def none():
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)
    assert "no ffmpeg program" in tools.check_ffmpeg().found


FFMPEG = """case "$2" in
-version) echo "ffmpeg version 5.1 Copyright";;
-encoders) echo " V....D {encoders} libx264"; echo " A....D aac  AAC";;
-filters) echo " .. {filters} V->V";;
esac"""


@posix
@pytest.mark.parametrize(
    ("encoders", "filters", "state", "words"),
    [
        ("libx264 ", "subtitles ", "ok", "5.1 with H.264"),
        ("mpeg4", "subtitles ", "broken", "without the encoder libx264"),
        ("libx264 ", "scale", "degraded", "without libass"),
    ],
)
def test_another_ffmpeg(program, monkeypatch, encoders, filters, state, words):
    script = FFMPEG.format(encoders=encoders, filters=filters).replace(' libx264"', '"')
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program("ffmpeg", script)))
    found = tools.check_ffmpeg()
    assert (found.state, words in found.found) == (state, True), found


@posix
def test_ffmpeg_that_does_not_start_names_the_variable(program, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program("ffmpeg", "exit 1")))
    found = tools.check_ffmpeg()
    assert found.state == "broken"
    assert "(IMAGEIO_FFMPEG_EXE) does not start" in found.found


def test_without_the_voices_engine(tmp_path, monkeypatch):
    """The engine speaks in a process of its own: hide its package from that one."""
    (tmp_path / "espeakng_loader.py").write_text("raise ImportError('no engine')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = tools.check_voice()
    assert found.state == "degraded"
    assert "narration" in found.lose


def test_without_the_font(without):
    without("pylopdf_fonts_zh_cn")
    found = tools.check_font()
    assert (found.state, "empty boxes" in found.lose) == ("degraded", True)


def test_font_without_chinese_characters(tmp_path, monkeypatch):
    """A package that holds a Latin font only: matplotlib's own."""
    import matplotlib

    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    shutil.copy(latin, tmp_path / "Latin.otf")
    package = types.ModuleType("pylopdf_fonts_zh_cn")
    package.__file__ = str(tmp_path / "__init__.py")
    monkeypatch.setitem(sys.modules, package.__name__, package)
    found = tools.check_font()
    assert (found.state, "no Chinese" in found.found) == ("degraded", True)


@pytest.mark.parametrize(
    ("program_name", "state", "words"),
    [
        ("python", "ok", "starts"),
        (sys.executable, "ok", "starts"),
        ("/nowhere/bin/python", "broken", "which is not there"),
        (os.path.realpath(os.devnull), "broken", "another Python"),
    ],
)
def test_kernel(tmp_path, monkeypatch, program_name, state, words):
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = {
        "argv": [program_name, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "P",
    }
    (folder / "kernel.json").write_text(json.dumps({**spec, "language": "python"}), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    found = tools.check_kernel()
    assert (found.state, words in found.found) == (state, True), found
    assert "ipykernel install" in found.remedy or state == "ok"


def test_kernel_on_colab_is_colabs(colab, without):
    without("jupyter_client")
    assert tools.check_kernel().state == "ok"
