"""A timeline as plain data: what is seen and heard when, where, and on which layer.

    plan = {"seconds": 10.0, "fps": 25, "size": [512, 512], "items": [
        {"name": "lake", "kind": "picture", "start": 0.0, "end": 5.6, "layer": 0},
        {"name": "peaks", "kind": "picture", "start": 5.0, "end": 10.0, "layer": 1, "fade_in": 0.6},
        {"name": "title", "kind": "title", "start": 0.5, "end": 3.0, "layer": 9, "at": [40, 60]},
        {"name": "voice", "kind": "sound", "start": 0.8, "end": 4.1, "level": -3.0}]}

Such a plan can be printed, drawn, saved as JSON, checked, and carried out by different programs. The pictures and
sounds themselves are apart, in a dict `media` from name to what shows or sounds: a function of the item's own seconds that
gives uint8 (height, width, 3) or, with transparency, (height, width, 4); a still array of that kind; or samples.
"""

import json
from collections.abc import Iterator

import numpy as np

from course_lib.audio.loudness import master
from course_lib.audio.speech import RATE
from course_lib.errors import CourseError
from course_lib.film.light import fade
from course_lib.film.paint import Patch

KINDS = ("picture", "title", "sound")


def visible(items, second):
    """Which items are seen at a moment, the lowest layer first.

    An item is there from its start up to, but not including, its end. Sounds are not seen. Of two items on one
    layer the one that stands later in the list lies on top.

    Args:
        items: list of dicts with "kind" ("picture", "title" or "sound"), "start", "end" in seconds, and, but for
            sounds, "layer", a whole number.
        second: the moment.

    Returns:
        The list of these items' positions in `items`, in the order in which they are painted.
    """
    seen = []
    for place, item in enumerate(items):
        if item["kind"] != "sound" and item["start"] <= second < item["end"]:
            seen.append(place)
    return sorted(seen, key=lambda place: items[place]["layer"])


def strength(item: dict, second: float) -> float:
    """How much of an item is there, 0 to 1: it rises over "fade_in" seconds and falls over "fade_out"."""
    if not item["start"] <= second < item["end"]:
        return 0.0
    rise, fall = item.get("fade_in", 0.0), item.get("fade_out", 0.0)
    up = (second - item["start"]) / rise if rise else 1.0
    down = (item["end"] - second) / fall if fall else 1.0
    return min(1.0, up, down)


def place_over(picture, patch, at, strength):
    """Lay a small picture with transparency over a large one; what reaches beyond the edge is cut off.

    Args:
        picture: uint8 (height, width, 3).
        patch: uint8 (rows, columns, 4): colours *not* multiplied by alpha, and alpha, 255 where nothing shines through.
        at: [x, y] of the patch's upper left corner in the picture; may be negative or too far.
        strength: from 0 to 1, by which alpha is multiplied.

    Returns:
        A new uint8 (height, width, 3), rounded to the nearest number.
    """
    x, y = at
    height, width = picture.shape[:2]
    part = patch[max(0, -y) : max(0, height - y), max(0, -x) : max(0, width - x)]
    top, left = max(0, y), max(0, x)
    result = picture.astype(float)
    area = result[top : top + part.shape[0], left : left + part.shape[1]]
    alpha = part[..., 3:] / 255 * strength
    area[:] = (1 - alpha) * area + alpha * part[..., :3]
    return np.floor(result + 0.5).astype(np.uint8)


def compose(plan: dict, media: dict, second: float) -> np.ndarray:
    """The picture at a moment: uint8 (height, width, 3).

    A picture as large as the film and without transparency is faded in linear light, or, if the plan says
    `"blend": "numbers"`, by mixing sRGB numbers as most programs do; smaller ones are laid over.
    """
    mixed = blend if plan.get("blend") == "numbers" else fade
    height, width = plan["size"]
    canvas, own = None, False
    for place in visible(plan["items"], second):
        item = plan["items"][place]
        shown, there = _shown(media[item["name"]], second - item["start"]), strength(item, second)
        if shown.shape == (height, width, 3) and list(item.get("at", (0, 0))) == [0, 0]:
            if there < 1:
                shown = mixed(np.zeros_like(shown) if canvas is None else canvas, shown, there)
            canvas, own = shown, False
            continue
        if not own:  # a clip's picture stays as it is: what is laid over it goes on a copy
            canvas = np.zeros((height, width, 3), np.uint8) if canvas is None else np.array(canvas)
            own = True
        (shown if isinstance(shown, Patch) else Patch(shown)).lay(canvas, item.get("at", (0, 0)), there)
    return np.zeros((height, width, 3), np.uint8) if canvas is None else canvas


def blend(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """A cross-fade of the numbers: `(1 - share) * first + share * second`, rounded."""
    if share >= 1:
        return second
    return (first * np.float32(1 - share) + second * np.float32(share) + np.float32(0.5)).astype(np.uint8)


def _shown(what, second: float) -> np.ndarray:
    return what(second) if callable(what) else what


def pictures(plan: dict, media: dict) -> Iterator[np.ndarray]:
    """All pictures of a plan in order."""
    check(plan, media)
    # a still with transparency is weighed once, not once a picture
    ready = {
        k: Patch(v) if isinstance(v, np.ndarray) and v.shape[2:] == (4,) else v for k, v in media.items()
    }
    for number in range(round(plan["seconds"] * plan["fps"])):
        yield compose(plan, ready, number / plan["fps"])


def mix(plan: dict, media: dict) -> np.ndarray:
    """All sounds of a plan, added: float32 (n, 2) at `audio.speech.RATE`, as long as the film.

    A sound begins at its item's start and is cut at its end; "level" (dB) and the fades change its strength.
    """
    whole = np.zeros((round(plan["seconds"] * RATE), 2), np.float32)
    for item in plan["items"]:
        if item["kind"] != "sound":
            continue
        begin = round(item["start"] * RATE)
        samples = np.asarray(media[item["name"]], np.float32)[: round(item["end"] * RATE) - begin]
        samples = samples[: len(whole) - begin].reshape(len(samples[: len(whole) - begin]), -1)
        gain = np.full((len(samples), 1), 10 ** (item.get("level", 0.0) / 20), np.float32)
        for name, ramp in (("fade_in", slice(None)), ("fade_out", slice(None, None, -1))):
            count = min(len(samples), round(item.get(name, 0.0) * RATE))
            gain[ramp][:count, 0] *= np.linspace(0, 1, count, dtype=np.float32)
        whole[begin : begin + len(samples)] += samples * gain
    return whole


def finished_sound(plan: dict, media: dict) -> np.ndarray:
    """The mix of a plan, mastered to -16 LUFS below -1 dBTP: float32 (n, 2)."""
    return master(mix(plan, media)).astype(np.float32)


def save(plan: dict, media: dict, path, cues=(), language: str = "zh", title: str = "") -> dict:
    """Carry a plan out: one mp4, its titles burnt in, `cues` as a track, labelled in the metadata and sealed.

    Args:
        plan, media: see above; the plan needs a sound.
        path: ends in .mp4.
        cues: subtitles for the track, see `subtitles.Cue`.
        language: of the track, 'zh' or 'en'.
        title: for the metadata.

    Returns:
        The label as it was written.

    Raises:
        CourseError: the plan cannot be carried out, or the file cannot be written.
    """
    from course_lib.film import label, publish, seal

    check(plan, media)
    path = publish.check_target(path)
    fields = label.aigc(title, json.dumps(plan, sort_keys=True))

    def metadata(fingerprint: str) -> dict[str, str]:
        fields["ReservedCode1"] = seal.seal(fields, fingerprint, seal.label_key())
        return {"title": title, "AIGC": json.dumps(fields, ensure_ascii=False)}

    publish.encode(pictures(plan, media), finished_sound(plan, media), list(cues), path, size=tuple(plan["size"]),
                   fps=plan["fps"], language=language, metadata=metadata)  # fmt: skip
    return fields


def problems(plan: dict, media: dict) -> list[str]:
    """What is wrong with a plan, one sentence each; empty if it can be carried out."""
    found = []
    height, width = plan["size"]
    if height % 2 or width % 2:
        found.append(
            f"the size {width} x {height} must be even numbers: video stores colours for 2 x 2 pixels"
        )
    for item in plan["items"]:
        name = item.get("name", "an item")
        if item.get("kind") not in KINDS:
            found.append(f"{name} is of kind {item.get('kind')!r}: choose {', '.join(KINDS)}")
            continue
        if item["start"] >= item["end"]:
            found.append(f"{name} ends at {item['end']} s, before or when it begins ({item['start']} s)")
        if item["start"] < 0 or item["end"] > plan["seconds"] + 1e-9:
            found.append(f"{name} lies partly outside the film (0 to {plan['seconds']} s)")
        if item["kind"] != "sound" and not isinstance(item.get("layer"), int):
            found.append(f"{name} has no layer: give a whole number, the lowest is painted first")
        if item.get("fade_in", 0) + item.get("fade_out", 0) > item["end"] - item["start"] + 1e-9:
            found.append(f"{name} is shorter than its fades")
        if name not in media:
            found.append(f"{name} is not among the media")
    return found + _gaps(plan)


def _gaps(plan: dict) -> list[str]:
    """Moments of the film at which no picture is there."""
    spans = sorted((i["start"], i["end"]) for i in plan["items"] if i.get("kind") == "picture")
    found, now = [], 0.0
    for start, end in [*spans, (plan["seconds"], plan["seconds"])]:
        if start > now + 1e-9:
            found.append(f"nothing is seen from {now:g} s to {start:g} s")
        now = max(now, end)
    return found


def check(plan: dict, media: dict) -> None:
    """Refuse a plan that cannot be carried out.

    Raises:
        CourseError: with everything that is wrong.
    """
    found = problems(plan, media)
    if found:
        raise CourseError("this plan cannot be carried out: " + "; ".join(found) + ".")


def plan_of(film) -> dict:
    """The timeline of a finished `Film` as a plan, to be drawn or read (its media stay with the film)."""
    from course_lib.film.make import CUE_AT

    line, items = film.timeline, []
    for take in line.takes:
        fade_in = line.takes[take.number - 1].end - take.start if take.number else 0.0
        name = f"{take.number + 1} {take.shot.attributes['place']}"
        items.append(_item(name, "picture", take.start, take.end, layer=take.number, fade_in=fade_in))
    top = len(line.takes)
    items.append(_item("title and label", "title", 0.0, line.opening_end, layer=top))
    items += [_item(cue.text, "title", cue.start, cue.end, layer=top + 1) for cue in film.subtitles]
    items.append(_item("end card", "title", line.ending_start, line.seconds, layer=top))
    items += [_item("voice", "sound", t.speech_at, t.speech_end) for t in line.takes]
    items += [_item(name, "sound", 0.0, line.seconds) for name in ("music", "ambience")]
    items.append(_item("cue", "sound", CUE_AT, CUE_AT + 0.8))
    return {"seconds": line.seconds, "fps": line.fps, "size": list(film.size), "items": items}


def _item(name: str, kind: str, start: float, end: float, **more) -> dict:
    return {"name": name, "kind": kind, "start": round(start, 3), "end": round(end, 3), **more}
