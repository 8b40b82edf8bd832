# ---
# jupyter:
#   course:
#     id: "09"
#     title: Compositing and publishing
#     learner_minutes: 160
#     needs: any computer, no GPU
#     extras: film,media
#   jupytext:
#     cell_markers: '"""'
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] name="title"
r"""
# 09 · Compositing and publishing

There are pictures, a voice, music and sounds. They are not a film yet. Somebody has to decide what is seen *when*, what lies on top of what, how one shot becomes the next, where a line of subtitles breaks; and then answer for it: this was made by a machine, by whom, and nobody has tampered with it since. This lesson is about that last mile. In it a film is put together, made large, given a style, and published.

**After this lesson you can**

1. write a film down as plain data, draw it, and carry it out with a loop of your own or with moviepy;
2. fade, pan and zoom so that it looks even to the eye, and say why the obvious way does not;
3. set subtitles in Chinese and English that are in step with the voice and can be read;
4. enlarge a picture of 64 pixels to 512 with a small network, and say what it gained over interpolation and what it made up;
5. label a film three times over, seal it, and notice when somebody has changed it.

**You need** lesson 00 (the finished film). Lesson 07 laid pictures over each other inside a network, lesson 08 made the sounds; nothing has to be left over from either. No GPU is needed.
"""

# %% name="setup"

# %% name="imports"
import hmac  # noqa: F401 - for the seal
import json
import subprocess
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from moviepy import CompositeVideoClip, VideoClip, vfx
from PIL import Image

from course_lib.audio.speech import RATE, speak
from course_lib.data import figure, figures
from course_lib.data.programs import ffmpeg
from course_lib.errors import CourseError
from course_lib.film import (
    make_film,
    motion,
    plan,
    prepare_film,
    quality,
    read_label,
    superres,
    superres_training,
)
from course_lib.film.cards import inset, lower_third
from course_lib.film.example import ten_seconds
from course_lib.film.light import fade, to_linear, to_srgb
from course_lib.film.plan_moviepy import as_moviepy
from course_lib.film.publish import streams
from course_lib.film.seal import fingerprint
from course_lib.film.styles import STYLES, Pace, varied
from course_lib.film.subtitles import Cue, break_lines, columns, lettering, pieces, srt
from course_lib.film.superres_scores import pillow_cubic
from course_lib.gan import video as video_models
from course_lib.notebook.live import Live
from course_lib.notebook.plan_picture import draw_plan
from course_lib.notebook.players import film_player, moving, photo
from course_lib.profiles import pick
from course_lib.scenery.render import render

torch.set_num_threads(1)  # such small networks are faster on one core

# %% [markdown] name="the-end-first"
r"""
## 1 · A film is a list

**The end first:** ten seconds with three shots, two cross-fades, a voice with subtitles, music that steps back for it, a name at the lower left, a picture in the picture. Watch it once with sound.
"""

# %% name="ten-seconds"
SIDE = pick(smoke=64, quick=192, full=512)
timeline, media = ten_seconds(SIDE, drawn=pick(smoke=2, quick=24, full=90))
plan.save(timeline, media, "ten.mp4", title="三个地方")
film_player("ten.mp4", width=384, largest=120_000)

# %% [markdown] name="plain-data"
r"""
All that the editor decided stands in a list of thirteen **items**. Each says *what* it is, from when to when, on which **layer** (the higher lies on top), and where on the picture; sounds have a level instead. The pictures and sounds themselves lie apart. *What to look for:* nothing in this list is a picture, and nothing in it is a program. It could be saved as JSON, mailed, changed by hand, or be the answer of a network.
"""

# %% name="the-list"
for item in timeline["items"][:4] + timeline["items"][-3:]:
    print({name: round(v, 2) if isinstance(v, float) else v for name, v in item.items()})

# %% name="the-drawing"
draw_plan(timeline)

# %% [markdown] name="visible-intro"
r"""
Time runs to the right; slopes are fades. The second picture begins *before* the first one ends: they share 0.6 seconds.

### Exercise 1: what is seen now?

To paint the picture of second $t$ we need the items that are seen then, the lowest layer first, because what is painted last lies on top. An item is there from its start up to, **but not including**, its end: $\text{start} \le t < \text{end}$. Otherwise two shots that follow each other without a fade would both be there for one picture, 1/25 second of nonsense.
"""

# %% exercise="film.plan.visible"

# %% name="visible-shown" tags=["nbval-check-output"]
for second in (0.2, 3.2, 8.0):
    names = [timeline["items"][place]["name"] for place in visible(timeline["items"], second)]
    print(f"{second:4.1f} s, bottom to top: {', '.join(names)}")

# %% [markdown] name="explore-intro"
r"""
*What to look for:* drag slowly over a cross-fade (3.2 s), and over 8 s, where the small picture comes in. In the drawing a line marks the moment.
"""


# %% name="explore"
def moment(second):
    draw_plan(timeline, now=second, width=8)
    plt.figure(figsize=(2.6, 2.7))
    plt.imshow(plan.compose(timeline, media, second))
    plt.axis("off")
    plt.title(f"{second:.1f} s")
    plt.show()


explore(moment, second=(0.0, 9.9, 0.1, 3.2))

# %% [markdown] name="plan-check"
r"""
Because a plan is data, it can be **checked** before anything is rendered. *What to look for:* all that is wrong is said at once, in words that one can act on.
"""

# %% name="plan-fails"
broken = json.loads(json.dumps(timeline))  # a copy
broken["items"][1]["start"] = 4.0
broken["items"][-1]["end"] = 12.0
with expect_failure(CourseError, match="nothing is seen from 3.5 s to 4 s"):
    plan.check(broken, media)

# %% [markdown] name="light-intro"
r"""
## 2 · Half of white is not 128

A cross-fade gives every pixel the mean of two pictures. Of what? The numbers in a picture file are no amounts of light. They follow a curve, sRGB, that spends more of the 256 steps on the dark, where the eye sees finer differences:

$$\text{light} = \begin{cases} v/12.92 & v \le 0.04045 \\ \left(\frac{v+0.055}{1.055}\right)^{2.4} & \text{else}\end{cases}\qquad v = \text{number}/255.$$

*What to look for:* how much light the number 128 stands for, and which number stands for half of the light.
"""

# %% name="the-curve"
numbers = np.arange(256)
plt.figure(figsize=(5, 3.2))
plt.plot(numbers, to_linear(numbers / 255))
half = float(255 * to_srgb(0.5))
for x, y in ((128, float(to_linear(128 / 255))), (half, 0.5)):
    plt.plot([0, x, x], [y, y, 0], ":", color="grey", lw=1.2)
    plt.plot(x, y, "o", color="C1")
    plt.text(x - 6, y + 0.03, f"{x:.0f}: {y:.2f} of the light", ha="right")
plt.xlabel("number in the file")
plt.ylabel("light, white = 1")
plt.xlim(0, 255)
plt.ylim(0, 1)
plt.show()

# %% [markdown] name="stripes-intro"
r"""
You can check it with your own eyes. The left square has black and white lines, one pixel each: **half of its surface gives off white light**. Step back until the lines melt together. *What to look for:* which of the two grey squares looks the same? (At 100 % zoom: a picture that the browser resizes is mixed by the browser, and browsers mix numbers.)
"""

# %% name="stripes"
stripes = np.zeros((120, 120, 3), np.uint8)
stripes[::2] = 255
squares = np.hstack([stripes, np.full_like(stripes, 128), stripes, np.full_like(stripes, 188), stripes])
photo(squares)

# %% [markdown] name="cross-fade-intro"
r"""
### Exercise 2: a cross-fade of light

Two projectors on one screen: one is dimmed while the other comes up. What adds up is *light*. So: from numbers to light, mix, and back to numbers.
"""

# %% exercise="film.light.cross_fade"

# %% [markdown] name="fades-intro"
r"""
*What to look for:* the middle of both rows. Where a bright sky lies over a dark hill, the mean of the *numbers* (upper row) is too dark: half way the picture sags, as if somebody had drawn a curtain. Below, in light, the bright parts of both pictures stay bright. (From a white shot to a black one neither is wrong, they only differ in pace: a fade to black in light hangs on long and then drops. That is why editing programs offer both.)
"""

# %% name="fades"
noon, night = (
    render({"place": "sea", "time": "noon", "weather": "clear"}, 1, SIDE, seed=4)[0],
    render({"place": "city", "time": "night", "weather": "clear"}, 1, SIDE, seed=4)[0],
)
shares = np.linspace(0, 1, 5)
rows = [np.hstack([way(noon, night, share) for share in shares]) for way in (plan.blend, cross_fade)]
photo(np.vstack(rows), width=900)

# %% name="fade-numbers" tags=["nbval-check-output"]
black, white = np.uint8([[0]]), np.uint8([[255]])
for share in (0.25, 0.5, 0.75):
    in_light = cross_fade(black, white, share)[0, 0]
    in_numbers = plan.blend(black, white, share)[0, 0]
    print(f"{share:.0%} white: mixed in numbers {in_numbers}, in light {in_light}")

# %% [markdown] name="fade-cost-intro"
r"""
**What it costs, and how to get it back.** A power for every number is slow. But there are only $256 \times 256$ *pairs* of numbers: mix each pair once, then look the pixels up in the table. *What to look for:* the same numbers, and the factor.
"""

# %% name="fade-cost"
REPEATS = pick(smoke=1, quick=8, full=8)


def cost(function):
    begin = time.process_time()
    for _ in range(REPEATS):
        function(noon, night, 0.37)
    return 1000 * (time.process_time() - begin) / REPEATS


print("the same numbers:", np.array_equal(fade(noon, night, 0.37), cross_fade(noon, night, 0.37)))
print(f"formula {cost(cross_fade):.1f} ms, table {cost(fade):.1f} ms for {SIDE} x {SIDE} pixels")

# %% [markdown] name="pan-intro"
r"""
## 3 · Pan and zoom over a still

A still picture becomes a shot when the camera moves over it; Ken Burns filmed whole histories like that. A **window** $(x, y, w)$, centre and width as shares of the picture's width, travels from a start to an end.

The obvious way moves all three numbers evenly. *What to look for:* zooming in fourfold, evenly in width, magnifies by what factor in each quarter of the time?
"""

# %% name="even-width" tags=["nbval-check-output"]
even = np.linspace(1, 0.25, 5)
print("width:        ", even)
print("magnification:", (1 / even).round(2))
print("each quarter multiplies it by", (even[:-1] / even[1:]).round(2))

# %% [markdown] name="pan-formula"
r"""
It speeds up: 1.23 times in the first quarter, 1.75 times in the last. To the eye a zoom is even when equal times **multiply** by equal factors:

$$w(p) = w_0 \left(\frac{w_1}{w_0}\right)^p .$$

And the centre? If it moved evenly, the shot would slide first and dive later. A good zoom has one point that stays where it is on the screen, at the place $k = (f - x)/w$ in the window. So $x = f - k\,w$: the centre must be a *linear function of the width*, and go as far as the width has gone:

$$x(p) = x_0 + \frac{w(p) - w_0}{w_1 - w_0}\,(x_1 - x_0),\qquad\text{the same for } y.$$

### Exercise 3: the window

Mind the pan without a zoom, $w_0 = w_1$: then the fraction is $0/0$ and the centre moves evenly.
"""

# %% exercise="film.motion.window"

# %% [markdown] name="windows-intro"
r"""
*What to look for:* left, eleven windows of one zoom (equal steps in time): lines through their corners meet in the fixed point. Right, the magnification on a logarithmic axis: the even zoom is a straight line.
"""

# %% name="windows"
still = render({"place": "snow mountain", "time": "dawn", "weather": "clear"}, 1, (288, 512), seed=11)[0]
start, end = [0.5, 0.28, 0.98], [0.36, 0.30, 0.24]
steps = np.linspace(0, 1, 11)
seen = np.array([window(start, end, p) for p in steps])
figure_, (left, right) = plt.subplots(1, 2, figsize=(8, 2.6), width_ratios=(1.6, 1))
left.imshow(still, extent=(0, 1, 288 / 512, 0))
for x, y, w in seen:
    h = w * 9 / 16
    left.add_patch(plt.Rectangle((x - w / 2, y - h / 2), w, h, fill=False, color="white", lw=1.2))
left.axis("off")
right.semilogy(steps, 1 / seen[:, 2], "o-", label="ours")
right.semilogy(steps, 1 / (0.98 + steps * (0.24 - 0.98)), "s--", ms=4, label="evenly in width")
right.set(xlabel="time", ylabel="magnification", yticks=(1, 2, 4), yticklabels=("1", "2", "4"))
right.minorticks_off()
right.legend()
plt.show()

# %% [markdown] name="look-intro"
r"""
The window's edges almost never fall on whole pixels. Rounding them makes the picture **jerk**; so the shot is cut out with fractions of a pixel, by interpolation (`motion.look`). The camera also starts and stops softly: $p = 3t^2 - 2t^3$ instead of $t$.
"""

# %% name="zoom-shown"
time_steps = np.linspace(0, 1, pick(smoke=3, quick=12, full=48))
eased = 3 * time_steps**2 - 2 * time_steps**3
shot = np.stack([motion.look(still, window(start, end, p), (81, 144)) for p in eased])
moving(shot, "a slow zoom over a still picture of mountains", scale=2, hold=160)

# %% [markdown] name="what-the-article-says"
r"""
## 4 · What the article says

One of the articles prints a program for our standing sentence. Told again in our words, its last part goes like this: a model makes *one picture*, another makes a *sound*; the picture, repeated, is called the video; then the video is shown with the function that shows a picture. We write just that, with real parts in the place of the missing models. (That the models themselves are written nowhere you saw in lesson 00.)

*What to look for:* the three measurements below the film. What is in the file? Does anything move?
"""

# %% name="article-program"
sentence = "今天去了西藏，风景真的很美。"
picture = render({"place": "snow mountain"}, 1, (108, 192), seed=2)[0]  # what the picture model gives
sound = speak(sentence).samples  # what the sound model gives
video = np.stack([picture] * 50)  # "the video", made of the picture alone; `sound` is not used again


def write_pictures(pictures, path, fps=25):
    """Pictures alone to a file, as the article's program would."""
    height, width = pictures[0].shape[:2]
    command = [
        ffmpeg(),
        "-y",
        "-v",
        "error",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{width}x{height}",
    ]
    command += ["-r", str(fps), "-i", "-", "-pix_fmt", "yuv420p", path]
    subprocess.run(command, input=np.stack(pictures).tobytes(), check=True)


write_pictures(video, "article.mp4")


def measured(path, pictures):
    moved = np.abs(np.diff(pictures.astype(float), axis=0)).mean() if len(pictures) > 1 else 0.0
    kinds = [kind for kind, _ in streams(path)]
    print(f"{path}: in the file {kinds}; {len(pictures) / 25:.1f} s of pictures, the voice has {len(sound) / RATE:.1f} s; "
          f"mean change from picture to picture {moved:.2f} of 255")  # fmt: skip


measured("article.mp4", video)

# %% [markdown] name="article-show"
r"""
A film with one stream, no sound, in which nothing moves and which ends in the middle of the sentence. And shown with the function for pictures:
"""

# %% name="article-imshow"
with expect_failure(TypeError, match="Invalid shape"):
    plt.imshow(video)
plt.close()

# %% [markdown] name="article-repair-intro"
r"""
**Found:** a list of equal pictures has no time in it; the length of the film was nobody's decision; the sound was made and dropped. **Repaired**, with what you have: the *voice* decides the length; the still is panned over for as long; both go on one timeline; the file is played, not shown. *What to look for:* two streams, equally long, and something moves.
"""

# %% name="article-repaired"
seconds = round(len(sound) / RATE + 0.9, 2)
big = render({"place": "snow mountain"}, 1, (216, 384), seed=2)[0]


def camera(second):
    p = 3 * (second / seconds) ** 2 - 2 * (second / seconds) ** 3
    return motion.look(big, window([0.5, 0.28, 0.9], [0.45, 0.30, 0.5], p), (108, 192))


repaired = {
    "seconds": seconds,
    "fps": 25,
    "size": [108, 192],
    "items": [
        {"name": "picture", "kind": "picture", "start": 0.0, "end": seconds, "layer": 0},
        {"name": "voice", "kind": "sound", "start": 0.4, "end": seconds},
    ],
}
parts = {"picture": camera, "voice": sound}
plan.save(repaired, parts, "repaired.mp4", title=sentence)
measured("repaired.mp4", np.stack(list(plan.pictures(repaired, parts))))
film_player("repaired.mp4", width=256, largest=60_000)

# %% [markdown] name="over-intro"
r"""
## 5 · On top of the picture

Subtitles, a name plate, a picture in the picture: each is a small picture with **transparency**. With $\alpha$ from 0 (clear) to 1 (hides what is below), and a strength $s$ with which it is faded in and out,

$$\text{seen} = (1 - s\alpha)\,\text{below} + s\alpha\,\text{patch}.$$

In lesson 07 colours were stored already multiplied by $\alpha$, which suits moving and blending. Files such as PNG store them *unmultiplied*, and so do we here. (And we mix numbers, not light: letters were drawn for that, and thin white letters mixed in light look fat.)

### Exercise 4: lay it over

The formula is one line. The work is at the edges: a patch may hang over any side of the picture, or lie quite outside.
"""

# %% exercise="film.plan.place_over"

# %% [markdown] name="over-shown-intro"
r"""
*What to look for:* a name plate coming in from the left, at three moments: it hangs over the edge at first, and is half clear. A negative number as an index means *from the end* in Python; that is what goes wrong most often here. The small picture at the upper right was made by shrinking another and giving it round corners in its alpha.
"""

# %% name="over-shown"
base = np.asarray(Image.fromarray(still).resize((512, 288)))
plate = lower_third("西藏 Tibet", "清晨 · dawn, 4,700 m", (288, 512))
small = inset(noon, 120)
views = []
for x, s in ((-150, 0.4), (-40, 0.8), (0, 1.0)):
    one = place_over(base, plate, [x, 180], s)
    views.append(place_over(one, small, [376, 14], s))
photo(np.hstack(views), width=950)

# %% [markdown] name="contrast-intro"
r"""
## 6 · Subtitles

### Can it be read?

The *Web Content Accessibility Guidelines* define how well two colours can be told apart. The **luminance** of a colour is the sum of its *light*, weighted by how strongly the eye answers to it, $L = 0.2126\,R + 0.7152\,G + 0.0722\,B$; then

$$\text{contrast} = \frac{L_\text{brighter} + 0.05}{L_\text{darker} + 0.05},$$

from 1 to 21. Text needs 4.5, large text 3.
"""

# %% exercise="film.light.contrast_ratio"

# %% name="contrast-shown" tags=["nbval-check-output"]
for name, letters, ground in (
    ("white on black", (255, 255, 255), (0, 0, 0)),
    ("grey 118 on white", (118, 118, 118), (255, 255, 255)),
    ("grey 119 on white", (119, 119, 119), (255, 255, 255)),
    ("yellow on white", (255, 255, 0), (255, 255, 255)),
    ("red on black", (255, 0, 0), (0, 0, 0)),
    ("blue on black", (0, 0, 255), (0, 0, 0)),
):
    ratio = contrast_ratio(letters, ground)
    print(f"{name:<18} {ratio:5.2f}  {'can be read' if ratio >= 4.5 else 'too little'}")

# %% [markdown] name="letters-intro"
r"""
What is behind a subtitle changes with every shot, so its contrast with the picture is nobody's decision. The way out: every letter brings **its own ground** along, a dark edge or a plate. *What to look for:* bare letters, letters with an edge, and on a plate, over a picture with a bright and a dark side. Where does each lose?
"""

# %% name="letters"
scene = render({"place": "lake", "time": "noon", "weather": "clear"}, 1, (150, 420), seed=3)[0]
text = ["风景真的很美 What a view"]
views = []
for looks in ({"edge": 0.0, "edge_colour": (255, 255, 255)}, {}, {"plate": (20, 20, 28)}):
    patch = lettering(text, 26, **looks)
    if looks.get("edge") == 0.0:  # bare letters: take the edge and its shadow away
        patch = patch.copy()
        bare = np.asarray(lettering(text, 26, edge_colour=(0, 0, 0)))
        patch[..., 3] = np.where(bare[..., :3].min(-1) > 120, bare[..., 3], 0)
        patch[..., :3] = 255
    views.append(place_over(scene, patch, [(420 - patch.shape[1]) // 2, 60], 1.0))
photo(np.hstack(views), width=950)

# %% [markdown] name="lines-intro"
r"""
### Where does a line end?

English breaks at spaces. Chinese has none, and may break between any two *words*, but no mark such as ，or 。may begin a line, and none such as （ may end one. `pieces` cuts a text into what must stay together. *What to look for:* the marks stick to the word before them, an opening quotation mark to the one after; a space stands at the beginning of a piece.
"""

# %% name="pieces" tags=["nbval-check-output"]
for text in ("今天去了西藏，风景“真的”很美。", "A boat, small and red, crosses the lake."):
    print(pieces(text))

# %% [markdown] name="fill-intro"
r"""
### Exercise 5: fill the lines

Piece after piece: it goes on the line if it still fits, else on a new one. How wide a text is, a function tells: a Chinese character is about twice as wide as a Latin letter, and the real measure, `font(size).getlength`, knows every glyph.
"""

# %% exercise="film.subtitles.fill_lines"

# %% name="fill-shown" tags=["nbval-check-output"]
for text in (
    "今天我们去了西藏，风景真的很美，想和你分享。",
    "Today we went to Tibet, and the view was breathtaking.",
):
    for widest in (16, 30):
        print(f"at most {widest:2d}:", " | ".join(fill_lines(pieces(text), columns, widest)))

# %% [markdown] name="break-intro"
r"""
Filled lines are legal, not beautiful: the last one may hold a single word. The film's `break_lines` uses your function and then evens the lines out, prefers a break after a comma, and keeps *the*, *of*, *a* off the line's end. *What to look for:* the same text both ways.
"""

# %% name="break-shown" tags=["nbval-check-output"]
text = "We left the city before dawn and came to the lake."
print("filled:", " | ".join(fill_lines(pieces(text), columns, 44)))
print("evened:", " | ".join(break_lines(text, columns, 44)))

# %% [markdown] name="times-intro"
r"""
### In step with the voice

The voice tells when each word begins and ends. A long clause is shown in several subtitles; each one should come **with its first word** and go with its last. The voice's words and the subtitle's pieces need not be the same (24 is spoken as *twenty-four*, and Chinese words are cut differently by different programs), so we count *letters*: a subtitle is over when as many letters were heard as were shown.

### Exercise 6: the times of subtitles

Count from the beginning, not subtitle by subtitle: then a word that lies across a border does no harm to those after it.
"""

# %% exercise="film.subtitles.cue_times"

# %% [markdown] name="times-shown-intro"
r"""
*What to look for:* voice (grey, word by word) and subtitles (orange) for a sentence of three subtitles. Each begins with its first word and goes with its last, though it was given no time at all, only a number of letters.
"""

# %% name="times-shown"
said = "We walked along the river to the old bridge, and on the other side, in the rain, stood the house."
speech = speak(said)
lines = fill_lines(pieces(said), columns, 34)


def letters(words):
    return sum(character.isalnum() for character in words)


spoken = [[letters(word.text), word.start, word.end] for word in speech.words]
spans = cue_times(spoken, [letters(line) for line in lines])
plt.figure(figsize=(10, 2.3))
for word in speech.words:
    plt.barh(0, word.end - word.start, left=word.start, color="#b0b4ba", edgecolor="white", height=0.6)
    plt.text((word.start + word.end) / 2, -0.55, word.text, ha="center", fontsize=7.5, rotation=30, va="top")
for line, (begin, stop) in zip(lines, spans):
    plt.barh(1, stop - begin, left=begin, color="C1", edgecolor="white", height=0.9)
    two = "\n".join(fill_lines(pieces(line), columns, 18))
    plt.text((begin + stop) / 2, 1, two, ha="center", va="center", fontsize=8, color="white")
plt.yticks([0, 1], ["voice", "subtitles"])
plt.ylim(-1.7, 1.6)
plt.xlabel("seconds")
plt.show()
print(srt([Cue(*span, line) for span, line in zip(spans, lines)]))

# %% [markdown] name="small-intro"
r"""
## 7 · From 64 pixels to 512

Lesson 07's generator makes pictures of 32 pixels, lesson 06's of 64. A film has 512 or more. **Interpolation** invents nothing: it draws smooth slopes between the pixels it has, and edges stay soft. A network can learn what edges look like.

### The task, exactly

Take a rendered picture, average it **by area**: each square of $r \times r$ pixels becomes its mean, $r = 4$ or 8. That is what the network gets, and the picture before it is the truth. With another way of making small (leaving out pixels, a blur, JPEG) it would be another task.

How near is a result? *Peak signal-to-noise ratio*, $\text{PSNR} = 10\log_{10}\frac{255^2}{\text{mean squared difference}}$ in dB, 3 dB more for half the squared difference; and *structural similarity*, SSIM (Wang and others, 2004), which compares means, spreads and correlation in small windows, and is 1 for equal pictures. *What to look for:* more brightness, a blur and noise, all of nearly the same PSNR. Which looks worst? What does SSIM say?
"""

# %% name="same-psnr"
truth = render({"place": "city", "time": "dusk", "weather": "clear"}, 1, 192, seed=5)[0]
rng = np.random.default_rng(0)


def to_mse(changed, wanted=110.0):
    """Mix truth and a changed picture until the mean squared difference is as wanted."""
    difference = changed.astype(float) - truth
    share = np.sqrt(wanted / np.mean(difference**2))
    return np.clip(np.rint(truth + share * difference), 0, 255).astype(np.uint8)


soft = pillow_cubic(superres_training.shrink(truth[None], 8), 8)[0]
changes = {
    "brighter": to_mse(truth + 10.0),
    "blurred": to_mse(soft),
    "noisy": to_mse(truth + rng.normal(0, 10, truth.shape)),
}
for name, picture in changes.items():
    print(f"{name:<9} PSNR {quality.psnr(picture, truth):.1f} dB, SSIM {quality.ssim(picture, truth):.2f}")
photo(np.hstack(list(changes.values())), width=860)

# %% [markdown] name="shuffle-intro"
r"""
### Compute small, write large

The obvious network first enlarges by interpolation and then mends the large picture: each convolution costs 16 times as much (64 times at 8-fold) as on the small one. Shi and others (2016) do it the other way: **all** layers work on the small picture, and the last one makes, for each small pixel, the $3r^2$ numbers of all the large pixels that lie in it. They only have to be put in their places: channel $c\,r^2 + i\,r + j$ becomes colour $c$ of the large pixel in row $i$ and column $j$ of the small pixel's square.

### Exercise 7: pixel shuffle

No loop is needed: split, move the axes, join.
"""

# %% exercise="film.superres.pixel_shuffle"

# %% name="shuffle-shown" tags=["nbval-check-output"]
numbers = torch.arange(8.0).reshape(1, 4, 1, 2)
print("four channels of 1 x 2:", numbers[0, :, 0].tolist())
print("one channel of 2 x 4:  ", pixel_shuffle(numbers, 2)[0, 0].tolist())

# %% [markdown] name="network-intro"
r"""
The network adds its result to cubic interpolation (a *residual*): it only has to learn what interpolation gets wrong, and an untrained one, its last layer zero, is as good as interpolation. Its loss is the mean over the pictures of $\log(\text{mean squared difference})$: that *is* PSNR, but for sign and factor. With a plain mean of squares the few pictures full of grass and rain would rule, which nobody can foresee from 64 pixels.

*What to look for:* training from nothing, live, for about ten seconds on 24 scenes. From left to right: small picture, cubic, network, truth, for a scene it does not train on. Edges sharpen first.
"""

# %% name="train"
training = superres_training.Training(
    count=pick(smoke=2, quick=24, full=200), steps=pick(smoke=4, quick=200, full=4000), seed=1, factors=(4,)
)
look = superres_training.scenes("validation", pick(smoke=2, quick=6, full=12), 256, seed=3)
look_small = superres_training.shrink(look, 4)
look_cubic = pillow_cubic(look_small, 4)
before = np.mean([quality.psnr(a, b) for a, b in zip(look_cubic, look)])
live, curve = Live(columns=4, scale=1), []


def report(step, loss):
    if step % max(1, training.steps // 6) == 0:
        made = superres.enlarge(look_small, 4, training.model)
        gain = np.mean([quality.psnr(a, b) for a, b in zip(made, look)]) - before
        curve.append((step, gain))
        shown = [
            p
            for k in range(1)
            for p in (look_small[k].repeat(4, 0).repeat(4, 1), look_cubic[k], made[k], look[k])
        ]
        live(np.stack(shown), f"step {step}: {gain:+.2f} dB over cubic", step / training.steps)


used = superres_training.fit(training, report)
print(f"{used:.0f} CPU seconds; small, cubic ({before:.1f} dB), network, truth")

# %% [markdown] name="shipped-intro"
r"""
The course ships the same network after a longer training, on all 447 combinations that may be trained on, and for both factors. *What to look for:* its gain over cubic interpolation on **held-out scenes**, combinations of place, time and weather that it never saw; and, by place, where it gains most and where next to nothing.
"""

# %% name="shipped"
print(f"{'':<16}{'PSNR cubic':>12}{'network':>10}{'gain':>8}{'SSIM cubic':>13}{'network':>10}")
for factor in (4, 8):
    row = [figure("film", f"upscaler: {metric}", f"x{factor}, held-out")
           for metric in ("PSNR, cubic", "PSNR, network", "gain in PSNR, mean", "SSIM, cubic", "SSIM, network")]  # fmt: skip
    shown = "{:>11.2f}{:>10.2f}{:>+8.2f}{:>13.3f}{:>10.3f}".format(*row)
    print(f"{64 * factor:>4} from 64, x{factor} {shown}")
rows = [row for row in figures("film") if row["metric"] == "upscaler: gain in PSNR, by place"]
names = [row["variant"][4:] for row in rows if row["variant"].startswith("x4")]
plt.figure(figsize=(7.5, 3))
for shift, factor in ((-0.2, 4), (0.2, 8)):
    gains = [row["value"] for row in rows if row["variant"].startswith(f"x{factor}, ")]
    plt.bar(np.arange(len(names)) + shift, gains, 0.38, label=f"x{factor}")
plt.xticks(range(len(names)), names)
plt.ylabel("gain over cubic, dB")
plt.legend()
plt.show()
print(f"weights {figure('film', 'upscaler: weights'):.2f} MB, trained for {figure('film', 'upscaler: training'):.0f} CPU seconds, rendering included")  # fmt: skip

# %% [markdown] name="what-it-invents"
r"""
The clean outline of a dune or a mountain can be foreseen from a few pixels. The windows of a city, waves, rain and stars are smaller than a pixel of the small picture: there the best guess *is* a blur.

*What to look for:* a held-out scene at 8-fold, its middle: small picture, cubic, network, truth. Then look again at what is **wrong** in the third picture: it is plausible, and it is not what was there. A picture that was enlarged by a network proves nothing about what it shows.
"""

# %% name="enlarged"
held = superres_training.scenes("held-out", pick(smoke=1, quick=1, full=4), 512, seed=8)
tiny = superres_training.shrink(held, 8)
large = superres.enlarge(tiny, 8)
rows = []
for k in range(len(held)):
    four = (tiny[k].repeat(8, 0).repeat(8, 1), pillow_cubic(tiny[k : k + 1], 8)[0], large[k], held[k])
    rows.append(np.hstack([one[136:376, 136:376] for one in four]))
photo(np.vstack(rows), width=980)

# %% [markdown] name="generated-intro"
r"""
**A generated clip, enlarged.** Lesson 07's shapes are a world that the upscaler has *never* seen, blurred by their generator. There is no truth to compare with; we can only look. *What to look for:* edges of the shape, cubic left and network right. It knows hills, not stars: is it worse, or just no better?
"""

# %% name="generated"
made = video_models.load("shapes").sample(["a large yellow star goes round in a circle"], seed=4)
frames = np.clip((made[0].permute(1, 2, 3, 0).numpy() + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)
begin = time.process_time()
sharp = superres.enlarge(frames, 8)
spent = time.process_time() - begin
photo(
    np.hstack([pillow_cubic(frames[:1], 8)[0], sharp[0], pillow_cubic(frames[4:5], 8)[0], sharp[4]]),
    width=900,
)

# %% name="generated-cost"
print(f"{len(frames)} pictures of 32 x 32 to 256 x 256: {1000 * spent / len(frames):.0f} ms each")
for factor in (4, 8):
    spent = figure("film", "upscaler: 48 pictures of 64 x 64", f"x{factor}")
    print(f"48 pictures of 64 x 64, x{factor}: {spent:.1f} CPU seconds (a film of three generated clips)")

# %% [markdown] name="styles-intro"
r"""
## 8 · Many formats and styles

The articles promise 'many formats and styles'. A style is **data** again: colours (how saturated, which colours black and white become), type (letters, edge or plate, size), pace (how long a cross-fade lasts, how long the silence after a sentence). An aspect is a size, and where things stand on it: in an upright film the lower edge of the screen belongs to the buttons of the app, so subtitles stand higher.

*What to look for:* one sentence in five styles. Which of them has large letters on a plate, and for which screen? Below, how the pace alone changes the length.
"""

# %% name="styles"
sentence = "小船慢慢划过西湖，月亮升起来了。"
tall = pick(smoke=90, quick=160, full=360)
views, lengths = [], {}
for name in list(STYLES)[: pick(smoke=1, quick=5, full=5)]:
    one = prepare_film(sentence, style=name, aspect="1:1", pictures="renderer", short_side=tall, seed=1)
    lengths[name] = one.seconds
    views.append(one.picture(one.subtitles[0].start + 0.4))
photo(np.hstack(views), width=950)

# %% name="paces"
for name, seconds in lengths.items():
    pace = STYLES[name].pace
    print(
        f"{name:<8} cross-fades of {pace.blend:.2f} s, {pace.rest:.2f} s of rest after a sentence: {seconds:.1f} s"
    )

# %% [markdown] name="own-style-intro"
r"""
**Your own.** Change any of it. A style whose subtitles could not be read is refused, by the contrast that you programmed. *What to look for:* the second cell is meant to fail; change the letters until it does not.
"""

# %% name="own-style"
mine = varied("warm", "mine", saturation=1.2, letters=(255, 244, 200), plate=(48, 20, 36), size=0.066,
              pace=Pace(blend=0.9, lead=0.5, pause=0.4, rest=0.8))  # fmt: skip
views = []
for aspect in ("16:9", "1:1", "9:16")[: pick(smoke=1, quick=3, full=3)]:
    one = prepare_film(sentence, style=mine, aspect=aspect, pictures="renderer", short_side=tall, seed=1)
    frame = one.picture(one.subtitles[0].start + 0.4)
    wide = round(frame.shape[1] * 240 / frame.shape[0])
    views.append(np.asarray(Image.fromarray(frame).resize((wide, 240))))
    views.append(np.full((240, 12, 3), 255, np.uint8))
photo(np.hstack(views[:-1]))

# %% name="own-style-fails"
with expect_failure(CourseError, match="cannot be read: letters"):
    prepare_film(sentence, style=varied(mine, "pale", letters=(120, 80, 96)))

# %% [markdown] name="moviepy-intro"
r"""
## 9 · moviepy, and a loop of our own

**moviepy** is the library that everybody uses: each item becomes a *clip*, `with_start`, `with_position`, `with_layer_index`, `with_effects([vfx.CrossFadeIn(.6)])`; a `CompositeVideoClip` stacks them. (The names are those of version 2; most answers on the web are for version 1, `set_start`, `moviepy.editor`, which are gone.) Your plan says all that moviepy needs to know:
"""

# %% name="moviepy"
lake, peaks = timeline["items"][0], timeline["items"][1]
by_hand = []
for item in (lake, peaks):
    clip = VideoClip(media[item["name"]], duration=item["end"] - item["start"]).with_start(item["start"])
    if "fade_in" in item:
        clip = clip.with_effects([vfx.CrossFadeIn(item["fade_in"])])
    by_hand.append(clip.with_layer_index(item["layer"]))
two_shots = CompositeVideoClip(by_hand, size=(SIDE, SIDE))
photo(np.hstack([two_shots.get_frame(second) for second in (2.9, 3.2, 3.5)]), width=700)

# %% [markdown] name="moviepy-compare-intro"
r"""
`as_moviepy` does that for a whole plan, sound and titles included. Do moviepy and our loop make the **same film**? moviepy mixes numbers in a cross-fade; a plan with `"blend": "numbers"` tells our loop to do so, too. *What to look for:* the largest difference of any number in any picture; and how far the cross-fade *in light* is from both.
"""

# %% name="moviepy-compare"
in_numbers = {**timeline, "blend": "numbers"}
theirs = as_moviepy(in_numbers, media)
apart, light_apart = [], []
moments = np.arange(0, 10, pick(smoke=2.0, quick=0.2, full=0.04))
for second in moments:
    frame = theirs.get_frame(second).astype(int)
    apart.append(np.abs(plan.compose(in_numbers, media, second) - frame).max())
    light_apart.append(np.abs(plan.compose(timeline, media, second) - frame).mean())
print(f"largest difference of any number in {len(moments)} pictures: {max(apart)} of 255")
plt.figure(figsize=(8, 2))
plt.plot(moments, light_apart)
plt.xlabel("seconds")
plt.ylabel("mean difference")
plt.title("cross-fades in light against moviepy's in numbers")
plt.show()

# %% [markdown] name="cost-intro"
r"""
**Then which one?** *What to look for:* CPU seconds for the ten-second film at 512 x 512 (`course bench film`), against the cost of encoding alone: finished pictures and finished sound through bare ffmpeg. Our loop also masters the sound, checks its peaks after encoding, and seals the file. For a film that you edit by hand take moviepy; a service that makes a million films a day looks at the second row.
"""

# %% name="costs"
size = "10 s, 512x512"
bare_cost = figure("film", "put together: bare ffmpeg", size)
for name in ("bare ffmpeg", "our loop", "moviepy"):
    spent = figure("film", f"put together: {name}", size)
    print(f"{name:<12} {spent:5.2f} CPU s, {spent / bare_cost:.2f} times bare ffmpeg")
largest = figure("film", "moviepy against our loop, largest difference", size)
print(f"all 250 pictures of both compared: largest difference {largest:.0f} of 255")

# %% [markdown] name="publish-intro"
r"""
## 10 · Publishing

China's *Measures for Labelling AI-Generated Synthetic Content* (in force since 1 September 2025) and the standard GB 45438-2025 ask whoever publishes such a film to say so: **visibly** on the opening, **audibly**, and in the **metadata** of the file. Our films do what these describe. (We are no lawyers, and claim no compliance.) Whoever reads a label back looks at the finished *file*, not at what the program meant to write.

*What to look for:* all three, read back from a film of our own pipeline, and what else `film.json` keeps.
"""

# %% name="publish"
short = make_film("大海", "sea.mp4", pictures="renderer", short_side=pick(smoke=90, quick=144, full=360))
found = read_label("sea.mp4")
print(
    f"seen for {found.seconds_visible:.1f} s, letters {found.letter_height:.1%} of the short side; cue at {found.cue_at:.2f} s"
)
for name, value in found.metadata.items():
    print(f"  {name:<18} {value}")
print("missing:", found.missing or "nothing", " sealed:", found.sealed)

# %% [markdown] name="seal-intro"
r"""
### Who says so?

Metadata are a line of text. Anybody can copy the line to another film, or cut our film and leave the line. So the label carries a **seal**, in a field that the standard leaves to the producer for such a purpose.

1. The **fingerprint**: SHA-256 over the packed pictures and sounds. One changed bit anywhere, and it is quite another number.
2. But whoever changes the film can compute a new fingerprint as well. So it is hashed together with a **key** that only the producer has: HMAC (Krawczyk, Bellare and Canetti, 1997).
3. And the label's other fields go in, too: otherwise the producer's name could be changed.

When the seal is *checked*, it stands in the label already; so the field that holds it, `ReservedCode1`, must be left out.

### Exercise 8: the seal
"""

# %% exercise="film.seal.seal"

# %% name="seal-shown" tags=["nbval-check-output"]
label = {"Label": "1", "ContentProducer": "me", "ReservedCode1": ""}
label["ReservedCode1"] = seal(label, "f1a9", "my key")
print("sealed:           ", label["ReservedCode1"][:24], "...")
print("again, checked:   ", seal(label, "f1a9", "my key") == label["ReservedCode1"])
print("another film:     ", seal(label, "f1a8", "my key") == label["ReservedCode1"])
print(
    "another producer: ",
    seal({**label, "ContentProducer": "you"}, "f1a9", "my key") == label["ReservedCode1"],
)
print("a forger's key:   ", seal(label, "f1a9", "guessed") == label["ReservedCode1"])

# %% [markdown] name="tamper-intro"
r"""
### Somebody tampers with it

A copy, and five ways to change our film. *What to look for:* what each takes away, as `read_label` finds it in the file. The last is a forger who knows the method: he writes a label that fits his version, and seals it. What he does not have is the key.
"""

# %% name="tamper"
FILM = "sea.mp4"
KEEP = ["-map", "0", "-c:s", "copy", "-movflags", "use_metadata_tags"]


def change(source, target, *options):
    subprocess.run([ffmpeg(), "-y", "-v", "error", *source, *KEEP, *options, target], check=True)


def says(path):
    missing = [words.split(":")[0].split(" (")[0] for words in read_label(path).missing]
    return "; ".join(missing) or "complete"


ways = {
    "copied as it is": ["-c", "copy"],
    "metadata stripped": ["-c", "copy", "-map_metadata", "-1"],
    "sound silenced": ["-c:v", "copy", "-af", "volume=0"],
    "a white spot painted in": ["-c:a", "copy", "-vf", "drawbox=x=20:y=20:w=9:h=9:color=white:t=fill"],
    "opening cut off": ["-ss", "4"],
}
print(f"{'':<26}lacks")
for name, options in ways.items():
    change(["-i", FILM], "changed.mp4", *options)
    print(f"{name:<26}{says('changed.mp4')}")

# a forger cuts a second away, puts another name on the label, and seals it with a key of his own
change(["-ss", "1", "-i", FILM], "part.mp4", "-c", "copy")
fields = dict(found.metadata, ContentProducer="somebody else")
fields["ReservedCode1"] = seal(fields, fingerprint("part.mp4"), "the forger's key")
change(["-i", "part.mp4"], "changed.mp4", "-c", "copy", "-metadata", f"AIGC={json.dumps(fields)}")
print(f"{'forged':<26}{says('changed.mp4')}")

# %% [markdown] name="seal-limits"
r"""
**What a seal cannot do.** It is *fragile*: a platform that encodes the film anew, honestly and for smaller screens, breaks it, and has to seal the result with its own key (that is what `ContentPropagator` is for). Whoever strips the metadata leaves an unlabelled film, not a forged one: then only what is seen and heard remains. A *watermark* hidden in the pixels survives more, and can be attacked, too. And as long as no key is set (`COURSE_LABEL_KEY`), our films carry the seal of a key that is printed in the source: it finds accidents, not forgers. With HMAC checker and sealer share one secret; a public *signature*, as in the C2PA standard, can be checked by everybody.
"""

# %% [markdown] name="in-the-film"
r"""
## 11 · In the film

Since this lesson the film fades in linear light, knows styles with type and pace, and leaves the house with a seal. Make yours: a sentence, your style, upright for a telephone. *What to look for (and listen for):* the longer cross-fades, the plate behind the subtitles, the label; then the timeline that it was made from, drawn, and the label read back from the file.
"""

# %% name="film"
TIBET = "今天去了西藏，风景真的很美。"
mine_film = make_film(
    pick(smoke="大海", quick=TIBET, full=TIBET),
    "mine.mp4",
    style=mine,
    aspect="9:16",
    pictures="renderer",
    short_side=pick(smoke=90, quick=216, full=720),
)
film_player("mine.mp4", width=216, largest=150_000)

# %% name="film-plan"
draw_plan(plan.plan_of(mine_film))

# %% name="film-label"
found = read_label("mine.mp4")
record = json.loads(Path("mine.json").read_text(encoding="utf-8"))
print("missing:", found.missing or "nothing", "| sealed:", found.sealed)
print("style in film.json:", {k: record["style"][k] for k in ("name", "letters", "plate")})
print(
    f"loudness {record['loudness_lufs']} LUFS, true peak {record['true_peak_dbtp']} dBTP, streams: {[k for k, _ in streams('mine.mp4')]}"
)

# %% [markdown] name="film-promises"
r"""
And the promises about every film, measured on twenty sentences in two languages (`course bench film`). *What to look for:* sound and picture may part by one picture at most, 0.04 s; streaming services ask for about -16 LUFS, and peaks below -1 dBTP so that no decoder clips.
"""

# %% name="promises"
for name, unit in (("loudness", "LUFS"), ("true peak", "dBTP"), ("audio minus video", "s")):
    low, high = figure("film", f"{name}, lowest"), figure("film", f"{name}, highest")
    print(f"{name:<18} {low:7.2f} to {high:6.2f} {unit}")
print(f"subtitle against speech, worst: {figure('film', 'subtitle against speech, worst'):.3f} s")
print(f"films with all three labels: {figure('film', 'films with all three labels'):.0f} of 20")

# %% [markdown] name="activity"
r"""
**Activity (no points): encode.** `crf` is the quality that x264 aims at: 0 loses nothing, 51 nearly everything. Encode `ten.mp4` with `crf` 15, 23, 31 and 39 (`ffmpeg -i ten.mp4 -crf 31 -c:a copy out.mp4`), plot megabytes against PSNR of the pictures, and find the number from which *you* see the difference. Then the same with `-preset ultrafast` and `slow`: what do you pay with?
"""

# %% [markdown] name="summary"
r"""
## Summary

- A film is a list of items: start, end, layer, place. Whatever carries it out, a loop of our own or moviepy, must give the same pictures, and that can be tested number by number.
- Numbers in a picture are not light. Cross-fades mix light; a zoom multiplies; a contrast compares luminances.
- Subtitles are counted in letters, measured in glyphs, timed by words.
- A sub-pixel network computes small and writes large. It gains where outlines can be foreseen, and what it adds is a guess.
- A label is only worth something if it is read back from the file; a seal makes it worth something against others.

**Why it matters at Kuaishou's scale.** Tens of millions of clips are uploaded in a day. One CPU second saved in each is a year of computing saved every two or three days; that is why services write loops of their own around the encoder, and why the plan is data that machines can check before a single picture is made. Enlarging lets old phones send less. And labels have to be read by programs: no crowd of people could look at every opening.

**Questions to think about**

1. A cross-fade from a black picture to a white one, in light: when does it look 'half way', and why did old films look right without knowing any of this?
2. The upscaler is trained with PSNR. Why does that make rain vanish, and what would a discriminator (lesson 07) do instead? Which would you want on a security camera?
3. A platform re-encodes every upload. Which of our labels survive? Design the chain of seals from producer to viewer.

<details><summary>Answers</summary>

1. When the number is about half, 128, that is at 22 % of the light: early in the fade it jumps, at the end it creeps. On film the two negatives were copied onto one print by *light*; nobody had numbers. 2. Where a drop may be at any of many places, the least squared error is their mean, a blur. A discriminator would paint *some* drops: sharper, and certainly not those that were there. On a security camera: neither. 3. The visible and the audible label survive; the metadata only if the platform copies them; the seal does not. The platform checks the producer's seal, enters itself as propagator, and seals the new file with its own key, so that each link can be checked.

</details>

**Further reading**

- Shi, Caballero, Huszár, Totz, Aitken, Bishop, Rueckert, Wang: *Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network*, 2016.
- Wang, Bovik, Sheikh, Simoncelli: *Image Quality Assessment: From Error Visibility to Structural Similarity*, 2004.
- Blau, Michaeli: *The Perception-Distortion Tradeoff*, 2018 (why PSNR and beauty part company).
- Porter, Duff: *Compositing Digital Images*, 1984.
- Krawczyk, Bellare, Canetti: *HMAC: Keyed-Hashing for Message Authentication*, RFC 2104, 1997.
- W3C: *Web Content Accessibility Guidelines (WCAG) 2.1*, 2018.
"""
