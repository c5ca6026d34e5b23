"""年度版本: the standing text of a province and year at an address that stays, and every version before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.guard import require
from review.paging import whole_number
from review.rendering import CHINA
from review.site import Site
from schema.accounts import Role
from schema.errors import UnknownProvince
from schema.provinces import find_province


def add_edition(app: FastAPI, site: Site) -> None:
    """`/edition/{name}/{year}`, with ``?as_of=2026-03-01`` or ``?version=12``."""
    pages, archive = site.pages, site.desk.archive

    @app.get("/edition/{name}/{year}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def edition(request: Request, name: str, year: int) -> Response:
        """The text as directives and commitments, where it comes from, and its versions."""
        try:
            place = find_province(name)
        except UnknownProvince:
            return pages.missing(request)
        versions = archive.versions(place.slug, year)
        standing = archive.edition(place.slug, year, _until(request.query_params.get("as_of", "")))
        wanted = whole_number(request.query_params.get("version", ""))
        shown = next((one for one in versions if one.announcement_id == wanted), standing)
        if shown is None:
            return pages.missing(request)
        values: dict[str, Any] = {
            "place": place,
            "year": year,
            "shown": shown,
            "standing": standing,
            "versions": versions,
        }
        return pages.render(request, "edition.html", **values)


def _until(text: str) -> datetime | None:
    """The end of a day in China, or None for what is no date."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA) + timedelta(days=1)
    except ValueError:
        return None
