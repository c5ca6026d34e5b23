"""Problem objects (RFC 9457): what a program is told when a request fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse


@dataclass(frozen=True, slots=True)
class Trouble:
    """One parameter or field that makes no sense."""

    at: str
    why: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong. ``errors`` is there for status 422."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    errors: tuple[Trouble, ...] = ()


class ProblemResponse(JSONResponse):
    """A problem object on the wire."""

    media_type = "application/problem+json"


def problem(
    status: int, detail: str, *, errors: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None
) -> ProblemResponse:
    """The answer for a failed request."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "status": status,
        "title": HTTPStatus(status).phrase,
        "detail": detail,
        "errors": errors or [],
    }
    return ProblemResponse(content, status, headers=dict(headers or {}))
