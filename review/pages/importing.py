"""Verdicts filled in an exported workbook come back: a preview of what would change, then, when asked, the verdicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from review.exports.returned import LARGEST, Proposal, Returned, propose, read_returned, write
from review.guard import Refused, require
from review.labels import IMPORT_PROBLEMS
from review.rendering import REFUSALS
from review.site import Site
from schema.accounts import Role
from schema.errors import UnreadableInput

ROOM = 64 * 1024
"""Bytes of a form beside its file."""


async def uploaded(request: Request) -> dict[str, bytes]:
    """The parts of a multipart form that came from our own page. Raises Refused 411, 413, 415 or 403."""
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise Refused(411, "no_form")
    if int(length) > LARGEST + ROOM:
        raise Refused(413, "too_large")
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refused(415, "no_form")
    parts: dict[str, bytes] = {}
    async with request.form(max_files=1, max_fields=10, max_part_size=LARGEST) as form:
        for name, value in form.items():
            parts[name] = await value.read() if isinstance(value, UploadFile) else value.encode("utf-8", "replace")
    request.app.state.gate.check_form(request, parts.get("token", b"").decode("utf-8", "replace"))
    return parts


Uploaded = Annotated[dict[str, bytes], Depends(uploaded)]


def add_importing(app: FastAPI, site: Site) -> None:
    """`/verdicts/import`: the form, the preview, and the writing."""

    def _page(request: Request, status: int = 200, **values: Any) -> Response:
        empty = {"proposals": None, "rows": "", "trouble": "", "written": None, "problems": REFUSALS | IMPORT_PROBLEMS}
        return site.pages.render(request, "import.html", status, **(empty | values))

    @app.get("/verdicts/import", response_class=HTMLResponse, dependencies=[require(Role.REVIEWER)])
    def choose(request: Request) -> Response:
        """Where a workbook is handed in."""
        return _page(request)

    @app.post("/verdicts/import", dependencies=[require(Role.REVIEWER)])
    def preview(request: Request, parts: Uploaded) -> Response:
        """What the workbook would change; nothing is written."""
        try:
            rows = read_returned(parts.get("file", b""))
        except UnreadableInput as error:
            return _page(request, 422, trouble=error.problem)
        filled = [row for row in rows if row.decision or row.kind or row.reason]
        proposals = _proposed(request, filled)
        return _page(request, proposals=proposals, rows=_packed([one.row for one in proposals if one.writes]))

    @app.post("/verdicts/import/apply", dependencies=[require(Role.REVIEWER)])
    def apply(request: Request, parts: Uploaded) -> Response:
        """Write what the preview showed; whoever was quicker in the meantime is not overwritten."""
        try:
            rows = [Returned(**{name: str(row[name]) for name in Returned.__slots__}) for row in _list(parts)]
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(400, "no_form") from error
        proposals = _proposed(request, rows)
        written, late = write(site.desk, proposals)
        return _page(request, proposals=[*(one for one in proposals if one.problem), *late], written=written)

    def _proposed(request: Request, rows: Sequence[Returned]) -> list[Proposal]:
        return propose(site.desk, rows, request.state.person.name, site.now())


def _packed(rows: Sequence[Returned]) -> str:
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False)


def _list(parts: dict[str, bytes]) -> list[dict[str, Any]]:
    found = json.loads(parts.get("rows", b""))
    if not isinstance(found, list):
        raise TypeError("a list of rows was expected")
    return found
