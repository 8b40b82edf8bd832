"""KuaiRec, Kuaishou's table of views with hardly a hole in it, as the same kind of logs that KuaiRand gives.

Two matrices are published: a small one in which nearly everybody has watched nearly everything (so that a list can be
judged by what people think of *every* film, not only of what they were shown), and a big, sparse one. Their columns
are user_id, video_id, play_duration and video_duration (milliseconds), time, date, timestamp (seconds) and
watch_ratio; beside them lie user_features.csv, item_daily_features.csv (a row a video and day) and
item_categories.csv. Where the files are not at hand, a stand-in with the same columns is made from the mock twin.
"""

import os
from pathlib import Path

import numpy as np

from course_lib.data.named import find, folder
from course_lib.data.twin import LARGEST_RATIO, LOG_COLUMNS, START_MS, Logs, twin, views_of
from course_lib.errors import CourseError

MATRIX_COLUMNS = (
    "user_id", "video_id", "play_duration", "video_duration", "time", "date", "timestamp", "watch_ratio",
)  # fmt: skip
VIDEO_COLUMNS = (
    "video_id", "author_id", "video_type", "upload_dt", "upload_type", "visible_status", "video_duration",
    "server_width", "server_height", "music_id", "music_type", "tag",
)  # fmt: skip
MATRICES = ("small", "big")
HOLES = 0.004  # of the small matrix: authors whom somebody has blocked
BEIJING = 8 * 3_600_000


def kuairec(matrix: str = "small", rows: int | None = None, **sizes) -> Logs:
    """KuaiRec where it is on this machine and COURSE_REAL_DATA=1; otherwise the stand-in, made with `sizes`.

    Args:
        matrix: 'small' (1,411 users, 3,327 videos, 4.7 million rows) or 'big' (7,176 users, 12.5 million rows, which
            take some 2 GB of memory).
        rows: only so many rows of the matrix, from its beginning; None for all.
        sizes: of the stand-in, see `stand_in`.

    Returns:
        Logs with KuaiRand's 19 columns, see `tidy`; `scenes` and `truth` are None for real data.

    Raises:
        CourseError: another matrix, or files that lack columns.
    """
    if matrix not in MATRICES:
        raise CourseError(f"KuaiRec has no matrix '{matrix}'; there are: {', '.join(MATRICES)}.")
    place = folder("kuairec") if os.environ.get("COURSE_REAL_DATA") == "1" else None
    if place is None:
        tables, made = stand_in(**sizes)
        logs = tidy(tables[f"{matrix}_matrix"].head(rows) if rows else tables[f"{matrix}_matrix"], tables["user_features"],
                    tables["item_daily_features"], tables["item_categories"])  # fmt: skip
        return Logs(logs.log, logs.users, logs.videos, made.scenes, made.licence, made.truth)
    import pandas as pd

    def read(name, **how):
        path = place / f"{name}.csv"
        return pd.read_csv(path, **how) if path.is_file() else None

    table = read(f"{matrix}_matrix", nrows=rows)
    if table is None:
        raise CourseError(
            f"{place.name} holds no {matrix}_matrix.csv: put all files of KuaiRec's 'data' folder there."
        )
    logs = tidy(table, read("user_features"), read("item_daily_features"), read("item_categories"))
    return Logs(logs.log, logs.users, logs.videos, None, find("kuairec").licence)


def tidy(matrix, users=None, daily=None, categories=None) -> Logs:
    """One of KuaiRec's matrices in KuaiRand's columns, so that cleaning, ratings and models take it as it is.

    What KuaiRec does not record (clicks, likes, whether a video was drawn blindly ...) is NaN: unknown, not 0.
    Of a video's days the last known value of each column is taken.

    Args:
        matrix: pandas, MATRIX_COLUMNS.
        users, daily, categories: user_features, item_daily_features, item_categories, where there are any.

    Raises:
        CourseError: columns are missing; the message names them.
    """
    needed(matrix, ("user_id", "video_id", "play_duration", "video_duration", "timestamp"), "matrix")
    import pandas as pd

    time_ms = matrix["timestamp"].to_numpy(float) * 1000
    local = pd.to_datetime(pd.Series(time_ms + BEIJING), unit="ms")
    log = pd.DataFrame(
        {
            "user_id": matrix["user_id"].to_numpy(),
            "video_id": matrix["video_id"].to_numpy(),
            "date": (local.dt.year * 10_000 + local.dt.month * 100 + local.dt.day).to_numpy(),
            "hourmin": (local.dt.hour * 100).to_numpy(),
            "time_ms": time_ms,
            "play_time_ms": matrix["play_duration"].to_numpy(float),
            "duration_ms": matrix["video_duration"].to_numpy(float),
        }
    )
    for name in LOG_COLUMNS:
        if name not in log:
            log[name] = np.float32(np.nan)
    return Logs(log[list(LOG_COLUMNS)], users, videos_of(daily, categories))


def videos_of(daily, categories):
    """KuaiRand's 12 columns of videos from KuaiRec's two tables; None where neither is there."""
    if daily is None and categories is None:
        return None
    table = None
    if daily is not None:
        needed(daily, ("video_id", "date"), "item_daily_features")
        named = daily.rename(columns={"video_width": "server_width", "video_height": "server_height"})
        table = named.sort_values("date", kind="stable").groupby("video_id", as_index=False).last()
    if categories is not None:
        needed(categories, ("video_id", "feat"), "item_categories")
        # '[27, 9]' becomes '27,9', as KuaiRand writes its tags
        tags = categories["feat"].astype(str).str.replace(r"[\[\]\s]", "", regex=True)
        tags = categories[["video_id"]].assign(tag=tags)
        table = tags if table is None else table.merge(tags, on="video_id", how="outer")
    return table.reindex(columns=list(VIDEO_COLUMNS))


def needed(table, names, what: str) -> None:
    """Complain about a table that lacks columns."""
    missing = [name for name in names if name not in table]
    if missing:
        raise CourseError(f"this is no {what} of KuaiRec: it lacks the columns {', '.join(missing)}.")


def stand_in(users: int = 120, videos: int = 80, views: int = 30, seed: int = 0):
    """Tables in KuaiRec's published columns, made from the mock twin; no real person is in them.

    The big matrix is the twin's log; the small one holds the first half of the people and of the films, every pair
    but a few. Both have the defects that the published files have: rows that stand there twice, missing times,
    impossible watch ratios, lists as text, videos without a duration.

    Args:
        users, videos, views, seed: of the twin.

    Returns:
        (tables, twin): pandas tables by the name of their file, and the twin's Logs, which know the truth.
    """
    import pandas as pd

    made = twin(users, videos, views, seed=seed)
    rng = np.random.default_rng([seed, 2020])
    lengths = made.log.groupby("video_id")["duration_ms"].median().reindex(range(videos))
    lengths = lengths.fillna(lengths.median()).to_numpy()
    log = made.log
    # the published matrices know every length; it is the table of videos that lacks some
    big = matrix_of(log["user_id"], log["video_id"], log["play_time_ms"].to_numpy(),
                    log["duration_ms"].fillna(log["video_id"].map(dict(enumerate(lengths)))), log["time_ms"].to_numpy())  # fmt: skip
    u, v = np.indices((users // 2, videos // 2)).reshape(2, -1)
    seen = rng.random(len(u)) >= HOLES
    u, v = u[seen], v[seen]
    time_ms = START_MS + rng.integers(0, 28 * 86_400_000, len(u)).astype(float)
    nobody_chose = np.zeros(len(u), bool)
    views = views_of(u, v, made.truth.taste[u, v], lengths[v] / 1000, time_ms, nobody_chose, rng)
    play = views["play_time_ms"].to_numpy().copy()
    play[0] = LARGEST_RATIO * lengths[v[0]]
    time_ms[rng.random(len(u)) < 0.04] = np.nan
    days = [made.videos.rename(columns={"server_width": "video_width", "server_height": "video_height"})
            .drop(columns=["tag", "music_type"]).assign(date=day) for day in (20220408, 20220409)]  # fmt: skip
    feat = made.videos["tag"].map(lambda text: "[" + text.replace(",", ", ") + "]")
    tables = {
        "big_matrix": big,
        "small_matrix": matrix_of(u, v, play.round(), lengths[v], time_ms),
        "user_features": made.users,
        "item_daily_features": pd.concat(days, ignore_index=True),
        "item_categories": pd.DataFrame({"video_id": made.videos["video_id"], "feat": feat}),
    }
    return tables, made


def matrix_of(users, videos, play, durations, time_ms):
    """A matrix in MATRIX_COLUMNS from columns in milliseconds; a missing time is missing in all three columns."""
    import pandas as pd

    local = pd.to_datetime(pd.Series(time_ms + BEIJING), unit="ms")
    durations = np.asarray(durations, float)
    return pd.DataFrame(
        {
            "user_id": np.asarray(users),
            "video_id": np.asarray(videos),
            "play_duration": play,
            "video_duration": durations,
            "time": local.dt.strftime("%Y-%m-%d %H:%M:%S.%f").str[:-3],
            "date": local.dt.strftime("%Y%m%d").astype(float),
            "timestamp": time_ms / 1000,
            "watch_ratio": play / durations,
        }
    )


def write(tables: dict, place: Path) -> None:
    """Write tables as the CSV files of KuaiRec's 'data' folder."""
    place.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(place / f"{name}.csv", index=False)
