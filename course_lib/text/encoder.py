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
        states, ends = self.aligned(states, lengths) if states.is_cuda else self.packed(states, lengths)
        mean = states.sum(1) / lengths.to(states)[:, None]
        return self.out(torch.cat([mean, ends], 1))

    def packed(self, states, lengths) -> tuple:
        """(n, length, embedding) -> states of both directions (n, length, 2 hidden), 0 behind each end, and their ends.

        Packing keeps padding out of both directions: the same sentence in a longer batch gives the same features.
        """
        packed = nn.utils.rnn.pack_padded_sequence(
            states, lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        packed, last = self.gru(packed)
        states, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
        return states, last.transpose(0, 1).flatten(
            1
        )  # forward's last and backward's last state: (n, 2 hidden)

    def aligned(self, states, lengths) -> tuple:
        """The same for a GPU, which packing would wait for: it needs the lengths on the CPU.

        Each sentence goes in twice, at the left of its row for the forward direction and at the right for the backward one:
        so both come to the padding last. Twice the work in one call, and a call is what costs time there.
        """
        count, length = states.shape[:2]
        lengths = lengths.to(states.device)[:, None]
        place = torch.arange(length, device=states.device)
        shift = length - lengths  # (n, 1): by so much a row moves to the right

        def moved(rows, by):
            where = (place - by).clamp(0, length - 1)
            return rows.gather(1, where[..., None].expand(-1, -1, rows.shape[2]))

        # The ends of long sums: more than 8 bits, and in one kind of number with the weights.
        with torch.autocast(states.device.type, enabled=False):
            both = torch.cat([states, moved(states, shift)]).float()
            forth, back = self.gru(both)[0].chunk(2, 2)
        forth, back = forth[:count], moved(back[count:], -shift)
        last = forth.gather(1, (lengths - 1)[..., None].expand(-1, -1, forth.shape[2]))
        states = torch.cat([forth, back], 2) * (place < lengths)[..., None]
        return states, torch.cat([last[:, 0], back[:, 0]], 1)


def encode(vocabulary: Vocabulary, texts, device="cpu"):
    """`vocabulary.encode` as tensors on a device: ids int64 (n, length), lengths int64 (n,)."""
    ids, lengths = vocabulary.encode(texts)
    return torch.as_tensor(ids, device=device), torch.as_tensor(lengths, device=device)
