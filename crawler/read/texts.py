"""One announcement's words → directives, commitments, dates: what is common to pages, digests and plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.read.commitments import Parsed, Splitter, Unit
from crawler.read.dating import meeting_of, plan_year_of, resolve_plan_year
from crawler.read.habits import Seen
from crawler.read.items import Item
from crawler.read.outline import Outliner
from crawler.read.poison import poisoned
from crawler.read.quarantine import held_back
from crawler.read.tables import Row, rows
from crawler.read.targets import targets_in
from language.width import Copy, comparison_copy
from schema.announcements import OCR_FLAG, Announcement, Commitment, Directive, Link

_CHAINED = re.compile("、(?=要(?![求闻点素害务领道地塞件])[^，。；、]{4})")
"""要…、要…: a chain of tasks, whatever its mark."""
LONGEST = 30_000
"""Characters of one announcement that are read for tasks; the longest real one has half of that."""


@dataclass(frozen=True, slots=True)
class Framing:
    """What is known about a text from outside it: who speaks, for which year, where it stood."""

    province: str | None = None
    plan_year: int | None = None
    title: str = ""
    published: datetime | None = None
    source_name: str | None = None
    url: str | None = None
    links: tuple[Link, ...] = ()
    around: str = ""
    """What the page says about its site: <title> and footer."""
    unseen: int = 0
    """Words of the page that characters without width split."""
    recognised: bool = False
    """The words were seen in a picture: flagged, and slips of a letter are the recogniser's, not a forger's."""


def announce(body: str, framing: Framing) -> Announcement:
    """Read one announcement. Offsets point into ``body`` exactly as given."""
    copy = comparison_copy(body)
    stated = plan_year_of(copy.text, comparison_copy(framing.title).text)
    year, flags = resolve_plan_year(stated, framing.plan_year, framing.published)
    meeting = meeting_of(copy.text, year.year, framing.published)
    directives = read_directives(body[:LONGEST], stated.year or year.year)
    cut = ("read_in_part",) if len(body) > LONGEST else ()
    seen = (OCR_FLAG,) if framing.recognised else ()
    return Announcement(
        province=framing.province,
        plan_year=year.year,
        year_evidence=year.evidence,
        title=framing.title,
        body=body,
        directives=directives,
        held_on=meeting.held_on,
        city=meeting.city,
        published=framing.published,
        source_name=framing.source_name,
        url=framing.url,
        links=framing.links,
        quarantine=(None if framing.recognised else poisoned(copy.text, body, framing.unseen))
        or held_back(copy.text, year.year, stated, deploys=bool(directives)),
        flags=(*flags, *meeting.flags, *cut, *seen),
    )


def read_directives(body: str, plan_year: int | None) -> tuple[Directive, ...]:
    """The deployment of a text as directives with commitments, in order; nothing where it deploys nothing."""
    table = rows(body)
    prose = _prose_directives(body, _without(body, table), plan_year)
    if not table:
        return prose
    tabled = [_tabled(body, row) for row in table if row.unit[0] < row.unit[1]]
    both = sorted((*prose, *tabled), key=lambda directive: directive.commitments[0].start)
    return tuple(_numbered(directive, no) for no, directive in enumerate(both, 1))


def _without(body: str, table: tuple[Row, ...]) -> Copy:
    """The comparison copy of a text without its tables' rows, which are no sentences."""
    parts, at = [], 0
    for row in table:
        start, end = row.line
        parts += [body[at:start], " " * (end - start)]
        at = end
    return comparison_copy("".join(parts) + body[at:])


def _tabled(body: str, row: Row) -> Directive:
    start, end = row.unit
    text = body[start:end]
    one = Commitment("1.1", text, start, end, targets_in(text, start), "sentence")
    return Directive(1, row.number, body[slice(*row.heading)], (one,))


def _numbered(directive: Directive, no: int) -> Directive:
    made = tuple(replace(one, id=f"{no}.{n}") for n, one in enumerate(directive.commitments, 1))
    return replace(directive, no=no, commitments=made)


def _prose_directives(body: str, copy: Copy, plan_year: int | None) -> tuple[Directive, ...]:
    splitter, items, parsed = _looked_at(copy, plan_year)
    changed = [decision.look_again(len(splitter.segments)) for decision in splitter.decisions]
    if any(changed):
        parsed = [_parse(splitter, item) for item in items]
    return _directives(body, copy, _hung(items, parsed))


def _looked_at(copy: Copy, plan_year: int | None) -> tuple[Splitter, list[Item], list[Parsed]]:
    """A text's items as they look at first sight, and the splitter that looked."""
    text = _CHAINED.sub("，", copy.text)
    outliner = Outliner(text, plan_year)
    items = outliner.outline()
    splitter = Splitter(text, outliner.hearing)
    return splitter, items, [_parse(splitter, item) for item in items]


def places(body: str, plan_year: int | None) -> tuple[dict[str, list[tuple[int, Seen]]], int]:
    """The commas and opening clauses of a text, by where they stand in ``body``, and what is seen there (bench).

    And in how many segments.
    """
    copy = comparison_copy(body)
    splitter, _, _ = _looked_at(copy, plan_year)
    named = zip(("commas", "openings"), splitter.decisions, strict=True)
    found = {
        name: [(copy.original(at, at + 1)[0], seen) for at, seen in decision.seen.items()] for name, decision in named
    }
    return found, len(splitter.segments)


def _parse(splitter: Splitter, item: Item) -> Parsed:
    found = splitter.parse(item)
    heading_only = found.units and found.units[0].start <= found.heading[0] < found.units[0].end
    if item.container and len(found.units) == 1 and heading_only:
        return Parsed(found.heading, [])
    if item.own_line and item.marker is None and heading_only:
        return Parsed(found.heading, [])
    return found


def _hung(items: list[Item], parsed: list[Parsed]) -> list[tuple[Item, tuple[int, int], list[Unit]]]:
    """Directives with their units: an item without a heading gives its units to the heading above it."""
    hung: list[tuple[Item, tuple[int, int], list[Unit]]] = []
    place: dict[int, int] = {}
    for item, found in zip(items, parsed, strict=True):
        above = place.get(id(item.parent)) if item.parent is not None else None
        if above is not None and found.heading[0] == found.heading[1]:
            hung[above][2].extend(found.units)
            place[id(item)] = above
            continue
        place[id(item)] = len(hung)
        hung.append((item, found.heading, list(found.units)))
    return hung


def _directives(body: str, copy: Copy, hung: list[tuple[Item, tuple[int, int], list[Unit]]]) -> tuple[Directive, ...]:
    directives: list[Directive] = []
    told: set[int] = set()
    for item, heading, found in hung:
        units = [unit for unit in found if told.isdisjoint(range(unit.start, unit.end))]
        told.update(*(range(unit.start, unit.end) for unit in units))  # no word is in two commitments
        if not units:
            continue
        no = len(directives) + 1
        made = tuple(_commitment(body, copy, unit, f"{no}.{number}") for number, unit in enumerate(units, 1))
        printed = _verbatim(body, copy, heading) or made[0].text
        marker = _verbatim(body, copy, (item.marker.start, item.marker.printed)) if item.marker else ""
        directives.append(Directive(no, marker, printed, made))
    return tuple(directives)


def _commitment(body: str, copy: Copy, unit: Unit, name: str) -> Commitment:
    start, end = copy.original(unit.start, unit.end)
    text = body[start:end]
    return Commitment(name, text, start, end, targets_in(text, start), unit.boundary)


def _verbatim(body: str, copy: Copy, span: tuple[int, int]) -> str:
    if span[0] >= span[1]:
        return ""
    start, end = copy.original(*span)
    return body[start:end]
