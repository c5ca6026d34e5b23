"""/healthz, /readyz and /metrics: open to everybody who reaches the port, told nothing that is secret."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from review.guard import public
from schema.errors import ChengnuoError

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing readiness looks at."""

    name: str
    good: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Probes:
    """Who answers. ``metrics`` gives a Prometheus page and raises ChengnuoError when it cannot."""

    ready: Callable[[], Sequence[Probe]] = lambda: ()
    metrics: Callable[[], bytes] = lambda: b""


def add_health(app: FastAPI, probes: Probes) -> None:
    """The three addresses; for health checks and scrapers, which have no account."""

    @app.get("/healthz", dependencies=[public()])
    def alive() -> Response:
        """This process answers; nothing else is asked."""
        return JSONResponse({"ok": True}, headers={"Cache-Control": "no-store"})

    @app.get("/readyz", dependencies=[public()])
    def ready() -> Response:
        """200 when everything is well, else 503 with what is not."""
        found = probes.ready()
        good = all(one.good for one in found)
        checks = {one.name: {"ok": one.good, "detail": one.detail} for one in found}
        return JSONResponse({"ready": good, "checks": checks}, 200 if good else 503, {"Cache-Control": "no-store"})

    @app.get("/metrics", dependencies=[public()])
    def metrics() -> Response:
        """The Prometheus page; 503 when the database cannot be asked."""
        try:
            return Response(probes.metrics(), headers={"Content-Type": METRICS_TYPE})
        except ChengnuoError as error:
            return PlainTextResponse(str(error), 503)
