"""The camera of landscapes: what it sees of sheets that go round, and what falls through its picture."""

import pytest
import torch

from course_lib.gan.camera import WIDE, fall, look


def sheet(rows=16):
    """One sheet whose red is the place from left to right, green from top to bottom, in half frames."""
    y, x = torch.meshgrid(
        torch.linspace(-1 + 1 / rows, 1 - 1 / rows, rows),
        torch.linspace(-1 + 1 / (WIDE * rows), 1 - 1 / (WIDE * rows), int(WIDE * rows)) * WIDE,
        indexing="ij",
    )
    return torch.stack([x, y, torch.ones_like(x)])[None, None]


def standing(frames=1, sheets=1):
    return torch.zeros(1, frames, sheets, 2), torch.ones(1, frames, sheets)


def test_a_camera_that_stands_sees_the_middle():
    seen = look(sheet(), *standing(), (16, 16))
    expected = torch.linspace(-1 + 1 / 16, 1 - 1 / 16, 16)
    assert torch.allclose(seen[0, 0, 0, 0, 5], expected, atol=1e-5)
    assert torch.allclose(seen[0, 0, 1, 0, :, 5], expected, atol=1e-5)


def test_shift_and_scale_move_what_is_seen():
    shift, scale = standing()
    shift[..., 0], scale[...] = 0.25, 2.0
    seen = look(sheet(), shift, scale, (16, 16))[0, 0, 0, 0, 5]
    expected = (torch.linspace(-1 + 1 / 16, 1 - 1 / 16, 16) - 0.25) / 2
    assert torch.allclose(seen, expected, atol=1e-5)


def test_a_sheet_goes_round():
    colours = torch.rand(1, 1, 3, 16, 24)
    shift, scale = standing()
    once = look(colours, shift, scale, (16, 16))
    shift[..., 0] = 2 * WIDE  # all the way round
    assert torch.allclose(look(colours, shift, scale, (16, 16)), once, atol=1e-4)
    shift[..., 0] = WIDE  # half way: the left edge of the sheet is the middle of the frame
    seam = look(colours, shift, scale, (16, 16))[0, 0, :, 0]
    assert torch.allclose(seam[:, :, :8], colours[0, 0, :, :, 16:], atol=1e-4)
    assert torch.allclose(seam[:, :, 8:], colours[0, 0, :, :, :8], atol=1e-4)


def test_a_wide_window_sees_more_of_the_sheet():
    seen = look(sheet(), *standing(), (8, 16), window=(0.5, 1.25))[0, 0, 0, 0, 3]
    assert seen[0] == pytest.approx(-1.25 * (1 - 1 / 16), abs=1e-5)


def test_what_falls_comes_back_at_the_top():
    tile = torch.rand(1, 1, 16, 16)
    speed = torch.tensor([[[0.0, 2 / 16]]])  # a pixel down in each frame
    seen = fall(tile, speed, torch.arange(0.0, 17.0), (16, 16))[0, 0]
    assert torch.allclose(seen[0], tile[0, 0], atol=1e-5)
    assert torch.allclose(seen[1], tile[0, 0].roll(1, 0), atol=1e-4)
    assert torch.allclose(seen[16], tile[0, 0], atol=1e-4)
