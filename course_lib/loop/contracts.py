"""What every artefact that passes from one lesson to the next must look like, and a clear sentence where it does not.

The loop asks after every step; nothing broken goes on. Each function returns what it was given, or raises.
"""

import json
import re
import subprocess
from pathlib import Path

import numpy as np

from course_lib.data.programs import ffmpeg
from course_lib.data.twin import LOG_COLUMNS
from course_lib.errors import CourseError
from course_lib.film.label import check_label
from course_lib.film.publish import streams
from course_lib.loop.prompts import misread
from course_lib.recommend.profiles import GROUPS
from course_lib.scenery.vocabulary import WORDS

#: Fields that a film's record must have, and their types.
RECORD = {
    "text": str, "title": str, "language": str, "mood": str, "aspect": str, "seed": int, "voice": str, "source": str,
    "size": dict, "fps": int, "seconds": float, "label": dict, "loudness_lufs": float, "true_peak_dbtp": float,
    "shots": list, "subtitles": list,
}  # fmt: skip
FAULTS = {
    "shots": "the shots do not follow each other without a gap from the film's start to its end",
    "words": "a word is spoken outside its shot",
    "subtitles": "a subtitle ends before it begins, comes before the one before it has gone, or outlasts the film",
    "label": "the label does not say that the film is made by AI, or by whom",
}
ZERO_OR_ONE = (
    "is_click",
    "is_like",
    "is_follow",
    "is_comment",
    "is_forward",
    "is_hate",
    "long_view",
    "is_rand",
)
FEWEST = 5  # people behind a profile card: fewer could be recognised (lesson 13)


def film_faults(record):
    """What is wrong with the times and the label of a film, going by its record (film.json).

    - "shots": the first shot must start at 0, each next one where the last has ended, and the last must end with the
      film, all within 0.01 s.
    - "words": every word must lie within its shot: not start before it, not end after it, but for 0.01 s.
    - "subtitles": each must end after it starts, start when the one before has ended or later, and end within the film,
      but for 0.01 s.
    - "label": its "Label" must be the text "1", and its "ContentProducer" must not be empty.

    Args:
        record: a dict with "seconds"; "shots", each with "start", "end" and "words", a list of [text, start, end];
            "subtitles", each with "start", "end"; "label", a dict. All times in seconds from the film's start.

    Returns:
        The names of what is wrong, in the order above; an empty list if nothing is.
    """
    faults, slack = [], 0.01
    now, broken, outside = 0.0, False, False
    for shot in record["shots"]:
        broken = broken or abs(shot["start"] - now) > slack
        now = shot["end"]
        for _, start, end in shot["words"]:
            outside = outside or start < shot["start"] - slack or end > shot["end"] + slack
    if broken or abs(now - record["seconds"]) > slack:
        faults.append("shots")
    if outside:
        faults.append("words")
    gone = 0.0
    for line in record["subtitles"]:
        late = line["end"] > record["seconds"] + slack
        if line["end"] <= line["start"] or line["start"] < gone - slack or late:
            faults.append("subtitles")
            break
        gone = line["end"]
    if record["label"].get("Label") != "1" or not record["label"].get("ContentProducer"):
        faults.append("label")
    return faults


def refuse(what: str, faults: list[str], remedy: str) -> None:
    """Raise where there are faults: the first three in words, and what to do."""
    if faults:
        more = f", and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise CourseError(f"{what} breaks its contract: {'; '.join(faults[:3])}{more}. {remedy}")


def log(table, users: int, films: int):
    """A log: KuaiRand's 19 columns in order; people and films that exist; marks 0 or 1; no negative times."""
    what, remedy = "the log", "Look at the step that wrote it; a log is never mended by hand."
    missing = [name for name in LOG_COLUMNS if name not in table]
    refuse(what, [f"the column '{name}' is missing" for name in missing], remedy)
    faults = [f"the column '{name}' is none of KuaiRand's" for name in table if name not in LOG_COLUMNS]
    if not faults and list(table) != list(LOG_COLUMNS):
        faults.append("its columns stand in another order than KuaiRand's")
    if len(table) == 0:
        faults.append("it has no rows")
    for name, most in (("user_id", users), ("video_id", films)):
        wrong = ~(table[name].between(0, most - 1) & (table[name] % 1 == 0))
        if wrong.any():
            faults.append(
                f"{int(wrong.sum())} rows have a {name} that does not exist, first {table[name][wrong].iloc[0]}"
            )
    for name in ZERO_OR_ONE:
        if not table[name].isin([0, 1]).all():
            faults.append(f"'{name}' holds something else than 0 and 1")
    for name in ("play_time_ms", "duration_ms"):
        if (table[name] < 0).any():
            faults.append(f"'{name}' is negative in {int((table[name] < 0).sum())} rows")
    if not table["tab"].between(0, 14).all():
        faults.append("'tab' must be 0 to 14")
    refuse(what, faults, remedy)
    return table


def clean(table, users: int, films: int):
    """A clean log: a log without doubles, without unknown times or lengths."""
    log(table, users, films)
    faults = [
        f"'{name}' is unknown in {int(table[name].isna().sum())} rows"
        for name in ("time_ms", "duration_ms", "play_time_ms")
        if table[name].isna().any()
    ]
    if table.duplicated().any():
        faults.append(f"{int(table.duplicated().sum())} rows stand there twice")
    refuse("the clean log", faults, "Pass it through recommend.cleaning.clean_log.")
    return table


def profiles(deck: list, users: int) -> list:
    """Profile cards: everybody is behind exactly one, no card is about so few that they could be recognised."""
    faults = [f"card '{card.name}' is about {card.size} people" for card in deck if card.size < FEWEST]
    if sum(card.size for card in deck) != users:
        faults.append(f"the cards are about {sum(card.size for card in deck)} people, not {users}")
    if len({card.cluster for card in deck}) != len(deck):
        faults.append("two cards have the same number")
    faults += [f"card {card.cluster} has no name" for card in deck if not card.name.strip()]
    refuse("the deck of profiles", faults, f"At least {FEWEST} people a card: ask for fewer profiles.")
    return deck


def prompt(text: str, scene: dict) -> str:
    """A prompt: the course's own reader (lesson 04) finds in it, and every shot of its storyboard shows, what is meant."""
    refuse(f"the prompt '{text}'", misread(text, scene), "Say it in plainer words.")
    return text


def film_record(record: dict) -> dict:
    """A film's record (film.json): its fields, its times, its loudness, its label."""
    name = record.get("title", "without a title") if isinstance(record, dict) else "?"
    what, remedy = f"the record of film '{name}'", "Make the film again with 'course film'."
    if not isinstance(record, dict):
        refuse(what, ["it is no table of names and values"], remedy)
    faults = [
        f"'{key}' is {'missing' if key not in record else 'of the wrong kind'}"
        for key, kind in RECORD.items()
        if not isinstance(record.get(key), (int, float) if kind is float else kind)
    ]
    refuse(what, faults, remedy)
    if not record["shots"]:
        refuse(what, ["it has no shots"], remedy)
    try:
        faults = [FAULTS[fault] for fault in film_faults(record)]
    except (KeyError, TypeError, ValueError) as error:
        refuse(what, [f"a shot, a word or a subtitle lacks its times ({error})"], remedy)
    for shot in record["shots"]:
        strange = [word for group, word in shot.get("shows", {}).items() if word not in WORDS.get(group, ())]
        if strange or set(shot.get("shows", {})) != set(WORDS):
            faults.append(f"shot {shot.get('number')} does not say what it shows in the course's words")
    if not 10 <= record["fps"] <= 50:
        faults.append(f"{record['fps']} pictures a second are not 10 to 50")
    if abs(record["loudness_lufs"] + 16) > 1:
        faults.append(f"it is {record['loudness_lufs']} LUFS loud, not -16 within 1")
    if record["true_peak_dbtp"] > -1:
        faults.append(f"its true peak is {record['true_peak_dbtp']} dBTP, above -1")
    refuse(what, faults, remedy)
    return record


def film_file(path, labels: bool = True) -> dict:
    """A finished film: mp4 and record agree in length, size and pictures a second; three tracks; the labels are there.

    Args:
        path: of the mp4; the record lies beside it.
        labels: read the labels back from the file, too (some tenths of a second).

    Returns:
        The record.
    """
    path = Path(path)
    what, remedy = f"the film {path.name}", "Delete it and make it again."
    if not path.is_file():
        refuse(what, ["it is not there"], "Make it with 'course film'.")
    there = dict(streams(path))
    wanted = {"video": "h264", "audio": "aac", "subtitle": "mov_text"}
    faults = [
        f"it has no {kind} track" if kind not in there else f"its {kind} track is {there[kind]}, not {codec}"
        for kind, codec in wanted.items()
        if there.get(kind) != codec
    ]
    refuse(what, faults, remedy)
    try:
        record = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        refuse(what, [f"its record {path.stem}.json is missing or cannot be read"], remedy)
    film_record(record)
    seconds, size, fps = media(path)
    if abs(seconds - record["seconds"]) > 0.15:
        faults.append(f"it lasts {seconds:.2f} s, its record says {record['seconds']:.2f}")
    if size != (record["size"]["width"], record["size"]["height"]):
        faults.append(f"it is {size[0]}x{size[1]}, its record says {record['size']}")
    if abs(fps - record["fps"]) > 0.05:
        faults.append(f"it shows {fps:g} pictures a second, its record says {record['fps']}")
    refuse(what, faults, remedy)
    if labels:
        check_label(path)
    return record


def media(path) -> tuple[float, tuple[int, int], float]:
    """(seconds, (width, height), pictures a second) of a film, as ffmpeg reads them."""
    done = subprocess.run([ffmpeg(), "-hide_banner", "-i", str(path)], capture_output=True)
    said = done.stderr.decode("utf-8", "replace")
    length = re.search(r"Duration: (\d+):(\d+):(\d+(?:\.\d+)?)", said)
    size, fps = (
        re.search(r"Video:.*?, (\d{2,5})x(\d{2,5})", said),
        re.search(r"Video:.*?, ([\d.]+) fps", said),
    )
    if not (length and size and fps):
        raise CourseError(f"{path} cannot be read as a film. Delete it and make it again.")
    hours, minutes, rest = length.groups()
    return (
        3600 * int(hours) + 60 * int(minutes) + float(rest),
        (int(size[1]), int(size[2])),
        float(fps[1]),
    )


def catalogue(table):
    """The catalogue: films numbered from 0, each with words of the course's world and a length; made ones have a file."""
    what, remedy = "the catalogue", "Only films that pass their own contract may be entered."
    wanted = ("video_id", *GROUPS, "seconds", "made", "file")
    refuse(what, [f"the column '{name}' is missing" for name in wanted if name not in table], remedy)
    faults = []
    if not np.array_equal(table["video_id"], np.arange(len(table))):
        faults.append("its films are not numbered 0, 1, 2, ...")
    for group in GROUPS:
        strange = table.loc[~table[group].isin(WORDS[group]), group]
        if len(strange):
            faults.append(f"{len(strange)} films have an unknown {group}, first '{strange.iloc[0]}'")
    if not (np.isfinite(table["seconds"]) & (table["seconds"] > 0)).all():
        faults.append("a film has no length")
    unfilmed = table["made"].astype(bool) & (table["file"].isna() | (table["file"] == ""))
    if unfilmed.any():
        faults.append(f"{int(unfilmed.sum())} films are said to be made and have no file")
    refuse(what, faults, remedy)
    return table


def weights_card(path) -> Path:
    """The card beside some weights: there is one, it names them, says on what they were trained, and under which licence."""
    path = Path(path)
    card = path.with_suffix(".md")
    what, remedy = f"the weights {path.name}", "Write the card: nobody should use weights of unknown origin."
    if not path.is_file():
        refuse(what, ["they are not there"], "Train them, or fetch them with the repository.")
    if not card.is_file():
        refuse(what, [f"the card {card.name} is missing"], remedy)
    text = card.read_text(encoding="utf-8")
    faults = [] if path.name in text else ["the card does not name them"]
    faults += [f"the card says no {word}" for word in ("train", "licence") if word not in text.lower()]
    refuse(what, faults, remedy)
    return card
