"""The DCGAN in Keras: steps that leave the other player alone, `fit` that can be stopped, files, scores."""

import os

import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.gan import stills

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="module")
def tf_training():
    from course_lib.gan import training_tf

    return training_tf


def small(tf_training, seed=0):
    from course_lib.gan import dcgan_tf

    return tf_training.players(
        seed, lambda: dcgan_tf.make_generator(4, 2), lambda: dcgan_tf.make_discriminator(2)
    )


def same(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


PICTURES = np.random.default_rng(2).integers(0, 255, size=(20, 32, 32, 3)).astype(np.uint8)


def test_shapes_and_ranges(tf_training):
    players = tf_training.players(0)
    made = players.sample(3)
    assert made.shape == (3, 32, 32, 3)
    assert -1 <= made.min() < made.max() <= 1
    assert players.discriminator(made).shape == (3, 1)
    assert players.generator.count_params() + players.discriminator.count_params() < 500_000


def test_each_step_moves_one_player(tf_training):
    from course_lib.gan import dcgan_tf

    players = small(tf_training)
    noise, real = np.ones((4, 4), "float32"), stills.to_float(PICTURES[:4])

    def weights(model):
        return [np.array(w) for w in model.trainable_variables]

    for step, arguments, mover, other in (
        (dcgan_tf.discriminator_step, (players.discriminator_optimiser, real, noise), players.discriminator, players.generator),
        (dcgan_tf.generator_step, (players.generator_optimiser, noise), players.generator, players.discriminator),
    ):  # fmt: skip
        before = weights(mover), weights(other)
        assert float(step(players.generator, players.discriminator, *arguments)) > 0
        assert any(not np.array_equal(a, b) for a, b in zip(before[0], weights(mover)))
        assert all(np.array_equal(a, b) for a, b in zip(before[1], weights(other)))


def test_a_run_interrupted_and_resumed_is_the_run(tf_training, tmp_path):
    whole = tf_training.fit(small(tf_training), PICTURES, "1 min", steps=5, batch=4)
    file = tmp_path / "run.safetensors"
    stopped = small(tf_training)

    def interrupt(players, seconds, losses):
        if players.step >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tf_training.fit(
            stopped, PICTURES, "1 min", steps=5, batch=4, checkpoint=file, watch=interrupt, watch_every=1e-6
        )
    assert stopped.step == 2
    again = small(tf_training, seed=9)  # another start: everything must come from the file
    tf_training.fit(again, PICTURES, "1 min", steps=5, batch=4, checkpoint=file)
    assert again.step == 5
    assert same(whole.arrays(), again.arrays())
    assert [path.name for path in tmp_path.iterdir()] == [file.name]  # nothing half-written is left


def test_the_budget_ends_a_run_and_a_spent_one_is_not_spent_again(tf_training, tmp_path):
    file, seen = tmp_path / "run.safetensors", []
    players = tf_training.fit(
        small(tf_training), PICTURES, 1.5, batch=4, checkpoint=file, watch=lambda p, s, _: seen.append(s)
    )
    assert players.step >= 1
    assert 1.5 <= seen[-1] < 30
    more = tf_training.fit(small(tf_training), PICTURES, 1.5, batch=4, checkpoint=file)
    assert more.step == players.step
    with pytest.raises(CourseError, match="no time above 0"):
        tf_training.fit(players, PICTURES, "soon")


def test_bad_files_and_pictures_are_refused(tf_training, tmp_path):
    players = small(tf_training)
    before = players.arrays()
    other = tmp_path / "other.safetensors"
    tf_training.write(other, tf_training.players(0).arrays(), step=1, seconds=1.0, wall=1.0)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(other.read_bytes()[:1000])
    for file, words in (
        (other, "other players"),
        (broken, "cannot be read"),
        (tmp_path / "none", "cannot be read"),
    ):
        with pytest.raises(CourseError, match=words):
            tf_training.read(players, file)
    assert same(before, players.arrays())
    for pictures, words in ((PICTURES[:, :16], "have shape"), (PICTURES.astype("float32"), "beyond")):
        with pytest.raises(CourseError, match=words):
            tf_training.fit(players, pictures, 1)


def test_a_loss_that_is_no_number_ends_the_run(tf_training):
    def broken(generator, discriminator, optimiser, noise):
        return float("nan") * noise[0, 0]

    with pytest.raises(CourseError, match="no longer a number"):
        tf_training.fit(small(tf_training), PICTURES, 60, batch=4, generator_step=broken)


def test_tensorboard_writes_curves_and_pictures(tf_training, tmp_path, monkeypatch):
    if tf_training.has_tensorboard():
        tf_training.fit(
            small(tf_training),
            PICTURES,
            60,
            steps=2,
            batch=4,
            watch=tf_training.tensorboard(tmp_path),
            watch_every=1e-6,
        )
        (file,) = tmp_path.iterdir()
        assert all(word in file.read_bytes() for word in (b"discriminator", b"generator", b"samples"))
    monkeypatch.setattr(tf_training, "has_tensorboard", lambda: False)
    with pytest.raises(CourseError, match="pip install tensorboard"):
        tf_training.tensorboard(tmp_path)


def test_frechet_of_moments_is_the_distance():
    from course_lib.gan.judge import frechet_distance

    chance = np.random.default_rng(1)
    a, b = chance.normal(size=(300, 5)), chance.normal(0.5, 2, size=(300, 5))
    moments = [part for x in (a, b) for part in (x.mean(0), np.cov(x, rowvar=False))]
    assert stills.frechet_of_moments(*moments) == pytest.approx(frechet_distance(a, b), rel=1e-6)
    assert stills.frechet_of_moments(*moments[:2], *moments[:2]) == pytest.approx(0, abs=1e-6)


def test_frames_are_seeded_and_scored():
    pictures, labels = stills.frames("train", 30, each=8, seed=3)
    again, _ = stills.frames("train", 30, each=8, seed=3)
    assert pictures.shape == (240, 32, 32, 3)
    assert labels.shape == (240, 3)
    np.testing.assert_array_equal(pictures, again)
    np.testing.assert_array_equal(stills.to_bytes(stills.to_float(pictures)), pictures)
    assert stills.accuracy(pictures, labels)["place"] > 0.9
    noise = np.random.default_rng(0).uniform(-1, 1, size=(240, 32, 32, 3)).astype("float32")
    real, mud = stills.score(pictures), stills.score(noise)
    assert real.frechet < mud.frechet / 5
    assert real.sure > 0.7
    assert real.combinations > mud.combinations
    with pytest.raises(CourseError, match="at least 200"):
        stills.score(pictures[:50])
    with pytest.raises(CourseError, match="from 1 to 8"):
        stills.frames(each=9)


def test_the_shipped_players_improve_from_early_to_late(tf_training):
    early, late = (stills.score(tf_training.load(stage).sample(300)) for stage in ("early", "late"))
    assert late.frechet < 0.7 * early.frechet
    assert late.sure > early.sure
    assert tf_training.weights_file().stat().st_size < 2e6
    with pytest.raises(CourseError, match="no stage"):
        tf_training.load("middle")
