"""The pieces of lesson 07 against values that are known without them."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from course_lib.gan import layers  # noqa: E402
from course_lib.gan.discriminators import Discriminator  # noqa: E402
from course_lib.gan.generators import FrameGenerator, LayeredGenerator  # noqa: E402
from course_lib.gan.judge import frechet_distance  # noqa: E402
from course_lib.scenery import shapes  # noqa: E402


def test_frames_come_in_order_and_whole():
    clips = torch.arange(2 * 3 * 4 * 2 * 2.0).reshape(2, 3, 4, 2, 2)
    stacked = layers.stack_frames(clips)
    assert stacked.shape == (2, 12, 2, 2)
    for frame in range(4):
        assert torch.equal(stacked[:, 3 * frame : 3 * frame + 3], clips[:, :, frame])


def test_a_layer_at_rest_is_itself_and_a_shift_moves_it():
    layer = torch.rand(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    still = layers.place(layer, torch.zeros(2, 3, 2), torch.ones(2, 3))
    assert torch.allclose(still, layer[:, None].expand(-1, 3, -1, -1, -1), atol=1e-6)
    shift = torch.zeros(2, 1, 2)
    shift[..., 0] = 2 * 2 / 8  # two pixels to the right: half a width is four
    moved = layers.place(layer, shift, torch.ones(2, 1))[:, 0]
    assert torch.allclose(moved[..., 2:], layer[..., :-2], atol=1e-6)
    assert torch.equal(moved[..., :1], torch.zeros_like(moved[..., :1]))


def test_twice_as_large_shows_the_middle():
    ramp = torch.linspace(-1, 1, 9)[None, None, None].expand(1, 1, 9, 9).contiguous()
    seen = layers.place(ramp, torch.zeros(1, 1, 2), torch.full((1, 1), 2.0))[0, 0, 0]
    assert torch.allclose(seen[4], ramp[0, 0, 4] / 2, atol=1e-6)


def test_over_at_its_ends():
    below = torch.rand(2, 3, 4, 4)
    colour = torch.rand(2, 3, 4, 4)
    assert torch.equal(layers.over(colour * 0, torch.zeros(2, 1, 4, 4), below), below)
    assert torch.equal(layers.over(colour, torch.ones(2, 1, 4, 4), below), colour)


def test_the_projection_is_linear_in_the_text():
    features, text, weight = torch.randn(5, 16), torch.randn(5, 16), torch.randn(16)
    zero = layers.projection_logit(features, text * 0, weight, torch.tensor(0.5))
    one, two = (layers.projection_logit(features, k * text, weight, torch.tensor(0.5)) for k in (1, 2))
    assert torch.allclose(two - zero, 2 * (one - zero), atol=1e-5)
    assert torch.allclose(zero, features @ weight + 0.5)


def test_a_mismatched_caption_is_never_a_right_one():
    rng = np.random.default_rng(0)
    for _ in range(50):
        labels = rng.integers(0, 2, (8, 2))
        order = layers.mismatched(labels)
        several = len(np.unique(labels, axis=0)) > 1
        assert ((labels[order] != labels).any(1) == several).all()


def test_the_average_is_the_geometric_one():
    mean, model = torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        mean.weight.fill_(0.0)
        model.weight.fill_(1.0)
    for _ in range(10):
        layers.update_average(mean, model, 0.9)
    assert mean.weight.item() == pytest.approx(1 - 0.9**10, rel=1e-6)


def test_frechet_distance_of_known_clouds():
    a = np.random.default_rng(0).normal(size=(4000, 3))
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(a, a + np.array([3, 4, 0])) == pytest.approx(25, rel=1e-6)
    # twice as wide: A + 4 A - 2 (2 A) = A, and the means move from m to 2 m
    expected = np.trace(np.cov(a, rowvar=False)) + a.mean(0) @ a.mean(0)
    assert frechet_distance(a, 2 * a) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("make", [LayeredGenerator, FrameGenerator])
@pytest.mark.parametrize(("size", "frames"), [(32, 8), (64, 16)])
def test_generators_of_every_size(make, size, frames):
    generator = make(size=size, frames=frames)
    clips = generator(torch.randn(2, 64), generator.noise(2))
    assert clips.shape == (2, 3, frames, size, size)
    assert clips.abs().max() <= 1.0001
    clips.square().mean().backward()
    lonely = [name for name, weight in generator.named_parameters() if weight.grad is None]
    assert not lonely


@pytest.mark.parametrize(("size", "frames"), [(32, 8), (64, 16)])
def test_a_discriminator_of_every_size_reads_and_judges(size, frames):
    D = Discriminator(20, shapes.ATTRIBUTES, size, frames)
    clips = torch.randn(3, 3, frames, size, size)
    seen = D.see(clips, torch.tensor([0, 1, frames - 1]))
    text = D.text(torch.tensor([[2, 3], [4, 0], [5, 6]]), torch.tensor([2, 1, 2]))
    assert [logit.shape for logit in D.logits(seen, text)] == [(3,), (3,)]
    clip, frame = D.read(seen)
    assert {name: table.shape[1] for name, table in clip.items()} == {
        "shape": 4,
        "colour": 6,
        "size": 2,
        "motion": 8,
    }
    assert "motion" not in frame, "nobody sees motion in one frame"


def test_the_frame_eye_looks_at_one_frame_only():
    D = Discriminator(20, shapes.ATTRIBUTES)
    clips = torch.randn(2, 3, 8, 32, 32)
    other = clips.clone()
    other[:, :, 5:] = 0
    when = torch.tensor([2, 4])
    a, b = D.see(clips, when), D.see(other, when)
    assert torch.equal(a["frame"], b["frame"])
    assert not torch.equal(a["clip"], b["clip"])


def test_the_background_cannot_know_the_shape():
    """Two captions, the same noise: the grounds may differ by a tone, not by a picture."""
    generator = LayeredGenerator()
    torch.nn.init.normal_(generator.tone.weight)
    noise = generator.noise(1).expand(2, -1)
    ground = generator.parts(torch.randn(2, 64), noise)["background"].atanh()
    shift = ground[0] - ground[1]
    assert shift.abs().max() > 1e-3
    inner = shift[:, 4:-4, 4:-4]
    assert (inner.amax((1, 2)) - inner.amin((1, 2))).max() < 0.15 * shift.abs().max()
