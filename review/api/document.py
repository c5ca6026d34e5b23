"""The whole API with its OpenAPI document, which needs no page of anyone else's to be read."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from review.api.captures import add_captures
from review.api.changes import add_changes
from review.api.editions import add_editions
from review.api.finding import add_finding
from review.api.operations import add_operations
from review.api.places import add_places
from review.api.routing import PREFIX
from review.guard import require
from review.problems import Problem, Trouble
from review.site import Site
from schema.accounts import Role

VERSION = "1"
ABOUT = """What China's provincial emergency-management departments commit to each year, and what changed.

Send `Authorization: Bearer <token>`; an admin makes tokens on the page 令牌 or with `chengnuo tokens make`.
Errors are problem objects (RFC 9457). Answers carry an ETag."""


def add_api(app: FastAPI, site: Site) -> None:
    """Every route under /api/v1."""
    for add in (add_places, add_editions, add_changes, add_captures, add_operations, add_finding):
        add(app, site)

    @app.get(f"{PREFIX}/openapi.json", dependencies=[require(Role.VIEWER)])
    def document() -> Response:
        """The OpenAPI document of this version."""
        return JSONResponse(openapi(app))


def openapi(app: FastAPI) -> dict[str, Any]:
    """The document: only what is under the prefix, and the one way to prove who asks."""
    routes = [r for r in app.routes if isinstance(r, APIRoute) and r.path.startswith(PREFIX) and r.tags]
    made = get_openapi(title="chengnuo", version=VERSION, description=ABOUT, routes=routes)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for shape in (Problem, Trouble):
        schemas[shape.__name__] = _schema(shape)
    for leftover in ("HTTPValidationError", "ValidationError"):
        schemas.pop(leftover, None)
    made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{"token": []}]
    return made


def _schema(shape: type) -> dict[str, Any]:
    from pydantic import TypeAdapter

    made = TypeAdapter(shape).json_schema(ref_template="#/components/schemas/{model}")
    made.pop("$defs", None)
    return made
