"""Exports of any view as downloads, and the yearly report as a page."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.exports.formats import FORMATS, file_name
from review.exports.printed import report_values
from review.exports.report import report_of
from review.filters import Filters
from review.gathered import Gathered, gather
from review.guard import require
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from schema.errors import UnknownProvince
from schema.provinces import find_province


def add_downloads(app: FastAPI, site: Site) -> None:
    """`/export/{year}.{ending}`, `/export/{year}/{province}.{ending}`, `/report/{year}`; filters as on the pages."""

    def _file(request: Request, gathered: Gathered, ending: str) -> Response:
        data = FORMATS[ending].make(gathered, language(request))
        headers = {
            "Content-Disposition": f'attachment; filename="{file_name(gathered, ending)}"',
            "Cache-Control": "private, no-store",
        }
        return Response(data, media_type=FORMATS[ending].media_type, headers=headers)

    @app.get("/export/{year}.{ending}", dependencies=[require(Role.VIEWER)])
    def of_year(request: Request, year: int, ending: str) -> Response:
        """All provinces, or those the filters take."""
        if ending not in FORMATS or not 2000 <= year <= 2100:
            return site.pages.missing(request)
        filters = Filters.read(request.query_params)
        return _file(request, gather(site.desk, year, filters, made_at=site.now()), ending)

    @app.get("/export/{year}/{name}.{ending}", dependencies=[require(Role.VIEWER)])
    def of_province(request: Request, year: int, name: str, ending: str) -> Response:
        """One province."""
        try:
            slug = find_province(name).slug
        except UnknownProvince:
            return site.pages.missing(request)
        if ending not in FORMATS or not 2000 <= year <= 2100:
            return site.pages.missing(request)
        filters = Filters.read({**request.query_params, "province": slug})
        return _file(request, gather(site.desk, year, filters, made_at=site.now()), ending)

    @app.get("/report/{year}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def report(request: Request, year: int) -> Response:
        """年度对照报告, ready to print."""
        if not 2000 <= year <= 2100:
            return site.pages.missing(request)
        gathered = gather(site.desk, year, Filters.read(request.query_params), made_at=site.now())
        values = report_values(report_of(gathered), language(request))
        return site.pages.render(request, "report.html", **values)
