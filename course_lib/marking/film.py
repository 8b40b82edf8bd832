"""Arguments of the exercises of lesson 09: a function that tells how wide a text is."""

import unicodedata


def columns(text: str) -> int:
    """How many columns a text takes where every Chinese character or mark is twice as wide as a Latin letter."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def lines_arguments(case: dict) -> dict:
    """Pieces, the width function, and the widest line."""
    return {"pieces": case["pieces"], "width_of": columns, "widest": case["widest"]}
