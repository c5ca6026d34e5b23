"""The registry's records for the sample sites."""

from __future__ import annotations

from urllib.parse import urlsplit

from sample.digest import NAME, digest_path
from sample.sites import SITES, Site
from sample.texts import YEARS
from sample.web import site_name
from schema.announcements import Rank, Source, SourceKind


def sample_sources(base_url: str, season: int) -> tuple[Source, ...]:
    """One record a site, and the digest with the pages published up to ``season``."""
    host = urlsplit(base_url).hostname or ""
    return (*(_column(site, base_url, host) for site in SITES), _digest(base_url, host, season))


def _column(site: Site, base_url: str, host: str) -> Source:
    return Source(
        slug=site.slug,
        name=site_name(site.slug) + "（示例）",
        kind=SourceKind.COLUMN,
        rank=Rank.OFFICIAL,
        province=site.slug,
        urls=(base_url + site.column,),
        hosts=(host,),
        article_pattern=site.article_pattern,
        cms=site.family.value,
        verified=True,
        notes="sample site, served on loopback",
    )


def _digest(base_url: str, host: str, season: int) -> Source:
    return Source(
        slug="digest-huazhong",
        name=NAME + "（示例）华中地区篇",
        kind=SourceKind.DIGEST,
        rank=Rank.DIGEST,
        urls=tuple(base_url + digest_path(year) for year in YEARS if 2025 <= year <= season),
        hosts=(host,),
        article_pattern=r"^/digest/info/\d+/\d+\.htm$",
        cms="vsb",
        verified=True,
        notes="sample digest, served on loopback",
    )
