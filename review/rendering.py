"""Templates in the language a request asks for; the one file that knows Jinja."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from review import labels, people_words, places, words
from review.guard import Gate
from review.marks import blocks, pieces
from review.matrix import Desk
from review.reasons import note_words, why
from schema.accounts import Role
from schema.words import CONFIDENCES, DIMENSIONS, DIRECTIONS, KINDS
from store.memory import Stamp

HERE = Path(__file__).parent
CHINA = ZoneInfo("Asia/Shanghai")
WORDS = words.WORDS | people_words.WORDS
REFUSALS = words.REFUSALS | people_words.REFUSALS
MENU = (
    ("/", "overview"),
    ("/changes", "stream"),
    ("/targets", "ledger"),
    ("/search", "search"),
    ("/agreement", "agreement"),
    ("/sources", "sources"),
)
"""What stands in the head of every page: an address, and its key in words.WORDS."""
TOKEN_PLACE = secrets.token_hex(16)
"""Stands in a kept page where each reader's own token goes; no text of the archive can hold it."""
ADMIN_MENU = (("/accounts", "accounts"), ("/tokens", "tokens"), ("/audit", "audit"))


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders templates in the language a request asks for."""

    desk: Desk
    templates: Environment
    gate: Gate

    def render(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page. ``?lang=en`` chooses English.

        Every template knows ``person`` (None for a stranger), ``may_review``, ``is_admin``, and ``token`` for its
        forms; ``token`` is empty where the person may not write.
        """
        with_form = values.pop("with_form", False)
        person = getattr(request.state, "person", None)
        cookie, token = self.gate.ticket(request) if person is not None or with_form else ("", "")
        return self._page(self._html(request, template, token, values), status, cookie)

    def kept(
        self, request: Request, template: str, at: Stamp, rests_on: Hashable, make: Callable[[], Mapping[str, Any]]
    ) -> HTMLResponse:
        """A page that is made once for as long as the archive stays at ``at``, for everybody who may see the same.

        ``rests_on``: what it shows beside the archive, read for this request; ``make``: what its template is given.
        """
        person = getattr(request.state, "person", None)
        cookie, token = self.gate.ticket(request)
        key = (template, request.url.path, request.url.query, person, rests_on)
        html = self.desk.pages.get(key, lambda: self._html(request, template, TOKEN_PLACE, make()), at)
        return self._page(html.replace(TOKEN_PLACE, token), 200, cookie)

    def _html(self, request: Request, template: str, token: str, values: Mapping[str, Any]) -> str:
        person = getattr(request.state, "person", None)
        given = {
            **vocabulary(language(request)),
            **_standing_at(request),
            "person": person,
            "may_review": person is not None and person.role.covers(Role.REVIEWER),
            "is_admin": person is not None and person.role is Role.ADMIN,
            "token": token,
        }
        return self.templates.get_template(template).render(**(given | dict(values)))

    def _page(self, html: str, status: int, cookie: str) -> HTMLResponse:
        page = HTMLResponse(html, status, {"Cache-Control": "private, no-store"})
        if cookie:
            self.gate.set_form(page, cookie)
        return page

    def missing(self, request: Request) -> HTMLResponse:
        """404, in words."""
        return self.render(request, "missing.html", 404)

    def refused(self, request: Request, status: int, why: str) -> HTMLResponse:
        """A refusal, in words; ``why`` is a key of REFUSALS."""
        return self.render(request, "refused.html", status, number=status, why=REFUSALS[why])


def _standing_at(request: Request) -> dict[str, Any]:
    """Where the reader is: the address, its place in the menu, and the same page in the other language."""
    lang, path = language(request), request.url.path
    return {
        "path": path,
        "suffix": "?lang=en" if lang == "en" else "",
        "section": _section(path),
        "menu": MENU,
        "admin_menu": (*ADMIN_MENU, *getattr(request.app.state, "more_admin_menu", ())),
        "other": _other_language(request, lang) if request.method == "GET" else "",
    }


def vocabulary(lang: str) -> dict[str, Any]:
    """What every template is given: the language, its words, and addresses that keep it."""
    which = 0 if lang == "zh" else 1

    def link(path: str, query: str = "", **more: Any) -> str:
        pairs = dict(parse_qsl(query)) | {key: str(value) for key, value in more.items() if value not in ("", None)}
        if lang == "en":
            pairs["lang"] = "en"
        return path + (f"?{urlencode(pairs)}" if pairs else "")

    return {
        "lang": lang,
        "which": which,
        "w": {key: pair[which] for key, pair in WORDS.items()},
        "link": link,
    }


def language(request: Request) -> str:
    """Zh, or en when the address says so."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


def _other_language(request: Request, lang: str) -> str:
    pairs = {key: value for key, value in request.query_params.items() if key != "lang"}
    if lang == "zh":
        pairs["lang"] = "en"
    return request.url.path + (f"?{urlencode(pairs)}" if pairs else "")


def _section(path: str) -> str:
    head = "/" + path.split("/")[1]
    return "/" if head in ("/year", "/province", "/edition", "/report") else "/changes" if head == "/change" else head


def choices(entries: Mapping[Any, Any], lang: str, *, first: int = 0) -> list[tuple[str, str]]:
    """Keys and names of a vocabulary for a select; ``first`` is where the Chinese name stands in an entry."""
    which = first + (0 if lang == "zh" else 1)
    return [(str(key), entry[which]) for key, entry in entries.items()]


def environment() -> Environment:
    """Everything is escaped; a name a template does not get is an error."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.globals.update(
        kinds={kind.value: entry for kind, entry in KINDS.items()},
        dimensions=DIMENSIONS,
        directions=DIRECTIONS,
        confidences=CONFIDENCES,
        structures=labels.STRUCTURES,
        reasons=labels.REASONS,
        decisions=labels.DECISIONS,
        roles=people_words.ROLES,
        actions=people_words.ACTIONS,
        about=labels.ABOUT,
        ranks=labels.RANKS,
        source_kinds=labels.SOURCE_KINDS,
        outcomes=labels.OUTCOMES,
        refused_pages=labels.REFUSED_PAGES,
        comparators=labels.COMPARATORS,
        key_help=labels.KEY_HELP,
        tiles=places.TILES,
        short_name=places.short_name,
        full_name=places.full_name,
        region_name=places.region_name,
        why=why,
        note_words=note_words,
        pieces=pieces,
        blocks=blocks,
        dict=dict,
    )
    templates.filters["china"] = lambda moment: moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    templates.filters["day"] = lambda moment: moment.astimezone(CHINA).strftime("%Y-%m-%d")
    templates.filters["web"] = lambda url: url.startswith(("http://", "https://"))
    templates.filters["number"] = lambda value: f"{value:,.10g}"
    return templates
