"""证据: a page as captured, as text and as a download; never the site's own HTML."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.captured import page_text
from review.guard import require
from review.site import Site
from schema.accounts import Role
from schema.announcements import Page
from schema.provinces import find_province
from store.captures import Captures

_SHA = re.compile(r"[0-9a-f]{64}")
LONGEST = 200_000
"""Characters of a captured page that are shown."""


def add_evidence(app: FastAPI, site: Site) -> None:
    """`/page/{sha256}` and `/page/{sha256}/raw`."""
    pages, captures = site.pages, Captures(site.database)

    def _kept(sha256: str) -> Page | None:
        return pages.desk.archive.page(sha256) if _SHA.fullmatch(sha256) else None

    @app.get("/page/{sha256}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def page(request: Request, sha256: str) -> Response:
        """Its text with hash, headers, time and address; every capture of the address; what was read from it."""
        kept = _kept(sha256)
        if kept is None:
            return pages.missing(request)
        text = page_text(kept)
        values: dict[str, Any] = {
            "kept": kept,
            "text": text[:LONGEST],
            "cut": len(text) > LONGEST,
            "captures": captures.of_address(kept.url),
            "read_from": captures.read_from(sha256),
            "find_province": find_province,
        }
        return pages.render(request, "page.html", **values)

    @app.get("/page/{sha256}/raw", dependencies=[require(Role.VIEWER)])
    def raw(request: Request, sha256: str) -> Response:
        """The bytes as received."""
        kept = _kept(sha256)
        return pages.missing(request) if kept is None else raw_bytes(kept)


def raw_bytes(page: Page) -> Response:
    """A capture as a download that no browser renders."""
    headers = {"Content-Disposition": f'attachment; filename="{page.sha256[:16]}.bin"'}
    return Response(page.body, media_type="application/octet-stream", headers=headers)
