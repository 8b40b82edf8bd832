"""The captioned world: how fast it renders, how many captions it has, what the judge sees in it.

Without --train: renders, and scores the shipped judge on fresh clips. With --train: trains both judges first
and writes their weights.
"""

import time

import numpy as np

SPEEDS = (
    # world, size, frames, clips, promised clips a second
    ("scenery", 64, 16, 112, 10),
    ("scenery", 32, 8, 448, 60),
    ("shapes", 32, 8, 2048, 400),
)
TRAINING = {
    # world: (clips, steps of 64)
    "scenery": (16_000, 1500),
    "shapes": (12_000, 900),
}
SCORED = {"validation": 2000, "held-out": 1500}


def measure(train: bool = False):
    yield from speeds()
    yield from film_speed()
    yield from caption_counts()
    yield from torch_path()
    if train:
        yield from training()
    yield from judging()


def row(metric, value, unit, n=1, seed=0, variant=""):
    return {"metric": metric, "value": value, "unit": unit, "n": n, "seed": seed, "variant": variant}


def speeds():
    """Clips a CPU second, one process; the promise stands beside the figure."""
    from course_lib.scenery.clips import Clips

    for world, size, frames, count, promised in SPEEDS:
        clips = Clips(world, "train", count, size=size, frames=frames, seed=3)
        clips.videos(np.arange(32))  # caches of sprites filled, as they are in a run
        begin = time.process_time()
        for start in range(0, count, 32):
            clips.videos(np.arange(start, start + 32))
        rate = count / (time.process_time() - begin)
        variant = f"{size}x{size}x{frames}"
        yield row(f"{world}: clips a core-second", rate, "clips/s", count, 3, variant)
        yield row(f"{world}: promised", promised, "clips/s", 1, None, variant)


def film_speed():
    """Frames a CPU second at a film's size, the painting of the standing layers included."""
    from course_lib.scenery.render import frames_of
    from course_lib.scenery.vocabulary import PLACES

    begin, frames = time.process_time(), 0
    for seed, place in enumerate(PLACES):
        for _ in frames_of({"place": place}, 48, (288, 512), seed):
            frames += 1
    yield row(
        "scenery: film frames a core-second",
        frames / (time.process_time() - begin),
        "frames/s",
        frames,
        0,
        "288x512",
    )


def caption_counts():
    """The least number of different captions of any combination, counted up to 200."""
    from course_lib.scenery.captions import caption
    from course_lib.scenery.splits import WORLDS

    for world in WORLDS.values():
        rows = world.combinations("train") + world.combinations("held-out")
        for language in ("zh", "en"):
            least = min(len({caption(row_, language, seed) for seed in range(200)}) for row_ in rows)
            yield row(
                f"{world.name}: least captions a combination in 200 draws",
                least,
                "captions",
                len(rows),
                0,
                language,
            )


def torch_path():
    """Clips a wall second as float tensors on the device: painted there, and from a set that lies there."""
    import torch

    from course_lib.scenery.clips import Clips
    from course_lib.scenery.clips_torch import OnDevice, ShapesOnDevice

    device = "cuda" if torch.cuda.is_available() else "cpu"
    threads = torch.get_num_threads()
    torch.set_num_threads(1)

    def rate(draw, count, batch):
        draw(np.arange(batch))
        if device == "cuda":
            torch.cuda.synchronize()
        begin = time.perf_counter()
        for start in range(0, count, batch):
            draw(np.arange(start, start + batch) % 512)
        if device == "cuda":
            torch.cuda.synchronize()
        return count / (time.perf_counter() - begin)

    painter = ShapesOnDevice(Clips("shapes", "train", 512), device)
    yield row("shapes: painted by torch", rate(painter.clips, 2048, 64), "clips/s", 2048, 0, device)
    for size, frames in ((32, 8), (64, 16)):
        stored = OnDevice(Clips("scenery", "train", 512, size=size, frames=frames), device)

        def draw(indices, stored=stored):
            from course_lib.scenery.clips_torch import to_tensor

            return to_tensor(stored.bytes[torch.as_tensor(indices, device=device)], device)

        yield row(
            "scenery: from a set on the device",
            rate(draw, 8192, 64),
            "clips/s",
            8192,
            0,
            f"{device} {size}x{size}x{frames}",
        )
    torch.set_num_threads(threads)


def training():
    """Train both judges as shipped, and ship them."""
    import torch

    from course_lib.gan import judge
    from course_lib.scenery.clips import Clips

    torch.set_num_threads(1)
    for world, (count, steps) in TRAINING.items():
        begin = time.process_time()
        clips = Clips(world, "all", count).cached()
        yield row(
            f"{world} judge: rendering its training set", time.process_time() - begin, "CPU s", count, 0
        )
        begin = time.process_time()
        trained = judge.train(
            world,
            clips,
            steps=steps,
            report=lambda *told: print("  step {} loss {:.4f} at {:.0f} CPU s".format(*told), flush=True),
        )
        yield row(f"{world} judge: training", time.process_time() - begin, "CPU s", steps, 0)
        note = {"clips": count, "steps": steps, "batch": 64, "seed": 0}
        judge.save(trained, judge.weights_file(world), note)


def judging():
    """The shipped judges on real clips that they have not seen: validation and held-out combinations."""
    import torch

    from course_lib.gan import judge
    from course_lib.scenery.clips import Clips

    torch.set_num_threads(1)
    for world in TRAINING:
        shipped = judge.load(world)
        yield row(f"{world} judge: parameters", sum(p.numel() for p in shipped.parameters()), "numbers")
        yield row(f"{world} judge: file", judge.weights_file(world).stat().st_size / 1e6, "MB")
        for split, count in SCORED.items():
            # Seed 11: not a clip of the training or tuning sets.
            scores = judge.score(shipped, Clips(world, split, count, seed=11))
            for name, share in scores.items():
                yield row(f"{world} judge: {name}", share, "accuracy", count, 11, split)
