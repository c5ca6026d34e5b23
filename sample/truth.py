"""What is true of the sample web, written down beside it: the yardstick for every trip through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sample.sites import SITES, Challenge, Site
from sample.texts import YEARS, Text, text_of
from schema.provinces import find_province


class Standing(StrEnum):
    """How a province's announcement of a plan year stands after a season's visit."""

    THERE = "there"
    HELD_BACK = "held_back"
    """It is there, and is no edition: stale, or without a single task."""
    NEVER = "never"
    """No page of that year was ever published."""
    NOT_YET = "not_yet"
    """Nothing published by the day of the season's own visit."""
    BLOCKED = "blocked"
    SOFT_404 = "soft_404"


@dataclass(frozen=True, slots=True)
class Truth:
    """One province and plan year, as a careful person would write it down after the visits up to a season."""

    province: str
    plan_year: int
    standing: Standing
    path: str | None
    """Where the announcement stands, as a list or a digest names it."""


HELD_BACK = frozenset({("shandong", 2026), ("shanghai", 2026)})
ELSEWHERE = frozenset({("hunan", 2024)})
"""Read from a WeChat article, the province's own site being closed."""


def truths(season: int) -> tuple[Truth, ...]:
    """Every province and plan year up to a season."""
    years = [year for year in YEARS if year <= season]
    return tuple(_truth(site, year, season) for site in SITES for year in years)


def _truth(site: Site, year: int, season: int) -> Truth:
    text = text_of(find_province(site.slug), year)
    path = site.article_path(text.title, text.published) if text else None
    return Truth(site.slug, year, _standing(site, text, year, season), path)


def _standing(site: Site, text: Text | None, year: int, season: int) -> Standing:
    # a season's visit goes back one plan year
    visits = [visit for visit in YEARS if year <= visit <= min(season, year + 1) and not _closed(site, visit)]
    if (site.slug, year) in ELSEWHERE:
        return Standing.THERE
    if site.blocked is Challenge.STATUS_412 or not visits:
        return Standing.BLOCKED
    if text is None:
        return Standing.NEVER if year < season else Standing.NOT_YET
    if text.published.date() > date(max(visits), 2, 28):
        return Standing.NOT_YET
    if site.soft_404_year == year:
        return Standing.SOFT_404
    return Standing.HELD_BACK if (site.slug, year) in HELD_BACK else Standing.THERE


def _closed(site: Site, season: int) -> bool:
    return site.blocked is not None and season in site.blocked_in
