"""Collecting and cleaning: every kind of file is taken in, planted faults are found, mistakes are named in a sentence."""

import numpy as np
import pytest

from course_lib.curate import clean, collect, media, plant
from course_lib.curate.mojibake import MISREADINGS, garbled, misread, repaired
from course_lib.errors import CourseError
from course_lib.scenery import render
from course_lib.scenery.captions import caption
from course_lib.scenery.vocabulary import combinations


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory):
    """(folder, what was planted, what was collected)."""
    folder = tmp_path_factory.mktemp("clips") / "new"
    planted = plant.plant(folder, 24, share=0.5, seed=3)
    return folder, planted, collect.collect(folder)


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_planting_is_repeatable_and_never_overwrites(spoiled):
    folder, planted, _ = spoiled
    assert sorted(set(planted.values())) == sorted(plant.SPOILED)
    assert len(planted) == 12
    before = listing(folder)
    with pytest.raises(CourseError, match="not empty"):
        plant.plant(folder, 24)
    assert listing(folder) == before


def test_every_format_is_taken_in(spoiled):
    folder, planted, items = spoiled
    assert len({item.file.rsplit(".", 1)[1] for item in items}) >= 4
    for item in items:
        if item.file not in planted:
            assert item.footage.frames.shape == (plant.FRAMES, 32, 32, 3)
            assert (item.footage.width, item.footage.height) == (plant.WIDTH, plant.HEIGHT)
            assert item.footage.seconds == pytest.approx(plant.FRAMES / plant.FPS, abs=0.2)
    assert not [name for name in listing(folder) if name.startswith(".")]


def test_planted_faults_are_found_and_sound_clips_are_left_alone(spoiled):
    _, planted, items = spoiled
    report = clean.clean(items)
    table = clean.detection(report, planted, [item.file for item in items])
    assert all(row["recall"] == 1 for row in table.values()), table
    assert sum(row["false alarms"] for row in table.values()) == 0
    assert len(report.sound) == 12
    assert report.counts()["no caption"] == 2


def test_detection_counts_misses_and_false_alarms():
    report = clean.Report([("a", "blank", ""), ("c", "blank", ""), ("b", "frozen", "")], [])
    table = clean.detection(report, {"a": "blank", "b": "blank"}, ["a", "b", "c", "d"])
    assert table["blank"] == {
        "planted": 2, "found": 1, "recall": 0.5, "false alarms": 1, "false-alarm rate": 0.5,
    }  # fmt: skip
    assert table["frozen"]["false alarms"] == 0  # b is no sound clip


def test_slow_movement_is_not_frozen_and_noise_is():
    ramp = np.arange(40)[:, None, None, None] * 0.4 + np.full((40, 8, 8, 3), 60.0)
    assert clean.frozen_share(ramp.astype(np.uint8)) < 0.2
    noise = np.random.default_rng(0).normal(0, 0.5, (40, 8, 8, 3)) + 100
    assert clean.frozen_share(noise.round().astype(np.uint8)) == 1
    assert clean.frozen_share(ramp[:1].astype(np.uint8)) == 1
    half = np.concatenate([ramp[:20], np.repeat(ramp[20:21], 20, 0)]).astype(np.uint8)
    assert clean.frozen_share(half) == pytest.approx(20 / 39, abs=0.06)


def test_a_dark_picture_is_not_blank():
    night = render({"place": "sea", "time": "night", "weather": "rain"}, 4, 32, 5)
    assert clean.blank_share(night) == 0
    assert clean.blank_share(np.zeros((3, 8, 8, 3), np.uint8)) == 1


@pytest.mark.parametrize("how", MISREADINGS)
def test_misread_captions_are_found(how):
    texts = [caption(row, "zh", k) for k, row in enumerate(combinations()[::29])]
    spoiled_ones = [misread(text, how) for text in texts]
    assert all(map(garbled, spoiled_ones))
    if how == "UTF-8 read as Latin-1":
        assert [repaired(text) for text in spoiled_ones] == texts


def test_right_captions_are_left_alone():
    texts = [
        caption(row, language, k) for k, row in enumerate(combinations()[::29]) for language in ("zh", "en")
    ]
    texts += ["café au lait", "naïve", "“smart” quotes’", "Zürich", "联通", "日本語", "é", "Ã", ""]
    assert not [text for text in texts if garbled(text) or repaired(text) != text]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (b"file;caption\na.mp4;x\n", "no column 'file'"),
        (b"", "no column 'file'"),
        (b"file,text\na.mp4,x\n", "no column 'caption'"),
        (b"file,caption\na.mp4,x, y\n", "row 2"),
        (b"file,caption\n,x\n", "row 2"),
        (b"file,caption\na.mp4,x\na.mp4,y\n", "twice"),
        (b'file,caption\na.mp4,"x\n', "no CSV"),
        (b"file,caption\nother.mp4,x\n", "no such file"),
        ("file,caption\na.mp4,湖\n".encode("gb18030"), "line 2, is not UTF-8"),
        (b"\x00\xff\xfe\x01", "not UTF-8"),
    ],
)
def test_unreadable_tables_are_named_and_nothing_is_left(tmp_path, table, said):
    (tmp_path / "a.mp4").write_bytes(b"whatever")
    (tmp_path / "captions.csv").write_bytes(table)
    with pytest.raises(CourseError, match=said) as raised:
        collect.collect(tmp_path)
    assert "\n" not in str(raised.value)
    assert listing(tmp_path) == ["a.mp4", "captions.csv"]


def test_empty_and_missing_folders_are_named(tmp_path):
    with pytest.raises(CourseError, match="no folder"):
        collect.collect(tmp_path / "nowhere")
    with pytest.raises(CourseError, match="no clips in"):
        collect.collect(tmp_path)
    (tmp_path / "a.mp4").write_bytes(b"")
    with pytest.raises(CourseError, match=r"captions\.csv is missing"):
        collect.collect(tmp_path)
    assert listing(tmp_path) == ["a.mp4"]


def test_a_corrupted_clip_is_an_entry_with_a_reason(tmp_path):
    media.write(tmp_path / "whole.mp4", render({"place": "lake"}, 8, (48, 64), 1))
    data = (tmp_path / "whole.mp4").read_bytes()
    for number, broken in enumerate((b"", b"<html>404</html>", data[: len(data) // 2])):
        (tmp_path / f"broken{number}.mp4").write_bytes(broken)
    (tmp_path / "captions.csv").write_text("file,caption\nwhole.mp4,A lake.\n", encoding="utf-8")
    report = clean.clean(collect.collect(tmp_path))
    assert [item.file for item in report.sound] == ["whole.mp4"]
    reasons = {file: why for file, fault, why in report.faults if fault == "broken"}
    assert sorted(reasons) == ["broken0.mp4", "broken1.mp4", "broken2.mp4"]
    assert all(reasons.values())
    kept = collect.keep(report.sound, tmp_path / "kept.csv")
    assert collect.captions(kept) == {
        "whole.mp4": {"caption": "A lake.", "language": "en", "source": "whole.mp4"}
    }


def test_writing_refuses_and_leaves_nothing(tmp_path):
    with pytest.raises(CourseError, match="choose one of"):
        media.write(tmp_path / "a.txt", np.zeros((2, 32, 32, 3), np.uint8))
    with pytest.raises(CourseError, match="at least one"):
        media.write(tmp_path / "a.mp4", np.zeros((0, 32, 32, 3), np.uint8))
    with pytest.raises(CourseError, match="could not be written"):
        media.write(tmp_path / "a.mp4", np.zeros((2, 33, 31, 3), np.uint8))  # H.264 wants even numbers
    assert not listing(tmp_path)


def test_join_counts_what_does_not_match():
    joined = collect.join([7, 3, 5], [3, 3, 9, 7], [1.0, 3.0, 100.0, 5.0])
    assert joined.views.tolist() == [1, 2, 0]
    assert joined.mean[:2].tolist() == [5.0, 2.0]
    assert np.isnan(joined.mean[2])
    assert (joined.orphans, joined.unseen) == (1, 1)
    with pytest.raises(CourseError, match="twice"):
        collect.join([1, 1], [1], [1.0])
