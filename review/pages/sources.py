"""来源与故障: every source with its last visits, and what is wrong."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.guard import require
from review.site import Site
from schema.accounts import Role
from schema.provinces import PROVINCES


def add_sources(app: FastAPI, site: Site) -> None:
    """`/sources`."""
    pages = site.pages

    @app.get("/sources", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def sources(request: Request) -> Response:
        """Every source with its last visits, and what is wrong."""
        return pages.render(
            request,
            "sources.html",
            checks=pages.desk.archive.checks(limit=200),
            incidents=pages.desk.incidents.open(),
            sources=pages.desk.sources,
            names={p.slug: p for p in PROVINCES},
        )
