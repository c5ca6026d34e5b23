"""Yearly diffs and their changes, after the analysts; and the verdicts themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from review.api.editions import Moment
from review.api.routing import (
    Bare,
    ChangeKey,
    Listed,
    Paging,
    Slug,
    Year,
    attach,
    missing,
    page_of,
    reading_router,
    slug_of,
    writing_router,
)
from review.api.shapes import ChangeShape, DiffHead, DiffShape, change_shape, diff_head
from review.gathered import compared_year
from review.guard import Refused
from review.judging import decided
from review.lines import Line, line_of, lines_of
from review.site import Site
from schema.changes import Change, Confidence, Dimension, Kind
from schema.errors import VerdictConflict
from schema.provinces import Region, find_province
from schema.verdicts import Decision, ReviewState, Verdict
from store.comparisons import KeptYearlyDiff

LONGEST = 4000


class ChangeQuery(Paging):
    """Which changes; without a year, of the newest."""

    year: int | None = Field(None, ge=2000, le=2100)
    province: str | None = Field(None, max_length=20)
    region: Region | None = None
    kind: Kind | None = None
    dimension: Dimension | None = None
    confidence: Confidence | None = None
    state: ReviewState | None = None
    assignee: str | None = Field(None, max_length=64)


class Opinion(BaseModel):
    """A decision to record. ``after``: the number of the newest verdict you saw, 0 for none."""

    model_config = ConfigDict(extra="forbid")
    decision: Decision
    after: int = Field(0, ge=0, le=2**53)
    kind: Kind | None = None
    reason: str = Field("", max_length=LONGEST)
    units: tuple[Annotated[str, Field(max_length=40)], ...] = Field((), max_length=50)
    """To re-match: ids of the other side's units."""
    other: str = Field("", max_length=80)
    """To merge: the other change's key."""
    assignee: str = Field("", max_length=64)

    def fields(self) -> dict[str, str]:
        """As a form would hold it."""
        return {
            "decision": self.decision.value,
            "kind": self.kind.value if self.kind else "",
            "reason": self.reason,
            "units": " ".join(self.units),
            "with": self.other,
            "assignee": self.assignee,
        }


def add_changes(app: FastAPI, site: Site) -> None:
    """`/diffs/…`, `/changes`, `/changes/{key}` and its verdicts."""
    _diffs(app, site)
    _changes(app, site)
    _verdicts(app, site)


def _diffs(app: FastAPI, site: Site) -> None:
    router, desk = reading_router("diffs"), site.desk

    @router.get("/diffs/{province}/{year}")
    def diff(province: Slug, year: Year, moment: Moment) -> DiffShape:
        """A province's year beside the year before, verdicts applied."""
        kept = desk.comparisons.diff(slug_of(province), year, moment.as_of)
        if kept is None:
            raise missing("no diff of this province and year")
        lines = lines_of(kept, desk.verdicts.of_diff(kept.diff, moment.as_of))
        return DiffShape(diff_head(kept), tuple(change_shape(line) for line in lines))

    @router.get("/diffs/{province}/{year}/revisions")
    def revisions(province: Slug, year: Year, _: Bare) -> list[DiffHead]:
        """Edits after publication, oldest first."""
        return [diff_head(one) for one in desk.comparisons.revisions(slug_of(province), year)]

    attach(app, router)


def _changes(app: FastAPI, site: Site) -> None:
    router, desk = reading_router("changes"), site.desk

    @router.get("/changes")
    def changes(query: Annotated[ChangeQuery, Query()]) -> Listed[ChangeShape]:
        """The changes of one plan year across provinces."""
        year = query.year or next(iter(desk.years()), 0)
        province = slug_of(query.province) if query.province else None
        found = [
            line
            for slug, one in sorted(compared_year(desk, year).items())
            if province in (None, slug) and query.region in (None, find_province(slug).region)
            for line in one.lines
            if _fits(line, query)
        ]
        part = page_of(found, query)
        return Listed(tuple(change_shape(line) for line in part.items), part.total, part.next_offset)

    @router.get("/changes/{key}")
    def change(key: ChangeKey, _: Bare) -> ChangeShape:
        """One change by its key, which stays the same as long as its wordings do."""
        kept, found = _found(site, key)
        return change_shape(line_of(kept, desk.verdicts.of_diff(kept.diff), found.key))

    attach(app, router)


def _fits(line: Line, query: ChangeQuery) -> bool:
    return (
        query.kind in (None, line.kind)
        and query.confidence in (None, line.change.confidence)
        and query.state in (None, line.review.state)
        and query.assignee in (None, line.review.assignee)
        and (query.dimension is None or query.dimension in line.dimensions)
    )


def _found(site: Site, key: str) -> tuple[KeptYearlyDiff, Change]:
    found = site.desk.comparisons.change(key)
    if found is None or found[1].key != key:
        raise missing("no such change")
    return found


def _verdicts(app: FastAPI, site: Site) -> None:
    reading, writing, book = reading_router("verdicts"), writing_router("verdicts"), site.desk.verdicts

    @reading.get("/changes/{key}/verdicts")
    def history(key: ChangeKey, _: Bare) -> list[Verdict]:
        """Everything decided about a change, oldest first."""
        kept, change = _found(site, key)
        return list(book.of_diff(kept.diff).get(change.key, ()))

    @writing.post("/changes/{key}/verdicts", status_code=201)
    def decide(key: ChangeKey, opinion: Opinion, request: Request) -> Verdict:
        """Append a decision. From a browser session, send the form token as X-Chengnuo-Token."""
        site.gate.check_form(request, request.headers.get("x-chengnuo-token", ""))
        kept, change = _found(site, key)
        verdict = decided(site, kept, change, opinion.fields(), by=request.state.person.name)
        try:
            number = book.append(verdict, after=opinion.after)
        except VerdictConflict as conflict:
            raise Refused(409, "decided_since") from conflict
        return next(one for one in book.of_change(change.key) if one.id == number)

    attach(app, reading)
    attach(app, writing)
