"""Training the upscaler on rendered pairs: a large picture, and the same averaged down by area."""

import time
from collections.abc import Callable

import numpy as np
import torch

from course_lib.film.superres import Upscaler, to_tensor
from course_lib.scenery.render import Scene
from course_lib.scenery.splits import world

SMALL = 64  # the side of the pictures that are to be enlarged


def scenes(split: str, count: int, size: int, seed: int = 0) -> np.ndarray:
    """Rendered pictures of a split, each of another combination and at another moment of its clip.

    Args:
        split: 'train', 'validation' or 'held-out', see `scenery.splits`.
        count: how many.
        size: of the square pictures.
        seed: another seed, other pictures.

    Returns:
        uint8 (count, size, size, 3).
    """
    rows = world("scenery").combinations(split)
    order, random = drawn(split, count, size, seed)
    pictures = np.empty((count, size, size, 3), np.uint8)
    for place, number in enumerate(order):
        scene = Scene(rows[number], size, int(random.integers(2**31)))
        pictures[place] = scene.frame(float(random.uniform(0, scene.camera.seconds)))
    return pictures


def drawn(split: str, count: int, size: int, seed: int):
    """Which combinations of a split are drawn, each as often as the others, and the generator that drew them."""
    random = np.random.default_rng([seed, ("held-out", "train", "validation").index(split), size])
    many = len(world("scenery").combinations(split))
    return np.concatenate([random.permutation(many) for _ in range(-(-count // many))])[:count], random


def shrink(pictures: np.ndarray, factor: int) -> np.ndarray:
    """The degradation that the upscaler undoes: every square of `factor` x `factor` pixels becomes its mean.

    Args:
        pictures: uint8 (n, h, w, 3), h and w multiples of `factor`.

    Returns:
        uint8 (n, h / factor, w / factor, 3), rounded.
    """
    n, height, width, _ = pictures.shape
    squares = pictures.reshape(n, height // factor, factor, width // factor, factor, 3)
    return (squares.mean((2, 4)) + 0.5).astype(np.uint8)


class Training:
    """A training that can be driven step by step.

    Args:
        count: rendered scenes of each size (512 and 256 pixels); 447 are all combinations that are trained.
        steps: how many there will be; the learning rate falls to zero over them.
        seed: of scenes, weights and batches.
        model: to go on from; by default a new one.
        factors: which of the last layers learn, in turn; factor 4 twice as often, it is needed more.
    """

    def __init__(
        self, count=447, steps=14_000, seed=0, model=None, batch=12, patch=24, rate=1.5e-3, factors=(4, 4, 8)
    ):
        torch.manual_seed(seed)
        self.random = np.random.default_rng(seed)
        # colours of a pixel side by side in memory: with 16-bit multiplications a third faster on a CPU
        self.model = (Upscaler() if model is None else model).to(memory_format=torch.channels_last)
        self.steps, self.batch, self.patch, self.step = steps, batch, patch, 0
        # factor that a set is shrunk by -> (small, large); from the large ones of 512 both heads learn
        self.pairs, self.factors = {}, factors
        for factor in sorted(set(factors)) if count else ():
            large = scenes("train", count, SMALL * factor, seed)
            self.pairs[factor] = shrink(large, factor), large
        self.optimiser = torch.optim.Adam(self.model.parameters(), rate, betas=(0.9, 0.99))
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, rate, total_steps=max(2, steps), pct_start=0.1, cycle_momentum=False
        )

    def patches(self, factor: int):
        """Random squares of the small pictures and of the same places of the large ones, turned and mirrored."""
        small, large = self.pairs[factor]
        low, high = [], []
        for number in self.random.integers(0, len(small), self.batch):
            y, x = self.random.integers(0, SMALL - self.patch + 1, 2)
            a = small[number, y : y + self.patch, x : x + self.patch]
            y, x, side = y * factor, x * factor, self.patch * factor
            b = large[number, y : y + side, x : x + side]
            if self.random.random() < 0.5:
                a, b = a[:, ::-1], b[:, ::-1]
            low.append(a)
            high.append(b)
        return to_tensor(np.stack(low)), to_tensor(np.stack(high))

    def advance(self) -> float:
        """One step; returns its loss, see `distance`."""
        factor = self.factors[self.step % len(self.factors)]
        small, large = self.patches(factor)
        # 16-bit multiplications only where the processor has them: elsewhere they are far slower
        with torch.autocast(
            "cpu", torch.bfloat16, enabled=torch.backends.cpu.get_cpu_capability() == "AVX512"
        ):
            made = self.model(small.contiguous(memory_format=torch.channels_last), factor)
        loss = distance(made.float(), large)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        if self.schedule.last_epoch < self.schedule.total_steps - 1:
            self.schedule.step()
        self.step += 1
        return loss.item()


def distance(made, truth):
    """The mean over the pictures of log(mean squared difference): PSNR itself, but for sign and factor.

    A mean of squares would be ruled by the few pictures full of grass and rain, which nobody can foresee. The
    small number keeps a nearly perfect sky from ruling in turn.
    """
    return ((made - truth).square().mean((1, 2, 3)) + 1e-4).log().mean()


def fit(training: Training, told: Callable[[int, float], None] | None = None) -> float:
    """Run a training to its end; returns its CPU seconds."""
    begin = time.process_time()
    while training.step < training.steps:
        loss = training.advance()
        if told:
            told(training.step, loss)
    return time.process_time() - begin
