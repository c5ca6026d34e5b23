"""省份对照: one province's year beside the year before, item by item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.filters import Filters
from review.gathered import diff_lines
from review.guard import require
from review.judging import PAIRED
from review.lines import Line
from review.matrix import Desk
from review.pages.choices import filter_choices
from review.rendering import language
from review.sections import sections
from review.site import Site
from schema.accounts import Role
from schema.changes import ALERT_KINDS
from schema.errors import UnknownProvince
from schema.provinces import Province, find_province


def add_province(app: FastAPI, site: Site) -> None:
    """`/province/{name}/{year}`."""
    pages = site.pages

    @app.get("/province/{name}/{year}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def province(request: Request, name: str, year: int) -> Response:
        """One province's year beside the year before."""
        try:
            place = find_province(name)
        except UnknownProvince:
            return pages.missing(request)
        filters = Filters.read(request.query_params)
        values = _found(pages.desk, place, year) | _compared(pages.desk, place, year, filters)
        return pages.render(request, "province.html", **values, **filter_choices(language(request)))


def _found(desk: Desk, place: Province, year: int) -> dict[str, Any]:
    """Which versions there are, what was held back, and what is wrong with the sources."""
    kept = desk.comparisons.diff(place.slug, year)
    return {
        "place": place,
        "year": year,
        "kept": kept,
        "earlier": desk.archive.version(kept.earlier_id) if kept else None,
        "later": desk.archive.version(kept.later_id) if kept else None,
        "revisions": desk.comparisons.revisions(place.slug, year),
        "held": [a for a in desk.archive.announcements(year, place.slug) if a.announcement.quarantine],
        "incidents": [one for one in desk.incidents.open() if one.province == place.slug],
        "known": sorted({y for slug, y in desk.archive.editions() if slug == place.slug} | {year}, reverse=True),
    }


def _compared(desk: Desk, place: Province, year: int, filters: Filters) -> dict[str, Any]:
    kept = desk.comparisons.diff(place.slug, year)
    lines: Sequence[Line] = diff_lines(desk, kept) if kept else ()
    asked = filters if filters.kind else Filters.read({**_plain(filters), "kind": "changed"})
    shown = [line for line in lines if asked.takes(line)]
    return {
        "filters": filters,
        "shown": asked.kind,
        "shown_query": filters.query(),
        "sections": sections(kept.diff, shown) if kept else [],
        "counts": Counter(line.change.kind.value for line in lines),
        "to_review": sum(line.change.kind in ALERT_KINDS for line in lines),
        "reviewed": sum(line.change.kind in ALERT_KINDS and line.now is not None for line in lines),
        "paired": PAIRED,
    }


def _plain(filters: Filters) -> dict[str, str]:
    return {name: getattr(filters, name) for name in filters.__slots__}
