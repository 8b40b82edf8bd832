"""Film: a sentence becomes a narrated, subtitled, labelled mp4."""

from course_lib.film.label import Label, check_label, read_label
from course_lib.film.make import Film, make_film, prepare_film

__all__ = ["Film", "Label", "check_label", "make_film", "prepare_film", "read_label"]
