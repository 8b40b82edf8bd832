"""The same plan carried out by moviepy (version 2): a clip an item, all of them on one stage."""

import numpy as np
from moviepy import AudioArrayClip, CompositeAudioClip, CompositeVideoClip, ImageClip, VideoClip, afx, vfx

from course_lib.audio.speech import RATE
from course_lib.film.plan import check


def as_moviepy(plan: dict, media: dict) -> CompositeVideoClip:
    """A moviepy film of a plan.

    It cross-fades by mixing sRGB numbers: a plan with `"blend": "numbers"` gives the same pictures in `plan.compose`, up to
    rounding.

    Args:
        plan, media: see `course_lib.film.plan`.

    Returns:
        A clip with sound; `.write_videofile(...)` makes a file of it.

    Raises:
        CourseError: the plan cannot be carried out.
    """
    check(plan, media)
    seen, heard = [], []
    for item in plan["items"]:
        if item["kind"] == "sound":
            heard.append(_sound(item, media[item["name"]]))
        else:
            seen.append(_clip(item, media[item["name"]]))
    height, width = plan["size"]
    # one flat stage: composites inside composites cost a picture each
    film = CompositeVideoClip(seen, size=(width, height), bg_color=(0, 0, 0)).with_duration(plan["seconds"])
    return film.with_audio(CompositeAudioClip(heard)) if heard else film


def _clip(item: dict, what):
    seconds = item["end"] - item["start"]
    if callable(what):
        first = what(0.0)
        clip = VideoClip(lambda t: what(t)[..., :3], duration=seconds)
        if first.shape[2] == 4:
            mask = VideoClip(lambda t: what(t)[..., 3] / 255, duration=seconds, is_mask=True)
            clip = clip.with_mask(mask)
    else:  # an image with alpha brings its mask along
        clip = ImageClip(what, duration=seconds)
    effects = []
    if item.get("fade_in"):
        effects.append(vfx.CrossFadeIn(item["fade_in"]))
    if item.get("fade_out"):
        effects.append(vfx.CrossFadeOut(item["fade_out"]))
    clip = clip.with_effects(effects) if effects else clip
    return (
        clip.with_start(item["start"])
        .with_position(tuple(item.get("at", (0, 0))))
        .with_layer_index(item["layer"])
    )


def _sound(item: dict, samples):
    samples = np.asarray(samples, np.float64)
    samples = samples[: round((item["end"] - item["start"]) * RATE)]
    pair = np.repeat(samples.reshape(len(samples), -1), 3 - samples.reshape(len(samples), -1).shape[1], 1)
    clip = AudioArrayClip(pair, fps=RATE)
    effects = [afx.MultiplyVolume(10 ** (item.get("level", 0.0) / 20))]
    if item.get("fade_in"):
        effects.append(afx.AudioFadeIn(item["fade_in"]))
    if item.get("fade_out"):
        effects.append(afx.AudioFadeOut(item["fade_out"]))
    return clip.with_effects(effects).with_start(item["start"])
