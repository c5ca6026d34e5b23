"""The front door of reading: pages, plain texts and single bodies → announcements."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.read.conference import not_provincial
from crawler.read.dating import plan_year_of
from crawler.read.digest import digest_entries
from crawler.read.repeats import without_repeats
from crawler.read.texts import Framing, announce
from language.width import aligned, comparison_copy
from schema.announcements import Announcement, Quarantine, QuarantineReason
from schema.errors import UnknownProvince
from schema.provinces import find_province, provinces_named

__all__ = ["Framing", "announce", "announcements_in", "read_body", "read_text"]


def read_text(
    text: str,
    *,
    province: str | None = None,
    plan_year: int | None = None,
    published: datetime | None = None,
    url: str | None = None,
) -> tuple[Announcement, ...]:
    """The announcements of a plain text: many for a digest, one otherwise, none for an empty text."""
    framing = Framing(province=_slug(province), plan_year=plan_year, published=published, url=url)
    return announcements_in(text, framing)


def read_body(text: str, province: str | None, plan_year: int | None) -> Announcement:
    """ONE announcement whose body is ``text`` exactly as given; quarantined when the text is stale for that year."""
    return announce(text, Framing(province=_slug(province), plan_year=plan_year))


def announcements_in(body: str, framing: Framing) -> tuple[Announcement, ...]:
    """The announcements of an article's body. A digest's entries take their titles from the originals they name."""
    if not body.strip():
        return ()
    entries = digest_entries(body, framing.links)
    if not entries:
        return (_own(announce(body, _with_province(body, framing))),)
    year = framing.plan_year or _digest_year(body, framing)
    return without_repeats(
        announce(
            entry.body,
            Framing(
                province=entry.province,
                plan_year=year,
                title=entry.links[0].text if entry.links else entry.title or framing.title,
                published=framing.published,
                source_name=framing.source_name,
                url=framing.url,
                links=entry.links,
            ),
        )
        for entry in entries
        if entry.body
    )


def _own(found: Announcement) -> Announcement:
    """Held back where it is another meeting or another kind of text; poison and age are named first."""
    if found.quarantine is not None and found.quarantine.reason is not QuarantineReason.RESULTS_ONLY:
        return found
    title = found.title or title_of(found.body)
    reason = not_provincial(title, found.body, found.province)
    if reason is None:
        return found
    evidence = (title or found.body.strip().split("\n", 1)[0][:80],)
    return replace(found, quarantine=Quarantine(QuarantineReason.NOT_PROVINCIAL, evidence, detail=reason))


def title_of(text: str) -> str:
    """A plain text's title: its first line, where that is no sentence."""
    first = text.strip().split("\n", 1)[0].strip()
    return (
        first if 6 <= len(first) <= 80 and not any(mark in first for mark in "。；;") and "\n" in text.strip() else ""
    )


def _digest_year(body: str, framing: Framing) -> int | None:
    """A digest states its year once, in its title or before its first entry."""
    preface = aligned(framing.title + "\n" + body[:600])
    return plan_year_of(comparison_copy(preface).text).year


def _with_province(body: str, framing: Framing) -> Framing:
    if framing.province is not None:
        return framing
    said = (framing.title, aligned(body[:300]), framing.source_name or "", framing.around)
    named = next((found for words in said if (found := provinces_named(words))), ())
    return replace(framing, province=named[0].slug) if named else framing


def _slug(spelling: str | None) -> str | None:
    """A province's slug; a name that is none of the 31 stays as given."""
    if spelling is None:
        return None
    try:
        return find_province(spelling).slug
    except UnknownProvince:
        return spelling
