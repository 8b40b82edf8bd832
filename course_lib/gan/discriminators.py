"""What looks at clips while the generator learns: one network for whole clips, one for single frames.

Both give a logit 'real, and it goes with the text' by projection, and both can carry attribute heads. Neither is
the judge: the judge never trains a generator.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from course_lib.gan.layers import projection_logit, stack_frames, views
from course_lib.text.encoder import TextEncoder

BASE = 32  # rows that the eyes for landscapes look at; what larger pictures show comes through a `Detail`
CELLS = 8  # rows and columns of the patches


class Trunk(nn.Module):
    """Convolutions with max pooling between them; no normalisation, which would tie the clips of a batch together.

    Max pooling, not strides: on moving shapes a strided trunk tells shapes apart far later.

    Args:
        channels: of the input and of each layer; `twice` of them look at the full resolution.
        size: height and width of the input.
        features: outputs.
    """

    def __init__(self, channels: tuple, size: int, features: int, twice: int = 1):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairwise(channels))
        self.twice = twice
        side = size >> (len(self.convs) - twice + 1)
        self.out = nn.Linear(channels[-1] * side * side, features)
        for layer in (
            *self.convs,
            self.out,
        ):  # without normalisation the first weights must keep the size of signals
            nn.init.kaiming_normal_(layer.weight, 0.2)
            nn.init.zeros_(layer.bias)

    def forward(self, x, more=None, cells: int | None = None):
        """(batch, channels, size, size) -> (batch, features).

        Args:
            more: added to what the first layer sees, see `Detail`.
            cells: rows of the map that is wanted as well: then (features, (batch, c, cells, cells)).
        """
        wanted = None
        for number, conv in enumerate(self.convs):
            x = conv(x)
            if number == 0 and more is not None:
                x = x + more
            x = F.leaky_relu(x, 0.2)
            if number + 1 >= self.twice:
                x = F.max_pool2d(x, 2)
            if x.shape[2] == cells:
                wanted = x
        x = F.leaky_relu(self.out(x.flatten(1)), 0.2)
        return x if cells is None else (x, wanted)


class Eye(nn.Module):
    """A trunk, the projection on the text, and a head for each attribute that it can see."""

    def __init__(self, trunk: Trunk, features: int, words: dict, text: int, projects: bool = True):
        super().__init__()
        self.trunk = trunk
        self.weight = nn.Parameter(torch.randn(features) / features**0.5)
        self.bias = nn.Parameter(torch.zeros(()))
        self.project = nn.Linear(text, features) if projects else None
        self.heads = nn.ModuleDict({name: nn.Linear(features, len(list_)) for name, list_ in words.items()})

    def logit(self, features, text):
        """(batch,): `projection_logit`; without the text where the eye does not look at it."""
        if self.project is None:
            return features @ self.weight + self.bias
        text = self.project(F.layer_norm(text, text.shape[1:]))
        return projection_logit(features, text, self.weight, self.bias)

    def read(self, features) -> dict:
        """{attribute: logits (batch, words)}."""
        return {name: head(features) for name, head in self.heads.items()}


class Detail(nn.Module):
    """What only a larger picture shows, as features for the first layer of a trunk of 32 rows.

    It begins as nothing, so a discriminator that knows small pictures can go on with larger ones (the idea is that of Karras
    and others, 'Analyzing and Improving the Image Quality of StyleGAN', 2020).
    """

    def __init__(self, channels: int, inner: int, after: int):
        super().__init__()
        self.first = nn.Conv2d(channels, inner, 3, padding=1)
        self.second = nn.Conv2d(inner, inner, 3, padding=1)
        self.last = nn.Conv2d(inner, after, 3, padding=1)
        for layer in (self.first, self.second):
            nn.init.kaiming_normal_(layer.weight, 0.2)
            nn.init.zeros_(layer.bias)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, x):
        """(batch, channels, size, size) -> (batch, after, 32, 32)."""
        x = F.leaky_relu(self.first(x), 0.2)
        x = F.leaky_relu(self.second(x), 0.2)
        return self.last(F.max_pool2d(x, x.shape[2] // BASE))


class Patches(nn.Module):
    """Is each cell of a picture real, and does it go with the text? One logit a cell, by projection.

    A verdict on the whole says little about where something is wrong; a verdict on every cell does (Isola and others,
    'Image-to-Image Translation with Conditional Adversarial Networks', 2017).
    """

    def __init__(self, channels: int, text: int):
        super().__init__()
        self.alone = nn.Conv2d(channels, 1, 1)
        self.project = nn.Linear(text, channels)
        nn.init.normal_(self.alone.weight, std=channels**-0.5)

    def forward(self, cells, text):
        """(batch, channels, side, side), (batch, text) -> (batch, side x side)."""
        text = self.project(F.layer_norm(text, text.shape[1:]))
        fit = torch.einsum("bchw,bc->bhw", cells, text) / cells.shape[1] ** 0.5
        return (self.alone(cells)[:, 0] + fit).flatten(1)


class Discriminator(nn.Module):
    """A text encoder and two eyes: `clip` sees all frames as channels, `frame` one frame of each clip.

    Args:
        words: rows of the text encoder's table.
        attributes: {name: words} of the world.
        size, frames: of the clips.
        wide: channels at full resolution; the deeper layers have multiples of it.
        projects: False makes a discriminator that never sees the text.
        single: also look at single frames.
        grown: for landscapes. Both eyes look at 32 rows, whatever the size: how things move is seen there. How they look is seen
            in single frames, with a `Detail` for what only a larger size shows, and cell by cell. So a discriminator that
            knows small clips can go on with larger ones.
    """

    def __init__(
        self, words: int, attributes: dict, size: int = 32, frames: int = 8, *, wide: int = 32,
        projects: bool = True, single: bool = True, grown: bool = False,
    ):  # fmt: skip
        super().__init__()
        self.text = TextEncoder(words)
        self.side = min(size, BASE) if grown else size  # of the pictures that the trunks look at
        features, text = 128, self.text.features
        # Multiples of 16 channels: convolutions of other widths take a slow path on most machines.
        clip = Trunk(
            (3 * frames, wide * 3 // 2, wide * 2, wide * 3, wide * 4, *deeper(wide, self.side)),
            self.side,
            features,
        )
        self.clip = Eye(clip, features, attributes, text, projects)
        self.frame = self.patches = self.detail = None
        if single:
            frame = Trunk(
                (3, wide // 2, wide, wide * 2, wide * 3, wide * 4, *deeper(wide, self.side)),
                self.side,
                features,
                2,
            )
            still = {name: list_ for name, list_ in attributes.items() if name != "motion"}
            self.frame = Eye(frame, features, still, text, projects)
            if grown and size > BASE:
                self.patches, self.detail = Patches(wide * 2, text), Detail(3, 32, wide // 2)

    def see(self, clips, moments) -> dict:
        """`look` at clips (batch, 3, frames, size, size), by themselves at a frame each: `moments`, int64 (batch,)."""
        return self.look(*views(clips, moments, self.side))

    def look(self, clips, stills) -> dict:
        """Features of each eye: {"clip": (batch, 128), "frame": (batch, 128)}, with patches {"cells": (batch, c, s, s)}.

        Args:
            clips: (batch, 3, frames, side, side).
            stills: (batch, 3, size, size), a frame of each.
        """
        seen = {"clip": self.clip.trunk(stack_frames(clips))}
        if self.frame is not None:
            if self.detail is None:
                seen["frame"] = self.frame.trunk(stills)
            else:
                small = F.avg_pool2d(stills, stills.shape[2] // self.side)
                seen["frame"], seen["cells"] = self.frame.trunk(small, self.detail(stills), CELLS)
        return seen

    def logits(self, seen: dict, text) -> list:
        """A table of logits for each eye: (batch,), of the patches (batch, cells)."""
        found = [self.clip.logit(seen["clip"], text)]
        if self.frame is not None:
            found.append(self.frame.logit(seen["frame"], text))
        if self.patches is not None:
            found.append(self.patches(seen["cells"], text))
        return found

    def read(self, seen: dict) -> list[dict]:
        """Attribute logits of each eye."""
        return [getattr(self, name).read(seen[name]) for name in ("clip", "frame") if name in seen]


def deeper(wide: int, size: int) -> tuple:
    """One layer more for every doubling over 32."""
    return (wide * 4,) * ((size // 32).bit_length() - 1)
