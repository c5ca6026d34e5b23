"""The sample announcements: text files with a small head, written for this project."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sample.bank import banked_text
from schema.provinces import PROVINCES

FOLDER = Path(__file__).parent / "texts"
CHINA = ZoneInfo("Asia/Shanghai")
YEARS = (2024, 2025, 2026)


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
    """Every announcement of the sample web, by province and year: files first, the bank for the rest."""
    texts = []
    for province in PROVINCES:
        for year in YEARS:
            path = FOLDER / province.slug / f"{year}.txt"
            if path.exists():
                texts.append(parse_text(province.slug, year, path.read_text(encoding="utf-8")))
            elif (banked := banked_text(province, year)) is not None:
                texts.append(parse_text(province.slug, year, banked))
    return tuple(texts)


def stale_text() -> Text:
    """A text of about 2016 that a digest presents as this year's."""
    return parse_text("hunan", 2025, (FOLDER / "hunan" / "stale.txt").read_text(encoding="utf-8"))
