"""From what people watched to what they like."""

import numpy as np

from course_lib.errors import CourseError


def duration_buckets(durations, count: int = 8) -> np.ndarray:
    """Number of the bucket of each duration, (n,) from 0: as many views in each as ties allow."""
    durations = np.asarray(durations, float)
    if count < 1 or len(durations) == 0 or not np.isfinite(durations).all():
        raise CourseError(
            "durations must be finite numbers, at least one, for at least one bucket: clean the log first."
        )
    edges = np.quantile(durations, np.linspace(0, 1, count + 1)[1:-1])
    return np.searchsorted(edges, durations, side="right")


def preference(play, durations, buckets: int = 8, levels: int = 5) -> np.ndarray:
    """A rating from 1 to `levels`: how long somebody looked, compared with views of films of about that length.

    People look for some seconds, however long a film is; the ratio of play time to length is therefore mostly a
    measure of how *short* the film is. Within a bucket of similar lengths that cannot matter.

    Args:
        play: play time of each view, (n,); durations: of the film, (n,), in the same unit.
        buckets: how many groups of lengths.
        levels: grades; each is given to the same share of a bucket's views.

    Returns:
        Whole numbers as float64, (n,).
    """
    play = np.asarray(play, float)
    if play.shape != np.shape(durations) or not np.isfinite(play).all() or levels < 2:
        raise CourseError("play and durations must be finite columns of one length, and levels at least 2.")
    bucket = duration_buckets(durations, buckets)
    rating = np.empty(len(play))
    for one in np.unique(bucket):
        inside = bucket == one
        place = play[inside].argsort(kind="stable").argsort(kind="stable")
        rating[inside] = 1 + np.floor(place / inside.sum() * levels)
    return rating


def ratings_from(log, buckets: int = 8, levels: int = 5):
    """One row a pair of user and film: user_id, video_id, rating, time_ms, is_rand, play_time_ms.

    Args:
        log: a clean log (pandas), see `cleaning`. Of several views of one film by one person the first is taken:
            a second one is no longer open-minded.
    """
    rated = log.assign(rating=preference(log["play_time_ms"], log["duration_ms"], buckets, levels))
    rated = rated.sort_values("time_ms", kind="stable").drop_duplicates(["user_id", "video_id"])
    return rated[["user_id", "video_id", "rating", "time_ms", "is_rand", "play_time_ms"]].reset_index(
        drop=True
    )
