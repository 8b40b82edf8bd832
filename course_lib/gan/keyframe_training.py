"""The game of a key-frame generator and its discriminator, in steps that can be stopped and gone on with (lesson 06)."""

import copy
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from course_lib.errors import CourseError
from course_lib.gan.checkpoints import read_start, save_start
from course_lib.gan.keyframe import averaging_decay, mismatched_loss
from course_lib.gan.keyframe_data import StillFeed, Stills
from course_lib.gan.keyframe_nets import NOISE, KeyframeDiscriminator, Painter
from course_lib.gan.layers import mismatched, update_average
from course_lib.gan.losses import relativistic_loss, zero_centred_gradient_penalty
from course_lib.gan.video_steps import descend
from course_lib.text.tokens import Vocabulary


@dataclass(frozen=True)
class Recipe:
    """Everything that a training depends on.

    Attributes:
        world: "scenery" or "shapes".
        listens, reads: how generator and discriminator hear the sentence, see `keyframe_nets`.
        widths: channels of the generator at 4x4 and after each doubling.
        warm: steps of the discriminator alone on real pictures and wrong captions, before the game.
        steps: of the game; the learning rates fall to zero along a line from the middle on.
        clips: rendered for it, eight frames each; `sayings` wordings of each caption.
        rate, rate_d: Adam's, of generator and discriminator (while it warms up, `rate`).
        half_life: of the running mean of the generator, in steps.
        gamma: of the zero-centred penalties, one every `every` steps, on real and on generated pictures in turn.
        mismatch: how much wrong captions count.
        diversity: how much it costs if two pictures of one sentence differ by less than `apart` (from afar).
    """

    world: str = "scenery"
    listens: str = "film"
    reads: str = "projection"
    size: int = 32
    widths: tuple = (96, 96, 64, 32)
    steps: int = 1000
    warm: int = 300
    batch: int = 24
    clips: int = 4000
    sayings: int = 6
    rate: float = 1e-3
    rate_d: float = 3e-4
    half_life: float = 230.0
    gamma: float = 0.3
    every: int = 8
    mismatch: float = 1.0
    diversity: float = 10.0
    apart: float = 0.2
    wide: int = 32
    seed: int = 0


class KeyframeTraining:
    """A game in progress.

    Args:
        recipe: see `Recipe`.
        vocabulary: of an earlier training that this one goes on from.

    Attributes:
        painter, average: generator with text encoder, and its running mean (judge and ship the mean).
        D: the discriminator.
        step: how many steps of the game are done; negative while the discriminator warms up.
        seconds: CPU seconds spent in steps.
        history: lines that `fit`'s `watch` adds.
    """

    def __init__(
        self,
        recipe: Recipe,
        *,
        vocabulary: Vocabulary | None = None,
        feed: StillFeed | None = None,
    ):
        self.recipe = recipe
        stills = Stills(recipe.world, "train", recipe.clips, size=recipe.size)
        if recipe.clips >= 2000:  # 15 ms a clip: rendered once for all trainings
            stills.kept()
        self.attributes = stills.attributes
        self.feed = feed or StillFeed(stills, recipe.batch, recipe.sayings, vocabulary)
        torch.manual_seed(recipe.seed)
        words = len(self.feed.vocabulary)
        self.painter = Painter(words, recipe.listens, recipe.size, recipe.widths)
        self.D = KeyframeDiscriminator(words, self.attributes, recipe.reads, recipe.size, recipe.wide)
        self.painter.to(memory_format=torch.channels_last)
        self.D.to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.painter).requires_grad_(False).eval()
        betas = (0.3, 0.99)
        self.optimiser = torch.optim.Adam(self.painter.parameters(), recipe.rate, betas)
        self.optimiser_d = torch.optim.Adam(self.D.parameters(), recipe.rate_d, betas)
        self.random = torch.Generator().manual_seed(recipe.seed + 1)
        self.step, self.begun, self.seconds, self.history = -recipe.warm, 0, 0.0, []

    def noise(self, count: int):
        """(count, 32) numbers from the normal distribution."""
        return torch.randn(count, NOISE, generator=self.random)

    def advance(self) -> dict:
        """One step; returns its losses.

        Raises:
            CourseError: a loss is no number any more.
        """
        begin, recipe = time.process_time(), self.recipe
        fall = min(1.0, 2 * (1 - max(self.step, 0) / recipe.steps))
        # The warm-up is ordinary supervised learning and bears a larger rate than the game does.
        rate_d = recipe.rate if self.step < 0 else recipe.rate_d
        for optimiser, rate in ((self.optimiser, recipe.rate), (self.optimiser_d, rate_d)):
            for group in optimiser.param_groups:
                group["lr"] = rate * max(fall, 0.0)
        batch = self.feed(self.step + 2**20)  # streams take numbers from 0 up; the warm-up's are negative
        if self.step < 0:
            losses = {"D": warm_up_step(self.D, self.optimiser_d, batch, recipe)}
        else:
            fake = self.painter(batch["ids"], batch["lengths"], self.noise(len(batch["labels"])))
            loss_d, real = discriminator_step(self.D, self.optimiser_d, batch, fake, self.step, recipe)
            other = self.noise(len(fake)) if recipe.diversity and self.step % 4 == 0 else None
            loss_g = generator_step(self.D, self.painter, self.optimiser, batch, fake, real, other, recipe)
            losses = {"D": loss_d, "G": loss_g}
            update_average(
                self.average, self.painter, averaging_decay(self.step - self.begun, recipe.half_life)
            )
            for mean, own in zip(self.average.buffers(), self.painter.buffers()):
                mean.copy_(own)  # statistics of batch normalisation are running means already
        if not all(np.isfinite(value) for value in losses.values()):
            raise CourseError(
                f"a loss is not a number any more at step {self.step}: {losses}. Start again with another seed or half the rates."
            )
        self.step += 1
        self.seconds += time.process_time() - begin
        return losses

    def state(self) -> dict:
        """All that is needed to go on; `checkpoints.save_checkpoint` writes it."""
        return {
            "recipe": asdict(self.recipe), "step": self.step, "begun": self.begun, "seconds": self.seconds,
            "history": self.history, "painter": self.painter.state_dict(), "average": self.average.state_dict(),
            "D": self.D.state_dict(), "optimiser": self.optimiser.state_dict(),
            "optimiser_d": self.optimiser_d.state_dict(), "random": self.random.get_state(),
        }  # fmt: skip

    def restore(self, state: dict) -> None:
        """Go on from a `state` of the same recipe."""
        for name in ("painter", "average", "D", "optimiser", "optimiser_d"):
            getattr(self, name).load_state_dict(state[name])
        self.random.set_state(state["random"])
        for name in ("step", "begun", "seconds", "history"):
            setattr(self, name, state[name])

    def save_start(self, path: Path) -> None:
        """Write the running mean of the generator, and the discriminator, to go on from (`start_from`)."""
        save_start(self, path, {"painter": self.average, "D": self.D})

    @classmethod
    def start_from(cls, path: Path, steps: int, *, clips: int = 500) -> "KeyframeTraining":
        """A training that goes on from a `checkpoints.save_start` for `steps` more steps, on a smaller set of pictures."""
        said = read_start(path, "keyframe")
        recipe = replace(Recipe(**said["recipe"]), clips=clips, sayings=2, steps=said["step"] + steps)
        training = cls(recipe, vocabulary=Vocabulary(said["vocabulary"]))
        training.D.load_state_dict(said["D"])
        training.painter.load_state_dict(said["painter"])
        training.average.load_state_dict(said["painter"])
        training.step = training.begun = said["step"]
        return training


def wrong_captions(batch: dict) -> tuple:
    """(who, differs): whose caption each picture is shown as a wrong one, int64 (n,), and whether it is one, bool (n,)."""
    order = mismatched(batch["labels"].numpy())
    return torch.as_tensor(order), torch.as_tensor(order != np.arange(len(order)))


def real_terms(D, batch: dict, recipe: Recipe) -> tuple:
    """What the discriminator learns from real pictures alone: (loss, their logits, what it knows of the captions)."""
    caption = D.caption(batch)
    features = D.trunk(batch["pictures"])
    logits = D.logit(features, caption)
    loss = logits.new_zeros(())
    if recipe.mismatch and D.reads != "nothing":
        who, differs = wrong_captions(batch)
        loss = recipe.mismatch * mismatched_loss(logits, D.logit(features, caption[who]), differs)
    return loss, logits, caption


def warm_up_step(D, optimiser, batch: dict, recipe: Recipe) -> float:
    """The discriminator looks at real pictures and captions only; without wrong captions there is nothing to learn yet."""
    loss, _, _ = real_terms(D, batch, recipe)
    if loss.requires_grad:
        descend(loss, optimiser, None)
    return loss.item()


def discriminator_step(D, optimiser, batch: dict, fake, step: int, recipe: Recipe) -> tuple:
    """Real above generated, right captions above wrong ones; every few steps a penalty.

    Args:
        fake: (n, 3, size, size), made for the batch's captions; nothing flows back into them.

    Returns:
        (loss, logits of the real pictures without gradient).
    """
    loss, real, caption = real_terms(D, batch, recipe)
    loss = loss + relativistic_loss(real, D(fake.detach(), caption))
    if recipe.gamma and step % recipe.every == 0:
        pictures = batch["pictures"] if step // recipe.every % 2 == 0 else fake
        fixed = caption.detach()
        slope = zero_centred_gradient_penalty(lambda x: D(x, fixed), pictures)
        loss = loss + recipe.gamma / 2 * 2 * recipe.every * slope
    descend(loss, optimiser, None)
    return loss.item(), real.detach()


def generator_step(D, painter, optimiser, batch: dict, fake, real, other, recipe: Recipe) -> float:
    """Generated above real; where `other` noise is given, a second picture of each caption must differ.

    Args:
        fake: pictures of the batch's captions, with their graph.
        real: logits of the real pictures, from the discriminator's step: one update old, a pass cheaper.
        other: (n, 32) noise, or None.
    """
    D.requires_grad_(False)  # its gradients are not wanted: a third of the work is saved
    try:
        with torch.no_grad():
            caption = D.caption(batch)
        loss = relativistic_loss(D(fake, caption), real)
        if other is not None:
            apart = distance(fake, painter(batch["ids"], batch["lengths"], other)).mean()
            loss = loss + recipe.diversity * F.relu(recipe.apart - apart)
        descend(loss, optimiser, None)
    finally:  # also when somebody stops the cell right here
        D.requires_grad_(True)
    return loss.item()


def distance(a, b):
    """How different pictures look from afar: mean absolute difference of (n, 3, h, w) after averaging 4x4 pixels: (n,)."""
    return F.avg_pool2d(a - b, 4).abs().flatten(1).mean(1)


def fit(
    training: KeyframeTraining, *, watch: Callable | None = None, watch_every: float = 30.0,
    report: Callable | None = None, budget: float | None = None,
) -> KeyframeTraining:  # fmt: skip
    """Play on until the recipe's steps are done, or `budget` CPU seconds are spent in this call.

    Args:
        watch: called with the training every `watch_every` of its own seconds and at the end; what it returns (a dict)
            goes into the history. Its time is not counted.
        report: called with (training, losses) after every step.
    """
    seen = begun = training.seconds
    while training.step < training.recipe.steps and (budget is None or training.seconds - begun < budget):
        losses = training.advance()
        if report:
            report(training, losses)
        last = training.step == training.recipe.steps
        if watch and (last or training.seconds - seen >= watch_every):
            seen = training.seconds
            training.history.append(
                {"step": training.step, "seconds": round(seen, 1), **losses, **watch(training)}
            )
    return training
