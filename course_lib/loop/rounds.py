"""The loop: logs become profiles, profiles prompts, prompts films; films are shown, and what people do is the next log.

Every round leaves its files in a folder of its own; a run that was interrupted goes on where it stopped.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from course_lib.data.twin import LOG_COLUMNS, twin
from course_lib.errors import CourseError
from course_lib.loop import arms, contracts, measure, prompts, viewers
from course_lib.loop.studio import Studio, order_for, shown_in
from course_lib.recommend.cleaning import clean_log
from course_lib.recommend.distribute import profiles_of
from course_lib.recommend.logs import ratings_from
from course_lib.recommend.profiles import Card, cards, people


@dataclass(frozen=True)
class Settings:
    """What a run depends on. The same settings give the same logs and the same films.

    Attributes:
        rounds: how many.  users, videos, views: of the twin that it begins with.
        visits: films a person is shown a round, in the mean.
        profiles: how many to find.  films: made a round at most.
        source: 'gan', 'renderer', or 'none': then films are entered as they were wished, and nothing is filmed (for
            studies over many seeds).
        short_side, fps: of the films.  seed: of everything.
    """

    rounds: int = 3
    users: int = 1200
    videos: int = 150
    views: int = 20
    visits: float = 12.0
    profiles: int = 6
    films: int = 3
    source: str = "gan"
    short_side: int = 180
    fps: int = 12
    seed: int = 0

    def check(self) -> "Settings":
        """The settings, if a run can be made of them."""
        for name, least, most in (
            ("rounds", 1, 20), ("users", 60, 100_000), ("videos", 60, 5000), ("views", 10, 500), ("visits", 2, 100),
            ("profiles", 2, 20), ("films", 0, 20), ("seed", 0, 10**6),
        ):  # fmt: skip
            if not least <= getattr(self, name) <= most:
                raise CourseError(f"'{name}' is {getattr(self, name)}: choose {least} to {most:,}.")
        if self.source not in ("gan", "renderer", "none"):
            raise CourseError(f"there is no source '{self.source}': choose gan, renderer or none.")
        return self


@dataclass(frozen=True)
class Round:
    """What one round has left.

    Attributes:
        number: from 1.  deck: the profile cards it began with.  wishes: what was to be made, and why.
        catalogue: all films, new ones at the end.  log: what people did, as it was written; clean: without its defects.
        results: per arm and overall, see `results_of`.
    """

    number: int
    deck: list
    wishes: list
    catalogue: object
    log: object
    clean: object
    results: dict


def run(settings: Settings, folder=None, tell=lambda _: None) -> list[Round]:
    """All rounds of a run; what is in the folder already is read, not made again.

    Args:
        settings: see there.
        folder: where everything goes; None keeps nothing (then the source must be 'none').
        tell: called with a sentence about each step.

    Raises:
        CourseError: impossible settings; the folder holds a run with other settings; an artefact breaks its contract.
    """
    settings.check()
    folder = None if folder is None else _opened(Path(folder), settings)
    if folder is None and settings.source != "none":
        raise CourseError("films need a folder: name one, or choose the source 'none'.")
    logs = twin(settings.users, settings.videos, settings.views, seed=settings.seed)
    crowd = viewers.viewers_of(logs, settings.visits, settings.seed)
    studio = settings.source != "none" and Studio(
        folder / "films", settings.source, settings.short_side, settings.fps, tell
    )
    catalogue = first_catalogue(logs)
    contracts.log(logs.log, settings.users, settings.videos)
    history = contracts.clean(clean_log(logs.log, logs.videos)[0], settings.users, settings.videos)
    done: list[Round] = []
    for number in range(1, settings.rounds + 1):
        place = None if folder is None else folder / f"round-{number}"
        if place is not None and (place / "results.json").exists():
            one = _read(place, number)
            tell(f"round {number}: was there already")
        else:
            one = _round(settings, number, history, catalogue, crowd, studio, tell)
            if place is not None:
                _write(one, place)
        done.append(one)
        catalogue, history = one.catalogue, _joined(history, one.clean)
    return done


def first_catalogue(logs):
    """The twin's films as a catalogue: its scenes, their length in seconds, none made here."""
    seconds = logs.videos["video_duration"].to_numpy() / 1000
    known = np.where(np.isfinite(seconds), seconds, np.nanmedian(seconds))
    table = logs.scenes.assign(seconds=known, made=False, file="", title="", profile="")
    return contracts.catalogue(table)


def _round(settings, number, history, catalogue, crowd, studio, tell) -> Round:
    users, seed = settings.users, settings.seed
    ratings = ratings_from(history)
    known = people(ratings, catalogue, ids=np.arange(users))
    labels = profiles_of(known, settings.profiles, seed)
    deck = contracts.profiles(cards(known, labels), users)
    tell(f"round {number}: {len(history):,} clean rows, {len(deck)} profiles")
    seen = seen_in(history, users, len(catalogue))
    wishes = prompts.wishes(known, labels, catalogue, seen, deck, settings.films, seed)
    catalogue = _with_films(catalogue, wishes, studio, seed)
    personal, popular, weights = arms.scores(ratings, catalogue, users, seed)
    arm = arms.arms_of(users, f"loop {seed}")
    rng = np.random.default_rng([seed, number, 5])
    visits = viewers.visits_in(crowd, number, seed)
    seen = seen_in(history, users, len(catalogue))
    user, video, blind = arms.serve(personal, popular, arm, catalogue["made"].to_numpy(), seen, visits, rng)
    log = viewers.watch(crowd, catalogue, user, video, blind, number, seed)
    contracts.log(log, users, len(catalogue))
    clean, steps = clean_log(log)
    contracts.clean(clean, users, len(catalogue))
    results = results_of(clean, arm, catalogue, seed)
    chance = viewers.chances(crowd, catalogue, number)[user, video]
    for one, row in enumerate(results["arms"]):
        row["expected"] = float(1000 * chance[arm[user] == one].mean())
    results |= {"cleaning": steps, "weights": weights}
    control, best = results["arms"][0], results["arms"][-1]
    tell(
        f"round {number}: {control['rate']:.0f} likes per thousand shows in the control, {best['rate']:.0f} with personal"
        f" lists and made films ({best['lift']:+.0f} %, {best['low']:+.0f} to {best['high']:+.0f})"
    )
    return Round(number, deck, wishes, catalogue, log, clean, results)


def seen_in(log, users: int, films: int) -> np.ndarray:
    """What each person has watched according to a log, booleans (users, films)."""
    seen = np.zeros((users, films), bool)
    seen[log["user_id"].to_numpy(int), log["video_id"].to_numpy(int)] = True
    return seen


def _with_films(catalogue, wishes, studio, seed):
    """The catalogue with the wished films, entered as what they show, not as what was asked for."""
    import pandas as pd

    rows = []
    for wish in wishes:
        contracts.prompt(wish["prompt"], wish["scene"])
        order = order_for(wish, seed)
        shows, seconds, file = wish["scene"] | {"motion": "zoom in"}, 13.0, f"{order.name} (not filmed)"
        if studio:
            record = studio.film(order)
            shows, seconds, file = shown_in(record), record["seconds"], f"films/{order.name}.mp4"
        rows.append({"video_id": len(catalogue) + len(rows), **shows, "seconds": seconds, "made": True,
                     "file": file, "title": wish["prompt"], "profile": wish["name"]})  # fmt: skip
    table = pd.concat([catalogue, pd.DataFrame(rows)], ignore_index=True) if rows else catalogue
    return contracts.catalogue(table)


def results_of(clean, arm, catalogue, seed: int) -> dict:
    """What a round's clean log says of each arm.

    Returns:
        {"arms": [{name, people, shows, rate, error, lift, low, high, variety, made}]}: likes per thousand shows with
        their standard error, per cent above the control with bounds, places that a person is shown, and the share of
        shows that are made films.
    """
    likes, shows, who = measure.per_person(clean, arm, len(arm))
    many = measure.variety(clean, catalogue, arm)
    made = catalogue["made"].to_numpy()[clean["video_id"].to_numpy(int)]
    of_arm = arm[clean["user_id"].to_numpy(int)]
    rows = []
    for one, name in enumerate(arms.ARMS):
        rate, error = measure.rate_and_error(likes[who[one]], shows[who[one]])
        lift, low, high = measure.lift_of(likes, shows, who[one], who[0], seed=seed) if one else (0, 0, 0)
        rows.append({"name": name, "people": len(who[one]), "shows": int(shows[who[one]].sum()),
                     "rate": float(rate), "error": float(error), "lift": lift, "low": low, "high": high,
                     "variety": many[one], "made": float(made[of_arm == one].mean())})  # fmt: skip
    return {"arms": rows}


def _joined(history, clean):
    import pandas as pd

    return pd.concat([history, clean], ignore_index=True)


def _opened(folder: Path, settings: Settings) -> Path:
    """The folder, with its settings noted; refuses one that holds something else."""
    noted = folder / "settings.json"
    wanted = asdict(settings)
    if noted.exists():
        try:
            found = json.loads(noted.read_text(encoding="utf-8"))
        except ValueError:
            raise CourseError(f"{noted} cannot be read: delete it, or choose another folder.") from None
        other = [name for name in wanted if name != "rounds" and found.get(name) != wanted[name]]
        if other:
            pairs = ", ".join(f"{name} {found.get(name)} there, {wanted[name]} now" for name in other)
            raise CourseError(f"{folder} holds a run with other settings ({pairs}): choose another folder.")
    elif folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} holds something else than a run: choose an empty folder.")
    folder.mkdir(parents=True, exist_ok=True)
    noted.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
    return folder


def _write(one: Round, place: Path) -> None:
    """All files of a round into a folder beside, which gets its name when it is complete."""
    aside = place.with_name(place.name + ".part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name, table in (("log", one.log), ("clean", one.clean), ("catalogue", one.catalogue)):
        table.to_csv(aside / f"{name}.csv", index=False)
    for name, content in (
        ("profiles", [asdict(card) for card in one.deck]),
        ("wishes", one.wishes),
        ("results", one.results),
    ):
        (aside / f"{name}.json").write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    shutil.rmtree(place, ignore_errors=True)
    os.replace(aside, place)


def _read(place: Path, number: int) -> Round:
    """A round that is finished."""
    remedy = f"{place} is damaged: delete this folder, and the round is made again."
    try:
        log, clean, catalogue = (
            _table(place / f"{name}.csv", name != "catalogue") for name in ("log", "clean", "catalogue")
        )
        deck, wishes, results = (
            json.loads((place / f"{name}.json").read_text(encoding="utf-8"))
            for name in ("profiles", "wishes", "results")
        )
        deck = [
            Card(**card | {name: [(word, lift) for word, lift in card[name]] for name in ("more", "less")})
            for card in deck
        ]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CourseError(f"{remedy} ({error})") from None
    if list(log) != list(LOG_COLUMNS):
        raise CourseError(remedy)
    contracts.catalogue(catalogue)
    return Round(number, deck, wishes, catalogue, log, clean, results)


def _table(path: Path, empty_is_unknown: bool):
    """A table as it was written, to the last bit of every number."""
    import warnings

    import pandas as pd

    with warnings.catch_warnings():
        # exact reading is the default from pandas 4 on, which says so; before, it must be asked for
        warnings.simplefilter("ignore")
        return pd.read_csv(path, float_precision="round_trip", keep_default_na=empty_is_unknown)
