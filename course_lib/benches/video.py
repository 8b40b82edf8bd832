"""Text to video on moving shapes: the shipped generator's scores; with --train, whole trainings compared.

Without --train the shipped weights are scored (a few minutes) and the trainings measured before are kept. With --train
every run in RUNS is trained (about two hours on one core; each keeps a checkpoint, so it can be stopped and
goes on), and the weights of the first are written to datasets/weights; `--train --only RUN` trains one of them. Rows of
runs that this machine has not trained are kept, and the header says under "kept" where they were measured.
"""

import json
import os
import time
from dataclasses import replace

from course_lib.errors import CourseError
from course_lib.gan.recipe import Recipe
from course_lib.gan.video_steps import Weights

COMPARED, FIRST = 20 * 60, 10 * 60  # seconds on one core
# What ten minutes gave the first seeds on the machine that measured them: 2,086 and 2,173 steps. A run that is
# compared with them gets as many, however fast its own machine is.
STEPS_OF_FIRST = 2_130
# The first run, which is shipped: 20.9 CPU minutes. The same training from two other seeds gets its steps.
STEPS_OF_SHIPPED = 4_555
COMPILED = "torch.compile"  # measured with --train, by its name like a run
EARLY = 260  # steps of the start that the lesson goes on from
BASE = Recipe()
RIVAL = replace(
    BASE,
    warm=0,
    generator="photographs",
    reads=False,
    single=False,
    weights=Weights(attributes=0, mismatch=0, diversity=0),
)
RUNS = {
    # name: (recipe, seconds)
    "layers": (BASE, COMPARED),
    "layers, seed 1": (replace(BASE, seed=1, steps=STEPS_OF_SHIPPED), 3 * COMPARED),
    "layers, seed 2": (replace(BASE, seed=2, steps=STEPS_OF_SHIPPED), 3 * COMPARED),
    "a decoder a frame (MoCoGAN)": (replace(BASE, generator="frames"), COMPARED),
    "the rival's design": (RIVAL, COMPARED),
    "layers, 10 minutes, seed 0": (BASE, FIRST),
    "layers, 10 minutes, seed 1": (replace(BASE, seed=1, steps=STEPS_OF_FIRST), 3 * FIRST),
    "layers, 10 minutes, seed 2": (replace(BASE, seed=2), FIRST),
    "layers, no heads, 10 minutes": (
        replace(BASE, weights=replace(BASE.weights, attributes=0), steps=STEPS_OF_FIRST),
        3 * FIRST,
    ),
    COMPILED: (BASE, 0),  # no training to its end: what torch.compile makes of a step
}
SCORES = ("shape", "colour", "size", "motion", "all", "jfd", "floor", "ratio", "share of the spread", "r_precision", "diversity",
          "real diversity", "sharpness", "real sharpness")  # fmt: skip


def measure(train: bool = False, only: tuple[str, ...] = ()):
    """All rows.

    Args:
        train: train every run that is not finished yet, and ship the first.
        only: train these runs alone, and ship nothing; rows of the others are kept as they were measured before.
    """
    import torch

    torch.set_num_threads(1)
    if train:
        for name in only or RUNS:
            compiled() if name == COMPILED else trained(name)
        if not only:
            ship()
    yield from scored_runs()
    yield from shipped_rows()
    yield from speed()
    yield from compiled_rows()


def row(metric, value, unit, n=1, seed=0, variant=""):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": seed, "variant": variant}


def places(name: str) -> dict:
    """Where a run keeps its checkpoint, its curve and its weights."""
    from course_lib.data import keep

    folder = keep() / "bench-video"
    folder.mkdir(parents=True, exist_ok=True)
    short = name.replace(",", "").replace("'", "").replace("(", "").replace(")", "").replace(" ", "-")
    return {kind: folder / f"{short}.{kind}" for kind in ("checkpoint", "json", "safetensors")}


def trained(name: str) -> None:
    """Train one run to its end, from its checkpoint if there is one; a finished run is left as it is."""
    from course_lib.classroom.train import note_of
    from course_lib.gan import checkpoints, judge, scores, training
    from course_lib.gan.video import VideoModel, save

    recipe, seconds = RUNS[name]
    where = places(name)
    if where["safetensors"].exists():
        return
    game = training.VideoTraining(recipe)
    if where["checkpoint"].exists():
        game.restore(checkpoints.read_checkpoint(where["checkpoint"]))
    reader = judge.load("shapes")

    def watch(game) -> dict:
        model = VideoModel.of(game)
        line = {split: scores.accuracies(model, reader, split, 400) for split in ("validation", "held-out")}
        print(
            f"{name}: step {game.step:,} of {game.recipe.steps:,}, {game.seconds / 60:.1f} min, {line}",
            flush=True,
        )
        return line

    training.fit(
        game,
        budget=seconds,
        own_time=True,
        checkpoint=where["checkpoint"],
        every=120,
        watch=watch,
        watch_every=60,
    )
    model = VideoModel.of(game)
    model.note = note_of(game, "cpu")
    line = {"history": game.history, "seconds": game.seconds, "steps": game.step}
    for split, count in (("validation", 2000), ("held-out", 2000)):
        line[split] = scores.evaluate(model, reader, split, count)
    where["json"].write_text(json.dumps(line), encoding="utf-8")
    save(model, where["safetensors"])


def ship() -> None:
    """Write the generator of the first run, and a start for the lesson, to datasets/weights."""
    from course_lib.data import datasets
    from course_lib.gan import training, video
    from course_lib.gan.card import write_card

    where = places("layers")
    model = video.load(path=where["safetensors"])
    video.save(model, video.weights_file("shapes"))
    found = json.loads(where["json"].read_text(encoding="utf-8"))
    found = {split: found[split] for split in ("validation", "held-out")}
    write_card(video.weights_file("shapes"), model, found, "python course.py bench video --train")
    # for the lesson's live training: a generator that is a minute old
    early = training.VideoTraining(replace(BASE, seed=3))
    while early.step < EARLY:
        early.advance()
    early.save_start(datasets("weights", "video-shapes-start.safetensors"))


def earlier() -> list:
    """What bench/video.json has; empty where there is none."""
    from course_lib.data import figures

    try:
        return list(figures("video"))
    except CourseError:
        return []


def scored_runs():
    """Scores and curves of the trainings: fresh ones where they are, else those measured before."""
    before = [r for r in earlier() if r["variant"].startswith("run: ")]
    for name, (recipe, _) in RUNS.items():
        if name == COMPILED:
            continue
        where = places(name)["json"]
        if not where.exists():
            run = f"run: {name}"
            yield from (r | {"kept": run} for r in before if r["variant"].split(" | ")[0] == run)
            continue
        run = json.loads(where.read_text(encoding="utf-8"))
        said = {"seed": recipe.seed}
        yield row("training", run["seconds"] / 60, "CPU min", variant=f"run: {name}", **said)
        yield row("training", run["steps"], "steps", variant=f"run: {name} | steps", **said)
        for split in ("validation", "held-out"):
            for metric in SCORES:
                one = run[split]
                yield row(metric, one[metric], "share" if metric in SCORES[:5] else "", one["clips"],
                          variant=f"run: {name} | {split}", **said)  # fmt: skip
        for line in run["history"]:
            for split in ("validation", "held-out"):
                for metric, value in line[split].items():
                    yield row(f"curve: {metric}", value, "share", 400,
                              variant=f"run: {name} | {split} | {line['seconds']:.0f} s", **said)  # fmt: skip


def shipped_rows():
    """The shipped weights: both splits, both languages, and what the distance depends on."""
    from course_lib.gan import judge, scores, video

    reader, model = judge.load("shapes"), video.load("shapes")
    yield row("parameters", sum(w.numel() for w in model.writer.parameters()), "numbers", variant="shipped")
    yield row("file", video.weights_file("shapes").stat().st_size / 1e6, "MB", variant="shipped")
    for split in ("validation", "held-out"):
        for count in (200, 4000):
            found = scores.evaluate(model, reader, split, count, seed=23)
            for metric in SCORES:
                unit = "share" if metric in SCORES[:5] else ""
                yield row(metric, found[metric], unit, count, 23, f"shipped, {split}, {count} clips")
    for language in ("zh", "en"):
        found = scores.accuracies(model, reader, "validation", 4000, seed=29, language=language)
        for metric, value in found.items():
            yield row(metric, value, "share", 4000, 29, f"shipped, {language}")


def speed():
    """Clips a CPU second, generating and training."""
    import torch

    from course_lib.gan import video

    model = video.load("shapes")
    texts = ["a small red star moves to the left"] * 64
    model.sample(texts, 0)
    begin = time.process_time()
    for seed in range(4):
        model.sample(texts, seed)
    yield row("generating", 256 / (time.process_time() - begin), "clips/s", 256, 0, "one thread")
    games = {
        name: small_game() for name in ("one thread", "one thread, channels first", "one thread, bfloat16")
    }
    for part in (games["one thread, channels first"].writer, games["one thread, channels first"].D):
        part.to(memory_format=torch.contiguous_format)
    games["one thread, bfloat16"].autocast = lambda: torch.autocast("cpu", torch.bfloat16)
    for name, seconds in in_turns(games, 4, 8).items():
        yield row("training", 16 / seconds, "clips/s", 512, 0, name)


def small_game():
    """A training to be timed."""
    from course_lib.gan import training

    return training.VideoTraining(replace(BASE, clips=500, sayings=1, warm=0, steps=1000))


def in_turns(games: dict, rounds: int, steps: int) -> dict:
    """CPU seconds a step of each; in turns, so that a neighbour who comes and goes disturbs all alike."""
    for game in games.values():
        for _ in range(3):
            game.advance()
    begin = {name: game.seconds for name, game in games.items()}
    for _ in range(rounds):
        for game in games.values():
            for _ in range(steps):
                game.advance()
    return {name: (game.seconds - begin[name]) / (rounds * steps) for name, game in games.items()}


def compiled() -> None:
    """Measure `torch.compile` once: what compiling costs, what a step costs after it, how far the losses go apart."""
    import torch

    where = places(COMPILED)["json"]
    if where.exists():
        return
    from torch._inductor.utils import fresh_cache

    os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")  # in this process, where its time is counted
    plain, fast = small_game(), small_game()
    fast.compile()
    spent, curves = [], []
    with fresh_cache():  # nothing that an earlier run has compiled already
        for game in (plain, fast):
            torch.manual_seed(0)
            begin = all_seconds()
            curves.append([game.advance() for _ in range(9)])  # two penalties, steps for variety, plain ones
            spent.append(all_seconds() - begin)
    if not fast.compiled.on:
        raise CourseError("torch.compile does not work on this machine: it cannot be measured here.")
    gaps = [max(abs(a[name] - b[name]) / abs(a[name]) for name in a) for a, b in zip(*curves)]
    steps = in_turns({"plain": plain, "compiled": fast}, 4, 8)
    where.write_text(json.dumps({"making": spent[1] - spent[0], "gaps": gaps, **steps}), encoding="utf-8")


def all_seconds() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def compiled_rows():
    """What `compiled` found, here or before."""
    where = places(COMPILED)["json"]
    if not where.exists():
        yield from (r | {"kept": COMPILED} for r in earlier() if r["variant"].startswith(COMPILED))
        return
    found = json.loads(where.read_text(encoding="utf-8"))
    yield row("compiling", found["making"], "CPU s", 9, 0, COMPILED)
    for count in (2, 9):
        gap = max(found["gaps"][:count])
        yield row("largest relative gap of a loss", gap, "", count, 0, f"{COMPILED}, {count} steps")
    for name in ("plain", "compiled"):
        yield row("training", 16 / found[name], "clips/s", 512, 0, f"{COMPILED}, {name}")
