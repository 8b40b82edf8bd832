"""The file of lesson 07: a generator that the learner trained, scored by the judge on captions it has not seen."""

import json
from functools import cache

import numpy as np

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.exercises.artefact import Artefact, Attempt, Part, Score
from course_lib.marking.files import Array, BadFile, Content

CLIPS = 240  # of each split
# share of clips of which the judge reads it right: where the lesson's start stands, and where a few minutes lead
AIMS = {"shape": (0.30, 0.90), "colour": (0.45, 0.95), "size": (0.90, 0.97), "motion": (0.25, 0.95)}
HELD_OUT = (0.05, 0.80)
FAR = 0.25  # of the real clips' spread: beyond, clips do not look like real ones
CAP = 10
SAME = 0.02  # mean difference of clips of one noise, black to white is 1: the same generator


def layout() -> dict:
    """Names and shapes of the lesson's generator with its text encoder; the words may be up to 2,000."""
    import torch

    from course_lib.gan.generators import LayeredGenerator
    from course_lib.gan.video_steps import Writer

    with torch.device("meta"):  # neither memory nor random numbers are used
        state = Writer(3, LayeredGenerator(size=32, frames=8)).state_dict()
    kinds = ("float16", "float32")
    shapes = {name: tuple(value.shape) for name, value in state.items()}
    shapes["text.embedding.weight"] = ((3, 2002), shapes["text.embedding.weight"][1])
    return {name: Array(shape, kinds, largest=1e4) for name, shape in shapes.items()}


def model_of(content: Content):
    """The generator in a file, of the lesson's design: of what the file says only its words are used.

    Raises:
        BadFile: its words are no list of words, or not as many as its table.
    """
    import torch

    from course_lib.gan.generators import LayeredGenerator
    from course_lib.gan.recipe import Recipe
    from course_lib.gan.video import VideoModel
    from course_lib.gan.video_steps import Writer
    from course_lib.text.tokens import Vocabulary

    rows = len(content.arrays["text.embedding.weight"])
    try:
        words = json.loads(content.said.get("vocabulary", ""))
    except (ValueError, RecursionError):
        words = None
    if not isinstance(words, list) or not all(isinstance(w, str) and 0 < len(w) <= 40 for w in words):
        raise BadFile("The file does not say which words its numbers stand for. Write it with `video.save(model, path)`.")  # fmt: skip
    if len(set(words)) != len(words) or len(words) + 2 != rows:
        raise BadFile(f"The file names {len(words):,} words, and its table has {rows:,} rows.")
    with torch.random.fork_rng():  # the first weights, which nobody uses, are drawn
        writer = Writer(rows, LayeredGenerator(size=32, frames=8))
    writer.load_state_dict(
        {name: torch.from_numpy(value.astype(np.float32)) for name, value in content.arrays.items()}
    )
    return VideoModel(writer.requires_grad_(False), Vocabulary(words), Recipe())


def score(content: Content, seed: int, share: float) -> Score:
    """Points of a generator: attributes that the judge reads right, combinations never trained on, likeness to real clips.

    Args:
        seed: of captions, combinations and noise.
        share: of 240 clips of either split.
    """
    from course_lib.gan import judge, scores
    from course_lib.scenery.clips import Clips

    model, reader, count = model_of(content), judge.load("shapes"), max(24, round(CLIPS * share))
    right = {}
    for split in ("validation", "held-out"):
        real = Clips("shapes", split, count, seed=seed)
        texts = [real.caption_of(k, 0)[0] for k in range(count)]
        try:
            made = scores.clips_of(model, texts, seed).nan_to_num()
        except CourseError:
            raise BadFile("Of some captions it does not know a single word: its vocabulary is not one of these captions.") from None  # fmt: skip
        right[split] = reader.accuracy(made, np.array([real.label_of(k) for k in range(count)]))
        if split == "validation":
            truths = [real.truth_of(k) for k in range(count)]
            far = distance(reader, made, scores.rendered(real, truths, 10**6 + seed % 10**6),
                           scores.rendered(real, truths, 10**7 + seed % 10**6))  # fmt: skip
            few = slice(0, 24)
            ours = scores.clips_of(_shipped(), texts[few], seed)
            same = float((made[few] - ours).abs().mean()) / 2 < SAME
    parts = [
        Part(f"{name}, read right by the judge", 4 * _between(right["validation"][name], *aim), 4, _aim(*aim), f"{right['validation'][name]:.0%}")
        for name, aim in AIMS.items()
    ]  # fmt: skip
    held = right["held-out"]["all"]
    parts.append(Part("all four at once, of combinations never trained on", 4 * _between(held, *HELD_OUT), 4, _aim(*HELD_OUT), f"{held:.0%}"))  # fmt: skip
    sum_ = sum(part.points for part in parts)
    least = min(parts, key=lambda part: part.points).name.partition(",")[0]
    text = f"{count} clips of captions of the kind that it was trained on, and {count} of combinations that it was not. Most is missing at: *{least}*. Train longer: what comes last, shape, takes some ten minutes."
    if far > FAR and sum_ > CAP - 3:
        text += f" The clips do not look like real ones yet: the distance, less its floor, is {far:.2f} of the real clips' spread. Until it is below {FAR}, {CAP} points are the most."
    if same:
        return Score(parts, ours=True)
    remark = f"The judge reads much of it right ({sum_:.0f} points), and the clips do not look real: it may have been trained against the judge." if far > FAR and sum_ > 16 else ""  # fmt: skip
    if sum_ >= 20 - 1e-9 and far <= FAR:
        text = "Everything that was asked for, in clips that look like real ones."
    return Score(parts, text, CAP if far > FAR else None, remark=remark)


def distance(reader, made, once, twice) -> float:
    """Fréchet distance to real clips less that of two real sets, as a share of what real clips spread (lesson 07)."""
    from course_lib.gan.judge import frechet_distance

    a, b, c = (reader.describe(clips) for clips in (made, once, twice))
    return (frechet_distance(a, b) - frechet_distance(b, c)) / float(np.cov(b.T).trace())


@cache
def _shipped():
    from course_lib.gan import video

    return video.load("shapes")


def _between(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _aim(low: float, high: float) -> str:
    return f"{high:.0%} (up to {low:.0%}: nothing)"


def _the_start(folder, rng):
    """The generator of the one-minute start, saved as one's own."""
    from course_lib.gan import video
    from course_lib.gan.checkpoints import read_start
    from course_lib.gan.generators import LayeredGenerator
    from course_lib.gan.recipe import recipe_of
    from course_lib.gan.video_steps import Writer
    from course_lib.text.tokens import Vocabulary

    said = read_start(datasets("weights", "video-shapes-start.safetensors"))
    vocabulary = Vocabulary(said["vocabulary"])
    writer = Writer(len(vocabulary), LayeredGenerator(size=32, frames=8))
    writer.load_state_dict(said["writer"])
    path = folder / "generator.safetensors"
    video.save(video.VideoModel(writer, vocabulary, recipe_of(said["recipe"])), path)
    return path


def _the_course(folder, rng):
    """The shipped weights, each moved by up to a thousandth."""
    import torch

    from course_lib.gan import video

    model = video.load("shapes")
    for weight in model.writer.parameters():
        weight += 0.001 * weight * torch.from_numpy(rng.uniform(-1, 1, tuple(weight.shape)).astype("f4"))
    video.save(model, folder / "generator.safetensors")
    return folder / "generator.safetensors"


ARTEFACTS = [
    Artefact(
        "gan.video.trained_generator",
        "the generator that you trained",
        "generator.safetensors",
        layout,
        score,
        points=20,
        minutes=25,
        difficulty=3,
        hints=[
            "`python course.py train video --world shapes --budget \"10 min\" --seed 7` trains from nothing, in a terminal, while you read on; take a seed of your own.",
            "Look at the order of learning in section 7: colour and size come within two minutes, motion and shape need the other eight. Stopped half-way, the rates have not fallen yet: give it its whole budget.",
        ],
        largest=4 * 2**20,
        common=6,
        ours=("weights/video-shapes-32.safetensors",),
        attempts=[
            Attempt("the lesson's start, as it is", _the_start, 0, 1),
            Attempt("the course's own weights, a little changed", _the_course, 0, 0),
        ],
    ),
]  # fmt: skip
