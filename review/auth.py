"""Signing in, signing out, and links that are good once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from review.forms import Posted
from review.guard import SESSION_COOKIE, Gate, public, require
from review.passwords import hash_password, matches
from review.rendering import REFUSALS, language
from review.site import Site
from schema.accounts import Account, Role
from schema.errors import AccountRefused


def add_auth(app: FastAPI, site: Site) -> None:
    """`/sign-in`, `/sign-out`, `/welcome/{secret}`."""
    _sign_in(app, site)
    _sign_out(app, site)
    _welcome(app, site)


def _sign_in(app: FastAPI, site: Site) -> None:
    gate = site.gate

    @app.get("/sign-in", response_class=HTMLResponse, dependencies=[public()])  # where strangers prove who they are
    def door(request: Request) -> Response:
        """The form."""
        return _door(site, request, to=own_path(request.query_params.get("next", "")))

    @app.post("/sign-in", dependencies=[public()])
    def enter(request: Request, fields: Posted) -> Response:
        """Name and password; then back to where the person wanted to go."""
        name, to = fields.get("name", "").strip().casefold(), own_path(fields.get("next", ""))
        address = gate.address(request)
        wait = gate.sessions.wait(name, address)
        if wait is not None:
            page = _door(site, request, 429, to=to, why="too_often")
            page.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
            return page
        account = _proved(gate, name, fields.get("password", ""))
        if account is None:
            gate.sessions.failed(name, address)
            return _door(site, request, 401, to=to, why="wrong_password")
        return _enter(gate, request, account, to)


def _proved(gate: Gate, name: str, password: str) -> Account | None:
    found = gate.accounts.by_name(name)
    known = found[0] if found and found[0].enabled else None
    return known if matches(password, found[1] if found and known else None) else None


def _enter(gate: Gate, request: Request, account: Account, to: str) -> Response:
    answer = RedirectResponse(to, 303)
    before = request.cookies.get(SESSION_COOKIE, "")
    gate.set_session(answer, gate.sessions.begin(account.id, gate.address(request), ending=before))
    return answer


def _door(site: Site, request: Request, status: int = 200, *, to: str, why: str = "") -> HTMLResponse:
    values: dict[str, Any] = {"to": to, "why": REFUSALS[why] if why else None, "with_form": True}
    return site.pages.render(request, "sign_in.html", status, **values)


def _sign_out(app: FastAPI, site: Site) -> None:
    gate = site.gate

    @app.post("/sign-out", dependencies=[require(Role.VIEWER)])
    def leave(request: Request, fields: Posted) -> Response:
        """End this session, or every one of the account."""
        person = request.state.person
        if fields.get("everywhere") and person.account is not None:
            gate.sessions.end_all(person.account, person.name)
        gate.sessions.end(request.cookies.get(SESSION_COOKIE, ""), person.name, gate.address(request))
        answer = RedirectResponse("/sign-in" + ("?lang=en" if language(request) == "en" else ""), 303)
        gate.set_session(answer, "")
        return answer


def _welcome(app: FastAPI, site: Site) -> None:
    gate = site.gate

    def _form(request: Request, secret: str, status: int = 200, why: str = "") -> Response:
        invitation = gate.accounts.invitation(secret)
        if invitation is None:
            return site.pages.refused(request, 410, "link_spent")
        values: dict[str, Any] = {"invitation": invitation, "why": REFUSALS[why] if why else None, "with_form": True}
        return site.pages.render(request, "welcome.html", status, **values)

    @app.get("/welcome/{secret}", response_class=HTMLResponse, dependencies=[public()])  # the link is the proof
    def invited(request: Request, secret: str) -> Response:
        """The form for a name and a password."""
        return _form(request, secret)

    @app.post("/welcome/{secret}", dependencies=[public()])
    def accept(request: Request, secret: str, fields: Posted) -> Response:
        """Make the account, or renew its password, and sign in."""
        invitation = gate.accounts.invitation(secret)
        if invitation is None:
            return _form(request, secret)
        name = invitation.name or fields.get("name", "")
        try:
            password = hash_password(fields.get("password", ""), name)
            account = gate.accounts.accept(secret, name, password, gate.address(request))
        except AccountRefused as error:
            return _form(request, secret, 422, error.why)
        return _enter(gate, request, account, "/")


def own_path(to: str) -> str:
    """An address of our own to go to next; the overview for anything that could lead elsewhere."""
    plain = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable() and to.isascii()
    if not plain:
        return "/"
    parts = urlsplit(to)
    return to if not parts.scheme and not parts.netloc else "/"
