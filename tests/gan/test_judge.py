"""The judge: reads clips in any form, learns, and the shipped weights see what a clip shows."""

import numpy as np
import pytest
import torch

from course_lib.errors import CourseError
from course_lib.gan import judge
from course_lib.scenery.clips import Clips
from course_lib.scenery.clips_torch import to_tensor


@pytest.mark.parametrize(("world", "least"), [("scenery", 0.95), ("shapes", 0.96)])
def test_shipped_judges_see_every_attribute(world, least):
    scores = judge.score(judge.load(world), Clips(world, "held-out", 160, seed=21))
    assert min(scores[name] for name in scores if name != "all") >= least


def test_attributes_of_a_clip_in_any_form():
    shipped = judge.load("shapes")
    clips = Clips("shapes", "validation", 24, seed=5)
    truth = [clips.truth_of(k) for k in range(24)]
    plain = clips.videos(np.arange(24))
    said = shipped.attributes(plain)
    assert sum(a == b for a, b in zip(said, truth)) >= 22
    assert shipped.attributes(to_tensor(plain)) == said
    bigger = Clips("shapes", "validation", 24, size=64, frames=16, seed=5).videos(np.arange(24))
    assert sum(a == b for a, b in zip(shipped.attributes(bigger), truth)) >= 20


def test_prepare_names_a_wrong_shape():
    with pytest.raises(CourseError, match="clips have shape"):
        judge.prepare(np.zeros((2, 8, 32, 32), np.uint8))


def test_weights_are_small_and_come_back_as_saved(tmp_path):
    torch.manual_seed(0)
    fresh = judge.Judge("shapes")
    path = tmp_path / "judge.safetensors"
    judge.save(fresh, path, {"steps": 0})
    assert path.stat().st_size < 2_000_000
    assert list(tmp_path.iterdir()) == [path]
    clips = Clips("shapes", "train", 8).videos(np.arange(8))
    before, after = fresh.probabilities(clips), judge.load("shapes", path=path).probabilities(clips)
    for name in before:
        assert np.abs(before[name] - after[name]).max() < 0.01


def test_missing_or_foreign_weights_are_named(tmp_path):
    with pytest.raises(CourseError, match="bench scenery --train"):
        judge.load("scenery", path=tmp_path / "none.safetensors")
    judge.save(judge.Judge("shapes"), tmp_path / "shapes.safetensors")
    with pytest.raises(CourseError, match="does not hold a scenery judge"):
        judge.load("scenery", path=tmp_path / "shapes.safetensors")
    with pytest.raises(CourseError, match="no world 'sky'"):
        judge.load("sky")


def test_training_learns_something():
    clips = Clips("shapes", "all", 512)
    told = []
    trained = judge.train("shapes", clips, steps=100, batch_size=16, report=lambda *a: told.append(a))
    scores = judge.score(trained, Clips("shapes", "validation", 96))
    assert told[0][0] == 100
    # Colour and size come first, motion next; shape takes longer than a test may.
    assert scores["size"] > 0.75
    assert scores["motion"] > 2 / 8
    assert scores["colour"] > 0.6


def test_frechet_distance_is_zero_for_the_same_and_grows():
    random = np.random.default_rng(0)
    a = random.normal(size=(4000, 6))
    assert judge.frechet_distance(a, a) == pytest.approx(0, abs=1e-6)
    # Gaussians apart by 3 in one coordinate, and twice as wide in another: 9 + (2 - 1)^2.
    b = a.copy()
    b[:, 0] += 3
    b[:, 1] *= 2
    assert judge.frechet_distance(a, b) == pytest.approx(10, rel=0.05)
