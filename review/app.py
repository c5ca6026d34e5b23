"""The analysts' pages: server-rendered, no inline script, nothing from any other host."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from review import words
from review.marks import pieces
from review.matrix import Desk, years
from schema.announcements import Source
from schema.changes import Kind
from schema.errors import UnknownProvince
from schema.provinces import PROVINCES, find_province
from schema.words import CONFIDENCES, DIMENSIONS, DIRECTIONS, KINDS
from store.archive import Archive
from store.comparisons import Comparisons, KeptYearlyDiff
from store.database import Database
from store.incidents import IncidentBook

HERE = Path(__file__).parent
CHINA = ZoneInfo("Asia/Shanghai")
CSP = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_SHA = re.compile(r"[0-9a-f]{64}")
LONGEST = 200_000
"""Characters of a captured page that are shown."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders templates in the language a request asks for."""

    desk: Desk
    templates: Environment

    def render(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page. ``?lang=en`` chooses English."""
        lang = "en" if request.query_params.get("lang") == "en" else "zh"
        which = 0 if lang == "zh" else 1
        chosen = {key: pair[which] for key, pair in words.WORDS.items()}
        html = self.templates.get_template(template).render(
            lang=lang, w=chosen, which=which, path=request.url.path, suffix="?lang=en" if lang == "en" else "", **values
        )
        return HTMLResponse(html, status)


def make_app(database: Database, sources: Sequence[Source] = ()) -> FastAPI:
    """The application on an open database."""
    archive = Archive(database)
    desk = Desk(archive, Comparisons(database, archive), IncidentBook(database), sources)
    pages = Pages(desk, _environment())
    app = FastAPI(title="chengnuo", docs_url=None, redoc_url=None)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.middleware("http")(_guarded)
    _overview(app, pages)
    _province(app, pages)
    _evidence(app, pages)
    _sources(app, pages)
    return app


def _environment() -> Environment:
    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    templates.globals.update(
        kinds={kind.value: entry for kind, entry in KINDS.items()},
        dimensions=DIMENSIONS,
        directions=DIRECTIONS,
        confidences=CONFIDENCES,
        structures=words.STRUCTURES,
        reasons=words.REASONS,
        pieces=pieces,
    )
    templates.filters["china"] = lambda moment: moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return templates


async def _guarded(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await go_on(request)
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _overview(app: FastAPI, pages: Pages) -> None:
    @app.get("/", response_class=HTMLResponse)
    def newest(request: Request) -> Response:
        """The newest year."""
        known = years(pages.desk.archive)
        return _year(request, known[0] if known else datetime.now(CHINA).year)

    @app.get("/year/{year}", response_class=HTMLResponse)
    def chosen(request: Request, year: int) -> Response:
        """One year."""
        return _year(request, year)

    def _year(request: Request, year: int) -> Response:
        known = sorted({*years(pages.desk.archive), year}, reverse=True)
        return pages.render(request, "matrix.html", year=year, years=known, cells=pages.desk.matrix(year))

    @app.get("/healthz")
    def health() -> Response:
        """Answers when the database does."""
        return JSONResponse({"ok": True, "editions": len(pages.desk.archive.editions())})


def _province(app: FastAPI, pages: Pages) -> None:
    @app.get("/province/{name}/{year}", response_class=HTMLResponse)
    def province(request: Request, name: str, year: int, kind: str = "changed") -> Response:
        """One province's year beside the year before."""
        try:
            place = find_province(name)
        except UnknownProvince:
            return pages.render(request, "missing.html", 404)
        archive, comparisons = pages.desk.archive, pages.desk.comparisons
        kept = comparisons.diff(place.slug, year)
        values: dict[str, Any] = {
            "place": place,
            "year": year,
            "kept": kept,
            "kind": kind if kind in {"all", "changed", *(k.value for k in Kind)} else "changed",
            "earlier": archive.version(kept.earlier_id) if kept else None,
            "later": archive.version(kept.later_id) if kept else None,
            "revisions": comparisons.revisions(place.slug, year),
            "held": [a for a in archive.announcements(year, place.slug) if a.announcement.quarantine],
            "known": sorted((y for slug, y in archive.editions() if slug == place.slug), reverse=True),
            "directives": _directives(kept),
        }
        return pages.render(request, "province.html", **values)


def _directives(kept: KeptYearlyDiff | None) -> dict[str, str]:
    """Unit id with its side → the heading it stands under."""
    if kept is None:
        return {}
    sides = (("old", kept.diff.old_units), ("new", kept.diff.new_units))
    return {f"{side}:{unit.id}": unit.directive for side, units in sides for unit in units}


def _evidence(app: FastAPI, pages: Pages) -> None:
    @app.get("/page/{sha256}", response_class=HTMLResponse)
    def page(request: Request, sha256: str) -> Response:
        """A page as captured: as text, never as the site's own HTML."""
        kept = pages.desk.archive.page(sha256) if _SHA.fullmatch(sha256) else None
        if kept is None:
            return pages.render(request, "missing.html", 404)
        text = _TAG.sub(" ", kept.body.decode("utf-8", "replace"))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return pages.render(request, "page.html", kept=kept, text="\n".join(lines)[:LONGEST])

    @app.get("/page/{sha256}/raw")
    def raw(request: Request, sha256: str) -> Response:
        """The bytes as received, as a download."""
        kept = pages.desk.archive.page(sha256) if _SHA.fullmatch(sha256) else None
        if kept is None:
            return pages.render(request, "missing.html", 404)
        headers = {"Content-Disposition": f'attachment; filename="{sha256[:16]}.bin"'}
        return Response(kept.body, media_type="application/octet-stream", headers=headers)


def _sources(app: FastAPI, pages: Pages) -> None:
    @app.get("/sources", response_class=HTMLResponse)
    def sources(request: Request) -> Response:
        """Every source with its last visits, and what is wrong."""
        checks = pages.desk.archive.checks(limit=200)
        names = {p.slug: p for p in PROVINCES}
        return pages.render(
            request,
            "sources.html",
            checks=checks,
            incidents=pages.desk.incidents.open(),
            sources=pages.desk.sources,
            names=names,
        )
