"""Optional traces: every log line about a page becomes a span of that page's trace, sent by OTLP over HTTP.

A trace's number begins with the page's trail, and the span of a step has a number of its own kind, so that processes
on any machine add to one trace without talking to each other: check ← read ← compared ← delivered. A later visit
that finds the same bytes joins the trace under the first one.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import secrets
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

from schema.errors import ConfigurationError
from workflow.logs import listen
from workflow.settings import PREFIX, Settings

if TYPE_CHECKING:  # an extra: it may not be here
    from opentelemetry.sdk.trace import ReadableSpan

EXTRA = "opentelemetry.exporter"
PATIENCE = 3.0
"""Seconds for one answer of the collector."""
EVERY = 1000
"""Milliseconds between two sendings."""
AFTER = {"read": "check", "compared": "read", "delivered": "compared", "not_delivered": "compared"}
"""The step each step follows."""
FACTS = (str, bool, int, float)


def start_tracing(settings: Settings, process: str) -> None:
    """Send spans from now on, if CHENGNUO_OTEL_ENDPOINT is set; once a process. ConfigurationError without the extra.

    A collector that is away costs a line in the log, never a delivery: spans leave by a thread of their own.
    """
    if not settings.otel_endpoint:
        return
    if not _installed():
        raise ConfigurationError(
            "environment", PREFIX + "OTEL_ENDPOINT", "needs an extra: pip install 'chengnuo[otel]', or unset it"
        )
    spans = Spans(settings.otel_endpoint, process)
    if listen(spans):
        atexit.register(spans.close)


def _installed() -> bool:
    try:
        return find_spec(f"{EXTRA}.otlp.proto.http") is not None and find_spec("opentelemetry.sdk") is not None
    except ModuleNotFoundError:
        return False


class Spans(logging.Handler):
    """Turns events that carry a trail into spans. ``seconds`` among the facts is how long the step took."""

    def __init__(self, endpoint: str, process: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        super().__init__()
        exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=PATIENCE)
        self._processor = BatchSpanProcessor(exporter, schedule_delay_millis=EVERY)
        self._resource = Resource.create({"service.name": "chengnuo", "chengnuo.process": process})

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the span over; sending it happens elsewhere."""
        facts = getattr(record, "facts", {})
        if "trail" in facts:
            self._processor.on_end(self._span(record.getMessage(), facts))

    def flush(self) -> None:
        """Send what waits."""
        self._processor.force_flush(int(PATIENCE * 1000))

    def close(self) -> None:
        """Send what waits, and end."""
        self._processor.shutdown()  # type: ignore[no-untyped-call]
        super().close()

    def _span(self, name: str, facts: dict[str, object]) -> ReadableSpan:
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.trace import SpanContext, Status, StatusCode, TraceFlags

        trail, ended = str(facts["trail"]), time.time_ns()
        seconds = facts.get("seconds", 0.0)
        again = name == "check" and facts.get("outcome") != "new"
        before = "check" if again else AFTER.get(name)
        failed = name == "not_delivered"

        def context(number: int) -> SpanContext:
            return SpanContext(trace_number(trail), number, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))

        return ReadableSpan(
            name=name,
            context=context(secrets.randbits(64) if again else span_number(trail, name, facts)),
            parent=context(span_number(trail, before, {})) if before else None,
            resource=self._resource,
            attributes={f"chengnuo.{key}": value for key, value in facts.items() if isinstance(value, FACTS)},
            status=Status(StatusCode.ERROR, str(facts.get("reason", ""))) if failed else Status(StatusCode.UNSET),
            start_time=ended - int((seconds if isinstance(seconds, float) else 0.0) * 1e9),
            end_time=ended,
        )


def trace_number(trail: str) -> int:
    """128 bits that begin with the trail: whoever has a line of the log finds its trace."""
    return int(trail + _digest(trail)[: 32 - len(trail)], 16)


def span_number(trail: str, step: str, facts: dict[str, object]) -> int:
    """64 bits from the page and the step; of deliveries, which are many, from the row and the attempt as well."""
    which = (trail, step, facts.get("delivery", ""), facts.get("attempt", ""))
    return int(_digest(" ".join(map(str, which)))[:16], 16)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
