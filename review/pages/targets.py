"""指标台账: every number a commitment binds itself to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.filters import Filters
from review.guard import require
from review.ledger import ORDERS, Entry, chosen, entries, spark
from review.pages.choices import filter_choices
from review.paging import page_of, whole_number
from review.places import ORDERED
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from schema.provinces import find_province
from store.target_book import KeptTarget, TargetBook

PER_PAGE = 100


def add_targets(app: FastAPI, site: Site) -> None:
    """`/targets`."""
    pages, book = site.pages, TargetBook(site.database)

    @app.get("/targets", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def ledger(request: Request) -> Response:
        """Sorted and filtered, with each number's trend."""
        query, filters = request.query_params, Filters.read(request.query_params)
        known = pages.desk.years()
        year = whole_number(query.get("year", "")) if "year" in query else (known[0] if known else 0)
        order = query.get("sort", "") if query.get("sort", "") in ORDERS else "province"
        slugs = [p.slug for p in ORDERED if filters.province in ("", p.slug) and filters.region in ("", p.region.value)]
        narrowed = slugs if len(slugs) < len(ORDERED) else None
        standing = book.targets(narrowed)
        known_links = book.links(narrowed) if order == "trend" else []
        found = entries(standing, known_links)
        taken = chosen(found, year=year, q=filters.q, topic=filters.topic, order=order, slugs=slugs)
        part = page_of(taken, whole_number(query.get("page", "")), PER_PAGE)
        if order != "trend":  # only what is shown needs its trend
            part = replace(part, items=_with_trend(book, standing, part.items))
        return pages.render(
            request,
            "targets.html",
            part=part,
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


def _with_trend(book: TargetBook, targets: Sequence[KeptTarget], shown: Sequence[Entry]) -> list[Entry]:
    provinces = {entry.kept.province for entry in shown}
    whole = entries([one for one in targets if one.province in provinces], book.links(provinces))
    series = {id(entry.kept): entry for entry in whole}
    return [series[id(entry.kept)] for entry in shown]
