"""When everything happens: the opening, each shot with its speech, the end card."""

from dataclasses import dataclass, field

from course_lib.audio.speech import Speech
from course_lib.film.styles import Pace
from course_lib.text.storyboard import Shot

FPS = 25
OPENING = 3.2  # seconds of title and label before the first words
ENDING = 4.0  # the end card
BLEND = Pace().blend  # a cross-fade, unless a style says otherwise
LONGEST_FILM = 90.0


@dataclass
class Take:
    """A shot on the timeline, in seconds of the film.

    Attributes:
        shot: its words and attributes.  number: 0, 1, ...
        start, end: when its picture is seen, cross-fades included: neighbours overlap by the pace's blend.
        cut, until: the middles of these cross-fades.
        speech: the voice.  speech_at: when it begins.
        view: which framing of the place: 0 the first, then others.
    """

    shot: Shot
    number: int
    start: float
    end: float
    cut: float
    until: float
    speech: Speech
    speech_at: float
    view: int

    @property
    def speech_end(self) -> float:
        return self.speech_at + self.speech.seconds


@dataclass
class Timeline:
    """All takes of a film, and its length; everything begins and ends on a picture.

    Attributes:
        takes: in order.  seconds: of the whole film.  frames: how many pictures.
        opening_end: the title is gone.  ending_start: the end card comes.
    """

    takes: list[Take] = field(default_factory=list)
    seconds: float = 0.0
    opening_end: float = OPENING
    ending_start: float = 0.0
    fps: int = FPS

    @property
    def frames(self) -> int:
        return round(self.seconds * self.fps)

    def showing(self, second: float) -> list[tuple[Take, float]]:
        """The takes seen at a moment, with their shares of the picture (they add up to 1)."""
        seen = [take for take in self.takes if take.start <= second < take.end] or [self.takes[-1]]
        if len(seen) == 1:
            return [(seen[0], 1.0)]
        first, second_take = seen[-2:]
        share = crossfade(second, second_take.start, first.end)
        return [(first, 1 - share), (second_take, share)]


def crossfade(second: float, begin: float, end: float) -> float:
    """The share of what comes, from 0 at `begin` to 1 at `end`, slow at both ends."""
    x = min(1.0, max(0.0, (second - begin) / (end - begin)))
    return x * x * (3 - 2 * x)


def on_frame(second: float, fps: int = FPS) -> float:
    """The nearest moment at which a picture begins."""
    return round(second * fps) / fps


def lay_out(shots: list[Shot], speeches: list[Speech], fps: int = FPS, pace: Pace | None = None) -> Timeline:
    """Give every shot its time: as long as its words, with room to breathe.

    Args:
        shots: of the storyboard.
        speeches: the voice of each.
        fps: pictures a second.
        pace: of the style.
    """
    pace = pace or Pace()
    timeline = Timeline(fps=fps)
    now = OPENING
    seen: dict[str, int] = {}
    for number, (shot, speech) in enumerate(zip(shots, speeches)):
        lead = 0.2 if number == 0 else pace.lead  # the opening was pause enough
        length = max(pace.shortest, lead + speech.seconds + (pace.rest if shot.ends else pace.pause))
        until = on_frame(now + length, fps)
        view = seen.get(shot.attributes["place"], 0)
        seen[shot.attributes["place"]] = view + 1
        timeline.takes.append(
            Take(
                shot,
                number,
                now - pace.blend / 2,
                until + pace.blend / 2,
                now,
                until,
                speech,
                now + lead,
                view,
            )
        )
        now = until
    timeline.ending_start = now
    timeline.seconds = on_frame(now + ENDING, fps)
    # The first picture is there from the start, behind the title; the last stays behind the end card.
    timeline.takes[0].start = timeline.takes[0].cut = 0.0
    timeline.takes[-1].end = timeline.takes[-1].until = timeline.seconds
    return timeline
