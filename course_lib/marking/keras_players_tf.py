"""Arguments and observations of the exercises of lesson 03: Keras models that learners build, and steps of two small players."""

import keras
import numpy as np
import tensorflow as tf

from course_lib.marking.observe import keras_state

WIDE = "float64"  # the small players compute in double precision, so that equal means equal


def described(model: keras.Model, inputs: np.ndarray) -> dict:
    """What a model does, whoever built it: the shapes of its weights in order, and its answer with given weights.

    All weights are replaced by numbers that depend on their place and shape only; running variances are positive.
    """
    for place, weight in enumerate(model.weights):
        chance = np.random.default_rng(place)
        numbers = chance.normal(0, 1, weight.shape) / np.sqrt(max(1, np.prod(weight.shape[:-1])))
        weight.assign(np.abs(numbers) + 0.5 if "variance" in weight.path else numbers)
    answer = model(tf.constant(inputs.astype("float32")), training=False)
    return {
        "shapes of the weights": [" x ".join(map(str, weight.shape)) for weight in model.weights],
        "can learn": [bool(weight.trainable) for weight in model.weights],
        "answer": np.array(answer),
    }


def observe_generator(result, arguments: dict) -> dict:
    """A generator's pictures of given noise."""
    if not isinstance(result, keras.Model):
        return {"result": result}
    latent = result.input_shape[
        -1
    ]  # how long its noise is, it says itself; the shapes of its weights are compared
    return described(result, np.random.default_rng(7).normal(size=(2, latent)))


def observe_discriminator(result, arguments: dict) -> dict:
    """A discriminator's logits on given pictures: (2, 32, 32, 3) in [-1, 1]."""
    if not isinstance(result, keras.Model):
        return {"result": result}
    return described(result, np.random.default_rng(8).uniform(-1, 1, size=(2, 32, 32, 3)))


def small_players(case: dict) -> dict:
    """A generator with batch normalisation and a discriminator, from the arrays of a case."""
    latent, inner = case["generator"][0].shape
    numbers = case["generator"][1].shape[1]
    generator = keras.Sequential(
        [
            keras.Input((latent,), dtype=WIDE),
            keras.layers.Dense(inner, use_bias=False, dtype=WIDE),
            keras.layers.BatchNormalization(momentum=0.5, dtype=WIDE),
            keras.layers.Activation("tanh", dtype=WIDE),
            keras.layers.Dense(numbers, use_bias=False, dtype=WIDE),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((numbers,), dtype=WIDE),
            keras.layers.Dense(
                case["discriminator"][0].shape[1], activation="tanh", use_bias=False, dtype=WIDE
            ),
            keras.layers.Dense(1, use_bias=False, dtype=WIDE),
        ]
    )
    for model, arrays in ((generator, case["generator"]), (discriminator, case["discriminator"])):
        kernels = [weight for weight in model.trainable_variables if "kernel" in weight.path]
        for weight, array in zip(kernels, arrays):
            weight.assign(array)
    return {"generator": generator, "discriminator": discriminator}


def step_arguments(case: dict) -> dict:
    """Both small players, the optimiser of one of them, and a batch; with "real" it is the discriminator's step."""
    batch = {name: tf.constant(case[name]) for name in ("real", "noise") if name in case}
    return {**small_players(case), "optimiser": keras.optimizers.SGD(0.1), **batch}


def observe_step(result, arguments: dict) -> dict:
    """The loss as a number, and all weights of both players after the step, running averages too."""
    number = np.array(result) if hasattr(result, "numpy") and np.ndim(result) == 0 else result
    players = {name: arguments[name] for name in ("generator", "discriminator")}
    return {"loss": number, **keras_state(players)}


def observe_chain(result, arguments: dict) -> dict:
    """A chain's logits on given noise, and which weights of both players learn when it is trained."""
    if not isinstance(result, keras.Model):
        return {"result": result}
    generator, discriminator = arguments["generator"], arguments["discriminator"]
    noise = np.random.default_rng(9).normal(size=(3, generator.input_shape[1]))
    logits = np.array(result(tf.constant(noise), training=False))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(result(tf.constant(noise), training=True))
    weights = result.trainable_variables
    if weights:
        keras.optimizers.SGD(0.1).apply_gradients(zip(tape.gradient(loss, weights), weights))
    return {"logits": logits, **keras_state({"generator": generator, "discriminator": discriminator})}
