"""`chengnuo sources add`: one fetch, a source file that says what was found, and the page frozen for the tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.propose import Proposal, propose
from crawler.registry import HERE, load_source_file
from crawler.source_file import source_toml
from schema.announcements import Page, Rank, Source, SourceKind
from schema.errors import ChengnuoError, UnknownProvince, UsageError
from schema.provinces import find_province
from workflow.say import Voice
from workflow.scratch import Manners, fetch
from workflow.settings import Settings

_CHECKOUT = HERE.parent.parent
_RANKS = {SourceKind.DIGEST: Rank.DIGEST}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person said; None: to be found out."""

    slug: str
    url: str
    name: str | None = None
    province: str | None = None
    rank: Rank | None = None
    sources: Path | None = None
    """Folder of the source file."""
    pages: Path | None = None
    """Folder of the frozen page."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was written, and on what grounds."""

    source: Source
    proposal: Proposal
    file: Path
    frozen: Path


def add_source(settings: Settings, wanted: Wanted, voice: Voice, manners: Manners, today: datetime) -> Added:
    """Fetch ``wanted.url`` once and write the source file and its frozen page.

    Raises UsageError (a bad slug or address, a file that is there already) before anything is asked, ChengnuoError
    when the page could not be had or is neither list nor article; then nothing is written.
    """
    sources, pages = _folders(settings, wanted)
    file, frozen = sources / f"{wanted.slug}.toml", pages / wanted.slug
    _judge(wanted, file, frozen)
    page = _fetched(settings, wanted, voice, manners)
    proposal = propose(page)
    if proposal.kind is None:
        raise ChengnuoError(
            f"{page.url}: 既不是列表也不是文章，什么也没有写 "
            f"neither a list nor an article ({proposal.detail}); nothing was written"
        )
    source = _source(wanted, page, proposal)
    _freeze(frozen, page, source)
    _write(file, source_toml(source, f"{source.name}. Added {today:%Y-%m-%d} from one visit; unverified."))
    return Added(load_source_file(file), proposal, file, frozen)


def _folders(settings: Settings, wanted: Wanted) -> tuple[Path, Path]:
    """In a checkout the registry and tests/pages; elsewhere the source folder of the settings, or of the data."""
    own = settings.sources or settings.data / "sources"
    checkout = settings.sources is None and (_CHECKOUT / "pyproject.toml").is_file()
    sources = wanted.sources or (HERE if checkout else own)
    pages = wanted.pages or (_CHECKOUT / "tests" / "pages" if checkout and not wanted.sources else sources / "pages")
    return sources, pages


def _judge(wanted: Wanted, file: Path, frozen: Path) -> None:
    if not wanted.slug.replace("-", "").isalnum() or not wanted.slug.isascii() or wanted.slug != wanted.slug.lower():
        raise UsageError(f"{wanted.slug!r}: slug 只用小写字母、数字和连字符 use lower-case letters, digits and hyphens")
    parts = urlsplit(wanted.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{wanted.url!r}: 地址应以 http:// 或 https:// 开头 must begin with http:// or https://")
    for path in (file, frozen):
        if path.exists():
            raise UsageError(
                f"{path}: 已经存在，请换一个 slug 或先移走 is there already; take another slug or move it away"
            )


def _fetched(settings: Settings, wanted: Wanted, voice: Voice, manners: Manners) -> Page:
    host = urlsplit(wanted.url).hostname or ""
    visited = Source(wanted.slug, wanted.slug, SourceKind.ARTICLE, Rank.OFFICIAL, urls=(wanted.url,), hosts=(host,))
    fetched = fetch(settings, {wanted.slug: visited.urls}, [visited], voice, manners)
    pages = fetched.pages.get(wanted.slug, [])
    if not pages or not 200 <= pages[0].status < 300:
        came = "; ".join(f"{c.outcome.value} {c.status or ''} {c.detail}".strip() for c in fetched.checks)
        raise ChengnuoError(f"{wanted.url}: 没有取到，什么也没有写 not fetched ({came}); nothing was written")
    return pages[0]


def _source(wanted: Wanted, page: Page, proposal: Proposal) -> Source:
    assert proposal.kind is not None
    notes = (
        None if proposal.kind is not SourceKind.COLUMN or proposal.pages_on else "the list's next page was not found"
    )
    return Source(
        slug=wanted.slug,
        name=wanted.name or proposal.name or wanted.slug,
        kind=proposal.kind,
        rank=wanted.rank or _RANKS.get(proposal.kind, Rank.OFFICIAL),
        province=None if proposal.kind is SourceKind.DIGEST else _province(wanted, proposal),
        urls=(page.url,),
        hosts=tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in (page.url, wanted.url))),
        article_pattern=proposal.article_pattern,
        cms=proposal.cms,
        notes=notes,
    )


def _province(wanted: Wanted, proposal: Proposal) -> str | None:
    """What the person said, else the slug's first word, else the site's name, else the one the article is about."""
    if wanted.province is not None:
        return find_province(wanted.province).slug
    for name in (wanted.slug.split("-", maxsplit=1)[0], proposal.name[:3], proposal.name[:2]):
        try:
            return find_province(name).slug
        except UnknownProvince:
            continue
    return proposal.provinces[0] if len(proposal.provinces) == 1 else None


def _freeze(folder: Path, page: Page, source: Source) -> None:
    """The bytes as received, and beside them what the reader needs to know of the answer."""
    folder.mkdir(parents=True)
    (folder / "page.html").write_bytes(page.body)
    about = {
        "url": page.url,
        "kind": source.kind.value,
        "province": source.province,
        "article_pattern": source.article_pattern,
        "status": page.status,
        "content_type": page.header("Content-Type"),
        "fetched_at": page.fetched_at.isoformat(),
        "sha256": page.sha256,
    }
    _write(folder / "page.json", json.dumps(about, ensure_ascii=False, indent=2) + "\n")


def _write(path: Path, text: str) -> None:
    """All of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".part")
    half.write_text(text, encoding="utf-8")
    half.replace(path)
