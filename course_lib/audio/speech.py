"""A voice that reads Chinese and English, with the time of every word.

The voice is eSpeak NG, run as a process of its own (see `espeak_worker.py` for its licence). Chinese is fed
to it as pinyin with tones, cut into words by jieba: a listener understands that far better than the
engine's own reading of Chinese characters.
"""

import importlib
import json
import re
import subprocess
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from course_lib.audio.pinyin import for_engine, numeral, pinyin, spelled
from course_lib.errors import CourseError
from course_lib.text.words import HAN, is_word, language_of, tokenize

#: Samples a second of every sound in the course; 1,764 samples are one picture at 25 a second.
RATE = 44_100
WORKER = Path(__file__).with_name("espeak_worker.py")
# name -> variant of the engine's voices; any of its own variants (f1-f5, m1-m8, ...) may be named too.
VOICES = {"female": "f2", "male": "m3"}
# Voices with an engine of their own: a module with `answer(runs, speed)`.
ENGINES = {"learned": "course_lib.audio.learned", "neural": "course_lib.audio.neural"}
# language -> (voice, words a minute, pitch range): 120 and the pinyin voice were recognised best.
_SETTINGS = {"zh": ("cmn-latn-pinyin", 120, 50), "en": ("en-us", 150, 55)}
_PAUSES = {"、": ",", "，": ",", ",": ",", "：": ",", ":": ",", "；": ";", ";": ";", "。": ".", "…": "."}


def settings(language: str) -> tuple[str, int, int]:
    """The engine's voice of a language, words a minute, and how far its pitch moves."""
    return _SETTINGS[language]


@dataclass(frozen=True)
class Word:
    """A spoken word: `text` as written, `start` and `end` in seconds."""

    text: str
    start: float
    end: float


@dataclass
class Speech:
    """Sound of a voice: `samples` float32 in [-1, 1] at `RATE`, one channel; `words` in order.

    `phonemes` are pairs (eSpeak's name of the sound, start in seconds).
    """

    samples: np.ndarray
    words: list[Word]
    phonemes: list[tuple[str, float]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / RATE


@dataclass
class _Run:
    """Part of a text in one language, as it is sent to the engine."""

    language: str
    tokens: list[str] = field(default_factory=list)  # as written
    said: list[str] = field(default_factory=list)  # as spoken: figures as words
    pauses: list[str] = field(default_factory=list)  # the punctuation after each
    starts: list[int] = field(default_factory=list)  # where each begins in `sent`
    sent: str = ""

    def close(self) -> None:
        """Write `sent`; a whole run at once, as a word's tones depend on the next word."""
        said = pinyin(self.said) if self.language == "zh" else self.said
        for word, pause in zip(said, self.pauses):
            self.starts.append(len(self.sent))
            self.sent += for_engine(word).replace(" ", "") + pause + " "


def speak(text: str, voice: str = "female", speed: float = 1.0) -> Speech:
    """Read a text aloud.

    Args:
        text: Chinese, English, or both mixed.
        voice: 'female', 'male', or one of eSpeak NG's variants such as 'f4' or 'm7'; 'learned' is the course's
            own acoustic model (needs torch), 'neural' the voices of packages that are installed apart.
        speed: 1 is the default pace, 1.2 a fifth faster.

    Raises:
        CourseError: no such voice, the engine is not installed, or nothing in the text can be spoken.
    """
    return speak_all([text], voice, speed)[0]


def speak_all(texts: list[str], voice: str = "female", speed: float = 1.0) -> list[Speech]:
    """Read several texts aloud with one start of the engine (see `speak`).

    The same list gives the same bytes. A text alone and in a list differ by a hair: the engine's tremble
    goes on from one text to the next.
    """
    variant = VOICES.get(voice, voice)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", variant):
        raise CourseError(
            f"'{voice}' is not the name of a voice: choose female, male, learned, or a variant such as f4 or m7."
        )
    runs = [runs_of(text) for text in texts]
    for text, parts in zip(texts, runs):
        if not parts:
            raise CourseError(f"nothing in '{text[:40]}' can be spoken.")
    flat = [run for parts in runs for run in parts]
    if voice in ENGINES:
        answers = iter(importlib.import_module(ENGINES[voice]).answer(flat, speed))
    else:
        asked = []
        for run in flat:
            name, rate, width = _SETTINGS[run.language]
            asked.append(
                {"text": run.sent, "voice": f"{name}+{variant}", "rate": rate * speed, "range": width}
            )
        answers = iter(ask_worker(asked, voice))
    return [_join([(run, *next(answers)) for run in parts]) for parts in runs]


def runs_of(text: str) -> list[_Run]:
    """Cut a text into runs of one language, each written the way the engine reads it best."""
    main = language_of(text)[0]
    tokens = [token for token, _ in tokenize(text)]
    runs: list[_Run] = []
    for number, token in enumerate(tokens):
        following = tokens[number + 1] if number + 1 < len(tokens) else ""
        if re.match(f"[{HAN}]", token) or (token[0].isdecimal() and main == "zh"):
            language = "zh"
        elif is_word(token):
            language = "en"
        else:  # punctuation belongs to what is before it
            if runs:
                runs[-1].pauses[-1] = _PAUSES.get(token, "")
            continue
        if not runs or runs[-1].language != language:
            runs.append(_Run(language))
        runs[-1].tokens.append(token)
        runs[-1].said.append(_said(token, following, language))
        runs[-1].pauses.append("")
    for run in runs:
        run.close()
    return runs


def _said(token: str, following: str, language: str) -> str:
    if language == "en":
        return token.replace("’", "'")
    if not token[0].isdecimal():
        return token
    year = following.startswith("年") and len(token) == 4 and token.isdecimal()
    return spelled(token) if year else numeral(token)


def ask_worker(asked: list[dict], voice: str) -> list[tuple[np.ndarray, int, list]]:
    """Sound (float32), its rate and the events of each utterance, from the engine's process."""
    command = [sys.executable, str(WORKER)]
    request = json.dumps({"utterances": asked}).encode()
    try:
        done = subprocess.run(command, input=request, capture_output=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CourseError(
            f"the speech engine did not answer ({error}): run 'python course.py doctor'."
        ) from None
    answers, data, at = [], done.stdout, 0
    for _ in asked:
        end = data.find(b"\n", at)
        head = (
            json.loads(data[at:end])
            if end >= 0
            else {"error": "engine", "detail": done.stderr.decode()[-200:]}
        )
        if head.get("error") == "voice":
            raise CourseError(
                f"there is no voice '{voice}': choose female, male, learned, or a variant such as f4 or m7."
            )
        if "error" in head:
            raise CourseError(
                "the voice is missing: install it with 'pip install espeakng-loader' "
                f"(the engine said: {' '.join(str(head.get('detail', '')).split())[:160]})."
            )
        at = end + 1 + 2 * head["samples"]
        sound = np.frombuffer(data[end + 1 : at], "<i2").astype(np.float32) / 32768
        answers.append((sound, head["rate"], head["events"]))
    return answers


def _join(parts: list[tuple[_Run, np.ndarray, int, list]]) -> Speech:
    """One `Speech` from the runs of a text, silence trimmed at both ends of each."""
    sounds, words, phonemes, offset = [], [], [], 0.0
    for run, sound, rate, events in parts:
        first, last = _audible(sound, rate)
        marks: list[list] = []  # [token number, second]
        for kind, place, _, sample in events:
            second = max(0.0, (sample - first) / rate) + offset
            if kind == "phoneme":
                phonemes.append((place, second))
                continue
            number = bisect_right(run.starts, place) - 1
            if not marks or number > marks[-1][0]:
                marks.append([number, second])
        end = offset + (last - first) / rate
        for (number, start), stop in zip(marks, [mark[1] for mark in marks[1:]] + [end]):
            words.append(Word(run.tokens[number], round(start, 4), round(max(start, stop), 4)))
        heard = resample_poly(sound[first:last], RATE, rate).astype(np.float32)
        sounds += [heard, np.zeros(int(0.04 * RATE), np.float32)]
        offset += (len(heard) + len(sounds[-1])) / RATE
    return Speech(np.concatenate(sounds[:-1]), words, phonemes)


def _audible(sound: np.ndarray, rate: int, floor: float = 0.004) -> tuple[int, int]:
    """First and last sample of what can be heard, with 10 ms before and 30 ms after."""
    loud = np.flatnonzero(np.abs(sound) > floor)
    if loud.size == 0:
        return 0, len(sound)
    return max(0, int(loud[0] - 0.01 * rate)), min(len(sound), int(loud[-1] + 0.03 * rate))
