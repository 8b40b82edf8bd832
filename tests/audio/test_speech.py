"""A voice in both languages, word by word in time; and the pinyin it is fed."""

import subprocess
import sys

import numpy as np
import pytest

from course_lib.audio import RATE, speak, speak_all, speech
from course_lib.audio.pinyin import numeral, pinyin
from course_lib.errors import CourseError


@pytest.fixture(scope="module")
def spoken():
    texts = [
        "今天去了西藏，风景真的很美。",
        "Today we went to Tibet.",
        "2024年我买了3个iPhone！",
        "I love 西藏",
    ]
    return dict(zip(texts, speak_all(texts)))


def test_words_come_in_order_and_within_the_sound(spoken):
    for text, said in spoken.items():
        assert said.samples.dtype == np.float32
        assert 0.1 < np.abs(said.samples).max() <= 1.05
        starts = [word.start for word in said.words]
        assert starts == sorted(starts)
        assert all(word.start < word.end <= said.seconds + 0.01 for word in said.words)
        letters = [c for c in text if c.isalnum()]
        assert [c for word in said.words for c in word.text if c.isalnum()] == letters


def test_silence_is_trimmed(spoken):
    for said in spoken.values():
        assert np.abs(said.samples[: int(0.05 * RATE)]).max() > 0.003
        assert np.abs(said.samples[-int(0.1 * RATE) :]).max() > 0.003


def test_words_begin_where_the_sound_does(spoken):
    """A pause before a word ends where the word's time says."""
    said = spoken["今天去了西藏，风景真的很美。"]
    word = next(w for w in said.words if w.text == "风景")
    level = np.abs(said.samples)
    quiet = level[int((word.start - 0.10) * RATE) : int((word.start - 0.02) * RATE)].max()
    loud = level[int(word.start * RATE) : int((word.start + 0.3) * RATE)].max()
    assert loud > 5 * quiet


def test_the_same_texts_give_the_same_bytes(spoken):
    for said, again in zip(spoken.values(), speak_all(list(spoken))):
        assert np.array_equal(said.samples, again.samples)
        assert said.words == again.words
        assert said.phonemes


def test_voices_differ_and_speed_shortens(spoken):
    text = "Today we went to Tibet."
    assert not np.array_equal(speak(text, "male").samples[:9_000], spoken[text].samples[:9_000])
    assert speak(text, speed=1.3).seconds < 0.9 * spoken[text].seconds


@pytest.mark.parametrize("voice", ["nobody", "f99", "two words", ""])
def test_a_missing_voice_is_named(voice):
    with pytest.raises(CourseError, match="choose female, male") as caught:
        speak("hello", voice)
    assert f"'{voice}'" in str(caught.value)


def test_a_missing_engine_says_how_to_install_it(tmp_path, monkeypatch):
    worker = tmp_path / "worker.py"
    source = speech.WORKER.read_text(encoding="utf-8").replace(
        "import espeakng_loader", "import no_such_engine"
    )
    worker.write_text(source, encoding="utf-8")
    monkeypatch.setattr(speech, "WORKER", worker)
    with pytest.raises(CourseError, match="pip install espeakng-loader"):
        speak("hello")
    worker.write_text("raise SystemExit(3)", encoding="utf-8")
    with pytest.raises(CourseError, match="pip install espeakng-loader"):
        speak("hello")


def test_the_gpl_engine_stays_in_its_own_process():
    assert "GPL-3.0-or-later" in speech.WORKER.read_text(encoding="utf-8").splitlines()[0]
    code = (
        "import sys; from course_lib.audio import speak; speak('hi');"
        "print([n for n in sys.modules if n.startswith(('espeak', 'torch', 'tensorflow')) or 'worker' in n])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize(
    ("words", "syllables"),
    [
        (["今天", "去", "了", "西藏"], ["jin1 tian1", "qu4", "le5", "xi1 zang4"]),
        (["很", "美"], ["hen2", "mei3"]),  # two third tones
        (["不", "对"], ["bu2", "dui4"]),
        (["不", "好"], ["bu4", "hao3"]),
        (["一个", "一只"], ["yi2 ge4", "yi4 zhi1"]),
        (["第一"], ["di4 yi1"]),
        (["女儿", "银行", "重庆"], ["nv3 er2", "yin2 hang2", "chong2 qing4"]),
        (["hello", "，"], ["", ""]),
    ],
)
def test_pinyin(words, syllables):
    assert pinyin(words) == syllables


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ("0", "零"),
        ("10", "十"),
        ("15", "十五"),
        ("105", "一百零五"),
        ("1010", "一千零一十"),
        ("10005", "一万零五"),
        ("120034", "十二万零三十四"),
        ("100000000", "一亿"),
        ("1,299.5", "一千二百九十九点五"),
        ("40%", "百分之四十"),
        ("8:30", "八点三十"),
        ("007", "零零七"),
    ],
)
def test_numbers_in_chinese(figures, said):
    assert numeral(figures) == said
