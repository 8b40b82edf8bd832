"""What a text-to-video training depends on: `Recipe`, and the generators that it can name (lesson 07)."""

from dataclasses import dataclass, field

from course_lib.gan import video_steps as game
from course_lib.gan.generators import FrameGenerator, LayeredGenerator
from course_lib.gan.landscape import LandscapeGenerator

# A landscape generator with twice the weights, to be trained on a GPU: on a CPU drawing takes two to three times as long.
RICH = {"above": (96, 80, 64, 64, 48, 24), "below": (144, 128, 128, 112, 80, 32)}
LANDSCAPES = ("landscape", "panorama")  # generators of landscapes: their trainings can grow

GENERATORS = {
    "layers": LayeredGenerator,
    "landscape": LandscapeGenerator,
    "panorama": lambda **k: LandscapeGenerator(**k, **RICH),
    "frames": FrameGenerator,
    "photographs": lambda **k: FrameGenerator(**k, memory=False),
}


@dataclass(frozen=True)
class Recipe:
    """Everything that a training depends on.

    Attributes:
        world: "shapes", "scenery", or "own" for a folder of one's own clips.
        generator: "layers", "landscape", "panorama" (a larger one), "frames" (MoCoGAN's decoder) or "photographs" (frames that know nothing of each other).
        reads: does the discriminator see the text?
        single: does it also look at single frames?
        steps: in all; 0 until `fit` has found out how many a budget buys.
        warm: steps of the discriminator alone, before.
        clips: how many different ones are rendered; `sayings` of each one's caption.
        rate, rate_d: Adam's, of generator and discriminator; both fall to zero along a line.
        steady: share of the steps before they begin to fall; 1 for a training that another one goes on from.
        average: share of the old value that the running mean of the generator keeps at each step.
    """

    world: str = "shapes"
    size: int = 32
    frames: int = 8
    generator: str = "layers"
    reads: bool = True
    single: bool = True
    steps: int = 0
    warm: int = 500
    batch: int = 16
    clips: int = 10_000
    sayings: int = 6
    rate: float = 1e-3
    rate_d: float = 3e-4
    steady: float = 0.5
    average: float = 0.997
    wide: int = 32
    seed: int = 0
    weights: game.Weights = field(default_factory=game.Weights)


def recipe_of(said: dict) -> Recipe:
    """A recipe from its dictionary."""
    return Recipe(**{**said, "weights": game.Weights(**said["weights"])})
