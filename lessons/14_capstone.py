# ---
# jupyter:
#   course:
#     id: "14"
#     title: "Capstone: the whole loop"
#     learner_minutes: 150
#     needs: any computer, no GPU
#     extras: film,recommend
#   jupytext:
#     cell_markers: '"""'
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] name="title"
r"""
# 14 · Capstone: the whole loop

Thirteen lessons have built parts. Today they work together:

**logs → cleaning → profiles → prompts → films → labels → catalogue → distribution → new logs**, and round again.

What people watch decides which films are made; the films decide what people watch next. Does anybody like it better? That is a question for an experiment, with a control and an interval, and it is answered here.

**After this lesson you can**

1. turn a profile into a prompt that the course's own reader understands, and the prompt into a labelled film;
2. write a contract for what passes between two systems, and see it refuse what is broken;
3. split people into arms that stay the same for ever, and measure a lift with an interval that can be believed;
4. tell a lift from a holiday, and a simulation from the world;
5. plan a project of your own, and know how it is marked.

**You need** the idea of each earlier lesson, none of their files. Everything starts from the mock twin of lesson 10; no real person is in it.
"""

# %% name="setup"

# %% name="imports"
import hashlib
import itertools
import json
import subprocess
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML

from course_lib.data import datasets, figure
from course_lib.data.programs import ffmpeg
from course_lib.data.twin import twin
from course_lib.errors import CourseError
from course_lib.film import read_label
from course_lib.loop import contracts, measure, viewers
from course_lib.loop.arms import ARMS, arms_of
from course_lib.loop.prompts import prompt_of
from course_lib.loop.rounds import Settings, first_catalogue, run, seen_in
from course_lib.loop.studio import APPLICATIONS, Order, Studio
from course_lib.notebook.players import film_player
from course_lib.profiles import pick
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.distribute import marks_of, profiles_of
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.profiles import GROUPS, cards, deck_html, people

# %% [markdown] name="log-text"
r"""
## 1 · From a log to a wish

1,200 people, 150 films, four weeks of watching, and the usual defects (lesson 10). We clean, look for six profiles (lesson 11), and ask each: what would you like best that is **not on the shelf**?

*What to look for:* the names of the cards. Which film would you order for each?
"""

# %% name="log" tags=["nbval-check-output"]
logs = twin(1200, 150, 20)
history, steps = clean_log(logs.log, logs.videos)
for what, rows in steps:
    print(f"{what:<42}{rows:6,}")
print(f"{len(history):,} clean rows of {len(logs.log):,}")

# %% name="cards"
users = len(logs.users)
catalogue = first_catalogue(logs)
known = people(ratings_from(history), catalogue, ids=np.arange(users))
labels = profiles_of(known, 6, 0)
deck = cards(known, labels)
HTML(deck_html(deck))

# %% [markdown] name="scene-text"
r"""
A scene has a place, a time, a weather and a mood: 7 · 4 · 4 · 4 = 448 of them. A profile likes a scene as much as its four words together,

$$s_g(\text{scene}) = \sum_{w \in \text{scene}} \ell_{gw},$$

with $\ell_{gw}$ the mean number of stars above their own mean that people of profile $g$ give to films with the word $w$. 448 sums are nothing: try them all.
"""

# %% exercise="loop.prompts.best_scene"

# %% name="scenes"
words = [sorted(catalogue[group].unique()) for group in GROUPS]
print(len(list(itertools.product(*words))), "scenes can be asked for")
wished = {}
for card in deck:
    liking = dict(zip(known.names, known.liking[labels == card.cluster].mean(axis=0).tolist()))
    wished[card.cluster] = dict(zip(GROUPS, best_scene(liking, words, [])))
    print(f"{card.name:<36}→ {', '.join(wished[card.cluster].values())}")

# %% [markdown] name="prompt-text"
r"""
Six scenes; but a film costs money (here: seconds). Which three do we make? The shelf has something for everybody already. The **gain** of a new film for a person is how much better its words suit the profile than the best film that this person *has not seen*; added up over the profile's people. A large profile that has run out of good films comes first.

And then the scene is said in a sentence, because the film pipeline is spoken to in sentences. *What to look for:* the same scene in other words, in two languages; and the reader of lesson 04 finds all four words in each. (The contract asks the storyboard as well: in 'at dusk, the sea; then rain sets in' the first shot would not know of the rain yet.)
"""

# %% name="prompts"
seen = seen_in(history, users, len(catalogue))
marks = marks_of(catalogue, known.names)
for card in deck:
    scene, members = wished[card.cluster], labels == card.cluster
    liking = known.liking[members].mean(axis=0)
    stars = sum(liking[known.names.index(word)] for word in scene.values())
    left = np.where(seen[members], -9, marks @ liking).max(axis=1)
    language = ("zh", "en")[card.cluster % 2]
    sentence = contracts.prompt(prompt_of(scene, language, card.cluster), scene)
    print(f"gain {(stars - left).sum():5.1f} stars for {card.size} people   {sentence}")

# %% [markdown] name="contract-text"
r"""
## 2 · Contracts

Fifteen parts by fifteen lessons: when the film has no sound, whose fault is it? In a system of many parts the worst faults are those that travel. A catalogue with a film that does not exist makes a log with views of nothing, which makes a profile of nobody.

A **contract** is written for what passes *between* two parts: what must be there, in which units, within which bounds. Whoever hands it over has it checked, and whoever breaks it hears so at once, in a sentence. Our loop has eight: log, clean log, profile cards, prompt, film record, film file, catalogue, weights with their card.

You write the heart of one: are the times of a film consistent, and does its label say what it must?
"""

# %% exercise="loop.contracts.film_faults"

# %% [markdown] name="film-text"
r"""
Now a first film of one of the wishes, with everything: voice, music, subtitles, label. The pictures are lesson 07's generator's: rough, and made of noise and a sentence. The judge reads them, and what it reads, not what was asked for, will stand in the catalogue. *What to look for:* would you read the same?
"""

# %% name="first-film"
folder = Path(tempfile.mkdtemp(prefix="course-loop-"))
pictures = pick(smoke="renderer", quick="gan", full="gan")
size = pick(smoke=90, quick=144, full=360)
studio = Studio(folder / "try", pictures, size, 12)
first = deck[0]
order = Order("first", prompt_of(wished[first.cluster], "zh", 3), seed=11)
record = studio.film(order)
print(f"made for '{first.name}': {order.text}")
print(f"faults: {film_faults(record)}")
film_player(studio.path(order), 420, largest=220_000)

# %% [markdown] name="break-text"
r"""
A test that cannot fail tests nothing. So we break the record, one thing at a time. *What to look for:* does each fault have its own name?
"""

# %% name="break-it" tags=["nbval-check-output"]
for what, change in {
    "a shot that begins late": lambda r: r["shots"][-1].update(start=r["shots"][-1]["start"] + 0.5),
    "a film cut short": lambda r: r.update(seconds=r["seconds"] - 1),
    "a word before its shot": lambda r: r["shots"][-1]["words"][0].__setitem__(1, 0.2),
    "a subtitle that never goes": lambda r: r["subtitles"][0].update(end=1e6),
    "no maker in the label": lambda r: r["label"].update(ContentProducer=""),
}.items():
    broken = json.loads(json.dumps(record))
    change(broken)
    print(f"{what:<28}{film_faults(broken)}")

# %% [markdown] name="article-b"
r"""
### What article B says: a video from the picture alone

The program of the second article makes speech, and then builds its video from the picture alone: the sound is dropped on the floor, there are no subtitles, there is no label. It is never noticed, because nobody asks the result anything. We make such a video of our film and hand it to the contract.
"""

# %% name="article-b-fails"
silent = folder / "article.mp4"
subprocess.run(
    [ffmpeg(), "-v", "error", "-y", "-i", str(studio.path(order)), "-map", "0:v", "-c", "copy", str(silent)],
    check=True,
)
with expect_failure(CourseError, match="no audio track"):
    contracts.film_file(silent)

# %% [markdown] name="weights-text"
r"""
Weights have a contract, too: who uses them must be able to read what they were trained on, and under which licence. (If one of ours breaks it, you see it here.)
"""

# %% name="weights-contract"
for name in ("judge-scenery", "reader", "video-shapes-32"):
    card = contracts.weights_card(datasets("weights", f"{name}.safetensors"))
    print(f"{name}: {card.name}, {len(card.read_text(encoding='utf-8').split())} words")

# %% [markdown] name="arms-text"
r"""
## 3 · The experiment

Films for profiles, personal lists: is it any better? Compared with **what**? Three arms, and each person is in one of them for good:

| arm | what it is shown |
|---|---|
| **one list for all** (control) | the most liked films first, new ones included |
| **personal** | lesson 12's three scores together; made films are left out |
| **personal, with made films** | the same, made films included |

Second minus first: what personal lists are worth. Third minus second: what *making* films is worth. In every arm nobody sees a film twice, and a tenth of the shows is drawn blindly (lesson 12 says why).

Who is in which arm? A random number for each person would have to be stored; the next trial must be mixed anew; and several servers have to agree. A **hash** does it all.
"""

# %% exercise="loop.arms.arm_of"

# %% name="a-digest"
print("'loop 0:7' →", hashlib.sha256(b"loop 0:7").hexdigest())
print("'loop 0:8' →", hashlib.sha256(b"loop 0:8").hexdigest())

# %% name="arms-checked" tags=["nbval-check-output"]
arm = arms_of(users, "loop 0")
print("people in each arm:", np.bincount(arm))
again = np.array([arm_of(person, 3, "another trial") for person in range(users)])
print("of the control's people another trial puts", np.bincount(again[arm == 0]), "in its arms")

# %% [markdown] name="loop-text"
r"""
Everything is ready: three rounds, a week each. *What to look for* while it runs: the wishes change, because what was made is no longer missing. (The lines are printed by the loop. If it is stopped and started again, what was made stays.)
"""

# %% name="loop"
settings = Settings(
    rounds=pick(smoke=2, quick=3, full=3), films=pick(smoke=1, quick=1, full=3), source=pictures,
    short_side=pick(smoke=90, quick=120, full=360), fps=pick(smoke=10, quick=10, full=12),
)  # fmt: skip
done = run(settings, folder / "loop", print)

# %% name="made"
made = done[-1].catalogue.query("made")
made[["profile", "title", "place", "time", "weather", "mood", "seconds"]]

# %% name="one-of-them"
film_player(folder / "loop" / made["file"].iloc[-1], 420, largest=220_000)

# %% [markdown] name="rate-text"
r"""
## 4 · Could it be luck?

Likes per thousand shows, $R = \sum_i l_i / \sum_i s_i$ with $l_i$ likes in $s_i$ shows of person $i$. What is its error? The recipe in every textbook, $\sqrt{R(1-R)/n}$ over $n$ shows, takes the shows for independent. They are not: somebody who is easily pleased likes many of *his* twelve. What chance has drawn are people, so the error is summed up by people:

$$d_i = l_i - R\, s_i, \qquad \text{error}(R) = \frac{\sqrt{\frac{n}{n-1}\sum_i d_i^2}}{\sum_i s_i}.$$
"""

# %% exercise="loop.measure.rate_and_error"

# %% name="rates"
last = done[-1]
likes, shows, who = measure.per_person(last.clean, arm, users)
for name, persons in zip(ARMS, who):
    rate, error = rate_and_error(likes[persons], shows[persons])
    by_show = 1000 * np.sqrt(rate / 1000 * (1 - rate / 1000) / shows[persons].sum())
    print(
        f"{name:<28}{rate:6.0f} ± {1.96 * error:4.1f}   (shows taken for independent: ± {1.96 * by_show:.1f})"
    )

# %% [markdown] name="alarms-text"
r"""
Which of the two intervals is right? Ask **nothing against nothing**: cut one arm into random halves that are treated alike, and see how often the 95 % interval of their difference excludes zero. It should be 5 % of the time.
"""

# %% name="alarms" tags=["nbval-check-output"]
for way in ("by person", "by show"):
    print(
        f"errors {way:<12}{figure('loop', 'nothing against nothing: false alarms', way):5.1f} % false alarms"
    )
print("1,000 trials of halves against halves (course bench loop)")

# %% [markdown] name="lift-text"
r"""
Errors by show cry wolf more than three times as often as they may. Many an 'improvement' has been shipped on that.

How many **per cent** better than the control? A ratio of ratios has no simple error. The **bootstrap** needs no formula: draw as many people as there are, with replacement, from each arm; compute the lift again; do that a thousand times, and look where the middle 95 % lie.
"""

# %% exercise="loop.measure.bootstrap_lift"

# %% [markdown] name="lift-intro"
r"""
*What to look for.* Left: do the intervals of the arms overlap? Right: the lift of each round, and what the made films alone are worth. With one film a round (three on a GPU) they can hardly matter yet: is zero inside their interval?
"""

# %% name="lift-picture"
colours = ("tab:gray", "tab:blue", "tab:orange")
_, (left_side, right_side) = plt.subplots(1, 2, figsize=(10.5, 3.6))
for number, name in enumerate(ARMS):
    rows = [one.results["arms"][number] for one in done]
    x = np.arange(1, len(done) + 1) + 0.06 * (number - 1)
    left_side.errorbar(x, [row["rate"] for row in rows], [1.96 * row["error"] for row in rows],
                       fmt="o-", color=colours[number], label=name)  # fmt: skip
left_side.set(xlabel="round", xticks=range(1, len(done) + 1), ylabel="likes per thousand shows", title="Engagement, 95 % intervals", ylim=(0, None))  # fmt: skip
left_side.legend(fontsize=8, loc="lower right")
pairs = {
    "personal lists\nover control": (1, 0),
    "with made films\nover control": (2, 0),
    "made films over\npersonal lists": (2, 1),
}
for place, (one, other) in enumerate(pairs.values()):
    for number, round_ in enumerate(done):
        likes, shows, who = measure.per_person(round_.clean, arm, users)
        a, b = who[one], who[other]
        lift, low, high = bootstrap_lift(likes[a], shows[a], likes[b], shows[b], measure.draws(len(a)), measure.draws(len(b), seed=1))  # fmt: skip
        right_side.errorbar(place + 0.14 * (number - 1), lift, [[lift - low], [high - lift]], fmt="o", color="tab:blue", alpha=(number + 1) / len(done))  # fmt: skip
right_side.axhline(0, color="black", lw=1)
right_side.set_xticks(range(3), list(pairs), fontsize=8)
right_side.set(ylabel="lift in %", title="Lift, bootstrap intervals; darker: later rounds")
plt.show()

# %% [markdown] name="twenty-text"
r"""
One twin is one draw of the dice. Twenty twins, six films a round (nothing is filmed for that: a film enters the catalogue as its scene). *What to look for:* in which round do the made films begin to pay, and why not before?
"""

# %% name="twenty"
rows = []
for number in (1, 2, 3):
    cells = {"round": number}
    for one in ARMS[1:]:
        cells[f"{one}: lift over control, %"] = figure(
            "loop", "lift over the control", f"{one}, round {number}"
        )
    cells["made films add, %"] = figure("loop", "what made films add to personal lists", f"round {number}")
    cells["± 2 standard errors"] = 2 * figure(
        "loop", "what made films add, standard error", f"round {number}"
    )
    rows.append(cells)
pd.DataFrame(rows).set_index("round").round(1)

# %% [markdown] name="twenty-result"
r"""
Personal lists nearly double the likes, at once. Made films add nothing in the first round: nobody has rated them, so only *content* speaks for them, and the shelf is still full of good films. Round by round the best old films have been watched, and by the third the made ones are worth as much as anybody could wish for from six films a week. (Why does the lift over the control fall in round 3? The control gets the made films too, once its people have found them by blind draws, and everybody likes *some* of them.)

## 5 · What article A says: 'it improves the experience'

Article A, section 6.1: by distributing intelligently according to profiles, Kuaishou improves the experience of its users. No control, no figure. How would one 'show' it in the office? Take the likes before the launch, and the likes after. Let us do that with something that was never launched: the **control**, in which nothing changes but the weeks.
"""

# %% name="article-a"
before, after = done[0].results["arms"][0], done[-1].results["arms"][0]
print(f"control, first round {before['rate']:.0f}, last round {after['rate']:.0f} likes per thousand shows")
print(f"'our new system has improved engagement by {100 * (after['rate'] / before['rate'] - 1):.0f} %'")
print(
    f"mean over 20 twins: {figure('loop', 'control: last round over first'):+.0f} %, by a system that does not exist"
)

# %% [markdown] name="article-a-text"
r"""
A holiday has come: in the simulation everybody is in a better mood each week (`viewers.SEASON`), and the loop was not told. Before-and-after takes the credit for it. **The repair** is what you have built: two arms in the *same* week. The holiday is in both, and cancels.

### Drag the season

*What to look for:* at which strength of the season does before-and-after claim as much as the true lift? The lift between the arms hardly moves. (It does a little: when nearly everything is liked, there is less left to gain.)
"""

# %% name="drag"
crowd = viewers.viewers_of(logs)
shown = last.clean[["user_id", "video_id"]].to_numpy(int)
liking_shown = crowd.liking(last.catalogue)[shown[:, 0], shown[:, 1]]
early_shown = done[0].clean[["user_id", "video_id"]].to_numpy(int)
early_liking = crowd.liking(done[0].catalogue)[early_shown[:, 0], early_shown[:, 1]]


def with_season(season):
    def rate(values, persons, one, weeks):
        chance = 1 / (1 + np.exp(-(1.3 * (values + season * weeks) - 3.6)))
        return 1000 * chance[arm[persons] == one].mean()

    control_before = rate(early_liking, early_shown[:, 0], 0, 1)
    control_after = rate(liking_shown, shown[:, 0], 0, len(done))
    personal_after = rate(liking_shown, shown[:, 0], 2, len(done))
    claims = {
        "before and after,\ncontrol (nothing done)": 100 * (control_after / control_before - 1),
        "before and after,\npersonal: 'our success'": 100 * (personal_after / control_before - 1),
        "same week, personal\nover control": 100 * (personal_after / control_after - 1),
    }
    plt.figure(figsize=(7.5, 3))
    plt.bar(list(claims), list(claims.values()), color=("tab:gray", "tab:red", "tab:blue"), width=0.6)
    for place, value in enumerate(claims.values()):
        plt.text(place, value + 3, f"{value:+.0f} %", ha="center")
    plt.ylim(min(0, *claims.values()) - 8, max(60, max(claims.values()) * 1.2))
    plt.axhline(0, color="black", lw=1)
    plt.ylabel("more likes, %")
    plt.title(f"A season of {season:.2f} a week (true chances)")
    plt.show()


explore(with_season, season=(0.0, 0.5, 0.05, 0.25))

# %% [markdown] name="cannot-text"
r"""
### What this simulation shows, and what it cannot

It shows that the **machinery** works: from logs alone, without a look at the truth, the loop finds what people like, makes what is missing, and the gain survives an honest test. And it can test the *test*: only where nothing-against-nothing can be tried a thousand times is it known that errors by show are wrong.

It cannot show that people would like it. The viewers were **made** to have tastes made of the course's words, so a loop that thinks in these words must do well. They never tire: a real person shown mountains for three weeks does. They do not talk to each other, so the arms do not leak. They do not care whether a film is well made, or made by a machine. And all arms learn from one common log, so that the control profits from the blind draws of the others. The lift of a real platform is smaller; an honest sentence about ours begins with 'in a simulation'.

One cost can be seen even here. *What to look for:* how many different places is a person shown?
"""

# %% name="variety"
for number in (1, 3):
    print(f"round {number}: " + "   ".join(
        f"{name}: {figure('loop', 'places a person is shown', f'{name}, round {number}'):.1f}" for name in ARMS
    ))  # fmt: skip

# %% [markdown] name="variety-text"
r"""
Of seven places (counted by the exponential of the entropy; lesson 13 has used it for something else) a person in the personal arms is shown three to four, in the control more as the weeks go by. Personal lists narrow what people see. Whether that is a service or a cage is not a question of statistics; but it is one that somebody must be able to answer with a number.

## 6 · In the film: three applications

Article B, section 6, lists applications: education, entertainment (a birthday greeting), business (a brand film). It shows none. Here they are, from the same pipeline: an English school film, wide; a Chinese birthday greeting, upright for a telephone; a brand film, square, in the brand's own colours and with a man's voice. Here the painting program of lesson 05 stands in for the generator, as a customer would ask for a sharper picture; the end card says so. *What to look and listen for:* pace, type, colours, music; and the label, in all of them.

(The school film once began 'A desert is a place where hardly any rain falls', and it rained. The reader knows words, no 'hardly'; every contract was kept. Only somebody who *looked* saw it. Contracts find broken things, not wrong ones.)
"""

# %% name="applications"
hall = Studio(folder / "applications", "renderer", pick(smoke=90, quick=180, full=480), 12)
chosen = pick(smoke=["greeting"], quick=list(APPLICATIONS), full=list(APPLICATIONS))
for name in chosen:
    record = hall.film(APPLICATIONS[name])
    label = read_label(hall.path(APPLICATIONS[name]))
    print(f"{name:<10} {record['aspect']:>5}, {record['seconds']:4.1f} s, {record['language']}: label seen "
          f"for {label.seconds_visible:.1f} s, heard at {label.cue_at:.1f} s, in the metadata: {label.metadata['Label']}, "
          f"seal fits: {'yes' if label.sealed else 'no'}")  # fmt: skip

# %% name="education"
film_player(hall.path(APPLICATIONS[chosen[0]]), 420, largest=220_000)

# %% name="greeting"
film_player(hall.path(APPLICATIONS["greeting"]), 240, largest=220_000)

# %% name="brand"
film_player(hall.path(APPLICATIONS[chosen[-1]]), 320, largest=220_000)

# %% [markdown] name="again-text"
r"""
And the loop, started again on the same folder: what was made stays. *What to look for:* how long does it take?
"""

# %% name="again"
again = run(settings, folder / "loop", print)
same = all(one.results["arms"] == two.results["arms"] for one, two in zip(done, again))
print("the same results:", same)

# %% [markdown] name="command"
r"""
Everything of this lesson in one command, with the generator's pictures, and a page `index.html` with cards, films and results:

    python course.py loop --out my_loop

Stop it, start it again: it goes on. `--rounds 5` continues a finished run. `--source renderer` has the pictures painted by the program.

## 7 · Your project

Take the loop, and make it do something that it cannot do. Two to four people, two to three weeks. Some beginnings:

- **Boredom.** Let viewers tire of what they have seen much of. Which arm suffers? Mend it (a penalty for repetition, more blind draws), and measure.
- **A new application.** A news film of a weather report, a bedtime story in five shots, a postcard: its style, its pace, its own contract. Show it to five people who do not know the course.
- **Fair to makers.** Give each film an author, and bring lesson 13's re-ranking into the loop. What does it cost over five rounds?
- **Private profiles.** Publish the cards with lesson 13's noise, and make the prompts from the noisy ones. At which epsilon do the made films stop paying?
- **Real logs.** Run sections 1 and 2 on KuaiRand, which has no scenes: what can take the place of their words? What can *not* be measured there?
- **Better films.** Replace one part (voice, music, upscaling, generator), and show with a blind comparison by people that it is better.

**Hand in** a notebook that runs from top to bottom, one film, and a page of at most 600 words: question, method, figure, what it does not show.

| what is marked, 60 points | full marks | half | none |
|---|---|---|---|
| **question** (10) | answerable by a measurement, and somebody would do something else depending on the answer | a wish ('make it better') with a measurable part | a feature without a question |
| **it works** (15) | runs from a fresh kernel; every artefact passes its contract, and a new kind of artefact has a contract of its own with a test that fails when it should | runs; old contracts pass | does not run, or contracts were switched off |
| **measurement** (15) | a control, several seeds, an interval with the right unit of chance; nothing-against-nothing was tried | a control, one seed, some interval | before-and-after, or no figure |
| **film** (10) | heard and seen to be made with care; label read back | complete, with a flaw that a viewer notices | sound, subtitles or label missing |
| **honesty** (10) | says what the figure does not show, what went wrong, who could be harmed; cites what it used | some limits named | claims more than was measured |

For instructors, the same as questions marked by hand in `marks.toml`:

```toml
[questions]
"project: question" = 10
"project: it works" = 15
"project: measurement" = 15
"project: film" = 10
"project: honesty" = 10

[learner."Ada Lovelace"]
questions = { "project: question" = 10, "project: it works" = 15, "project: measurement" = 7, "project: film" = 10, "project: honesty" = 8 }
comment = "A control, but one seed. Try twenty."
```
"""

# %% [markdown] name="summary"
r"""
## Summary

- A loop of parts is held together by contracts: checked where something is handed over, in sentences, by tests that can fail.
- A profile becomes a wish, a wish a prompt, a prompt a film; what enters the catalogue is what the film *shows*, not what was asked for.
- Arms by a hash; a control in the same week; errors by person; a bootstrap for ratios. And nothing against nothing before believing any of it.
- In simulation personal lists nearly double the likes at once, made films pay when the shelf runs low, and people see fewer kinds of places.
- Before-and-after takes the credit for the holiday.

**Why it matters at Kuaishou's scale.** With hundreds of millions of viewers every interval is narrow, so nearly every change is 'significant', and wrong units of chance or a missing control decide about products that shape what a country sees. There, too, the loop is closed: what is shown today is tomorrow's training data. A slice of blind shows, a control that is kept for months, and a label on every film that a machine has made are cheap; not knowing is not.

**Questions to think about**

1. All arms learn from the same log here. Design the trial in which they do not. What does it cost?
2. The third arm wins in round three. Would you stop the trial then? What if it had been looked at every day?
3. A film is entered as what the judge reads in it. What happens if the judge is wrong in a systematic way, and which of our measurements would notice?

**Further reading**

- Kohavi, Tang, Xu: *Trustworthy Online Controlled Experiments*, 2020.
- Efron, Tibshirani: *An Introduction to the Bootstrap*, 1993.
- Deng, Knoblich, Lu: *Applying the Delta Method in Metric Analytics: A Practical Guide with Novel Ideas*, 2018.
- Chaney, Stewart, Engelhardt: *How Algorithmic Confounding in Recommendation Systems Increases Homogeneity and Decreases Utility*, 2018.
- Sculley and others: *Hidden Technical Debt in Machine Learning Systems*, 2015.
"""
