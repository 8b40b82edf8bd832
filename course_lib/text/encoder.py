"""The text encoder of the generators and the discriminators: a sentence becomes 64 numbers (lessons 04, 06, 07)."""

import torch
from torch import nn

from course_lib.text.tokens import PAD, Vocabulary


class TextEncoder(nn.Module):
    """Embedding, a bidirectional GRU, the mean and the ends of its states, one linear layer.

    A GRU rather than a sum of word vectors, because order tells 'a circle moves' from 'moves in a circle'.

    Args:
        words: rows of the embedding table, `len(vocabulary)`.
        embedding: numbers a token.
        hidden: numbers of each direction's state.
        features: numbers a sentence.
    """

    def __init__(self, words: int, embedding: int = 32, hidden: int = 48, features: int = 64):
        super().__init__()
        self.features = features
        self.embedding = nn.Embedding(words, embedding, padding_idx=PAD)
        self.gru = nn.GRU(embedding, hidden, batch_first=True, bidirectional=True)
        self.out = nn.Linear(4 * hidden, features)

    def forward(self, ids, lengths):
        """Features (n, features) of sentences: ids int64 (n, length) padded with 0, lengths int64 (n,) at least 1."""
        states = self.embedding(ids)
        # Packing keeps padding out of both directions: the same sentence in a longer batch gives the same features.
        packed = nn.utils.rnn.pack_padded_sequence(
            states, lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        packed, last = self.gru(packed)
        states, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
        mean = states.sum(1) / lengths.to(states)[:, None]
        ends = last.transpose(0, 1).flatten(1)  # forward's last and backward's last state: (n, 2 hidden)
        return self.out(torch.cat([mean, ends], 1))


def encode(vocabulary: Vocabulary, texts, device="cpu"):
    """`vocabulary.encode` as tensors: ids on the device, lengths on the CPU (where packing wants them)."""
    ids, lengths = vocabulary.encode(texts)
    return torch.as_tensor(ids, device=device), torch.as_tensor(lengths)
