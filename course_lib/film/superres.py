"""Enlarging pictures with a small network: sub-pixel convolution, on top of what cubic interpolation gives.

After Shi, Caballero, Huszár, Totz, Aitken, Bishop, Rueckert and Wang, "Real-Time Single Image and Video
Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network", 2016. All layers work on the *small*
picture, where a pixel is 16 (or 64) times as cheap; the last one makes, for every small pixel, the numbers of all
the large ones that lie in it, and `pixel_shuffle` puts them in their places.
"""

import functools
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_lib.data import datasets
from course_lib.data.halves import read_halves, write_halves
from course_lib.errors import CourseError

FACTORS = (4, 8)


def pixel_shuffle(features, factor):
    """Put the channels of every small pixel side by side as large pixels.

    Channel c * factor**2 + row * factor + column of the small picture becomes channel c of the large pixel in that
    row and column of the small pixel's square (Shi and others, 2016, section 3.2).

    Args:
        features: (batch, channels * factor**2, height, width), a torch tensor.
        factor: how many times larger the picture becomes in each direction, a whole number from 1.

    Returns:
        (batch, channels, height * factor, width * factor), the same numbers in other places.
    """
    batch, depth, height, width = features.shape
    channels = depth // factor**2
    # (batch, channel, row inside, column inside, row, column)
    parts = features.reshape(batch, channels, factor, factor, height, width)
    parts = parts.permute(0, 1, 4, 2, 5, 3)
    return parts.reshape(batch, channels, height * factor, width * factor)


class Block(nn.Module):
    """Two convolutions whose result is added to what came in."""

    def __init__(self, width: int):
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, padding_mode="replicate")
        self.second = nn.Conv2d(width, width, 3, padding=1, padding_mode="replicate")

    def forward(self, x):
        return x + self.second(F.leaky_relu(self.first(x), 0.1))


class Upscaler(nn.Module):
    """One body for the small picture, one last layer for each factor.

    Args:
        width: channels inside.  blocks: how many `Block`s.

    `note`, a dict of strings, says how its weights were made.
    """

    def __init__(self, width: int = 32, blocks: int = 6):
        super().__init__()
        self.width, self.blocks, self.note = width, blocks, {}
        self.enter = nn.Conv2d(3, width, 5, padding=2, padding_mode="replicate")
        self.body = nn.Sequential(*[Block(width) for _ in range(blocks)])
        self.heads = nn.ModuleDict(
            {str(f): nn.Conv2d(width, 3 * f * f, 3, padding=1, padding_mode="replicate") for f in FACTORS}
        )
        for head in self.heads.values():  # the untrained network is cubic interpolation
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def features(self, small):
        """What both last layers read: (batch, width, height, width of the picture)."""
        return F.leaky_relu(self.body(F.leaky_relu(self.enter(small), 0.1)), 0.1)

    def forward(self, small, factor: int):
        """Pictures (batch, 3, h, w) in [-1, 1] become (batch, 3, factor * h, factor * w); not clipped."""
        return self.finish(self.features(small), small, factor)

    def finish(self, features, small, factor: int):
        """The last layer of a factor, and cubic interpolation, to which its result is added."""
        detail = pixel_shuffle(self.heads[str(factor)](features), factor)
        return cubic(small, factor) + detail


def cubic(small, factor: int):
    """Cubic interpolation of (batch, 3, h, w); the baseline, and what the network adds its details to."""
    return F.interpolate(small, scale_factor=factor, mode="bicubic", align_corners=False)


def to_tensor(pictures: np.ndarray) -> torch.Tensor:
    """uint8 (n, h, w, 3) -> float32 (n, 3, h, w) in [-1, 1]."""
    return torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def to_pictures(tensor: torch.Tensor) -> np.ndarray:
    """Float (n, 3, h, w) in [-1, 1] -> uint8 (n, h, w, 3)."""
    numbers = ((tensor.detach() + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8)
    return np.ascontiguousarray(numbers.permute(0, 2, 3, 1).numpy())


def enlarge(pictures: np.ndarray, factor: int, model: Upscaler | None = None) -> np.ndarray:
    """Pictures `factor` times as large.

    Args:
        pictures: uint8 (n, h, w, 3), a clip for example.
        factor: 4 or 8.
        model: by default the shipped one.

    Returns:
        uint8 (n, factor * h, factor * w, 3).

    Raises:
        CourseError: another factor, or no colour pictures; or the weights are missing.
    """
    if factor not in FACTORS:
        raise CourseError(f"the upscaler enlarges {' or '.join(map(str, FACTORS))} times, not {factor!r}.")
    pictures = np.asarray(pictures)
    if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[3] != 3 or 0 in pictures.shape:
        raise CourseError(
            f"the upscaler takes uint8 (n, height, width, 3), not {pictures.dtype} {pictures.shape}."
        )
    model = load() if model is None else model
    with torch.inference_mode():  # picture by picture: several at once only cost memory
        return np.concatenate([to_pictures(model(to_tensor(one[None]), factor)) for one in pictures])


def enlarge_to(pictures: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Pictures of any larger size: by the network to the next factor above (at most 8), then by area or cubic.

    Args:
        pictures: uint8 (n, h, w, 3).
        size: (height, width) wanted.

    Returns:
        uint8 (n, height, width, 3).
    """
    from PIL import Image

    height, width = size
    wanted = max(height / pictures.shape[1], width / pictures.shape[2])
    if wanted > 1:
        pictures = enlarge(pictures, next((f for f in FACTORS if f >= wanted), FACTORS[-1]))
    if pictures.shape[1:3] == (height, width):
        return pictures
    way = Image.Resampling.BICUBIC  # when it makes smaller, Pillow's cubic looks at the whole area
    return np.stack([np.asarray(Image.fromarray(one).resize((width, height), way)) for one in pictures])


def enlarge_sheets(
    colours: torch.Tensor, size: tuple[int, int], model: Upscaler | None = None
) -> torch.Tensor:
    """A generator's sheets, enlarged without going through whole numbers.

    Trained on clean renderings averaged by area, the network also sharpens a generator's mistakes: look at the result.

    Args:
        colours: float (batch, sheets, 3, h, w) in [-1, 1].
        size: (height, width) wanted, larger.
        model: by default the shipped one.

    Returns:
        float (batch, sheets, 3, height, width) in [-1, 1]: by the network to the next factor above (at most 8), then cubic.
    """
    model = load() if model is None else model
    wanted = max(size[0] / colours.shape[3], size[1] / colours.shape[4])
    factor = next((f for f in FACTORS if f >= wanted), FACTORS[-1])
    with torch.no_grad():
        big = model(colours.flatten(0, 1), factor)
        if big.shape[2:] != tuple(size):
            big = F.interpolate(big, size, mode="bicubic", antialias=True)
    return big.clamp(-1, 1).unflatten(0, colours.shape[:2])


def weights_file() -> Path:
    """Where the shipped weights are."""
    return datasets("weights", "upscale-scenery.safetensors")


def save(model: Upscaler, path: Path) -> None:
    """Write the weights as 16-bit floats; the file takes its name when it is complete."""
    said = {"width": str(model.width), "blocks": str(model.blocks), **model.note}
    write_halves(path, model.state_dict(), said)


@functools.lru_cache(maxsize=1)
def _shipped() -> Upscaler:
    return read(weights_file())


def load() -> Upscaler:
    """The shipped network (read once).

    Raises:
        CourseError: its weights are missing or damaged.
    """
    return _shipped()


def read(path: Path) -> Upscaler:
    """A network from a file that `save` wrote.

    Raises:
        CourseError: there is none, or it is damaged.
    """
    path = Path(path)
    if not path.exists():
        raise CourseError(
            f"there are no weights at {path}: make them with 'python course.py bench film --train'."
        )
    try:
        state, said = read_halves(path)
        model = Upscaler(int(said.pop("width")), int(said.pop("blocks")))
        model.load_state_dict(state)
        model.note = said
    except Exception as error:
        short = str(error).splitlines()[0][:120]
        raise CourseError(f"{path} does not hold an upscaler: fetch it again ({short}).") from None
    return model.eval()
