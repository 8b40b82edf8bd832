"""The landscape generator: what its sheets, paths and falling things do; growing; filming long and wide."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from course_lib.errors import CourseError
from course_lib.gan import judge, landscape, scores, training, video
from course_lib.gan.discriminators import Discriminator
from course_lib.gan.landscape import LandscapeGenerator
from course_lib.gan.layers import views
from course_lib.gan.skyline import below
from course_lib.scenery.captions import caption
from course_lib.scenery.clips import Clips, Smaller
from course_lib.scenery.splits import world


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
    new = tuple(f"{side}.{part}" for side in ("above", "below") for part in ("blocks.3", "outs.1", "under.2"))
    assert all(name.startswith(new) for name in missing)
    text, noise = torch.randn(4, 64), large.noise(4)
    with torch.no_grad():
        high = large.parts(text, noise)
        low = small.parts(text, shared_noise(small, large, noise))
    high["free"] = high["free"] / large.sharp[:, :, None]  # twice as steep where a line is
    # what falls is made of a grain of its own, and glitter is laid over: the sheets are the same
    for name in ("colours", "free"):
        shrunk = torch.nn.functional.avg_pool3d(high[name].flatten(0, 1), (1, 2, 2)).view_as(low[name])
        assert (shrunk - low[name]).abs().mean() < 0.03
    lines = torch.nn.functional.avg_pool1d(high["lines"], 2)
    assert (lines - low["lines"]).abs().mean() < 0.01  # its finest places are seen more finely
    assert torch.allclose(high["shift"], low["shift"], atol=1e-5)


def shared_noise(small, large, noise):
    """The numbers of a larger generator's noise that a smaller one has as well."""
    begin = noise.shape[1] - sum(large.parted())
    field, ridges, *grain, _ = noise[:, begin:].split(large.parted(), 1)
    kept, many = len(small.maps), len(large.maps)
    drops = small.noise(len(noise))[:, -32 * 32 :]
    return torch.cat([noise[:, :begin], field, ridges, *grain[:kept], *grain[many : many + kept], drops], 1)


def test_the_ground_is_made_by_one_rule_from_left_to_right(small):
    torch.manual_seed(4)
    text, noise = torch.randn(1, 64), small.noise(1)
    begin = noise.shape[1] - sum(small.parted())
    field, ridges, *grain, drops = noise[:, begin:].split(small.parted(), 1)
    turned = [field.view(1, -1, 4, 6).roll(1, 3).flatten(1)]
    for octave in ridges.split([len(landscape.RIDGES) * many for many in small.skyline.places()], 1):
        places = octave.view(len(landscape.RIDGES), -1)
        turned.append(places.roll(places.shape[1] // 6, 1).view(1, -1))
    for dots, (high, wide) in zip(grain, small.maps * 2):
        turned.append(dots.view(1, high, wide).roll(wide // 6, 2).flatten(1))
    with torch.no_grad():
        one = small.parts(text, noise)
        other = small.parts(text, torch.cat([noise[:, :begin], *turned, drops], 1))
    ground = slice(landscape.IN_THE_SKY, None)
    for name in ("colours", "alphas"):
        assert torch.allclose(one[name][:, ground].roll(8, -1), other[name][:, ground], atol=1e-5)
    assert one["alphas"][:, ground].std(-1).mean() > 1e-4  # and it is not the same everywhere


@pytest.mark.parametrize("much", [-50.0, 50.0])
def test_nothing_floats_above_a_line_and_no_hole_lies_below(small, monkeypatch, much):
    drawn = small.drawn

    def wilful(content, noise):
        sky, ground, falling, lines = drawn(content, noise)
        return sky, torch.full_like(ground, much), falling, lines

    monkeypatch.setattr(small, "drawn", wilful)
    with torch.no_grad():
        part = small.parts(torch.randn(4, 64), small.noise(4))
    down = below(part["lines"], 32)
    ridged = part["alphas"][:, 2:4, 0]
    assert ridged[down < -0.25].max() < 0.02
    assert ridged[down > 0.25].min() > 0.98


def test_one_camera_moves_all_sheets_and_near_ones_more():
    torch.manual_seed(8)
    generator = LandscapeGenerator(size=32, frames=4)
    generator.path.weight.data *= 50
    with torch.no_grad():
        shift, scale, _ = generator.paths(torch.randn(5, 4, 64), torch.zeros(5))
    fixed = [0, 2, 3, 4]  # what drifts moves by itself as well
    for way in (shift[:, :, fixed, 0], shift[:, :, fixed, 1], scale.log()[:, :, fixed]):
        assert way.abs().max() > 0.1
        assert ((way * way[:, :, -1:]) >= 0).all()
        assert (way.abs().diff(dim=2) >= 0).all()


def test_what_falls_has_no_seam(small):
    torch.manual_seed(5)
    condition, grain = torch.randn(1, landscape.WISE), torch.randn(1, 1, 32, 32)
    with torch.no_grad():
        tile = small.weather(condition, grain)
        turned = small.weather(condition, grain.roll((7, 11), (2, 3)))
    assert torch.allclose(tile.roll((7, 11), (2, 3)), turned, atol=1e-5)


def test_the_views_of_a_large_generator_are_its_clip_from_afar_and_a_frame():
    torch.manual_seed(6)
    large = LandscapeGenerator(size=64, frames=4)
    text, noise, when = torch.randn(3, 64), large.noise(3), torch.tensor([0, 2, 3])
    with torch.no_grad():
        clips, stills = large.views(text, noise, when)
        whole = views(large(text, noise), when, 32)
    assert clips.shape == (3, 3, 4, 32, 32)
    assert torch.allclose(stills, whole[1], atol=1e-5)
    assert (clips - whole[0]).abs().mean() < 0.02


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
    assert (strange, {name.split(".")[0] for name in missing}) == ([], {"detail", "patches"})
    clips, when = torch.rand(2, 3, 4, 64, 64), torch.tensor([0, 3])
    low = torch.nn.functional.avg_pool3d(clips, (1, 2, 2))
    seen, before = large.see(clips, when), small.see(low, when)
    assert seen["cells"].shape == (2, 64, 8, 8)
    for eye in before:
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
    assert one.shape == (2, 3, 16, 64, 64)
    assert torch.equal(one, again)
    assert (one - other).abs().mean() > 0.02


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("side", "sign"), [("left", 1), ("right", -1)])
def test_the_land_goes_the_other_way_than_the_camera(shipped, language, side, sign):
    moved = []
    for seed, place in enumerate(("lake", "city", "snow mountain", "forest", "sea", "grassland")):
        text = caption(
            {"place": place, "time": "dawn", "weather": "clear", "motion": f"pan {side}"}, language, seed
        )
        shift = shipped.parts(text, seed)["shift"][0, :, :, 0]
        moved.append(sign * (shift[-1, 3:] - shift[0, 3:]))
    assert (torch.stack(moved) > 0.1).float().mean() > 0.9, moved


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
