"""What happened, one line an event: JSON for machines, a short readable line for people.

Every line about one captured page carries the same ``trail``: the first twelve digits of the page's SHA-256, from the
check that kept it over reading and comparing to the delivery that told of it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import Any

TRAIL = 12
"""Hexadecimal digits of a page's SHA-256 that follow it through the log."""
_LOGGER = logging.getLogger("chengnuo")
_LEVELS = {
    "job_failed": logging.ERROR,
    "error": logging.ERROR,
    "incident": logging.WARNING,
    "crawl_out_of_time": logging.WARNING,
}


def trail(page_sha256: str) -> dict[str, str]:
    """What every line about this page carries; nothing when there is no page."""
    return {"trail": page_sha256[:TRAIL]} if page_sha256 else {}


def event(name: str, **facts: Any) -> None:
    """Log one event; facts are plain values. Nothing is written before ``start_log``."""
    _LOGGER.log(_LEVELS.get(name, logging.INFO), name, extra={"facts": facts})


def start_log(form: str, process: str) -> None:
    """Write events to standard error from now on; ``form`` is text or json, ``process`` stands on every line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(process) if form == "json" else _Readable(process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _LOGGER.setLevel(logging.INFO)


def listen(handler: logging.Handler) -> bool:
    """Let a handler hear every event as well, whether a log is written or not; False: one of its kind does so."""
    if any(type(one) is type(handler) for one in _LOGGER.handlers):
        return False
    _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)
    return True


def flush() -> None:
    """Whatever listens sends what it holds."""
    for handler in _LOGGER.handlers:
        handler.flush()


class _Json(logging.Formatter):
    """One object a line: time, level, process, event, then the facts."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": moment, "level": record.levelname.lower(), "process": self._process, "pid": os.getpid()}
        if record.name == _LOGGER.name:
            line |= {"event": record.getMessage(), **record.facts}  # type: ignore[attr-defined]
        else:
            line |= {"event": "message", "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class _Readable(logging.Formatter):
    """Local time, process, event, facts as name=value."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The line, and a traceback below it when there is one."""
        facts = getattr(record, "facts", {})
        told = "  ".join(f"{name}={_short(value)}" for name, value in facts.items())
        moment = datetime.fromtimestamp(record.created, UTC).astimezone()
        line = f"{moment:%H:%M:%S} {self._process:<7} {record.getMessage():<13} {told}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _short(value: object) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}:{count}" for key, count in value.items())
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
