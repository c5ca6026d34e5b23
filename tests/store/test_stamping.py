"""A bundle with an authority's time stamp: asked over HTTP, checked offline with what the bundle holds."""

import json
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from schema.errors import StoreError, UsageError
from store import stamping
from store.bundle import STAMP, stamp_of, verify_bundle, write_bundle
from store.proofs import Proof, gather
from store.stamping import Stamper
from workflow.settings import load_settings
from workflow.timestamping import ask, stamper_of

KEY = "2025年不少于8人→2026年不少于10人"
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl: time stamps were NOT tried")
CONFIGURATION = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[signer]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = ours
[ours]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, line: str, *more: str) -> None:
    subprocess.run(["openssl", *line.split(), *more], cwd=folder, check=True, capture_output=True)


def authority(folder: Path, name: str) -> Path:
    """A root and the signer it vouches for, as an authority would have them."""
    folder.mkdir()
    (folder / "tsa.cnf").write_text(CONFIGURATION, encoding="utf-8")
    (folder / "serial").write_text("01", encoding="utf-8")
    new = "req -newkey rsa:2048 -nodes -config tsa.cnf"
    openssl(folder, f"{new} -x509 -extensions root -keyout ca.key -out ca.pem -days 30 -subj", f"/CN={name}")
    openssl(folder, f"{new} -keyout tsa.key -out tsa.csr -subj", "/CN=signer")
    signed = "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30"
    openssl(folder, f"{signed} -extfile tsa.cnf -extensions signer")
    return folder


class Authority(BaseHTTPRequestHandler):
    """``openssl ts`` behind HTTP."""

    folder: ClassVar[Path]

    def do_POST(self) -> None:
        assert self.headers["Content-Type"] == "application/timestamp-query"
        (self.folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        openssl(self.folder, "ts -reply -config tsa.cnf -queryfile query -signer tsa.pem -inkey tsa.key -out reply")
        body = (self.folder / "reply").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """An authority's folder and its address."""
    folder = authority(tmp_path / "tsa", "Ours")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Authority,), {"folder": folder}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/tsr"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def proof(desk) -> Proof:
    for year, number in ((2025, 8), (2026, 10)):
        desk.keep(f"http://hubei.gov/{year}", f"{year}年不少于{number}人", year=year)
    desk.compare()
    return gather(desk.database, KEY)


def altered(file: Path, to: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return to


@needs_openssl
def test_a_stamped_bundle_says_since_when_and_shows_every_tampering(proof, served, tmp_path: Path) -> None:
    """Sound as written; a stamp taken off, exchanged or altered, another manifest, another root: each is named."""
    folder, url = served
    settings = load_settings(
        {"CHENGNUO_TIMESTAMP_URL": url, "CHENGNUO_TIMESTAMP_CA": str(folder / "ca.pem")}, data=tmp_path
    )
    file, other = tmp_path / "e.zip", tmp_path / "other.zip"
    write_bundle(proof, file, stamper_of(settings))
    stamped = stamp_of(file)
    assert stamped is not None
    assert (verify_bundle(file), stamped.by, stamped.at.tzinfo is not None) == ([], "CN=Ours", True)

    def spoil(name: str, content: bytes) -> bytes | None:
        if name != STAMP:
            return content
        place = len(content) - 20  # in the signature
        return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]

    tampered: list[Callable[[str, bytes], bytes | None]] = [
        lambda name, content: None if name == STAMP else content,
        spoil,
        lambda name, content: b"no reply" if name == STAMP else content,
        lambda name, content: _other_change(content) if name == "manifest.json" else content,
    ]
    for change in tampered:
        assert [line.partition(":")[0] for line in verify_bundle(altered(file, other, change))] == [STAMP]
        assert stamp_of(other) is None


def _other_change(manifest: bytes) -> bytes:
    return json.dumps(json.loads(manifest) | {"change": "another"}).encode()


@needs_openssl
def test_a_reply_that_the_given_root_does_not_vouch_for_is_refused(proof, served, tmp_path: Path) -> None:
    """Nothing is written; nor when the authority is away, or not configured."""
    _, url = served
    strangers = (authority(tmp_path / "strangers", "Strangers") / "ca.pem").read_bytes()
    file = tmp_path / "e.zip"
    with pytest.raises(StoreError, match="no good"):
        write_bundle(proof, file, Stamper(strangers, partial(ask, url)))
    with pytest.raises(StoreError, match="does not answer"):
        write_bundle(proof, file, Stamper(strangers, partial(ask, "http://127.0.0.1:9/")))
    with pytest.raises(UsageError, match="CHENGNUO_TIMESTAMP_URL"):
        stamper_of(load_settings({}, data=tmp_path))
    assert not file.exists()


@needs_openssl
def test_without_the_package_a_stamp_is_called_unchecked(
    proof, served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never sound by default: the line names what to install; an unstamped bundle verifies as ever."""
    folder, url = served
    file, plain = tmp_path / "e.zip", tmp_path / "plain.zip"
    write_bundle(proof, file, Stamper((folder / "ca.pem").read_bytes(), partial(ask, url)))
    write_bundle(proof, plain)
    monkeypatch.setattr(stamping, "rfc3161", None)
    assert verify_bundle(file) == [f"{STAMP}: {stamping.MISSING}"]
    assert (verify_bundle(plain), stamp_of(plain)) == ([], None)
