"""The only place where marking touches TensorFlow."""

import numpy as np
import tensorflow as tf


def tensor(array: np.ndarray):
    """A TensorFlow tensor of the same shape and dtype."""
    return tf.convert_to_tensor(array)
