"""来源与故障: every source by province with its last visits, what is wrong, and what was read and refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.filters import Filters
from review.gathered import ORDERED
from review.guard import require
from review.pages.choices import filter_choices
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from schema.announcements import Check, Source
from schema.provinces import find_province

LAST_CHECKS = 100


def add_sources(app: FastAPI, site: Site) -> None:
    """`/sources`."""
    desk = site.desk

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
            last={slug: max(checks, key=lambda check: check.at) for slug, checks in latest.items()},
            addresses={slug: len(checks) for slug, checks in latest.items()},
            open_incidents=[one for one in incidents if one.closed_at is None],
            closed_incidents=[one for one in incidents if one.closed_at is not None][:50],
            checks=[one for one in desk.archive.checks(limit=LAST_CHECKS) if not filters or one.source in names],
            refused=[
                one for one in desk.archive.latest_readings() if one.refused and (not filters or one.source in names)
            ],
            filters=filters,
            find_province=find_province,
            **filter_choices(language(request)),
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
