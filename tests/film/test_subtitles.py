"""Lines break where a reader would; letters can be read on any picture; times follow the words."""

import itertools

import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.film.cards import LABEL_EM, Overlay, label_overlay, lay_over, subtitle_em, widest_line
from course_lib.film.fonts import font, font_path
from course_lib.film.subtitles import NOT_FIRST, NOT_LAST, Cue, break_lines, lettering, read_srt, srt

TEXTS = [
    "我想和朋友们分享这个“美好”的时刻，然后一起回家吃饭、睡觉、看电影，喝茶（绿茶）。",
    "A boat crosses the sea at sunset, while seagulls cry and the waves come in.",
    "今天WiFi坏了，我们去了Paris的café，花了1,299.5元！",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "啊" * 70,
    "x",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("widest", [6, 9, 17, 30, 200])
def test_lines(text, widest):
    lines = break_lines(text, len, widest)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")  # nothing lost, nothing twice
    assert all(0 < len(line) <= widest for line in lines)
    assert all(line == line.strip() for line in lines)
    if len(text) <= widest:
        assert lines == [text]


@pytest.mark.parametrize("text", TEXTS[:3])
def test_marks_and_words_stay_together(text):
    for widest in (12, 16, 20, 26):
        lines = break_lines(text, len, widest)
        assert not any(line[0] in NOT_FIRST for line in lines)
        assert not any(line[-1] in NOT_LAST for line in lines)
        for word in ("朋友", "电影", "seagulls", "WiFi", "Paris", "1,299.5", "时刻"):
            assert word not in text or any(word in line for line in lines)


def test_two_lines_break_at_the_comma_and_are_even():
    assert break_lines("下雨的城市，霓虹灯下人来人往", len, 9) == ["下雨的城市，", "霓虹灯下人来人往"]
    first, second = break_lines("one two three four five six seven eight", len, 30)
    assert abs(len(first) - len(second)) <= 6


@pytest.mark.parametrize("back", ["white", "black", "grey", "noise", "yellow"])
@pytest.mark.parametrize("em", [24, 43])
def test_letters_can_be_read_on_any_picture(back, em):
    """Contrast of letters to what is right beside them, as WCAG 2 defines it, at least 4.5 to 1."""
    picture = np.full((120, 440, 3), {"white": 255, "black": 0}.get(back, 128), np.uint8)
    if back == "yellow":
        picture[:] = (255, 250, 120)
    if back == "noise":
        picture[:] = np.random.default_rng(0).integers(0, 256, picture.shape)
    patch = lettering(["风景真的很美 view"], em)
    lay_over(picture, Overlay(patch, 10, 10, 0, 1), 0.5)
    shown = picture[10 : 10 + patch.shape[0], 10 : 10 + patch.shape[1]]
    alpha, light = patch[: shown.shape[0], :, 3], patch[: shown.shape[0], :, 0]
    letters = (light > 250) & (alpha > 250)
    edge = (light < 30) & (alpha > 200)
    assert letters.sum() > 100
    assert edge.sum() > 100

    def luminance(pixels):
        c = pixels / 255
        c = np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return (c @ [0.2126, 0.7152, 0.0722]).mean()

    assert (luminance(shown[letters]) + 0.05) / (luminance(shown[edge]) + 0.05) > 4.5


def test_letters_are_not_cut():
    for text in ("gjpqÄÉ今天去了西藏", "|||___"):
        patch = lettering([text, text], 40)
        assert patch[0].max() == patch[-1].max() == 0 or patch[[0, -1], :, 3].max() < 40
        assert patch[:, [0, -1], 3].max() < 40


@pytest.mark.parametrize("size", [(144, 256), (256, 144), (720, 1280), (1280, 720), (720, 720)])
def test_the_label_fits_and_is_large_enough(size):
    overlay = label_overlay(size)
    height, width = overlay.patch.shape[:2]
    assert overlay.x >= 0
    assert overlay.x + width <= size[1]
    assert overlay.y + height <= size[0]
    _, top, _, bottom = font(LABEL_EM * min(size)).getbbox("生成")
    assert bottom - top >= 0.05 * min(size)
    assert overlay.strength(0.0) == overlay.strength(2.5) == 1


def test_subrip_goes_and_comes_back():
    cues = [Cue(3.4, 5.75, "今天去了西藏"), Cue(3661.001, 3662.5, "two\nlines")]
    assert read_srt(srt(cues)) == cues
    with pytest.raises(CourseError, match="no SubRip"):
        read_srt("hello")


def test_cues_of_a_film(film):
    assert film.subtitles
    for cue, following in itertools.pairwise(film.subtitles):
        assert cue.end <= following.start
    for cue in film.subtitles:
        assert cue.end - cue.start >= 0.3
        lines = cue.text.split("\n")
        assert len(lines) <= 2
        assert all(font(subtitle_em(film.size)).getlength(line) <= widest_line(film.size) for line in lines)
    shown = "".join(c.text for c in film.subtitles).replace("\n", "")
    assert shown == "今天去了西藏风景真的很美我想和朋友们分享这个时刻"


def test_a_long_clause_becomes_several_cues_in_step_with_its_words():
    from course_lib.audio.speech import speak
    from course_lib.film.subtitles import cues_of
    from course_lib.film.timeline import lay_out
    from course_lib.text import storyboard

    text = "we walked along the river and over the old bridge and through the gate to the house where she was born"
    board = storyboard(text)
    timeline = lay_out(board.shots, [speak(shot.text) for shot in board.shots])
    cues = cues_of(timeline.takes, len, 24)
    assert len(cues) >= 2
    for cue in cues:
        first = cue.text.split()[0]
        starts = [t.speech_at + w.start for t in timeline.takes for w in t.speech.words if w.text == first]
        assert min(abs(cue.start - start) for start in starts) < 0.01
    assert " ".join(c.text.replace("\n", " ") for c in cues) == text


def test_a_missing_font_says_how_to_install_it(monkeypatch, tmp_path):
    import pylopdf_fonts_zh_cn

    monkeypatch.setattr(pylopdf_fonts_zh_cn, "sans_path", lambda: tmp_path / "gone.otf")
    with pytest.raises(CourseError, match="pip install pylopdf-fonts-zh-cn"):
        font_path()
