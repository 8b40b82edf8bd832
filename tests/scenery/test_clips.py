"""The dataset: splits by rule, streams that repeat, a cache that is the same set."""

import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.scenery.clips import Clips
from course_lib.scenery.splits import WORLDS, world


@pytest.mark.parametrize("name", WORLDS)
def test_held_out_combinations_share_no_triple_with_training(name):
    one = world(name)
    train, held = one.combinations("train"), one.combinations("held-out")
    assert len(train) + len(held) == len(one.combinations("all"))
    assert 0.10 < len(held) / (len(train) + len(held)) < 0.25
    key = ("place", "time", "weather") if name == "scenery" else ("shape", "colour", "motion")

    def triples(rows):
        return {tuple(row[k] for k in key) for row in rows}

    assert not triples(train) & triples(held)
    # Yet every pair of words of a held-out triple has been seen.
    for a, b in ((0, 1), (0, 2), (1, 2)):
        pairs = {(t[a], t[b]) for t in triples(train)}
        assert {(t[a], t[b]) for t in triples(held)} <= pairs
    assert one.combinations("validation") == train


def test_seeds_of_splits_never_meet():
    seeds = [
        {Clips("shapes", split, 500, seed=s).seed_of(k) for k in range(500)}
        for split in ("train", "validation", "held-out", "all")
        for s in (0, 1)
    ]
    assert len(set.union(*seeds)) == sum(map(len, seeds))


def test_items_and_batches_repeat():
    a, b = Clips("shapes", "train", 50), Clips("shapes", "train", 50)
    assert np.array_equal(a[7].video, b[7].video)
    assert a[7].caption == b[7].caption
    assert a[7].attributes == b[7].attributes
    first, second = list(a.batches(16)), list(b.batches(16))
    assert [len(batch.captions) for batch in first] == [16, 16, 16, 2]
    assert all(np.array_equal(x.clips, y.clips) and x.captions == y.captions for x, y in zip(first, second))
    assert len(list(a.batches(16, last=False))) == 3
    with pytest.raises(IndexError):
        a[50]


def test_epochs_bring_other_words_and_another_order():
    clips = Clips("shapes", "train", 30, language="zh")
    both = list(clips.batches(30, epochs=2))
    assert not np.array_equal(both[0].labels, both[1].labels)
    assert sum(clips.caption_of(k, 0) != clips.caption_of(k, 1) for k in range(30)) > 20
    assert all(language == "zh" for batch in both for language in batch.languages)


def test_labels_are_the_truth_and_combinations_come_evenly():
    clips = Clips("scenery", "train", 894, size=16, frames=1)
    labels = np.array([clips.label_of(k) for k in range(894)])
    rows, counts = np.unique(labels, axis=0, return_counts=True)
    assert (len(rows), set(counts)) == (447, {2})
    for k in (0, 100):
        truth = clips.truth_of(k)
        assert [clips.attributes[name][n] for name, n in zip(clips.attributes, labels[k])] == list(
            truth.values()
        )


def test_cache_holds_the_same_clips(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    plain, told = Clips("scenery", "held-out", 6, size=16, frames=2), []
    stored = Clips("scenery", "held-out", 6, size=16, frames=2).cached(lambda *a: told.append(a))
    assert told == [(6, 6)]
    assert np.array_equal(plain.videos(np.arange(6)), stored.videos(np.arange(6)))
    assert np.array_equal(plain[3].video, stored[3].video)
    Clips("scenery", "held-out", 6, size=16, frames=2).cached(lambda *a: told.append(a))
    assert len(told) == 1  # read, not rendered again
    assert [file.suffix for file in tmp_path.iterdir()] == [".npy"]


def test_a_broken_render_leaves_no_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    clips = Clips("shapes", "train", 100)

    def stop(done, count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clips.cached(stop)
    assert not list(tmp_path.iterdir())


def test_torch_batches_and_the_way_back():
    import torch

    from course_lib.scenery.clips_torch import OnDevice, batches, to_bytes

    clips = Clips("shapes", "validation", 12)
    plain = next(clips.batches(12, shuffle=False))
    batch = next(batches(clips, 12, shuffle=False))
    assert batch.clips.shape == (12, 3, 8, 32, 32)
    assert batch.clips.dtype == torch.float32
    assert batch.clips.abs().max() <= 1
    assert np.array_equal(to_bytes(batch.clips), plain.clips)
    held = next(OnDevice(clips).batches(12))
    assert sorted(map(tuple, held.labels.tolist())) == sorted(map(tuple, plain.labels.tolist()))
    with pytest.raises(CourseError, match="GiB"):
        OnDevice(clips, limit=1000)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"name": "sky"}, "no world 'sky'"), ({"split": "test"}, "no split 'test'"), ({"language": "de"}, "no language 'de'"),
        ({"count": 0}, "1 or more"), ({"frames": 0}, "1 or more"), ({"size": 600}, "16 to 512"),
    ],
)  # fmt: skip
def test_wrong_sets_are_named(arguments, said):
    with pytest.raises(CourseError, match=said):
        Clips(**arguments)


def test_wrong_batch_size():
    with pytest.raises(CourseError, match="batch_size"):
        next(Clips("shapes").batches(0))


def test_several_processes_render_the_same_set(tmp_path, monkeypatch):
    from course_lib.scenery import stored

    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "one"))
    alone = np.array(Clips("scenery", "train", 130, size=16, frames=2).cached()._stored)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "two"))
    told = []
    both = Clips("scenery", "train", 130, size=16, frames=2).cached(lambda *a: told.append(a), workers=2)
    assert np.array_equal(alone, both._stored)
    assert told == [(64, 130), (128, 130), (130, 130)]
    assert not list((tmp_path / "two").glob("*.part"))
    assert stored.PART == 64


def test_a_set_that_does_not_fit_on_the_disk_is_refused_before_it_is_begun(tmp_path, monkeypatch):
    from course_lib.scenery import stored

    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    monkeypatch.setattr(stored.shutil, "disk_usage", lambda folder: type("Disk", (), {"free": 1000})())
    with pytest.raises(CourseError, match="make room"):
        Clips("scenery", "train", 10, size=16, frames=2).cached()
    assert list(tmp_path.iterdir()) == []


def test_where_processes_cannot_start_one_renders_the_rest(tmp_path, monkeypatch):
    from course_lib.scenery import stored

    class Broken:
        def __init__(self, *how):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *what):
            return None

        def map(self, function, tasks):
            yield function(tasks[0])
            raise stored.BrokenProcessPool

        def shutdown(self, **how):
            pass

    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    monkeypatch.setattr(stored, "ProcessPoolExecutor", Broken)
    clips, told = Clips("scenery", "train", 130, size=16, frames=2), []
    clips.cached(lambda *a: told.append(a), workers=2)
    assert told == [(64, 130), (128, 130), (130, 130)]
    assert np.array_equal(
        clips.videos([129]), Clips("scenery", "train", 130, size=16, frames=2).videos([129])
    )
