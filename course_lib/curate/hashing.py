"""Perceptual hashes: a few bits that stay nearly the same when a clip is copied, and differ for another clip.

After C. Zauner, 'Implementation and Benchmarking of Perceptual Image Hash Functions', 2010 (difference and DCT
hashes of pictures); here the DCT runs over time, too.
"""

import numpy as np

from course_lib.errors import CourseError

BITS = 64
#: A copy's hash differs in at most about this many of the 64 bits; measured by `course bench curate`.
RADIUS = 11
#: Correlation of two clips' fine detail from which on they count as copies; measured there, too.
ALIKE = 0.85
GREY = np.array([0.299, 0.587, 0.114])  # how bright red, green and blue look (ITU-R BT.601)
FRAMES, SIDE = 8, 32


def difference_hash(grey):
    """The difference hash of one small grey picture: where does it get brighter to the right?

    Args:
        grey: (h, w + 1) brightness; (8, 9) gives the usual 64 bits.

    Returns:
        The bits row by row, packed eight to a byte, uint8 (h w / 8,). A bit is 1 where the right neighbour is
        brighter, 0 where it is as bright or darker.
    """
    return np.packbits(grey[:, 1:] > grey[:, :-1])


def hamming(a, b):
    """In how many bits two packed hashes differ.

    Args:
        a, b: uint8 (..., bytes), of shapes that fit together.

    Returns:
        Whole numbers (...): 0 for equal hashes, at most 8 times `bytes`.
    """
    return np.unpackbits(a ^ b, axis=-1).sum(-1)


def small_grey(clips, frames: int = FRAMES, height: int = SIDE, width: int = SIDE) -> np.ndarray:
    """Clips as small grey ones: float32 (n, frames, height, width), each pixel the mean of its area.

    Args:
        clips: uint8 (n, frames, height, width, 3); frames are taken evenly over the length.

    Raises:
        CourseError: another shape, or frames smaller than what is asked for.
    """
    clips = np.asarray(clips)
    if clips.ndim != 5 or clips.shape[-1] != 3 or clips.shape[1] < 1:
        raise CourseError(f"clips have shape {clips.shape}; give (clips, frames, height, width, 3).")
    if clips.shape[2] < height or clips.shape[3] < width:
        raise CourseError(
            f"clips of {clips.shape[3]} x {clips.shape[2]} pixels are too small; give at least {width} x {height}."
        )
    moments = np.linspace(0, clips.shape[1] - 1, frames).round().astype(int)
    grey = (clips[:, moments] @ GREY).astype(np.float32)
    for axis, parts in ((2, height), (3, width)):
        # edges in whole pixels: fine for a hash, and it needs no library
        edges = np.linspace(0, grey.shape[axis], parts + 1).round().astype(int)
        sums = np.add.reduceat(grey, edges[:-1], axis)
        grey = sums / np.diff(edges).reshape([-1 if k == axis else 1 for k in range(4)]).astype(np.float32)
    return grey


def _frequencies() -> list[tuple[int, int, int]]:
    """The 64 lowest waves (time, down, across) that are asked for their sign, without the mean brightness."""

    def lowest(time, count):
        waves = [(time, y, x) for y in range(12) for x in range(12) if time + y + x > 0]
        return sorted(waves, key=lambda wave: (wave[1] + wave[2], wave[1]))[:count]

    return lowest(0, 48) + lowest(1, 16)


WAVES = np.array(_frequencies())


def clip_hashes(clips) -> np.ndarray:
    """A 64-bit hash for each clip, from its 64 slowest waves.

    A cosine transform over time, height and width; a bit is the sign of a coefficient. 48 of them are the same
    at all times (what is seen), 16 change once from the first frame to the last (how it moves). The mean is left
    out, so that brightness hardly matters; fine waves are left out, because encoders throw them away.

    Args:
        clips: uint8 (n, frames, height, width, 3), at least 32 x 32.

    Returns:
        uint64 (n,).
    """
    from scipy.fft import dctn

    found = []
    for start in range(0, len(clips), 256):
        waves = dctn(small_grey(clips[start : start + 256]), axes=(1, 2, 3), norm="ortho")
        found.append(np.packbits(waves[:, WAVES[:, 0], WAVES[:, 1], WAVES[:, 2]] > 0, axis=1))
    packed = np.ascontiguousarray(np.concatenate(found)) if found else np.zeros((0, 8), np.uint8)
    return packed.view(">u8").astype(np.uint64).ravel()


def bits_of(hashes) -> np.ndarray:
    """uint64 (n,) as bits, uint8 (n, 64) of 0 and 1."""
    return np.unpackbits(np.asarray(hashes, ">u8").reshape(-1, 1).view(np.uint8), axis=1)


def details(clips) -> np.ndarray:
    """What a hash cannot hold: the fine detail of each clip, as a vector of length 1, float32 (n, 2048).

    Each of 8 frames at 16 x 16, minus its own blur, so that sky and ground count little and edges much. The scalar
    product of two of them is a correlation.
    """
    from scipy.ndimage import uniform_filter

    found = []
    for start in range(0, len(clips), 256):
        grey = small_grey(clips[start : start + 256], FRAMES, 16, 16)
        fine = (grey - uniform_filter(grey, (0, 0, 5, 5))).reshape(len(grey), -1)
        fine -= fine.mean(1, keepdims=True)
        found.append(fine / np.maximum(np.linalg.norm(fine, axis=1, keepdims=True), 1e-6))
    return np.concatenate(found) if found else np.zeros((0, FRAMES * 256), np.float32)
