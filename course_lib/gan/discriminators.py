"""What looks at clips while the generator learns: one network for whole clips, one for single frames.

Both give a logit 'real, and it goes with the text' by projection, and both can carry attribute heads. Neither is
the judge: the judge never trains a generator.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from course_lib.gan.layers import projection_logit, stack_frames
from course_lib.text.encoder import TextEncoder


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

    def forward(self, x, more=None):
        """(batch, channels, size, size) -> (batch, features); `more` is added to what the first layer sees (see `Detail`)."""
        for number, conv in enumerate(self.convs):
            x = conv(x)
            if number == 0 and more is not None:
                x = x + more
            x = F.leaky_relu(x, 0.2)
            if number + 1 >= self.twice:
                x = F.max_pool2d(x, 2)
        return F.leaky_relu(self.out(x.flatten(1)), 0.2)


class Finer(nn.Module):
    """The picture at half the size, and what only the larger one shows, which begins as nothing.

    So a discriminator that knows small clips can go on with larger ones (the residual form of Karras and others, 'Analyzing
    and Improving the Image Quality of StyleGAN', 2020).
    """

    def __init__(self, channels: int, inner: int):
        super().__init__()
        self.first = nn.Conv2d(channels, inner, 3, padding=1)
        self.second = nn.Conv2d(inner, channels, 3, padding=1)
        nn.init.kaiming_normal_(self.first.weight, 0.2)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x):
        """(batch, channels, 2h, 2w) -> (batch, channels, h, w)."""
        fine = F.max_pool2d(F.leaky_relu(self.first(x), 0.2), 2)
        return F.avg_pool2d(x, 2) + self.second(fine)


class Detail(nn.Module):
    """What only a picture of twice the size shows, as features for the first layer of a trunk; it begins as nothing.

    A `Finer` alone hands on a better small picture: of its three colours little about edges and textures comes through.
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
        """(batch, channels, 2h, 2w) -> (batch, after, h, w)."""
        x = F.leaky_relu(self.first(x), 0.2)
        x = F.leaky_relu(self.second(x), 0.2)
        return self.last(F.max_pool2d(x, 2))


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


class Discriminator(nn.Module):
    """A text encoder and two eyes: `clip` sees all frames as channels, `frame` one frame of each clip.

    Args:
        words: rows of the text encoder's table.
        attributes: {name: words} of the world.
        size, frames: of the clips.
        wide: channels at full resolution; the deeper layers have multiples of it.
        projects: False makes a discriminator that never sees the text.
        single: also look at single frames.
        grown: sizes over 32 come down to 32 by a `Finer` for each doubling, so that one trained at 32 can grow.
    """

    def __init__(
        self, words: int, attributes: dict, size: int = 32, frames: int = 8, *, wide: int = 32,
        projects: bool = True, single: bool = True, grown: bool = False,
    ):  # fmt: skip
        super().__init__()
        self.text = TextEncoder(words)
        doublings = (size // 32).bit_length() - 1 if grown else 0
        self.finer = nn.ModuleList(Finer(3 * frames, wide) for _ in range(doublings))
        self.finer_frame = nn.ModuleList(Finer(3, wide // 2) for _ in range(doublings if single else 0))
        size >>= doublings
        more = (wide * 4,) * ((size // 32).bit_length() - 1)  # one layer more for every doubling over 32
        features, text = 128, self.text.features
        # Multiples of 16 channels: convolutions of other widths take a slow path on most machines.
        clip = Trunk((3 * frames, wide * 3 // 2, wide * 2, wide * 3, wide * 4, *more), size, features)
        self.clip = Eye(clip, features, attributes, text, projects)
        self.frame = None
        if single:
            frame = Trunk((3, wide // 2, wide, wide * 2, wide * 3, wide * 4, *more), size, features, 2)
            still = {name: list_ for name, list_ in attributes.items() if name != "motion"}
            self.frame = Eye(frame, features, still, text, projects)
        # the last doubling is looked at once more, by the single eye alone: detail is the same in every frame
        self.detail = Detail(3, 32, wide // 2) if single and doublings == 1 else None

    def see(self, clips, moments) -> dict:
        """Features of each eye: {"clip": (batch, 128), "frame": (batch, 128)}.

        Args:
            clips: (batch, 3, frames, size, size).
            moments: int64 (batch,), the frame of each clip that the single eye looks at.
        """
        seen = {"clip": self.clip.trunk(finest_first(self.finer, stack_frames(clips)))}
        if self.frame is not None:
            still = clips[torch.arange(len(clips), device=clips.device), :, moments]
            more = self.detail(still) if self.detail is not None else None
            seen["frame"] = self.frame.trunk(finest_first(self.finer_frame, still), more)
        return seen

    def logits(self, seen: dict, text) -> list:
        """One (batch,) table of logits for each eye."""
        return [getattr(self, name).logit(features, text) for name, features in seen.items()]

    def read(self, seen: dict) -> list[dict]:
        """Attribute logits of each eye."""
        return [getattr(self, name).read(features) for name, features in seen.items()]


def finest_first(finer, x):
    """A picture brought down to the trunk's size; the newest step, the last of the list, comes first."""
    for step in reversed(finer):
        x = step(x)
    return x
