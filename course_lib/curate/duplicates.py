"""All pairs of near-duplicates in a large set, without comparing everything with everything.

If two hashes of 64 bits differ in at most r places and the bits are dealt into m bands, some band differs in at most
r // m places (pigeonhole). So it is enough to look, band by band, into the buckets that are that near: multi-index
hashing, after Norouzi, Punjani and Fleet, 'Fast Search in Hamming Space with Multi-Index Hashing', 2012.
"""

import itertools
from collections.abc import Iterator

import numpy as np

from course_lib.curate.hashing import ALIKE, RADIUS
from course_lib.errors import CourseError

BANDS, WIDTH = 4, 16  # four keys of 16 bits each
AT_ONCE = 2_000_000  # candidate pairs held in memory

if hasattr(np, "bitwise_count"):
    ones = np.bitwise_count
else:  # numpy 1: by a table of all 16-bit numbers
    _TABLE = np.unpackbits(np.arange(2**16, dtype=">u2").reshape(-1, 1).view(np.uint8), axis=1).sum(
        1, dtype=np.uint8
    )

    def ones(numbers):
        """How many bits are 1 in each number."""
        return _TABLE[np.ascontiguousarray(numbers)[..., None].view(np.uint16)].sum(-1, dtype=np.uint8)


def band_pairs(bits, bands):
    """The pairs of items that agree in all bits of at least one band.

    Args:
        bits: (n, b) of 0 and 1.
        bands: how many bands the b columns are cut into, from left to right, as evenly as possible (the first
            ones take what is left over, as in `np.array_split`).

    Returns:
        Whole numbers (m, 2): each pair once, the smaller number first, in ascending order; (0, 2) for none.
    """
    pairs = set()
    for band in np.array_split(bits, bands, axis=1):
        buckets = {}
        for item, row in enumerate(band):
            bucket = buckets.setdefault(row.tobytes(), [])
            pairs.update((other, item) for other in bucket)
            bucket.append(item)
    return np.array(sorted(pairs), dtype=int).reshape(len(pairs), 2)


def pairs_by_force(hashes, radius: int = RADIUS) -> np.ndarray:
    """Every pair of hashes that differ in at most `radius` bits, by comparing all with all.

    Args:
        hashes: uint64 (n,).

    Returns:
        int64 (m, 2), the smaller number first, in ascending order.
    """
    hashes = checked(hashes, radius)
    found = [np.zeros((0, 2), np.int64)]
    rows = max(1, AT_ONCE // max(1, len(hashes)))
    for start in range(0, len(hashes), rows):
        near = ones(hashes[start : start + rows, None] ^ hashes[None, start:]) <= radius
        i, j = np.nonzero(near)
        found.append(np.stack([i + start, j + start], 1)[i < j])
    return np.concatenate(found)


def pairs_within(hashes, radius: int = RADIUS) -> np.ndarray:
    """The same pairs as `pairs_by_force`, found through an index.

    The cost grows with n and with the number of pairs that share a bucket. A radius up to 15 pays; beyond
    that there are too many neighbouring buckets.

    Args:
        hashes: uint64 (n,).
        radius: of 64 bits.

    Returns:
        int64 (m, 2), the smaller number first, in ascending order.
    """
    hashes = checked(hashes, radius)
    n = len(hashes)
    masks = [
        sum(1 << place for place in places)
        for flips in range(radius // BANDS + 1)
        for places in itertools.combinations(range(WIDTH), flips)
    ]
    found = []
    for key in band_keys(hashes):
        counts = np.bincount(key, minlength=2**WIDTH)
        starts = np.cumsum(counts) - counts
        order = np.argsort(key, kind="stable")
        for mask in masks:
            bucket = key ^ mask
            for i, at in _members(starts[bucket], counts[bucket]):
                j = order[at]
                kept = i < j
                i, j = i[kept], j[kept]
                near = ones(hashes[i] ^ hashes[j]) <= radius
                found.append(i[near] * n + j[near])
    pairs = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
    return np.stack(np.divmod(pairs, max(n, 1)), 1)


def band_keys(hashes) -> Iterator[np.ndarray]:
    """The four keys of each hash, int64 (n,) each: bits are dealt out like cards, so that each band gets slow and fast waves."""
    for band in range(BANDS):
        key = np.zeros(len(hashes), np.int64)
        for place in range(WIDTH):
            bit = (hashes >> np.uint64(63 - (place * BANDS + band))) & np.uint64(1)
            key |= bit.astype(np.int64) << place
        yield key


def _members(starts, counts) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each item the places of its bucket's members: arrays (item, place), in parts that fit into memory."""
    ends = np.cumsum(counts)
    first = 0
    while first < len(counts):
        done = ends[first - 1] if first else 0
        # as many items as make AT_ONCE pairs, at least one
        last = max(first + 1, int(np.searchsorted(ends, done + AT_ONCE, side="right")))
        part = counts[first:last]
        item = np.repeat(np.arange(first, last), part)
        within = np.arange(len(item)) - np.repeat(np.cumsum(part) - part, part)
        yield item, starts[item] + within
        first = last


def checked(hashes, radius: int) -> np.ndarray:
    """The hashes, if they are hashes; CourseError otherwise."""
    hashes = np.asarray(hashes)
    if hashes.ndim != 1 or hashes.dtype != np.uint64:
        raise CourseError(
            f"hashes are {hashes.dtype} {hashes.shape}; give uint64 (n,), see hashing.clip_hashes."
        )
    if not 0 <= radius <= 64:
        raise CourseError(f"the radius is {radius}; it must lie between 0 and 64 bits.")
    return hashes


def confirmed(pairs, fine, alike: float = ALIKE) -> np.ndarray:
    """The pairs whose fine detail agrees as well: hashes propose, a closer look decides.

    Args:
        pairs: (m, 2).
        fine: (n, d) from `hashing.details`.
        alike: correlation from which on a pair is kept.
    """
    kept = [np.einsum("md,md->m", fine[part[:, 0]], fine[part[:, 1]]) >= alike
            for part in np.array_split(pairs, len(pairs) // 4096 + 1)]  # fmt: skip
    return pairs[np.concatenate(kept)]


def groups(n: int, pairs) -> np.ndarray:
    """Items that are joined by pairs, directly or through others, get one number: int64 (n,), numbered from 0."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    pairs = np.asarray(pairs).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def pair_scores(found, true) -> dict:
    """Recall and precision of found pairs against true ones, both (m, 2) with the smaller number first.

    Returns:
        {"recall", "precision", "found", "true"}; a share of nothing is 1.
    """
    a, b = {tuple(p) for p in np.asarray(found).tolist()}, {tuple(p) for p in np.asarray(true).tolist()}
    both = len(a & b)
    return {"recall": both / len(b) if b else 1.0, "precision": both / len(a) if a else 1.0,
            "found": len(a), "true": len(b)}  # fmt: skip
