"""Timeline, clips, colours and pictures of a film before it is written."""

import hashlib
import itertools

import numpy as np
import pytest

from course_lib.benches.film import TIBET
from course_lib.errors import CourseError
from course_lib.film import prepare_film
from course_lib.film.clips import ASPECTS, RendererSource, source
from course_lib.film.styles import STYLES
from course_lib.film.timeline import BLEND, ENDING, OPENING, crossfade
from course_lib.film.upscale import blur, soften, styled, upscale
from course_lib.text import storyboard


def digest(film) -> str:
    """Of the sound and of every tenth picture."""
    found = hashlib.sha256(film.sound.mix.tobytes())
    for number in range(0, film.timeline.frames, 10):
        found.update(film.picture(number / film.timeline.fps).tobytes())
    return found.hexdigest()


def test_the_timeline_has_no_gap(film):
    line = film.timeline
    assert line.seconds * line.fps == pytest.approx(line.frames)
    assert line.takes[0].start == 0
    assert line.takes[-1].end == line.seconds
    assert line.seconds - line.ending_start == pytest.approx(ENDING, abs=0.04)
    for before, after in itertools.pairwise(line.takes):
        assert before.end - after.start == pytest.approx(BLEND)
        assert before.until == after.cut
        assert before.speech_end < after.speech_at
        assert before.speech_end < before.until
    assert line.takes[0].speech_at > OPENING
    for number in range(line.frames):
        shown = line.showing(number / line.fps)
        assert 1 <= len(shown) <= 2
        assert sum(share for _, share in shown) == pytest.approx(1)


def test_crossfade_is_even():
    shares = [crossfade(s, 1.0, 2.0) for s in np.linspace(0.5, 2.5, 50)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert crossfade(1.5, 1, 2) == 0.5


def test_same_seed_same_film_other_seed_another():
    first = prepare_film("风景真的很美。", short_side=90, fps=10, seed=5)
    again = prepare_film("风景真的很美。", short_side=90, fps=10, seed=5)
    other = prepare_film("风景真的很美。", short_side=90, fps=10, seed=6)
    assert digest(first) == digest(again)
    assert digest(first) != digest(other)
    assert first.record() == again.record()


def test_pictures_in_any_order_are_the_same(film):
    late = film.picture(9.0)
    film.picture(1.0)
    assert np.array_equal(film.picture(9.0), late)
    assert late.shape == (*film.size, 3)
    assert late.dtype == np.uint8


def test_pictures_move_and_never_jump(film):
    """Neighbouring pictures differ a little, except for the writing that comes and goes."""
    seconds = np.arange(4.0, film.timeline.ending_start - 0.5, 0.04)
    top = [film.picture(s)[: film.size[0] // 2].astype(float) for s in seconds]
    steps = [np.abs(a - b).mean() for a, b in itertools.pairwise(top)]
    assert min(steps) > 0.02  # something moves all the time
    assert max(steps) < 8  # a hard cut would be several times as much


def test_it_begins_and_ends_in_black(film):
    assert film.picture(film.seconds).mean() < 12
    middle = film.picture(film.timeline.opening_end + 1).mean()
    assert film.picture(1.0).mean() < 0.8 * middle  # dark behind the title
    assert film.picture(0.0).mean() < 0.5 * middle


def test_the_contact_sheet_shows_the_film(film):
    sheet = film.contact_sheet(6, columns=3, width=64)
    assert sheet.shape == (2 * 36, 3 * 64, 3)
    assert sheet.std() > 20


def test_the_record_says_what_was_said_and_what_was_assumed(film):
    record = film.record()
    assert record["text"] == TIBET
    assert [shot["text"] for shot in record["shots"]] == [
        "今天去了西藏，",
        "风景真的很美，",
        "我想和朋友们分享这个时刻。",
    ]
    first = record["shots"][0]
    assert first["said"]["place"]["word"] == "西藏"
    assert first["assumed"].keys() >= {"time", "weather", "motion"}
    assert first["source"] == "gan"
    assert first["seed"] == record["seed"] == 2
    assert first["weights"] == "video-scenery-64"
    assert (
        first["judge"]["reads"].keys()
        == first["judge"]["sure"].keys()
        == {"place", "time", "weather", "motion"}
    )
    assert "由神经网络" in record["pictures_from"]
    assert record["label"]["Label"] == "1"
    assert any(sentence.startswith("time:") for sentence in record["assumed"])
    words = [word for shot in record["shots"] for word, _, _ in shot["words"]]
    assert "".join(words) == "今天去了西藏风景真的很美我想和朋友们分享这个时刻"


@pytest.mark.parametrize("aspect", ASPECTS)
def test_aspects(aspect):
    film = prepare_film("大海", aspect=aspect, short_side=120, fps=10)
    wide, high = (int(n) for n in aspect.split(":"))
    assert film.size[1] / film.size[0] == pytest.approx(wide / high, rel=0.02)
    assert min(film.size) == 120
    assert all(side % 2 == 0 for side in film.size)
    assert film.picture(4.0).shape == (*film.size, 3)


def test_styles_change_colours_only_as_named():
    picture = RendererSource().clip(storyboard(TIBET).shots[0], (72, 128), 4.0).frame(1.0)
    shown = {style: styled(picture, style).astype(float) for style in STYLES}
    assert np.array_equal(shown["natural"], picture)

    def colourfulness(p):
        return (p.max(axis=2) - p.min(axis=2)).mean()

    assert colourfulness(shown["vivid"]) > 1.15 * colourfulness(shown["natural"])
    assert colourfulness(shown["ink"]) < 0.4 * colourfulness(shown["natural"])
    assert colourfulness(shown["vintage"]) < colourfulness(shown["natural"])
    red, blue = (shown["warm"] - shown["natural"])[..., [0, 2]].mean(axis=(0, 1))
    assert red > 0 > blue


def test_enlarging_keeps_flat_colour_and_mean():
    flat = np.full((20, 30, 3), (10, 200, 90), np.uint8)
    for function in (soften, lambda p: blur(p, 3), lambda p: upscale(p, (50, 75))):
        assert np.abs(function(flat).astype(int) - [10, 200, 90]).max() <= 1
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    assert upscale(noise, (100, 150)).mean() == pytest.approx(noise.mean(), abs=2)
    assert upscale(noise, (40, 60)) is noise


def test_sources_by_name():
    assert source("renderer").name == "renderer"
    assert source("gan").name == source().name == "gan"
    with pytest.raises(CourseError, match="no source 'camera'"):
        source("camera")
