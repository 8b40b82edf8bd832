"""Hashes and their index: copies stay near, and the index finds what force finds."""

import numpy as np
import pytest

from course_lib.curate import duplicates, hashing, media
from course_lib.errors import CourseError
from course_lib.scenery.clips import Clips


def crowded(n, seed, flips=9):
    """Hashes in clusters, as of real clips: many near pairs, some exactly at the radius."""
    random = np.random.default_rng(seed)
    hashes = random.integers(0, 2**64, n // 8, dtype=np.uint64)[random.integers(0, n // 8, n)]
    for _ in range(flips):
        hashes ^= np.uint64(1) << random.integers(0, 64, n, dtype=np.uint64)
    return hashes


@pytest.mark.parametrize("radius", [0, 3, 7, 11, 15])
def test_the_index_finds_what_force_finds(radius):
    hashes = crowded(600, radius)
    by_force = duplicates.pairs_by_force(hashes, radius)
    one_by_one = [
        (i, j)
        for i in range(200)
        for j in range(i + 1, 200)
        if bin(int(hashes[i]) ^ int(hashes[j])).count("1") <= radius
    ]
    assert [tuple(p) for p in by_force if p[1] < 200] == one_by_one
    np.testing.assert_array_equal(duplicates.pairs_within(hashes, radius), by_force)
    if radius >= 11:
        assert len(by_force) > 100


def test_the_index_works_in_parts(monkeypatch):
    hashes = crowded(300, 5)
    whole = duplicates.pairs_within(hashes)
    monkeypatch.setattr(duplicates, "AT_ONCE", 7)
    np.testing.assert_array_equal(duplicates.pairs_within(hashes), whole)
    np.testing.assert_array_equal(duplicates.pairs_by_force(hashes), whole)


def test_none_and_one_hash():
    for n in (0, 1):
        assert duplicates.pairs_within(np.zeros(n, np.uint64)).shape == (0, 2)
        assert duplicates.pairs_by_force(np.zeros(n, np.uint64)).shape == (0, 2)
    with pytest.raises(CourseError, match="uint64"):
        duplicates.pairs_within(np.zeros(3))
    with pytest.raises(CourseError, match="radius"):
        duplicates.pairs_within(np.zeros(3, np.uint64), 65)


def test_enough_bands_miss_nothing():
    bits = hashing.bits_of(crowded(300, 2, flips=4))
    far = (bits[:, None] != bits[None]).sum(2)
    near = {tuple(p) for p in np.argwhere(np.triu(far <= 7, 1)).tolist()}
    assert len(near) > 5
    assert near <= {tuple(p) for p in duplicates.band_pairs(bits, 8).tolist()}
    assert not near <= {tuple(p) for p in duplicates.band_pairs(bits, 2).tolist()}


def test_bits_and_hamming_belong_together():
    hashes = crowded(40, 1)
    bits = hashing.bits_of(hashes)
    packed = np.packbits(bits, axis=1)
    far = hashing.hamming(packed[:, None], packed[None])
    np.testing.assert_array_equal(far, (bits[:, None] != bits[None]).sum(2))
    assert (duplicates.ones(hashes[0] ^ hashes) == far[0]).all()


def test_copies_are_near_and_other_clips_are_not(tmp_path):
    clips = Clips("scenery", "all", 16, size=64, seed=8)
    films = [clips.video_of(k) for k in range(16)]
    ways = [how for how in media.COPIES if how not in ("original", "re-encoded hard", "cropped by 5 %")]
    made = np.stack([media.copied(film, ways[k % len(ways)], tmp_path)[:8] for k, film in enumerate(films)])
    both = np.concatenate([np.stack(films)[:, :, ::2, ::2], made])
    pairs = duplicates.confirmed(duplicates.pairs_within(hashing.clip_hashes(both)), hashing.details(both))
    assert pairs.tolist() == [[k, 16 + k] for k in range(16)]
    groups = duplicates.groups(32, pairs)
    assert (groups[:16] == groups[16:]).all()
    assert len(set(groups.tolist())) == 16
    assert not list(tmp_path.iterdir())


def test_the_hash_does_not_see_brightness_but_content():
    clips = Clips("scenery", "all", 4, seed=3).videos(range(4))
    hashes = hashing.clip_hashes(clips)
    near = duplicates.ones(hashes ^ hashing.clip_hashes((clips * 0.5).astype(np.uint8)))
    assert near.max() <= 6
    mirrored = duplicates.ones(hashes ^ hashing.clip_hashes(clips[:, :, :, ::-1]))
    assert mirrored.min() > hashing.RADIUS


def test_scores_of_pairs():
    score = duplicates.pair_scores([(0, 1), (2, 3)], [(0, 1), (4, 5), (6, 7)])
    assert score == {"recall": 1 / 3, "precision": 0.5, "found": 2, "true": 3}


def test_clips_that_are_no_clips_are_named():
    with pytest.raises(CourseError, match="shape"):
        hashing.clip_hashes(np.zeros((2, 32, 32, 3), np.uint8))
    with pytest.raises(CourseError, match="too small"):
        hashing.clip_hashes(np.zeros((2, 8, 16, 16, 3), np.uint8))
