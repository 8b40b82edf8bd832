"""Checks of `course doctor` for the programs behind the packages: ffmpeg, voice, font, kernel."""

import os
import subprocess
import sys
from pathlib import Path

from course_lib.classroom.checkup import Finding, install_remedy, on_colab
from course_lib.errors import CourseError

FILMS = "films: lessons 00, 09 and 14"


def check_ffmpeg() -> Finding:
    """The ffmpeg that films are written with, and the parts of it that they need."""
    remedy = install_remedy(["imageio-ffmpeg>=0.5"], "film")
    try:
        import imageio_ffmpeg

        program = imageio_ffmpeg.get_ffmpeg_exe()  # IMAGEIO_FFMPEG_EXE, its own binary, or one on PATH
    except ImportError:
        return Finding("ffmpeg", "broken", "the package imageio-ffmpeg is missing", FILMS, remedy)
    except RuntimeError:
        return Finding("ffmpeg", "broken", "no ffmpeg program on this machine", FILMS, remedy)
    said = {}
    for what in ("version", "encoders", "filters"):
        try:
            answer = subprocess.run(
                [program, "-hide_banner", f"-{what}"], capture_output=True, text=True, timeout=60
            )
        except (OSError, subprocess.TimeoutExpired):
            answer = None
        if answer is None or answer.returncode != 0:
            named = " (IMAGEIO_FFMPEG_EXE)" if os.environ.get("IMAGEIO_FFMPEG_EXE") else ""
            return Finding("ffmpeg", "broken", f"{program}{named} does not start", FILMS, remedy)
        said[what] = answer.stdout
    version = (said["version"].split() + ["?"] * 3)[2]
    for encoder, lose in (("libx264", FILMS), ("aac", FILMS)):
        if f" {encoder} " not in said["encoders"]:
            return Finding(
                "ffmpeg", "broken", f"{version} without the encoder {encoder}: {program}", lose, remedy
            )
    if " subtitles " not in said["filters"]:
        lose = "subtitles burned into the picture; films keep them as a track that players can show"
        return Finding("ffmpeg", "degraded", f"{version} without libass: {program}", lose, remedy)
    return Finding("ffmpeg", "ok", f"{version} with H.264, AAC and libass")


def check_voice() -> Finding:
    """Does the voice speak one Chinese word?"""
    lose = "narration: films have music and subtitles only; part of lesson 08"
    try:
        from course_lib.audio import RATE, speak

        speech = speak("你好")
    except ImportError as error:
        remedy = install_remedy(["espeakng-loader>=0.2.4", "jieba>=0.42.1", "pypinyin>=0.50"], "film")
        return Finding("voice", "degraded", f"the package {error.name} is missing", lose, remedy)
    except CourseError as error:
        remedy = install_remedy(["espeakng-loader>=0.2.4"], "film")
        return Finding("voice", "degraded", str(error), lose, remedy)
    except OSError as error:
        return Finding("voice", "degraded", f"it does not start: {error}", lose)
    return Finding("voice", "ok", f"says 你好 in {len(speech.samples) / RATE:.1f} s of sound")


def check_font() -> Finding:
    """A font with Chinese characters, for subtitles and figures."""
    lose = "Chinese characters in subtitles and figures: they show as empty boxes"
    remedy = install_remedy(["pylopdf-fonts-zh-cn"], "film")
    try:
        import pylopdf_fonts_zh_cn
        from PIL import ImageFont

        files = sorted(Path(pylopdf_fonts_zh_cn.__file__).parent.glob("*.otf"))
        font = ImageFont.truetype(str(files[0]), 40)
        # A character that no font has gives the font's empty box: the Chinese one must differ from it.
        drawn, empty = (bytes(font.getmask(character)) for character in ("藏", "\U0010fffd"))
    except ImportError as error:
        return Finding("Chinese font", "degraded", f"the package {error.name} is missing", lose, remedy)
    except (IndexError, OSError) as error:
        found = f"the font's file is missing or damaged ({error})"
        return Finding("Chinese font", "degraded", found, lose, remedy)
    if drawn == empty or not any(drawn):
        return Finding("Chinese font", "degraded", f"{files[0].name} has no Chinese characters", lose, remedy)
    return Finding("Chinese font", "ok", files[0].stem)


def check_kernel() -> Finding:
    """Does JupyterLab's Python kernel start this Python, and not another one's?"""
    if on_colab():
        return Finding("kernel", "ok", "Colab's own")
    remedy = f'"{sys.executable}" -m ipykernel install --sys-prefix'
    lose = "running lessons in JupyterLab"
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError as error:
        found = f"the package {error.name} is missing"
        return Finding("kernel", "broken", found, lose, install_remedy(["jupyterlab>=4.2"], "lab"))
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return Finding("kernel", "broken", "Jupyter knows no Python kernel", lose, remedy)
    program = spec.argv[0]
    # Jupyter replaces a bare 'python' by the Python that it runs in itself.
    if program in ("python", "python3", f"python3.{sys.version_info[1]}"):
        return Finding("kernel", "ok", f"starts {sys.executable}")
    if not Path(program).exists():
        return Finding("kernel", "broken", f"would start {program}, which is not there", lose, remedy)
    # Not resolved: an environment's Python is often a link to the one it was made from.
    if Path(program).parent.absolute() != Path(sys.executable).parent.absolute():
        lose = "the course's packages in JupyterLab: lessons stop at their first import"
        return Finding("kernel", "broken", f"starts another Python: {program}", lose, remedy)
    return Finding("kernel", "ok", f"starts {program}")
