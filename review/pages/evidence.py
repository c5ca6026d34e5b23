"""证据: a page as captured, as text and as a download; never the site's own HTML."""

from __future__ import annotations

import re

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.captured import page_text
from review.guard import require
from review.site import Site
from schema.accounts import Role
from schema.announcements import Page

_SHA = re.compile(r"[0-9a-f]{64}")
LONGEST = 200_000
"""Characters of a captured page that are shown."""


def add_evidence(app: FastAPI, site: Site) -> None:
    """`/page/{sha256}` and `/page/{sha256}/raw`."""
    pages = site.pages

    def _kept(sha256: str) -> Page | None:
        return pages.desk.archive.page(sha256) if _SHA.fullmatch(sha256) else None

    @app.get("/page/{sha256}", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def page(request: Request, sha256: str) -> Response:
        """Its text with hash, headers, time and address."""
        kept = _kept(sha256)
        if kept is None:
            return pages.missing(request)
        return pages.render(request, "page.html", kept=kept, text=page_text(kept)[:LONGEST])

    @app.get("/page/{sha256}/raw", dependencies=[require(Role.VIEWER)])
    def raw(request: Request, sha256: str) -> Response:
        """The bytes as received."""
        kept = _kept(sha256)
        return pages.missing(request) if kept is None else raw_bytes(kept)


def raw_bytes(page: Page) -> Response:
    """A capture as a download that no browser renders."""
    headers = {"Content-Disposition": f'attachment; filename="{page.sha256[:16]}.bin"'}
    return Response(page.body, media_type="application/octet-stream", headers=headers)
