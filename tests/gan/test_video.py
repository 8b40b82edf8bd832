"""The shipped generator: what it takes, what it gives, what it says of words that it does not know."""

import warnings

import numpy as np
import pytest

from course_lib.errors import CourseError

torch = pytest.importorskip("torch")

from course_lib.gan import judge, scores, video  # noqa: E402
from course_lib.gan.wording import NEAREST, read  # noqa: E402


@pytest.fixture(scope="module")
def model():
    return video.load("shapes")


@pytest.fixture(scope="module")
def reader():
    return judge.load("shapes")


def test_a_sentence_becomes_a_clip_and_the_seed_decides_which(model):
    texts = ["a small red star moves to the left", "一个蓝色的大方块慢慢上升"]
    clips = model.sample(texts, seed=3)
    assert clips.shape == (2, 3, 8, 32, 32)
    assert clips.dtype == torch.float32
    assert clips.abs().max() <= 1
    assert torch.equal(clips, model.sample(texts, seed=3))
    assert (clips - model.sample(texts, seed=4)).abs().mean() > 0.05


def test_a_sentence_gives_the_same_clip_in_any_company(model):
    one = model.sample(["a small red star moves to the left"], seed=3)
    many = model.sample(
        ["a small red star moves to the left", *["给我画一个大圆形，要橘色的，停着不动。"] * 3], seed=3
    )
    assert torch.allclose(one[0], many[0], atol=1e-5)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("split", ["validation", "held-out"])
def test_the_judge_sees_what_was_asked_for(model, reader, split, language):
    found = scores.accuracies(model, reader, split, 200, seed=31, language=language)
    # the floors of what the lesson promises, with room for chance at 200 clips
    assert found["all"] >= 0.9
    assert min(found.values()) >= 0.9


def test_all_scores_at_once(model, reader):
    found = scores.evaluate(model, reader, "held-out", 300, seed=5)
    assert found["r_precision"] >= 0.9
    assert found["diversity"] >= 0.08
    assert 0 < found["floor"] < found["jfd"]
    assert found["ratio"] == pytest.approx(found["jfd"] / found["floor"])
    noise = scores.evaluate(Noise(), reader, "held-out", 300, seed=5)
    assert noise["jfd"] > 20 * found["jfd"]
    assert noise["all"] < 0.1


class Noise:
    """A generator that has learnt nothing."""

    size, frames = 32, 8

    def sample(self, texts, seed=0):
        return torch.rand(len(texts), 3, 8, 32, 32, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def test_a_real_set_has_the_best_scores(reader):
    class Renderer(Noise):
        """Draws what the caption's truth says: the scores' ceiling."""

        def sample(self, texts, seed=0):
            from course_lib.scenery.clips import Clips
            from course_lib.scenery.clips_torch import to_tensor

            real = Clips("shapes", "validation", len(texts), seed=5)
            truths = [real.truth_of(k) for k in range(len(texts))]
            return to_tensor(scores.rendered(real, truths, 30_000_000 + 1000 * seed))

    found = scores.evaluate(Renderer(), reader, "validation", 300, seed=5)
    assert found["all"] >= 0.98
    assert found["ratio"] == pytest.approx(1, abs=0.5)
    assert found["diversity"] == pytest.approx(found["real diversity"], rel=0.1)


def test_r_precision_by_hand():
    assert scores.r_precision(np.array([[2.0, 1.0], [3.0, 1.0]])) == 0.5
    assert scores.r_precision(np.eye(4)) == 1.0
    assert scores.r_precision(np.ones((3, 3))) == 0.0


def test_unknown_words_are_named_with_the_nearest_known_ones(model):
    with pytest.warns(video.UnknownWord) as said:
        clips = model.sample(["a crimson ball soars"] * 3, seed=1)
    notes = [str(note.message) for note in said]
    assert len(notes) == 3  # once for each word, not for each sentence
    assert any("'crimson'" in note and "'red'" in note for note in notes)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert torch.allclose(clips, model.sample(["a red circle rises"] * 3, seed=1), atol=1e-5)


def test_polite_words_and_measure_words_are_passed_over(model):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.sample(["请画一颗红色的星星往上升", "please show me a video of a red star that rises"])


def test_every_nearest_meaning_is_known(model):
    strange = {word: near for word, near in NEAREST.items() if model.vocabulary.unknown(near)}
    assert not strange
    learnt = [word for word in NEAREST if not model.vocabulary.unknown(word)]
    assert not learnt, "these words are in the vocabulary: the table would never be asked"


@pytest.mark.parametrize("text", ["", "   ", "!?", "quarterly earnings exceeded expectations", "完全无关"])
def test_a_sentence_without_a_known_word_is_refused(model, text):
    with pytest.raises(CourseError, match=r"no words|none of the words"):
        model.sample([text])


def test_one_string_or_nothing_is_not_a_list_of_sentences(model):
    with pytest.raises(CourseError, match="list"):
        model.sample("a red star rises")
    with pytest.raises(CourseError, match="give 1 to"):
        model.sample([])


def test_an_endless_sentence_is_cut(model):
    assert model.sample(["a red star rises " * 5000], seed=1).shape == (1, 3, 8, 32, 32)


def test_spelling_is_forgiven(model):
    assert read("a purpel sqare sinks", model.vocabulary).text == "a purple square sinks"


@pytest.mark.parametrize("damage", ["cut", "noise", "judge"])
def test_damaged_weights_are_refused_in_a_sentence(tmp_path, damage):
    whole = video.weights_file("shapes").read_bytes()
    path = tmp_path / "video.safetensors"
    if damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "noise":
        path.write_bytes(b"not weights")
    else:
        path.write_bytes(judge.weights_file("shapes").read_bytes())
    with pytest.raises(CourseError, match="does not hold a video generator"):
        video.load("shapes", path=path)


def test_missing_weights_say_how_to_make_them(tmp_path):
    with pytest.raises(CourseError, match=r"course\.py train video"):
        video.load("shapes", path=tmp_path / "none.safetensors")


def test_the_clip_is_the_sum_of_its_parts(model):
    from course_lib.gan.layers import over, place

    part = model.parts("a large yellow star grows", seed=4)
    seen = place(torch.cat([part["colour"], part["alpha"]], 1), part["shift"], part["scale"])
    by_hand = over(seen[:, :, :3], seen[:, :, 3:], part["background"][:, None]).transpose(1, 2)
    assert torch.allclose(by_hand, model.sample(["a large yellow star grows"], seed=4), atol=1e-5)
    assert part["scale"][0, -1] > 1.3 * part["scale"][0, 0]


def test_the_shipped_files_are_small_and_say_what_they_are(model):
    assert video.weights_file("shapes").stat().st_size < 2e6
    assert {"seconds", "steps", "licence"} <= set(model.note)
    for name in ("video-shapes-32", "video-shapes-start"):
        card = video.weights_file("shapes").with_name(f"{name}.md").read_text(encoding="utf-8")
        assert "Licence" in card
