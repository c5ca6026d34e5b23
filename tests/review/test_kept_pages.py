"""Pages are made once and sent again: every reader gets their own, and none is older than the archive."""

import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from review.app import make_app, make_ready
from review.guard import Access
from schema.announcements import Target
from schema.changes import Kind
from schema.incidents import IncidentKind
from schema.verdicts import Decision, Verdict
from store.archive import Archive
from store.database import Database
from store.incidents import IncidentBook
from store.verdicts import VerdictBook

from .conftest import NOW, keep

PLACE, YEAR, STREAM = "/province/hubei/2026", "/year/2026", "/changes?year=2026"
ORIGIN = {"origin": "http://127.0.0.1:8000"}


@pytest.fixture
def app(database: Database) -> FastAPI:
    return make_app(database, access=Access(single_user=True), now=lambda: NOW)


def _reader(app: FastAPI) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000))


def _token(html: str) -> str:
    (found,) = set(re.findall(r'name="token" value="([^"]*)"', html))
    return found


def _cards(html: str) -> str:
    """What stands below the filters."""
    return html[html.index("</form>") :]


def test_two_browsers_get_the_same_page_with_their_own_tokens(app: FastAPI) -> None:
    """The kept page holds neither; each token is good in its own browser and in no other."""
    one, two = _reader(app), _reader(app)
    tokens = [_token(reader.get(PLACE).text) for reader in (one, two, one)]
    assert tokens[0] == tokens[2] != tokens[1]
    assert one.get(PLACE).text.replace(tokens[0], "") == two.get(PLACE).text.replace(tokens[1], "")
    fields = {"change": "abc123", "decision": "confirm", "after": "0", "token": tokens[1]}
    assert one.post("/verdicts", data=fields, headers=ORIGIN).status_code == 403
    assert two.post("/verdicts", data=fields, headers=ORIGIN, follow_redirects=False).status_code == 303


def test_a_kept_page_follows_verdicts_and_incidents_at_once(app: FastAPI, database: Database) -> None:
    """Whoever writes, and from whichever process: the next request shows it."""
    reader, book = _reader(app), IncidentBook(database, clock=lambda: NOW)
    assert "待复核 1" in reader.get(YEAR).text
    assert "待复核" in _cards(reader.get(STREAM).text)
    assert "0 / 1" in reader.get(PLACE).text
    said = Verdict("abc123", Decision.CONFIRM, "else", NOW, Kind.STRENGTHENED)
    VerdictBook(database).append(said)
    assert "1 / 1" in reader.get(PLACE).text
    assert "待复核" not in _cards(reader.get(STREAM).text)
    assert "待复核 1" not in reader.get(YEAR).text
    book.observe(IncidentKind.BLOCKED, "hubei", "HTTP 412", url="http://y.invalid/", province="hubei")
    assert "HTTP 412" in reader.get(PLACE).text
    assert book.recover(IncidentKind.BLOCKED, "hubei", "HTTP 200", url="http://y.invalid/") is not None
    assert "HTTP 412" not in reader.get(PLACE).text


def test_the_ledger_of_targets_shows_a_new_text_at_once(app: FastAPI, database: Database) -> None:
    """Kept for as long as no text comes, whoever reads one."""
    reader = _reader(app)
    before = reader.get("/targets?year=2027").text
    assert before == reader.get("/targets?year=2027").text
    text = "关闭小煤矿不少于77家"
    target = Target("不少于77家", ">=", 77.0, "家", "关闭小煤矿", None, 5, 11)
    keep(Archive(database, clock=lambda: NOW), 2027, text, targets=(target,))
    assert text not in before
    assert text in re.sub("<[^>]*>", "", reader.get("/targets?year=2027").text)


def test_languages_and_filters_have_pages_of_their_own(app: FastAPI) -> None:
    """What one reader asked for is never shown to another who asked for something else."""
    reader = _reader(app)
    pages = [reader.get(PLACE + query).text for query in ("", "?lang=en", "?kind=new", "?kind=strengthened")]
    assert len({page.replace(_token(page), "") if "abc123" in page else page for page in pages}) == 4
    assert ["abc123" in page for page in pages] == [True, True, False, True]


def test_a_verdict_leaves_other_years_as_they_are(app: FastAPI, database: Database) -> None:
    """What was worked out of 2025 stays good when somebody decides about 2026."""
    desk = app.state.desk
    before = {years: desk.stamp(*years) for years in ((2025,), (2026,), (2026, 2025))}
    VerdictBook(database).append(Verdict("abc123", Decision.CONFIRM, "else", NOW, Kind.STRENGTHENED))
    moved = {years for years, stamp in before.items() if desk.stamp(*years) != stamp}
    assert moved == {(2026,), (2026, 2025)}


def test_what_is_counted_before_the_first_request_is_what_it_shows(app: FastAPI) -> None:
    """A page of a desk made ready says the same as one of a desk that was not."""
    cold = _reader(app).get(YEAR).text
    make_ready(app)
    warm = _reader(app).get(YEAR + "?").text
    assert "待复核 1" in warm
    assert warm == cold
