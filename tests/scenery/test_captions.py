"""Captions: enough of them, in both languages, that say what is true and nothing else."""

import itertools
import re

import pytest

from course_lib.errors import CourseError
from course_lib.scenery import ATTRIBUTES, combinations, shapes
from course_lib.scenery.captions import caption, captions


@pytest.mark.parametrize("language", ["zh", "en"])
def test_forty_captions_for_every_combination(language):
    for row in combinations() + shapes.combinations():
        said = captions(row, language, 40)
        assert len(set(said)) == 40


@pytest.mark.parametrize("language", ["zh", "en"])
def test_captions_are_well_formed(language):
    for number, row in enumerate(combinations() + shapes.combinations()):
        for seed in range(4):
            text = caption(row, language, 100 * number + seed)
            assert "{" not in text
            assert not re.search(r"[ ，。,.;:]{3}|，，|。。|, ,|  ", text)
            if language == "en":
                assert text[0].isupper()
                assert text.isascii()
                assert text[-1] in ".!"
                assert not re.search(r"\b[Aa] [aeiou]|\b[Aa]n [^aeiou]", text), text
            else:
                assert text[-1] in "。！"
                assert not re.search(r"[A-Za-z,.;]", text)


def said_of(row, language, count=60):
    return " ".join(captions(row, language, count)).lower()


def test_captions_of_different_truths_differ():
    """No sentence belongs to two combinations of one language."""
    for rows in (combinations()[::11], shapes.combinations()[::7]):
        for language in ("zh", "en"):
            owner = {}
            for number, row in enumerate(rows):
                for text in captions(row, language, 25):
                    assert owner.setdefault(text, number) == number, text


def test_no_sun_in_the_rain_and_no_cloudless_drift():
    wet = {"place": "lake", "time": "noon", "weather": "rain", "motion": "zoom in"}
    assert not re.search(r"midday sun|starry|clear|cloudless", said_of(wet, "en"))
    assert not re.search(r"烈日|繁星|晴|万里无云", said_of(wet, "zh"))
    drift = {"place": "lake", "time": "noon", "weather": "clear", "motion": "drifting"}
    assert not re.search(r"cloudless|not a cloud", said_of(drift, "en"))
    assert not re.search(r"万里无云|晴空万里", said_of(drift, "zh"))


def test_what_rises_is_the_sun_at_dawn_and_the_moon_later():
    row = {"place": "sea", "weather": "clear", "motion": "rising"}
    for time, rises, not_rises in (
        ("dawn", "sun|太阳|红日|旭日", "moon|月"),
        ("night", "moon|月", r"the sun\b|太阳|红日"),
    ):
        for language in ("zh", "en"):
            for text in captions({**row, "time": time}, language, 40):
                assert re.search(rises, text.lower()), text
                assert not re.search(not_rises, text.lower()), text


def test_left_and_right_are_not_mixed_up():
    row = {"place": "city", "time": "noon", "weather": "clear"}
    for side, word, other in (
        ("pan left", "left|左", "to the right|right across"),
        ("pan right", "right|右", "to the left|left across"),
    ):
        for language in ("zh", "en"):
            for text in captions({**row, "motion": side}, language, 40):
                assert re.search(word, text)
                assert not re.search(other, text)


def test_part_of_the_truth_can_be_told():
    whole = {"place": "lake", "time": "dawn", "weather": "snow", "motion": "pan left"}
    for count in (1, 2, 3):
        for names in itertools.combinations(ATTRIBUTES, count):
            part = {name: whole[name] for name in names}
            for language in ("zh", "en"):
                text = said_of(part, language, 2)
                assert ("左" in text or "left" in text) == ("motion" in part)


def test_moods_are_said_only_when_asked():
    row = {"place": "lake", "mood": "grand"}
    assert caption(row, "en", 1) == caption({"place": "lake"}, "en", 1)
    assert caption(row, "zh", 1, mood=True).startswith(caption(row, "zh", 1))
    assert caption(row, "zh", 1, mood=True) != caption(row, "zh", 1)


@pytest.mark.parametrize(
    ("attributes", "language", "said"),
    [
        ({"place": "lake"}, "fr", "no language 'fr'"),
        ({}, "en", "at least one attribute"),
        ({"mood": "calm"}, "en", "beside the mood"),
        ({"place": "moon"}, "en", "no place 'moon'"),
        ({"time": "noon", "motion": "rising"}, "en", "cannot be filmed"),
        ({"shape": "star"}, "en", "needs shape, colour, size and motion"),
    ],
)
def test_what_cannot_be_said(attributes, language, said):
    with pytest.raises(CourseError, match=said):
        caption(attributes, language, 0)
