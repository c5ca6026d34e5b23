"""来源与故障: every source by province, its last visits, what is wrong, what was read and refused, what not taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.filters import Filters
from review.guard import require
from review.pages.choices import filter_choices
from review.places import ORDERED
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from schema.announcements import Check, Source
from schema.provinces import find_province
from store.candidates import Candidates

LAST_CHECKS = 100
LAST_TITLES = 500


def add_sources(app: FastAPI, site: Site) -> None:
    """`/sources` and `/sources/{slug}`."""
    desk, candidates = site.desk, Candidates(site.database)

    @app.get("/sources", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def sources(request: Request) -> Response:
        """Everything that is watched, and how it does."""
        filters = Filters.read(request.query_params)
        latest: dict[str, list[Check]] = defaultdict(list)
        for check in desk.archive.latest_checks():
            latest[check.source].append(check)
        shown = _ordered(desk.sources, filters)
        names = {source.slug for source in shown}
        incidents = [one for one in desk.incidents.all() if not filters or one.source in names]
        return site.pages.render(
            request,
            "sources.html",
            sources=shown,
            titles={source.slug: source.name for source in desk.sources},
            last={slug: max(checks, key=lambda check: check.at) for slug, checks in latest.items()},
            addresses={slug: len(checks) for slug, checks in latest.items()},
            open_incidents=[one for one in incidents if one.closed_at is None],
            closed_incidents=[one for one in incidents if one.closed_at is not None][:50],
            checks=[one for one in desk.archive.checks(limit=LAST_CHECKS) if not filters or one.source in names],
            not_taken=candidates.counts(),
            refused=[
                one for one in desk.archive.latest_readings() if one.refused and (not filters or one.source in names)
            ],
            filters=filters,
            find_province=find_province,
            **filter_choices(language(request)),
        )

    @app.get("/sources/{slug}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def source(request: Request, slug: str, reason: str = "") -> Response:
        """One source: its last visits, and every title that was not taken."""
        chosen = next((one for one in desk.sources if one.slug == slug), None)
        if chosen is None:
            return site.pages.missing(request)
        return site.pages.render(
            request,
            "source.html",
            source=chosen,
            checks=desk.archive.checks(slug, limit=20),
            reasons_of=candidates.reasons(slug).most_common(),
            reason=reason,
            not_taken=candidates.of_source(slug, reason or None, LAST_TITLES),
            find_province=find_province,
        )


def _ordered(sources: Sequence[Source], filters: Filters) -> list[Source]:
    place = {province.slug: n for n, province in enumerate(ORDERED)}
    wanted = [
        source
        for source in sources
        if filters.province in ("", source.province)
        and (not filters.region or (source.province and find_province(source.province).region.value == filters.region))
    ]
    return sorted(wanted, key=lambda source: (place.get(source.province or "", 99), int(source.rank), source.slug))
