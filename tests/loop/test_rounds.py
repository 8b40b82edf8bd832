"""The loop: the same run twice, after an interruption, with broken files; arms and viewers are what they should be."""

import json

import numpy as np
import pandas as pd
import pytest

from course_lib import cli
from course_lib.data.twin import twin
from course_lib.errors import CourseError
from course_lib.loop import arms, measure, viewers
from course_lib.loop.prompts import best_scene, prompt_of
from course_lib.loop.rounds import Settings, first_catalogue, run
from course_lib.loop.studio import APPLICATIONS, Studio, shown_in
from course_lib.recommend.profiles import GROUPS
from course_lib.text.storyboard import storyboard

SMALL = Settings(
    rounds=2,
    users=120,
    videos=60,
    views=12,
    visits=5,
    profiles=3,
    films=1,
    source="renderer",
    short_side=90,
    fps=10,
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A small run with films: its folder, its rounds, what it said."""
    folder, said = tmp_path_factory.mktemp("loop") / "run", []
    return folder, run(SMALL, folder, said.append), said


def test_each_round_passes_something_on(finished):
    _, done, _ = finished
    assert [one.number for one in done] == [1, 2]
    assert [int(one.catalogue["made"].sum()) for one in done] == [1, 2]
    assert not done[1].log["user_id"].isna().any()
    assert done[1].log["time_ms"].min() > done[0].log["time_ms"].max() - 2 * 86_400_000
    for one in done:
        assert len(one.clean) < len(one.log), "defects were planted, and found"
        assert sum(row["people"] for row in one.results["arms"]) == 120
        assert one.results["arms"][1]["made"] == 0, "the arm 'personal' is not shown made films"


def test_nobody_sees_a_film_twice(finished):
    _, done, _ = finished
    for one in done:
        assert not one.clean.duplicated(["user_id", "video_id"]).any()
    pairs = [set(zip(one.clean["user_id"], one.clean["video_id"])) for one in done]
    assert not pairs[0] & pairs[1]


def test_after_an_interruption_what_was_made_stays(finished):
    folder, done, _ = finished
    films = sorted((folder / "films").glob("*.mp4"))
    assert len(films) == 2
    before = [path.stat().st_mtime_ns for path in films]
    # stopped in the second round: its folder has no results yet
    (folder / "round-2").rename(folder / "round-2.part")
    said = []
    again = run(SMALL, folder, said.append)
    assert "round 1: was there already" in said
    assert not any(sentence.startswith("film ") for sentence in said)
    assert [path.stat().st_mtime_ns for path in films] == before
    for one, two in zip(done, again):
        assert one.log.astype(float).equals(two.log.astype(float))
        assert one.results["arms"] == two.results["arms"]
        assert one.deck == two.deck


def test_a_broken_film_is_made_again(finished):
    folder, done, _ = finished
    path = folder / done[1].catalogue["file"].iloc[-1]
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    (folder / "round-2").rename(folder / "round-2.old")
    said = []
    run(SMALL, folder, said.append)
    assert [sentence for sentence in said if sentence.startswith("film ")]
    assert len(path.read_bytes()) > len(whole) // 2


def test_other_settings_and_other_folders_are_refused(finished, tmp_path):
    folder, _, _ = finished
    with pytest.raises(CourseError, match="seed 0 there, 1 now"):
        run(Settings(**{**vars(SMALL), "seed": 1}), folder)
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(CourseError, match="something else than a run"):
        run(SMALL, tmp_path)
    assert (tmp_path / "letter.txt").exists()
    with pytest.raises(CourseError, match="films need a folder"):
        run(SMALL)
    with pytest.raises(CourseError, match="'users' is 3: choose"):
        run(Settings(users=3, source="none"))


def test_the_command_goes_on_and_leaves_a_page(tmp_path, capsys):
    options = [
        "loop",
        "--out",
        str(tmp_path / "run"),
        "--source",
        "renderer",
        "--size",
        "90",
        "--users",
        "120",
    ]
    options += ["--films", "0", "--no-applications"]
    assert cli.main([*options, "--rounds", "1"]) == 0
    capsys.readouterr()
    assert cli.main([*options, "--rounds", "2"]) == 0
    said = capsys.readouterr().out
    assert "round 1: was there already" in said
    assert "personal, with made films" in said
    assert "<table>" in (tmp_path / "run" / "index.html").read_text(encoding="utf-8")
    assert cli.main([*options, "--size", "20"]) == 2


def test_personal_lists_win_where_tastes_are_known():
    done = run(Settings(rounds=1, users=600, films=0, source="none", seed=3))
    control, personal, _ = done[0].results["arms"]
    assert personal["low"] > 0
    assert personal["expected"] > 1.3 * control["expected"]


def test_arms_are_even_and_trials_are_independent():
    one, two = arms.arms_of(3000, "a"), arms.arms_of(3000, "b")
    table = np.bincount(3 * one + two, minlength=9)
    assert abs(table - 3000 / 9).max() < 5 * np.sqrt(3000 / 9)


def test_serving_obeys_arms_and_never_repeats():
    rng = np.random.default_rng(0)
    users, films = 90, 30
    seen, made = rng.random((users, films)) < 0.4, np.arange(films) >= 25
    seen[0] = True
    arm = np.arange(users) % 3
    visits = rng.integers(2, 9, users)
    user, video, blind = arms.serve(
        rng.random((users, films)), np.tile(rng.random(films), (users, 1)), arm, made, seen, visits, rng
    )
    assert not seen[user, video].any()
    assert len(set(zip(user, video))) == len(user)
    assert not made[video[arm[user] == 1]].any()
    assert 0.04 < blind.mean() < 0.18
    shown = np.bincount(user, minlength=users)
    assert shown[0] == 0
    assert (shown <= visits).all()
    assert shown.sum() > 0.95 * visits[1:].sum()


def test_viewers_like_what_is_shown():
    logs = twin(60, 60, 12)
    crowd = viewers.viewers_of(logs)
    table = first_catalogue(logs)
    liking = crowd.liking(table)
    assert np.array_equal(liking, logs.truth.taste)
    best = {"place": "snow mountain", "time": "dawn", "weather": "clear", "mood": "grand"}
    row = pd.DataFrame([{**table.iloc[0].to_dict(), **best, "video_id": 60}])
    longer = pd.concat([table, row], ignore_index=True)
    new = crowd.liking(longer)[:, 60]
    assert new[logs.truth.kind == 0].mean() > new[logs.truth.kind != 0].mean() + 2
    chance = viewers.chances(crowd, table)
    assert ((chance > 0) & (chance < 1)).all()
    assert (viewers.chances(crowd, table, 2) > chance).all(), "the holiday makes everybody like more"


def test_the_error_by_person_is_that_of_many_draws():
    rng = np.random.default_rng(1)
    shows = rng.integers(2, 20, 4000)
    likes = rng.binomial(shows, rng.beta(0.5, 2, 4000))
    samples = [rng.integers(0, 4000, 200) for _ in range(600)]
    found = [measure.rate_and_error(likes[one], shows[one]) for one in samples]
    rates, errors = np.array(found).T
    assert np.mean(errors) == pytest.approx(rates.std(), rel=0.1)


def test_variety_by_hand():
    table = pd.DataFrame({"place": ["sea", "lake", "city"]})
    log = pd.DataFrame({"user_id": [0, 0, 1, 1], "video_id": [0, 1, 2, 2]})
    assert measure.variety(log, table, np.array([0, 1])) == pytest.approx([2, 1])


def test_every_scene_has_a_prompt_that_is_understood():
    rng = np.random.default_rng(2)
    table = twin(60, 60, 12).scenes
    words = [sorted(table[group].unique()) for group in GROUPS]
    for number in range(12):
        scene = dict(zip(GROUPS, [str(rng.choice(group)) for group in words]))
        board = storyboard(prompt_of(scene, ("zh", "en")[number % 2], number))
        assert all(shot.attributes[group] == word for shot in board.shots for group, word in scene.items())
    assert best_scene({"a": 0.0, "b": 0.0}, [["a", "b"]], [["a"]]) == ["b"]


def test_what_is_seen_longest_counts_and_what_the_judge_reads_more_than_what_was_asked_for():
    asked = {"place": "lake", "time": "dawn", "mood": "calm"}
    shots = [
        {"start": 0.0, "end": 3.0, "shows": asked, "judge": None},
        {"start": 3.0, "end": 8.0, "shows": asked, "judge": {"reads": {"place": "sea"}}},
        {"start": 8.0, "end": 9.0, "shows": asked | {"time": "noon"}},
    ]
    assert shown_in({"shots": shots, "mood": "grand"}) == {"place": "sea", "time": "dawn", "mood": "grand"}


def test_a_studio_keeps_to_the_order(tmp_path):
    studio = Studio(tmp_path, "renderer", 90, 10)
    order = APPLICATIONS["brand"]
    record = {"text": order.text, "seed": order.seed, "aspect": order.aspect, "voice": order.voice, "fps": 10,
              "style": order.style.record() | {}, "size": {"width": 90, "height": 90}, "source": "renderer"}  # fmt: skip
    record = json.loads(json.dumps(record))
    assert studio.is_it(record, order)
    for name, other in (
        ("text", "x"),
        ("seed", 1),
        ("aspect", "16:9"),
        ("fps", 25),
        ("source", "gan"),
        ("style", "warm"),
    ):
        assert not studio.is_it({**record, name: other}, order)
