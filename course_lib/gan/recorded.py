"""A step of a training recorded once on a GPU and played again with other numbers: CUDA graphs (lesson 07).

A step of this game is some thousands of small operations. Python takes several microseconds to ask for each; a fast GPU needs
less than that to do it, and waits. What a step asks for is the same every time, only the numbers differ: so it is recorded, and
from then on asked for all at once.

A recording knows memory addresses, nothing else. So a batch is copied to where the recorded one lay; random numbers come from the
device's own generator; learning rates are numbers on the device; and nothing that is recorded may look at a number to decide what
comes next. Steps with a penalty or a comparison do more than others: each kind has a recording of its own.
"""

import math
import time
import warnings
from collections.abc import Callable
from dataclasses import fields, replace

import torch

from course_lib.gan.video_steps import COMPARED, Batch, Weights, kind_of_step

BEFORE = 3  # steps of each kind that are played as usual first: libraries choose their ways, optimisers make their memory


class RecordingWarning(UserWarning):
    """A step cannot be recorded here; the training goes on without."""


class Recorded:
    """Plays `step(batch)`, from a recording as soon as there is one of its kind.

    Args:
        step: from a batch to {name: loss, a tensor}; what it changes it changes in place.
        weights: which kinds of steps there are, see `video_steps.kind_of_step`.
        device: "cuda" or one with a number.

    Attributes:
        recordings: {kind: (graph, losses)}.
    """

    def __init__(self, step: Callable, weights: Weights, device: str):
        self.step, self.weights, self.device = step, weights, device
        self.stream, self.works = torch.cuda.Stream(device), True
        self.recordings, self.played, self.held, self.pool = {}, {}, None, None

    def __call__(self, batch: Batch) -> dict:
        """The losses, tensors that hold until the next call."""
        kind = (*kind_of_step(batch.step, self.weights), batch.known)
        here = torch.cuda.current_stream(self.device)
        self.stream.wait_stream(here)
        with torch.cuda.stream(self.stream):
            if kind not in self.recordings and self.works and self.played.get(kind, 0) >= BEFORE:
                self.record(kind, batch)
            if kind in self.recordings:
                self.put(batch)
                graph, losses = self.recordings[kind]
                graph.replay()
            else:
                losses = self.step(batch)
                self.played[kind] = self.played.get(kind, 0) + 1
        here.wait_stream(self.stream)
        return losses

    def settled(self) -> int:
        """So many steps on every kind is played from a recording: all kinds come in two rounds of penalties, comparisons counted in."""
        return math.lcm(2 * self.weights.every, COMPARED) * (BEFORE + 1) + 1

    def put(self, batch: Batch) -> None:
        """Copy a batch to where the recordings look for it."""
        for field in fields(Batch):
            value = getattr(batch, field.name)
            if isinstance(value, torch.Tensor):
                getattr(self.held, field.name).copy_(value)

    def record(self, kind: tuple, batch: Batch) -> None:
        """Record a step of this kind; nothing is learnt while it is recorded."""
        if self.held is None:
            named = {field.name: getattr(batch, field.name) for field in fields(Batch)}
            kept = {name: value.clone() for name, value in named.items() if isinstance(value, torch.Tensor)}
            self.held = replace(batch, **kept)
        graph, chance = torch.cuda.CUDAGraph(), generator(self.device)
        before = chance and chance.clone_state()
        try:
            with torch.cuda.graph(graph, pool=self.pool, stream=self.stream):
                losses = self.step(replace(self.held, step=batch.step))
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:  # something in it waits for the device, or an old driver
            # Every recording is given up, and the generator of random numbers, which may still believe that it is recorded.
            self.works, self.recordings = False, {}
            if chance:
                chance.graphsafe_set_state(before)
            short = (str(error).strip() or type(error).__name__).splitlines()[0][:160]
            warnings.warn(
                f"a step of this training cannot be recorded on this GPU ({short}): it goes on step by step, some times slower.",
                RecordingWarning,
                stacklevel=4,
            )
            return
        self.pool = graph.pool()
        self.recordings[kind] = graph, losses


def generator(device: str):
    """The device's own generator of random numbers; None where there is no device."""
    every = torch.cuda.default_generators
    place = torch.device(device).index
    return every[torch.cuda.current_device() if place is None else place] if every else None


def adam(module, rate: float, device: str | None):
    """The game's optimiser of a module's weights; on a device, one that can be recorded.

    Args:
        device: where it is recorded: its rate is then a number there, which every replay reads anew. None: not at all.
    """
    how = {"fused": True, "capturable": True} if device else {}
    return torch.optim.Adam(module.parameters(), on(device, rate), (0.3, 0.99), **how)


def adopt(optimiser, device: str | None) -> None:
    """An optimiser that was loaded from another machine's checkpoint brought its ways along: back to those of `adam` here."""
    for group in optimiser.param_groups:
        group.update(fused=bool(device) or None, capturable=bool(device), lr=on(device, float(group["lr"])))
    for (
        state
    ) in optimiser.state.values():  # a recording counts its steps on the device, everything else beside it
        state["step"] = state["step"].to(device or "cpu")


def set_rate(optimiser, rate: float) -> None:
    """Set the learning rate, in place where it is a number on the device."""
    for group in optimiser.param_groups:
        if isinstance(group["lr"], torch.Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


def on(device: str | None, rate: float):
    """A rate as it is kept there."""
    return torch.tensor(rate, device=device) if device else rate


def clock(device: str) -> float:
    """CPU seconds of this process, or wall seconds where a GPU does the work."""
    return time.perf_counter() if str(device).startswith("cuda") else time.process_time()
