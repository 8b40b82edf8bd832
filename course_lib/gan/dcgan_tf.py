"""A first image GAN in Keras 3 on TensorFlow: two players for pictures of 32 x 32, and one step of each (lesson 03).

After Radford, Metz and Chintala, 'Unsupervised Representation Learning with Deep Convolutional Generative
Adversarial Networks' (2016), with two changes: the generator enlarges by repeating pixels and convolving, not by
transposed convolution (Odena, Dumoulin and Olah, 'Deconvolution and Checkerboard Artifacts', 2016), and the
discriminator gives a logit and has no batch normalisation. Pictures are (n, height, width, channels) in [-1, 1].
"""

import keras
import tensorflow as tf
from keras import layers


def make_generator(latent=64, width=40):
    """A generator of pictures: noise becomes 4 x 4 pixels of many channels, and is doubled three times.

    In order: a dense layer without bias and a reshape to (4, 4, 4 * width); batch normalisation and ReLU; twice an
    upsampling by 2, a 3 x 3 convolution without bias to half as many channels, batch normalisation and ReLU; then an
    upsampling by 2 and a 3 x 3 convolution to 3 channels with tanh. Convolutions keep the size.

    Args:
        latent: how many numbers of noise.
        width: channels before the last convolution.

    Returns:
        A Keras model from noise (n, latent) to pictures (n, 32, 32, 3) in [-1, 1].
    """
    parts = [keras.Input((latent,))]
    parts += [layers.Dense(4 * 4 * 4 * width, use_bias=False), layers.Reshape((4, 4, 4 * width))]
    for channels in (2 * width, width):
        parts += [layers.BatchNormalization(), layers.ReLU(), layers.UpSampling2D(2)]
        parts += [layers.Conv2D(channels, 3, padding="same", use_bias=False)]
    parts += [layers.BatchNormalization(), layers.ReLU(), layers.UpSampling2D(2)]
    parts += [layers.Conv2D(3, 3, padding="same", activation="tanh")]
    return keras.Sequential(parts)


def make_transposed_generator(latent=64, width=40):
    """The same generator with transposed convolutions of stride 2, as the paper has it, in place of upsampling.

    Kernels are 3 x 3 here, too: as many weights, and copies that overlap unevenly. It is there to be compared.
    """
    parts = [keras.Input((latent,))]
    parts += [layers.Dense(4 * 4 * 4 * width, use_bias=False), layers.Reshape((4, 4, 4 * width))]
    for channels in (2 * width, width):
        parts += [layers.BatchNormalization(), layers.ReLU()]
        parts += [layers.Conv2DTranspose(channels, 3, strides=2, padding="same", use_bias=False)]
    parts += [layers.BatchNormalization(), layers.ReLU()]
    parts += [layers.Conv2DTranspose(3, 3, strides=2, padding="same", activation="tanh")]
    return keras.Sequential(parts)


def make_discriminator(width=32):
    """A discriminator of pictures: three convolutions that halve them, and one number.

    In order: three times a 4 x 4 convolution of stride 2 that keeps the borders ("same"), to width, 2 * width and
    4 * width channels, each followed by a leaky ReLU of slope 0.2; then flattened, and a dense layer to the logit.

    Args:
        width: channels after the first convolution.

    Returns:
        A Keras model from pictures (n, 32, 32, 3) to logits (n, 1): no sigmoid.
    """
    parts = [keras.Input((32, 32, 3))]
    for channels in (width, 2 * width, 4 * width):
        parts += [layers.Conv2D(channels, 4, strides=2, padding="same"), layers.LeakyReLU(0.2)]
    parts += [layers.Flatten(), layers.Dense(1)]
    return keras.Sequential(parts)


def chained(generator, discriminator):
    """The generator's classroom: noise goes in, the discriminator's logit comes out, and only the generator can learn.

    Args:
        generator: a Keras model from noise to pictures; stays trainable.
        discriminator: a Keras model from pictures to logits; is frozen by this call.

    Returns:
        A Keras model from noise to logits.
    """
    discriminator.trainable = False
    return keras.Sequential([generator, discriminator])


def discriminator_step(generator, discriminator, optimiser, real, noise):
    """One step of the discriminator, with the stable loss of lesson 02.

    The generator's trainable weights stay as they are. It runs in training mode, so that its batch normalisation does
    to these pictures what it does in its own step (and its running averages move on).

    Args:
        generator, discriminator: Keras models.
        optimiser: of the discriminator.
        real: (n, ...) real pictures.
        noise: (n, latent), drawn afresh for this step.

    Returns:
        The loss before the step, a tensor without axes.
    """
    fake = generator(noise, training=True)
    with tf.GradientTape() as tape:
        real_logits, fake_logits = discriminator(real), discriminator(fake)
        loss = tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(tf.nn.softplus(fake_logits))
    weights = discriminator.trainable_variables
    optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


def generator_step(generator, discriminator, optimiser, noise):
    """One step of the generator, with the non-saturating loss of lesson 02.

    The discriminator's weights stay as they are. The generator runs in training mode.

    Args:
        generator, discriminator: Keras models.
        optimiser: of the generator.
        noise: (n, latent), drawn afresh for this step.

    Returns:
        The loss before the step, a tensor without axes.
    """
    with tf.GradientTape() as tape:
        fake_logits = discriminator(generator(noise, training=True))
        loss = tf.reduce_mean(tf.nn.softplus(-fake_logits))
    weights = generator.trainable_variables
    optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


def library_convolution(picture, kernels):
    """TensorFlow's own convolution, for comparison with `convolution.conv2d`.

    Args:
        picture: (height, width, channels in); padded so that the size stays ("same").
        kernels: (rows, columns, channels in, channels out).

    Returns:
        A function without arguments that gives (1, height, width, channels out); the data are TensorFlow's already.
    """
    picture, kernels = tf.constant(picture[None]), tf.constant(kernels)
    return lambda: tf.nn.conv2d(picture, kernels, 1, "SAME")
