"""The same for TensorFlow and Keras; only files named *_tf.py import it."""

import keras
import numpy as np
import tensorflow as tf

from course_lib.exercises import Exercise, Misconception
from course_lib.marking.arguments import tf_tensors
from course_lib.marking.observe import keras_state


def mean_softplus(logits):
    """Mean of log(1 + exp(logit))."""
    return tf.reduce_mean(tf.nn.softplus(logits))


FUNCTION = Exercise(
    "samples_tf.mean_softplus",
    mean_softplus,
    lambda rng: [{"logits": rng.normal(size=n).astype("float32")} for n in (3, 6)],
    misconceptions=[
        Misconception(
            "the sign of the logit is turned",
            "On fakes, large logits are bad.",
            [(".softplus(logits)", ".softplus(-logits)")],
        ),
        Misconception("sums are taken", "A mean does not grow.", [("reduce_mean", "reduce_sum")]),
    ],
    hints=["softplus", "mean"],
    make=tf_tensors,
    seconds=60.0,
)


def critic_step(critic, generator, optimiser, noise):
    """One step of the critic on fakes; the generator stays."""
    fake = generator(noise)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.softplus(critic(fake)))
    weights = critic.trainable_variables
    optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


def build(case):
    """Two dense players from weights, an optimiser, noise."""
    players = {}
    for name, out in (("critic", 1), ("generator", 2)):
        layer = keras.layers.Dense(out)
        layer.build((None, 2))
        layer.set_weights([case[name], np.zeros(out, "float32")])
        players[name] = layer
    return {**players, "optimiser": keras.optimizers.SGD(0.1), "noise": tf.convert_to_tensor(case["noise"])}


def observe(result, arguments):
    """The loss, and all weights of both players."""
    return {
        "loss": result,
        **keras_state({"critic": arguments["critic"], "generator": arguments["generator"]}),
    }


STEP = Exercise(
    "samples_tf.critic_step",
    critic_step,
    lambda rng: [
        {
            "critic": rng.normal(size=(2, 1)).astype("float32"),
            "generator": rng.normal(size=(2, 2)).astype("float32"),
            "noise": rng.normal(size=(4, 2)).astype("float32"),
        }
        for _ in range(2)
    ],
    misconceptions=[
        Misconception("the generator is trained too", "Only the critic's weights move here.",
                      [("    fake = generator(noise)\n    with tf.GradientTape() as tape:\n", "    with tf.GradientTape() as tape:\n        fake = generator(noise)\n"),
                       ("weights = critic.trainable_variables", "weights = critic.trainable_variables + generator.trainable_variables")]),
        Misconception("no step is taken", "Gradients alone move nothing.",
                      [("    optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights))\n", "")]),
    ],
    hints=["tape", "apply"],
    kind="step",
    make=build,
    observe=observe,
    seconds=60.0,
)  # fmt: skip
