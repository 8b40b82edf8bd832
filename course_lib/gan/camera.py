"""The camera that films a landscape's sheets: where it looks, what falls through the picture, how all is laid together.

Places in a frame are counted in half heights and half widths: (0, 0) is its middle, (1, 1) its lower right corner.
"""

import torch
import torch.nn.functional as F

from course_lib.gan.layers import over

WIDE = 1.5  # a sheet is so many times as wide as the frame, and goes round
GLITTER = 3  # pictures whose strength changes from frame to frame


def film(
    part: dict, shift, scale, strength, size, *, first: float = 0.0, step: float = 1.0, window=(1.0, 1.0)
):
    """Look at the sheets, frame after frame.

    Args:
        part: of `course_lib.gan.landscape.LandscapeGenerator.parts`; its pictures may have been enlarged.
        shift, scale, strength: as in `parts`, for any number of frames.
        size: (height, width) of what comes out.
        first, step: the moments of the frames, counted in frames of the training: for what falls; `first` may be (batch, 1).
        window: half height and half width that the camera sees; the training sees (1, 1).

    Returns:
        (batch, 3, frames, height, width) in [-1, 1].
    """
    frames = shift.shape[1]
    sheets = torch.cat([part["colours"] * part["alphas"], part["alphas"]], 2)
    seen = look(sheets, shift, scale, size, window)
    # unbound and split rather than indexed: the gradient of an index fills a whole clip with zeros each time
    sky, *others = (sheet.split((3, 1), 1) for sheet in seen.unbind(1))
    picture = sky[0]
    for colour, alpha in others:
        picture = over(colour, alpha, picture)
    glitter = fitted(part["glitter"].flatten(1, 2), size, window).unflatten(1, (GLITTER, 3))
    picture = picture + torch.einsum("btk,bkchw->bcthw", strength, glitter)
    when = first + step * torch.arange(frames, device=shift.device, dtype=shift.dtype)
    falling = fall(part["falling"], part["speed"], when, size, window)
    for alpha in falling.unbind(1):
        picture = picture + (part["colour"][:, :, None, None, None] - picture) * alpha[:, None]
    return picture.clamp(-1, 1)


def look(sheets, shift, scale, size, window=(1.0, 1.0)):
    """What the camera sees of sheets that are wider than the frame; beyond a side they go on at the other one, beyond
    top and bottom they go on mirrored.

    Args:
        sheets: (batch, sheets, channels, rows, columns), covering WIDE half widths to each side.
        shift, scale: (batch, frames, sheets, 2) and (batch, frames, sheets).

    Returns:
        (batch, sheets, channels, frames, height, width).
    """
    batch, count, channels = sheets.shape[:3]
    frames, (height, width) = shift.shape[1], size
    y = centres(height, sheets) * window[0]
    x = centres(width, sheets) * window[1]
    # one column more on both sides, from the opposite one: the seam is interpolated as everything else is
    columns = sheets.shape[4]
    sheets = F.pad(sheets.flatten(0, 1), (1, 1, 0, 0), mode="circular")
    x = (x - shift[..., 0, None]) / scale[..., None] / WIDE  # (batch, frames, sheets, width)
    x = wrapped(x) * columns / (columns + 2)
    y = (y - shift[..., 1, None]) / scale[..., None]
    x = x[..., None, :].expand(-1, -1, -1, height, -1)
    y = y[..., :, None].expand(-1, -1, -1, -1, width)
    grid = torch.stack([x, y], -1).transpose(1, 2).reshape(batch * count, frames * height, width, 2)
    seen = F.grid_sample(sheets, grid, padding_mode="reflection", align_corners=False)
    return seen.view(batch, count, channels, frames, height, width)


def fall(tiles, speed, when, size, window=(1.0, 1.0)):
    """Sheets that fall through the frame and come back at the top.

    Args:
        tiles: (batch, n, rows, columns).
        speed: (batch, n, 2), right and down, in half frames a frame.
        when: (frames,) or (batch, frames), moments.

    Returns:
        (batch, n, frames, height, width).
    """
    batch, count, rows, columns = tiles.shape
    frames, (height, width) = when.shape[-1], size
    # one column and row more on every side, from the opposite one: the seam is interpolated as everything else is
    padded = F.pad(tiles, (1, 1, 1, 1), mode="circular")
    moved = speed[:, :, None] * when.view(-1, 1, frames, 1)  # (batch, n, frames, 2)
    x = wrapped(centres(width, tiles) * window[1] - moved[..., 0, None]) * columns / (columns + 2)
    y = wrapped(centres(height, tiles) * window[0] - moved[..., 1, None]) * rows / (rows + 2)
    x = x[..., None, :].expand(-1, -1, -1, height, -1)
    y = y[..., :, None].expand(-1, -1, -1, -1, width)
    grid = torch.stack([x, y], -1).reshape(batch * count, frames * height, width, 2)
    seen = F.grid_sample(padded.flatten(0, 1)[:, None], grid, padding_mode="border", align_corners=False)
    return seen.view(batch, count, frames, height, width)


def fitted(pictures, size, window):
    """Pictures that do not move, at another size and through another window: (batch, channels, height, width)."""
    if tuple(pictures.shape[2:]) == tuple(size) and tuple(window) == (1.0, 1.0):
        return pictures
    y = centres(size[0], pictures) * min(window[0], 1.0)
    x = centres(size[1], pictures) * min(
        window[1], 1.0
    )  # stretched rather than cut off where the frame is wider
    grid = torch.stack([x[None].expand(size[0], -1), y[:, None].expand(-1, size[1])], -1)
    grid = grid[None].expand(len(pictures), -1, -1, -1)
    return F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)


def centres(count: int, like):
    """The middles of `count` pixels between -1 and 1."""
    return (2 * torch.arange(count, device=like.device, dtype=like.dtype) + 1) / count - 1


def wrapped(places):
    """The same places in [-1, 1), going round."""
    return torch.remainder(places + 1, 2) - 1


def smaller(part: dict, times: int) -> dict:
    """The same parts with sheets `times` smaller: colour counts as much as there is of it."""

    def pool(x):
        return F.avg_pool2d(x.flatten(0, 1), times).unflatten(0, x.shape[:2])

    alphas = pool(part["alphas"])
    colours = pool(part["colours"] * part["alphas"]) / alphas.clamp(min=1e-4)
    return part | {
        "colours": colours, "alphas": alphas, "glitter": pool(part["glitter"]),
        "falling": F.avg_pool2d(part["falling"], times),
    }  # fmt: skip
