"""Every contract accepts what the course makes, and refuses each thing that can be wrong with it, by name."""

import copy
import json
import shutil
import subprocess
from dataclasses import replace

import pandas as pd
import pytest

from course_lib.data import datasets
from course_lib.data.programs import ffmpeg
from course_lib.data.twin import twin
from course_lib.errors import CourseError
from course_lib.loop import contracts
from course_lib.loop.rounds import first_catalogue
from course_lib.loop.studio import Order, Studio
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.distribute import profiles_of
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.profiles import cards, people


@pytest.fixture(scope="module")
def logs():
    return twin(60, 60, 12)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A small film, and its record."""
    studio = Studio(tmp_path_factory.mktemp("films"), "renderer", 90, 10)
    order = Order("湖", "傍晚的湖。")
    return studio.path(order), studio.film(order)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.drop(columns="is_like"), "'is_like' is missing"),
        (lambda t: t.assign(mood="calm"), "'mood' is none of KuaiRand's"),
        (lambda t: t[t.columns[::-1]], "another order"),
        (lambda t: t.iloc[:0], "no rows"),
        (lambda t: t.assign(user_id=t["user_id"] + 1), "user_id that does not exist, first 60"),
        (lambda t: t.assign(video_id=-1), "video_id that does not exist"),
        (lambda t: t.assign(is_like=2), "'is_like' holds something else"),
        (lambda t: t.assign(play_time_ms=-1.0), "'play_time_ms' is negative"),
        (lambda t: t.assign(tab=15), "'tab' must be 0 to 14"),
    ],
)
def test_a_log(logs, change, said):
    contracts.log(logs.log, 60, 60)
    with pytest.raises(CourseError, match=said):
        contracts.log(change(logs.log), 60, 60)


def test_a_clean_log(logs):
    clean = clean_log(logs.log, logs.videos)[0]
    assert contracts.clean(clean, 60, 60) is clean
    with pytest.raises(CourseError, match="'time_ms' is unknown"):
        contracts.clean(logs.log, 60, 60)
    with pytest.raises(CourseError, match="1 rows stand there twice"):
        contracts.clean(pd.concat([clean, clean.iloc[:1]]), 60, 60)


def test_profile_cards(logs):
    ratings = ratings_from(clean_log(logs.log, logs.videos)[0])
    known = people(ratings, logs.scenes, ids=range(60))
    deck = cards(known, profiles_of(known, 2))
    contracts.profiles(deck, 60)
    for broken, said in (
        (deck[1:], "not 60"),
        ([replace(deck[0], size=58), replace(deck[1], size=2)], "is about 2 people"),
        ([deck[0], replace(deck[1], cluster=deck[0].cluster)], "the same number"),
        ([replace(deck[0], name=" "), deck[1]], "has no name"),
    ):
        with pytest.raises(CourseError, match=said):
            contracts.profiles(broken, 60)


def test_a_prompt_is_understood_as_it_was_meant():
    contracts.prompt("清晨的湖。", {"place": "lake", "time": "dawn"})
    with pytest.raises(CourseError, match="place is read as 'lake' where 'sea' was meant"):
        contracts.prompt("清晨的湖。", {"place": "sea", "time": "dawn"})
    with pytest.raises(CourseError, match=r"shot 1 .* shows the weather 'cloudy' where 'rain' was meant"):
        contracts.prompt("黄昏的一望无际的海洋，后来下起了细雨。心里泛起淡淡的忧伤。", {"weather": "rain"})


def test_a_film_is_accepted(film):
    path, record = film
    assert contracts.film_file(path) == record
    assert contracts.film_faults(record) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r.pop("subtitles"), "'subtitles' is missing"),
        (lambda r: r.update(fps="12"), "'fps' is of the wrong kind"),
        (lambda r: r.update(shots=[]), "no shots"),
        (lambda r: r["shots"][0].pop("words"), "lacks its times"),
        (lambda r: r["shots"][0].update(start=0.4), "without a gap"),
        (lambda r: r["shots"][0]["words"][0].__setitem__(1, -1.0), "outside its shot"),
        (lambda r: r["subtitles"][0].update(end=99.0), "a subtitle"),
        (lambda r: r["label"].update(Label="0"), "made by AI"),
        (lambda r: r["shots"][0]["shows"].update(place="moon"), "in the course's words"),
        (lambda r: r.update(loudness_lufs=-23.0), "-23.0 LUFS"),
        (lambda r: r.update(true_peak_dbtp=0.2), "true peak"),
        (lambda r: r.update(fps=5), "5 pictures a second"),
    ],
)
def test_a_broken_record_is_refused(film, change, said):
    record = copy.deepcopy(film[1])
    change(record)
    with pytest.raises(CourseError, match=said):
        contracts.film_record(record)


def copied(film, folder, *options, change=None):
    """The film put through ffmpeg with some options, its record changed."""
    path, record = film
    target = folder / "other.mp4"
    command = [ffmpeg(), "-v", "error", "-i", str(path), *options, "-c", "copy", str(target)]
    subprocess.run(command, check=True)
    target.with_suffix(".json").write_text(json.dumps({**record, **(change or {})}), encoding="utf-8")
    return target


@pytest.mark.parametrize(
    ("options", "change", "said"),
    [
        (["-map", "0:v", "-map", "0:s"], None, "no audio track"),
        (["-map", "0:v", "-map", "0:a"], None, "no subtitle track"),
        (["-map", "0:a"], None, "no video track"),
        (["-map", "0"], {"size": {"width": 90, "height": 160}}, "it is 160x90"),
        (["-map", "0"], {"fps": 25}, "it shows 10 pictures a second"),
        # the metadata are not copied: the label is gone
        (["-map", "0"], None, "the metadata key AIGC"),
    ],
)
def test_a_broken_film_is_refused(film, tmp_path, options, change, said):
    with pytest.raises(CourseError, match=said):
        contracts.film_file(copied(film, tmp_path, *options, change=change))


def test_a_film_without_its_record_or_of_another_length(film, tmp_path):
    path = tmp_path / "film.mp4"
    with pytest.raises(CourseError, match="it is not there"):
        contracts.film_file(path)
    shutil.copy(film[0], path)
    with pytest.raises(CourseError, match=r"its record film\.json is missing"):
        contracts.film_file(path)
    longer = copy.deepcopy(film[1])
    longer["seconds"] += 1
    longer["shots"][-1]["end"] += 1
    path.with_suffix(".json").write_text(json.dumps(longer), encoding="utf-8")
    with pytest.raises(CourseError, match="it lasts"):
        contracts.film_file(path)
    path.write_bytes(b"no film")
    with pytest.raises(CourseError, match="cannot be read as a film"):
        contracts.film_file(path)


def test_a_catalogue(logs):
    table = first_catalogue(logs)
    for broken, said in (
        (table.drop(columns="mood"), "'mood' is missing"),
        (table.iloc[1:], "not numbered"),
        (table.assign(place="moon"), "unknown place, first 'moon'"),
        (table.assign(seconds=0.0), "no length"),
        (table.assign(made=True), "60 films are said to be made and have no file"),
    ):
        with pytest.raises(CourseError, match=said):
            contracts.catalogue(broken)


def test_weights_and_their_card(tmp_path):
    contracts.weights_card(datasets("weights", "judge-scenery.safetensors"))
    weights = tmp_path / "mine.safetensors"
    with pytest.raises(CourseError, match="they are not there"):
        contracts.weights_card(weights)
    weights.write_bytes(b"")
    with pytest.raises(CourseError, match=r"the card mine\.md is missing"):
        contracts.weights_card(weights)
    weights.with_suffix(".md").write_text("weights of something", encoding="utf-8")
    with pytest.raises(
        CourseError, match="does not name them; the card says no train; the card says no licence"
    ):
        contracts.weights_card(weights)
