"""Downloads from a server of our own: checked, resumed, atomic."""

import hashlib
import http.server
import io
import threading
import zipfile
from dataclasses import replace

import pytest

from course_lib.data import named
from course_lib.errors import CourseError


def archive(rows: bytes = b"userId,movieId,rating,timestamp\n1,2,3.5,9\n4,5,1.0,8\n") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr("tiny/ratings.csv", rows)
        opened.writestr("tiny/filling.bin", bytes(range(256)) * 400)
    return buffer.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves the archive; breaks off in the middle while `broken` is set."""

    data, broken, asked = b"", False, []

    def do_GET(self):
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        Handler.asked.append(start)
        rest = self.data[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: len(rest) // 2] if Handler.broken else rest)

    def log_message(self, *_):
        pass


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A set 'tiny' on a local server, an empty cache, no COURSE_DATA_DIR."""
    pytest.importorskip("pooch")
    Handler.data, Handler.broken, Handler.asked = archive(), False, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
    digest = "md5:" + hashlib.md5(Handler.data).hexdigest()
    url = f"http://127.0.0.1:{server.server_port}/tiny.zip"
    monkeypatch.setitem(
        named.SETS, "tiny", named.Named(url, digest, 1, "free", "Us, Tiny, 2024", "ratings.csv")
    )
    yield tmp_path / "datasets"
    server.shutdown()
    server.server_close()


def test_downloaded_once_with_its_licence(tiny, capsys):
    folder = named.fetch("tiny")
    assert (folder / "ratings.csv").is_file()
    assert "Licence: free" in capsys.readouterr().out
    assert named.fetch("tiny") == folder
    assert len(Handler.asked) == 1
    assert [column.tolist() for column in named.movielens("tiny")][2] == [3.5, 1.0]


def test_a_broken_download_goes_on_where_it_stopped(tiny):
    Handler.broken = True
    with pytest.raises(CourseError):
        named.fetch("tiny")
    assert named.folder("tiny") is None
    Handler.broken = False
    assert (named.fetch("tiny") / "filling.bin").is_file()
    assert Handler.asked[0] == 0
    assert Handler.asked[-1] > 0, "the second time it asked for the rest only"


def test_another_file_is_thrown_away(tiny, monkeypatch):
    good = named.SETS["tiny"]
    monkeypatch.setitem(named.SETS, "tiny", replace(good, checksum="md5:" + "0" * 32))
    with pytest.raises(CourseError, match="checksum differs"):
        named.fetch("tiny")
    assert named.folder("tiny") is None
    assert not list(tiny.rglob("ratings.csv"))
    monkeypatch.setitem(named.SETS, "tiny", good)
    assert named.fetch("tiny")


def test_an_archive_without_its_key_or_with_altered_rows(tiny, monkeypatch):
    good = named.SETS["tiny"]
    for changed in ({"key": "u.data"}, {"key_hash": ("00000000", "0000")}):
        monkeypatch.setitem(named.SETS, "tiny", replace(good, **changed))
        with pytest.raises(CourseError, match="does not hold"):
            named.fetch("tiny")
        assert sorted(path.name for path in tiny.iterdir()) == []


def test_without_a_network(tiny, monkeypatch):
    good = named.SETS["tiny"]
    monkeypatch.setitem(named.SETS, "tiny", replace(good, url="http://127.0.0.1:9/tiny.zip"))
    with pytest.raises(CourseError, match="cannot be reached"):
        named.fetch("tiny")
    with pytest.raises(CourseError, match="is not on this machine"):
        named.movielens("tiny")
    with pytest.raises(CourseError, match="no data set 'netflix'"):
        named.find("netflix")


def test_the_twin_stands_in(monkeypatch):
    monkeypatch.delenv("COURSE_REAL_DATA", raising=False)
    assert named.kuairand(users=60, videos=40, views=10).truth is not None
