"""From words to the sounds that the acoustic model reads: phonemes, tones or stress, and where words begin.

Chinese needs no engine: pinyin is cut into syllables, and a table that was once asked of the teacher says which
phonemes a syllable has. English spelling follows no such table; there the teacher's list of phonemes is taken, and
nothing of its sound or timing.
"""

import re
from dataclasses import dataclass, field

from course_lib.errors import CourseError

PAUSES = ("_|", "_:", "_")  # the end of a word, a breath, silence: eSpeak's names
_SYLLABLE = re.compile(r"([a-z]+)([1-5])")


@dataclass
class Phonemes:
    """What is to be said, sound by sound.

    `symbols` are eSpeak's names without stress marks. `tones`: 1 to 5 in Chinese; in English 1 is the main
    stress, 2 a secondary one; 0 is none. `words` says to which word each sound belongs, counted from 0.
    """

    symbols: list[str] = field(default_factory=list)
    tones: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)

    def add(self, symbol: str, tone: int, word: int) -> None:
        """One more sound at the end."""
        self.symbols.append(symbol)
        self.tones.append(tone)
        self.words.append(word)


def syllables_of(word: str) -> list[tuple[str, int]]:
    """Pinyin of a word in syllables with tones: 'xi1zang4' -> [('xi', 1), ('zang', 4)]."""
    return [(name, int(tone)) for name, tone in _SYLLABLE.findall(word)]


def chinese(said: str, table: dict[str, list[str]]) -> Phonemes:
    """Phonemes of pinyin as the voice is fed it, for example 'jin1tian1 qu4 le5 xi1zang4, '.

    Args:
        said: words separated by spaces; ',' ';' or '.' after a word is a pause.
        table: syllable without tone -> names of its phonemes, see `ask_table`.

    Raises:
        CourseError: a syllable is not in the table.
    """
    found = Phonemes()
    for number, word in enumerate(said.split()):
        for name, tone in syllables_of(word):
            if name not in table:
                raise CourseError(
                    f"the learned voice does not know the syllable '{name}': use another voice."
                )
            for symbol in table[name]:
                found.add(symbol, tone, number)
        found.add("_|", 0, number)
        if word[-1] in ",;.":
            found.add("_:", 0, number)
            found.add("_", 0, number)
    if found.symbols[-2:] != ["_:", "_"]:
        found.add("_:", 0, found.words[-1])
        found.add("_", 0, found.words[-1])
    return found


def from_events(events: list, language: str) -> tuple[Phonemes, list[int]]:
    """Phonemes of the teacher, and the sample at which each begins.

    Args:
        events: of `espeak_worker.py`: [kind, name or place, length, sample] each.
        language: in English stress is read off the names; Chinese tones are not in them and stay 0.
    """
    found, starts, word = Phonemes(), [], -1
    for kind, name, _, sample in events:
        if kind == "word":
            word += 1
            continue
        stress = {"'": 1, ",": 2}.get(name[0], 0) if language == "en" else 0
        found.add(name if name in PAUSES else name.lstrip("',"), stress, max(word, 0))
        starts.append(sample)
    return found, starts


def ask_table(ask, syllables: list[str]) -> dict[str, list[str]]:
    """The table of `chinese`: every syllable spoken once by the teacher.

    Args:
        ask: list of texts -> list of (sound, rate, events).
        syllables: without tones.

    Returns:
        syllable -> phonemes; those that the engine takes for English are left out.
    """
    table = {}
    for name, (_, _, events) in zip(syllables, ask([name + "1" for name in syllables])):
        symbols = [p for p in from_events(events, "zh")[0].symbols if p not in PAUSES]
        if "(en)" not in symbols:
            table[name] = symbols
    return table
