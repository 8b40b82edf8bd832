"""Pictures that change while something trains, and that move when saved."""

import base64
import io

import numpy as np
from PIL import Image

from course_lib.notebook.live import Live, sheet
from course_lib.notebook.players import moving

CHANCE = np.random.default_rng(4)


def test_a_sheet_holds_every_picture_in_its_place():
    pictures = CHANCE.integers(0, 200, size=(5, 4, 6, 3)).astype(np.uint8)
    whole = sheet(pictures, columns=3, scale=2, gap=1)
    assert whole.shape == (2 * 5 * 2, 3 * 7 * 2, 3)
    for k, picture in enumerate(pictures):
        y, x = k // 3 * 5 * 2, k % 3 * 7 * 2
        np.testing.assert_array_equal(whole[y : y + 8 : 2, x : x + 12 : 2], picture)
        np.testing.assert_array_equal(whole[y + 1 : y + 8 : 2, x : x + 12 : 2], picture)
    assert (whole[10:, 28:] == 255).all()  # the sixth place is empty
    assert sheet(np.full((1, 2, 2, 3), -1.0), 1, 1)[:2, :2].max() == 0


def test_live_shows_once_and_then_updates(monkeypatch):
    shown, updated = [], []

    class Handle:
        def update(self, bundle, raw):
            updated.append(bundle)

    def display(bundle, raw, display_id):
        shown.append(bundle)
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    live = Live(columns=2)
    for step in (1, 2, 3):
        live(np.zeros((2, 8, 8, 3), np.uint8), f"step {step} <b>", share=step / 2)
    assert [len(shown), len(updated)] == [1, 2]
    assert "step 1 &lt;b&gt;" in shown[0]["text/html"]
    assert 'value="50"' in shown[0]["text/html"]
    assert 'value="100"' in updated[-1]["text/html"]  # never beyond the end
    data = shown[0]["text/html"].split("base64,")[1].split('"')[0]
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (36, 18)


def test_moving_pictures_move():
    pictures = CHANCE.integers(0, 255, size=(3, 8, 16, 3)).astype(np.uint8)
    player = moving(pictures, "three pictures", scale=2)
    film = Image.open(io.BytesIO(player.data))
    assert (film.n_frames, film.size) == (3, (32, 16))
    assert "three pictures" in player._repr_html_()
