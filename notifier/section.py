"""What a message tells of one comparison, as records and as JSON: composed once, told later, merged, judged anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from schema.changes import Change, Confidence, Dimension, Direction, Finding, Kind, YearlyDiff

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the proof is: addresses of the originals, and of the captured pages on our own pages."""

    review: str
    later_url: str = ""
    later_page: str = ""
    earlier_url: str = ""
    earlier_page: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One change as it is told. ``doubt`` is the signed address at which its reader says "this is wrong"."""

    key: str
    kind: Kind
    confidence: Confidence
    directive: str
    old_text: str
    new_text: str
    old_marks: Spans = ()
    new_marks: Spans = ()
    findings: tuple[Finding, ...] = ()
    doubt: str = ""
    judged: bool = False
    """True: an analyst decided on this kind."""


@dataclass(frozen=True, slots=True)
class Section:
    """The chosen changes of one comparison, in the order they are told."""

    province: str
    year_old: int
    year_new: int
    place: Place
    items: tuple[Item, ...]
    gap: bool = False
    rewritten: bool = False

    @property
    def revision(self) -> bool:
        """Whether both sides are one plan year: a page edited after publication."""
        return self.year_old == self.year_new


def section_of(
    diff: YearlyDiff, changes: Sequence[Change], place: Place, doubt: Callable[[str], str] = lambda _key: ""
) -> Section:
    """The section of a diff's chosen changes. ``doubt(change key)`` gives the address to object at."""
    directives = {unit.id: unit.directive for unit in (*diff.old_units, *diff.new_units)}
    items = tuple(_item(change, directives, doubt(change.key)) for change in changes)
    return Section(diff.province, diff.year_old, diff.year_new, place, items, diff.gap, diff.rewritten)


def section_data(section: Section) -> dict[str, Any]:
    """The JSON of a section, as webhooks get it."""
    return {
        "type": "chengnuo.revision" if section.revision else "chengnuo.changes",
        "province": section.province,
        "year_old": section.year_old,
        "year_new": section.year_new,
        "gap": section.gap,
        "rewritten": section.rewritten,
        "links": asdict(section.place),
        "changes": [_item_data(item, section.place) for item in section.items],
    }


def section_from(data: Mapping[str, Any]) -> Section:
    """A section again from its JSON."""
    items = tuple(_item_from(one) for one in data["changes"])
    place = Place(**data["links"])
    years = (data["year_old"], data["year_new"])
    return Section(data["province"], *years, place, items, data["gap"], data["rewritten"])


def _item(change: Change, directives: Mapping[str, str], doubt: str) -> Item:
    directive = next((directives[unit] for unit in (*change.new, *change.old) if directives.get(unit)), "")
    return Item(
        key=change.key,
        kind=change.kind,
        confidence=change.confidence,
        directive=directive,
        old_text=change.old_text,
        new_text=change.new_text,
        old_marks=change.old_highlights,
        new_marks=change.new_highlights,
        findings=change.findings,
        doubt=doubt,
    )


def _item_data(item: Item, place: Place) -> dict[str, Any]:
    return {
        "key": item.key,
        "kind": item.kind.value,
        "confidence": item.confidence.value,
        "judged": item.judged,
        "directive": item.directive,
        "old_text": item.old_text,
        "new_text": item.new_text,
        "old_marks": [list(span) for span in item.old_marks],
        "new_marks": [list(span) for span in item.new_marks],
        "link": f"{place.review}#c-{item.key}",
        "doubt": item.doubt,
        "findings": [
            {
                "rule": finding.rule,
                "dimension": finding.dimension.value,
                "direction": finding.direction.value,
                "old_quote": finding.old_quote,
                "new_quote": finding.new_quote,
                "hard": finding.hard,
            }
            for finding in item.findings
        ],
    }


def _item_from(data: Mapping[str, Any]) -> Item:
    return Item(
        key=data["key"],
        kind=Kind(data["kind"]),
        confidence=Confidence(data["confidence"]),
        directive=data["directive"],
        old_text=data["old_text"],
        new_text=data["new_text"],
        old_marks=tuple((start, end) for start, end in data["old_marks"]),
        new_marks=tuple((start, end) for start, end in data["new_marks"]),
        findings=tuple(_finding_from(one) for one in data["findings"]),
        doubt=data["doubt"],
        judged=data["judged"],
    )


def _finding_from(data: Mapping[str, Any]) -> Finding:
    words = (data["old_quote"], data["new_quote"])
    return Finding(data["rule"], Dimension(data["dimension"]), Direction(data["direction"]), *words, hard=data["hard"])
