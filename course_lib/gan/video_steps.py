"""One step of each player of the text-to-video game, and the discriminator's warm-up (lesson 07).

`Players` holds the networks; a `Batch` holds real clips, their captions as numbers and their labels. Losses are of the
relativistic kind (`course_lib.gan.losses.relativistic_loss`), on pairs of clips that carry the same caption.

No step waits for a GPU, and nothing in it is decided by a number that lies on one: so a whole step can be recorded there and
played again (`course_lib.gan.recorded`).
"""

from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_lib.gan.layers import attribute_loss, mismatched, views
from course_lib.gan.losses import relativistic_loss, zero_centred_gradient_penalty
from course_lib.scenery.vocabulary import stream
from course_lib.text.encoder import TextEncoder


@dataclass
class Batch:
    """What a step is played with. All tensors lie on the device; see `batch_of`.

    Attributes:
        clips: float (n, 3, frames, size, size) in [-1, 1].
        ids, lengths: int64 (n, length) and (n,), the captions.
        labels: int64 (n, attributes), -1 where nobody knows.
        known: are all labels known?
        moments: int64 (n,), the frame of each clip that is looked at by itself.
        who, differs: int64 (n,) and bool (n,): whose caption each clip is shown as a wrong one, and whether it is one.
        step: from which all that is drawn at random follows.
    """

    clips: torch.Tensor
    ids: torch.Tensor
    lengths: torch.Tensor
    labels: torch.Tensor
    known: bool
    moments: torch.Tensor
    who: torch.Tensor
    differs: torch.Tensor
    step: int


def batch_of(clips, ids, lengths, labels, step: int) -> Batch:
    """A batch of clips on a device, with what is drawn for its step.

    Args:
        clips: on the device, as in `Batch`.
        ids, lengths, labels: on the CPU, as in `Batch`.
    """
    drawn = stream(step, "moments").integers(clips.shape[2], size=len(clips))
    known = bool((labels >= 0).all())
    # a folder of one's own clips has no labels: other words are another caption
    tell = ids if bool((labels < 0).all()) else labels
    order = mismatched(tell.numpy())
    several = (drawn, order, order != np.arange(len(order)))
    arrays = (ids, lengths, labels, *(torch.as_tensor(one) for one in several))
    # not waited for: the device takes them when it has done what it was asked for before
    there = (one.to(clips.device, non_blocking=True) for one in arrays)
    ids, lengths, labels, moments, who, differs = there
    return Batch(clips, ids, lengths, labels, known, moments, who, differs, step)


COMPARED = 4  # every so many steps two clips of one caption are compared


class Writer(nn.Module):
    """A generator with the text encoder that drives it: what is averaged, sampled and shipped."""

    def __init__(self, words: int, generator: nn.Module):
        super().__init__()
        self.text = TextEncoder(words)
        self.generator = generator

    def forward(self, ids, lengths, noise):
        """Clips (n, 3, frames, size, size) in [-1, 1] of encoded captions."""
        return self.generator(self.text(ids, lengths), noise)

    def views(self, ids, lengths, noise, moments):
        """What the discriminator's eyes look at: see `Generator.views`."""
        return self.generator.views(self.text(ids, lengths), noise, moments)


@dataclass
class Weights:
    """How much each term of the losses counts; 0 switches it off.

    Attributes:
        gamma: of the zero-centred penalties; `every` which step has one, on real and on generated clips in turn.
        attributes: of the attribute heads, in both players.
        mismatch: of 'a real clip with a wrong caption is not real'.
        diversity: of 'two clips of one caption differ by at least `apart`' (mean absolute difference, blurred); a quarter
            of it of 'their paths differ by at least `routes`' (half widths), for generators that have paths. Both are
            what real clips of one caption have, or a little less.
        patches: of the verdicts on the cells of a picture, where a discriminator gives them, beside those on the whole.
    """

    gamma: float = 2.0
    every: int = 8
    attributes: float = 0.3
    mismatch: float = 1.0
    diversity: float = 20.0
    apart: float = 0.4
    routes: float = 0.17
    patches: float = 0.25


def precision(device: str):
    """(autocast context, gradient scaler or None) that fit a device.

    bfloat16 from compute capability 8 on; half precision with a scaler on older GPUs (a T4), whose gradients would
    else vanish below 6e-8; plain float32 on a CPU.
    """
    if not str(device).startswith("cuda"):
        return nullcontext, None
    major, _ = torch.cuda.get_device_capability(device)
    kind = torch.bfloat16 if major >= 8 else torch.float16
    scaler = None if major >= 8 else torch.amp.GradScaler("cuda")
    return lambda: torch.autocast("cuda", dtype=kind), scaler


def descend(loss, optimiser, scaler) -> None:
    """One step down, through the scaler where half precision needs one."""
    optimiser.zero_grad(set_to_none=True)
    if scaler is None:
        loss.backward()
        optimiser.step()
        return
    scaler.scale(loss).backward()
    scaler.step(optimiser)
    scaler.update()


def real_terms(D, batch: Batch, weights: Weights) -> tuple:
    """What the discriminator learns from real clips alone: (loss, logits of each eye)."""
    text = D.text(batch.ids, batch.lengths)
    seen = D.see(batch.clips, batch.moments)
    logits = D.logits(seen, text)
    loss = batch.clips.new_zeros(())
    if weights.attributes and batch.known:
        for table in D.read(seen):
            loss = loss + weights.attributes * attribute_loss(table, labels_of(batch, table, D))
    if weights.mismatch and D.clip.project is not None:
        for right, wrong in zip(logits, D.logits(seen, text[batch.who])):
            pairs = F.softplus(wrong - right).view(len(batch.who), -1).mean(1) * batch.differs
            share = much(right, weights) * weights.mismatch
            loss = loss + share * pairs.sum() / batch.differs.sum().clamp(min=1)
    return loss, logits


def much(table, weights: Weights) -> float:
    """How much a verdict counts: one on cells (batch, cells) less than one on the whole (batch,)."""
    return weights.patches if table.dim() == 2 else 1.0


def labels_of(batch: Batch, table: dict, D) -> torch.Tensor:
    """The labels of the attributes that a table has heads for."""
    names = list(D.clip.heads)
    return torch.stack([batch.labels[:, names.index(name)] for name in table], 1)


def warm_up_step(D, optimiser, batch: Batch, weights: Weights, autocast, scaler):
    """Returns the loss. The discriminator looks at real clips and captions only, before there is anything to compare them with."""
    with autocast():
        loss, _ = real_terms(D, batch, weights)
    if loss.requires_grad:  # without heads and without wrong captions there is nothing to learn yet
        descend(loss, optimiser, scaler)
    return loss.detach()


def discriminator_step(D, optimiser, batch: Batch, fake, weights: Weights, autocast, scaler) -> tuple:
    """Real above generated, right captions above wrong ones, attributes; every few steps a penalty.

    Args:
        fake: (clips, stills) generated for the same captions, see `Writer.views`; nothing flows back into them.

    Returns:
        (loss, logits of each eye on the real clips, without gradient).
    """
    with autocast():
        loss, real = real_terms(D, batch, weights)
        text = D.text(batch.ids, batch.lengths)
        for above, below in zip(real, D.logits(D.look(*(one.detach() for one in fake)), text)):
            loss = loss + much(above, weights) * relativistic_loss(above, below)
    if penalised(batch.step, weights):
        # In float32 and outside autocast: the square of a gradient leaves the range of half precision.
        here = batch.step // weights.every % 2 == 0
        pair = views(batch.clips, batch.moments, D.side) if here else fake
        fixed = text.detach().float()

        def verdict(flat):
            clips, stills = flat.split([pair[0][0].numel(), pair[1][0].numel()], 1)
            seen = D.look(clips.view_as(pair[0]), stills.view_as(pair[1]))
            # many cells together are as steep as one on average: the root of their number
            tables = [table.view(len(flat), -1) for table in D.logits(seen, fixed)]
            return sum(table.sum(1) / table.shape[1] ** 0.5 for table in tables)

        flat = torch.cat([one.float().flatten(1) for one in pair], 1)
        slope = zero_centred_gradient_penalty(verdict, flat)
        loss = loss + weights.gamma / 2 * 2 * weights.every * slope
    descend(loss, optimiser, scaler)
    return loss.detach(), [above.detach() for above in real]


def penalised(step: int, weights: Weights) -> bool:
    """Does the discriminator pay for its slope in this step?"""
    return bool(weights.gamma) and step % weights.every == 0


def compared(step: int, weights: Weights) -> bool:
    """Are two clips of one caption compared in this step?"""
    return bool(weights.diversity) and step % COMPARED == 0


def kind_of_step(step: int, weights: Weights) -> tuple:
    """Steps of one kind do the same: (penalty on real clips, on generated ones, or on none; are clips compared?)."""
    turn = step // weights.every % 2 if penalised(step, weights) else None
    return turn, compared(step, weights)


def generator_step(D, writer, optimiser, batch: Batch, fake, noise, real, weights: Weights, autocast, scaler):
    """Returns the loss. Generated above real, the asked-for attributes; every fourth step two clips of one caption must differ.

    Args:
        fake: (clips, stills) that the writer made of the batch's captions and of `noise`, with their graph.
        real: logits of each eye on the real clips, from the discriminator's step: one update old, a pass cheaper.
    """
    D.requires_grad_(False)  # its gradients are not wanted: a third of the work is saved
    try:
        with autocast():
            with torch.no_grad():
                text = D.text(batch.ids, batch.lengths)
            seen = D.look(*fake)
            loss = sum(
                much(above, weights) * relativistic_loss(below, above)
                for above, below in zip(real, D.logits(seen, text))
            )
            if weights.attributes and batch.known:
                for table in D.read(seen):
                    loss = loss + weights.attributes * attribute_loss(table, labels_of(batch, table, D))
            if compared(batch.step, weights):
                another = writer.generator.another(noise)
                other = writer.views(batch.ids, batch.lengths, another, batch.moments)
                apart = distance(fake[0], other[0]).mean()
                loss = loss + weights.diversity * F.relu(weights.apart - apart)
                if hasattr(writer.generator, "route"):
                    short = F.relu(weights.routes - routes_apart(writer, batch))
                    loss = loss + weights.diversity / 4 * short
        descend(loss, optimiser, scaler)
    finally:  # also when somebody stops the cell right here
        D.requires_grad_(True)
    return loss.detach()


def routes_apart(writer, batch: Batch):
    """How different the paths of two clips of one caption are: mean absolute difference, of a generator that has paths."""
    text, count = writer.text(batch.ids, batch.lengths), len(batch.ids)
    pair = [writer.generator.noise(count, device=batch.ids.device) for _ in range(2)]
    one, other = (writer.generator.route(writer.generator.codes(text, noise)[1])[0] for noise in pair)
    return (one - other).abs().mean()


def distance(a, b):
    """How different clips look from afar: mean absolute difference of (n, 3, frames, h, w) after averaging 4x4 pixels: (n,)."""
    blurred = F.avg_pool3d(a - b, (1, 4, 4))
    return blurred.abs().flatten(1).mean(1)
