"""省份对照: one province's year beside the year before, item by item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.filters import Filters
from review.gathered import Compared, compared
from review.guard import require
from review.judging import PAIRED
from review.lines import Line
from review.matrix import Desk
from review.pages.choices import filter_choices
from review.rendering import language
from review.sections import sections
from review.site import Site
from schema.accounts import Role
from schema.changes import DiffOutcome
from schema.errors import UnknownProvince
from schema.provinces import Province, find_province
from store.memory import Stamp


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
        desk, at = pages.desk, pages.desk.stamp(year)
        incidents = tuple(one for one in desk.incidents.open() if one.province == place.slug)

        def values() -> dict[str, Any]:
            found = compared(desk, place.slug, year, at)
            filters = Filters.read(request.query_params)
            around = _around(desk, place, year, at) | {"incidents": incidents}
            return around | _versions(desk, found) | _shown(found, filters) | filter_choices(language(request))

        return pages.kept(request, "province.html", at, incidents, values)


def _around(desk: Desk, place: Province, year: int, at: Stamp) -> dict[str, Any]:
    """What was held back, and which years there are."""
    return {
        "place": place,
        "year": year,
        "revisions": desk.revisions(place.slug, year, at),
        "held": desk.held_back(place.slug, year, at),
        "known": sorted({*desk.years_of(place.slug, at), year}, reverse=True),
    }


def _versions(desk: Desk, found: Compared | None) -> dict[str, Any]:
    """The two texts; a baseline's with its commitments, since there is nothing else to show."""
    kept = found.kept if found else None
    whole = kept is not None and kept.diff.outcome is DiffOutcome.BASELINE
    numbers = [n for n in (kept.earlier_id, kept.later_id) if n] if kept else []
    texts = desk.archive.versions_by_number(numbers, full=whole)
    return {
        "kept": kept,
        "earlier": texts.get(kept.earlier_id) if kept else None,
        "later": texts.get(kept.later_id) if kept else None,
    }


def _shown(found: Compared | None, filters: Filters) -> dict[str, Any]:
    lines: Sequence[Line] = found.lines if found else ()
    asked = filters if filters.kind else Filters.read({**_plain(filters), "kind": "changed"})
    shown = [line for line in lines if asked.takes(line)]
    return {
        "filters": filters,
        "shown": asked.kind,
        "shown_query": filters.query(),
        "sections": sections(found.kept.diff, shown) if found else [],
        "counts": Counter(line.kind.value for line in lines if line.kind),
        "to_review": sum(line.asks for line in lines),
        "reviewed": sum(line.asks and not line.waits for line in lines),
        "paired": PAIRED,
    }


def _plain(filters: Filters) -> dict[str, str]:
    return {name: getattr(filters, name) for name in filters.__slots__}
