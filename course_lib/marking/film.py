"""Arguments of the exercises of lesson 09: a function that tells how wide a text is."""

from course_lib.film.subtitles import columns


def lines_arguments(case: dict) -> dict:
    """Pieces, the width function, and the widest line."""
    return {"pieces": case["pieces"], "width_of": columns, "widest": case["widest"]}
