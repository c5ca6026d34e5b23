"""证据: a page as captured, as text and as a download; never the site's own HTML."""

from __future__ import annotations

import re

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from review.captured import page_text
from review.rendering import Pages
from schema.announcements import Page

_SHA = re.compile(r"[0-9a-f]{64}")
LONGEST = 200_000
"""Characters of a captured page that are shown."""


def add_evidence(app: FastAPI, pages: Pages) -> None:
    """`/page/{sha256}` and `/page/{sha256}/raw`."""

    def _kept(sha256: str) -> Page | None:
        return pages.desk.archive.page(sha256) if _SHA.fullmatch(sha256) else None

    @app.get("/page/{sha256}", response_class=HTMLResponse, include_in_schema=False)
    def page(request: Request, sha256: str) -> Response:
        """Its text with hash, headers, time and address."""
        kept = _kept(sha256)
        if kept is None:
            return pages.missing(request)
        return pages.render(request, "page.html", kept=kept, text=page_text(kept)[:LONGEST])

    @app.get("/page/{sha256}/raw", include_in_schema=False)
    def raw(request: Request, sha256: str) -> Response:
        """The bytes as received."""
        kept = _kept(sha256)
        if kept is None:
            return pages.missing(request)
        headers = {"Content-Disposition": f'attachment; filename="{sha256[:16]}.bin"'}
        return Response(kept.body, media_type="application/octet-stream", headers=headers)
