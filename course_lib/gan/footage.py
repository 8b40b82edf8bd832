"""A landscape generator's clip, as long and as large as a film wants it.

What the generator draws, it draws once: sheets, and how they move through its few frames. So nothing need be repeated or
blended to fill a long shot. The sheets are enlarged once, their paths become smooth curves that take as long as the shot,
and rain and snow fall on at their own speed.
"""

import numpy as np
import torch
import torch.nn.functional as F

from course_lib.gan.landscape import WIDE, film
from course_lib.scenery.plan import SECONDS

MOST_ROWS = 512  # a sheet is not enlarged beyond
WIDEST = 1.25  # half widths that a wide film may see: more shows more of a scene, and its mirrored edges
EDGE = 1.3  # how much crisper the land's outline becomes when it is enlarged
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
        shift = part["shift"][0] - part["shift"][0, :, 2:3, :1].mean(0) * torch.tensor([1.0, 0.0])
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
        shift = moves[:8].view(1, 1, 4, 2) + torch.tensor([self.aside, 0.0])
        scale = moves[8:].exp().view(1, 1, 4)
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

    `enlarge(colours (batch, 4, 3, h, w) in [-1, 1], (rows, columns))` draws the colours, where they become larger at all, as
    `course_lib.film.superres.enlarge_sheets` does; without it they are enlarged by cubic interpolation.

    Colour and transparency are enlarged apart, so that nothing of a hidden colour shines through. The outline of what stands in
    front of the sky is made crisper: enlarged as it is, it would be a haze some ten pixels wide.
    """
    size = (rows, round(WIDE * rows))

    def big(pictures):
        flat = pictures.flatten(0, 1)
        return F.interpolate(flat, size, mode="bicubic").unflatten(0, pictures.shape[:2])

    solid = part["alphas"].clamp(0.002, 0.998)
    crisp = torch.tensor([1.0, 1.0, EDGE, EDGE]).view(1, 4, 1, 1, 1)
    alphas = torch.sigmoid(big(solid.logit()) * crisp)
    alphas[:, 0] = 1.0
    falling = F.interpolate(seamless(part["falling"]), (rows, rows), mode="bicubic").clamp(0, 1)
    if enlarge is None or rows == part["colours"].shape[3]:
        colours = big(part["colours"]).clamp(-1, 1)
    else:
        colours = enlarge(part["colours"], size)
    return part | {"colours": colours, "alphas": alphas, "falling": falling}


def seamless(tiles, margin: int = 8):
    """Tiles that go on without a seam at all four sides when they are laid beside themselves.

    A margin of the right side is blended into the left one, and of the lower side into the upper one; what is left is
    smaller by the margin.

    Args:
        tiles: (batch, n, rows, columns).
        margin: in pixels of the tile, less than half of it.

    Returns:
        (batch, n, rows - margin, columns - margin).
    """
    for axis in (2, 3):
        size = tiles.shape[axis] - margin
        share = torch.linspace(0, 1, margin + 2)[1:-1].view([-1 if k == axis else 1 for k in range(4)])
        kept, over = tiles.narrow(axis, 0, size), tiles.narrow(axis, size, margin)
        blended = kept.narrow(axis, 0, margin) * share + over * (1 - share)
        tiles = torch.cat([blended, kept.narrow(axis, margin, size - margin)], axis)
    return tiles
