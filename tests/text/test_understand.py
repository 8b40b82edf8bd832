"""What a sentence says, and what it does not say."""

import pytest

from course_lib.scenery.vocabulary import WORDS
from course_lib.text import understand
from course_lib.text.understand import SLOTS, gazetteer


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            "今天去了西藏，风景真的很美，我想和朋友们分享这个时刻。",
            {"place": "snow mountain", "mood": "grand"},
        ),
        ("下雨的城市，我很孤独", {"place": "city", "weather": "rain", "mood": "wistful"}),
        ("小船在湖上，月亮升起来了", {"place": "lake", "time": "night", "motion": "crossing"}),
        ("上海的夜景", {"place": "city", "time": "night"}),  # not the sea that is written in the name
        ("海报", {}),
        ("马上海风吹来了", {"place": "sea"}),
        ("10月1日", {}),
        ("太阳升起来了", {"time": "dawn", "motion": "rising"}),
        ("The sun rose and then the sun went down", {"time": "dawn", "motion": "rising"}),
        ("Roses are red", {}),
        ("开心！", {"mood": "joyful"}),
        ("At sunset a boat crosses the sea.", {"place": "sea", "time": "dusk", "motion": "crossing"}),
        ("Snow mountains in the moonlight", {"place": "snow mountain", "time": "night"}),
        ("It is snowing in the forests of home", {"place": "forest", "weather": "snow"}),
        ("It is what it is.", {}),
    ],
)
def test_slots(text, slots):
    found = understand(text)
    assert found.slots == slots
    for slot in SLOTS:
        assert (found.confidence[slot] > 0) == (getattr(found, slot) is not None)
        assert (slot in found.evidence) == (slot in slots)
        assert slot not in slots or found.evidence[slot].lower() in text.lower()


@pytest.mark.parametrize(
    "text", ["没下雨", "今天没有下雨", "It was not raining", "no rain today", "We didn't see any rain"]
)
def test_what_is_denied_is_not_said(text):
    assert understand(text).weather is None


@pytest.mark.parametrize(
    "text",
    [
        "hardly any rain",
        "We never saw any snow",
        "it never snows here",
        "without a breath of wind",
        "今年几乎没怎么下雨",
        "这儿从来不下雪",
        "They played on, and not a drop of rain",
        "He was buried in work",
        "I can't see the point",
        "Everything has gone wrong",
    ],
)
def test_hedges_and_figures_of_speech_say_no_weather(text):
    assert understand(text).confidence["weather"] < 0.5, understand(text)


@pytest.mark.parametrize(
    ("text", "weather"),
    [
        ("not a cloud in the sky", "clear"),
        ("万里无云", "clear"),
        ("the rain had stopped and the roofs were glittering", "clear"),
        ("雨停了", "clear"),
        ("It was going to rain but the sun came out", "clear"),
        ("It rained yesterday but today the sky is blue", "clear"),
        ("昨天下雨了，今天天晴了", "clear"),
        ("The fog lifted and there was the whole valley", "clear"),
        ("it hasn't stopped raining", "rain"),
        ("The rain has not let up since Tuesday", "rain"),
        ("It looks like rain", "cloudy"),
        ("snow coming down between the pines", "snow"),
        ("They promised sunshine but it snowed", "snow"),
    ],
)
def test_what_is_over_and_what_did_not_come(text, weather):
    found = understand(text)
    assert found.weather == weather
    assert found.confidence["weather"] >= 0.5


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("She is a rising star", "motion"),
        ("Turn left at the lights", "motion"),
        ("He turned right and drove home", "motion"),
        ("All right, see you tomorrow", "motion"),
        ("The stock market fell again", "time"),
        ("We need new lamps for the kitchen", "time"),
        ("Team Sunrise beat team Blizzard", "weather"),
        ("Cairo traffic is bad", "weather"),
    ],
)
def test_everyday_words_say_nothing(text, slot):
    assert understand(text).confidence[slot] < 0.5, understand(text)


def test_what_stands_there_counts_more_than_the_name():
    assert understand("Cairo traffic at midday").place == "city"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("The city lights up at dusk.", "dusk"),
        ("The lights of the city from above", "night"),
        ("City lights", "night"),
    ],
)
def test_city_lights_are_a_city_and_an_evening(text, time):
    meant = understand(text)
    assert (meant.place, meant.time) == ("city", time)
    assert understand("a glacier near Cairo, believe it or not").place == "snow mountain"


def test_a_place_one_leaves_counts_less():
    assert understand("从上海去了三亚").place == "sea"
    assert understand("We left the city for the sea").place == "sea"
    assert (
        understand("We left the city").confidence["place"] < understand("We saw the city").confidence["place"]
    )


def test_unknown_places_are_named():
    assert understand("昨天在克拉玛依看到了日落").unknown_places == ("克拉玛依",)
    assert understand("I visited Little Rock and flew to Gobi").unknown_places == ("Little Rock",)
    assert understand("On Monday we went to Tibet").unknown_places == ()


def test_the_gazetteer_speaks_the_vocabulary():
    words, longest = gazetteer()
    assert longest == max(map(len, words))
    assert len(words) > 500
    for word, entries in words.items():
        assert word == word.lower().strip() != ""
        for entry in entries:
            assert entry.value in WORDS[entry.slot]
            assert 0 < entry.confidence <= 1
        assert len({e.slot for e in entries}) == len(entries)
    for slot, values in WORDS.items():  # every word of the vocabulary can be asked for, in both languages
        for value in values:
            known = [w for w, es in words.items() if any(e.slot == slot and e.value == value for e in es)]
            assert any(w.isascii() for w in known)
            assert any(not w.isascii() for w in known)
