"""Lines of list pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list page: where it leads, its title, its date if one is printed."""

    url: str
    title: str
    published: date | None = None
