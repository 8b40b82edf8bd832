# ---
# jupyter:
#   course:
#     id: "06"
#     title: Text to key frame
#     learner_minutes: 150
#     needs: any computer, no GPU
#     extras: ""
#   jupytext:
#     cell_markers: '"""'
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] name="title"
r"""
# 06 · Text to key frame

A film is planned in **key frames**: one picture for each shot, before anything moves. In this lesson a sentence, Chinese or English, becomes such a picture: *a lake at dusk in the rain*, painted by a network that has to listen. The generator of lesson 03 could not: it painted what it liked. What is missing is **conditioning**, and it is missing twice, in the generator and in the discriminator.

**After this lesson you can**

1. let a generator hear a sentence, by concatenation and by normalisation, and say what either can do;
2. make a discriminator ask whether picture and sentence belong together;
3. average weights, truncate noise, travel from one sentence to another;
4. find out whether a generator listens, whether it repeats itself, and whether it copies.

**You need** lessons 02 (losses) and 03 (convolutions, a first image GAN); lesson 04 built the text encoder. No GPU: the longest cell trains for about half a minute.
"""

# %% name="setup"

# %% name="imports"
import warnings

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from IPython.display import display

from course_lib.data import figure, figures
from course_lib.film.keyframes import KeyframeSource
from course_lib.film.make import prepare_film
from course_lib.gan import keyframe_judge, keyframe_model, keyframe_training
from course_lib.gan.keyframe_data import Stills, to_bytes, to_pictures
from course_lib.gan.keyframe_nets import BatchNormBlock, KeyframeGenerator
from course_lib.notebook import ask
from course_lib.notebook.live import Live, sheet
from course_lib.notebook.players import photo
from course_lib.profiles import pick
from course_lib.scenery import captions as grammar
from course_lib.scenery import vocabulary

torch.set_num_threads(1)  # such small networks are faster on one core

# %% [markdown] name="the-world"
r"""
## 1 · A world in which 'right' can be counted

The pictures are single frames of the course's landscapes, 32x32 pixels: seven **places**, four **times** of day, four kinds of **weather**. Each comes with a sentence that says these three, worded in many ways. One in seven of the combinations is *held out*: never trained on.

*What to look for:* read a sentence, then find its picture. Which weather is hard to see in so few pixels?
"""

# %% name="real-stills"
count = pick(smoke=40, quick=300, full=300)
test = Stills("scenery", "validation", count, seed=3)
real, labels, texts = test.pictures(), test.labels(), test.captions()
for text in texts[:4]:
    print(text)
photo(sheet(to_bytes(real[:16]), columns=8, scale=3))

# %% [markdown] name="the-plain-world"
r"""
Beside it stands a plainer world, that of lesson 07: one **shape** of four, in one **colour** of six and one **size** of two, standing still. There an idea is seen at a glance; among landscapes it is seen at work. *What to look for:* three things can be asked for here, too. What is left to the noise?
"""

# %% name="real-shapes"
plain = Stills("shapes", "validation", pick(smoke=16, quick=200, full=200), seed=3)
plain_real, plain_texts = plain.pictures(), plain.captions()
for text in plain_texts[:3]:
    print(text)
photo(sheet(to_bytes(plain_real[:16]), columns=8, scale=2))

# %% [markdown] name="judge-intro"
r"""
**First the instrument.** Does a picture show what was asked for? A **judge**, a small network that has learnt from real frames only, reads place, time and weather. It is never part of any training, else a generator would learn to please it.

The course has a judge of *clips*. Can it be shown a still, eight times over? We measured before we trusted. *What to look for:* the row in which it fails, and what we did about it. Why that row?
"""

# %% name="judge-table"
print(f"{'real stills, read right':<26}{'judge of clips':>16}{'judge of stills':>17}")
for name in ("place", "time", "weather"):
    one, other = (
        figure("keyframe", f"{judge}: {name}", "scenery, validation")
        for judge in ("judge of clips", "judge of stills")
    )
    print(f"{name:<26}{one:>16.3f}{other:>17.3f}")

# %% [markdown] name="judge-answer"
r"""
<details><summary>Answer</summary>

Rain is known by its *falling*. In a clip in which nothing moves the judge of clips takes many rainy scenes for cloudy ones: with it, a perfect generator of stills would never have scored well in weather. So a judge of stills was trained, in under two CPU minutes, on all combinations (the held-out ones too: an instrument may know more than what it measures).

</details>

### Counting

The judge gives, for each attribute, a table of probabilities: a row for each picture, a column for each word. *Right* means: the likeliest word is the one that was asked for. A film needs *all* attributes right at once.
"""

# %% exercise="gan.keyframe.attribute_accuracy"

# %% name="judge-shown"
judge = keyframe_judge.load("scenery")
print(
    "real pictures:",
    {name: round(share, 3) for name, share in attribute_accuracy(judge.probabilities(real), labels).items()},
)

# %% [markdown] name="the-end-first"
r"""
**The end first.** Here is the generator that the course ships. Type a sentence with a place, a time and a weather; it paints eight pictures, each from other noise, and the judge says what it sees in the first. Then try one without weather, or with a word that no caption had.
"""

# %% name="try-it"
model = keyframe_model.load("scenery")


def paint_for(text):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        made = model.sample([text] * 8, seed=3)
    for note in said:
        print(note.message)
    print("the judge reads in the first:", ", ".join(judge.read(made[:1])[0].values()))
    display(photo(sheet(to_bytes(made), columns=8, scale=3)))


ask(paint_for, "黄昏的雪山，满天都是云。", "Paint eight pictures")

# %% [markdown] name="shapes-intro"
r"""
A second generator of the same build has learnt the plain world. *What to look for:* each column is a colour, each row a shape, and the sentence always says *large*. Below is what the judge of that world reads in 500 of its pictures, of combinations that were trained on and of held-out ones. Which of the three does it hear worst, and why that one?
"""

# %% name="shapes-painted"
drawn, plain_judge = keyframe_model.load("shapes"), keyframe_judge.load("shapes")
wanted = [
    f"a large {colour} {shape} stays where it is"
    for shape in plain.attributes["shape"]
    for colour in plain.attributes["colour"]
]
for split, variant in (("trained on", "validation"), ("held out", "held-out")):
    shares = {
        name: figure("keyframe", name, f"run: shapes | {variant}")
        for name in ("shape", "colour", "size", "all")
    }
    print(f"{split:<11}", "  ".join(f"{name} {share:.2f}" for name, share in shares.items()))
photo(sheet(to_bytes(drawn.sample(wanted, seed=2)), columns=6, scale=2))

# %% [markdown] name="shapes-answer"
r"""
<details><summary>Answer</summary>

The shape. A colour is seen in every pixel and a size in many; a square differs from a circle in a few pixels of the rim, so the discriminator learns to ask for it last, and the generator later still. It trained for under eight CPU minutes; of a combination that it never saw it draws the right shape six times in ten, with a guess it would be one in four. Lesson 07 trains longer, and gives its discriminator heads that ask for each attribute by itself.

</details>
"""

# %% [markdown] name="article"
r"""
## 2 · What the article says

Its diagram draws an arrow from the text to the key frames, and one from there to the video. In the formulas and the program the arrow is gone: the generator is $G(z)$, the discriminator $D(x)$, and the sentence appears in neither. In our words, and with a network of the right size:
"""

# %% name="article-program"
torch.manual_seed(0)
painter = KeyframeGenerator(listens="nothing")


def key_frame(sentence, noise):
    """The sentence comes in, is made numbers, and ..."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        numbers = model.text([sentence])
    with torch.no_grad():
        return painter(numbers, noise)


# %% [markdown] name="article-check-intro"
r"""
It runs, it returns a picture, nothing complains. There is one question that finds the fault at once, whatever the program: **change an input; does the output change?**
"""

# %% name="article-fails"
noise = keyframe_model.noise_of(1, seed=1)
one, other = key_frame("A desert at noon.", noise), key_frame("A city at night, in the snow.", noise)
with expect_failure(AssertionError, match="same picture"):
    assert (one - other).abs().max() > 0, "two sentences, the same picture"

# %% [markdown] name="article-trained-intro"
r"""
Would it help to train it? We did, with as much time as every other design in section 6. Its pictures become landscapes, but *which* landscape is decided by the noise. *What to look for:* its row against pure chance. Chance is worked out in the cell: deal the sentences out again at random, and count how often a real picture happens to fit.
"""

# %% name="article-chance"
shuffled = np.stack([np.random.default_rng(k).permutation(labels) for k in range(200)])
chance = {name: (shuffled[:, :, k] == labels[:, k]).mean() for k, name in enumerate(test.attributes)}
chance["all"] = (shuffled == labels).all(2).mean()
print(f"{'':<34}" + "".join(f"{name:>9}" for name in chance))
print(f"{'chance':<34}" + "".join(f"{share:>9.2f}" for share in chance.values()))
variant = "run: nothing hears the sentence | validation"
print(
    f"{'trained, nobody hears the sentence':<34}"
    + "".join(f"{figure('keyframe', name, variant):>9.2f}" for name in chance)
)

# %% [markdown] name="article-cause"
r"""
**The cause.** A network computes what its inputs and its loss make it compute. The sentence is no input, so it cannot matter. And if it were an input of $G$ alone? $D$ would still ask only *is it real?*, and any real-looking picture would win: the sentence would be a second kind of noise. So the repair has two halves: $G(z, c)$ in section 3, $D(x, c)$ in section 4.

## 3 · The generator listens

Lesson 04's encoder makes 64 numbers of a sentence. With 32 numbers of noise they go through two small layers: that is the **condition** $c$, 96 numbers. Now it has to reach the picture, which grows from a 4x4 map to 8, 16, 32.

### Way one: concatenation

Set the numbers of the condition beside the feature map, as channels that are the same everywhere. The next convolution can then use them (Reed and others, 2016).
"""

# %% exercise="gan.keyframe.concatenated"

# %% [markdown] name="concat-algebra"
r"""
What can it do with them? A convolution is linear, so it splits into a part that sees the map and a part that sees the constant channels. The second part gives, away from the border, the same number at every position:

$$\text{conv}([x, c]) = \text{conv}_x(x) + W c.$$

**Concatenation shifts.** The sentence can add to a channel, everywhere alike; it cannot turn one up or down. *What to look for:* the difference between the two sides of the formula, inside and at the border (where the window hangs over the edge).
"""

# %% name="concat-shifts" tags=["nbval-check-output"]
torch.manual_seed(0)
conv = torch.nn.Conv2d(4 + 3, 5, 3, padding=1, bias=False)
x, c = torch.randn(1, 4, 8, 8), torch.randn(1, 3)
with torch.no_grad():
    whole = conv(concatenated(x, c))
    split = (
        F.conv2d(x, conv.weight[:, :4], padding=1)
        + (conv.weight[:, 4:].sum((2, 3)) @ c[0])[None, :, None, None]
    )
gap = (whole - split).abs()
print(f"inside: {gap[..., 1:-1, 1:-1].max() < 1e-5}   at the border: {gap.max() < 1e-5}")

# %% [markdown] name="norm-intro"
r"""
### Way two: normalise, then let the sentence scale and shift

Batch normalisation makes every channel's mean 0 and its variance 1, and then scales and shifts it by two learnt numbers. Make those two numbers **a function of the condition** (de Vries and others, 2017), and a sentence can switch a channel off, turn it up, or reverse it:

$$y_{k} = (1 + \gamma_k(c))\,\frac{x_k - \mu_k}{\sqrt{\sigma_k^2 + \epsilon}} + \beta_k(c).$$

$\gamma$ and $\beta$ come from a linear layer that starts near 0: at first the sentence says nothing, and nothing breaks.
"""

# %% exercise="gan.keyframe.conditional_batch_norm"

# %% [markdown] name="company-intro"
r"""
**A trap.** $\mu$ and $\sigma$ are taken over the *batch*. *What to look for:* the same map, with the same condition, in two different companies.
"""

# %% name="company" tags=["nbval-check-output"]
chance_ = torch.Generator().manual_seed(0)
mine, night, snow = (torch.randn(1, 6, 4, 4, generator=chance_) for _ in range(3))
zeros = torch.zeros(2, 6)
first = conditional_batch_norm(torch.cat([mine, night]), zeros, zeros)[0]
second = conditional_batch_norm(torch.cat([mine, 3 + snow]), zeros, zeros)[0]
print(f"while training: the same map differs by {(first - second).abs().max():.2f}")
block = BatchNormBlock(6, 4, 96).eval()
with torch.no_grad():
    a = block(torch.cat([mine, night]), torch.zeros(2, 96))[0]
    b = block(torch.cat([mine, 3 + snow]), torch.zeros(2, 96))[0]
print(f"with running means instead: {(a - b).abs().max():.2f}")

# %% [markdown] name="film-layer"
r"""
A picture that depends on its neighbours in the batch is no good when a user asks for one. So batch normalisation keeps **running means** for later. And there is a simpler way: normalise each *pixel* over its channels, $x / \sqrt{\text{mean}_k\,x_k^2}$, which needs no batch at all, and keep the scale and shift that the sentence decides. Scale and shift by a condition, whatever the normalisation, is called **FiLM**, feature-wise linear modulation (Perez and others, 2018). The shipped generator is of this kind.

**Who decides what?** There are three doublings, and each hears the condition. So let one sentence speak to the first ones and another to the rest. *What to look for:* move `first_blocks` from 0 to 3. Which doublings decide about the *place*, which about *light and colour*? (Block 0 is the 4x4 map at the start.)
"""

# %% name="who-decides"
A, B = "A snowy mountain at noon, under a clear sky.", "黄昏的大海，天气晴朗。"


def mixed(first_blocks, seed):
    noise = keyframe_model.noise_of(6, seed)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        G = model.painter.generator
        heard = [G.condition(model.text([said] * 6), noise) for said in (A, B)]
        x = F.leaky_relu(G.start(heard[0]), 0.2).unflatten(1, (-1, 4, 4))
        for number, block in enumerate(G.blocks):
            x = block(x, heard[0] if number < first_blocks else heard[1])
        made = torch.cat(
            [
                model.paint(model.text([A] * 6), noise),
                torch.tanh(G.out(x)),
                model.paint(model.text([B] * 6), noise),
            ]
        )
    plt.figure(figsize=(9, 4.2))
    plt.imshow(sheet(to_bytes(made), columns=6, scale=3))
    plt.yticks([48, 147, 246], ["all hear A", f"start and first {first_blocks}: A", "all hear B"])
    plt.xticks([])
    plt.title("A: a snowy mountain at noon, clear     B: the sea at dusk, clear", fontsize=10)
    plt.show()


explore(mixed, first_blocks=(0, 3, 1, 1), seed=(0, 20, 1, 4))

# %% [markdown] name="discriminator-reads"
r"""
## 4 · The discriminator reads

What should $D$ compute? Let $p$ be real and $q$ generated pictures $x$ with labels $y$. The best logit is the logarithm of a ratio (lesson 01), and a joint probability splits in two:

$$\log\frac{p(x, y)}{q(x, y)} = \log\frac{p(x)}{q(x)} + \log\frac{p(y \mid x)}{q(y \mid x)}.$$

*Is it real?* plus *does the label fit?* If a softmax on features $\phi(x)$ is a fair model of $p(y \mid x)$ and of $q(y \mid x)$, the logarithm of either is a row of numbers for the word $y$ times $\phi(x)$, less a term without $y$, which the first part can take over. So the second part is an **inner product of the features with a row for the word** (Miyato and Koyama, 2018), here scaled by $\sqrt d$ and summed over the attributes:

$$o(x, y) = w\cdot\phi(x) + b + \frac{1}{\sqrt d}\sum_{\text{attributes } a} v_{a, y_a}\cdot\phi(x).$$
"""

# %% exercise="gan.keyframe.class_logit"

# %% [markdown] name="text-instead"
r"""
Labels have to be known. A sentence is there anyway: so let the text encoder make the row, $v(c)$, instead of looking it up. Everything else stays. (Lesson 07 builds that form; here it is used.) It can also be told what no label says: *heavy* snow, *towering* peaks. And $D$ has a text encoder of its own: the generator's could be turned into one that tells $D$ nothing.

### Wrong sentences

How does $D$ *learn* to look at the sentence? Real pictures come with right sentences, and generated ones are unreal anyway: it can win without reading a word. So it is shown **real pictures with somebody else's sentence** and has to put them below the same pictures with their own (Reed and others, 2016). The same picture twice: how real it is cancels out, and only the fit is left to learn.
"""

# %% exercise="gan.keyframe.mismatched_loss"

# %% [markdown] name="logits-intro"
r"""
*What to look for:* the discriminator of a small training that was stopped after 900 steps, some forty CPU seconds. Each dot is a real picture: across, its logit with its own sentence; upwards, with another one. On which side of the line do the dots lie, and what do the pictures have in common where it fails?
"""

# %% name="logits"
young = keyframe_training.KeyframeTraining.start_from(
    keyframe_model.start_file(),
    steps=pick(smoke=2, quick=500, full=500),
    clips=pick(smoke=40, quick=400, full=400),
)
D = young.D
ids, lengths = (torch.as_tensor(part) for part in young.feed.vocabulary.encode(texts))
batch = {"pictures": real, "ids": ids, "lengths": lengths, "labels": torch.as_tensor(labels)}
who, differs = keyframe_training.wrong_captions(batch)
with torch.no_grad():
    features, caption = D.trunk(real), D.caption(batch)
    right, wrong = D.logit(features, caption), D.logit(features, caption[who])
shared = (labels == labels[who.numpy()]).sum(1)
plt.figure(figsize=(4.6, 4.2))
for k, name in enumerate(("none", "one", "two")):
    chosen = shared == k
    plt.scatter(right[chosen], wrong[chosen], s=12, label=name, color=f"C{k}")
low, high = right.min() - 1, right.max() + 1
plt.plot([low, high], [low, high], "k--", lw=1)
plt.xlabel("logit with its own sentence")
plt.ylabel("logit with another sentence")
plt.legend(title="attributes shared", fontsize=8)
plt.show()
for k, name in enumerate(("none", "one", "two")):
    chosen = torch.as_tensor(shared == k)
    print(
        f"{name:<5} of the attributes shared: right above wrong in {(right > wrong)[chosen].float().mean():.2f}"
    )

# %% [markdown] name="training"
r"""
## 5 · Train it

One step, in `course_lib/gan/keyframe_training.py`, is what you know, put together: the generator paints a picture for each sentence; the discriminator puts real above generated with the same sentence (`relativistic_loss`, lesson 02), right sentences above wrong ones, and every eighth step pays a zero-centred penalty; the generator climbs above real, and every fourth step pays if two pictures of one sentence hardly differ. Before the game $D$ looks at real pictures alone for 300 steps (for 1,000 in the training of the shipped weights).

### The running mean

A generator in training swings: step after step it runs after a discriminator that runs after it. What is shown and shipped is the **running mean** of its weights, $m \leftarrow a\,m + (1 - a)\,w$. Which $a$? Think in **half-lives**: after $h$ steps a weight should count half, so $d = 2^{-1/h}$.

And the beginning? With $a = d$ from the first step on, $m$ starts as the *untrained* weights and drags them along for several half-lives. Instead ask for what a mean is: weights that add up to 1 over the steps there have been, $m_t = \sum_i d^{\,t-i} w_i \big/ \sum_i d^{\,t-i}$. This can be kept up step by step, with an $a$ that depends on $t$.
"""

# %% exercise="gan.keyframe.averaging_decay"

# %% [markdown] name="averaging-intro"
r"""
*What to look for:* one weight on its way from 0 to 1, swinging. The plain mean (dashed) remembers its start for a long time; yours is in the middle of the swinging from the first step on. Then move the half-life: what does a long one cost?
"""


# %% name="averaging"
def means(half_life):
    t = np.arange(400)
    weight = 1 - np.exp(-t / 60) + 0.35 * np.sin(t / 4) + 0.1 * np.random.default_rng(0).normal(size=400)
    plain = mean = weight[0] * 0 - 1.0  # where an untrained network happens to stand
    rows = []
    for step, value in enumerate(weight):
        plain = 0.5 ** (1 / half_life) * plain + (1 - 0.5 ** (1 / half_life)) * value
        stays = averaging_decay(step, half_life)
        mean = stays * mean + (1 - stays) * value
        rows.append((plain, mean))
    plt.figure(figsize=(8, 3))
    plt.plot(t, weight, color="lightgrey", label="the weight")
    plt.plot(t, [row[0] for row in rows], "C0--", label="the same decay from the first step on")
    plt.plot(t, [row[1] for row in rows], "C1", label="averaging_decay")
    plt.xlabel("step")
    plt.ylim(-1.1, 1.6)
    plt.legend(fontsize=8, loc="lower right")
    plt.show()


explore(means, half_life=(5, 120, 5, 40))

# %% [markdown] name="live-intro"
r"""
Now train on from there, live. The picture shows the seven places at four times of day, under a clear sky, anew every 25 steps. *What to look for:* dark and light come first, then colours, then forms. (The learning rate falls to 0 within these few steps, so that what you get is the best this little time can give.)
"""

# %% name="train-live"
wanted = [
    {"place": place, "time": time, "weather": "clear"}
    for time in vocabulary.TIMES
    for place in vocabulary.PLACES
]
asked = [grammar.caption(truth, "en", seed=5) for truth in wanted]
young_model = keyframe_model.KeyframeModel(young.average, young.feed.vocabulary, young.recipe)
before = young_model.sample(asked, seed=1)
few = pick(smoke=40, quick=300, full=300)
score_before = judge.accuracy(young_model.sample(texts[:few], 5), labels[:few])
live, begun = Live(columns=7, scale=2), young.step


def show(game, losses):
    """Every 25 steps, one picture of each place at each time."""
    if game.step % 25 == 0:
        share = (game.step - begun) / (game.recipe.steps - begun)
        made = young_model.sample(asked, seed=1)
        live(
            made.permute(0, 2, 3, 1).numpy(),
            f"step {game.step}, loss of D {losses['D']:.2f}, of G {losses['G']:.2f}",
            share,
        )


keyframe_training.fit(young, report=show)
score_after = judge.accuracy(young_model.sample(texts[:few], 5), labels[:few])
print(f"step {young.step} of the game; the judge reads right:")
for name in score_before:
    print(f"{name:<8} {score_before[name]:.2f} -> {score_after[name]:.2f}")

# %% name="train-live-shown"
after, shipped = young_model.sample(asked, seed=1), model.sample(asked, seed=1)
rows = torch.cat([before[7:14], after[7:14], shipped[7:14]])
plt.figure(figsize=(9, 4.2))
plt.imshow(sheet(to_bytes(rows), columns=7, scale=3))
plt.yticks([48, 147, 246], ["the start", "after your training", "shipped"])
plt.xticks(np.arange(7) * 99 + 48, [place.replace(" ", "\n") for place in vocabulary.PLACES], fontsize=8)
plt.title("noon, clear", fontsize=10)
plt.show()

# %% [markdown] name="ablation-intro"
r"""
## 6 · What each idea is worth

Small networks, the same steps, pictures and wordings for every design, one thing changed at a time (`course bench keyframe --train`). They are **young**, about two CPU minutes each, so that you can repeat them; the first row is the shipped generator, larger and trained for twenty-two. *All* counts pictures in which place, time and weather are right; *held out* the same for combinations never trained on. The **Fréchet distance** compares generated and real pictures as sets, in the judge's 128 features (lesson 03 used it, lesson 07 builds it); it means something only beside its **floor**, real against real.

*What to look for:* the row in which nobody listens. Then the two rows of FiLM, which differ only in their seed: differences smaller than theirs say nothing. Which ideas matter more than luck?
"""

# %% name="ablation"
table = {}
for row in figures("keyframe"):
    if row["variant"].startswith("run: ") and not row["variant"].startswith("run: shapes"):
        name, part = row["variant"][5:].split(" | ")
        table.setdefault(name, {})[row["metric"], part] = row["value"]
print(
    f"{'':<33}{'steps':>6}{'CPU s':>7}{'place':>7}{'time':>7}{'weather':>9}{'all':>6}{'held out':>10}{'distance':>10}{'diversity':>11}"
)
for name, row in table.items():
    seen = "".join(
        f"{row[metric, 'validation']:>{wide}.2f}"
        for metric, wide in (("place", 7), ("time", 7), ("weather", 9), ("all", 6))
    )
    print(f"{name:<33}{row['training', 'steps']:>6.0f}{row['training', 'seconds']:>7.0f}{seen}{row['all', 'held-out']:>10.2f}"
          f"{row['frechet', 'validation']:>10.0f}{row['diversity', 'validation']:>11.3f}")  # fmt: skip
some = table["FiLM"]
print(
    f"real pictures: distance to other real ones (the floor) {some['floor', 'validation']:.1f}, diversity {some['real diversity', 'validation']:.3f}"
)

# %% [markdown] name="ablation-read"
r"""
<details><summary>What we read in it</summary>

- **Nobody listens**: chance in every attribute, whatever else is done right.
- **How the discriminator reads** matters most. By concatenation it tells the times of day apart and hardly a place: .19 of the pictures are right, by projection .61 and .73. By labels it is .84: a table of rows need not learn to read first. (It also needs somebody who labels every picture.)
- **No wrong captions**: .40. The discriminator *may* read, but gains little by it, and learns to read later. That is .27 less than the two seeds of FiLM have on average, and those two differ by .11.
- **How the generator listens**: concatenation, conditional batch normalisation and FiLM are within luck of each other, .66, .70, .61 and .73. Whoever ranks them from one run each reads tea leaves; we ran them for half a minute first and for two minutes then, and the order changed.
- *Diversity* far above that of real pictures of one sentence is no praise: a picture that does not know what it should show may show anything.

</details>

**The order of learning.** *What to look for:* the curve of the shipped training. What comes first, what last, and why? (From the middle on its learning rate falls.)
"""

# %% name="order"
plt.figure(figsize=(7, 3.2))
for metric, colour in (("time", "C1"), ("weather", "C2"), ("place", "C0"), ("all", "black")):
    points = sorted(
        (float(part.split()[0]), value)
        for (kind, part), value in table["shipped"].items()
        if kind == f"curve: {metric}"
    )
    plt.plot(*zip(*points), "--" if metric == "all" else "-", label=metric, color=colour)
plt.xlabel("CPU seconds on one core")
plt.ylabel("read right by the judge")
plt.ylim(0, 1.02)
plt.legend(fontsize=8, loc="lower right")
plt.show()

# %% [markdown] name="mean-intro"
r"""
A time of day is a colour that is seen in every pixel; snow is a texture; a mountain, a city and a forest differ in outlines of a few pixels.

**And the running mean?** The same shipped training, its last weights against their mean. *What to look for:* the judge sees no difference any more, since the learning rate has fallen to 0 and the weights have come to rest. The distance still does.
"""

# %% name="mean-table"
print(f"{'shipped':<24}{'all':>6}{'distance':>10}")
for name, part in (("the last weights", "itself"), ("their running mean", "validation")):
    print(f"{name:<24}{table['shipped']['all', part]:>6.2f}{table['shipped']['frechet', part]:>10.1f}")

# %% [markdown] name="truncation-intro"
r"""
## 7 · The noise: ordinary or rare, here or there

Noise near 0 is common in training, noise far out is rare, and badly learnt. **Truncation** (Brock and others, 2019) gives up the rare: draw again every number whose size is over a limit. Pictures become better on average, and more alike. Drawing again has a drawback: another limit is another picture. Instead map each number to the one at the *same quantile* of the truncated distribution: the distribution is the same, and picture 5 stays picture 5.

With $\Phi$ the normal distribution function (`torch.special.ndtr`; `ndtri` goes back), $u = \Phi(z)$ is between 0 and 1. What lies within the limit has quantiles from $\Phi(-t)$ to $1 - \Phi(-t)$.
"""

# %% exercise="gan.keyframe.truncated"

# %% [markdown] name="truncation-picture-intro"
r"""
*What to look for:* each column is one noise, each row a limit. When do the columns become alike?
"""

# %% name="truncation-picture"
sentence, z = "A lake at dawn, under a clear sky.", keyframe_model.noise_of(8, seed=6)
limits = (3.0, 1.0, 0.5, 0.1)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    heard = model.text([sentence] * 8)
made = torch.cat([model.paint(heard, truncated(z, limit)) for limit in limits])
plt.figure(figsize=(9, 4.8))
plt.imshow(sheet(to_bytes(made), columns=8, scale=3))
plt.yticks(np.arange(4) * 99 + 48, [f"limit {limit}" for limit in limits])
plt.xticks([])
plt.show()

# %% [markdown] name="truncation-curve-intro"
r"""
Quality against diversity, measured (`course bench keyframe`, 500 pictures a point). *What to look for:* go along the curve from right to left. What is gained, what is paid, and what does the Fréchet distance say of it: it knows both.
"""

# %% name="truncation-curve"
names = {None: "none", 2.0: "2", 1.5: "1.5", 1.0: "1", 0.7: "0.7", 0.4: "0.4", 0.2: "0.2"}
points = {}
for limit in names:
    variant = "shipped, validation" + (f", limit {limit}" if limit else "")
    points[limit] = [figure("keyframe", metric, variant) for metric in ("diversity", "all", "frechet")]
true = figure("keyframe", "real diversity", "shipped, validation")
figure_, axes = plt.subplots(1, 2, figsize=(9.5, 3.4))
for one, column, label in zip(axes, (1, 2), ("all three right", "Fréchet distance")):
    one.plot([p[0] for p in points.values()], [p[column] for p in points.values()], "o-", color="C0")
    for limit, p in points.items():
        one.annotate(names[limit], (p[0], p[column]), textcoords="offset points", xytext=(4, 6), fontsize=8)
    one.axvline(true, color="grey", ls=":", lw=1)
    one.set(xlabel="diversity of two pictures of one sentence", ylabel=label)
axes[0].set_title("numbers: the limit; dotted: real pictures", fontsize=9)
plt.show()

# %% [markdown] name="truncation-read"
r"""
<details><summary>Answer</summary>

With a smaller limit more pictures show what was asked for, from 99 in a hundred to all. There is little to gain: this generator has been trained until its rare noise is good, too. (An earlier one, with a quarter of the steps, had .85 and gained six in a hundred; its distance fell by a seventh on the way to a limit of 1.) Now the Fréchet distance gains a hair at a limit of 2, less than another seed would change, and then only pays: real pictures of one sentence differ, and those of a small limit do not. Accuracy alone would have told you to paint one picture for ever.

</details>
"""

# %% [markdown] name="slerp-intro"
r"""
### From one noise to another

32 normal numbers have a length of about $\sqrt{32} = 5.7$, nearly always: noise lives on a shell. Halfway on the *straight* line between two of them the length is about 4: a noise that the generator has hardly ever seen. So one travels along the sphere. With $\omega$ the angle between $a$ and $b$:

$$\text{slerp}(a, b, s) = \frac{\sin((1 - s)\,\omega)}{\sin\omega}\,a + \frac{\sin(s\,\omega)}{\sin\omega}\,b.$$
"""

# %% exercise="gan.keyframe.slerp"

# %% name="slerp-lengths" tags=["nbval-check-output"]
a, b = keyframe_model.noise_of(2, seed=8)
s = torch.linspace(0, 1, 5)
print("on the sphere:", *(f"{length:.1f}" for length in slerp(a, b, s).norm(dim=1)))
print("straight:     ", *(f"{length:.1f}" for length in ((1 - s[:, None]) * a + s[:, None] * b).norm(dim=1)))

# %% [markdown] name="sentences-intro"
r"""
### From one sentence to another

The 64 numbers of a sentence can be travelled, too: a straight line, for the generator normalises them anyway. *What to look for:* to the right the **sentence** changes, from the first to the second; downwards only the **noise**. Does the one change what is asked for and the other everything else? Where, on the way, does the desert become a lake: all at once, or by degrees? And is every first picture a desert?
"""


# %% name="sentences"
def between(first, second, seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start, end = model.text([first, second])
    across, down = torch.linspace(0, 1, 8), torch.linspace(0, 1, 4)
    noises = slerp(*keyframe_model.noise_of(2, seed), down)
    heard = (1 - across[:, None]) * start + across[:, None] * end
    made = model.paint(heard.repeat(4, 1), noises.repeat_interleave(8, 0))
    plt.figure(figsize=(9, 4.8))
    plt.imshow(sheet(to_bytes(made), columns=8, scale=3))
    plt.yticks([48, 345], ["one noise", "another"])
    plt.xticks([48, 741], ["first sentence", "second"])
    plt.show()


between("A desert at noon, under a clear sky.", "A lake at dusk, under a clear sky.", seed=4)

# %% [markdown] name="sentences-shapes-intro"
r"""
The same in the plain world, where one word changes, the colour. *What to look for:* does the shape stay what it is on the way? And what is a sentence halfway between *red* and *blue*: purple, or one of the two?
"""

# %% name="sentences-shapes"
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    start, end = drawn.text([f"a large {colour} star stays where it is" for colour in ("red", "blue")])
share = torch.linspace(0, 1, 8)[:, None]
noises = slerp(*keyframe_model.noise_of(2, 4), torch.linspace(0, 1, 3))
made = drawn.paint(((1 - share) * start + share * end).repeat(3, 1), noises.repeat_interleave(8, 0))
photo(sheet(to_bytes(made), columns=8, scale=2))

# %% [markdown] name="sentences-shapes-read"
r"""
<details><summary>Answer</summary>

The star stays where it is, but halfway it goes to pieces, and one does not come together again. The pieces are red and blue, hardly any is purple: nothing in its training says what lies between two sentences.

</details>
"""

# %% [markdown] name="copies-intro"
r"""
## 8 · Does it copy?

A generator that had learnt the training pictures by heart would pass every test so far. So look up, for each generated picture, the **nearest real ones that it was trained on**. Distance in pixels would find the same sky; the judge's features find the same *scene*. All pairs at once, without a loop: $|q - b|^2 = |q|^2 - 2\,q\cdot b + |b|^2$.
"""

# %% exercise="gan.keyframe.nearest_neighbours"

# %% name="copies-find"
trained_on = to_pictures(young.feed.bytes.reshape(-1, 32, 32, 3)[:: pick(smoke=8, quick=2, full=2)])
base = judge.describe(trained_on)
made = model.sample(texts, seed=9)
indices, near = nearest_neighbours(judge.describe(made), base, 3)
_, near_real = nearest_neighbours(judge.describe(real), base, 1)
print(f"{len(trained_on)} training pictures searched; distance to the nearest of them, median:")
print(
    f"  of a generated picture {np.median(near[:, 0]):.2f}   of a fresh real picture {np.median(near_real):.2f}"
)

# %% [markdown] name="copies-show"
r"""
How near is near? The second number is the yardstick: a *fresh* real picture, which cannot be a copy, has a nearest training picture too. Copies would be far below it. *What to look for:* in each column a generated picture, below it its three nearest. The same scene, or the same picture? (Only a part of the training set is searched here: 4,000 clips were used for the shipped weights.)
"""

# %% name="copies-picture"
closest = np.argsort(near[:, 0])[:8]
rows = torch.cat([made[closest], *(trained_on[indices[closest, k]] for k in range(3))])
plt.figure(figsize=(9, 4.8))
plt.imshow(sheet(to_bytes(rows), columns=8, scale=3))
plt.yticks(np.arange(4) * 99 + 48, ["generated", "nearest", "second", "third"])
plt.xticks([])
plt.title("the eight generated pictures that come nearest to a training picture", fontsize=10)
plt.show()

# %% name="copies-shapes"
plain_set = Stills("shapes", "train", pick(smoke=60, quick=2000, full=3000))
plain_base = plain_set.pictures()
plain_made = drawn.sample(plain_texts, seed=9)
indices, near_plain = nearest_neighbours(
    plain_judge.describe(plain_made), plain_judge.describe(plain_base), 3
)
closest = np.argsort(near_plain[:, 0])[:8]
rows = torch.cat([plain_made[closest], *(plain_base[indices[closest, k]] for k in range(3))])
print("shapes: above a generated picture, below it its three nearest")
photo(sheet(to_bytes(rows), columns=8, scale=2))

# %% [markdown] name="copies-read"
r"""
<details><summary>Answer</summary>

Same scenes, other pictures: the generated ones lie as far from the training set as fresh real ones do, within two in a hundred. Copies would lie near 0. It is no praise by itself: a blurred picture that is like nothing real would be far away, too. So look at both, at the distance and at the pictures.

</details>
"""

# %% [markdown] name="in-the-film"
r"""
## 9 · In the film

Anything that has `clip` and `credit` can be the film's camera. `KeyframeSource` asks your sentence's shots of the generator: for each shot twelve pictures in various words, of which it takes the one in which the judge is surest to see what the shot should show. (That the judge *chooses* is fair; that we then quote the judge would not be. Look yourself.) The camera moves slowly closer, since the picture cannot move.

*What to look for:* the same film as in lesson 00, with voice and music and subtitles, but no program has painted these places. Is each shot the place and the hour it should be? They are very soft: 32 pixels stretched over a whole screen, of which the film's shape cuts off nearly half. As a plan of the film that is enough, as the film it is not: lesson 07 makes pictures move, lesson 09 makes them sharper.
"""

# %% name="film"
painted = KeyframeSource(model, judge)
film = prepare_film(
    "清晨我们到了湖边，天气很好。中午穿过沙漠，天上没有云。傍晚，海边的晚霞很美。",
    pictures=painted,
    short_side=pick(smoke=90, quick=180, full=360),
)
shown = film.contact_sheet(6, columns=3, width=240)
print("how sure the judge was of each shot:", *(f"{sure:.2f}" for sure in painted.sure))
photo(shown)

# %% [markdown] name="summary"
r"""
## Summary

- A sentence matters only if it is an input *and* something is gained by it: the generator must hear, the discriminator must read. Change an input and see whether the output changes.
- Concatenation shifts; conditional normalisation scales and shifts. FiLM needs no batch, so a picture does not depend on its company.
- A projection is what the best logit looks like: *real?* plus *does it fit?* Wrong sentences make it learn the second.
- Show the mean of the weights, not the last ones. Truncation trades diversity for quality, and a distance to real pictures notices.
- Measure with a judge that was never trained against, check that judge on real pictures first, and look for copies.

**Why it matters at Kuaishou's scale.** Today's systems paint key frames with diffusion transformers, and they are conditioned in the ways of this lesson: scale and shift by the text and by the time step (FiLM under the name of adaptive layer norm), cross-attention beside it. Running means of the weights are shipped by all of them. 'Does it copy?' has become a question for courts, and is answered there with nearest neighbours, too.

**Questions to think about**

1. The discriminator has a text encoder of its own. What could go wrong if both players shared one, trained by both losses?
2. Why may the judge be trained on held-out combinations, and the generator not?
3. Somebody shows eight wonderful pictures. Which three questions do you ask?
4. The nearest training picture in *pixels* is often a plain sky. Why does that not prove copying, and what would?

<details><summary>Answers</summary>

1. The generator's loss could change the numbers by which the discriminator tells right sentences from wrong ones, until it cannot: a bribe. 2. The judge is a ruler: it must read combinations that the generator is tested on. The generator is what is tested. 3. How many were drawn to find these eight? What happens to the seeds and sentences nobody chose? What are the nearest training pictures? 4. Smooth pictures are close to everything smooth; a distance means something only beside that of fresh real pictures. Proof would be generated pictures far nearer to the training set than fresh real ones are, detail by detail.

</details>

**Further reading**

- Mirza, Osindero: *Conditional Generative Adversarial Nets*, 2014.
- Reed, Akata, Yan, Logeswaran, Schiele, Lee: *Generative Adversarial Text to Image Synthesis*, 2016.
- de Vries, Strub, Mary, Larochelle, Pietquin, Courville: *Modulating early visual processing by language*, 2017.
- Perez, Strub, de Vries, Dumoulin, Courville: *FiLM: Visual Reasoning with a General Conditioning Layer*, 2018.
- Miyato, Koyama: *cGANs with Projection Discriminator*, 2018.
- Brock, Donahue, Simonyan: *Large Scale GAN Training for High Fidelity Natural Image Synthesis*, 2019.
- Shoemake: *Animating Rotation with Quaternion Curves*, 1985.
"""
