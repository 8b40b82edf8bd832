"""A shot a clause, every shot complete and possible, every assumption named."""

import itertools

import pytest

from course_lib.benches.film import SENTENCES
from course_lib.scenery.vocabulary import WORDS, possible
from course_lib.text import storyboard
from course_lib.text.storyboard import speech_seconds


def test_the_standing_example():
    board = storyboard(SENTENCES[0], seed=4)
    assert [shot.text for shot in board.shots] == [
        "今天去了西藏，",
        "风景真的很美，",
        "我想和朋友们分享这个时刻。",
    ]
    assert {shot.attributes["place"] for shot in board.shots} == {"snow mountain"}
    views = [shot.attributes["motion"] for shot in board.shots]
    assert all(a != b for a, b in itertools.pairwise(views))  # the same place, a changing view
    assert {shot.seed for shot in board.shots} == {4}
    assert board.language == "zh"
    assert board.title == "今天去了西藏"
    assert "place" in board.shots[0].said
    assert "place" in board.shots[1].carried
    assert "time" in board.shots[0].assumed


@pytest.mark.parametrize("text", SENTENCES, ids=range(len(SENTENCES)))
@pytest.mark.parametrize("seed", [0, 1])
def test_every_shot_is_complete_possible_and_accounted_for(text, seed):
    board = storyboard(text, seed)
    assert board.shots
    for shot in board.shots:
        assert set(shot.attributes) == set(WORDS)
        assert possible(shot.attributes)
        assert all(shot.attributes[slot] in WORDS[slot] for slot in WORDS)
        for slot in ("place", "time", "weather", "motion"):
            assert slot in shot.said or slot in shot.assumed or slot in shot.carried
        assert not set(shot.said) & set(shot.assumed)


def test_unknown_places_and_impossible_motions_are_told():
    assert "克拉玛依" in storyboard("昨天在克拉玛依").shots[0].assumed["place"]
    motion = storyboard("我们在沙漠划船").shots[0].assumed["motion"]
    assert "crossing" in motion
    assert "desert" in motion


def test_later_clauses_change_only_what_they_say():
    first, second = storyboard("黄昏我们在海边，然后下雨了").shots
    assert first.attributes["weather"] != "rain"
    assert second.attributes["weather"] == "rain"
    assert (second.attributes["place"], second.attributes["time"]) == ("sea", "dusk")


@pytest.mark.parametrize(
    ("text", "slot", "word"),
    [
        ("We walked along the beach for an hour, a grey, foggy evening.", "weather", "cloudy"),
        ("We walked along the beach for an hour. It was raining.", "weather", "rain"),
        ("We sat by the lake for a long time. It was night.", "time", "night"),
        ("我们沿着海边走了很久，外面下着大雨，谁也没打伞。", "weather", "rain"),
        ("我们沿着海边走了很久，黄昏的风很凉。", "time", "dusk"),
        ("一家人在湖边坐着不说话，夜里很安静，下着雪。", "weather", "snow"),
    ],
)
def test_what_a_later_clause_says_holds_from_the_first(text, slot, word):
    shots = storyboard(text).shots
    assert len(shots) > 1
    assert {shot.attributes[slot] for shot in shots} == {word}
    assert slot in shots[0].carried
    assert slot not in shots[0].assumed


@pytest.mark.parametrize(
    ("text", "slot", "word"),
    [
        ("We walked along the beach for an hour, then it rained all the way home.", "weather", "rain"),
        ("We walked along the beach for an hour. The next morning it was snowing.", "weather", "snow"),
        ("We walked along the beach for an hour. Suddenly thunder and rain.", "weather", "rain"),
        ("We drove to the lake with the dog. In the dark night we lit a fire.", "time", "night"),
        ("我们沿着海边走了很久，后来下雨了。", "weather", "rain"),
        ("牛羊自己回圈了，草浪一直铺到天边；后半夜雨点敲着毡房。", "weather", "rain"),
        ("We had lunch on the beach in Sanya. In Beijing it was snowing.", "weather", "snow"),
        ("We drove to the lake with the dog. In the evening it was raining.", "weather", "rain"),
        ("我们沿着海边走了很久，第二天早上下着雪。", "weather", "snow"),
        ("我们在海边玩了一整圈，突然下起了大雨。", "weather", "rain"),
    ],
)
def test_what_changes_later_does_not_hold_before(text, slot, word):
    shots = storyboard(text).shots
    assert len(shots) > 1
    assert shots[0].attributes[slot] != word
    assert shots[-1].attributes[slot] == word


def test_a_first_clause_that_speaks_for_itself_keeps_its_word():
    first, *_ = storyboard("At noon we were at the lake in the sun. It was night in Tokyo.").shots
    assert first.attributes["time"] == "noon"


def test_short_clauses_share_a_shot():
    assert len(storyboard("是的，好，我们走。").shots) == 1
    assert len(storyboard("开心！我们去海边玩水。").shots) == 1


@pytest.mark.parametrize(
    "text", ["好。" * 3_000, "啊" * 9_000, "word " * 1_900, "We walked by the sea. " * 400]
)
def test_long_texts_are_shortened_by_whole_sentences_in_order(text):
    board = storyboard(text, seconds=40)
    spoken = sum(speech_seconds(shot.text, board.language) for shot in board.shots)
    assert spoken <= 44  # half a second more for each cut inside a sentence
    assert spoken > 20
    assert board.omitted
    said = "".join(shot.text for shot in board.shots).replace(" ", "")
    left = "".join(board.omitted).replace(" ", "")
    assert len(said) + len(left) == len(board.text.replace(" ", ""))


def test_nothing_is_left_out_of_a_short_text():
    text = SENTENCES[11]
    board = storyboard(text)
    assert not board.omitted
    assert "".join(shot.text for shot in board.shots) == text.replace("\n", "")


def test_a_clause_without_end_is_cut_into_shots():
    text = "we walked along the river and over the old bridge and through the gate to the house where she was born but nobody was there"
    shots = storyboard(text).shots
    assert len(shots) == 2
    assert " ".join(shot.text for shot in shots) == text
    assert shots[1].text.split()[0] in ("and", "but")
    assert not shots[0].ends
    assert shots[1].ends
    assert all(
        speech_seconds(s.text, "zh") < 13 for s in storyboard("我们一起走路去看山看水看天看地" * 12).shots
    )
