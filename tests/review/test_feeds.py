"""Feeds are valid, stable, and hold nothing that a reader could run."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from lxml import etree
from starlette.testclient import TestClient

from review.app import make_app
from review.feeds import REGIONS
from review.guard import Access
from schema.accounts import Role
from store.api_tokens import TokenBook
from store.database import Database

HERE = Path(__file__).parent
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SCOPES = ["all", "province/hubei", "region/huazhong", "kind/strengthened", "kind/dropped", "province/西藏"]


@pytest.fixture(scope="module")
def atom_grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(HERE / "atom.rng"))


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("lang", ["", "?lang=en"])
def test_feeds_are_valid(client: TestClient, atom_grammar: etree.RelaxNG, scope: str, lang: str) -> None:
    """Atom against the grammar of RFC 4287, JSON Feed against the rules of version 1.1; also the empty ones."""
    atom = client.get(f"/feeds/{scope}.atom{lang}")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    atom_grammar.assertValid(etree.fromstring(atom.content))
    told = client.get(f"/feeds/{scope}.json{lang}")
    assert told.headers["content-type"].startswith("application/feed+json")
    schema = json.loads((HERE / "json_feed.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told.json(), schema, format_checker=jsonschema.FormatChecker())


def test_the_grammar_can_refuse(client: TestClient, atom_grammar: etree.RelaxNG) -> None:
    """A feed without an id, with two titles, or with a date that is none is not valid."""
    for spoil in ("id", "title", "updated"):
        feed = etree.fromstring(client.get("/feeds/all.atom").content)
        element = feed.find(f"a:{spoil}", ATOM)
        if spoil == "id":
            feed.remove(element)
        elif spoil == "title":
            feed.append(etree.fromstring(etree.tostring(element)))
        else:
            element.text = "yesterday"
        assert not atom_grammar.validate(feed)


def test_ids_are_the_same_everywhere_and_for_ever(client: TestClient, database: Database) -> None:
    """Another address and another time: the same entries. The text is text, escaped once."""
    entry = etree.fromstring(client.get("/feeds/all.atom").content).find("a:entry", ATOM)
    elsewhere = make_app(database, access=Access(single_user=True, base_url="https://other.example"))
    with TestClient(elsewhere, base_url="http://127.0.0.1", client=("127.0.0.1", 5)) as other:
        again = etree.fromstring(other.get("/feeds/region/huazhong.atom").content).find("a:entry", ATOM)
        (item,) = other.get("/feeds/kind/strengthened.json").json()["items"]
    ids = {entry.findtext("a:id", None, ATOM), again.findtext("a:id", None, ATOM), item["id"]}
    assert ids == {"urn:uuid:" + entry.findtext("a:id", None, ATOM).removeprefix("urn:uuid:")}
    assert item["url"] == "https://other.example/province/hubei/2026#c-abc123"
    content = entry.find("a:content", ATOM)
    assert (content.get("type"), len(content)) == ("text", 0)
    assert "<script>alert(1)</script>" in content.text


def test_what_there_is_not_is_a_404(client: TestClient) -> None:
    """As a problem object."""
    for path in ("province/atlantis.atom", "kind/better.json", "region/mars.atom", "moon/x.atom"):
        answer = client.get(f"/feeds/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert client.get("/feeds/all.rss").status_code == 404
    assert len(REGIONS) == 7


def test_a_reader_may_carry_its_token_in_the_address(database: Database) -> None:
    """Feed readers send no headers; without a good token there is nothing. An unchanged feed is not sent again."""
    _, secret = TokenBook(database).make("reader", Role.VIEWER, "local", lasts=timedelta(days=1))
    _, old = TokenBook(database, lambda: datetime(2020, 1, 1, tzinfo=UTC)).make(
        "old", Role.VIEWER, "local", lasts=timedelta(days=1)
    )
    with TestClient(make_app(database, access=Access()), client=("203.0.113.9", 5)) as reader:
        answer = reader.get(f"/feeds/all.atom?token={secret}")
        assert answer.status_code == 200
        assert secret not in answer.text
        tag = {"If-None-Match": answer.headers["etag"]}
        assert reader.get(f"/feeds/all.atom?token={secret}", headers=tag).status_code == 304
        for wrong in ("", "?token=", "?token=chengnuo_x", f"?token={old}"):
            assert reader.get(f"/feeds/all.atom{wrong}").status_code == 401
        assert reader.get(f"/api/v1/years?token={secret}").status_code == 401
