"""Captures and visits: rows to records and back."""

from __future__ import annotations

from schema.announcements import Check, CheckOutcome, Page
from store import tables as t


def page_record(row: t.PageRow, body: bytes) -> Page:
    """A kept capture as it was received."""
    headers = tuple((str(name), str(value)) for name, value in row.headers)
    return Page(row.url, row.source, row.status, body, row.fetched_at, headers, tuple(row.url_chain))


def page_row(page: Page) -> t.PageRow:
    """A capture to keep."""
    return t.PageRow(
        sha256=page.sha256,
        url=page.url,
        source=page.source,
        status=page.status,
        headers=[list(pair) for pair in page.headers],
        url_chain=list(page.url_chain),
        fetched_at=page.fetched_at,
    )


def check_row(check: Check, outcome: CheckOutcome) -> t.CheckRow:
    """A visit to keep."""
    return t.CheckRow(
        source=check.source,
        url=check.url,
        at=check.at,
        outcome=outcome.value,
        status=check.status,
        page_sha256=check.page_sha256,
        detail=check.detail,
        seconds=check.seconds,
    )


def check_record(row: t.CheckRow) -> Check:
    """A kept visit."""
    outcome = CheckOutcome(row.outcome)
    return Check(row.source, row.url, row.at, outcome, row.status, row.page_sha256, row.detail, row.seconds)
