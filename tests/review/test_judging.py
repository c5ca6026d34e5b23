"""Verdicts stand beside the machine's label, come from this machine's own pages, outlive a new comparison."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from schema.changes import Kind
from schema.errors import VerdictConflict
from schema.verdicts import Decision, Verdict, standing
from store.archive import Archive
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.verdicts import VerdictBook

HOME = "http://127.0.0.1:8000"
PAGE = "/province/hubei/2026"
EVIL = "<script>alert(1)</script>"
AT = datetime(2026, 3, 3, tzinfo=UTC)


def _fields(client: TestClient) -> dict[str, str]:
    page = client.get(PAGE).text
    token = re.search(r'name="token" value="(\w+)"', page)
    after = re.search(r'name="after" value="(\d+)"', page)
    assert token is not None
    assert after is not None
    return {"token": token[1], "change": "abc123", "after": after[1], "shown": "kind=all", "lang": "zh"}


def _decide(client: TestClient, decision: str, origin: str = HOME, **more: str):
    fields = _fields(client) | {"decision": decision} | more
    return client.post("/verdicts", data=fields, headers={"Origin": origin}, follow_redirects=False)


def test_a_confirmation_is_kept_and_leads_back_to_the_change(client: TestClient, database: Database) -> None:
    """The verdict stands on the page beside the machine's label; the matrix counts it as reviewed."""
    assert "待复核 1" in client.get("/year/2026").text
    answer = _decide(client, "confirm")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?kind=all#c-abc123")
    (kept,) = VerdictBook(database).of_change("abc123")
    assert (kept.decision, kept.machine_kind, kept.kind) == (Decision.CONFIRM, Kind.STRENGTHENED, Kind.STRENGTHENED)
    assert "已复核" in client.get("/year/2026").text
    assert "机器判断" in client.get(PAGE).text


def test_an_override_needs_a_reason_and_a_kind_that_fits(client: TestClient, database: Database) -> None:
    """Nothing is kept of a form that says too little; the machine's label stays after an override."""
    statuses = [
        _decide(client, "reclassify", kind="reworded").status_code,
        _decide(client, "reclassify", kind="new", reason="x").status_code,
        _decide(client, "reclassify", kind="strengthened", reason="x").status_code,
        _decide(client, "comment", reason="  ").status_code,
        _decide(client, "comment", reason="x" * 2001).status_code,
        _decide(client, "assign").status_code,
        _decide(client, "confirm", after="-1").status_code,
    ]
    assert statuses == [422] * 7
    assert VerdictBook(database).of_change("abc123") == ()
    assert _decide(client, "reclassify", kind="reworded", reason=f"只是改写{EVIL}").status_code == 303
    page = client.get(PAGE).text
    assert "改判" in page
    assert "只是改写&lt;script&gt;" in page
    assert EVIL not in page
    assert 'class="badge strengthened"' in page


def test_an_undo_takes_back_and_nothing_is_lost(client: TestClient, database: Database) -> None:
    """The change waits for review again; both verdicts are in the history."""
    _decide(client, "confirm")
    _decide(client, "undo")
    assert [v.decision for v in VerdictBook(database).of_change("abc123")] == [Decision.CONFIRM, Decision.UNDO]
    assert "待复核 1" in client.get("/year/2026").text


def test_the_second_of_two_reviewers_sees_the_conflict(client: TestClient, database: Database) -> None:
    """A form made before another verdict is refused with that verdict; nothing is overwritten."""
    before = _fields(client) | {"decision": "not_a_commitment", "reason": "口号"}
    _decide(client, "confirm")
    answer = client.post("/verdicts", data=before, headers={"Origin": HOME})
    assert answer.status_code == 409
    assert "别人已先作出结论" in answer.text
    assert "口号" in answer.text
    assert len(VerdictBook(database).of_change("abc123")) == 1


@pytest.mark.parametrize("origin", ["http://evil.invalid", "null", "", "http://127.0.0.1:9", "https://127.0.0.1:8000"])
def test_a_form_from_another_site_is_refused(client: TestClient, database: Database, origin: str) -> None:
    """The origin must be this very site."""
    assert _decide(client, "confirm", origin=origin).status_code == 403
    assert VerdictBook(database).of_change("abc123") == ()


def test_a_wrong_token_or_a_lost_cookie_is_refused(client: TestClient, database: Database) -> None:
    """Both halves of the ticket are needed; a token that is not ASCII is no server error."""
    fields = _fields(client) | {"decision": "confirm"}
    for token in ("", "0" * 64, "口令"):
        assert client.post("/verdicts", data=fields | {"token": token}, headers={"Origin": HOME}).status_code == 403
    client.cookies.clear()
    assert client.post("/verdicts", data=fields, headers={"Origin": HOME}).status_code == 403
    assert VerdictBook(database).of_change("abc123") == ()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"a=" + "口".encode(), "application/x-www-form-urlencoded", 400),
    ],
)
def test_what_is_no_form_is_refused_in_words(client: TestClient, body: bytes, kind: str, status: int) -> None:
    """Wrong type, wrong bytes, too large: a client error and a page, never a failure of the server."""
    answer = client.post("/verdicts?lang=en", content=body, headers={"Origin": HOME, "Content-Type": kind})
    assert answer.status_code == status
    assert "Not accepted" in answer.text


def test_an_unknown_change_is_a_404(client: TestClient) -> None:
    """Also when it is the beginning of a known key."""
    assert [_decide(client, "confirm", change=key).status_code for key in ("", "abc", "%", "zzz")] == [404] * 4


def test_a_verdict_outlives_a_new_comparison(database: Database) -> None:
    """A newer instrument gave the same two wordings another label and key: the verdict is found by its wordings."""
    archive = Archive(database)
    comparisons, book = Comparisons(database, archive), VerdictBook(database)
    kept, change = comparisons.change("abc123") or pytest.fail("no change")
    said = _verdict(old_text=change.old_text, new_text=change.new_text)
    number = book.append(said)
    relabelled = replace(kept.diff, changes=(replace(change, key="def456", kind=Kind.REWORDED),))
    later = archive.edition("hubei", 2026)
    assert later is not None
    comparisons.keep(Comparison(archive.edition("hubei", 2025), later), relabelled, "2/2")
    newest = comparisons.diff("hubei", 2026)
    assert newest is not None
    assert book.of_diff(newest.diff) == {"def456": (replace(said, id=number),)}


def test_a_book_refuses_what_was_decided_unseen(database: Database) -> None:
    """``after`` is the newest verdict the reviewer saw."""
    book = VerdictBook(database)
    first = book.append(_verdict())
    with pytest.raises(VerdictConflict) as refused:
        book.append(_verdict())
    assert refused.value.newest == first
    book.append(_verdict(decision=Decision.UNDO), after=first)
    assert standing(book.of_change("abc123")) is None


def test_comments_leave_what_stands() -> None:
    """A comment settles nothing; an undo goes back to the decision before."""
    confirm, comment = _verdict(), _verdict(decision=Decision.COMMENT)
    override, undo = _verdict(decision=Decision.RECLASSIFY), _verdict(decision=Decision.UNDO)
    assert standing((comment,)) is None
    assert standing((confirm, comment)) is confirm
    assert standing((confirm, override, comment, undo)) is confirm
    assert standing((undo, confirm)) is confirm


def _verdict(decision: Decision = Decision.CONFIRM, old_text: str = "", new_text: str = "") -> Verdict:
    return Verdict("abc123", decision, "local", AT, Kind.STRENGTHENED, old_text=old_text, new_text=new_text)
