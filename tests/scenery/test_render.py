"""The renderer, judged by statistics of its pictures: does each attribute change what it should, and only that?"""

import hashlib

import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.scenery import PLACES, TIMES, Scene, combinations, complete, layers, render
from course_lib.scenery.canvas import Window, over, resample
from course_lib.scenery.vocabulary import stream

LAND = ("snow mountain", "grassland", "desert", "city", "forest")


def film(place, time="noon", weather="clear", motion="drifting", seed=5, frames=5, size=32, **options):
    truth = {"place": place, "time": time, "weather": weather, "motion": motion, "mood": "calm"}
    return render(truth, frames, size, seed, **options).astype(np.float32) / 255


def level(picture):
    return picture @ np.array([0.3, 0.55, 0.15], np.float32)


def test_every_combination_is_a_picture_of_its_own():
    seen = {}
    for row in combinations():
        clip = render(row, 2, 20, 1)
        assert clip.dtype == np.uint8
        assert clip.shape == (2, 20, 20, 3)
        assert clip.std() > 6, f"nearly blank: {row}"
        seen[hashlib.sha256(clip.tobytes()).hexdigest()] = row
    assert len(seen) == len(combinations())


def test_same_seed_same_bytes_other_seed_other_world():
    row = {"place": "lake", "time": "dusk"}
    assert np.array_equal(render(row, 3, 32, 9), render(row, 3, 32, 9))
    clips = [
        render({"place": "snow mountain", "time": "noon", "weather": "clear"}, 1, 32, k)[0] for k in range(12)
    ]
    apart = [np.abs(a.astype(int) - b).mean() for k, a in enumerate(clips) for b in clips[:k]]
    assert min(apart) > 5


@pytest.mark.parametrize("place", PLACES)
def test_night_is_darker_than_noon_and_can_be_read(place):
    noon, night = film(place), film(place, "night")
    assert level(night).mean() < 0.6 * level(noon).mean()
    ground = level(night)[:, 20:]
    assert ground.mean() > 0.05
    assert ground.std() > 0.008  # forms, not one black


@pytest.mark.parametrize("place", [place for place in LAND if place != "city"])  # its ground may be a river
@pytest.mark.parametrize("time", ["noon", "night"])
def test_snow_whitens_the_ground(place, time):
    clear, snow = film(place, time, "cloudy"), film(place, time, "snow")
    assert level(snow)[:, 25:].mean() > level(clear)[:, 25:].mean() * 1.15


@pytest.mark.parametrize("weather", ["rain", "snow"])
@pytest.mark.parametrize("size", [32, 64])
def test_rain_and_snow_fall_but_do_not_hide_the_place(weather, size):
    scene = Scene({"place": "desert", "time": "noon", "weather": weather, "motion": "zoom in"}, size, 5)
    times = scene.times(6)
    wet = np.stack([scene.frame(t) for t in times]).astype(np.float32)
    scene.items.pop()
    dry = np.stack([scene.frame(t) for t in times]).astype(np.float32)
    sky = slice(0, size // 3)
    assert np.abs(np.diff(wet[:, sky], axis=0)).mean() > 1.15 * np.abs(np.diff(dry[:, sky], axis=0)).mean()
    # What falls can be seen, yet covers little: most pixels are as in the picture without it.
    covered = (np.abs(wet - dry).max(-1) > 12).mean()
    assert 0.01 < covered < 0.2


def flow(clip, rows):
    """How many columns the picture moves to the right between its first and last frame (best correlation)."""
    first, last = level(clip[0])[rows], level(clip[-1])[rows]
    reach, width = 12, first.shape[1]
    first, last = first - first.mean(1, keepdims=True), last - last.mean(1, keepdims=True)
    scores = {}
    for shift in range(-reach, reach + 1):
        a, b = (
            first[:, max(0, -shift) : width - max(0, shift)],
            last[:, max(0, shift) : width - max(0, -shift)],
        )
        scores[shift] = (a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())
    return max(scores, key=scores.get)


@pytest.mark.parametrize("place", ["snow mountain", "desert", "city", "forest"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_pan_moves_the_picture_the_other_way(place, seed):
    rows = slice(10, 22)
    assert flow(film(place, motion="pan right", seed=seed, seconds=1.0), rows) < 0
    assert flow(film(place, motion="pan left", seed=seed, seconds=1.0), rows) > 0
    assert flow(film(place, motion="drifting", seed=seed, seconds=1.0), slice(20, 30)) == 0


def test_pans_to_both_sides_meet_in_the_middle():
    left, right = (film("desert", motion=motion, frames=3) for motion in ("pan left", "pan right"))
    assert np.array_equal(left[1], right[1])
    assert not np.array_equal(left[0], right[0])


def test_zooming_in_enlarges():
    clip = film("city", motion="zoom in", size=64, seed=3)
    first, last = level(clip[0]), level(clip[-1])
    camera = Scene({"place": "city", "motion": "zoom in"}, 64, 3).camera
    whole = Window(-0.5, 0.0, 64, 64, 64.0)
    grown = resample(first[..., None], whole, (0.0, 0.0, 1 + 0.75 * (camera.growth - 1)), camera)[..., 0]
    rows = slice(15, 45)
    assert np.abs(grown - last)[rows].mean() < 0.8 * np.abs(first - last)[rows].mean()


@pytest.mark.parametrize(
    ("time", "place"),
    [("dawn", "sea"), ("night", "desert"), ("dusk", "grassland"), ("night", "snow mountain")],
)
def test_the_sun_or_moon_rises(time, place):
    truth = {"place": place, "time": time, "weather": "clear", "motion": "rising", "mood": "calm"}
    scene = Scene(truth, 64, 4)
    column = int((scene.world.sun_x + 0.5) * 64)
    heights = []
    for t in (0.8, 1.4, 2.0):
        strip = level(scene.frame(t).astype(float))[:40, max(0, column - 1) : column + 2].mean(1)
        heights.append(int(strip.argmax()))
    assert heights[0] > heights[1] > heights[2]


def test_drifting_moves_clouds_and_nothing_else():
    clip = film("desert", weather="cloudy", motion="drifting", size=64)
    change = np.abs(clip[-1] - clip[0]).mean(-1)
    assert change[:24].mean() > 0.02
    assert change[52:].max() == 0


@pytest.mark.parametrize("place", ["lake", "sea"])
def test_a_boat_crosses(place):
    clip = film(place, motion="crossing", frames=9, size=64, weather="cloudy")
    ghost = np.abs(clip - np.median(clip, axis=0)).sum(-1)
    # The sails stand above the far shore's reflections: look in a band around the water line.
    where = ghost[:, 28:50].sum(1).argmax(1)
    steps = np.diff(where)
    assert abs(where[-1] - where[0]) > 30
    assert (np.sign(steps) == np.sign(where[-1] - where[0])).mean() > 0.8


@pytest.mark.parametrize("place", PLACES)
def test_time_and_weather_leave_the_land_where_it_is(place):
    def outline(time, weather):
        truth = {"place": place, "time": time, "weather": weather, "motion": "drifting"}
        names = ("mountains", "grassland", "dunes", "headland", "towers 1", "trees 1")
        return [part["canvas"][..., 3] > 0.5 for part in layers(truth, 1, 32, 3) if part["name"] in names]

    base = outline("noon", "clear")
    assert base or place == "sea"
    for time, weather in (("night", "clear"), ("dusk", "rain"), ("dawn", "snow")):
        for before, after in zip(base, outline(time, weather)):
            assert (before == after).mean() > 0.999


@pytest.mark.parametrize(
    ("place", "time", "weather", "motion"),
    [
        ("desert", "noon", "clear", "pan left"),
        ("lake", "night", "rain", "crossing"),
        ("sea", "dusk", "clear", "pan right"),
        ("grassland", "dawn", "snow", "zoom in"),
        ("city", "night", "clear", "rising"),
    ],
)
def test_layers_make_up_the_picture(place, time, weather, motion):
    truth = {"place": place, "time": time, "weather": weather, "motion": motion, "mood": "calm"}
    clip = render(truth, 3, 48, 2)
    camera = Scene(truth, 48, 2).camera
    parts = layers(truth, 3, 48, 2)
    for k in range(3):
        frame = np.zeros((48, 48, 3), np.float32)
        for part in parts:
            if "frames" in part:
                over(frame, part["frames"][k])
                continue
            height, width = part["canvas"].shape[:2]
            window = Window(part["left"], part["top"], width, height, part["density"])
            over(
                frame,
                resample(part["canvas"], window, tuple(part["path"][k].tolist()), camera),
                part["light"][k],
            )
        assert np.abs(np.clip(frame, 0, 1) * 255 - clip[k]).max() <= 1.5


@pytest.mark.parametrize("motion", ["pan right", "zoom in", "rising", "crossing"])
def test_long_shots_move_without_jumps(motion):
    time = "dawn" if motion == "rising" else "noon"
    truth = {"place": "lake", "time": time, "weather": "clear", "motion": motion}
    clip = render(truth, 96, (36, 64), 2, seconds=4.0).astype(np.float32)
    steps = np.abs(np.diff(clip, axis=0)).mean((1, 2, 3))
    assert steps.min() > 0
    assert steps.max() < 4 * np.median(steps)


def test_views_show_the_same_world_from_elsewhere():
    truth = {"place": "snow mountain", "time": "noon", "weather": "clear", "motion": "drifting"}
    pictures = [render(truth, 1, 32, 3, view=view)[0].astype(int) for view in range(3)]
    assert all(np.abs(a - b).mean() > 4 for k, a in enumerate(pictures) for b in pictures[:k])
    means = np.array([picture.mean((0, 1)) for picture in pictures])
    assert np.abs(means - means.mean(0)).max() < 30  # the same light


@pytest.mark.parametrize("size", [(512, 288), (288, 512), (256, 256), (16, 40)])
def test_any_size_and_aspect(size):
    assert render({"place": "sea", "motion": "crossing"}, 1, size, 0).shape == (1, *size, 3)


@pytest.mark.parametrize(
    ("attributes", "options", "said"),
    [
        ({"time": "noon", "motion": "rising"}, {}, "nothing rises"),
        ({"weather": "rain", "motion": "rising"}, {}, "no sun or moon"),
        ({"place": "desert", "motion": "crossing"}, {}, "boat cannot cross a desert"),
        ({"place": "volcano"}, {}, "no place 'volcano'"),
        ({"colour": "red"}, {}, "no attribute 'colour'"),
        ({}, {"size": 8}, "16 to 512"),
        ({}, {"size": 1000}, "16 to 512"),
        ({}, {"size": "big"}, "whole number"),
        ({}, {"size": 32.5}, "whole number"),
        ({}, {"frames": 0}, "frames is 0"),
        ({}, {"seed": -1}, "seed is -1"),
        ({}, {"seconds": 0}, "seconds is 0"),
        ({}, {"view": -1}, "view is -1"),
        ("a lake at noon", {}, "give a mapping"),
        ({"place": 3}, {}, "no place '3'"),
    ],
)
def test_what_cannot_be_filmed_is_named(attributes, options, said):
    with pytest.raises(CourseError, match=said):
        render(attributes, **{"frames": 1, "size": 16, "seed": 0, **options})


def test_complete_keeps_what_is_given_and_is_what_is_rendered():
    for seed in range(60):
        truth = complete({"motion": "rising"}, seed)
        assert truth["motion"] == "rising"
        assert truth["time"] != "noon"
        assert truth["weather"] in ("clear", "cloudy")
    assert np.array_equal(
        render({"place": "lake"}, 1, 20, 8), render(complete({"place": "lake"}, 8), 1, 20, 8)
    )
    drawn = {complete({}, seed)["time"] for seed in range(80)}
    assert drawn == set(TIMES)


def test_streams_are_apart():
    assert stream(1, "a").random() != stream(1, "b").random()
    assert stream(1, "a").random() == stream(1, "a").random()
