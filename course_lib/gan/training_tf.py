"""Train the DCGAN for a given time, watch it, stop it, go on: `fit`, and the files that it writes (lesson 03)."""

import importlib.util
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from safetensors import safe_open
from safetensors.numpy import save_file

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.gan import dcgan_tf
from course_lib.profiles import seconds as seconds_of

RATE, MOMENTUM = 2e-4, 0.5  # Radford and others, 2016


@dataclass
class Players:
    """Both networks with an optimiser each, and how far they have come.

    Attributes:
        step: steps of training behind them.
        seconds: CPU seconds of training behind them.
    """

    generator: keras.Model
    discriminator: keras.Model
    generator_optimiser: keras.optimizers.Optimizer
    discriminator_optimiser: keras.optimizers.Optimizer
    step: int = 0
    seconds: float = 0.0

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """(n, 32, 32, 3) pictures in [-1, 1]; the same seed, the same noise."""
        noise = np.random.default_rng(seed).normal(size=(n, self.generator.input_shape[1])).astype("float32")
        parts = [self.generator(noise[k : k + 250], training=False).numpy() for k in range(0, n, 250)]
        return np.concatenate(parts)

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that training goes on from: weights, running averages, optimisers' memories."""
        named = {
            "generator": self.generator.weights,
            "discriminator": self.discriminator.weights,
            "generator_optimiser": self.generator_optimiser.variables,
            "discriminator_optimiser": self.discriminator_optimiser.variables,
        }
        # a copy: a view would go on changing while training goes on
        return {
            f"{name}.{k:02d}": w.numpy().copy() for name, held in named.items() for k, w in enumerate(held)
        }


def players(
    seed: int = 0, make_generator: Callable | None = None, make_discriminator: Callable | None = None
) -> Players:
    """Two fresh players, weights from the seed, with an Adam optimiser each.

    Args:
        make_generator, make_discriminator: yours in place of `dcgan_tf`'s.
    """
    keras.utils.set_random_seed(seed)
    generator = (make_generator or dcgan_tf.make_generator)()
    discriminator = (make_discriminator or dcgan_tf.make_discriminator)()
    optimisers = [keras.optimizers.Adam(RATE, beta_1=MOMENTUM) for _ in range(2)]
    for optimiser, player in zip(optimisers, (generator, discriminator)):
        optimiser.build(player.trainable_variables)
    return Players(generator, discriminator, *optimisers)


def fit(
    trained: Players, pictures: np.ndarray, budget="3 min", *, steps: int | None = None, batch: int = 64, seed: int = 0,
    checkpoint: Path | None = None, save_every="1 min", watch: Callable | None = None, watch_every="5 s",
    discriminator_step: Callable | None = None, generator_step: Callable | None = None,
) -> Players:  # fmt: skip
    """Train until the time is used up.

    Interrupt it, and what was learned is kept: in `trained`, and in the checkpoint. Call it again with the same
    checkpoint, in a new process too, and it goes on with the next step as if nothing had happened, for what is left
    of the budget.

    Args:
        trained: both players; changed in place.
        pictures: (n, 32, 32, 3), float in [-1, 1] or uint8.
        budget: wall-clock time for training, "3 min" or seconds; with a checkpoint, time spent before counts.
        steps: stop at this step at the latest.
        seed: of batches and noise; each step draws its own from seed and step.
        checkpoint: file to go on from if it exists, and to write every `save_every`, at the end, and when interrupted.
        watch: called with (trained, seconds of this call, losses of both) at the start, every `watch_every` and at
            the end; its own time does not count.
        discriminator_step, generator_step: yours in place of `dcgan_tf`'s.

    Returns:
        `trained`.

    Raises:
        CourseError: pictures or budget cannot be used, the checkpoint is of other players, or a loss is no
            longer a number.
    """
    limit, pause, look = seconds_of(budget), seconds_of(save_every), seconds_of(watch_every)
    pictures = checked(pictures)
    spent_before = read(trained, checkpoint)["wall"] if checkpoint and Path(checkpoint).exists() else 0.0
    # compiled once: a step as a graph takes a fraction of the time of the same step line by line
    step_d = tf.function(discriminator_step or dcgan_tf.discriminator_step)
    step_g = tf.function(generator_step or dcgan_tf.generator_step)
    latent = trained.generator.input_shape[1]
    losses, started, away = (float("nan"), float("nan")), time.perf_counter(), 0.0
    cpu, saved, looked = time.process_time() - trained.seconds, 0.0, 0.0

    def keep() -> None:
        trained.seconds = time.process_time() - cpu
        if checkpoint:
            write(
                Path(checkpoint),
                trained.arrays(),
                step=trained.step,
                seconds=trained.seconds,
                wall=spent_before + spent,
            )

    def show() -> tuple[float, float]:
        begin, begin_cpu = time.perf_counter(), time.process_time()
        trained.seconds = begin_cpu - cpu
        if watch:
            watch(trained, spent, losses)
        return time.perf_counter() - begin, time.process_time() - begin_cpu

    spent = 0.0
    pause_wall, pause_cpu = show()
    away, cpu = away + pause_wall, cpu + pause_cpu
    try:
        while spent_before + spent < limit and (steps is None or trained.step < steps):
            chance = np.random.default_rng([seed, trained.step])
            real = tf.constant(as_float(pictures[chance.integers(len(pictures), size=batch)]))
            noise = [tf.constant(chance.normal(size=(batch, latent)).astype("float32")) for _ in range(2)]
            loss_d = step_d(
                trained.generator, trained.discriminator, trained.discriminator_optimiser, real, noise[0]
            )
            loss_g = step_g(trained.generator, trained.discriminator, trained.generator_optimiser, noise[1])
            losses = (float(loss_d), float(loss_g))
            if not np.isfinite(losses).all():
                raise CourseError(
                    f"at step {trained.step} a loss is no longer a number: start again, with a smaller rate."
                )
            trained.step += 1
            spent = time.perf_counter() - started - away
            if spent - saved >= pause:
                keep()
                saved = spent
            if spent - looked >= look:
                pause_wall, pause_cpu = show()
                away, cpu, looked = away + pause_wall, cpu + pause_cpu, spent
        show()
    finally:
        keep()  # also when the learner presses 'interrupt'
    return trained


def checked(pictures: np.ndarray) -> np.ndarray:
    """The pictures, if the players can use them.

    Raises:
        CourseError: another shape, none at all, or a range that a tanh cannot reach.
    """
    if pictures.ndim != 4 or pictures.shape[1:] != (32, 32, 3) or not len(pictures):
        raise CourseError(f"pictures have shape {pictures.shape}; give (n, 32, 32, 3).")
    if pictures.dtype != np.uint8 and np.abs(pictures).max() > 1.001:
        raise CourseError(
            "pictures go beyond [-1, 1]; a generator that ends in tanh could never make them: rescale."
        )
    return pictures


def as_float(pictures: np.ndarray) -> np.ndarray:
    """float32 in [-1, 1] from uint8 or float."""
    return (
        pictures.astype(np.float32) / 127.5 - 1 if pictures.dtype == np.uint8 else pictures.astype(np.float32)
    )


def write(path: Path, arrays: dict[str, np.ndarray], **note) -> None:
    """Write arrays and a note (what JSON can hold) as safetensors, atomically: never half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        save_file(
            # not ascontiguousarray: it would give a number without axes an axis
            {name: np.asarray(value, order="C") for name, value in arrays.items()},
            part,
            {"note": json.dumps(note)},
        )
        part.chmod(0o644)  # safetensors writes files that only their owner may read
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read(into: Players, path: Path, prefix: str = "") -> dict:
    """Load what a file holds of the players, and return its note.

    Args:
        prefix: of the arrays' names; the shipped file holds two stages, "early." and "late.".

    Raises:
        CourseError: missing, damaged, or of players with other layers; `into` is then as it was.
    """
    try:
        with safe_open(str(path), "numpy") as file:
            names = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118 - no dict
            note = json.loads((file.metadata() or {})["note"])
            stored = {name.removeprefix(prefix): file.get_tensor(name) for name in names}
    except Exception as error:
        raise CourseError(f"{path} cannot be read ({error}): delete it and start again.") from None
    variables = {
        "generator": into.generator.weights,
        "discriminator": into.discriminator.weights,
        "generator_optimiser": into.generator_optimiser.variables,
        "discriminator_optimiser": into.discriminator_optimiser.variables,
    }
    wanted = {f"{name}.{k:02d}": w for name, held in variables.items() for k, w in enumerate(held)}
    must = [name for name in wanted if not name.split(".")[0].endswith("optimiser")]
    fits = all(name in wanted and tuple(wanted[name].shape) == value.shape for name, value in stored.items())
    if not fits or any(name not in stored for name in must):
        raise CourseError(f"{path} holds other players than these: give another file, or delete it.")
    for name, value in stored.items():
        wanted[name].assign(value.astype(wanted[name].dtype))
    stage = note.get(prefix.rstrip("."), note)
    into.step, into.seconds = int(stage["step"]), float(stage["seconds"])
    return note


def weights_file() -> Path:
    """The shipped weights: two stages of one run."""
    return datasets("weights", "dcgan-scenery.safetensors")


def load(stage: str = "late") -> Players:
    """The shipped players after a minute or so of training ("early"), or after all of it ("late").

    Raises:
        CourseError: no such stage, or the file is missing or damaged.
    """
    if stage not in ("early", "late"):
        raise CourseError(f"there is no stage '{stage}'; choose 'early' or 'late'.")
    loaded = players()
    read(loaded, weights_file(), f"{stage}.")
    return loaded


def ship(stages: dict[str, dict], **note) -> None:
    """Write the shipped file from {stage: {"arrays", "step", "seconds"}}: weights as 16-bit floats, no optimisers."""
    arrays = {
        f"{stage}.{name}": value.astype(np.float16)
        for stage, held in stages.items()
        for name, value in held["arrays"].items()
        if not name.split(".")[0].endswith("optimiser")
    }
    about = {
        stage: {"step": held["step"], "seconds": round(held["seconds"], 1)} for stage, held in stages.items()
    }
    write(weights_file(), arrays, **about, **note)


def has_tensorboard() -> bool:
    """Is the package there that TensorFlow writes its curves with?"""
    return importlib.util.find_spec("tensorboard") is not None


def tensorboard(folder: Path) -> Callable:
    """A `watch` for `fit` that writes both losses and 16 pictures for TensorBoard.

    Raises:
        CourseError: the package is missing.
    """
    if not has_tensorboard():
        raise CourseError("TensorBoard is not installed: 'pip install tensorboard', then start again.")
    writer = tf.summary.create_file_writer(str(folder))

    def watch(trained: Players, seconds: float, losses: tuple[float, float]) -> None:
        with writer.as_default(step=trained.step):
            for name, loss in zip(("discriminator", "generator"), losses):
                tf.summary.scalar(f"loss/{name}", loss)
            tf.summary.image("samples", trained.sample(16, seed=3) / 2 + 0.5, max_outputs=16)
        writer.flush()

    return watch
