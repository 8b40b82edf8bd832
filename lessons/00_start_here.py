# ---
# jupyter:
#   course:
#     id: "00"
#     title: "Start here: a sentence becomes a film"
#     learner_minutes: 45
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
# 00 · Start here: a sentence becomes a film

> 今天去了西藏，风景真的很美，我想和朋友们分享这个时刻。
>
> *Went to Tibet today; the landscape is truly beautiful; I want to share this moment with my friends.*

By the end of this course you will have built everything that turns this sentence into a short film with pictures, a voice, music, subtitles and an honest label, and the recommender that finds the people who want to see it. We begin at the end, with the finished film.

**After this lesson you can**

1. make a film of a sentence of your own, and say what the machine *assumed* because you did not say it;
2. take a film apart into shots, sounds, subtitles and label;
3. do an exercise: be right, be wrong, read a card, unfold a hint;
4. find your way on the map of the course.
"""

# %% name="setup"

# %% name="imports"
import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from course_lib.audio import RATE, loudness
from course_lib.classroom.doctor import report
from course_lib.film import make_film, prepare_film, read_label
from course_lib.notebook import ask
from course_lib.notebook.course_map import draw_map
from course_lib.notebook.players import film_player, photo, sound_player
from course_lib.profiles import pick

# %% [markdown] name="the-film-first"
r"""
## 1 · The film first

One function makes it. It takes about half a minute on a laptop, most of it for drawing and encoding some 480 pictures. Then press play, with the sound on.

*What to look for:* three clauses, three shots of the same mountain. The voice, the music that steps back while it speaks, the subtitles, the words *AI-generated* at the beginning, and the card at the end that says who made the pictures.
"""

# %% name="make-the-film"
sentence = "今天去了西藏，风景真的很美，我想和朋友们分享这个时刻。"
film = make_film(sentence, "tibet.mp4", seed=0, short_side=pick(smoke=90, quick=360, full=720))
film_player("tibet.mp4")

# %% [markdown] name="honest"
r"""
**Nobody drew these pictures.** A network made them: a generative adversarial network, 1.4 million numbers, that was shown 32,000 small clips with captions and learnt for nine minutes on one large GPU. In lessons 01 to 07 you build it, and you can train your own.

To be honest about it: it learnt from a *program* that paints landscapes, since such a program knows for certain what each of its clips shows. And it has not learnt everything. Here is a film of the same sentence, above as the program paints it, below as the network dreams it.

*What to look for:* dawn, snow and rock, a meadow in front, a camera that pans and comes nearer are there. But some peaks are lumps, the sun is a white patch with pale discs beside it, trees are blobs, and the light is pinker than the program's. Another `seed` is another mountain; this is the first, 0, not the best of many.
"""

# %% name="painted-or-learnt"
painted = prepare_film(sentence, seed=0, pictures="renderer", short_side=pick(smoke=90, quick=216, full=360))
moments = [(take.speech_at + take.speech_end) / 2 for take in film.shots]
figure, rows = plt.subplots(2, 3, figsize=(10, 4), layout="constrained")
for row, one, name in zip(rows, (painted, film), ("painted by a program", "made by the network")):
    for axes, second in zip(row, moments):
        axes.imshow(one.picture(second))
        axes.axis("off")
    row[0].set_title(name, loc="left")
plt.show()

# %% [markdown] name="what-the-judge-reads-intro"
r"""
A second network, the *judge*, reads every shot and says whether it shows what was asked for. It has never seen the generator's pictures while it learnt.
"""

# %% name="what-the-judge-reads"
for shot in film.record()["shots"]:
    judge = shot["judge"]
    verdict = "as asked" if judge["agrees"] else f"not as asked, after {judge['tried']} tries"
    print(f"shot {shot['number']}: the judge reads {', '.join(judge['reads'].values())}: {verdict}")

# %% [markdown] name="what-the-article-says"
r"""
### What the article says

The course's syllabus is two published articles on text-to-video. One of them prints a program for this very sentence. Told again in our words, it goes like this: make three models, hand the text to the first, show the result. Let us try.
"""

# %% name="article-models"
with expect_failure(NameError, match="make_text_model"):
    text_model = make_text_model()
    picture = text_model.predict(sentence)

# %% [markdown] name="article-models-why"
r"""
The functions that make the models are named and nowhere written; a model that expects numbers is given a raw sentence; the sound is computed and never used. Its last line shows the video as if it were a picture. That one we can run, on eight frames of our film:
"""

# %% name="article-imshow"
clip = np.stack([film.picture(second) for second in np.linspace(4, 6, 8)])
print("a clip has four axes, (frames, height, width, colour):", clip.shape)
with expect_failure(TypeError, match="Invalid shape"):
    plt.imshow(clip)
plt.close()

# %% name="article-repaired"
figure, axes = plt.subplots(1, 8, figsize=(11, 1.2))
for one, frame in zip(axes, clip):
    one.imshow(frame)
    one.axis("off")
plt.show()

# %% [markdown] name="your-sentence"
r"""
## 2 · Your own sentence

Type a sentence, Chinese or English, and press the button (or go on: an example stands there). Try a place by its name, a time of day, a mood; then one that names nothing to see. *What to look for:* what the machine had to **assume**. A film always shows a time and a weather, and most sentences name neither.
"""


# %% name="your-film"
def film_of(text):
    own = prepare_film(text, short_side=pick(smoke=90, quick=216, full=720))
    print(f"shots: {len(own.shots)}, seconds: {own.seconds:.1f}, mood: {own.storyboard.mood}")
    for line in own.assumed():
        print("assumed:", line)
    display(photo(own.contact_sheet(8, columns=4, width=240)))


ask(film_of, "At dusk we rowed across the lake, and everything was quiet.", "Make the pictures")

# %% [markdown] name="your-film-with-sound"
r"""
`make_film(text, "mine.mp4")` makes the whole film, with sound. In a terminal, `python course.py film "..." --out mine.mp4` does the same; `--aspect 9:16` makes one for a phone.
"""

# %% [markdown] name="shots"
r"""
## 3 · What it is made of

### Shots

The sentence was cut into clauses, a shot each. For every shot: what was **said** (and by which word), what is **kept** from the shot before, what was **assumed**.
"""

# %% name="storyboard"
for take in film.shots:
    said = {slot: found["word"] for slot, found in take.shot.said.items()}
    print(f"shot {take.number}  {take.start:5.2f} s - {take.end:5.2f} s   {take.shot.text}")
    print("   shows  ", ", ".join(f"{slot}: {word}" for slot, word in take.shot.attributes.items()))
    print("   said by", said or "nothing: it is carried over or assumed")

# %% [markdown] name="how-long"
r"""
### Exercise 1: how long is it?

A film is a row of pictures. `film.timeline.frames` says how many, `film.timeline.fps` how many are shown in a second. The cell below waits for your code in place of `...`. Write one line, run it, and read the card.

(Then try something wrong on purpose, `pictures * fps` say, and read that card, too. Nothing can break.)
"""

# %% exercise="film.facts.film_seconds"

# %% name="how-long-is-ours" tags=["nbval-check-output"]
print(
    f"{film.timeline.frames} pictures at {film.timeline.fps} a second: {film_seconds(film.timeline.frames, film.timeline.fps):.2f} s"
)

# %% [markdown] name="sound"
r"""
### Sound

Four tracks, mixed into one: the voice, the music, the sounds of the place, and a short cue that tells the ear what the label tells the eye. Listen to five seconds of each.
"""

# %% name="players"
for name, samples in film.sound.stems.items():
    display(sound_player(samples[round(2.5 * RATE) :] if name != "cue" else samples, RATE, name, seconds=5))

# %% [markdown] name="ducking-intro"
r"""
*What to look for:* the orange music is strongest before the first word and after the last one; under the voice (shaded) it steps back. That is called *ducking*, and you will build it in lesson 08.
"""

# %% name="waves"
seconds = np.arange(len(film.sound.mix)) / RATE
figure, (top, bottom) = plt.subplots(2, 1, figsize=(9, 4), sharex=True)
for axes, name, colour in ((top, "voice", "C0"), (bottom, "music", "C1")):
    axes.plot(seconds[::40], film.sound.stems[name][::40], color=colour, lw=0.5)
    axes.set_ylabel(name)
for take in film.shots:
    bottom.axvspan(take.speech_at, take.speech_end, color="C0", alpha=0.12, lw=0)
bottom.set_xlabel("seconds")
plt.show()

# %% [markdown] name="how-loud"
r"""
### Exercise 2: how loud is it?

Loudness in decibels: square the samples, take the mean, take the root; then $20 \log_{10}$ of that. If you are unsure where to begin, run the cell as it is and unfold the first hint.
"""

# %% exercise="film.facts.decibels"

# %% name="how-loud-is-ours"
for name, samples in {
    "voice": film.sound.stems["voice"],
    "music": film.sound.stems["music"],
    "all": film.sound.mix,
}.items():
    print(f"{name:>6}: {decibels(samples):6.1f} dB")
print(
    f"as broadcasters measure it: {loudness(film.sound.mix):.1f} LUFS (the course's films are all brought to -16)"
)

# %% [markdown] name="two-measures"
r"""
The two measures of the same sound differ: broadcasters weigh the frequencies as the ear does and leave out the pauses. Lesson 08 builds that measure, too.
"""

# %% [markdown] name="words"
r"""
### Words and subtitles

The voice tells at which moment each word begins and ends. From these the subtitles get their time.
"""

# %% name="the-words"
record = film.record()
words = [word for shot in record["shots"] for word in shot["words"]]
print("  ".join(f"{text} {start:.2f}" for text, start, end in words))
for line in record["subtitles"]:
    print(f"{line['start']:6.2f} - {line['end']:5.2f}   {line['text']}")

# %% [markdown] name="which-word"
r"""
### Exercise 3: which word is it?

Which word is spoken at a given second? Mind the pauses: then the answer is `None`. And mind the moment at which one word ends and the next begins.
"""

# %% exercise="film.facts.word_at"

# %% [markdown] name="which-shot"
r"""
### Exercise 4: which shot is it?

The shots begin at known moments, the *cuts*. At second 7, which shot do we see? This one can be done with a loop, or with one line of numpy.
"""

# %% exercise="film.facts.shot_at"

# %% [markdown] name="moment-intro"
r"""
With your two functions the film can be searched. Drag through it (click the slider, then use the arrow keys). *What to look for:* at a cut the picture is a blend of two.
"""

# %% name="moment"
cuts = np.array([0.0] + [take.cut for take in film.shots[1:]])


def moment(second):
    plt.figure(figsize=(5.6, 3.4))
    plt.imshow(film.picture(second))
    plt.title(
        f"{second:.2f} s: shot {shot_at(cuts, second)}, spoken: {word_at(words, second) or '(nothing)'}"
    )
    plt.axis("off")
    plt.show()


explore(moment, second=(0.0, round(film.seconds, 2), 0.1, 7.2))

# %% [markdown] name="label"
r"""
### The label

A film made by a machine should say so. Ours says it three times: in letters on the opening, by a sound, and in the file's metadata, where a platform can find it. Read back from the file itself:
"""

# %% name="read-the-label"
found = read_label("tibet.mp4")
print(
    f"letters seen for {found.seconds_visible:.1f} s, {100 * found.letter_height:.0f} % of the short side high"
)
print(f"sound cue at {found.cue_at:.2f} s" if found.cue_at is not None else "no sound cue")
print("metadata:", json.dumps(found.metadata, ensure_ascii=False)[:160], "...")
print("missing:", found.missing or "nothing")

# %% [markdown] name="record"
r"""
Beside the film lies `tibet.json`: for every shot its words, what it shows, what was assumed, and the seed with which it can be made again, bit for bit.
"""

# %% name="read-the-record"
record = json.loads(Path("tibet.json").read_text(encoding="utf-8"))
{name: record["shots"][0][name] for name in ("text", "shows", "said", "assumed", "seed", "source")}

# %% [markdown] name="doctor"
r"""
## 4 · Is this machine ready?

The doctor looks at what the course needs. *ok* is ok; *degraded* says what you lose; *broken* says what to type. In a terminal `python course.py doctor` also predicts how long each lesson takes here.
"""

# %% name="doctor-says"
report(quick=True)

# %% [markdown] name="map"
r"""
## 5 · The map

Every box is a piece that you build, first by hand, then as the tested version in `course_lib`. You are at *the film*.
"""

# %% name="the-map"
draw_map(done=("00",))

# %% [markdown] name="summary"
r"""
## Summary

- A sentence became a storyboard, a shot a clause; then pictures, a voice, music and sounds; then one timeline, one file, one label.
- What the sentence does not say, the machine assumes, and a good machine tells you what.
- Exercises answer at once. Wrong answers cost nothing; the lesson goes on.

**Why it matters at Kuaishou's scale.** A platform with hundreds of millions of viewers cannot look at every film. What a film shows, what was assumed, how loud it is, whether it is labelled: all of it must be *measured by programs*, for every film, at upload. You have just written four such programs.

**Questions to think about**

1. Which of the assumptions about your sentence was wrong? What would the machine have had to know?
2. If someone cuts off the first three seconds, which of the three labels is left?
3. *"The landscape is truly beautiful"* names nothing that could be drawn. What would you show?

**Next:** [01 · The mathematics of GANs](01_mathematics_of_gans.ipynb). *Further reading:* Goodfellow et al., *Generative Adversarial Nets*, 2014, the paper that the next lesson takes apart.
"""
