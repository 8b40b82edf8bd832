"""Captions that were read in the wrong encoding: found, and mended where nothing was lost."""

import unicodedata


def repaired(text):
    """The text as it was meant, if it is UTF-8 that was read as Latin-1, Windows-1252 or GBK.

    Undo the wrong reading: back to bytes in the wrong encoding, then read these as UTF-8. Text that is right does
    not survive that: its bytes are no valid UTF-8. Plain ASCII comes out as it was.

    Args:
        text: a caption.

    Returns:
        The mended text; the text itself where no such reading fits.
    """
    for wrong in ("latin-1", "cp1252", "gbk"):
        try:
            mended = text.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
        if mended != text:
            return mended
    return text


def garbled(text: str) -> bool:
    """Is this caption the result of a wrong reading, whether it can be mended or not?

    What cannot be mended has lost bytes, and shows: replacement characters, control characters, characters of
    private use. And no language of this course is written mostly in accented Latin letters.
    """
    if repaired(text) != text:
        return True
    strange = [
        c
        for c in text
        if c == "\ufffd" or (unicodedata.category(c) in ("Cc", "Co", "Cn") and c not in "\t\r\n")
    ]
    letters = [c for c in text if not c.isspace()]
    accented = sum("\u0080" <= c <= "\u00ff" for c in letters)
    return bool(strange) or (accented >= 4 and 2 * accented > len(letters))


#: The ways in which a caption is spoiled: how it was written, how it was read.
MISREADINGS = {
    "UTF-8 read as Latin-1": ("utf-8", "latin-1"),
    "UTF-8 read as Windows-1252": ("utf-8", "cp1252"),
    "UTF-8 read as GBK": ("utf-8", "gbk"),
    "GBK read as Latin-1": ("gbk", "latin-1"),
    "GBK read as UTF-8": ("gbk", "utf-8"),
}


def misread(text: str, how: str) -> str:
    """The text written in one encoding and read in another; what cannot be read becomes a replacement character."""
    written, read = MISREADINGS[how]
    return text.encode(written, "replace").decode(read, "replace")
