"""Which files are submissions and whose: folders, platforms' zips, and archives that mean harm."""

import json
import stat
import zipfile

import pytest

from course_lib.classroom.grading import intake
from course_lib.errors import CourseError

NOTE = json.dumps({"cells": [{"cell_type": "code", "source": 'start("01")'}]})


def archive(path, files: dict, **more):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def learners(found) -> dict:
    return {entry.learner: [paper.name for paper in entry.papers] for entry in found}


def test_a_folder_of_notebooks(tmp_path):
    for name in ("Ada Lovelace.ipynb", "王小明.ipynb", "a.b-c.ipynb"):
        (tmp_path / name).write_text(NOTE, encoding="utf-8")
    (tmp_path / "marks.toml").write_text("")
    (tmp_path / ".DS_Store").write_text("")
    found = intake.collect(tmp_path, tmp_path / "scratch")
    assert learners(found) == {"Ada Lovelace": ["Ada Lovelace.ipynb"], "a.b-c": ["a.b-c.ipynb"], "王小明": ["王小明.ipynb"]}  # fmt: skip
    assert found[0].papers[0].lessons == ("01",)


def test_a_folder_a_learner_nested(tmp_path):
    for name in ("Ada/01.ipynb", "Bob van Dyk/my notes/week 1/01 (1).ipynb", "Eve/essay.docx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(NOTE, encoding="utf-8")
    found = intake.collect(tmp_path, tmp_path.parent / "scratch")
    assert learners(found) == {"Ada": ["01.ipynb"], "Bob van Dyk": ["01 (1).ipynb"], "Eve": []}
    assert found[2].others == ["essay.docx"]


def test_canvas(tmp_path):
    path = archive(tmp_path / "submissions.zip", {
        "lovelaceada_1234_56789_01_mathematics_of_gans-2.ipynb": NOTE,
        "wangxiaoming_LATE_77_88_01.ipynb": NOTE,
        "zippedzoe_5_6_work.zip": (archive(tmp_path / "inner.zip", {"deep/01.ipynb": NOTE})).read_bytes(),
    })  # fmt: skip
    found = intake.collect(path, tmp_path / "scratch")
    assert [(e.learner, e.user, e.late, [p.name for p in e.papers]) for e in found] == [
        ("lovelaceada", "1234", False, ["01_mathematics_of_gans-2.ipynb"]),
        ("wangxiaoming", "77", True, ["01.ipynb"]),
        ("zippedzoe", "5", False, ["01.ipynb"]),
    ]


@pytest.mark.parametrize("inner", ["/01.ipynb", "01.ipynb"])
def test_moodle(tmp_path, inner):
    first = "Ada Lovelace_4711_assignsubmission_file" + (inner if inner[0] == "/" else f"_{inner}")
    path = archive(
        tmp_path / "s.zip", {first: NOTE, "小明 王_12_assignsubmission_file_/我的 作业.ipynb": NOTE}
    )
    found = intake.collect(path, tmp_path / "scratch")
    assert [(e.learner, e.user, [p.name for p in e.papers]) for e in found] == [
        ("Ada Lovelace", "4711", ["01.ipynb"]),
        ("小明 王", "12", ["我的 作业.ipynb"]),
    ]


def test_two_people_of_one_name(tmp_path):
    files = {f"Li Wei_{number}_assignsubmission_file_/x.ipynb": NOTE for number in (1, 2)}
    found = intake.collect(archive(tmp_path / "s.zip", files), tmp_path / "scratch")
    assert [entry.learner for entry in found] == ["Li Wei (1)", "Li Wei (2)"]


def test_the_folder_around_everything_is_nobody(tmp_path):
    path = archive(tmp_path / "s.zip", {"class/ada.ipynb": NOTE, "class/bob/01.ipynb": NOTE, "__MACOSX/class/._ada.ipynb": b"x"})  # fmt: skip
    assert set(learners(intake.collect(path, tmp_path / "scratch"))) == {"ada", "bob"}


def test_zips_in_a_folder(tmp_path):
    (tmp_path / "in").mkdir()
    archive(tmp_path / "in" / "ada.zip", {"01.ipynb": NOTE})
    archive(tmp_path / "in" / "all.zip", {"bobb_1_2_01.ipynb": NOTE})
    (tmp_path / "in" / "broken.zip").write_bytes(b"PK\x03\x04 no")
    found = intake.collect(tmp_path / "in", tmp_path / "scratch")
    assert learners(found) == {"ada": ["01.ipynb"], "bobb": ["01.ipynb"], "broken": []}
    assert "damaged" in found[2].refused[0]


def test_paths_that_lead_out_are_refused(tmp_path):
    names = ["../../out.ipynb", "/abs.ipynb", "C:\\win.ipynb", "ok/../../up.ipynb"]
    path = archive(tmp_path / "s.zip", {**dict.fromkeys(names, NOTE), "good.ipynb": NOTE})
    found = intake.collect(path, tmp_path / "deep" / "scratch")
    refused = [one for entry in found for one in entry.refused]
    assert len(refused) == 4
    assert all("leads out" in one for one in refused)
    written = [p for p in tmp_path.rglob("*") if p.is_file() and p != path]
    assert [p.parent for p in written] == [tmp_path / "deep" / "scratch"]


def test_links_in_an_archive_are_refused(tmp_path):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("eve.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    found = intake.collect(path, tmp_path / "scratch")
    assert "link" in found[0].refused[0]
    assert found[0].papers == []


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        with made.open("bomb.ipynb", "w", force_zip64=True) as file:
            for _ in range(80):
                file.write(b"0" * 2**20)
        made.writestr("good.ipynb", NOTE)
    found = {entry.learner: entry for entry in intake.collect(path, tmp_path / "scratch")}
    assert "more than 64 MB" in found["bomb"].refused[0]
    assert found["good"].papers
    assert sum(p.stat().st_size for p in (tmp_path / "scratch").iterdir()) < 2**20


def test_a_bomb_that_lies_about_its_size(tmp_path):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bomb.ipynb", b"0" * (70 * 2**20))
    content = path.read_bytes()
    path.write_bytes(content.replace((70 * 2**20).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    with pytest.raises(CourseError, match="damaged"):  # its checksum is of more than it says to hold
        intake.collect(path, tmp_path / "scratch")
    assert all(one.stat().st_size <= 1000 for one in (tmp_path / "scratch").iterdir())


def test_archives_in_archives_end_somewhere(tmp_path):
    inner = archive(tmp_path / "0.zip", {"x.ipynb": NOTE})
    for number in range(1, 6):
        inner = archive(tmp_path / f"{number}.zip", {f"{number - 1}.zip": inner.read_bytes()})
    found = intake.collect(inner, tmp_path / "scratch")
    assert any("not opened" in one for entry in found for one in entry.refused)


def test_names_of_chinese_windows(tmp_path):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("PLACE.ipynb", NOTE)
    content = path.read_bytes().replace(b"PLACE", "王x".encode("gbk") + b"yz")
    path.write_bytes(content)
    assert set(learners(intake.collect(path, tmp_path / "scratch"))) == {"王xyz"}


def test_names_are_made_fit_to_show():
    assert intake.shown("a\x1b[31m\u202eb\n") == "a [31m b"
    assert intake.shown("\x07") == "(no name)"
    assert len(intake.shown("x" * 500)) == 120


def test_of_several_notebooks_the_newest_of_the_lesson(tmp_path):
    def paper(name, when, lessons):
        return intake.Paper(tmp_path / name, name, when, lessons)

    entry = intake.Entry(
        "Ada", [paper("old", 1, ("01",)), paper("new", 2, ("01",)), paper("other", 3, ("02",))]
    )
    best, notes = intake.choose(entry, "01")
    assert best.name == "new"
    assert "newest" in notes[0]
    assert intake.choose(intake.Entry("Bob"), "01") == (None, [])


@pytest.mark.parametrize("make", ["missing", "text", "empty"])
def test_nothing_to_grade_gets_a_sentence(tmp_path, make):
    path = tmp_path / make
    if make == "text":
        path.write_text("x")
    if make == "empty":
        path.mkdir()
    with pytest.raises(CourseError):
        intake.collect(path, tmp_path / "scratch")
