"""Serves the review pages until Ctrl-C."""

from __future__ import annotations

from contextlib import suppress

import uvicorn

from review.app import make_app
from review.health import Probe, Probes
from schema.errors import UsageError
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
    app = make_app(house.database, all_sources(house.settings), probes=probes(house))
    voice.line(
        f"复核页面在 http://{host}:{port} （Ctrl-C 结束）",
        f"review pages at http://{host}:{port} (Ctrl-C ends)",
        "bold",
    )
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning"))
    try:
        with suppress(KeyboardInterrupt):  # Ctrl-C is how a person ends it: done, not failed
            server.run()
    except SystemExit as error:
        raise UsageError(f"端口 {port} 不可用 port {port} cannot be used; choose another with --port") from error
