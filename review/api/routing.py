"""What every route of the API has in common: roles, problem objects, entity tags, pages of a list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from review.guard import refuse_undeclared, require
from schema.accounts import Role
from schema.errors import UnknownProvince
from schema.provinces import PROVINCES, find_province

PREFIX = "/api/v1"
SLUGS = tuple(province.slug for province in PROVINCES)
MOST = 200
"""Items on one page of a list."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """A page of a list. ``next_offset`` None: this is the last."""

    items: tuple[Item, ...]
    total: int
    next_offset: int | None


class Paging(BaseModel):
    """Which page of a list; anything else in the query is refused."""

    model_config = ConfigDict(extra="forbid")
    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=10_000_000)


Paged = Annotated[Paging, Query()]


class Nothing(BaseModel):
    """No query parameter is known."""

    model_config = ConfigDict(extra="forbid")


Bare = Annotated[Nothing, Query()]
Year = Annotated[int, Path(ge=2000, le=2100, description="plan year")]
Slug = Annotated[str, Path(min_length=1, max_length=20, description="slug, GB/T 2260 code or Chinese name")]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
ChangeKey = Annotated[str, Path(pattern="^[0-9a-f]{4,64}(-[0-9]{1,4})?$")]


def page_of(found: Sequence[Item], paging: Paging) -> Listed[Item]:
    """The part of a whole list that was asked for."""
    end = paging.offset + paging.limit
    return Listed(tuple(found[paging.offset : end]), len(found), end if end < len(found) else None)


def slug_of(name: str) -> str:
    """The province meant. 404 for what is none of the 31."""
    try:
        return find_province(name).slug
    except UnknownProvince as error:
        raise missing(f"no such province: {name!r}") from error


def missing(detail: str) -> HTTPException:
    """404, to be raised."""
    return HTTPException(404, detail)


def attach(app: FastAPI, *routers: APIRouter) -> None:
    """Put the routers' routes into the app's own table, where the guard's tests and the document find each of them."""
    for router in routers:
        app.router.routes.extend(router.routes)


class TaggedRoute(APIRoute):
    """Answers carry an ETag; a reader that has the same already gets 304 and no body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, tagged."""
        handle = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            response = await handle(request)
            if request.method != "GET" or response.status_code != 200:
                return response
            tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
            headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
            known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
            if tag in known or "*" in known:
                return Response(status_code=304, headers=headers)
            response.headers.update(headers)
            return response

        return tagged


def _problem(description: str) -> dict[str, Any]:
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": description, "content": {"application/problem+json": schema}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: _problem("No token, or one that is unknown, expired or revoked."),
    403: _problem("The token's role may not do this."),
    404: _problem("There is no such thing."),
    422: _problem("A parameter or field makes no sense; `errors` names each."),
}
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The reader has this already (If-None-Match)."}}


def reading_router(tag: str) -> APIRouter:
    """Routes that read: for viewers, tagged."""
    return APIRouter(
        prefix=PREFIX,
        tags=[tag],
        route_class=TaggedRoute,
        dependencies=[Depends(refuse_undeclared), require(Role.VIEWER)],
        responses=PROBLEMS | NOT_MODIFIED,
    )


def writing_router(tag: str) -> APIRouter:
    """Routes that give verdicts: for reviewers."""
    conflict: dict[int | str, dict[str, Any]] = {
        400: _problem("The body is not JSON."),
        409: _problem("Somebody decided since; look again and repeat with the newest number."),
    }
    return APIRouter(
        prefix=PREFIX,
        tags=[tag],
        dependencies=[Depends(refuse_undeclared), require(Role.REVIEWER)],
        responses=PROBLEMS | conflict,
    )
