"""A learner's way through lesson 01: open, run all, move a slider by keyboard, answer wrongly, answer rightly."""

import json
import os
from pathlib import Path

import pytest

from course_lib.classroom.check import check
from course_lib.exercises import find
from tests.browser.conftest import first_notebook

pytestmark = pytest.mark.browser
ID = "gan.theory.value_function"
CELL = "gan-theory-value-function"
HEAD = f'@exercise("{ID}")\ndef value_function(d_real, d_fake):\n    return '
WRONG, RIGHT = (
    "np.mean(np.log(d_real)) + np.mean(np.log(d_fake))",
    "np.log(d_real).mean() + np.log(1 - d_fake).mean()",
)


def picture(lesson, tmp_path, name: str) -> None:
    """A screenshot, kept where COURSE_SCREENSHOTS says, to be looked at."""
    folder = Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    lesson.page.screenshot(path=path)
    assert path.stat().st_size > 20_000


def card(lesson):
    return lesson.cell(CELL).locator("[role=region][aria-label^='Exercise value_function']")


def test_the_way_of_a_learner(open_lesson, lab, tmp_path):
    name = first_notebook("01")
    lesson = open_lesson(name)
    page = lesson.page
    picture(lesson, tmp_path, "1-opened")
    lesson.run_all()

    # as shipped: not started, and nothing on the page is an error
    assert "Not started" in card(lesson).inner_text()
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    picture(lesson, tmp_path, "2-not-started")

    # the slider, by keyboard
    drag = lesson.cell("drag")
    drag.scroll_into_view_if_needed()
    image = drag.locator("img").first
    image.wait_for()
    before = image.get_attribute("src")
    handle = drag.locator("[role=slider]").first
    handle.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "([element, old]) => { const now = element.querySelector('img'); return now && now.src !== old; }",
        arg=[drag.element_handle(), before],
    )
    picture(lesson, tmp_path, "3-slider")

    # a wrong answer: its own hint, the lesson's hints, the solution only behind two clicks
    lesson.type_and_run(CELL, HEAD + WRONG)
    shown = card(lesson)
    shown.get_by_text("Not yet", exact=False).first.wait_for()
    hint = find(ID).misconceptions[0]
    assert "the 1 - on the fakes was left out" in shown.inner_text()
    assert hint.hint.split("*")[0] in shown.inner_text()
    solution = shown.get_by_text("np.mean(np.log(1 - d_fake))", exact=False).first
    assert not solution.is_visible()
    summary = shown.locator("summary", has_text="Hint 1")
    summary.focus()
    page.keyboard.press("Enter")
    shown.get_by_text("Two means, one over each batch").wait_for()
    shown.locator("summary", has_text="Show the solution").click()
    assert not solution.is_visible()
    shown.locator("summary", has_text="Yes, show it").click()
    solution.wait_for()
    lesson.cell(CELL)
    picture(lesson, tmp_path, "4-wrong-light")
    lesson.command("apputils:change-theme", {"theme": "JupyterLab Dark"})
    page.wait_for_selector("body[data-jp-theme-light='false']", state="attached")
    picture(lesson, tmp_path, "5-wrong-dark")
    assert contrast(lesson, "strong >> nth=0") > 4.5
    assert contrast(lesson, "span >> nth=0") > 4.5

    # a right answer: the card turns
    lesson.type_and_run(CELL, HEAD + RIGHT)
    card(lesson).get_by_text("✓ Right").wait_for()
    lesson.cell(CELL)
    picture(lesson, tmp_path, "6-right-dark")
    lesson.command("apputils:change-theme", {"theme": "JupyterLab Light"})
    page.wait_for_selector("body[data-jp-theme-light='true']", state="attached")
    picture(lesson, tmp_path, "7-right-light")
    assert contrast(lesson, "span >> nth=0") > 4.5

    # progress is kept, the saved notebook gets its mark
    done = json.loads((lab.folder / "keep" / "progress.json").read_text(encoding="utf-8"))
    assert done[ID]["status"] == "right"
    assert done[ID]["attempts"] == 2
    lesson.saved()
    marks, problems = check(lab.folder / name)
    assert (marks.points[ID], marks.total, problems) == (10, 10, [])

    # start again: the cell is as it was shipped
    lesson.type_and_run(CELL, f'reset("{ID}")')
    page.wait_for_function(
        """id => window.jupyterapp.shell.currentWidget.content.widgets.find(cell => cell.model.id === id).model.sharedModel.getSource().includes('...')""",
        arg=CELL,
    )
    assert ID not in json.loads((lab.folder / "keep" / "progress.json").read_text(encoding="utf-8"))


def contrast(lesson, what: str) -> float:
    """Contrast of a card's text with what lies behind it, by the formula of WCAG 2."""
    colours = (
        card(lesson)
        .locator(what)
        .evaluate(
            """element => {
            let behind = element;
            while (behind && ['rgba(0, 0, 0, 0)', 'transparent'].includes(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
            return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
        }"""
        )
    )

    def luminance(text: str) -> float:
        parts = [float(part) / 255 for part in text[text.index("(") + 1 : -1].split(",")[:3]]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted(map(luminance, colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)
