"""The file of lesson 10: a linear recommender, tried on people whom it has never met."""

from functools import cache

import numpy as np

from course_lib.data.twin import twin
from course_lib.exercises.artefact import Artefact, Attempt, Part, Score
from course_lib.marking.files import Array, Content

FILMS, PEOPLE = 420, 600
# liking of what is shown, of the best possible: what everybody gets 0, 10 and 20 points for
NOTHING, HALF, FULL = 0.17, 0.47, 0.62
TOO_GOOD = 0.78


def layout() -> dict:
    """`weights` (films, films) and `offset` (films,)."""
    return {"weights": Array((FILMS, FILMS)), "offset": Array((FILMS,))}


@cache
def _logs():
    return twin()


def score(content: Content, seed: int, share: float) -> Score:
    """Points of `stars @ weights + offset`: how much new people like the ten films that it shows them.

    Args:
        seed: of the people.
        share: of 600 people.
    """
    from course_lib.recommend.newcomers import enjoyment, newcomers, shown_to

    ratings, taste = newcomers(_logs(), max(60, round(PEOPLE * share)), seed)
    arrays = {name: array.astype(float) for name, array in content.arrays.items()}
    shown = shown_to(ratings, **arrays)
    liked = enjoyment(ratings, taste, shown)
    points = 10 * np.interp(liked, [NOTHING, HALF, FULL], [0, 1, 2])
    wanted = f"{FULL} ({HALF} gives 10 points, up to {NOTHING} none)"
    part = Part(
        "how much new people like their ten films, 1 being the best possible",
        float(points),
        20,
        wanted,
        f"{liked:.3f}",
    )
    places = np.sort(np.bincount(shown.ravel(), minlength=FILMS))[::-1]
    if (few := places[:30].sum() / shown.size) > 0.8:
        text = f"Thirty films fill {few:.0%} of all lists: nearly the same list for everybody. A person's own stars must speak, through `weights`."
    elif liked < NOTHING:
        text = "It does worse than a list of the films with the best mean. Is row i of `weights` what film i says about the others, and are stars counted from 3?"
    elif points < 10:
        text = "It listens to people, a little. Do the weights come from likings, or from what is famous?"
    elif points < 20:
        text = "Better than most lists of this lesson. Which model knew *stars* best, and can it be written as a table from films to films?"
    else:
        text = "As good as the best that we know without looking at the truth."
    remark = f"Its lists are liked at {liked:.2f} of the best possible; the best honest model that we know reaches 0.68. Was it fitted to `logs.truth`?" if liked > TOO_GOOD else ""  # fmt: skip
    return Score([part], text, remark=remark)


def _stars() -> np.ndarray:
    """The lesson's table of stars minus 3, 0 where unknown, of all ratings."""
    from course_lib.recommend.cleaning import clean_log
    from course_lib.recommend.logs import ratings_from

    rows = ratings_from(clean_log(_logs().log, _logs().videos)[0])
    table = np.zeros((1200, FILMS))
    table[rows["user_id"], rows["video_id"]] = rows["rating"] - 3
    return table


def _saved(folder, weights, offset=None):
    path = folder / "recommender.npz"
    offset = np.zeros(FILMS) if offset is None else offset
    np.savez_compressed(path, weights=weights.astype("f4"), offset=offset.astype("f4"))
    return path


def famous(folder, rng):
    """The same ten films for everybody: what most have liked."""
    return _saved(folder, np.zeros((FILMS, FILMS)), (_stars() > 0).sum(0))


def liked_together(folder, rng):
    """EASE on what was liked, as section 8 makes it."""
    from course_lib.recommend.factors import ease_weights

    liked = (_stars() > 0).astype(float)
    return _saved(folder, ease_weights(liked.T @ liked, 200.0))


def liked_or_not(folder, rng):
    """EASE on stars minus 3, more strongly held back."""
    from course_lib.recommend.factors import ease_weights

    stars = _stars()
    return _saved(folder, ease_weights(stars.T @ stars, rng.uniform(900, 1100)))


def folded_in(folder, rng):
    """ALS: a new person's factors are a ridge regression on the stars, and that is a table from films to films."""
    from course_lib.recommend.cleaning import clean_log
    from course_lib.recommend.factors import ALS
    from course_lib.recommend.logs import ratings_from

    rows = ratings_from(clean_log(_logs().log, _logs().videos)[0])
    model = ALS(6, 0.1, random_state=int(rng.integers(100))).fit(
        rows["user_id"], rows["video_id"], rows["rating"]
    )
    q = np.zeros((FILMS, 6))
    q[model.known.items.ids] = model.item_factors
    share = (_stars() != 0).mean()
    weights = q @ np.linalg.inv(share * q.T @ q + 2 * np.eye(6)) @ q.T
    return _saved(folder, weights)


def unfinished(folder, rng):
    """A division by zero that nobody looked at."""
    return _saved(folder, np.full((FILMS, FILMS), np.nan))


ARTEFACTS = [
    Artefact(
        "recommend.newcomers.recommender",
        "your recommender, as a table of weights and a row of offsets",
        "recommender.npz",
        layout,
        score,
        points=20,
        minutes=25,
        difficulty=4,
        hints=[
            "`offset` alone is one list for everybody, so begin with `weights`. `ease_weights` on what was liked is a line of section 8, and earns nearly half.",
            "Liked-or-not throws three of five stars away. What does EASE make of the table of *stars minus 3*, 0 where unknown? Try penalties above 200.",
            "ALS knew stars best. For a new person p = (Q^T Q + penalty I)^-1 Q^T x, and the scores are Q p: multiplied out it is a table from films to films.",
        ],
        largest=4 * 2**20,
        common=16,
        attempts=[
            Attempt("what is famous", famous, 0, 0),
            Attempt("EASE on what was liked", liked_together, 8, 12),
            Attempt("EASE on stars", liked_or_not, 11, 16),
            Attempt("factors, folded in", folded_in, 18, 20),
            Attempt("NaN everywhere", unfinished, 0, 0),
        ],
    ),
]  # fmt: skip
