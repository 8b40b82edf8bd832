"""The text encoder gives the same numbers in both of its ways, and to a sentence in any batch."""

import pytest

torch = pytest.importorskip("torch")

from course_lib.text.encoder import TextEncoder  # noqa: E402


@pytest.fixture
def sentences():
    torch.manual_seed(0)
    lengths = torch.tensor([3, 11, 1, 5, 7, 2, 11])
    ids = torch.randint(1, 50, (7, 11)) * (torch.arange(11) < lengths[:, None])
    return TextEncoder(50), ids, lengths


def test_the_way_for_gpus_gives_what_packing_gives(sentences):
    encoder, ids, lengths = sentences
    states = encoder.embedding(ids)
    for ours, packed in zip(encoder.aligned(states, lengths), encoder.packed(states, lengths)):
        assert torch.allclose(ours, packed, atol=1e-6)


def test_both_ways_learn_the_same(sentences):
    encoder, ids, lengths = sentences
    slopes = []
    for way in (encoder.aligned, encoder.packed):
        encoder.zero_grad()
        states, ends = way(encoder.embedding(ids), lengths)
        (states.square().sum() + ends.sum()).backward()
        slopes.append(
            [weight.grad.clone() for weight in (encoder.embedding.weight, *encoder.gru.parameters())]
        )
    for one, other in zip(*slopes):
        assert torch.allclose(one, other, atol=1e-4)


def test_padding_changes_nothing(sentences):
    encoder, ids, lengths = sentences
    for way in (encoder.aligned, encoder.packed):
        long = way(encoder.embedding(torch.cat([ids, torch.zeros(7, 5, dtype=torch.long)], 1)), lengths)[1]
        assert torch.allclose(long, way(encoder.embedding(ids), lengths)[1], atol=1e-6)
