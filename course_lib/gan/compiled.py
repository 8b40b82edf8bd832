"""Parts of a training through `torch.compile`, and off wherever a second derivative is needed (lesson 07).

`torch.compile` fuses what follows a convolution into one loop. What it makes can be differentiated once; the zero-centred
penalty differentiates a gradient again, so a step with a penalty plays with the plain functions. Only the `forward` of a
module is exchanged, no module is wrapped: names in a checkpoint stay what they are.
"""

import warnings
from contextlib import contextmanager

import torch

from course_lib.errors import CourseError


class CompileWarning(UserWarning):
    """`torch.compile` does not work here; the training goes on without it."""


class Compiled:
    """The `forward` of modules, compiled for as long as `on` is true.

    Args:
        backend: of torch.compile.
        modules: each gets a compiled `forward` of its own, made at its first call.

    Attributes:
        on: False plays with the plain functions.
    """

    def __init__(self, *modules, backend: str = "inductor"):
        self.on = True
        for module in modules:
            plain = module.forward
            try:
                fast = torch.compile(plain, dynamic=False, backend=backend)
            except Exception as error:  # an interpreter or a system that it does not support
                self.give_up(error)
                return
            module.forward = self.either(plain, fast)

    def either(self, plain, fast):
        """A function that calls `fast`, or `plain` where it must or where `fast` fails."""

        def forward(*inputs):
            if self.on:
                try:
                    return fast(*inputs)
                except (torch.OutOfMemoryError, CourseError):
                    raise
                except Exception as error:  # no compiler, no triton, ...: each raises in its own way
                    self.give_up(error)
            return plain(*inputs)

        return forward

    def give_up(self, error: Exception) -> None:
        """From now on without; says so once."""
        self.on = False
        short = (str(error).strip() or type(error).__name__).splitlines()[0][:160]
        warnings.warn(
            f"torch.compile does not work on this machine ({short}): the training goes on without it. On a CPU it needs "
            "a C++ compiler, on a GPU the package triton.",
            CompileWarning,
            stacklevel=3,
        )

    @contextmanager
    def paused(self, pause: bool):
        """Plain functions inside, if `pause`."""
        before, self.on = self.on, self.on and not pause
        try:
            yield
        finally:
            self.on = before
