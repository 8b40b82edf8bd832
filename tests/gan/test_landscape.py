"""The landscape generator: what its sheets, paths and falling things do; growing; filming long and wide."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from course_lib.errors import CourseError
from course_lib.gan import judge, landscape, scores, training, video
from course_lib.gan.discriminators import Discriminator
from course_lib.gan.footage import Footage, enlarged, seamless
from course_lib.gan.landscape import WIDE, LandscapeGenerator, fall, look
from course_lib.scenery.captions import caption
from course_lib.scenery.clips import Clips, Smaller
from course_lib.scenery.splits import world


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


@pytest.fixture(scope="module")
def small():
    torch.manual_seed(0)
    return LandscapeGenerator(size=32, frames=4)


def test_clips_have_their_shape_and_range(small):
    text, noise = torch.randn(3, 64), small.noise(3)
    clips = small(text, noise)
    assert clips.shape == (3, 3, 4, 32, 32)
    assert clips.abs().max() <= 1
    clips.square().mean().backward()
    untouched = [name for name, weight in small.named_parameters() if weight.grad is None]
    assert untouched == []
    small.zero_grad()


def test_a_larger_generator_begins_with_what_the_smaller_one_knows(small):
    torch.manual_seed(1)
    large = LandscapeGenerator(size=64, frames=4)
    missing, strange = large.load_state_dict(small.state_dict(), strict=False)
    assert strange == []
    assert all(name.startswith(("blocks.3", "outs.1")) for name in missing)
    text, noise = torch.randn(4, 64), large.noise(4)
    with torch.no_grad():
        high = large(text, noise)
        low = small(text, noise[:, : small.noise(1).shape[1]])
    shrunk = torch.nn.functional.avg_pool3d(high, (1, 2, 2))
    assert (shrunk - low).abs().mean() < 0.03


def test_another_scene_is_filmed_the_same_way(small):
    noise, text = small.noise(3), torch.randn(3, 64)
    with torch.no_grad():
        one, other = small.parts(text, noise), small.parts(text, small.another(noise))
    assert torch.equal(one["shift"], other["shift"])
    assert torch.equal(one["scale"], other["scale"])
    assert not torch.equal(one["colours"], other["colours"])


def test_a_grown_discriminator_sees_at_first_what_it_saw():
    words = world("scenery").attributes
    torch.manual_seed(0)
    small, large = (Discriminator(20, words, size, 4, grown=True) for size in (32, 64))
    missing, strange = large.load_state_dict(small.state_dict(), strict=False)
    assert (strange, {name.split(".")[0] for name in missing}) == ([], {"finer", "finer_frame", "detail"})
    clips, when = torch.rand(2, 3, 4, 64, 64), torch.tensor([0, 3])
    low = torch.nn.functional.avg_pool3d(clips, (1, 2, 2))
    seen, before = large.see(clips, when), small.see(low, when)
    for eye in seen:
        assert torch.allclose(seen[eye], before[eye], atol=1e-5)


TINY = training.Recipe(
    world="scenery",
    generator="landscape",
    size=32,
    frames=4,
    steps=2,
    warm=1,
    batch=2,
    clips=4,
    sayings=1,
    wide=16,
)


PAINTED: dict = {}


class Few(Clips):
    """Four clips, not painted once for each test."""

    def video_of(self, index):
        if (self.size, index) not in PAINTED:
            PAINTED[self.size, index] = super().video_of(index)
        return PAINTED[self.size, index]


def few(size):
    return Few("scenery", "train", 4, size=size, frames=4)


def test_a_training_grows_and_a_wrong_one_is_refused():
    first = training.VideoTraining(TINY, Smaller(few(64), 32))
    first.advance()
    first.advance()
    state = first.state()
    second = training.VideoTraining.grow(state, replace(TINY, size=64), dataset=few(64))
    assert second.step == 0
    assert np.isfinite(list(second.advance().values())).all()
    with pytest.raises(CourseError, match="cannot grow"):
        training.VideoTraining.grow(state, replace(TINY, generator="frames", size=64), dataset=few(64))
    with pytest.raises(CourseError, match="cannot grow"):
        training.VideoTraining.grow(second.state(), TINY, dataset=few(32))


def test_smaller_clips_are_means_and_keep_captions():
    large = few(64)
    half = Smaller(large, 32)
    assert half.videos([1]).shape == (1, 4, 32, 32, 3)
    mean = large.videos([1])[0, 2, 10:12, 20:22].reshape(4, 3).mean(0)
    assert np.abs(half.videos([1])[0, 2, 5, 10] - mean).max() <= 0.51
    assert half.caption_of(2, 1) == large.caption_of(2, 1)
    assert np.array_equal(half[1].video, half.video_of(1))
    with pytest.raises(CourseError, match="averaged down"):
        Smaller(large, 30)


@pytest.fixture(scope="module")
def part(small):
    torch.manual_seed(3)
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
    assert big["colours"].shape == (1, 4, 3, 64, 96)
    assert torch.allclose(big["colours"], torch.tensor(0.3), atol=1e-5)
    assert bool((big["alphas"][:, 0] == 1).all())
    assert big["alphas"].min() >= 0
    assert landscape.SHEETS[0] == "sky"


def test_seamless_tiles_go_on_where_they_end():
    slope = torch.linspace(0, 1, 32).expand(1, 1, 32, 32)  # its ends differ by one
    tile = seamless(slope)
    assert tile.shape == (1, 1, 24, 24)
    round_ = torch.cat([tile, tile], 3)[0, 0, 5]
    assert round_.diff().abs().max() < 0.15
    assert torch.allclose(tile[..., 8:], slope[..., :24, 8:24])  # detail away from the margin is kept


@pytest.fixture(scope="module")
def shipped():
    return video.load("scenery", 64)


def test_the_shipped_generator_shows_what_is_asked_for(shipped):
    reader = judge.load("scenery")
    for split, least in (("validation", 0.88), ("held-out", 0.80)):
        found = scores.accuracies(shipped, reader, split, 120, seed=5)
        assert found["all"] >= least, (split, found)
    assert video.weights_file("scenery", 64).stat().st_size < 3e6


def test_the_shipped_generator_follows_its_seed(shipped):
    texts = ["清晨的雪山，天气晴朗。", "A rainy city at night."]
    one, again, other = (shipped.sample(texts, seed) for seed in (1, 1, 2))
    assert one.shape == (2, 3, 8, 64, 64)
    assert torch.equal(one, again)
    assert (one - other).abs().mean() > 0.02


def test_a_scene_can_be_filmed_otherwise(shipped):
    seen = {"place": "lake", "time": "dawn", "weather": "clear"}
    right, left = (caption(seen | {"motion": f"pan {side}"}, "zh", 1) for side in ("right", "left"))
    still, clip = shipped.scene(right, 3)
    assert torch.allclose(clip, shipped.sample([right], 3), atol=1e-4)
    turned, other = shipped.scene(right, 3, way=left)
    again, _ = shipped.scene(right, 3, way=left, turn=1)
    assert torch.allclose(still["colours"], turned["colours"], atol=1e-4)
    assert not torch.allclose(turned["shift"], again["shift"])
    read = judge.load("scenery").attributes(torch.cat([clip, other]))
    assert [one["motion"] for one in read] == ["pan right", "pan left"]
    with pytest.raises(CourseError, match="draws no scenes"):
        video.load("shapes").scene("a red star", 1)
