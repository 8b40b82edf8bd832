"""Two video generators: layers that move (ours), and a decoder run once a frame (MoCoGAN's), for comparison.

Tulyakov, Liu, Yang and Kautz, 'MoCoGAN: Decomposing Motion and Content for Video Generation' (2018), split a clip
into content, drawn once, and motion, a recurrent code for every frame. The layered generator goes one step on: content
is a background and a cut-out drawn once, and motion only says where the cut-out lies.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from course_lib.gan.layers import motion_states, over, place, views

CONTENT, MOTION = 24, 8  # noise numbers of a clip: of what is seen, of how it moves


class Block(nn.Module):
    """Twice the size, a convolution, a normalisation whose scale and shift come from the condition (FiLM)."""

    def __init__(self, before: int, after: int, condition: int):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, padding=1)
        self.film = nn.Linear(condition, 2 * after)
        nn.init.normal_(self.film.weight, std=0.02)
        nn.init.zeros_(self.film.bias)

    def forward(self, x, condition):
        """(batch, before, h, w) -> (batch, after, 2h, 2w)."""
        x = self.conv(F.interpolate(x, scale_factor=2, mode="nearest"))
        x = x * (x.square().mean(1, keepdim=True) + 1e-6).rsqrt()
        gain, shift = self.film(condition)[:, :, None, None].chunk(2, 1)
        return F.leaky_relu(x * (1 + gain) + shift, 0.2)


class Decoder(nn.Module):
    """From a condition to a picture: 4x4, then a `Block` for each doubling, then a convolution.

    Args:
        condition: numbers that go in.
        channels: outputs.
        size: height and width of the picture, 4 times a power of two.
        widths: channels at 4x4 and after each doubling; the last one is used again for further doublings.
    """

    def __init__(self, condition: int, channels: int, size: int, widths: tuple):
        super().__init__()
        doublings = (size // 4).bit_length() - 1
        widths = (*widths, *widths[-1:] * doublings)[: doublings + 1]
        self.start = nn.Linear(condition, widths[0] * 16)
        self.blocks = nn.ModuleList(Block(a, b, condition) for a, b in pairwise(widths))
        self.out = nn.Conv2d(widths[-1], channels, 3, padding=1)

    def forward(self, condition):
        """(batch, condition) -> (batch, channels, size, size), before any tanh or sigmoid."""
        x = F.leaky_relu(self.start(condition), 0.2).unflatten(1, (-1, 4, 4))
        for block in self.blocks:
            x = block(x, condition)
        return self.out(x)


def drawn(count: int, numbers: int, random: torch.Generator | None, device):
    """(count, numbers) from the normal distribution.

    With a `random` of one's own they are drawn on the CPU: the same everywhere. Without, on the device: some ten thousand
    numbers a clip would else be waited for in every step of a training.
    """
    if random is None:
        return torch.randn(count, numbers, device=device)
    return torch.randn(count, numbers, generator=random).to(device)


class Generator(nn.Module):
    """What both generators share: `noise(n)`, and `forward(text, noise)`.

    Args:
        features: numbers of the text.
        size, frames: of the clips.
        wide: numbers of a clip's content code.
    """

    def __init__(self, features: int, size: int, frames: int, wide: int = 96):
        super().__init__()
        self.size, self.frames = size, frames
        self.mix = nn.Sequential(
            nn.Linear(features + CONTENT, 128), nn.LeakyReLU(0.2), nn.Linear(128, wide), nn.LeakyReLU(0.2)
        )
        self.first = nn.Linear(features + MOTION, 64)
        self.cell = nn.GRUCell(features + MOTION, 64)

    def noise(self, count: int, random: torch.Generator | None = None, device="cpu"):
        """(count, CONTENT + MOTION) numbers from the normal distribution; see `drawn`."""
        return drawn(count, CONTENT + MOTION, random, device)

    def another(self, noise):
        """Noise of other clips, which a clip of the same caption is compared with: see `video_steps.Weights.diversity`."""
        return self.noise(len(noise), device=noise.device)

    def views(self, text, noise, moments):
        """What the discriminator's two eyes look at, see `course_lib.gan.layers.views`: (clips, stills).

        Args:
            moments: int64 (batch,), the frame of each clip that is looked at by itself.
        """
        return views(self(text, noise), moments)

    def codes(self, text, noise):
        """Content (batch, wide) and motion (batch, frames, 64) from text features and noise."""
        # As large as the noise from the first step on: a text that whispers beside the noise is learnt late.
        text = F.layer_norm(text, text.shape[1:])
        content = self.mix(torch.cat([text, noise[:, :CONTENT]], 1))
        drive = torch.cat([text, noise[:, CONTENT : CONTENT + MOTION]], 1)
        return content, motion_states(self.cell, torch.tanh(self.first(drive)), drive, self.frames)


class LayeredGenerator(Generator):
    """A background and a cut-out, each drawn once a clip; the cut-out is placed anew in every frame.

    The background is drawn at half size without fine detail: there is none in it, and it cannot copy the cut-out.
    """

    def __init__(self, features: int = 64, size: int = 32, frames: int = 8, widths=(64, 64, 48, 24)):
        super().__init__(features, size, frames)
        self.ground = nn.Sequential(nn.Linear(CONTENT, 64), nn.LeakyReLU(0.2))
        self.background = Decoder(64, 3, size // 2, (32, 32, 16))
        self.cutout = Decoder(96, 4, size, widths)
        # Before it has learnt anything the cut-out is a soft disc in the middle of its sheet, and the sheet's rim is
        # clear: else the sheet's own edge would be seen to move.
        side = torch.linspace(-1, 1, size)
        self.register_buffer(
            "prior", 4 - 8 * torch.hypot(side[None], side[:, None])[None, None], persistent=False
        )
        self.tone = nn.Linear(96, 3)
        nn.init.zeros_(self.tone.weight)
        nn.init.zeros_(self.tone.bias)
        self.path = nn.Linear(64, 3)
        nn.init.normal_(self.path.weight, std=0.02)
        nn.init.zeros_(self.path.bias)

    def parts(self, text, noise) -> dict:
        """background (batch, 3, h, w) in [-1, 1]; cut-out's colour, premultiplied, and alpha; shift and scale by frame."""
        content, motion = self.codes(text, noise)
        # From the noise alone: what does not know the caption cannot paint the thing that the caption asks for. Only
        # its tone does, one number a colour: a yellow thing needs a ground that is not bright.
        below = self.background(self.ground(noise[:, :CONTENT]))
        below = torch.tanh(below + self.tone(content)[:, :, None, None])
        below = F.interpolate(below, scale_factor=2, mode="bilinear", align_corners=False)
        drawn = self.cutout(content)
        alpha = torch.sigmoid(drawn[:, 3:] + self.prior)
        shift, scale = self.route(motion)
        colour = torch.tanh(drawn[:, :3]) * alpha
        return {"background": below, "colour": colour, "alpha": alpha, "shift": shift, "scale": scale}

    def route(self, motion) -> tuple:
        """Shift (batch, frames, 2) and scale (batch, frames) that motion codes stand for."""
        with torch.autocast(
            motion.device.type, enabled=False
        ):  # as for `place`: a path needs more than 8 bits
            path = self.path(motion.float())
        return 1.2 * torch.tanh(path[..., :2]), 0.8 * torch.exp(0.9 * torch.tanh(path[..., 2]))

    def forward(self, text, noise):
        """(batch, 3, frames, size, size) in [-1, 1]."""
        part = self.parts(text, noise)
        sheet = torch.cat([part["colour"], part["alpha"]], 1)
        with torch.autocast(
            sheet.device.type, enabled=False
        ):  # bfloat16 knows a place to a fourth of a pixel only
            seen = place(sheet.float(), part["shift"].float(), part["scale"].float())
        return over(seen[:, :, :3], seen[:, :, 3:], part["background"][:, None]).transpose(1, 2)


class FrameGenerator(Generator):
    """MoCoGAN's way: content and the frame's motion code go through one decoder, once for every frame.

    Args:
        memory: False gives each frame noise of its own and no recurrent cell, as if it were a photograph.
    """

    def __init__(
        self,
        features: int = 64,
        size: int = 32,
        frames: int = 8,
        widths=(64, 64, 48, 24),
        *,
        memory: bool = True,
    ):
        super().__init__(features, size, frames)
        self.memory = memory
        self.decoder = Decoder(96 + 64, 3, size, widths)

    def noise(self, count: int, random: torch.Generator | None = None, device="cpu"):
        """As `Generator.noise`; frames that know nothing of each other have 64 numbers each besides."""
        more = 0 if self.memory else 64 * self.frames
        return drawn(count, CONTENT + MOTION + more, random, device)

    def forward(self, text, noise):
        """(batch, 3, frames, size, size) in [-1, 1]."""
        if self.memory:
            content, motion = self.codes(text, noise)
        else:
            content = self.mix(torch.cat([F.layer_norm(text, text.shape[1:]), noise[:, :CONTENT]], 1))
            motion = noise[:, CONTENT + MOTION :].unflatten(1, (self.frames, 64))
        every = torch.cat([content[:, None].expand(-1, self.frames, -1), motion], 2)
        clips = torch.tanh(self.decoder(every.flatten(0, 1)))
        return clips.unflatten(0, (-1, self.frames)).transpose(1, 2)
