"""The library of the course: what every lesson builds, in its tested version.

Importing `course_lib` imports neither torch nor tensorflow. The packages point one way:

    cli -> classroom -> notebook -> exercises -> marking -> subjects -> data

Subjects (scenery, curate, text, gan, audio, film, recommend) know nothing of notebooks, widgets or
exercises. TensorFlow is imported only by files named ``*_tf.py``.
"""

__version__ = "0.1.0"
