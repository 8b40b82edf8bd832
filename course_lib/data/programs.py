"""Programs beside Python that the course calls; today one, ffmpeg."""

from course_lib.errors import CourseError


def ffmpeg() -> str:
    """Where the ffmpeg program is.

    Raises:
        CourseError: there is none.
    """
    try:
        import imageio_ffmpeg

        return imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        raise CourseError("ffmpeg is missing: install it with 'pip install imageio-ffmpeg'.") from None
