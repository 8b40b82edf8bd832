"""Clips as torch tensors, on a device: float (batch, 3, frames, height, width) in [-1, 1].

Three ways, from the least memory to the most speed: `batches` (rendered or read on the CPU, moved over),
`ShapesOnDevice` (moving shapes are painted on the device itself), `OnDevice` (the whole set lies on the
device as bytes, a batch is an indexing).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from course_lib.errors import CourseError
from course_lib.scenery import shapes
from course_lib.scenery.clips import Clips, Dataset
from course_lib.scenery.vocabulary import stream


@dataclass
class TorchBatch:
    """`clips` float (batch, 3, frames, height, width) in [-1, 1]; `labels` int64 (batch, attributes)."""

    clips: torch.Tensor
    captions: list
    languages: list
    labels: torch.Tensor


def to_tensor(clips, device="cpu") -> torch.Tensor:
    """uint8 (batch, frames, height, width, 3) as float (batch, 3, frames, height, width) in [-1, 1]."""
    moved = torch.as_tensor(np.ascontiguousarray(clips) if isinstance(clips, np.ndarray) else clips).to(
        device
    )
    return moved.permute(0, 4, 1, 2, 3).float().div_(127.5).sub_(1).contiguous()


def to_bytes(clips: torch.Tensor) -> np.ndarray:
    """The way back: float (batch, 3, frames, height, width) as uint8 (batch, frames, height, width, 3)."""
    moved = clips.detach().float().clamp(-1, 1).add(1).mul(127.5).round().byte()
    return moved.permute(0, 2, 3, 4, 1).cpu().numpy()


def batches(dataset: Dataset, batch_size: int, *, device="cpu", **options) -> Iterator[TorchBatch]:
    """`dataset.batches` as tensors on a device; the options are the same."""
    for batch in dataset.batches(batch_size, **options):
        labels = torch.as_tensor(batch.labels, device=device)
        yield TorchBatch(to_tensor(batch.clips, device), batch.captions, batch.languages, labels)


class OnDevice:
    """A whole set as bytes in the device's memory: 24 MB for 1000 clips of 32x32x8, 197 MB at 64x64x16.

    Args:
        dataset: rendered once, here (or read, if it is `.cached()`).
        device: e.g. "cuda".
        limit: bytes that it may take.

    Raises:
        CourseError: the set is larger than `limit`.
    """

    def __init__(self, dataset: Dataset, device="cpu", *, limit: int = 8 * 2**30, part: int = 256):
        height, width = dataset.size
        need = len(dataset) * dataset.frames * height * width * 3
        if need > limit:
            raise CourseError(
                f"the set takes {need / 2**30:.1f} GiB, more than the {limit / 2**30:.1f} allowed: use fewer clips, or batches()."
            )
        self.dataset, self.device = dataset, device
        self.bytes = torch.empty(
            (len(dataset), dataset.frames, height, width, 3), dtype=torch.uint8, device=device
        )
        for start in range(0, len(dataset), part):
            indices = np.arange(start, min(start + part, len(dataset)))
            self.bytes[start : start + len(indices)] = torch.as_tensor(dataset.videos(indices)).to(device)
        self.labels = torch.as_tensor([dataset.label_of(k) for k in range(len(dataset))], device=device)

    def __len__(self) -> int:
        return len(self.bytes)

    def batches(
        self, batch_size: int, *, epochs: int | None = 1, last: bool = True, captions: bool = True
    ) -> Iterator[TorchBatch]:
        """Shuffled batches; without captions nothing at all happens on the CPU."""
        epoch = 0
        while epochs is None or epoch < epochs:
            order = np.arange(len(self))
            stream(self.dataset.seed, "order", epoch).shuffle(order)
            for start in range(0, len(order), batch_size):
                chosen = order[start : start + batch_size]
                if len(chosen) < batch_size and not last:
                    break
                where = torch.as_tensor(chosen, device=self.device)
                said = [self.dataset.caption_of(int(k), epoch) for k in chosen] if captions else []
                yield TorchBatch(
                    to_tensor(self.bytes[where], self.device), [text for text, _ in said],
                    [language for _, language in said], self.labels[where],
                )  # fmt: skip
            epoch += 1


class ShapesOnDevice:
    """Moving shapes painted by torch on the device; the same pictures as `shapes.render_batch`, to rounding.

    Args:
        dataset: a `Clips("shapes", ...)`; only the few numbers of its plans cross over to the device.
    """

    def __init__(self, dataset: Clips, device="cpu"):
        if dataset.name != "shapes":
            raise CourseError("only moving shapes are painted on the device; use OnDevice for scenery.")
        self.dataset, self.device = dataset, device
        frames = dataset.frames
        plans = [shapes.plan(dataset.truth_of(k), frames, dataset.seed_of(k)) for k in range(len(dataset))]
        self.plans = {
            name: torch.as_tensor(value, device=device) for name, value in shapes.stack(plans).items()
        }
        self.labels = torch.as_tensor([dataset.label_of(k) for k in range(len(dataset))], device=device)
        x, y, self.pixel = shapes.grid(*dataset.size)
        self.x, self.y = torch.as_tensor(x, device=device), torch.as_tensor(y, device=device)

    def clips(self, indices) -> torch.Tensor:
        """float (batch, 3, frames, height, width) in [-1, 1] of these items."""
        where = torch.as_tensor(indices, device=self.device)
        chosen = {name: value[where] for name, value in self.plans.items()}
        picture = shapes.raster(chosen, self.x, self.y, self.pixel, torch)
        return picture.permute(0, 4, 1, 2, 3).mul(2).sub(1).contiguous()
