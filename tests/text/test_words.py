"""Clean text, its clauses and words; what cannot become a film is refused in one sentence."""

import pytest

from course_lib.errors import CourseError
from course_lib.text.words import clauses, clean, language_of, tokenize


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("😀🎉👍🏽", "only emoji or punctuation"),
        ("！！？……", "only emoji or punctuation"),
        ("\u200b\ufeff", "only emoji or punctuation"),
        ("今天\x07很好", "character 3 of the text is the control character U\\+0007"),
        ("a\ud800b", "U\\+D800"),
        ("字" * 10_001, "10,001 characters; a film takes at most 10,000"),
        ("Привет, как дела?", "Chinese and English only"),
        ("こんにちは、ありがとう", "Chinese and English only"),
        (None, "must be a string"),
    ],
)
def test_refusals(text, says):
    with pytest.raises(CourseError, match=says) as caught:
        clean(text)
    assert "\n" not in str(caught.value)


def test_ten_thousand_characters_are_taken():
    assert len(clean("好" * 10_000)) == 10_000


def test_cleaning_keeps_words_and_drops_pictures():
    assert clean("今天 去了😀西藏，\r\n\r\n很 美") == "今天去了西藏，\n很美"
    assert clean("  two   words\u00a0here ") == "two words here"
    assert clean("cafe\u0301") == "café"
    assert clean("２０２４年，气温20°C，ﬁne ①") == "2024年，气温20°C，fine 1"
    assert clean("한 글자 in an English sentence about one word") != ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("今天很好", "zh"),
        ("Hello there", "en"),
        ("今天WiFi坏了", "zh"),
        ("I love 西藏 so much", "en"),
        ("2024", "en"),
    ],
)
def test_language(text, language):
    found, sure = language_of(text)
    assert found == language
    assert 0.5 <= sure <= 1


def test_clauses_end_where_a_reader_breathes():
    found = clauses("今天去了西藏，风景真的很美！我想“分享”。\n第二段")
    assert [c.text for c in found] == ["今天去了西藏，", "风景真的很美！", "我想“分享”。", "第二段"]
    assert [c.ends for c in found] == [False, True, True, True]
    assert [c.text for c in clauses("It cost 3.5 dollars at 8:30, e-mail a.b@c.d. Done")] == [
        "It cost 3.5 dollars at 8:30,",
        "e-mail a.b@c.d.",
        "Done",
    ]


def test_no_letter_is_lost_in_clauses_and_words():
    text = clean("清晨，我们从城里出发；3.5公里！OK? 'Quoted' words: yes…and no")
    letters = [c for c in text if c.isalnum()]
    assert [c for clause in clauses(text) for c in clause.text if c.isalnum()] == letters
    tokens = tokenize(text)
    assert [c for token, _ in tokens for c in token if c.isalnum()] == letters
    assert all(text[start : start + len(token)] == token for token, start in tokens)
