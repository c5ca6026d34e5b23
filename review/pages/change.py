"""One change at an address that stays: both wordings, the reasons, what was weighed, what was decided."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from review.guard import require
from review.judging import PAIRED
from review.lines import Line, line_of
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from store.comparisons import KeptYearlyDiff

_KEY = re.compile(r"[0-9a-zA-Z]{4,64}")


def add_change(app: FastAPI, site: Site) -> None:
    """`/change/{key}`; the beginning of a key leads to the whole one."""
    pages = site.pages

    @app.get("/change/{key}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def change(request: Request, key: str) -> Response:
        """The change, its trail and its history."""
        found = pages.desk.comparisons.change(key) if _KEY.fullmatch(key) else None
        if found is None:
            return pages.missing(request)
        if found[1].key != key:
            lang = "?lang=en" if language(request) == "en" else ""
            return RedirectResponse(f"/change/{found[1].key}{lang}", 302)
        return pages.render(request, "change.html", **_values(site, found[0], key))


def _values(site: Site, kept: KeptYearlyDiff, key: str) -> dict[str, Any]:
    desk = site.desk
    line: Line = line_of(kept, desk.verdicts.of_diff(kept.diff), key)
    newest = desk.comparisons.diff(kept.diff.province, kept.diff.year_new)
    rival = line.change.runner_up
    sides = (
        (kept.diff.old_units, kept.diff.new_units) if line.change.new else (kept.diff.new_units, kept.diff.old_units)
    )
    weighed = next((unit for side in sides for unit in side if rival and unit.id == rival.unit), None)
    return {
        "line": line,
        "kept": kept,
        "superseded": newest is not None and newest.id != kept.id and all(c.key != key for c in newest.diff.changes),
        "earlier": desk.archive.version(kept.earlier_id),
        "later": desk.archive.version(kept.later_id),
        "weighed": weighed,
        "others": kept.diff.new_units if line.change.old else kept.diff.old_units,
        "paired": PAIRED,
        "shown_query": "kind=all",
        "kind": "all",
    }
