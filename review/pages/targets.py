"""指标台账: every number a commitment binds itself to."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.filters import Filters
from review.gathered import ORDERED
from review.guard import require
from review.ledger import ORDERS, chosen, entries, spark
from review.matrix import years
from review.pages.choices import filter_choices
from review.paging import page_of, whole_number
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from schema.provinces import find_province
from store.target_book import TargetBook

PER_PAGE = 100


def add_targets(app: FastAPI, site: Site) -> None:
    """`/targets`."""
    pages, book = site.pages, TargetBook(site.database)

    @app.get("/targets", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def targets(request: Request) -> Response:
        """Sorted and filtered, with each number's trend."""
        query, filters = request.query_params, Filters.read(request.query_params)
        known = years(pages.desk.archive)
        year = whole_number(query.get("year", "")) if "year" in query else (known[0] if known else 0)
        order = query.get("sort", "") if query.get("sort", "") in ORDERS else "province"
        slugs = [p.slug for p in ORDERED if filters.province in ("", p.slug) and filters.region in ("", p.region.value)]
        narrowed = slugs if len(slugs) < len(ORDERED) else None
        found = entries(book.targets(narrowed), book.links(narrowed))
        taken = chosen(found, year=year, q=filters.q, topic=filters.topic, order=order, slugs=slugs)
        return pages.render(
            request,
            "targets.html",
            part=page_of(taken, whole_number(query.get("page", "")), PER_PAGE),
            total=len(taken),
            year=year,
            years=known,
            filters=filters,
            order=order,
            query=filters.query(year=str(year), sort=order),
            find_province=find_province,
            spark=spark,
            **filter_choices(language(request)),
        )
