"""A newcomer's way through lesson 00: the film plays in the page, a sentence of one's own becomes pictures."""

import pytest

from tests.browser.conftest import first_notebook
from tests.browser.test_lesson_01 import picture

pytestmark = pytest.mark.browser


def test_the_film_and_a_sentence_of_ones_own(open_lesson, tmp_path):
    lesson = open_lesson(first_notebook("00"))
    page = lesson.page
    lesson.run_all(seconds=400)

    # the film is in the page, and the browser can read its length
    film = lesson.cell("make-the-film").locator("video")
    film.wait_for()
    picture(lesson, tmp_path, "00-1-film")
    assert film.evaluate("video => video.src.startsWith('data:video/mp4')")

    # an empty line is answered by a sentence, not by a traceback
    cell = lesson.cell("your-film")
    line, button = cell.locator("input[type=text]"), cell.get_by_role("button", name="Make the pictures")
    line.fill("")
    button.click()
    cell.locator(".jp-OutputArea-output pre").filter(has_text="text").first.wait_for()
    assert "Traceback" not in cell.inner_text()

    # a sentence of one's own: pictures, and what was assumed
    line.fill("It snowed on the city last night.")
    button.click()
    cell.get_by_text("assumed:").first.wait_for(timeout=120_000)
    cell.locator("img").first.wait_for()
    lesson.cell("your-film")
    picture(lesson, tmp_path, "00-2-own-sentence")

    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
