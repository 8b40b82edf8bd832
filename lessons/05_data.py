# ---
# jupyter:
#   course:
#     id: "05"
#     title: "Data: collect, clean, annotate, fuse"
#     learner_minutes: 150
#     needs: any computer, no GPU
#     extras: film
#   jupytext:
#     cell_markers: '"""'
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] name="title"
r"""
# 05 · Data: collect, clean, annotate, fuse

A generator shows what it was fed. Feed it black frames, captions full of *é›ªå±±*, one beach forty times: that is what comes back. This lesson builds the left half of the articles' flow chart, the part of the work that nobody sees and that decides everything.

**After this lesson you can**

1. take in a folder of clips as it really is, and say with numbers what share of its faults your cleaning finds, and how many sound clips it accuses;
2. find copies among tens of thousands of clips without comparing each with each;
3. tell annotators who agree from annotators who only seem to, and find out what is true when none of them can be trusted;
4. split a set so that nothing leaks, and show how a leak flatters;
5. bring sentences and clips into one space, so that a sentence can search for films.

**You need** numpy, a first acquaintance with PyTorch; lesson 04 for the text encoder. Clips are drawn by the course's own renderer, so the truth is known and no real person is in them.
"""

# %% name="setup"

# %% name="imports"
import itertools
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F  # noqa: F401 - for the exercises
from IPython.display import Markdown

from course_lib.curate import clean, collect, crowd, duplicates, fusion, hashing, leak, media, plant, splits
from course_lib.curate.datasheet import datasheet
from course_lib.curate.mojibake import MISREADINGS, garbled, misread
from course_lib.data import figure, figures
from course_lib.data.twin import twin
from course_lib.errors import CourseError
from course_lib.notebook.players import photo
from course_lib.notebook.widgets import ask
from course_lib.profiles import pick
from course_lib.scenery.clips import Clips
from course_lib.scenery.folder import Folder
from course_lib.scenery.vocabulary import WEATHERS

torch.set_num_threads(1)  # such small networks are faster on one core

# %% [markdown] name="what-the-article-says"
r"""
## 1 · What the article says

One of the articles draws four boxes in a row, *collection → cleaning → annotation → fusion*, and writes that cleaning, removing copies and labelling vouch for the quality of the data. That is all. No rule, no rate, no number: nobody can say how many bad clips came through, or how many good ones were thrown away.

A claim about data that comes without a number is a wish. In this lesson every box gets its number, and there is one trick that makes this possible: **plant the faults yourself**. Here is a folder of clips in six file formats, four in ten of them spoiled, by a program that remembers which.
"""

# %% name="plant"
workshop = tempfile.TemporaryDirectory(prefix="lesson-05-")
folder = Path(workshop.name) / "my_clips"
planted = plant.plant(folder, count=pick(smoke=12, quick=48, full=120), seed=5)
print(*sorted(path.name for path in folder.iterdir())[:6], "...", sep="\n")
print((folder / "captions.csv").read_text(encoding="utf-8")[:330], "...")

# %% [markdown] name="strict-fails"
r"""
The loader that training uses is strict: it stops at the first thing that is wrong. Quite right, but then you mend one, run again, mend the next ...
"""

# %% name="strict-shown"
with expect_failure(CourseError):
    strict = Folder(folder)
    for number in range(len(strict)):
        strict[number]

# %% [markdown] name="collect-intro"
r"""
**Collecting** is the opposite: take in *everything*, any format that ffmpeg reads, and note down what each file says of itself. A broken file is an entry like any other.
"""

# %% name="collect"
items = collect.collect(folder)
pd.DataFrame(
    [
        (
            i.file,
            len(i.footage.frames),
            f"{i.footage.width} x {i.footage.height}",
            i.footage.seconds,
            i.caption[:28],
        )
        for i in items[:8]
    ],
    columns=["file", "frames", "pixels", "seconds", "caption"],
)

# %% [markdown] name="log-intro"
r"""
Beside the clips lies a third source, the **behaviour log**: who watched what for how long (lesson 10 turns it into ratings). Joining looks like one line, and it is where rows vanish without a sound. *What to look for:* what did not match is counted, on both sides.
"""

# %% name="join-log" tags=["nbval-check-output"]
logs = twin()
watched = logs.log[["video_id", "play_time_ms"]].dropna().drop_duplicates()
our_clips = np.arange(300, 440)  # our set begins at film 300 and has twenty that the log has never heard of
joined = collect.join(our_clips, watched["video_id"], watched["play_time_ms"] / 1000)
print(f"{len(our_clips)} clips, {len(watched):,} rows of log")
print(f"{joined.views.sum():,} rows found their clip, {joined.orphans:,} are about films that we do not have")
print(
    f"{joined.unseen} clips were never seen; of the others people watch {np.nanmean(joined.mean):.1f} s on average"
)

# %% [markdown] name="clean-intro"
r"""
## 2 · Clean

A rule for each fault, as plain as possible, with its limit in one place (`clean.Limits`):

| fault | rule |
|---|---|
| broken | cannot be decoded to its end, or ffmpeg complains on the way |
| blank | half of the frames deviate by less than 2 of 255 grey levels: they show nothing |
| frozen | for half of the clip every frame looks like the first one of that stretch |
| wrong size | shorter side below 32 pixels, or another shape than the set's usual one |
| no caption, garbled caption | see below |

Why is *frozen* not "two frames in a row are equal"? Because an encoder adds its noise to a standing picture, and a slow pan moves less than that noise from one frame to the next. Compared with the **first** frame of the stretch, slow movement adds up, and noise does not.

*What to look for:* the first row is sound; the second is not, and looks like it. Does your eye agree with the rules?
"""

# %% name="faults-seen"
report = clean.clean(items)
shown = [i for i in items if i.file not in planted][:4]
for fault in ("blank", "frozen", "wrong size"):
    shown += [i for i in items if planted.get(i.file) == fault][: 2 if fault == "blank" else 1]
_, tiles = plt.subplots(2, 4, figsize=(11, 2.3))
for axes in tiles.flat:
    axes.axis("off")
for axes, item in zip(tiles.flat, shown):
    strip = item.footage.frames[np.linspace(0, len(item.footage.frames) - 1, 4).round().astype(int)]
    axes.imshow(np.concatenate(strip, axis=1), aspect="auto")
    axes.set_title(
        ", ".join(fault for file, fault, _ in report.faults if file == item.file) or "sound", fontsize=9
    )
plt.show()

# %% [markdown] name="mojibake-intro"
r"""
### Captions from the wrong alphabet

Somebody saves *雪山* as UTF-8. Somebody else's program reads the same bytes as Latin-1, Windows-1252 or GBK. No error is raised, the table looks full, and the text encoder learns rubbish. *What to look for:* the same six bytes, read in five ways.
"""

# %% name="mojibake-shown" tags=["nbval-check-output"]
for how in MISREADINGS:
    print(f"{how:<28} {misread('雪山', how)!r}")

# %% [markdown] name="repair-intro"
r"""
The way back is the way there, walked backwards; and it is its own proof. A text that is *right* hardly ever survives it, because its bytes are no valid UTF-8.
"""

# %% exercise="curate.mojibake.repaired"

# %% name="repaired-shown" tags=["nbval-check-output"]
for text in ("æ¹–é�¢", misread("今天去了西藏", "UTF-8 read as GBK"), "CafÃ©", "café", "A calm lake."):
    print(f"{text!r:>22} -> {repaired(text)!r:<16} {'garbled' if garbled(text) else 'fine'}")

# %% [markdown] name="clean-measured-intro"
r"""
Some bytes are lost for good (�): such a caption is found and cannot be mended. Now the number that the article lacks. **Recall:** which share of the planted faults was found? **False alarms:** which share of the sound clips was accused? One without the other is worthless; throw everything away, and recall is 1.
"""

# %% name="clean-measured"
table = pd.DataFrame(clean.detection(report, planted, [i.file for i in items])).T
table[["planted", "found", "recall", "false alarms"]]

# %% [markdown] name="clean-bench"
r"""
A few clips prove little. `python course.py bench curate` plants faults in two folders of 90:
"""

# %% name="clean-bench-table"
pd.DataFrame(
    {
        fault: {
            "planted": figure("curate", "faults planted", fault),
            "recall": figure("curate", "faults found, recall", fault),
            "false-alarm rate": figure("curate", "false alarms among sound clips", fault),
        }
        for fault in clean.FAULTS
    }
).T.round(3)

# %% [markdown] name="mojibake-bench-intro"
r"""
And the captions: those of all 522 combinations in Chinese, misread in five ways. *What to look for:* found is not mended. A single lost byte, and the way back ends.
"""

# %% name="mojibake-bench"
pd.DataFrame(
    {
        how: {kind: figure("curate", f"misread captions {kind}", how) for kind in ("found", "mended")}
        for how in MISREADINGS
    }
).T.round(3)

# %% [markdown] name="clean-warning"
r"""
Do not believe such a table too readily, not even ours: the faults were planted by the same people who wrote the rules. It tells you that the rules do what they say. What people upload tomorrow, nobody has planted yet.

## 3 · Copies

The same clip comes back: encoded again, smaller, brighter, cut at the edges. Copies make a generator learn by heart, and they fool every test (section 5). Byte for byte no two are equal. And look at what is *not* a copy: three pairs of different clips, three moments of each.

*What to look for:* left and right are different places. Would you have noticed?
"""

# %% name="similar-clips"
twins = [
    ("grassland", "dawn", "clear", "pan left"),
    ("lake", "noon", "clear", "pan left"),
    ("sea", "dusk", "cloudy", "drifting"),
]
words = ("place", "time", "weather", "motion")
rows = []
for number, scene in enumerate(twins):
    pair = fusion.clips_of("scenery", [dict(zip(words, scene))], 2, seed=40 + number)
    rows.append(np.concatenate([np.concatenate(pair.video_of(k)[::3], axis=1) for k in (0, 1)], axis=1))
sheet = np.concatenate(rows)
photo(np.repeat(np.repeat(sheet, 4, 0), 4, 1))

# %% [markdown] name="hash-intro"
r"""
A **perceptual hash** is a handful of bits that stay nearly the same when a picture is copied. The simplest: make it grey and tiny, and ask of each pixel whether its right neighbour is brighter. Brightness and contrast drop out by themselves.
"""

# %% exercise="curate.hashing.difference_hash"

# %% [markdown] name="hamming-intro"
r"""
Two hashes are near if they differ in few bits: the **Hamming distance**.
"""

# %% exercise="curate.hashing.hamming"

# %% [markdown] name="waves-intro"
r"""
One frame and its neighbours are a weak witness: in a clear sky the differences are tiny, and an encoder turns them over. The course's clip hash asks something sturdier, of all frames at once: a cosine transform over time, height and width, and of each of the 64 slowest waves only the **sign**. 48 of them say what is seen, 16 how it moves. Encoders keep slow waves, because the eye sees them.

*What to look for:* each of the two hashes should part copies (orange) from other clips (blue). Which leaves a gap?
"""

# %% name="hash-distances"
many = pick(smoke=6, quick=24, full=60)
originals = Clips("scenery", "all", many, size=64, seed=50)
films = [originals.video_of(k) for k in range(many)]
ways = ["re-encoded", "resized", "brighter by 24 levels", "cropped by 5 %"]
copies = np.stack([media.copied(film, ways[k % 4], workshop.name)[:8] for k, film in enumerate(films)])
films = np.stack(films)


def by_difference(clips):
    return np.array([difference_hash(one) for one in hashing.small_grey(clips, 1, 8, 9)[:, 0]])


def by_waves(clips):
    return np.packbits(hashing.bits_of(hashing.clip_hashes(clips)), axis=1)


_, both = plt.subplots(1, 2, figsize=(10, 3), sharey=True)
for axes, hash_of, name in zip(
    both, (by_difference, by_waves), ("difference hash, one frame", "64 waves, all frames")
):
    own, made = hash_of(films), hash_of(copies)
    others = hamming(own[:, None], own[None])[np.triu_indices(many, 1)]
    axes.hist(others, bins=range(0, 65, 2), density=True, color="C0", alpha=0.8, label="other clips")
    axes.hist(hamming(own, made), bins=range(0, 65, 2), density=True, color="C1", alpha=0.8, label="copies")
    axes.axvline(hashing.RADIUS, color="C3", lw=1, ls=":")
    axes.set(title=name, xlabel="bits that differ, of 64")
both[0].legend()
plt.show()

# %% [markdown] name="copies-bench-intro"
r"""
Where to draw the line? Every limit misses some copies and accuses some others. With 1,500 clips there are more than a million pairs: if one in a hundred thousand of the *different* pairs comes too near by chance, that is 11 false ones. So there is a second look. **The hash proposes, the detail decides:** only for the few pairs within 11 bits, compare the fine detail of the pictures, and keep what correlates by more than .85.

120 clips, and copies of each made in six ways, among 1,380 others:
"""

# %% name="copies-bench"
rows = {}
for how in [name for name in media.COPIES if name != "original"]:
    for name in ("difference hash of one frame", "hash alone", "hash and look"):
        for kind in ("recall", "precision"):
            rows.setdefault(how, {})[name, kind] = figure("curate", f"copies, {kind}: {name}", how)
pd.DataFrame(rows).T.round(3)

# %% [markdown] name="copies-bench-read"
r"""
The difference hash of one frame finds nearly every copy, and two of three pairs that it names are none. Waves over all frames are far better, and the second look clears away what is left. It has its price, in the last row: cut 5 % off the edges, and the fine detail has moved; a fifth of these copies is lost again. Who must find them lowers the limit and lives with more false alarms. There is no setting without a price, only prices that are known.
"""

# %% [markdown] name="bands-intro"
r"""
### Fifty thousand

50,000 clips are 1,250 million pairs. Must we look at each? Cut the 64 bits into **bands**. If two hashes differ in at most $r$ bits, and there are more than $r$ bands, then by the pigeonhole principle at least one band has no difference at all. So look only at pairs that share a band: sort into buckets, and compare within buckets.
"""

# %% exercise="curate.duplicates.band_pairs"

# %% name="bands-measured"
random_bits = lesson.rng.integers(0, 2, (400, 64), dtype=np.uint8)
random_bits[200:] = random_bits[:200] ^ (
    lesson.rng.random((200, 64)) < 0.06
)  # copies, each with about 4 bits turned
distance = (random_bits[:, None] != random_bits[None]).sum(2)
near = np.argwhere(np.triu(distance <= 7, 1))
for bands in (4, 8, 16):
    candidates = band_pairs(random_bits, bands)
    kept = candidates[distance[tuple(candidates.T)] <= 7]
    print(
        f"{bands:2} bands of {64 // bands:2} bits: {len(candidates):6,} of 79,800 pairs are looked at,"
        f" {len(kept)} of {len(near)} near pairs found"
    )

# %% [markdown] name="bands-read"
r"""
With 8 bands and at most 7 differing bits nothing can be missed, and that is a theorem, not luck. Fewer, wider bands look at fewer pairs and miss some; unless one also looks into the *neighbouring* buckets. That is **multi-index hashing** (Norouzi, Punjani and Fleet, 2012): four bands of 16 bits; if two hashes differ in at most 11 bits, some band differs in at most 2, and a band has only 137 buckets that near. It finds exactly what comparing everything finds:
"""

# %% name="fifty-thousand"
count = pick(smoke=3_000, quick=50_000, full=200_000)
hashes = lesson.rng.integers(0, 2**64, count, dtype=np.uint64)
hashes[-100:] = hashes[:100]  # the last hundred are copies of the first hundred ...
for _ in range(6):  # ... with up to six bits turned, at random
    hashes[-100:] ^= np.uint64(1) << lesson.rng.integers(0, 64, 100, dtype=np.uint64)
begin = time.process_time()
pairs = duplicates.pairs_within(hashes)
seconds = time.process_time() - begin
few = hashes[-3000:]
same = np.array_equal(duplicates.pairs_within(few), duplicates.pairs_by_force(few))
planted_pairs = np.stack([np.arange(100), count - 100 + np.arange(100)], 1)
print(f"{count:,} hashes, all pairs within 11 bits in {seconds:.1f} CPU seconds: {len(pairs)} pairs")
print(f"the planted copies among them: {duplicates.pair_scores(pairs, planted_pairs)['recall']:.0%}")
print(f"the same pairs as by force (tried on 3,000): {same}")

# %% [markdown] name="cost-intro"
r"""
*What to look for:* both axes are logarithmic, so a slope of 2 means: twice the clips, four times the work. Hashes drawn at random spread evenly over the buckets; hashes of real clips crowd together, most of all those of our moving shapes, whose grounds are all alike.
"""

# %% name="cost"
plt.figure(figsize=(6.5, 3.6))
for search, mark in (("index", "o-"), ("force", "s--")):
    for kind, colour in (("drawn at random", "C0"), ("moving shapes", "C1")):
        found = [
            r
            for r in figures("curate")
            if r["metric"] == f"search by {search}" and r["variant"].startswith(kind)
        ]
        slope = figure("curate", f"search by {search}: slope, cost against size", kind)
        plt.loglog([r["n"] for r in found], [r["value"] for r in found], mark, color=colour, lw=1.5, ms=4,
                   label=f"{search}, {kind}: slope {slope:.2f}")  # fmt: skip
plt.axhline(60, color="C3", lw=1, ls=":")
plt.xticks([3125, 6250, 12_500, 25_000, 50_000], ["3,125", "6,250", "12,500", "25,000", "50,000"])
plt.minorticks_off()
plt.gca().set(xlabel="clips", ylabel="CPU seconds", title="All near pairs, given the hashes")
plt.legend(fontsize=8)
plt.show()

# %% [markdown] name="cost-read"
r"""
Where hashes spread, the index wins, and the more clearly the larger the set: its slope is near 1, force has 2. Where they crowd it wins nothing. Of the 50,000 moving shapes nearly two million pairs *are* within 11 bits: a hash of slow waves says little about a small disc on a plain ground, and whoever must name two million pairs cannot be quicker than naming them. An index is as good as its hash. (Dotted: a minute.)
"""

# %% [markdown] name="annotate-intro"
r"""
## 4 · Annotate

A caption says what a person *says* is there. Five people look at the same clips and press a button for the weather: clear, cloudy, rain, snow. As one meets them: a careful one, two in a hurry, one who takes *cloudy* for *clear*, and one who always presses the first button. They are simulated, so we know the truth, and whom we may believe.
"""

# %% name="crew"
crew = crowd.crew()
truth = np.random.default_rng(4).choice(4, 300, p=[0.4, 0.3, 0.2, 0.1])
labels = crowd.simulate(truth, crew.values(), share=0.8, seed=4)
whole = crowd.simulate(truth, crew.values(), seed=4)
_, five = plt.subplots(1, 5, figsize=(11, 2.5))
for axes, (name, habits) in zip(five, crew.items()):
    axes.imshow(habits, vmin=0, vmax=1, cmap="Blues")
    axes.set_xticks(range(4), WEATHERS, rotation=60, fontsize=7)
    axes.set_yticks(range(4), WEATHERS if axes is five[0] else [""] * 4, fontsize=7)
    axes.set_title(name, fontsize=9)
five[0].set_ylabel("true")
plt.show()

# %% [markdown] name="kappa-intro"
r"""
Nobody knows the truth in real life; but do they *agree*? Careful: who always says *clear* agrees with everybody about as often as it is clear. **Cohen's kappa** takes out what chance would give:

$$\kappa = \frac{p - e}{1 - e}, \qquad e = \sum_w \Pr(a = w)\,\Pr(b = w).$$
"""

# %% exercise="curate.agreement.cohen_kappa"

# %% name="kappa-shown"
names = list(crew)
agree = np.array([[np.mean(a == b) for b in whole] for a in whole])
kappa = np.array([[cohen_kappa(a, b) for b in whole] for a in whole])
_, both = plt.subplots(1, 2, figsize=(10, 3.6))
for axes, numbers, title in zip(both, (agree, kappa), ("agreement", "kappa")):
    axes.imshow(numbers, vmin=0, vmax=1, cmap="Blues")
    for i, j in itertools.product(range(5), repeat=2):
        axes.text(j, i, f"{numbers[i, j]:.2f}", ha="center", va="center", fontsize=8,
                  color="white" if numbers[i, j] > 0.6 else "black")  # fmt: skip
    axes.set_xticks(range(5), names, rotation=30, ha="right", fontsize=8)
    axes.set_yticks(range(5), names if axes is both[0] else [""] * 5, fontsize=8)
    axes.set_title(title)
plt.show()

# %% [markdown] name="alpha-intro"
r"""
*What to look for:* the last row. Agreement of a third to a half, kappa 0: not one bit of information. (A person always agrees with herself: the diagonal. The one who always says the same even there has no kappa worth the name.)

Kappa wants two people who have seen everything. **Krippendorff's alpha** takes any number of them, with gaps: one minus the disagreement that is observed within items, over the disagreement if all labels were dealt out anew.
"""

# %% exercise="curate.agreement.krippendorff_alpha"

# %% name="alpha-shown" tags=["nbval-check-output"]
gap = -1
example = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, gap, gap, gap],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, gap, 3],
        [gap, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, gap],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, gap],
    ]
)
print(
    f"Krippendorff's own example, where he finds 0.743: {krippendorff_alpha(np.where(example > 0, example - 1, gap)):.3f}"
)
print(f"our five people: {krippendorff_alpha(labels):.3f}")
print(f"without the one who always says clear: {krippendorff_alpha(labels[:4]):.3f}")

# %% [markdown] name="skene-intro"
r"""
(Beside the libraries: `course bench curate` compares both coefficients with scikit-learn's and the package `krippendorff` on 200 random sets; the largest difference is a rounding error.)

### What is true, then?

The usual answer is the **majority vote**. It gives the careful one and the sleeper the same voice. Dawid and Skene had a better idea, in 1979: *if* we knew what is true, we could count each person's mistakes; and *if* we knew each person's mistakes, we could weigh their answers. Neither is known, so take turns, from the vote, until nothing changes (this is the EM algorithm). You write the second half, the weighing:

$$\Pr(\text{true} = t \mid \text{answers}) \;\propto\; \pi_t \prod_{a} T_a[t, \text{answer}_a].$$
"""

# %% exercise="curate.crowd.weigh_evidence"

# %% name="skene-shown"
belief = crowd.votes(labels, 4)
print(f"majority vote: {np.mean(belief.argmax(1) == truth):.1%} right")
for turn in range(1, 31):
    tables = crowd.estimate_confusion(labels, belief)
    belief = weigh_evidence(labels, belief.mean(0), tables)
    if turn in (1, 2, 5, 30):
        print(f"after {turn:2} turns: {np.mean(belief.argmax(1) == truth):.1%} right")
_, five = plt.subplots(1, 5, figsize=(11, 2.5))
for axes, name, found in zip(five, names, tables):
    axes.imshow(found, vmin=0, vmax=1, cmap="Blues")
    axes.set_xticks(range(4), WEATHERS, rotation=60, fontsize=7)
    axes.set_yticks([])
    axes.set_title(f"{name}\nmean error {np.abs(found - crew[name]).mean():.3f}", fontsize=9)
plt.show()

# %% [markdown] name="skene-read"
r"""
From answers alone, without a single true label, it has found out who is careful, who takes *cloudy* for *clear*, and who sleeps: compare with the tables above. One run is one run; 20 crews each:
"""

# %% name="skene-bench"
rows = {}
for r in figures("curate"):
    if r["metric"].startswith("annotators: "):
        rows.setdefault(r["variant"], {})[r["metric"].removeprefix("annotators: ")] = r["value"]
pd.DataFrame(rows).T.round(3)

# %% [markdown] name="split-intro"
r"""
## 5 · Split, so that nothing leaks

Uploaders cut a long film into pieces. Draw a test set piece by piece, and nearly every test piece has a sister in training. A model that only *remembers* then looks brilliant.

So take a model that does nothing else, the nearest neighbour, and two labels. **Weather** can be seen. The other is a **coin**, tossed once for each film: there is nothing in the pictures to learn it from, and an honest test must say 50 %.
"""

# %% exercise="curate.splits.grouped_split"

# %% name="leak-measured"
films_cut = pick(smoke=8, quick=40, full=100)
cut, fresh = leak.cut_films(films_cut, seed=1), leak.cut_films(films_cut, seed=2)
by_piece = splits.random_split(len(cut.source), 0.25, seed=1)
by_film = grouped_split(cut.source, 0.25, np.random.default_rng(1).permutation(films_cut))
print(
    f"drawn piece by piece: {splits.leaks(cut.source, by_piece)} of {by_piece.sum()} test pieces have a sister in training"
)
print(f"whole films:          {splits.leaks(cut.source, by_film)} of {by_film.sum()}")
photo(np.concatenate(list(np.repeat(np.repeat(cut.pictures[:12], 3, 1), 3, 2)), axis=1), width=1100)

# %% [markdown] name="leak-bars-intro"
r"""
Above, the pieces of two films. *What to look for below:* the third bar is the truth, films that came later. Which test foretold it? (Means over five sets of 60 films.)
"""

# %% name="leak-bars"
tests = ("pieces drawn at random", "whole films held out", "new films")
_, both = plt.subplots(1, 2, figsize=(9.5, 3), sharey=True)
for axes, label, chance in zip(both, ("weather", "coin"), (0.25, 0.5)):
    values = [figure("curate", f"accuracy, {label}", test) for test in tests]
    axes.bar(range(3), values, color=["C1", "C2", "C0"], width=0.6)
    for place, value in enumerate(values):
        axes.text(place, value + 0.02, f"{value:.0%}", ha="center")
    axes.axhline(chance, color="C3", lw=1, ls=":")
    axes.set_xticks(
        range(3), ["pieces drawn\nat random", "whole films\nheld out", "new films:\nthe truth"], fontsize=9
    )
    axes.set(title=label, ylim=(0, 1.12))
both[0].set_ylabel("accuracy")
plt.show()

# %% [markdown] name="leak-read"
r"""
The leaky test promises to foretell a *coin*. Whoever reads only that bar ships a model that knows nothing. The rule: whatever belongs together, copies, pieces of one film, clips of one person, stays on one side. `splits.joined_groups` joins several such reasons into one set of groups.

## 6 · Fuse

The articles call it *multimodal fusion*: text and pictures in one model. Here is the small honest core of it. Two encoders, one for sentences (lesson 04's, a GRU), one for clips (convolutions), end in **64 numbers each, in the same space**. A clip should lie near its own caption and far from all others of the batch. In a batch of $n$ pairs that is two exams with $n$ questions: *which caption belongs to this clip? which clip to this caption?* (Radford and others, 2021, did this with 400 million pairs from the net.)
"""

# %% exercise="curate.fusion.contrastive_loss"

# %% [markdown] name="train-intro"
r"""
Train one, live, on moving shapes. Of the 384 combinations of shape, colour, size and motion **200 are held out**: never seen in training, neither the clip nor the sentence. At the end each of these 200 sentences has to find its clip among the 200. By chance one in 200 is right.

*What to look for:* the loss begins at $\log 64 \approx 4.2$, for features that say nothing. When does it fall below that?
"""

# %% name="train-live"
known, held_out = fusion.apart("shapes")
told = []
begin = time.process_time()
model = fusion.train(
    fusion.clips_of("shapes", known, pick(smoke=1, quick=12, full=40), seed=1),
    steps=pick(smoke=50, quick=200, full=1500),
    batch_size=pick(smoke=8, quick=64, full=64),
    width=pick(smoke=8, quick=16, full=32),
    report=lambda step, loss, seconds, _: told.append((step, loss)),
)
result = fusion.retrieval(model, "shapes", held_out, seed=9)
print(f"{time.process_time() - begin:.0f} CPU seconds")
print("mean loss:", ", ".join(f"{loss:.2f} up to step {step}" for step, loss in told))
print(
    f"among 200 held-out combinations the right clip comes first for {result['text to clip']:.1%} of the sentences,"
)
print(
    f"{result['text to clip'] / result['chance']:.0f} times chance ({result['chance']:.1%}); it is among the first five for {result['text to clip @5']:.1%}"
)

# %% [markdown] name="space-intro"
r"""
*What to look for:* rows are sentences, columns clips, of twelve held-out combinations; dark means near. The diagonal is right. Where else is it dark, and what do these two have in common?
"""

# %% name="space"
twelve = fusion.clips_of("shapes", held_out[:12], 1, seed=3)
twelve.language = "en"
order = sorted(range(12), key=lambda k: tuple(twelve.truth_of(k).values()))
sentences = [twelve.caption_of(k)[0] for k in order]
cosines = model.text_space(sentences) @ model.clip_space(twelve.videos(order)).T
plt.figure(figsize=(8.5, 4.2))
plt.imshow(cosines, cmap="Blues")
plt.yticks(range(12), [s[:58] for s in sentences], fontsize=8)
plt.xticks(
    range(12),
    [" ".join(twelve.truth_of(k)[name] for name in ("colour", "shape")) for k in order],
    rotation=60,
    ha="right",
    fontsize=8,
)
plt.show()

# %% [markdown] name="shipped-intro"
r"""
For the film's world, scenery, the same model was trained for a few minutes and is shipped (`datasets/weights/fusion-scenery.md` is its card). 200 of 522 combinations held out, five draws of clips and sentences:
"""

# %% name="shipped-table"
pd.DataFrame(
    {
        language: {
            name: figure("curate", f"retrieval R@1: {name}", language)
            for name in ("text to clip", "clip to text")
        }
        | {
            "among the first five": figure("curate", "retrieval R@1: text to clip @5", language),
            "chance": figure("curate", "retrieval R@1: chance", language),
            "times chance": figure("curate", "retrieval R@1, times chance", language),
        }
        for language in ("zh", "en")
    }
).T.round(3)

# %% [markdown] name="wrong-captions-intro"
r"""
### The circle closes: fusion cleans

No rule of section 2 can see that a caption belongs to *another* clip. Now something can: ask how well each caption fits its clip, and look at the worst. Here a tenth of the captions have been exchanged.
"""

# %% name="wrong-captions"
searcher = fusion.load("scenery")
pool = Clips("scenery", "validation", pick(smoke=40, quick=160, full=500), seed=6)
videos = pool.videos(range(len(pool)))
given = [pool.caption_of(k)[0] for k in range(len(pool))]
swapped = lesson.rng.permutation(len(pool))[: len(pool) // 10]
right = list(given)
for a, b in zip(swapped, np.roll(swapped, 1)):
    given[a] = right[b]
space = searcher.clip_space(videos)
fit = (searcher.text_space(given) * space).sum(1)
is_swapped = np.isin(np.arange(len(pool)), swapped)
worst = np.argsort(fit)[: len(swapped)]
plt.figure(figsize=(6.5, 2.6))
plt.hist(fit[~is_swapped], bins=30, color="C0", alpha=0.8, label="own caption")
plt.hist(fit[is_swapped], bins=30, color="C1", alpha=0.8, label="another clip's")
plt.gca().set(xlabel="cosine of caption and clip", ylabel="clips")
plt.legend()
plt.show()
print(
    f"{is_swapped[worst].sum()} of {len(swapped)} exchanged captions are among the {len(swapped)} that fit worst"
)

# %% [markdown] name="datasheet-intro"
r"""
## 7 · A datasheet

Who uses your set will ask what is in it, what was thrown out, who is in it, what it must not be used for. *Datasheets for Datasets* (Gebru and others) made a form of that. What can be counted, a program counts; what it cannot know, it asks, and does not invent:
"""

# %% name="datasheet-refused"
sound = report.sound
looks = np.stack(
    [i.footage.frames[np.linspace(0, len(i.footage.frames) - 1, 8).round().astype(int)] for i in sound]
)
found = duplicates.confirmed(duplicates.pairs_within(hashing.clip_hashes(looks)), hashing.details(looks))
groups = splits.joined_groups(duplicates.groups(len(sound), found), [item.source for item in sound])
test = grouped_split(groups, 0.25, np.random.default_rng(7).permutation(groups.max() + 1))
with expect_failure(CourseError, match="answers"):
    datasheet("my clips", items, report, groups, test, answers={"purpose": "Lesson 05."})

# %% name="datasheet-made"
answers = {
    "purpose": "To try the steps of lesson 05, by a learner of this course.",
    "people": "Nobody: every clip is drawn by a program.",
    "origin": "The course's renderer; combinations drawn evenly; four in ten spoiled on purpose.",
    "uses": "Learning how to clean data.",
    "not for": "Claims about what the world looks like.",
    "licence": "CC BY 4.0",
    "contact": "Whoever ran this cell.",
}
Markdown(
    datasheet(
        "my clips", items, report, groups, test, answers, {"Krippendorff's alpha": krippendorff_alpha(labels)}
    )
)

# %% [markdown] name="in-the-film"
r"""
## 8 · In the film: a sentence searches

A film needs pictures; perhaps they exist already. Type a sentence, in Chinese or English: the four nearest clips of the pool come up. The model knows seven places, four times of day, four weathers and some movements, and nothing else; it will *always* show something, and the pool is small: what you ask for may not be in it. *What to look for:* a sentence that names nothing drawable. What does it show, and how small is the cosine?
"""


# %% name="search"
def search(sentence):
    near = searcher.text_space([sentence])[0] @ space.T
    best = np.argsort(-near)[:4]
    _, four = plt.subplots(1, 4, figsize=(10, 2.9))
    for axes, k in zip(four, best):
        axes.imshow(videos[k][4])
        axes.set_title(
            f"{near[k]:.2f}: " + ", ".join(pool.truth_of(int(k))[w] for w in ("place", "time", "weather")),
            fontsize=8,
        )
        axes.axis("off")
    plt.show()


ask(search, "夜里下着雪的城市，镜头慢慢拉近。", button="Search")

# %% name="clean-up"
workshop.cleanup()

# %% [markdown] name="summary"
r"""
## Summary

- Cleaning is worth what its recall and its false alarms are worth; plant faults to know both.
- A garbled caption can be walked back to what was meant, and the walk is its own proof.
- Copies: a sturdy hash proposes, a look at the detail decides; bands make fifty thousand clips a matter of seconds, and lose nothing.
- Agreement without chance taken out is flattery. Dawid and Skene find out who sleeps, from answers alone.
- What belongs together stays on one side of the split, or your test will foretell coins.
- A sentence and a clip can live in one space; that space searches, and it finds wrong captions.

**Why it matters at Kuaishou's scale.** Clips are uploaded, copied, cut and uploaded again, faster than anybody can look. Without hashes and an index nobody could say *"this film was removed once already"*. Text-clip spaces serve search, recommendation of what nobody has watched yet, and the choice of training pairs for every generator since. And every number in this lesson decides over somebody's upload: a false alarm is a person whose film was thrown out.

**Questions to think about**

1. Your cleaning has a false-alarm rate of 1 in 1,000. How many people does that meet in a day, and who are they likely to be?
2. A news clip with a new commentary: is it a copy? Whom would you ask?
3. All five annotators come from a country without snow. Which of this lesson's numbers would tell you?
4. The text-clip model learnt from captions that a grammar wrote. What will it not understand?

**Further reading**

- Cohen: *A Coefficient of Agreement for Nominal Scales*, 1960.
- Dawid, Skene: *Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm*, 1979.
- Norouzi, Punjani, Fleet: *Fast Search in Hamming Space with Multi-Index Hashing*, 2012.
- Gebru and others: *Datasheets for Datasets*, 2021.
- Radford and others: *Learning Transferable Visual Models From Natural Language Supervision*, 2021.
"""
