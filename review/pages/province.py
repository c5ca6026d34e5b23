"""省份对照: one province's year beside the year before."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.guard import require
from review.judging import PAIRED
from review.matrix import Desk
from review.site import Site
from schema.accounts import Role
from schema.changes import Kind
from schema.errors import UnknownProvince
from schema.provinces import Province, find_province
from schema.verdicts import standing
from store.comparisons import KeptYearlyDiff


def add_province(app: FastAPI, site: Site) -> None:
    """`/province/{name}/{year}`."""
    pages = site.pages

    @app.get("/province/{name}/{year}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def province(request: Request, name: str, year: int, kind: str = "changed") -> Response:
        """One province's year beside the year before."""
        try:
            place = find_province(name)
        except UnknownProvince:
            return pages.missing(request)
        shown = kind if kind in {"all", "changed", *(k.value for k in Kind)} else "changed"
        return pages.render(request, "province.html", kind=shown, paired=PAIRED, **_values(pages.desk, place, year))


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
