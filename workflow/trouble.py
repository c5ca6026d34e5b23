"""What is wrong now, before it is an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schema.incidents import IncidentKind


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong now."""

    kind: IncidentKind
    source: str
    url: str
    province: str | None
    detail: str
    seen_at: datetime

    @property
    def key(self) -> tuple[IncidentKind, str, str]:
        """What makes two sightings the same trouble."""
        return self.kind, self.source, self.url
