# ---
# jupyter:
#   course:
#     id: "12"
#     title: "Distribution: the right film for each person"
#     learner_minutes: 160
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
# 12 · Distribution: the right film for each person

Six films are on the shelf, one made for each profile of lesson 11. A person opens the app. Which film? And how would we *know* that it was the right one? A platform earns its living with these two questions. The second is the harder one: a log tells only what happened, under rules that somebody else had made.

**After this lesson you can**

1. put several scores together so that they are better than each alone;
2. tell what people *like* from what they merely *see*, with a small slice of blind shows;
3. explore: epsilon-greedy, Thompson sampling, LinUCB, and say what each costs;
4. judge a new policy from an old log, with an honest interval, before anybody is served by it;
5. measure what an advertisement *adds*, and make a budget last the day.

**You need** the idea of a rating (lesson 10) and of a profile (lesson 11), numpy, and a little probability. Nothing is downloaded: the log is the mock twin of Kuaishou's KuaiRand, no real person is in it. That is why for once every answer can be held against the truth.
"""

# %% name="setup"

# %% name="imports"
import html

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML
from scipy.special import betaincinv

from course_lib.data import figure
from course_lib.data.twin import START_MS, twin
from course_lib.notebook.players import moving
from course_lib.profiles import pick
from course_lib.recommend import advertising, bandits, distribute, exposure, offpolicy
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.distribute_stage import stage, word_tastes
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.profiles import cards
from course_lib.recommend.splits import by_time
from course_lib.scenery import render
from course_lib.scenery.captions import caption
from course_lib.text import storyboard

# %% [markdown] name="three-ways"
r"""
## 1 · Three ways of knowing, and a fourth

What could speak for showing a film to a person?

- **Collaborative filtering** (lesson 10): people who agreed with her so far liked it.
- **Profile** (lesson 11): people of her kind liked it.
- **Content:** it shows a lake at dusk, and she has stayed with lakes and dusks before. This works for a film that came out a minute ago, too.

Each misses what another one sees. So we train all three on the past, keep the last fifth of that past aside, and ask there: *how much should each be trusted?* That is a regression, and its coefficients are the weights:

$$\hat r_{ui} = w_1\,\text{cf}_{ui} + w_2\,\text{profile}_{ui} + w_3\,\text{content}_{ui}, \qquad w = (P^\top P + \lambda I)^{-1} P^\top r .$$

The columns of $P$ are the three scores, each less its mean, of pairs that none of the three has learned from.
"""

# %% name="log" tags=["nbval-check-output"]
logs = twin()
clean = clean_log(logs.log, logs.videos)[0]
ratings = ratings_from(clean)
users, films = logs.truth.taste.shape
past, future = by_time(ratings["time_ms"], 0.2)
train, test = ratings[past], ratings[future]
older, newer = by_time(train["time_ms"], 0.2)
print(f"{len(ratings):,} ratings of {films} films by {users:,} people")
print(f"learn from {older.sum():,}, weigh on {newer.sum():,}, test on {future.sum():,} of the future")

# %% exercise="recommend.distribute.blend_weights"

# %% name="blend"
early = distribute.score_parts(train[older], logs.scenes, users)
check = train[newer]
said = np.column_stack([part[check["user_id"], check["video_id"]] for part in early.values()])
weights = blend_weights(said, check["rating"].to_numpy(), 1.0)
print("weights:", {name: round(float(weight), 2) for name, weight in zip(early, weights)})

parts = distribute.score_parts(train, logs.scenes, users)
together = sum(weight * part for weight, part in zip(weights, parts.values()))
scores = {"popularity": distribute.popularity(train, users, films), **parts, "together": together}

# %% [markdown] name="blend-intro"
r"""
Two measures. How well does the score agree with ratings of the future? And, as only the twin can tell: how much do people *truly* like the ten films that the score would show them? *What to look for:* does the same row win in both columns?
"""

# %% name="blend-measured"
taste, everyone = logs.truth.taste, np.arange(users)[:, None]
rows = []
for name, score in scores.items():
    shown = distribute.best_unseen(score, train)
    agree = np.corrcoef(score[test["user_id"], test["video_id"]], test["rating"])[0, 1]
    rows.append((name, agree, taste[everyone, shown].mean()))
pd.DataFrame(
    rows, columns=["score", "correlation with future ratings", "true liking of the ten shown"]
).set_index("score").round(3)

# %% name="blend-ten-twins"
print(f"{'means over ten twins (course bench distribute)':<48}{'agreement':>10}{'true liking':>13}")
for name in (*scores, "together without collaborative filtering"):
    agree = figure("distribute", "scoring: correlation with future ratings", name)
    liked = figure("distribute", "scoring: true liking of the ten shown", name)
    print(f"{name:<48}{agree:10.3f}{liked:13.3f}")
for what in ("future ratings", "true liking"):
    print(
        f"'together' is better than the best one alone, by {what}: in "
        f"{figure('distribute', 'scoring: twins in which together is best', what):.0f} of 10 twins"
    )

# %% [markdown] name="blend-result"
r"""
Together is better than each alone: they are wrong in *different* places. But look at the last row. The weights are learned to *agree with ratings*, of films that happened to be shown. A list is something else: what stands at its top was picked because its score is high, often too high. Without collaborative filtering the agreement is worse, and the ten films shown are liked *more*. Lesson 10 saw the same: good error, poor list. What you optimise is what you get.

## 2 · Seen is not liked

A log is not a poll. Two things stand between liking and clicking.

### Places

On a page the first film is looked at by everybody, the sixth by hardly anyone. The usual click model says: a click needs a *look* at the place and *liking* of what is looked at,

$$P(\text{click}) = \theta_{\text{place}} \cdot P(\text{likes the film}) .$$

How large is $\theta$? Dividing click rates by place will not do: good films stand at the top *because* they are good. So the platform keeps a **random slice**: on some pages the order is drawn blindly. (KuaiRand's log has such rows, too, `is_rand` = 1: a video that was drawn blindly; they are 0.37 % of its largest set.) There every place holds equally good films in the mean, and what differs is the place.

From here on we work on a small stage: the six films made for the six profiles, and for each person the true chance of liking each film.
"""

# %% name="stage" tags=["nbval-check-output"]
world = stage(logs)
for profile, scene in enumerate(world.films):
    share = np.mean(world.profile == profile)
    chance = world.chance[world.profile == profile].mean(axis=0)
    print(
        f"film {profile}: {scene['place']}, {scene['time']}, {scene['weather']}, {scene['mood']}:"
        f" {share:.0%} of the people are of its profile and like it {chance[profile]:.0%} of the time, others"
        f" {world.chance[world.profile != profile, profile].mean():.0%}"
    )

# %% name="pages"
order = exposure.editors_order(world, seed=1)
pages = exposure.show_pages(world.chance, order, 30_000, seed=1, blind_share=0.1)
blind, ordered = pages.rows(pages.blind), pages.rows(~pages.blind)
print(f"{len(blind.film) // 6:,} pages in blind order, {len(ordered.film) // 6:,} in the editors' order")

# %% exercise="recommend.exposure.position_effects"

# %% [markdown] name="places-intro"
r"""
*What to look for.* Left: three curves; which two lie on each other? Right: each point is one profile's liking of one film. 'Corrected' counts a show at a place that is looked at half of the time as half a look.
"""

# %% name="places-picture"
by_blind = position_effects(blind.place, blind.clicked, 6)
by_order = position_effects(ordered.place, ordered.clicked, 6)
cell = world.profile[ordered.user] * 6 + ordered.film
true = np.array([world.chance[world.profile == one].mean(axis=0) for one in range(6)]).ravel()
naive = exposure.attractiveness(cell, ordered.place, ordered.clicked, np.ones(6), 36)
corrected = exposure.attractiveness(cell, ordered.place, ordered.clicked, by_blind, 36)
_, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.6))
left.plot(range(1, 7), exposure.LOOKED_AT, "k--", lw=3, alpha=0.4, label="truth")
left.plot(range(1, 7), by_blind, "o-", label="from blind pages")
left.plot(range(1, 7), by_order, "s-", label="from ordered pages")
left.set(
    xlabel="place on the page",
    ylabel="looked at, first place = 1",
    title="How much a place is looked at",
    ylim=(0, 1.05),
)
left.legend()
right.plot([0, 0.7], [0, 0.7], color="grey", lw=1)
right.scatter(true, naive, s=22, color="C1", marker="s", label="clicks over shows")
right.scatter(true, corrected, s=22, color="C0", label="clicks over looks")
right.set(xlabel="true liking", ylabel="estimate", title="A profile's liking of a film")
right.legend()
plt.show()

# %% [markdown] name="exposure-intro"
r"""
### Exposure

The second thing: famous films are shown more, and fame is partly quality. So the average *show* is liked more than the average *film*. If the chance of each show is known, each row can stand for all those that did not happen: weight it by (chance of a blind draw) / (chance that it had). *What to look for:* the weighted share should come down to that of the blind slice. (In a single log both are uncertain by about half a percentage point; so beside it stands the mean of forty.)
"""

# %% name="exposure-measured"
one_twin = exposure.exposure_reweighted(clean, logs.truth.propensity, logs.truth.first_week, START_MS, films)
for name, meaning in {
    "logged": "as logged",
    "blind": "blind slice",
    "reweighted": "weighted back to a blind draw",
}.items():
    many = figure("distribute", "exposure: share of likes", name)
    error = figure("distribute", "exposure: share of likes, standard error", name)
    print(f"{meaning:<30} this log {one_twin[name]:6.2%}   mean of 40 logs {many:.2f} ± {error:.2f} %")

# %% [markdown] name="explore-text"
r"""
## 3 · Explore

A new shelf, and no log at all. Show what has been liked best so far? Then a film that began with bad luck never gets a second chance, and one mediocre film is shown for ever. **Regret** measures it: likes missed up to now, compared with serving everybody the best film.

The simplest cure: a small share $\varepsilon$ of the visitors gets a blind draw.
"""

# %% exercise="recommend.bandits.epsilon_greedy"

# %% name="by-hand"
rng = np.random.default_rng(4)
chance = world.chance[world.profile == 2].mean(axis=0)  # one profile, six films
for epsilon in (0.0, 0.1):
    clicks, shows = np.zeros(6), np.zeros(6)
    for _ in range(1000):
        film = epsilon_greedy(clicks, shows, epsilon, rng.random(), rng.integers(6))
        shows[film] += 1
        clicks[film] += rng.random() < chance[film]
    print(f"epsilon {epsilon}: shows of each film {shows.astype(int)}, {clicks.sum():.0f} likes")
print("true chances:     ", chance.round(2))

# %% [markdown] name="thompson-text"
r"""
Greedy has found one film that somebody liked, and never looked further. Epsilon-greedy found the best, but goes on drawing blindly for ever, the films that it knows to be bad among them.

**Thompson sampling** explores where it is *unsure*. What is believed of a film after $c$ likes in $n$ shows is not a number but a distribution, $\text{Beta}(c+1,\ n-c+1)$: wide after few shows, narrow after many. Draw one chance from each film's distribution, and show the film with the largest draw. A film of which little is known sometimes draws high, and is tried. *What to look for* after the exercise: which film is drawn highest most often, and has anybody liked it?
"""

# %% exercise="recommend.bandits.thompson_draws"

# %% name="beliefs"
luck = np.random.default_rng(0).random((20_000, 3))
seen = {"0 of 1": (0, 1), "3 of 10": (3, 10), "60 of 200": (60, 200)}
drawn = np.array(
    [
        thompson_draws(*np.array(list(seen.values()), float).T, u)
        for u in luck[: pick(smoke=2000, quick=20_000, full=20_000)]
    ]
)
plt.figure(figsize=(7, 2.8))
for film, (name, draws) in enumerate(zip(seen, drawn.T)):
    plt.hist(
        draws,
        bins=80,
        range=(0, 1),
        density=True,
        alpha=0.6,
        label=f"{name}: drawn highest {np.mean(drawn.argmax(1) == film):.0%} of the time",
    )
plt.xlabel("chance of a like that is believed possible")
plt.title("What is believed of three films")
plt.legend()
plt.show()
for name, (liked, shown) in seen.items():
    low, high = betaincinv(liked + 1, shown - liked + 1, [0.025, 0.975])
    print(f"{name:<10} with 95 % its chance lies between {low:.2f} and {high:.2f}")

# %% [markdown] name="linucb-text"
r"""
Both keep one count for each profile. **LinUCB** (Li, Chu, Langford and Schapire, 2010, for the front page of a news site) looks at the *person*: a ridge regression for each film on what is known, $x$, here how near the person is to each profile. It is optimistic in the face of the unknown: it adds to the estimate $\alpha$ times the width of what it does not know,

$$\text{score}_f = x^\top \theta_f + \alpha \sqrt{x^\top A_f^{-1} x}, \qquad \theta_f = A_f^{-1} b_f .$$

$A_f$ grows with every show, so that the width shrinks for people *like those* to whom the film has been shown.
"""

# %% exercise="recommend.bandits.linucb_scores"

# %% [markdown] name="regret-intro"
r"""
Now all of them on the same visitors with the same luck. *What to look for:* a straight, steep line is a policy that has stopped learning. Which curves bend? (Dashed: policies that never explore on purpose; 'ridge, greedy' is LinUCB with $\alpha = 0$.)
"""

# %% name="regret-live"
visits = pick(smoke=400, quick=6000, full=6000)
visitors, luck = bandits.visit(world, visits, seed=0)
policies = bandits.contenders(world, seed=0)
colours = dict(zip(policies, ("tab:red", "tab:orange", "tab:green", "tab:blue", "tab:purple", "black")))
plt.figure(figsize=(8, 3.8))
for name, policy in policies.items():
    style = "-" if name in ("epsilon-greedy, 10 %", "Thompson sampling", "LinUCB") else "--"
    plt.plot(bandits.regret(policy, world, visitors, luck), style, color=colours[name], label=name)
plt.xlabel("visitors")
plt.ylabel("likes missed so far")
plt.title("Regret, one run")
plt.legend(fontsize=8)
plt.show()

# %% name="regret-twenty"
steps = [100, 300, 1000, 2000, 3000, 4000, 5000, 6000]
plt.figure(figsize=(8, 3.8))
for name in policies:
    style = "-" if name in ("epsilon-greedy, 10 %", "Thompson sampling", "LinUCB") else "--"
    middle = np.array(
        [figure("distribute", f"exploration: regret after {step} visitors", name) for step in steps]
    )
    error = np.array(
        [
            figure("distribute", f"exploration: regret after {step} visitors, standard error", name)
            for step in steps
        ]
    )
    plt.plot(steps, middle, style, marker="o", ms=3, color=colours[name], label=name)
    plt.fill_between(steps, middle - 2 * error, middle + 2 * error, color=colours[name], alpha=0.2, lw=0)
plt.yscale("log")
plt.xlabel("visitors")
plt.ylabel("likes missed so far (logarithmic)")
plt.title("Regret, mean of 20 seeds with two standard errors (course bench distribute)")
plt.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1))
plt.show()
for name, greedy in (
    ("epsilon-greedy, 10 %", "greedy"),
    ("Thompson sampling", "greedy"),
    ("LinUCB", "ridge, greedy"),
):
    won = figure("distribute", f"exploration: seeds below '{greedy}'", name)
    print(f"{name} has less regret than '{greedy}' in {won:.0f} of 20 seeds")

# %% [markdown] name="regret-result"
r"""
Each explorer beats the greedy policy that knows the same. The largest surprise is the dashed line at the bottom: greedy with an **optimistic start** (every film is credited with one like in one show) does better than all. Optimism *is* exploration: each film must first disappoint. On this shelf, where one film is far better for each profile, that is enough.

It is a bet, though: it explores at the beginning only. What if tastes *change*? Halfway, without a word, let everybody's taste move on to the next film. *What to look for:* who finds out?
"""

# %% name="tastes-change"
halves = ("before tastes change", "after tastes changed")
rows = [
    [figure("distribute", f"exploration: regret of 3000 visitors {half}", name) for half in halves]
    for name in policies
]
pd.DataFrame(rows, index=list(policies), columns=halves).rename_axis(
    "likes missed, 3,000 visitors each"
).round(0).astype(int)

# %% [markdown] name="off-policy-text"
r"""
Nobody does well. A policy that is sure of itself does not look, and all of these *count for ever*: five hundred old likes outweigh the new dislikes for a long time. Thompson sampling notices soonest. Real systems forget on purpose: they count only the last days, or let old counts fade.

## 4 · What would have happened?

Policies cannot all be tried on people. We want to know **from the old log** how 'to each profile its own film' would do. The old policy favours some films for no good reason, and knows a little of people's tastes. What it did is written down: who, which film, liked or not, and with which chance the film had been chosen. As in KuaiRand, a small slice (5 % here) was shown blindly.

Two ways to fool oneself first: to take the log's mean as it is, or to average the rows in which the old policy happened to do what the new one would.
"""

# %% name="log-of-shows"
old = offpolicy.old_policy(world, skew=1.0)
new = offpolicy.certain(world.own_film, 6)
log = offpolicy.write_log(world, old, 4000, seed=0)
target = new[log.user, log.film]  # the new policy is sure: 1 for its film, 0 for any other
truth = world.value(new)
print(
    f"chances in the old policy: from {old.min():.3f} to {old.max():.3f}; in the log, blind rows included, from {log.chance.min():.3f}"
)
print(f"mean of the log                     {log.reward.mean():.3f}")
print(f"mean of the {(target > 0).sum():,} rows that agree    {log.reward[target > 0].mean():.3f}")
print(f"truth, known on the twin only       {truth:.3f}")

# %% [markdown] name="ips-text"
r"""
The log's mean is about another policy. And the rows that agree are too good: the old policy, knowing a little of tastes, showed a film more often to those *within* a profile who like it most. Selection, again.

**Inverse propensity** repairs it. A row that had the chance $p$ stands for $1/p$ rows; it counts as far as the new policy $\pi$ would have done the same:

$$\hat V_{\text{IPS}} = \frac1n\sum_i \frac{\pi(a_i\mid u_i)}{p_i}\, r_i , \qquad \mathbb E\Big[\frac{\pi(a\mid u)}{p(a\mid u)}\, r\Big] = \sum_a p(a\mid u) \frac{\pi(a\mid u)}{p(a\mid u)}\, \mathbb E[r\mid u, a] = V(\pi) .$$

The sum on the right is over all films: it needs $p > 0$ wherever $\pi > 0$. What was never shown, no log can tell about.
"""

# %% exercise="recommend.offpolicy.inverse_propensity"

# %% [markdown] name="snips-text"
r"""
Its weights add up to $n$ only in the mean. Divided by their actual sum it is the **self-normalised** estimate (Swaminathan and Joachims, 2015): a touch biased, mostly steadier, and never outside the range of the rewards.
"""

# %% name="ips-numbers"
value, error = inverse_propensity(log.reward, log.chance, target)
print(f"inverse propensity  {value:.3f} ± {1.96 * error:.3f}   truth {truth:.3f}")
weight = target / log.chance
print(f"weights: mean {weight.mean():.3f}, largest {weight.max():.1f}, {np.mean(weight == 0):.0%} are 0")
value, error = offpolicy.self_normalised(log.reward, log.chance, target)
print(f"self-normalised     {value:.3f} ± {1.96 * error:.3f}")

# %% [markdown] name="dr-text"
r"""
More than half of the rows count nothing in it: a waste. A **model** could guess the reward of every film for every person; but a model alone inherits every bias of its log. **Doubly robust** (Dudík, Langford and Li, 2011) takes the model's guess, and lets the weighted rows correct it by what the model *missed*:

$$\hat V_{\text{DR}} = \frac1n\sum_i \Big[\hat r(u_i, \pi) + \frac{\pi(a_i\mid u_i)}{p_i}\big(r_i - \hat r(u_i, a_i)\big)\Big] .$$

If the chances are right, the mean is right whatever the model says; if the model is right, it is right whatever the chances are.
"""

# %% exercise="recommend.offpolicy.doubly_robust"

# %% name="dr-numbers"
guess = offpolicy.guesses(log, world)  # each half of the log is guessed by a model of the other half
at_shown, at_new = guess[np.arange(len(log.film)), log.film], (new[log.user] * guess).sum(axis=1)
value, error = doubly_robust(log.reward, log.chance, target, at_shown, at_new)
print(f"model alone         {at_new.mean():.3f}")
print(f"doubly robust       {value:.3f} ± {1.96 * error:.3f}   truth {truth:.3f}")

# %% [markdown] name="hundred-intro"
r"""
One log proves nothing. A hundred logs, then, and for each estimator the question: in how many of them does its 95 % interval hold the truth? *What to look for:* intervals that are narrow and wrong, and intervals that are right and useless.
"""

# %% name="hundred-table"
rows = []
for name in offpolicy.ESTIMATORS:
    of = f"{name}, skew 1"
    rows.append((name, figure("distribute", "off-policy: bias", of),
                 figure("distribute", "off-policy: root mean square error", of),
                 figure("distribute", "off-policy: interval holds the truth", of)))  # fmt: skip
pd.DataFrame(
    rows,
    columns=["100 logs of 4,000 shows", "bias", "root mean square error", "interval holds the truth, of 100"],
).set_index("100 logs of 4,000 shows").round(3)

# %% [markdown] name="skew-intro"
r"""
### Drag the skew

The more the old policy had its favourites, the rarer the rows that could tell about the others. *What to look for* in twelve logs each: the log's mean is always off, 'rows that agree' from small skews on, and neither knows it; the blind slice alone is honest and wide; the weighted ones hold, with intervals that become uneven. At skew 0 (all films shown alike) 'rows that agree' is right: nothing was selected.
"""


# %% name="drag"
def with_skew(skew):
    old = offpolicy.old_policy(world, skew)
    found = [
        offpolicy.estimates(offpolicy.write_log(world, old, 4000, seed), world, new)
        for seed in range(pick(smoke=2, quick=12, full=12))
    ]
    _, axes = plt.subplots(figsize=(9, 3.6))
    for place, name in enumerate(offpolicy.ESTIMATORS):
        for number, one in enumerate(found):
            value, error = one[name]
            holds = abs(value - truth) < 1.96 * error
            axes.errorbar(
                place + (number - 5.5) * 0.06,
                value,
                1.96 * error,
                fmt=".",
                ms=4,
                lw=1.2,
                color="tab:blue" if holds else "tab:red",
            )
    axes.axhline(truth, color="black", lw=1, ls=":")
    axes.set_xticks(
        range(6),
        [
            name.replace(": ", ":\n").replace(" alone", "\nalone").replace(" prop", "\nprop")
            for name in offpolicy.ESTIMATORS
        ],
        fontsize=8,
    )
    axes.set(
        ylim=(0, 1),
        ylabel="value of the new policy",
        title=f"skew {skew}: smallest chance in the old policy {old.min():.4f}; dotted: truth; red: misses it",
    )
    plt.show()


explore(with_skew, skew=(0.0, 3.0, 0.5, 1.0))

# %% name="blind-slice-worth"
print("intervals that hold the truth, of 100 logs, at skew 3:")
print(f"{'':<22}{'with 5 % blind':>16}{'without':>10}")
for name in ("inverse propensity", "self-normalised", "doubly robust"):
    with_, without = (
        figure("distribute", "off-policy: interval holds the truth", f"{name}, skew 3{more}")
        for more in ("", ", no blind slice")
    )
    print(f"{name:<22}{with_:16.0f}{without:10.0f}")

# %% [markdown] name="blind-slice-text"
r"""
There the method comes to its end: where some chances are nearly 0, a few huge weights decide, and the usual interval believes itself too much. (Should hold: 95.) The blind slice is an insurance: with 5 % blind rows no chance lies below 0.05 / 6. It costs a few likes today, and it is the reason why KuaiRand (Gao and others, 2022) is precious.

## 5 · What the article says: 'precise' advertising

The articles say that the platform distributes intelligently by profile, offers advertisers *precise targeting*, and *improves the effect of advertising*. There is no method, and no figure. Let us do what such a sentence invites: target those who like the thing, and count the buyers.

Our advertiser rents out calm cabins, by a lake or in a forest. Whoever loves such places buys rather often anyway. The advertisement makes everybody somewhat more willing; who is nearly sure to buy, or sure not to, is changed least. (This market is made up; the tastes are the twin's.)
"""

# %% name="article-books"
names = world.known.names
own_taste = word_tastes(logs.truth.taste, distribute.marks_of(logs.scenes, names))
cabin = distribute.marks_of([{"place": "lake", "mood": "calm"}, {"place": "forest", "mood": "calm"}], names)
liking = (own_taste @ np.column_stack([cabin, np.ones(2)]).T).mean(axis=1)
market = advertising.market(liking)
keen = np.where(market.without > np.quantile(market.without, 0.8), 0.8, 0.05)  # the precise campaign
user, shown, bought = advertising.trial(market, 4000, seed=0, shown_chance=keen)
print(
    f"shown the advertisement: {bought[shown == 1].mean():.0%} buy;  not shown: {bought[shown == 0].mean():.0%} buy"
)
print(
    f"'it sells {1000 * (bought[shown == 1].mean() - bought[shown == 0].mean()):.0f} more for each 1,000 shown'"
)
print(f"truth: it adds {1000 * market.uplift[user[shown == 1]].mean():.0f}")

# %% [markdown] name="uplift-text"
r"""
The fault: the two groups differed *before* the advertisement. Precise targeting is what makes the comparison worthless. **The repair** is a trial: for some weeks chance decides who is shown it. Then the difference within each group is the advertisement's doing, its **uplift**.
"""

# %% exercise="recommend.advertising.uplift_by_group"

# %% [markdown] name="uplift-intro"
r"""
*What to look for:* the profile that buys most, and the profile that is changed most. Whom would you pay for? (An interval of 95 % misses the truth one time in twenty. Here are six: does one miss?)
"""

# %% name="uplift-picture"
user, shown, bought = advertising.trial(market, 4000, seed=1)
added = uplift_by_group(world.profile[user], shown, bought, 6)
counted = np.array(
    [[np.sum((world.profile[user] == one) & (shown == side)) for side in (0, 1)] for one in range(6)]
)
quiet = np.array([bought[(world.profile[user] == one) & (shown == 0)].mean() for one in range(6)])
loud = quiet + added
error = 1.96 * np.sqrt(quiet * (1 - quiet) / counted[:, 0] + loud * (1 - loud) / counted[:, 1])
titles = {card.cluster: card.name.replace(" · ", "\n") for card in cards(world.known, world.profile)}
_, axes = plt.subplots(figsize=(9, 3.6))
axes.bar(np.arange(6) - 0.2, quiet, 0.4, color="C7", label="buy without it")
axes.bar(np.arange(6) + 0.2, added, 0.4, yerr=error, color="C0", label="added by it, with 95 % interval")
axes.plot(
    np.arange(6) + 0.2,
    [market.uplift[world.profile == one].mean() for one in range(6)],
    "k_",
    ms=16,
    label="added, truth",
)
axes.set_xticks(range(6), [titles[one] for one in range(6)], fontsize=8)
axes.set(ylabel="share of the profile", title="A trial with 4,000 people")
axes.legend(fontsize=8)
plt.show()

# %% name="uplift-campaigns"
ways = (
    "anybody",
    "who watches most",
    "profiles that buy most",
    "profiles that are changed most",
    "best possible",
)
print("purchases added by 1,000 advertisements, audience of 200, mean of 20 trials:")
for way in ways:
    many = figure("distribute", "advertising: added per 1,000 shown", way)
    print(f"  shown to {way:<32}{many:6.0f}")

# %% [markdown] name="uplift-result"
r"""
Targeting the likely buyers is *worse than showing it to anybody*: it pays for sales that would have happened. Targeting who is *changed* adds half as much again. Same platform, same profiles, same money. 'Precise' is not a property of the profile, but of the question asked. What is left to the best possible is what a profile does not know of a person.

## 6 · A budget must last the day

Money for 300 advertisements, about 2,500 visitors. Shown to whoever comes, it is gone before breakfast, spent on whoever happens to be awake. So each visitor is given a believed worth (here the model's guess of a like), and there is a **bar**. Who is above it is shown the advertisement. If $b$ advertisements are left for $v$ visitors still to come, the bar should let the best share $b/v$ pass: it is a quantile.
"""

# %% exercise="recommend.advertising.pacing_threshold"

# %% [markdown] name="pacing-intro"
r"""
*What to look for,* on a day with twice as many visitors as yesterday: when does each strategy run out of money?
"""

# %% name="pacing-picture"
model = offpolicy.click_model(world.features[log.user], log.film, log.reward, 6)
worth = np.clip(world.features @ model, 0, 1)[:, 0]  # believed chance of liking film 0
before = advertising.visitors_of(clean, 9, START_MS)
parts_of_day = [advertising.visitors_of(clean, day, START_MS) for day in (10, 11)]
hours, people_of_day = (np.concatenate(both) for both in zip(*parts_of_day))
order = np.argsort(hours, kind="stable")
hours, people_of_day = hours[order], people_of_day[order]
_, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.4))
for strategy, colour in zip(
    advertising.STRATEGIES, ("tab:red", "tab:orange", "tab:green", "tab:blue", "black")
):
    style = "--" if strategy == "hindsight" else "-"
    served = advertising.serve_day(
        (hours, worth[people_of_day]), (before[0], worth[before[1]]), 300, strategy, np.random.default_rng(0)
    )
    gained = np.cumsum(np.where(served, world.chance[people_of_day, 0], 0))
    left.plot(hours, 300 - np.cumsum(served), style, color=colour)
    right.plot(hours, gained, style, color=colour, label=f"{strategy}: {gained[-1]:.0f}")
left.set(xlabel="hour", ylabel="advertisements left", title="The budget", xticks=range(0, 25, 6))
right.set(xlabel="hour", ylabel="likes so far", title="What it brought", xticks=range(0, 25, 6))
right.legend(fontsize=8)
plt.show()

# %% name="pacing-table"
days = ("a day like yesterday", "twice as many visitors", "half as many visitors")
table = [
    [figure("distribute", "pacing: likes from 300 advertisements", f"{strategy}, {day}") for day in days]
    for strategy in advertising.STRATEGIES
]
pd.DataFrame(table, index=advertising.STRATEGIES, columns=days).rename_axis("likes, mean of 18 days").round(
    0
).astype(int)

# %% [markdown] name="pacing-result"
r"""
The bar is worth five times the likes for the same money, because most visitors are not interested. Pacing comes within a few likes of hindsight on every kind of day; a bar fixed in the morning runs dry on a busy day, and leaves half the money unspent on a quiet one.

## 7 · In the film

Everything meets. Each profile's words become a **prompt**; the prompt is read back by lesson 4's storyboard; the storyboard becomes a clip. *What to look for:* six sentences that nobody typed, a shot for each of their clauses, and the clips. (A shot that comes before the weather is named has to assume one.) With voice, music and subtitles each becomes a whole film: `python course.py film "拍一段大海的画面…"`.
"""

# %% name="prompts"
boxes, heard, asked = [], 0, 0
for profile, scene in enumerate(world.films):
    zh, en = (caption(scene, language, seed=profile, mood=True) for language in ("zh", "en"))
    shots = storyboard(zh, seed=profile).shots
    # a shot keeps what was said before it: the last one has heard the whole sentence
    heard += sum(shots[-1].attributes[slot] == word for slot, word in scene.items() if slot != "motion")
    asked += len(scene) - 1
    clip = [
        render(one.attributes, frames=4, size=(54, 96), seed=one.seed, view=n) for n, one in enumerate(shots)
    ]
    player = moving(np.concatenate(clip), f"film {profile}", scale=2, hold=250)
    spoken = "".join(f"<li>{html.escape(one.text)}</li>" for one in shots)
    boxes.append(
        f'<div style="width:230px;background:#fff;color:#1d2126"><b>film {profile}</b>, for '
        f"{html.escape(titles[profile]).replace(chr(10), ' · ')}{player._repr_html_()}"
        f'<ol style="margin:2px 0;padding-left:20px">{spoken}</ol>'
        f'<div style="font-size:12px;color:#555">{html.escape(en)}</div></div>'
    )
print(
    f"of the {asked} words that the profiles asked for, {heard} are in the pictures by the end of the sentence"
)
HTML('<div style="display:flex;flex-wrap:wrap;gap:14px">' + "".join(boxes) + "</div>")

# %% [markdown] name="who-intro"
r"""
And who gets which? LinUCB was never told for whom a film had been made; it has only watched 6,000 visitors. *What to look for:* the diagonal, and the people off it.
"""

# %% name="who-gets-which"
learned = policies["LinUCB"]
learned.alpha = 0.0  # no more exploring: what does it believe?
gets = np.array([learned.choose(profile, x) for profile, x in zip(world.profile, world.near)])
table = np.array([np.bincount(gets[world.profile == one], minlength=6) for one in range(6)])
picture = plt.figure(figsize=(10.5, 4.6), layout="none")
grid = picture.add_axes([0.19, 0.06, 0.8, 0.56])
for film, scene in enumerate(world.films):
    still = picture.add_axes([0.194 + film * 0.8 / 6, 0.7, 0.8 / 6 - 0.008, 0.26])
    still.imshow(render(scene, frames=2, size=(108, 128), seed=film)[0], aspect="auto")
    still.set_title(f"film {film}", fontsize=9)
    still.axis("off")
grid.imshow(table / table.sum(axis=1, keepdims=True), cmap="Blues", vmin=0, vmax=1, aspect="auto")
for one in range(6):
    for film in range(6):
        colour = "white" if table[one, film] > 0.5 * table[one].sum() else "black"
        grid.text(film, one, table[one, film] or "", ha="center", va="center", fontsize=9, color=colour)
grid.set_xticks([])
grid.set_yticks(range(6), [titles[one].replace("\n", " · ") for one in range(6)], fontsize=9)
grid.set_title("People of each profile, by the film they get", fontsize=10)
plt.show()

# %% name="what-it-brings"
served = {
    "the most liked film for everybody": np.full(users, world.chance.mean(axis=0).argmax()),
    "the old policy": old,
    "a profile's own film": world.own_film,
    "LinUCB, after 6,000 visitors": gets,
    "best for each person (truth)": world.chance.argmax(axis=1),
}
for name, policy in served.items():
    print(f"{name:<36}{1000 * world.value(policy):5.0f} likes per 1,000 shows")

# %% [markdown] name="what-it-brings-text"
r"""
'Intelligent distribution by profile', says the article. Here it has a method and a figure: four times the likes of one film for everybody. A policy that only watched reaches the same without having been told anything. And what neither reaches is what a profile leaves out: the person.
"""

# %% [markdown] name="summary"
r"""
## Summary

- Scores that are wrong in different places are better together; the weights are learned where none of them has looked.
- A click needs a look. Blind pages tell how much a place is looked at; ordered ones cannot.
- Who never explores never finds out. Epsilon-greedy explores everywhere, Thompson sampling and LinUCB where they are unsure; an optimistic start explores once.
- A log can judge a policy that never ran, if it holds the *chances*. Weighted estimates come with an honest interval; naive ones are narrow and wrong. A small blind slice insures it all.
- The effect of an advertisement is a difference that a trial shows. Those who buy most are not those whom it changes most.
- A bar that moves with what is left makes a budget last.

All figures are the twin's: its six kinds of people are cleaner than life. On a real shelf the gains are smaller; the traps are the same.

**Why it matters at Kuaishou's scale.** Nobody tries a hundred policies on hundreds of millions of people: they are weeded out on logs, and the few that are left go through a trial. For that the log must keep the chance of every show; it cannot be found again afterwards. And exploration is the only way in which a new creator is ever seen.

**Questions to think about**

1. The blind slice is paid for by those who get a blind film. Who should they be, and should they know?
2. An advertiser pays for each buyer who was shown the advertisement. Which audience will the platform's own optimiser find? Change the contract so that both want the same.
3. LinUCB serves about thirty people a film that was not made for their profile. Is the policy wrong about them, or the profile?
4. Our chances were right, because we wrote them down. How would you notice that a log's chances are not? (What should the weights' mean be?)

**Further reading**

- Li, Chu, Langford, Schapire: *A Contextual-Bandit Approach to Personalized News Article Recommendation*, 2010.
- Chapelle, Li: *An Empirical Evaluation of Thompson Sampling*, 2011.
- Dudík, Langford, Li: *Doubly Robust Policy Evaluation and Learning*, 2011.
- Swaminathan, Joachims: *The Self-Normalized Estimator for Counterfactual Learning*, 2015.
- Gao and others: *KuaiRand: An Unbiased Sequential Recommendation Dataset with Randomly Exposed Videos*, 2022.
"""
