# ---
# jupyter:
#   course:
#     id: "13"
#     title: Privacy, fairness, law
#     learner_minutes: 170
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
# 13 · Privacy, fairness, law: what we owe the people in the table

Lesson 11 ended with a card: *night owls, cities, 17 % of all*. It was made from what people did when they thought that nobody was looking. This lesson asks three questions of everything that we have built, and answers each with a number. Can somebody be **recognised** in it? Is it **fair** to those who make films and to those who watch them? And does the film **say what it is**?

**After this lesson you can**

1. find the people who are unique in a table without names, and say who they are with a second table;
2. make a table k-anonymous by hand, and show three ways in which that promise is not enough;
3. publish numbers with differential privacy, and keep account of what it costs;
4. measure who gets attention from a recommender, share it more fairly, and state the price;
5. audit a generator for what it shows when nobody asked; and refuse a film that does not say that it was generated.

**You need** lesson 10's lists and lesson 11's profiles in outline; both are made here again. The people are the mock twin's: nobody real is attacked.
"""

# %% name="setup"

# %% name="imports"
import subprocess
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from course_lib.data import figure
from course_lib.data.pages import declared, public_pages
from course_lib.data.programs import ffmpeg
from course_lib.data.twin import KINDS, twin
from course_lib.errors import CourseError
from course_lib.film import make_film, read_label
from course_lib.gan import judge, video
from course_lib.profiles import pick
from course_lib.recommend import privacy_profiles as published
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.factors import EASE
from course_lib.recommend.fairness import fair_lists, gini, merit, quality, share_for, small_owners
from course_lib.recommend.fairness_audit import audit
from course_lib.scenery.captions import caption
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.metrics import ranking
from course_lib.recommend.privacy import blur, boxes, candidates, given_away, pinned_down, scaled
from course_lib.recommend.privacy_noise import Budget
from course_lib.recommend.privacy_rules import admit, may_profile, may_target
from course_lib.recommend.profiles import agreement, people
from course_lib.recommend.splits import by_time
from course_lib.scenery import render
from course_lib.text import storyboard

# %% [markdown] name="who-is-in-it"
r"""
## 1 · Who is in the table?

Kuaishou published KuaiRand's users for research, without names, and with 30 columns. Our twin has the same columns. Here are three that sound harmless.
"""

# %% name="load"
logs = twin()
users = logs.users
print(f"{len(users):,} people.  {logs.licence}")
users[["user_id", "follow_user_num", "fans_user_num", "register_days"]].head(4)

# %% [markdown] name="classes"
r"""
Nobody's name is in it. But how many people follow exactly 41 others *and* registered exactly 1,207 days ago? Whoever is alone with such a combination carries it like a name. Those who look exactly alike form a **class**; a table is **k-anonymous** if no class has fewer than k people.
"""

# %% exercise="recommend.privacy.class_sizes"

# %% name="unique-shares" tags=["nbval-check-output"]
for columns in (
    ["follow_user_num"],
    ["register_days"],
    ["follow_user_num", "register_days"],
    ["follow_user_num_range", "register_days_range"],
):
    sizes = class_sizes(users[columns].astype("category").apply(lambda column: column.cat.codes).to_numpy())
    print(f"{np.mean(sizes == 1):6.1%} unique, smallest class {sizes.min():3}:  {' and '.join(columns)}")

# %% [markdown] name="unique-real"
r"""
By one number alone many people still have company. By two together hardly anybody has. Coarse ranges help, as long as there are few of them. Is that so only in our small twin? *What to look for:* the real file, and a twin with as many users as it.
"""

# %% name="unique-real-picture"
names = ("KuaiRand", "twin, as many users", "twin")
whats = ("two columns", "seven bucketed columns")
_, axes = plt.subplots(figsize=(8.5, 3))
for place, (what, colour) in enumerate(zip(whats, ("C0", "C1"))):
    values = [figure("privacy", f"unique on {what}", name) for name in names]
    bars = axes.barh(np.arange(3) + 0.38 * place, values, 0.34, color=colour, label=what)
    axes.bar_label(bars, [f"{value:.1f} %" for value in values], padding=3, fontsize=9)
axes.set_yticks(
    np.arange(3) + 0.19, [f"{name}\n{figure('privacy', 'users', name):,.0f} people" for name in names]
)
axes.set(xlim=(0, 118), xlabel="% of the people who are unique")
axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=9)
axes.invert_yaxis()
plt.show()

# %% [markdown] name="unique-real-result"
r"""
In the published file of 27,285 real people 97 % are unique on *how many they follow* and *how long they have been there*. Seven columns of ranges still single out one in twenty-three; among fewer people (the small twin) it is far more. Uniqueness is a matter of how many columns there are and how many people, not of whether the columns sound private.

(These figures count combinations in a published file. Nobody was looked up, and nobody should be.)

## 2 · What the article says

Article A closes with challenges: user data should be protected, and algorithms should be fair. It gives no method. (Article B praises how *much* data there is.) The method that one meets everywhere is: **take the names out**. Let us do that, and then attack our own release.

We release the twin's users without their ids, shuffled, with what we want to give to researchers: the kind of person. The attacker has read public pages two weeks later. Names stand on those, and the same two numbers, a little changed by then.
"""

# %% name="release"
order = np.random.default_rng(13).permutation(len(users))
released = users.iloc[order][["follow_user_num", "register_days"]].reset_index(drop=True)
released["kind"] = np.array(list(KINDS))[logs.truth.kind[order]]
pages = public_pages(logs)
truth = np.argsort(order)[pages["user_id"]]  # the row of each page: only we know it, to count the hits
print("released, without names:")
print(released.head(3).to_string(index=False))
print("\npublic pages, two weeks later:")
print(pages[["page", "follow_user_num", "fans_user_num", "register_days"]].head(3).to_string(index=False))

# %% exercise="recommend.privacy.link"

# %% name="attack" tags=["nbval-check-output"]
without_names = released[["follow_user_num", "register_days"]].to_numpy(float)
known = pages[["follow_user_num", "register_days"]].to_numpy(float) - [0, 14]  # two weeks back
for allowed in (0, 2, 5, 10, 20):
    found = link(known, without_names, np.array([allowed, 0]))
    print(
        f"follows within {allowed:2}: {np.mean(found == truth):6.1%} found,  "
        f"{np.mean((found >= 0) & (found != truth)):5.2%} taken for somebody else"
    )

# %% [markdown] name="attack-result"
r"""
Nine of ten people have their name back, and beside it now stands what they like to watch. **The cause:** the name was never what identified them. **The repair** cannot be to take more names out; it must make people *look alike*, or make the answers *uncertain*. The next sections do one, then the other.
"""

# %% name="one-person"
found = link(known, without_names, np.array([10, 0]))
person = np.flatnonzero(found == truth)[0]
print(f"{pages['page'][person]} follows {pages['follow_user_num'][person]} people.")
print(
    f"Row {found[person]} of the release is the only one that fits: one of the {released['kind'][found[person]]}."
)

# %% [markdown] name="views-identify"
r"""
And the log itself? *What to look for:* the attacker knows some films that you have watched (you talked about them), or the films and the days. How many must it be?
"""

# %% name="views-identify-picture"
views = clean_log(logs.log, logs.videos)[0]
day = ((views["time_ms"] - views["time_ms"].min()) // 86_400_000).astype(int)
plt.figure(figsize=(6, 3))
for name, things in (("films", views["video_id"]), ("films and days", views["video_id"] * 28 + day)):
    shares = [pinned_down(views["user_id"], things, count, trials=pick(smoke=50, quick=400, full=2000))
              for count in range(1, 6)]  # fmt: skip
    plt.plot(range(1, 6), np.array(shares) * 100, "o-", label=name)
plt.xlabel("views that the attacker knows")
plt.ylabel("% of people pinned down")
plt.xticks(range(1, 6))
plt.legend()
plt.show()

# %% [markdown] name="views-identify-result"
r"""
Three views with their days, and nearly everybody is the only one whom they fit. Narayanan and Shmatikov found this in Netflix's prize data, de Montjoye and others in the places of mobile phones. A row of behaviour *is* an identifier.

## 3 · Looking alike: k-anonymity by hand

If at least k people look alike, the attacker has k candidates. **Generalise**: publish boxes in place of points. Mondrian (LeFevre and others, 2006; named for the painter) cuts the crowd in two at a median, and each part again, for as long as k are left on either side. Where people crowd, boxes stay small.
"""

# %% exercise="recommend.privacy.best_cut"

# %% [markdown] name="mondrian-intro"
r"""
The rest is a list of groups that wait to be cut. Counts have a long tail, so we cut log(1 + n), and every column runs from 0 to 1.
"""


# %% name="mondrian-loop"
def mondrian(table, k):
    groups, waiting, made = np.zeros(len(table), int), [np.arange(len(table))], 0
    while waiting:
        rows = waiting.pop()
        column, threshold = best_cut(table[rows], k)
        if column < 0:
            groups[rows] = made
            made += 1
        else:
            low = table[rows, column] <= threshold
            waiting += [rows[~low], rows[low]]
    return groups


table = scaled(users[["follow_user_num", "register_days"]], [0])
for k in (2, 5, 25):
    groups = mondrian(table, k)
    print(f"k = {k:2}: {groups.max() + 1:3} groups, smallest {class_sizes(groups[:, None]).min():2} people")

# %% [markdown] name="mondrian-drag-intro"
r"""
### Drag k

*What to look for:* it is a painting, and a trade. Larger boxes hide better and say less. The **blur** is the mean width of the boxes, as a share of the whole range.
"""


# %% name="mondrian-drag"
def painted(k):
    groups = mondrian(table, k)
    low, high = boxes(table, groups)
    _, axes = plt.subplots(figsize=(6.2, 4))
    colours = plt.cm.tab20(np.arange(groups.max() + 1) % 20)
    for group in range(groups.max() + 1):
        person = np.argmax(groups == group)
        corner, size = low[person], high[person] - low[person]
        axes.add_patch(
            plt.Rectangle(corner, *size, facecolor=colours[group], alpha=0.35, edgecolor="black", lw=0.6)
        )
    axes.scatter(*table.T, s=3, color="black")
    axes.set(
        xlabel="follows (log, 0 to 1)", ylabel="days registered (0 to 1)", xlim=(-0.01, 1.01), ylim=(-0.01, 1.01),
        title=f"k = {k}: {groups.max() + 1} groups, blur {blur(table, groups):.1%}",
    )  # fmt: skip
    plt.show()


explore(painted, k=(2, 150, 1, 25))

# %% [markdown] name="attack-again"
r"""
The attack again, on boxes: of each page every row fits whose box holds its numbers. (We let the attacker know the numbers exactly, which is more than it had.)
"""

# %% name="attack-again-numbers" tags=["nbval-check-output"]
for k in (2, 5, 25):
    low, high = boxes(table, mondrian(table, k))
    left = candidates(table, [([0, 1], low, high)]).sum(1)
    print(
        f"k = {k:2}: {np.mean(left == 1):.0%} found; candidates: fewest {left.min()}, in the median {np.median(left):.0f}"
    )

# %% [markdown] name="diversity-intro"
r"""
## 4 · Three cracks in the promise

**The first: all alike.** Five people share a box, and all five are night owls. The attacker does not know which row is yours, and need not. What protects is **l-diversity**: within each class the sensitive value must stay uncertain, as if there were l values equally often. One measure for that is the exponential of the entropy.
"""

# %% exercise="recommend.privacy.diversity"

# %% name="diversity-numbers" tags=["nbval-check-output"]
kind = logs.truth.kind
author = users["is_video_author"].to_numpy()
for k in (2, 3, 5, 10, 25):
    groups = mondrian(table, k)
    print(
        f"k = {k:2}: kind given away of {given_away(groups, kind):5.1%} (l = {diversity(groups, kind):.1f}),  "
        f"makes films or not: of {given_away(groups, author):5.1%} (l = {diversity(groups, author):.1f})"
    )

# %% [markdown] name="diversity-result"
r"""
With k = 3 every tenth person's answer to a yes-or-no column is given away, though nobody can be singled out. And l looks at the worst class only: one bad box in a hundred makes it 1. In the real file it is worse, because most users there give the same answer (next cell): the more one-sided a column is, the more classes are all alike.

"""

# %% name="diversity-real" tags=["nbval-check-output"]
for k in (5, 10, 25, 100):
    share = figure("privacy", "given away: makes films or not", f"KuaiRand, k = {k}")
    print(f"KuaiRand's users, k = {k:3}: makes films or not, given away of {share:4.1f} %")

# %% [markdown] name="two-more-cracks"
r"""
**The second: who knows more.** k-anonymity protects against an attacker who knows the columns that you thought of. You must know in advance what everybody will ever know.

**The third: two releases.** This month we publish *follows* and *days*, 10-anonymous. Next month another department publishes *fans* and *days*, 10-anonymous, about the same people. *What to look for:* an attacker who holds both, and knows all three numbers, keeps only the rows that fit both.
"""

# %% name="composition-attack" tags=["nbval-check-output"]
three = scaled(users[["follow_user_num", "fans_user_num", "register_days"]], [0, 1])
for k in (5, 10, 25):
    releases = []
    for columns in ([0, 2], [1, 2]):
        part = three[:, columns]
        releases.append((columns, *boxes(part, mondrian(part, k))))
    each = [candidates(three, [one]).sum(1).min() for one in releases]
    left = candidates(three, releases).sum(1)
    print(
        f"k = {k:2}: at least {each[0]} and {each[1]} candidates in each; with both {np.mean(left == 1):4.0%} are alone"
    )

# %% [markdown] name="composition-result"
r"""
Two promises kept, and most people found (k = 5). No release can be judged by itself; promises about *tables* do not add up. (Over five twins, `course bench privacy`: the same picture.) We need a promise about the *method*, one that says what happens when it is used twice.

## 5 · Uncertain answers: differential privacy

Here is such a promise (Dwork, McSherry, Nissim and Smith, 2006). Make the answer random, so that for any two tables that differ in one person, and any set of outcomes $S$,

$$P(\text{answer} \in S \mid \text{with you}) \;\le\; e^{\varepsilon}\, P(\text{answer} \in S \mid \text{without you}).$$

Whatever the attacker knows already, the answer cannot tell much about whether you were there. For a number that one person changes by at most $\Delta$ (its **sensitivity**), noise with the density $\frac{1}{2b}e^{-|x|/b}$ and $b = \Delta/\varepsilon$ keeps it: moving that density by $\Delta$ changes it at most by the factor $e^{\Delta/b} = e^{\varepsilon}$.

Where does such noise come from? From uniform numbers, through the inverse of its distribution function.
"""

# %% exercise="recommend.privacy_noise.laplace_mechanism"

# %% [markdown] name="inequality-intro"
r"""
Do not believe it; count it. How many people watch mostly at night: 100 with you, 99 without? Several hundred thousand answers of each kind, in a histogram. *What to look for,* below: the ratio of the two, on a log scale, never leaves the band from $-\varepsilon$ to $\varepsilon$ but for the noise of counting; and it lies on its edge nearly everywhere. The mechanism spends its promise to the full.
"""

# %% name="neighbours"
answers = pick(smoke=20_000, quick=400_000, full=2_000_000)
generator = np.random.default_rng(5)


def neighbouring(epsilon):
    edges = np.linspace(100 - 5 / epsilon, 99 + 5 / epsilon, 60)
    middle = (edges[1:] + edges[:-1]) / 2
    counts = [
        np.histogram(laplace_mechanism(np.full(answers, value), 1, epsilon, generator.uniform(1e-12, 1, answers)), edges)[0]
        for value in (100.0, 99.0)
    ]  # fmt: skip
    _, (top, bottom) = plt.subplots(2, 1, figsize=(7, 4.2), sharex=True)
    for count, name, colour in zip(counts, ("with you: 100", "without you: 99"), ("C0", "C1")):
        top.stairs(count / answers, edges, label=name, color=colour, lw=2)
    top.legend()
    top.set(ylabel="share of answers", title=f"epsilon = {epsilon:.1f}: noise of scale {1 / epsilon:.1f}")
    enough = np.minimum(*counts) > 50
    bottom.plot(middle[enough], np.log(counts[0][enough] / counts[1][enough]), "o", ms=4, color="C2")
    for edge in (-epsilon, epsilon):
        bottom.axhline(edge, color="black", lw=1, ls=":")
    bottom.set(xlabel="answer", ylabel="log ratio", ylim=(-1.6 * epsilon, 1.6 * epsilon))
    plt.show()


explore(neighbouring, epsilon=(0.1, 3.0, 0.1, 1.0))

# %% [markdown] name="clip-intro"
r"""
What of a *sum*, say of the seconds watched? One person could add ten thousand, and no noise that hides that leaves anything to be seen. So we limit first what one person may contribute; then the sensitivity is the limit. What is lost by it falls on those who watch most.
"""

# %% exercise="recommend.privacy_noise.clip_rows"

# %% [markdown] name="averaging-intro"
r"""
### The budget

An answer with $\varepsilon = 0.1$ is off by 14 in the typical case. So ask a thousand times. *What to look for:* the mean of the answers.
"""

# %% name="averaging" tags=["nbval-check-output"]
generator = np.random.default_rng(8)
for times in (1, 10, 100, 1000, 10_000):
    many = laplace_mechanism(np.full(times, 100.0), 1, 0.1, generator.uniform(1e-12, 1, times))
    print(f"asked {times:6,} times: mean {many.mean():6.1f}   epsilon in all {0.1 * times:8.1f}")

# %% [markdown] name="budget-intro"
r"""
Noise wears off. But now we can say by how much: **answers about the same people add their epsilons** (multiply the two inequalities), and **answers about groups without a common member do not**, since a person is in one of them only. This is the promise about the method that section 4 asked for: it composes.
"""

# %% exercise="recommend.privacy_noise.total_epsilon"

# %% name="composition-numbers" tags=["nbval-check-output"]
everybody, mountain, city = -1, 0, 1
print("mean age, twice:", total_epsilon(np.array([0.5, 0.5]), np.array([everybody, everybody])))
print("sizes of two profiles:", total_epsilon(np.array([0.5, 0.5]), np.array([mountain, city])))

# %% [markdown] name="budget-refuses"
r"""
A budget is then an account with a limit. It must be able to say no, before the answer is given.
"""

# %% name="budget-fails"
budget = Budget(1.0)
budget.pay("how many watch at night", 0.4)
budget.pay("seconds watched by place", 0.5)
with expect_failure(CourseError, match="budget"):
    budget.pay("the same once more, by weather", 0.2)
print(f"spent {budget.spent():.1f} of {budget.epsilon:.1f}, and nothing for what was refused")

# %% [markdown] name="profiles-intro"
r"""
## 6 · Profiles, published privately

Now lesson 11's profiles. Where do they touch people? Every centre is a mean of people's rows; it decides who belongs where, which makes the next means. A private k-means pays for every look: in each round the **sizes** (one person changes one of them by 1) and the **sums** (one person changes them by at most the bound of the clipped row). What follows from the noisy numbers costs nothing.

Two things that are easy to get wrong. A row must be made from *that person's* data alone: lesson 11's standardised columns contain everybody's mean, so one person would move all rows. We take each person's shares of watching, less what the public catalogue holds. The bound, too, must not be read off the people who are released. (Ours, 1, was tried on this made-up crowd itself; for real people it would have to come from elsewhere. Nearly every row is shortened by it, and it is the direction of a row that tells the taste.) And the first centres must not be looked up among the people: we start with 'watches more of this place', one for each of seven places.
"""

# %% name="private-rows" tags=["nbval-check-output"]
ratings = ratings_from(views)
audience = people(ratings, logs.scenes)
rows = published.rows_of(audience, logs.scenes)
starts = published.place_starts(logs.scenes)
lengths = np.abs(rows).sum(1)
print(
    f"{rows.shape[0]} people, {rows.shape[1]} words; length of a row: median {np.median(lengths):.2f}, largest {lengths.max():.2f}"
)
short = clip_rows(rows, 1.0)
print(
    f"clipped to 1: {np.mean(lengths > 1):.0%} of the rows became shorter; the largest is {np.abs(short).sum(1).max():.2f}"
)

# %% name="one-release" tags=["nbval-check-output"]
release = published.private_profiles(rows, starts, epsilon=2.0, seed=1)
for what, epsilon, _ in release.budget.answers:
    print(f"{what:<16} epsilon {epsilon:.2f}")
print(f"{'in all':<16} epsilon {release.budget.spent():.2f}")

# %% [markdown] name="heat-intro"
r"""
*What to look for:* the same profiles without noise, and with less and less epsilon. Which statements would you still print?
"""

# %% name="heat"
words, _ = published.words_of(logs.scenes)
shown = {"no noise": np.inf, "epsilon = 4": 4.0, "epsilon = 1": 1.0, "epsilon = 0.25": 0.25}
made = {name: published.private_profiles(rows, starts, epsilon, seed=3) for name, epsilon in shown.items()}
_, four = plt.subplots(2, 2, figsize=(11, 5.6), sharex=True, sharey=True)
for axes, (name, one) in zip(four.flat, made.items()):
    image = axes.imshow(one.centres, cmap="RdBu_r", vmin=-0.15, vmax=0.15, aspect="auto")
    same = agreement(one.nearest(rows), logs.truth.kind[audience.ids])
    axes.set_title(f"{name}: agreement with the true kinds {same:.2f}")
for axes in four[1]:
    axes.set_xticks(range(len(words)), words, rotation=70, ha="right", fontsize=8)
for axes in four[:, 0]:
    axes.set_yticks(range(7), [f"profile {c}" for c in range(7)], fontsize=8)
plt.colorbar(image, ax=four, label="share of watching, more or less than usual")
plt.show()

# %% [markdown] name="utility-intro"
r"""
What does the noise cost in what profiles are *for*? From the published profiles alone we choose ten films for each, and ask the twin's truth how much their people like them. Twenty draws of noise each, small and large platform (`course bench privacy`). *What to look for:* the price at $\varepsilon = 1$ on 1,200 people, and on 12,000.
"""

# %% name="utility"
epsilons = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_, pair = plt.subplots(1, 2, figsize=(11, 3.4))
for platform, colour in (("1,200 people", "C1"), ("12,000 people", "C0")):
    for axes, what in zip(pair, ("agreement", "true liking")):
        values = [figure("privacy", f"{what}, private", f"{platform}, epsilon = {e:g}") for e in epsilons]
        axes.plot(epsilons, values, "o-", color=colour, label=f"{platform}, private")
        axes.axhline(figure("privacy", f"{what}, private", f"{platform}, epsilon = inf"), color=colour, ls=":",
                     lw=1.3, label=f"{platform}, no noise")  # fmt: skip
pair[1].axhline(
    figure("privacy", "true liking, the same ten for all", "12,000 people"), color="C3", ls="--", lw=1.3,
    label="12,000, the same ten films for all",
)  # fmt: skip
for axes, title in zip(pair, ("Agreement with the true kinds", "True liking of ten films for each profile")):
    axes.set(xscale="log", xlabel="epsilon (small is private)", title=title)
    axes.set_xticks(epsilons, [f"{e:g}" for e in epsilons])
    axes.minorticks_off()
pair[1].legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
plt.show()

# %% name="utility-numbers" tags=["nbval-check-output"]
for platform in ("1,200 people", "12,000 people"):
    best = figure("privacy", "true liking, private", f"{platform}, epsilon = inf")
    plain = figure("privacy", "true liking, ordinary k-means", platform)
    print(f"{platform}: true liking {best:.2f} without noise; ordinary k-means (lesson 11) {plain:.2f}")
    kept = [
        figure("privacy", "true liking, private", f"{platform}, epsilon = {e:g}") / best for e in (0.25, 1, 4)
    ]
    print(
        f"{platform:>13}: of the liking without noise {kept[0]:.0%} at 0.25, {kept[1]:.0%} at 1, {kept[2]:.0%} at 4"
    )

# %% [markdown] name="utility-result"
r"""
Without noise the method serves people no worse than lesson 11's: clipping and prepared starts do no harm here. (And the liking is higher than any in section 7, since the twin's tastes *are* made of these words.)

On 1,200 people privacy is dear: at $\varepsilon = 1$ a fifth of the liking is lost, at 0.25 most of it. On 12,000 it is nearly free, since the noise stays the same while the sums grow tenfold. **The larger the crowd, the cheaper it is to hide in it**; for a platform of hundreds of millions there is little excuse.

What $\varepsilon$ is 'enough'? It bounds how much anybody's belief about you can shift: odds change at most by the factor $e^{\varepsilon}$, 2.7 for 1, and 55 for 4. No formula chooses it for us.

## 7 · Fair to those who make films

Turn round: from the people who watch to those who make. Attention is what a platform hands out. In a list, place $j$ gets about $1/\log_2(j+1)$ of it. Whom do EASE's lists (lesson 10) give it to?
"""

# %% name="lists"
past_rows, future_rows = by_time(ratings["time_ms"], 0.2)
past, future = ratings[past_rows], ratings[future_rows]
likes = past[past["rating"] >= 4]
ease = EASE(300).fit(likes["user_id"], likes["video_id"])
scores = np.full((len(users), len(logs.videos)), -1.0)
scores[:, ease.items.ids] = ease.scores(np.arange(len(users)))
scores[past["user_id"], past["video_id"]] = -np.inf  # what somebody has seen is not shown again
lists = np.argsort(-scores, axis=1, kind="stable")[:, :10]
owner = logs.videos["author_id"].to_numpy()
owners = owner.max() + 1

# %% exercise="recommend.fairness.exposure"

# %% [markdown] name="lorenz-intro"
r"""
*What to look for:* creators from the least to the most shown; how far does the curve sag below the diagonal? And who are the small ones: the half of the creators whose films had been watched least so far.
"""

# %% name="lorenz"
given = exposure(lists, owner, owners)
having = np.unique(owner)
climb = np.r_[0, np.cumsum(np.sort(given[having]))]
plt.figure(figsize=(4.6, 3.6))
plt.plot(np.linspace(0, 100, len(climb)), 100 * climb)
plt.plot([0, 100], [0, 100], color="C3", lw=1, ls=":")
plt.xlabel("% of the creators, least shown first")
plt.ylabel("% of the exposure")
plt.title(f"{len(having)} creators, Gini {gini(given[having]):.2f}")
plt.show()
small = small_owners(past["video_id"], owner)
print(f"the smaller half of the creators gets {given[small].sum():.1%} of the exposure")

# %% [markdown] name="merit-intro"
r"""
Is that unfair? Perhaps their films are worse. The log cannot say: it holds what was shown. But a twentieth of its rows were drawn **blindly** (`is_rand`), and there everybody had the same chance. **Merit**: the share of the small creators' films in what was *liked* among the blind rows. The **gap** between merit and exposure is the disparity that we want to halve.
"""

# %% name="merit" tags=["nbval-check-output"]
protected = small[owner]  # films of small creators
blind = ratings[(ratings["is_rand"] == 1) & (ratings["rating"] >= 4)]["video_id"]
deserved = merit(blind, protected)
exposed = exposure(lists, protected.astype(int), 2)[1]
print(f"merit {deserved:.3f}, exposure {exposed:.3f}: gap {deserved - exposed:.3f}")

# %% [markdown] name="fair-list-intro"
r"""
The remedy re-ranks each list: from the top on, a share of the places is theirs. Not only at the end, where nobody looks. With ten places and a share of 0.17 nobody's *first* place would ever be due; so each person's count begins at another fraction, `start`, and over all people it comes out exactly.
"""

# %% exercise="recommend.fairness.fair_list"

# %% name="fair-list-example" tags=["nbval-check-output"]
mine = scores[0]
for share in (0.0, 0.2, 0.4):
    top = fair_list(mine, protected, 10, share, 0.5)
    print(f"share {share:.1f}:", " ".join(f"{film}{'*' if protected[film] else ''}" for film in top))
print("* by a small creator")

# %% [markdown] name="halve-intro"
r"""
Which share halves the gap? We search for it, and look at the price.
"""

# %% name="halve" tags=["nbval-check-output"]
wanted = future[future["rating"] >= 4].groupby("user_id")["video_id"].apply(list)
wanted = [wanted.get(person, []) for person in range(len(users))]
share = share_for(scores, protected, 10, exposed + (deserved - exposed) / 2)
fair = fair_lists(scores, protected, 10, share)
everyone = np.arange(len(users))[:, None]
for name, some in (("before", lists), ("after", fair)):
    gap = deserved - exposure(some, protected.astype(int), 2)[1]
    print(
        f"{name:<7} gap {gap:.3f}   NDCG@10 {ranking(some, wanted, 10)['ndcg']:.4f}   "
        f"true liking {logs.truth.taste[everyone, some].mean():.3f}"
    )

# %% [markdown] name="halve-result"
r"""
Half the gap is gone. NDCG falls a little. And now look at the last column, which only a twin has: how much people *truly* like what they are shown does **not** fall. Why do the two disagree? NDCG asks what people went on to watch in the log, and the log is made by the old exposure: a film that nobody was shown cannot be a hit. Measured by yesterday's attention, fairness always costs. Over ten twins:
"""

# %% name="halve-bench"
pd.DataFrame(
    [
        [figure("privacy", f"creators: {what}, {when}") for what in ("exposure", "NDCG@10", "true liking")]
        for when in ("before", "after")
    ],
    index=["before", "after"],
    columns=["exposure of small creators", "NDCG@10", "true liking"],
).round(4)

# %% name="halve-bench-price" tags=["nbval-check-output"]
print(f"merit of small creators {figure('privacy', 'creators: merit'):.3f}")
print(f"gap after / before {figure('privacy', 'creators: gap after / gap before'):.2f}")
print(f"NDCG@10 lost {figure('privacy', 'creators: NDCG@10 lost'):.1f} %")
print(
    f"true liking {figure('privacy', 'creators: change of true liking'):+.3f} "
    f"(standard error {figure('privacy', 'creators: change of true liking, standard error'):.3f})"
)

# %% [markdown] name="share-drag-intro"
r"""
### Drag the share

*What to look for:* where merit and exposure meet, and what the two measures of quality say on the way there.
"""

# %% name="share-drag"
steps = np.linspace(0, 0.5, pick(smoke=3, quick=11, full=21))
curve = []
for step in steps:
    some = fair_lists(scores, protected, 10, step)
    curve.append((exposure(some, protected.astype(int), 2)[1], ranking(some, wanted, 10)["ndcg"],
                  logs.truth.taste[everyone, some].mean()))  # fmt: skip
curve = np.array(curve)


def with_share(share):
    _, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.2))
    left.plot(steps, curve[:, 0], color="C0", label="exposure of small creators")
    left.axhline(deserved, color="C2", ls=":", label="their merit")
    left.axvline(share, color="black", lw=1)
    left.set(xlabel="share asked for", title=f"exposure {np.interp(share, steps, curve[:, 0]):.3f}")
    left.legend(fontsize=9)
    for column, name, colour in ((1, "NDCG@10 (in the log)", "C1"), (2, "true liking", "C2")):
        right.plot(steps, curve[:, column] / curve[0, column], color=colour, label=name)
    right.axvline(share, color="black", lw=1)
    right.set(xlabel="share asked for", title="quality, the plain lists = 1")
    right.legend(fontsize=9, frameon=True, framealpha=1, edgecolor="white", loc="lower left")
    plt.show()


explore(with_share, share=(0.0, 0.5, 0.01, 0.17))

# %% [markdown] name="quality-intro"
r"""
## 8 · Fair to those who watch

A mean over all people can hide that some are served badly. Two ways of grouping: the kind of person, and how much somebody watches. *What to look for:* who had the worst lists before, and who pays for the re-ranking?
"""

# %% name="quality"
watched = np.digitize(np.bincount(past["user_id"], minlength=len(users)), [20, 60])
_, (left, right) = plt.subplots(1, 2, figsize=(11, 3.4), width_ratios=[2, 1.2], sharey=True)
for axes, groups, names in (
    (left, logs.truth.kind, [name.replace(" ", "\n") for name in KINDS]),
    (right, watched, ["below 20\nviews", "20 to 59", "60 and more"]),
):
    for offset, (when, some, colour) in enumerate((("before", lists, "C0"), ("after", fair, "C1"))):
        values = list(quality(some, wanted, groups, 10).values())
        axes.bar(np.arange(len(values)) + 0.38 * offset, values, 0.36, color=colour, label=when)
    axes.set_xticks(np.arange(len(names)) + 0.19, names, fontsize=8)
left.set(ylabel="NDCG@10", title="by kind")
right.set(title="by how much they had watched")
left.legend(fontsize=9, loc="upper left", bbox_to_anchor=(0.0, 1.15), ncols=2)
plt.show()

# %% name="quality-numbers" tags=["nbval-check-output"]
print("means over ten twins (course bench privacy):")
for group in ("few", "some", "many"):
    before, after = (
        figure("privacy", f"creators: NDCG@10, {when}, {group} views") for when in ("before", "after")
    )
    print(f"{group:>5} views: NDCG@10 {before:.3f}, after re-ranking {after:.3f} ({after / before - 1:+.1%})")

# %% [markdown] name="quality-result"
r"""
Every kind is served about as well, because the twin has as many of each; on a real platform small tastes have little to learn from. The clear divide is on the right: whoever has watched little gets clearly worse lists. That is lesson 10's cold start, seen as a question of fairness: newcomers, the old, whoever has better things to do. And re-ranking takes most from them, in proportion. A report that gives one mean would show none of this.

## 9 · What does the generator show when nobody asked?

The other half of fairness is in the pictures. 'A doctor', 'a wedding', 'Africa': a generator must show *something*, and what it chooses says what it takes for normal. Our worlds have no people in them, but the question can be asked, and the method is the same. **The audit:** leave an attribute out, ask many times, let the judge (lesson 07) count. Two controls: the judge on rendered clips, whose truth is known; and chance.
"""

# %% name="audit" tags=["nbval-check-output"]
eye, model = judge.load("shapes"), video.load("shapes")
sentences = [
    ("a small star moves to the left.", {"shape": "star", "size": "small", "motion": "left"}),
    ("a large circle stands still.", {"shape": "circle", "size": "large", "motion": "still"}),
    ("一个小星星向左移动。", {"shape": "star", "size": "small", "motion": "left"}),
    ("一个大圆形停着不动。", {"shape": "circle", "size": "large", "motion": "still"}),
]
clips_each = pick(smoke=24, quick=200, full=1000)
findings = audit(model.sample, eye, sentences, "colour", clips_each)
for one in findings:
    print(f"{'leans' if one.leans else 'even '}: {one.sentence}")

# %% [markdown] name="audit-picture-intro"
r"""
*What to look for:* six colours were equally frequent in its training, in every shape and in both languages. The grey line is a sixth. What does it show when the sentence names no colour?
"""

# %% name="audit-picture"
paint = {"red": "#db2421", "orange": "#f58514", "yellow": "#f5de29", "green": "#22a93d", "blue": "#2257e0",
         "purple": "#9433bf"}  # fmt: skip
_, row = plt.subplots(1, 4, figsize=(11, 2.9), sharey=True)
for axes, one in zip(row, findings):
    axes.bar(
        range(6),
        [count / clips_each for count in one.counts.values()],
        color=[paint[name] for name in one.counts],
    )
    axes.axhline(1 / 6, color="grey", lw=1)
    axes.set_xticks(range(6), one.counts, rotation=60, fontsize=8)
    axes.set_title(f"{one.sentence}\nskew {one.skew:.2f} (chance {one.chance:.2f})", fontsize=9)
row[0].set(ylabel="share of clips", ylim=(0, 1.05))
plt.show()
sheet = model.sample([text for text, _ in sentences for _ in range(6)], seed=4)[:, :, 0]
sheet = ((sheet + 1) * 127.5).byte().permute(0, 2, 3, 1).numpy()
plt.figure(figsize=(11, 2.1))
plt.imshow(
    np.hstack(
        [np.vstack([np.hstack(part[:3]), np.hstack(part[3:])]) for part in sheet.reshape(4, 6, 32, 32, 3)]
    )
)
plt.title("Six clips of each, first picture", fontsize=9)
plt.axis("off")
plt.show()

# %% [markdown] name="audit-result"
r"""
It leans, far beyond chance: in English it is mostly purple, in Chinese the star is blue every time and the circle green. Nothing in its data was skewed! The bias comes from the *sentence*: one without a colour was never in training, so its meaning lies somewhere between the six, nearest to one of them by accident. And **look at the clips**, not only at the bars: the English stars wear two or three colours at once. The judge has never seen such a thing and must name one colour. A count is only as good as the one who counts. There is more in the numbers: does it at least keep what *was* said?
"""

# %% name="audit-kept"
rendered = audit(
    lambda texts, seed: np.stack([render({"place": "city"}, 8, (32, 32), 1000 * seed + n) for n in range(len(texts))]),
    judge.load("scenery"), [("a city", {"place": "city"})], "time", pick(smoke=10, quick=120, full=400),
)  # fmt: skip
pd.DataFrame(
    [(one.sentence, f"{one.kept:.0%}", f"{one.skew:.2f}", f"{one.chance:.2f}", "yes" if one.leans else "no")
     for one in [*findings, *rendered]],
    columns=["sentence", "shows what was said", "skew of what was not", "by chance", "leans"],
)  # fmt: skip

# %% [markdown] name="audit-kept-result"
r"""
The large circle that stands still often comes as a small star: with one word missing, all the others are heard wrongly. The renderer (last row, asked for a city at any time of day) draws what is missing evenly, as its program says; so the judge's own lean is not what we see.

And the generator that makes the film's pictures (lesson 07)? *What to look for:* the place and the weather are said, the hour is not.
"""

# %% name="audit-landscapes"
landscapes, reader = video.load("scenery", 64), judge.load("scenery")
unsaid = [({"place": "lake", "weather": "clear", "motion": "zoom in"}, "en"),
          ({"place": "city", "weather": "rain", "motion": "zoom in"}, "en"),
          ({"place": "desert", "weather": "clear", "motion": "zoom in"}, "zh"),
          ({"place": "sea", "weather": "cloudy", "motion": "zoom in"}, "zh")]  # fmt: skip
asked = [(caption(said, language, 3), said) for said, language in unsaid]
for one in audit(landscapes.sample, reader, asked, "time", pick(smoke=4, quick=60, full=400)):
    print(one.sentence)
    print("   ", ", ".join(f"{hour} {count}" for hour, count in one.counts.items()))

# %% [markdown] name="repair"
r"""
It keeps what was said, and where nothing was said it nearly always shows one and the same hour: dawn in three of the sentences, dusk in the desert, though its training had every hour about equally often. A platform whose films all look like that has a taste that nobody chose.

**The repair** is not more data of the same kind: draw the missing word *before* the generator is asked, evenly or as the person likes it (our film does that), or train with words left out. And audit again.

### A place is not a picture

Who decides what Lhasa looks like? In our film a list of places does (lesson 04). *What to look for:* the same sentence about work, ten places. All of them are cities, or full of cities.
"""

# %% name="places"
spots = (
    "Beijing",
    "London",
    "New York",
    "Nairobi",
    "Lhasa",
    "Tibet",
    "Cairo",
    "Dubai",
    "Saudi Arabia",
    "Kenya",
)
boards = [storyboard(f"I went to work in {spot}").shots[0].attributes for spot in spots]
_, tiles = plt.subplots(2, 5, figsize=(11, 3.4))
for axes, spot, scene in zip(tiles.flat, spots, boards):
    axes.imshow(render(scene, frames=2, size=(90, 160), seed=5)[0])
    axes.set_title(f"{spot}: {scene['place']}", fontsize=9)
    axes.axis("off")
plt.show()

# %% [markdown] name="places-result"
r"""
'I went to work in Cairo', a city of ten million, and the film shows sand. Each line of the list is reasonable by itself; together they say that some people live in cities and others in landscapes. It is our own list: nobody meant harm, and that is how it happens. What helps: the words of the sentence should count for more than the name (say 'a street in Lhasa', and you get a street); what was *assumed* must be told (`film.json` lists it); and those who live there should be asked.

## 10 · What the rules ask

A course cannot give legal advice, and ours claims no compliance. But whoever builds such a system should have read these by name; here is what they ask, as an engineer reads it.

| rule | asks, among other things | in our project |
|---|---|---|
| China: *Measures for Labelling AI-Generated Synthetic Content* (in force 1 September 2025), with GB 45438-2025 | visible or audible labels in generated content; metadata that say so; platforms check and tell their viewers | label on the opening, sound cue, key `AIGC`; read back (below) |
| China: *Personal Information Protection Law* (1 November 2021) | consent or another basis, and its withdrawal; for automated recommendations a choice that does not rest on personal traits (Art. 24); a guardian's consent below 14 (Art. 31) | `may_profile`; one list for everybody always exists |
| China: *Regulations on the Protection of Minors in Cyberspace* (1 January 2024) | no commercial marketing to minors by automated decisions | `may_target` |
| EU: *AI Act*, Regulation (EU) 2024/1689, Art. 50 | generated video and sound are marked in a machine-readable way; deep fakes are disclosed | the same labels |
| EU: *GDPR*, Regulation (EU) 2016/679 | what can be linked to a person is personal data (Art. 4, Recital 26): sections 1 and 2 show that this includes a table without names | sections 3 to 6 |

First the people. Each of the twin's has an age (some unknown), has agreed or not, and some have a guardian who has. *What to look for:* how many may a profile be made of? And an unknown age counts as a child's: a default that protects.
"""

# %% name="consent" tags=["nbval-check-output"]
said = declared(logs)
who = (said["age"], said["consent"], said["guardian"])
print(f"a profile may be made of      {may_profile(*who).mean():.1%}")
print(f"advertising may be directed to {may_target(*who).mean():.1%}")
print(f"everybody else gets the list that is the same for all: {(~may_profile(*who)).mean():.1%}")

# %% [markdown] name="notice-intro"
r"""
Then the film. A platform that is handed a film must decide what to write beside it. The Measures (Article 6) name three cases, from certain to suspected.
"""

# %% exercise="recommend.privacy_rules.notice"

# %% [markdown] name="in-the-film"
r"""
## 11 · In the film

We make a film, read its label back, and play the platform. Then we do to it what happens to films: a program drops the metadata, somebody cuts the opening off, somebody drains the colour and keeps the label, somebody cuts *and* strips.
"""

# %% name="make-film"
folder = Path(tempfile.mkdtemp())
sentence = "今天去了西藏，风景真的很美。"
film = make_film(sentence, folder / "labelled.mp4", short_side=pick(smoke=90, quick=180, full=360))


# %% name="alter-film"
def altered(name, change, path=film.path):
    """The film changed by ffmpeg, as `change` says, in a file of that name."""
    target = folder / f"{name}.mp4"
    start = [ffmpeg(), "-y", "-loglevel", "error", "-i", str(path), "-map", "0:v", "-map", "0:a"]
    subprocess.run([*start, *change.split(), str(target)], check=True)
    return target


quickly = "-preset ultrafast -movflags use_metadata_tags"
cut = altered("opening cut", f"-ss 5.5 {quickly}")
copies = {
    "as made": film.path,
    "metadata lost": altered("metadata lost", "-map_metadata -1 -c copy"),
    "opening cut": cut,
    "colour drained": altered("colour drained", f"-vf hue=s=0 {quickly}"),
    "cut and stripped": altered("cut and stripped", "-map_metadata -1 -c copy", cut),
}

# %% name="labels"
rows_of_labels = []
for name, path in copies.items():
    label = read_label(path)
    marked = bool(label.metadata) and label.metadata.get("Label") == "1"
    traces = label.seconds_visible > 0 or label.cue_at is not None
    heard = "no" if label.cue_at is None else f"at {label.cue_at:.1f} s"
    rows_of_labels.append(
        (name, f"{label.seconds_visible:.1f} s", heard, "yes" if marked else "no",
         "yes" if label.sealed else "no", notice(marked, False, traces) or "(none)")
    )  # fmt: skip
columns = ["film", "label seen", "cue heard", "metadata", "seal fits", "notice"]
pd.DataFrame(rows_of_labels, columns=columns).set_index("film")

# %% [markdown] name="refused-intro"
r"""
Our platform takes the film in as it was made, and refuses one whose label is not whole, with a reason that helps:
"""

# %% name="refused"
print("as made:", admit(read_label(film.path)))
with expect_failure(CourseError, match="lacks"):
    admit(read_label(copies["metadata lost"]))

# %% [markdown] name="labels-result"
r"""
The seal (lesson 09) tells that the fourth film is no longer the one that was labelled, though its label looks whole. But read the last row. Whoever cuts *and* strips gets a film that says nothing, and no reader of labels will notice. Labels are a promise among the honest; against the others there are declarations, watermarks woven into the picture, detectors that err, and the law. That is why the Measures ask the uploader, and why 'suspected' exists.

And one more thing that can be *seen*: the scenes that lesson 11 made for its profiles, now from what may be published. *What to look for:* above without noise, below with $\varepsilon = 1$. What does privacy change in the programme?
"""


# %% name="private-scenes"
def scene_for(centre):
    """The words of each group that stand out most; what does not stand out is left plain."""
    usual = published.words_of(logs.scenes)[1].mean(0)
    lift = dict(zip(words, (centre + usual) / usual))
    chosen = {"time": "noon", "weather": "clear"}
    for group in ("place", "time", "weather", "mood"):
        best = max(logs.scenes[group].unique(), key=lift.get)
        if lift[best] > 1.2:
            chosen[group] = best
    return chosen


_, tiles = plt.subplots(2, 7, figsize=(12, 2.9))
for line, name in zip(tiles, ("no noise", "epsilon = 1")):
    for profile, axes in enumerate(line):
        scene = scene_for(made[name].centres[profile])
        axes.imshow(render({**scene, "motion": "zoom in"}, frames=2, size=(72, 96), seed=profile)[0])
        axes.set_title(
            "\n".join([scene.get("place", "anywhere"), f"{scene['time']}, {scene['weather']}"]), fontsize=8
        )
        axes.set(xticks=[], yticks=[])
    line[0].set_ylabel(name, fontsize=9)
plt.show()

# %% [markdown] name="summary"
r"""
## Summary

- A table without names is not anonymous: two numbers single out 97 % of a real file's people, and a public page gives them their names back.
- k-anonymity makes people look alike. It cracks where a class is all alike, where an attacker knows more, and where there are two releases.
- Differential privacy is a promise about the method. It composes, so there is a budget; it is cheap in large crowds, dear in small ones; and the preprocessing is part of it.
- Exposure is measured against merit, merit against *blind* exposures. Halving the gap costs NDCG in yesterday's log, and nothing in true liking here.
- A mean hides who pays. Groups must be looked at, before and after.
- What a generator shows unasked can be counted. So can what a list of places takes for granted.
- Labels: seen, heard, in the metadata, read back, and refused where they are missing. They do not stop the dishonest.

**Why it matters at Kuaishou's scale.** With hundreds of millions of people, noise that hides each of them hardly touches the profiles; but hundreds of teams ask questions of the same people, and somebody must hold the account. A percentage point of exposure is the living of thousands of creators. And a picture of a place that is shown a billion times becomes the picture of that place.

**Questions to think about**

1. A person withdraws consent. What of him or her is still in the EASE weights, in the published profiles, in the generator? Which of them must be made again?
2. Your company publishes profiles every day with $\varepsilon = 1$. What is the epsilon of a year? Name two ways to make it smaller.
3. We gave small creators half of what they merit. Why not all? Who decides?
4. Write an audit for something that *you* would be hurt by.

**Further reading**

- Sweeney: *k-anonymity: a model for protecting privacy*, 2002.
- LeFevre, DeWitt, Ramakrishnan: *Mondrian Multidimensional K-Anonymity*, 2006.
- Machanavajjhala, Kifer, Gehrke, Venkitasubramaniam: *l-Diversity: Privacy Beyond k-Anonymity*, 2007.
- Narayanan, Shmatikov: *Robust De-anonymization of Large Sparse Datasets*, 2008.
- Ganta, Kasiviswanathan, Smith: *Composition Attacks and Auxiliary Information in Data Privacy*, 2008.
- de Montjoye, Hidalgo, Verleysen, Blondel: *Unique in the Crowd: The privacy bounds of human mobility*, 2013.
- Dwork, McSherry, Nissim, Smith: *Calibrating Noise to Sensitivity in Private Data Analysis*, 2006.
- Dwork, Roth: *The Algorithmic Foundations of Differential Privacy*, 2014.
- Singh, Joachims: *Fairness of Exposure in Rankings*, 2018.
- Zehlike, Bonchi, Castillo, Hajian, Megahed, Baeza-Yates: *FA\*IR: A Fair Top-k Ranking Algorithm*, 2017.
"""
