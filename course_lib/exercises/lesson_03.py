"""Exercises of lesson 03, convolutions and a first image GAN."""

from functools import partial

from course_lib.exercises import answers_03 as answers
from course_lib.exercises import answers_03_tf as answers_tf
from course_lib.exercises.compare import close
from course_lib.exercises.exercise import Exercise, Misconception
from course_lib.exercises.sources import begun
from course_lib.gan import convolution, dcgan_tf
from course_lib.marking import keras_players_tf as players
from course_lib.marking.arguments import plain

# Keras computes in single precision, and the order of its sums is its own affair
nearly = partial(close, rtol=1e-3, atol=1e-5)
LONG = 120.0  # seconds: the first call may have to import TensorFlow
PAD = "np.pad(picture, ((padding, padding), (padding, padding), (0, 0)))"
WINDOW = "padded[y : y + high, x : x + wide]"
POOL = "picture[y : y + window, x : x + window].max(axis=(0, 1))"
DOUBLINGS = """    for channels in (2 * width, width):
        parts += [layers.BatchNormalization(), layers.ReLU(), layers.UpSampling2D(2)]
        parts += [layers.Conv2D(channels, 3, padding="same", use_bias=False)]
    parts += [layers.BatchNormalization(), layers.ReLU(), layers.UpSampling2D(2)]
    parts += [layers.Conv2D(3, 3, padding="same", activation="tanh")]
"""
LEARN = "weights = discriminator.trainable_variables"
FAKE = "    fake = generator(noise, training=True)\n"
D_LOSS = "tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(tf.nn.softplus(fake_logits))"
APPLY = "    optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights))\n"
TANH = 'layers.Conv2D(3, 3, padding="same", activation="tanh")'

EXERCISES = [
    Exercise(
        "gan.convolution.output_size",
        convolution.output_size,
        cases=answers.sides,
        points=5,
        minutes=5,
        difficulty=1,
        hints=[
            "How far can the kernel's first pixel move before the last one leaves the padded picture? In steps of `stride`?",
            "The padded side has size + 2 * padding pixels, the first place is free, and `//` drops what is no whole step.",
        ],
        misconceptions=[
            Misconception(
                "the first place was forgotten",
                "Counting steps is not counting places: with no room to move there is still one place.",
                [("// stride + 1", "// stride")],
            ),
            Misconception(
                "padding was added at one end only",
                "Zeros go on *both* ends of a side.",
                [("(size + 2 * padding", "(size + padding")],
            ),
            Misconception(
                "a last place that hangs over the edge was counted",
                "Only whole windows count: round down.",
                [("(size + 2 * padding - kernel) // stride + 1", "-(-(size + 2 * padding - kernel) // stride) + 1")],
            ),
            Misconception(
                "the stride was ignored",
                "With stride 2 every other place is left out.",
                [("// stride + 1", "+ 1")],
            ),
            Misconception(
                "the kernel's own width was ignored",
                "A kernel of k pixels cannot start in the last k - 1 of them.",
                [("(size + 2 * padding - kernel) // stride + 1", "(size + 2 * padding - 1) // stride + 1")],
            ),
        ],
        alternatives=[answers.size_by_range, answers.size_by_counting],
    ),
    Exercise(
        "gan.convolution.conv2d",
        convolution.conv2d,
        cases=answers.pictures_and_kernels,
        points=20,
        minutes=20,
        difficulty=3,
        twins=("gan.convolution.conv2d_windows", "gan.convolution.as_matrix"),
        hints=[
            "First put the zeros on: `np.pad(picture, ((padding, padding), (padding, padding), (0, 0)))`.",
            "Two loops over the places; the window at (y, x) is `padded[y : y + rows, x : x + columns]`. By how much do y and x grow?",
            "For one window and one output channel f: `(window * kernels[..., f]).sum()`. `np.tensordot(window, kernels, axes=3)` does all f at once.",
        ],
        misconceptions=[
            Misconception(
                "the kernel was turned round",
                "That is the mathematician's convolution. Networks lay the kernel on as it stands: top left on top left.",
                answers.conv_turned,
            ),
            Misconception(
                "the padding was ignored",
                "Zeros belong on all four sides before the window moves.",
                [(f"padded = {PAD}", "padded = picture")],
            ),
            Misconception(
                "the padding went to one side only",
                "Rows of zeros go above *and* below, columns to the left *and* the right.",
                [(PAD, "np.pad(picture, ((0, padding), (0, padding), (0, 0)))")],
                variants=[[(PAD, "np.pad(picture, ((padding, 0), (padding, 0), (0, 0)))")]],
            ),
            Misconception(
                "the stride was ignored",
                "With stride 2 the window moves by two pixels, and the answer has half as many places each way.",
                [("high + 1, stride)", "high + 1)"), ("wide + 1, stride)", "wide + 1)")],
            ),
            Misconception(
                "only the first channel was looked at",
                "A window goes through all channels in, and their products are summed into one number.",
                answers.conv_channels_apart,
            ),
            Misconception(
                "the mean was taken, not the sum",
                "The weights decide how much each pixel counts; nothing is divided.",
                [
                    (
                        "np.tensordot(padded[y : y + high, x : x + wide], kernels, axes=3)",
                        "np.tensordot(padded[y : y + high, x : x + wide], kernels, axes=3) / kernels[..., 0].size",
                    )
                ],
            ),
        ],
        alternatives=[answers.conv_by_loops, answers.conv_by_shifts],
    ),
    Exercise(
        "gan.convolution.max_pool2d",
        convolution.max_pool2d,
        cases=answers.pools,
        points=10,
        minutes=8,
        difficulty=2,
        hints=[
            "The same two loops as in `conv2d`, with another question about each window.",
            "The maximum over rows and columns, not over channels: `axis=(0, 1)`.",
        ],
        misconceptions=[
            Misconception(
                "the maximum of the whole picture was taken",
                "This is what the article prints. It says *that* something is in the picture and forgets *where*: take the maximum of each window.",
                [(POOL, "picture.max(axis=(0, 1))")],
            ),
            Misconception(
                "channels were mixed",
                "Each channel is pooled by itself: as many come out as went in.",
                [("max(axis=(0, 1))", "max() * np.ones(picture.shape[2])")],
                variants=[[("max(axis=(0, 1))", "max()")], [("max(axis=(0, 1))", "max(axis=(0, 1, 2))")]],
            ),
            Misconception(
                "the mean was taken",
                "Average pooling blurs; the maximum keeps a single bright star.",
                [(".max(", ".mean(")],
            ),
            Misconception(
                "the stride was ignored",
                "By how much does the window move on?",
                [
                    ("picture.shape[0] - window + 1, stride)", "picture.shape[0] - window + 1)"),
                    ("picture.shape[1] - window + 1, stride)", "picture.shape[1] - window + 1)"),
                ],
            ),
            Misconception(
                "the window's own size was taken for the stride",
                "They are often equal, but windows may overlap or leave gaps.",
                [
                    ("picture.shape[0] - window + 1, stride)", "picture.shape[0] - window + 1, window)"),
                    ("picture.shape[1] - window + 1, stride)", "picture.shape[1] - window + 1, window)"),
                ],
            ),
        ],
        alternatives=[answers.pool_by_loops, answers.pool_by_windows],
    ),
    Exercise(
        "gan.convolution.receptive_field",
        convolution.receptive_field,
        cases=answers.towers,
        points=10,
        minutes=10,
        difficulty=3,
        hints=[
            "One layer of kernel 3 sees 3 pixels. A second one on top sees 3 neighbours of those: how many pixels together?",
            "Keep two numbers: how many pixels are seen, and how many pixels apart two neighbours of this layer are.",
            "A layer adds (kernel - 1) times the distance; only *then* does its stride widen the distance.",
        ],
        misconceptions=[
            Misconception(
                "the strides were ignored",
                "After a layer of stride 2 neighbours are two pixels apart, and the next kernel spans twice as much.",
                [("        step *= stride\n", "")],
            ),
            Misconception(
                "a layer's own stride was counted for itself",
                "A stride says how far apart the *answers* are. It matters to the layers above.",
                [
                    (
                        "        seen += (kernel - 1) * step\n        step *= stride\n",
                        "        step *= stride\n        seen += (kernel - 1) * step\n",
                    )
                ],
            ),
            Misconception(
                "the kernels were added up",
                "Neighbouring windows overlap: a second kernel of 3 adds 2 pixels, not 3.",
                [("(kernel - 1) * step", "kernel * step")],
            ),
            Misconception(
                "strides were added where they multiply",
                "A step of 2 steps of 2 pixels is 4 pixels; three such layers make 8.",
                [("step *= stride", "step += stride - 1")],
            ),
        ],
        alternatives=[answers.field_backwards, answers.field_by_products],
    ),
    Exercise(
        "gan.dcgan_tf.make_generator",
        dcgan_tf.make_generator,
        cases=answers.generators,
        points=15,
        minutes=15,
        difficulty=3,
        make=plain,
        observe=players.observe_generator,
        compare=nearly,
        seconds=LONG,
        twins=("gan.dcgan_tf.make_transposed_generator",),
        skeleton=begun(dcgan_tf.make_generator, DOUBLINGS),
        hints=[
            "`layers.Reshape((4, 4, 4 * width))`, then the channels are 4 * width; they become 2 * width, then width, then 3.",
            "`layers.BatchNormalization()`, `layers.ReLU()`, `layers.UpSampling2D(2)`, `layers.Conv2D(channels, 3, ...)`: which argument keeps the size, which one drops the bias?",
            'The last one has a bias and an end: `padding="same", activation="tanh"`.',
        ],
        misconceptions=[
            Misconception(
                "this is the article's generator",
                "1,024 numbers cannot become 32 x 32 x 3 = 3,072. Project to 4 x 4 pixels of many channels, and upsample.",
                answers_tf.published_generator,
            ),
            Misconception(
                "the picture has one channel",
                "A colour picture has three; the discriminator expects them.",
                [("layers.Conv2D(3, 3", "layers.Conv2D(1, 3")],
            ),
            Misconception(
                "the last layer has no tanh",
                "Data lie in [-1, 1]. Without tanh the generator may go anywhere, and the discriminator tells by that alone.",
                [(TANH, TANH.replace(', activation="tanh"', ""))],
            ),
            Misconception(
                "the last layer has a sigmoid",
                "A sigmoid ends at 0: nothing darker than middle grey could be painted. The data's range is that of tanh.",
                [('activation="tanh"', 'activation="sigmoid"')],
            ),
            Misconception(
                "convolutions eat the border",
                'Without padding a 3 x 3 convolution loses a pixel on each side. `padding="same"` keeps the size.',
                [
                    ('channels, 3, padding="same"', "channels, 3"),
                    ('layers.Conv2D(3, 3, padding="same"', "layers.Conv2D(3, 3"),
                ],
            ),
        ],
        alternatives=[answers_tf.generator_as_a_function, answers_tf.generator_as_a_list],
    ),
    Exercise(
        "gan.dcgan_tf.make_discriminator",
        dcgan_tf.make_discriminator,
        cases=answers.discriminators,
        points=10,
        minutes=8,
        difficulty=2,
        make=plain,
        observe=players.observe_discriminator,
        compare=nearly,
        seconds=LONG,
        hints=[
            "`layers.Conv2D(channels, 4, strides=2, padding=...)` halves the picture; `layers.LeakyReLU(0.2)` follows.",
            "After three halvings 4 x 4 x (4 * width) numbers are left: `layers.Flatten()`, `layers.Dense(1)`.",
        ],
        misconceptions=[
            Misconception(
                "the answer is a probability",
                "The loss of lesson 02 has the sigmoid in it. With another one here it would be taken twice: give the logit.",
                [("layers.Dense(1)", 'layers.Dense(1, activation="sigmoid")')],
            ),
            Misconception(
                "one channel is expected",
                "Pictures have three channels: the generator and the discriminator must agree on it.",
                [("keras.Input((32, 32, 3))", "keras.Input((32, 32, 1))")],
            ),
            Misconception(
                "the picture is never made smaller",
                "Without strides the dense layer would get 32 x 32 places, and no number would see the whole picture.",
                [("4, strides=2, padding", "4, padding")],
            ),
            Misconception(
                "a plain ReLU was used",
                "Where a plain ReLU is off, no gradient reaches the generator. The leaky one lets a fifth through.",
                [("layers.LeakyReLU(0.2)", "layers.ReLU()")],
            ),
            Misconception(
                "nothing bends between the convolutions",
                "Convolutions without anything between them are one convolution.",
                [(", layers.LeakyReLU(0.2)]", "]")],
            ),
        ],
        alternatives=[answers_tf.discriminator_as_a_function, answers_tf.discriminator_as_a_list],
    ),
    Exercise(
        "gan.dcgan_tf.chained",
        dcgan_tf.chained,
        cases=answers.pairs_of_players,
        points=5,
        minutes=5,
        difficulty=2,
        kind="step",
        make=players.small_players,
        observe=players.observe_chain,
        seconds=LONG,
        hints=[
            "Every Keras model and layer has a switch `.trainable`.",
            "`keras.Sequential([first, second])` puts one model behind another.",
        ],
        misconceptions=[
            Misconception(
                "the discriminator learns, too",
                "This is the article's model: asked to make fakes look real, the discriminator would simply give in. Freeze it.",
                [("    discriminator.trainable = False\n", "")],
            ),
            Misconception(
                "the generator was frozen",
                "Whose lesson is it? The discriminator only says how real a picture looks.",
                [("discriminator.trainable", "generator.trainable")],
            ),
            Misconception(
                "both are frozen",
                "Then nobody learns.",
                [("discriminator.trainable", "generator.trainable = discriminator.trainable")],
            ),
            Misconception(
                "a sigmoid was put at the end",
                "The loss works on logits.",
                [
                    (
                        "keras.Sequential([generator, discriminator])",
                        'keras.Sequential([generator, discriminator, layers.Activation("sigmoid")])',
                    )
                ],
            ),
        ],
        alternatives=[answers_tf.chained_as_a_function, answers_tf.chained_first],
    ),
    Exercise(
        "gan.dcgan_tf.discriminator_step",
        dcgan_tf.discriminator_step,
        cases=answers.discriminator_steps,
        points=15,
        minutes=12,
        difficulty=3,
        kind="step",
        make=players.step_arguments,
        observe=players.observe_step,
        seconds=LONG,
        hints=[
            "Make the fakes first, `generator(noise, training=True)`. Then, inside `with tf.GradientTape() as tape:`, both logits and the loss.",
            "The loss of lesson 02 with TensorFlow's words: `tf.nn.softplus`, `tf.reduce_mean`.",
            "`tape.gradient(loss, weights)` for the weights of *one* player; `optimiser.apply_gradients` wants pairs: `zip(gradients, weights)`.",
        ],
        misconceptions=[
            Misconception(
                "the generator is trained too",
                "This step belongs to the discriminator: only its weights may move. Which list of weights did you take the gradient in?",
                [
                    (FAKE + "    with tf.GradientTape() as tape:\n", "    with tf.GradientTape() as tape:\n    " + FAKE),
                    (LEARN, LEARN + " + generator.trainable_variables"),
                ],
            ),
            Misconception(
                "the labels are swapped",
                "Minimised, this raises logits on fakes and lowers them on real pictures. softplus(-o) is small where o is large.",
                [(D_LOSS, D_LOSS.replace("-real_logits", "real_logits").replace("(fake_logits", "(-fake_logits"))],
            ),
            Misconception(
                "the sigmoid is taken twice",
                "softplus has the sigmoid in it already: give it the logits themselves.",
                [(D_LOSS, D_LOSS.replace("-real_logits", "-tf.sigmoid(real_logits)").replace("(fake_logits", "(tf.sigmoid(fake_logits)"))],
            ),
            Misconception(
                "nothing moved",
                "A tape only computes gradients. The optimiser has to apply them.",
                [(APPLY, "")],
            ),
            Misconception(
                "real pictures were left out",
                "A discriminator that sees only fakes calls everything fake.",
                [(D_LOSS, "tf.reduce_mean(tf.nn.softplus(fake_logits))")],
            ),
            Misconception(
                "the generator painted as in an exhibition",
                "Without `training=True` its batch normalisation uses running averages: the discriminator would be shown other pictures than those that the generator's own step makes.",
                [("generator(noise, training=True)", "generator(noise)")],
                variants=[[("generator(noise, training=True)", "generator(noise, training=False)")]],
            ),
            Misconception(
                "the discriminator was shown the noise",
                "It judges pictures: the noise has to go through the generator first.",
                [("fake = generator(noise, training=True)", "fake = noise")],
            ),
        ],
        alternatives=[
            answers_tf.discriminator_step_with_stop_gradient,
            answers_tf.discriminator_step_by_cross_entropy,
        ],
    ),
    Exercise(
        "gan.dcgan_tf.generator_step",
        dcgan_tf.generator_step,
        cases=answers.generator_steps,
        points=10,
        minutes=8,
        difficulty=3,
        kind="step",
        make=players.step_arguments,
        observe=players.observe_step,
        seconds=LONG,
        hints=[
            "The tape must see the way from the generator's weights through the picture to the logit: both calls belong inside.",
            "The non-saturating loss: small where the logits on fakes are large. Gradients in the generator's weights only.",
        ],
        misconceptions=[
            Misconception(
                "the discriminator is trained in the generator's step",
                "It would learn to be fooled. Take the gradient in the generator's weights only.",
                [("generator.trainable_variables", "generator.trainable_variables + discriminator.trainable_variables")],
            ),
            Misconception(
                "the wrong player learns",
                "It is the generator's step: its weights move, the discriminator's stay.",
                [("weights = generator.", "weights = discriminator.")],
            ),
            Misconception(
                "the generator helps the discriminator",
                "This is small where the fakes are *rejected*. The generator wants large logits: its label for a fake is 'real'.",
                [("softplus(-fake_logits)", "softplus(fake_logits)")],
            ),
            Misconception(
                "this is the saturating loss",
                "It hardly has a slope where fakes are rejected (lesson 01).",
                [("tf.reduce_mean(tf.nn.softplus(-fake_logits))", "-tf.reduce_mean(tf.nn.softplus(fake_logits))")],
            ),
            Misconception(
                "the sigmoid is taken twice",
                "softplus has the sigmoid in it already: give it the logit itself.",
                [("softplus(-fake_logits)", "softplus(-tf.sigmoid(fake_logits))")],
            ),
            Misconception(
                "the tape did not see the generator",
                "Pictures made before the tape starts, or behind a `stop_gradient`, are constants to it: no gradient finds the way back.",
                [("discriminator(generator(noise, training=True))", "discriminator(tf.stop_gradient(generator(noise, training=True)))")],
            ),
            Misconception(
                "the generator painted as in an exhibition",
                "Without `training=True` its batch normalisation uses running averages and learns from no batch.",
                [("generator(noise, training=True)", "generator(noise)")],
                variants=[[("generator(noise, training=True)", "generator(noise, training=False)")]],
            ),
            Misconception(
                "nothing moved",
                "A tape only computes gradients. The optimiser has to apply them.",
                [(APPLY, "")],
            ),
        ],
        alternatives=[answers_tf.generator_step_by_lines, answers_tf.generator_step_by_cross_entropy],
    ),
]  # fmt: skip
