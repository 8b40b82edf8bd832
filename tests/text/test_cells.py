"""Cells by hand against PyTorch's, and the tools around them."""

import numpy as np
import pytest
import torch

from course_lib.text import cells


def weights_of(layer, ending=""):
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return [getattr(layer, f"{name}_l0{ending}").detach().numpy() for name in names]


@pytest.mark.parametrize(("layer", "cell"), [(torch.nn.RNN, cells.rnn_cell), (torch.nn.GRU, cells.gru_cell)])
def test_a_cell_along_a_sentence_is_pytorchs_both_ways(layer, cell):
    torch.manual_seed(0)
    x = torch.randn(3, 7, 4, dtype=torch.float64)
    theirs = layer(4, 5, batch_first=True, bidirectional=True).double()
    states = theirs(x)[0].detach().numpy()
    ahead = cells.run(cell, x.numpy(), weights_of(theirs))
    back = cells.run(cell, x.numpy(), weights_of(theirs, "_reverse"), reverse=True)
    np.testing.assert_allclose(np.concatenate([ahead, back], axis=2), states, rtol=0, atol=1e-12)


def test_step_back_is_pytorchs_gradient():
    torch.manual_seed(1)
    w_hh = torch.randn(4, 4, dtype=torch.float64)
    before = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    after = torch.tanh(torch.randn(3, 4, dtype=torch.float64) + before @ w_hh.T)
    slope = torch.randn(3, 4, dtype=torch.float64)
    after.backward(slope)
    ours = cells.step_back(slope.numpy(), after.detach().numpy(), w_hh.numpy())
    np.testing.assert_allclose(ours, before.grad.numpy(), atol=1e-12)


def test_clipping_is_pytorchs():
    torch.manual_seed(2)
    weights = [torch.nn.Parameter(torch.zeros(shape)) for shape in ((3, 2), (4,))]
    for weight in weights:
        weight.grad = torch.randn(weight.shape) * 3
    ours = cells.clip_by_norm([w.grad.numpy().copy() for w in weights], 1.5)
    torch.nn.utils.clip_grad_norm_(weights, 1.5)
    for mine, weight in zip(ours, weights):
        np.testing.assert_allclose(mine, weight.grad.numpy(), rtol=1e-5)
    assert np.sqrt(sum((one**2).sum() for one in ours)) == pytest.approx(1.5)


def test_masked_mean_is_deaf_to_padding():
    states = np.random.default_rng(0).normal(size=(2, 5, 3))
    lengths = np.array([3, 0])
    loud = states.copy()
    loud[0, 3:] = 1e6
    np.testing.assert_allclose(cells.masked_mean(loud, lengths), cells.masked_mean(states, lengths))
    np.testing.assert_allclose(cells.masked_mean(states, lengths)[0], states[0, :3].mean(axis=0))
    assert not cells.masked_mean(states, lengths)[1].any()
