"""Text and clips in one space: a small contrastive model, after Radford and others, 'Learning Transferable Visual
Models From Natural Language Supervision', 2021.

Two encoders, one for clips and one for sentences, end in 64 numbers each. A clip and its own caption are drawn
together, a clip and the other captions of the batch are pushed apart. Then a sentence can search for clips.
"""

import json
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_lib.data import datasets
from course_lib.data.halves import read_halves, write_halves
from course_lib.errors import CourseError
from course_lib.scenery.clips import Clips
from course_lib.scenery.clips_torch import to_tensor
from course_lib.scenery.splits import world as world_named
from course_lib.text.encoder import TextEncoder, encode
from course_lib.text.tokens import Vocabulary

SIZE, FRAMES, FEATURES = 32, 8, 64
HELD_OUT = 200


def contrastive_loss(clips, texts, scale):
    """The symmetric contrastive loss of a batch in which clip k and text k belong together.

    Args:
        clips: (n, d) features of n clips, of any length.
        texts: (n, d) features of their captions.
        scale: what cosines are multiplied by before the softmax, the inverse temperature.

    Returns:
        The mean of two cross-entropies: each clip among all texts, each text among all clips. A tensor
        without axes, at least 0; log(n) for features that say nothing.
    """
    clips = F.normalize(clips, dim=1)
    texts = F.normalize(texts, dim=1)
    logits = scale * clips @ texts.T
    own = torch.arange(len(logits))
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


class Fusion(nn.Module):
    """A clip encoder and a text encoder that end in the same space.

    Args:
        vocabulary: of the sentences.
        width: channels of the clip encoder's first layer.
    """

    def __init__(self, vocabulary: Vocabulary, width: int = 32):
        super().__init__()
        self.vocabulary, self.width = vocabulary, width
        channels = [3 * FRAMES, width, width * 3 // 2, width * 2, width * 3]
        blocks = []
        for before, after in pairwise(channels):
            # max pooling, not strides: thin things (rain, a distant bird) survive it
            blocks += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            blocks.append(nn.MaxPool2d(2))
        self.trunk = nn.Sequential(*blocks, nn.Flatten())  # (n, 24, 32, 32) -> (n, 3 width 2 2)
        self.head = nn.Sequential(nn.Linear(channels[-1] * 4, 128), nn.ReLU(), nn.Linear(128, FEATURES))
        self.text = TextEncoder(len(vocabulary), features=FEATURES)
        self.log_scale = nn.Parameter(torch.tensor(np.log(1 / 0.07), dtype=torch.float32))

    @property
    def scale(self):
        """The inverse temperature, learnt, at most 100 (as in the paper)."""
        return self.log_scale.exp().clamp(max=100)

    def see(self, clips):
        """Features (n, 64) of clips: float (n, 3, 8, 32, 32) in [-1, 1]."""
        return self.head(self.trunk(clips.flatten(1, 2)))

    def read(self, texts: Sequence[str]):
        """Features (n, 64) of sentences."""
        return self.text(*encode(self.vocabulary, texts))

    @torch.no_grad()
    def clip_space(self, clips) -> np.ndarray:
        """Unit vectors (n, 64) of clips, uint8 (n, frames, height, width, 3); other sizes are brought to 8 x 32 x 32.

        Raises:
            CourseError: another shape or type.
        """
        self.eval()
        parts = [self.see(prepare(clips[start : start + 256])) for start in range(0, len(clips), 256)]
        return F.normalize(torch.cat(parts), dim=1).numpy()

    @torch.no_grad()
    def text_space(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors (n, 64) of sentences."""
        self.eval()
        return F.normalize(self.read(texts), dim=1).numpy()


def prepare(clips):
    """Clips as the encoder sees them: float (n, 3, 8, 32, 32) in [-1, 1].

    Raises:
        CourseError: not uint8 (n, frames, height, width, 3).
    """
    clips = np.asarray(clips)
    if clips.ndim != 5 or clips.shape[-1] != 3 or clips.dtype != np.uint8:
        raise CourseError(
            f"clips are {clips.dtype} of shape {clips.shape}; give uint8 (clips, frames, height, width, 3)."
        )
    moments = np.linspace(0, clips.shape[1] - 1, FRAMES).round().astype(int)
    tensor = to_tensor(clips[:, moments])
    if tensor.shape[3:] != (SIZE, SIZE):
        flat = F.interpolate(tensor.transpose(1, 2).flatten(0, 1), (SIZE, SIZE), mode="area")
        tensor = flat.unflatten(0, (len(clips), FRAMES)).transpose(1, 2)
    return tensor


def apart(world: str, held_out: int = HELD_OUT, seed: int = 0) -> tuple[list[dict], list[dict]]:
    """A world's combinations in two: those to learn from and `held_out` others, drawn by the seed.

    Raises:
        CourseError: fewer than two would be left to learn from.
    """
    rows = world_named(world).combinations("all")
    if not 1 <= held_out <= len(rows) - 2:
        raise CourseError(f"hold out 1 to {len(rows) - 2} of the {len(rows)} combinations of {world}.")
    order = np.random.default_rng([seed, held_out]).permutation(len(rows))
    return [rows[k] for k in order[held_out:]], [rows[k] for k in order[:held_out]]


def clips_of(world: str, rows: list[dict], rounds: int, seed: int) -> Clips:
    """Clips of these combinations, each `rounds` times; items k n to k n + n - 1 hold every one of the n once."""
    clips = Clips(world, "all", rounds * len(rows), size=SIZE, frames=FRAMES, seed=seed)
    clips.combinations = rows
    return clips


def train(
    clips: Clips, *, steps: int, batch_size: int = 64, rate: float = 2e-3, seed: int = 0, width: int = 32,
    report: Callable | None = None,
) -> Fusion:  # fmt: skip
    """Train a model on captioned clips.

    A batch never holds two clips of one combination: else a right caption would be pushed away.

    Args:
        clips: from `clips_of`; rendered here, once, into memory.
        steps: of `batch_size` pairs; the rate rises for a tenth of them and falls along half a cosine.
        report: called with (step, mean loss since the last call, CPU seconds, model) every 50 steps.

    Raises:
        CourseError: there are fewer combinations than a batch holds.
    """
    n = len(clips.combinations)
    if batch_size > n:
        raise CourseError(f"a batch of {batch_size} needs as many combinations; there are {n}.")
    begin = time.process_time()
    videos = np.concatenate(
        [clips.videos(range(k, min(k + 64, len(clips)))) for k in range(0, len(clips), 64)]
    )
    said = [clips.caption_of(k, epoch)[0] for epoch in range(4) for k in range(len(clips))]
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    model = Fusion(Vocabulary.of(said, least=2), width).train()
    optimiser = torch.optim.AdamW(model.parameters(), rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.1)
    queue, losses, epoch = [], [], 0
    for step in range(1, steps + 1):
        if not queue:  # each round of the combinations is cut into batches in a new way
            for first in range(0, len(clips), n):
                order = first + random.permutation(n)
                queue += [order[k : k + batch_size] for k in range(0, n - batch_size + 1, batch_size)]
            random.shuffle(queue)
            epoch += 1
        chosen = queue.pop()
        seen = prepare(videos[chosen])
        # brightness and contrast vary: what is filmed counts, not how it was exposed
        gain = torch.as_tensor(random.uniform(0.9, 1.1, (len(seen), 1, 1, 1, 1)), dtype=seen.dtype)
        shift = torch.as_tensor(random.uniform(-0.06, 0.06, (len(seen), 1, 1, 1, 1)), dtype=seen.dtype)
        texts = [clips.caption_of(int(k), epoch)[0] for k in chosen]
        loss = contrastive_loss(model.see(seen * gain + shift), model.read(texts), model.scale)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if report and step % 50 == 0:
            report(step, float(np.mean(losses)), time.process_time() - begin, model)
            model.train()
            losses = []
    return model.eval()


def recall_at(scores: np.ndarray, k: int = 1) -> float:
    """Share of rows whose own column is among the k highest.

    Args:
        scores: (n, n); row i belongs to column i. A tie counts as a miss unless the own column wins it strictly.
    """
    own = np.diag(scores)[:, None]
    return float(((scores >= own).sum(1) <= k).mean())


def retrieval(
    model: Fusion, world: str, rows: list[dict], *, seed: int, language: str = "both", videos=None
) -> dict:
    """One clip and one caption of each combination: how often is the right one found?

    Args:
        rows: n different combinations, best never trained on.
        seed: of the clips and of the captions' words.
        videos: the clips, where they were rendered before (`clips_of(world, rows, 1, seed)`).

    Returns:
        {"text to clip", "clip to text", "text to clip @5", "chance"}: shares.
    """
    clips = clips_of(world, rows, 1, seed)
    clips.language = language
    captions = [clips.caption_of(k, 0)[0] for k in range(len(rows))]
    videos = clips.videos(range(len(rows))) if videos is None else videos
    scores = model.text_space(captions) @ model.clip_space(videos).T
    return {
        "text to clip": recall_at(scores),
        "clip to text": recall_at(scores.T),
        "text to clip @5": recall_at(scores, 5),
        "chance": 1 / len(rows),
    }


def weights_file(world: str = "scenery") -> Path:
    """Where the shipped weights are."""
    return datasets("weights", f"fusion-{world_named(world).name}.safetensors")


def save(model: Fusion, path: Path, note: dict | None = None) -> None:
    """Write the weights as 16-bit floats, atomically; vocabulary, width and `note` go into the file's metadata."""
    about = {"tokens": model.vocabulary.tokens, "width": model.width, **(note or {})}
    write_halves(path, model.state_dict(), {"about": about})


def load(world: str = "scenery", path: Path | None = None) -> Fusion:
    """The trained model of a world.

    Raises:
        CourseError: its weights are missing or damaged.
    """
    path = Path(path) if path else weights_file(world)
    if not path.exists():
        raise CourseError(
            f"there are no weights at {path}: make them with 'python course.py bench curate --train'."
        )
    try:
        state, said = read_halves(path)
        about = json.loads(said["about"])
        model = Fusion(Vocabulary(about["tokens"]), about["width"])
        model.load_state_dict(state)
    except Exception as error:
        raise CourseError(f"{path} does not hold a text-clip model: fetch it again ({error}).") from None
    return model.eval()
