"""The mock twin of Kuaishou's logs: KuaiRand's schema and its defects, made from a seed, with tastes to be found.

Nothing in it is about a real person. It exists so that every lesson runs without a network, and because only here
the truth is known: who likes what, with what chance each film was shown, how many rows were spoiled on purpose.

The 'videos' are films of the course's own world: each has a place, a time of day, a weather, a motion and a mood,
in a table of its own (`scenes`), so that a recommendation can be looked at.
"""

from dataclasses import dataclass, field

import numpy as np

from course_lib.errors import CourseError

PLACES = ("snow mountain", "lake", "grassland", "desert", "sea", "city", "forest")
TIMES = ("dawn", "noon", "dusk", "night")
WEATHERS = ("clear", "cloudy", "rain", "snow")
MOODS = ("joyful", "calm", "grand", "wistful")
# the motions that go with every place, time and weather
MOTIONS = ("pan left", "pan right", "zoom in", "drifting")

#: The kinds of people there are: what each likes above all, and the hour at which they mostly watch.
KINDS = {
    "mountain dreamers": ({"snow mountain": 2.0, "dawn": 0.9, "grand": 1.2, "city": -1.0}, 7),
    "city night owls": ({"city": 2.0, "night": 1.3, "joyful": 0.7, "grassland": -0.9}, 23),
    "sunset walkers": ({"sea": 1.9, "dusk": 1.3, "wistful": 0.9, "snow mountain": -0.7}, 19),
    "lakeside readers": ({"lake": 1.9, "calm": 1.4, "forest": 0.4, "city": -0.9}, 21),
    "steppe riders": ({"grassland": 1.7, "desert": 1.3, "noon": 0.9, "joyful": 0.8, "sea": -0.7}, 13),
    "rain listeners": ({"forest": 1.7, "rain": 1.5, "wistful": 0.8, "desert": -1.0}, 16),
}

LOG_COLUMNS = (
    "user_id", "video_id", "date", "hourmin", "time_ms", "is_click", "is_like", "is_follow", "is_comment",
    "is_forward", "is_hate", "long_view", "play_time_ms", "duration_ms", "profile_stay_time", "comment_stay_time",
    "is_profile_enter", "is_rand", "tab",
)  # fmt: skip
ACTIVITY = {  # nine levels, where KuaiRand's description names four
    "full_active": 0.66, "high_active": 0.22, "middle_active": 0.07, "2_14_day_new": 0.02, "low_active": 0.014,
    "single_low_active": 0.006, "30day_retention": 0.004, "day_new": 0.003, "UNKNOWN": 0.003,
}  # fmt: skip
DEFECTS = {  # shares of the rows that are spoiled, as counted in the real files
    "duplicate rows": 0.077,
    "missing times": 0.04,
    "missing durations": 0.03,
    "impossible watch ratios": 0.001,
}
LARGEST_RATIO = 573.0  # the largest watch ratio found in KuaiRec
MIDDLE_VIEW = 7.5  # seconds: the median view, whatever the length
WEEKS = 4
START_MS = 1_649_347_200_000  # 8 April 2022, 00:00 in Beijing


@dataclass(frozen=True)
class Truth:
    """What nobody knows of real data.

    Attributes:
        kind: number of each user's kind in KINDS, (users,).
        taste: how much each user likes each film, (users, videos), mean about 0.
        propensity: chance of each film to be the one shown in a standard row of each week, (weeks, videos), rows sum to 1.
        first_week: of each film, (videos,): before it, it cannot be shown, and has a propensity of 0.
        defects: how many of each were planted.
    """

    kind: np.ndarray
    taste: np.ndarray
    propensity: np.ndarray
    first_week: np.ndarray
    defects: dict


@dataclass(frozen=True)
class Logs:
    """Logs and what belongs to them, as pandas tables.

    Attributes:
        log: KuaiRand's 19 columns, one row an exposure.
        users: KuaiRand's 31 columns of users; videos: its 12 columns of videos.
        scenes: video_id, place, time, weather, motion, mood; None for real data.
        licence: one line.
        truth: None for real data.
    """

    log: object
    users: object
    videos: object
    scenes: object = None
    licence: str = ""
    truth: Truth | None = field(default=None, repr=False)


def twin(
    users: int = 1200, videos: int = 420, views: int = 60, random_share: float = 0.05, seed: int = 0
) -> Logs:
    """Make the twin.

    Args:
        users, videos: how many.
        views: exposures a user has in the mean.
        random_share: share of the rows whose film was drawn blindly (`is_rand` = 1). KuaiRand-27K has 0.37 %;
            a small twin needs more for anything to be seen.
        seed: everything follows from it.

    Raises:
        CourseError: too few users, videos or views to hold any structure.
    """
    if users < 30 or videos < 30 or views < 5 or not 0 <= random_share <= 1:
        raise CourseError(
            "a twin needs at least 30 users, 30 videos, 5 views each, and a random share from 0 to 1."
        )
    rng = np.random.default_rng([seed, 2022])
    scenes = _scenes(videos, rng)
    kind = rng.permutation(np.arange(users) % len(KINDS))
    taste, fame = _tastes(kind, scenes, rng)
    first_week, propensity = _weeks(fame, rng)
    durations = np.exp(rng.normal(np.log(30), 0.8, videos)).clip(5, 300).round(3)
    log = _log(kind, taste, propensity, first_week, durations, scenes, views, random_share, rng)
    log, planted = spoil(log, rng)
    people, planted_users = _users(users, log, rng)
    films, planted_videos = _videos(durations, first_week, rng)
    truth = Truth(kind, taste, propensity, first_week, planted | planted_users | planted_videos)
    return Logs(
        log, people, films, scenes, "mock twin, CC BY 4.0 like the course's pictures; no real person", truth
    )


def _scenes(count: int, rng):
    import pandas as pd

    words = {"place": PLACES, "time": TIMES, "weather": WEATHERS, "motion": MOTIONS, "mood": MOODS}
    drawn = {name: rng.choice(choices, count) for name, choices in words.items()}
    return pd.DataFrame({"video_id": np.arange(count), **drawn})


def _tastes(kind, scenes, rng):
    """(taste, fame): liking = what the kind likes + a person's own bent + how well the film is made."""
    words = [word for group in (PLACES, TIMES, WEATHERS, MOODS) for word in group]
    likes = np.array([[liked.get(word, 0.0) for word in words] for liked, _ in KINDS.values()])
    shows = np.stack([(scenes[name] == word).to_numpy() for name, group in
                      (("place", PLACES), ("time", TIMES), ("weather", WEATHERS), ("mood", MOODS)) for word in group])  # fmt: skip
    own = likes[kind] + rng.normal(0, 0.35, (len(kind), len(words)))
    taste = own @ shows
    quality = rng.normal(0, 0.45, len(scenes))
    taste = taste - taste.mean() + quality
    # what is well made is shown more, and fame feeds itself: a long tail
    fame = np.exp(1.1 * quality + rng.normal(0, 0.9, len(scenes)))
    return taste, fame


def _weeks(fame, rng):
    """(first_week, propensity): a fifth of the films come out later, and fame wanders from week to week."""
    late = rng.random(len(fame)) < 0.2
    first_week = np.where(late, rng.integers(1, WEEKS, len(fame)), 0)
    walk = np.cumsum(rng.normal(0, 0.35, (WEEKS, len(fame))), axis=0)
    shown = fame * np.exp(walk) * (np.arange(WEEKS)[:, None] >= first_week)
    return first_week, shown / shown.sum(1, keepdims=True)


def _log(kind, taste, propensity, first_week, durations, scenes, views, random_share, rng):
    users = len(taste)
    counts = np.maximum(5, rng.lognormal(np.log(views) - 0.18, 0.6, users).astype(int))
    user = np.repeat(np.arange(users), counts)
    n = len(user)
    # a fifth of the people join later, too
    joined = np.where(rng.random(users) < 0.2, rng.integers(0, 7 * WEEKS - 4, users), 0)
    day = (joined[user] + rng.random(n) * (7 * WEEKS - joined[user])).astype(int)
    blind = rng.random(n) < random_share
    video = np.empty(n, int)
    for week in range(WEEKS):
        out = np.flatnonzero(first_week <= week)
        for rows, chance in ((blind, np.full(len(out), 1 / len(out))), (~blind, propensity[week, out])):
            chosen = rows & (day // 7 == week)
            video[chosen] = rng.choice(out, chosen.sum(), p=chance)
    hour = hours_of(kind[user], rng)
    time_ms = START_MS + (day * 86_400_000 + hour * 3_600_000).astype(np.int64)
    mood, place = scenes["mood"].to_numpy()[video], scenes["place"].to_numpy()[video]
    # tastes drift with the weeks: places come into fashion and go out of it
    fashion = np.cumsum(rng.normal(0, 0.35, (WEEKS, len(PLACES))), axis=0)
    liking = taste[user, video] + by_hour(hour, mood)
    liking += fashion[day // 7, np.argmax(place[:, None] == np.array(PLACES), axis=1)]
    return views_of(user, video, liking, durations[video], time_ms, blind, rng)


def hours_of(kind, rng) -> np.ndarray:
    """The hour, from 0 to 24, at which people of these kinds (n,) watch: mostly about their favourite one."""
    favourite = np.array([hour for _, hour in KINDS.values()])[kind]
    n = len(favourite)
    return np.where(rng.random(n) < 0.6, favourite + rng.normal(0, 1.5, n), rng.uniform(0, 24, n)) % 24


def by_hour(hour, mood) -> np.ndarray:
    """What the hour adds to liking: calm late at night, joyful about noon, (n,)."""
    late, noon = np.cos((hour - 23.5) / 24 * 2 * np.pi), np.cos((hour - 12.5) / 24 * 2 * np.pi)
    return 0.5 * late * (mood == "calm") + 0.5 * noon * (mood == "joyful")


def views_of(user, video, liking, seconds, time_ms, blind, rng):
    """What people do who are shown films, as rows of a log in KuaiRand's 19 columns.

    Args:
        user, video: numbers, (n,); liking: how much each likes this film at this moment, mean about 0, (n,).
        seconds: length of the film, (n,); time_ms: when, (n,); blind: was the film drawn blindly? (n,).
        rng: where luck comes from.
    """
    import pandas as pd

    n = len(user)
    # how long one looks hardly depends on the length: so the watch ratio is mostly 1 / length
    play = MIDDLE_VIEW * np.exp(0.55 * liking + 0.12 * np.log(seconds / 30) + rng.normal(0, 0.55, n))
    play = np.minimum(play, 6 * seconds)

    def happens(slope, level):
        return (rng.random(n) < 1 / (1 + np.exp(-(slope * liking + level)))).astype(int)

    local = pd.to_datetime(time_ms + 8 * 3_600_000, unit="ms")
    entered = happens(0.6, -4)
    columns = {
        "user_id": user, "video_id": video, "date": local.strftime("%Y%m%d").astype(int),
        "hourmin": (local.hour * 100).to_numpy(), "time_ms": time_ms.astype(float), "is_click": happens(1.0, -0.6),
        "is_like": happens(1.3, -3.6), "is_follow": happens(1.0, -5.5), "is_comment": happens(0.9, -5.0),
        "is_forward": happens(0.9, -5.5), "is_hate": happens(-1.2, -6.5),
        "long_view": (play >= np.minimum(seconds, 18)).astype(int), "play_time_ms": (play * 1000).round(),
        "duration_ms": seconds * 1000, "profile_stay_time": entered * rng.integers(500, 60_000, n),
        "comment_stay_time": happens(0.8, -2.5) * rng.integers(500, 60_000, n), "is_profile_enter": entered,
        "is_rand": blind.astype(int), "tab": rng.choice(15, n, p=np.r_[0.2, 0.6, np.full(13, 0.2 / 13)]),
    }  # fmt: skip
    return pd.DataFrame(columns)[list(LOG_COLUMNS)]


def spoil(log, rng):
    """Plant the defects; returns the log in order of time and how many of each there are among different rows."""
    import pandas as pd

    n = len(log)
    counts = {name: max(1, round(share * n)) for name, share in DEFECTS.items()}
    order = rng.permutation(n)
    # different rows for different defects, so that each can be counted
    ends = np.cumsum(
        [counts[name] for name in ("missing times", "missing durations", "impossible watch ratios")]
    )
    without_time, without_duration, strange = np.split(order[: ends[-1]], ends[:-1])
    ratio = rng.uniform(60, LARGEST_RATIO, len(strange))
    ratio[0] = LARGEST_RATIO
    log.loc[strange, "play_time_ms"] = (log["duration_ms"].to_numpy()[strange] * ratio).round()
    log.loc[without_duration, "duration_ms"] = np.nan
    in_time = log["time_ms"].to_numpy().copy()
    log.loc[without_time, "time_ms"] = np.nan
    again = rng.choice(n, counts["duplicate rows"], replace=False)
    whole = pd.concat([log, log.iloc[again]])
    whole = whole.iloc[np.argsort(np.r_[in_time, in_time[again]], kind="stable")]
    return whole.reset_index(drop=True), counts


def _users(count: int, log, rng):
    """KuaiRand's 31 columns; the numbers of views have nothing to do with kinds, as in life."""
    import pandas as pd

    active = log["user_id"].value_counts().reindex(range(count)).to_numpy()
    follow = np.exp(rng.normal(4.2, 1.3, count)).astype(int)
    fans = np.exp(rng.normal(2.5, 1.7, count)).astype(int)
    friends = (np.minimum(follow, fans) * rng.uniform(0.05, 0.6, count)).astype(int)
    days = rng.integers(8, 2900, count)
    levels = rng.choice(list(ACTIVITY), count, p=list(ACTIVITY.values()))
    levels[: len(ACTIVITY)] = list(ACTIVITY)  # every level at least once
    streamer = np.where(rng.random(count) < 0.77, -124, rng.integers(0, 2, count))
    ranges = (0, 1, 11, 51, 101, 151, 251, 501)

    def grouped(numbers):
        return [f">={max(one for one in ranges if one <= value)}" for value in numbers]

    columns = {
        "user_id": np.arange(count), "user_active_degree": levels,
        "is_lowactive_period": (active < np.quantile(active, 0.05)).astype(int), "is_live_streamer": streamer,
        "is_video_author": rng.integers(0, 2, count), "follow_user_num": follow, "follow_user_num_range": grouped(follow),
        "fans_user_num": fans, "fans_user_num_range": grouped(fans), "friend_user_num": friends,
        "friend_user_num_range": grouped(friends), "register_days": days, "register_days_range": grouped(days),
    }  # fmt: skip
    sizes = (2, 7, 50, 1471, 15, 34, 3, 118, 454, 7, 5, 5, 2, 2, 2, 2, 2, 2)
    for number, size in enumerate(sizes):
        columns[f"onehot_feat{number}"] = rng.integers(0, size, count).astype(float)
    table = pd.DataFrame(columns)
    lost = rng.choice(count, max(1, round(0.026 * count)), replace=False)
    table.loc[lost, [f"onehot_feat{number}" for number in (4, *range(12, 18))]] = np.nan
    planted = {
        "sentinel -124": int((streamer == -124).sum()),
        "undocumented activity levels": int((~np.isin(levels, [*list(ACTIVITY)[:3], "low_active"])).sum()),
        "users without features": len(lost),
    }
    return table, planted


def _videos(durations, first_week, rng):
    import pandas as pd

    count = len(durations)
    days = np.where(first_week > 0, 7 * first_week, -rng.integers(0, 30, count))
    tags = [
        ",".join(map(str, rng.choice(70, rng.choice([1, 2, 3], p=[0.75, 0.2, 0.05]), replace=False)))
        for _ in durations
    ]
    columns = {
        "video_id": np.arange(count), "author_id": rng.integers(0, max(10, count // 3), count),
        "video_type": rng.choice(["NORMAL", "AD", "UNKNOWN"], count, p=[0.96, 0.03, 0.01]),
        "upload_dt": pd.to_datetime(START_MS + days * 86_400_000, unit="ms").strftime("%Y-%m-%d"),
        "upload_type": rng.choice(["LongImport", "ShortImport", "Kmovie", "Web", "LongCamera"], count),
        "visible_status": 0.0, "video_duration": durations * 1000, "server_width": 720.0, "server_height": 1280.0,
        "music_id": rng.integers(4_000_000_000, 9_170_000_000, count), "music_type": rng.choice([4.0, 9.0, 11.0], count),
        "tag": tags,
    }  # fmt: skip
    table = pd.DataFrame(columns)
    lost = rng.choice(count, max(1, round(0.03 * count)), replace=False)
    table.loc[lost, "video_duration"] = np.nan
    lists = sum("," in tag for tag in tags)
    return table, {"lists stored as text": lists, "videos without duration": len(lost)}
