"""Captured pages: what is known of them, their text, their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from review.api.routing import Bare, Sha256, attach, missing, reading_router
from review.captured import page_text
from review.pages.evidence import raw_bytes
from review.site import Site
from schema.announcements import Page


@dataclass(frozen=True, slots=True)
class HeaderShape:
    """One header as received; order and repetition are kept."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class PageShape:
    """A capture without its bytes; ``size`` in bytes."""

    sha256: str
    url: str
    url_chain: tuple[str, ...]
    source: str
    status: int
    fetched_at: datetime
    size: int
    headers: tuple[HeaderShape, ...]


def add_captures(app: FastAPI, site: Site) -> None:
    """`/pages/{sha256}`, `/pages/{sha256}/text`, `/pages/{sha256}/raw`."""
    router = reading_router("pages")

    def _kept(sha256: str) -> Page:
        kept = site.desk.archive.page(sha256)
        if kept is None:
            raise missing("no capture with these bytes")
        return kept

    @router.get("/pages/{sha256}")
    def page(sha256: Sha256, _: Bare) -> PageShape:
        """Where and when it was captured, with the headers as received."""
        kept = _kept(sha256)
        headers = tuple(HeaderShape(name, value) for name, value in kept.headers)
        return PageShape(
            sha256, kept.url, kept.url_chain, kept.source, kept.status, kept.fetched_at, len(kept.body), headers
        )

    @router.get("/pages/{sha256}/text", response_class=PlainTextResponse)
    def text(sha256: Sha256, _: Bare) -> Response:
        """Its words, without markup."""
        return PlainTextResponse(page_text(_kept(sha256)))

    @router.get("/pages/{sha256}/raw", response_class=Response, responses={200: _BYTES})
    def raw(sha256: Sha256, _: Bare) -> Response:
        """The bytes as received, as a download."""
        return raw_bytes(_kept(sha256))

    attach(app, router)


_BYTES = {
    "description": "The bytes as received.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
