"""Forms: small, urlencoded, and from our own pages only."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from review.guard import Refused

LARGEST = 64 * 1024
"""Bytes of a form."""


async def form(request: Request) -> dict[str, str]:
    """The fields of a urlencoded form; of a repeated field the last. Raises Refused 415, 413 or 400."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise Refused(415, "no_form")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise Refused(413, "too_large")
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50))
    except ValueError as error:
        raise Refused(400, "no_form") from error


async def _posted(request: Request, fields: Annotated[dict[str, str], Depends(form)]) -> dict[str, str]:
    request.app.state.gate.check_form(request, fields.get("token", ""))
    return fields


Posted = Annotated[dict[str, str], Depends(_posted)]
"""The fields of a form that came from our own page; declare ``fields: Posted`` in a POST route."""
