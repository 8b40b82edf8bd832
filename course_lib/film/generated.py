"""Pictures from a trained generator: `GeneratorSource`, and the shots that the judge accepts."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from course_lib.film.clips import Clip
from course_lib.scenery.captions import caption
from course_lib.scenery.vocabulary import ATTRIBUTES
from course_lib.text.storyboard import Shot
from course_lib.text.words import language_of

SIZE = 64  # pixels of the shipped generator's clips
TRIES = 8  # seeds for one shot, at most
TRUNCATION = 0.8  # of the noise: a typical scene looks better than a daring one
FINE = 0.9  # of its finest grain, which a film's size enlarges
STEP = 7_919  # from one seed to the next


@dataclass
class Frames:
    """A clip from a fixed number of pictures; between two of them, a blend.

    `pictures` is uint8 (frames, height, width, 3), spread evenly over `seconds`.
    """

    pictures: np.ndarray
    seconds: float

    def frame(self, second: float) -> np.ndarray:
        """The picture at a moment."""
        place = np.clip(second / self.seconds, 0, 1) * (len(self.pictures) - 1)
        before = min(int(place), len(self.pictures) - 1)
        after = min(before + 1, len(self.pictures) - 1)
        part = float(place - before)
        if part < 1e-6 or before == after:
            return self.pictures[before]
        mixed = self.pictures[before] * (1 - part) + self.pictures[after] * part
        return (mixed + 0.5).astype(np.uint8)


@dataclass
class Choice:
    """A scene that was chosen for a shot.

    Attributes:
        prompt: what the generator was asked. seed, turn: of the scene, and of its camera.
        part: the scene, see `course_lib.gan.footage`; None for a generator that gives finished frames only.
        clip: float (1, 3, frames, size, size), what the judge saw.
        read: {attribute: [what the judge read, its probability of what was asked for]}.
        tried: seeds in all.
    """

    prompt: str
    seed: int
    turn: int
    part: dict | None
    clip: object
    read: dict
    tried: int

    def agrees(self, wanted: dict) -> bool:
        """Did the judge read what was asked for?"""
        return all(word == wanted[name] for name, (word, _) in self.read.items())

    def score(self) -> float:
        """How sure the judge is of all that was asked for: a product of probabilities."""
        return float(np.prod([share for _, share in self.read.values()] or [0.0]))


class GeneratorSource:
    """Films shots with a trained generator.

    The generator is asked in its own words: a caption made of the shot's attributes. A judge reads the clip; where it reads
    something else than was asked for, other seeds are tried, `TRIES` at most, and the best one is kept.

    Args:
        model: has `.sample(texts, seed)` -> (batch, 3, time, height, width) in [-1, 1]; a `VideoModel` of landscapes also has
            `.scene`, and is then filmed at any length and size.
        weights: the name of its weights, for the record.
        judge: a `course_lib.gan.judge.Judge` of scenery, or None.
    """

    name = "gan"

    def __init__(self, model, weights: str, judge=None):
        self.model, self.weights, self.judge = model, weights, judge
        self._choices: dict = {}

    def choice(self, shot: Shot) -> Choice:
        """The scene for a shot; shots of one place, time and weather share it and move through it each in its own way."""
        wanted = {name: shot.attributes[name] for name in ATTRIBUTES}
        scene = (shot.seed, *(wanted[name] for name in ("place", "time", "weather")))
        key = (*scene, wanted["motion"])
        if key not in self._choices:
            language = language_of(shot.text)[0]
            first = self._choices.get(scene)
            self._choices[key] = self._best(wanted, shot.seed, language, first)
            self._choices.setdefault(scene, self._choices[key])
        return self._choices[key]

    def _best(self, wanted: dict, seed: int, language: str, first: Choice | None) -> Choice:
        best = None
        for number in range(TRIES if self.judge else 1):
            prompt = caption(wanted, language, seed + number)  # other words are another scene, too
            if first is None:
                tried = self._shot(prompt, (seed + STEP * number) % 2**31, None, 0)
            else:  # the scene is known: only the camera moves otherwise
                tried = self._shot(first.prompt, first.seed, prompt, number)
            tried.read, tried.tried = self._read(tried.clip, wanted), number + 1
            if best is None or tried.score() > best.score() or tried.agrees(wanted):
                best = tried
            if best.agrees(wanted):
                break
        best.tried = number + 1
        return best

    def _shot(self, prompt: str, seed: int, way: str | None, turn: int) -> Choice:
        if hasattr(self.model, "scene"):
            part, clip = self.model.scene(prompt, seed, way, turn, TRUNCATION, FINE)
            return Choice(prompt, seed, turn, part, clip, {}, 1)
        clip = self.model.sample([way or prompt], seed + STEP * turn)
        return Choice(way or prompt, seed, turn, None, clip, {}, 1)

    def _read(self, clip, wanted: dict) -> dict:
        if self.judge is None:
            return {}
        words = self.judge.world.attributes
        return {
            name: (words[name][int(table[0].argmax())], float(table[0, words[name].index(wanted[name])]))
            for name, table in self.judge.probabilities(clip).items()
        }

    def clip(self, shot: Shot, size, seconds, view=0) -> Clip:
        """See `ClipSource.clip`."""
        chosen = self.choice(shot)
        if chosen.part is not None:
            from course_lib.film.superres import enlarge_sheets
            from course_lib.gan.footage import Footage

            return Footage(chosen.part, size, seconds, view, enlarge_sheets)
        return Frames(cropped(chosen.clip, size), seconds)

    def judged(self, shot: Shot) -> dict | None:
        """What the judge read in the clip, how sure it is of what was asked for, and how many seeds were tried."""
        if self.judge is None:
            return None
        chosen = self.choice(shot)
        return {
            "asked": chosen.prompt,
            "reads": {name: word for name, (word, _) in chosen.read.items()},
            "sure": {name: round(share, 3) for name, (_, share) in chosen.read.items()},
            "agrees": chosen.agrees(shot.attributes),
            "seed": chosen.seed,
            "tried": chosen.tried,
        }

    def credit(self, language: str) -> str:
        """See `ClipSource.credit`."""
        if language == "zh":
            return f"画面：由神经网络（GAN）生成，权重 {self.weights}"
        return f"Pictures: made by a neural network (GAN), weights {self.weights}"


def cropped(clip, size) -> np.ndarray:
    """A generated clip (1, 3, frames, height, width) cut to the shape of `size` and enlarged: uint8 (frames, *size, 3)."""
    made = np.asarray(clip)[0]
    pictures = np.clip((made.transpose(1, 2, 3, 0) + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)
    height, width = pictures.shape[1:3]
    goal = size[1] / size[0]
    if width / height > goal:
        keep = max(2, round(height * goal))
        left = (width - keep) // 2
        pictures = pictures[:, :, left : left + keep]
    else:
        keep = max(2, round(width / goal))
        top = (height - keep) // 2
        pictures = pictures[:, top : top + keep]
    big = [
        np.asarray(Image.fromarray(p).resize((size[1], size[0]), Image.Resampling.BICUBIC)) for p in pictures
    ]
    return np.stack(big)


def doubts(film) -> list[str]:
    """Shots of a film in which the judge reads something else than was asked for, a sentence each."""
    found = []
    for take in film.shots:
        wanted, said = take.shot.attributes, film.source.judged(take.shot)
        if said and not said["agrees"]:
            wrong = [
                f"{name} '{word}' where '{wanted[name]}' was asked for"
                for name, word in said["reads"].items()
                if word != wanted[name]
            ]
            found.append(
                f"shot {take.number + 1}: after {said['tried']} seeds the judge still reads {', '.join(wrong)}"
            )
    return found


def shipped() -> GeneratorSource:
    """The course's own generator of landscapes with its judge.

    Raises:
        ImportError: torch or safetensors is missing.
        CourseError: the weights are missing or damaged.
    """
    from course_lib.gan import judge, video

    path = video.weights_file("scenery", SIZE)
    return GeneratorSource(video.load("scenery", SIZE), path.stem, judge.load("scenery"))
