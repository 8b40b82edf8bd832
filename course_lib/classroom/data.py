"""Look at a data set, or download it: `course data list`, `show scenery --out sheet.png`, `describe`, `fetch`.

A set is added by one line in SETS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course_lib.data import datasets
from course_lib.errors import CourseError


@dataclass(frozen=True)
class Set:
    """A data set of the course.

    Attributes:
        summary: one line.
        sheet: (size, seed) -> a picture (height, width, 3), or None where there is nothing to look at. It
            imports what it needs when it is called, so that listing stays quick.
        folder: its folder below `datasets/`, with a README.md: the datasheet.
    """

    summary: str
    sheet: Callable | None
    folder: str


def scenery_sheet(size, seed):
    from course_lib.scenery import sheet

    return sheet.scenery_sheet(size or (108, 192), seed)


def motions_sheet(size, seed):
    from course_lib.scenery import sheet

    return sheet.motions_sheet(size or (72, 128), seed)


def shapes_sheet(size, seed):
    from course_lib.scenery import sheet

    return sheet.shapes_sheet(size or 48, seed)


SETS = {
    "scenery": Set(
        "landscapes by place, time, weather and motion, captioned in Chinese and English",
        scenery_sheet,
        "scenery",
    ),
    "scenery-motion": Set("the same, six frames of each motion", motions_sheet, "scenery"),
    "shapes": Set(
        "one moving shape by shape, colour, size and motion, captioned in Chinese and English",
        shapes_sheet,
        "shapes",
    ),
    "twin": Set(
        "the mock twin of Kuaishou's logs: KuaiRand's schema and defects, no real person", None, "twin"
    ),
    "kuairand-pure": Set("Kuaishou's logs with randomly shown videos (download, CC BY-SA)", None, "kuairand"),
    "kuairec": Set(
        "Kuaishou, a table of views with hardly a hole in it (download, CC BY-SA)", None, "kuairec"
    ),
    "ml-latest-small": Set("MovieLens, 100,836 ratings (download, not commercial)", None, "movielens"),
    "ml-100k": Set("MovieLens of 1998 (download, may not be passed on)", None, "movielens"),
}


def add_arguments(parser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="the data sets there are")
    show = actions.add_parser("show", help="a contact sheet of a data set, as a PNG file")
    show.add_argument("name", help=f"one of: {', '.join(SETS)}")
    show.add_argument("--out", type=Path, help="the file to write (default NAME.png)")
    show.add_argument("--size", help="of a tile: 64, or 108x192 (height x width)")
    show.add_argument("--seed", type=int, default=0)
    fetch = actions.add_parser(
        "fetch", help="download a data set that has to be downloaded, and say where it is"
    )
    fetch.add_argument("name", help="kuairand-pure, kuairec, ml-latest-small or ml-100k")
    describe = actions.add_parser("describe", help="print the datasheet of a data set")
    describe.add_argument("name", help=f"one of: {', '.join(SETS)}")


def run(args) -> int:
    if args.action == "list":
        width = max(map(len, SETS))
        for name, one in SETS.items():
            print(f"{name:<{width}}  {one.summary}")
        return 0
    if args.action == "fetch":
        from course_lib.data.named import fetch

        print(f"{args.name} is in {fetch(args.name)}")
        return 0
    one = find(args.name)
    if args.action == "describe":
        sheet = datasets(one.folder, "README.md")
        if not sheet.exists():
            raise CourseError(f"the datasheet {sheet} is missing: fetch the course's files again.")
        print(sheet.read_text(encoding="utf-8"))
        return 0
    if one.sheet is None:
        raise CourseError(
            f"{args.name} has no pictures to show; read its datasheet with 'course data describe {args.name}'."
        )
    out = args.out or Path(f"{args.name}.png")
    if out.suffix.lower() != ".png":
        raise CourseError(f"--out is {out}; give a name that ends in .png.")
    from course_lib.scenery.sheet import save_picture

    picture = one.sheet(tile_size(args.size), args.seed)
    save_picture(picture, out)
    print(f"{out}: {picture.shape[1]} x {picture.shape[0]} pixels, {out.stat().st_size / 1000:.0f} kB")
    return 0


def find(name: str) -> Set:
    if name not in SETS:
        raise CourseError(f"there is no data set '{name}'. There are: {', '.join(SETS)}.")
    return SETS[name]


def tile_size(text: str | None):
    """None, one number, or (height, width) from what was typed."""
    if text is None:
        return None
    try:
        sides = tuple(int(side) for side in text.lower().split("x"))
    except ValueError:
        sides = ()
    if len(sides) not in (1, 2):
        raise CourseError(f"--size is '{text}'; give a number such as 64, or height x width such as 108x192.")
    return sides if len(sides) == 2 else sides[0]
