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
