"""A landscape generator's clip, as long and as large as a film wants it.

What the generator draws, it draws once: sheets, and how they move through its few frames. So nothing need be repeated or
blended to fill a long shot. The sheets are enlarged once, their paths become smooth curves that take as long as the shot,
and rain and snow fall on at their own speed.
"""

import numpy as np
import torch
import torch.nn.functional as F

from course_lib.gan.camera import WIDE, film
from course_lib.gan.landscape import RIDGED, RIDGES, SHEETS
from course_lib.gan.skyline import between, standing
from course_lib.scenery.plan import SECONDS

MOST_ROWS = 512  # a sheet is not enlarged beyond
WIDEST = 1.25  # half widths that a wide film may see: more shows more of a scene, and the same once more at its edges
EDGE = 1.3  # how much crisper the land's outline becomes when it is enlarged
SEAM = 2  # pixels of the opposite edge that an enlargement looks at
LAND = SHEETS.index("land")
DEGREE = 3  # of the curve through a path's points


class Footage:
    """One generated scene, ready to be filmed.

    Args:
        part: of `LandscapeGenerator.parts`, of one clip.
        size: (height, width) of the pictures.
        seconds: how long the shot lasts; the camera's way takes all of it.
        view: 0 shows all; 1, 2, ... stand closer and aside, as other framings of the same scene.
        enlarge: a network for the colours of the sheets, see `enlarged`.
    """

    def __init__(self, part: dict, size: tuple[int, int], seconds: float, view: int = 0, enlarge=None):
        self.size, self.seconds = tuple(size), float(seconds)
        aspect = size[1] / size[0]
        high = min(1.0, WIDEST / aspect)
        closer = 1.0 if view == 0 else (0.78, 0.86)[view % 2]
        self.window = (high * closer, high * aspect * closer)
        self.aside = 0.0 if view == 0 else 0.3 * (-1) ** view
        rows = min(MOST_ROWS, round(size[0] / self.window[0]))
        self.part = enlarged(part, max(rows, part["colours"].shape[3]), enlarge)
        # The camera's way lies about the middle of the sheets: a wide film sees more of them than the training did.
        shift = part["shift"][0] - part["shift"][0, :, LAND : LAND + 1, :1].mean(0) * torch.tensor([1.0, 0.0])
        moves = torch.cat([shift.flatten(1), part["scale"][0].log()], 1)
        self.frames = len(moves)
        self.curve = np.polynomial.polynomial.polyfit(
            np.linspace(0, 1, self.frames), moves.double().numpy(), min(DEGREE, self.frames - 1)
        )
        self.strength = part["strength"][0]

    @torch.no_grad()
    def frame(self, second: float) -> np.ndarray:
        """The picture at a moment of the shot: uint8 (height, width, 3)."""
        share = min(max(second / self.seconds, 0.0), 1.0)
        moves = torch.as_tensor(np.polynomial.polynomial.polyval(share, self.curve), dtype=torch.float32)
        count = len(SHEETS)
        shift = moves[: 2 * count].view(1, 1, count, 2) + torch.tensor([self.aside, 0.0])
        scale = moves[2 * count :].exp().view(1, 1, count)
        now = (
            max(second, 0.0) * (self.frames - 1) / SECONDS
        )  # in frames of the training: for what has a speed of its own
        picture = film(self.part, shift, scale, self.glitter(now), self.size, first=now, window=self.window)
        return ((picture[0, :, 0].permute(1, 2, 0) + 1) * 127.5 + 0.5).clamp(0, 255).byte().numpy()

    def glitter(self, now: float):
        """Strength of each glittering picture: there and back through the frames, each at a pace of its own."""
        rows = []
        for number, pace in enumerate((1.0, 0.83, 1.21)):
            place = (now * pace) % (2 * (self.frames - 1))
            place = min(place, 2 * (self.frames - 1) - place)
            before = min(int(place), self.frames - 2)
            part = place - before
            rows.append(self.strength[before, number] * (1 - part) + self.strength[before + 1, number] * part)
        return torch.stack(rows).view(1, 1, 3)


def enlarged(part: dict, rows: int, enlarge=None) -> dict:
    """The same parts with larger sheets.

    `enlarge(colours (batch, sheets, 3, h, w) in [-1, 1], (rows, columns))` draws the colours, where they become larger at all,
    as `course_lib.film.superres.enlarge_sheets` does; without it they are enlarged by cubic interpolation.

    Colour and transparency are enlarged apart, so that nothing of a hidden colour shines through. What stands below a line is
    cut out anew along it, as sharp as the larger picture allows; other outlines of the ground are made crisper: enlarged as they
    are, they would be a haze some ten pixels wide.
    """
    size = (rows, round(WIDE * rows))
    same = rows == part["colours"].shape[3]
    times = rows / part["colours"].shape[3]
    # sheets with a line become as much steeper as they become larger: the line and all that was added to it
    steep = {"drifting": 1.0, **dict.fromkeys(RIDGES, times), "near": EDGE}
    steep = torch.tensor([steep[name] for name in SHEETS[1:]]).view(1, -1, 1, 1, 1)
    free = round_about(cubic, part["free"], size) * steep
    free[:, RIDGED, 0] += standing(between(part["lines"], size[1]), rows)
    alphas = torch.cat([torch.ones_like(free[:, :1]), torch.sigmoid(free)], 1)
    colours = round_about(cubic if enlarge is None or same else enlarge, part["colours"], size).clamp(-1, 1)
    falling = round_about(cubic, part["falling"][:, :, None], (rows, rows), (SEAM, SEAM))[:, :, 0].clamp(0, 1)
    return part | {"colours": colours, "alphas": alphas, "falling": falling}


def cubic(pictures, size):
    """(batch, n, channels, h, w) at another size, by cubic interpolation."""
    return F.interpolate(pictures.flatten(0, 1), size, mode="bicubic").unflatten(0, pictures.shape[:2])


def round_about(how, pictures, size, margin=(0, SEAM)):
    """Pictures that go on at the opposite edge, enlarged by `how` without a seam there.

    Args:
        how: from (batch, n, channels, h, w) and a size to pictures of that size.
        margin: rows and columns that are laid on at each edge for it, and cut off again; 0 where an edge is an end.
    """
    shape = tuple(pictures.shape[3:])
    for axis, more in zip((3, 4), margin):
        if more:
            ends = pictures.narrow(axis, shape[axis - 3] - more, more), pictures.narrow(axis, 0, more)
            pictures = torch.cat([ends[0], pictures, ends[1]], axis)
    times = [size[k] / shape[k] for k in (0, 1)]
    made = how(pictures, tuple(round((shape[k] + 2 * margin[k]) * times[k]) for k in (0, 1)))
    for axis, more, time, wanted in zip((3, 4), margin, times, size):
        made = made.narrow(axis, round(more * time), wanted)
    return made
