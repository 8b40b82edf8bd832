"""Text and clips in one space: the loss by its formula, learning, the shipped weights, damaged ones named."""

import numpy as np
import pytest
import torch

from course_lib.curate import fusion
from course_lib.errors import CourseError
from course_lib.scenery.clips import Clips
from course_lib.text.tokens import Vocabulary


def test_the_loss_by_its_formula():
    clips, texts = torch.eye(3, 5, dtype=torch.float64), 7 * torch.eye(3, 5, dtype=torch.float64)
    right = fusion.contrastive_loss(clips, texts, 2.0).item()
    assert right == pytest.approx(-np.log(np.exp(2) / (np.exp(2) + 2)))
    same = torch.ones(8, 4)
    assert fusion.contrastive_loss(same, same, 10.0).item() == pytest.approx(np.log(8))
    random = torch.randn(6, 4, generator=torch.Generator().manual_seed(0)), torch.randn(6, 4)
    there, back = fusion.contrastive_loss(*random, 5.0), fusion.contrastive_loss(*random[::-1], 5.0)
    assert torch.allclose(there, back, rtol=1e-5)  # sums in another order: equal to rounding


def test_held_out_combinations_are_apart_but_their_words_are_known():
    for world in ("scenery", "shapes"):
        known, held_out = fusion.apart(world)
        assert len(held_out) == 200
        keys = [{tuple(row.values()) for row in rows} for rows in (known, held_out)]
        assert not keys[0] & keys[1]
        for name in known[0]:
            assert {row[name] for row in held_out} <= {row[name] for row in known}
    with pytest.raises(CourseError, match="hold out"):
        fusion.apart("shapes", 384)


def test_every_round_has_every_combination_once():
    rows = fusion.apart("shapes")[0][:20]
    clips = fusion.clips_of("shapes", rows, 3, seed=2)
    for start in (0, 20, 40):
        seen = {tuple(clips.truth_of(k).values()) for k in range(start, start + 20)}
        assert seen == {tuple(row.values()) for row in rows}


def test_recall_at_counts_ties_as_misses():
    scores = np.array([[3.0, 1, 2], [5, 4, 1], [1, 1, 1]])
    assert fusion.recall_at(scores, 1) == pytest.approx(1 / 3)
    assert fusion.recall_at(scores, 2) == pytest.approx(2 / 3)
    assert fusion.recall_at(np.ones((4, 4))) == 0


def test_it_learns(tmp_path):
    torch.set_num_threads(1)
    known, held_out = fusion.apart("shapes")
    told = []
    model = fusion.train(
        fusion.clips_of("shapes", known, 2, 1),
        steps=100,
        batch_size=24,
        width=8,
        report=lambda *a: told.append(a),
    )
    assert [step for step, *_ in told] == [50, 100]
    assert told[1][1] < told[0][1]
    score = fusion.retrieval(model, "shapes", held_out, seed=5)
    assert score["text to clip @5"] > 3 * 5 * score["chance"]
    path = tmp_path / "weights.safetensors"
    fusion.save(model, path, {"steps": 100})
    assert list(tmp_path.iterdir()) == [path]
    clips, said = Clips("shapes", "all", 6).videos(range(6)), ["红色的星星", "a blue square"]
    again = fusion.load("shapes", path)
    assert np.abs(again.clip_space(clips) - model.clip_space(clips)).max() < 0.02
    assert np.abs(again.text_space(said) - model.text_space(said)).max() < 0.02
    with pytest.raises(CourseError, match="as many combinations"):
        fusion.train(fusion.clips_of("shapes", known[:5], 1, 1), steps=1)


def test_shipped_weights_find_held_out_clips():
    model = fusion.load("scenery")
    assert fusion.weights_file().stat().st_size < 1_000_000
    score = fusion.retrieval(model, "scenery", fusion.apart("scenery")[1], seed=900)
    assert score["text to clip"] >= 20 * score["chance"]
    assert score["clip to text"] >= 20 * score["chance"]


def test_missing_and_damaged_weights_are_named(tmp_path):
    with pytest.raises(CourseError, match="bench curate --train"):
        fusion.load("scenery", tmp_path / "none.safetensors")
    (tmp_path / "half.safetensors").write_bytes(b"\x08\x00\x00")
    with pytest.raises(CourseError, match="does not hold"):
        fusion.load("scenery", tmp_path / "half.safetensors")


def test_clips_of_other_sizes_and_wrong_ones():
    model = fusion.Fusion(Vocabulary(["a"]), width=8)
    big = np.random.default_rng(0).integers(0, 256, (2, 12, 48, 64, 3), dtype=np.uint8)
    space = model.clip_space(big)
    assert space.shape == (2, 64)
    np.testing.assert_allclose((space**2).sum(1), 1, rtol=1e-5)
    with pytest.raises(CourseError, match="uint8"):
        model.clip_space(big.astype(float))
