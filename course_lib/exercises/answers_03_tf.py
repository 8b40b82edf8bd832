"""Answers to the Keras exercises of lesson 03 as learners write them."""

import keras
import tensorflow as tf
from keras import layers


def generator_as_a_function(latent=64, width=40):
    noise = keras.Input(shape=(latent,))
    x = layers.Dense(16 * 4 * width, use_bias=False)(noise)
    x = layers.Reshape((4, 4, 4 * width))(x)
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.Conv2D(2 * width, 3, padding="same", use_bias=False)(layers.UpSampling2D()(x))
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.Conv2D(width, (3, 3), padding="same", use_bias=False)(layers.UpSampling2D()(x))
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.UpSampling2D(size=(2, 2), interpolation="nearest")(x)
    return keras.Model(noise, keras.ops.tanh(layers.Conv2D(3, 3, padding="same")(x)))


def generator_as_a_list(latent=64, width=40):
    def doubled(channels):
        return [
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.UpSampling2D(2),
            layers.Conv2D(channels, 3, padding="same", use_bias=False),
        ]

    start = [layers.Dense(4 * 4 * 4 * width, use_bias=False), layers.Reshape((4, 4, 4 * width))]
    end = [layers.BatchNormalization(), layers.ReLU(), layers.UpSampling2D(2)]
    last = layers.Conv2D(3, 3, padding="same", activation="tanh")
    return keras.Sequential(
        [keras.Input((latent,)), *start, *doubled(2 * width), *doubled(width), *end, last]
    )


def published_generator(latent=64, width=40):
    model = keras.Sequential([keras.Input((latent,))])
    model.add(layers.Dense(1024, activation="relu"))
    model.add(layers.Reshape((32, 32, 3)))
    return model


def discriminator_as_a_function(width=32):
    picture = keras.Input(shape=(32, 32, 3))
    x = picture
    for times in (1, 2, 4):
        x = layers.Conv2D(times * width, (4, 4), strides=(2, 2), padding="same")(x)
        x = keras.ops.leaky_relu(x, negative_slope=0.2)
    return keras.Model(picture, layers.Dense(1)(layers.Flatten()(x)))


def discriminator_as_a_list(width=32):
    def halved(channels):
        return [layers.Conv2D(channels, 4, 2, "same"), layers.LeakyReLU(negative_slope=0.2)]

    parts = [*halved(width), *halved(2 * width), *halved(4 * width)]
    return keras.Sequential([keras.Input((32, 32, 3)), *parts, layers.Flatten(), layers.Dense(1)])


def chained_as_a_function(generator, discriminator):
    for layer in discriminator.layers:
        layer.trainable = False
    noise = keras.Input(
        generator.input_shape[1:], dtype=generator.input_dtype if hasattr(generator, "input_dtype") else None
    )
    return keras.Model(noise, discriminator(generator(noise)))


def chained_first(generator, discriminator):
    chain = keras.Sequential([generator, discriminator])
    chain.layers[-1].trainable = False
    return chain


def discriminator_step_with_stop_gradient(generator, discriminator, optimiser, real, noise):
    with tf.GradientTape() as tape:
        fake = tf.stop_gradient(generator(noise, training=True))
        loss = tf.reduce_mean(tf.math.softplus(-discriminator(real)))
        loss += tf.reduce_mean(tf.math.softplus(discriminator(fake)))
    gradients = tape.gradient(loss, discriminator.trainable_weights)
    optimiser.apply(gradients, discriminator.trainable_weights)
    return loss


def discriminator_step_by_cross_entropy(generator, discriminator, optimiser, real, noise):
    cost = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    with tf.GradientTape() as tape:
        real_logits = discriminator(real, training=True)
        fake_logits = discriminator(generator(noise, training=True), training=True)
        loss = cost(tf.ones_like(real_logits), real_logits) + cost(tf.zeros_like(fake_logits), fake_logits)
    weights = discriminator.trainable_variables
    optimiser.apply_gradients(list(zip(tape.gradient(loss, weights), weights)))
    return loss


def generator_step_by_lines(generator, discriminator, optimiser, noise):
    with tf.GradientTape() as tape:
        fake = generator(noise, training=True)
        logits = discriminator(fake, training=True)
        loss = -tf.reduce_mean(tf.math.log_sigmoid(logits))
    gradients = tape.gradient(loss, generator.trainable_weights)
    optimiser.apply(gradients, generator.trainable_weights)
    return loss


def generator_step_by_cross_entropy(generator, discriminator, optimiser, noise):
    cost = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    with tf.GradientTape() as tape:
        logits = discriminator(generator(noise, training=True))
        loss = cost(tf.ones_like(logits), logits)
    optimiser.apply_gradients(
        zip(tape.gradient(loss, generator.trainable_variables), generator.trainable_variables)
    )
    return loss
