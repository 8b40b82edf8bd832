"""What a generator does with words that it has not learnt: the nearest meaning it knows, and it says so."""

import difflib
from dataclasses import dataclass

from course_lib.errors import CourseError
from course_lib.text.tokens import Vocabulary, tokenize

# Said by people, not by the captions of the moving shapes; each with a word of those captions that means the same.
NEAREST = {
    "crimson": "red", "scarlet": "red", "ruby": "red", "maroon": "red", "pink": "red",
    "navy": "blue", "azure": "blue", "cyan": "blue", "turquoise": "blue",
    "gold": "yellow", "golden": "yellow", "lemon": "yellow", "amber": "orange", "tangerine": "orange",
    "lime": "green", "emerald": "green", "olive": "green", "jade": "green",
    "lilac": "violet", "lavender": "violet", "mauve": "violet", "magenta": "purple",
    "ball": "circle", "dot": "circle", "sphere": "circle", "ring": "circle", "disk": "disc", "moon": "circle", "sun": "circle",
    "cube": "box", "rectangle": "square", "pyramid": "triangle", "asterisk": "star",
    "huge": "big", "giant": "big", "enormous": "big", "wee": "tiny", "miniature": "tiny", "minute": "tiny",
    "ascends": "rises", "soars": "rises", "rising": "rises", "climbing": "climbs", "upward": "upwards", "descends": "sinks",
    "drops": "sinks", "falling": "falls", "dropping": "sinks", "downward": "downwards", "leftward": "leftwards",
    "rightward": "rightwards", "expands": "grows", "expanding": "growing", "enlarges": "grows", "contracts": "shrinks",
    "spins": "circles", "orbits": "circles", "rotates": "circles", "revolves": "circles", "motionless": "still",
    "stationary": "still", "frozen": "still", "sliding": "slides", "travelling": "travels", "traveling": "travels",
    "赤": "红", "朱": "红", "粉": "红", "绯": "红", "碧": "绿", "青": "绿", "墨": "绿", "金": "黄", "靛": "蓝",
    "球": "圆", "盒": "块", "巨": "大", "飞": "移", "跑": "移", "爬": "升", "坠": "落",
    "掉": "落", "旋": "转", "胀": "大", "扩": "放",
}  # fmt: skip

# Words that say nothing about what is to be seen: left out without a word.
SILENT = set("颗只块枚今天的了着吧啊吗呢请把让那这些很和与来去点帮我你会能") | {
    "please", "can", "you", "make", "create", "generate", "would", "like", "want", "video", "clip", "of", "film",
    "with", "on", "at", "my", "some", "for", "very", "from", "now",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A sentence as a generator takes it: `text`, and `notes`, a sentence for each word that it does not know."""

    text: str
    notes: tuple[str, ...]


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """Replace words that are not in the vocabulary by the nearest ones that are.

    First by a table of meanings, then by spelling ('squar' is 'square'); what is neither is left out.

    Raises:
        CourseError: the sentence is empty, or not one of its words is known.
    """
    tokens = tokenize(text)
    if not tokens:
        raise CourseError("the sentence has no words: write what should move, e.g. 'a red star rises'.")
    unknown, used, notes = set(vocabulary.unknown(text)), [], []
    latin = [word for word in vocabulary.tokens if word.isascii()]
    for token in tokens:
        if token not in unknown:
            used.append(token)
            continue
        if token in SILENT and token not in NEAREST:
            continue
        near = NEAREST.get(token)
        if near is None and token.isascii() and len(token) > 3:
            near = next(iter(difflib.get_close_matches(token, latin, 1, 0.82)), None)
        known = near is not None and not vocabulary.unknown(near)
        if known:
            used.append(near)
        if token not in [note.split("'")[1] for note in notes]:
            notes.append(
                f"'{token}' was never in a caption: read as '{near}'." if known
                else f"'{token}' was never in a caption and nothing near it was: left out."
            )  # fmt: skip
    if not used:
        raise CourseError(
            f"this generator knows none of the words of '{text}'; it was trained on sentences such as "
            "'a small red star moves to the left' and '一个蓝色的大方块慢慢上升'."
        )
    return Reading(" ".join(used), tuple(notes))
