"""`torch.compile` in a training: the same curve, never on a step with a penalty, and no harm where it does not work."""

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from course_lib.gan import compiled  # noqa: E402
from course_lib.gan import training as gan  # noqa: E402

TINY = gan.Recipe(clips=24, sayings=1, warm=1, batch=4, steps=9, seed=3)


class Counted:
    """In place of `torch.compile`: what it makes is the function itself, and it is known when that was called."""

    def __init__(self):
        self.calls, self.now = [], None

    def __call__(self, function, **how):
        def call(*inputs):
            self.calls.append(self.now)
            return function(*inputs)

        return call


def test_steps_with_a_penalty_are_played_plain_and_names_stay(monkeypatch):
    """Nine steps: the discriminator's of number 0 and 8 have a penalty."""
    counted = Counted()
    monkeypatch.setattr(torch, "compile", counted)
    plain, fast = gan.VideoTraining(TINY), gan.VideoTraining(TINY)
    fast.compile()
    theirs = gan.game.discriminator_step

    def noted(*inputs):
        counted.now = "D"
        try:
            return theirs(*inputs)
        finally:
            counted.now = None

    for training in (plain, fast):
        monkeypatch.setattr(gan.game, "discriminator_step", noted if training is fast else theirs)
        torch.manual_seed(0)
        training.curve, training.in_D = [], []
        for _ in range(10):
            before = len(counted.calls)
            training.curve.append(training.advance())
            training.in_D.append(counted.calls[before:].count("D"))
    # in each step without a penalty both trunks see real and generated clips; the first of the ten is the warm-up
    assert fast.in_D == [0, 0, *[4] * 7, 0]
    assert sum(plain.in_D) == 0
    assert plain.curve == fast.curve
    for part in ("writer", "D", "average"):
        assert list(plain.state()[part]) == list(fast.state()[part])
    plain.restore(fast.state())


def test_a_penalty_needs_the_plain_functions():
    """Why steps with a penalty are left out: if this passes without an error one day, they need not be."""
    trunk = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Tanh())
    compiled.Compiled(trunk, backend="aot_eager")  # differentiates as all backends do, and takes no compiler
    x = torch.randn(2, 3, 8, 8, requires_grad=True)
    (slope,) = torch.autograd.grad(trunk(x).sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="double backward"):
        slope.square().sum().backward()


def test_without_a_compiler_the_training_goes_on(monkeypatch):
    def no_compiler(function, **how):
        def call(*inputs):
            raise RuntimeError("InvalidCxxCompiler: No working C++ compiler found")

        return call

    monkeypatch.setattr(torch, "compile", no_compiler)
    training = gan.VideoTraining(replace(TINY, warm=0, steps=2))
    training.compile()
    with pytest.warns(compiled.CompileWarning, match="goes on without it"):
        gan.fit(training)
    assert training.step == 2
    assert not training.compiled.on


def test_where_torch_refuses_at_once(monkeypatch):
    def refuses(function, **how):
        raise RuntimeError("torch.compile is not supported on Python 3.99")

    monkeypatch.setattr(torch, "compile", refuses)
    training = gan.VideoTraining(replace(TINY, warm=0, steps=1))
    with pytest.warns(compiled.CompileWarning, match=r"3\.99"):
        training.compile()
    gan.fit(training)
    assert training.step == 1
