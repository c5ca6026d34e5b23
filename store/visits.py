"""Keeps visits and the bytes they brought: many in one transaction, in few questions to the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import zstandard
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.announcements import CheckOutcome, Page, Visit
from store import rows
from store import tables as t

_LEVEL = 6


def keep_visits(session: Session, visits: Sequence[Visit]) -> list[CheckOutcome]:
    """Add checks, captures and blobs in the order of the visits; the outcomes as the archive sees them.

    A visit that the crawler calls NEW is UNCHANGED when the address's last capture has the same bytes.
    """
    fresh = keep_pages(session, [page for page, _ in visits if page is not None])
    outcomes: list[CheckOutcome] = []
    for page, check in visits:
        same = page is not None and not fresh.pop(0)
        outcomes.append(CheckOutcome.UNCHANGED if same and check.outcome is CheckOutcome.NEW else check.outcome)
    session.add_all(rows.check_row(check, told) for (_, check), told in zip(visits, outcomes, strict=True))
    return outcomes


def keep_pages(session: Session, pages: Sequence[Page]) -> list[bool]:
    """Add captures; for each whether it is one: False when the address's last capture has the same bytes and status."""
    if not pages:
        return []
    latest = _latest(session, {page.url for page in pages})
    named = [(page, page.sha256) for page in pages]
    fresh: list[tuple[Page, str]] = []
    told: list[bool] = []
    for page, sha256 in named:
        told.append(latest.get(page.url) != (sha256, page.status))
        if told[-1]:
            latest[page.url] = (sha256, page.status)
            fresh.append((page, sha256))
    _keep_bytes(session, {sha256: page.body for page, sha256 in fresh})
    session.add_all(rows.page_row(page) for page, _ in fresh)
    return told


def _latest(session: Session, urls: Collection[str]) -> dict[str, tuple[str, int]]:
    """By address the hash and status of its last capture."""
    newest = select(func.max(t.PageRow.id)).where(t.PageRow.url.in_(urls)).group_by(t.PageRow.url)
    query = select(t.PageRow.url, t.PageRow.sha256, t.PageRow.status).where(t.PageRow.id.in_(newest))
    return {url: (sha256, status) for url, sha256, status in session.execute(query)}


def _keep_bytes(session: Session, bodies: dict[str, bytes]) -> None:
    known = set(session.scalars(select(t.BlobRow.sha256).where(t.BlobRow.sha256.in_(bodies)))) if bodies else set()
    pack = zstandard.ZstdCompressor(level=_LEVEL).compress
    session.add_all(
        t.BlobRow(sha256=sha256, size=len(body), data=pack(body))
        for sha256, body in bodies.items()
        if sha256 not in known
    )
    session.flush()  # blobs stand before the captures that name them
