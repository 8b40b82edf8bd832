"""Train a generator: `course train video --world shapes --budget "20 min"`, and go on after a break with `--resume`.

The state is kept every minute; Ctrl-C loses at most that minute. What comes out: weights (`.safetensors`) with a card,
a picture of samples against real clips, and the curve.
"""

import json
import signal
import time
from pathlib import Path

from course_lib.classroom.train_recipes import again, recipe_for
from course_lib.data import keep
from course_lib.errors import CourseError

SIZES = (32, 64, 128)


def add_arguments(parser) -> None:
    parser.add_argument("what", choices=["video"], help="which generator")
    parser.add_argument(
        "--world", default="shapes", choices=["shapes", "scenery"], help="what is filmed (default shapes)"
    )
    parser.add_argument(
        "--folder", type=Path, help="instead: your own clips, mp4 files and a captions.csv (file, caption)"
    )
    parser.add_argument(
        "--profile",
        choices=["smoke", "quick", "full"],
        help="sizes for tests, a CPU, a GPU (default: as the machine)",
    )
    parser.add_argument(
        "--budget", help='how long, e.g. "20 min" (default: 45 min on a CPU, 20 min on a GPU)'
    )
    parser.add_argument("--steps", type=int, help="how many steps, instead of a budget")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument(
        "--generator",
        choices=["layers", "landscape", "panorama", "frames", "photographs"],
        help="layers that move (shapes), sheets that move (scenery; panorama has twice the weights), or a decoder a frame",
    )
    parser.add_argument(
        "--grow",
        type=Path,
        metavar="CHECKPOINT",
        help="begin with what a smaller training of scenery knows, e.g. --size 64 --grow video-scenery-32-seed0.checkpoint",
    )
    parser.add_argument(
        "--steady",
        type=float,
        help="share of the training before the learning rates begin to fall; 1 for one that is to be grown",
    )
    parser.add_argument("--size", type=int, choices=SIZES, help="pixels (default 32, full: 64)")
    parser.add_argument("--frames", type=int, help="of a clip (default 8, full: 16)")
    parser.add_argument("--batch", type=int, help="clips a step (default 16, full: 64)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--out", type=Path, help="folder for what comes out (default: trained/ in the course's kept files)"
    )
    parser.add_argument(
        "--compile",
        action="store_true",
        help="through torch.compile; slower on a CPU (measured), and on a GPU instead of recorded steps; off unless asked for",
    )
    parser.add_argument("--device", help="cpu or cuda (default: as the machine)")


def run(args) -> int:
    import torch

    from course_lib import profiles
    from course_lib.gan import checkpoints
    from course_lib.gan import training as gan
    from course_lib.gan.card import write_card
    from course_lib.gan.video import VideoModel, save
    from course_lib.text.tokens import Vocabulary

    device = args.device or ("cuda" if torch.cuda.is_available() else "cpu")
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise CourseError(
            "this machine has no GPU that torch can use: leave --device out, or install torch for CUDA."
        )
    if device == "cpu":
        torch.set_num_threads(1)  # with a busy second core two threads are several times slower than one
    profile = args.profile or profiles.profile()
    recipe = recipe_for(args, profile)
    name = f"video-{'own' if args.folder else recipe.world}-{recipe.size}-seed{recipe.seed}"
    out = args.out or keep() / "trained"
    checkpoint = out / f"{name}.checkpoint"
    dataset = own(args.folder, recipe) if args.folder else None
    if args.resume:
        state = checkpoints.read_checkpoint(checkpoint)
        said = gan.recipe_of(state["recipe"])
        if said.steps and state["step"] >= said.steps:
            raise CourseError(
                f"{checkpoint} is a finished training of {said.steps:,} steps: choose another --seed or --out."
            )
        # the same words keep the same numbers, whatever captions were added since
        words = Vocabulary(state["vocabulary"])
        training = gan.VideoTraining(said, dataset, device=device, vocabulary=words)
        training.restore(state)
        print(f"goes on at step {training.step:,} of {training.recipe.steps or '?'}")
    else:
        if checkpoint.exists():
            raise CourseError(
                f"{checkpoint} holds a training already: go on with --resume, or choose another --out or --seed."
            )
        print("makes its clips ...", flush=True)
        if args.grow:
            small = checkpoints.read_checkpoint(lying(args.grow, out))
            training = gan.VideoTraining.grow(small, recipe, device=device, dataset=dataset)
        else:
            training = gan.VideoTraining(recipe, dataset, device=device)
    if args.compile:
        training.compile()
    budget = None
    if args.budget or not training.recipe.steps:  # a training that goes on has its number of steps
        budget = profiles.seconds(args.budget or ("20 min" if device != "cpu" else "45 min"))
    count = 20 if profile == "smoke" else 300
    watch = None if args.folder else judge_of(recipe.world, count)
    line, stop = Line(), []

    def report(training, losses):
        line(training, losses)
        if stop:
            raise KeyboardInterrupt

    # Ctrl-C waits for the end of the step: a state saved in the middle of one would go on to another curve.
    before = signal.signal(signal.SIGINT, lambda *_: stop.append(True))
    try:
        gan.fit(training, budget=budget, checkpoint=checkpoint, watch=watch, watch_every=120, report=report)
    except KeyboardInterrupt:
        checkpoints.save_checkpoint(training, checkpoint)
        print(f"\nstopped at step {training.step:,}; go on with the same command and --resume")
        return 130
    finally:
        signal.signal(signal.SIGINT, before)
    if training.step <= 0:
        raise CourseError(
            "the time was over during the discriminator's warm-up: go on with --resume and a larger --budget."
        )
    print()
    model = VideoModel.of(training)
    model.note = note_of(training, device)
    target = out / f"{name}.safetensors"
    save(model, target)
    found = {} if args.folder else scores_of(model, 2 * count)
    write_card(target, model, found, again(args, training.recipe))
    target.with_suffix(".json").write_text(json.dumps(training.history, indent=1), encoding="utf-8")
    sheet(training, target.with_suffix(".png"))
    for kind, suffix in (
        ("weights", ".safetensors"),
        ("card", ".md"),
        ("curve", ".json"),
        ("picture", ".png"),
    ):
        print(f"{kind:<8} {target.with_suffix(suffix)}")
    return 0


def lying(path: Path, out: Path) -> Path:
    """A checkpoint that is named by its path, or by its name alone in the folder of what comes out."""
    for one in (path, out / path.name):
        if one.exists() or one.with_name(one.name + ".previous").exists():
            return one
    raise CourseError(
        f"there is no checkpoint to grow from at {path}, and none of that name in {out}: train the small one first."
    )


def own(folder: Path, recipe):
    """A folder of one's own captioned clips."""
    from course_lib.scenery.folder import Folder

    return Folder(folder, size=recipe.size, frames=recipe.frames, seed=recipe.seed)


def judge_of(world: str, count: int):
    """A `watch` that lets the judge read `count` clips of either split."""
    from course_lib.gan import judge, scores
    from course_lib.gan.video import VideoModel

    reader = judge.load(world)

    def watch(training) -> dict:
        model = VideoModel.of(training)
        return {split: scores.accuracies(model, reader, split, count) for split in ("validation", "held-out")}

    return watch


def scores_of(model, count: int) -> dict:
    """All scores on `count` clips of either split."""
    from course_lib.gan import judge, scores

    reader = judge.load(model.recipe.world)
    return {split: scores.evaluate(model, reader, split, count) for split in ("validation", "held-out")}


class Line:
    """One line that tells how far it is."""

    def __init__(self):
        self.begin, self.last, self.first = time.perf_counter(), 0.0, None

    def __call__(self, training, losses: dict) -> None:
        now = time.perf_counter()
        self.first = training.step if self.first is None else self.first
        if now - self.last < 1:
            return
        self.last = now
        pace = max(training.step - self.first, 1) / (now - self.begin)
        left = (
            f"{(training.recipe.steps - training.step) / pace / 60:5.1f} min left"
            if training.recipe.steps
            else ""
        )
        seen = ""
        if training.history and "validation" in training.history[-1]:
            row = training.history[-1]
            seen = f"  judge: all right {row['validation']['all']:.2f}, held out {row['held-out']['all']:.2f}"
        phase = "warm-up" if training.step < 0 else f"step {training.step:,}"
        said = "  ".join(f"{name} {value:.2f}" for name, value in losses.items())
        print(f"\r{phase}  {said}{seen}  {left}   ", end="", flush=True)


def note_of(training, device: str) -> dict:
    """What the weights' file says about itself."""
    import datetime

    import torch

    from course_lib.gan.card import machine

    return {
        "seconds": round(training.seconds), "steps": training.step, "machine": machine(device),
        "torch": torch.__version__, "date": datetime.date.today().isoformat(), "licence": "Apache-2.0",
    }  # fmt: skip


def sheet(training, path: Path) -> None:
    """Samples (left) beside real clips of the same captions (right), as a picture."""
    import numpy as np
    from PIL import Image

    from course_lib.gan.video import VideoModel
    from course_lib.scenery.clips_torch import to_bytes

    batch = training.feed(2**21)
    with_text = VideoModel.of(training)
    import torch

    with torch.no_grad():
        noise = with_text.writer.generator.noise(len(batch.clips), device=training.device)
        made = with_text.writer(batch.ids, batch.lengths, noise)
    rows = []
    for one, real in list(zip(to_bytes(made), to_bytes(batch.clips)))[:12]:
        gap = np.full((one.shape[1], 6, 3), 255, np.uint8)
        rows.append(
            np.concatenate([*one[:: max(len(one) // 8, 1)], gap, *real[:: max(len(real) // 4, 1)]], 1)
        )
    Image.fromarray(np.concatenate(rows)).save(path)
