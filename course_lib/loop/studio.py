"""Films for the loop and for three applications: made once, checked, and never made again while they are sound."""

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from course_lib.data import datasets
from course_lib.errors import CourseError
from course_lib.film.clips import ClipSource, source
from course_lib.film.make import make_film
from course_lib.film.styles import Style, style_named, varied
from course_lib.loop import contracts


@dataclass(frozen=True)
class Order:
    """A film that somebody has ordered.

    Attributes:
        name: of its file, without ending.  text: what it says.
        aspect, style, voice: see `course_lib.film.make.prepare_film`.
        seed: another seed, another film.
    """

    name: str
    text: str
    aspect: str = "16:9"
    style: str | Style = "natural"
    voice: str = "female"
    seed: int = 0


#: Article B, section 6, names applications and shows none. Here is a film for each of three.
APPLICATIONS = {
    "education": Order(
        "education",
        "A desert is a dry place of sand and stone. At noon the sun burns in a clear sky. At night the desert grows cold.",
    ),
    "greeting": Order(
        "greeting",
        "祝你生日快乐！愿你的一天像清晨的草原，晴朗又欢快。",
        aspect="9:16",
        style="vivid",
        seed=3,
    ),
    "brand": Order(
        "brand",
        "湖畔小屋，傍晚的湖面很宁静。来住一晚吧。",
        aspect="1:1",
        # a brand has colours of its own: cream letters on pine green
        style=varied("warm", "lakeside cabin", letters=(250, 240, 214), plate=(22, 52, 44)),
        voice="male",
        seed=8,
    ),
}


class Studio:
    """Makes films into a folder.

    Args:
        folder: where the films go; made if missing.
        pictures: 'gan', 'renderer', or a `ClipSource` of your own.
        short_side, fps: of all films.
        tell: called with a sentence about each film.

    Attributes:
        made, kept: names of the films that were made, and of those that were there already.
    """

    def __init__(
        self,
        folder,
        pictures: str | ClipSource = "gan",
        short_side: int = 180,
        fps: int = 12,
        tell=lambda _: None,
    ):
        self.folder, self.pictures, self.short_side, self.fps, self.tell = (
            Path(folder),
            pictures,
            short_side,
            fps,
            tell,
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        self.made: list[str] = []
        self.kept: list[str] = []

    def film(self, order: Order) -> dict:
        """The record of the ordered film, made if it is not there, is another one, or breaks its contract.

        Raises:
            CourseError: it cannot be made, or what was made breaks the contract of films.
        """
        path = self.path(order)
        try:
            record = contracts.film_file(path)
            if self.is_it(record, order):
                self.kept.append(order.name)
                return record
        except CourseError:
            pass  # none there, or half of one: it is made
        if isinstance(self.pictures, str):  # loaded once, when the first film is really made
            self.pictures = source(self.pictures)
            if self.pictures.weights:
                contracts.weights_card(datasets("weights", f"{self.pictures.weights}.safetensors"))
        make_film(
            order.text, path, aspect=order.aspect, style=order.style, voice=order.voice, seed=order.seed,
            pictures=self.pictures, short_side=self.short_side, fps=self.fps,
        )  # fmt: skip
        record = contracts.film_file(path)
        self.made.append(order.name)
        self.tell(f"film {path.name}: {record['seconds']:.1f} s, '{order.text}'")
        return record

    def path(self, order: Order) -> Path:
        """Where the ordered film is, or will be."""
        return self.folder / f"{order.name}.mp4"

    def is_it(self, record: dict, order: Order) -> bool:
        """Is this the record of the film that was ordered?"""
        name = self.pictures if isinstance(self.pictures, str) else self.pictures.name
        style = style_named(order.style)
        return (
            record["text"] == order.text
            and record["seed"] == order.seed
            and record["aspect"] == order.aspect
            and record["voice"] == order.voice
            and record["style"] in (style.name, json.loads(json.dumps(style.record())))
            and record["fps"] == self.fps
            and min(record["size"].values()) == 2 * round(self.short_side / 2)
            and record["source"] == name
        )


def order_for(wish: dict, seed: int) -> Order:
    """The order of a film that a profile wishes for; its name says what it shows."""
    name = "-".join(wish["scene"].values()).replace(" ", "_") + "-" + wish["language"]
    return Order(name, wish["prompt"], seed=seed + zlib.crc32(name.encode()) % 100_000)


def shown_in(record: dict) -> dict:
    """What a film really shows: of everything the word that is seen longest; and its mood.

    What was asked for is not what counts, viewers see the picture. Where there is a judge, its reading of a shot counts.
    """
    seconds: dict = {}
    for shot in record["shots"]:
        words = shot["shows"] | ((shot.get("judge") or {}).get("reads") or {})
        for name, word in words.items():
            of_name = seconds.setdefault(name, {})
            of_name[word] = of_name.get(word, 0.0) + shot["end"] - shot["start"]
    return {name: max(of_name, key=of_name.get) for name, of_name in seconds.items()} | {
        "mood": record["mood"]
    }
