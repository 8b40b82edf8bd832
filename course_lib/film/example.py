"""A film of ten seconds whose every part can be touched: three shots, two cross-fades, subtitles, an inset, sound."""

import numpy as np
from PIL import Image

from course_lib.audio.ambience import ambience
from course_lib.audio.effects import duck
from course_lib.audio.music import music
from course_lib.audio.speech import RATE, speak
from course_lib.film.cards import inset, lower_third
from course_lib.film.fonts import font
from course_lib.film.plan import blend
from course_lib.film.subtitles import break_lines, lettering
from course_lib.scenery.render import render

SENTENCES = ("清晨，湖很静，", "雪山亮了，", "我们在等太阳。")
SHOTS = (
    {"place": "lake", "time": "dawn", "weather": "clear", "motion": "pan left"},
    {"place": "snow mountain", "time": "noon", "weather": "cloudy", "motion": "zoom in"},
    {"place": "grassland", "time": "dusk", "weather": "clear", "motion": "pan right"},
)
SECONDS, BLEND = 10.0, 0.6
CUTS = (0.0, 3.2, 6.8, SECONDS)


def ten_seconds(size: int = 512, fps: int = 25, drawn: int = 24) -> tuple[dict, dict]:
    """A plan and its media, see `course_lib.film.plan`.

    Args:
        size: of the square picture, an even number.
        fps: pictures a second.
        drawn: how many pictures of each shot are rendered; what lies between two of them is blended.

    Returns:
        `(plan, media)`. The shots are ready pictures, so that what is measured is putting them together.
    """
    items, media = [], {}
    for number, shot in enumerate(SHOTS):
        start = CUTS[number] - (BLEND / 2 if number else 0.0)
        end = CUTS[number + 1] + (BLEND / 2 if number < len(SHOTS) - 1 else 0.0)
        small = min(size, 256)
        frames = render(shot, frames=drawn, size=small, seed=number, seconds=end - start)
        if small < size:
            frames = np.stack([np.asarray(Image.fromarray(one).resize((size, size))) for one in frames])
        moments = np.linspace(0, drawn - 1, round((end - start) * fps) + 1)
        ready = [_between(frames, place) for place in moments]
        name = shot["place"]
        media[name] = _ready(ready, fps)
        item = {"name": name, "kind": "picture", "start": start, "end": end, "layer": number}
        items.append(item | ({"fade_in": BLEND} if number else {}))
    for number, sentence in enumerate(SENTENCES):
        speech = speak(sentence)
        begin = CUTS[number] + (0.25 if number else 0.5)
        end = min(begin + speech.seconds, SECONDS)
        em = 0.06 * size
        patch = lettering(break_lines(sentence.rstrip("，。"), font(em).getlength, 0.9 * size), em)
        at = [(size - patch.shape[1]) // 2, round(0.95 * size) - patch.shape[0]]
        items += [
            {"name": f"voice {number + 1}", "kind": "sound", "start": begin, "end": end},
            {
                "name": f"words {number + 1}",
                "kind": "title",
                "start": begin,
                "end": end,
                "layer": 10,
                "at": at,
            },
        ]
        media |= {f"voice {number + 1}": speech.samples, f"words {number + 1}": patch}
    media["who"] = lower_third("西湖 West Lake", "清晨六点 · 6 a.m.", (size, size))
    items.append({"name": "who", "kind": "title", "start": 0.8, "end": 3.0, "layer": 9, "at": [0, round(0.62 * size)],
                  "fade_in": 0.3, "fade_out": 0.3})  # fmt: skip
    media["inset"] = inset(render(SHOTS[0], frames=1, size=min(256, size), seed=9)[0], round(0.3 * size))
    items.append({"name": "inset", "kind": "title", "start": 7.4, "end": 9.6, "layer": 8, "fade_in": 0.4, "fade_out": 0.4,
                  "at": [size - round(0.34 * size), round(0.04 * size)]})  # fmt: skip
    _sounds(items, media)
    return {"seconds": SECONDS, "fps": fps, "size": [size, size], "items": items}, media


def _between(pictures: np.ndarray, place: float) -> np.ndarray:
    """The picture at a place such as 3.4: picture 3 with four tenths of picture 4."""
    before = int(place)
    return blend(pictures[before], pictures[min(before + 1, len(pictures) - 1)], place - before)


def _ready(pictures: list[np.ndarray], fps: int):
    """A clip from pictures that are there already."""
    return lambda second: pictures[min(len(pictures) - 1, round(second * fps))]


def _sounds(items: list[dict], media: dict) -> None:
    """Music that steps back while somebody speaks, and the sound of the lake."""
    voice = np.zeros(round(SECONDS * RATE), np.float32)
    for item in items:
        if item["name"].startswith("voice"):
            begin = round(item["start"] * RATE)
            samples = media[item["name"]][: len(voice) - begin]
            voice[begin : begin + len(samples)] += samples
    media["music"] = duck(music("calm", SECONDS, 3), voice)
    media["waves"] = ambience({"place": "lake", "time": "dawn", "weather": "clear"}, SECONDS, 3)
    items.append(
        {"name": "music", "kind": "sound", "start": 0.0, "end": SECONDS, "level": -4.0, "fade_out": 1.0}
    )
    items.append({"name": "waves", "kind": "sound", "start": 0.0, "end": SECONDS, "level": -12.0})
