"""吻合率: how often the analysts upheld the machine."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.agreement import agreement
from review.guard import require
from review.site import Site
from schema.accounts import Role


def add_agreement(app: FastAPI, site: Site) -> None:
    """`/agreement`."""

    @app.get("/agreement", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def figures(request: Request) -> Response:
        """By kind, by confidence, by rule."""
        found = agreement(site.desk.verdicts)
        tables = [(about, [one for one in found if one.about == about]) for about in ("kind", "confidence", "rule")]
        return site.pages.render(request, "agreement.html", tables=tables)
