"""Cases, alternatives and wrong answers of lesson 14's exercises that are too long for the list."""

import copy
import hashlib
import itertools

import numpy as np


# --- the scene to make next
def shelves(rng):
    small = [["lake", "sea"], ["dawn", "night"]]
    cases = [
        {"liking": {"lake": 1.0, "sea": 0.5, "dawn": 0.2, "night": -0.4}, "groups": small, "taken": []},
        {
            "liking": {"lake": 1.0, "sea": 0.5, "dawn": 0.2, "night": -0.4},
            "groups": small,
            "taken": [["lake", "dawn"]],
        },
        # all disliked, and all equal
        {"liking": {"lake": -1.0, "sea": -0.5, "dawn": -0.25, "night": -0.5}, "groups": small, "taken": []},
        {"liking": {"lake": 0.5, "sea": 0.5, "dawn": 0.25, "night": 0.25}, "groups": small, "taken": []},
        {
            "liking": {"lake": 1.0, "sea": 0.5, "dawn": 0.2, "night": -0.4},
            "groups": small,
            "taken": [list(scene) for scene in itertools.product(*small)],
        },
    ]
    groups = [["lake", "sea", "city"], ["dawn", "noon"], ["rain", "clear"], ["calm", "joyful"]]
    for taken in (2, 6, 12):
        liking = {word: round(float(rng.normal()), 2) for group in groups for word in group}
        scenes = sorted(itertools.product(*groups), key=lambda scene: -sum(liking[word] for word in scene))
        cases.append({"liking": liking, "groups": groups, "taken": [list(scene) for scene in scenes[:taken]]})
    return cases


def scene_by_max(liking, groups, taken):
    left = [list(scene) for scene in itertools.product(*groups) if list(scene) not in taken]
    return max(left, key=lambda scene: sum(liking[word] for word in scene), default=None)


def scene_word_by_word(liking, groups, taken):
    scenes = [[]]
    for group in groups:
        scenes = [[*scene, word] for scene in scenes for word in group]
    used = {tuple(scene) for scene in taken}
    best = None
    for scene in scenes:
        if tuple(scene) in used:
            continue
        if best is None or sum(map(liking.get, scene)) > sum(map(liking.get, best)):
            best = scene
    return best


def scene_taken_ignored(liking, groups, taken):
    return [max(group, key=lambda word: liking[word]) for group in groups]


def scene_gives_up(liking, groups, taken):
    best = [max(group, key=lambda word: liking[word]) for group in groups]
    return None if best in taken else best


def scene_without_taken_words(liking, groups, taken):
    used = {word for scene in taken for word in scene}
    best = []
    for group in groups:
        left = [word for word in group if word not in used]
        if not left:
            return None
        best.append(max(left, key=lambda word: liking[word]))
    return best


# --- arms
def crowd(rng):
    cases = [{"person": 0, "arms": 2, "salt": "spring"}, {"person": 1, "arms": 2, "salt": "spring"}]
    for arms in (2, 3, 3, 5, 7, 10):
        cases.append(
            {"person": int(rng.integers(0, 10**6)), "arms": arms, "salt": f"trial {rng.integers(100)}"}
        )
    return cases


def arm_from_bytes(person, arms, salt):
    digest = hashlib.sha256((str(salt) + ":" + str(person)).encode("utf-8")).digest()
    return int.from_bytes(digest, "big") % arms


def arm_digit_by_digit(person, arms, salt):
    rest = 0
    for digit in hashlib.sha256(bytes(f"{salt}:{person}", "utf-8")).hexdigest():
        rest = (16 * rest + "0123456789abcdef".index(digit)) % arms
    return rest


# --- rates
def people_with_likes(rng):
    cases = [
        {"likes": np.array([2.0, 0.0]), "shows": np.array([4.0, 4.0])},
        {"likes": np.array([1.0, 3.0, 0.0]), "shows": np.array([10.0, 10.0, 20.0])},
    ]
    for n in (5, 12, 40):
        shows = rng.integers(1, 20, n).astype(float)
        cases.append(
            {"likes": rng.binomial(shows.astype(int), rng.beta(1, 3, n)).astype(float), "shows": shows}
        )
    return cases


def rate_with_residuals(likes, shows):
    total = np.sum(shows)
    rate = np.sum(likes) / total
    variance = np.var(likes - rate * shows, ddof=1)
    return 1000 * rate, 1000 * np.sqrt(len(likes) * variance) / total


def rate_with_a_loop(likes, shows):
    rate, squares = sum(likes) / sum(shows), 0.0
    for liked, shown in zip(likes, shows):
        squares += (liked - rate * shown) ** 2
    n = len(likes)
    return rate * 1000, (squares * n / (n - 1)) ** 0.5 / sum(shows) * 1000


def rate_by_show(likes, shows):
    rate, n = likes.sum() / shows.sum(), shows.sum()
    return 1000 * rate, 1000 * np.sqrt(rate * (1 - rate) / n)


def rate_mean_of_people(likes, shows):
    own = likes / shows
    return 1000 * own.mean(), 1000 * own.std(ddof=1) / np.sqrt(len(own))


# --- lift
def two_arms(rng):
    cases = []
    for n, m, draws in ((3, 2, 4), (8, 5, 20), (15, 20, 40)):
        shows, control = rng.integers(3, 20, n).astype(float), rng.integers(3, 20, m).astype(float)
        cases.append(
            {
                "likes": 1 + rng.binomial(shows.astype(int) - 1, 0.4).astype(float),
                "shows": shows,
                "control_likes": 1 + rng.binomial(control.astype(int) - 1, 0.2).astype(float),
                "control_shows": control,
                "picks": rng.integers(0, n, (draws, n)),
                "control_picks": rng.integers(0, m, (draws, m)),
            }
        )
    return cases


def lift_draw_by_draw(likes, shows, control_likes, control_shows, picks, control_picks):
    def lift(a, sa, b, sb):
        return (sum(a) * sum(sb) / (sum(sa) * sum(b)) - 1) * 100

    drawn = [
        lift(likes[one], shows[one], control_likes[two], control_shows[two])
        for one, two in zip(picks, control_picks)
    ]
    bounds = np.percentile(drawn, [2.5, 97.5])
    return lift(likes, shows, control_likes, control_shows), bounds[0], bounds[1]


def lift_by_counting(likes, shows, control_likes, control_shows, picks, control_picks):
    often = np.array([np.bincount(row, minlength=len(likes)) for row in picks])
    control_often = np.array([np.bincount(row, minlength=len(control_likes)) for row in control_picks])
    ratio = (often @ likes) / (often @ shows) * (control_often @ control_shows)
    drawn = 100 * (ratio / (control_often @ control_likes) - 1)
    here = likes.sum() / shows.sum() * control_shows.sum() / control_likes.sum()
    return 100 * here - 100, np.quantile(drawn, 0.025), np.quantile(drawn, 0.975)


def lift_of_means(likes, shows, control_likes, control_shows, picks, control_picks):
    own, control = likes / shows, control_likes / control_shows
    drawn = 100 * (own[picks].mean(axis=1) / control[control_picks].mean(axis=1) - 1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return 100 * (own.mean() / control.mean() - 1), low, high


# --- records
SOUND = {
    "seconds": 10.0,
    "shots": [
        {"start": 0.0, "end": 6.0, "words": [["湖", 3.4, 4.0], ["边", 4.0, 5.2]]},
        {"start": 6.0, "end": 10.0, "words": [["静", 6.4, 7.0]]},
    ],
    "subtitles": [{"start": 3.4, "end": 5.4}, {"start": 6.4, "end": 7.2}],
    "label": {"Label": "1", "ContentProducer": "somebody"},
}


def broken(*changes):
    """The sound record with some values changed: (path to it, new value) each."""
    record = copy.deepcopy(SOUND)
    for path, value in changes:
        place = record
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    return {"record": record}


def records(rng):
    tiny = float(rng.uniform(0.002, 0.008))
    big = float(rng.uniform(0.05, 0.4))
    return [
        broken(),
        broken((("label", "Label"), "0")),
        broken((("label", "ContentProducer"), "")),
        broken((("label",), {})),
        broken((("shots", 0, "start"), big)),
        broken((("shots", 1, "start"), 6.0 + big)),
        broken((("shots", 1, "start"), 6.0 - big)),
        broken((("seconds",), 10.0 + big)),
        broken((("seconds",), 10.0 - big)),
        broken((("shots", 1, "words", 0, 1), 6.0 - big)),
        broken((("shots", 0, "words", 1, 2), 6.0 + big)),
        broken((("subtitles", 1, "start"), 5.4 - big)),
        broken((("subtitles", 0, "end"), 3.4)),
        broken((("subtitles", 0, "end"), 3.0), (("subtitles", 1, "start"), 3.2)),
        broken((("subtitles", 1, "end"), 10.0 + big)),
        # not the last subtitle, and not the last word
        broken(
            (("subtitles", 0), {"start": 9.0, "end": 10.0 + big}),
            (("subtitles", 1), {"start": 10.5, "end": 9.9}),
        ),
        broken((("subtitles", 0, "start"), -big)),
        broken((("subtitles", 0, "start"), big)),  # early, but not too early
        broken((("shots", 0, "words", 0, 1), -big)),
        # within the slack
        broken((("shots", 1, "start"), 6.0 + tiny), (("seconds",), 10.0 + tiny)),
        broken((("shots", 0, "words", 1, 2), 6.0 + tiny), (("shots", 1, "words", 0, 1), 6.0 - tiny)),
        broken((("subtitles", 1, "start"), 5.4 - tiny), (("subtitles", 1, "end"), 10.0 + tiny)),
        # everything at once; no subtitles at all
        broken(
            (("shots", 0, "end"), 5.0),
            (("subtitles", 0, "end"), 12.0),
            (("label", "Label"), 1),
        ),
        broken((("subtitles",), [])),
    ]


def faults_with_all(record):
    end, slack = record["seconds"], 0.01
    shots, lines = record["shots"], record["subtitles"]
    edges = [0.0, *(shot["end"] for shot in shots)]
    whole = all(abs(shot["start"] - edge) <= slack for shot, edge in zip(shots, edges))
    whole = whole and abs(edges[-1] - end) <= slack
    inside = all(
        shot["start"] - slack <= word[1] and word[2] <= shot["end"] + slack
        for shot in shots
        for word in shot["words"]
    )
    gone = [0.0, *(line["end"] for line in lines)]
    fine = all(
        line["start"] < line["end"] <= end + slack and line["start"] >= before - slack
        for line, before in zip(lines, gone)
    )
    label = record["label"]
    labelled = label.get("Label") == "1" and bool(label.get("ContentProducer"))
    named = (("shots", whole), ("words", inside), ("subtitles", fine), ("label", labelled))
    return [name for name, good in named if not good]


def faults_with_arrays(record):
    found, slack = [], 0.01
    begins = np.array([shot["start"] for shot in record["shots"]] + [record["seconds"]])
    ends = np.array([0.0] + [shot["end"] for shot in record["shots"]])
    if np.abs(begins - ends).max() > slack:
        found.append("shots")
    early = [shot["start"] - word[1] for shot in record["shots"] for word in shot["words"]]
    late = [word[2] - shot["end"] for shot in record["shots"] for word in shot["words"]]
    if max([*early, *late], default=0.0) > slack:
        found.append("words")
    lines = np.array([[line["start"], line["end"]] for line in record["subtitles"]]).reshape(-1, 2)
    before = np.concatenate([[0.0], lines[:-1, 1]])[: len(lines)]
    wrong = (lines[:, 1] <= lines[:, 0]) | (lines[:, 0] < before - slack)
    if np.any(wrong | (lines[:, 1] > record["seconds"] + slack)):
        found.append("subtitles")
    if record["label"].get("Label", "") != "1" or record["label"].get("ContentProducer", "") == "":
        found.append("label")
    return found
