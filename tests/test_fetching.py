"""Downloads against a server on this machine: cut off, gone, changed, refused, damaged; the key goes nowhere else."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from format_files import legiscan_json, legiscan_tables
from votes_fixtures import voteview_tables

from tallgrass_models import cli
from tallgrass_models.errors import UserError
from tallgrass_models.fetching import download, requests, voteview
from tallgrass_models.fetching.legiscan import fetch_legiscan
from tallgrass_models.fetching.requests import Address, Patience
from tallgrass_models.votes.session import read_session

KEY = "5ecret0fm1ne"
QUICK = Patience(timeout=5, tries=3, pause=0.01)
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """A site: what it answers, and what it was asked for."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    #: Bytes after which it cuts the next answers off, one each.
    cuts: list[int] = field(default_factory=list)
    #: Codes of the next answers.
    codes: list[int] = field(default_factory=list)
    special: Callable[[str, dict[str, str]], Answer] | None = None

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        self.asked.append((path, headers))
        if self.codes:
            return self.codes.pop(0), {}, b""
        if self.special:
            return self.special(path, headers)
        if path not in self.files:
            return 404, {}, b"no such page"
        content = self.files[path]
        mark = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"'}
        if headers.get("if-none-match") == mark["ETag"]:
            return 304, mark, b""
        start = headers.get("range", "").removeprefix("bytes=").rstrip("-")
        if start and headers.get("if-range") == mark["ETag"]:
            span = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
            return 206, mark | span, content[int(start) :]
        return 200, mark, content


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, headers, content = found.answer(self.path, {k.lower(): v for k, v in self.headers.items()})
            self.send_response(code)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            cut = found.cuts.pop(0) if found.cuts and code in (200, 206) else len(content)
            self.wfile.write(content[:cut])
            if cut < len(content):
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def congress(site: Site) -> Site:
    """The site has the tiny session as the files of a Congress."""
    for role, rows in voteview_tables().items():
        kind = {"legislators": "members"}.get(role, role)
        text = "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\n" for row in rows)
        site.files[f"/{kind}/HS119_{kind}.csv"] = text.encode()
    return site


def fetch(site: Site, into: Path) -> list[Path]:
    return voteview.fetch_voteview(119, into, site.address, QUICK)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


FILES = ["HS119_members.csv", "HS119_rollcalls.csv", "HS119_votes.csv", "fetched.json"]


def test_a_congress_is_fetched_recorded_and_read(congress, tmp_path):
    paths = fetch(congress, tmp_path)
    assert names_in(tmp_path) == FILES
    record = json.loads((tmp_path / "fetched.json").read_text())
    for path in paths:
        kind = path.stem.partition("_")[2]
        assert path.read_bytes() == congress.files[f"/{kind}/{path.name}"]
        assert record[path.name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert record[path.name]["url"] == f"{congress.address}/{kind}/{path.name}"
    raw = read_session("voteview", {"congress": 119}, votes=paths[2], rollcalls=paths[1], legislators=paths[0])
    assert len(raw.legislators) == 11


def test_what_is_up_to_date_is_not_fetched_again(congress, tmp_path, capsys):
    fetch(congress, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    fetch(congress, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert capsys.readouterr().err.count("up to date") == 3
    congress.files["/votes/HS119_votes.csv"] += b"119,House,1,298,6\n"
    fetch(congress, tmp_path)
    assert (tmp_path / "HS119_votes.csv").read_bytes() == congress.files["/votes/HS119_votes.csv"]


def test_a_file_that_was_changed_here_is_fetched_again(congress, tmp_path, capsys):
    """The checksum in the record is not that of the file any more."""
    fetch(congress, tmp_path)
    votes = tmp_path / "HS119_votes.csv"
    votes.write_bytes(votes.read_bytes()[:-3])
    fetch(congress, tmp_path)
    assert "HS119_votes.csv: was changed since it was fetched" in capsys.readouterr().err
    assert votes.read_bytes() == congress.files["/votes/HS119_votes.csv"]


def test_a_file_of_ones_own_is_not_overwritten(congress, tmp_path):
    (tmp_path / "HS119_votes.csv").write_text("mine")
    with pytest.raises(UserError, match=r"HS119_votes\.csv: is there already and was not fetched"):
        fetch(congress, tmp_path)
    assert (tmp_path / "HS119_votes.csv").read_text() == "mine"


def get(site: Site, path: Path, patience: Patience = QUICK, limit: int = 10**6) -> bool:
    return download.download(Address(f"{site.address}/file"), path, patience, limit, lambda _: None)


CONTENT = bytes(range(256)) * 1000


def test_a_download_that_breaks_off_goes_on_where_it_was(site, tmp_path, capsys):
    site.files["/file"] = CONTENT
    site.cuts = [70_000, 50_000]
    assert get(site, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert [headers.get("range") for _, headers in site.asked] == [None, "bytes=70000-", "bytes=120000-"]
    assert "broke off after 70.0 kB of 256.0 kB; trying again" in capsys.readouterr().err
    assert names_in(tmp_path) == ["fetched.json", "file"]


def test_another_command_goes_on_too_unless_the_file_there_is_another(site, tmp_path):
    once = Patience(timeout=5, tries=1)
    for changed in (False, True):
        folder = tmp_path / str(changed)
        site.files["/file"] = CONTENT
        site.cuts, site.asked = [70_000], []
        with pytest.raises(UserError, match=r"broke off after .* what has come is kept, and the same command goes on"):
            get(site, folder / "file", once)
        assert names_in(folder) == [".file.part", ".file.part.mark"]
        if changed:
            site.files["/file"] = CONTENT[::-1]
        assert get(site, folder / "file", once)
        assert (folder / "file").read_bytes() == site.files["/file"]
        assert site.asked[1][1]["range"] == "bytes=70000-"


def test_a_server_that_sends_another_part_than_asked_for_spoils_nothing(site, tmp_path):
    site.files["/file"] = CONTENT
    site.cuts = [70_000]
    plain = site.answer

    def off_by_one(path: str, headers: dict[str, str]) -> Answer:
        site.special = None
        code, sent, content = plain(path, headers)
        if code == 206:
            return code, sent | {"Content-Range": "bytes 69999-255999/256000"}, CONTENT[69999:]
        site.special = off_by_one
        return code, sent, content

    site.special = off_by_one
    assert get(site, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_busy_server_is_asked_again_and_at_last_given_up(site, tmp_path):
    site.files["/file"] = CONTENT
    site.codes = [503, 429]
    assert get(site, tmp_path / "file")
    site.codes = [500] * 9
    with pytest.raises(UserError, match=r"/other: the server answers 500 .*, at attempt 3 of 3"):
        download.download(Address(f"{site.address}/other"), tmp_path / "other", QUICK, 10**6, lambda _: None)
    assert len(site.codes) == 6
    assert names_in(tmp_path) == ["fetched.json", "file"]


def test_what_is_too_large_is_refused_with_and_without_a_promise_of_its_size(site, tmp_path):
    site.files["/file"] = CONTENT
    with pytest.raises(UserError, match=r"has more than 1\.0 kB"):
        get(site, tmp_path / "file", limit=1000)
    site.special = lambda path, headers: (200, {"Content-Length": "", "Connection": "close"}, CONTENT)
    with pytest.raises(UserError, match=r"has more than 1\.0 kB"):
        get(site, tmp_path / "file", limit=1000)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/nowhere", r"/nowhere: there is no such file \(answer 404"),
        ("/closed", r"/closed: access is refused \(answer 403"),
    ],
)
def test_what_is_not_there_is_said_and_leaves_nothing(site, tmp_path, path, message):
    site.codes = [403] if path == "/closed" else []
    with pytest.raises(UserError, match=message):
        download.download(Address(site.address + path), tmp_path / "file", QUICK, 10**6, lambda _: None)
    assert names_in(tmp_path) == []


def test_no_network_is_said_in_words(tmp_path, monkeypatch):
    def no_names(*args: object, **kwargs: object) -> None:
        raise requests.socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(requests.socket, "getaddrinfo", no_names)
    with pytest.raises(UserError, match=r"voteview\.com cannot be found; is there a connection to the internet"):
        voteview.fetch_voteview(119, tmp_path, patience=QUICK)
    assert names_in(tmp_path) == []


def test_no_server_at_the_address(tmp_path):
    with pytest.raises(UserError, match="the connection is refused, at attempt 3 of 3"):
        voteview.fetch_voteview(119, tmp_path, "http://127.0.0.1:1", QUICK)


@pytest.mark.parametrize("address", ["file:///etc", "ftp://voteview.com", "voteview.com"])
def test_only_web_addresses(tmp_path, address):
    with pytest.raises(UserError, match="not an address that begins with https://"):
        voteview.fetch_voteview(119, tmp_path, address, QUICK)


def test_a_page_in_place_of_a_table_is_refused(congress, tmp_path):
    congress.files["/members/HS119_members.csv"] = b"<html><body>We moved.</body></html>"
    with pytest.raises(UserError, match="is not the table that was expected: it has no column 'icpsr'"):
        fetch(congress, tmp_path)
    assert names_in(tmp_path) == []


# --- LegiScan ---------------------------------------------------------------------------------------------------------


def archive() -> bytes:
    """The tiny session as a dataset."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in legiscan_json(legiscan_tables()).items():
            packed.writestr(f"KS/2025-2026_91st_Legislature/{name}", json.dumps(content))
    return out.getvalue()


@pytest.fixture
def legiscan(site: Site) -> Site:
    """The API with three sessions of Kansas."""
    raw = archive()
    site.files["zip"] = raw

    def session(number: int, first: int, last: int, special: int, name: str) -> dict[str, object]:
        dates = {"year_start": first, "year_end": last, "special": special, "session_name": name}
        return dates | {
            "session_id": number,
            "access_key": f"access{number}",
            "dataset_hash": hashlib.md5(site.files["zip"], usedforsecurity=False).hexdigest(),
            "dataset_date": "2025-11-23",
            "dataset_size": len(site.files["zip"]),
        }

    def api(path: str, headers: dict[str, str]) -> Answer:
        given = {key: value[0] for key, value in parse_qs(urlsplit(path).query).items()}
        if given["key"] != KEY:
            said = {"status": "ERROR", "alert": {"message": f"Unknown API key {given['key']}"}}
        elif given["op"] == "getDatasetList" and given["state"] == "KS":
            sessions = [(3, 2025, 2026, 1, "2025 Special"), (2, 2025, 2026, 0, "2025-2026 91st Legislature")]
            sessions.append((1, 2023, 2024, 0, "2023-2024 90th Legislature"))
            said = {"status": "OK", "datasetlist": [session(*one) for one in sessions]}
        elif given["op"] == "getDataset" and (given["id"], given["access_key"]) == ("2", "access2"):
            packed = base64.b64encode(site.files["zip"]).decode()
            said = {"status": "OK", "dataset": {"session_id": 2, "zip": packed}}
        else:
            said = {"status": "ERROR", "alert": {"message": "Invalid request"}}
        return 200, {}, json.dumps(said).encode()

    site.special = api
    return site


def dataset(site: Site, into: Path, key: str | None = KEY, year: int = 2025, state: str = "ks") -> Path:
    return fetch_legiscan(state, year, key, into, site.address + "/", QUICK)


def test_a_dataset_is_fetched_and_read(legiscan, tmp_path):
    path = dataset(legiscan, tmp_path)
    assert names_in(tmp_path) == ["KS_2025-2026_91st_Legislature.zip", "fetched.json"]
    assert path.read_bytes() == legiscan.files["zip"]
    assert len(read_session("legiscan", archive=path).legislators) == 11


def test_a_dataset_is_fetched_again_only_when_it_changed_and_only_if_whole(legiscan, tmp_path):
    path = dataset(legiscan, tmp_path)
    dataset(legiscan, tmp_path)
    asked = [parse_qs(urlsplit(path).query)["op"][0] for path, _ in legiscan.asked]
    assert asked == ["getDatasetList", "getDataset", "getDatasetList"]
    legiscan.files["zip"] = archive().replace(b"A, title", b"B, title")
    with pytest.raises(UserError, match=r"checksum of KS/.* is wrong"):
        dataset(legiscan, tmp_path)
    assert path.read_bytes() == archive()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"key": None}, r"LEGISCAN_API_KEY is not set: get a free key at https://legiscan\.com"),
        ({"key": "wr0ngwr0ng"}, r"LegiScan answers 'Unknown API key \(key\)'; is LEGISCAN_API_KEY right\?"),
        ({"year": 1999}, r"no regular session of KS in 1999; it has 2023-2024, 2025-2026"),
        ({"state": "Kansas"}, r"'Kansas' is not the two letters of a state"),
    ],
)
def test_what_is_wrong_is_said_without_the_key(legiscan, tmp_path, given, message):
    with pytest.raises(UserError, match=message) as caught:
        dataset(legiscan, tmp_path, **given)
    assert "wr0ngwr0ng" not in str(caught.value)
    assert names_in(tmp_path) == []


def test_the_key_does_not_go_through_the_net_in_the_clear(tmp_path):
    with pytest.raises(UserError, match=r"http://api\.legiscan\.com/: the key would go .* in the clear"):
        fetch_legiscan("KS", 2025, KEY, tmp_path, "http://api.legiscan.com/", QUICK)


@pytest.mark.parametrize("fails", ["", "busy", "gone", "not json", "cut"])
def test_the_key_is_in_no_message_and_no_file(legiscan, tmp_path, monkeypatch, capfd, caplog, fails):
    monkeypatch.setenv("LEGISCAN_API_KEY", KEY)
    monkeypatch.setattr(requests.Patience, "__init__", lambda self: self.__dict__.update(QUICK.__dict__))
    legiscan.codes = {"busy": [503] * 9, "gone": [404]}.get(fails, [])
    if fails == "not json":
        legiscan.special = lambda path, headers: (200, {}, path.encode())
    legiscan.cuts = [20] * 9 if fails == "cut" else []
    arguments = ["fetch", "--verbose", "legiscan", "KS", "2025", "--into", str(tmp_path)]
    code = cli.main([*arguments, "--address", legiscan.address + "/"])
    out = capfd.readouterr()
    assert code == (2 if fails else 0)
    assert any(KEY in path for path, _ in legiscan.asked)
    assert KEY not in out.out + out.err + caplog.text
    assert all(KEY.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    if not fails:
        assert f"next: tallgrass-models init --from {tmp_path}" in out.out
