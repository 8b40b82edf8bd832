"""The loop over 20 twins: what personal lists and made films add, and whether the intervals can be believed.

Nothing is filmed here (source 'none'): a film is entered as it was wished. Six films a round, three rounds.
"""

import numpy as np

from course_lib.loop import arms
from course_lib.loop.measure import per_person, rate_and_error
from course_lib.loop.rounds import Settings, run

SEEDS = 20
HALVES = 50  # random halves of one arm in each twin: 1,000 trials of nothing against nothing


def measure_twin(seed: int) -> tuple[list, np.ndarray]:
    """(rounds, arm of everybody) of one twin."""
    settings = Settings(source="none", films=6, seed=seed)
    return run(settings), arms.arms_of(settings.users, f"loop {seed}")


def measure(train: bool = False):
    """Rows of the bench."""
    lifts, added, before_after, expected, varied, shares = [], [], [], [], [], []
    alarms = {"by person": 0, "by show": 0}
    for seed in range(SEEDS):
        done, arm = measure_twin(seed)
        tables = [one.results["arms"] for one in done]
        lifts.append([[row["lift"] for row in table] for table in tables])
        expected.append(
            [[100 * (row["expected"] / table[0]["expected"] - 1) for row in table] for table in tables]
        )
        added.append([100 * (table[2]["rate"] / table[1]["rate"] - 1) for table in tables])
        before_after.append(100 * (tables[-1][0]["rate"] / tables[0][0]["rate"] - 1))
        varied.append([[row["variety"] for row in table] for table in tables])
        shares.append([[row["made"] for row in table] for table in tables])
        for name, count in false_alarms(done[-1].clean, arm, seed).items():
            alarms[name] += count
    lifts, added, expected, varied, shares = map(np.array, (lifts, added, expected, varied, shares))
    for number in range(lifts.shape[1]):
        for one, name in enumerate(arms.ARMS):
            variant = f"{name}, round {number + 1}"
            yield row("places a person is shown", varied[:, number, one].mean(), "places", variant)
            yield row(
                "share of the shows that are made films", 100 * shares[:, number, one].mean(), "%", variant
            )
            if one:
                yield row("lift over the control", lifts[:, number, one].mean(), "%", variant)
                yield row("lift over the control, standard error", error(lifts[:, number, one]), "%", variant)
                yield row(
                    "lift over the control, true chances", expected[:, number, one].mean(), "%", variant
                )
                yield row("twins with a lift above 0", (lifts[:, number, one] > 0).sum(), "of 20", variant)
        yield row(
            "what made films add to personal lists", added[:, number].mean(), "%", f"round {number + 1}"
        )
        yield row("what made films add, standard error", error(added[:, number]), "%", f"round {number + 1}")
    yield row("control: last round over first", np.mean(before_after), "%")
    for name, count in alarms.items():
        yield {"metric": "nothing against nothing: false alarms", "value": 100 * count / (SEEDS * HALVES),
               "unit": "%", "n": SEEDS * HALVES, "seed": 0, "variant": name}  # fmt: skip


def error(values) -> float:
    """Standard error of a mean."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values)))


def false_alarms(clean, arm, seed: int) -> dict:
    """Random halves of the arm 'personal': how often does a 95 % interval say that they differ?"""
    likes, shows, who = per_person(clean, arm, len(arm))
    rng = np.random.default_rng([seed, 77])
    found = {"by person": 0, "by show": 0}
    for _ in range(HALVES):
        people = rng.permutation(who[1])
        halves = people[: len(people) // 2], people[len(people) // 2 :]
        (a, sa), (b, sb) = (rate_and_error(likes[one], shows[one]) for one in halves)
        found["by person"] += abs(a - b) > 1.96 * np.hypot(sa, sb)
        na, nb = (shows[one].sum() for one in halves)
        naive = np.sqrt(a / 1000 * (1 - a / 1000) / na + b / 1000 * (1 - b / 1000) / nb)
        found["by show"] += abs(a - b) / 1000 > 1.96 * naive
    return found


def row(metric: str, value, unit: str, variant: str = "") -> dict:
    """One row of the result."""
    return {"metric": metric, "value": float(value), "unit": unit, "n": SEEDS, "seed": 0, "variant": variant}
