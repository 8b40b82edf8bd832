"""The pieces of lesson 06 against values that are known without them, and the key-frame game end to end."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from course_lib.errors import CourseError  # noqa: E402
from course_lib.gan import (  # noqa: E402
    checkpoints,
    keyframe,
    keyframe_judge,
    keyframe_model,
    keyframe_nets,
    keyframe_training,
    layers,
)
from course_lib.gan.keyframe_data import Stills, to_bytes, to_pictures  # noqa: E402

TINY = keyframe_training.Recipe(
    clips=24, sayings=1, warm=1, steps=4, batch=6, widths=(16, 16, 16, 16), wide=16
)


def test_accuracy_counts_pictures_not_attributes():
    read = {"a": np.eye(2)[[0, 1, 1, 0]], "b": np.eye(3)[[0, 1, 2, 0]]}
    found = keyframe.attribute_accuracy(read, np.array([[0, 1], [1, 1], [0, 2], [0, 0]]))
    assert found == {"a": 0.75, "b": 0.75, "all": 0.5}


def test_concatenation_followed_by_a_convolution_only_shifts():
    conv = torch.nn.Conv2d(5, 4, 3, bias=False)
    x, c = torch.randn(2, 3, 6, 6), torch.randn(2, 2)
    parted = torch.nn.functional.conv2d(x, conv.weight[:, :3])
    shift = c @ conv.weight[:, 3:].sum((2, 3)).T
    assert torch.allclose(conv(keyframe.concatenated(x, c)), parted + shift[:, :, None, None], atol=1e-5)


def test_conditional_batch_norm_is_batch_norm_where_the_condition_says_nothing():
    x, zero = torch.randn(4, 3, 5, 5) * 3 + 2, torch.zeros(4, 3)
    block = torch.nn.BatchNorm2d(3, affine=False).train()
    assert torch.allclose(keyframe.conditional_batch_norm(x, zero, zero), block(x), atol=1e-5)
    gain = torch.randn(4, 3)
    assert torch.allclose(
        keyframe.conditional_batch_norm(x, gain, zero), (1 + gain)[:, :, None, None] * block(x), atol=1e-5
    )


def test_the_class_projection_is_the_log_ratio_of_two_softmaxes():
    """With softmax models p(y|x) and q(y|x) on features, log p(y|x)/q(y|x) is linear in the features for each word."""
    generator = torch.Generator().manual_seed(0)
    p, q = (torch.randn(4, 6, generator=generator) for _ in range(2))
    phi = torch.randn(9, 6, generator=generator)
    labels = torch.randint(4, (9, 1), generator=generator)
    ratio = (phi @ p.T).log_softmax(1) - (phi @ q.T).log_softmax(1)
    seen = ratio.gather(1, labels)[:, 0]
    alone = torch.logsumexp(phi @ q.T, 1) - torch.logsumexp(phi @ p.T, 1)  # does not depend on the label
    logit = keyframe.class_logit(phi, labels, [(p - q) * 6**0.5], torch.zeros(6), torch.zeros(()))
    assert torch.allclose(logit + alone, seen, atol=1e-5)


def test_wrong_captions_that_are_right_cost_nothing():
    right, wrong = torch.tensor([1.0, 1.0]), torch.tensor([0.0, 9.0])
    loss = keyframe.mismatched_loss(right, wrong, torch.tensor([True, False]))
    assert loss == pytest.approx(np.log1p(np.exp(-1)))
    assert keyframe.mismatched_loss(right, wrong, torch.tensor([False, False])) == 0


@pytest.mark.parametrize("half_life", [1.0, 7.0, 230.0])
def test_the_running_mean_is_a_true_mean(half_life):
    rng = np.random.default_rng(0)
    values = rng.normal(size=60)
    average, model = torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        average.weight.fill_(1e6)  # what stood there before must not matter
    for step, value in enumerate(values):
        with torch.no_grad():
            model.weight.fill_(float(value))
        layers.update_average(average, model, keyframe.averaging_decay(step, half_life))
    weights = 2.0 ** (-np.arange(60)[::-1] / half_life)
    assert average.weight.item() == pytest.approx((weights * values).sum() / weights.sum(), abs=1e-4)


def test_truncated_noise_has_the_distribution_of_noise_drawn_again():
    noise = torch.randn(200_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    kept = noise[noise.abs() < 0.8]
    made = keyframe.truncated(noise, 0.8)
    assert made.abs().max() < 0.8
    levels = torch.linspace(0.05, 0.95, 19, dtype=torch.float64)
    assert torch.allclose(made.quantile(levels), kept.quantile(levels), atol=0.01)
    assert torch.equal(made.argsort(), noise.argsort())  # what was rarer stays rarer


def test_slerp_keeps_the_length_and_the_pace():
    a, b = torch.tensor([3.0, 0.0, 0.0]), torch.tensor([0.0, 0.0, 3.0])
    way = keyframe.slerp(a, b, torch.linspace(0, 1, 7))
    assert torch.allclose(way.norm(dim=1), torch.full((7,), 3.0), atol=1e-5)
    steps = (way[1:] - way[:-1]).norm(dim=1)
    assert torch.allclose(steps, steps[:1].expand(6), atol=1e-5)
    assert torch.allclose(way[[0, -1]], torch.stack([a, b]), atol=1e-5)


def test_neighbours_of_a_row_of_the_base():
    base = np.random.default_rng(0).normal(size=(50, 8))
    indices, distances = keyframe.nearest_neighbours(base[[4, 30]], base, 2)
    assert indices[:, 0].tolist() == [4, 30]
    assert distances[:, 0] == pytest.approx([0, 0], abs=1e-6)
    assert distances[0, 1] == pytest.approx(np.sort(np.linalg.norm(base - base[4], axis=1))[1])


def test_stills_say_nothing_of_motion():
    stills = Stills("scenery", "validation", 6, seed=1)
    assert list(stills.attributes) == ["place", "time", "weather"]
    assert stills.labels().shape == (6, 3)
    assert stills.pictures().shape == (6, 3, 32, 32)
    words = " ".join(Stills("scenery", "train", 200, language="en").captions())
    assert "camera" not in words
    assert "pans" not in words
    standing = Stills("shapes", "train", 40)
    assert {standing.truth_of(k)["motion"] for k in range(40)} == {"still"}


def test_bytes_and_pictures_go_back_and_forth():
    some = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    assert np.array_equal(to_bytes(to_pictures(some)), some)


@pytest.mark.parametrize("world", ["scenery", "shapes"])
def test_the_judge_of_stills_reads_real_ones(world):
    judge, stills = keyframe_judge.load(world), Stills(world, "held-out", 100, seed=77)
    found = judge.accuracy(stills.pictures(), stills.labels())
    assert min(found.values()) >= 0.95
    with pytest.raises(CourseError, match="shape"):
        judge.probabilities(torch.zeros(2, 3, 8, 32, 32))


@pytest.mark.parametrize("listens", keyframe_nets.LISTENS)
def test_a_generator_hears_what_it_should(listens):
    torch.manual_seed(0)
    generator = keyframe_nets.KeyframeGenerator(listens, widths=(16, 16, 16, 16)).eval()
    noise = torch.randn(2, 32)
    with torch.no_grad():
        one, other = (generator(torch.randn(2, 64), noise) for _ in range(2))
    assert one.shape == (2, 3, 32, 32)
    assert torch.equal(one, other) == (listens == "nothing")


@pytest.mark.parametrize("reads", keyframe_nets.READS)
def test_a_discriminator_reads_what_it_should(reads):
    torch.manual_seed(0)
    D = keyframe_nets.KeyframeDiscriminator(20, {"a": "xy", "b": "xyz"}, reads, wide=16)
    ids, labels = torch.tensor([[3, 4], [5, 6]]), torch.tensor([[0, 1], [1, 2]])
    batch = {"ids": ids, "lengths": torch.tensor([2, 2]), "labels": labels}
    with torch.no_grad():
        caption = D.caption(batch)
        pictures = torch.randn(2, 3, 32, 32)
        one, other = D(pictures, caption), D(pictures, caption[[1, 0]])
    assert torch.allclose(one, other) == (reads == "nothing")


def test_names_that_do_not_exist_are_refused():
    with pytest.raises(CourseError, match="listen"):
        keyframe_nets.KeyframeGenerator("telepathy")
    with pytest.raises(CourseError, match="read"):
        keyframe_nets.KeyframeDiscriminator(5, {}, "telepathy")


@pytest.mark.parametrize(
    "change", [{}, {"listens": "batch", "reads": "labels"}, {"listens": "nothing", "reads": "nothing"}]
)
def test_a_training_that_was_stopped_goes_on_as_if_it_had_not_been(change):
    recipe = replace(TINY, **change)
    whole = keyframe_training.fit(keyframe_training.KeyframeTraining(recipe))
    first = keyframe_training.KeyframeTraining(recipe)
    while first.step < 2:
        first.advance()
    second = keyframe_training.KeyframeTraining(recipe)
    second.restore(first.state())
    keyframe_training.fit(second)
    for a, b in zip(whole.average.state_dict().values(), second.average.state_dict().values()):
        assert torch.equal(a, b)


def test_weights_and_starts_come_back(tmp_path):
    training = keyframe_training.fit(keyframe_training.KeyframeTraining(TINY))
    model = keyframe_model.KeyframeModel.of(training)
    keyframe_model.save(model, tmp_path / "w.safetensors")
    again = keyframe_model.load(path=tmp_path / "w.safetensors")
    texts = Stills("scenery", "train", 4).captions()
    assert torch.allclose(again.sample(texts, 1), model.sample(texts, 1), atol=2e-2)  # 16-bit floats
    training.save_start(tmp_path / "s.safetensors")
    young = keyframe_training.KeyframeTraining.start_from(tmp_path / "s.safetensors", steps=1, clips=24)
    assert young.step == training.step
    keyframe_training.fit(young)
    (tmp_path / "broken.safetensors").write_bytes(b"no weights")
    with pytest.raises(CourseError, match="does not hold"):
        keyframe_model.load(path=tmp_path / "broken.safetensors")
    with pytest.raises(CourseError, match="does not hold"):
        checkpoints.read_start(tmp_path / "broken.safetensors")
    with pytest.raises(CourseError, match="bench keyframe --train"):
        keyframe_model.load(path=tmp_path / "nowhere.safetensors")


@pytest.fixture(scope="module")
def shipped():
    return keyframe_model.load("scenery")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_judge_sees_what_was_asked_for(shipped, language):
    stills = Stills("scenery", "validation", 200, seed=41, language=language)
    found = keyframe_judge.load("scenery").accuracy(shipped.sample(stills.captions(), 2), stills.labels())
    # with room for chance at 200 pictures below what bench/keyframe.json has
    assert found["time"] >= 0.9
    assert found["all"] >= 0.95


def test_the_generator_of_shapes_hears_colour_and_size_and_most_shapes():
    stills, model = Stills("shapes", "validation", 200, seed=43), keyframe_model.load("shapes")
    found = keyframe_judge.load("shapes").accuracy(model.sample(stills.captions(), 2), stills.labels())
    assert min(found["colour"], found["size"]) >= 0.97
    assert found["shape"] >= 0.85  # by chance .25; bench/keyframe.json has .93 at 500 pictures
    with pytest.raises(CourseError, match="large red star"):
        model.sample(["quarterly earnings exceeded expectations"])
    assert keyframe_model.weights_file("shapes").stat().st_size <= 1_000_000


def test_a_sentence_gives_the_same_picture_in_any_company(shipped):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one = shipped.sample(["A lake at dusk."], seed=3)
        many = shipped.sample(["A lake at dusk.", "下雪的清晨，茂密的森林。"], seed=3)
    assert torch.allclose(one[0], many[0], atol=1e-5)


def test_sentences_that_cannot_be_painted(shipped):
    with pytest.raises(CourseError, match="list"):
        shipped.sample("A lake at dusk.")
    with pytest.raises(CourseError, match="none of the words"):
        shipped.sample(["quarterly earnings exceeded expectations"])
    with pytest.warns(keyframe_model.UnknownWord, match="crimson"):
        shipped.sample(["A crimson lake at dusk."])


def test_weights_are_small(shipped):
    assert keyframe_model.weights_file("scenery").stat().st_size <= 1_000_000
    assert shipped.note["seconds"] <= 30 * 60
