"""Lines from left to right that something stands below: ridges, for the landscape generator (lesson 07).

A convolution makes an outline pixel by pixel, and of mountains it makes clouds. A ridge has a far simpler rule, known since
Fournier, Fussell and Carpenter, 'Computer Rendering of Stochastic Models' (1982): noise at a few places with straight lines
between them, then at twice as many places with less of it, and so on. The skyline of a city is made of blocks: there, noise that
stays the same from each place to the next. How much of each, and how high the whole line lies, is all that has to be learnt; the
text decides it.
"""

import torch
import torch.nn.functional as F
from torch import nn

FEWEST = 6  # places of the coarsest noise; each finer one has twice as many
BLOCKS = (12, 24)  # of the noises that make blocks
FIRST_BLOCKS = 0.06  # half heights that each of them adds at first: two pixels of 64
MOST = 1.3  # the exponent that multiplies that at most: more would be no line any more, peaks twice as high as the picture
STEEP = 0.75  # how fast what stands below a line becomes solid, for each pixel
NEAR = 3.0  # what is below or above a line by a third of a half height is far from it


class Skyline(nn.Module):
    """How high a line lies in each column of a sheet that goes round.

    Args:
        condition: numbers that are known of a clip.
        heights: where each line lies at first, in half heights down from the middle.
        octaves: so many noises, each at twice the places of the one before.
    """

    def __init__(self, condition: int, heights: tuple, octaves: int):
        super().__init__()
        self.octaves, self.count = octaves, len(heights)
        self.register_buffer("heights", torch.tensor(heights), persistent=False)
        # how much of each at first: finer noise has less
        first = torch.tensor([0.15 * 0.6**k for k in range(octaves)] + [FIRST_BLOCKS] * len(BLOCKS))
        self.register_buffer("first", first, persistent=False)
        self.much = nn.Linear(condition, self.count * (1 + octaves))
        self.blocks = nn.Linear(condition, self.count * len(BLOCKS))
        for layer in (self.much, self.blocks):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def places(self) -> list[int]:
        """Places of each noise of a line: the octaves, then the blocks."""
        return [*(FEWEST << k for k in range(self.octaves)), *BLOCKS]

    def numbers(self) -> int:
        """How many numbers of noise a clip needs."""
        return self.count * sum(self.places())

    def forward(self, condition, noise, columns: int):
        """(batch, condition), (batch, numbers) -> (batch, lines, columns), in half heights down from the middle."""
        much = self.much(condition).view(-1, self.count, 1 + self.octaves)
        line = self.heights[:, None] + 0.5 * torch.tanh(much[..., :1])
        much = torch.cat([much[..., 1:], self.blocks(condition).view(-1, self.count, len(BLOCKS))], 2)
        strength = self.first * torch.exp(much.clamp(-4, MOST))
        parts = noise.split([self.count * places for places in self.places()], 1)
        for k, part in enumerate(parts):
            drawn = between if k < self.octaves else block
            line = line + strength[..., k : k + 1] * drawn(part.unflatten(1, (self.count, -1)), columns)
        return line


def block(places, columns: int):
    """The value of each place up to the next: (batch, lines, n) -> (batch, lines, columns)."""
    return places[..., torch.arange(columns, device=places.device) * places.shape[2] // columns]


def between(places, columns: int):
    """Straight lines from each place to the next, and from the last to the first: (batch, lines, n) -> (batch, lines, columns)."""
    n = places.shape[2]
    x = (torch.arange(columns, device=places.device) + 0.5) * n / columns - 0.5
    left = torch.floor(x)
    part = x - left
    left = left.long() % n
    return places[..., left] * (1 - part) + places[..., (left + 1) % n] * part


def below(lines, rows: int):
    """How far below each line the middle of each row is: (batch, lines, rows, columns), in half heights."""
    y = (2 * torch.arange(rows, device=lines.device, dtype=lines.dtype) + 1) / rows - 1
    return y[:, None] - lines[:, :, None]


def standing(lines, rows: int):
    """What stands below each line, before a sigmoid: (batch, lines, rows, columns)."""
    return STEEP * rows * below(lines, rows)


def clues(lines, rows: int, columns: int):
    """What a decoder is told of the lines: (batch, 2 x lines, rows, columns) in [-1, 1], how far below each and its slope.

    A slope that faces the light is bright, the other one lies in shadow.
    """
    lines = F.avg_pool1d(lines, lines.shape[2] // columns)
    slope = (lines.roll(-1, 2) - lines.roll(1, 2)) * columns / 8
    depth = (NEAR * below(lines, rows)).clamp(-1, 1)
    return torch.cat([depth, slope.clamp(-1, 1)[:, :, None].expand_as(depth)], 1)
