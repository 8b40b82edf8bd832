"""The whole course at work: logs, profiles, prompts, films, labels, catalogue, distribution, new logs, in rounds.

course loop --out my_loop                 three rounds, three films each, and a film for each of three applications
course loop --out my_loop --rounds 5      goes on where it stopped: what was made stays
"""

import time
from pathlib import Path

from course_lib.errors import CourseError


def add_arguments(parser) -> None:
    parser.add_argument(
        "--out", type=Path, default=Path("loop"), help="folder for everything (default loop/)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how many in all (default 3)")
    parser.add_argument("--films", type=int, default=3, help="films made a round at most (default 3)")
    parser.add_argument("--users", type=int, default=1200, help="simulated viewers (default 1200)")
    parser.add_argument(
        "--source",
        choices=("gan", "renderer"),
        default="gan",
        help="who makes the pictures: the course's generator (default), or a program that paints",
    )
    parser.add_argument(
        "--size", type=int, default=144, metavar="PIXELS", help="of the films' short side (default 144)"
    )
    parser.add_argument("--seed", type=int, default=0, help="other people, other films, other luck")
    parser.add_argument(
        "--no-applications", action="store_true", help="leave out the films for education, greeting and brand"
    )


def run(args) -> int:
    from course_lib.film.label import read_label
    from course_lib.loop.page import write_page
    from course_lib.loop.rounds import Settings
    from course_lib.loop.rounds import run as rounds
    from course_lib.loop.studio import APPLICATIONS, Studio

    if not 90 <= args.size <= 1080:
        raise CourseError(f"--size {args.size} must be 90 to 1080 pixels.")
    begin = time.perf_counter()

    def tell(sentence: str) -> None:
        print(f"{time.perf_counter() - begin:6.1f} s  {sentence}", flush=True)

    settings = Settings(
        rounds=args.rounds,
        films=args.films,
        users=args.users,
        source=args.source,
        short_side=args.size,
        seed=args.seed,
    )
    done = rounds(settings, args.out, tell)
    records = []
    if not args.no_applications:
        studio = Studio(args.out / "applications", args.source, args.size, settings.fps, tell)
        for name, order in APPLICATIONS.items():
            records.append((name, studio.film(order)))
            label = read_label(studio.path(order))
            tell(
                f"{name}: label seen for {label.seconds_visible:.1f} s, heard at {label.cue_at:.1f} s, sealed: "
                f"{'yes' if label.sealed else 'no'}"
            )
    page = write_page(args.out, done, records)
    print(
        f"\nlikes per thousand shows{'':<8}"
        + "".join(f"{row['name']:>28}" for row in done[0].results["arms"])
    )
    for one in done:
        cells = [f"{row['rate']:.0f} ± {1.96 * row['error']:.0f}" for row in one.results["arms"]]
        print(f"  round {one.number:<24}" + "".join(f"{cell:>28}" for cell in cells))
    print(f"\nEverything is on {page}")
    return 0
