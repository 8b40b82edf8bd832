"""The upscaler: its parts against torch and arithmetic, its files, its training, its promise on scenes it never saw."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course_lib.errors import CourseError
from course_lib.film import superres, superres_training
from course_lib.film.superres_scores import compare, pillow_cubic
from course_lib.scenery.splits import world


def test_the_shuffle_is_that_of_torch():
    features = torch.randn(2, 3 * 16, 5, 7)
    assert torch.equal(superres.pixel_shuffle(features, 4), F.pixel_shuffle(features, 4))


def test_untrained_it_is_cubic_interpolation():
    small = torch.rand(1, 3, 8, 9) * 2 - 1
    for factor in superres.FACTORS:
        made = superres.Upscaler()(small, factor)
        assert torch.allclose(made, superres.cubic(small, factor))
        assert made.shape == (1, 3, 8 * factor, 9 * factor)


def test_shrinking_is_a_mean_of_squares():
    picture = np.random.default_rng(0).integers(0, 256, (1, 16, 24, 3), dtype=np.uint8)
    small = superres_training.shrink(picture, 8)
    assert small.shape == (1, 2, 3, 3)
    assert small[0, 1, 2, 0] == np.floor(picture[0, 8:, 16:, 0].mean() + 0.5)


def test_the_splits_do_not_meet():
    drawn = {
        split: superres_training.drawn(split, 75, 256, 0)[0] for split in ("train", "validation", "held-out")
    }
    rows = {split: world("scenery").combinations(split) for split in drawn}
    held = {tuple(rows["held-out"][k].items()) for k in drawn["held-out"]}
    assert len(held) == 75
    assert not held & {tuple(row.items()) for row in rows["train"]}
    # validation has the combinations of train, with other pictures
    one, other = (superres_training.scenes(split, 2, 16, 0) for split in ("train", "validation"))
    assert not np.array_equal(one, other)


def test_a_training_lowers_its_loss_and_survives_a_file(tmp_path):
    training = superres_training.Training(count=3, steps=90, seed=2, model=superres.Upscaler(8, 1))
    small, large = training.patches(4)

    def loss() -> float:  # of the same patches before and after: those of a step are each time others
        with torch.inference_mode():
            return superres_training.distance(training.model(small, 4), large).item()

    before = loss()
    for _ in range(90):
        training.advance()
    assert loss() < before
    training.model.note = {"steps": "90"}
    superres.save(training.model, tmp_path / "w.safetensors")
    again = superres.read(tmp_path / "w.safetensors")
    assert again.note == {"steps": "90"}
    picture = np.random.default_rng(0).integers(0, 256, (2, 9, 11, 3), dtype=np.uint8)
    one, other = (superres.enlarge(picture, 4, model) for model in (training.model, again))
    assert np.abs(one.astype(int) - other).max() <= 2  # 16-bit floats


def test_the_shipped_weights_beat_interpolation_on_scenes_they_never_saw():
    held = superres_training.scenes("held-out", 6, 256, seed=5)
    found = compare(superres.load(), held, 4)
    gain = found["PSNR, network"] - found["PSNR, cubic"]
    assert gain.min() > 0
    assert gain.mean() > 0.6
    assert (found["SSIM, network"] > found["SSIM, cubic"]).all()
    assert superres.weights_file().stat().st_size < 1_000_000


def test_any_size_can_be_asked_for():
    picture = np.random.default_rng(0).integers(0, 256, (2, 18, 32, 3), dtype=np.uint8)
    for size in ((72, 128), (100, 178), (144, 256), (200, 356), (18, 32), (9, 16)):
        assert superres.enlarge_to(picture, size).shape == (2, *size, 3)
    flat = np.full((1, 6, 6, 3), 77, np.uint8)
    assert pillow_cubic(flat, 4).shape == (1, 24, 24, 3)


def test_sheets_become_what_pictures_become():
    sheets = torch.rand(1, 4, 3, 8, 12) * 2 - 1
    for size in ((32, 48), (64, 96), (50, 75), (80, 120)):
        made = superres.enlarge_sheets(sheets, size)
        assert made.shape == (1, 4, 3, *size)
        assert made.abs().max() <= 1
    pictures = superres.to_pictures(sheets[0])
    exact = superres.to_tensor(pictures)[None]
    ours = superres.to_pictures(superres.enlarge_sheets(exact, (32, 48))[0])
    assert np.abs(ours.astype(int) - superres.enlarge(pictures, 4)).max() <= 1


@pytest.mark.parametrize(
    ("pictures", "factor", "says"),
    [
        (np.zeros((1, 8, 8, 3), np.uint8), 3, "4 or 8 times, not 3"),
        (np.zeros((8, 8, 3), np.uint8), 4, r"takes uint8 \(n, height, width, 3\)"),
        (np.zeros((1, 8, 8, 3)), 4, "float64"),
    ],
)
def test_bad_input(pictures, factor, says):
    with pytest.raises(CourseError, match=says):
        superres.enlarge(pictures, factor)


def test_weights_that_are_missing_or_damaged(tmp_path):
    with pytest.raises(CourseError, match=r"course\.py bench film --train"):
        superres.read(tmp_path / "none.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"no weights")
    with pytest.raises(CourseError, match="fetch it again"):
        superres.read(tmp_path / "bad.safetensors")
