"""A generator of landscapes in motion: four sheets wider than the frame, a path each, and what falls and glitters.

The idea is the layered generator's (`course_lib.gan.generators`): draw once, then only move. A landscape needs more than
one thing that moves: a sky that stands, something in it that drifts or rises, the land, and what is near. They pass at
different speeds when the camera turns (parallax), and they grow at different rates when it comes closer. Rain and snow
fall through the picture as two sheets that wrap around; light on water is a few fixed pictures whose strength changes from
frame to frame.

Everything is drawn in one decoder, once a clip. Sizes over 32 add what is missing to the picture of half the size, as in
Karras and others, 'Analyzing and Improving the Image Quality of StyleGAN' (2020), so that a small training can go on at
twice the size: see `training.VideoTraining.grow`.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from course_lib.gan.generators import CONTENT, MOTION, Generator
from course_lib.gan.layers import over

SHEETS = ("sky", "drifting", "land", "near")  # back to front
WIDE = 1.5  # a sheet is so many times as wide as the frame
GLITTER = 3  # pictures whose strength changes from frame to frame
FALLING = 2  # sheets of rain or snow
CHANNELS = 4 * len(SHEETS) - 1 + 3 * GLITTER + FALLING  # the sky needs no alpha
PATH = 3 * len(SHEETS) + GLITTER
ASIDE = 0.3  # half widths that the camera may stand left or right of the middle


class Doubling(nn.Module):
    """Twice the size, a convolution, noise for every pixel, a normalisation by the condition (FiLM)."""

    def __init__(self, before: int, after: int, condition: int):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, padding=1)
        self.grain = nn.Parameter(torch.full((after, 1, 1), 0.05))
        self.film = nn.Linear(condition, 2 * after)
        nn.init.normal_(self.film.weight, std=0.02)
        nn.init.zeros_(self.film.bias)

    def forward(self, x, condition, grain):
        """(batch, before, h, w), (batch, condition), (batch, 1, 2h, 2w) -> (batch, after, 2h, 2w)."""
        x = self.conv(F.interpolate(x, scale_factor=2, mode="nearest"))
        x = x * (x.square().mean(1, keepdim=True) + 1e-6).rsqrt() + self.grain * grain
        gain, shift = self.film(condition)[:, :, None, None].chunk(2, 1)
        return F.leaky_relu(x * (1 + gain) + shift, 0.2)


class LandscapeGenerator(Generator):
    """Text and noise become sheets, paths, and what falls; `forward` films them.

    Args:
        features: numbers of the text.
        size: height and width of the clips: 32, 64 or 128.
        frames: of a clip.
        widths: channels at 4, 8, 16, 32, 64 and 128 rows.
    """

    def __init__(self, features: int = 64, size: int = 32, frames: int = 8, widths=(96, 80, 48, 32, 24, 16)):
        super().__init__(features, size, frames)
        doublings = (size // 4).bit_length() - 1
        widths = widths[: doublings + 1]
        self.start = nn.Linear(96, widths[0] * 24)
        self.blocks = nn.ModuleList(Doubling(a, b, 96) for a, b in pairwise(widths))
        # from 32 rows on each size adds to the picture of half the size; a new one begins by adding nothing
        self.outs = nn.ModuleList(nn.Conv2d(width, CHANNELS, 3, padding=1) for width in widths[3:])
        for number, out in enumerate(self.outs):
            nn.init.normal_(out.weight, std=0.02 if number == 0 else 0.0)
            nn.init.zeros_(out.bias)
        self.path = nn.Linear(64, PATH)
        nn.init.normal_(self.path.weight, std=0.02)
        nn.init.zeros_(self.path.bias)
        self.fall = nn.Linear(96, 4 * FALLING + 3)  # how much, speed down, speed aside; a colour
        nn.init.normal_(self.fall.weight, std=0.02)
        # one sheet starts as slow as snow, the other as fast as rain, both thin
        self.fall.bias.data = torch.tensor([-1.0, -1.0, -2.3, -0.2, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5, 0.6])
        self.register_buffer("prior", self._prior(), persistent=False)
        self.maps = [(4 << k, 6 << k) for k in range(1, doublings + 1)]

    def _prior(self):
        """Where a sheet's alpha begins: the land from the middle down, what is near from three quarters down.

        Without it all sheets would cover each other and the sky would learn last.
        """
        rows = torch.linspace(-1, 1, self.size)[:, None].expand(self.size, int(WIDE * self.size))
        return torch.stack([-1.5 + 0 * rows, 6 * (rows - 0.1), 6 * (rows - 0.8) - 1])[None]

    def noise(self, count: int, random: torch.Generator | None = None, device="cpu"):
        """Numbers of a clip, from the normal distribution: content, motion, where the camera stands, a grain for every size."""
        many = CONTENT + MOTION + 1 + sum(high * wide for high, wide in self.maps)
        return torch.randn(count, many, generator=random).to(device)

    def another(self, noise):
        """Noise of other scenes, filmed the same way from the same place.

        Else the camera alone would make the difference, and every sentence would have one scene.
        """
        other = self.noise(len(noise), device=noise.device)
        other[:, CONTENT : CONTENT + MOTION + 1] = noise[:, CONTENT : CONTENT + MOTION + 1]
        return other

    def parts(self, text, noise, way=None) -> dict:
        """Everything that a clip is put together from.

        Args:
            text: (batch, features).
            noise: of `noise`.
            way: another text that the camera's way is taken from: the same scene, filmed otherwise.

        Returns:
            colours (batch, 4, 3, size, 1.5 size) in [-1, 1] and alphas (batch, 4, 1, size, 1.5 size) of the sheets, back to
            front;
            glitter (batch, 3, 3, size, size); falling (batch, 2, size, size), alpha in [0, 1];
            colour (batch, 3) of what falls; speed (batch, 2, 2), right and down, in half frames a frame;
            shift (batch, frames, 4, 2) and scale (batch, frames, 4) of the sheets; strength (batch, frames, 3) of the glitter.
        """
        content, motion = self.codes(text, noise)
        if way is not None:
            motion = self.codes(way, noise)[1]
        raw = self.drawn(content, noise).float()
        cut = [4 * len(SHEETS) - 1, 3 * GLITTER, FALLING]
        sheets, glitter, falling = raw.split(cut, 1)
        middle = slice((raw.shape[3] - self.size) // 2, (raw.shape[3] - self.size) // 2 + self.size)
        colour = torch.tanh(torch.cat([sheets[:, :3], sheets[:, 3:12]], 1)).unflatten(1, (4, 3))
        alpha = torch.sigmoid(sheets[:, 12:] + self.prior)
        alpha = torch.cat([torch.ones_like(alpha[:, :1]), alpha], 1)[:, :, None]
        fall = self.fall(content).float()
        much = torch.sigmoid(fall[:, :2])[:, :, None, None]
        speed = torch.stack([0.2 * torch.tanh(fall[:, 4:6]), F.softplus(fall[:, 2:4])], 2)
        shift, scale, strength = self.paths(motion, noise[:, CONTENT + MOTION])
        return {
            "colours": colour,
            "alphas": alpha,
            "glitter": 0.5 * torch.tanh(glitter[:, :, :, middle]).unflatten(1, (GLITTER, 3)),
            "falling": much * torch.sigmoid(falling[:, :, :, middle] * 2 - 2),
            "colour": torch.tanh(fall[:, 8:]),
            "speed": speed,
            "shift": shift,
            "scale": scale,
            "strength": strength,
        }

    def drawn(self, content, noise):
        """The decoder: (batch, CHANNELS, size, 1.5 size) from content (batch, 96) and a clip's noise."""
        grain = noise[:, CONTENT + MOTION + 1 :].split([high * wide for high, wide in self.maps], 1)
        x = F.leaky_relu(self.start(content), 0.2).unflatten(1, (-1, 4, 6))
        picture = None
        for number, (block, dots) in enumerate(zip(self.blocks, grain)):
            x = block(x, content, dots.unflatten(1, self.maps[number])[:, None])
            if number >= 2:
                more = self.outs[number - 2](x)
                if picture is not None:
                    more = more + F.interpolate(picture, scale_factor=2, mode="bilinear")
                picture = more
        return picture

    def paths(self, motion, aside) -> tuple:
        """Shift, scale and strength by frame (see `parts`) from motion codes and where the camera stands.

        That place is noise that nothing else knows of: so all of a sheet is looked at sooner or later, and a wider frame
        than those of the training shows nothing unfinished.
        """
        with torch.autocast(motion.device.type, enabled=False):  # a path needs more than 8 bits
            path = self.path(motion.float())
        moves = torch.tanh(path[..., : 3 * len(SHEETS)].unflatten(-1, (len(SHEETS), 3)))
        shift = moves[..., :2] * moves.new_tensor([0.8, 0.8])
        stand = ASIDE * torch.tanh(aside.float())[:, None, None, None] * shift.new_tensor([1.0, 0.0])
        return shift + stand, torch.exp(0.5 * moves[..., 2]), torch.tanh(path[..., 3 * len(SHEETS) :])

    def forward(self, text, noise):
        """(batch, 3, frames, size, size) in [-1, 1]."""
        return self.filmed(self.parts(text, noise))

    def filmed(self, part: dict):
        """The clip of these parts as in training."""
        with torch.autocast(part["shift"].device.type, enabled=False):
            return film(part, part["shift"], part["scale"], part["strength"], (self.size, self.size))


def film(
    part: dict, shift, scale, strength, size, *, first: float = 0.0, step: float = 1.0, window=(1.0, 1.0)
):
    """Look at the sheets, frame after frame.

    Args:
        part: of `LandscapeGenerator.parts`; its pictures may have been enlarged.
        shift, scale, strength: as in `parts`, for any number of frames.
        size: (height, width) of what comes out.
        first, step: the moments of the frames, counted in frames of the training: for what falls.
        window: half height and half width that the camera sees; the training sees (1, 1).

    Returns:
        (batch, 3, frames, height, width) in [-1, 1].
    """
    frames = shift.shape[1]
    sheets = torch.cat([part["colours"] * part["alphas"], part["alphas"]], 2)
    seen = look(sheets, shift, scale, size, window)
    # unbound and split rather than indexed: the gradient of an index fills a whole clip with zeros each time
    sky, *others = (sheet.split((3, 1), 1) for sheet in seen.unbind(1))
    picture = sky[0]
    for colour, alpha in others:
        picture = over(colour, alpha, picture)
    glitter = fitted(part["glitter"].flatten(1, 2), size, window).unflatten(1, (GLITTER, 3))
    picture = picture + torch.einsum("btk,bkchw->bcthw", strength, glitter)
    when = first + step * torch.arange(frames, device=shift.device, dtype=shift.dtype)
    falling = fall(part["falling"], part["speed"], when, size, window)
    for alpha in falling.unbind(1):
        picture = picture + (part["colour"][:, :, None, None, None] - picture) * alpha[:, None]
    return picture.clamp(-1, 1)


def look(sheets, shift, scale, size, window=(1.0, 1.0)):
    """What the camera sees of sheets that are wider than the frame; beyond an edge they go on mirrored.

    Args:
        sheets: (batch, sheets, channels, rows, columns), covering WIDE half widths to each side.
        shift, scale: (batch, frames, sheets, 2) and (batch, frames, sheets).

    Returns:
        (batch, sheets, channels, frames, height, width).
    """
    batch, count, channels = sheets.shape[:3]
    frames, (height, width) = shift.shape[1], size
    y = centres(height, sheets) * window[0]
    x = centres(width, sheets) * window[1]
    x = (x - shift[..., 0, None]) / scale[..., None] / WIDE  # (batch, frames, sheets, width)
    y = (y - shift[..., 1, None]) / scale[..., None]
    x = x[..., None, :].expand(-1, -1, -1, height, -1)
    y = y[..., :, None].expand(-1, -1, -1, -1, width)
    grid = torch.stack([x, y], -1).transpose(1, 2).reshape(batch * count, frames * height, width, 2)
    seen = F.grid_sample(sheets.flatten(0, 1), grid, padding_mode="reflection", align_corners=False)
    return seen.view(batch, count, channels, frames, height, width)


def fall(tiles, speed, when, size, window=(1.0, 1.0)):
    """Sheets that fall through the frame and come back at the top.

    Args:
        tiles: (batch, n, rows, columns).
        speed: (batch, n, 2), right and down, in half frames a frame.
        when: (frames,), moments.

    Returns:
        (batch, n, frames, height, width).
    """
    batch, count, rows, columns = tiles.shape
    frames, (height, width) = len(when), size
    # one column and row more on every side, from the opposite one: the seam is interpolated as everything else is
    padded = F.pad(tiles, (1, 1, 1, 1), mode="circular")
    moved = speed[:, :, None] * when[:, None]  # (batch, n, frames, 2)
    x = wrapped(centres(width, tiles) * window[1] - moved[..., 0, None]) * columns / (columns + 2)
    y = wrapped(centres(height, tiles) * window[0] - moved[..., 1, None]) * rows / (rows + 2)
    x = x[..., None, :].expand(-1, -1, -1, height, -1)
    y = y[..., :, None].expand(-1, -1, -1, -1, width)
    grid = torch.stack([x, y], -1).reshape(batch * count, frames * height, width, 2)
    seen = F.grid_sample(padded.flatten(0, 1)[:, None], grid, padding_mode="border", align_corners=False)
    return seen.view(batch, count, frames, height, width)


def fitted(pictures, size, window):
    """Pictures that do not move, at another size and through another window: (batch, channels, height, width)."""
    if tuple(pictures.shape[2:]) == tuple(size) and tuple(window) == (1.0, 1.0):
        return pictures
    y = centres(size[0], pictures) * min(window[0], 1.0)
    x = centres(size[1], pictures) * min(
        window[1], 1.0
    )  # stretched rather than cut off where the frame is wider
    grid = torch.stack([x[None].expand(size[0], -1), y[:, None].expand(-1, size[1])], -1)
    grid = grid[None].expand(len(pictures), -1, -1, -1)
    return F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)


def centres(count: int, like):
    """The middles of `count` pixels between -1 and 1."""
    return (2 * torch.arange(count, device=like.device, dtype=like.dtype) + 1) / count - 1


def wrapped(places):
    """The same places in [-1, 1), going round."""
    return torch.remainder(places + 1, 2) - 1
