"""One step of each player of the text-to-video game, and the discriminator's warm-up (lesson 07).

`Players` holds the networks; a `Batch` holds real clips, their captions as numbers and their labels. Losses are of the
relativistic kind (`course_lib.gan.losses.relativistic_loss`), on pairs of clips that carry the same caption.
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
    """`clips` float (n, 3, frames, size, size) in [-1, 1]; `ids` int64 (n, length), `lengths` int64 (n,) of the captions;
    `labels` int64 (n, attributes), -1 where nobody knows; `step`, from which all that is drawn at random follows."""

    clips: torch.Tensor
    ids: torch.Tensor
    lengths: torch.Tensor
    labels: torch.Tensor
    step: int


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


def wrong_captions(batch: Batch) -> tuple:
    """(who, differs): whose caption each clip is shown as a wrong one, int64 (n,), and whether it is one, bool (n,)."""
    labels = batch.labels.cpu().numpy()
    if (labels < 0).all():  # a folder of one's own clips: other words are another caption
        labels = batch.ids.cpu().numpy()
    order = mismatched(labels)
    who = torch.as_tensor(order, device=batch.ids.device)
    return who, torch.as_tensor(order != np.arange(len(order)), device=batch.ids.device)


def moments(batch: Batch, frames: int):
    """For each clip the frame that is looked at by itself."""
    drawn = stream(batch.step, "moments").integers(frames, size=len(batch.clips))
    return torch.as_tensor(drawn, device=batch.clips.device)


def real_terms(D, batch: Batch, weights: Weights) -> tuple:
    """What the discriminator learns from real clips alone: (loss, logits of each eye)."""
    text = D.text(batch.ids, batch.lengths)
    seen = D.see(batch.clips, moments(batch, batch.clips.shape[2]))
    logits = D.logits(seen, text)
    loss = batch.clips.new_zeros(())
    if weights.attributes and (batch.labels >= 0).all():
        for table in D.read(seen):
            loss = loss + weights.attributes * attribute_loss(table, known(batch, table, D))
    if weights.mismatch and D.clip.project is not None:
        who, differs = wrong_captions(batch)
        for right, wrong in zip(logits, D.logits(seen, text[who])):
            pairs = F.softplus(wrong - right).view(len(who), -1).mean(1) * differs
            share = much(right, weights) * weights.mismatch
            loss = loss + share * pairs.sum() / differs.sum().clamp(min=1)
    return loss, logits


def much(table, weights: Weights) -> float:
    """How much a verdict counts: one on cells (batch, cells) less than one on the whole (batch,)."""
    return weights.patches if table.dim() == 2 else 1.0


def known(batch: Batch, table: dict, D) -> torch.Tensor:
    """The labels of the attributes that a table has heads for."""
    names = list(D.clip.heads)
    return batch.labels[:, [names.index(name) for name in table]]


def warm_up_step(D, optimiser, batch: Batch, weights: Weights, autocast, scaler) -> float:
    """The discriminator looks at real clips and captions only, before there is anything to compare them with."""
    with autocast():
        loss, _ = real_terms(D, batch, weights)
    if loss.requires_grad:  # without heads and without wrong captions there is nothing to learn yet
        descend(loss, optimiser, scaler)
    return loss.item()


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
    if weights.gamma and batch.step % weights.every == 0:
        # In float32 and outside autocast: the square of a gradient leaves the range of half precision.
        here = batch.step // weights.every % 2 == 0
        pair = views(batch.clips, moments(batch, batch.clips.shape[2]), D.side) if here else fake
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
    return loss.item(), [above.detach() for above in real]


def generator_step(
    D, writer, optimiser, batch: Batch, fake, noise, real, weights: Weights, autocast, scaler
) -> float:
    """Generated above real, the asked-for attributes; every fourth step two clips of one caption must differ.

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
            if weights.attributes and (batch.labels >= 0).all():
                for table in D.read(seen):
                    loss = loss + weights.attributes * attribute_loss(table, known(batch, table, D))
            if weights.diversity and batch.step % 4 == 0:
                when = moments(batch, batch.clips.shape[2])
                other = writer.views(batch.ids, batch.lengths, writer.generator.another(noise), when)
                apart = distance(fake[0], other[0]).mean()
                loss = loss + weights.diversity * F.relu(weights.apart - apart)
                routes = routes_apart(writer, batch, weights)
                loss = loss + weights.diversity / 4 * F.relu(weights.routes - routes)
        descend(loss, optimiser, scaler)
    finally:  # also when somebody stops the cell right here
        D.requires_grad_(True)
    return loss.item()


def routes_apart(writer, batch: Batch, weights: Weights):
    """How different the paths of two clips of one caption are: mean absolute difference; enough where there are no paths."""
    if not hasattr(writer.generator, "route"):
        return torch.as_tensor(weights.routes)
    text, count = writer.text(batch.ids, batch.lengths), len(batch.ids)
    pair = [writer.generator.noise(count, device=batch.ids.device) for _ in range(2)]
    one, other = (writer.generator.route(writer.generator.codes(text, noise)[1])[0] for noise in pair)
    return (one - other).abs().mean()


def distance(a, b):
    """How different clips look from afar: mean absolute difference of (n, 3, frames, h, w) after averaging 4x4 pixels: (n,)."""
    blurred = F.avg_pool3d(a - b, (1, 4, 4))
    return blurred.abs().flatten(1).mean(1)
