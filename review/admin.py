"""账号、令牌、操作记录: the admins' pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from review.forms import Posted
from review.guard import Refused, require
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from schema.errors import AccountRefused
from store.audit import AuditLog

ENTRIES = 200
"""Audit entries on a page."""
LONGEST_LABEL = 80


def add_admin(app: FastAPI, site: Site) -> None:
    """`/accounts`, `/tokens`, `/audit`."""
    _accounts(app, site)
    _tokens(app, site)
    _audit(app, site)


def _accounts(app: FastAPI, site: Site) -> None:
    book = site.gate.accounts

    def _page(request: Request, link: str = "") -> Response:
        return site.pages.render(request, "accounts.html", accounts=book.all(), one_time_link=link)

    @app.get("/accounts", response_class=HTMLResponse, dependencies=[require(Role.ADMIN)])
    def accounts(request: Request) -> Response:
        """Everybody, with roles."""
        return _page(request)

    @app.post("/accounts/invite", dependencies=[require(Role.ADMIN)])
    def invite(request: Request, fields: Posted) -> Response:
        """A link for a new person, or for a new password; shown once."""
        name, by = fields.get("name") or None, request.state.person.name
        try:
            secret = book.invite(role_of(fields), by, name=name)
        except AccountRefused as error:
            raise Refused(422, error.why) from error
        return _page(request, f"{site.gate.access.base_url}/welcome/{secret}")

    @app.post("/accounts/{number}", dependencies=[require(Role.ADMIN)])
    def change(request: Request, number: int, fields: Posted) -> Response:
        """Another role, disabled, enabled."""
        enabled = {"disable": False, "enable": True}.get(fields.get("do", ""))
        role = role_of(fields) if enabled is None else None
        try:
            book.change(number, request.state.person.name, role=role, enabled=enabled)
        except AccountRefused as error:
            raise Refused(422, error.why) from error
        return _back(request, "/accounts")


def _tokens(app: FastAPI, site: Site) -> None:
    book = site.gate.tokens

    def _page(request: Request, secret: str = "") -> Response:
        return site.pages.render(request, "tokens.html", tokens=book.all(), secret=secret)

    @app.get("/tokens", response_class=HTMLResponse, dependencies=[require(Role.ADMIN)])
    def tokens(request: Request) -> Response:
        """Every token; never its secret."""
        return _page(request)

    @app.post("/tokens", dependencies=[require(Role.ADMIN)])
    def make(request: Request, fields: Posted) -> Response:
        """A new token, shown once."""
        label, person = fields.get("label", "").strip(), request.state.person
        if not 0 < len(label) <= LONGEST_LABEL:
            raise Refused(422, "no_label")
        lasts = _days(fields.get("days", ""))
        _, secret = book.make(label, role_of(fields), person.name, account_id=person.account, lasts=lasts)
        return _page(request, secret)

    @app.post("/tokens/{number}/revoke", dependencies=[require(Role.ADMIN)])
    def revoke(request: Request, number: int, fields: Posted) -> Response:
        """Void it at once."""
        del fields
        if not book.revoke(number, request.state.person.name):
            return site.pages.missing(request)
        return _back(request, "/tokens")


def _audit(app: FastAPI, site: Site) -> None:
    log = AuditLog(site.database, site.now)

    @app.get("/audit", response_class=HTMLResponse, dependencies=[require(Role.ADMIN)])
    def audit(request: Request, before: int | None = None) -> Response:
        """What people did, newest first."""
        found = log.entries(ENTRIES + 1, before)
        more: Any = found[ENTRIES - 1].id if len(found) > ENTRIES else None
        return site.pages.render(request, "audit.html", entries=found[:ENTRIES], more=more)


def role_of(fields: dict[str, str]) -> Role:
    """The role a form names. Raises Refused 422."""
    found = next((role for role in Role if role.value == fields.get("role")), None)
    if found is None:
        raise Refused(422, "no_role")
    return found


def _days(text: str) -> timedelta | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 0 < int(text) <= 3650):
        raise Refused(422, "no_days")
    return timedelta(days=int(text))


def _back(request: Request, path: str) -> Response:
    return RedirectResponse(path + ("?lang=en" if language(request) == "en" else ""), 303)
