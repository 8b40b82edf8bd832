"""The generator of landscapes that makes the film: scores, speed, and what a reader sees who was not told.

Without --train the shipped weights are scored (some minutes). With --train they are made, on a GPU: STAGES, one at 32 pixels and one
that goes on at 64, kept as checkpoints, so that a training that was stopped goes on.

The blind sheet, `bench/landscape-blind.jpg`, shows 70 generated clips, ten of each place, shuffled, by their first, middle and
last frame. A reader who has not seen the captions writes a place for each number into `bench/landscape-blind.json`; the score
is counted here. `python -m course_lib.benches.landscape` draws that sheet, and one of real and generated clips side by side for
the datasheet of scenery.

The weights shipped were made on one H100 by a script with these stages. It began when the first 4,000 clips were rendered, and
added the others in the minute after; its second stage had a time instead of a number of steps. So --train gives weights of this
kind, not these.
"""

import json
import time

from course_lib.errors import CourseError
from course_lib.gan.recipe import Recipe
from course_lib.gan.video_steps import Weights

SIZE, FRAMES = 64, 16
FIRST = Recipe(
    world="scenery", generator="panorama", size=32, frames=FRAMES, clips=32_000, batch=64, wide=64, warm=150, rate_d=5e-4,
    steady=1.0, steps=5_839, weights=Weights(gamma=0.3, apart=0.125, diversity=30),
)  # fmt: skip
SECOND = Recipe(
    world="scenery", generator="panorama", size=SIZE, frames=FRAMES, clips=32_000, batch=64, wide=64, warm=0, rate=5e-4,
    rate_d=2.5e-4, steady=0.74, average=0.999, steps=8_357, weights=Weights(gamma=0.3, apart=0.125, diversity=50),
)  # fmt: skip
STAGES = {"first": FIRST, "second": SECOND}
SCORES = ("place", "time", "weather", "motion", "all", "jfd", "floor", "ratio", "share of the spread", "r_precision",
          "diversity", "real diversity", "feature diversity", "real feature diversity", "sharpness", "real sharpness")  # fmt: skip
EARLIER = "earlier, smaller, on a CPU"  # begins the variant of rows that are kept
LOOKED = 200  # clips of each split that the judge reads now and then while it trains
A_PLACE = 10  # clips of each place on the blind sheet
BLIND_SEED = 2027  # another one for other weights: who knows the old answers must not know these


def measure(train: bool = False):
    """All rows."""
    import torch

    torch.set_num_threads(1)
    if train:
        make()
    yield from shipped_rows()
    yield from earlier_rows()
    yield from blind_rows()
    yield from speed()


def row(metric, value, unit, n=1, seed=0, variant=""):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": seed, "variant": variant}


def make() -> None:
    """Train all stages and write weights and card.

    Raises:
        CourseError: there is no GPU. On a CPU these stages would take days.
    """
    import torch

    if not torch.cuda.is_available():
        raise CourseError(
            "the landscapes of the film are trained on a GPU, and torch finds none. A smaller generator learns on a CPU: 'python "
            "course.py train video --world scenery', see README."
        )
    from course_lib.classroom.train import note_of
    from course_lib.data import keep
    from course_lib.gan import checkpoints, judge, scores, training, video
    from course_lib.gan.card import write_card

    folder, reader = keep() / "bench-landscape", judge.load("scenery")
    state, before, curve = None, 0.0, []
    for name, recipe in STAGES.items():
        file = folder / f"{name}.checkpoint"
        if state is None:
            game = training.VideoTraining(recipe, device="cuda")
        else:
            game = training.VideoTraining.grow(state, recipe, device="cuda")
        if file.exists():
            game.restore(checkpoints.read_checkpoint(file))

        def watch(game, name=name) -> dict:
            model = video.VideoModel.of(game)
            line = {
                split: scores.accuracies(model, reader, split, LOOKED) for split in ("validation", "held-out")
            }
            print(
                f"{name}: step {game.step:,} of {game.recipe.steps:,}, {game.seconds / 60:.1f} min, {line}",
                flush=True,
            )
            return line

        training.fit(game, checkpoint=file, watch=watch, watch_every=45)
        curve += curve_of(game.history, recipe.size, before)
        before, state = before + game.seconds, game.state()
    model = video.VideoModel.of(game)
    steps = sum(recipe.steps for recipe in STAGES.values())
    added = {"seconds": round(before), "steps": steps, "warm": FIRST.warm, "curve": curve}
    model.note = note_of(game, "cuda") | added
    target = video.weights_file("scenery", SIZE)
    video.save(model, target)
    found = {split: scores.evaluate(model, reader, split, 1000) for split in ("validation", "held-out")}
    write_card(target, model, found, "python course.py bench landscape --train")


def curve_of(history: list, pixels: int, before: float) -> list:
    """A stage's history in short: [pixels, steps, seconds since the beginning, share of trained and of held-out clips that are all right]."""
    return [
        [
            pixels,
            line["step"],
            round(before + line["seconds"], 1),
            line["validation"]["all"],
            line["held-out"]["all"],
        ]
        for line in history
    ]


def shipped_rows():
    """Both splits, both languages; and what the judge read while it was trained."""
    from course_lib.gan import judge, scores, video

    reader, model = judge.load("scenery"), video.load("scenery", SIZE)
    note = model.note
    yield row("parameters", sum(w.numel() for w in model.writer.parameters()), "numbers", variant="shipped")
    yield row("file", video.weights_file("scenery", SIZE).stat().st_size / 1e6, "MB", variant="shipped")
    yield row("training", note["seconds"] / 60, "min", variant=f"shipped, all stages, {note['machine']}")
    for pixels, step, seconds, *shares in note["curve"]:
        for split, share in zip(("validation", "held-out"), shares):
            yield row(
                "all",
                share,
                "share",
                LOOKED,
                11,
                f"after {seconds:.0f} s, {pixels} pixels, step {step}, {split}",
            )
    for split in ("validation", "held-out"):
        for count in (300, 1000):
            found = scores.evaluate(model, reader, split, count, seed=23)
            for metric in SCORES:
                unit = "share" if metric in SCORES[:5] else ""
                yield row(metric, found[metric], unit, count, 23, f"shipped, {split}, {count} clips")
    for language in ("zh", "en"):
        found = scores.accuracies(model, reader, "validation", 1000, seed=29, language=language)
        for metric, value in found.items():
            yield row(metric, value, "share", 1000, 29, f"shipped, {language}")
    real = real_motion(reader)
    yield row("motion", real, "share", 1000, 31, "the judge on real clips of 64 pixels")


def earlier_rows():
    """What the generator shipped before had, which learnt on a CPU: its weights are gone, its figures are kept."""
    from course_lib.data import figures

    try:
        lines = figures("landscape")
    except CourseError:  # measured for the first time
        return
    yield from (line | {"kept": EARLIER} for line in lines if line["variant"].startswith(EARLIER))


def real_motion(reader) -> float:
    """How often the judge reads the motion of real clips right."""
    from course_lib.gan import judge
    from course_lib.scenery.clips import Clips

    return judge.score(reader, Clips("scenery", "all", 1000, size=SIZE, frames=FRAMES, seed=31))["motion"]


def blind_truth() -> list[dict]:
    """The combinations on the sheet, in the sheet's order."""
    from course_lib.scenery.splits import world
    from course_lib.scenery.vocabulary import PLACES, stream

    random, chosen = stream(BLIND_SEED, "blind"), []
    rows = world("scenery").combinations("train")
    for place in PLACES:
        here = [one for one in rows if one["place"] == place]
        chosen += [here[int(k)] for k in random.choice(len(here), A_PLACE, replace=False)]
    return [chosen[int(k)] for k in random.permutation(len(chosen))]


def blind_sheet():
    """The sheet as a picture: three frames of each clip side by side, five clips a row, numbered from 1."""
    import numpy as np
    from PIL import Image, ImageDraw

    from course_lib.gan import video
    from course_lib.scenery.captions import caption
    from course_lib.scenery.clips_torch import to_bytes

    model, truths = video.load("scenery", SIZE), blind_truth()
    texts = [caption(truth, ("zh", "en")[k % 2], BLIND_SEED + k) for k, truth in enumerate(truths)]
    clips = to_bytes(model.sample(texts, BLIND_SEED))
    strips = [np.concatenate([clip[0], clip[len(clip) // 2 - 1], clip[-1]], 1) for clip in clips]
    columns, gap, line = 5, 6, 14
    high, wide = 2 * SIZE + line, 6 * SIZE
    rows = -(-len(strips) // columns)
    page = Image.new("RGB", (columns * (wide + gap), rows * (high + gap)), "white")
    pen = ImageDraw.Draw(page)
    for k, strip in enumerate(strips):
        x, y = k % columns * (wide + gap), k // columns * (high + gap)
        pen.text((x + 2, y), str(k + 1), fill="black")
        page.paste(Image.fromarray(strip).resize((wide, 2 * SIZE), Image.Resampling.BICUBIC), (x, y + line))
    return page


def blind_rows():
    """What the reader named, counted; nothing where nobody has read the sheet."""
    from course_lib.data import bench_file
    from course_lib.scenery.vocabulary import PLACES

    path = bench_file("landscape-blind")
    if not path.exists():
        raise CourseError(
            f"nobody has read the blind sheet yet: {path} is missing (see the bench's docstring)."
        )
    said = json.loads(path.read_text(encoding="utf-8"))
    truths = [truth["place"] for truth in blind_truth()]
    answers = [said["answers"][str(k + 1)] for k in range(len(truths))]
    right = [answer == truth for answer, truth in zip(answers, truths)]
    yield row(
        "places named by a reader", sum(right) / len(right), "share", len(right), BLIND_SEED, said["reader"]
    )
    for place in PLACES:
        one = [ok for ok, truth in zip(right, truths) if truth == place]
        yield row("places named by a reader", sum(one) / len(one), "share", len(one), BLIND_SEED, place)


def speed():
    """Clips a CPU second, and pictures of a film."""
    from course_lib.gan import video
    from course_lib.gan.footage import Footage

    model = video.load("scenery", SIZE)
    texts = ["清晨的湖面，镜头慢慢推近。"] * 32
    model.sample(texts, 0)
    begin = time.process_time()
    for seed in range(4):
        model.sample(texts, seed)
    yield row(
        "generating",
        128 / (time.process_time() - begin),
        "clips/s",
        128,
        0,
        f"{SIZE}x{SIZE}x{FRAMES}, one thread",
    )
    begin = time.process_time()
    shot = Footage(model.scene(texts[0], 1)[0], (288, 512), 5.0)
    for number in range(50):
        shot.frame(number / 10)
    yield row("filming", 50 / (time.process_time() - begin), "pictures/s", 50, 1, "288x512, one thread")


def side_by_side():
    """Real clips (left) and generated ones (right) of the same captions, first and last frame, three of each place."""
    import numpy as np
    from PIL import Image

    from course_lib.gan import video
    from course_lib.scenery.captions import caption
    from course_lib.scenery.clips_torch import to_bytes
    from course_lib.scenery.render import render

    model, rows = video.load("scenery", SIZE), []
    truths = blind_truth()
    for place in dict.fromkeys(truth["place"] for truth in truths):
        strip = []
        for k, truth in enumerate([one for one in truths if one["place"] == place][:3]):
            made = to_bytes(model.sample([caption(truth, "en", k)], 7 + k))[0]
            real = render(truth, len(made), SIZE, seed=40_000_000 + k)
            strip += [real[0], real[-1], made[0], made[-1], np.full((SIZE, 8, 3), 255, np.uint8)]
        rows.append(np.concatenate(strip[:-1], 1))
    page = Image.fromarray(np.concatenate(rows))
    return page.resize((page.width * 3 // 2, page.height * 3 // 2), Image.Resampling.BICUBIC)


if __name__ == "__main__":
    from course_lib.data import bench_file, datasets

    for picture, target in (
        (blind_sheet(), bench_file("landscape-blind").with_suffix(".jpg")),
        (side_by_side(), datasets("scenery", "real-and-generated.jpg")),
    ):
        picture.save(target, optimize=True, quality=90)
        print(target)
