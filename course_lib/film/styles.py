"""Styles of a film: its colours, its type, its pace. A style is plain data; make your own with `Style(...)`."""

from dataclasses import asdict, dataclass, field, replace

from course_lib.errors import CourseError
from course_lib.film.light import contrast_ratio

LEAST_CONTRAST = 4.5  # of letters to their edge or plate, after the Web Content Accessibility Guidelines


@dataclass(frozen=True)
class Pace:
    """How long things last, in seconds.

    Attributes:
        blend: a cross-fade.
        lead, pause, rest: silence before the words of a shot; after them; after the end of a sentence.
        shortest: no shot is shorter.
    """

    blend: float = 0.6
    lead: float = 0.45
    pause: float = 0.35
    rest: float = 0.75
    shortest: float = 3.0


@dataclass(frozen=True)
class Style:
    """Colours, type and pace of a film.

    Attributes:
        name: a word for the record.
        saturation: 0 grey, 1 as it is, 1.4 vivid.
        black, white: the colours that black and white become, [red, green, blue] from 0 to 255.
        letters, edge: colours of the subtitles and of the line around them.
        plate: None, or a colour of a plate behind the subtitles.
        size: of the subtitles, as a share of the film's short side.
        pace: see `Pace`.
    """

    name: str
    saturation: float = 1.0
    black: tuple = (0, 0, 0)
    white: tuple = (255, 255, 255)
    letters: tuple = (255, 255, 255)
    edge: tuple = (0, 0, 0)
    plate: tuple | None = None
    size: float = 0.060
    pace: Pace = field(default_factory=Pace)

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name:
            raise CourseError("a style needs a name: Style('mine', ...).")
        if not 0 <= self.saturation <= 3:
            raise CourseError(f"the saturation {self.saturation} of style '{self.name}' must be 0 to 3.")
        if not 0.03 <= self.size <= 0.12:
            raise CourseError(
                f"the size {self.size} of style '{self.name}' must be 0.03 to 0.12 of the short side."
            )
        for what in ("black", "white", "letters", "edge", "plate"):
            colour = getattr(self, what)
            if colour is None and what == "plate":
                continue
            if len(colour) != 3 or not all(0 <= number <= 255 for number in colour):
                raise CourseError(
                    f"'{what}' of style '{self.name}' must be three numbers from 0 to 255, not {colour}."
                )
        self._check_pace()

    def check(self) -> "Style":
        """The style itself, if its subtitles can be read.

        Raises:
            CourseError: they cannot; the message gives the contrast.
        """
        behind = self.plate or self.edge
        ratio = contrast_ratio(self.letters, behind)
        if ratio < LEAST_CONTRAST:
            raise CourseError(
                f"the subtitles of style '{self.name}' cannot be read: letters {self.letters} on {behind} have a contrast "
                f"of {ratio:.1f} to 1; choose colours with at least {LEAST_CONTRAST}."
            )
        return self

    def _check_pace(self):
        for what, least, most in (
            ("blend", 0.04, 2.0),
            ("lead", 0.0, 3.0),
            ("pause", 0.0, 3.0),
            ("rest", 0.0, 5.0),
            ("shortest", 1.0, 15.0),
        ):
            seconds = getattr(self.pace, what)
            if not least <= seconds <= most:
                raise CourseError(
                    f"'{what}' of style '{self.name}' is {seconds} s: choose {least:g} to {most:g}."
                )
        if self.pace.blend > self.pace.shortest / 2:
            raise CourseError(
                f"a cross-fade of {self.pace.blend} s in a shot of {self.pace.shortest} s leaves nothing to see: "
                "choose a shorter blend or a longer shot."
            )

    def record(self) -> dict:
        """The style as plain data, for film.json."""
        return asdict(self)


STYLES = {
    one.name: one
    for one in (
        Style("natural"),
        # for the small screen of a telephone: strong colours, large letters on a plate, quick
        Style(
            "vivid",
            saturation=1.4,
            letters=(255, 235, 60),
            plate=(20, 20, 28),
            size=0.068,
            pace=Pace(blend=0.32, lead=0.3, pause=0.25, rest=0.5, shortest=2.4),
        ),
        Style("warm", black=(8, 2, 0), white=(255, 248, 222), letters=(255, 246, 224), edge=(40, 18, 6)),
        # black and white, slow, small letters
        Style(
            "ink",
            saturation=0.0,
            black=(14, 14, 20),
            white=(252, 249, 240),
            size=0.054,
            pace=Pace(blend=1.2, lead=0.7, pause=0.6, rest=1.2, shortest=4.0),
        ),
        Style(
            "vintage",
            saturation=0.6,
            black=(28, 22, 34),
            white=(250, 240, 215),
            letters=(250, 236, 200),
            edge=(30, 22, 18),
            pace=Pace(blend=0.9, lead=0.5, pause=0.45, rest=0.9, shortest=3.4),
        ),
    )
}


def style_named(style: "str | Style") -> Style:
    """A style by its name; a `Style` of your own is checked and stays what it is.

    Raises:
        CourseError: there is none of that name, or its subtitles cannot be read.
    """
    if isinstance(style, Style):
        return style.check()
    if style not in STYLES:
        raise CourseError(f"there is no style '{style}': choose {', '.join(STYLES)}, or make a Style.")
    return STYLES[style]


def varied(style: "str | Style", name: str, **changes) -> Style:
    """A style like another, with some things changed: `varied("ink", "mine", letters=(255, 240, 200))`."""
    return replace(style_named(style), name=name, **changes)
