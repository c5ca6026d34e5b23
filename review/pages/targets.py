"""指标台账: every number a commitment binds itself to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.filters import Filters
from review.guard import require
from review.ledger import ORDERS, chosen, entries, spark
from review.pages.choices import filter_choices
from review.paging import page_of, whole_number
from review.places import ORDERED
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from schema.provinces import find_province
from store.memory import TEXTS, Memory, Stamp
from store.target_book import TargetBook

PER_PAGE = 100


def add_targets(app: FastAPI, site: Site) -> None:
    """`/targets`."""
    pages, book = site.pages, TargetBook(site.database)
    whole = Memory(site.database, 1, TEXTS)  # every target with its trend, about a second of work on a full archive

    @app.get("/targets", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def ledger(request: Request) -> Response:
        """Sorted and filtered, with each number's trend."""
        at, known = whole.stamp(), pages.desk.years()
        return pages.kept(request, "targets.html", at, tuple(known), lambda: _shown(request, known, at))

    def _shown(request: Request, known: Sequence[int], at: Stamp) -> dict[str, Any]:
        query, filters = request.query_params, Filters.read(request.query_params)
        year = whole_number(query.get("year", "")) if "year" in query else (known[0] if known else 0)
        order = query.get("sort", "") if query.get("sort", "") in ORDERS else "province"
        slugs = [p.slug for p in ORDERED if filters.province in ("", p.slug) and filters.region in ("", p.region.value)]
        every = whole.get("entries", lambda: entries(book.targets(), book.links()), at)
        among = [entry for entry in every if entry.kept.province in slugs] if len(slugs) < len(ORDERED) else every
        taken = chosen(among, year=year, q=filters.q, topic=filters.topic, order=order, slugs=slugs)
        return {
            "part": page_of(taken, whole_number(query.get("page", "")), PER_PAGE),
            "total": len(taken),
            "year": year,
            "years": known,
            "filters": filters,
            "order": order,
            "query": filters.query(year=str(year), sort=order),
            "find_province": find_province,
            "spark": spark,
            **filter_choices(language(request)),
        }
