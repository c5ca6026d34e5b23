"""The sample announcements: text files with a small head, written for this project."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sample.bank import banked_text
from sample.earlier import day_before, year_before
from schema.provinces import PROVINCES, Province

FOLDER = Path(__file__).parent / "texts"
CHINA = ZoneInfo("Asia/Shanghai")
YEARS = (2024, 2025, 2026)
NEVER_HELD = frozenset({("hainan", 2024), ("henan", 2024), ("hunan", 2024), ("hunan", 2025), ("hunan", 2026)})
"""Provinces and plan years without an announcement of their own (湖南's site is closed to us, 河南 had no page yet)."""
LATE = {("anhui", 2025): (3, 11)}
"""Month and day of pages that come out after the season's visit."""


@dataclass(frozen=True, slots=True)
class Text:
    """One announcement as a site publishes it. ``body`` has one paragraph a line."""

    slug: str
    year: int
    title: str
    published: datetime
    source: str
    body: str
    edits: tuple[tuple[str, str], ...] = ()
    """What a quiet edit replaces, old and new wording."""

    def edited(self) -> Text:
        """The text after its quiet edit."""
        body = self.body
        for old, new in self.edits:
            assert old in body, f"{self.slug} {self.year}: {old}"
            body = body.replace(old, new)
        return replace(self, body=body)


def parse_text(slug: str, year: int, raw: str) -> Text:
    """A file's text: ``key: value`` lines, an empty line, the body."""
    head, body = raw.split("\n\n", 1)
    pairs = [(key, value) for line in head.splitlines() for key, value in [line.split(": ", 1)]]
    values = dict(pairs)
    published = datetime.strptime(values["published"], "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
    edits = tuple((old, new) for key, value in pairs if key == "edit" for old, new in [value.split(" -> ", 1)])
    return Text(slug, year, values["title"], published, values["source"], body.strip(), edits)


@cache
def all_texts() -> tuple[Text, ...]:
    """Every announcement of the sample web, by province and year."""
    found = (text_of(province, year) for province in PROVINCES for year in YEARS)
    return tuple(text for text in found if text is not None)


@cache
def text_of(province: Province, year: int) -> Text | None:
    """A province's announcement: its file; before the first file, the year before that; without files, the bank."""
    if (province.slug, year) in NEVER_HELD:
        return None
    written = _written(province.slug)
    if not written:
        banked = banked_text(province, year)
        return _moved(parse_text(province.slug, year, banked)) if banked else None
    if year in written:
        return parse_text(province.slug, year, written[year].read_text(encoding="utf-8"))
    return _before(text_of(province, year + 1)) if year < min(written) else None


def _written(slug: str) -> dict[int, Path]:
    """The text files of a province by plan year."""
    return {year: path for year in YEARS if (path := FOLDER / slug / f"{year}.txt").exists()}


def _before(text: Text | None) -> Text | None:
    if text is None:
        return None
    title, body, published = year_before(text.title), year_before(text.body), day_before(text.published)
    return Text(text.slug, text.year - 1, title, published, text.source, body)


def _moved(text: Text) -> Text:
    """The pages that came out late."""
    late = LATE.get((text.slug, text.year))
    return replace(text, published=text.published.replace(month=late[0], day=late[1])) if late else text


def stale_text() -> Text:
    """A text of about 2016 that a digest presents as this year's."""
    return parse_text("hunan", 2025, (FOLDER / "hunan" / "stale.txt").read_text(encoding="utf-8"))
