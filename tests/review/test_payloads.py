"""A hundred hostile strings in every scraped and typed field: a page has the same elements as with harmless words."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import etree, html
from starlette.testclient import TestClient

from review.app import make_app
from review.guard import Access
from schema.accounts import Role
from schema.announcements import (
    Announcement,
    Check,
    CheckOutcome,
    Commitment,
    Directive,
    Edition,
    Outcome,
    Page,
    Quarantine,
    QuarantineReason,
    Rank,
    Reading,
    Source,
    SourceKind,
    Target,
)
from schema.changes import Change, DiffOutcome, Dimension, Direction, Finding, Kind, Structure, Unit, YearlyDiff
from schema.incidents import IncidentKind
from schema.verdicts import Decision, Verdict
from store.api_tokens import TokenBook
from store.archive import Archive
from store.audit import AuditLog
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.incidents import IncidentBook
from store.verdicts import VerdictBook
from tests.payloads import PAYLOADS

NOW = datetime(2026, 3, 3, tzinfo=UTC)
HARMLESS = tuple(f"词语{n}" for n in range(len(PAYLOADS)))
SAFE = ("/", "#", "?", "http://", "https://")
PAGES = ("/", "/year/2026", "/province/hubei/2026?kind=all", "/province/hunan/2026", "/sources", "/agreement",
         "/accounts", "/tokens", "/audit", "/search?q=承诺", "/search?q=承诺&lang=en")  # fmt: skip


def _keep(archive: Archive, province: str, year: int, words: Sequence[str], *, held: bool = False) -> Edition | None:
    source = Source(province, province, SourceKind.COLUMN, Rank.OFFICIAL, province)
    texts = [f"承诺{word}" for word in words]
    body = "\n".join(texts)
    headers = tuple(("X-Test", word.replace("\r", " ").replace("\n", " ")) for word in words)
    page = Page(f"http://{province}.invalid/{year}", province, 200, f"{body}{year}".encode(), NOW, headers)
    archive.keep_visit(page, Check(province, page.url, NOW, CheckOutcome.NEW, 200, page.sha256))
    commitments, at = [], 0
    for n, (text, word) in enumerate(zip(texts, words, strict=True), 1):
        target = Target(word, ">=", n, word, word, word, at, at + 1)
        commitments.append(Commitment(f"{n}.1", text, at, at + len(text), (target,)))
        at += len(text) + 1
    directives = tuple(
        Directive(n, word, word, (one,)) for n, (word, one) in enumerate(zip(words, commitments, strict=True), 1)
    )
    quarantine = Quarantine(QuarantineReason.STALE_TEXT, tuple(words), words[0], words[0]) if held else None
    told = Announcement(
        province, year, words[0], words[0], body, directives, source_name=words[0], url=page.url, quarantine=quarantine
    )
    (kept,) = archive.unread("1")
    archive.keep_reading(kept, Reading(Outcome.ARTICLE, words[0], body=body, announcements=(told,)), source, "1")
    return archive.edition(province, year)


def _fill(database: Database, words: Sequence[str]) -> None:
    archive = Archive(database, clock=lambda: NOW)
    earlier, later = _keep(archive, "hubei", 2025, words), _keep(archive, "hubei", 2026, words)
    _keep(archive, "hunan", 2026, words, held=True)
    assert earlier is not None and later is not None  # noqa: PT018
    units = tuple(
        Unit(f"{n}.1", " ".join(f"承诺{word}".splitlines()), 0, 1, word, n) for n, word in enumerate(words, 1)
    )
    changes = tuple(
        Change(
            f"{n:016x}", Kind.STRENGTHENED, (unit.id,), (unit.id,), unit.text, unit.text, (Structure.MOVED,),
            findings=(Finding("target.raised", Dimension.TARGET, Direction.UP, word, word, word),),
            old_highlights=((0, 2),), new_highlights=((0, 2),),
        )
        for n, (unit, word) in enumerate(zip(units, words, strict=True))
    )  # fmt: skip
    diff = YearlyDiff("hubei", 2025, 2026, DiffOutcome.OK, units, units, changes, detail=words[0])
    Comparisons(database, archive, clock=lambda: NOW).keep(Comparison(earlier, later), diff, "1/1")
    incidents, book = IncidentBook(database, clock=lambda: NOW), VerdictBook(database)
    tokens, log = TokenBook(database, lambda: NOW), AuditLog(database, lambda: NOW)
    for n, (change, word) in enumerate(zip(changes, words, strict=True)):
        archive.keep_visit(None, Check(word, f"http://x.invalid/{word}", NOW, CheckOutcome.BLOCKED, 412, detail=word))
        incidents.observe(IncidentKind.BLOCKED, f"{n}{word}", word, url=word)
        decision = Decision.COMMENT if n % 2 else Decision.NOT_A_COMMITMENT
        book.append(Verdict(change.key, decision, word, NOW, change.kind, reason=word, assignee=word))
        tokens.make(word, Role.VIEWER, word)
        log.append(word, word, word, detail=word, address=word)


def _open(folder: Path, words: Sequence[str]) -> TestClient:
    database = Database.open(f"sqlite:///{folder / 'a.sqlite3'}")
    _fill(database, words)
    app = make_app(database, access=Access(single_user=True), now=lambda: NOW)
    return TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000), raise_server_exceptions=True)


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, TestClient]]:
    """The same desk twice: with payloads, and with harmless words."""
    with (
        _open(tmp_path_factory.mktemp("evil"), PAYLOADS) as evil,
        _open(tmp_path_factory.mktemp("good"), HARMLESS) as good,
    ):
        yield evil, good


def _structure(page: str, below: str = "/html") -> list[tuple[str, tuple[str, ...]]]:
    (root,) = html.document_fromstring(page).xpath(below)
    return [(str(one.tag), tuple(sorted(one.attrib))) for one in root.iter(etree.Element)]


def _addresses(page: str) -> set[str]:
    tree = html.document_fromstring(page)
    return {value for name in ("href", "src", "action", "formaction") for value in tree.xpath(f"//@{name}")}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_same_elements_whatever_the_words_are(desks: tuple[TestClient, TestClient], path: str) -> None:
    """No element, no attribute more or fewer; every address is a path of ours or of the web."""
    evil, good = (desk.get(path) for desk in desks)
    assert (evil.status_code, good.status_code) == (200, 200)
    assert _structure(evil.text) == _structure(good.text)
    assert {one for one in _addresses(evil.text) if not one.startswith(SAFE)} == set()
    assert "script-src 'self'" in evil.headers["Content-Security-Policy"]


def test_the_captured_page_is_words(desks: tuple[TestClient, TestClient]) -> None:
    """Its text and headers hold every payload as text, in two elements."""
    evil, _ = desks
    sha256 = evil.get("/api/v1/editions/hubei/2026").json()["head"]["page_sha256"]
    page = evil.get(f"/page/{sha256}")
    assert not {one for one in _addresses(page.text) if not one.startswith(SAFE)}
    tags = {str(one.tag) for one in html.document_fromstring(page.text).iter(etree.Element)}
    assert html.document_fromstring(page.text).xpath("//img/@src") == ["/static/icon.svg"]
    assert not tags & {"svg", "iframe", "object", "embed", "style", "base", "math", "video", "marquee"}


def test_what_people_type_comes_back_as_text(desks: tuple[TestClient, TestClient]) -> None:
    """Into the search, its filters, and addresses that do not exist."""
    evil, _ = desks
    plain = _structure(evil.get("/search?q=zzzz&topic=yyyy").text)
    nowhere = _structure(evil.get("/province/x/2026").text, "//main")
    for word in PAYLOADS:
        typed = quote(f"zzzz{word}", safe="")
        page = evil.get(f"/search?q={typed}&topic={quote(word, safe='')}&province={typed}&year={typed}&page={typed}")
        assert page.status_code == 200
        assert _structure(page.text) == plain
        missing = evil.get(f"/province/{typed}/2026")
        assert missing.status_code == 404
        assert _structure(missing.text, "//main") == nowhere


def test_programs_get_json_and_feeds_get_xml(desks: tuple[TestClient, TestClient]) -> None:
    """Never a type that a browser renders; control characters do not break the XML."""
    evil, _ = desks
    for path in ("/api/v1/changes?limit=200", "/api/v1/incidents", "/api/v1/search?q=承诺", "/feeds/all.json"):
        answer = evil.get(path)
        assert answer.headers["content-type"] in ("application/json", "application/feed+json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.json()
    feed = etree.fromstring(evil.get("/feeds/all.atom").content)
    judged_away = len(PAYLOADS[::2])  # no commitments, a person said: no feed tells of them
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == len(PAYLOADS) - judged_away
