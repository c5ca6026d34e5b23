"""Readers of messages say "this is wrong" and "no more" by signed links; looking at a link does nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from review.app import make_app
from review.feedback import Feedback
from schema.signing import BadToken, read, sign
from schema.verdicts import Decision
from store.archive import Archive
from store.comparisons import Comparisons
from store.database import Database
from store.verdicts import VerdictBook

NOW = datetime(2026, 3, 3, tzinfo=UTC)
KEY = b"k" * 32
LATER = NOW + timedelta(days=400)


@pytest.fixture
def gone() -> list[str]:
    return []


@pytest.fixture
def reader(database: Database, gone: list[str]) -> Iterator[TestClient]:
    """A stranger without an account, on another machine."""
    app = make_app(database, feedback=Feedback(KEY, gone.append, lambda: NOW), now=lambda: NOW)
    with TestClient(app, base_url="https://desk.example", client=("203.0.113.9", 1)) as client:
        yield client


def _change_key(database: Database) -> str:
    kept = Comparisons(database, Archive(database)).diff("hubei", 2026)
    assert kept is not None
    return kept.diff.changes[0].key


def test_a_doubt_is_a_comment_only_after_a_post(database: Database, reader: TestClient) -> None:
    """GET shows the two sentences and a button; POST writes one comment, twice pressed still one."""
    key = _change_key(database)
    link = f"/wrong/{sign(KEY, 'wrong', ('领导 组', key), LATER)}"
    page = reader.get(link)
    assert (page.status_code, "不少于8人" in page.text) == (200, True)
    assert "<script>" not in page.text
    assert VerdictBook(database).of_change(key) == ()
    for _ in range(2):
        assert reader.post(link, data={"words": "数字抄错了"}).status_code == 200
    (said,) = VerdictBook(database).of_change(key)
    assert (said.decision, said.by, said.reason) == (Decision.COMMENT, "recipient of 领导 组", "数字抄错了")


def test_one_post_unsubscribes(reader: TestClient, gone: list[str]) -> None:
    """As RFC 8058 asks; a GET, which mail scanners make, does not."""
    link = f"/unsubscribe/{sign(KEY, 'unsubscribe', ('team',), LATER)}"
    assert "team" in reader.get(link).text
    assert gone == []
    answer = reader.post(link, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, gone) == (200, ["team"])


def test_a_link_that_is_not_ours_leads_nowhere(database: Database, reader: TestClient, gone: list[str]) -> None:
    """Forged, for another purpose, expired, cut short, of an unknown change."""
    key = _change_key(database)
    good = sign(KEY, "wrong", ("team", key), LATER)
    for path in (
        f"/wrong/{sign(b'x' * 32, 'wrong', ('team', key), LATER)}",
        f"/wrong/{sign(KEY, 'unsubscribe', ('team', key), LATER)}",
        f"/wrong/{sign(KEY, 'wrong', ('team', key), NOW - timedelta(seconds=1))}",
        f"/wrong/{sign(KEY, 'wrong', ('team', 'nothing'), LATER)}",
        f"/wrong/{good[:-4]}",
        "/wrong/承诺",
        f"/unsubscribe/{good}",
    ):
        assert (reader.get(path).status_code, reader.post(path, data={"a": "b"}).status_code) == (404, 404)
    assert (gone, VerdictBook(database).of_change(key)) == ([], ())


def test_a_token_is_read_only_as_it_was_signed() -> None:
    """Any flipped character is noticed; the words come back as they were."""
    token = sign(KEY, "wrong", ("团队", "k1"), LATER)
    assert read(KEY, "wrong", token, NOW) == ("团队", "k1")
    for at in range(len(token)):
        other = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        try:
            assert read(KEY, "wrong", other, NOW) == ("团队", "k1")  # unused bits of the last character
        except BadToken:
            continue
    with pytest.raises(ValueError, match="32 bytes"):
        sign(b"short", "wrong", ("a",), LATER)
