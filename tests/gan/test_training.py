"""A training keeps to its budget, goes on after a break to the same curve, and says clearly what went wrong."""

import os
from dataclasses import replace

import numpy as np
import pytest

from course_lib.errors import CourseError

torch = pytest.importorskip("torch")

from course_lib.gan import checkpoints  # noqa: E402
from course_lib.gan import training as gan  # noqa: E402

TINY = gan.Recipe(clips=24, sayings=2, warm=2, batch=4, steps=9, seed=3)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def weights_of(training):
    return torch.cat(
        [
            w.detach().flatten()
            for m in (training.writer, training.average, training.D)
            for w in m.parameters()
        ]
    )


def test_a_killed_training_resumes_to_the_same_curve(tmp_path):
    whole, curve = gan.VideoTraining(TINY), []
    gan.fit(whole, report=lambda t, losses: curve.append(losses))
    first, half = gan.VideoTraining(TINY), []

    def until_five(training, losses):
        half.append(losses)
        if training.step == 5:
            checkpoints.save_checkpoint(training, tmp_path / "run.checkpoint")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gan.fit(first, report=until_five)
    torch.manual_seed(999)  # another process has another random state
    second = gan.VideoTraining(TINY)
    second.restore(checkpoints.read_checkpoint(tmp_path / "run.checkpoint"))
    gan.fit(second, report=lambda t, losses: half.append(losses))
    assert second.step == whole.step == 9
    assert len(curve) == len(half) == 11
    assert half == curve
    assert torch.equal(weights_of(second), weights_of(whole))


def test_both_players_and_the_mean_learn():
    training = gan.VideoTraining(TINY)
    before = [weights_of_one(m) for m in (training.writer, training.average, training.D)]
    training.advance()
    training.advance()  # the warm-up is the discriminator's alone
    warmed = [weights_of_one(m) for m in (training.writer, training.average, training.D)]
    assert torch.equal(before[0], warmed[0])
    assert torch.equal(before[1], warmed[1])
    assert not torch.equal(before[2], warmed[2])
    training.advance()
    after = [weights_of_one(m) for m in (training.writer, training.average, training.D)]
    assert not any(torch.equal(a, b) for a, b in zip(warmed, after))
    assert all(w.requires_grad for w in training.D.parameters())


def weights_of_one(module):
    return torch.cat([w.detach().clone().flatten() for w in module.parameters()])


@pytest.mark.parametrize("generator", list(gan.GENERATORS))
def test_every_generator_trains(generator):
    training = gan.fit(gan.VideoTraining(replace(TINY, generator=generator, steps=2)))
    with torch.no_grad():
        batch = training.feed(0)
        clips = training.average(batch.ids, batch.lengths, training.average.generator.noise(4))
    assert clips.shape == (4, 3, 8, 32, 32)
    assert clips.abs().max() <= 1.0001


def test_a_discriminator_that_does_not_read_has_no_warm_up_to_learn_from():
    """The rival's design: neither heads nor wrong captions; it must run all the same."""
    nothing = replace(TINY.weights, attributes=0, mismatch=0, diversity=0)
    training = gan.VideoTraining(replace(TINY, reads=False, single=False, steps=2, weights=nothing))
    before = weights_of_one(training.D)
    training.advance()
    assert torch.equal(before, weights_of_one(training.D))
    gan.fit(training)
    assert not torch.equal(before, weights_of_one(training.D))


def test_a_budget_becomes_steps_and_is_kept(monkeypatch):
    def quarter_second(training):  # a step that costs what one costs here, without playing it
        training.step, training.seconds = training.step + 1, training.seconds + 0.25
        return {"D": 1.0}

    monkeypatch.setattr(gan.VideoTraining, "advance", quarter_second)
    training = gan.VideoTraining(replace(TINY, steps=0))
    gan.fit(training, budget=60.0, own_time=True)
    assert training.step == training.recipe.steps
    assert 57 <= training.seconds <= 60.5
    training = gan.VideoTraining(replace(TINY, steps=10_000))
    gan.fit(
        training, budget=60.0, own_time=True
    )  # too many steps for the time: it stops in time all the same
    assert 60 <= training.seconds <= 66.5


def test_without_budget_or_steps_there_is_a_question():
    with pytest.raises(CourseError, match="say how long"):
        gan.fit(gan.VideoTraining(replace(TINY, steps=0)))


def test_a_checkpoint_cut_off_in_the_middle_falls_back_to_the_one_before(tmp_path):
    training, path = gan.VideoTraining(TINY), tmp_path / "run.checkpoint"
    training.advance()
    checkpoints.save_checkpoint(training, path)
    training.advance()
    checkpoints.save_checkpoint(training, path)
    assert checkpoints.read_checkpoint(path)["step"] == 0
    path.write_bytes(path.read_bytes()[:-5000])
    assert checkpoints.read_checkpoint(path)["step"] == -1
    (tmp_path / "run.checkpoint.previous").write_bytes(b"nothing")
    with pytest.raises(CourseError, match="cannot be read"):
        checkpoints.read_checkpoint(path)
    with pytest.raises(CourseError, match="no checkpoint"):
        checkpoints.read_checkpoint(tmp_path / "other")


def test_a_full_disk_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    training, path = gan.VideoTraining(TINY), tmp_path / "run.checkpoint"
    checkpoints.save_checkpoint(training, path)
    old = path.read_bytes()

    def full(state, part):
        part.write_bytes(b"half")
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(CourseError, match="cannot be written"):
        checkpoints.save_checkpoint(training, path)
    assert path.read_bytes() == old
    assert sorted(os.listdir(tmp_path)) == ["run.checkpoint"]


def test_nan_goes_back_to_the_checkpoint_with_half_the_rate(tmp_path):
    training, path = gan.VideoTraining(TINY), tmp_path / "run.checkpoint"
    training.advance()
    checkpoints.save_checkpoint(training, path)
    with torch.no_grad():
        training.writer.generator.path.bias.fill_(float("nan"))
    gan.fit(training, checkpoint=path)
    assert training.step == 9
    assert training.recipe.rate == TINY.rate / 2
    assert torch.isfinite(weights_of(training)).all()
    with torch.no_grad():
        training.writer.generator.path.bias.fill_(float("nan"))
    training.step = 0
    with pytest.raises(CourseError, match="not a number"):
        gan.fit(training)


def test_too_little_memory_is_said_in_a_sentence(monkeypatch):
    training = gan.VideoTraining(TINY)

    def full(*a, **k):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(gan.game, "warm_up_step", full)
    with pytest.raises(CourseError, match="--batch 4"):
        training.advance()


def test_batches_follow_from_the_step_alone():
    feed = gan.VideoTraining(TINY).feed
    a, b = feed(7), feed(7)
    assert torch.equal(a.clips, b.clips)
    assert torch.equal(a.ids, b.ids)
    assert not torch.equal(feed(8).clips, a.clips)
    assert a.clips.shape == (4, 3, 8, 32, 32)
    assert a.clips.abs().max() <= 1
    assert np.isin(a.labels.numpy(), range(8)).all()


@pytest.mark.parametrize("scaled", [False, True], ids=["bfloat16", "with a scaler, as on a T4"])
def test_sixteen_bits_play_the_same_game(monkeypatch, scaled):
    """The GPU's path on a CPU: autocast, penalties in float32, the scaler where half precision needs it."""
    penalised = []
    penalty = gan.game.zero_centred_gradient_penalty

    def seen(discriminator, samples):
        value = penalty(discriminator, samples)
        penalised.append((samples.dtype, value.dtype))
        return value

    def sixteen(device):
        scaler = torch.amp.GradScaler("cpu", init_scale=128.0) if scaled else None
        return lambda: torch.autocast("cpu", dtype=torch.bfloat16), scaler

    monkeypatch.setattr(gan.game, "zero_centred_gradient_penalty", seen)
    monkeypatch.setattr(gan.game, "precision", sixteen)
    training = gan.VideoTraining(replace(TINY, weights=replace(TINY.weights, every=1)))
    before = weights_of(training).clone()
    gan.fit(training)
    assert penalised
    assert set(penalised) == {(torch.float32, torch.float32)}
    assert torch.isfinite(weights_of(training)).all()
    assert not torch.equal(before, weights_of(training))
    assert all(weight.dtype == torch.float32 for weight in training.writer.parameters())
    if scaled:
        assert training.state()["scaler"]["scale"] > 0
