# ---
# jupyter:
#   course:
#     id: "11"
#     title: k-means and user profiles
#     learner_minutes: 130
#     needs: any computer, no GPU
#     extras: recommend
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
# 11 · k-means and user profiles: who they are

A marketer does not read a table of 1,200 people by 420 films. She reads six cards: *who are they, how many, what do they watch, when?* This lesson makes such cards from a log. The machine behind them is k-means, forty lines of numpy, and the art is in everything around it: what goes in, how many clusters, and whether one may believe them.

**After this lesson you can**

1. write k-means by hand: assignment, update, empty clusters, good starts, several of them, small batches;
2. show that the article's objective is not that of k-means, with an identity that fits on one line;
3. prepare behaviour data so that clusters show tastes and not merely who watches most;
4. choose k by three measures, turn clusters into profiles, and say how far profiles alone can recommend.

**You need** lesson 10's idea of a rating, or just this: a rating from 1 to 5 says how long somebody looked, compared with views of films of about that length. The log is the mock twin of Kuaishou's KuaiRand; nothing is downloaded, no real person is in it, and for once the truth is known.
"""

# %% name="setup"

# %% name="imports"
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML, display
from matplotlib.animation import FuncAnimation
from matplotlib.colors import to_hex

from course_lib.data import figure
from course_lib.data.twin import KINDS, twin
from course_lib.notebook.players import Player
from course_lib.profiles import pick
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.factors import EASE
from course_lib.recommend.kmeans import KMeans, lloyd, mini_batch, nearest
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.metrics import ranking
from course_lib.recommend.profiles import agreement, cards, deck_html, people, shares, stability
from course_lib.recommend.splits import by_time
from course_lib.scenery import render

# %% [markdown] name="by-hand"
r"""
## 1 · k-means by hand

Two steps, in turns. **Assign:** every point goes to its nearest centre. **Update:** every centre moves to the mean of its points. We begin with points in the plane that everybody can cluster by eye.
"""

# %% name="four-groups"
rng = np.random.default_rng(7)
places = np.array([[0, 0], [5, 1], [2, 5], [7, 6]])
points = places[rng.integers(0, 4, 240)] + rng.normal(0, 0.9, (240, 2))
plt.figure(figsize=(4.5, 3.6))
plt.scatter(*points.T, s=10, color="C3")
plt.title("Four groups, for the eye")
plt.show()

# %% exercise="recommend.kmeans.assign"

# %% [markdown] name="update-intro"
r"""
Then the move. There is a trap in it: what is the mean of a cluster in which nobody is?
"""

# %% exercise="recommend.kmeans.update_centres"

# %% [markdown] name="inertia-intro"
r"""
What gets better? The **inertia**, the sum of squared distances to the own centre,

$$\sum_i \lVert x_i - m_{c(i)} \rVert^2$$

(two points at 0 and 2 with their centre at 1: $1 + 1 = 2$). Neither step can make it larger: assigning chooses the smallest distance, and the mean is the place with the smallest sum of squares.
"""

# %% exercise="recommend.kmeans.inertia"

# %% name="steps" tags=["nbval-check-output"]
centres = points[[0, 1, 2, 3]]
path = [centres]
for step in range(30):
    labels = assign(points, centres)
    print(f"step {step}: inertia {inertia(points, labels, centres):8.2f}")
    moved = update_centres(points, labels, centres)
    if np.allclose(moved, centres):
        break
    centres = moved
    path.append(centres)

# %% [markdown] name="animation-intro"
r"""
The same as a film. *What to look for:* the borders between the colours move less and less, and stop all at once: there are only finitely many ways to assign, and none comes twice.
"""

# %% name="animation"
stage, axes = plt.subplots(figsize=(4.2, 3.4))


def draw(step):
    axes.clear()
    labels = assign(points, path[step])
    axes.scatter(*points.T, s=9, c=labels, cmap="tab10", vmax=9)
    for c in range(4):
        axes.plot(*np.array(path[: step + 1])[:, c].T, "k-", lw=0.8)
    axes.scatter(*path[step].T, marker="X", s=110, c="black")
    axes.set(
        title=f"step {step}: inertia {inertia(points, labels, path[step]):.0f}", xlim=(-3, 10), ylim=(-3, 9)
    )


with tempfile.TemporaryDirectory() as folder:
    target = Path(folder) / "kmeans.gif"
    FuncAnimation(stage, draw, frames=len(path)).save(target, writer="pillow", fps=2, dpi=70)
    moving = target.read_bytes()
plt.close(stage)
Player("img", "image/gif", moving, "k-means, step by step", 420)

# %% [markdown] name="starts-intro"
r"""
## 2 · Good starts

It always stops; it does not always stop at the best place. Nine groups now, and thirty random starts. (`lloyd` is the loop above as the library has it: assign, move, until nothing moves.) *What to look for:* where two centres share a group, another has to serve two.
"""

# %% name="bad-starts"
nine = np.array([[x, y] for x in (0, 5, 10) for y in (0, 5, 10)])
groups = nine[rng.integers(0, 9, 450)] + rng.normal(0, 0.6, (450, 2))
norms = (groups**2).sum(1)
ends = []
for seed in range(30):
    first = groups[np.random.default_rng(seed).choice(450, 9, replace=False)]
    ends.append(lloyd(groups, norms, first.copy(), 100, 0.0))
final = np.array([end[2][-1] for end in ends])
_, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.1))
left.hist(final, bins=30, color="C1")
left.set(xlabel="inertia at the end", ylabel="starts", title="Thirty random starts")
for axes, number, title in (
    (middle, final.argmin(), "the best"),
    (right, final.argmax(), "the worst: it has stopped, too"),
):
    axes.scatter(*groups.T, s=8, c=ends[number][1], cmap="tab10", vmax=9)
    axes.scatter(*ends[number][0].T, marker="X", s=90, c="black")
    axes.set_title(title)
plt.show()

# %% [markdown] name="plus-plus-intro"
r"""
Two remedies, and one uses both. **Several starts**, of which the best is kept. And **k-means++** (Arthur and Vassilvitskii, 2007): the next centre is *drawn*, with a chance proportional to the squared distance to the nearest centre so far. Far points are likely, but an outlier is not certain. (Points at 0, 1 and 3, the first chosen: squares 0, 1 and 9, so chances 0, 0.1 and 0.9.)

To be able to check it, the exercise is given its random number. (The library draws a few candidates each time and takes the one that helps most.)
"""

# %% exercise="recommend.kmeans.next_start"


# %% name="plus-plus-measured"
def plus_plus(rng):
    chosen = groups[[rng.integers(450)]]
    while len(chosen) < 9:
        chosen = np.vstack([chosen, groups[next_start(groups, chosen, rng.random())]])
    return chosen


better = [lloyd(groups, norms, plus_plus(np.random.default_rng(seed)), 100, 0.0)[2][-1] for seed in range(30)]
library = [KMeans(9, 1, seed).fit(groups).inertia for seed in range(30)]
good = final.min() * 1.01
for name, reached in {
    "random starts": final,
    "k-means++": better,
    "k-means++, best of a few draws": library,
}.items():
    print(f"{name:<31} end well {np.mean(np.array(reached) < good):4.0%} of the time")
print(
    "on KuaiRand's 27,285 users, k = 8 (course bench kmeans): one random start is worse by "
    f"{figure('kmeans', 'one random start, worse by, median', 'KuaiRand users'):.1f} % in the median, "
    f"{figure('kmeans', 'one random start, worse by, largest', 'KuaiRand users'):.1f} % at worst"
)

# %% [markdown] name="article-objective"
r"""
## 3 · What the article says

The article writes the objective as a sum over pairs, $\sum_{i \in C}\sum_{j \in C} \lVert x_i - x_j\rVert^2$. There is one set $C$ in it and no sum over clusters; taken as it stands, with everybody in $C$, it does not depend on the clustering at all. Read kindly, cluster by cluster, it is a sum over all pairs within each. Is that what k-means makes small?

The **identity**: in one cluster of $n$ points with mean $m$,

$$\sum_{i}\sum_{j} \lVert x_i - x_j\rVert^2 \;=\; 2n \sum_i \lVert x_i - m\rVert^2 .$$

(Write $x_i - x_j = (x_i - m) - (x_j - m)$; the mixed terms vanish, because the deviations from the mean add up to zero. Points 0 and 2: the ordered pairs give $4 + 4 = 8$, and $2 \cdot 2 \cdot (1 + 1) = 8$.)
"""

# %% exercise="recommend.kmeans.pair_objective"

# %% name="identity-in-numbers" tags=["nbval-check-output"]
few = points[:60]
by_pairs = sum(((a - b) ** 2).sum() for a in few for b in few)
print(f"3,600 pairs, one by one:    {by_pairs:.6f}")
print(f"2 n times sum to the mean:  {pair_objective(few, np.zeros(60, int)):.6f}")

# %% [markdown] name="article-consequence"
r"""
So the article's form multiplies each cluster's spread by its *size*: a big cluster is punished for being big. *What to look for:* a crowd of 200 and a small group of 12 beside it, clearly apart. Slide a border between them along the line that joins them: where is each objective smallest? (The cell asks your `pair_objective` 31 times about 212 points. If yours looks at every pair, that is more than a million pairs and takes some seconds; the identity looks at 212 distances. For KuaiRand's 27,285 people it would be 744 million pairs, each time.)
"""

# %% name="article-wrong-border"
crowd = rng.normal([0, 0], 1.0, (200, 2))
small = rng.normal([6.5, 0], 0.5, (12, 2))
both = np.vstack([crowd, small])
borders = np.linspace(-1.5, 6.0, 31)
pair_sum, squares = [], []
for border in borders:
    side = (both[:, 0] > border).astype(int)
    means = np.array([both[side == 0].mean(0), both[side == 1].mean(0)])
    pair_sum.append(pair_objective(both, side))
    squares.append(inertia(both, side, means))
_, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.3))
left.scatter(*both.T, s=7, color="C3")
for values, colour, name in ((squares, "C0", "inertia"), (pair_sum, "C1", "the article's sum of pairs")):
    at = borders[np.argmin(values)]
    left.axvline(at, color=colour, label=f"best border by {name}")
    right.plot(borders, np.array(values) / np.min(values), color=colour, label=name)
    right.plot(at, 1, "o", color=colour)
    print(f"{name:<28} cuts at {at:5.2f}: {np.sum(crowd[:, 0] > at):3} of the 200 are put with the 12")
left.set_title("Where each objective would cut")
left.legend(fontsize=8, loc="lower right")
right.set(xlabel="border", ylabel="objective, its minimum = 1", ylim=(0.98, 1.9))
right.legend()
plt.show()

# %% [markdown] name="article-repaired"
r"""
**The repair** is a factor: divide each cluster's pair sum by $2n$, and it is the inertia. The article's form takes more than a quarter of the crowd away from its own, because a big cluster is counted as often as it has members.

## 4 · What goes in

The second fault is quieter. The article hands *raw behaviour counts* to k-means, takes some k, and ends with numbers of clusters. A table of people: seconds watched by place, time of day, weather and mood, and the number of views.
"""

# %% name="people"
logs = twin()
ratings = ratings_from(clean_log(logs.log, logs.videos)[0])
table = people(ratings, logs.scenes)
truth = logs.truth.kind[
    table.ids
]  # which of six kinds each person is: known only here, and not used to cluster
raw = table.raw
print(
    f"{raw.shape[0]:,} people, {raw.shape[1]} columns; the largest entry {raw.max():,.0f}, the median {np.median(raw):.0f}"
)
pd.DataFrame(raw[:4], columns=[*table.names, "views"]).round(0).astype(int)

# %% [markdown] name="raw-intro"
r"""
*What to look for:* cluster the raw table into six. What do the clusters differ in? (Right, the share of each true kind in each cluster: dark is much. **Agreement** is the adjusted Rand index: of all pairs of people, how many are together, or apart, in both groupings; 1 for the same groups, 0 for chance.)
"""

# %% name="raw-clusters"
careless = KMeans(6, 10, 0).fit(raw)
order = np.argsort([np.median(table.views[careless.labels == c]) for c in range(6)])
_, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.2))
left.boxplot([table.views[careless.labels == c] for c in order], showfliers=False, positions=range(6))
left.set(xlabel="cluster", ylabel="views of a person", title="The clusters are: who watches how much")
mixed = np.array([np.bincount(truth[careless.labels == c], minlength=6) for c in order])
right.imshow(mixed / mixed.sum(1, keepdims=True), vmin=0, vmax=1, cmap="Blues")
right.set_xticks(range(6), [name.replace(" ", "\n") for name in KINDS], fontsize=7)
right.set(ylabel="cluster", title=f"agreement with the six kinds: {agreement(careless.labels, truth):.2f}")
plt.show()

# %% [markdown] name="standardise-intro"
r"""
Nearly all that the table knows of tastes has drowned; only the city's night owls, whose many seconds all fall into two columns (city, night), can be made out. k-means adds up squares. A column with large numbers decides alone, and among counts the largest are the restless users. Two remedies: counts as $\log(1 + n)$, then every column with mean 0 and deviation 1.
"""

# %% exercise="recommend.profiles.standardised"

# %% name="four-ways" tags=["nbval-check-output"]
counts, no_counts = np.ones(raw.shape[1], bool), np.zeros(len(table.names), bool)
prepared = {
    "raw": raw,
    "log, standardised": standardised(raw, counts),
    "share of the seconds, standardised": standardised(shares(table), no_counts),
    "liking, standardised": standardised(table.liking, no_counts),
}
for name, X in prepared.items():
    print(f"{name:<36} agreement with the truth {agreement(KMeans(6, 10, 0).fit(X).labels, truth):5.2f}")

# %% [markdown] name="four-ways-result"
r"""
Scaling alone does not save it! After the logarithm *every* column still says how much somebody watches, twenty times over. What a person watches *instead of something else* shows only when the amount is divided out: shares, or better, **liking**, how much longer than usual a person looks at films with a mountain, with rain, at night. Choosing the columns is choosing what the clusters can be about.

## 5 · How many?

Inertia always falls with k. Three better questions. The **elbow**: where does it stop falling fast? **Stability**: do two random halves of the people give the same clusters? And the **silhouette**: for each person, how much nearer is the own cluster than the next one? With $a$ the mean distance to the others of one's own cluster and $b$ to those of the nearest other cluster it is

$$\frac{b - a}{\max(a, b)}:$$

$a = 1$, $b = 3$ make 0.67; $a = b$ makes 0, a person on the border.
"""

# %% exercise="recommend.profiles.silhouette"

# %% name="choose-k"
X = prepared["liking, standardised"]
some = np.random.default_rng(0).choice(len(X), 300, replace=False)
ks = list(range(2, 11))
models = {k: KMeans(k, 5, 0).fit(X) for k in ks}
measures = {
    "inertia (elbow?)": [models[k].inertia for k in ks],
    "silhouette": [silhouette(X[some], models[k].labels[some]) for k in ks],
    "stability": [stability(X, k, repeats=pick(smoke=2, quick=5, full=5)) for k in ks],
}
_, three = plt.subplots(1, 3, figsize=(11, 3))
for axes, (name, values) in zip(three, measures.items()):
    axes.plot(ks, values, "o-")
    axes.axvline(6, color="C1", lw=1, ls=":")
    axes.set(xlabel="k", title=name)
plt.show()

# %% [markdown] name="choose-k-result"
r"""
The three agree on about six, which happens to be the truth (dotted). On real people they often disagree; then the smallest k whose clusters are stable *and* can be named is a good answer. Beware of the elbow alone: the eye finds one everywhere. (A silhouette of 0.16 is low, as it mostly is with nineteen columns, each of them noisy: compare values of one table, not with a textbook's.)

## 6 · Profiles

A cluster is a list of numbers. A **profile** is what its people have more of than everyone: the **lift**, their mean divided by everyone's. Who gives 30 % of the seconds to the sea, where everyone gives 15 %, has a lift of 2.
"""

# %% exercise="recommend.profiles.profile_lift"

# %% name="lift-picture"
model = models[6]
lift = np.array([profile_lift(shares(table), model.labels, c) for c in range(6)])
plt.figure(figsize=(10, 3.4))
plt.imshow(np.log2(lift), cmap="RdBu_r", vmin=-1.2, vmax=1.2, aspect="auto")
plt.xticks(range(len(table.names)), table.names, rotation=60, ha="right")
plt.yticks(range(6), [f"cluster {c}" for c in range(6)])
plt.colorbar(label="log2 of the lift")
plt.title("Seconds watched, compared with everyone")
plt.show()

# %% [markdown] name="cards-intro"
r"""
And now the cards. Each is named by what stands out, tells how many people it speaks for, and shows what they watch more and less than everyone (×2.0: twice as much). *What to look for:* could you plan an evening's programme with these?
"""

# %% name="cards"
deck = cards(table, model.labels)
HTML(deck_html(deck))

# %% [markdown] name="map-intro"
r"""
### Drag k

*What to look for:* a card's edge has the colour that its people have on the map and among the silhouettes. At k = 3 cards have to share: which kinds are put together? At k = 9, which is split, and is the difference one that you would pay for?
"""

# %% name="drag"
u, s, vt = np.linalg.svd(X - X.mean(0), full_matrices=False)
flat = u[:, :2] * s[:2]


def with_k(k):
    model = models.get(k) or KMeans(k, 5, 0).fit(X)
    far = np.sqrt(((X[some][:, None] - X[some][None]) ** 2).sum(-1))
    labels = model.labels[some]
    member = labels[:, None] == np.arange(k)
    mean_far = far @ member / np.maximum(member.sum(0) - np.eye(k)[labels], 1)
    a = mean_far[np.arange(len(some)), labels]
    mean_far[np.arange(len(some)), labels] = np.inf
    b = mean_far.min(1)
    each = (b - a) / np.maximum(a, b)
    _, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.6), width_ratios=[1.2, 1])
    left.scatter(*flat.T, s=8, c=model.labels, cmap="tab10", vmax=9)
    left.set(title="Everyone, on the two widest directions", xticks=[], yticks=[])
    start = 0
    for c in range(k):
        own = np.sort(each[labels == c])
        right.barh(np.arange(start, start + len(own)), own, height=1, color=plt.cm.tab10(c))
        start += len(own) + 6
    right.axvline(each.mean(), color="black", lw=1, ls=":")
    right.set(title=f"silhouettes, mean {each.mean():.3f}", yticks=[])
    plt.show()
    colours = [to_hex(plt.cm.tab10(c)) for c in range(k)]
    display(HTML(deck_html(cards(table, model.labels), colours)))


explore(with_k, k=(2, 10, 1, 4))

# %% [markdown] name="over-time-intro"
r"""
## 7 · Profiles over time

A profile that is sold to an advertiser should still hold next week. Make the clusters from the first half of the log, look at the same people in the second half, and send each to the nearest centre again. *What to look for:* the diagonal, those who come back to the same cluster.
"""

# %% name="over-time"
early_rows, late_rows = by_time(ratings["time_ms"], 0.5)
early, late = people(ratings[early_rows], logs.scenes), people(ratings[late_rows], logs.scenes)
often = np.intersect1d(early.ids[early.views >= 12], late.ids[late.views >= 12])
columns = early.liking[np.isin(early.ids, often)]
middle_, spread = columns.mean(0), columns.std(0)
then = KMeans(6, 10, 0).fit((columns - middle_) / spread)
columns = late.liking[np.isin(late.ids, often)]
now = then.predict((columns - columns.mean(0)) / columns.std(0))
moved = np.array([np.bincount(now[then.labels == c], minlength=6) for c in range(6)])
regular = ratings[early_rows][ratings[early_rows]["user_id"].isin(often)]
named = {card.cluster: card.name for card in cards(people(regular, logs.scenes), then.labels)}
names = [named[c] for c in range(6)]
plt.figure(figsize=(7, 3.6))
plt.imshow(moved / moved.sum(1, keepdims=True), cmap="Blues", vmin=0, vmax=1)
for i in range(6):
    for j in range(6):
        plt.text(j, i, f"{moved[i, j] / moved[i].sum():.0%}", ha="center", va="center", fontsize=8,
                 color="white" if moved[i, j] > 0.5 * moved[i].sum() else "black")  # fmt: skip
plt.yticks(range(6), names, fontsize=8)
plt.xticks(range(6), [name.split(" · ")[0] for name in names], fontsize=8, rotation=30, ha="right")
plt.xlabel("second half")
plt.ylabel("first half")
plt.title(f"{np.trace(moved) / moved.sum():.0%} of {len(often)} people are where they were", fontsize=11)
plt.show()

# %% [markdown] name="over-time-result"
r"""
Nobody's taste has changed in the twin: each person keeps the same one for all four weeks. So whoever seems to have moved was *misread*, from as few as a dozen views in a half. On real data you would see the same table and might call it a trend. (Fashions do wander in the twin, as lesson 10 saw; they shift everybody, and standardising takes that out.)

## 8 · Do profiles recommend?

The simplest personal list: for each profile its own favourites. Six lists in place of one, and nothing else is known of a person than the card. Is it better than one list for everybody, and how much of lesson 10's models is left?
"""

# %% name="profiles-recommend"
train_rows, test_rows = by_time(ratings["time_ms"], 0.2)
train, test = ratings[train_rows], ratings[test_rows]
known = people(train, logs.scenes)
groups = KMeans(6, 10, 0).fit(standardised(known.liking, no_counts)).labels
likes = train[train["rating"] >= 4]
seen = np.zeros((len(known.ids), 420), bool)
seen[np.searchsorted(known.ids, train["user_id"]), train["video_id"]] = True
liked = np.zeros((len(known.ids), 420))
liked[np.searchsorted(known.ids, likes["user_id"]), likes["video_id"]] = 1
popular = liked.sum(0)
by_group = np.array([liked[groups == c].sum(0) for c in range(6)])
# a small group's counts are noisy: everybody's favourites count as some more members
by_group = by_group + 0.1 * popular
wanted = test[test["rating"] >= 4].groupby("user_id")["video_id"].apply(list)
wanted = [wanted.get(person, []) for person in known.ids]
ease = EASE(300).fit(likes["user_id"], likes["video_id"])
by_ease = np.full(seen.shape, -1.0)
by_ease[:, ease.items.ids] = ease.scores(known.ids)
rows = []
for name, scores in {
    "one list for everybody": np.tile(popular, (len(groups), 1)),
    "a list a profile (k = 6)": by_group[groups],
    "EASE, a list a person": by_ease,
    "the six true kinds": np.array([liked[logs.truth.kind[known.ids] == c].sum(0) for c in range(6)])[
        logs.truth.kind[known.ids]
    ]
    + 0.1 * popular,
}.items():
    lists = np.argsort(-np.where(seen, -np.inf, scores), axis=1, kind="stable")[:, :10]
    rows.append(
        (name, ranking(lists, wanted, 10)["ndcg"], logs.truth.taste[known.ids[:, None], lists].mean())
    )
pd.DataFrame(rows, columns=["list", "NDCG@10", "true liking of what is shown"]).set_index("list").round(3)

# %% [markdown] name="profiles-recommend-result"
r"""
Knowing nothing of a person but the card gives a better list than one for everybody, by both measures; here it even beats EASE, which has 420 × 420 weights to learn from the few likes of 1,200 people. (With more data per person that turns round: on MovieLens, lesson 10, personal models win clearly. And the twin *is* made of six kinds; real people are not.) That is why profiles have not died out: they are cheap, they can be explained, and they work for somebody of whom hardly anything is known yet. What they cannot do is see the *person*.

## 9 · Large and larger

Is forty lines of numpy good enough? Beside scikit-learn, in one run, ten seeds each (`course bench kmeans`); a negative difference means that ours ends lower, that is better:
"""

# %% name="beside-scikit"
rows = []
for variant in ("KuaiRand users 27,285, k = 8", "100,000 x 20, k = 8", "100,000 x 20, k = 20"):
    rows.append((variant, figure("kmeans", "inertia, course - scikit-learn, mean", variant),
                 figure("kmeans", "CPU, course", variant), figure("kmeans", "CPU, scikit-learn", variant)))  # fmt: skip
pd.DataFrame(
    rows, columns=["data", "inertia, difference in %", "CPU s, course", "CPU s, scikit-learn"]
).set_index("data").round(3)

# %% [markdown] name="mini-batch-intro"
r"""
And when the people no longer fit into memory: **mini-batches**. Each step looks at a few hundred people only; each centre is the running mean of what it has been given. *What to look for:* what it costs and what it loses.
"""

# %% name="mini-batch"
many = X[np.random.default_rng(0).integers(0, len(X), pick(smoke=5_000, quick=240_000, full=600_000))]
many = many + np.random.default_rng(1).normal(0, 0.3, many.shape)
for name, make in {
    "all at once": lambda: KMeans(6, 1, 0).fit(many).centres,
    "mini-batches of 256": lambda: mini_batch(many, 6),
}.items():
    begin = time.process_time()
    found = make()
    cost = time.process_time() - begin
    print(f"{name:<20} {cost:6.2f} CPU s   inertia {inertia(many, nearest(many, found)[0], found):12,.0f}")

# %% [markdown] name="in-the-film"
r"""
## 10 · In the film

Each profile now gets what it is for: a scene made for it. The words of its name become the attributes of a clip. Below each card's name the film that we would make for these people.
"""

# %% name="in-the-film-picture"
groups_of_words = {
    group: sorted(logs.scenes[group].unique()) for group in ("place", "time", "weather", "mood")
}
_, tiles = plt.subplots(2, 3, figsize=(9.6, 4.6))
for axes, card in zip(tiles.flat, deck):
    lift_of = dict(zip(table.names, lift[card.cluster]))
    # what does not stand out enough to be in the name is left plain
    best = {group: max(words, key=lift_of.get) for group, words in groups_of_words.items()}
    scene = {"time": "noon", "weather": "clear"} | {
        g: word for g, word in best.items() if word in card.name.split(" · ")
    }
    axes.imshow(render({**scene, "motion": "zoom in"}, frames=2, size=(108, 192), seed=card.cluster)[0])
    axes.set_title(f"{card.name}\n{card.share:.0%} of all", fontsize=9)
    axes.axis("off")
plt.show()

# %% [markdown] name="summary"
r"""
## Summary

- Assign, update, repeat: the inertia can only fall. Good starts and several of them are not a luxury.
- The article's sum over pairs is $2n$ times the right thing in each cluster, and so cuts pieces off big groups.
- Raw counts cluster people by *how much* they watch. Scaling alone does not help; columns must say what is watched *instead of* something else.
- Elbow, silhouette, stability: three opinions on k. A cluster that another half of the people would not give you is not a profile.
- A profile is a lift and a name. Where little is known of each person it recommends as well as larger models, and it is readable. It is also a statement about people: lesson 13 asks who can be recognised in it.

**Why it matters at Kuaishou's scale.** Advertisers buy audiences, not user ids; editors plan for groups; a new account is served by its first few views. All of that runs on profiles, refreshed daily for hundreds of millions. Mini-batches make that cheap. Stability decides whether a campaign planned on Monday meets the same people on Friday.

**Questions to think about**

1. Two of the measures liked k = 5 nearly as much as 6. What would you ask the marketing department before choosing?
2. We clustered *liking*, how long compared with usual. What would clusters of *hours of the day* be good for?
3. k-means likes round clusters of one size. Sketch two groups of people that it must get wrong.

**Further reading**

- Lloyd: *Least Squares Quantization in PCM*, 1982.
- Rousseeuw: *Silhouettes: A Graphical Aid to the Interpretation and Validation of Cluster Analysis*, 1987.
- Arthur, Vassilvitskii: *k-means++: The Advantages of Careful Seeding*, 2007.
- Sculley: *Web-Scale K-Means Clustering*, 2010.
- Hubert, Arabie: *Comparing Partitions*, 1985.
"""
