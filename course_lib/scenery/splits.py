"""The two worlds by name, and which combinations are held out of training, by rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from course_lib.errors import CourseError
from course_lib.scenery import shapes, vocabulary

SPLITS = ("train", "validation", "held-out", "all")


@dataclass(frozen=True)
class World:
    """A world that can be filmed.

    Attributes:
        attributes: name -> words; a label is the word's place in the tuple.
        module: has `combinations()` and `complete(attributes, seed)`.
    """

    name: str
    attributes: dict
    module: ModuleType

    def labels(self, truth: Mapping) -> tuple[int, ...]:
        """The words' numbers, in the order of `attributes`."""
        return tuple(words.index(truth[name]) for name, words in self.attributes.items())

    def held_out(self, truth: Mapping) -> bool:
        """Is this combination kept from training?

        Scenery: by place, time and weather, so that one weather in four of some place and time is never
        seen, yet each place has been seen with each time and with each weather. Shapes: one in five of the
        triples of shape, colour and motion. The rules are modular sums, so that they stay balanced.
        """
        number = dict(zip(self.attributes, self.labels(truth)))
        if self.name == "scenery":
            return (number["place"] + 2 * number["time"] + number["weather"]) % 7 == 3
        return (number["shape"] + 2 * number["colour"] + number["motion"]) % 5 == 4

    def combinations(self, split: str) -> list[dict]:
        """The combinations of a split.

        'validation' has those of 'train', with other seeds; 'all' has all of them, with seeds of its own: the
        judge learns from it, so that it reads combinations that a generator never saw as well as the others.
        """
        if split not in SPLITS:
            raise CourseError(f"there is no split '{split}'; choose from {', '.join(SPLITS)}.")
        rows = self.module.combinations()
        if split == "all":
            return rows
        return [row for row in rows if self.held_out(row) == (split == "held-out")]


WORLDS = {
    "scenery": World("scenery", vocabulary.ATTRIBUTES, vocabulary),
    "shapes": World("shapes", shapes.ATTRIBUTES, shapes),
}


def world(name: str) -> World:
    """The world of that name.

    Raises:
        CourseError: there is none.
    """
    if name not in WORLDS:
        raise CourseError(f"there is no world '{name}'; there are {', '.join(WORLDS)}.")
    return WORLDS[name]
