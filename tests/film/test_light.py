"""Light, windows, plans, pictures' likeness, seals: each against arithmetic done another way."""

import json

import numpy as np
import pytest
from PIL import Image

from course_lib.errors import CourseError
from course_lib.film import light, motion, plan, quality, seal
from course_lib.film.cards import inset, lower_third
from course_lib.film.example import ten_seconds
from course_lib.film.paint import Patch
from course_lib.film.styles import LEAST_CONTRAST, STYLES, Pace, Style, style_named, varied


def test_srgb_goes_and_comes_back():
    numbers = np.linspace(0, 1, 1001)
    assert np.allclose(light.to_srgb(light.to_linear(numbers)), numbers, atol=1e-6)
    assert light.to_linear(1.0) == pytest.approx(1)
    assert light.to_linear(128 / 255) == pytest.approx(0.2158605)
    # both pieces meet, where the standard joins them
    assert light.to_linear(0.04045) == pytest.approx(light.to_linear(0.04045 + 1e-9), abs=1e-6)


def test_half_of_black_and_white_is_brighter_than_half_of_255():
    mixed = light.cross_fade(np.uint8([[0]]), np.uint8([[255]]), 0.5)
    assert mixed[0, 0] == 188


@pytest.mark.parametrize("share", [0.0, 0.013, 0.5, 0.87, 1.0])
def test_the_fast_fade_gives_the_same_numbers(share):
    one, other = np.random.default_rng(0).integers(0, 256, (2, 60, 50, 3), dtype=np.uint8)
    assert np.array_equal(light.fade(one, other, share), light.cross_fade(one, other, share))


def test_contrast_ratios_that_are_known():
    assert light.contrast_ratio([0, 0, 0], [255, 255, 255]) == pytest.approx(21)
    # the lightest grey that passes for text on white is known to be #767676
    assert light.contrast_ratio([0x76] * 3, [255] * 3) == pytest.approx(4.54, abs=0.005)
    assert light.contrast_ratio([0x77] * 3, [255] * 3) < 4.5


def test_a_zoom_keeps_one_point_in_its_place_and_its_pace():
    start, end = [0.5, 0.28, 1.0], [0.3, 0.2, 0.25]
    seen = np.array([motion.window(start, end, p) for p in np.linspace(0, 1, 9)])
    assert np.allclose(seen[[0, -1]], [start, end])
    assert np.allclose(seen[1:, 2] / seen[:-1, 2], 0.25 ** (1 / 8))
    for axis in (0, 1):  # the point f with (f - centre) / width the same at both ends: it is everywhere
        fixed = (end[axis] * start[2] - start[axis] * end[2]) / (start[2] - end[2])
        assert np.ptp((fixed - seen[:, axis]) / seen[:, 2]) < 1e-12


def test_looking_through_a_window():
    still = np.zeros((90, 160, 3), np.uint8)
    still[30:60, 40:120] = 200
    assert np.array_equal(motion.look(still, [0.5, 90 / 320, 1.0], (90, 160)), still)
    middle = motion.look(still, [0.5, 0.28125, 0.25], (18, 32))
    assert (middle == 200).all()
    # half a pixel to the right is neither of the two pictures
    ramp = np.tile(np.arange(160, dtype=np.uint8)[None, :, None], (90, 1, 3))
    a, b, c = (motion.look(ramp, [0.5 + k / 320, 0.28125, 0.5], (45, 80)) for k in range(3))
    assert a[20, 40, 0] < c[20, 40, 0]
    assert a[20, 40, 0] <= b[20, 40, 0] <= c[20, 40, 0]
    with pytest.raises(CourseError, match="beyond the picture"):
        motion.look(still, [0.9, 0.28, 0.5], (45, 80))


def test_the_fast_patch_does_what_place_over_does():
    random = np.random.default_rng(1)
    for at in ([3, 4], [-5, 2], [30, -7], [-99, 0], [0, 99]):
        for strength in (1.0, 0.6, 0.0):
            canvas = random.integers(0, 256, (30, 40, 3), dtype=np.uint8)
            patch = random.integers(0, 256, (12, 15, 4), dtype=np.uint8)
            wanted = plan.place_over(canvas, patch, at, strength).astype(int)
            painter = Patch(patch)
            for _ in range(2):  # the second time from what was kept
                got = canvas.copy()
                painter.lay(got, at, strength)
                assert np.abs(got - wanted).max() <= (1 if strength in (0.0, 1.0) else 3)


def small_plan():
    items = [
        {"name": "sea", "kind": "picture", "start": 0.0, "end": 1.2, "layer": 0},
        {"name": "hill", "kind": "picture", "start": 0.8, "end": 2.0, "layer": 1, "fade_in": 0.4},
        {"name": "word", "kind": "title", "start": 0.2, "end": 1.0, "layer": 5, "at": [2, 3]},
        {"name": "tone", "kind": "sound", "start": 0.5, "end": 1.5, "level": -6.0206},
    ]
    media = {
        "sea": np.full((20, 30, 3), (10, 40, 200), np.uint8),
        "hill": lambda second: np.full((20, 30, 3), (20, 160, round(40 * second)), np.uint8),
        "word": np.full((4, 5, 4), 255, np.uint8),
        "tone": np.ones(99_999),
    }
    return {"seconds": 2.0, "fps": 10, "size": [20, 30], "items": items}, media


def test_a_plan_carried_out():
    made, media = small_plan()
    seen = list(plan.pictures(made, media))
    assert len(seen) == 20
    assert seen[0][0, 0].tolist() == [10, 40, 200]
    assert seen[5][4, 4].tolist() == [255, 255, 255]
    assert seen[5][2, 4].tolist() == [10, 40, 200]  # above the word
    assert np.array_equal(seen[10], light.cross_fade(media["sea"], media["hill"](0.2), 0.5))
    assert seen[19][0, 0].tolist() == [20, 160, 44]
    sound = plan.mix(made, media)
    assert sound.shape == (88_200, 2)
    assert np.flatnonzero(sound[:, 0])[[0, -1]].tolist() == [22_050, 66_149]
    assert sound.max() == pytest.approx(0.5, abs=1e-4)
    assert json.loads(json.dumps(made)) == made  # plain data


def test_a_plan_that_cannot_be_carried_out_says_everything():
    made, media = small_plan()
    made["items"][1] |= {"start": 1.4, "fade_in": 0.9}
    made["items"][2] |= {"end": 0.1}
    made["items"].append({"name": "smell", "kind": "scent", "start": 0, "end": 1})
    made["size"] = [21, 30]
    media.pop("tone")
    with pytest.raises(CourseError) as error:
        plan.check(made, media)
    for words in (
        "nothing is seen from 1.2 s to 1.4 s",
        "shorter than its fades",
        "before or when it begins",
        "'scent'",
        "even numbers",
        "tone is not among the media",
    ):
        assert words in str(error.value)


def test_moviepy_makes_the_same_pictures_and_sound():
    from course_lib.film.plan_moviepy import as_moviepy

    made, media = ten_seconds(96, drawn=3)
    made["blend"] = "numbers"
    film = as_moviepy(made, media)
    for second in np.arange(0, 10, 0.2):
        apart = np.abs(plan.compose(made, media, second).astype(int) - film.get_frame(second))
        assert apart.max() <= 2, second
    heard, wanted = film.audio.to_soundarray(fps=44_100), plan.mix(made, media)
    assert np.abs(heard[: len(wanted)] - wanted[: len(heard)]).max() < 1e-4


def test_the_plan_of_a_film(film):
    made = plan.plan_of(film)
    assert json.loads(json.dumps(made)) == made
    assert plan.problems(made, {item["name"]: None for item in made["items"]}) == []
    assert [item["kind"] for item in made["items"][:3]] == ["picture"] * 3
    words = [item for item in made["items"] if item["name"] == "voice"]
    assert len(words) == len(film.shots)


def test_psnr_and_ssim():
    random = np.random.default_rng(0)
    truth = random.integers(0, 246, (40, 40, 3), dtype=np.uint8)
    assert quality.psnr(truth, truth) == np.inf
    assert quality.psnr(truth + np.uint8(10), truth) == pytest.approx(10 * np.log10(255**2 / 100))
    assert quality.ssim(truth, truth) == pytest.approx(1)
    smooth = np.asarray(Image.fromarray(truth).resize((20, 20)).resize((40, 40)))
    assert quality.ssim(smooth, truth) < 0.9
    with pytest.raises(CourseError, match="one shape"):
        quality.psnr(truth, truth[:20])
    with pytest.raises(CourseError, match="11 x 11"):
        quality.ssim(truth[:9], truth[:9])


def test_a_seal_notices_every_change():
    fields = {"Label": "1", "ContentProducer": "我", "ReservedCode1": ""}
    made = fields | {"ReservedCode1": seal.seal(fields, "f1", "key")}
    assert seal.is_sealed(made, "f1", "key")
    assert not seal.is_sealed(made, "f2", "key")
    assert not seal.is_sealed(made, "f1", "other key")
    assert not seal.is_sealed(made | {"ContentProducer": "you"}, "f1", "key")
    assert not seal.is_sealed(made | {"ReservedCode1": 7}, "f1", "key")
    assert not seal.is_sealed({"ReservedCode1": "密"}, "f1", "key")
    assert not seal.is_sealed(None, "f1", "key")


def test_every_style_can_be_read_and_bad_ones_are_refused():
    for style in STYLES.values():
        behind = style.plate or style.edge
        assert light.contrast_ratio(style.letters, behind) >= LEAST_CONTRAST, style.name
        assert style_named(style.name) is style
    mine = varied("ink", "mine", letters=(255, 240, 200))
    assert (mine.name, mine.saturation) == ("mine", 0.0)
    with pytest.raises(CourseError, match="cannot be read: letters"):
        style_named(varied("natural", "grey", letters=(60, 60, 60)))
    with pytest.raises(CourseError, match="three numbers"):
        Style("x", letters=(1, 2))
    with pytest.raises(CourseError, match="0 to 3"):
        Style("x", saturation=9)
    with pytest.raises(CourseError, match="leaves nothing to see"):
        Style("x", pace=Pace(blend=1.9, shortest=3))


def test_lower_third_and_inset():
    third = lower_third("西湖", "West Lake", (90, 160))
    assert third.shape[1] < 160
    assert third[..., 3].min() > 0
    with pytest.raises(CourseError, match="too long"):
        lower_third("a very long name " * 9, "x", (90, 160))
    small = inset(np.full((50, 80, 3), 100, np.uint8), 40)
    assert small.shape == (25, 40, 4)
    assert small[0, 0, 3] < 100  # a round corner
    assert small[12, 20].tolist() == [100, 100, 100, 255]
