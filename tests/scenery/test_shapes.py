"""Moving shapes: the picture shows what the attributes say, and numpy and torch paint the same."""

import numpy as np
import pytest

from course_lib.errors import CourseError
from course_lib.scenery import shapes


def mask(row, seed=3, size=48, frames=7):
    """Where the shape is, from the difference to the same clip's background: (frames, h, w) in [0, 1]."""
    plan = shapes.stack([shapes.plan(shapes.complete(row, seed), frames, seed)])
    grid = shapes.grid(size, size)
    white = {**plan, "colour": np.ones((1, 3), np.float32), "tint": np.zeros((1, 3), np.float32)}
    white |= {
        "tilt": np.zeros(1, np.float32),
        "slope": np.zeros((1, 2), np.float32),
        "wave": np.zeros((1, 4), np.float32),
    }
    return shapes.raster(white, *grid)[0, ..., 0]


def middle(pictures):
    """Centre of the shape in each frame: (frames, 2) of x, y in pixels."""
    y, x = np.mgrid[: pictures.shape[1], : pictures.shape[2]]
    total = pictures.sum((1, 2))
    return np.stack([(pictures * x).sum((1, 2)) / total, (pictures * y).sum((1, 2)) / total], 1)


def test_all_combinations_are_different_pictures():
    clips = shapes.render_batch(shapes.combinations(), 4, 24, [7] * 384)
    assert clips.dtype == np.uint8
    assert len({clip.tobytes() for clip in clips}) == 384
    assert (clips.std((1, 2, 3, 4)) > 4).all()


@pytest.mark.parametrize("shape", shapes.SHAPES)
@pytest.mark.parametrize("seed", [1, 2])
def test_motions(shape, seed):
    moved = {}
    for motion in shapes.MOTIONS:
        pictures = mask({"shape": shape, "size": "small", "motion": motion}, seed)
        path = middle(pictures)
        moved[motion] = (*(path[-1] - path[0]), pictures.sum((1, 2))[-1] / pictures.sum((1, 2))[0])
    assert moved["left"][0] < -10 < 10 < moved["right"][0]
    assert moved["up"][1] < -10 < 10 < moved["down"][1]
    assert moved["grow"][2] > 2 > 0.5 > moved["shrink"][2]
    assert max(abs(moved["still"][0]), abs(moved["still"][1])) < 0.01
    ring = middle(mask({"shape": shape, "size": "small", "motion": "orbit"}, seed))
    angles = np.unwrap(np.arctan2(*(ring - ring.mean(0)).T))
    assert abs(angles[-1] - angles[0]) > 4


def test_sizes_and_shapes_differ_in_area_and_outline():
    area = {
        (s, z): mask({"shape": s, "size": z, "motion": "still"}).mean()
        for s in shapes.SHAPES
        for z in shapes.SIZES
    }
    for shape in shapes.SHAPES:
        assert area[shape, "large"] > 2 * area[shape, "small"]
    inside = {}
    for shape in shapes.SHAPES:  # how much of its bounding box a shape fills
        picture = mask({"shape": shape, "size": "large", "motion": "still"})[0] > 0.5
        rows, columns = np.flatnonzero(picture.any(1)), np.flatnonzero(picture.any(0))
        inside[shape] = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean()
    assert inside["square"] > inside["circle"] > inside["triangle"] > inside["star"]


def test_colours_are_themselves():
    for colour in shapes.COLOURS:
        row = {"shape": "square", "size": "large", "motion": "still", "colour": colour}
        for seed in range(5):
            plan = shapes.plan(shapes.complete(row, seed), 1, seed)
            nearest = min(
                shapes.RGB, key=lambda name: np.abs(np.array(shapes.RGB[name]) - plan["colour"]).sum()
            )
            assert nearest == colour


def test_same_seed_same_bytes_and_batch_equals_single():
    rows = shapes.combinations()[:5]
    batch = shapes.render_batch(rows, 8, 32, range(5))
    for number, row in enumerate(rows):
        assert np.array_equal(batch[number], shapes.render(row, 8, 32, number))


def test_torch_paints_the_same():
    from course_lib.scenery.clips import Clips
    from course_lib.scenery.clips_torch import ShapesOnDevice, to_bytes

    clips = Clips("shapes", "train", 40)
    painted = to_bytes(ShapesOnDevice(clips).clips(np.arange(40)))
    assert np.abs(painted.astype(int) - clips.videos(np.arange(40))).max() <= 2


@pytest.mark.parametrize(
    ("attributes", "options", "said"),
    [
        ({"shape": "heart"}, {}, "no shape 'heart'"),
        ({"place": "lake"}, {}, "no attribute 'place'"),
        ({}, {"frames": 0}, "frames is 0"),
        ({}, {"size": 4}, "16 to 512"),
    ],
)
def test_what_cannot_be_painted(attributes, options, said):
    with pytest.raises(CourseError, match=said):
        shapes.render(attributes, **options)
