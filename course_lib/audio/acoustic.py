"""The acoustic model: phonemes in, a mel picture out. Two recurrent networks with a stretch in between.

    symbols, tones -> embeddings -> GRU both ways -> how long is each sound?
                                          |  repeated for as many frames
                                          v
                                    GRU both ways -> 80 mel bands a frame

>>> voice = load("zh")
>>> mel, durations = voice.draw(phonemes)          # (frames, 80), frames of each sound
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from course_lib.audio.phonemes import Phonemes
from course_lib.audio.spectral import BANDS
from course_lib.data.halves import read_halves, write_halves
from course_lib.errors import CourseError

TONES = 6  # none, and five tones; in English none and two kinds of stress


def expand(states, durations):
    """Repeat each sound's state for as many frames as it lasts.

    Args:
        states: (sounds, features).
        durations: whole numbers (sounds,), 0 allowed: such a sound gets no frame.

    Returns:
        (sum of durations, features + 2): the state, then how far the frame is from the beginning of its sound and
        from its end, in frames, divided by 10: (0, 2), (1, 1), (2, 0) tenths for a sound of three frames.
    """
    owner = torch.repeat_interleave(torch.arange(len(durations)), durations)
    begins = torch.cumsum(durations, 0) - durations
    since = torch.arange(len(owner)) - begins[owner]
    until = durations[owner] - 1 - since
    place = torch.stack([since, until], 1).to(states.dtype) / 10
    return torch.cat([states[owner], place], 1)


def masked_mel_loss(predicted, wanted, lengths):
    """Mean distance of the mel bands, over the frames that belong to a sound and not to the padding.

    Args:
        predicted, wanted: (batch, frames, bands), natural logarithms.
        lengths: whole numbers (batch,), frames of each that are real.

    Returns:
        One number: |predicted - wanted| averaged over real frames and bands.
    """
    frame = torch.arange(predicted.shape[1])
    real = (frame < lengths[:, None]).to(predicted.dtype)
    distance = (predicted - wanted).abs().mean(2)
    return (distance * real).sum() / real.sum()


@dataclass(frozen=True)
class Shape:
    """Sizes of the model: of the embeddings, and of the two recurrent networks in each direction."""

    symbol: int = 80
    tone: int = 16
    reader: int = 96
    painter: int = 176


class AcousticModel(nn.Module):
    """Phonemes to durations and mel frames.

    Args:
        symbols: names of the phonemes, index 0 is kept for padding.
        shape: sizes.
    """

    def __init__(self, symbols: list[str], shape: Shape | None = None):
        super().__init__()
        shape = shape or Shape()
        self.names, self.shape, self.note = list(symbols), shape, {}
        self.index = {name: k for k, name in enumerate(self.names)}
        self.symbol = nn.Embedding(len(self.names), shape.symbol, padding_idx=0)
        self.tone = nn.Embedding(TONES, shape.tone)
        self.reader = nn.GRU(shape.symbol + shape.tone, shape.reader, batch_first=True, bidirectional=True)
        self.duration = nn.Linear(2 * shape.reader, 1)
        self.painter = nn.GRU(2 * shape.reader + 2, shape.painter, batch_first=True, bidirectional=True)
        self.paint = nn.Linear(2 * shape.painter, BANDS)
        # the picture is learnt about its mean, band by band
        self.register_buffer("mean", torch.zeros(BANDS))
        self.register_buffer("spread", torch.ones(BANDS))

    def read(self, symbols, tones, lengths):
        """States of the sounds in their surroundings: (batch, sounds, 2 * reader)."""
        both = torch.cat([self.symbol(symbols), self.tone(tones)], 2)
        packed = nn.utils.rnn.pack_padded_sequence(both, lengths, batch_first=True, enforce_sorted=False)
        states, _ = self.reader(packed)
        return nn.utils.rnn.pad_packed_sequence(states, batch_first=True)[0]

    def log_durations(self, states):
        """ln(1 + frames) of each sound: (batch, sounds)."""
        return self.duration(states).squeeze(2)

    def frames(self, stretched):
        """Mel bands of stretched states (batch, frames, 2 * reader + 2), natural logarithms."""
        return self.paint(self.painter(stretched)[0]) * self.spread + self.mean

    def numbers(self, phonemes: Phonemes) -> tuple[torch.Tensor, torch.Tensor]:
        """Indices of symbols and tones, (sounds,) each; a sound that was never learnt is read as its nearest."""
        symbols = torch.tensor([self.index[self.nearest(name)] for name in phonemes.symbols])
        return symbols, torch.tensor(phonemes.tones)

    def nearest(self, name: str) -> str:
        """A known name for a sound: eSpeak writes variants with more signs ('aI@'), so signs are taken off the end."""
        shorter = name
        while shorter and shorter not in self.index:
            shorter = shorter[:-1]
        return shorter or ("_|" if name.startswith("(") else "@")

    @torch.no_grad()
    def draw(self, phonemes: Phonemes, speed: float = 1.0, durations=None) -> tuple[np.ndarray, np.ndarray]:
        """The picture of an utterance.

        Args:
            phonemes: what is said.
            speed: 1.2 is a fifth faster.
            durations: frames of each sound, if they are not to be the model's own.

        Returns:
            (log-mel (frames, BANDS), frames of each sound).
        """
        symbols, tones = self.numbers(phonemes)
        states = self.read(symbols[None], tones[None], torch.tensor([len(symbols)]))
        if durations is None:
            wanted = (self.log_durations(states)[0].exp() - 1).clamp(min=0) / speed
            # rounded so that the errors do not add up
            ends = wanted.cumsum(0).round().long()
            durations = torch.diff(ends, prepend=ends.new_zeros(1))
            durations[-1] += max(0, 4 - int(durations.sum()))
        durations = torch.as_tensor(durations)
        mel = self.frames(expand(states[0], durations)[None])[0]
        return mel.numpy(), durations.numpy()


def weights_file(language: str) -> Path:
    """Where the shipped voice of a language is."""
    from course_lib.data import datasets

    return datasets("weights", f"voice-{language}.safetensors")


def save(model: AcousticModel, path: Path) -> None:
    """Write a voice as 16-bit floats, with its symbols, sizes and note in the metadata, atomically."""
    said = {"symbols": model.names, "shape": asdict(model.shape), "note": model.note}
    write_halves(path, model.state_dict(), said)


def load(language: str, path: Path | None = None) -> AcousticModel:
    """The trained voice of a language.

    Args:
        language: "zh" or "en".
        path: another file of weights.

    Raises:
        CourseError: no such weights, or a damaged file.
    """
    path = Path(path) if path else weights_file(language)
    if not path.exists():
        raise CourseError(
            f"there is no voice at {path}: train one with 'python course.py bench audio --train'."
        )
    try:
        state, said = read_halves(path)
        model = AcousticModel(json.loads(said["symbols"]), Shape(**json.loads(said["shape"])))
        model.load_state_dict(state)
        model.note = json.loads(said["note"])
    except Exception as error:  # whatever a damaged file does to the reader
        raise CourseError(
            f"{path.name} is damaged or not a voice ({error}): fetch it again with git."
        ) from None
    return model.eval()
