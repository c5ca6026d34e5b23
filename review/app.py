"""The analysts' pages: server-rendered, no inline script, nothing from any other host."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

from review.evidence import add_evidence
from review.guard import Guard, set_cookie
from review.health import Probes, add_health
from review.judging import PAIRED, add_judging
from review.matrix import Desk, years
from review.rendering import CHINA, HERE, Pages, environment
from schema.announcements import Source
from schema.changes import Kind
from schema.errors import UnknownProvince
from schema.provinces import PROVINCES, Province, find_province
from schema.verdicts import standing
from store.archive import Archive, utc_now
from store.comparisons import Comparisons, KeptYearlyDiff
from store.database import Database
from store.incidents import IncidentBook
from store.verdicts import VerdictBook

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def make_app(
    database: Database,
    sources: Sequence[Source] = (),
    *,
    now: Callable[[], datetime] = utc_now,
    probes: Probes | None = None,
) -> FastAPI:
    """The application on an open database. ``now`` dates verdicts; verdicts are taken on loopback only.

    ``probes`` answer for readiness and metrics; without them the process can only say that it is alive.
    """
    archive = Archive(database)
    comparisons = Comparisons(database, archive)
    desk = Desk(archive, comparisons, IncidentBook(database), VerdictBook(database), sources)
    pages, guard = Pages(desk, environment()), Guard()
    app = FastAPI(title="chengnuo", docs_url=None, redoc_url=None)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.middleware("http")(_guarded)
    _overview(app, pages, now)
    _province(app, pages, guard)
    _sources(app, pages)
    add_evidence(app, pages)
    add_judging(app, pages, guard, now)
    add_health(app, probes or Probes())
    return app


async def _guarded(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await go_on(request)
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    # not no-referrer: under it browsers send "Origin: null" with our own forms, and the origin could not be checked
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _overview(app: FastAPI, pages: Pages, now: Callable[[], datetime]) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def newest(request: Request) -> Response:
        """The newest year."""
        known = years(pages.desk.archive)
        return _year(request, known[0] if known else now().astimezone(CHINA).year)

    @app.get("/year/{year}", response_class=HTMLResponse, include_in_schema=False)
    def chosen(request: Request, year: int) -> Response:
        """One year."""
        return _year(request, year)

    def _year(request: Request, year: int) -> Response:
        known = sorted({*years(pages.desk.archive), year}, reverse=True)
        return pages.render(request, "matrix.html", year=year, years=known, cells=pages.desk.matrix(year))


def _province(app: FastAPI, pages: Pages, guard: Guard) -> None:
    @app.get("/province/{name}/{year}", response_class=HTMLResponse, include_in_schema=False)
    def province(request: Request, name: str, year: int, kind: str = "changed") -> Response:
        """One province's year beside the year before."""
        try:
            place = find_province(name)
        except UnknownProvince:
            return pages.missing(request)
        value, token = guard.ticket(request) if guard.may_write(request) else ("", "")
        shown = kind if kind in {"all", "changed", *(k.value for k in Kind)} else "changed"
        values = _values(pages.desk, place, year)
        page = pages.render(request, "province.html", kind=shown, token=token, paired=PAIRED, **values)
        if value:
            set_cookie(page, value)
        return page


def _values(desk: Desk, place: Province, year: int) -> dict[str, Any]:
    kept = desk.comparisons.diff(place.slug, year)
    verdicts = desk.verdicts.of_diff(kept.diff) if kept else {}
    return {
        "place": place,
        "year": year,
        "kept": kept,
        "earlier": desk.archive.version(kept.earlier_id) if kept else None,
        "later": desk.archive.version(kept.later_id) if kept else None,
        "revisions": desk.comparisons.revisions(place.slug, year),
        "held": [a for a in desk.archive.announcements(year, place.slug) if a.announcement.quarantine],
        "known": sorted((y for slug, y in desk.archive.editions() if slug == place.slug), reverse=True),
        "directives": _directives(kept),
        "verdicts": verdicts,
        "standing": {key: standing(history) for key, history in verdicts.items()},
    }


def _directives(kept: KeptYearlyDiff | None) -> dict[str, str]:
    """Unit id with its side → the heading it stands under."""
    if kept is None:
        return {}
    sides = (("old", kept.diff.old_units), ("new", kept.diff.new_units))
    return {f"{side}:{unit.id}": unit.directive for side, units in sides for unit in units}


def _sources(app: FastAPI, pages: Pages) -> None:
    @app.get("/sources", response_class=HTMLResponse, include_in_schema=False)
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
