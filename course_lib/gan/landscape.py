"""A generator of landscapes in motion: five sheets wider than the frame, one camera, and what falls and glitters.

The idea is the layered generator's (`course_lib.gan.generators`): draw once, then only move. A landscape needs more than
one thing that moves: a sky that stands, something in it that drifts or rises, what is far, the land, and what is near. They
pass at different speeds when the camera turns (parallax), and they grow at different rates when it comes closer. Rain and snow
fall through the picture as two sheets that wrap around; light on water is a few fixed pictures whose strength changes from
frame to frame.

The sky is drawn as a whole: there is one sun. What stands on the ground is drawn by a rule that is the same from left to right,
out of noise: a landscape goes on for ever, and no place in it is the middle. So the rule is learnt from every column of every
clip, and a sheet that ignored its noise would be the same everywhere, which no discriminator believes. A generator that may lay
out the whole picture at once finds one layout for each sentence and keeps it. The idea of a network that makes textures of any
width out of a field of noise is that of Jetchev, Bergmann and Vollgraf, 'Texture Synthesis with Spatial Generative Adversarial
Networks' (2016).
"""

import torch
import torch.nn.functional as F
from torch import nn

from course_lib.gan.camera import GLITTER, WIDE, film, smaller
from course_lib.gan.generators import CONTENT, MOTION, Generator, drawn
from course_lib.gan.layers import views
from course_lib.gan.sheets import FALLING, WISE, Sheets, Weather, around
from course_lib.gan.skyline import Skyline, standing

SHEETS = ("sky", "drifting", "far", "land", "near")  # back to front
IN_THE_SKY = 2  # so many of them
# Sheets that stand below a line, and where that lies at first, in half heights down from the middle.
RIDGES = {"far": 0.0, "land": 0.3}
RIDGED = slice(1, 3)  # these, counted without the sky
ROUGH = 1.2  # how much solidity may be added along a line at 32 rows: a twentieth of a half height, a twig but no floating rock
ABOVE = 3 + 4 * (IN_THE_SKY - 1) + 3 * GLITTER  # channels of the sky's decoder: the sky itself needs no alpha
BELOW = 4 * (len(SHEETS) - IN_THE_SKY)  # of the ground's
FIELD = 16  # channels of the noise that the ground is made of, at the smallest size
PATH = 6 + GLITTER  # the camera's way and what drifts: right, down, closer; light on the water
# How much of the camera's way each sheet takes part in at first: one that is infinitely far, in nothing.
DISTANCE = (0.03, 0.15, 0.3, 0.5, 1.0)
FAR = 0.8  # half widths, or heights, that a camera or what drifts goes to either side
ASIDE = 0.3  # half widths that the camera may stand left or right of the middle


class LandscapeGenerator(Generator):
    """Text and noise become sheets, paths, and what falls; `forward` films them.

    Args:
        features: numbers of the text.
        size: height and width of the clips: 32, 64 or 128.
        frames: of a clip.
        above, below: channels of sky and ground at 4, 8, 16, 32, 64 and 128 rows.
    """

    def __init__(
        self, features: int = 64, size: int = 32, frames: int = 8,
        above=(64, 48, 32, 32, 16, 16), below=(96, 80, 64, 48, 32, 16),
    ):  # fmt: skip
        super().__init__(features, size, frames, WISE)
        self.begin = nn.Linear(WISE, above[0] * 24)  # the sky as a whole
        self.above = Sheets(ABOVE, size, above, (0.1, 0.05, 0.02))
        self.rows = nn.Linear(WISE, below[0] * 4)  # the ground: what is high and what is low, and noise
        self.field = nn.Conv2d(FIELD, below[0], 3, padding=(1, 0))
        self.below = Sheets(BELOW, size, below, (0.5, 0.3, 0.05), 2 * len(RIDGES))
        self.skyline = Skyline(WISE, tuple(RIDGES.values()), 4)
        self.weather = Weather()
        self.path, self.depth = nn.Linear(64, PATH), nn.Linear(64, len(SHEETS))
        for layer in (self.path, self.depth):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)
        steps = torch.tensor(DISTANCE).diff(prepend=torch.zeros(1))
        self.depth.bias.data = torch.log(torch.expm1(5 * steps))  # softplus turns it back
        self.fall = nn.Linear(WISE, 4 * FALLING + 3)  # how much, speed down, speed aside; a colour
        nn.init.normal_(self.fall.weight, std=0.02)
        # one sheet starts as slow as snow, the other as fast as rain, both thin
        self.fall.bias.data = torch.tensor([-1.0, -1.0, -2.3, -0.2, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5, 0.6])
        self.register_buffer("prior", self._prior(), persistent=False)
        self.register_buffer("sharp", torch.ones(1, len(SHEETS) - 1, 1, 1), persistent=False)
        self.sharp[:, RIDGED] = size / 32
        itself = torch.tensor([[float(name == "drifting")] for name in SHEETS])
        self.register_buffer("itself", itself, persistent=False)
        self.register_buffer("aside", torch.tensor([ASIDE, 0.0]), persistent=False)
        doublings = len(self.above.blocks)
        self.maps = [(4 << k, 6 << k) for k in range(1, doublings + 1)]

    def _prior(self):
        """Where the alpha of sheets without a line begins: nowhere, but what is near from three quarters down.

        Without it all sheets would cover each other and the sky would learn last.
        """
        rows = torch.linspace(-1, 1, self.size)[:, None].expand(self.size, int(WIDE * self.size))
        return torch.stack([-1.5 + 0 * rows, 0 * rows, 0 * rows, 6 * (rows - 0.8) - 1])[None]

    def noise(self, count: int, random: torch.Generator | None = None, device="cpu"):
        """Numbers of a clip, from the normal distribution: content, motion, where the camera stands; the field that the ground
        is made of and its lines; a grain for every size of sky and ground; one for what falls."""
        many = CONTENT + MOTION + 1 + sum(self.parted())
        return drawn(count, many, random, device)

    def parted(self) -> list[int]:
        """How many numbers of the noise the field takes, then the lines, each grain of sky and ground, what falls."""
        sizes = [high * wide for high, wide in self.maps]
        return [24 * FIELD, self.skyline.numbers(), *sizes, *sizes, self.size**2]

    def another(self, noise):
        """Noise of other scenes, filmed the same way from the same place.

        Else the camera alone would make the difference, and every sentence would have one scene.
        """
        other = self.noise(len(noise), device=noise.device)
        other[:, CONTENT : CONTENT + MOTION + 1] = noise[:, CONTENT : CONTENT + MOTION + 1]
        return other

    def calmed(self, noise, truncation: float, fine: float):
        """Noise of a more typical scene (truncation < 1) that is smoother as well (fine < 1), filmed the same way.

        Args:
            noise: of `noise`.
            truncation: multiplies all that is neither motion nor falling.
            fine: multiplies once more the grain of the two largest sizes of sky and ground: in a clip of 64 rows it is snow on
                a rock or a window, enlarged to a film's size it is a pearl.
        """
        much = torch.full_like(noise, truncation)
        much[:, CONTENT : CONTENT + MOTION] = 1.0
        much[:, -(self.size**2) :] = 1.0  # of calmer noise less rain falls
        maps = len(self.maps)
        for number, part in enumerate(much[:, CONTENT + MOTION + 1 :].split(self.parted(), 1)[2:-1]):
            if number % maps >= maps - 2:
                part *= fine
        return noise * much

    def parts(self, text, noise, way=None) -> dict:
        """Everything that a clip is put together from.

        Args:
            text: (batch, features).
            noise: of `noise`.
            way: another text that the camera's way is taken from: the same scene, filmed otherwise.

        Returns:
            colours (batch, 5, 3, size, 1.5 size) in [-1, 1] and alphas (batch, 5, 1, size, 1.5 size) of the sheets, back to
            front;
            free (batch, 4, 1, size, 1.5 size), the alphas of all but the sky before lines and sigmoid;
            lines (batch, 2, 1.5 size) below which the sheets of RIDGES stand, in half heights down from the middle;
            glitter (batch, 3, 3, size, size); falling (batch, 2, size, size), alpha in [0, 1];
            colour (batch, 3) of what falls; speed (batch, 2, 2), right and down, in half frames a frame;
            shift (batch, frames, 5, 2) and scale (batch, frames, 5) of the sheets; strength (batch, frames, 3) of the glitter.
        """
        content, motion = self.codes(text, noise)
        if way is not None:
            motion = self.codes(way, noise)[1]
        sky, ground, falling, lines = (one.float() for one in self.drawn(content, noise))
        first, drifting, glitter = sky.split([3, 4, 3 * GLITTER], 1)
        colours = torch.cat([first, drifting[:, :3], ground[:, : BELOW // 4 * 3]], 1)
        # a line is as sharp as the pixels allow, and so is what is added to it
        free = torch.cat([drifting[:, 3:], ground[:, BELOW // 4 * 3 :]], 1)
        stands = ROUGH * torch.tanh(free[:, RIDGED] / ROUGH)
        free = torch.cat([free[:, :1], stands, free[:, 3:]], 1) * self.sharp + self.prior
        alphas = torch.sigmoid(
            torch.cat([free[:, :1], free[:, RIDGED] + standing(lines, self.size), free[:, 3:]], 1)
        )
        middle = slice((sky.shape[3] - self.size) // 2, (sky.shape[3] - self.size) // 2 + self.size)
        fall = self.fall(content).float()
        much = torch.sigmoid(fall[:, :2])[:, :, None, None]
        shift, scale, strength = self.paths(motion, noise[:, CONTENT + MOTION])
        return {
            "colours": torch.tanh(colours).unflatten(1, (len(SHEETS), 3)),
            "alphas": torch.cat([torch.ones_like(alphas[:, :1]), alphas], 1)[:, :, None],
            "free": free[:, :, None],
            "lines": lines,
            "glitter": 0.5 * torch.tanh(glitter[:, :, :, middle]).unflatten(1, (GLITTER, 3)),
            "falling": much * torch.sigmoid(falling * 2 - 2),
            "colour": torch.tanh(fall[:, 8:]),
            "speed": torch.stack([0.2 * torch.tanh(fall[:, 4:6]), F.softplus(fall[:, 2:4])], 2),
            "shift": shift,
            "scale": scale,
            "strength": strength,
        }

    def drawn(self, content, noise) -> tuple:
        """(sky (batch, ABOVE, size, 1.5 size), ground (batch, BELOW, ...), what falls (batch, 2, size, size)), before any tanh or
        sigmoid, and the ground's lines (batch, 2, 1.5 size), from content (batch, WISE) and a clip's noise."""
        field, ridges, *grain, drops = noise[:, CONTENT + MOTION + 1 :].split(self.parted(), 1)
        grain = [dots.unflatten(1, size)[:, None] for dots, size in zip(grain, self.maps * 2)]
        begin = F.leaky_relu(self.begin(content), 0.2).unflatten(1, (-1, 4, 6))
        sky = self.above(begin, content, grain[: len(self.maps)])
        field = self.field(around(field.unflatten(1, (FIELD, 4, 6))))
        begin = F.leaky_relu(self.rows(content).unflatten(1, (-1, 4, 1)) + field, 0.2)
        lines = self.skyline(content, ridges, int(WIDE * self.size))
        ground = self.below(begin, content, grain[len(self.maps) :], lines)
        return sky, ground, self.weather(content, drops.unflatten(1, (self.size, self.size))[:, None]), lines

    def paths(self, motion, aside) -> tuple:
        """Shift, scale and strength by frame (see `parts`) from motion codes and where the camera stands.

        Args:
            motion: (batch, frames, 64), of `codes`.
            aside: (batch,), from the normal distribution: where the camera stands, left or right of the middle.

        That place is noise that nothing else knows of: so all of a sheet is looked at sooner or later, and a wider frame
        than those of the training shows nothing unfinished.
        """
        with torch.autocast(motion.device.type, enabled=False):  # a path needs more than 8 bits
            path, depth = self.path(motion.float()), self.depth(motion[:, 0].float())
        depth = F.softplus(depth).cumsum(1)
        # (batch, 1, sheets, 1), never less for what is nearer: one camera cannot turn two ways at once
        depth = (depth / depth[:, -1:])[:, None, :, None]
        camera, drift = torch.tanh(path[..., :6]).unsqueeze(2).split(3, 3)  # (batch, frames, 1, 3)
        moves = camera * depth + drift * self.itself  # only what drifts moves by itself as well
        stand = torch.tanh(aside.float())[:, None, None, None] * self.aside
        return FAR * moves[..., :2] + stand, torch.exp(0.5 * moves[..., 2]), torch.tanh(path[..., 6:])

    def forward(self, text, noise):
        """(batch, 3, frames, size, size) in [-1, 1]."""
        return self.filmed(self.parts(text, noise))

    def views(self, text, noise, moments):
        """Clips of 32 rows and one frame of each in full size: filming every frame in full size takes longer than drawing."""
        part = self.parts(text, noise)
        if self.size <= 32:
            return views(self.filmed(part), moments)
        with torch.autocast(part["shift"].device.type, enabled=False):
            clips = self.filmed(smaller(part, self.size // 32))
            row = torch.arange(len(moments), device=moments.device)
            shift, scale, strength = (
                part[name][row, moments][:, None] for name in ("shift", "scale", "strength")
            )
            stills = film(
                part, shift, scale, strength, (self.size, self.size), first=moments[:, None].to(shift.dtype)
            )
        return clips, stills[:, :, 0]

    def filmed(self, part: dict):
        """The clip of these parts as in training, as many rows as its sheets have."""
        side = part["colours"].shape[3]
        with torch.autocast(part["shift"].device.type, enabled=False):
            return film(part, part["shift"], part["scale"], part["strength"], (side, side))
