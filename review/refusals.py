"""What a refused request gets: a page in words, the way to the sign-in, or a problem object for a program."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from review.guard import MACHINES, Refused, Stranger
from review.problems import problem
from review.rendering import REFUSALS, language
from review.site import Site


def add_refusals(app: FastAPI, site: Site) -> None:
    """Handlers for strangers, refusals, what is not there and what makes no sense."""

    @app.exception_handler(Stranger)
    def stranger(request: Request, _: Stranger) -> Response:
        """To the sign-in and back; a program is told to bring a token."""
        if _machine(request):
            return problem(401, REFUSALS["no_sign_in"][1], headers={"WWW-Authenticate": "Bearer"})
        if request.method != "GET":
            return site.pages.refused(request, 401, "no_sign_in")
        lang = "&lang=en" if language(request) == "en" else ""
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/sign-in?next={quote(request.url.path + query, safe='')}{lang}", 303)

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        """Why, in words."""
        if _machine(request):
            return problem(error.status, REFUSALS[error.why][1])
        return site.pages.refused(request, error.status, error.why)

    @app.exception_handler(HTTPException)
    def failed(request: Request, error: HTTPException) -> Response:
        """Not there, or not with this method."""
        headers = dict(error.headers or {})
        if _machine(request) or error.status_code != 404:
            return problem(error.status_code, str(error.detail), headers=headers)
        return site.pages.missing(request)

    @app.exception_handler(RequestValidationError)
    def senseless(request: Request, error: RequestValidationError) -> Response:
        """A parameter that makes no sense: no such page; a program is told which."""
        if not _machine(request):
            return site.pages.missing(request)
        told = [{"at": ".".join(map(str, one["loc"])), "why": one["msg"]} for one in error.errors()]
        return problem(422, "; ".join(f"{one['at']}: {one['why']}" for one in told), errors=told)


def _machine(request: Request) -> bool:
    return request.url.path.startswith(MACHINES)
