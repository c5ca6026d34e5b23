"""The analysts' pages: server-rendered, no inline script, nothing from any other host."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import datetime

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.admin import add_admin
from review.api.document import add_api
from review.auth import add_auth
from review.feedback import Feedback, add_feedback
from review.feeds import add_feeds
from review.guard import Access, Gate, declared, guard, refuse_undeclared
from review.health import Probes, add_health
from review.judging import add_judging
from review.matrix import Desk
from review.pages.agreement import add_agreement
from review.pages.change import add_change
from review.pages.downloads import add_downloads
from review.pages.edition import add_edition
from review.pages.evidence import add_evidence
from review.pages.importing import add_importing
from review.pages.overview import add_overview
from review.pages.province import add_province
from review.pages.search import add_search
from review.pages.sources import add_sources
from review.pages.stream import add_stream
from review.pages.targets import add_targets
from review.refusals import add_refusals
from review.rendering import HERE, Pages, environment
from review.site import Site
from review.subscriptions import SubscriptionDesk, add_subscriptions
from schema.alerts import Subscription
from schema.announcements import Source
from store.archive import utc_now
from store.database import Database

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    # not no-referrer: under it browsers send "Origin: null" with our own forms, and the origin could not be checked
    "Referrer-Policy": "same-origin",
}
PARTS: tuple[Callable[[FastAPI, Site], None], ...] = (
    add_refusals,
    add_auth,
    add_admin,
    add_overview,
    add_province,
    add_sources,
    add_evidence,
    add_edition,
    add_change,
    add_stream,
    add_targets,
    add_downloads,
    add_importing,
    add_judging,
    add_search,
    add_agreement,
    add_feeds,
    add_api,
)
"""Every file of routes."""


def make_app(
    database: Database,
    sources: Sequence[Source] = (),
    *,
    access: Access | None = None,
    now: Callable[[], datetime] = utc_now,
    probes: Probes | None = None,
    subscriptions: Callable[[], Sequence[Subscription]] = lambda: (),
    feedback: Feedback | None = None,
    subscription_desk: SubscriptionDesk | None = None,
) -> FastAPI:
    """The application on an open database. ``access`` says how people reach it, ``now`` dates what they do.

    ``probes`` answer for readiness and metrics; without them the process can only say that it is alive.
    ``subscriptions`` are those in force, for the API. ``feedback`` takes what readers of messages say,
    ``subscription_desk`` changes who is told; without them there are no such pages.
    """
    desk = Desk.on(database, sources)
    gate = Gate(database, access or Access(), now)
    site = Site(database, Pages(desk, environment(), gate), gate, now, subscriptions)
    app = FastAPI(
        title="chengnuo", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(refuse_undeclared)]
    )
    guard(app, gate)
    app.state.desk = desk
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_middleware(WithHeaders)
    for add in PARTS:
        add(app, site)
    add_health(app, probes or Probes())
    if feedback is not None:
        add_feedback(app, site, feedback)
    if subscription_desk is not None:
        add_subscriptions(app, site, subscription_desk)
    return app


def undeclared(app: FastAPI) -> list[str]:
    """Paths of routes that do not say who may use them; they are refused to everybody."""
    found = (route for route in app.routes if not isinstance(route, Mount))
    return [str(getattr(route, "path", route)) for route in found if declared(route) is None]


class WithHeaders:
    """Puts what browsers must know of every answer into its head."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, with_headers)


def make_ready(app: FastAPI) -> None:
    """Once, before the app serves: count what every year came to, and spare the collector what is loaded by then.

    A full collection walks every object of every library; a request in its way waits a tenth of a second.
    """
    app.state.desk.warm()
    gc.collect()
    gc.freeze()
