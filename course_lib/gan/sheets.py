"""The decoders of the landscape generator: what draws the sheets of sky and ground, and what falls (lesson 07)."""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from course_lib.gan.skyline import clues

WISE = 128  # numbers that the decoders know of a clip
FALLING = 2  # sheets of rain or snow


def around(x):
    """One column more on both sides, from the opposite one: a sheet goes round."""
    return torch.cat([x[..., -1:], x, x[..., :1]], 3)


class Doubling(nn.Module):
    """Twice the size, a convolution, noise for every pixel, a normalisation by the condition (FiLM)."""

    def __init__(self, before: int, after: int, grain: float):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, padding=(1, 0))
        self.grain = nn.Parameter(torch.randn(after, 1, 1) * grain)
        self.film = nn.Linear(WISE, 2 * after)
        nn.init.normal_(self.film.weight, std=0.02)
        nn.init.zeros_(self.film.bias)

    def forward(self, x, condition, grain):
        """(batch, before, h, w), (batch, WISE), (batch, 1, 2h, 2w) -> (batch, after, 2h, 2w)."""
        # Taken round before it is doubled, where it is small. Bilinear: of copied pixels slopes would come out as steps.
        x = self.conv(F.interpolate(around(x), scale_factor=2, mode="bilinear"))[..., 1:-1]
        x = x * (x.square().mean(1, keepdim=True) + 1e-6).rsqrt() + self.grain * grain
        gain, shift = self.film(condition)[:, :, None, None].chunk(2, 1)
        return F.leaky_relu(x * (1 + gain) + shift, 0.2)


class Sheets(nn.Module):
    """A decoder: from 4 rows and 6 columns to `size` rows, a `Doubling` each.

    From 32 rows on each size adds what is missing to the picture of half the size, as in Karras and others, 'Analyzing and
    Improving the Image Quality of StyleGAN' (2020): so a small training can go on at twice the size, see
    `training.VideoTraining.grow`.
    """

    def __init__(self, channels: int, size: int, widths: tuple, grain: tuple, told: int = 0):
        super().__init__()
        doublings = (size // 4).bit_length() - 1
        self.blocks = nn.ModuleList(
            Doubling(*pair, grain[min(k, len(grain) - 1)])
            for k, pair in enumerate(pairwise(widths[: doublings + 1]))
        )
        self.outs = nn.ModuleList(nn.Conv2d(width, channels, 1) for width in widths[3 : doublings + 1])
        for number, out in enumerate(self.outs):  # a new size begins by adding nothing
            nn.init.normal_(out.weight, std=0.02 if number == 0 else 0.0)
            nn.init.zeros_(out.bias)

        self.under = nn.ModuleList()  # from 16 rows on a ground is told of its lines
        for width in widths[2 : doublings + 1] if told else ():
            self.under.append(nn.Conv2d(told, width, 1))
            nn.init.zeros_(self.under[-1].weight)
            nn.init.zeros_(self.under[-1].bias)

    def forward(self, x, condition, grain, lines=None):
        """(batch, widths[0], 4, 6), (batch, WISE), one (batch, 1, h, w) for each block -> (batch, channels, size, 1.5 size).

        Args:
            lines: (batch, n, 1.5 size), see `course_lib.gan.skyline`.
        """
        picture = None
        for number, (block, dots) in enumerate(zip(self.blocks, grain)):
            x = block(x, condition, dots)
            if number >= 1 and self.under:
                x = x + self.under[number - 1](clues(lines, *x.shape[2:]))
            if number >= 2:
                more = self.outs[number - 2](x)
                if picture is not None:
                    more = more + F.interpolate(picture, scale_factor=2, mode="bilinear")
                picture = more
        return picture


class Weather(nn.Module):
    """Two sheets of what falls, from noise alone: as thick in one place as in another, without a seam at any side."""

    def __init__(self, inner: int = 8):
        super().__init__()
        self.spots = nn.Conv2d(1, inner, 3)
        self.film = nn.Linear(WISE, 2 * inner)
        nn.init.normal_(self.film.weight, std=0.02)
        nn.init.zeros_(self.film.bias)
        self.streaks = nn.Conv2d(inner, FALLING, (7, 3))

    def forward(self, condition, grain):
        """(batch, WISE), (batch, 1, h, w) -> (batch, 2, h, w), how solid it is, before a sigmoid."""
        gain, shift = self.film(condition)[:, :, None, None].chunk(2, 1)
        spots = self.spots(F.pad(grain, (1, 1, 1, 1), mode="circular"))
        spots = F.leaky_relu(spots * (1 + gain) + shift, 0.2)
        return self.streaks(F.pad(spots, (1, 1, 3, 3), mode="circular"))
