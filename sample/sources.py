"""The registry's records for the sample sites."""

from __future__ import annotations

from urllib.parse import urlsplit

from sample.digest import NAME, digest_path
from sample.others import MINISTRY, MINISTRY_NAME, WECHAT_PATH, WECHAT_PROVINCE
from sample.sites import SITES, Site
from sample.texts import YEARS
from sample.web import site_name
from schema.announcements import Rank, Source, SourceKind


def sample_sources(base_url: str, season: int) -> tuple[Source, ...]:
    """One record a site, the digest with the pages published up to ``season``, the ministry and a WeChat article."""
    host = urlsplit(base_url).hostname or ""
    columns = (_column(site, base_url, host) for site in SITES)
    return (*columns, _digest(base_url, host, season), _ministry(base_url, host), _wechat(base_url, host))


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
        cms=site.cms,
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


def _ministry(base_url: str, host: str) -> Source:
    return Source(
        slug="national",
        name=MINISTRY_NAME + "（示例）",
        kind=SourceKind.NATIONAL,
        rank=Rank.OFFICIAL,
        urls=(base_url + MINISTRY.column,),
        hosts=(host,),
        article_pattern=MINISTRY.article_pattern,
        cms=MINISTRY.cms,
        verified=True,
        notes="sample site, served on loopback",
    )


def _wechat(base_url: str, host: str) -> Source:
    return Source(
        slug=f"wechat-{WECHAT_PROVINCE}",
        name="应急微信（示例）",
        kind=SourceKind.ARTICLE,
        rank=Rank.MEDIA,
        province=WECHAT_PROVINCE,
        urls=(base_url + WECHAT_PATH,),
        hosts=(host,),
        article_pattern=r"^/wechat/s/[\w-]+$",
        cms="wechat",
        verified=True,
        notes="sample article, served on loopback",
    )
