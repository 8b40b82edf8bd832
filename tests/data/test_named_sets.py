"""Each set by name, as its publisher packs it, from a server of our own that breaks off in the middle."""

import hashlib
import http.server
import io
import re
import socket
import struct
import tarfile
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from course_lib.cli import main
from course_lib.data import named
from course_lib.data.kuairec import kuairec, stand_in
from course_lib.data.twin import twin
from course_lib.errors import CourseError

NAMES = ("kuairand-pure", "kuairec", "ml-latest-small", "ml-100k")
FILMS = 30
CUT = 5  # the server breaks off after a fifth


def ratings() -> np.ndarray:
    """Made-up rows of user, film, rating, second; every user and film is there."""
    rng = np.random.default_rng(0)
    pairs = np.flatnonzero(rng.random(40 * FILMS) < 0.5)
    user, film = pairs // FILMS + 1, pairs % FILMS + 1
    stars = np.where((user + film) % 2, 4, 2) + rng.integers(0, 2, len(pairs))
    return np.column_stack([user, film, stars, 880_000_000 + np.arange(len(pairs))])


def lines(rows, between: str) -> str:
    return "".join(between.join(map(str, row)) + "\n" for row in rows)


def files_of(name: str) -> dict[str, bytes]:
    """Files in the publisher's folders, formats and alphabets; no real person is in them."""
    if name == "kuairand-pure":
        made = twin(60, 40, 10)
        tables = {
            "log_standard_4_22_to_5_08_pure": made.log[made.log["is_rand"] == 0],
            "log_random_4_22_to_5_08_pure": made.log[made.log["is_rand"] == 1],
            "user_features_pure": made.users,
            "video_features_basic_pure": made.videos,
        }
        return {f"KuaiRand-Pure/data/{one}.csv": t.to_csv(index=False).encode() for one, t in tables.items()}
    if name == "kuairec":
        tables = stand_in(60, 40, 10)[0]
        return {f"KuaiRec 2.0/data/{one}.csv": t.to_csv(index=False).encode() for one, t in tables.items()}
    if name == "ml-latest-small":
        films = lines(((n, f'"Film, No {n} (1995)"', "Drama") for n in range(1, FILMS + 1)), ",")
        return {
            "ml-latest-small/movies.csv": ("movieId,title,genres\n" + films).encode(),
            "ml-latest-small/ratings.csv": (
                "userId,movieId,rating,timestamp\n" + lines(ratings(), ",")
            ).encode(),
        }
    kinds = [0] * 19
    films = [(n, f"Café No {n} (1995)", "01-Jan-1995", "", "http://", *kinds) for n in range(1, FILMS + 1)]
    return {
        "ml-100k/README": "Resumé".encode("latin-1"),
        "ml-100k/u.data": lines(ratings(), "\t").encode(),
        "ml-100k/u.item": lines(films, "|").encode("latin-1"),
    }


def packed(name: str, files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    if named.SETS[name].url.endswith(".zip"):
        with zipfile.ZipFile(buffer, "w") as opened:
            for path, data in files.items():
                opened.writestr(path, data)
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz") as opened:
            for path, data in files.items():
                info = tarfile.TarInfo(path)
                info.size = len(data)
                opened.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


class Server(http.server.BaseHTTPRequestHandler):
    data, cut, asked = b"", None, []

    def do_GET(self):
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        Server.asked.append(start)
        rest = self.data[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: len(rest) // CUT] if Server.cut else rest)
        if Server.cut == "reset":  # the line goes dead in place of an orderly end
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def log_message(self, *_):
        pass


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A function that puts a set's stand-in on a server and into SETS, with its own checksum."""
    pytest.importorskip("pooch")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.handle_error = lambda *_: None  # a line that we cut ourselves
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    monkeypatch.setenv("COURSE_REAL_DATA", "1")
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)

    def put(name, cut=None, data=None):
        one, files = named.SETS[name], files_of(name)
        Server.data, Server.cut, Server.asked = data or packed(name, files), cut, []
        changed = {"url": f"http://127.0.0.1:{server.server_port}/{Path(one.url).name}"}
        if one.checksum:
            changed["checksum"] = "md5:" + hashlib.md5(Server.data).hexdigest()
        else:
            digest = hashlib.sha256(files["ml-100k/u.data"]).hexdigest()
            changed["key_hash"] = (digest[:8], digest[-4:])
        monkeypatch.setitem(named.SETS, name, replace(one, **changed))
        return files

    yield put
    server.shutdown()
    server.server_close()


def test_every_set_has_what_a_download_needs():
    assert set(NAMES) <= set(named.SETS)
    for name in NAMES:
        one = named.SETS[name]
        assert one.url.startswith("https://")
        assert re.fullmatch(r"md5:[0-9a-f]{32}", one.checksum or "") or all(one.key_hash), name
        assert one.licence
        assert one.cite


@pytest.mark.parametrize("cut", ["end", "reset"])
@pytest.mark.parametrize("name", NAMES)
def test_cut_off_then_resumed_to_the_last_byte(name, cut, published, tmp_path, capsys):
    files = published(name, cut)
    assert main(["data", "fetch", name]) == 2
    printed = capsys.readouterr()
    assert named.SETS[name].licence in printed.out, "the licence is shown before anything is downloaded"
    assert "cannot be reached" in printed.err
    assert named.folder(name) is None, "nothing half done is taken for the set"
    part = next((tmp_path / "datasets").glob("*.part"))
    have = part.stat().st_size
    assert part.read_bytes() == Server.data[:have]
    if cut == "end":
        assert have == len(Server.data) // CUT
    Server.cut = None
    assert main(["data", "fetch", name]) == 0
    assert Server.asked[-1] == have, "only the rest was asked for"
    place = named.folder(name)
    for path, data in files.items():
        assert (place / Path(path).name).read_bytes() == data
    assert not list((tmp_path / "datasets").glob(".*")), "nothing is left of the unpacking"
    asked = len(Server.asked)
    assert named.fetch(name) == place
    assert len(Server.asked) == asked, "it is downloaded once"


def test_what_was_fetched_is_read(published):
    for name in NAMES:
        published(name)
        named.fetch(name)
    logs = named.kuairand()
    assert logs.truth is None
    assert len(logs.log) == len(twin(60, 40, 10).log), "the random and the standard log together"
    assert len(kuairec("small").log) == len(stand_in(60, 40, 10)[0]["small_matrix"])
    for name in ("ml-latest-small", "ml-100k"):
        columns = named.movielens(name)
        assert np.array_equal(np.column_stack(columns), ratings())
        assert sorted(named.titles(name)) == list(range(1, FILMS + 1))
    assert named.titles("ml-latest-small")[3] == "Film, No 3 (1995)"
    assert named.titles("ml-100k")[3] == "Café No 3 (1995)"


def test_the_bench_measures_100k_where_the_learner_has_it(published, monkeypatch):
    from course_lib.benches import recommend
    from course_lib.recommend.baseline import Baseline

    published("ml-100k")
    named.fetch("ml-100k")
    published("ml-latest-small")
    # Surprise's place is taken by the baseline here: what is tried is the way from the file to the rows
    monkeypatch.setattr(recommend, "surprises", lambda: {"SVD": (lambda: Baseline(), {})})
    monkeypatch.setattr(recommend, "pair_loop", lambda: [])
    monkeypatch.setattr(recommend, "memory", lambda: [])
    monkeypatch.setattr(recommend, "FOLDS", 2)
    found = {(row["variant"], row["metric"]): row["value"] for row in recommend.measure()}
    for name in ("ml-latest-small", "ml-100k"):
        assert found[f"{name}, course", "item kNN: RMSE"] < found[f"{name}, Surprise", "SVD: RMSE"]
        assert found[f"{name}, course", "ALS: no neighbouring value gains"] == 100
        assert found[name, "EASE: ndcg@10"] > found[name, "popularity: ndcg@10"]


def test_altered_rows_are_refused_wherever_they_lie(published, tmp_path, monkeypatch):
    files = published("ml-100k")
    place = tmp_path / "own" / "ml-100k"
    place.mkdir(parents=True)
    (place / "u.data").write_bytes(files["ml-100k/u.data"] + b"1\t1\t5\t881250949\n")
    monkeypatch.setenv("COURSE_DATA_DIR", str(place.parent))
    with pytest.raises(CourseError, match="not the published one"):
        named.movielens("ml-100k")
    with pytest.raises(CourseError, match="is not on this machine"):
        named.titles("ml-latest-small")


def test_a_page_in_place_of_an_archive_is_thrown_away(published, tmp_path):
    """As a network with a log-in page sends it; ml-100k has no checksum of its archive that would notice."""
    published("ml-100k", data=b"<html>please log in</html>")
    with pytest.raises(CourseError, match=r"does not hold the u\.data"):
        named.fetch("ml-100k")
    published("ml-100k")
    assert named.fetch("ml-100k"), "the page is not taken for the archive the second time"
