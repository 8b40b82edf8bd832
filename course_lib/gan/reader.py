"""What both judges are: a trunk, 128 features, a head for each attribute; read, counted, trained in one way.

A judge never sees a generator while it learns, so it can say whether what was generated shows what was asked for.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from course_lib.data.halves import read_halves, write_halves
from course_lib.errors import CourseError
from course_lib.gan.keyframe import attribute_accuracy
from course_lib.scenery.splits import world as world_named

FEATURES, AT_ONCE = 128, 256  # numbers before the heads; clips or pictures that are read at a time


class Reader(nn.Module):
    """Heads on 128 features. A judge of its own adds `features` and `prepared`.

    Args:
        world: "scenery" or "shapes".
        trunk: from what `prepared` gives to (batch, channels, 2, 2).
        channels: see `trunk`.
        words: {attribute: its words}, of those that can be seen.

    Attributes:
        world: the world's vocabulary, `course_lib.scenery.splits.world`.
        words: as above.
    """

    def __init__(self, world: str, trunk: nn.Module, channels: int, words: dict):
        super().__init__()
        self.world, self.words, self.trunk = world_named(world), words, trunk
        self.body = nn.Sequential(nn.Flatten(), nn.Dropout(0.1), nn.Linear(channels * 4, FEATURES), nn.ReLU())
        self.heads = nn.ModuleDict({name: nn.Linear(FEATURES, len(list_)) for name, list_ in words.items()})

    def prepared(self, seen):
        """What the trunk can see, from any form that the judge takes."""
        raise NotImplementedError

    def features(self, seen):
        """The 128 numbers before the heads: (batch, 128), of what `prepared` gave."""
        return self.body(self.trunk(seen))

    def forward(self, seen):
        """Logits: {attribute: (batch, words)}."""
        features = self.features(seen)
        return {name: head(features) for name, head in self.heads.items()}

    def parts(self, seen):
        """What is to be read, part by part, on the judge's device."""
        self.eval()
        device = next(self.parameters()).device
        return (part.to(device) for part in self.prepared(seen).split(AT_ONCE))

    @torch.no_grad()
    def probabilities(self, seen) -> dict:
        """{attribute: (batch, words)} as numpy."""
        tables = [self(part) for part in self.parts(seen)]
        return {
            name: torch.cat([table[name] for table in tables]).softmax(1).cpu().numpy() for name in self.heads
        }

    def read(self, seen) -> list[dict]:
        """What each one shows: a list of ``{"place": "lake", ...}``."""
        best = {name: table.argmax(1) for name, table in self.probabilities(seen).items()}
        count = len(next(iter(best.values())))
        return [
            {name: words[int(best[name][row])] for name, words in self.words.items()} for row in range(count)
        ]

    def accuracy(self, seen, labels) -> dict:
        """`keyframe.attribute_accuracy` of what should show labels (batch, attributes)."""
        return attribute_accuracy(self.probabilities(seen), np.asarray(labels))

    @torch.no_grad()
    def describe(self, seen) -> np.ndarray:
        """Features, numpy (batch, 128): the input of a Fréchet distance."""
        return torch.cat([self.features(part) for part in self.parts(seen)]).cpu().numpy()


def learn(
    judge: Reader, draw: Callable, steps: int, rate: float, random: np.random.Generator, report=None
) -> Reader:
    """Train a judge, the learning rate along half a cosine.

    Args:
        judge: its weights are changed.
        draw: called for each step; gives (what `prepared` gives, int64 (batch, attributes)).
        steps: how many.
        rate: the largest learning rate.
        random: of brightness and contrast.
        report: called with (step, loss, CPU seconds) every 100 steps.
    """
    judge.train()
    optimiser = torch.optim.AdamW(judge.parameters(), rate, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.08)
    device, begin = next(judge.parameters()).device, time.process_time()
    for step in range(1, steps + 1):
        seen, labels = (one.to(device) for one in draw())
        # A generator's colours are never quite right: brightness and contrast vary while learning.
        each = (len(seen), *[1] * (seen.ndim - 1))
        gain, shift = (
            torch.as_tensor(random.uniform(low, high, each), dtype=seen.dtype, device=device)
            for low, high in ((0.93, 1.07), (-0.04, 0.04))
        )
        logits = judge(seen * gain + shift + 0.02 * torch.randn_like(seen))
        loss = sum(F.cross_entropy(logits[name], labels[:, k]) for k, name in enumerate(judge.heads))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
        if report and step % 100 == 0:
            report(step, loss.item(), time.process_time() - begin)
    return judge.eval()


def fill(judge: Reader, path: Path, bench: str) -> Reader:
    """Read the weights of a judge.

    Args:
        judge: untrained.
        path: where `save` wrote them.
        bench: the bench that makes them, for the sentence that says that they are missing.

    Raises:
        CourseError: they are missing or of another shape.
    """
    if not path.exists():
        raise CourseError(
            f"the judge's weights are not at {path}: make them with 'python course.py bench {bench} --train'."
        )
    try:
        judge.load_state_dict(read_halves(path)[0])
    except Exception as error:
        raise CourseError(
            f"{path} does not hold a {judge.world.name} {type(judge).__name__.lower()}: fetch it again ({error})."
        ) from None
    return judge.eval()


def save(judge: Reader, path: Path, note: dict | None = None) -> None:
    """Write the weights as 16-bit floats, atomically; `note` goes into the file's metadata."""
    write_halves(path, judge.state_dict(), {"world": judge.world.name, "note": note or {}})
