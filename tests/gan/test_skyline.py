"""Ridges out of noise: what stands below a line, and what a decoder is told of it."""

import pytest
import torch

from course_lib.gan.skyline import Skyline, between, block, clues, standing


def test_between_places_lines_are_straight_and_go_round():
    places = torch.tensor([[[0.0, 1.0, 0.0, -1.0]]])
    line = between(places, 16)[0, 0]
    assert line.shape == (16,)
    assert torch.allclose(line.roll(4, 0), between(places.roll(1, 2), 16)[0, 0], atol=1e-6)
    bends = (line.roll(-1) - 2 * line + line.roll(1)).abs() > 1e-5
    assert bends.sum() <= 8  # straight but near the four places
    assert torch.allclose(between(places, 4), places)


def test_blocks_stand_side_by_side():
    places = torch.tensor([[[0.5, -1.0, 2.0]]])
    assert block(places, 6)[0, 0].tolist() == [0.5, 0.5, -1.0, -1.0, 2.0, 2.0]
    assert block(torch.randn(1, 1, 24), 48)[0, 0].diff().ne(0).sum() == 23


def test_what_stands_below_a_line_is_solid_and_above_it_is_nothing():
    lines = torch.zeros(1, 2, 24)
    lines[0, 1] = torch.linspace(-0.8, 0.8, 24)
    solid = torch.sigmoid(standing(lines, 64))
    assert solid.shape == (1, 2, 64, 24)
    assert solid[0, 0, :26].max() < 0.02
    assert solid[0, 0, 38:].min() > 0.98
    assert torch.allclose(solid[0, 1].mean(0), (1 - lines[0, 1]) / 2, atol=0.02)


def test_lines_lie_at_their_heights_and_differ_by_their_noise():
    torch.manual_seed(0)
    skyline = Skyline(8, (0.0, 0.3), 4)
    condition = torch.randn(1, 8).expand(200, 8)
    with torch.no_grad():
        lines = skyline(condition, torch.randn(200, skyline.numbers()), 48)
    assert lines.shape == (200, 2, 48)
    assert lines.mean((0, 2)).tolist() == pytest.approx([0.0, 0.3], abs=0.08)
    assert lines.std(0).min() > 0.1
    coarse = torch.fft.rfft(lines[:, 0] - lines[:, 0].mean(1, keepdim=True)).abs().square().mean(0)
    assert coarse[1:4].mean() > 10 * coarse[-8:].mean()  # as of mountains: less of what is fine


def test_the_text_decides_how_rough_a_line_is():
    torch.manual_seed(1)
    skyline = Skyline(2, (0.0,), 4)
    with torch.no_grad():
        skyline.much.weight.zero_()
        skyline.blocks.weight.zero_()
        skyline.much.weight[1:, 0] = skyline.blocks.weight[:, 0] = -3.0
        noise = torch.randn(50, skyline.numbers())
        flat, rough = (skyline(torch.tensor([[x, 0.0]]).expand(50, 2), noise, 48) for x in (1.0, 0.0))
    assert flat.std(2).mean() < 0.1 * rough.std(2).mean()


def test_clues_say_how_far_below_and_how_steep():
    line = between(torch.tensor([[[0.0, 0.4, 0.0, -0.4]]]), 96)
    told = clues(line, 16, 24)
    assert told.shape == (1, 2, 16, 24)
    assert told.abs().max() <= 1
    depth, slope = told[0]
    assert bool((depth.diff(dim=0) >= 0).all())  # deeper and deeper
    assert bool((slope[0] == slope[9]).all())
    assert torch.sign(slope[0][1]) == torch.sign(line[0, 0, 8] - line[0, 0, 4])
