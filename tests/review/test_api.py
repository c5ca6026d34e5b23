"""The API tells what the pages show, to those who bring a token, and fails in problem objects only."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from review.api.document import openapi
from review.app import make_app
from review.guard import Access
from schema.accounts import Role
from schema.alerts import Subscription
from schema.provinces import PROVINCES
from store.api_tokens import TokenBook
from store.archive import Archive
from store.database import Database

NOW = datetime(2026, 3, 3, tzinfo=UTC)
HOME = "https://desk.example"


@pytest.fixture
def api(database: Database) -> Iterator[TestClient]:
    """A program with a reviewer's token, from another machine."""
    told = (Subscription("duty", "webhook", "https://secret.invalid/hook?key=canary", secret="CANARY"),)
    app = make_app(database, access=Access(base_url=HOME), now=lambda: NOW, subscriptions=lambda: told)
    _, secret = TokenBook(database).make("BI", Role.REVIEWER, "local")
    with TestClient(app, base_url=HOME, client=("203.0.113.9", 5)) as client:
        client.headers["Authorization"] = f"Bearer {secret}"
        yield client


def test_everything_the_pages_show_can_be_asked_for(api: TestClient, database: Database) -> None:
    """Provinces, years, matrix, editions, diffs, changes, captures, operations."""
    edition = Archive(database).edition("hubei", 2026)
    assert edition is not None
    sha256 = edition.page_sha256
    answers = {
        path: api.get(f"/api/v1/{path}")
        for path in (
            "provinces", "years", "years/2026", "editions", "editions/hubei/2026", "editions/湖北/2026/versions",
            "diffs/420000/2026", "diffs/hubei/2026/revisions", "changes", "changes?year=2026&kind=strengthened",
            "changes/abc123", "changes/abc123/verdicts", f"pages/{sha256}", f"pages/{sha256}/text",
            f"pages/{sha256}/raw", "sources", "checks", "incidents?open=true", "subscriptions", "deliveries",
            "search?q=消防", "targets?year=2026", "agreement", "openapi.json",
        )
    }  # fmt: skip
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 200} == {}
    assert len(answers["provinces"].json()) == len(answers["years/2026"].json()) == len(PROVINCES)
    (change,) = answers["changes?year=2026&kind=strengthened"].json()["items"]
    assert (change["key"], change["state"], change["machine_kind"]) == ("abc123", "open", "strengthened")
    assert change["findings"][0]["rule"] == "target.raised"
    assert answers["editions/hubei/2026"].json()["announcement"]["directives"][0]["commitments"][0]["text"]
    assert answers[f"pages/{sha256}/raw"].headers["content-disposition"].startswith("attachment")
    assert answers["search?q=消防"].json()["total"] == 2
    assert "canary" not in answers["subscriptions"].text.lower()


def test_a_verdict_by_program(api: TestClient) -> None:
    """Appended under the token's name; the second of two who looked at the same state gets 409."""
    said = api.post("/api/v1/changes/abc123/verdicts", json={"decision": "reclassify", "kind": "reworded"})
    assert (said.status_code, said.json()["detail"]) == (422, "Give a reason for an override or a comment.")
    first = {"decision": "reclassify", "kind": "reworded", "reason": "只是改写"}
    said = api.post("/api/v1/changes/abc123/verdicts", json=first)
    assert (said.status_code, said.json()["by"]) == (201, "token:BI")
    late = api.post("/api/v1/changes/abc123/verdicts", json={"decision": "confirm"})
    assert (late.status_code, late.headers["content-type"]) == (409, "application/problem+json")
    change = api.get("/api/v1/changes/abc123").json()
    assert (change["kind"], change["machine_kind"], change["state"]) == ("reworded", "strengthened", "settled")
    (rule,) = (one for one in api.get("/api/v1/agreement").json() if one["about"] == "rule")
    assert (rule["name"], rule["settled"], rule["upheld"]) == ("target.raised", 1, 0)


def test_a_session_may_write_with_its_form_token_only(client: TestClient) -> None:
    """A browser sends its cookie by itself, so the cookie is not enough."""
    path, body = "/api/v1/changes/abc123/verdicts", {"decision": "confirm"}
    home = {"Origin": "http://127.0.0.1:8000"}
    assert client.post(path, json=body, headers=home).status_code == 403
    token = re.search(r'name="token" value="(\w+)"', client.get("/province/hubei/2026").text)
    assert token is not None
    assert client.post(path, json=body, headers={"X-Chengnuo-Token": token[1]}).status_code == 403
    assert client.post(path, json=body, headers=home | {"X-Chengnuo-Token": token[1]}).status_code == 201


def test_what_is_known_already_is_not_sent_again(api: TestClient) -> None:
    """304 to a matching ETag."""
    first = api.get("/api/v1/diffs/hubei/2026")
    again = api.get("/api/v1/diffs/hubei/2026", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("diffs/atlantis/2026", 404), ("diffs/hubei/2009", 404), ("diffs/hubei/99999", 422), ("changes/ffff", 404),
        ("pages/zz", 422), ("changes?limit=0", 422), ("changes?unknown=1", 422), ("search", 422), ("nowhere", 404),
        ("editions/hubei/2026?as_of=2020-01-01T00:00:00", 422), ("editions/hubei/2026?as_of=2020-01-01T00:00:00Z", 404),
    ],
)  # fmt: skip
def test_failures_are_problem_objects(api: TestClient, path: str, status: int) -> None:
    """With status, title and what was wrong."""
    answer = api.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


def test_lists_come_in_pages(api: TestClient) -> None:
    """With the whole number and where the next page starts."""
    first = api.get("/api/v1/checks?limit=2").json()
    rest = api.get("/api/v1/checks?limit=2&offset=2").json()
    assert (len(first["items"]), first["total"], first["next_offset"]) == (2, 3, 2)
    assert (len(rest["items"]), rest["next_offset"]) == (1, None)


def test_the_document_holds_the_api_and_nothing_else(api: TestClient) -> None:
    """Every path is under the prefix, every operation declares its problems, nothing dangles."""
    document = openapi(api.app)
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    assert len(document["paths"]) >= 22
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert all({"401", "403", "404", "422"} <= set(one["responses"]) for one in operations)
    named = set(re.findall(r"#/components/schemas/([\w.-]+)", str(document)))
    assert named <= set(document["components"]["schemas"])


def test_a_token_may_what_its_role_may(api: TestClient, database: Database) -> None:
    """A viewer's token cannot decide, a revoked one cannot read, and a page takes no token."""
    book = TokenBook(database)
    made, secret = book.make("reader", Role.VIEWER, "local")
    reader = {"Authorization": f"Bearer {secret}"}
    decide = api.post("/api/v1/changes/abc123/verdicts", json={"decision": "confirm"}, headers=reader)
    assert (decide.status_code, decide.headers["content-type"]) == (403, "application/problem+json")
    assert api.get("/year/2026", headers=reader, follow_redirects=False).status_code == 303
    assert book.revoke(made.id, "local")
    assert api.get("/api/v1/years", headers=reader).status_code == 401
