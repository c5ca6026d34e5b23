"""全国一览: all 31 provinces in one year."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.guard import require
from review.matrix import years
from review.rendering import CHINA
from review.site import Site
from schema.accounts import Role


def add_overview(app: FastAPI, site: Site) -> None:
    """`/` and `/year/{year}`."""
    pages = site.pages

    @app.get("/", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def newest(request: Request) -> Response:
        """The newest year."""
        known = years(pages.desk.archive)
        return _year(request, known[0] if known else site.now().astimezone(CHINA).year)

    @app.get("/year/{year}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def chosen(request: Request, year: int) -> Response:
        """One year."""
        return _year(request, year)

    def _year(request: Request, year: int) -> Response:
        known = sorted({*years(pages.desk.archive), year}, reverse=True)
        return pages.render(request, "matrix.html", year=year, years=known, cells=pages.desk.matrix(year))
