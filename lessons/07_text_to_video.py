# ---
# jupyter:
#   course:
#     id: "07"
#     title: Text to video
#     learner_minutes: 180
#     needs: any computer; a GPU makes the training large
#     extras: ""
#   jupytext:
#     cell_markers: '"""'
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] name="title"
r"""
# 07 · Text to video

A sentence goes in, in Chinese or English; a clip comes out that nobody has filmed or rendered. This is the heart of the course, and of both articles: their diagrams promise it, none of their code does it. We build it from pieces small enough to be understood one by one, train it **on a CPU**, and measure it with a judge that knows what was asked for.

**After this lesson you can**

1. say what content and motion are, and build a generator that draws the first once and the second in every frame;
2. make a discriminator that sees time and reads the caption;
3. train both with a budget in minutes, stop, and go on;
4. tell a good generator from one that has learnt to please, with several numbers instead of one.

**You need** lesson 02 (losses and steps). Lesson 04 built the text encoder that is used here; lesson 06, which comes before in the course, has the same ideas on single pictures. No GPU is needed: the longest cell trains for about half a minute.
"""

# %% name="setup"

# %% name="imports"
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from IPython.display import display

from course_lib.data import datasets, figure, figures
from course_lib.gan import checkpoints, judge, scores, training, video
from course_lib.gan.camera import WIDE
from course_lib.gan.discriminators import Discriminator
from course_lib.gan.generators import FrameGenerator, LayeredGenerator
from course_lib.gan.landscape import SHEETS
from course_lib.notebook import ask, beside, hand_in
from course_lib.notebook.live import Live
from course_lib.notebook.players import reel
from course_lib.profiles import pick
from course_lib.scenery import shapes
from course_lib.scenery.clips import Clips
from course_lib.scenery.clips_torch import to_tensor

torch.set_num_threads(1)  # such small networks are faster on one core

# %% [markdown] name="the-world"
r"""
## 1 · A world in which 'right' can be counted

Is this clip what the sentence asked for? For films of the real world people have to be asked. So we first learn in a world that is small but whole: **one shape, one colour, one size, one motion** (4 x 6 x 2 x 8 = 384 combinations), filmed by a program that knows what it draws. Each clip has eight frames of 32x32 and a caption in one of the two languages, worded in many ways.

One in five of the triples of shape, colour and motion is **held out**: never trained on, in no clip and no caption. Whoever can make those has understood the parts, and has not learnt clips by heart.

*What to look for:* the backgrounds tell almost nothing about the caption (a yellow shape never lies on a bright one: it could not be seen). *Left* and *right* show the same pictures: only their order tells them apart.
"""

# %% name="real-clips"
real_set = Clips("shapes", "train", 16, seed=7)
batch = real_set.batch(range(16))
for caption in batch.captions[:4]:
    print(caption)
reel(batch.clips, columns=8, title="sixteen rendered clips")

# %% [markdown] name="the-end-first"
r"""
**The end first.** This is the generator that the course ships: trained for 21 minutes on one core of a CPU, 0.7 MB in size. Type a sentence and press the button; it makes eight clips of it, each from other noise. Try a word that no caption ever had, such as *crimson*: it says what it took it for.
"""

# %% name="try-it"
model = video.load("shapes")


def clips_of(text):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        made = model.sample([text] * 8, seed=3)
    for note in said:
        print(note.message)
    display(reel(made, columns=8, zoom=3, title=text))


ask(clips_of, "一颗红色的五角星慢慢上升", "Make eight clips")

# %% [markdown] name="content-and-motion"
r"""
## 2 · Content and motion

Eight frames are not eight pictures. In all of them the same star is seen: what changes is only *where*. MoCoGAN (Tulyakov and others, 2018) made this its principle: a code for the **content**, drawn once a clip, and a code for the **motion**, one for each frame. A decoder then draws every frame anew from both codes.

We go one step on. What stays the same need not be *drawn* more than once either: a **background**, and a **cut-out** with transparency (*alpha*: 1 hides what lies below, 0 shows it), are drawn once, and the motion only says where the cut-out lies in each frame, and how large it is. Animated films were made like this, painted on clear sheets, for most of a century.

*What to look for:* the parts that the shipped generator put together for one sentence.
"""

# %% name="the-parts"
sentence = "a large yellow star goes round in a circle"
part = model.parts(sentence, seed=4)


def picture(tensor):
    """A tensor (3, height, width) in [-1, 1] as matplotlib shows it."""
    return (tensor.permute(1, 2, 0).clamp(-1, 1) / 2 + 0.5).numpy()


board = torch.tensor(((np.indices((32, 32)) // 4).sum(0) % 2) * 0.5 - 0.25, dtype=torch.float32).expand(
    3, 32, 32
)
figure_, axes = plt.subplots(1, 4, figsize=(10, 2.7))
axes[0].imshow(picture(part["background"][0]))
axes[1].imshow(picture(part["colour"][0] + (1 - part["alpha"][0]) * board))
axes[2].imshow(part["alpha"][0, 0], cmap="gray", vmin=0, vmax=1)
x, y = part["shift"][0].T
axes[3].plot(x, y, "o-", color="C1")
axes[3].plot(x[0], y[0], "o", color="C0", ms=9)
axes[3].set(xlim=(-1, 1), ylim=(1, -1), aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
for one, name in zip(axes, ("background", "cut-out", "its alpha", "path (blue: first frame)")):
    one.set_title(name)
    if one is not axes[3]:
        one.axis("off")
plt.show()

# %% [markdown] name="over-intro"
r"""
### Laying one picture over another

A pixel of the cut-out that is half clear lets half of the background through. The cut-out's colours are stored **already multiplied** by their alpha (Porter and Duff, 1984), because then moving and blending them leaves no dark rim. So only the background has to be weakened:

$$\text{seen} = \text{colour} + (1 - \alpha)\,\text{below}.$$
"""

# %% exercise="gan.layers.over"

# %% [markdown] name="place-intro"
r"""
### Placing the cut-out

A point $q$ of the cut-out is shown at $p = s\,q + t$: scale $s$, shift $t$. To paint the frame we need it the other way round: for each pixel $p$ of the *frame*, where in the cut-out does its colour come from? Solve for $q$. `affine_grid` takes a matrix with two rows, $[a, b, c]$ for $q_x = a\,p_x + b\,p_y + c$ and the same for $q_y$; `grid_sample` then reads between the pixels. All of it has a gradient, so the *path* can be learnt like any weight.
"""

# %% exercise="gan.layers.place"

# %% [markdown] name="compose-intro"
r"""
With these two functions you can put the clip together by hand. *What to look for:* it is the generator's own clip.
"""

# %% name="compose" tags=["nbval-check-output"]
sheet = torch.cat([part["colour"], part["alpha"]], 1)
seen = place(sheet, part["shift"], part["scale"])
by_hand = over(seen[:, :, :3], seen[:, :, 3:], part["background"][:, None]).transpose(1, 2)
by_model = model.sample([sentence], seed=4)
print("shape:", tuple(by_hand.shape))
print("the generator's clip, to 1e-5:", bool(torch.allclose(by_hand, by_model, atol=1e-5)))

# %% name="compose-shown"
reel(by_hand, zoom=6, title=sentence)

# %% [markdown] name="motion-intro"
r"""
### Where the path comes from

A recurrent cell, the GRU of lesson 04, runs once a frame. Its **drive** is the same in every frame, the sentence and some noise; its **state** is what makes frame 5 differ from frame 4. A linear layer reads shift and scale off each state.
"""

# %% exercise="gan.layers.motion_states"

# %% [markdown] name="paths-intro"
r"""
*What to look for:* each line is one clip. That the cut-out *has* a path is our design; where it leads was learnt from the discriminator alone, clip by clip. Where a shape starts is left to the noise, as among real clips. In which of the six does the noise have too little to say?

<details><summary>Answer</summary>

The circle. Real ones begin anywhere on it; most of these begin at the lower right. No accuracy can see that.

</details>
"""

# %% name="paths"
WORDS = ("moves to the left", "rises", "goes round in a circle", "stays where it is", "grows", "shrinks")
figure_, axes = plt.subplots(1, 6, figsize=(12, 2.4))
for one, words in zip(axes, WORDS):
    for seed in range(pick(smoke=3, quick=12, full=12)):
        part = model.parts(f"a small blue circle {words}", seed)
        if words in ("grows", "shrinks"):
            one.plot(part["scale"][0] / part["scale"][0, 0], color="C1", lw=1)
            one.set(ylim=(0, 3.4), xlabel="frame", ylabel="size, first frame = 1")
        else:
            x, y = part["shift"][0].T
            one.plot(x, y, color="C1", lw=1)
            one.plot(x[0], y[0], ".", color="C0")
            one.set(xlim=(-1, 1), ylim=(1, -1), aspect="equal", xticks=[], yticks=[])
    one.set_title(words, fontsize=10)
plt.show()

# %% [markdown] name="cost-intro"
r"""
**What it saves.** MoCoGAN's decoder draws eight pictures a clip, ours one, and a quarter of one (the background has half the width and height). *What to look for:* the factor, on your machine, for one pass forward and back. With 16 frames it would be nearly twice as large.
"""

# %% name="cost"
text, cost = torch.zeros(16, 64), {}
for name, make in (("layers", LayeredGenerator), ("a decoder a frame", FrameGenerator)):
    generator = make()
    times = []
    for _ in range(pick(smoke=2, quick=4, full=4)):
        begin = time.process_time()
        generator(text, generator.noise(16)).square().mean().backward()
        times.append(time.process_time() - begin)
    cost[name] = min(times)
    size = sum(weight.numel() for weight in generator.parameters())
    print(f"{name:<18} {size:>8,} weights  {1000 * cost[name]:6.0f} ms for 16 clips")
print(f"factor {cost['a decoder a frame'] / cost['layers']:.1f}")

# %% [markdown] name="eyes-intro"
r"""
## 3 · A discriminator that sees time and reads

The discriminator has two eyes. One looks at a single frame, drawn at random: is this a sharp picture of a shape? The other looks at the whole clip. For a network of 2-D convolutions the simplest way to see time is to see all the frames at once: **as channels** of one picture, 8 x 3 = 24 of them. (3-D convolutions do it more finely, at about four times the cost on a CPU.)
"""

# %% exercise="gan.layers.stack_frames"

# %% [markdown] name="a-young-one"
r"""
For the next cells we need a discriminator that has learnt something. The course ships a *start*: a training that was stopped after one minute. Its discriminator has looked at 500 batches of real clips and then played 260 steps; its generator is as young.

*What to look for:* with the frames in a wrong order every single frame is as good as before. Which of the four attributes falls most? Why does it not fall to one in eight?
"""

# %% name="shuffled"
START = datasets("weights", "video-shapes-start.safetensors")
young = training.VideoTraining.start_from(
    START, steps=pick(smoke=2, quick=100, full=100), clips=pick(smoke=80, quick=2000, full=2000)
)
D = young.D
test = Clips("shapes", "validation", pick(smoke=40, quick=400, full=400), seed=3)
labels = torch.tensor([test.label_of(k) for k in range(len(test))])
clips = to_tensor(test.videos(range(len(test))))


def read_by_clip_eye(clips):
    """The share of clips of which the clip's eye reads each attribute right."""
    with torch.no_grad():
        tables = D.clip.read(D.clip.trunk(stack_frames(clips)))
    return {
        name: (t.argmax(1) == labels[:, k]).float().mean().item()
        for k, (name, t) in enumerate(tables.items())
    }


order = torch.tensor([3, 0, 6, 1, 7, 4, 2, 5])
for name, seen in (("in order", clips), ("shuffled", clips[:, :, order])):
    print(f"{name:<10}", "  ".join(f"{word} {share:.2f}" for word, share in read_by_clip_eye(seen).items()))

# %% [markdown] name="shuffled-answer"
r"""
<details><summary>Answer</summary>

Motion. But *orbit*, *still*, *grow* and *shrink* (as one pair) are still known by which pictures they are made of; *left* and *right*, *up* and *down* are not.

</details>
"""

# %% [markdown] name="projection-intro"
r"""
### Does it go with the text?

A logit says how real a clip is. A second part says whether it goes with *this caption*: the features of the clip, $\phi(x)$, and those of the caption, $\psi(c)$, are multiplied, number by number, and summed (Miyato and Koyama, 2018). The product is large where the two point the same way. Divided by $\sqrt d$, so that it does not grow with the number of features:

$$o(x, c) = w\cdot\phi(x) + b + \frac{\phi(x)\cdot\psi(c)}{\sqrt d}.$$
"""

# %% exercise="gan.layers.projection_logit"

# %% [markdown] name="projection-picture-intro"
r"""
*What to look for:* eight real clips (rows) against their eight captions (columns). Caption $k$ belongs to clip $k$, so the diagonal should be brightest. Which wrong caption comes nearest in each row, and what do the two share?
"""

# %% name="projection-picture"
eight = scores.one_of_each(labels.numpy())[:8]
words = [test.caption_of(int(k), 1)[0] for k in eight]
with torch.no_grad():
    ids, lengths = young.feed.vocabulary.encode(words)
    captions = D.text(torch.tensor(ids), torch.tensor(lengths))
    captions = D.clip.project(F.layer_norm(captions, captions.shape[1:]))
    features = D.clip.trunk(stack_frames(clips[eight]))
    table = torch.stack(
        [
            projection_logit(features, caption.expand(len(eight), -1), D.clip.weight, D.clip.bias)
            for caption in captions
        ],
        1,
    )
figure_, one = plt.subplots(figsize=(7.5, 4.2))
one.imshow(table - table.amax(1, keepdim=True), cmap="viridis", vmin=-12, vmax=0)
one.set(
    xticks=range(8), yticks=range(8), xlabel="caption", ylabel="clip", title="logit, less the row's largest"
)
one.set_yticklabels([", ".join(test.truth_of(int(k)).values()) for k in eight], fontsize=8)
plt.show()

# %% [markdown] name="mismatched-intro"
r"""
### Wrong captions

How does the discriminator *learn* to look at the caption? Real clips have right captions, and fakes are unreal anyway: it could win without reading a word. So it is shown **real clips with wrong captions**, and must put them below the same clips with their own (Reed and others, 2016, did this for pictures). A neighbour in the batch lends its caption; it must only be a neighbour that shows something else.
"""

# %% exercise="gan.layers.mismatched"

# %% name="mismatched-shown" tags=["nbval-check-output"]
some = np.array([[0, 1], [0, 1], [2, 1], [0, 1]])
print("labels:", some.tolist())
print("whose caption each clip is shown as a wrong one:", mismatched(some).tolist())

# %% [markdown] name="heads-intro"
r"""
### Attribute heads, and how they are gamed

We know the labels of every real clip. So the discriminator may also learn to *read* them, one head for each attribute, and the generator may be asked to be read right: a star was ordered, let a star be read (Odena and others, 2017). It is a strong hint: for each attribute apart the generator is told what is still wrong.
"""

# %% exercise="gan.layers.attribute_loss"

# %% [markdown] name="gaming-intro"
r"""
**And here is the danger.** A head is a network, and a network can be pleased without being satisfied. Take grey clips and push their *pixels*, not a generator, down the attribute loss.

*What to look for:* after 40 steps, how often do the discriminator's heads read what was asked for? What do *you* read? And what does the **judge** read, another network that had no part in it?
"""

# %% name="gaming"
asked = labels[:16]
pixels = torch.zeros(16, 3, 8, 32, 32, requires_grad=True)
push = torch.optim.Adam([pixels], 0.03)
for _ in range(pick(smoke=3, quick=40, full=40)):
    loss = attribute_loss(D.clip.read(D.clip.trunk(stack_frames(pixels))), asked)
    push.zero_grad()
    loss.backward()
    push.step()
reader = judge.load("shapes")
with torch.no_grad():
    heads = D.clip.read(D.clip.trunk(stack_frames(pixels)))
    all_right = torch.stack([t.argmax(1) == asked[:, k] for k, t in enumerate(heads.values())]).all(0)
print(f"by the discriminator's own heads, all four right: {all_right.float().mean():.2f}")
print(
    f"by the judge:                                      {reader.accuracy(pixels.detach(), asked)['all']:.2f}"
)
reel(pixels.detach(), columns=8, title="clips that please the heads")

# %% [markdown] name="gaming-read"
r"""
Nothing is seen, everything is 'read'. From this follow two rules. The heads get a **small weight** (0.3 here): once the attributes are read right, looking real is what is left to gain. And the network that *measures* must be one that no generator was ever trained against: the judge learnt from rendered clips alone, and is never part of a loss. Even so one number is not enough, as section 6 shows.
"""

# %% [markdown] name="rival"
r"""
## 4 · Find the bug: a program that looks right

A notebook that is passed around a good deal promises 'text to video from scratch' in a few hundred lines; on a CPU it trains for more than three hours. We ran it, and tell its four faults again, in our words and on our world. For each: read the cell, guess, run it, then open the answer.

**Bug one: the data.** It renders 30,000 clips. Where is the harm?
"""

# %% name="rival-data" tags=["nbval-check-output"]
prompts = [f"a circle moves {way}" for way in ("left", "right", "up", "down", "round", "not at all")]
prompts += [f"a large circle moves {way}" for way in ("left", "right", "up", "down", "round", "not at all")]


def rival_clip(prompt):
    """Eight frames of a circle."""
    middle = {"left": (1, 0), "right": (-1, 0), "up": (0, 1), "down": (0, -1)}.get(prompt.split()[-1])
    frames = np.zeros((8, 32, 32), np.uint8)
    if middle:
        for k in range(8):
            y, x = np.ogrid[:32, :32]
            cx, cy = 16 + middle[0] * (12 - 3 * k), 16 + middle[1] * (12 - 3 * k)
            frames[k][(x - cx) ** 2 + (y - cy) ** 2 < (36 if "large" in prompt else 16)] = 255
    return frames


drawn = [rival_clip(prompts[k % len(prompts)]) for k in range(1200)]
kinds = {clip.tobytes() for clip in drawn}
blank = sum(not clip.any() for clip in drawn)
ours = {clip.tobytes() for clip in Clips("shapes", "train", 1200, seed=1).videos(range(1200))}
print(f"the rival: {len(drawn)} clips, {len(kinds)} of them different, {blank} with nothing in them")
print(f"ours:      1200 clips, {len(ours)} of them different")

# %% [markdown] name="rival-data-answer"
r"""
<details><summary>Answer</summary>

A handful of clips, copied over and over; and the words 'round' and 'not at all', which no branch handles, give **empty** clips with proper captions. Nothing is learnt from the 2,500th copy but the copy. Count the *different* items of a data set before training on it, and look at a few of each caption.

</details>

**Bug two: the discriminator.** It is handed clip and caption. Change the caption: what does its logit do?
"""

# %% name="rival-blind" tags=["nbval-check-output"]
torch.manual_seed(0)
blind = Discriminator(len(young.feed.vocabulary), shapes.ATTRIBUTES, projects=False, single=False)
with torch.no_grad():
    seen = blind.see(clips[:4], torch.zeros(4, dtype=torch.long))
    right = blind.logits(seen, captions[:4])[0]
    wrong = blind.logits(seen, captions[[1, 2, 3, 0]])[0]
print("logit with the right caption minus logit with a wrong one:", (right - wrong).abs().max().item())

# %% [markdown] name="rival-blind-answer"
r"""
<details><summary>Answer</summary>

Nothing: the caption goes in and is never used. A real-looking clip of anything wins the game, so the generator has no reason to listen to the text. The check takes one line: *change an input; the output must change*.

</details>

**Bug three: the generator.** Every frame is drawn from noise of its own. *What to look for:* how far does the picture jump from one frame to the next, next to how different two clips are? (Both generators are untrained here.)
"""

# %% name="rival-jumps"
torch.manual_seed(0)
text = torch.randn(16, 64)
for name, generator in (
    ("frames for themselves", FrameGenerator(memory=False)),
    ("a recurrent code (MoCoGAN)", FrameGenerator()),
    ("layers", LayeredGenerator()),
):
    with torch.no_grad():
        made = generator(text, generator.noise(16))
    jump = (made[:, :, 1:] - made[:, :, :-1]).abs().mean()
    apart = (made[1:] - made[:-1]).abs().mean()
    print(f"{name:<28} frame to frame {jump:.4f}   clip to clip {apart:.4f}   ratio {jump / apart:.2f}")

# %% [markdown] name="rival-jumps-answer"
r"""
<details><summary>Answer</summary>

Frames that know nothing of each other jump about as they please; the discriminator would have to teach them to agree, frame by frame. A recurrent code, and layers even more, *begin* by agreeing. **Bug four** needs no cell: no seed, no score, no test, no weights to compare with. Nobody could have noticed the other three.

</details>

Does it matter? The same minutes on the same core for each design, judged by the judge: section 7 has the table.
"""

# %% [markdown] name="train-intro"
r"""
## 5 · Train it

One step of the game, in `course_lib/gan/video_steps.py`, is what you know, put together:

1. the **generator** makes a clip for each caption of the batch;
2. the **discriminator** puts real above fake, pair by pair with the same caption (`relativistic_loss`, lesson 02), right captions above wrong ones, and reads the attributes; every eighth step it pays a zero-centred penalty (`zero_centred_gradient_penalty`), on real and on generated clips in turn;
3. the **generator** climbs above real, is read right, and, every fourth step, pays if two clips of one caption hardly differ: else it would soon ignore its noise.

Before all that the discriminator looks at real clips for 500 steps alone. A beginner who judges a beginner helps nobody.

**The last piece: the running mean.** A generator in training swings from step to step. What is shown, judged and shipped is the mean of its weights over the last few hundred steps.
"""

# %% exercise="gan.layers.update_average"

# %% [markdown] name="train-live-intro"
r"""
Now train, live, 100 steps from the one-minute start. The picture shows four frames of each of eight clips, anew every 20 steps. *What to look for:* colours and sizes come first, then motion; of shapes there is hardly a trace yet.
"""

# %% name="train-live"
ways = ("moves to the left", "rises", "goes round in a circle", "grows")
wanted = [f"a large {colour} {shape} {way}" for (colour, shape), way in
          zip((("red", "star"), ("blue", "square"), ("green", "circle"), ("yellow", "triangle")), ways)]  # fmt: skip
wanted += [f"a small {colour} {shape} {way}" for (colour, shape), way in
           zip((("purple", "circle"), ("orange", "star"), ("red", "square"), ("blue", "triangle")), ways)]  # fmt: skip
young_model = video.VideoModel.of(young)
before = young_model.sample(wanted, seed=1)
score_before = scores.accuracies(young_model, reader, "validation", pick(smoke=30, quick=300, full=300))
live, begun = Live(columns=16, scale=2), young.step


def show(game, losses):
    """Every 20 steps, four frames of each of the eight clips."""
    if game.step % 20 == 0:
        frames = young_model.sample(wanted, seed=1)[:, :, ::2].permute(0, 2, 3, 4, 1).flatten(0, 1)
        share = (game.step - begun) / (game.recipe.steps - begun)
        live(frames.numpy(), f"step {game.step}, loss of D {losses['D']:.2f}, of G {losses['G']:.2f}", share)


training.fit(young, report=show)
after = young_model.sample(wanted, seed=1)
score_after = scores.accuracies(young_model, reader, "validation", pick(smoke=30, quick=300, full=300))
print(f"step {young.step} of the game; the judge reads right:")
for name in score_before:
    print(f"{name:<8} {score_before[name]:.2f} -> {score_after[name]:.2f}")

# %% name="train-live-shown"
reel(torch.cat([before, after]), columns=8, zoom=3, title="above: before; below: after half a minute")

# %% [markdown] name="mean-intro"
r"""
*What to look for:* the generator itself beside its running mean, read by the judge. (So early the mean lags a little: it is some 30 steps behind.)
"""

# %% name="mean-shown"
itself = video.VideoModel(young.writer, young.feed.vocabulary, young.recipe)
for name, one in (("the generator", itself), ("its running mean", young_model)):
    found = scores.accuracies(one, reader, "validation", pick(smoke=30, quick=200, full=200))
    print(f"{name:<18}", "  ".join(f"{word} {share:.2f}" for word, share in found.items()))

# %% [markdown] name="scores-intro"
r"""
## 6 · Measure it

**Accuracy** we have: the judge reads the clips. On real clips it is right in more than 99 of 100. But accuracy can be gamed, you saw it. So a second number asks whether the clips *as a set* look like real ones: take the judge's 128 features of each clip, describe both sets by mean and covariance, and measure how far those two clouds are apart (Heusel and others, 2017). The *trace* is the sum of the diagonal; for a covariance it is the total spread:

$$d^2 = |\mu_a - \mu_b|^2 + \operatorname{tr}\!\left(A + B - 2\,(AB)^{1/2}\right).$$

The root is one of *matrices*: $R R = AB$. Only its trace is needed, and a trace is the sum of the eigenvalues; those of a root are the roots of the eigenvalues. So take the eigenvalues of $AB$ (`np.linalg.eigvals`); they are real and not negative, though $AB$ is not symmetric, because $A^{1/2} B A^{1/2}$ has the same ones.
"""

# %% exercise="gan.judge.frechet_distance"

# %% [markdown] name="floor-intro"
r"""
A distance means nothing without its **floor**: two sets of *real* clips that show the same things, filmed twice, are not at distance 0 either. *What to look for:* the row of the gamed clips. Which number gives them away?
"""

# %% name="floor"
count = pick(smoke=40, quick=400, full=400)
texts = [test.caption_of(k, 0)[0] for k in range(count)]
truths = [test.truth_of(k) for k in range(count)]
once = reader.describe(scores.rendered(test, truths, 10**7))
twice = reader.describe(scores.rendered(test, truths, 2 * 10**7))
made = model.sample(texts, seed=5)
pleased = pixels.detach().repeat(len(texts) // 16 + 1, 1, 1, 1, 1)[: len(texts)]
gamed = pleased + 0.02 * torch.randn(pleased.shape, generator=torch.Generator().manual_seed(0))
print(f"real against real, the floor      {frechet_distance(once, twice):8.1f}")
print(f"shipped generator against real    {frechet_distance(reader.describe(made), once):8.1f}")
print(
    f"your half minute against real     {frechet_distance(reader.describe(young_model.sample(texts, 5)), once):8.1f}"
)
print(f"clips that please the heads       {frechet_distance(reader.describe(gamed), once):8.1f}")

# %% [markdown] name="floor-and-count-intro"
r"""
**Read the small print of a floor**: how many clips? *What to look for:* the columns with more and more clips. What becomes of the ratio, and what hardly moves?
"""

# %% name="floor-and-count"
generated, real_once, real_twice = reader.describe(made), once, twice
print(f"{'clips':>6}{'generated':>12}{'floor':>10}{'ratio':>8}{'difference':>12}")
for n in (50, 100, 200, 400):
    if n <= count:
        far, near = (
            frechet_distance(generated[:n], real_once[:n]),
            frechet_distance(real_once[:n], real_twice[:n]),
        )
        print(f"{n:>6}{far:>12.1f}{near:>10.1f}{far / near:>8.2f}{far - near:>12.1f}")

# %% [markdown] name="floor-and-count-read"
r"""
A covariance of 128 features from fewer than 128 clips is not even of full rank, so small sets of real clips look far apart. With more clips both columns fall, the floor towards 0, the generator's towards its true distance: the ratio can be made small or large by *choosing how many*. 'Only twice the floor' says nothing without the number of clips. What hardly moves from 200 on is the **difference**. The report below gives it as a share of what real clips spread.
"""

# %% [markdown] name="r-precision-intro"
r"""
**R-precision** asks the caption's question: among 100 different captions, does the clip fit its *own* best? Guessing would give 0.01.
"""

# %% exercise="gan.scores.r_precision"

# %% name="r-precision-shown"
distinct = scores.one_of_each(labels.numpy()[:count])[:100]
found = {name: table[distinct] for name, table in reader.probabilities(made).items()}
fit_table = scores.fits(found, labels.numpy()[distinct])
print(f"R-precision at 1 of {len(distinct)} captions: {r_precision(fit_table):.2f}")

# %% [markdown] name="diversity-intro"
r"""
**Diversity** asks whether the noise is heard: two clips of one caption should differ about as much as two real ones do. A warning: much the same distance is a term of the generator's loss, so it can be pleased; a low value shows a collapse, a good one proves little. *What to look for:* eight clips of one sentence. Look for specks beside the star, too: the cut-out's alpha is not quite 0 there, and no score complains.
"""

# %% name="diversity"
same = ["a small green star slides left"] * 8
print(f"generated {scores.diversity(model.sample(same, 1), model.sample(same, 2)):.3f}", end="   ")
two = [to_tensor(scores.rendered(test, [{"shape": "star", "colour": "green", "size": "small", "motion": "left"}] * 8, s))
       for s in (100, 200)]  # fmt: skip
print(f"real {scores.diversity(*two):.3f}")
reel(model.sample(same, 3), columns=8, title=same[0])

# %% [markdown] name="report-intro"
r"""
**The whole report** of the shipped generator, measured once with care (`course bench video`), on 4,000 clips of combinations that it was trained on and 4,000 of combinations that it never saw. **Sharpness** is the mean difference of neighbouring pixels: too low is blurred, too high is noisy. *What to look for:* the two columns. If they were far apart it would have learnt clips by heart.
"""

# %% name="report"
print(f"{'':<34}{'trained on':>12}{'held out':>12}")
for metric, name in (
    ("shape", "shape"), ("colour", "colour"), ("size", "size"), ("motion", "motion"), ("all", "all four right"),
    ("r_precision", "R-precision at 1 of 100"), ("jfd", "Fréchet distance"), ("floor", "its floor, real against real"),
    ("diversity", "diversity"), ("real diversity", "diversity of real clips"), ("sharpness", "sharpness"),
    ("real sharpness", "sharpness of real clips"),
):  # fmt: skip
    values = [
        figure("video", metric, f"shipped, {split}, 4000 clips") for split in ("validation", "held-out")
    ]
    print(f"{name:<34}{values[0]:>12.3f}{values[1]:>12.3f}")
spread = [
    figure("video", "share of the spread", f"shipped, {split}, 4000 clips")
    for split in ("validation", "held-out")
]
print(f"{'distance less floor, of spread':<34}{spread[0]:>12.3f}{spread[1]:>12.3f}")
zh, en = figure("video", "all", "shipped, zh"), figure("video", "all", "shipped, en")
print(f"\nall four right, Chinese captions {zh:.3f}, English captions {en:.3f} (4,000 clips each)")

# %% [markdown] name="compare-intro"
r"""
## 7 · What each idea is worth

The first row is the shipped training. MoCoGAN's decoder and the rival's design had the same twenty CPU minutes on the same core, the same clips, the same judge (`course bench video --train`); how many steps that buys is in the table. The other rows are ours again: other seeds with as many steps, and runs of less than half of them. *What to look for:* the row of the rival's design: which attributes does a generator get right that nobody makes listen? And MoCoGAN's way, which is sound: what does it lack, with the same minutes?
"""

# %% name="compare"
table = {}
for row in figures("video"):
    if row["variant"].startswith("run: "):
        name, _, rest = row["variant"][5:].partition(" | ")
        table.setdefault(name, {})[row["metric"], rest] = row["value"]
columns = ("shape", "colour", "size", "motion", "all")
print(
    f"{'':<30}{'steps':>7}"
    + "".join(f"{c:>8}" for c in columns)
    + f"{'held out':>10}{'distance':>10}{'floor':>7}"
)
for name, row in table.items():
    values = "".join(f"{row[c, 'validation']:>8.2f}" for c in columns)
    print(f"{name:<30}{row['training', 'steps']:>7.0f}{values}{row['all', 'held-out']:>10.2f}"
          f"{row['jfd', 'validation']:>10.0f}{row['floor', 'validation']:>7.0f}")  # fmt: skip

# %% [markdown] name="seeds-intro"
r"""
**Is a row of this table luck?** The same training from other seeds, with as many steps each, says how far one may trust a difference. *What to look for:* the spread of our own seeds, in points of a hundred, compared with the gap to the other two designs. And one thing on which three seeds that are all 'right' do not agree: which?
"""

# %% name="seeds"
groups = {
    "as shipped": [name for name in table if name in ("layers", "layers, seed 1", "layers, seed 2")],
    "ten minutes": [name for name in table if name.startswith("layers, 10 minutes")],
}
for what, names in groups.items():
    print(f"{what + ', all four right':<30}{'steps':>7}{'seen':>8}{'held out':>10}{'distance':>10}")
    for name in names:
        row = table[name]
        print(f"  {name:<28}{row['training', 'steps']:>7.0f}{row['all', 'validation']:>8.3f}"
              f"{row['all', 'held-out']:>10.3f}{row['jfd', 'validation']:>10.1f}")  # fmt: skip
    spread = [np.ptp([table[name]["all", split] for name in names]) for split in ("validation", "held-out")]
    print(f"  {'spread, in points of 100':<35}{100 * spread[0]:>8.1f}{100 * spread[1]:>10.1f}\n")
if bare := table.get("layers, no heads, 10 minutes"):
    print(
        f"ten minutes without heads: seen {bare['all', 'validation']:.3f}, held out {bare['all', 'held-out']:.3f}"
    )

# %% [markdown] name="seeds-read"
r"""
<details><summary>Answer</summary>

In what the judge reads they agree to a point or less. In the Fréchet distance they differ by a factor of about two: as pictures they are not equally like real ones. A ranking of two designs by that distance would need more than one seed each.

</details>
"""

# %% [markdown] name="order-intro"
r"""
**The order of learning.** *What to look for:* what comes first, what last, and how long the last one takes. A colour is one number and is seen in every pixel; a star differs from a circle in a few pixels of its rim. (One of the three lines of each colour ends at six minutes: the same number of steps, on a day when the machine was less busy.)
"""

# %% name="order"
figure_, one = plt.subplots(figsize=(8, 3.4))
runs = [name for name in table if name.startswith("layers, 10 minutes")]
for metric, colour in (("colour", "C1"), ("size", "C3"), ("motion", "C0"), ("shape", "C2"), ("all", "black")):
    for name in runs:
        points = sorted(
            (float(rest.split(" | ")[1].split()[0]) / 60, value)
            for (measured, rest), value in table[name].items()
            if measured == f"curve: {metric}" and rest.startswith("validation")
        )
        style, label = "--" if metric == "all" else "-", metric if name == runs[0] else None
        one.plot(*zip(*points), style, color=colour, lw=1.4, alpha=0.8, label=label)
one.set(xlabel="CPU minutes on one core", ylabel="read right by the judge", ylim=(0, 1.02))
one.set_title(f"{len(runs)} seeds, about 2,100 steps each")
one.legend(ncols=5, loc="lower right", fontsize=9)
plt.show()

# %% [markdown] name="hand-in-intro"
r"""
### Hand in a generator of your own

**Your task, up to 20 points:** train a generator and hand in its weights as a file. The judge reads 240 clips of captions that you have not seen, and 240 of combinations that no training clip shows: four points each for shape, colour, size and motion, and four for all four at once on what was held out. And because a reader can be pleased (section 3), ten points are the most until the clips also *look* like real ones: the Fréchet distance less its floor must be below a quarter of what real clips spread.

The cell below hands in what your half minute of training has made. *What to look for:* which attributes earn something already, and does that agree with the order of learning above? For more, train longer from nothing, in a terminal, with a seed of your own:

    python course.py train video --world shapes --budget "10 min" --seed 7

(On a GPU add `--size 32 --frames 8`: the file must hold the generator of this lesson.) It says at its end where the weights are. Put that path in place of `generator` in the last line of the cell, and run it again.
"""

# %% name="hand-in"
generator = beside("generator.safetensors")
video.save(young_model, generator)
hand_in("gan.video.trained_generator", generator)

# %% [markdown] name="hand-in-rules"
r"""
In our trials half a minute earned three or four points, three minutes from the same start ten, and ten minutes from nothing all twenty. Send the file, whatever its name, together with this notebook. Grading scores it as the card does, on other captions and other noise. The file is read as numbers and nothing else.

The weights that the course ships, even with small changes, earn nothing here, and your instructor is told; so is it when two people hand in the same generator and it earns more than six points. Take a seed of your own.
"""

# %% [markdown] name="words"
r"""
## 8 · Words it has never heard

A person will not know which 170 words the captions are made of. Silence would be bad, and a wrong guess without a word worse. *What to look for:* for every unknown word that could matter it says what it took it for; a sentence of nothing but unknown words is refused.
"""

# %% name="unknown-words" tags=["nbval-check-output"]
for sentence in ("a crimson ball soars", "a purpel sqare sinks", "a green hexagon slides left"):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model.sample([sentence])
    print(sentence, "->", *(str(note.message) for note in said))

# %% name="unknown-sentence"
with expect_failure(ValueError, match="none of the words"):
    model.sample(["quarterly earnings exceeded expectations"])

# %% [markdown] name="gpu"
r"""
## 9 · On a GPU, with a budget, after a break

On a GPU the same program grows: 64x64 pixels, 16 frames, batches of 64. One command, on Colab in a cell with `!` before it:

    python course.py train video --world shapes --profile full --budget "20 min"

| what changes | why |
|---|---|
| bfloat16 from compute capability 8 on (A100, RTX 30 and newer); on older ones (a T4) half precision with a gradient scaler | matrix units are several times faster with 16 bits. Half precision has a small range, so gradients are scaled up before they vanish; bfloat16 has the range of float32 |
| penalties stay in float32 | the square of a gradient leaves the range of 16 bits first |
| paths stay in float32 | bfloat16 keeps 8 significant binary digits of its 16: a cut-out would move in jumps of up to a quarter of a pixel |
| channels-last memory | what convolutions on tensor cores want |
| clips as bytes on the device | 20,000 clips of 64x64x16 take 3.9 GB, and a batch is one indexing |
| **steps are recorded** (CUDA graphs), where nothing in them waits for a number: with bfloat16, not with a scaler, which looks at every gradient | see below |
| `--compile`, if you ask for it, instead | `torch.compile` fuses the small operations between convolutions. It cannot be differentiated twice, which the penalty needs, so every eighth step of the discriminator is played without |

### A GPU that waits

A step of this game is several thousand small operations. Python takes some microseconds to *ask* for each one; a fast GPU needs less than that to *do* it, and waits for the next. Larger batches hide the waiting; recording does away with most of it. After a few ordinary steps a step is asked for without being done, and the list of what was asked for is kept. From then on the whole list is asked for at once, with other numbers in the same places (`course_lib/gan/recorded.py`). What has to be true for that: a step asks for the same operations every time, and no `if` looks at a number that lies on the GPU. There are four kinds of step, and a recording of each: a plain one; one in which two clips of a caption are compared; one that also has a penalty on real clips; and one on generated ones.

*What to look for:* milliseconds a step on one H100, played operation by operation and recorded. *landscape* is section 10's generator, *panorama* one with twice the weights, which was timed as recordings only. Where does recording help most, and why there?
"""

# %% name="gpu-measured"
steps = {}
for line in figures("gpu"):
    if line["metric"] == "training step":
        name, way = line["variant"].rsplit(", ", 1)
        steps.setdefault(name, {})[way] = line["value"]
for name, ways in steps.items():
    plain, fast = ways.get("step by step"), ways["recorded"]
    before = f"{plain:5.1f} -> " if plain else " " * 9
    print(f"{name:<38}{before}{fast:5.1f} ms", f"  {plain / fast:.1f} times as fast" if plain else "")

# %% [markdown] name="gpu-measured-read"
r"""
<details><summary>Answer</summary>

Most where a step is small: batches of 16 at 32x32 pixels leave the GPU nothing to do between two questions. With batches of 64 at 64x64 it works for two fifths of the time even when it is asked piece by piece, so less is gained.

</details>

What has *not* been measured: `python course.py bench gpu` as it stands (the figures are from a script that did the same); a T4, as Colab gives it for nothing (it works with half precision and a scaler, so its steps are not recorded); `--compile` on a GPU; and twenty minutes of `--world shapes --profile full`. The same commands run on a CPU with small sizes, and that is tested. Three of the table's rows can be tried on a CPU, and were (`course bench video`). *What to look for:* which of them helps there, and why might a GPU answer otherwise?
"""

# %% name="buys"
base = figure("video", "training", "one thread")
print(f"{'one thread of a CPU, shapes 32x32x8':<40}{'clips/s':>9}")
for name, variant in (
    ("as it is: float32, channels last", "one thread"),
    ("channels first", "one thread, channels first"),
    ("bfloat16 where autocast allows it", "one thread, bfloat16"),
):
    clips_a_second = figure("video", "training", variant)
    print(f"{name:<40}{clips_a_second:>9.0f}{clips_a_second / base - 1:>9.0%}")
plain, fast = (figure("video", "training", f"torch.compile, {way}") for way in ("plain", "compiled"))
print("measured apart, on a quieter machine:")
print(f"{'as it is':<40}{plain:>9.0f}{0:>9.0%}")
print(f"{'through torch.compile':<40}{fast:>9.0f}{fast / plain - 1:>9.0%}")
print(
    f"before its first step it compiles for {figure('video', 'compiling', 'torch.compile'):.0f} CPU seconds"
)

# %% [markdown] name="buys-read"
r"""
<details><summary>Answer</summary>

Channels last, by about a tenth. 16-bit numbers make no difference that we can be sure of: the same program was a third faster on a quieter day. Compiling makes it a quarter slower. We have not looked into why; probably autocast converts numbers around every layer, and the library's own convolutions are better than generated loops. A GPU's matrix units are made for 16 bits; and what fusing saves there, the asking for small operations, recording saves too. So the first is what the program always does, the second it does on a GPU, and the third is an option, off until somebody has measured it on a GPU. A rule that was measured on one machine is a rumour on another.

</details>

**A budget** in minutes is turned into a number of steps from the pace of the first few, so that the learning rate reaches zero when the time is over. **A break** costs a minute at most: the state is written that often, beside the old one and then put in its place at once, so that a cut-off file never replaces a good one. The batches follow from the seed and the number of the step, the noise from torch's random state, which is kept too.

*What to look for:* a training of six steps in one go, and one that is 'killed' after three, read back, and taken up again.
"""

# %% name="resume" tags=["nbval-check-output"]
import tempfile
from pathlib import Path

tiny = training.Recipe(clips=24, sayings=1, warm=1, batch=4, steps=6, seed=1)
whole = training.fit(training.VideoTraining(tiny))
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "run.checkpoint"
    first = training.VideoTraining(tiny)
    while first.step < 3:
        first.advance()
    checkpoints.save_checkpoint(first, file)
    del first  # the machine goes away
    second = training.VideoTraining(tiny)
    second.restore(checkpoints.read_checkpoint(file))
    training.fit(second)
gap = max((a - b).abs().max().item() for a, b in zip(whole.writer.parameters(), second.writer.parameters()))
print("steps:", whole.step, second.step, "  largest difference of any weight:", gap)

# %% [markdown] name="activity"
r"""
**Activity (no points).** Start `python course.py train video --budget "10 min"` in a terminal, stop it with Ctrl-C after two minutes, start it again with `--resume`. Then give it a seed of its own (`--seed 1`) and compare the two pictures and curves (`.png`, `.json`): the program says at its end where they are. Or let it learn from **your own clips**: a folder of mp4 files and a `captions.csv` (`--folder my_clips`). Without labels there are no heads to help: how much longer does it take until you recognise anything?
"""

# %% [markdown] name="in-the-film"
r"""
## 10 · In the film

The film needs landscapes, and a landscape has no single thing that moves. So the same idea is taken a step further (`course_lib/gan/landscape.py`): **five sheets**, each wider than the frame: the sky, what drifts or rises in it, what is far, the land, what is near. One camera moves them all, the near ones by its whole way and far ones by a part, as a field passes faster than the hills when you look out of a train; only what drifts has a path of its own besides. Rain and snow are sheets of specks, drawn from noise and the text, that fall and come in again at the top.

The names say what the sheets are *for*. What is painted on each was learnt. *What to look for:* the sheets of one scene, drawn once; light grey is where one is transparent. A boat on a lake was asked for. Where are the boats, where the hills and their mirror image?
"""

# %% name="sheets"
landscapes = video.load("scenery", 64)
sentence = "黄昏的湖面，天气晴朗，一只小船从湖上划过。"
part, clip = landscapes.scene(sentence, seed=4)
figure_, row = plt.subplots(1, len(SHEETS), figsize=(11, 1.9), layout="constrained")
for axes, name, colour, alpha in zip(row, SHEETS, part["colours"][0], part["alphas"][0]):
    axes.imshow((((colour + 1) / 2) * alpha + 0.9 * (1 - alpha)).permute(1, 2, 0).clamp(0, 1))
    axes.set_title(name)
    axes.axis("off")
plt.show()

# %% [markdown] name="all-numbers-fine"
r"""
### All numbers were fine

An earlier generator of landscapes drew its sheets as a whole, from one code. The judge read 98 of 100 clips right, the distance to real ones was 1.3 floors with 300 clips, two clips of a sentence differed as real ones do, and a language model that sees, shown 70 clips without their captions, named 69 of the places. Then somebody asked for snow mountains, and then for others. Dark blobs, both times, **and the same blobs**: one layout for a sentence, whatever the seed. The *diversity* had been earned by the camera alone, which stood elsewhere. A number is only as good as the question it answers; look, too.

Three things about landscapes were then *built in*, instead of being left to be learnt:

1. **A landscape goes on for ever, and no place in it is the middle.** So the ground is drawn by convolutions alone, whose weights are the same in every column, out of a field of noise. A sheet that ignored its noise would be the same everywhere, which no discriminator believes: the noise *has* to be used. And the rule is learnt from every column of every clip.
2. **A ridge is a line.** Convolutions make an outline pixel by pixel, and of mountains they made clouds. What is far, and the land, now stand below a line: noise at six places with straight lines between them, at twelve with less of it, and so on up to 48 (Fournier, Fussell and Carpenter, 1982, made mountains like that). Some of the noise makes blocks instead, for the skyline of a city. All that has to be learnt is how much of each, and the text decides it. Convolutions may move the outline by one or two pixels of 64, for twigs; when they were free to add what they liked, rocks floated in the air. And a line is sharp at any size.
3. **There is one camera.** Every sheet once had a path of its own. When a camera turns left, everything has to slide to the right, near things fastest. In thirty clips of *镜头向左移动*, "the camera pans left", sky and foreground did, but the land slid to the *left*. The judge read "left" thirty times. In English the same generator did it properly. No number showed it; a test failed that filmed one scene twice. Now one path moves all sheets, and a nearer sheet never moves less.

*What to look for:* the line of what is far, for three places and four seeds each. Which is jagged, which has steps, which is flat? Do they differ from seed to seed?
"""

# %% name="ridges"
figure_, row = plt.subplots(1, 3, figsize=(11, 2.2), sharey=True, layout="constrained")
for axes, place in zip(row, ("雪山", "城市", "草原")):
    for seed in range(4):
        line = landscapes.parts(f"中午的{place}，天气晴朗。", seed)["lines"][0, 0]
        axes.plot(np.linspace(-WIDE, WIDE, len(line)), -line)
for axes, place in zip(row, ("snow mountain", "city", "grassland")):
    axes.set_title(place)
    axes.set_xlabel("half widths of the frame")
row[0].set_ylabel("half heights above\nthe middle")
plt.show()

# %% [markdown] name="landscapes-trained"
r"""
### On a GPU, in nine minutes

The landscapes that you see here were trained on one H100, in two stages: small ones first, which learn what belongs where, then twice the size, which adds to them (`--grow`, after Karras and others, 2020). These commands have the same settings:

    python course.py train video --world scenery --profile full --size 32 --steady 1 --budget "3 min"
    python course.py train video --world scenery --profile full --size 64 --budget "6 min" --grow video-scenery-32-seed0.checkpoint

First the program paints 32,000 clips (6.3 GB on the disk): two minutes on 16 cores, some ten to fifteen on two. Our weights were made by a script with these stages, which began to train while it was still painting, so yours will be of the same kind, not the same.

An earlier, smaller generator learnt for an hour on one core of a CPU (the last line below); its skies had streaks, and a town was a wood of spires. What made the difference? The two players have now looked at 900,000 clips instead of 200,000, and besides, batches, networks and some constants were changed. All at once: so nobody can say which of them it was. Section 7 shows how one would find out.

*What to look for:* the curve is the training, at 32 pixels up to the dotted line, then at 64. How long does it take to be *right*? Below it, the shipped weights on clips of combinations that were trained and that were never shown. Which number is much worse for the second?
"""

# %% name="landscape-curve"
curve = [line for line in figures("landscape") if line["variant"].startswith("after ")]
figure_, axes = plt.subplots(figsize=(7, 2.8), layout="constrained")
for split, colour in (("validation", "C0"), ("held-out", "C1")):
    chosen = [line for line in curve if line["variant"].endswith(split)]
    seconds = [float(line["variant"].split()[1]) for line in chosen]
    axes.plot(
        seconds,
        [line["value"] for line in chosen],
        "o-",
        color=colour,
        label={"validation": "trained combinations", "held-out": "never shown"}[split],
    )
small = [float(line["variant"].split()[1]) for line in curve if "32 pixels" in line["variant"]]
axes.axvline(max(small), color="grey", ls=":")
axes.set(xlabel="seconds of training on one H100", ylabel="all four right, of 200 clips", ylim=(0, 1.02))
axes.legend()
plt.show()

# %% name="landscape-figures"
said = [
    "place",
    "time",
    "weather",
    "motion",
    "all",
    "share of the spread",
    "diversity",
    "real diversity",
    "sharpness",
    "real sharpness",
]
print(f"{'1,000 clips each':<34}{'trained':>9}{'held out':>10}")
for metric in said:
    pair = [
        figure("landscape", metric, f"shipped, {split}, 1000 clips") for split in ("validation", "held-out")
    ]
    name = {"share of the spread": "distance above its floor / spread", "all": "all four"}.get(metric, metric)
    print(f"{name:<34}{pair[0]:>9.3f}{pair[1]:>10.3f}")
named = figure(
    "landscape",
    "places named by a reader",
    "a language model with vision that was shown the sheet alone, without captions",
)
print(f"a language model that sees, without captions, named {named:.0%} of the places of 70 clips")
before = "earlier, smaller, on a CPU"
minutes = figure("landscape", "training", f"{before}, all stages")
pair = [figure("landscape", "all", f"{before}, {split}, 1000 clips") for split in ("validation", "held-out")]
print(f"before, {minutes:.0f} minutes of one CPU core: all four right {pair[0]:.3f} and {pair[1]:.3f}")

# %% [markdown] name="landscape-figures-read"
r"""
<details><summary>Answer</summary>

The distance: what it has above its floor is more than three times as large. What was asked for is there in clips of new combinations, yet as a whole they are less like real ones. Accuracy asks "can this be read?", the distance asks "is all of it as it should be?". A minute was enough to be right. And what did the other minutes bring? These numbers cannot say it: the judge averages every clip down to 32x32 pixels and eight frames, so it sees nothing of what 64 pixels add. No number asks whether you would hang a picture on a wall, either. Look for clouds that are marbled like wood, for islands that are diamonds since nothing tells rock from its reflection, for suns that are not round. And that clips are as sharp as real ones holds at 64 pixels; a film enlarges them five times and more, hence its softness.

</details>
"""

# %% [markdown] name="any-length"
r"""
Only positions, and the strength of light on water, change with time. So a shot can last as long as its words do: the way of the camera becomes a curve through its sixteen points, and the sheets are enlarged once. No picture is repeated or blended with another. The film asks a *clip source* for a shot; the generator is one, the renderer another. The judge reads each shot, and where it reads something else than was asked for, other seeds are tried.

*What to look for:* one boat was asked for, which crosses the lake. What does the judge read? And what really moves here, what stands?
"""

# %% name="film-shot"
from course_lib.film.clips import source
from course_lib.text import storyboard

pictures = source("gan")
shot = storyboard("黄昏的湖面，一只小船划过。", seed=4).shots[0]
filmed = pictures.clip(shot, (144, 256), 4.0)
print(pictures.credit("en"))
print("the judge reads", pictures.judged(shot)["reads"])
reel(
    np.stack([filmed.frame(second) for second in np.linspace(0, 4, 21)])[None],
    zoom=2,
    hold=190,
    title="one shot of four seconds",
)

# %% [markdown] name="film-shot-read"
r"""
<details><summary>Answer</summary>

The judge reads *crossing*. But there are several red cones instead of one boat, they lie on the nearest sheet, and that moves with the camera. The hills are painted on the *sky*, which hardly moves. So the camera pans, and the hills hide that it does: the trick of point 3 above, in another place. Nothing forces a thing onto the sheet that has its name, and a judge that asks "does something cross?" is content. Whoever wants real boats has to build in that a thing of its own moves, as the layered generator of this lesson does.

</details>
"""

# %% [markdown] name="summary"
r"""
## Summary

- Content is drawn once, motion in every frame; what need not be learnt need not be paid for.
- A discriminator reads the caption if it gains by it: the product with the text, and wrong captions on real clips.
- Whatever is trained against can be pleased. Measure with a judge that was not, and with more than one number: accuracy, distance with its floor, R-precision, diversity, held-out combinations, both languages.
- A fair comparison gives every design the same minutes.

**Why it matters at Kuaishou's scale.** Kling and its peers are diffusion transformers trained on very many GPUs; their idea is not part of this course yet. But content and motion, captions that must be right, a judge apart from the loss, and held-out combinations are the same questions there. Only, every answer costs a training that nobody repeats for three seeds: Open-Sora 2.0 speaks of 200,000 dollars for one.

**Questions to think about**

1. The background's *pattern* is drawn from the noise alone; of the caption it learns only one tone. What would go wrong if the pattern saw the caption, and why must the tone see it?
2. Why are right and wrong captions compared on the *same* clip?
3. Somebody reports accuracy .99 for a generator. Name two further numbers that you want to see, and what each would reveal.

<details><summary>Answers</summary>

1. It could paint a print of the shape into the background, where it stands still: the heads would be pleased early and the cut-out would have less to learn. The tone must see it because a yellow shape needs a ground that is not bright. In a landscape the sky depends on the time of day: there the pattern must see the caption too. 2. Then how real the clip is cancels out of the difference, and only the fit to the caption is left to learn from. 3. The Fréchet distance beside its floor (are the clips like real ones, or do they merely please the reader?); diversity (is there more than one clip a caption?); held-out combinations (did it learn by heart?).

</details>

**Further reading**

- Tulyakov, Liu, Yang, Kautz: *MoCoGAN: Decomposing Motion and Content for Video Generation*, 2018.
- Vondrick, Pirsiavash, Torralba: *Generating Videos with Scene Dynamics*, 2016 (a moving foreground over a still background).
- Reed, Akata, Yan, Logeswaran, Schiele, Lee: *Generative Adversarial Text to Image Synthesis*, 2016.
- Miyato, Koyama: *cGANs with Projection Discriminator*, 2018. Odena, Olah, Shlens: *Conditional Image Synthesis with Auxiliary Classifier GANs*, 2017.
- Xu, Zhang, Huang, Zhang, Gan, Huang, He: *AttnGAN: Fine-Grained Text to Image Generation with Attentional Generative Adversarial Networks*, 2018 (R-precision).
- Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter: *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium*, 2017.
- Porter, Duff: *Compositing Digital Images*, 1984.
"""
