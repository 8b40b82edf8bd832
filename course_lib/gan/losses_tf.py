"""The losses of `losses`, in TensorFlow: the same names, arguments and values (lesson 02).

See there for shapes and sources. The two agree to 1e-6 in float64; a test holds them to it.
"""

import tensorflow as tf


def discriminator_loss(real_logits, fake_logits):
    """-mean log sigmoid(real) - mean log(1 - sigmoid(fake))."""
    return tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(tf.nn.softplus(fake_logits))


def generator_loss(fake_logits):
    """-mean log sigmoid(fake)."""
    return tf.reduce_mean(tf.nn.softplus(-fake_logits))


def saturating_generator_loss(fake_logits):
    """mean log(1 - sigmoid(fake))."""
    return -tf.reduce_mean(tf.nn.softplus(fake_logits))


def least_squares_discriminator_loss(real_logits, fake_logits):
    """Real logits are drawn to 1, fake ones to 0."""
    return 0.5 * tf.reduce_mean((real_logits - 1) ** 2) + 0.5 * tf.reduce_mean(fake_logits**2)


def least_squares_generator_loss(fake_logits):
    """The generator draws the logits of its fakes to 1."""
    return 0.5 * tf.reduce_mean((fake_logits - 1) ** 2)


def wasserstein_discriminator_loss(real_logits, fake_logits):
    """Minus the difference of means."""
    return tf.reduce_mean(fake_logits) - tf.reduce_mean(real_logits)


def wasserstein_generator_loss(fake_logits):
    """The generator raises the critic's mean on its fakes."""
    return -tf.reduce_mean(fake_logits)


def hinge_discriminator_loss(real_logits, fake_logits):
    """mean max(0, 1 - real) + mean max(0, 1 + fake)."""
    return tf.reduce_mean(tf.nn.relu(1 - real_logits)) + tf.reduce_mean(tf.nn.relu(1 + fake_logits))


def relativistic_loss(real_logits, fake_logits):
    """mean log(1 + exp(-(real - fake)))."""
    return tf.reduce_mean(tf.nn.softplus(fake_logits - real_logits))


def zero_centred_gradient_penalty(discriminator, samples):
    """Mean squared length of the discriminator's gradient at the samples."""
    samples = tf.stop_gradient(tf.convert_to_tensor(samples))
    with tf.GradientTape() as tape:
        tape.watch(samples)
        total = tf.reduce_sum(discriminator(samples))
    slope = tape.gradient(total, samples)
    return tf.reduce_mean(tf.reduce_sum(tf.reshape(slope**2, (tf.shape(slope)[0], -1)), axis=1))


def gradient_penalty(discriminator, real, fake, share):
    """mean (length of the slope between real and fake - 1)^2."""
    share = tf.reshape(share, (-1, *[1] * (len(real.shape) - 1)))
    between = tf.stop_gradient(share * real + (1 - share) * fake)
    with tf.GradientTape() as tape:
        tape.watch(between)
        total = tf.reduce_sum(discriminator(between))
    slope = tape.gradient(total, between)
    squares = tf.reduce_sum(tf.reshape(slope**2, (tf.shape(slope)[0], -1)), axis=1)
    return tf.reduce_mean((tf.sqrt(squares + 1e-12) - 1) ** 2)


def discriminator_step(discriminator, generator, optimiser, loss_of, real, noise):
    """One step of the discriminator; the generator is left exactly as it was. Returns the loss before it."""
    fake = generator(noise)
    with tf.GradientTape() as tape:
        loss = loss_of(discriminator(real), discriminator(fake))
    weights = discriminator.trainable_variables
    optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return float(loss)


def generator_step(discriminator, generator, optimiser, loss_of, noise):
    """One step of the generator; the discriminator is left exactly as it was. Returns the loss before it."""
    with tf.GradientTape() as tape:
        loss = loss_of(discriminator(generator(noise)))
    weights = generator.trainable_variables
    optimiser.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return float(loss)
