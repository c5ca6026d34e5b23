"""People sign in, with a role; strangers get nothing, and nobody more than the role allows."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from review.app import make_app, undeclared
from review.auth import own_path
from review.guard import Access, declared
from review.passwords import hash_password
from schema.accounts import LOCAL, Role
from schema.errors import AccountRefused
from store.accounts import AccountBook
from store.api_tokens import TokenBook
from store.audit import AuditLog
from store.database import Database
from store.sessions import SessionBook
from store.verdicts import VerdictBook

HOME = "https://desk.example"
PASSWORD = "一个足够长的口令放在这里"
KNOWN = {"year": "2026", "name": "hubei", "number": "1", "sha256": "0" * 64, "secret": "x"}


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(database: Database, clock: Clock) -> dict[Role, str]:
    """One account of each role, the password hash made once."""
    book, names, kept = AccountBook(database, clock), {}, hash_password(PASSWORD)
    for role in reversed(Role):
        book.accept(book.invite(role, LOCAL), role.value, kept)
        names[role] = role.value
    return names


def _client(database: Database, clock: Clock, **access: object) -> TestClient:
    app = make_app(database, access=Access(base_url=HOME, **access), now=clock)
    return TestClient(app, base_url=HOME, client=("203.0.113.9", 5), follow_redirects=False)


@pytest.fixture
def stranger(database: Database, clock: Clock) -> Iterator[TestClient]:
    with _client(database, clock) as client:
        yield client


def _token(client: TestClient, path: str) -> str:
    found = re.search(r'name="token" value="(\w+)"', client.get(path).text)
    assert found is not None
    return found[1]


def _sign_in(client: TestClient, name: str, password: str = PASSWORD, to: str = "/"):
    fields = {"token": _token(client, "/sign-in"), "name": name, "password": password, "next": to}
    return client.post("/sign-in", data=fields, headers={"Origin": HOME})


def _routes(client: TestClient) -> Iterator[tuple[str, str, Role | None]]:
    for route in client.app.routes:
        if hasattr(route, "endpoint"):
            need = declared(route)
            assert need is not None, route.path
            for method in route.methods:
                yield method, re.sub(r"\{(\w+)[^}]*\}", lambda m: KNOWN.get(m[1], "x"), route.path), need.role


def test_every_route_says_who_may_use_it(stranger: TestClient) -> None:
    """And the few that are for everybody are known here by name."""
    assert undeclared(stranger.app) == []
    everybody = {path for _, path, role in _routes(stranger) if role is None}
    assert everybody <= {"/healthz", "/readyz", "/metrics", "/sign-in", "/welcome/x", "/wrong/x"}


def test_every_route_refuses_a_stranger(stranger: TestClient) -> None:
    """Pages lead to the sign-in, everything else is a 401; nothing of the desk is in the answer."""
    for method, path, role in _routes(stranger):
        if role is None:
            continue
        answer = stranger.request(method, path, headers={"Origin": HOME})
        door = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
        assert door or answer.status_code == 401, (method, path, answer.status_code)
        assert "不少于8人" not in answer.text


def test_every_route_refuses_a_role_that_is_too_low(database: Database, clock: Clock, people: dict[Role, str]) -> None:
    """Also with a right form token."""
    for low, above in ((Role.VIEWER, (Role.REVIEWER, Role.ADMIN)), (Role.REVIEWER, (Role.ADMIN,))):
        with _client(database, clock) as client:
            _sign_in(client, people[low])
            token = _token(client, "/")
            for method, path, role in _routes(client):
                if role in above:
                    answer = client.request(method, path, headers={"Origin": HOME}, data={"token": token})
                    assert answer.status_code == 403, (low, method, path, answer.status_code)


def test_a_route_that_declares_nothing_is_refused_to_everybody(database: Database, clock: Clock) -> None:
    """Forgetting is safe."""
    app = make_app(database, access=Access(single_user=True), now=clock)
    app.get("/forgotten")(lambda: "secret")
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5)) as client:
        answer = client.get("/forgotten")
    assert undeclared(app) == ["/forgotten"]
    assert (answer.status_code, "secret" in answer.text) == (403, False)


@pytest.mark.parametrize(
    ("address", "peer", "headers", "status"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1", {}, 200),
        ("http://localhost:8000", "::1", {}, 200),
        ("http://review.example", "127.0.0.1", {}, 303),
        ("http://127.0.0.1:8000", "203.0.113.9", {}, 303),
        ("http://127.0.0.1:8000", "127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 303),
        ("http://127.0.0.1:8000", "127.0.0.1", {"Host": "[oops"}, 303),
    ],
)
def test_the_one_person_at_this_machine_needs_no_sign_in(
    database: Database, address: str, peer: str, headers: dict[str, str], status: int
) -> None:
    """Only from this machine, under its own name, through no proxy."""
    app = make_app(database, access=Access(single_user=True))
    with TestClient(app, base_url=address, client=(peer, 1), follow_redirects=False) as client:
        answer = client.get("/year/2026", headers=headers)
    assert answer.status_code == status
    assert ("set-cookie" in answer.headers) == (status == 200)


def test_the_first_account_ends_the_single_user_mode(database: Database, clock: Clock) -> None:
    """And it is an admin's."""
    app = make_app(database, access=Access(single_user=True), now=clock)
    book = AccountBook(database, clock)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5), follow_redirects=False) as client:
        assert client.get("/").status_code == 200
        with pytest.raises(AccountRefused, match="first account"):
            book.accept(book.invite(Role.VIEWER, LOCAL), "low", hash_password(PASSWORD))
        book.accept(book.invite(Role.ADMIN, LOCAL), "root", hash_password(PASSWORD))
        assert client.get("/").status_code == 303


def test_the_first_link_makes_an_admin_once(stranger: TestClient, database: Database) -> None:
    """Short passwords are refused and spend nothing; a newer link voids the older; a spent one is gone."""
    book = AccountBook(database, Clock())
    older, secret = book.first_link(), book.first_link()
    assert stranger.get(f"/welcome/{older}").status_code == 410
    token = _token(stranger, f"/welcome/{secret}")

    def accept(password: str):
        fields = {"token": token, "name": "Ａdmin", "password": password}
        return stranger.post(f"/welcome/{secret}", data=fields, headers={"Origin": HOME})

    assert accept("short").status_code == 422
    assert accept(PASSWORD).status_code == 303
    assert stranger.get("/accounts").status_code == 200
    assert stranger.get(f"/welcome/{secret}").status_code == 410
    assert [(one.name, one.role) for one in book.all()] == [("admin", Role.ADMIN)]
    assert book.first_link() is None


def test_signing_in_leads_back_and_the_cookie_is_safe(stranger: TestClient, people: dict[Role, str]) -> None:
    """HttpOnly, SameSite, Secure under https; the page shows who is there; signing out ends the session itself."""
    door = stranger.get("/province/hubei/2026?kind=all").headers["location"]
    assert door == "/sign-in?next=%2Fprovince%2Fhubei%2F2026%3Fkind%3Dall"
    answer = _sign_in(stranger, "Viewer", to="/province/hubei/2026?kind=all")
    assert (answer.status_code, answer.headers["location"]) == (303, "/province/hubei/2026?kind=all")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("chengnuo_session="))
    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=lax", "Secure"))
    secret = stranger.cookies["chengnuo_session"]
    page = stranger.get("/province/hubei/2026")
    assert "退出" in page.text
    assert 'action="/verdicts' not in page.text
    stranger.post("/sign-out", data={"token": _token(stranger, "/")}, headers={"Origin": HOME})
    stranger.cookies.set("chengnuo_session", secret)
    assert stranger.get("/").status_code == 303


def test_a_new_sign_in_ends_the_browser_s_session_before(
    stranger: TestClient, database: Database, clock: Clock, people: dict[Role, str]
) -> None:
    """A session is never carried over, and is never one that somebody planted."""
    stranger.cookies.set("chengnuo_session", "planted")
    _sign_in(stranger, people[Role.VIEWER])
    first = stranger.cookies.get("chengnuo_session", domain="desk.example")
    assert first not in (None, "planted")
    _sign_in(stranger, people[Role.ADMIN])
    assert SessionBook(database, clock).person(first) is None


def test_sessions_end_by_themselves(
    stranger: TestClient, database: Database, clock: Clock, people: dict[Role, str]
) -> None:
    """After twelve idle hours, after seven days, and at once when the account is disabled or changes its role."""
    _sign_in(stranger, people[Role.VIEWER])
    clock.now += timedelta(hours=11)
    assert stranger.get("/").status_code == 200
    clock.now += timedelta(hours=13)
    assert stranger.get("/").status_code == 303
    _sign_in(stranger, people[Role.VIEWER])
    for _ in range(15):
        clock.now += timedelta(hours=11)
        assert stranger.get("/").status_code == 200
    clock.now += timedelta(hours=11)
    assert stranger.get("/").status_code == 303
    _sign_in(stranger, people[Role.VIEWER])
    book = AccountBook(database, clock)
    found = book.by_name("viewer")
    assert found is not None
    book.change(found[0].id, "admin", enabled=False)
    assert stranger.get("/").status_code == 303
    assert _sign_in(stranger, people[Role.VIEWER]).status_code == 401


def test_guessing_is_slowed_down(stranger: TestClient, clock: Clock, people: dict[Role, str]) -> None:
    """Eight wrong passwords, then a wait even for the right one; the answer never says whether the name exists."""
    answers = [_sign_in(stranger, "viewer", f"wrong password {n}") for n in range(8)]
    assert {answer.status_code for answer in answers} == {401}
    waiting = _sign_in(stranger, "viewer")
    assert waiting.status_code == 429
    assert 0 < int(waiting.headers["Retry-After"]) <= 901
    assert _sign_in(stranger, "nobody", "wrong password").text.count("账号或口令不对") == 1
    assert _sign_in(stranger, "admin").status_code == 303
    clock.now += timedelta(minutes=16)
    assert _sign_in(stranger, "viewer").status_code == 303


def test_the_last_admin_stays(stranger: TestClient, database: Database, people: dict[Role, str]) -> None:
    """Neither disabled nor demoted, at the page or in the book."""
    _sign_in(stranger, people[Role.ADMIN])
    fields = {"token": _token(stranger, "/accounts"), "role": "viewer"}
    found = AccountBook(database).by_name("admin")
    assert found is not None
    path = f"/accounts/{found[0].id}"
    assert stranger.post(path, data=fields, headers={"Origin": HOME}).status_code == 422
    assert stranger.post(path, data=fields | {"do": "disable"}, headers={"Origin": HOME}).status_code == 422
    assert AccountBook(database).has_admin()


def test_an_admin_invites_and_revokes(stranger: TestClient, database: Database, people: dict[Role, str]) -> None:
    """Links and tokens are shown once; what was done is in the audit log, and no secret is."""
    _sign_in(stranger, people[Role.ADMIN])
    token = {"token": _token(stranger, "/accounts")}
    shown = stranger.post("/accounts/invite", data=token | {"role": "viewer"}, headers={"Origin": HOME}).text
    link = re.search(rf"{HOME}/welcome/([\w-]+)", shown)
    assert link is not None
    made = stranger.post("/tokens", data=token | {"role": "viewer", "label": "BI"}, headers={"Origin": HOME}).text
    secret = re.search(r"chengnuo_[\w-]{40,}", made)
    assert secret is not None
    assert TokenBook(database).person(secret[0]) is not None
    assert secret[0] not in stranger.get("/tokens").text
    (listed,) = TokenBook(database).all()
    assert stranger.post(f"/tokens/{listed.id}/revoke", data=token, headers={"Origin": HOME}).status_code == 303
    assert TokenBook(database).person(secret[0]) is None
    audit = stranger.get("/audit").text
    assert all(word in audit for word in ("登录", "邀请", "新建令牌", "吊销令牌"))
    assert link[1] not in audit
    assert secret[0] not in audit


def test_a_password_link_signs_out_everywhere(
    stranger: TestClient, database: Database, clock: Clock, people: dict[Role, str]
) -> None:
    """The name stands fast, old sessions end, the new password works."""
    _sign_in(stranger, people[Role.VIEWER])
    book = AccountBook(database, clock)
    with _client(database, clock) as other:
        secret = book.invite(Role.VIEWER, "admin", name="viewer")
        fields = {"token": _token(other, f"/welcome/{secret}"), "name": "admin", "password": PASSWORD[::-1]}
        assert other.post(f"/welcome/{secret}", data=fields, headers={"Origin": HOME}).status_code == 303
    assert stranger.get("/").status_code == 303
    assert _sign_in(stranger, "viewer").status_code == 401
    assert _sign_in(stranger, "viewer", PASSWORD[::-1]).status_code == 303


def test_a_trusted_proxy_names_the_person(database: Database, clock: Clock, people: dict[Role, str]) -> None:
    """Only when it is configured, only from its address, only for an enabled account."""
    header = {"X-Remote-User": "Viewer"}
    trusting = {"proxy_header": "x-remote-user", "proxies": ("203.0.113.0/24",)}
    for access, headers, status in (
        ({}, header, 303),
        ({**trusting, "proxies": ("10.0.0.0/8",)}, header, 303),
        (trusting, {}, 303),
        (trusting, {"X-Remote-User": "nobody"}, 303),
        (trusting, header, 200),
    ):
        with _client(database, clock, **access) as client:
            assert client.get("/", headers=headers).status_code == status
    with _client(database, clock, **trusting) as client:
        token = _token_as(client, "reviewer")
        fields = {"token": token, "change": "abc123", "after": "0", "decision": "confirm"}
        client.post("/verdicts", data=fields, headers={"X-Remote-User": "reviewer", "Origin": HOME})
    assert [verdict.by for verdict in VerdictBook(database).of_change("abc123")] == ["reviewer"]


def _token_as(client: TestClient, name: str) -> str:
    page = client.get("/province/hubei/2026", headers={"X-Remote-User": name}).text
    found = re.search(r'name="token" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_a_form_token_is_good_for_its_own_session_only(
    database: Database, clock: Clock, people: dict[Role, str]
) -> None:
    """Another person's token, a token from before the sign-in, and a missing Origin are refused."""
    with _client(database, clock) as one, _client(database, clock) as other:
        early = _token(one, "/sign-in")
        _sign_in(one, people[Role.REVIEWER])
        _sign_in(other, people[Role.ADMIN])
        fields = {"change": "abc123", "after": "0", "decision": "confirm"}
        for token, origin in ((early, HOME), (_token(other, "/"), HOME), (_token(one, "/"), "https://evil.example")):
            answer = one.post("/verdicts", data=fields | {"token": token}, headers={"Origin": origin})
            assert answer.status_code == 403
        assert one.post("/verdicts", data=fields | {"token": _token(one, "/")}).status_code == 403
    assert VerdictBook(database).of_change("abc123") == ()


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "x", "", "/a\nb", "/页"])
def test_no_link_leads_a_person_elsewhere_after_the_sign_in(to: str) -> None:
    """Only an address of our own is followed."""
    assert own_path(to) == "/"
    assert own_path("/province/hubei/2026?kind=all") == "/province/hubei/2026?kind=all"


def test_the_audit_log_is_append_only(database: Database, clock: Clock) -> None:
    """The database itself refuses to change or delete what was done."""
    AuditLog(database, clock).append("admin", "invite", "viewer")
    for statement in ("UPDATE audit SET action = 'x'", "DELETE FROM audit"):
        with pytest.raises(Exception, match="append-only"), database.engine().begin() as connection:
            connection.exec_driver_sql(statement)
