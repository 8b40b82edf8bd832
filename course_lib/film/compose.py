"""Pictures of the film, one after the other: clips, cross-fades, focus, colours, writing."""

from collections.abc import Iterator

import numpy as np

from course_lib.film.cards import Overlay, lay_over
from course_lib.film.clips import Clip, ClipSource
from course_lib.film.light import fade
from course_lib.film.styles import Style
from course_lib.film.timeline import Take, Timeline, crossfade
from course_lib.film.upscale import blur, soften, styled, upscale

DIM = 0.6  # how dark the picture behind the title is


class Composer:
    """Makes any picture of a film, by its second.

    Args:
        timeline: what is seen when.
        source: of the clips.
        base: (height, width) that the source films in.
        size: (height, width) of the film.
        overlays: everything written.
        style: its colours, see `styles.STYLES`.
    """

    def __init__(
        self,
        timeline: Timeline,
        source: ClipSource,
        base,
        size,
        overlays: list[Overlay],
        style: str | Style = "natural",
    ):
        self.timeline, self.source, self.base, self.size = timeline, source, base, size
        self.overlays, self.style = overlays, style
        self._clips: dict[int, Clip] = {}

    def clip(self, take: Take) -> Clip:
        """The clip of a take; kept while it can still be seen."""
        if take.number not in self._clips:
            for number in [n for n in self._clips if n < take.number - 1]:
                del self._clips[number]
            self._clips[take.number] = self.source.clip(
                take.shot, self.base, take.end - take.start, take.view
            )
        return self._clips[take.number]

    def picture(self, second: float) -> np.ndarray:
        """The film at a moment: uint8 (height, width, 3)."""
        (take, _), *coming = self.timeline.showing(second)
        mixed = self.clip(take).frame(second - take.start)
        for take, share in coming:  # in linear light, as two projectors would
            mixed = fade(mixed, self.clip(take).frame(second - take.start), share)
        picture = self._focused(styled(mixed, self.style), second)
        if min(self.size) > min(self.base):
            picture = soften(picture)
        picture = np.array(upscale(picture, self.size))
        for overlay in self.overlays:
            lay_over(picture, overlay, second)
        return picture

    def _focused(self, picture: np.ndarray, second: float) -> np.ndarray:
        """Behind title and end card the picture is dark and out of focus; it begins and ends in black."""
        line = self.timeline
        behind_title = 1 - crossfade(second, line.opening_end - 0.8, line.opening_end + 0.2)
        behind_card = crossfade(second, line.ending_start - 0.1, line.ending_start + 0.9)
        behind = max(behind_title, behind_card)
        black = min(crossfade(second, -0.2, 0.5), 1 - crossfade(second, line.seconds - 0.7, line.seconds))
        if behind > 0:
            picture = blur(picture, 0.012 * min(self.base) * behind)
        light = black * (1 - behind * (1 - DIM))
        if light >= 1:
            return picture
        table = (np.arange(256) * light + 0.5).astype(np.uint8)
        return table[picture]

    def pictures(self) -> Iterator[np.ndarray]:
        """All pictures in order."""
        for number in range(self.timeline.frames):
            yield self.picture(number / self.timeline.fps)
