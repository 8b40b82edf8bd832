# ---
# jupyter:
#   course:
#     id: "02"
#     title: Losses that train
#     learner_minutes: 140
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
# 02 · Losses that train

Lesson 01 had formulas. A formula that is right on paper may still divide by zero in a computer, push the wrong way, or train the wrong player. Here the formulas become programs that run, in PyTorch and, side by side, in TensorFlow; and the article's program, which does not, is taken apart.

**After this lesson you can**

1. write a GAN's losses so that no logit, however large, breaks them;
2. write a training step for each player and say what `detach` is for;
3. compare seven losses by what they reach, with numbers over five seeds, not by looks;
4. add the penalty that steadies the strongest of them.

**You need** lesson 01 and a first acquaintance with PyTorch tensors and `backward()`. Nothing here needs a GPU; the longest cell trains for about 20 seconds.
"""

# %% name="setup"

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F

from course_lib.data import figures
from course_lib.gan import losses, rings
from course_lib.notebook.players import animation
from course_lib.notebook.quiet import quiet
from course_lib.profiles import pick
from course_lib.scenery import render

torch.set_num_threads(1)  # such small networks are faster on one core

# %% [markdown] name="why-logits"
r"""
## 1 · Why logits

A discriminator ends in a number $o$, the **logit**; a sigmoid would make a probability of it, $D = \sigma(o)$. The article first takes the sigmoid, then its logarithm. On paper nothing is wrong with that.

*What to look for:* at which logit does the loss become infinite, and what becomes of its gradient?
"""

# %% name="log-of-sigmoid" tags=["nbval-check-output"]
for value in (-5.0, -50.0, -90.0, -200.0):
    logit = torch.tensor(value, requires_grad=True)
    loss = -torch.log(torch.sigmoid(logit))
    loss.backward()
    stable = F.softplus(-torch.tensor(value))
    print(
        f"logit {value:6.0f}:  -log(sigmoid) {loss.item():7.2f}  its slope {logit.grad.item():6.2f}   softplus {stable.item():7.2f}"
    )

# %% [markdown] name="why-it-breaks"
r"""
The sigmoid rounds to 0, its logarithm is $-\infty$, and the chain rule multiplies infinity by zero: NaN. One NaN in one weight, and the run is lost. **The cause** is the detour over the probability. **The repair** is to do both steps at once, for

$$-\log\sigma(o) = \log(1 + e^{-o}) = \mathrm{softplus}(-o), \qquad -\log(1-\sigma(o)) = \mathrm{softplus}(o),$$

and `softplus` is computed so that it never overflows. From now on a discriminator gives logits, and no sigmoid is taken.
"""

# %% exercise="gan.losses.discriminator_loss"

# %% exercise="gan.losses.generator_loss"

# %% [markdown] name="two-frameworks"
r"""
The same in TensorFlow stands in `course_lib/gan/losses_tf.py`, with the same names. *What to look for:* the last column.
"""

# %% name="tensorflow"
with quiet():  # TensorFlow has much to say when it is imported
    from course_lib.gan import losses_tf
    from course_lib.marking.frameworks_tf import tensor

    tensor(np.zeros(1))

# %% name="side-by-side" tags=["nbval-check-output"]
real, fake = lesson.rng.normal(1, 2, 64), lesson.rng.normal(-1, 2, 64)
for name in (
    "discriminator_loss",
    "least_squares_discriminator_loss",
    "hinge_discriminator_loss",
    "wasserstein_discriminator_loss",
):
    in_torch = getattr(losses, name)(torch.tensor(real), torch.tensor(fake)).item()
    in_tf = float(getattr(losses_tf, name)(tensor(real), tensor(fake)))
    print(
        f"{name:<34} torch {in_torch:9.6f}   tensorflow {in_tf:9.6f}   the same to 1e-12: {abs(in_torch - in_tf) < 1e-12}"
    )

# %% [markdown] name="what-the-article-says"
r"""
## 2 · What the article says

The article prints the losses and a training loop, eleven lines in all. We tell them again in our words, with the same four faults, and let them fail one by one. **The first does not even start**: a function is declared with a *call* among its parameters.
"""

# %% name="article-syntax" tags=["nbval-check-output"]
program = """
def critic_loss(critic, real, generator(noise)):
    return (critic(real).log() + critic(generator(noise)).log()).mean()
"""
with expect_failure(SyntaxError):
    compile(program, "the article, retold", "exec")

# %% [markdown] name="article-signs-intro"
r"""
Parameters are plain names; the fakes are made before and handed over. **The second fault** is in the formula. To see it, draw the *slope* of the loss in the logit: training moves logits against it. Below the printed loss (red) beside the right one (green).

*What to look for:* left, real samples: which way is the logit pushed? Right, fakes: where is the push strongest?
"""

# %% name="article-signs"
o = torch.linspace(-6, 6, 200, dtype=torch.float64, requires_grad=True)


def slope(loss):
    return torch.autograd.grad(loss.sum(), o)[0].numpy()


figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4), sharey=True)
at = o.detach().numpy()
left.plot(at, -slope(torch.log(torch.sigmoid(o))), color="#b3261e", label="printed: log D, minimised")
left.plot(at, -slope(F.softplus(-o)), color="C2", label="right: -log D")
left.set(title="push on the logit of a real sample", xlabel="logit")
right.plot(at, -slope(torch.log(torch.sigmoid(o))), color="#b3261e", label="printed: log D, minimised")
right.plot(at, -slope(F.softplus(o)), color="C2", label="right: -log(1 - D)")
right.set(title="push on the logit of a fake", xlabel="logit")
for axes, place in ((left, "lower right"), (right, "upper right")):
    axes.axhline(0, color="C3", lw=1)
    axes.legend(loc=place, fontsize=8)
plt.show()

# %% [markdown] name="article-signs-explained"
r"""
**On real samples** the printed loss pushes the logit *down*: the critic learns to call real films fake. **On fakes** it pushes the right way, down, but look where: with strength $1 - D$, so hardly at all on a fake that fools it ($o$ large), and hard on one it has long seen through. It learns least when it is most wrong. The right loss pushes with strength $D$.

**The third fault** you know: the logarithm of a sigmoid. **The fourth**: the loop asks the *networks* to step.
"""

# %% name="article-step"
generator, discriminator = rings.players(seed=0)
with expect_failure(AttributeError, match="step"):
    discriminator.step()

# %% [markdown] name="who-steps"
r"""
A network has weights; it is an **optimiser** that moves them, and each player needs its own, which holds only *its* weights. The article makes none. Its noise, too, is never drawn: `Z` comes from nowhere and is the same in every step.

Now write both steps properly. They take the loss as an argument, `loss_of`, so that they serve all the losses to come.
"""

# %% exercise="gan.losses.discriminator_step"

# %% [markdown] name="the-other-step"
r"""
In the generator's step the critic is *used* but not *trained*: the slope has to pass through it.
"""

# %% exercise="gan.losses.generator_step"

# %% [markdown] name="what-detach-is-for"
r"""
### What `detach` is for

*What to look for:* after a step of the critic, without `detach` (or `no_grad`), the generator's gradients are full of numbers that nobody wants; its next step would add its own to them.
"""

# %% name="detach-shown" tags=["nbval-check-output"]
noise, real_batch = torch.zeros(8, 2), torch.ones(8, 2)
for cut in (False, True):
    generator, discriminator = rings.players(seed=0)
    fake_batch = generator(noise).detach() if cut else generator(noise)
    losses.discriminator_loss(discriminator(real_batch), discriminator(fake_batch)).backward()
    filled = sum(weight.grad is not None for weight in generator.parameters())
    print(f"{'with' if cut else 'without'} detach: {filled} of 6 of the generator's weights have a gradient")

# %% [markdown] name="a-world-to-compare"
r"""
## 3 · A small world in which losses can be compared

Faces and films make poor measuring instruments: who counts the kinds of faces a generator forgets? So take a world with **eight kinds** of samples, points around eight centres on a ring. A generator that reaches all eight is good; one that makes the same point over and over has *collapsed*.
"""

# %% name="the-ring"
some = rings.draw("ring", 1000, torch.Generator().manual_seed(0)).numpy()
plt.figure(figsize=(3.6, 3.6))
plt.plot(*some.T, ".", ms=2, color="C0")
plt.gca().set(xlim=(-1.4, 1.4), ylim=(-1.4, 1.4), aspect="equal", title="1,000 real samples")
plt.show()

# %% exercise="gan.rings.mode_coverage"

# %% [markdown] name="family"
r"""
## 4 · A family of losses

Each loss is a different answer to: *what is a logit worth?*

| | on a real logit $r$ | on a fake logit $f$ | the generator minimises |
|---|---|---|---|
| standard, non-saturating | softplus$(-r)$ | softplus$(f)$ | softplus$(-f)$ |
| least squares (Mao et al., 2017) | $\tfrac12 (r-1)^2$ | $\tfrac12 f^2$ | $\tfrac12 (f-1)^2$ |
| Wasserstein (Arjovsky et al., 2017) | $-r$ | $f$ | $-f$ |
| hinge (Lim and Ye, 2017) | max$(0, 1-r)$ | max$(0, 1+f)$ | $-f$ |

*What to look for:* choose a loss. Where is it flat, so that a sample that is already right is left in peace? Where does it grow without end?
"""

# %% name="family-picture"
FAMILY = {
    "standard": (lambda r: F.softplus(-r), lambda f: F.softplus(f)),
    "least squares": (lambda r: 0.5 * (r - 1) ** 2, lambda f: 0.5 * f**2),
    "Wasserstein": (lambda r: -r, lambda f: f),
    "hinge": (lambda r: F.relu(1 - r), lambda f: F.relu(1 + f)),
}


def loss_and_push(loss):
    on_real, on_fake = FAMILY[loss]
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
    for cost, colour, name in ((on_real(o), "C0", "real"), (on_fake(o), "C1", "fake")):
        left.plot(at, cost.detach().numpy(), color=colour, label=f"on a {name} logit")
        right.plot(at, -slope(cost), color=colour)
    left.set(title=f"{loss}: the loss", xlabel="logit", ylim=(-6.5, 8))
    right.set(title="the push on the logit", xlabel="logit", ylim=(-4, 4))
    left.legend()
    plt.show()


explore(loss_and_push, loss=list(FAMILY))

# %% exercise="gan.losses.hinge_discriminator_loss"

# %% [markdown] name="relativistic-intro"
r"""
### Compare in pairs

All of these look at real and fake samples one by one. There is another question: *is this real sample more real than that fake?* The **relativistic** critic (Jolicoeur-Martineau, 2018) is asked just that, pair by pair: softplus$(-(r_i - f_i))$. It cannot win by calling everything real, and the generator cannot win by shifting all logits at once. Together with penalties it is the loss of R3GAN (Huang et al., 2024) and, from lesson 06 on, of our film.
"""

# %% exercise="gan.losses.relativistic_loss"

# %% [markdown] name="penalty-intro"
r"""
### The penalty, for any network

In lesson 01 the penalty on $\psi$ brought two circling players to rest. For a network the slope of the critic in its *input* takes the place of $\psi$: $\tfrac{\gamma}{2}\,\mathbb{E}\,\lVert \nabla_x o(x) \rVert^2$. It is a gradient inside a loss, so it will be differentiated *again*. That is what `create_graph` is for.
"""

# %% exercise="gan.losses.zero_centred_gradient_penalty"

# %% [markdown] name="live"
r"""
## 5 · Train one, live

Relativistic pairing with both penalties, 1,500 steps on the ring. *What to look for:* the samples start as one cloud, are drawn out into a loop, and break up into eight.
"""

# %% name="train-live"
run = rings.train(
    rings.RECIPES["relativistic"],
    "ring",
    seed=0,
    steps=pick(smoke=40, quick=1500, full=6000),
    every=pick(smoke=20, quick=75, full=200),
)
step, modes, share = run.history[-1]
print(
    f"{step} steps in {run.seconds:.0f} CPU seconds: {modes} of 8 modes, {100 * share:.0f} % of the samples belong to one"
)

# %% name="train-live-animated"
animation(run.film, limit=1.5, titles=[f"step {step}: {modes} of 8" for step, modes, _ in run.history])

# %% [markdown] name="field"
r"""
What does the critic tell the generator at each point? Its gradient is an arrow that says: *this way to be more real*. *What to look for:* at the eight centres the arrows die out. That is the penalty's work.
"""

# %% name="field-picture"
line = torch.linspace(-1.4, 1.4, 21)
points = torch.cartesian_prod(line, line).requires_grad_(True)
(arrows,) = torch.autograd.grad(run.discriminator(points).sum(), points)
x, y = points.detach().numpy().T
u, v = arrows.numpy().T
length = np.hypot(u, v) + 1e-9
shown = np.minimum(length, np.quantile(length, 0.9)) / length
plt.figure(figsize=(5, 5))
plt.quiver(x, y, u * shown, v * shown, color="C2")
plt.plot(*run.samples[:600].T, ".", ms=2, color="C1", label="generated")
plt.plot(*rings.centres("ring").T, "x", color="C0", ms=9, mew=2, label="centres of the real data")
plt.gca().set_aspect("equal")
plt.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
plt.show()

# %% [markdown] name="table-intro"
r"""
## 6 · Seven losses, five seeds

One run proves little: another seed, another story. So each loss was trained five times on the ring and five times on a grid of 25, 2,000 steps each, with the same networks, optimiser and batches. The table is read from `bench/losses.json`; `python course.py bench losses` makes it again, in some ten minutes.

*What to look for:* the row of the printed loss; the spread within a row; the grid, on which nobody is perfect.
"""

# %% name="table"
found = {}
for row in figures("losses"):
    world, loss = row["variant"].split(", ")
    found.setdefault(loss, {})[world, row["metric"]] = row["value"]
print(
    f"{'':<16}{'ring: modes of 8':>18}{'good samples':>14}{'grid: modes of 25':>20}{'good samples':>14}{'broke':>8}"
)
for loss, row in found.items():
    modes = [
        f"{row[w, 'modes reached, mean']:.1f} ({row[w, 'modes reached, least']:.0f}-{row[w, 'modes reached, most']:.0f})"
        for w in ("ring", "grid")
    ]
    good = [f"{100 * row[w, 'samples that belong to a mode']:.0f} %" for w in ("ring", "grid")]
    broke = row["ring", "runs that broke"] + row["grid", "runs that broke"]
    print(f"{loss:<16}{modes[0]:>18}{good[0]:>14}{modes[1]:>20}{good[1]:>14}{broke:>5.0f}/10")

# %% [markdown] name="table-read"
r"""
**The printed loss** never gets anywhere: with its signs the critic's loss has no lower end, the logits run away, and the logarithm of a sigmoid breaks the run within the first 250 steps. **The others** are closer together than their papers make one expect: on a world as easy as the ring, with fresh noise and a sensible optimiser, every sound loss finds all eight. Differences show on the grid, and in what the Wasserstein loss needs: several steps of the critic for one of the generator, which it does not get here. Losses are not magic; a fair comparison says so.
"""

# %% [markdown] name="in-the-film"
r"""
## 7 · In the film: our first sky

The ring was a toy. Now the same eight lines of training learn something that can be seen: **the colours of a sky**. From 240 frames of the film's renderer we take two colours each, high in the sky and just above the horizon: six numbers instead of two. Nobody tells the generator about dawn, noon, dusk or night.

*What to look for:* above, skies of the renderer; below, skies that a network of your making has invented. Are all four times of day there? Do colours meet that never meet outside?
"""

# %% name="sky-colours"
frames = []
for index in range(pick(smoke=12, quick=240, full=960)):
    time = ("dawn", "noon", "dusk", "night")[index % 4]
    frames.append(
        render(
            {"place": "sea", "time": time, "weather": "clear", "motion": "pan left"},
            frames=1,
            size=32,
            seed=index,
        )[0]
    )
frames = np.stack(frames) / 127.5 - 1
skies = torch.tensor(
    np.concatenate([frames[:, 1:4].mean((1, 2)), frames[:, 11:14].mean((1, 2))], axis=1), dtype=torch.float32
)


def draw_skies(n, chance):
    return skies[torch.randint(len(skies), (n,), generator=chance)]


painter = rings.train(
    rings.RECIPES["relativistic"], draw_skies, seed=1, steps=pick(smoke=20, quick=1200, full=6000), every=1200
)


# %% name="sky-picture"
def as_pictures(colours):
    down = np.linspace(0, 1, 32)[None, :, None, None]
    top, horizon = colours[:, None, None, :3], colours[:, None, None, 3:]
    return np.clip((1 - down) * top + down * horizon, -1, 1).repeat(10, axis=2) / 2 + 0.5


figure, axes = plt.subplots(2, 1, figsize=(9.5, 3.6))
for one, colours, name in (
    (axes[0], skies.numpy()[:24], "rendered"),
    (axes[1], painter.samples[:24], "generated"),
):
    one.imshow(np.concatenate(list(as_pictures(colours)), axis=1))
    one.set_title(name)
    one.axis("off")
plt.show()

# %% [markdown] name="summary"
r"""
## Summary

- Losses live on logits. `softplus` is the logarithm of a sigmoid that cannot break.
- Draw the slope of a loss before you train with it: the article's pushes real samples down, and fakes hardest where it matters least.
- Two players, two optimisers; `detach` in the critic's step, never in the generator's; fresh noise every time.
- Measure with something that can be counted, over several seeds. Sound losses are closer to each other than to a wrong sign.

**Why it matters at Kuaishou's scale.** With thousands of numbers in a logit's batch and weeks of steps, everything that *can* overflow *will*, in some step, at night. And a claim that a new loss is better is worth as much as the number of seeds behind it.

**Questions to think about**

1. The printed loss of the critic has no lower end. Which other losses of this lesson have none, and what keeps them in check?
2. Why does the relativistic loss compare the $i$-th real with the $i$-th fake, and not every real with every fake? What would change?
3. The penalty is measured *at* the samples. What may the critic do elsewhere?

<details><summary>Answers</summary>

1. The Wasserstein loss; the penalty on its slope. 2. The pairs are drawn by chance, so in expectation both are the same; all pairs cost n² differences of logits that are known already, which is cheap, and lower the noise a little. 3. Anything; but where samples come to lie later, it will be measured then.

</details>

**Further reading**

- Mao, Li, Xie, Lau, Wang, Smolley: *Least Squares Generative Adversarial Networks*, 2017.
- Arjovsky, Chintala, Bottou: *Wasserstein GAN*, 2017. Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville: *Improved Training of Wasserstein GANs*, 2017.
- Jolicoeur-Martineau: *The relativistic discriminator: a key element missing from standard GAN*, 2018.
- Huang, Gokaslan, Kuleshov, Tompkin: *The GAN is dead; long live the GAN! A Modern GAN Baseline*, 2024.
"""
