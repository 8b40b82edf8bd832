"""Finding and mending what is wrong with logs, each defect counted, nothing dropped in silence."""

import numpy as np

from course_lib.errors import CourseError

DOCUMENTED = ("full_active", "high_active", "middle_active", "low_active")
SENTINEL = -124
MOST_PLAYS = 20  # who lets a film run more than twenty times has fallen asleep, or is a fault of the logging


def find_defects(log, users=None, videos=None) -> dict[str, int]:
    """How many of each defect there are; those of the log are counted among different rows.

    Args:
        log, users, videos: pandas tables in KuaiRand's schema.

    Raises:
        CourseError: the log lacks columns.
    """
    check_columns(log)
    different = log.drop_duplicates()
    ratio = different["play_time_ms"] / different["duration_ms"]
    found = {
        "duplicate rows": len(log) - len(different),
        "missing times": int(different["time_ms"].isna().sum()),
        "missing durations": int(different["duration_ms"].isna().sum()),
        "impossible watch ratios": int((ratio > MOST_PLAYS).sum()),
    }
    if users is not None:
        found["sentinel -124"] = int((users.select_dtypes("number") == SENTINEL).sum().sum())
        found["undocumented activity levels"] = int((~users["user_active_degree"].isin(DOCUMENTED)).sum())
        found["users without features"] = int(users.isna().any(axis=1).sum())
    if videos is not None:
        found["lists stored as text"] = int(videos["tag"].astype(str).str.contains(",").sum())
        found["videos without duration"] = int(videos["video_duration"].isna().sum())
    return found


def check_columns(log) -> None:
    """Complain about a table that is no log."""
    missing = [
        name for name in ("user_id", "video_id", "time_ms", "play_time_ms", "duration_ms") if name not in log
    ]
    if missing:
        raise CourseError(f"this is no log in KuaiRand's schema: it lacks {', '.join(missing)}.")


def clean_log(log, videos=None):
    """The log without its defects, and what became of the rows.

    Duplicates, rows without a time and impossible watch ratios go. A missing duration is looked up: other views of the
    same film, then the table of videos; only a row for which neither knows it goes.

    Args:
        log: pandas, KuaiRand's schema; videos: its table of videos, if there is one.

    Returns:
        (clean, steps): a new table, and a list of (what was done, how many rows).
    """
    check_columns(log)
    rows, steps = log, []

    def keep(mask, what):
        nonlocal rows
        steps.append((what, int((~mask).sum())))
        rows = rows[mask]

    keep(~rows.duplicated(), "dropped: the same row again")
    keep(rows["time_ms"].notna(), "dropped: no time")
    unknown = rows["duration_ms"].isna()
    lengths = rows.groupby("video_id")["duration_ms"].median()
    if videos is not None:
        listed = videos.set_index("video_id")["video_duration"]
        lengths = lengths.reindex(lengths.index.union(listed.index)).fillna(listed)
    rows = rows.assign(duration_ms=rows["duration_ms"].fillna(rows["video_id"].map(lengths)))
    steps.append(("mended: duration looked up", int((unknown & rows["duration_ms"].notna()).sum())))
    keep(rows["duration_ms"].notna() & (rows["duration_ms"] > 0), "dropped: duration nowhere to be found")
    keep(
        rows["play_time_ms"] <= MOST_PLAYS * rows["duration_ms"],
        f"dropped: played more than {MOST_PLAYS} times over",
    )
    return rows.reset_index(drop=True), steps


def clean_users(users):
    """Users with -124 and NaN as what they are: unknown. Adds `is_live_streamer_known`; other unknowns become NaN."""
    mended = users.copy()
    mended["is_live_streamer_known"] = (users["is_live_streamer"] != SENTINEL).astype(int)
    numbers = mended.select_dtypes("number").columns
    mended[numbers] = mended[numbers].astype(float).where(mended[numbers] != SENTINEL, np.nan)
    mended["user_active_degree"] = users["user_active_degree"].where(
        users["user_active_degree"].isin(DOCUMENTED), "other"
    )
    return mended


def tags_of(videos) -> list[list[int]]:
    """The lists that are stored as text ('20,43') as lists of numbers; nothing for a missing one."""
    return [[] if text in ("nan", "None", "") else [int(float(tag)) for tag in text.strip("[]").split(",")]
            for text in videos["tag"].astype(str)]  # fmt: skip
