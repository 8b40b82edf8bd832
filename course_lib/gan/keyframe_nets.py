"""Key-frame generators and discriminators: one design, several ways of hearing the sentence (lesson 06).

The generator doubles a 4x4 map until the picture has its size. How the condition enters each doubling is the
generator's `listens`; how the discriminator looks at the sentence is its `reads`.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from course_lib.errors import CourseError
from course_lib.gan.discriminators import Trunk
from course_lib.gan.generators import Block as FilmBlock
from course_lib.gan.keyframe import class_logit, concatenated
from course_lib.gan.layers import projection_logit
from course_lib.text.encoder import TextEncoder

NOISE, CONDITION, FEATURES = 32, 96, 128
LISTENS = ("nothing", "concatenation", "batch", "film", "film twice")
READS = ("nothing", "concatenation", "labels", "projection")


class ConcatBlock(nn.Module):
    """Twice the size, the condition as 32 constant channels, a convolution, a normalisation that knows no condition."""

    def __init__(self, before: int, after: int, condition: int):
        super().__init__()
        self.few = nn.Linear(condition, 32)
        self.conv = nn.Conv2d(before + 32, after, 3, padding=1)

    def forward(self, x, condition):
        """(batch, before, h, w) -> (batch, after, 2h, 2w)."""
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        x = self.conv(concatenated(x, self.few(condition)))
        return F.leaky_relu(x * (x.square().mean(1, keepdim=True) + 1e-6).rsqrt(), 0.2)


class PlainBlock(nn.Module):
    """The same without a condition."""

    def __init__(self, before: int, after: int, condition: int):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, padding=1)

    def forward(self, x, condition):
        """(batch, before, h, w) -> (batch, after, 2h, 2w); the condition is not used."""
        x = self.conv(F.interpolate(x, scale_factor=2, mode="nearest"))
        return F.leaky_relu(x * (x.square().mean(1, keepdim=True) + 1e-6).rsqrt(), 0.2)


class BatchNormBlock(nn.Module):
    """Conditional batch normalisation: `keyframe.conditional_batch_norm`, and running statistics for sampling.

    While it learns a picture depends on its batch. `eval()` uses the running means instead, so that the same sentence
    gives the same picture in any company.
    """

    def __init__(self, before: int, after: int, condition: int):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, padding=1)
        self.norm = nn.BatchNorm2d(after, affine=False)
        self.film = nn.Linear(condition, 2 * after)
        nn.init.normal_(self.film.weight, std=0.02)
        nn.init.zeros_(self.film.bias)

    def forward(self, x, condition):
        """(batch, before, h, w) -> (batch, after, 2h, 2w)."""
        x = self.norm(self.conv(F.interpolate(x, scale_factor=2, mode="nearest")))
        gain, shift = self.film(condition)[:, :, None, None].chunk(2, 1)
        return F.leaky_relu(x * (1 + gain) + shift, 0.2)


class TwiceBlock(FilmBlock):
    """A FiLM block and, at its size, one more of the kind, which adds to what the first made.

    One convolution a size can draw a texture; an outline that goes on from one pixel to the next needs a second look.
    """

    def __init__(self, before: int, after: int, condition: int):
        super().__init__(before, after, condition)
        self.second = nn.Conv2d(after, after, 3, padding=1)
        self.film_second = nn.Linear(condition, 2 * after)
        nn.init.normal_(self.film_second.weight, std=0.02)
        nn.init.zeros_(self.film_second.bias)

    def forward(self, x, condition):
        """(batch, before, h, w) -> (batch, after, 2h, 2w)."""
        x = super().forward(x, condition)
        more = self.second(x)
        more = more * (more.square().mean(1, keepdim=True) + 1e-6).rsqrt()
        gain, shift = self.film_second(condition)[:, :, None, None].chunk(2, 1)
        return x + F.leaky_relu(more * (1 + gain) + shift, 0.2)


BLOCKS = {
    "nothing": PlainBlock, "concatenation": ConcatBlock, "batch": BatchNormBlock, "film": FilmBlock,
    "film twice": TwiceBlock,
}  # fmt: skip


class KeyframeGenerator(nn.Module):
    """From the numbers of a sentence and noise to a picture.

    Args:
        listens: "nothing" (the sentence is never used), "concatenation", "batch", "film", or "film twice" (two
            convolutions at each size).
        size: height and width, 4 times a power of two.
        widths: channels at 4x4 and after each doubling.
        text: numbers a sentence.
    """

    def __init__(self, listens: str = "film", size: int = 32, widths=(96, 96, 64, 32), text: int = 64):
        super().__init__()
        if listens not in LISTENS:
            raise CourseError(f"a generator cannot listen by '{listens}'; choose from {', '.join(LISTENS)}.")
        self.listens, self.size = listens, size
        heard = 0 if listens == "nothing" else text
        self.mix = nn.Sequential(
            nn.Linear(heard + NOISE, 128), nn.LeakyReLU(0.2), nn.Linear(128, CONDITION), nn.LeakyReLU(0.2)
        )
        self.start = nn.Linear(CONDITION, widths[0] * 16)
        self.blocks = nn.ModuleList(BLOCKS[listens](a, b, CONDITION) for a, b in pairwise(widths))
        self.out = nn.Conv2d(widths[-1], 3, 3, padding=1)

    def condition(self, text, noise):
        """(batch, 96) from text (batch, 64) and noise (batch, 32)."""
        if self.listens == "nothing":
            return self.mix(noise)
        # As large as the noise from the first step on: a sentence that whispers beside the noise is learnt late.
        return self.mix(torch.cat([F.layer_norm(text, text.shape[1:]), noise], 1))

    def forward(self, text, noise):
        """Pictures (batch, 3, size, size) in [-1, 1]."""
        condition = self.condition(text, noise)
        x = F.leaky_relu(self.start(condition), 0.2).unflatten(1, (-1, 4, 4))
        for block in self.blocks:
            x = block(x, condition)
        return torch.tanh(self.out(x))


class Painter(nn.Module):
    """A generator with the text encoder that drives it: what is averaged, sampled and shipped."""

    def __init__(self, words: int, listens: str = "film", size: int = 32, widths=(96, 96, 64, 32)):
        super().__init__()
        self.text = TextEncoder(words)
        self.generator = KeyframeGenerator(listens, size, widths)

    def forward(self, ids, lengths, noise):
        """Pictures (n, 3, size, size) of encoded sentences."""
        return self.generator(self.text(ids, lengths), noise)


class KeyframeDiscriminator(nn.Module):
    """Is it a real picture, and does it show what was asked for?

    Args:
        words: rows of the text encoder's table.
        attributes: {name: words} of the world.
        reads: "nothing", "concatenation" (the sentence beside the features), "labels" (a row of numbers for each word of
            each attribute, `keyframe.class_logit`) or "projection" (`layers.projection_logit` on the sentence).
        size: height and width of the pictures.
        wide: channels of the second layer; the deeper ones have multiples of it.
    """

    def __init__(
        self, words: int, attributes: dict, reads: str = "projection", size: int = 32, wide: int = 32
    ):
        super().__init__()
        if reads not in READS:
            raise CourseError(f"a discriminator cannot read by '{reads}'; choose from {', '.join(READS)}.")
        self.reads = reads
        self.text = TextEncoder(words)
        more = (wide * 4,) * ((size // 32).bit_length() - 1)
        self.trunk = Trunk((3, wide // 2, wide, wide * 2, wide * 3, wide * 4, *more), size, FEATURES, 2)
        self.weight = nn.Parameter(torch.randn(FEATURES) / FEATURES**0.5)
        self.bias = nn.Parameter(torch.zeros(()))
        if reads == "labels":
            self.tables = nn.ParameterList(
                nn.Parameter(torch.randn(len(list_), FEATURES)) for list_ in attributes.values()
            )
        if reads == "projection":
            self.project = nn.Linear(self.text.features, FEATURES)
        if reads == "concatenation":
            self.join = nn.Linear(FEATURES + self.text.features, FEATURES)

    def caption(self, batch: dict):
        """What the discriminator knows of the captions of a batch; the n-th row belongs to the n-th picture."""
        if self.reads == "nothing":
            return torch.zeros(len(batch["labels"]), 1)
        if self.reads == "labels":
            return batch["labels"]
        text = self.text(batch["ids"], batch["lengths"])
        return F.layer_norm(text, text.shape[1:])

    def logit(self, features, caption):
        """(batch,) from features (batch, 128) and `caption`."""
        if self.reads == "labels":
            return class_logit(features, caption, list(self.tables), self.weight, self.bias)
        if self.reads == "projection":
            return projection_logit(features, self.project(caption), self.weight, self.bias)
        if self.reads == "concatenation":
            features = F.leaky_relu(self.join(torch.cat([features, caption], 1)), 0.2)
        return features @ self.weight + self.bias

    def forward(self, pictures, caption):
        """(batch,) logits of pictures with captions."""
        return self.logit(self.trunk(pictures), caption)
