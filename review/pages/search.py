"""检索: every commitment of every year, by words and substrings."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.guard import require
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from schema.errors import UnknownProvince
from schema.provinces import PROVINCES, find_province
from store.search import Search, SearchQuery

ON_PAGE = 50
LONGEST = 200
"""Characters of a query."""


def add_search(app: FastAPI, site: Site) -> None:
    """`/search`."""
    search = Search(site.database)

    @app.get("/search", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def look(request: Request) -> Response:
        """The newest year first, fifty on a page."""
        asked = request.query_params
        q, province, year, topic = (asked.get(name, "")[:LONGEST] for name in ("q", "province", "year", "topic"))
        wanted, page = SearchQuery(q, _slug(province), _year(year), topic), _page(asked.get("page", ""))
        found = search.find(wanted, ON_PAGE, (page - 1) * ON_PAGE)
        kept = {"q": q, "province": province, "year": year, "topic": topic}
        if language(request) == "en":
            kept["lang"] = "en"
        turn = {n: urlencode({**{k: v for k, v in kept.items() if v}, "page": n}) for n in (page - 1, page + 1)}
        return site.pages.render(
            request,
            "search.html",
            asked=wanted,
            found=found,
            provinces=PROVINCES,
            names={one.slug: one for one in PROVINCES},
            years=site.desk.years(),
            before=turn[page - 1] if page > 1 else None,
            after=turn[page + 1] if page * ON_PAGE < found.total else None,
        )


def _slug(name: str) -> str | None:
    try:
        return find_province(name).slug if name else None
    except UnknownProvince:
        return None


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _page(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) <= 4 else 1
