"""Data sets by name: where they are, how they come here, and under which licence.

A set is looked for in `COURSE_DATA_DIR` (a folder with one folder a set), then among earlier downloads. Only
`fetch` downloads, and only when it is called: no lesson needs a network, for there is the mock twin.
"""

import hashlib
import http.client
import os
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

from course_lib.data.places import cache
from course_lib.data.twin import Logs, twin
from course_lib.errors import CourseError


@dataclass(frozen=True)
class Named:
    """A data set on the network.

    Attributes:
        url: of the archive.
        checksum: 'md5:...' of the archive, or None where its publisher gives none (then `key` is checked).
        megabytes: about how much is downloaded.
        licence: one line, shown before the download.
        cite: authors and title of the paper that describes it.
        key: a file that must be inside, by whose presence a finished folder is known.
        key_hash: begin and end of that file's sha256, where copies with altered rows are about.
    """

    url: str
    checksum: str | None
    megabytes: int
    licence: str
    cite: str
    key: str
    key_hash: tuple[str, str] = ("", "")


SETS = {
    "kuairand-pure": Named(
        "https://zenodo.org/records/10439422/files/KuaiRand-Pure.tar.gz",
        "md5:0820331067a3784d9691136f772b35a7",
        47,
        "CC BY-SA 4.0, Kuaishou and the University of Science and Technology of China",
        "Gao et al., KuaiRand: An Unbiased Sequential Recommendation Dataset with Randomly Exposed Videos, 2022",
        "user_features_pure.csv",
    ),
    "kuairec": Named(
        "https://zenodo.org/records/18164998/files/KuaiRec.zip",
        "md5:261550d472c48eff4990fb13c0e5bcf7",
        432,
        "CC BY-SA 4.0, Kuaishou and the University of Science and Technology of China",
        "Gao et al., KuaiRec: A Fully-observed Dataset and Insights for Evaluating Recommender Systems, 2022",
        "small_matrix.csv",
    ),
    "ml-latest-small": Named(
        "https://files.grouplens.org/datasets/movielens/ml-latest-small.zip",
        "md5:31a303aabbc519bd33d025e44d6c2570",
        1,
        "GroupLens: not for commercial use; may be passed on under the same terms",
        "Harper and Konstan, The MovieLens Datasets: History and Context, 2015",
        "ratings.csv",
    ),
    "ml-100k": Named(
        "https://files.grouplens.org/datasets/movielens/ml-100k.zip",
        None,
        5,
        "GroupLens: not for commercial use; may NOT be passed on",
        "Harper and Konstan, The MovieLens Datasets: History and Context, 2015",
        "u.data",
        ("06416e59", "d490"),
    ),
}


def find(name: str) -> Named:
    """The entry of a set; CourseError names those there are."""
    if name not in SETS:
        raise CourseError(f"there is no data set '{name}' to download. There are: {', '.join(SETS)}.")
    return SETS[name]


def folder(name: str) -> Path | None:
    """Where a set lies on this machine: in COURSE_DATA_DIR, or downloaded before; None if nowhere."""
    one = find(name)
    named = os.environ.get("COURSE_DATA_DIR")
    for place in [Path(named) / name] if named else []:
        if (place / one.key).is_file():
            return place
    done = cache() / "datasets" / name
    return next((path.parent for path in sorted(done.rglob(one.key))), None) if done.is_dir() else None


def fetch(name: str) -> Path:
    """Download a set once, and say under which licence: returns its folder.

    The archive is checked against its checksum, a broken download goes on where it stopped, and the folder
    appears only when everything is in it.

    Raises:
        CourseError: no network, a wrong checksum, or an archive without what it should hold.
    """
    one, there = find(name), folder(name)
    if there is not None:
        return there
    import pooch

    print(f"{name}: about {one.megabytes} MB. Licence: {one.licence}. Cite: {one.cite}.")
    store = cache() / "datasets"
    store.mkdir(parents=True, exist_ok=True)
    try:
        archive = pooch.retrieve(
            one.url, one.checksum, fname=Path(one.url).name, path=store, downloader=resumed, progressbar=False
        )
    except urllib.error.URLError as error:
        raise CourseError(
            f"{one.url} cannot be reached ({getattr(error, 'reason', error)}): try again with a network, or put the set's files "
            f"into COURSE_DATA_DIR/{name}. What has come so far is kept."
        ) from None
    except ValueError:  # pooch: the checksum is another
        (store / f"{Path(one.url).name}.part").unlink(missing_ok=True)
        raise CourseError(
            f"the file at {one.url} is not the one this course knows (its checksum differs), and was thrown away: "
            "download it again; if that does not help, it has been replaced."
        ) from None
    with tempfile.TemporaryDirectory(dir=store, prefix=f".{name}-") as half:
        try:
            unpack(Path(archive), Path(half))
        except (zipfile.BadZipFile, tarfile.TarError, EOFError):
            pass  # a log-in page of some network, say: without its key it is thrown away
        inside = next(iter(sorted(Path(half).rglob(one.key))), None)
        if inside is None or not right_key(inside, one.key_hash):
            Path(archive).unlink()
            raise CourseError(
                f"{Path(one.url).name} does not hold the {one.key} that it should: it was thrown away."
            )
        os.replace(half, store / name)
        Path(half).mkdir()  # what the context manager will remove
    return folder(name)


def resumed(url: str, output_file, _) -> None:
    """A downloader for pooch that goes on where a broken one stopped."""
    part = cache() / "datasets" / f"{Path(url).name}.part"
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    begin, whole = have, None
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            whole = answer.headers.get("Content-Length")
            # 206: the server goes on; anything else starts from the beginning
            have = have if answer.status == 206 else 0
            begin, target = have, part.open("ab" if have else "wb")
            with target:
                while block := answer.read(1 << 16):
                    target.write(block)
                    have += len(block)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # 416: everything was there already
            raise
    except (ConnectionError, TimeoutError, http.client.HTTPException) as error:
        raise urllib.error.URLError(f"the connection broke after {have} bytes: {error}") from None
    else:
        if whole is not None and have - begin < int(whole):
            raise urllib.error.URLError(f"the connection broke after {have} bytes")
    os.replace(part, output_file)


def right_key(path: Path, ends: tuple[str, str]) -> bool:
    """Does the file's sha256 begin and end as it should?"""
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if any(ends) else ""
    return digest.startswith(ends[0]) and digest.endswith(ends[1])


def unpack(archive: Path, target: Path) -> None:
    """Unpack a zip or tar.gz; nothing in it may lie outside `target`."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(target)  # zipfile drops '..' and absolute paths by itself
    else:
        with tarfile.open(archive) as opened:
            opened.extractall(target, filter="data")


def movielens(name: str = "ml-latest-small"):
    """(users, items, ratings, times) of MovieLens, arrays (n,); times in seconds.

    Raises:
        CourseError: it is not on this machine (the message says how to get it), or its rows were altered.
    """
    import pandas as pd

    place, one = needed(name), find(name)
    if not right_key(place / one.key, one.key_hash):
        raise CourseError(
            f"the {one.key} in {place.name} is not the published one (its sha256 differs; copies with added rows are "
            f"about): remove it, and run course_lib.data.named.fetch('{name}')."
        )
    if name == "ml-100k":
        table = pd.read_csv(place / "u.data", sep="\t", header=None)
    else:
        table = pd.read_csv(place / "ratings.csv")
    return tuple(table.iloc[:, column].to_numpy() for column in range(4))


def titles(name: str = "ml-latest-small") -> dict[int, str]:
    """The films' titles by their ids; CourseError where the set is not on this machine."""
    import pandas as pd

    place = needed(name)
    if name == "ml-100k":  # 24 columns and no header, in the alphabet of western Europe
        table = pd.read_csv(place / "u.item", sep="|", header=None, usecols=[0, 1], encoding="latin-1")
    else:
        table = pd.read_csv(place / "movies.csv", usecols=[0, 1])
    return dict(zip(table.iloc[:, 0].tolist(), table.iloc[:, 1]))


def needed(name: str) -> Path:
    """The set's folder, or a CourseError that says how to get it."""
    place = folder(name)
    if place is None:
        raise CourseError(
            f"{name} is not on this machine: run course_lib.data.named.fetch('{name}') with a network, or set "
            f"COURSE_DATA_DIR to a folder that holds '{name}'."
        )
    return place


def kuairand(**sizes) -> Logs:
    """KuaiRand-Pure where its logs are on this machine; otherwise the mock twin, made with `sizes`.

    It is the twin unless COURSE_REAL_DATA=1, so that a lesson shows the same to everybody.
    """
    place = folder("kuairand-pure") if os.environ.get("COURSE_REAL_DATA") == "1" else None
    logs = sorted(place.glob("log_*.csv")) if place else []
    if not logs:
        return twin(**sizes)
    import pandas as pd

    log = pd.concat([pd.read_csv(path) for path in logs], ignore_index=True)
    users = pd.read_csv(place / "user_features_pure.csv")
    videos = pd.read_csv(place / "video_features_basic_pure.csv")
    return Logs(log, users, videos, None, find("kuairand-pure").licence)
