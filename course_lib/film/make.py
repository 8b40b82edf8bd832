"""A sentence becomes a film: `prepare_film` makes all its parts, `Film.save` writes them, `make_film` does both."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course_lib.audio.loudness import loudness, true_peak
from course_lib.audio.mix import Scene, Sound, mix
from course_lib.audio.speech import speak_all
from course_lib.errors import CourseError
from course_lib.film import label, publish
from course_lib.film.cards import (
    credits,
    ending_overlays,
    opening_overlays,
    subtitle_em,
    subtitle_overlays,
    widest_line,
)
from course_lib.film.clips import ASPECTS, ClipSource, source
from course_lib.film.compose import Composer
from course_lib.film.fonts import font
from course_lib.film.seal import label_key, seal
from course_lib.film.styles import STYLES, Pace, Style, style_named
from course_lib.film.subtitles import Cue, cues_of
from course_lib.film.timeline import ENDING, FPS, LONGEST_FILM, Timeline, lay_out
from course_lib.text.storyboard import Storyboard, storyboard

CUE_AT = 0.9  # when the audible label sounds


@dataclass
class Film:
    """All parts of a film, ready to be looked at, listened to, and written.

    Attributes:
        storyboard: what the text became.  timeline: what is seen and said when.
        sound: `mix` and `stems`.  subtitles: cues.  source: of the pictures.
        size: (height, width).  settings: aspect, style, seed, voice, source.
        path: of the mp4, once saved.
    """

    storyboard: Storyboard
    timeline: Timeline
    sound: Sound
    subtitles: list[Cue]
    source: ClipSource
    size: tuple[int, int]
    settings: dict
    composer: Composer = field(repr=False)
    path: Path | None = None

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.timeline.seconds

    @property
    def shots(self) -> list:
        """The takes: shots with their place on the timeline, see `timeline.Take`."""
        return self.timeline.takes

    def pictures(self):
        """All pictures in order, uint8 (height, width, 3) each."""
        return self.composer.pictures()

    def picture(self, second: float) -> np.ndarray:
        """The picture at a moment."""
        return self.composer.picture(min(max(0.0, second), self.seconds - 1 / self.timeline.fps))

    def contact_sheet(self, count: int = 12, columns: int = 4, width: int = 320) -> np.ndarray:
        """`count` pictures spread over the film, as one picture: uint8 (rows * height, columns * width, 3)."""
        from course_lib.film.upscale import upscale

        height = round(width * self.size[0] / self.size[1])
        rows = -(-count // columns)
        sheet = np.zeros((rows * height, columns * width, 3), np.uint8)
        for number in range(count):
            row, column = divmod(number, columns)
            small = upscale(self.picture((number + 0.5) / count * self.seconds), (height, width))
            sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = small
        return sheet

    def assumed(self) -> list[str]:
        """What the film assumed, one sentence each, without repeats."""
        found = [f"{slot}: {why}" for take in self.shots for slot, why in take.shot.assumed.items()]
        return list(dict.fromkeys(found))

    def aigc(self, fingerprint: str | None = None) -> str:
        """The provenance metadata, see `label.aigc`; with the fingerprint of the finished film also its seal."""
        fields = label.aigc(self.storyboard.text, json.dumps(self.settings, sort_keys=True))
        if fingerprint is not None:
            fields["ReservedCode1"] = seal(fields, fingerprint, label_key())
        return json.dumps(fields, ensure_ascii=False)

    def record(self, fingerprint: str | None = None) -> dict:
        """Everything about the film as plain data: what film.json holds (there the label has its seal, too)."""
        board = self.storyboard
        return {
            "made_by": label.PRODUCER,
            "text": board.text,
            "title": board.title,
            "language": board.language,
            "mood": board.mood,
            **self.settings,
            "size": {"width": self.size[1], "height": self.size[0]},
            "fps": self.timeline.fps,
            "seconds": round(self.seconds, 3),
            "pictures_from": self.source.credit(board.language),
            "weights": self.source.weights,
            "label": json.loads(self.aigc(fingerprint)),
            "loudness_lufs": round(loudness(self.sound.mix), 2),
            "true_peak_dbtp": round(true_peak(self.sound.mix), 2),
            "assumed": self.assumed(),
            "unknown_places": list(board.unknown_places),
            "left_out": board.omitted,
            "shots": [self._shot_record(take) for take in self.shots],
            "subtitles": [{"start": c.start, "end": c.end, "text": c.text} for c in self.subtitles],
        }

    def _shot_record(self, take) -> dict:
        shot, at = take.shot, take.speech_at
        return {
            "number": take.number + 1,
            "text": shot.text,
            "start": round(take.cut, 3),
            "end": round(take.until, 3),
            "words": [[w.text, round(at + w.start, 3), round(at + w.end, 3)] for w in take.speech.words],
            "shows": shot.attributes,
            "said": shot.said,
            "kept_from_before": list(shot.carried),
            "assumed": shot.assumed,
            "view": take.view,
            "seed": shot.seed,
            "source": self.source.name,
            "weights": self.source.weights,
            "judge": self.source.judged(shot),
        }

    def save(self, path, progress=None) -> "Film":
        """Write the film, and film.json beside it (same name, .json).

        Args:
            path: ends in .mp4; an existing film is replaced when the new one is complete.
            progress: called with (pictures written, pictures in all).

        Raises:
            CourseError: it cannot be written there; nothing is left behind.
        """
        path = publish.check_target(path)
        told = (lambda n: progress(n, self.timeline.frames)) if progress else None
        # film.json is written aside first, so that a full disk leaves neither
        with publish.written(path.with_suffix(".json"), self._json(None)) as rewrite:

            def metadata(fingerprint: str) -> dict[str, str]:
                if fingerprint:
                    rewrite(self._json(fingerprint))
                return {
                    "title": self.storyboard.title,
                    "comment": self.source.credit("en"),
                    "AIGC": self.aigc(fingerprint),
                }

            publish.encode(
                self.pictures(),
                self.sound.mix,
                self.subtitles,
                path,
                size=self.size,
                fps=self.timeline.fps,
                language=self.storyboard.language,
                metadata=metadata,
                progress=told,
            )
        self.path = path
        return self

    def _json(self, fingerprint: str | None) -> bytes:
        return (json.dumps(self.record(fingerprint), ensure_ascii=False, indent=1) + "\n").encode()


def prepare_film(
    text: str,
    *,
    aspect: str = "16:9",
    style: str | Style = "natural",
    pictures: str | ClipSource = "gan",
    seed: int = 0,
    voice: str = "female",
    short_side: int = 720,
    fps: int = FPS,
) -> Film:
    """Make all parts of a film but the file.

    Args:
        text: Chinese or English, at most 10,000 characters; what would make the film longer than 90 s is
            left out by whole sentences and listed in `storyboard.omitted`.
        aspect: '16:9', '9:16' or '1:1'.
        style: colours, type and pace: natural, vivid, warm, ink, vintage, or a `styles.Style` of your own.
        pictures: 'gan' (the course's generator), 'renderer' (a program that paints), or a `ClipSource` of your own.
        seed: another seed, another mountain and another tune; the same seed, the same film.
        voice: female, male, a variant of eSpeak NG such as f4, or 'learned', the network of lesson 08.
        short_side: of the film in pixels, 90 to 1080.
        fps: pictures a second, 10 to 50.

    Raises:
        CourseError: something is not as described; the message says what to do.
    """
    if aspect not in ASPECTS:
        raise CourseError(f"there is no aspect '{aspect}': choose {', '.join(ASPECTS)}.")
    style = style_named(style)
    if not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**31:
        raise CourseError(f"the seed {seed!r} must be a whole number from 0 to {2**31 - 1}.")
    if not 90 <= short_side <= 1080:
        raise CourseError(f"the short side {short_side} must be 90 to 1080 pixels.")
    if fps not in range(10, 51):
        raise CourseError(f"{fps} pictures a second cannot be: choose 10 to 50.")
    made_by = source(pictures) if isinstance(pictures, str) else pictures
    font(10)  # a missing font is told now, not after a minute
    publish.ffmpeg()
    board, timeline = _plan(text, int(seed), voice, fps, style.pace)
    size, base = _sizes(aspect, short_side)
    cues = cues_of(timeline.takes, font(subtitle_em(size, style)).getlength, widest_line(size))
    end_card = credits(made_by.credit(board.language), board.language, voice)
    overlays = [
        *opening_overlays(board.title, size, timeline.opening_end),
        *subtitle_overlays(cues, size, style),
        *ending_overlays(end_card, size, timeline.ending_start, timeline.seconds),
    ]
    named = style.name if STYLES.get(style.name) == style else style.record()
    settings = {"aspect": aspect, "style": named, "seed": int(seed), "voice": voice, "source": made_by.name}
    return Film(
        board,
        timeline,
        _sound(board, timeline, int(seed)),
        cues,
        made_by,
        size,
        settings,
        Composer(timeline, made_by, base, size, overlays, style),
    )


def _plan(text: str, seed: int, voice: str, fps: int, pace: Pace) -> tuple[Storyboard, Timeline]:
    """Storyboard and timeline, with sentences left out until the film is short enough."""
    seconds = LONGEST_FILM
    while True:
        board = storyboard(text, seed, seconds)
        speeches = speak_all([shot.text for shot in board.shots], voice)
        if not any(speech.words for speech in speeches):
            raise CourseError(
                "nothing in the text can be spoken: write at least one word in Chinese or English."
            )
        timeline = lay_out(board.shots, speeches, fps, pace)
        if timeline.seconds <= LONGEST_FILM:
            return board, timeline
        seconds *= min(0.95, LONGEST_FILM / timeline.seconds)


def _sizes(aspect: str, short_side: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """(height, width) of the film, even numbers, and of the source's pictures, never larger."""
    base = ASPECTS[aspect]
    scale = short_side / min(base)
    size = tuple(2 * round(side * scale / 2) for side in base)
    return size, (base if scale >= 1 else size)


def _sound(board: Storyboard, timeline: Timeline, seed: int) -> Sound:
    scenes: list[Scene] = []
    for take in timeline.takes:
        heard = {name: take.shot.attributes[name] for name in ("place", "time", "weather")}
        if scenes and scenes[-1].attributes == heard:  # the same place goes on
            scenes[-1] = Scene(heard, scenes[-1].start, take.end)
        else:
            scenes.append(Scene(heard, take.start, take.end))
    spoken = [(take.speech_at, take.speech) for take in timeline.takes]
    return mix(timeline.seconds, spoken, scenes, board.mood, seed, cue_at=CUE_AT, tail=ENDING)


def make_film(text: str, out, *, progress=None, **settings) -> Film:
    """Make a film of a text and write it.

    Args:
        text: Chinese or English.
        out: path of the mp4; film.json goes beside it.
        progress: called with (pictures written, pictures in all).
        settings: see `prepare_film`.

    Returns:
        The film, with all its parts.

    Raises:
        CourseError: the message says what is wrong; no half-written file is left.

    Example:
        >>> make_film("今天去了西藏，风景真的很美。", "film.mp4").seconds  # doctest: +SKIP
    """
    publish.check_target(out)
    return prepare_film(text, **settings).save(out, progress)
