# ---
# jupyter:
#   course:
#     id: "01"
#     title: The mathematics of GANs
#     learner_minutes: 120
#     needs: any computer, no GPU
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
# 01 · The mathematics of GANs

A sentence becomes a film because a *generator* has learned to paint pictures that a *critic* cannot tell from real ones. Before we build either, we look at the game they play, with nothing but numpy.

**After this lesson you can**

1. write down the value of the game and say who wants it large and who small;
2. derive the best critic, and show that against it the generator minimises a distance between distributions;
3. say which of two generator losses goes silent when it is needed most, and find the slip in a well-known textbook;
4. show why plain gradient descent makes two players circle or fly apart, and bring them to rest with a penalty.

**You need** a little calculus (the chain rule) and numpy; one folded part uses eigenvalues and may be skipped. No picture here takes more than a second or two.
"""

# %% name="setup"

# %% name="imports"
import matplotlib.pyplot as plt
import numpy as np

from course_lib.gan.theory import game_value, gaussian, growth, sigmoid, trajectory
from course_lib.scenery import render

# %% [markdown] name="how-exercises-work"
r"""
**How exercises work.** A cell with `@exercise(...)` waits for your code in place of `...`. Run it: a card under the cell says at once whether it is right, and if not, which mistake it looks like. Until yours is right, the lesson goes on with the course's own version, so you are never stuck. There is no other thing to run or submit.
"""

# %% [markdown] name="two-players"
r"""
## 1 · Two players

One player, the **generator**, makes samples. The other, the **discriminator** (the critic), sees a sample and answers with a probability: how sure am I that this is real? The generator wants to be believed; the critic wants to be right.

For films a sample is a whole clip. Here a sample is a single number, so that we can see everything at once: real numbers in blue, made-up ones in orange, the critic's answer in green.

*What to look for:* where only blue lies the critic is sure; where only orange lies it is just as sure; in between it must hesitate.
"""

# %% name="two-players-picture"
real = lesson.rng.normal(0.0, 1.0, 400)
fake = lesson.rng.normal(2.5, 0.8, 400)
line = np.linspace(-4, 6, 400)
critic = sigmoid(2.2 * (1.3 - line))  # a critic drawn by hand, not trained

plt.hist(real, bins=40, density=True, alpha=0.5, color="C0", label="real samples")
plt.hist(fake, bins=40, density=True, alpha=0.5, color="C1", label="generated samples")
plt.plot(line, critic, color="C2", label="D(x): 'this is real'")
plt.xlabel("x")
plt.title("A critic drawn by hand")
plt.legend()
plt.show()

# %% [markdown] name="the-value"
r"""
## 2 · The value of the game

How good is a critic? On a real sample it should give a large probability $D(x)$, on a generated one a large $1 - D(G(z))$. Adding the expected logarithms gives one number, the **value** of the game (Goodfellow et al., *Generative Adversarial Nets*, 2014):

$$V(D, G) = \mathbb{E}_{x}\big[\log D(x)\big] + \mathbb{E}_{z}\big[\log\big(1 - D(G(z))\big)\big]$$

The critic **maximises** $V$, the generator **minimises** it. In code an expectation is a mean over a batch.
"""

# %% exercise="gan.theory.value_function"

# %% [markdown] name="the-value-in-numbers"
r"""
Three critics, one batch. *What to look for:* the one that always shrugs, $D = 1/2$, gets exactly $-\log 4 = -1.3863$, whatever it is shown. Keep that number in mind.
"""

# %% name="the-value-of-three-critics" tags=["nbval-check-output"]
critics = {  # what each answers on four real and on four generated samples
    "always one half": (np.full(4, 0.5), np.full(4, 0.5)),
    "mostly right": (np.array([0.9, 0.8, 0.9, 0.7]), np.array([0.1, 0.2, 0.1, 0.4])),
    "mostly wrong": (np.array([0.2, 0.1, 0.3, 0.2]), np.array([0.9, 0.7, 0.8, 0.9])),
}
for name, (on_real, on_fake) in critics.items():
    print(f"{name:>15}: V = {value_function(on_real, on_fake):7.4f}")
print(f"{'- log 4':>15}:     {-np.log(4):7.4f}")

# %% [markdown] name="what-the-article-says"
r"""
### What the article says

The course is built on two published articles on Kuaishou's text-to-video; *the article* is always one of them, and its faults are our material. It writes the generator's loss with a bracket too many on the left, or one too few on the right. Python can count.
"""

# %% name="article-unbalanced" tags=["nbval-check-output"]
with expect_failure(SyntaxError, match="never closed"):
    compile("loss_of_generator = -log(D(G(z))", "the article's formula", "exec")

# %% [markdown] name="article-log-of-fakes"
r"""
That one is quickly mended. The next is not so easily seen: the article's program scores the critic by the mean of `log D(x) + log D(G(z))`. The `1 -` is missing.

*What to look for:* two critics below. The first is right about everything. The second believes every fake. Which one does the article's score prefer?
"""

# %% name="article-score" tags=["nbval-check-output"]
good_critic = np.full(8, 0.95), np.full(8, 0.05)  # its answers on real, on fake
gullible = np.full(8, 0.95), np.full(8, 0.95)

for name, (on_real, on_fake) in {"good": good_critic, "gullible": gullible}.items():
    article = np.mean(np.log(on_real) + np.log(on_fake))
    print(
        f"{name:>8} critic: article's score {article:7.3f}   value V {value_function(on_real, on_fake):7.3f}"
    )

# %% [markdown] name="article-repaired"
r"""
By the article's score the gullible critic is the better one. **The cause:** without `1 -` the second term rewards belief in fakes. **The repair** is the exercise you have just done. What this fault does to a training run, and what happens when its sign is turned as well, is the story of lesson 02.
"""

# %% [markdown] name="the-best-critic"
r"""
## 3 · The best critic

Hold the generator still. Which critic makes $V$ largest? Write the two expectations as sums over points $x$, with the data's probability $p_\text{data}(x)$ and the generator's $p_g(x)$:

$$V = \sum_x \Big[\, p_\text{data}(x)\,\log D(x) + p_g(x)\,\log(1 - D(x)) \,\Big]$$

The critic may choose $D(x)$ freely at every $x$, so each point can be settled alone: for $a, b \ge 0$ find the $D$ that makes $a \log D + b \log(1 - D)$ largest. First look, then derive.
"""

# %% name="one-point"
d = np.linspace(0.001, 0.999, 999)
for a, b in ((0.35, 0.1), (0.2, 0.2), (0.05, 0.25)):
    curve = a * np.log(d) + b * np.log(1 - d)
    plt.plot(d, curve, color="C2", alpha=0.35 + a / 0.6, label=f"a = {a}, b = {b}")
    plt.plot(d[curve.argmax()], curve.max(), "o", color="C2")
plt.ylim(-1.2, 0)
plt.xlabel("D at this point")
plt.title("What one point adds to V, and where it is largest")
plt.legend()
plt.show()

# %% [markdown] name="derive-the-best-critic"
r"""
Set the slope to zero, $a/D - b/(1-D) = 0$, and solve for $D$. (It is a maximum: the curve bends down everywhere. If $a$ or $b$ is 0 the slope has no zero; the largest value then lies at the end, 0 or 1, and the formula says just that.) Then write it for whole arrays, and think of the points where neither has any probability.
"""

# %% exercise="gan.theory.optimal_discriminator"

# %% [markdown] name="best-critic-check"
r"""
Formula against brute force: try 999 values of $D$ at every point, and keep the best.
"""

# %% name="best-critic-by-force" tags=["nbval-check-output"]
x = np.linspace(-4, 6, 401)
p_data, p_g = gaussian(x, 0.0, 1.0), gaussian(x, 2.5, 0.8)
by_force = d[np.argmax(p_data[:, None] * np.log(d) + p_g[:, None] * np.log(1 - d), axis=1)]
by_formula = optimal_discriminator(p_data, p_g)
print(
    f"largest difference {np.abs(by_force - np.clip(by_formula, 0.001, 0.999)).max():.4f} (the steps of the search are 0.001)"
)

# %% name="best-critic-picture"
plt.fill_between(x, p_data / p_data.max(), alpha=0.3, color="C0", label="data (scaled)")
plt.fill_between(x, p_g / p_g.max(), alpha=0.3, color="C1", label="generator (scaled)")
plt.plot(x, by_formula, color="C2", label="best critic D*")
plt.xlabel("x")
plt.title("The best critic is the data's share at each point")
plt.legend(loc="center right")
plt.show()

# %% [markdown] name="what-the-generator-minimises"
r"""
## 4 · What the generator is really minimising

Put the best critic into $V$. What comes out is, up to the constant $-\log 4$, twice a *divergence*: a number that is 0 when the two distributions are the same and grows as they part. With the mixture $m = (p_\text{data} + p_g)/2$,

$$V(D^*, G) = \mathrm{KL}(p_\text{data}\,\|\,m) + \mathrm{KL}(p_g\,\|\,m) - \log 4 = 2\,\mathrm{JSD}(p_\text{data}, p_g) - \log 4,$$

because $D^* = p_\text{data} / (2m)$ and $1 - D^* = p_g / (2m)$: the two factors of 2 give the $\log 4$. $\mathrm{KL}(a\,\|\,m) = \sum a \log (a/m)$ is the **Kullback-Leibler divergence**: how surprised, on average, is someone who expects $m$ and meets $a$. JSD is the **Jensen-Shannon divergence**, the mean of the two. With natural logarithms their unit is the *nat*; one bit is $\log 2 = 0.693$ nats.
"""

# %% exercise="gan.theory.js_divergence"

# %% [markdown] name="identity-intro"
r"""
Now the promise, three ways: by the identity, by the sum over points, and by playing the game with 200,000 samples. *What to look for:* the first two agree to the last digit, the third to within about 0.005.
"""

# %% name="identity-in-numbers" tags=["nbval-check-output"]
best = optimal_discriminator(p_data, p_g)
print(f"2 JSD - log 4        {2 * js_divergence(p_data, p_g) - np.log(4):.4f}")
print(f"V(D*) as a sum       {game_value(best, p_data, p_g):.4f}")

# %% name="identity-by-sampling"
at_real = np.interp(lesson.rng.choice(x, 200_000, p=p_data), x, best)
at_fake = np.interp(lesson.rng.choice(x, 200_000, p=p_g), x, best)
print(f"V(D*) by playing it  {value_function(at_real, at_fake):.4f}")

# %% [markdown] name="drag-intro"
r"""
### Drag the two densities

Move the generator with the sliders (click one, then use the arrow keys). *What to look for:*

- bring the orange curve exactly over the blue one (mean 0, width 1): D* goes flat at one half, JSD to 0, V to $-\log 4$. **When even the *best* critic can only shrug, the generator has won.**
- move it far away: JSD stops at $\log 2 = 0.693$ and does not grow any more, however far you go;
- make the generator narrower than the data (width below 1) and look far out, to the right of it: D* returns to 1. There neither has much to show, but the wider curve has *more*: the best critic goes by the ratio alone.
"""


# %% name="drag"
def two_densities(generator_mean, generator_width):
    line = np.linspace(-8, 14, 881)  # wide enough that nothing is cut off
    p_data, p_g = gaussian(line, 0.0, 1.0), gaussian(line, generator_mean, generator_width)
    best, distance = optimal_discriminator(p_data, p_g), js_divergence(p_data, p_g)
    plt.figure()
    plt.fill_between(line, p_data / p_data.max(), alpha=0.3, color="C0", label="data")
    plt.fill_between(line, p_g / p_data.max(), alpha=0.3, color="C1", label="generator")
    plt.plot(line, best, color="C2", label="best critic D*")
    plt.ylim(0, 1.6)
    plt.xlabel("x")
    plt.title(f"JSD = {distance:.4f} nats    V(D*) = {2 * distance - np.log(4):.4f}")
    plt.legend(loc="upper right")
    plt.show()


explore(two_densities, generator_mean=(-4.0, 10.0, 0.25, 2.5), generator_width=(0.4, 2.0, 0.1, 0.8))

# %% [markdown] name="flat-far-away"
r"""
The second observation deserves a picture. If the two do not overlap, the distance is $\log 2$ and **its slope is zero**: moving the generator a little changes nothing, so a gradient has nothing to say. Images of a young generator and real images hardly ever overlap. This is why a critic that is *too good too early* teaches nothing, and why lesson 02 needs other losses.
"""

# %% name="flat-far-away-picture"
wide = np.linspace(-12, 12, 2001)
centre = np.linspace(-10, 10, 161)
for width in (1.0, 0.3):
    distance = [js_divergence(gaussian(wide, 0, width), gaussian(wide, c, width)) for c in centre]
    plt.plot(centre, distance, color="C1", ls="-" if width == 1.0 else "--", label=f"both of width {width}")
plt.axhline(np.log(2), color="C3", lw=1, ls=":", label="log 2")
plt.xlabel("distance between the centres")
plt.ylabel("JSD in nats")
plt.title("The valley is narrow, the plateau is wide")
plt.legend()
plt.show()

# %% [markdown] name="two-losses"
r"""
## 5 · Two losses for the generator, and which one goes silent

The critic ends in a **logit** $o$, any real number, and $D = \sigma(o) = 1/(1+e^{-o})$. The generator feels the critic only through the slope in $o$ on its own fakes. Two losses are in use:

- the game as written: minimise $\log(1 - D)$, the **saturating** loss;
- the one that is used in practice: minimise $-\log D$, the **non-saturating** loss.

Both want $D$ to rise. Work out both slopes by the chain rule; $\sigma'(o) = \sigma(o)\,(1 - \sigma(o))$. `sigmoid` is imported above, takes whole arrays, and does not overflow for large logits; see to it that your formula does not either.
"""

# %% exercise="gan.theory.saturating_gradient"

# %% exercise="gan.theory.non_saturating_gradient"

# %% [markdown] name="slopes-intro"
r"""
First a numerical check by small differences, then the picture. *What to look for:* on the left the critic is sure that the sample is fake. That is where a young generator lives.
"""

# %% name="slopes-check" tags=["nbval-check-output"]
o = np.array([-4.0, -1.0, 0.0, 2.0])
small = 1e-6
for name, loss, slope in (
    ("log(1 - D)", lambda o: np.log(1 - sigmoid(o)), saturating_gradient),
    ("-log D", lambda o: -np.log(sigmoid(o)), non_saturating_gradient),
):
    numerical = (loss(o + small) - loss(o - small)) / (2 * small)
    print(f"{name:>10}: formula {np.round(slope(o), 4)}   by differences {np.round(numerical, 4)}")

# %% name="slopes-picture"
o = np.linspace(-8, 8, 400)
plt.plot(o, -saturating_gradient(o), color="C1", label="log(1 - D), saturating")
plt.plot(o, -non_saturating_gradient(o), color="C1", ls="--", label="-log D, non-saturating")
plt.axvspan(-8, -3, color="C3", alpha=0.15)
plt.text(-7.8, 0.52, "the critic rejects\nthe fakes", fontsize=9)
plt.plot(0, 0.5, "o", color="black")
plt.annotate("perfect generator: D = 1/2", (0, 0.5), (1.2, 0.36), arrowprops={"arrowstyle": "-"}, fontsize=9)
plt.xlabel("logit o of a fake")
plt.ylabel("pull on the generator")
plt.ylim(-0.05, 1.35)
plt.title("Who still speaks when the critic is sure?")
plt.legend(loc="upper center", ncols=2)
plt.show()

# %% [markdown] name="textbook-error"
r"""
**A slip to know.** *Dive into Deep Learning* (Zhang, Lipton, Li and Smola), a fine and widely read book, argues in its chapter on GANs that the loss $\log(1 - D)$ stops teaching when the generator does a *perfect* job, because then $D \approx 1$. (The editions that we have seen; it may be mended in yours.) Check both halves against the picture:

- a perfect generator leaves the critic at $D = 1/2$, not 1: the black dot, where *both* slopes are $-1/2$;
- and where $D \to 1$ the slope of $\log(1 - D)$ is at its *steepest*.

It falls silent at the other end, $D \to 0$: **when the critic rejects the fakes**, which is at the beginning of training. (Why does a perfect generator rest, then, if its slope in $o$ is $-1/2$? Because the critic is flat there: $o$ does not change with $x$, so there is nothing to gain by moving.)
"""

# %% name="textbook-error-in-numbers" tags=["nbval-check-output"]
for situation, logit in (("rejected fakes", -8.0), ("perfect generator", 0.0), ("critic is fooled", 8.0)):
    slopes = (
        f"saturating {saturating_gradient(logit):8.4f}   non-saturating {non_saturating_gradient(logit):8.4f}"
    )
    print(f"{situation:>18}, o = {logit:4.0f}:   {slopes}")

# %% [markdown] name="does-it-converge"
r"""
## 6 · Do they ever come to rest?

The article says that both players are trained by gradient descent, and leaves it at that. For *one* player that is a promise: with small steps the loss goes down. For *two* it is not. The smallest example that shows it is the **Dirac-GAN** (Mescheder, Geiger and Nowozin, *Which Training Methods for GANs do actually Converge?*, 2018). Each player has one number:

- all real data sit at the point $0$; the generator puts all its samples at the point $\theta$;
- the critic's logit is a straight line through the origin with slope $\psi$: $\;o(x) = \psi x$.

So $V(\theta, \psi) = \log\sigma(0) + \log\big(1 - \sigma(\psi\theta)\big)$. The generator has won at $\theta = 0$, and there the critic should rest at $\psi = 0$.
"""

# %% name="dirac-picture"
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2))
at, slope = 1.5, -0.8
left.axvline(0, color="C0", lw=4, label="data at 0")
left.axvline(at, color="C1", lw=4, label="generator at θ")
left.plot(line, slope * line, color="C2", label="critic's logit ψ x")
left.set(xlim=(-2, 3), ylim=(-2, 2), xlabel="x", title="One number each")
left.legend(loc="lower left", fontsize=8)
theta_grid, psi_grid = np.meshgrid(np.linspace(-1.5, 1.5, 9), np.linspace(-1.5, 1.5, 9))
push = sigmoid(psi_grid * theta_grid)
right.quiver(theta_grid, psi_grid, psi_grid * push, -theta_grid * push, color="0.3", scale=14, width=0.008)
right.plot(0, 0, "k*", ms=10)
right.set(xlabel="θ (generator)", ylabel="ψ (critic)", title="Where both want to go", aspect="equal")
right.set(xlim=(-2.1, 2.1), ylim=(-2.1, 2.1))
plt.show()

# %% [markdown] name="the-arrows-turn"
r"""
The arrows go round. Nothing points to the star in the middle: the critic leans away from wherever the generator stands, the generator walks down that slope, overshoots, the critic leans the other way.

Now take steps. First **simultaneously**: both compute their slope from the same old position, then both move by the step size $h$.
"""

# %% exercise="gan.theory.simultaneous_step"

# %% [markdown] name="alternating-intro"
r"""
In practice the players move **in turns**: the critic takes its step, and the generator then answers the critic it sees. It looks like a detail.
"""

# %% exercise="gan.theory.alternating_step"

# %% [markdown] name="spiral-intro"
r"""
Same start $(1, 0)$, same step size 0.1, 2,000 steps. *What to look for:* does the distance from the star grow, stay or shrink?
"""

# %% name="spiral-in-numbers" tags=["nbval-check-output"]
together = trajectory(simultaneous_step, (1.0, 0.0), 2000, h=0.1)
in_turns = trajectory(alternating_step, (1.0, 0.0), 2000, h=0.1)
for name, path in {"simultaneous": together, "alternating": in_turns}.items():
    radius = np.hypot(*path.T)
    print(f"{name:>12}: distance from rest 1.00 -> {radius[-1]:.2f}, largest on the way {radius.max():.2f}")

# %% name="spiral-picture"
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), sharex=True, sharey=True)
for axes, path, name in ((left, together, "simultaneous"), (right, in_turns, "alternating")):
    axes.plot(*path.T, lw=0.7, color="C1")
    axes.plot(*path[0], "o", color="C0", label="start")
    axes.plot(0, 0, "k*", ms=10)
    axes.set(xlabel="θ", ylabel="ψ", title=name, aspect="equal")
left.legend(loc="upper right")
plt.show()

# %% [markdown] name="why-it-spirals"
r"""
**Why outwards?** A simultaneous step is perpendicular to the radius. By Pythagoras every step multiplies the distance by

$$\sqrt{1 + h^2\,\sigma(\psi\theta)^2},$$

always a little more than 1. With infinitely small steps the players would circle for ever; every real step flies off along the tangent. **Taking turns** cancels this growth *near the star*, where each turn comes back to its start. Farther out, and with larger steps, a slow drift outwards remains: from radius 2 with $h = 0.3$ it reaches 2.3 after 2,000 steps and 3.0 after 20,000. No rest either way. Check the formula on the path we have just walked.
"""

# %% name="pythagoras" tags=["nbval-check-output"]
theta, psi = together.T
grown = np.hypot(theta[1:], psi[1:]) / np.hypot(theta[:-1], psi[:-1])
predicted = np.sqrt(1 + (0.1 * sigmoid(psi * theta)[:-1]) ** 2)
print(f"the formula holds at all 2,000 steps: {np.allclose(grown, predicted, rtol=1e-12)}")

# %% [markdown] name="the-penalty"
r"""
### A penalty that brings them to rest

The critic keeps leaning even when the generator has arrived. Take away its wish to lean: let it maximise $V - \tfrac{\gamma}{2}\,\lVert\nabla_x o(x)\rVert^2$ at the data. For our straight line the gradient is $\psi$ itself. This is the **zero-centred gradient penalty** (R1) that you will meet again in the video GAN of lesson 07.
"""

# %% exercise="gan.theory.penalised_step"

# %% [markdown] name="penalty-drag-intro"
r"""
*What to look for:* with $\gamma = 0$ the spiral you know. Which $\gamma$ brings them home fastest at $h = 0.1$? (About 1: at 0.8 to 1 the wobbling stops.) What happens at $h = 1.5$ with a large $\gamma$?
"""


# %% name="penalty-drag"
def with_penalty(gamma, step_size):
    path = trajectory(penalised_step, (1.0, 0.0), 400, h=step_size, gamma=gamma)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    left.plot(*path.T, lw=1, color="C1")
    left.plot(0, 0, "k*", ms=10)
    left.set(xlim=(-2, 2), ylim=(-2, 2), xlabel="θ", ylabel="ψ", aspect="equal")
    right.semilogy(np.maximum(np.hypot(*path.T), 1e-12), color="C1")
    right.set(xlabel="step", ylabel="distance from rest", ylim=(1e-6, 1e2))
    figure.suptitle(f"close to the star: a factor of {growth(step_size, gamma):.4f} a step in the long run")
    plt.show()


explore(with_penalty, gamma=(0.0, 3.0, 0.1, 0.5), step_size=(0.05, 1.5, 0.05, 0.1))

# %% [markdown] name="how-much-penalty"
r"""
**How much is enough?** Some penalty is needed, too much is as bad as none, and smaller steps leave more room:

$$\frac h4 \;<\; \gamma \;<\; \frac 2h + \frac h8 .$$

<details><summary>Where this comes from (with eigenvalues; may be skipped)</summary>

Near the star $\sigma \approx 1/2$, and a step is the matrix $\begin{pmatrix}1 & h/2\\ -h/2 & 1 - h\gamma\end{pmatrix}$. The distance shrinks in the long run exactly when both eigenvalues lie inside the unit circle. Its determinant, $1 - h\gamma + h^2/4$, must stay below 1: the left side. And $1 + \text{trace} + \text{determinant} = 4 - 2h\gamma + h^2/4$ must stay above 0, or an eigenvalue passes $-1$: the right side.

</details>

Green below: *from near the star* the game comes to rest. From far away $\sigma$ may be close to 0; then the critic is alone with its penalty, $\psi \leftarrow (1 - h\gamma)\,\psi$, and needs $\gamma < 2/h$, the dotted line.
"""

# %% name="penalty-map"
steps, gammas = np.linspace(0.02, 2, 120), np.linspace(0, 6, 120)
speed = np.array([[growth(h, gamma) for h in steps] for gamma in gammas])
plt.contourf(
    steps, gammas, speed, levels=[0, 0.8, 0.9, 0.97, 1.0], colors=["#1d6b33", "#4f9a5e", "#8dc397", "#cfe6d3"]
)
plt.plot(steps, steps / 4, "k--", lw=1)
plt.plot(steps, 2 / steps, "k:", lw=1, label="2/h")
plt.plot(steps, 2 / steps + steps / 8, "k--", lw=1, label="h/4  and  2/h + h/8")
plt.ylim(0, 6)
plt.xlabel("step size h")
plt.ylabel("penalty γ")
plt.title("Long-run factor a step: below 1 (green) it converges near the star")
plt.legend()
plt.show()

# %% [markdown] name="in-the-film"
r"""
## 7 · In the film

Time to point a critic at real frames. The course's film shows a lake at noon; three painters have tried to imitate it. Our critic is the best there is, $D^*$, but it looks at **one number a pixel, its brightness**, so that its distributions are histograms and everything above applies.

*What to look for:* in the lower row the critic's answer at every pixel, green for 'surely real', brown for 'surely made up', white for one half, a shrug. Which painter fools it completely, and should he?
"""

# %% name="frames"
lake = {"place": "lake", "time": "noon", "weather": "clear", "motion": "pan left"}
shown = render(lake, frames=2, size=96, seed=3)[0]
shuffled = lesson.rng.permutation(shown.reshape(-1, 3)).reshape(shown.shape)
painters = {
    "the real frame": shown,
    "too dark": (0.6 * shown).astype(np.uint8),
    "painted the night": render({**lake, "time": "night"}, frames=2, size=96, seed=3)[0],
    "threw the pixels about": shuffled,
}

# %% name="critic-of-frames"
edges = np.arange(0, 257, 8)


def brightness_shares(frames):
    counts, _ = np.histogram(frames.mean(axis=-1), edges)
    return counts / counts.sum()


shares_real = brightness_shares(shown)
figure, axes = plt.subplots(2, 4, figsize=(9.5, 5.2))
for (name, frame), top, bottom in zip(painters.items(), *axes):
    shares_fake = brightness_shares(frame)
    answer = optimal_discriminator(shares_real, shares_fake)
    top.imshow(frame)
    top.set_title(f"{name}\nJSD {js_divergence(shares_real, shares_fake):.3f}", fontsize=10)
    bins = np.digitize(frame.mean(axis=-1), edges) - 1
    shown_answer = bottom.imshow(answer[bins], cmap="BrBG", vmin=0, vmax=1)
    bottom.set_title(f"mean answer {answer[bins].mean():.2f}", fontsize=9)
for one in axes.flat:
    one.set(xticks=[], yticks=[])
    one.spines[:].set_visible(True)
figure.colorbar(shown_answer, ax=axes[1], label="D*", shrink=0.9)
plt.show()

# %% [markdown] name="what-the-critic-cannot-see"
r"""
The painter who threw the pixels about has **JSD 0**. By all the mathematics above he has won, and the picture is rubbish. Nothing is wrong with the theory: it measures the distance between what the critic *can see*. A critic of single pixels asks for the right brightness and for nothing else.

So the rest of the course is about critics with better eyes: convolutions that see shapes (lesson 03), critics that read the sentence and check that the picture fits it (06), critics that watch motion (07). And the number that you have just computed stays with us, as the measure of what a generator still gets wrong.
"""

# %% [markdown] name="summary"
r"""
## Summary

- $V$ is how well the critic tells real from fake; $1 - D$ on the fakes is not a detail.
- The best critic is the data's share at each point; against it the generator minimises $2\,\mathrm{JSD} - \log 4$. Far away that divergence is flat.
- The saturating loss is silent when fakes are rejected, not when they are perfect.
- Gradient descent for two players turns in circles, and simultaneous steps fly apart: from 1.00 to 3.05 in 2,000 steps. A zero-centred penalty of the right size brings them to rest.

**Why it matters at Kuaishou's scale.** The larger the model, the dearer a run that has to be thrown away. A game that circles does not show it in its losses: both wander for ever, and nobody can tell from the curve whether to stop. It pays to know beforehand which term makes the game contract, and how large it may be for a given step size.

**Questions to think about**

1. With the non-saturating loss the two players' pushes differ. Copy `simultaneous_step` under a new name, `non_saturating_step`, and let its generator use $-\log D$. Does the spiral still leave? Where does it settle for $h = 0.1$, and for $h = 0.4$?
2. With half of the data at 0 and half at 1, where does the game of straight-line critics rest, and has the generator won there?
3. The plateau of JSD has no slope. Yet early GANs did train. What must have been true of their critics?

<details><summary>Answers</summary>

1. It settles on a circle of radius about $\sqrt{2h}$: 0.45 for $h = 0.1$, 0.89 for $h = 0.4$. Away from the star the non-saturating push contracts, the discrete step expands; there they balance. 2. At $\theta = 1/2$, $\psi = 0$: the critic has no slope that would help. The generator has not won, it sits between the two points; a straight line cannot see that. 3. They were far from $D^*$: trained for a step or so at a time, smooth, and so with a slope where the best critic has none.

</details>

**Further reading**

- Goodfellow, Pouget-Abadie, Mirza, Xu, Warde-Farley, Ozair, Courville, Bengio: *Generative Adversarial Nets*, 2014.
- Arjovsky, Bottou: *Towards Principled Methods for Training Generative Adversarial Networks*, 2017.
- Mescheder, Geiger, Nowozin: *Which Training Methods for GANs do actually Converge?*, 2018.
- Goodfellow, Bengio, Courville: *Deep Learning*, 2016. (The article gives another author for this book; these three wrote it.)
"""
