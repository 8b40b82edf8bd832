"""`course check` on notebooks as they come back: mangled, copied, split, reordered, damaged, dangerous."""

import json
import random

import pytest

from course_lib import cli
from course_lib.classroom.check import check
from course_lib.classroom.extract import extract, read_cells, without_magics
from course_lib.classroom.marker import Marker
from course_lib.data import home
from course_lib.errors import CourseError
from course_lib.exercises import find, lesson_exercises

SOLVED = home() / "solutions" / "01_mathematics_of_gans.ipynb"


@pytest.fixture
def save(tmp_path):
    def write(notebook, name="learner 学生.ipynb"):
        path = tmp_path / name
        path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), encoding="utf-8")
        return path

    return write


def solved() -> dict:
    return json.loads(SOLVED.read_text(encoding="utf-8"))


def bare(notebook: dict) -> dict:
    """What Colab or a copy may leave: no ids, no names, no metadata."""
    cells = [
        {"cell_type": c["cell_type"], "metadata": {"id": "x9"}, "source": "".join(c["source"])}
        for c in notebook["cells"]
    ]
    return {"nbformat": 4, "nbformat_minor": 0, "metadata": {"colab": {}}, "cells": cells}


def full(path, **more):
    marks, _ = check(path, **more)
    assert marks.total == marks.most, {
        id: (v.title, v.text) for id, v in marks.verdicts.items() if not v.right
    }


def test_metadata_stripped(save):
    full(save(bare(solved())))


def test_cells_reordered_and_copied(save):
    notebook = bare(solved())
    random.Random(3).shuffle(notebook["cells"])
    notebook["cells"] += [dict(cell) for cell in notebook["cells"][::2]]
    full(save(notebook))


def test_all_code_in_one_cell(save):
    notebook = bare(solved())
    code = "\n".join(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    full(save({**notebook, "cells": [{"cell_type": "code", "source": code}]}))


def test_the_decorator_split_from_its_function(save):
    notebook = bare(solved())
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace('@exercise("gan.theory.value_function")\n', "")
    full(save(notebook))


def test_magics_and_a_broken_cell_lose_only_themselves(save):
    notebook = bare(solved())
    notebook["cells"].insert(
        0, {"cell_type": "code", "source": "%matplotlib inline\n!ls\nimport math\nmath.pi?"}
    )
    notebook["cells"].insert(1, {"cell_type": "code", "source": "%%bash\nrm -rf /nowhere"})
    notebook["cells"].append({"cell_type": "code", "source": "for x in\n  this is not python"})
    marks, problems = check(save(notebook))
    assert marks.total == marks.most
    assert len(problems) == 1
    assert "not Python" in problems[0]


def test_a_bad_line_beside_a_good_function_loses_only_itself(save):
    notebook = bare(solved())
    for cell in notebook["cells"]:
        if "def value_function" in cell["source"]:
            cell["source"] += "\nprint('unfinished'"
    full(save(notebook))


def test_names_of_the_learners_own_are_carried_along(save):
    code = (
        "import numpy\nHALF = 1 / 2\ndef logs(p):\n    return numpy.log(p).mean()\n"
        "def value_function(real_answers, fake_answers):\n    return 2 * HALF * (logs(real_answers) + logs(1 - fake_answers))\n"
    )
    marks, _ = check(save({"cells": [{"cell_type": "code", "source": code}]}), lesson="01")
    assert marks.points["gan.theory.value_function"] == 10
    assert marks.total == 10


def test_the_last_definition_wins(save):
    wrong = "import numpy as np\ndef value_function(d_real, d_fake):\n    return 0.0\n"
    right = "def value_function(d_real, d_fake):\n    return np.mean(np.log(d_real)) + np.mean(np.log(1 - d_fake))\n"
    for cells, points in (((wrong, right), 10), ((wrong + right, wrong), 0)):
        path = save({"cells": [{"cell_type": "code", "source": text} for text in cells]})
        assert check(path, lesson="01")[0].total == points


def test_long_cells_are_not_run(save, tmp_path):
    notebook = bare(solved())
    trap = f"open({str(tmp_path / 'was_run')!r}, 'w').write('x')\nwhile True: pass"
    notebook["cells"].insert(3, {"cell_type": "code", "source": trap})
    full(save(notebook))
    assert not (tmp_path / "was_run").exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("import os; os._exit(0)", "no answer"),
        ("raise SystemExit", "raised"),
        ("return 1 / 0", "raised"),
        ("import sys; sys.stdout.write('x' * 10**6); print('y'); return 1.0", "different"),
        ("import os; os.write(1, b'x' * 1000); return 1.0", "different"),
        ("return object()", "type"),
        ("return value_function(d_real, d_fake)", "raised"),
    ],
)
def test_one_bad_exercise_costs_only_itself(save, body, kind):
    notebook = bare(solved())
    for cell in notebook["cells"]:
        if "def value_function" in cell["source"]:
            cell["source"] = (
                f'@exercise("gan.theory.value_function")\ndef value_function(d_real, d_fake):\n    {body}\n'
            )
    marks, _ = check(save(notebook))
    assert marks.total == marks.most - 10
    assert marks.verdicts["gan.theory.value_function"].kind == kind


def test_an_endless_function_is_ended(save):
    one = find("gan.theory.value_function")
    texts = ["def value_function(a, b):\n    while True:\n        pass\n"]
    submission = extract(texts, lesson_exercises("01"))
    import dataclasses

    with Marker() as marker:
        assert marker.mark(dataclasses.replace(one, seconds=0.5), submission, 1).kind == "slow"


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"cells": 3}', '{"cells": [3]}', "\x00\x01"])
def test_what_is_not_a_notebook_gets_a_sentence(save, text):
    with pytest.raises(CourseError, match=r"not a notebook"):
        read_cells(save(text))


def test_missing_and_too_large_files_get_a_sentence(tmp_path):
    with pytest.raises(CourseError, match="cannot be read"):
        read_cells(tmp_path / "none.ipynb")
    large = tmp_path / "large.ipynb"
    with large.open("wb") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(CourseError, match="clear its outputs"):
        read_cells(large)


def test_an_unknown_lesson_gets_a_sentence(save):
    with pytest.raises(CourseError, match="--lesson 01"):
        check(save({"cells": [{"cell_type": "code", "source": "x = 1"}]}))


def test_the_command(capsys):
    assert cli.main(["check", str(SOLVED), "--seed", "5"]) == 0
    assert "95 of 95" in capsys.readouterr().out
    assert cli.main(["check", "nowhere.ipynb"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_lines_that_only_look_like_magics():
    head = '@exercise("gan.theory.value_function")\ndef value_function(d_real, d_fake):\n'
    asks = head + '    """Is this one more real?\n\n    More to say."""\n    return 1.0\n'
    looks = head + '    """Words\n    %d of it\n    !important"""\n    return (7\n    % 2)\n'
    for text in (asks, looks, "%matplotlib inline\n!ls\nnp.mean?\n" + asks):
        found = extract([text], [find("gan.theory.value_function")])
        assert found.problems == []
        assert "gan.theory.value_function" in found.functions


def test_without_magics():
    assert without_magics("%time x\n!ls\ny = 1\nprint?") == "\n\ny = 1\n"
    assert without_magics("\n%%html\n<b>") == ""
    assert without_magics("%%time\nx = 1") == "\nx = 1"


def test_a_later_experiment_of_the_same_name_does_not_replace_the_answer(save):
    notebook = bare(solved())
    notebook["cells"].append(
        {"cell_type": "code", "source": "def simultaneous_step(theta, psi, h):\n    return 0, 0"}
    )
    full(save(notebook))


def test_star_imports_are_carried_along(save):
    code = "from numpy import *\ndef value_function(d_real, d_fake):\n    return mean(log(d_real)) + mean(log(1 - d_fake))\n"
    assert check(save({"cells": [{"cell_type": "code", "source": code}]}), lesson="01")[0].total == 10
