"""A judge for single frames: what can be seen in a picture that does not move (lesson 06).

The judge of clips (`course_lib.gan.judge`) sees rain by its motion: shown one frame eight times it takes many rainy
scenes for cloudy ones (its weather in `bench/keyframe.json`). This one learnt from single rendered frames. No generator is
ever trained with it, and it shares no weights with any discriminator.
"""

import json
import os
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.gan.keyframe import attribute_accuracy
from course_lib.gan.keyframe_data import Stills, to_pictures
from course_lib.scenery.splits import world as world_named

SIZE = 32


class StillJudge(nn.Module):
    """Convolutions with batch normalisation and max pooling, 128 features, a head for each attribute.

    Args:
        world: "scenery" or "shapes".
        width: channels of the first layers.
    """

    def __init__(self, world: str, width: int = 32):
        super().__init__()
        self.world = world_named(world)
        self.attributes = {k: words for k, words in self.world.attributes.items() if k != "motion"}
        channels = [3, width, width, width * 3 // 2, width * 2, width * 3]
        blocks = []
        for number, (before, after) in enumerate(pairwise(channels)):
            blocks += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            if number:  # two looks at the full resolution: rain is a few pixels wide
                blocks.append(nn.MaxPool2d(2))
        self.trunk = nn.Sequential(*blocks)  # (batch, 3, 32, 32) -> (batch, 3 width, 2, 2)
        self.body = nn.Sequential(nn.Flatten(), nn.Dropout(0.1), nn.Linear(channels[-1] * 4, 128), nn.ReLU())
        self.heads = nn.ModuleDict(
            {name: nn.Linear(128, len(words)) for name, words in self.attributes.items()}
        )

    def features(self, pictures):
        """The 128 numbers before the heads: (batch, 128) from pictures (batch, 3, 32, 32) in [-1, 1]."""
        return self.body(self.trunk(pictures))

    def forward(self, pictures):
        """Logits: {attribute: (batch, words)}."""
        seen = self.features(pictures)
        return {name: head(seen) for name, head in self.heads.items()}

    @torch.no_grad()
    def probabilities(self, pictures) -> dict:
        """{attribute: (batch, words)} as numpy."""
        self.eval()
        parts = [self(part) for part in checked(pictures).split(512)]
        return {name: torch.cat([part[name] for part in parts]).softmax(1).numpy() for name in self.heads}

    def read(self, pictures) -> list[dict]:
        """What each picture shows: a list of ``{"place": "lake", ...}``."""
        best = {name: table.argmax(1) for name, table in self.probabilities(pictures).items()}
        return [
            {name: words[int(best[name][row])] for name, words in self.attributes.items()}
            for row in range(len(pictures))
        ]

    def accuracy(self, pictures, labels) -> dict:
        """`keyframe.attribute_accuracy` of pictures (n, 3, 32, 32) that should show labels (n, attributes)."""
        return attribute_accuracy(self.probabilities(pictures), np.asarray(labels))

    @torch.no_grad()
    def describe(self, pictures) -> np.ndarray:
        """Features, numpy (batch, 128): the input of a Fréchet distance."""
        self.eval()
        return torch.cat([self.features(part) for part in checked(pictures).split(512)]).numpy()


def checked(pictures):
    """The pictures, if they are some that the judge can see; 64x64 and so on are averaged down.

    Raises:
        CourseError: another shape.
    """
    if pictures.ndim != 4 or pictures.shape[1] != 3:
        raise CourseError(
            f"pictures have shape {tuple(pictures.shape)}; give float (batch, 3, height, width)."
        )
    return (
        pictures if pictures.shape[2:] == (SIZE, SIZE) else F.interpolate(pictures, (SIZE, SIZE), mode="area")
    )


def weights_file(world: str) -> Path:
    """Where the shipped weights of a world's still judge are."""
    return datasets("weights", f"keyframe-judge-{world_named(world).name}.safetensors")


def load(world: str = "scenery", *, path: Path | None = None) -> StillJudge:
    """The trained judge of a world's single frames.

    Raises:
        CourseError: no such world, or its weights are missing or of another shape.
    """
    from safetensors.torch import load_file

    judge = StillJudge(world)
    path = Path(path) if path else weights_file(world)
    if not path.exists():
        raise CourseError(
            f"the still judge's weights are not at {path}: make them with 'python course.py bench keyframe --train'."
        )
    try:
        state = load_file(path)
        judge.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    except Exception as error:
        raise CourseError(f"{path} does not hold a {world} still judge: fetch it again ({error}).") from None
    return judge.eval().requires_grad_(False)


def save(judge: StillJudge, path: Path, note: dict | None = None) -> None:
    """Write the weights as 16-bit floats, atomically; `note` goes into the file's metadata."""
    from safetensors.torch import save_file

    part = path.with_name(path.name + ".part")
    state = {
        k: (v.half() if v.is_floating_point() else v).contiguous() for k, v in judge.state_dict().items()
    }
    save_file(state, part, {"world": judge.world.name, "note": json.dumps(note or {})})
    part.chmod(0o644)  # safetensors writes files that only their owner may read
    os.replace(part, path)


def train(
    world: str, *, clips: int, steps: int, batch: int = 64, rate: float = 2e-3, seed: int = 0,
    report: Callable | None = None,
) -> StillJudge:  # fmt: skip
    """Train a still judge on every combination, so that it reads held-out ones as well as the others.

    Args:
        world: "scenery" or "shapes".
        clips: rendered for it, of the split "all", eight frames each.
        steps: of `batch` frames; the learning rate falls along half a cosine.
        report: called with (step, loss, CPU seconds) every 100 steps.
    """
    torch.manual_seed(seed)
    stills = Stills(world, "all", clips, seed=seed + 5).kept()
    videos = np.concatenate([stills.videos(range(k, min(k + 250, clips))) for k in range(0, clips, 250)])
    labels = torch.as_tensor(stills.labels())
    judge = StillJudge(world).train()
    optimiser = torch.optim.AdamW(judge.parameters(), rate, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.08)
    random, begin = np.random.default_rng(seed), time.process_time()
    for step in range(1, steps + 1):
        rows, moments = random.integers(clips, size=batch), random.integers(8, size=batch)
        x = to_pictures(videos[rows, moments])
        # A generator's colours are never quite right: brightness and contrast vary while learning.
        gain, shift = (
            torch.as_tensor(random.uniform(a, b, (batch, 1, 1, 1)), dtype=x.dtype)
            for a, b in ((0.93, 1.07), (-0.04, 0.04))
        )
        logits = judge(x * gain + shift + 0.02 * torch.randn_like(x))
        loss = sum(F.cross_entropy(logits[name], labels[rows, k]) for k, name in enumerate(judge.heads))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
        if report and step % 100 == 0:
            report(step, loss.item(), time.process_time() - begin)
    return judge.eval()
