"""Serves the review pages until Ctrl-C."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from types import FrameType

import uvicorn

from review.app import make_app
from review.health import Probe, Probes
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
