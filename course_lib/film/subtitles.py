"""Subtitles: lines that break where a reader would, times from the spoken words, pictures that can be read."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from course_lib.errors import CourseError
from course_lib.film.fonts import font
from course_lib.film.timeline import Take
from course_lib.text.words import HAN, tokenize

# Marks that must not begin a line, and marks that must not end one (kinsoku).
NOT_FIRST = "，。！？；：、…,.!?;:”’」』）》)]}%·~"
NOT_LAST = "“‘「『（《([{"
# Small words lean on the next one: better not at the end of a line.
_SMALL = "a an the at in on of to by for from with and or but my your his her its our their is was"


@dataclass(frozen=True)
class Cue:
    """One subtitle: `text` of one or two lines, shown from `start` to `end` in seconds of the film."""

    start: float
    end: float
    text: str


def pieces(text: str) -> list[str]:
    """A text cut where a line may end: Chinese words, Latin words with their marks; spaces are kept in front."""
    found: list[str] = []
    end = 0
    for token, start in tokenize(text):
        gap = text[end:start]
        end = start + len(token)
        joined = found and not gap and (token[0] in NOT_FIRST or found[-1][-1] in NOT_LAST)
        if joined:
            found[-1] += token
        else:
            found.append((" " if gap else "") + token)
    return found


def columns(text: str) -> int:
    """How wide a text is if every Chinese character or mark takes two columns and a Latin letter one."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def fill_lines(pieces, width_of, widest):
    """Fill line after line: a piece goes on the line if the line then is no wider than allowed, else on a new one.

    Args:
        pieces: list of strings between which a line may end, in order. A space between two words stands at the
            *beginning* of the second piece: [" word"].
        width_of: function from a string to its width.
        widest: how wide a line may be, in the same unit. A piece that alone is wider gets a line of its own.

    Returns:
        List of lines without spaces at their ends; of these neither counts for the width.
    """
    lines = [""]
    for piece in pieces:
        if lines[-1] and width_of((lines[-1] + piece).strip()) > widest:
            lines.append(piece)
        else:
            lines[-1] += piece
    return [line.strip() for line in lines]


def break_lines(text: str, width_of, widest: float) -> list[str]:
    """Break a text into lines no wider than `widest`, the last two about equally long.

    Args:
        text: one paragraph.
        width_of: function from a string to its width, e.g. in pixels.
        widest: in the same unit; a single word wider than this is cut.
    """
    units: list[str] = []
    for piece in pieces(text):
        while width_of(piece.strip()) > widest and len(piece) > 1:
            cut = next(
                n for n in range(len(piece) - 1, 0, -1) if n == 1 or width_of(piece[:n].strip()) <= widest
            )
            units.append(piece[:cut])
            piece = piece[cut:]
        units.append(piece)

    lines = fill_lines(units, width_of, widest)
    if len(lines) == 2:
        return _halves(units, width_of, widest) or lines
    if len(lines) > 2:  # the same number of lines, but as even as they can be
        low, high = 0.0, float(widest)
        for _ in range(12):
            middle = (low + high) / 2
            tried = fill_lines(units, width_of, middle)
            fits = len(tried) <= len(lines) and all(width_of(line) <= widest for line in tried)
            low, high = (low, middle) if fits else (middle, high)
        lines = fill_lines(units, width_of, high)
    return lines


def _halves(units: list[str], width_of, widest: float) -> list[str] | None:
    """Two lines, about equal; better still with the break after a comma."""
    best, least = None, np.inf
    for cut in range(1, len(units)):
        first, second = "".join(units[:cut]).strip(), "".join(units[cut:]).strip()
        a, b = width_of(first), width_of(second)
        if max(a, b) > widest:
            continue
        cost = abs(a - b) / (a + b) - (0.35 if first[-1] in NOT_FIRST else 0.0)
        cost += 0.2 if first.split(" ")[-1].lower() in _SMALL.split() else 0.0
        if cost < least:
            best, least = [first, second], cost
    return best


def cues_of(takes: list[Take], width_of, widest: float) -> list[Cue]:
    """The subtitles of a film: at most two lines each, in step with the words.

    Args:
        takes: with their speech on the film's clock.
        width_of, widest: see `break_lines`.
    """
    cues: list[Cue] = []
    for take in takes:
        lines = break_lines(take.shot.text, width_of, widest)
        pairs = [lines[n : n + 2] for n in range(0, len(lines), 2)]
        counts = [_letters("".join(pair)) for pair in pairs]
        words = [[_letters(word.text), word.start, word.end] for word in take.speech.words]
        for number, (pair, span) in enumerate(zip(pairs, cue_times(words, counts))):
            if span is None:
                continue
            begin, end = span
            if number == len(pairs) - 1:
                end = take.speech.seconds
            lines = "\n".join(map(_tidy, pair))
            cues.append(Cue(round(take.speech_at + begin, 3), round(take.speech_at + end, 3), lines))
    return [_lingering(cue, cues[n + 1] if n + 1 < len(cues) else None) for n, cue in enumerate(cues)]


def cue_times(words, counts):
    """From when to when each subtitle is spoken, if its letters are those of the next words.

    A subtitle takes words until it has heard as many letters as it shows, together with all subtitles before it;
    a word that begins in one subtitle and goes on in the next belongs to the first.

    Args:
        words: list of [letters, start, end] in the order they are spoken: how many letters each has, and its
            times in seconds.
        counts: how many letters each subtitle shows.

    Returns:
        A list as long as `counts`: [start of its first word, end of its last word], or None for a
        subtitle that no word is left for.
    """
    times, next_word, heard, shown = [], 0, 0, 0
    for count in counts:
        shown += count
        first = next_word
        while next_word < len(words) and heard < shown:
            heard += words[next_word][0]
            next_word += 1
        if next_word > first:
            times.append([words[first][1], words[next_word - 1][2]])
        else:
            times.append(None)
    return times


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def _tidy(line: str) -> str:
    """Chinese subtitles end without comma or full stop."""
    return re.sub(f"(?<=[{HAN}A-Za-z0-9”’」』）])[，。；：、]+$", "", line)


def _lingering(cue: Cue, following: Cue | None, extra: float = 0.12) -> Cue:
    """Let a subtitle stay a moment after its last word, but never into the next."""
    end = cue.end + extra if following is None else min(cue.end + extra, following.start)
    return Cue(cue.start, round(max(end, cue.start + 0.3), 3), cue.text)


def srt(cues: list[Cue]) -> str:
    """The subtitles as a SubRip file."""

    def clock(second: float) -> str:
        milliseconds = round(second * 1000)
        hours, rest = divmod(milliseconds, 3_600_000)
        minutes, rest = divmod(rest, 60_000)
        return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d},{rest % 1000:03d}"

    return "".join(f"{n}\n{clock(c.start)} --> {clock(c.end)}\n{c.text}\n\n" for n, c in enumerate(cues, 1))


def read_srt(text: str) -> list[Cue]:
    """Read a SubRip file back.

    Raises:
        CourseError: it is not one.
    """
    cues = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = block.split("\n")
        times = re.findall(r"(\d+):(\d+):(\d+)[,.](\d+)", lines[1] if len(lines) > 1 else "")
        if len(times) != 2:
            raise CourseError(f"this is no SubRip subtitle: {block[:60]!r}.")
        start, end = (int(h) * 3600 + int(m) * 60 + int(s) + int(f) / 1000 for h, m, s, f in times)
        cues.append(Cue(start, end, "\n".join(lines[2:])))
    return cues


def lettering(
    lines: list[str],
    em: float,
    align="center",
    colour=(255, 255, 255),
    spacing=1.35,
    edge=0.055,
    edge_colour=(0, 0, 0),
    plate=None,
):
    """Text as a picture that can be read on anything: light letters, a dark edge, a soft shadow.

    Args:
        lines: of text.
        em: size of a Chinese character in pixels.
        align: 'left' or 'center'.
        colour: of the letters.
        spacing: from line to line, in em.
        edge: width of the dark edge, in em.
        edge_colour: of the edge and of the shadow.
        plate: None, or the colour of a plate behind the letters, in place of the shadow.

    Returns:
        uint8 (height, width, 4), colours not multiplied by alpha.
    """
    face = font(em)
    stroke = max(1, round(em * edge))
    margin = stroke + max(2, round(em * 0.3))
    step = round(em * spacing)
    widths = [face.getlength(line) for line in lines]
    size = (int(max(widths, default=0)) + 2 * margin + 2, step * len(lines) + 2 * margin)
    dark, light = Image.new("L", size), Image.new("L", size)
    for number, (line, width) in enumerate(zip(lines, widths)):
        x = margin if align == "left" else (size[0] - width) / 2
        at = (x, margin + number * step + step / 2)
        ImageDraw.Draw(dark).text(at, line, fill=255, font=face, stroke_width=stroke, anchor="lm")
        ImageDraw.Draw(light).text(at, line, fill=255, font=face, anchor="lm")
    glow = dark.filter(ImageFilter.GaussianBlur(max(1.0, em * 0.10)))
    around = np.maximum(np.asarray(dark, np.float32) * 0.92, np.asarray(glow, np.float32) * 0.75) / 255
    if plate is not None:
        sheet = Image.new("L", size)
        reach = (1, margin // 2, size[0] - 2, size[1] - 1 - margin // 2)
        ImageDraw.Draw(sheet).rounded_rectangle(reach, radius=0.25 * em, fill=255)
        around, edge_colour = np.asarray(sheet, np.float32) / 255 * 0.88, plate
    letters = np.asarray(light, np.float32)[..., None] / 255
    # letters over edge and shadow
    beneath = around[..., None] * (1 - letters)
    alpha = letters + beneath
    rgb = np.array(colour, np.float32) * letters + np.array(edge_colour, np.float32) * beneath
    return np.dstack([rgb / np.maximum(alpha, 1e-6), alpha * 255]).clip(0, 255).astype(np.uint8)
