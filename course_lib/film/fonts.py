"""The one typeface of the films: Noto Sans SC, which has Chinese and Latin letters (SIL Open Font License)."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

from course_lib.errors import CourseError


def font_path() -> Path:
    """Where the font file is.

    Raises:
        CourseError: its package is not installed, or the file is gone.
    """
    try:
        import pylopdf_fonts_zh_cn

        path = Path(pylopdf_fonts_zh_cn.sans_path())
    except ImportError:
        path = None
    if path is None or not path.is_file():
        raise CourseError(
            "the font for titles and subtitles is missing: install it with 'pip install pylopdf-fonts-zh-cn'."
        )
    return path


@cache
def _load(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def font(size: float) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels (of an em, a Chinese character's width)."""
    return _load(str(font_path()), max(4, round(size)))
