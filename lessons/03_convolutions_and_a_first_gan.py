# ---
# jupyter:
#   course:
#     id: "03"
#     title: Convolutions and a first image GAN
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
# 03 · Convolutions and a first image GAN

At the end of lesson 01 a critic that saw only single pixels was fooled by a picture whose pixels had been thrown about. Critics need eyes, and painters need hands: both are made of **convolutions**. You write one, look at it from four sides, stack it into two players, and let them train on frames of our film, in Keras on TensorFlow.

**After this lesson you can**

1. write a convolution and a pooling by hand, and say what they cost;
2. say how far a layer sees, and measure it;
3. tell where the checkerboard in generated pictures comes from, and get rid of it;
4. build a DCGAN in Keras, give each player a training step of its own, and find the faults in the article's program;
5. score pictures, not only look at them.

**You need** lesson 02; Keras at the level of 'a model is a list of layers'. Nothing here needs a GPU: the longest cell trains for half a minute.

The GAN of this lesson paints *some* place; you cannot ask it for a lake. Asking is lesson 06.
"""

# %% name="setup"

# %% name="imports"
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
import torch
from keras import layers

from course_lib.data import figure, keep
from course_lib.gan import convolution, dcgan_tf, stills, training_tf
from course_lib.notebook.live import Live, sheet
from course_lib.notebook.players import moving, photo
from course_lib.notebook.quiet import quiet
from course_lib.profiles import pick
from course_lib.scenery import render

torch.set_num_threads(1)
with quiet():  # TensorFlow has much to say at its first number
    tf.zeros(1)

# %% [markdown] name="the-printed-formula"
r"""
## 1 · What a convolution is

**What the article says.** A convolutional layer is printed as $f(x) = \sigma(Wx + b)$, and not a word about $W$. But that is the formula of *any* layer. It tells as much as 'a car is a thing with a shape'. All that makes a convolution is the **structure of $W$**: most of its numbers are zero, and the others are the same few, over and over.

*What to look for:* both matrices take a picture of 6 × 6 pixels to 4 × 4 answers. How many numbers has each to learn?
"""

# %% name="structured-matrix"
kernel = np.array([[1.0, 2.0, 1.0], [0.0, 0.5, 0.0], [-1.0, -2.0, -1.0]])
W = convolution.as_matrix(kernel, 6, 6)
figure_, axes = plt.subplots(1, 2, figsize=(10, 3.1))
for one, matrix, name in (
    (axes[0], lesson.rng.normal(size=W.shape), f"any layer: {W.size} numbers"),
    (axes[1], W, "a convolution: the same 9 in every row"),
):
    one.imshow(matrix, cmap="RdBu_r", vmin=-2.5, vmax=2.5)
    one.set(title=name, xlabel="36 pixels, row after row", ylabel="16 answers")
plt.show()

# %% [markdown] name="why-structure"
r"""
Two ideas are in that pattern. **Locality**: an answer looks at a small window and at nothing else. **Sharing**: every window is looked at with the same numbers, the *kernel*, because a mountain is a mountain wherever it stands. For a frame of our film the difference is this:
"""

# %% name="structure-in-numbers" tags=["nbval-check-output"]
side, channels, filters = 32, 3, 32
places = 30 * 30
print(
    f"any layer from a 32 x 32 frame to 30 x 30 answers of 32 kinds: {side * side * channels * places * filters:>12,} weights"
)
print(
    f"a convolution, kernel 3 x 3:                                   {3 * 3 * channels * filters:>12,} weights"
)

# %% [markdown] name="places"
r"""
Where did the 30 come from? A kernel of 3 pixels fits into a row of 32 at 30 places. With a **stride** of 2 it takes every other place; **padding** puts a rim of zeros around the picture.
"""

# %% exercise="gan.convolution.output_size"

# %% [markdown] name="conv-intro"
r"""
Now the thing itself. Lay the kernel on a window, multiply, sum, move on. A picture has channels (red, green, blue), and the sum runs over them as well; each output channel has a kernel of its own.
"""

# %% exercise="gan.convolution.conv2d"

# %% [markdown] name="four-ways-intro"
r"""
Four other ways to the same numbers: the matrix $W$; all windows at once, by a trick with *strides* that copies no pixel (`convolution.conv2d_windows`, five lines worth reading); PyTorch; TensorFlow. *What to look for:* they agree.
"""

# %% name="four-ways" tags=["nbval-check-output"]
picture, kernels = lesson.rng.normal(size=(12, 10, 3)), lesson.rng.normal(size=(3, 3, 3, 4))
for stride, padding in ((1, 0), (1, 1), (2, 1)):
    ours = conv2d(picture, kernels, stride, padding)
    padded = np.pad(picture, ((padding, padding), (padding, padding), (0, 0)))
    by_matrix = sum(
        convolution.as_matrix(kernels[:, :, c, 0], *padded.shape[:2], stride) @ padded[:, :, c].ravel()
        for c in range(3)
    ).reshape(ours.shape[:2])
    others = {
        "matrix": by_matrix - ours[..., 0],
        "windows": convolution.conv2d_windows(picture, kernels, stride, padding) - ours,
        "torch": torch.nn.functional.conv2d(
            torch.tensor(picture.transpose(2, 0, 1)[None]), torch.tensor(kernels.transpose(3, 2, 0, 1)), None, stride, padding
        )[0].numpy().transpose(1, 2, 0) - ours,
        "keras": keras.ops.conv(padded[None], kernels, stride, "valid")[0].numpy() - ours,
    }  # fmt: skip
    agreed = ", ".join(f"{name} {bool(np.abs(gap).max() < 1e-5)}" for name, gap in others.items())
    print(f"stride {stride}, padding {padding}: {ours.shape}   the same to 1e-5: {agreed}")

# %% [markdown] name="speed"
r"""
They agree; do they differ in speed? The figures are from `bench/dcgan.json`, measured on one thread for a 32 × 32 picture of 16 channels and 32 kernels of 3 × 3: one picture, a small layer. *What to look for:* what do the loops cost, and do the frameworks beat numpy here? (They are made for batches of pictures, for many cores and for GPUs.)
"""

# %% name="speed-table"
for way in ("loops", "windows", "torch", "tensorflow"):
    milliseconds, times = (
        figure("dcgan", "a convolution", way),
        figure("dcgan", "times as fast as loops", way),
    )
    print(f"{way:<12} {milliseconds:8.3f} ms   {times:6.1f} times as fast as our loops")

# %% [markdown] name="kernels-intro"
r"""
What does a kernel *see*? *What to look for:* choose one. Which of them finds the shore, which the trunks and towers, which one only blurs? In a network nobody chooses: training finds the kernels.
"""

# %% name="kernels-on-a-frame"
KERNELS = {
    "level edges": [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
    "upright edges": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    "spots": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "blur": [[1 / 9] * 3] * 3,
}
frame = {
    name: stills.to_float(
        render({"place": name, "time": "noon", "weather": "clear"}, frames=1, size=64, seed=5)
    )[0]
    for name in ("city", "lake", "snow mountain")
}


def seen_by(kernel, place, stride):
    grey = frame[place].mean(axis=2, keepdims=True)
    answer = conv2d(grey, np.array(KERNELS[kernel], float)[..., None, None], stride, 1)[..., 0]
    _, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6))
    left.imshow((frame[place] + 1) / 2)
    left.set_title("64 x 64 pixels")
    most = np.abs(answer).max()
    right.imshow(answer, cmap="gray" if kernel == "blur" else "RdBu_r", vmin=-most, vmax=most)
    right.set_title(f"{kernel}: {answer.shape[0]} x {answer.shape[1]} answers")
    for one in (left, right):
        one.axis("off")
    plt.show()


explore(seen_by, kernel=list(KERNELS), place=list(frame), stride=(1, 4, 1, 1))

# %% [markdown] name="pooling-intro"
r"""
### Pooling

**What the article says.** Pooling is printed as $P(x) = \max(x)$: one number for the whole picture. *What to look for:* what is left of a night sky, and what of an answer that says *where*?
"""

# %% name="pooling-printed" tags=["nbval-check-output"]
sky = np.zeros((8, 8))
sky[1, 6], sky[5, 2] = 1, 0.7
print("as printed:", sky.max())
print("in windows of 4 x 4, each with its own maximum:")
print(sky.reshape(2, 4, 2, 4).max(axis=(1, 3)))

# %% [markdown] name="pooling-explained"
r"""
As printed, it knows that there is a bright star and has lost where. The repair is a *window* that moves, just as a kernel does. (The second line is a trick for windows that do not overlap; yours does any.)
"""

# %% exercise="gan.convolution.max_pool2d"

# %% [markdown] name="field-intro"
r"""
## 2 · How far does a layer see?

A kernel of 3 sees 3 pixels. The layer above it sees 3 *answers*, which together have seen more. With strides it grows faster. How many pixels of the frame can one number of a layer depend on? That is its **receptive field**, and it decides whether a critic can know that the sun and its reflection belong together.
"""

# %% exercise="gan.convolution.receptive_field"

# %% [markdown] name="field-measured-intro"
r"""
You have computed it. Now **measure** it: take one number of a layer in the middle, and ask the tape which pixels it depends on. *What to look for:* does the coloured square have the size that you computed? And is it evenly coloured?
"""

# %% name="field-measured"
tower = [(4, 2), (4, 2), (4, 2)]
keras.utils.set_random_seed(3)
figure_, axes = plt.subplots(1, 3, figsize=(10, 3.5))
for depth, one in enumerate(axes, start=1):
    looking = keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            *(layers.Conv2D(8, k, strides=s, padding="same") for k, s in tower[:depth]),
        ]
    )
    depends = np.zeros((32, 32))
    for _ in range(8):  # several pictures and channels: a single one could cancel by chance
        seen = tf.Variable(lesson.rng.normal(size=(1, 32, 32, 1)).astype("float32"))
        with tf.GradientTape() as tape:
            answer = looking(seen)
            middle = answer.shape[1] // 2
            number = tf.reduce_sum(answer[0, middle, middle] * tf.random.normal((8,)))
        depends += np.abs(tape.gradient(number, seen)[0, :, :, 0].numpy())
    side = int((depends.sum(axis=0) > 0).sum())
    one.imshow(depends, cmap="Greens")
    one.set_title(f"layer {depth}: measured {side}, computed {receptive_field(tower[:depth])}")
    one.set(xticks=[], yticks=[])
plt.show()

# %% [markdown] name="field-explained"
r"""
22 of 32 pixels: from its third layer on our critic sees two thirds of a frame's side at once, and a dense layer on top sees it all. The square is darker in the middle: many ways lead to the middle pixels, one way to the rim. (Where a square reached beyond the frame it would be cut; here it just fits.)

## 3 · Up again, and the checkerboard

A generator goes the other way, from 4 × 4 numbers to 32 × 32 pixels. The **transposed convolution** turns the picture of section 1 around: every number *paints* a copy of the kernel, and where copies overlap they add. (Its matrix is $W^\top$, hence the name.)

*What to look for:* a flat grey surface is enlarged with a flat kernel. How many copies of the kernel lie on each pixel?
"""

# %% name="copies"
flat = np.ones((6, 6, 1))
figure_, axes = plt.subplots(1, 3, figsize=(10, 3.4))
for one, size, stride in zip(axes, (3, 5, 4), (2, 2, 2)):
    copies = convolution.transposed_conv2d(flat, np.ones((size, size, 1, 1)), stride)[..., 0]
    shown = one.imshow(copies, cmap="Oranges", vmin=0)
    inner = copies[size:-size, size:-size]
    one.set_title(
        f"kernel {size}, stride {stride}: {inner.min():.0f} to {inner.max():.0f} copies inside", fontsize=10
    )
    one.set(xticks=[], yticks=[])
    figure_.colorbar(shown, ax=one, shrink=0.8)
plt.show()

# %% [markdown] name="copies-explained"
r"""
A kernel of 3 with stride 2: one, two or four copies, in a **checkerboard**. The kernel of 5 of the first DCGAN (Radford and others, 2016) has it, too. The kernel of 4 does not, for 2 divides 4, but nothing keeps it from *learning* an uneven kernel. Odena, Dumoulin and Olah (2016) therefore enlarge first, by repeating pixels, and then use an ordinary convolution, which treats all pixels alike.

Does it matter? Take two generators that differ in nothing else, with weights drawn by chance and not trained at all. *What to look for:* grain with a period of two pixels.
"""

# %% name="checkerboard-untrained"
keras.utils.set_random_seed(1)
noise = lesson.rng.normal(size=(200, 64)).astype("float32")
enlarged = {
    name: np.asarray(make()(noise))
    for name, make in (
        ("transposed", dcgan_tf.make_transposed_generator),
        ("upsampling", dcgan_tf.make_generator),
    )
}
figure_, axes = plt.subplots(1, 2, figsize=(9, 4))
for one, (name, pictures) in zip(axes, enlarged.items()):
    one.imshow(pictures[0] / np.abs(pictures[0]).max() / 2 + 0.5)
    one.set_title(f"{name}: unevenness {convolution.unevenness(pictures):.2f}")
    one.axis("off")
plt.show()

# %% [markdown] name="checkerboard-measured-intro"
r"""
The **unevenness** compares the four pixels of every 2 × 2 block: how much does each differ from its neighbours, on average over all blocks? In a photograph it makes no difference where a block begins, so the ratio of the largest to the smallest is 1. Training can mend much. Does it mend this? Three seeds each, untrained and after a very short training of 40 steps, from `bench/dcgan.json` (`python course.py bench dcgan`):
"""

# %% name="checkerboard-table"
steps = 40
print(f"{'':<34}{'unevenness (least-most)':>26}{'Fréchet distance':>26}")
print(f"{'real frames':<34}{figure('dcgan', 'unevenness', 'real stills'):>12.2f}")
for name in ("transposed", "upsampling"):
    for when in ("untrained", f"{steps} steps"):
        at = f"{name}, {when}"
        mean, least, most = (
            figure("dcgan", m, at) for m in ("unevenness", "unevenness, least", "unevenness, most")
        )
        line = f"{at:<34}{mean:>12.2f} ({least:.2f}-{most:.2f})"
        if when != "untrained":
            far, least, most = (
                figure("dcgan", m, at)
                for m in ("Fréchet distance", "Fréchet distance, least", "Fréchet distance, most")
            )
            line += f"{far:>16.0f} ({least:.0f}-{most:.0f})"
        print(line)

# %% [markdown] name="checkerboard-read"
r"""
The untrained generators differ only in *how* they enlarge, and the transposed one starts out far from 1: copies that overlap unevenly give uneven grain, whatever the numbers in the kernel are. Upsampling starts near 1 and stays there. Training works against the pattern, for the discriminator sees it, but in 40 steps it has undone a part only. In *how far the pictures are from real ones* (the Fréchet distance of section 6; smaller is better) the generator that had to fight its own grain is behind, too, though three seeds and 40 steps say nothing about long runs: the paper's generator is transposed, and it learned to paint.
"""

# %% [markdown] name="two-players"
r"""
## 4 · Two players

**What the article says.** Its generator is a tower of dense layers that ends in 1,024 numbers, which are then folded into a picture of 32 × 32 × 3. Count.
"""

# %% name="article-reshape"
with expect_failure(ValueError, match="total size"):
    keras.Sequential(
        [keras.Input((100,)), layers.Dense(1024, activation="relu"), layers.Reshape((32, 32, 3))]
    )

# %% [markdown] name="article-channels-intro"
r"""
1,024 is not 3,072. Suppose that this were mended with `Dense(3072)`. The generator's last layer then makes **one** channel, and the discriminator expects three:
"""

# %% name="article-channels"
grey_painter = keras.Sequential(
    [
        keras.Input((100,)),
        layers.Dense(32 * 32 * 3),
        layers.Reshape((32, 32, 3)),
        layers.Conv2D(1, 5, padding="same", activation="tanh"),
    ]
)
colour_critic = keras.Sequential(
    [keras.Input((32, 32, 3)), layers.Conv2D(32, 5), layers.Flatten(), layers.Dense(1)]
)
with expect_failure(ValueError, match="incompatible with the layer"):
    colour_critic(grey_painter(np.zeros((2, 100), "float32")))

# %% [markdown] name="make-generator-intro"
r"""
**The repair**, in one go: few places with many channels first, 4 × 4, then three doublings, three channels at the end, and a `tanh`, with the data scaled to the same range, $[-1, 1]$. So the first layers decide *what* is where, and the last ones paint it. Batch normalisation (Ioffe and Szegedy, 2015) keeps the numbers of a layer at one size; without it such a tower hardly trains.
"""

# %% exercise="gan.dcgan_tf.make_generator"

# %% exercise="gan.dcgan_tf.make_discriminator"

# %% name="shapes" tags=["nbval-check-output"]
painter, critic = make_generator(), make_discriminator()
for player in (painter, critic):
    shape = player.input_shape[1:]
    print(f"{shape!s:>13}", end="")
    for layer in player.layers:
        if layer.output.shape[1:] != shape:
            shape = layer.output.shape[1:]
            print(" ->", "x".join(map(str, shape)), end="")
    print(f"   {player.count_params():,} weights")

# %% [markdown] name="who-learns"
r"""
## 5 · Who learns?

**What the article says.** It makes two models, one 'for the discriminator' and one 'for the generator'. Both are the same chain: noise → generator → discriminator. In neither anything is frozen, and through neither does the discriminator ever see a real picture. Let us train the one that is meant for the generator: thirty steps towards the label 'real'.

*What to look for:* does the discriminator say 'real' because the pictures got better?
"""

# %% name="article-bribe"
keras.utils.set_random_seed(1)
painter, critic = make_generator(), make_discriminator()
both_learn = keras.Sequential([painter, critic])
both_learn.compile(keras.optimizers.Adam(1e-3), keras.losses.BinaryCrossentropy(from_logits=True))
for _ in range(pick(smoke=3, quick=30, full=30)):
    both_learn.train_on_batch(lesson.rng.normal(size=(32, 64)).astype("float32"), np.ones((32, 1)))
judged = {
    "generated": painter(noise[:64], training=False).numpy(),
    "snow on a screen": lesson.rng.uniform(-1, 1, (64, 32, 32, 3)).astype("float32"),
    "a real frame": stills.to_float(render({"place": "lake"}, frames=1, size=32, seed=4)),
}
figure_, axes = plt.subplots(1, 3, figsize=(8, 2.9))
for one, (name, pictures) in zip(axes, judged.items()):
    one.imshow(pictures[0] / 2 + 0.5)
    one.set_title(
        f"{name}\n{100 * float(tf.sigmoid(critic(pictures)).numpy().mean()):.1f} % 'real'", fontsize=10
    )
    one.axis("off")
plt.show()

# %% [markdown] name="article-bribe-explained"
r"""
The loss is perfect, and nothing was painted. The shortest way to 'real' leads through the *discriminator*: it was allowed to change, so it learned to say yes to everything. **The cause** is a judge who is paid by the defendant; **the repair** is to freeze it while the generator learns.
"""

# %% exercise="gan.dcgan_tf.chained"

# %% [markdown] name="the-catch"
r"""
### The catch

Old programs freeze once, at the beginning, and rely on a habit of Keras 2: a model that had been compiled *before* the freezing went on learning. In Keras 3 frozen is frozen, for everybody. *What to look for:* what is left for the discriminator's own training?
"""

# %% name="the-catch-in-numbers" tags=["nbval-check-output"]
painter, critic = make_generator(), make_discriminator()
print(f"before: the discriminator can move {len(critic.trainable_variables)} weight arrays")
chain = chained(painter, critic)
print(
    f"chained: the chain moves {len(chain.trainable_variables)}, the generator's; the discriminator by itself {len(critic.trainable_variables)}"
)
critic.trainable = True
print(f"switched back on: {len(critic.trainable_variables)}")

# %% [markdown] name="article-loop"
r"""
One can switch back and forth, twice in every step, and one day one will forget. It is clearer to say in each step *whose* weights are meant: the optimiser gets a list.

Before that, the last piece of the article: its **training loop**. It feeds real pictures into a model that takes noise; it takes the number of samples from a name that exists nowhere; and in the generator's turn the label is 0, 'fake': the generator is asked to be *caught*.
"""

# %% name="article-loop-fails"
real_pictures = stills.to_float(render({"place": "lake"}, frames=2, size=32, seed=4))
with expect_failure(ValueError, match="incompatible"):
    both_learn(real_pictures)

with expect_failure(NameError, match="batch_size"):
    np.random.default_rng(0).normal(size=(batch_size, 100))

# %% [markdown] name="article-labels-intro"
r"""
Mend these two, and the third remains. One number says it: the slope of each loss in the logit of a fake that the discriminator has just rejected ($o = -2$). A step goes *against* the slope.
"""

# %% name="article-labels" tags=["nbval-check-output"]
cost = keras.losses.BinaryCrossentropy(from_logits=True)
for label, name in ((0.0, "as printed, label 'fake'"), (1.0, "right, label 'real'")):
    logit = tf.Variable([[-2.0]])
    with tf.GradientTape() as tape:
        loss = cost(tf.constant([[label]]), logit)
    push = -float(tape.gradient(loss, logit)[0, 0])
    print(
        f"generator's turn, {name:<26} the logit is pushed {'up' if push > 0 else 'down'} by {abs(push):.2f}"
    )

# %% [markdown] name="article-torch"
r"""
(The loop also makes its labels with PyTorch, in a Keras program. That is no error, as they are turned into numpy arrays; it loads a second framework for a column of ones. Where a tensor carries a gradient it is one:)
"""

# %% name="article-torch-fails"
with expect_failure(RuntimeError, match="requires grad"):
    painter(torch.zeros(2, 64, requires_grad=True))

# %% [markdown] name="steps-intro"
r"""
### A step for each

`tf.GradientTape` records what happens inside it. Then you ask it for the gradient in *the weights that you name*: that is TensorFlow's way to keep the other player out of it, and it needs no `detach`.
"""

# %% exercise="gan.dcgan_tf.discriminator_step"

# %% exercise="gan.dcgan_tf.generator_step"

# %% [markdown] name="a-score"
r"""
## 6 · A score before the training

Whoever looks at their own pictures finds them beautiful. So the scale comes first. `course_lib.gan.judge` is a network that learned to read place, time of day and weather from rendered clips; it has never seen a generator. Here it is shown stills. Is it any good at that? From `bench/dcgan.json`, on 1,000 real stills that it has never seen:
"""

# %% name="the-instrument"
for what in ("place", "time", "weather", "all"):
    print(
        f"{what:<8} read right in {100 * figure('dcgan', f'judge on real stills: {what}'):.1f} % of real stills"
    )

# %% [markdown] name="what-is-scored"
r"""
Good enough; least so for the weather, since light rain and snow are easier to see when they fall. Our generator is asked for *nothing*, so there is no 'did it paint what was asked'. Three numbers are left:

- **sure**: in how many pictures is the judge more than 90 % sure of place, time *and* weather? Mud is nothing in particular.
- **combinations**: how many of the 112 combinations of the three has it surely seen? Training had 96 of them. A generator that paints the same lunch over and over has few.
- **Fréchet distance** (after Heusel and others, 2017): the judge describes each picture by 128 numbers; how far apart are the clouds of real and of generated pictures? 0 would be the same Gaussian cloud. As *real* stills do not reach 0 either, with so few pictures, their distance is the **floor**.

Now load frames to learn from, and see the floor.
"""

# %% name="frames"
clips = pick(smoke=30, quick=500, full=5000)
pictures, labels = stills.frames("train", clips, seed=7)
print(f"{len(pictures)} frames of {clips} clips")
photo(sheet(pictures[:: len(pictures) // 24][:24], columns=12))

# %% name="floor"
n = pick(smoke=200, quick=500, full=1000)
shown_floor = stills.score(pictures[:: max(1, len(pictures) // n)][:n])


def line(name, found):
    return f"{name:<34} Fréchet distance {found.frechet:6.1f}   sure {100 * found.sure:3.0f} %   combinations {found.combinations:3d}"


print(line(f"{n} real frames", shown_floor))

# %% [markdown] name="live-intro"
r"""
## 7 · Train, live

Adam at a rate of 0.0002 with $\beta_1 = 0.5$, as Radford and others have it, 64 frames a step. `fit` compiles your two steps into graphs, calls them in turns, and shows what it has every few seconds.

The shipped run took 1,000 steps, some minutes of one CPU core. You start from a checkpoint early in that run, at step 100, and watch the next 100 steps: about half a minute, if nothing else keeps the computer busy. (In the profile *full* it starts from zero and trains for 20 minutes.)

*What to look for:* the first picture; then, which comes first, colours, horizons or things?
"""

# %% name="train-live"
if lesson.profile == "full":
    trained, budget, checkpoint = training_tf.players(lesson.seed), "20 min", keep() / "lesson-03.safetensors"
else:
    trained, budget, checkpoint = training_tf.load("early"), "1 h", None
first = trained.step
last = pick(smoke=first + 2, quick=first + 100, full=None)  # in the profile full, time is the limit
live, log = Live(columns=16, scale=2), []


def watch(players, seconds, losses):
    if log and last and players.step - log[-1][0] < 20 and players.step < last:
        return  # on a busy computer: rather train than look
    found = stills.score(players.sample(n, seed=1))
    log.append((players.step, found, losses))
    live(
        players.sample(32, seed=3),
        f"step {players.step}: Fréchet distance {found.frechet:.0f}",
        (players.step - first) / (last - first) if last else seconds / training_tf.seconds_of(budget),
    )


trained = training_tf.fit(
    trained, pictures, budget, steps=last, seed=lesson.seed, checkpoint=checkpoint,
    watch=watch, watch_every=pick(smoke="10 s", quick="5 s", full="1 min"),
    discriminator_step=discriminator_step, generator_step=generator_step,
)  # fmt: skip

# %% name="train-live-scores"
print(line(f"{n} real frames (the floor)", shown_floor))
for step, found, _ in (log[0], log[-1]):
    print(line(f"your training, step {step}", found))
late = training_tf.load("late")
print(line(f"shipped, step {late.step}", stills.score(late.sample(n, seed=1))))
print(f"(the shipped run took {late.seconds / 60:.0f} CPU minutes)")

# %% [markdown] name="late-intro"
r"""
`fit` can be interrupted at any time (the square in the toolbar): what was learned stays in `trained`. Give it a `checkpoint=` file and it goes on where it stopped, in a new session, too; with the same seed it is as if it had never been interrupted. (On Colab such files go to your Drive if it is mounted.)

200 steps are not enough. Below is what the same program paints at the end of the shipped run: real frames first, then the shipped generator, which is also in the last line above. *What to look for:* skies, horizons, night and day are there; do you find a single *thing*, a house or a tree? Where would you *not* be fooled?
"""

# %% name="late-pictures"
photo(
    sheet(
        np.concatenate([stills.to_float(pictures[:: len(pictures) // 32][:32]), late.sample(64, seed=4)]),
        columns=16,
    )
)

# %% name="late-table"
print(f"{'':<22}{'Fréchet distance':>24}{'sure':>8}{'combinations of 112':>22}   (500 pictures)")
for name, variant in (("real frames", "real stills, 500"), ("early", "early, 500"), ("late", "late, 500")):
    far, least, most = (
        figure("dcgan", m, variant)
        for m in ("Fréchet distance", "Fréchet distance, least", "Fréchet distance, most")
    )
    sure, seen = figure("dcgan", "judge is sure", variant), figure("dcgan", "combinations seen", variant)
    print(f"{name:<22}{far:>12.1f} ({least:.1f}-{most:.1f}){100 * sure:>8.0f} %{seen:>18.0f}")

# %% [markdown] name="late-read"
r"""
From step 100 to step 1,000 the distance was halved, and it is still about a hundred times the floor: nobody would take these for frames of the film, and the number says so, too. *Sure* has doubled and is a third of what real frames reach: most pictures are still mud. *Combinations* tells that the generator does not paint one lunch for ever: it has surely shown half as many as real frames do.
"""

# %% name="shares"
found = stills.score(late.sample(n, seed=2))
figure_, axes = plt.subplots(1, 3, figsize=(11, 3.2), width_ratios=(7, 4, 4))
for one, (name, words) in zip(axes, stills.READ.items()):
    at = np.arange(len(words))
    one.bar(at - 0.2, shown_floor.shares[name], 0.4, color="C0", label="real")
    one.bar(at + 0.2, found.shares[name], 0.4, color="C1", label="generated")
    one.set_xticks(at, [word.replace(" ", "\n") for word in words], fontsize=8)
    one.set_title(name)
axes[0].set_ylabel("share of pictures")
axes[-1].legend()
plt.show()

# %% [markdown] name="shares-read"
r"""
Compare the two colours. Nothing in the loss asks for the right *shares*: a discriminator looks at one picture at a time, and a generator may leave out what is hard to paint. A tall blue bar beside a short orange one is something that it avoids.
"""

# %% [markdown] name="tensorboard-intro"
r"""
### Activity: TensorBoard (no points)

A long run is watched from outside, with curves and pictures that survive a closed browser. TensorBoard reads them from a folder that the training writes. The cell trains for a few seconds and writes; set `show_board = True` and run it again to open the board in this page (JupyterLab and Colab alike). If the package is missing, the cell says what to install, and nothing else depends on it.

Try: find the two losses. Does either tell you when to stop? Then look at the scores you have seen above.
"""

# %% name="tensorboard"
show_board = False
board = keep() / "tensorboard" / "lesson-03"
if training_tf.has_tensorboard():
    training_tf.fit(
        trained, pictures, pick(smoke=1, quick="4 s", full="1 min"), seed=1,
        watch=training_tf.tensorboard(board), watch_every=1,
    )  # fmt: skip
    print(f"{len(list(board.glob('*')))} file(s) in the folder {board.name}")
    if show_board:
        get_ipython().run_line_magic("load_ext", "tensorboard")
        get_ipython().run_line_magic("tensorboard", f"--logdir {board.parent}")
else:
    print("TensorBoard is not installed here: 'pip install tensorboard', then run this cell again.")

# %% [markdown] name="in-the-film"
r"""
## 8 · In the film: a journey through the noise

A generator turns 64 numbers into a picture, *smoothly*: a small step in the noise is a small change in the picture. So one can **travel**. *What to look for:* above, two generated pictures are cross-faded as a film editor does it; halfway you see both at once. Below, the *noise* is faded from the one to the other, and every picture on the way is one that the generator might have made. (With pictures as blurred as these the difference is one of degree.)
"""

# %% name="journey"
ends = lesson.rng.normal(size=(5, 64)).astype("float32")
way, fade = [], []
per_leg = pick(smoke=3, quick=8, full=8)
end_pictures = late.generator(ends, training=False).numpy()
for k in range(len(ends) - 1):
    for share in np.arange(per_leg) / per_leg:
        mixed = (1 - share) * ends[k] + share * ends[k + 1]
        mixed *= np.linalg.norm(ends[k]) / np.linalg.norm(
            mixed
        )  # noise halfway between two is too short by itself
        way.append(late.generator(mixed[None], training=False).numpy()[0])
        fade.append((1 - share) * end_pictures[k] + share * end_pictures[k + 1])
both = stills.to_bytes(np.concatenate([np.array(fade), np.array(way)], axis=1))
moving(both, "above: cross-fade, below: journey through the noise", scale=5)

# %% [markdown] name="in-the-film-next"
r"""
That is the first moving picture that a network of the course has made, though nothing in it *moves*: clouds do not drift, everything turns into everything. What is missing has names. It cannot be asked for a lake: lesson 06 gives it words. It knows no time: lesson 07 gives it motion. It is small: lesson 09 enlarges it. The pieces you wrote stay: convolutions, upsampling, two players, a step for each, a judge.

## Summary

- A convolution is a matrix with two ideas in it, locality and sharing; without them $\sigma(Wx + b)$ says nothing.
- Strides make the receptive field grow by products: three small layers see 22 pixels.
- Transposed convolutions whose stride does not divide the kernel lay copies unevenly: a checkerboard. Enlarge, then convolve.
- Whoever trains a generator through a discriminator that may move, teaches it to take bribes. Name the weights that a step may touch.
- A score needs a floor, and an instrument that was itself measured.

**Why it matters at Kuaishou's scale.** A kernel of 27 numbers instead of millions is what makes a 1080p frame computable at all; every generator and every recogniser of uploaded film is made of such layers, or of transformers that look at patches, which are locality and sharing under another name. And with a thousand runs a week nobody looks at pictures to choose the best: a number does, so the number had better have a floor.

**Questions to think about**

1. What becomes of a convolution when the picture is moved by one pixel? And of a pooling with stride 2?
2. The discriminator has no batch normalisation. What could it learn from, if it had one, that has nothing to do with a single picture?
3. Our judge gives the Fréchet distance *and* was trained on this world. How would you find out whether a generator has found a picture that pleases the judge and nobody else?
4. Suppose that the generator paints a combination of place, time and weather that training never held. Is that an error?

<details><summary>Answers</summary>

1. The answers move by one pixel, too; after pooling with stride 2 they move by half a pixel, that is, they change. 2. From the *batch*: whether its pictures, taken together, have the right mean and spread. It may find a fake batch without being able to point at one picture, and in a batch that mixes real and fake it sees each picture through its neighbours. 3. Look; ask a second judge with other weights; compare with a distance in another network's features. 4. No: it has seen each place with each time and each weather, only not all three together. To be able to combine is what we want of it; lesson 07 measures it on purpose.

</details>

**Further reading**

- LeCun, Bottou, Bengio, Haffner: *Gradient-Based Learning Applied to Document Recognition*, 1998.
- Dumoulin, Visin: *A guide to convolution arithmetic for deep learning*, 2016.
- Radford, Metz, Chintala: *Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks*, 2016.
- Odena, Dumoulin, Olah: *Deconvolution and Checkerboard Artifacts*, 2016.
- Ioffe, Szegedy: *Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift*, 2015.
- Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter: *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium*, 2017.
"""
