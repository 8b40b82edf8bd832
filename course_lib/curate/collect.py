"""Collect: a folder of captioned clips in any format, and a behaviour log beside it.

`scenery.folder.Folder` stops at the first thing that is wrong, which is right for training. Here everything is
taken in and noted down, so that cleaning can say what is wrong with what.

    my_clips/
        captions.csv        file,caption            (columns language and source are optional)
        lake_01.mp4, beach.webm, old/tram.avi ...
"""

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_lib.curate.media import SUFFIXES, Footage, read
from course_lib.errors import CourseError
from course_lib.scenery.folder import TABLE, language_of


@dataclass
class Item:
    """One clip as it was found: `file` (its place in the folder), `caption` ('' if there is none), `language`,
    `source` (who or what it comes from; its own name if nobody says), `footage`."""

    file: str
    caption: str
    language: str
    source: str
    footage: Footage


def collect(folder) -> list[Item]:
    """Every clip of a folder and of the folders in it, with its caption; broken files are taken in, too.

    Raises:
        CourseError: no folder, no clips in it, no table or one that cannot be read, or a table that names a file
            that is not there. Nothing is written, whatever happens.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise CourseError(f"there is no folder {folder}; give the folder that holds your clips and {TABLE}.")
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
    if not files:
        raise CourseError(
            f"there are no clips in {folder}: put films ({', '.join(SUFFIXES[:6])} ...) and a {TABLE} into it."
        )
    rows = captions(folder / TABLE)
    names = [path.relative_to(folder).as_posix() for path in files]
    missing = sorted(set(rows) - set(names))
    if missing:
        raise CourseError(
            f"{folder / TABLE} names {missing[0]}, and there is no such file in {folder}: mend the name or delete the line."
        )
    nothing = {"caption": "", "language": "", "source": ""}
    items = []
    for name, path in zip(names, files):
        row = rows.get(name, nothing)
        language = row["language"] or language_of(row["caption"])
        items.append(Item(name, row["caption"], language, row["source"] or name, read(path)))
    return items


def captions(table: Path) -> dict[str, dict]:
    """A table of captions: {file: {"caption", "language", "source"}}.

    A caption may be empty or garbled here; that is for cleaning to find.

    Raises:
        CourseError: the table is missing, no UTF-8, no table, lacks a column, or names a file twice.
    """
    try:
        text = table.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise CourseError(f"{table} is missing: write one with the columns file and caption.") from None
    except UnicodeDecodeError as error:
        line = table.read_bytes()[: error.start].count(b"\n") + 1
        raise CourseError(f"{table}, line {line}, is not UTF-8: save the table as 'CSV UTF-8'.") from None
    except OSError as error:
        raise CourseError(
            f"{table} cannot be read ({error.strerror}): check that it is a file of yours."
        ) from None
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise CourseError(
            f"{table} is no CSV ({error}): write one clip a line, a caption with commas in quotes."
        ) from None
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    columns = [cell.strip() for cell in lines[0]] if lines else []
    lacking = [name for name in ("file", "caption") if name not in columns]
    if lacking:
        raise CourseError(
            f"{table} has no column '{lacking[0]}' (it has: {', '.join(columns) or 'nothing'}): the first line must name file and caption."
        )
    rows: dict[str, dict] = {}
    for number, line in enumerate(lines[1:], start=2):
        cells = dict(zip(columns, (cell.strip() for cell in line)))
        name = cells.get("file", "").replace("\\", "/")
        if not name or len(line) > len(columns):
            raise CourseError(
                f"{table}, row {number}: a file name and a caption are expected; is a comma not in quotes?"
            )
        if name in rows:
            raise CourseError(
                f"{table}, row {number}: {name} stands there twice; keep one line for each clip."
            )
        rows[name] = {key: cells.get(key, "") for key in ("caption", "language", "source")}
    return rows


def keep(items: Sequence[Item], target) -> Path:
    """Write a table of the clips that are kept, beside the clips; it appears when it is complete.

    Returns:
        Its path.
    """
    target = Path(target)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(["file", "caption", "language", "source"])
            writer.writerows([item.file, item.caption, item.language, item.source] for item in items)
        os.replace(part, target)
    except OSError as error:
        raise CourseError(f"{target} cannot be written ({error.strerror}): choose another folder.") from None
    finally:
        part.unlink(missing_ok=True)
    return target


@dataclass(frozen=True)
class Joined:
    """A log beside a set of clips.

    Attributes:
        views: of each clip, int64 (clips,).
        mean: of the logged values, float64 (clips,); NaN for a clip that nobody has seen.
        orphans: rows of the log whose film is not in the set.
        unseen: clips that no row names.
    """

    views: np.ndarray
    mean: np.ndarray
    orphans: int
    unseen: int


def join(clips, films, values) -> Joined:
    """What a behaviour log says of each clip. Nothing is dropped in silence: what does not match is counted.

    Args:
        clips: ids of the set, (clips,), each once.
        films: the id in each row of the log, (rows,).
        values: what is averaged, (rows,), a rating or seconds.

    Raises:
        CourseError: an id twice, or columns of different lengths.
    """
    clips, films, values = np.asarray(clips), np.asarray(films), np.asarray(values, float)
    if len(np.unique(clips)) < len(clips):
        raise CourseError(
            "an id of a clip stands there twice: remove copies before joining, or views are counted twice."
        )
    if films.shape != values.shape:
        raise CourseError(
            f"the log has {films.shape} films and {values.shape} values: give columns of one length."
        )
    order = np.argsort(clips)
    at = np.searchsorted(clips[order], films).clip(max=max(len(clips) - 1, 0))
    row = order[at]
    known = clips[row] == films
    views = np.bincount(row[known], minlength=len(clips))
    sums = np.bincount(row[known], values[known], minlength=len(clips))
    mean = np.where(views > 0, sums / np.maximum(views, 1), np.nan)
    return Joined(views, mean, int((~known).sum()), int((views == 0).sum()))
