"""Filming a generated scene: long, wide, large."""

import numpy as np
import pytest
import torch

from course_lib.gan.footage import Footage, cubic, enlarged, round_about
from course_lib.gan.landscape import RIDGED, SHEETS, LandscapeGenerator


@pytest.fixture(scope="module")
def part():
    torch.manual_seed(3)
    small = LandscapeGenerator(size=32, frames=4)
    with torch.no_grad():
        return small.parts(torch.randn(1, 64), small.noise(1))


def test_footage_is_of_the_asked_size_and_moves_through_the_whole_shot(part):
    shift = part["shift"].clone()
    shift[0, :, :, 0] = torch.linspace(-0.4, 0.4, 4)[:, None]
    for seconds in (2.0, 9.0):
        shot = Footage(part | {"shift": shift}, (36, 64), seconds)
        pictures = np.stack([shot.frame(s) for s in np.linspace(0, seconds, 7)]).astype(int)
        assert pictures.shape == (7, 36, 64, 3)
        steps = np.abs(np.diff(pictures, axis=0)).mean((1, 2, 3))
        assert steps.min() > 0.3 * steps.mean() > 0  # never stands still, never repeats
        assert np.abs(pictures[-1] - pictures[0]).mean() > steps.max()


def test_other_views_are_other_framings(part):
    one, two, again = (Footage(part, (32, 32), 3.0, view).frame(1.0).astype(int) for view in (0, 1, 1))
    assert np.abs(one - two).mean() > 0.5
    assert np.array_equal(two, again)


def test_enlarging_keeps_flat_colours_and_the_sky_solid(part):
    flat = part | {"colours": torch.full_like(part["colours"], 0.3)}
    big = enlarged(flat, 64)
    assert big["colours"].shape == (1, len(SHEETS), 3, 64, 96)
    assert torch.allclose(big["colours"], torch.tensor(0.3), atol=1e-5)
    assert bool((big["alphas"][:, 0] == 1).all())
    assert big["alphas"].min() >= 0


def test_enlarged_pictures_go_on_at_the_opposite_edge():
    x = torch.linspace(0, 2 * np.pi, 25)[:-1]
    wave = x.sin().expand(1, 1, 1, 16, 24)
    big = round_about(cubic, wave, (64, 96))[0, 0, 0, 9]
    steps = torch.cat([big, big[:1]]).diff().abs()
    assert 0.5 * steps.max() < steps[-1] <= 1.05 * steps.max()
    plain = cubic(wave, (64, 96))[0, 0, 0, 9]
    assert torch.allclose(big[12:-12], plain[12:-12], atol=1e-5)  # away from the edges nothing is changed
    assert (plain[0] - plain[-1]).abs() > 2 * steps.max()  # without it, the wave breaks off at its edges


def test_an_outline_stays_sharp_and_where_it_was_when_it_is_enlarged(part):
    big = enlarged(part, 256)
    for number in range(1, len(SHEETS))[RIDGED]:
        small, large = part["alphas"][0, number, 0], big["alphas"][0, number, 0]
        assert abs(small.mean() - large.mean()) < 0.02
        soft = ((large > 0.05) & (large < 0.95)).float().sum(0).mean()
        assert soft < 14  # rows of a column between nothing and solid
        assert soft < 256 / 32 * ((small > 0.05) & (small < 0.95)).float().sum(0).mean() / 3
