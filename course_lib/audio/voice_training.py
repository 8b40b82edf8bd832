"""Teach the acoustic model: sentences, a teacher who speaks them, crops, and a budget in seconds."""

import math
import time
from dataclasses import dataclass

import numpy as np
import torch

from course_lib.audio import sentences, speech
from course_lib.audio.acoustic import AcousticModel, expand, masked_mel_loss
from course_lib.audio.phonemes import PAUSES, Phonemes, ask_table, chinese, from_events
from course_lib.audio.spectral import HOP, VOICE_RATE, log_mel
from course_lib.errors import CourseError

CROP, BATCH = 96, 16  # frames of a crop, crops of a step


@dataclass
class Example:
    """A sentence as the teacher spoke it: its text, phonemes, frames of each, and picture (frames, BANDS)."""

    text: str
    phonemes: Phonemes
    durations: np.ndarray
    mel: np.ndarray


def ask_teacher(language: str, texts: list[str], variant: str = "f2") -> list[tuple]:
    """(sound, rate, events) of texts, as they are sent to the engine."""
    name, rate, width = speech.settings(language)
    asked = [{"text": text, "voice": f"{name}+{variant}", "rate": rate, "range": width} for text in texts]
    return speech.ask_worker(asked, variant)


def table_of(language: str) -> dict[str, list[str]]:
    """Syllable -> phonemes for Chinese, empty for English."""
    if language != "zh":
        return {}
    return ask_table(lambda texts: ask_teacher("zh", texts), sentences.syllables())


def lessons_of(language: str, texts: list[str], table: dict, variant: str = "f2") -> list[Example]:
    """What the teacher says, with the time of every sound; sentences whose sounds are not those expected are left out.

    Args:
        language: "zh" or "en".
        texts: sentences in one language; a Chinese drill may be pinyin.
        table: of `table_of`.
        variant: of the teacher's voice.
    """
    sent = []
    for text in texts:
        if language == "zh" and text[0].isascii():
            sent.append(text + " ")
        else:
            runs = speech.runs_of(text)
            sent.append(runs[0].sent if len(runs) == 1 and runs[0].language == language else "")
    pairs = [(text, said) for text, said in zip(texts, sent) if said]
    found = []
    for (text, said), (sound, _, events) in zip(
        pairs, ask_teacher(language, [said for _, said in pairs], variant)
    ):
        heard, starts = from_events(events, language)
        phonemes = chinese(said, table) if language == "zh" and _known(said, table) else heard
        if phonemes.symbols != heard.symbols or "(en)" in heard.symbols:
            continue
        found.append(_example(text, phonemes, starts, sound))
    return found


def _known(said: str, table: dict) -> bool:
    from course_lib.audio.phonemes import syllables_of

    return all(name in table for word in said.split() for name, _ in syllables_of(word))


def _example(text: str, phonemes: Phonemes, starts: list[int], sound: np.ndarray) -> Example:
    """Cut away the long silence of the last pause, and count frames."""
    starts = [0, *starts[1:]]
    end = min(len(sound), starts[-1] + 4 * HOP)  # the last '_' lasts as long as one likes
    mel = log_mel(sound[:end])
    edges = [round(start / HOP) for start in starts] + [len(mel)]
    durations = np.diff(np.minimum(edges, len(mel)))
    return Example(text, phonemes, durations, mel)


class VoiceTraining:
    """A training that can be stopped and gone on with.

    Args:
        examples: to learn from.
        model: to go on from; by default a new one for the symbols of the examples.
        rate: of learning, at the start; it falls to nothing along a cosine.
        seed: of the weights and of what is drawn.
    """

    def __init__(
        self, examples: list[Example], model: AcousticModel | None = None, rate: float = 2e-3, seed: int = 0
    ):
        if not examples:
            raise CourseError(
                "there is nothing to learn from: give at least one sentence that the teacher can say."
            )
        torch.manual_seed(seed)
        self.examples, self.seed, self.step = examples, seed, 0
        if model is None:
            names = sorted({name for one in examples for name in one.phonemes.symbols} | set(PAUSES))
            model = AcousticModel(["", *names])
            frames = torch.tensor(np.concatenate([one.mel for one in examples]))
            model.mean.copy_(frames.mean(0))
            model.spread.copy_(frames.std(0).clamp(min=0.1))
        self.model, self.rate = model.train(), rate
        self.optimiser = torch.optim.Adam(model.parameters(), rate, betas=(0.9, 0.98))
        self.ready = [
            (*model.numbers(one.phonemes), torch.tensor(one.durations), torch.tensor(one.mel))
            for one in examples
        ]
        self.history: list[tuple[int, float, float]] = []  # step, mel loss, duration loss

    def batch(self) -> tuple:
        """Padded sentences, and from each a crop of CROP frames."""
        random = np.random.default_rng([self.seed, self.step])
        # long sentences have more to teach: drawn by their length
        sizes = np.array([len(mel) for *_, mel in self.ready], float)
        drawn = [self.ready[k] for k in random.choice(len(self.ready), BATCH, p=sizes / sizes.sum())]
        starts = [int(random.integers(0, max(1, len(mel) - CROP + 1))) for *_, mel in drawn]
        return drawn, starts

    def losses(self, drawn, starts) -> tuple:
        """(mel loss, duration loss) of a batch."""
        pad = torch.nn.utils.rnn.pad_sequence
        lengths = torch.tensor([len(symbols) for symbols, *_ in drawn])
        symbols, tones = (pad([one[k] for one in drawn], batch_first=True) for k in (0, 1))
        durations = pad([one[2] for one in drawn], batch_first=True)
        states = self.model.read(symbols, tones, lengths)
        stretched = [
            expand(states[k, : lengths[k]], one[2])[s : s + CROP]
            for k, (one, s) in enumerate(zip(drawn, starts))
        ]
        wanted = [one[3][s : s + CROP] for one, s in zip(drawn, starts)]
        frames = torch.tensor([len(one) for one in wanted])
        mel = masked_mel_loss(
            self.model.frames(pad(stretched, batch_first=True)), pad(wanted, batch_first=True), frames
        )
        real = torch.arange(symbols.shape[1]) < lengths[:, None]
        away = self.model.log_durations(states) - torch.log1p(durations.float())
        return mel, away[real].square().mean()

    def advance(self, share: float) -> None:
        """One step; `share` of the training, 0 to 1, is done."""
        for group in self.optimiser.param_groups:
            group["lr"] = (
                self.rate * min(1.0, (self.step + 1) / 50) * (0.5 + 0.5 * math.cos(math.pi * min(share, 1)))
            )
        mel, duration = self.losses(*self.batch())
        self.optimiser.zero_grad()
        (mel + duration).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        self.history.append((self.step, mel.item(), duration.item()))


def fit(
    training: VoiceTraining, seconds: float | None = None, steps: int | None = None, report=None
) -> VoiceTraining:
    """Train for so many seconds of this process's CPU time, or so many steps.

    Args:
        training: goes on from where it is.
        seconds: of CPU time.
        steps: instead of seconds; the same steps give the same weights on one machine.
        report: called as `report(training)` after every step.
    """
    if (seconds is None) == (steps is None):
        raise CourseError("give a training either seconds or steps.")
    begin, first = time.process_time(), training.step
    while True:
        spent = time.process_time() - begin
        share = spent / seconds if seconds else (training.step - first) / steps
        if share >= 1:
            break
        training.advance(share)
        if report:
            report(training)
    training.model.eval()
    return training


@torch.no_grad()
def mel_distance(model: AcousticModel, examples: list[Example]) -> float:
    """Mean |difference| of log-mel bands, with the teacher's durations, over all frames of the examples."""
    total = frames = 0.0
    for one in examples:
        mel, _ = model.draw(one.phonemes, durations=one.durations)
        total += float(np.abs(mel - one.mel).mean(1).sum())
        frames += len(mel)
    return total / frames


def duration_error(model: AcousticModel, examples: list[Example]) -> float:
    """Mean |difference| of a sound's length from the teacher's, in milliseconds."""
    away = [np.abs(model.draw(one.phonemes)[1] - one.durations) for one in examples]
    return float(np.concatenate(away).mean()) * 1000 * HOP / VOICE_RATE


def teach(
    language: str,
    seconds: float,
    count: int = 700,
    seed: int = 0,
    every: float = 60.0,
    start: AcousticModel | None = None,
) -> AcousticModel:
    """Train a voice from nothing, as the shipped ones were, and say every minute how it does on the test sentences.

    Args:
        language: "zh" or "en".
        seconds: of CPU time for the steps (the sentences come on top).
        count: sentences to practise.
        seed: of weights and crops.
        every: seconds between reports.
        start: a voice to go on from, at a lower rate and with other crops; its note is added up.
    """
    torch.set_num_threads(1)
    table = table_of(language)
    examples = lessons_of(language, sentences.practice(language, count), table)
    test = lessons_of(language, sentences.TEST[language], table)
    before = start.note if start else {"steps": 0, "cpu_seconds": 0}
    training = VoiceTraining(examples, start, rate=1e-3 if start else 2e-3, seed=seed + bool(start))
    begin = time.process_time()
    said = [begin]

    def report(training):
        if time.process_time() - said[-1] > every:
            said.append(time.process_time())
            recent = np.mean([line[1:] for line in training.history[-50:]], axis=0)
            print(
                f"{language} {said[-1] - begin:.0f} s, step {training.step}: practice {recent[0]:.3f} (durations {recent[1]:.3f}), "
                f"test {mel_distance(training.model, test):.3f}",
                flush=True,
            )

    fit(training, seconds=seconds, report=report)
    model = training.model
    speech_seconds = sum(len(one.mel) for one in examples) * HOP / VOICE_RATE
    model.note = {
        "language": language,
        "table": table,
        "sentences": len(examples),
        "speech_seconds": round(speech_seconds),
        "steps": before["steps"] + training.step,
        "cpu_seconds": before["cpu_seconds"] + round(time.process_time() - begin),
        "seed": seed,
        "teacher": "eSpeak NG, " + speech.settings(language)[0] + "+f2",
        "mel_distance": round(mel_distance(model, test), 4),
        "duration_error_ms": round(duration_error(model, test), 2),
    }
    return model
