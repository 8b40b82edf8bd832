"""The reader's training, in PyTorch: the same network as `course_lib.text.reader`, which reads its weights."""

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from course_lib.text.reader import ANSWERS, LONGEST
from course_lib.text.tokens import PAD, UNKNOWN, Vocabulary


class ReaderNetwork(nn.Module):
    """Embedding, bidirectional GRU, mean and maximum of its states, one linear layer for all slots.

    Args:
        tokens: the vocabulary's tokens.
        embedding: numbers a token.  hidden: numbers of each direction's state.
    """

    def __init__(self, tokens: Sequence[str], embedding: int = 32, hidden: int = 48):
        super().__init__()
        self.vocabulary = Vocabulary(tokens)
        self.embedding = nn.Embedding(len(self.vocabulary), embedding, padding_idx=PAD)
        self.gru = nn.GRU(embedding, hidden, batch_first=True, bidirectional=True)
        self.heads = nn.Linear(4 * hidden, sum(map(len, ANSWERS.values())))

    def forward(self, ids, lengths):
        """Logits by slot, {slot: (n, 1 + words)}, of ids (n, length) and lengths (n,)."""
        x = F.dropout(self.embedding(ids), 0.2, self.training)
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        mask = (torch.arange(states.shape[1]) < lengths[:, None])[:, :, None]
        mean = (states * mask).sum(1) / lengths[:, None]
        most = states.masked_fill(~mask, -torch.inf).amax(1)
        features = F.dropout(torch.cat([mean, most], 1), 0.2, self.training)
        return dict(zip(ANSWERS, self.heads(features).split([len(a) for a in ANSWERS.values()], dim=1)))


def labels_of(says: Sequence[dict]) -> torch.Tensor:
    """What sentences say as numbers, int64 (n, slots): 0 where they do not speak of a slot."""
    return torch.tensor([[answers.index(one.get(slot)) for slot, answers in ANSWERS.items()] for one in says])


def train(
    sentences: Sequence[tuple[str, dict]],
    seed: int = 0,
    epochs: int = 4,
    rate: float = 4e-3,
    batch_size: int = 64,
    seconds: float | None = None,
    report: Callable | None = None,
) -> ReaderNetwork:
    """A reader trained from nothing.

    Cross-entropy of a softmax in each slot; gradients clipped to a norm of 1; one token in twenty is hidden, so
    that the network learns to live with words it does not know.

    Args:
        sentences: (text, {slot: value}).
        seconds: of CPU time at most.
        report: called with (step, loss, CPU seconds) after every step.
    """
    torch.manual_seed(seed)
    network = ReaderNetwork(Vocabulary.of((text for text, _ in sentences), least=2).tokens).train()
    ids, lengths = map(torch.as_tensor, network.vocabulary.encode([text for text, _ in sentences], LONGEST))
    labels = labels_of([says for _, says in sentences])
    optimiser = torch.optim.Adam(network.parameters(), rate)
    steps = epochs * -(-len(sentences) // batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.1)
    begin, step = time.process_time(), 0
    for _ in range(epochs):
        for batch in torch.randperm(len(sentences)).split(batch_size):
            if seconds is not None and time.process_time() - begin > seconds:
                return network.eval()
            longest = int(lengths[batch].max())
            seen = ids[batch, :longest]
            hidden = (torch.rand(seen.shape) < 0.05) & (seen != PAD)
            logits = network(seen.masked_fill(hidden, UNKNOWN), lengths[batch])
            loss = sum(F.cross_entropy(logits[slot], labels[batch, k]) for k, slot in enumerate(ANSWERS))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            if report:
                report(step, loss.item(), time.process_time() - begin)
    return network.eval()


def arrays(network: ReaderNetwork) -> dict[str, np.ndarray]:
    """The weights under the names that `reader.Reader` wants."""
    found = {"embedding": network.embedding.weight}
    for name, ending in (("forward", ""), ("backward", "_reverse")):
        for short, long in (
            ("w_ih", "weight_ih"),
            ("w_hh", "weight_hh"),
            ("b_ih", "bias_ih"),
            ("b_hh", "bias_hh"),
        ):
            found[f"{name}.{short}"] = getattr(network.gru, f"{long}_l0{ending}")
    found |= {"heads.w": network.heads.weight, "heads.b": network.heads.bias}
    return {name: value.detach().numpy() for name, value in found.items()}


def save(network: ReaderNetwork, path: Path) -> None:
    """Write weights (as 16-bit floats) and tokens to a safetensors file, in one go."""
    from safetensors.numpy import save_file

    half = {name: np.ascontiguousarray(value.astype(np.float16)) for name, value in arrays(network).items()}
    part = path.with_suffix(".part")
    tokens = json.dumps(network.vocabulary.tokens, ensure_ascii=False)
    save_file(half, part, metadata={"tokens": tokens, "made by": "course bench text --train"})
    part.chmod(0o644)  # safetensors writes files that only their owner may read
    os.replace(part, path)
