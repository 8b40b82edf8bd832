"""Text to key frame: what each way of conditioning is worth, and the shipped generator's scores.

Without --train the shipped weights are scored (a few minutes) and the trainings measured before are kept. With --train
every run in RUNS is trained as well, each from its checkpoint if it was stopped; the first is the one that is shipped.
"""

import json
import os
import shutil
import time
from dataclasses import replace

from course_lib.gan.keyframe_training import Recipe

STEPS = 3000  # of every compared run
LIVE, EARLY = "FiLM", 900  # the run, and the steps of it, that the lesson goes on from
PART = float(os.environ.get("COURSE_BENCH_PART", "inf"))  # CPU seconds of a training in one call
BASE = Recipe(
    steps=STEPS, warm=300, half_life=100, clips=3000, sayings=2, batch=16, widths=(64, 64, 32, 16), wide=16
)
SHIPPED = {"scenery": "shipped", "shapes": "shapes"}  # world: the run that is shipped for it
RUNS = {
    # name: recipe
    "shipped": Recipe(
        listens="film twice", widths=(80, 80, 64, 32), steps=10_000, warm=1000, half_life=400, clips=4000
    ),
    # A discriminator that has to learn words first tells shapes apart late or never (its 1,600 steps of warm-up: by chance
    # with projection, .78 by labels).
    "shapes": Recipe(
        world="shapes", reads="labels", warm=3000, steps=6000, half_life=300, batch=16, clips=3000, apart=0.3
    ),
    "nothing hears the sentence": replace(BASE, listens="nothing", reads="nothing", mismatch=0),
    "generator by concatenation": replace(BASE, listens="concatenation"),
    "conditional batch normalisation": replace(BASE, listens="batch"),
    "FiLM": BASE,
    "FiLM, another seed": replace(BASE, seed=1),
    "discriminator by concatenation": replace(BASE, reads="concatenation"),
    "discriminator by labels": replace(BASE, reads="labels"),
    "no wrong captions": replace(BASE, mismatch=0),
}
JUDGES = {"scenery": (3200, 1000), "shapes": (4000, 350)}  # clips rendered, steps
COUNT, SEED = 500, 11  # pictures of a score, and the seed of their captions
SHARES = {"scenery": ("place", "time", "weather", "all"), "shapes": ("shape", "colour", "size", "all")}
SCORES = ("frechet", "floor", "diversity", "real diversity", "sharpness", "real sharpness")
LIMITS = (None, 2.0, 1.5, 1.0, 0.7, 0.4, 0.2)


def measure(train: bool = False, only: tuple[str, ...] = ()):
    """All rows.

    Args:
        train: train the judges and every run that are not finished yet, and ship the first run.
        only: train these runs alone; rows of the others are kept as they were measured before.
    """
    import torch

    torch.set_num_threads(1)
    if train:
        for world in JUDGES:
            judge(world)
        for name in only or RUNS:
            trained(name)
        for world, name in SHIPPED.items():
            if name in (only or RUNS):
                ship(world)
    yield from instruments()
    yield from runs()
    for world in SHIPPED:
        yield from shipped(world)


def row(metric, value, unit, n=1, seed=0, variant=""):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": seed, "variant": variant}


def place(name: str, kind: str):
    """Where a run keeps its checkpoint, its scores, its weights."""
    from course_lib.data import keep

    folder = keep() / "bench-keyframe"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name.replace(',', '').replace(' ', '-')}.{kind}"


def judge(world: str) -> None:
    """Train a still judge, unless there is one."""
    from course_lib.gan import keyframe_judge

    if keyframe_judge.weights_file(world).exists():
        return
    clips, steps = JUDGES[world]
    begin = time.process_time()
    one = keyframe_judge.train(world, clips=clips, steps=steps)
    note = {"clips": clips, "steps": steps, "seconds": round(time.process_time() - begin)}
    keyframe_judge.save(one, keyframe_judge.weights_file(world), note)


def trained(name: str) -> None:
    """Train one run to its end, score it, keep its weights; a finished run is left as it is."""
    from course_lib.gan import checkpoints, keyframe_judge, keyframe_model, keyframe_training

    if place(name, "json").exists():
        return
    recipe, reader = RUNS[name], keyframe_judge.load(RUNS[name].world)
    game = keyframe_training.KeyframeTraining(recipe)
    if place(name, "checkpoint").exists():
        game.restore(checkpoints.read_checkpoint(place(name, "checkpoint")))

    def watch(game) -> dict:
        model = keyframe_model.KeyframeModel.of(game)
        found = keyframe_model.accuracies(model, reader, "validation", 300)
        print(f"{name}: step {game.step} of {recipe.steps}, {game.seconds:.0f} CPU s, {found}", flush=True)
        return found

    def early(game, losses):
        if game.step % 500 == 0:
            checkpoints.save_checkpoint(game, place(name, "checkpoint"))
        if name == LIVE and game.step == EARLY:
            game.save_start(place("start", "safetensors"))

    keyframe_training.fit(game, watch=watch, report=early, budget=PART)
    checkpoints.save_checkpoint(game, place(name, "checkpoint"))
    if game.step < recipe.steps:
        print(f"{name}: stopped at step {game.step} after {PART:.0f} CPU s; call again to go on", flush=True)
        return
    model = keyframe_model.KeyframeModel.of(game)
    own = keyframe_model.KeyframeModel(game.painter, game.feed.vocabulary, recipe)
    found = {"history": game.history, "seconds": game.seconds, "steps": game.step}
    real = real_side(recipe.world, "validation")
    for part, one in (("validation", model), ("itself", own)):
        found[part] = keyframe_model.evaluate(one, reader, "validation", COUNT, seed=SEED, real=real)
    found["held-out"] = keyframe_model.accuracies(model, reader, "held-out", COUNT, seed=SEED)
    keyframe_model.save(model, place(name, "safetensors"))
    place(name, "json").write_text(json.dumps(found), encoding="utf-8")


def ship(world: str) -> None:
    """Write a finished run's weights with their card to datasets/weights, and with scenery the start of the lesson."""
    from course_lib.gan import keyframe_model
    from course_lib.gan.card import write_still_card

    run = place(SHIPPED[world], "json")
    if not run.exists():  # stopped before its end by PART
        return
    target = keyframe_model.weights_file(world)
    model = keyframe_model.load(path=place(SHIPPED[world], "safetensors"))
    keyframe_model.save(model, target)
    found = json.loads(run.read_text(encoding="utf-8"))
    scores = {split: {**found[split], "pictures": COUNT} for split in ("validation", "held-out")}
    write_still_card(target, model, scores, "python course.py bench keyframe --train")
    if RUNS[LIVE].world == world and place("start", "safetensors").exists():
        shutil.copyfile(place("start", "safetensors"), keyframe_model.start_file())


def real_side(world: str, split: str) -> dict:
    """`keyframe_model.real_side`, kept for all runs: rendering two sets of stills takes longer than a score."""
    import numpy as np

    from course_lib.gan import keyframe_judge, keyframe_model

    file = place(f"real {world} {split} {COUNT}", "npz")
    if not file.exists():
        found = keyframe_model.real_side(keyframe_judge.load(world), split, COUNT, SEED)
        np.savez(file, **found)
    stored = np.load(file)
    return {name: stored[name] if stored[name].ndim else stored[name].item() for name in stored.files}


def instruments():
    """How well the judges read real stills: this one, and the judge of clips on the same stills."""
    import torch

    from course_lib.gan import judge as clip_judge
    from course_lib.gan import keyframe_judge
    from course_lib.gan.keyframe_data import Stills

    for world in JUDGES:
        still, moving = keyframe_judge.load(world), clip_judge.load(world)
        for split in ("validation", "held-out"):
            stills = Stills(world, split, COUNT, seed=31).kept()
            pictures, labels = stills.pictures(), torch.as_tensor(stills.labels())
            table = moving.probabilities(pictures[:, :, None])
            for name, share in still.accuracy(pictures, labels.numpy()).items():
                yield row(f"judge of stills: {name}", share, "share", COUNT, 31, f"{world}, {split}")
            for k, name in enumerate(still.words):
                share = (torch.as_tensor(table[name].argmax(1)) == labels[:, k]).float().mean()
                yield row(f"judge of clips: {name}", float(share), "share", COUNT, 31, f"{world}, {split}")


def runs():
    """Scores and curves of the trainings: fresh ones where they are, else those measured before."""
    from course_lib.data import figures
    from course_lib.errors import CourseError

    try:
        before = [r for r in figures("keyframe") if r["variant"].startswith("run: ")]
    except CourseError:
        before = []
    for name, recipe in RUNS.items():
        if not place(name, "json").exists():
            yield from (
                {**r, "kept": "runs"} for r in before if r["variant"].split(" | ")[0] == f"run: {name}"
            )
            continue
        run = json.loads(place(name, "json").read_text(encoding="utf-8"))
        yield row("training", run["seconds"], "CPU s", seed=recipe.seed, variant=f"run: {name} | seconds")
        yield row("training", run["steps"], "steps", seed=recipe.seed, variant=f"run: {name} | steps")
        shares = SHARES[recipe.world]
        every = (*shares, *SCORES)
        for part, metrics in (("validation", every), ("itself", every), ("held-out", shares)):
            for metric in metrics:
                unit = "share" if metric in shares else ""
                yield row(metric, run[part][metric], unit, COUNT, recipe.seed, f"run: {name} | {part}")
        for line in run["history"]:
            for metric in shares:
                yield row(f"curve: {metric}", line[metric], "share", 300, recipe.seed,
                          f"run: {name} | {line['seconds']:.0f} s")  # fmt: skip


def shipped(world: str):
    """The shipped weights of a world: size, both splits, truncation."""
    from course_lib.gan import keyframe_judge, keyframe_model

    if not keyframe_model.weights_file(world).exists():
        return
    name, shares = SHIPPED[world], SHARES[world]
    reader, model = keyframe_judge.load(world), keyframe_model.load(world)
    said = name if name == "shipped" else f"shipped {world}"
    yield row("parameters", sum(w.numel() for w in model.painter.parameters()), "numbers", variant=said)
    yield row("file", keyframe_model.weights_file(world).stat().st_size / 1e6, "MB", variant=said)
    real = real_side(world, "validation")
    for limit in LIMITS:
        found = keyframe_model.evaluate(model, reader, "validation", COUNT, seed=SEED, limit=limit, real=real)
        variant = f"{said}, validation" + (f", limit {limit}" if limit else "")
        for metric in (*shares, *SCORES):
            yield row(metric, found[metric], "share" if metric in shares else "", COUNT, SEED, variant)
    found = keyframe_model.accuracies(model, reader, "held-out", COUNT, seed=SEED)
    for metric in shares:
        yield row(metric, found[metric], "share", COUNT, SEED, f"{said}, held-out")
