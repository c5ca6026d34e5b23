"""The one file that knows warcio: captures out as WARC records, and records in as captures."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from schema.announcements import Page
from schema.errors import UnreadableInput

UNTRUE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers that speak of the bytes on the wire; the archive keeps them unpacked, so they are kept under another name."""
BEGINNINGS = (b"WARC/", b"filedesc:", b"\x1f\x8b")
"""How a WARC, an ARC, and either of them gzipped begins; warcio itself takes any text for an ARC."""
LARGEST = 8 << 20


def write_warc(pages: Sequence[Page]) -> bytes:
    """One record a capture (response, or resource for a local file), the same bytes for the same captures."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    for page in pages:
        record = _record(writer, page)
        writer.write_record(record)
        record.raw_stream.close()  # warcio keeps the block in a temporary file of its own
    return out.getvalue()


def _record(writer: WARCWriter, page: Page) -> Any:
    try:
        reason = HTTPStatus(page.status).phrase
    except ValueError:
        reason = ""
    headers = [
        (f"X-Chengnuo-Original-{name}" if name.lower() in UNTRUE else name, value) for name, value in page.headers
    ]
    headers.append(("Content-Length", str(len(page.body))))
    told = {"http_headers": StatusAndHeaders(f"{page.status} {reason}".strip(), headers, protocol="HTTP/1.1")}
    if not page.url.startswith(("http://", "https://")):  # an imported file came by no protocol
        told = {"warc_content_type": page.header("Content-Type") or "application/octet-stream"}
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{page.url} {page.sha256} {page.fetched_at.isoformat()}")
    return writer.create_warc_record(
        page.url,
        "response" if "http_headers" in told else "resource",
        payload=io.BytesIO(page.body),
        **told,
        warc_headers_dict={
            "WARC-Record-ID": f"<urn:uuid:{identity}>",
            "WARC-Date": page.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        },
    )


def payloads(warc: bytes) -> set[str]:
    """SHA-256 of every capture's payload."""
    records = ArchiveIterator(io.BytesIO(warc))
    return {
        hashlib.sha256(record.content_stream().read()).hexdigest()
        for record in records
        if record.rec_type in {"response", "resource"}
    }


def read_warc(file: Path, source: str) -> Iterator[Page]:
    """Every web page in a WARC or ARC (gzipped or not) as a capture of its day; records that are no pages are left out.

    Raises UnreadableInput for a file that is no WARC.
    """
    try:
        with file.open("rb") as stream:
            if not stream.read(9).startswith(BEGINNINGS):
                raise UnreadableInput(file, "不是 WARC no WARC")
            stream.seek(0)
            for record in ArchiveIterator(stream, arc2warc=True):
                page = _page(record, source)
                if page is not None:
                    yield page
    except (OSError, ArchiveLoadFailed, EOFError, ValueError) as error:
        raise UnreadableInput(file, f"WARC 读不了 cannot be read as WARC: {error}") from error


def _page(record: Any, source: str) -> Page | None:
    if record.rec_type != "response" or record.http_headers is None:
        return None
    url, at = (record.rec_headers.get_header(name) for name in ("WARC-Target-URI", "WARC-Date"))
    status = record.http_headers.get_statuscode()
    if not url or not url.startswith(("http://", "https://")) or not at or not status.isdecimal():
        return None
    body = record.content_stream().read(LARGEST + 1)
    if not body or len(body) > LARGEST:
        return None
    headers = tuple((name, value) for name, value in record.http_headers.headers if name.lower() not in UNTRUE)
    moment = datetime.fromisoformat(at)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Page(url, source, int(status), body, moment, headers, (url,))
