"""变化流: the changes of a year across provinces, the newest comparison first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.filters import Filters
from review.gathered import year_lines
from review.guard import require
from review.lines import Line
from review.matrix import Desk
from review.pages.choices import filter_choices
from review.paging import page_of, whole_number
from review.rendering import CHINA, language
from review.site import Site
from schema.accounts import Role

PER_PAGE = 50


def add_stream(app: FastAPI, site: Site) -> None:
    """`/changes`."""
    pages = site.pages

    @app.get("/changes", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def stream(request: Request) -> Response:
        """Everything that meets the filters, a page at a time."""
        known = pages.desk.years()
        asked = whole_number(request.query_params.get("year", ""))
        year = asked or (known[0] if known else site.now().astimezone(CHINA).year)
        at = pages.desk.stamp(year)
        return pages.kept(request, "stream.html", at, (year, *known), lambda: _shown(pages.desk, request, year, known))


def _shown(desk: Desk, request: Request, year: int, known: Sequence[int]) -> dict[str, Any]:
    query = request.query_params
    filters = Filters.read({**query, "kind": query.get("kind") or "changed"})
    since = _day(query.get("since", ""))
    found = [line for line in year_lines(desk, year, filters) if since is None or line.kept.made_at >= since]
    found.sort(key=_newest_first)
    return {
        "year": year,
        "years": known,
        "filters": filters,
        "since": query.get("since", "") if since else "",
        "part": page_of(found, whole_number(query.get("page", "")), PER_PAGE),
        "total": len(found),
        "query": filters.query(year=str(year), since=query.get("since", "") if since else ""),
        **filter_choices(language(request)),
    }


def _newest_first(line: Line) -> float:
    """Comparisons of one day stay in the order of regions and provinces."""
    return -line.kept.made_at.astimezone(CHINA).toordinal()


def _day(text: str) -> datetime | None:
    """The beginning of a day in China, or None for what is no date."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA)
    except ValueError:
        return None
