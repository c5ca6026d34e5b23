"""What a reader wants to see of many changes: the filters of the pages and of the exports, read from an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from urllib.parse import urlencode

from review.lines import Line
from review.topics import TOPICS, on_topic
from schema.changes import ALERT_KINDS, Confidence, Dimension, Kind, Structure
from schema.errors import UnknownProvince
from schema.provinces import Region, find_province
from schema.words import SURENESS

LONGEST = 60
"""Characters of a text that is looked for."""


class Review(StrEnum):
    """Whether somebody has decided."""

    WAITING = "waiting"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty means all. ``kind`` may also be ``changed`` (what alerts tell) or ``all``."""

    kind: str = ""
    dimension: str = ""
    topic: str = ""
    confidence: str = ""
    """At least this sure."""
    structure: str = ""
    review: str = ""
    region: str = ""
    province: str = ""
    q: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """From an address; a value that is none of its vocabulary is as if it were not there."""
        known: dict[str, Iterable[str]] = {
            "kind": ("all", "changed", *Kind),
            "dimension": Dimension,
            "topic": TOPICS,
            "confidence": Confidence,
            "structure": Structure,
            "review": Review,
            "region": Region,
        }
        values = {key: query[key] for key, allowed in known.items() if query.get(key) in {str(one) for one in allowed}}
        return cls(**values, province=_slug(query.get("province", "")), q=query.get("q", "").strip()[:LONGEST])

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))

    def query(self, **other: str) -> str:
        """The filters as the query of an address, with some set anew; empty ones left out."""
        values = {one.name: getattr(self, one.name) for one in fields(self)} | other
        return urlencode({key: value for key, value in values.items() if value})

    def takes(self, line: Line) -> bool:
        """Whether a reader wants this line."""
        return self._place(line) and self._kind(line) and self._nature(line) and self._words(line)

    def _place(self, line: Line) -> bool:
        province = line.province
        return self.province in ("", province.slug) and self.region in ("", province.region.value)

    def _kind(self, line: Line) -> bool:
        """A kind takes what counts as it. ``changed`` also takes what the machine alone calls a change, so that what
        was just decided does not vanish under the reader's hands.
        """
        if self.kind in ("", "all"):
            return True
        return line.kind in ALERT_KINDS or line.asks if self.kind == "changed" else line.kind == self.kind

    def _nature(self, line: Line) -> bool:
        change = line.change
        return (
            self.dimension in ("", *line.dimensions)
            and self.structure in ("", *change.structure)
            and (not self.confidence or SURENESS[change.confidence] >= SURENESS[Confidence(self.confidence)])
            and (not self.review or (line.waits if self.review == Review.WAITING else line.now is not None))
        )

    def _words(self, line: Line) -> bool:
        return (not self.topic or on_topic(line.text, self.topic)) and self.q in line.text


def _slug(spelling: str) -> str:
    try:
        return find_province(spelling).slug if spelling else ""
    except UnknownProvince:
        return ""
