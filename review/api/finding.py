"""Finding commitments: search, the agreement figures."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import Field

from review.agreement import Figures, agreement
from review.api.routing import Bare, Listed, Paging, attach, page_of, reading_router, slug_of
from review.site import Site
from store.search import Hit, Search, SearchQuery
from store.target_book import KeptTarget, TargetBook


class Looking(Paging):
    """What to look for: words that must all occur, separated by blanks; one character is enough."""

    q: str = Field(min_length=1, max_length=200)
    province: str | None = Field(None, max_length=20)
    year: int | None = Field(None, ge=2000, le=2100)


class Targets(Paging):
    """Whose targets."""

    province: str | None = Field(None, max_length=20)
    year: int | None = Field(None, ge=2000, le=2100)


def add_finding(app: FastAPI, site: Site) -> None:
    """`/search`, `/targets`, `/agreement`."""
    router, search, ledger = reading_router("finding"), Search(site.database), TargetBook(site.database)

    @router.get("/search")
    def look(query: Annotated[Looking, Query()]) -> Listed[Hit]:
        """Commitments of all standing texts, newest year first."""
        wanted = SearchQuery(query.q, slug_of(query.province) if query.province else None, query.year)
        found = search.find(wanted, query.limit, query.offset)
        end = query.offset + query.limit
        return Listed(found.hits, found.total, end if end < found.total else None)

    @router.get("/targets")
    def targets(query: Annotated[Targets, Query()]) -> Listed[KeptTarget]:
        """指标台账: every number a standing text binds itself to."""
        found = ledger.targets([slug_of(query.province)] if query.province else None)
        return page_of([one for one in found if query.year in (None, one.plan_year)], query)

    @router.get("/agreement")
    def agreed(_: Bare) -> list[Figures]:
        """How often the analysts upheld each rule."""
        return agreement(site.desk.verdicts)

    attach(app, router)
