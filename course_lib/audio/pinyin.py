"""Chinese words as pinyin with tone numbers, the way a voice is fed them."""

import re

from course_lib.text.words import HAN

_DIGITS = "零一二三四五六七八九"
# Words whose second syllable has lost its tone in speech; the dictionary gives the full one.
_LIGHT = {
    "朋友": "peng2 you5",
    "东西": "dong1 xi5",
    "喜欢": "xi3 huan5",
    "漂亮": "piao4 liang5",
    "月亮": "yue4 liang5",
}


def numeral(figures: str) -> str:
    """A number in Chinese words: '2024' -> 二千零二十四, '3.5' -> 三点五, '40%' -> 百分之四十.

    Times such as '8:30' become 八点三十; ten or more digits are read one by one.
    """
    if figures.endswith("%"):
        return "百分之" + numeral(figures[:-1])
    figures = figures.replace(",", "")
    if ":" in figures:
        hour, *rest = figures.split(":")
        return numeral(hour) + "点" + "".join(numeral(part) for part in rest)
    whole, _, fraction = figures.partition(".")
    said = _whole(whole) if len(whole) < 13 and not (len(whole) > 1 and whole[0] == "0") else spelled(whole)
    return said + ("点" + spelled(fraction) if fraction else "")


def spelled(figures: str) -> str:
    """Digit by digit, as in a year: '2024' -> 二零二四."""
    return "".join(_DIGITS[int(c)] for c in figures if c.isdecimal())


def _whole(figures: str) -> str:
    number = int(figures)
    if number == 0:
        return "零"
    said, unit, last_low = "", 0, False
    while number:
        number, four = divmod(number, 10_000)
        if four:
            part = _four(four)
            # a gap in the figures is said as one zero: 10005 -> 一万零五
            gap = "零" if said and not said.startswith("零") and last_low else ""
            said = part + ("", "万", "亿")[unit] + gap + said
        last_low = four < 1000
        unit += 1
    said = said.strip("零")
    return said[1:] if said.startswith("一十") else said


def _four(number: int) -> str:
    said, zero = "", False
    for name, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            said += ("零" if zero and said else "") + _DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return said


def pinyin(words: list[str]) -> list[str]:
    """Syllables of each word, joined by spaces: ['西藏', '很', '美'] -> ['xi1 zang4', 'hen2', 'mei3'].

    Tones are those of speech: two third tones in a row become second and third, 一 and 不 follow the
    tone after them. The letter ü is written v, the neutral tone 5.

    Args:
        words: Chinese words (as jieba cuts them); anything else becomes an empty string.
    """
    from pypinyin import Style, lazy_pinyin

    syllables: list[list[str]] = []
    for word in words:
        if word in _LIGHT:
            syllables.append(_LIGHT[word].split())
        elif re.fullmatch(f"[{HAN}]+", word):
            found = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
            syllables.append(found)
        else:
            syllables.append([])
    _change_tones(words, syllables)
    return [" ".join(word) for word in syllables]


def for_engine(said: str) -> str:
    """Pinyin as eSpeak NG can read it: it does not know xiong, qiong and jiong, and would spell them in English.

    Without the i it says nearly the right thing.
    """
    return re.sub(r"(?<![a-z])([jqx])iong(?=[1-5])", r"\1ong", said)


def _change_tones(words: list[str], syllables: list[list[str]]) -> None:
    """Tone sandhi, in place: within words first, then from each word to the next."""
    flat = [(w, s) for w, word in enumerate(syllables) for s in range(len(word))]
    letters = [words[w][s] if s < len(words[w]) else "" for w, s in flat]

    def tone(n: int) -> str:
        w, s = flat[n]
        return syllables[w][s][-1:]

    def change(n: int, new: str) -> None:
        w, s = flat[n]
        syllables[w][s] = syllables[w][s][:-1] + new

    for inside in (True, False):
        for n in range(len(flat) - 1):
            if (flat[n][0] == flat[n + 1][0]) == inside and tone(n) == tone(n + 1) == "3":
                change(n, "2")
    for n in range(len(flat) - 1):
        if letters[n] == "不" and tone(n) == "4" and tone(n + 1) == "4":
            change(n, "2")
        ordinal = n > 0 and letters[n - 1] in "第十百千一二三四五六七八九零"
        if (
            letters[n] == "一"
            and tone(n) == "1"
            and not ordinal
            and letters[n + 1] not in "月号日点二三四五六七八九十零"
        ):
            change(n, "2" if tone(n + 1) == "4" else "4")
