"""The finished file: streams, lengths, loudness, subtitles, labels; and twenty sentences."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from course_lib.audio.effects import band
from course_lib.audio.loudness import loudness, master, true_peak
from course_lib.audio.speech import RATE
from course_lib.benches.film import SENTENCES, checked, decode, subtitle_error
from course_lib.errors import CourseError
from course_lib.film import check_label, make_film, read_label
from course_lib.film.label import FIELDS
from course_lib.film.publish import encode_sound, ffmpeg, streams
from course_lib.film.seal import fingerprint
from course_lib.film.subtitles import read_srt


def boxes(data: bytes) -> list[str]:
    """Names of an mp4's outermost boxes, in order."""
    names, at = [], 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        names.append(data[at + 4 : at + 8].decode())
        at += size
    return names


def test_what_is_in_the_file(film):
    told = subprocess.run(
        [ffmpeg(), "-hide_banner", "-i", str(film.path)], capture_output=True
    ).stderr.decode()
    assert "Video: h264" in told
    assert "yuv420p" in told
    assert "256x144" in told
    assert "25 fps" in told
    assert "Audio: aac" in told
    assert "44100 Hz, stereo" in told
    assert "(zho): Subtitle: mov_text" in told
    assert "title           : 今天去了西藏" in told
    assert streams(film.path) == [("video", "h264"), ("audio", "aac"), ("subtitle", "mov_text")]
    names = boxes(film.path.read_bytes())
    assert names.index("moov") < names.index("mdat")  # plays before it is loaded whole


def test_lengths_loudness_and_peak_of_the_file(film):
    sound, pictures = decode(film.path)
    assert pictures == film.timeline.frames
    assert abs(len(sound) / RATE - pictures / 25) <= 1 / 25
    assert loudness(sound) == pytest.approx(-16, abs=0.5)
    assert true_peak(sound) < -1
    # the file sounds as the mix does
    count = min(len(sound), len(film.sound.mix))
    assert np.corrcoef(sound[:count, 0], film.sound.mix[:count, 0])[0, 1] > 0.99


def test_peaks_stay_low_through_the_encoder(tmp_path):
    """Bursts mastered to the very limit come out of AAC below -1 dBTP, by making room if need be."""
    random = np.random.default_rng(3)
    sound = 0.02 * random.standard_normal((3 * RATE, 2))
    for start in range(RATE // 4, 3 * RATE - 3_000, RATE // 3):
        sound[start : start + 2_000] += 2 * band(random.standard_normal((2_000, 1)), high=3_000)
    sound = master(sound, ceiling=-0.3)
    sound *= 10 ** ((-0.4 - true_peak(sound)) / 20)
    assert true_peak(sound) > -0.5
    encode_sound(sound, tmp_path / "sound.m4a")
    command = [ffmpeg(), "-v", "error", "-i", str(tmp_path / "sound.m4a"), "-f", "f32le", "-"]
    heard = subprocess.run(command, capture_output=True, check=True).stdout
    heard = np.frombuffer(heard, "<f4").reshape(-1, 2)
    assert true_peak(heard) < -1
    assert loudness(heard) == pytest.approx(-16, abs=0.5)


def test_stems_add_up_to_the_mix(film):
    """Before mastering, the mix is the sum of its stems; the limiter only touches peaks."""
    whole = sum(film.sound.stems.values())[:, 0]
    quiet = np.abs(film.sound.mix[:, 0]) < 0.3
    middle = slice(RATE, len(whole) - RATE)
    ratio = film.sound.mix[middle, 0][quiet[middle]] @ whole[middle][quiet[middle]]
    gain = ratio / (whole[middle][quiet[middle]] ** 2).sum()
    rest = film.sound.mix[middle, 0][quiet[middle]] - gain * whole[middle][quiet[middle]]
    assert np.sqrt((rest**2).mean()) < 0.1 * np.sqrt((film.sound.mix**2).mean())


def test_subtitles_are_with_the_speech_in_picture_and_track(film):
    assert subtitle_error(film) < 0.15
    command = [ffmpeg(), "-v", "error", "-i", str(film.path), "-map", "0:s", "-f", "srt", "-"]
    track = read_srt(subprocess.run(command, capture_output=True, check=True).stdout.decode())
    assert [c.text for c in track] == [c.text for c in film.subtitles]
    for stored, cue in zip(track, film.subtitles):
        assert stored.start == pytest.approx(cue.start, abs=0.02)
        assert stored.end == pytest.approx(cue.end, abs=0.02)
        # and in the picture: letters and their dark edges come at once, whatever is below them
        foot = slice(int(0.78 * film.size[0]), None)
        before, after = film.picture(cue.start - 0.06)[foot], film.picture(cue.start + 0.06)[foot]
        changed = np.abs(after.astype(int) - before).max(axis=2) > 70
        assert changed.sum() > 60


def test_labels_are_read_back(film):
    label = check_label(film.path)
    assert label.missing == []
    assert label.seconds_visible >= 2
    assert label.letter_height >= 0.05
    assert label.cue_at == pytest.approx(0.9, abs=0.1)
    assert tuple(label.metadata) == FIELDS
    assert label.metadata["Label"] == "1"
    assert label.sealed
    # the seal is known when the film is complete; film.json has it
    assert label.metadata | {"ReservedCode1": ""} == film.record()["label"]
    stored = json.loads(film.path.with_suffix(".json").read_text(encoding="utf-8"))
    assert label.metadata == stored["label"]


def convert(film, out, *options):
    command = [ffmpeg(), "-y", "-v", "error", "-i", str(film.path), *options, str(out)]
    subprocess.run(command, check=True)
    return read_label(out)


def test_what_is_taken_away_is_missed(film, tmp_path):
    no_keys = convert(film, tmp_path / "a.mp4", "-c", "copy", "-map_metadata", "-1")
    assert no_keys.missing == ["the metadata key AIGC"]
    silent = convert(film, tmp_path / "b.mp4", "-af", "volume=0", "-movflags", "use_metadata_tags")
    assert [words.split(":")[0] for words in silent.missing] == ["the sound cue", "a seal that fits"]
    cut = convert(film, tmp_path / "c.mp4", "-ss", "4", "-movflags", "use_metadata_tags")
    assert len(cut.missing) == 3
    assert cut.seconds_visible == 0
    with pytest.raises(CourseError, match="lacks the metadata key AIGC"):
        check_label(tmp_path / "a.mp4")


def test_tampering_is_noticed(film, tmp_path, monkeypatch):
    """A copy keeps the seal; a changed pixel, another name on the label, another key do not."""
    keep = ("-map", "0", "-c:s", "copy", "-movflags", "use_metadata_tags")
    assert convert(film, tmp_path / "copy.mp4", *keep, "-c", "copy").missing == []
    painted = convert(film, tmp_path / "spot.mp4", *keep, "-c:a", "copy", "-vf", "drawbox=w=4:h=4:t=fill")
    assert [words.split(":")[0] for words in painted.missing] == ["a seal that fits"]
    fields = read_label(film.path).metadata | {"ContentProducer": "somebody else"}
    named = convert(
        film, tmp_path / "name.mp4", *keep, "-c", "copy", "-metadata", f"AIGC={json.dumps(fields)}"
    )
    assert not named.sealed
    monkeypatch.setenv("COURSE_LABEL_KEY", "another producer's")
    assert not read_label(film.path).sealed


def test_what_is_no_film_is_refused(tmp_path):
    with pytest.raises(CourseError, match="there is no film"):
        read_label(tmp_path / "none.mp4")
    (tmp_path / "text.mp4").write_text("not a film")
    with pytest.raises(CourseError, match="cannot be read as a film"):
        read_label(tmp_path / "text.mp4")


def test_json_lies_beside(film):
    record = json.loads(film.path.with_suffix(".json").read_text(encoding="utf-8"))
    assert record == json.loads(json.dumps(film.record(fingerprint(film.path))))
    assert sorted(p.name for p in film.path.parent.iterdir()) == ["西藏 film.json", "西藏 film.mp4"]


def test_an_old_film_is_replaced(film, tmp_path):
    target = tmp_path / "f.mp4"
    target.write_bytes(b"old")
    shutil.copy(film.path, tmp_path / "copy.mp4")
    assert make_film("大海", target, short_side=90, fps=10).path == target
    assert target.stat().st_size > 10_000


# An unknown place; figures in English. The others are made by the slow test and the bench.
FEW = (1, 18)


def keeps_its_promises(number, tmp_path):
    found = checked(SENTENCES[number], tmp_path / "film.mp4", short_side=144)
    assert found["loudness"] == pytest.approx(-16, abs=0.5)
    assert found["true peak"] < -1
    assert abs(found["audio minus video"]) <= 1 / 25
    assert found["subtitle error"] < 0.15
    assert found["label complete"]
    assert 8 < found["seconds"] <= 90


@pytest.mark.parametrize("number", FEW)
def test_sentences(number, tmp_path):
    keeps_its_promises(number, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("number", [n for n in range(len(SENTENCES)) if n not in FEW])
def test_all_other_sentences(number, tmp_path):
    keeps_its_promises(number, tmp_path)


@pytest.mark.slow
def test_the_standing_example_at_full_size(tmp_path):
    found = checked(SENTENCES[0], tmp_path / "film.mp4", short_side=720)
    assert found["label complete"]
    assert found["megabytes"] < 20


@pytest.mark.slow
def test_ten_thousand_characters_become_ninety_seconds(tmp_path):
    film = make_film("今天去了西藏，风景真的很美。" * 700, tmp_path / "long.mp4", short_side=90, fps=10)
    assert 60 < film.seconds <= 90
    assert film.record()["left_out"]


def test_metadata_are_exchanged_where_they_stand(tmp_path):
    from course_lib.film.publish import _rewrite

    path = tmp_path / "film.bin"
    path.write_bytes("头 one 二 尾".encode())
    _rewrite(path, {"title": "头", "AIGC": "one 二"}, {"title": "头", "AIGC": "ten 十"})
    assert path.read_bytes().decode() == "头 ten 十 尾"
    for old, new in (
        ("ten", "seven"),
        ("nowhere", "somehow"),
        (" ", "-"),
    ):  # longer; absent; there more than once
        with pytest.raises(ValueError, match="cannot be exchanged"):
            _rewrite(path, {"AIGC": old}, {"AIGC": new})
    assert path.read_bytes().decode() == "头 ten 十 尾"
