"""Seven losses on two small worlds, five seeds each: modes reached, share of good samples, runs that broke."""

import statistics

import torch

from course_lib.gan import rings
from course_lib.gan.rings import RECIPES, centres

STEPS, SEEDS = 2000, range(5)


def measure(train: bool = False):
    """Rows for `course bench losses`; all of it fits into ten minutes, so `--train` adds nothing."""
    torch.set_num_threads(1)
    for world in ("ring", "grid"):
        for name, recipe in RECIPES.items():
            runs = [rings.train(recipe, world, seed, STEPS) for seed in SEEDS]
            # a run that broke reaches nothing
            modes = [0 if run.failed_at is not None else run.history[-1][1] for run in runs]
            share = [0.0 if run.failed_at is not None else run.history[-1][2] for run in runs]
            base = {"n": len(runs), "seed": 0, "variant": f"{world}, {name}"}
            yield {
                "metric": "modes reached, mean",
                "value": statistics.mean(modes),
                "unit": f"of {len(centres(world))}",
                **base,
            }
            yield {
                "metric": "modes reached, least",
                "value": min(modes),
                "unit": f"of {len(centres(world))}",
                **base,
            }
            yield {
                "metric": "modes reached, most",
                "value": max(modes),
                "unit": f"of {len(centres(world))}",
                **base,
            }
            yield {
                "metric": "runs that reach every mode",
                "value": sum(m == len(centres(world)) for m in modes),
                "unit": "runs",
                **base,
            }
            yield {
                "metric": "samples that belong to a mode",
                "value": statistics.mean(share),
                "unit": "share",
                **base,
            }
            yield {
                "metric": "runs that broke",
                "value": sum(r.failed_at is not None for r in runs),
                "unit": "runs",
                **base,
            }
            yield {
                "metric": "a run",
                "value": statistics.mean(run.seconds for run in runs),
                "unit": "CPU s",
                **base,
            }
