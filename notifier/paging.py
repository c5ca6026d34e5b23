"""One message, or as many as a platform's byte limit needs: whole changes only, nothing is cut off unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from notifier.channel import byte_limit
from notifier.letter import Letter, Note, changes_letter
from notifier.section import Section
from schema.alerts import Subscription

Page = tuple[list[Section], list[Note]]


def pages(
    sections: Sequence[Section], notes: Sequence[Note], subscription: Subscription, *, whole: bool = False
) -> Iterator[tuple[int, Letter, list[Section]]]:
    """(number, letter, its sections) of every page. ``whole``: one page, whatever its size, to be told later."""
    limit, language = byte_limit(subscription.channel), subscription.language
    found: list[Page] = (
        [(list(sections), list(notes))] if whole or limit is None else _split(sections, notes, limit, language)
    )
    for number, (some, others) in enumerate(found, 1):
        yield number, changes_letter(some, language, others, (number, len(found))), some


def _split(sections: Sequence[Section], notes: Sequence[Note], limit: int, language: str) -> list[Page]:
    """As many whole changes a page as fit; a change larger than a page has one to itself."""
    found: list[Page] = []
    page: Page = ([], [])
    for section in sections:
        for item in section.items:
            single = replace(section, items=(item,))
            longer: Page = (_joined(page[0], single), page[1])
            if (page[0] or page[1]) and _size(longer, language) > limit:
                found.append(page)
                longer = ([single], [])
            page = longer
    for note in notes:
        longer = (page[0], [*page[1], note])
        if (page[0] or page[1]) and _size(longer, language) > limit:
            found.append(page)
            longer = ([], [note])
        page = longer
    return [*found, page]


def _joined(sections: Sequence[Section], single: Section) -> list[Section]:
    """The page's sections with one more change; those of one comparison stay under one heading."""
    if sections and replace(sections[-1], items=()) == replace(single, items=()):
        return [*sections[:-1], replace(sections[-1], items=(*sections[-1].items, *single.items))]
    return [*sections, single]


def _size(page: Page, language: str) -> int:
    """Bytes as a robot would send them: markup characters in full width take three, and a mark of repetition."""
    text = changes_letter(page[0], language, page[1], (99, 99)).text
    return len(text.encode()) + 2 * sum(text.count(char) for char in "[]()<>*@`#&") + 2 * text.count("\n") + 32
