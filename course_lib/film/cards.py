"""What is written on the picture: title, the visible AI label, subtitles, the end card."""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from course_lib.errors import CourseError
from course_lib.film.fonts import font
from course_lib.film.paint import Patch
from course_lib.film.styles import STYLES, Style
from course_lib.film.subtitles import Cue, break_lines, lettering

LABEL = "AI生成 · AI-generated"
LABEL_SECONDS = 3.0  # how long the label is seen at full strength; at least 2 are asked for
LABEL_EM = 0.066  # of the short side; its letters are then at least 5 % of it high
LABEL_HEIGHT = 0.70  # where it is: middle of the text, from the top


@dataclass
class Overlay:
    """A small picture with transparency that lies on the film for a while.

    Attributes:
        patch: uint8 (height, width, 4).  x, y: of its top left corner.
        start, end: seconds.  fade_in, fade_out: seconds of these, inside start and end.
    """

    patch: np.ndarray
    x: int
    y: int
    start: float
    end: float
    fade_in: float = 0.0
    fade_out: float = 0.0
    painter: Patch | None = field(default=None, repr=False, compare=False)

    def strength(self, second: float) -> float:
        """From 0 (not there) to 1."""
        if not self.start <= second < self.end:
            return 0.0
        rise = (second - self.start) / self.fade_in if self.fade_in else 1.0
        fall = (self.end - second) / self.fade_out if self.fade_out else 1.0
        return max(0.0, min(1.0, rise, fall))


def lay_over(picture: np.ndarray, overlay: Overlay, second: float) -> None:
    """Draw an overlay on a picture, in place."""
    strength = overlay.strength(second)
    if strength <= 0:
        return
    if overlay.painter is None:
        overlay.painter = Patch(overlay.patch)
    overlay.painter.lay(picture, (overlay.x, overlay.y), strength)


def _placed(lines, em, size, middle, start, end, fade_in=0.0, fade_out=0.0, **looks) -> Overlay:
    """Centred text, its middle at `middle` (0 top, 1 bottom)."""
    patch = lettering(lines, em, **looks)
    y = round(middle * size[0] - patch.shape[0] / 2)
    x = (size[1] - patch.shape[1]) // 2
    return Overlay(patch, x, y, start, end, fade_in, fade_out)


def widest_line(size: tuple[int, int]) -> float:
    """How wide a line of text may be, in pixels."""
    return 0.86 * size[1]


def subtitle_em(size: tuple[int, int], style: Style | None = None) -> float:
    """Size of the subtitles' letters in pixels."""
    return (style or STYLES["natural"]).size * min(size)


def subtitle_overlays(cues: list[Cue], size: tuple[int, int], style: Style | None = None) -> list[Overlay]:
    """The subtitles, standing on a line near the bottom (higher in an upright film, where buttons lie)."""
    style = style or STYLES["natural"]
    foot = 0.94 if size[1] >= size[0] else 0.84
    overlays = []
    for cue in cues:
        patch = lettering(
            cue.text.split("\n"),
            subtitle_em(size, style),
            colour=style.letters,
            edge_colour=style.edge,
            plate=style.plate,
        )
        x = (size[1] - patch.shape[1]) // 2
        overlays.append(Overlay(patch, x, round(foot * size[0]) - patch.shape[0], cue.start, cue.end))
    return overlays


def label_overlay(size: tuple[int, int]) -> Overlay:
    """The visible label of the opening; `label.read_label` looks for exactly this."""
    em = LABEL_EM * min(size)
    return _placed(
        [LABEL], em, size, LABEL_HEIGHT, 0.0, LABEL_SECONDS + 0.3, 0.0, 0.3, colour=(255, 236, 190)
    )


def opening_overlays(title: str, size: tuple[int, int], until: float) -> list[Overlay]:
    """Title and label of the opening."""
    em = 0.105 * min(size)
    lines = break_lines(title, font(em).getlength, widest_line(size))
    if len(lines) > 3:
        lines = [*lines[:2], lines[2].rstrip("…") + "…"]
    middle = 0.44 if size[1] >= size[0] else 0.42
    return [
        _placed(lines, em, size, middle, 0.2, until, 0.6, 0.5, spacing=1.25, edge=0.03),
        label_overlay(size),
    ]


def ending_overlays(lines: list[str], size: tuple[int, int], start: float, end: float) -> list[Overlay]:
    """The end card: the first line large, the others below it."""
    em = 0.052 * min(size)
    small: list[str] = []
    for line in lines[1:]:
        small += break_lines(line, font(em).getlength, 0.84 * size[1])
    head = break_lines(lines[0], font(1.6 * em).getlength, 0.84 * size[1])
    low = _placed(small, em, size, 0.58, start + 0.3, end, 0.6, 0.6, spacing=1.6)
    title = lettering(head, 1.6 * em, colour=(255, 236, 190))
    top = low.y - title.shape[0]
    return [Overlay(title, (size[1] - title.shape[1]) // 2, top, start + 0.3, end, 0.6, 0.6), low]


def lower_third(name: str, detail: str, size: tuple[int, int], style: Style | None = None) -> np.ndarray:
    """A plate for the lower third of the picture: a name, and below it, smaller, what there is to say of it.

    Args:
        name, detail: one line each.
        size: (height, width) of the film.
        style: its letters and plate.

    Returns:
        uint8 (rows, columns, 4); its left edge belongs at the left edge of the picture.

    Raises:
        CourseError: a line is too long for the picture.
    """
    style = style or STYLES["natural"]
    em = 0.05 * min(size)
    parts = []
    for line, height in ((name, 1.3 * em), (detail, em)):
        if font(height).getlength(line) > 0.8 * size[1]:
            raise CourseError(f"the line {line!r} is too long for a lower third: shorten it.")
        parts.append(lettering([line], height, "left", style.letters, 1.2, edge_colour=style.edge))
    rows, columns = sum(p.shape[0] for p in parts) - round(0.8 * em), max(p.shape[1] for p in parts)
    bar = max(2, round(0.22 * em))
    plate = np.zeros((rows, columns + round(0.6 * em), 4), np.uint8)
    plate[:] = (*(style.plate or (16, 20, 30)), 184)
    plate[:, :bar] = (232, 128, 48, 255)  # a bar of colour at the edge leads the eye to the name
    colours, alpha = np.array(plate[..., :3]), np.array(plate[..., 3])
    # the smaller letters have a smaller margin around them: both lines begin at the same place
    for part, top, left in ((parts[0], 0, bar), (parts[1], rows - parts[1].shape[0], bar + round(0.1 * em))):
        lay_over(colours, Overlay(part, left, top, 0, 1), 0.5)
        area = alpha[top : top + part.shape[0], left : left + part.shape[1]]
        np.maximum(area, part[..., 3], out=area)  # where letters stand the plate is opaque
    return np.dstack([colours, alpha])


def inset(picture: np.ndarray, width: int, border: float = 0.02) -> np.ndarray:
    """A picture in the picture: smaller, with round corners and a light border.

    Args:
        picture: uint8 (height, width, 3).
        width: wanted, in pixels; the height follows.
        border: as a share of the width.

    Returns:
        uint8 (rows, width, 4).
    """
    rows = max(1, round(width * picture.shape[0] / picture.shape[1]))
    edge, four = max(1, round(border * width)), 4  # drawn four times as large: smooth corners
    mask = Image.new("L", (four * width, four * rows), 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, four * width - 1, four * rows - 1), four * 3 * edge, fill=255
    )
    inner = Image.new("L", mask.size, 0)
    room = (four * edge, four * edge, four * (width - edge) - 1, four * (rows - edge) - 1)
    ImageDraw.Draw(inner).rounded_rectangle(room, four * 2 * edge, fill=255)
    small = np.asarray(Image.fromarray(picture).resize((width, rows), Image.Resampling.BICUBIC), np.float32)
    inside = np.asarray(inner.resize((width, rows), Image.Resampling.BOX), np.float32)[..., None] / 255
    colours = small * inside + np.float32((245, 245, 240)) * (1 - inside)
    return np.dstack([colours.astype(np.uint8), np.asarray(mask.resize((width, rows), Image.Resampling.BOX))])


def credits(source_sentence: str, language: str, voice: str) -> list[str]:
    """What the end card says: where pictures, voice and sounds come from."""
    if language == "zh":
        made = {"learned": "旁白：神经网络合成语音（课程自训）", "neural": "旁白：神经网络合成语音"}
        spoken = made.get(voice, "旁白：eSpeak NG 合成语音")
        return ["AI生成", source_sentence, spoken, "音乐与环境声：由程序合成"]
    made = {
        "learned": "Voice: a neural network of this course, taught by eSpeak NG",
        "neural": "Voice: synthesised by a neural network",
    }
    return [
        "AI-generated",
        source_sentence,
        made.get(voice, "Voice: synthesised by eSpeak NG"),
        "Music and ambience: synthesised by a program",
    ]
