"""全国一览: all 31 provinces in one year, on a map of tiles and by region over the years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from review.guard import require
from review.matrix import Desk, Troubles, states, totals
from review.rendering import CHINA, language
from review.site import Site
from schema.accounts import Role

COLUMNS = 3
"""Years beside each other in the table."""


def add_overview(app: FastAPI, site: Site) -> None:
    """`/`, `/year/{year}` and `/next/{year}`."""
    pages = site.pages

    @app.get("/", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def newest(request: Request) -> Response:
        """The newest year."""
        known = pages.desk.years()
        return _year(request, known[0] if known else site.now().astimezone(CHINA).year)

    @app.get("/year/{year}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def chosen(request: Request, year: int) -> Response:
        """One year."""
        return _year(request, year)

    @app.get("/next/{year}", dependencies=[require(Role.VIEWER)])
    def next_waiting(request: Request, year: int, after: str = "") -> Response:
        """To the next province with changes that wait for a decision, in the order of the table; else to the year."""
        cells = pages.desk.matrix(year)
        at = next((n for n, cell in enumerate(cells) if cell.province.slug == after), -1)
        waiting = next((cell for cell in (*cells[at + 1 :], *cells[: at + 1]) if cell.waiting), None)
        path = f"/province/{waiting.province.slug}/{year}" if waiting else f"/year/{year}"
        return RedirectResponse(path + ("?lang=en" if language(request) == "en" else ""), 303)

    def _year(request: Request, year: int) -> Response:
        desk, troubles = pages.desk, pages.desk.troubles()
        known = sorted({*desk.years(), year}, reverse=True)
        columns = [one for one in known if one <= year][:COLUMNS]
        at = desk.stamp(*columns)
        return pages.kept(
            request, "overview.html", at, (year, *known, troubles), lambda: _shown(desk, known, columns, troubles)
        )


def _shown(desk: Desk, known: Sequence[int], columns: Sequence[int], troubles: Troubles) -> dict[str, Any]:
    """``known``: the years to choose from; ``columns``: those in the table, the one asked for first."""
    table = desk.table(columns, troubles)
    cells = [row.cells[0] for row in table]
    return {
        "year": columns[0],
        "years": known,
        "columns": columns,
        "table": table,
        "cells": cells,
        "totals": totals(cells),
        "states": states(cells),
        "waiting": sum(cell.waiting for cell in cells),
    }
