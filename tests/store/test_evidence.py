"""A bundle proves its change without our database, and shows every byte that was altered."""

import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from schema.announcements import CheckOutcome, Page
from schema.errors import UnreadableInput
from store.bundle import verify_bundle, write_bundle
from store.proofs import gather
from store.warc import read_warc, write_warc

KEY = "2025年不少于8人→2026年不少于10人"


@pytest.fixture
def bundle(desk, tmp_path: Path) -> Path:
    """Two years, three unchanged visits, a verdict; a page that tries to be markup."""
    for year, number in ((2025, 8), (2026, 10)):
        desk.keep(f"http://hubei.gov/{year}", f"{year}年不少于{number}人", "<script>alert(1)</script>", year=year)
    desk.compare()
    for _ in range(3):
        desk.visit("http://hubei.gov/2026", None, CheckOutcome.UNCHANGED, 304)
    desk.decide(KEY)
    file = tmp_path / "e.zip"
    proof = gather(desk.database, KEY[:6])
    assert proof is not None
    write_bundle(proof, file)
    return file


def entries(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_bundle_holds_pages_texts_reasons_visits_and_verdicts(bundle: Path) -> None:
    """Everything an outsider needs; the page for people shows scraped words as words."""
    found = entries(bundle)
    assert verify_bundle(bundle) == []
    assert found["later.txt"].decode().startswith("2026年不少于10人")
    assert found["earlier.txt"].decode().startswith("2025年不少于8人")
    outcomes = [check["outcome"] for check in json.loads(found["checks.json"])]
    assert outcomes == ["new", "new", *3 * ["unchanged"]]
    assert [verdict["by"] for verdict in json.loads(found["verdicts.json"])] == ["wang"]
    assert json.loads(found["change.json"])["change"]["findings"][0]["rule"] == "target.raised"
    assert b"<script" not in found["index.html"]


def test_the_same_state_gives_the_same_bytes(desk, bundle: Path, tmp_path: Path) -> None:
    """Written twice, and after unrelated work: byte for byte."""
    desk.keep("http://hunan.gov/x", "无关承诺", year=2024)
    write_bundle(gather(desk.database, KEY), tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_the_pages_pass_warcio_check_and_an_independent_reader(bundle: Path, tmp_path: Path) -> None:
    """Warcio's own checker over a file; a reader that knows the WARC format alone finds both captures."""
    warc = tmp_path / "pages.warc"
    warc.write_bytes(entries(bundle)["pages.warc"])
    command = [sys.executable, "-c", "from warcio.cli import main; main()", "check", "-v", str(warc)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "digest failed" not in done.stdout
    assert plain_records(warc.read_bytes()) == [
        ("http://hubei.gov/2025", True),
        ("http://hubei.gov/2026", True),
    ]


def plain_records(raw: bytes) -> list[tuple[str, bool]]:
    """A WARC read with nothing but its specification: address, and whether the payload is the page we kept."""
    found = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        length = int(fields[b"Content-Length"])
        block, raw = rest[:length], rest[length + 4 :]
        body = block.partition(b"\r\n\r\n")[2]
        address = fields[b"WARC-Target-URI"].decode()
        found.append((address, address.encode() in body))
    return found


def test_whatever_byte_is_altered_the_bundle_does_not_verify(bundle: Path, tmp_path: Path) -> None:
    """200 random bytes of the ZIP: refused, or named, or a byte that no reader looks at."""
    raw, chosen = bundle.read_bytes(), random.Random(5)
    whole = entries(bundle)
    spoilt = tmp_path / "spoilt.zip"
    for _ in range(200):
        at = chosen.randrange(len(raw))
        spoilt.write_bytes(raw[:at] + bytes([raw[at] ^ (1 << chosen.randrange(8))]) + raw[at + 1 :])
        try:
            problems = verify_bundle(spoilt)
        except UnreadableInput:
            continue
        assert problems or entries(spoilt) == whole


@pytest.mark.parametrize("name", ["later.txt", "pages.warc", "change.json", "checks.json", "index.html"])
def test_an_entry_replaced_removed_or_added_is_named(bundle: Path, name: str, tmp_path: Path) -> None:
    """By its name."""
    found = entries(bundle)
    cases = [
        ({**found, name: found[name] + b" "}, [f"{name}: altered"]),
        ({key: value for key, value in found.items() if key != name}, [f"{name}: missing"]),
        ({**found, "more.txt": b"x"}, ["more.txt: not in the manifest"]),
    ]
    for content, expected in cases:
        file = tmp_path / "c.zip"
        with zipfile.ZipFile(file, "w") as archive:
            for entry, data in content.items():
                archive.writestr(entry, data)
        assert verify_bundle(file) == expected


def test_a_bundle_forged_with_a_new_manifest_contradicts_itself(bundle: Path, tmp_path: Path) -> None:
    """Another text under a fitting manifest: the units and quotes are not where they should be."""
    import hashlib

    found = entries(bundle)
    found["later.txt"] = "此文已改2026年不少于10人".encode()
    manifest = json.loads(found["manifest.json"])
    manifest["sha256"]["later.txt"] = hashlib.sha256(found["later.txt"]).hexdigest()
    found["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        for entry, data in found.items():
            archive.writestr(entry, data)
    assert verify_bundle(tmp_path / "f.zip") == ["change.json: target.raised: the new quote is not in the text"]


def test_a_capture_goes_out_as_warc_and_comes_back(desk, tmp_path: Path) -> None:
    """Odd status, repeated headers, packed on the wire: the bytes and the day come back."""
    page = Page(
        "http://hubei.gov/a?x=1", "hubei", 521, b"\x00\xff body", desk.clock(),
        (("Set-Cookie", "a"), ("Set-Cookie", "b"), ("Content-Encoding", "gzip"), ("Content-Type", "text/html")),
    )  # fmt: skip
    warc = write_warc([page])
    assert [r.rec_type for r in ArchiveIterator(io.BytesIO(warc), check_digests="raise")] == ["response"]
    file = tmp_path / "one.warc"
    file.write_bytes(warc)
    [back] = read_warc(file, "hubei")
    assert (back.body, back.status, back.fetched_at) == (page.body, 521, page.fetched_at)
    assert [value for name, value in back.headers if name == "Set-Cookie"] == ["a", "b"]


def test_a_web_archive_is_read_record_by_record(desk, tmp_path: Path) -> None:
    """Plain and gzipped, with what is no page in between."""
    import gzip

    pages = [Page(f"http://hubei.gov/{n}", "hubei", 200, b"body %d" % n, desk.clock()) for n in range(3)]
    for name, pack in (("a.warc", bytes), ("a.warc.gz", gzip.compress)):
        file = tmp_path / name
        file.write_bytes(b"".join(pack(write_warc([page])) for page in pages))
        read = list(read_warc(file, "import"))
        assert [(p.url, p.body, p.fetched_at) for p in read] == [(p.url, p.body, p.fetched_at) for p in pages]
    (tmp_path / "no.warc").write_bytes(b"this is no warc at all")
    with pytest.raises(UnreadableInput):
        list(read_warc(tmp_path / "no.warc", "import"))
