"""故障: something a source does that a person should know. Opens once, closes by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IncidentKind(StrEnum):
    """What is wrong."""

    SILENT = "silent"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    UNREADABLE = "unreadable"
    """A page that should be an article and is not: soft 404, empty shell, login wall, undecodable."""
    LAYOUT_CHANGED = "layout_changed"
    STALE_TEXT = "stale_text"
    POISONED = "poisoned"
    WITHDRAWN = "withdrawn"
    TLS = "tls"
    UNREACHABLE = "unreachable"
    SUSPICIOUS_DIFF = "suspicious_diff"
    WORKER_SILENT = "worker_silent"
    CALENDAR_SILENT = "calendar_silent"
    RELAY_SILENT = "relay_silent"
    DEAD_LETTERS = "dead_letters"
    CONFIGURATION = "configuration"
    """The subscriptions file is broken; the last good one stays in force."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One tracked trouble of one source (or province). ``closed_at`` None: still open."""

    id: int
    kind: IncidentKind
    source: str
    province: str | None
    url: str | None
    opened_at: datetime
    last_seen_at: datetime
    checks: int
    """How many checks it has collected."""
    detail: str
    closed_at: datetime | None = None
    closing_detail: str = ""
