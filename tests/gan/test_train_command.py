"""`course train video`: what a learner types, with sizes that a test can bear."""

import argparse
import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from course_lib import cli
from course_lib.classroom import train

TINY = ["train", "video", "--profile", "smoke", "--device", "cpu"]


def test_a_training_leaves_weights_a_curve_and_a_picture(tmp_path, capsys):
    from course_lib.gan import video

    assert cli.main([*TINY, "--steps", "3", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "weights" in said
    model = video.load(path=tmp_path / "video-shapes-32-seed0.safetensors")
    assert model.note["steps"] == 3
    assert json.loads((tmp_path / "video-shapes-32-seed0.json").read_text())[-1]["step"] == 3
    assert (tmp_path / "video-shapes-32-seed0.png").stat().st_size > 1000
    # a second training does not overwrite the first one's state without being told
    assert cli.main([*TINY, "--steps", "3", "--out", str(tmp_path)]) == 2
    assert "--resume" in capsys.readouterr().err


def test_ctrl_c_keeps_the_state_and_resume_goes_on(tmp_path, capsys, monkeypatch):
    from course_lib.gan import training

    advance, count = training.VideoTraining.advance, []

    def interrupted(self):
        count.append(1)
        if len(count) == 4:
            raise KeyboardInterrupt
        return advance(self)

    monkeypatch.setattr(training.VideoTraining, "advance", interrupted)
    assert cli.main([*TINY, "--steps", "4", "--out", str(tmp_path)]) == 130
    assert "--resume" in capsys.readouterr().out
    assert cli.main([*TINY, "--steps", "4", "--resume", "--out", str(tmp_path)]) == 0
    assert "goes on at step 1" in capsys.readouterr().out
    assert json.loads((tmp_path / "video-shapes-32-seed0.json").read_text())[-1]["step"] == 4


def test_scenery_and_larger_clips_train_too(tmp_path):
    from course_lib.gan import video

    arguments = ["--world", "scenery", "--steps", "2", "--frames", "4", "--out", str(tmp_path)]
    assert cli.main([*TINY, *arguments]) == 0
    model = video.load(path=tmp_path / "video-scenery-32-seed0.safetensors")
    assert model.sample([next(iter(["the lake at dusk"]))]).shape == (1, 3, 4, 32, 32)


def test_ones_own_clips_train_without_labels(tmp_path):
    from tests.scenery.test_folder import write_mp4

    folder = tmp_path / "clips"
    folder.mkdir()
    rng = np.random.default_rng(0)
    rows = ["file,caption"]
    for k, name in enumerate(("one", "two", "three", "four")):
        write_mp4(folder / f"{k}.mp4", rng.integers(0, 255, (8, 64, 64, 3)).astype(np.uint8))
        rows.append(f"{k}.mp4,clip number {name}")
    (folder / "captions.csv").write_text("\n".join(rows), encoding="utf-8")
    assert cli.main([*TINY, "--folder", str(folder), "--steps", "2", "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "video-own-32-seed0.safetensors").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--resume"], "start without --resume"),
        (["--budget", "soon"], "budget"),
        (["--frames", "1"], "2 or more"),
        (["--folder", "nowhere"], "there is no folder"),
        (["--device", "cuda"], "no GPU"),
    ],
)
def test_mistakes_are_answered_in_a_sentence(tmp_path, capsys, arguments, sentence):
    import torch

    if "cuda" in arguments and torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    assert cli.main([*TINY, *arguments, "--out", str(tmp_path)]) == 2
    assert sentence in capsys.readouterr().err
    assert not list(tmp_path.glob("*.safetensors"))


@pytest.mark.parametrize(
    ("extra", "stage"), [(("--steady", "1"), "first"), (("--grow", "small.checkpoint"), "second")]
)
def test_the_command_for_a_gpu_plays_the_recipe_of_the_shipped_landscapes(extra, stage):
    from course_lib.benches.landscape import STAGES

    parser = argparse.ArgumentParser()
    train.add_arguments(parser)
    wanted = STAGES[stage]
    arguments = ["video", "--world", "scenery", "--profile", "full", "--size", str(wanted.size), *extra]
    recipe = train.recipe_for(parser.parse_args(arguments), "full")
    same = {
        name: getattr(wanted, name) for name in ("steps", "warm", "steady")
    }  # as the budget and growing make them
    assert replace(recipe, **same) == wanted
    assert abs(recipe.steady - wanted.steady) <= 0.02


def test_a_checkpoint_to_grow_from_is_found_by_its_name(tmp_path):
    (tmp_path / "small.checkpoint").touch()
    assert train.lying(train.Path("trained/small.checkpoint"), tmp_path) == tmp_path / "small.checkpoint"
    with pytest.raises(train.CourseError, match="no checkpoint to grow from"):
        train.lying(train.Path("trained/other.checkpoint"), tmp_path)


@pytest.mark.parametrize(
    "wrong", [("--steps", "0"), ("--steady", "0"), ("--steady", "1.5"), ("--batch", "1")]
)
def test_numbers_that_make_no_training_are_refused(wrong, tmp_path, capsys):
    assert cli.main([*TINY, "--out", str(tmp_path), *wrong]) == 2
    assert "must be 2 or more" in capsys.readouterr().err
