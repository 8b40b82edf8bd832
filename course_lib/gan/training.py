"""Training that can be given a budget, cut off and taken up again: `VideoTraining`, `fit` (lesson 07).

Whatever is drawn at random follows from the recipe's seed and the number of the step, and torch's own random state is
kept in the checkpoint, so a training that was killed goes on to the curve it would have had.
"""

import copy
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from course_lib.errors import CourseError
from course_lib.gan import video_steps as game
from course_lib.gan.checkpoints import grow_from, read_checkpoint, read_start, save_checkpoint, save_start
from course_lib.gan.compiled import Compiled
from course_lib.gan.discriminators import Discriminator
from course_lib.gan.feed import Feed, training_set
from course_lib.gan.layers import update_average
from course_lib.gan.recipe import GENERATORS, LANDSCAPES, Recipe, recipe_of
from course_lib.gan.recorded import Recorded, adam, adopt, clock, set_rate
from course_lib.scenery.clips import Dataset
from course_lib.text.tokens import Vocabulary

ASKED = 10  # of so many recorded steps one is asked for its losses
PLANNED = 24  # steps whose pace is taken; all kinds of them in their shares


class VideoTraining:
    """A text-to-video game in progress.

    Args:
        recipe: see `Recipe`.
        dataset: instead of the world's own training set.
        device: "cpu" or "cuda".

    Attributes:
        writer, average: the generator with its text encoder, and its running mean (judge and ship the mean).
        D: the discriminator.
        step: how many steps of the game are done (negative while the discriminator warms up).
        seconds: spent in steps: CPU seconds on a CPU, wall seconds on a GPU.
        history: one dict a line: step, seconds, losses, and what a `watch` adds.
    """

    def __init__(
        self, recipe: Recipe, dataset: Dataset | None = None, *, device: str = "cpu", vocabulary=None
    ):
        if recipe.generator not in GENERATORS:
            raise CourseError(
                f"there is no generator '{recipe.generator}'; choose from {', '.join(GENERATORS)}."
            )
        if dataset is None:
            dataset = training_set(recipe)
        self.recipe, self.device, self.attributes = recipe, device, dataset.attributes
        self.feed = Feed(dataset, recipe.batch, recipe.sayings, recipe.seed, device, vocabulary)
        words = len(self.feed.vocabulary)
        torch.manual_seed(recipe.seed)
        make = GENERATORS[recipe.generator]
        self.writer = game.Writer(words, make(size=recipe.size, frames=recipe.frames)).to(device)
        self.D = Discriminator(
            words, self.attributes, recipe.size, recipe.frames, wide=recipe.wide,
            projects=recipe.reads, single=recipe.single, grown=recipe.generator in LANDSCAPES,
        ).to(device, memory_format=torch.channels_last)  # fmt: skip
        self.writer.to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.writer).requires_grad_(False)
        self.average.text.gru.flatten_parameters()  # a copy's weights lie here and there
        self.autocast, self.scaler = game.precision(device)
        self.step, self.seconds, self.history = -recipe.warm, 0.0, []
        self.compiled = self.recorded = None
        self.losses = {}
        # A scaler looks at every gradient before it decides: half precision cannot be recorded.
        if str(device).startswith("cuda") and self.scaler is None:
            self.recorded = Recorded(self._turn, recipe.weights, device)
        place = device if self.recorded else None
        self.optimiser = adam(self.writer, recipe.rate, place)
        self.optimiser_d = adam(self.D, recipe.rate_d, place)

    def compile(self, backend: str = "inductor") -> None:
        """Generator and trunks through `torch.compile` from now on, but for steps with a penalty (`gan.compiled`)."""
        self.recorded = None
        eyes = [eye.trunk for eye in (self.D.clip, self.D.frame) if eye is not None]
        self.compiled = Compiled(self.writer.generator, *eyes, backend=backend)

    def advance(self) -> dict:
        """One step; returns its losses, or where steps are recorded those of one of the last ASKED steps.

        Raises:
            CourseError: a loss is no number any more, or the device's memory is too small.
        """
        begin = clock(self.device)
        share = max(self.step, 0) / self.recipe.steps if self.recipe.steps else 0.0
        steady = self.recipe.steady
        fall = min(1.0, (1 - share) / (1 - steady)) if steady < 1 else 1.0
        # The warm-up is ordinary supervised learning and bears a larger rate than the game does.
        rate_d = self.recipe.rate if self.step < 0 else self.recipe.rate_d
        for optimiser, rate in ((self.optimiser, self.recipe.rate), (self.optimiser_d, rate_d)):
            set_rate(optimiser, rate * max(fall, 0.0))
        try:
            losses = self._play()
        except torch.OutOfMemoryError:
            raise CourseError(
                f"the device's memory is too small for batches of {self.recipe.batch} clips of {self.recipe.size} pixels: "
                f"start again with --batch {max(self.recipe.batch // 2, 4)}; nothing that was saved is lost."
            ) from None
        # To read a number is to wait for it: a GPU that plays recordings is asked now and then only.
        if not self.recorded or not self.losses or self.step % ASKED == 0 or self.step < 0:
            self.losses = {name: float(value) for name, value in losses.items()}
        if not all(np.isfinite(value) for value in self.losses.values()):
            raise NotANumber(
                f"a loss is not a number any more at step {self.step}: {self.losses}. Go back to the last checkpoint with "
                "half the rates, or start with another seed."
            )
        self.step += 1
        self.seconds += clock(self.device) - begin
        return self.losses

    def _play(self) -> dict:
        weights, context = self.recipe.weights, (self.autocast, self.scaler)
        batch = self.feed(self.step + 2**20)  # streams take numbers from 0 up; the warm-up's are negative
        if self.step < 0:
            return {"D": game.warm_up_step(self.D, self.optimiser_d, batch, weights, *context)}
        losses = (self.recorded or self._turn)(batch)
        # Young averages forget fast: else the first, meaningless weights would be seen for a thousand steps.
        update_average(
            self.average, self.writer, min(self.recipe.average, (1 + self.step) / (10 + self.step))
        )
        return losses

    def _turn(self, batch) -> dict:
        """Both players' turn on a batch; their losses, still on the device."""
        weights, context = self.recipe.weights, (self.autocast, self.scaler)
        noise = self.writer.generator.noise(len(batch.clips), device=self.device)
        with self.autocast():
            fake = self.writer.views(batch.ids, batch.lengths, noise, batch.moments)
        penalty = game.penalised(batch.step, weights)
        with self.compiled.paused(penalty) if self.compiled else nullcontext():  # it differentiates twice
            loss_d, real = game.discriminator_step(self.D, self.optimiser_d, batch, fake, weights, *context)
        loss_g = game.generator_step(
            self.D, self.writer, self.optimiser, batch, fake, noise, real, weights, *context
        )
        return {"D": loss_d, "G": loss_g}

    def sound(self) -> bool:
        """Is every weight a number? (A loss may look well one step longer than the weights.)"""
        weights = (*self.writer.parameters(), *self.D.parameters())
        return all(bool(torch.isfinite(weight).all()) for weight in weights)

    def state(self) -> dict:
        """All that is needed to go on."""
        return {
            "recipe": asdict(self.recipe), "vocabulary": self.feed.vocabulary.tokens, "step": self.step,
            "seconds": self.seconds, "history": self.history, "writer": self.writer.state_dict(),
            "average": self.average.state_dict(), "D": self.D.state_dict(), "optimiser": self.optimiser.state_dict(),
            "optimiser_d": self.optimiser_d.state_dict(), "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state(self.device) if str(self.device).startswith("cuda") else None,
            "scaler": self.scaler.state_dict() if self.scaler else None,
        }  # fmt: skip

    def restore(self, state: dict) -> None:
        """Go on from a `state`."""
        self.recipe = recipe_of(state["recipe"])
        for name in ("writer", "average", "D", "optimiser", "optimiser_d"):
            getattr(self, name).load_state_dict(state[name])
        for optimiser in (self.optimiser, self.optimiser_d):
            adopt(optimiser, self.device if self.recorded else None)
        if self.recorded:  # it knows the memory of before
            self.recorded = Recorded(self._turn, self.recipe.weights, self.device)
        if self.scaler and state["scaler"]:
            self.scaler.load_state_dict(state["scaler"])
        torch.set_rng_state(state["random"].cpu())
        if state.get("random_cuda") is not None and str(self.device).startswith("cuda"):
            torch.cuda.set_rng_state(state["random_cuda"].cpu(), self.device)
        self.step, self.seconds, self.history = state["step"], state["seconds"], state["history"]
        self.losses = {}

    @classmethod
    def grow(
        cls, state: dict, recipe: Recipe, *, device: str = "cpu", dataset: Dataset | None = None
    ) -> "VideoTraining":
        """A training at a larger size that begins with what a smaller one of the same design knows.

        Args:
            state: of a training with one of LANDSCAPES as its generator, e.g. from `checkpoints.read_checkpoint`.
            recipe: of the new one; it has no warm-up, and its size is a doubling of the old one's or the same.

        Raises:
            CourseError: the designs do not fit.
        """
        small = recipe_of(state["recipe"])
        same = all(
            getattr(small, name) == getattr(recipe, name) for name in ("generator", "frames", "wide", "world")
        )
        if not same or recipe.generator not in LANDSCAPES or recipe.size < small.size:
            raise CourseError(
                f"a training of '{small.generator}' at {small.size} pixels cannot grow into '{recipe.generator}' at "
                f"{recipe.size}: both must be the same kind of landscape, with the same frames, and the new one as large or larger."
            )
        words = Vocabulary(state["vocabulary"])
        training = cls(replace(recipe, warm=0), dataset, device=device, vocabulary=words)
        for module, name in ((training.writer, "average"), (training.average, "average"), (training.D, "D")):
            grow_from(module, state[name])
        return training

    def save_start(self, path: Path) -> None:
        """Write generator and discriminator to go on from (`start_from`); the running mean fills again."""
        save_start(self, path, {"writer": self.writer, "D": self.D})

    @classmethod
    def start_from(cls, path, steps: int, *, clips: int = 2000, device: str = "cpu") -> "VideoTraining":
        """A training that goes on from a `save_start` for `steps` more steps, on a smaller set of clips."""
        said = read_start(path)
        recipe = replace(recipe_of(said["recipe"]), clips=clips, sayings=2, steps=said["step"] + steps)
        training = cls(recipe, device=device, vocabulary=Vocabulary(said["vocabulary"]))
        training.D.load_state_dict(said["D"])
        training.writer.load_state_dict(said["writer"])
        training.average.load_state_dict(said["writer"])
        training.step, training.seconds = said["step"], said["seconds"]
        return training


class NotANumber(CourseError):
    """A loss became infinite or NaN."""


def fit(
    training: VideoTraining, *, budget: float | None = None, own_time: bool = False, checkpoint: Path | None = None,
    every: float = 60.0, watch: Callable | None = None, watch_every: float = 60.0, report: Callable | None = None,
) -> VideoTraining:  # fmt: skip
    """Play on until the steps or the time are used up.

    Args:
        budget: seconds. A recipe without `steps` gets as many as fit into it on this machine, found out from its first
            steps, so that the learning rate has fallen to zero when the time is over.
        own_time: the budget is one of `training.seconds`, earlier calls counted in (to compare on a busy machine);
            else of wall seconds of this call.
        checkpoint: where to keep the state, every `every` wall seconds and at the end.
        watch: called with the training every `watch_every` of its own seconds and at the end; what it returns (a dict)
            goes into the history. Its time is not counted.
        report: called with (training, losses) after every step.

    Raises:
        CourseError: neither steps nor a budget; a loss was no number three times in a row.
    """
    if not training.recipe.steps and not budget:
        raise CourseError("say how long: a budget such as '10 min', or a recipe with steps.")
    begin = saved = time.perf_counter()
    first = max(training.step, 0) + (training.recorded.settled() if training.recorded else 4)
    watched, failures, losses, plan_from = training.seconds, 0, {}, None

    def spent() -> float:
        return training.seconds if own_time else time.perf_counter() - begin

    def look():
        line = {"step": training.step, "seconds": round(training.seconds, 1), **losses, **watch(training)}
        training.history.append(line)

    while not training.recipe.steps or training.step < training.recipe.steps:
        try:
            losses = training.advance()
        except NotANumber:
            failures += 1
            if checkpoint is None or failures > 2 or not Path(checkpoint).exists():
                raise
            training.restore(read_checkpoint(checkpoint))
            share = 0.5**failures  # the checkpoint brought its own rates back
            slower = {"rate": training.recipe.rate * share, "rate_d": training.recipe.rate_d * share}
            training.recipe = replace(training.recipe, **slower)
            continue
        if report:
            report(training, losses)
        if not training.recipe.steps and training.step >= first:  # the very first steps are slower
            if plan_from is None:
                plan_from = (training.step, spent())
            elif training.step == plan_from[0] + PLANNED:
                pace = (spent() - plan_from[1]) / PLANNED
                more = int(max(budget - spent(), 0) * 0.98 / pace)
                training.recipe = replace(training.recipe, steps=training.step + max(more, 1))
        if watch and training.seconds - watched >= watch_every and training.step > 0:
            watched = training.seconds
            look()
        if checkpoint and time.perf_counter() - saved >= every and training.sound():
            save_checkpoint(training, checkpoint)
            saved, failures = time.perf_counter(), 0
        if budget and spent() > 1.1 * budget:
            break
    if not training.sound():
        raise NotANumber(
            f"a weight is not a number any more at step {training.step}: go back to the last checkpoint."
        )
    if watch and (not training.history or training.history[-1]["step"] != training.step):
        look()
    if checkpoint:
        save_checkpoint(training, checkpoint)
    return training
