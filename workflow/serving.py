"""Serves the review pages until Ctrl-C."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from types import FrameType
from typing import Any

import uvicorn

from notifier.channel import channel_names
from notifier.overlay import table_of
from review.app import make_app, make_ready
from review.feedback import Feedback
from review.health import Probe, Probes
from review.subscriptions import Listed, SubscriptionDesk
from schema.errors import UsageError
from workflow.admitting import access_of, tell_first_link
from workflow.health import readiness
from workflow.house import House, all_sources
from workflow.metrics import exposition
from workflow.say import Voice


def probes(house: House) -> Probes:
    """What /readyz and /metrics answer with."""
    return Probes(
        ready=lambda: [Probe(sign.name, sign.good, sign.en) for sign in readiness(house)],
        metrics=lambda: exposition(house),
    )


def subscription_desk(house: House) -> SubscriptionDesk:
    """What the subscriptions' page can do."""

    def entries() -> list[Listed]:
        return [
            Listed(one.subscription.name, table_of(one.subscription), one.subscription.enabled, one.own)
            for one in house.in_force().entries
        ]

    def create(table: Mapping[str, Any], by: str) -> None:
        house.in_force().overlay.create(table, by)

    def update(name: str, table: Mapping[str, Any], by: str) -> None:
        house.in_force().overlay.update(name, table, by)

    def switch(name: str, by: str, on: bool) -> None:
        house.in_force().overlay.switch(name, by, on=on)

    return SubscriptionDesk(entries, lambda: house.in_force().problem, create, update, switch, channel_names())


def feedback(house: House) -> Feedback:
    """What readers of messages may say by a signed link."""

    def switch_off(name: str) -> None:
        with suppress(UsageError):  # it is gone already
            house.in_force().overlay.switch(name, f"recipient of {name}", on=False)

    return Feedback(house.links().key, switch_off, house.clock)


def serve_review(house: House, host: str, port: int, voice: Voice) -> None:
    """Run the web server in this process. UsageError when the port is taken."""
    base_url = house.settings.base_url
    if base_url == f"http://127.0.0.1:{house.settings.port}":  # not set: it follows the port
        base_url = f"http://127.0.0.1:{port}"
    access = access_of(house.settings, host, base_url)
    app = make_app(
        house.database,
        all_sources(house.settings),
        access=access,
        probes=probes(house),
        subscriptions=house.subscriptions,
        feedback=feedback(house),
        subscription_desk=subscription_desk(house),
    )
    voice.line(
        f"复核页面在 http://{host}:{port} （Ctrl-C 结束）",
        f"review pages at http://{host}:{port} (Ctrl-C ends)",
        "bold",
    )
    if not access.single_user:
        tell_first_link(house, voice, base_url)
    # proxy_headers off: who a proxy speaks for is decided in review/guard.py, and only for proxies that are named
    signal.signal(signal.SIGTERM, _end)
    make_ready(app)
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", proxy_headers=False, server_header=False)
    server = uvicorn.Server(config)
    try:
        with suppress(KeyboardInterrupt):  # Ctrl-C is how a person ends it: done, not failed
            server.run()
    except SystemExit as error:
        if not error.code:
            return
        raise UsageError(f"端口 {port} 不可用 port {port} cannot be used; choose another with --port") from error


def _end(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM is how a supervisor ends it; uvicorn stops cleanly, then raises the signal once more for us."""
    sys.exit(0)
