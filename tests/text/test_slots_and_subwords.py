"""Words of a list in a text, what clauses carry over, byte-pair encoding."""

from course_lib.text import slots, subwords


def test_longest_words_win_and_none_overlap():
    words = {"上海": 1, "海": 1, "大海": 1}
    assert slots.find_words("我从上海去大海", words) == [(2, "上海"), (5, "大海")]
    assert slots.find_words("海海", words) == [(0, "海"), (1, "海")]
    assert slots.find_words("", words) == []


def test_a_dictionary_alone_cuts_in_the_wrong_place():
    # the lesson's example: 马上|海风, found as 上海
    assert slots.find_words("马上海风吹来了", {"上海": 1, "海风": 1}) == [(1, "上海")]


def test_what_is_not_said_is_carried_over():
    nothing = {"place": None, "time": None, "weather": None}
    said = [
        nothing,
        {**nothing, "place": "sea", "time": "dusk"},
        {**nothing, "time": "dawn", "weather": "rain"},
    ]
    shots = slots.carry_over(said)
    assert [shot["place"] for shot in shots] == ["sea", "sea", "sea"]
    assert [shot["time"] for shot in shots] == [None, "dusk", "dawn"]
    assert [shot["weather"] for shot in shots] == [None, None, "rain"]
    assert said[0] == nothing


def test_merges_come_by_frequency_and_cut_unseen_words():
    merges = subwords.learn_merges({"low": 5, "lower": 2, "slow": 3}, 3)
    assert merges[:2] == [("l", "o"), ("lo", "w")]
    assert subwords.pieces("glow", merges[:2]) == ["g", "low"]
    assert "".join(subwords.pieces("unseen雪", merges)) == "unseen雪"
    assert len(subwords.learn_merges({"ab": 1}, 9)) == 1  # nothing is left to merge


def test_merging_goes_from_left_to_right():
    assert subwords.merge_pair(list("aaa"), "a", "a") == ["aa", "a"]
    assert subwords.merge_pair(list("abba"), "b", "a") == ["a", "b", "ba"]
