"""`course data`: lists, shows and describes."""

import pytest
from PIL import Image

from course_lib.classroom.data import SETS
from course_lib.cli import main
from course_lib.data import datasets


def test_list_names_every_set(capsys):
    assert main(["data", "list"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in SETS)


def test_show_writes_a_picture(tmp_path, capsys):
    out = tmp_path / "sheet.png"
    assert main(["data", "show", "shapes", "--out", str(out), "--size", "24"]) == 0
    with Image.open(out) as picture:
        assert picture.width > 16 * 24
        assert picture.mode == "RGB"
    assert out.stat().st_size < 1_000_000
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", [name for name in SETS if name != "scenery-motion"])
def test_datasheets_are_there_and_answer_the_usual_questions(name, capsys):
    assert main(["data", "describe", name]) == 0
    sheet = capsys.readouterr().out
    for heading in (
        "Motivation",
        "Composition",
        "Collection",
        "Preprocessing",
        "Uses",
        "Distribution",
        "Maintenance",
    ):
        assert f"## {heading}" in sheet
    picture = datasets(name, "contact-sheet.png")
    assert SETS[name].sheet is None or picture.stat().st_size < 1_000_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "music"], "no data set 'music'"),
        (["show", "twin"], "no pictures to show"),
        (["fetch", "netflix"], "no data set 'netflix' to download"),
        (["show", "shapes", "--size", "big"], "--size is 'big'"),
        (["show", "shapes", "--size", "5"], "16 to 512"),
        (["show", "shapes", "--out", "sheet.jpg"], "ends in .png"),
    ],
)
def test_mistakes_are_named(arguments, said, capsys):
    assert main(["data", *arguments]) == 2
    assert said in capsys.readouterr().err
