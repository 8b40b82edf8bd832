"""Convolution by hand against both frameworks, and what follows from it: pooling, fields, transposition, checkerboards."""

import numpy as np
import pytest
import torch

from course_lib.gan import convolution

RNG = np.random.default_rng(5)
SETTINGS = [((9, 7, 3), (3, 3, 4), 1, 0), ((8, 8, 2), (4, 2, 3), 2, 1), ((7, 10, 1), (3, 5, 2), 3, 2)]


def made(shape, kernel):
    return RNG.normal(size=shape), RNG.normal(size=(*kernel[:2], shape[2], kernel[2]))


@pytest.mark.parametrize(("shape", "kernel", "stride", "padding"), SETTINGS)
def test_loops_windows_and_torch_agree(shape, kernel, stride, padding):
    picture, kernels = made(shape, kernel)
    ours = convolution.conv2d(picture, kernels, stride, padding)
    theirs = torch.nn.functional.conv2d(
        torch.tensor(picture.transpose(2, 0, 1)[None]),
        torch.tensor(kernels.transpose(3, 2, 0, 1)),
        None,
        stride,
        padding,
    )[0].permute(1, 2, 0)
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(convolution.conv2d_windows(picture, kernels, stride, padding), ours, atol=1e-9)
    expected = [convolution.output_size(shape[k], kernel[k], stride, padding) for k in (0, 1)]
    assert list(ours.shape[:2]) == expected


def test_tensorflow_agrees():
    from course_lib.gan import dcgan_tf

    picture, kernels = made((9, 7, 3), (3, 3, 4))
    theirs = dcgan_tf.library_convolution(picture, kernels)()[0].numpy()
    np.testing.assert_allclose(convolution.conv2d(picture, kernels, 1, 1), theirs, atol=1e-9)


@pytest.mark.parametrize("stride", [1, 2])
def test_a_convolution_is_a_structured_matrix(stride):
    picture, kernel = RNG.normal(size=(7, 6, 1)), RNG.normal(size=(3, 2))
    W = convolution.as_matrix(kernel, 7, 6, stride)
    ours = convolution.conv2d(picture, kernel[..., None, None], stride)
    np.testing.assert_allclose(W @ picture.ravel(), ours.ravel())
    assert len(np.unique(W)) == kernel.size + 1  # the kernel's numbers, and zero
    assert ((W != 0).sum(axis=1) == kernel.size).all()


@pytest.mark.parametrize(("window", "stride"), [(2, 2), (3, 1), (2, 3)])
def test_pooling_is_torchs(window, stride):
    picture = RNG.normal(-2, 1, size=(8, 7, 3))
    theirs = torch.nn.functional.max_pool2d(torch.tensor(picture.transpose(2, 0, 1)[None]), window, stride)[
        0
    ].permute(1, 2, 0)
    np.testing.assert_array_equal(convolution.max_pool2d(picture, window, stride), theirs.numpy())


@pytest.mark.parametrize("tower", [[(3, 1), (3, 1)], [(4, 2), (4, 2), (4, 2)], [(2, 3), (1, 2), (5, 1)], []])
def test_the_receptive_field_is_what_gradients_reach(tower):
    seen = torch.zeros(1, 1, 80, requires_grad=True)
    answer = 1 * seen
    for kernel, stride in tower:
        answer = torch.nn.functional.conv1d(answer, torch.ones(1, 1, kernel), stride=stride)
    answer[0, 0, answer.shape[2] // 2].backward()
    reached = np.flatnonzero(
        seen.grad[0, 0].numpy()
    )  # with gaps, where a stride is larger than the kernel above it
    assert convolution.receptive_field(tower) == (reached[-1] - reached[0] + 1 if tower else 1)


@pytest.mark.parametrize(("kernel", "stride"), [(3, 2), (4, 2), (2, 3)])
def test_transposed_convolution_is_torchs_and_the_transpose(kernel, stride):
    picture, kernels = made((4, 3, 2), (kernel, kernel, 3))
    ours = convolution.transposed_conv2d(picture, kernels, stride)
    theirs = torch.nn.functional.conv_transpose2d(
        torch.tensor(picture.transpose(2, 0, 1)[None]),
        torch.tensor(kernels.transpose(2, 3, 0, 1)),
        stride=stride,
    )[0].permute(1, 2, 0)
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-9)
    one = kernels[:, :, :1, :1]
    W = convolution.as_matrix(one[..., 0, 0], *ours.shape[:2], stride)
    by_matrix = W.T @ picture[..., 0].ravel()
    np.testing.assert_allclose(
        convolution.transposed_conv2d(picture[..., :1], one, stride).ravel(), by_matrix, atol=1e-9
    )


def test_unevenness_finds_a_checkerboard_and_nothing_else():
    plain = RNG.normal(size=(50, 32, 32, 3))
    assert convolution.unevenness(plain) < 1.1
    marked = plain.copy()
    marked[:, ::2, ::2] *= 2
    assert convolution.unevenness(marked) > 1.5
    copies = convolution.transposed_conv2d(np.ones((8, 8, 1)), np.ones((3, 3, 1, 1)), 2)[2:-3, 2:-3, 0]
    assert sorted(np.unique(copies)) == [1, 2, 4]
    assert set(
        np.unique(convolution.transposed_conv2d(np.ones((8, 8, 1)), np.ones((4, 4, 1, 1)), 2)[3:-3, 3:-3])
    ) == {4}
