"""Title, time and source of a page, each with the layer that answered and how far it can be believed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from crawler.read.blocks import Block, Tree, fold
from schema.announcements import FieldOrigin

SHANGHAI = timezone(timedelta(hours=8))
EARLIEST = 1999
DAY = re.compile(
    r"((?:19|20)\d\d)\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})(?:\s*日)?"
    r"(?:[T\s\xa0　]*(\d{1,2})\s*[:：]\s*(\d{1,2})(?:[:：](\d{1,2}))?)?"
)
COMPACT_DAY = re.compile(r"^(20\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?")
TITLE_METAS = ("articletitle", "og:title")
TIME_METAS = (
    "pubdate",
    "publishdate",
    "firstpublishedtime",
    "docdate",
    "article:published_time",
    "og:published_time",
    "publish_time",
    "datepublished",
    "og:release_date",
    "apub:time",
    "weibo: article:create_at",
    "publication_date",
)
SOURCE_METAS = ("contentsource", "source", "og:article:author")
PUBLISHED_LABEL = re.compile(r"(?:发布时间|发布日期|发文日期|发表时间|发布于)\s*[:：]?\s*")
TIME_LABEL = re.compile(r"(?:^|[\s|【\[（(])(?:时间|日期)\s*[:：]\s*")
SOURCE_LABEL = re.compile(r"(?:信息|文章|稿件)?来源[^\S\n]*[:：][^\S\n]*([^\s|｜【】\[\]（）()<>，,]{2,30})")
EPOCH = re.compile(r"var\s+ct\s*=\s*[\"'](\d{10})[\"']")
URL_DAY = (
    re.compile(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_"),
    re.compile(r"/((?:19|20)\d\d)[-/]?(\d{2})[-/]?(\d{2})/"),
    re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/"),
)
_LEAD = 6
"""Characters in which a line's first letter or character stands, whatever marks come before it."""
SEPARATOR = re.compile(r"\s*[_|｜—–\-－]+\s*|\s*--\s*")


@dataclass(frozen=True, slots=True)
class Fields:
    """What a page says about itself."""

    title: str
    published: datetime | None
    source_name: str | None
    origins: dict[str, FieldOrigin]


def find_fields(tree: Tree, blocks: Sequence[Block], body_start: int, fetched_at: datetime | None) -> Fields:
    """Read the fields; ``blocks`` are the page's, ``body_start`` is where the article begins in them."""
    metas: dict[str, str] = {}
    for name, content in tree.metas():
        if content:
            metas.setdefault(name, content)
    origins: dict[str, FieldOrigin] = {}
    title = _title(tree, blocks, body_start, metas, origins)
    latest = fetched_at + timedelta(days=1) if fetched_at else None
    around = _outside(blocks, body_start)
    published = _published(_Clues(tree, blocks, body_start, around, title, metas, latest), origins)
    return Fields(title, published, _source(around, metas, origins), origins)


def _title(
    tree: Tree, blocks: Sequence[Block], body_start: int, metas: dict[str, str], origins: dict[str, FieldOrigin]
) -> str:
    whole = tree.title
    heading = _heading(blocks, whole)
    for name in TITLE_METAS:
        told = fold(metas.get(name, ""))
        cut_short = bool(heading) and _bare(heading).startswith(_bare(told)) and _bare(heading) != _bare(told)
        if told and not cut_short:
            origins["title"] = FieldOrigin(f"meta {name}", 0.98)
            return told
    if heading:
        origins["title"] = FieldOrigin("heading", 0.95)
        return heading
    above = [block.text for block in blocks[:body_start] if block.kind == "h" and 8 <= len(block.text) <= 120]
    if above:
        origins["title"] = FieldOrigin("heading above the article", 0.8)
        return above[-1]
    origins["title"] = FieldOrigin("title", 0.7)
    return _without_site(whole)


def _heading(blocks: Sequence[Block], whole: str) -> str:
    """The longest heading or short block that begins what <title> says; a heading broken into lines is joined."""
    folded = _bare(whole)
    best = ""
    if not folded:
        return best
    for index, block in enumerate(blocks):
        if not 4 <= len(block.text) <= 120 or folded[0] not in block.text[:_LEAD]:
            continue
        bare = _bare(block.text)
        good = len(bare) >= 4 and folded.startswith(bare) and (len(bare) >= 8 or block.kind == "h" or bare == folded)
        if not good:
            continue
        text = block.text
        for later in blocks[index + 1 : index + 3]:
            if len(later.text) < 4 or not folded.startswith(_bare(text + later.text)):
                break
            text += later.text
        if len(_bare(text)) > len(_bare(best)):
            best = text
    return best


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _without_site(whole: str) -> str:
    """<title> without the site's name after the last separator."""
    parts = [part for part in SEPARATOR.split(whole) if part]
    if len(parts) < 2:
        return whole
    return whole[: whole.find(parts[0]) + len(parts[0])] if len(parts[0]) >= 6 else whole


def _moment(found: re.Match[str], latest: datetime | None) -> datetime | None:
    year, month, day, hour, minute, second = (int(g or 0) for g in (*found.groups(), None, None, None)[:6])
    try:
        moment = datetime(year, month, day, hour % 24, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        return None
    return None if year < EARLIEST or (latest and moment > latest) else moment


def _from_text(text: str, latest: datetime | None) -> datetime | None:
    found = DAY.search(text) or COMPACT_DAY.match(text.strip())
    return _moment(found, latest) if found else None


@dataclass(frozen=True, slots=True)
class _Clues:
    """Where a time may stand, in the order in which it is believed."""

    tree: Tree
    blocks: Sequence[Block]
    body_start: int
    around: str
    title: str
    metas: dict[str, str]
    latest: datetime | None

    def ask(self) -> Iterator[tuple[str, float, datetime | None]]:
        """Each layer's name, how far it can be believed, and its answer."""
        near, around = (self.blocks, self.body_start), self.around
        yield "meta", 0.95, _from_metas(self.metas, self.latest)
        yield "epoch", 0.98, _from_epoch(self.tree, self.latest)
        yield "label", 0.9, _from_label(around, PUBLISHED_LABEL, self.latest)
        yield "time label", 0.8, _from_label(around, TIME_LABEL, self.latest)
        yield "near the title", 0.8, _near_title(*near, self.title, self.latest)
        yield "url", 0.75, _from_url(self.tree.url, self.latest)
        yield "htmldate", 0.5, _from_htmldate(self.tree, self.latest)


def _published(clues: _Clues, origins: dict[str, FieldOrigin]) -> datetime | None:
    for method, confidence, moment in clues.ask():
        if moment is not None:
            origins["published"] = FieldOrigin(method, confidence)
            return moment
    return None


def _from_metas(metas: dict[str, str], latest: datetime | None) -> datetime | None:
    for name in TIME_METAS:
        moment = _from_text(metas.get(name, ""), latest)
        if moment is not None:
            return moment
    return None


def _from_epoch(tree: Tree, latest: datetime | None) -> datetime | None:
    found = EPOCH.search(tree.html) if "js_content" in tree.html else None
    if not found:
        return None
    moment = datetime.fromtimestamp(int(found[1]), SHANGHAI)
    return None if moment.year < EARLIEST or (latest and moment > latest) else moment


def _outside(blocks: Sequence[Block], body_start: int) -> str:
    """The short lines around the article, those before it first."""
    before = [block.text for block in blocks[: body_start + 2] if len(block.text) < 200]
    return "\n".join(before + [block.text for block in blocks[-40:] if len(block.text) < 80])


def _from_label(around: str, label: re.Pattern[str], latest: datetime | None) -> datetime | None:
    """The day behind a label, on its line or at the start of the next."""
    for found in label.finditer(around):
        at_once = DAY.match(around, found.end())
        if at_once and (moment := _moment(at_once, latest)):
            return moment
    return None


def _near_title(blocks: Sequence[Block], body_start: int, title: str, latest: datetime | None) -> datetime | None:
    bare = _bare(title)
    places = [
        number
        for number, block in enumerate(blocks)
        if bare and bare[0] in block.text[:_LEAD] and _bare(block.text) == bare
    ]
    windows = [blocks[place + 1 : place + 9] for place in places] or [blocks[max(0, body_start - 8) : body_start + 2]]
    for timed in (True, False):
        for window in windows:
            for block in window:
                found = DAY.search(block.text) if len(block.text) < 150 else None
                if found and (found[4] is not None or not timed) and not re.search(r"成文|印发", block.text):
                    moment = _moment(found, latest)
                    if moment:
                        return moment
    return None


def _from_url(url: str, latest: datetime | None) -> datetime | None:
    for pattern in URL_DAY:
        found = pattern.search(url)
        if found and (moment := _moment(found, latest)):
            return moment
    return None


def _from_htmldate(tree: Tree, latest: datetime | None) -> datetime | None:
    """The last resort; htmldate is imported here, as it is heavy and rarely asked."""
    from htmldate import find_date

    if len(tree.html) > 400_000:
        return None
    found = find_date(tree.html, original_date=True, extensive_search=False, url=tree.url or None)
    return _from_text(found, latest) if found else None


def _source(around: str, metas: dict[str, str], origins: dict[str, FieldOrigin]) -> str | None:
    for name in SOURCE_METAS:
        if metas.get(name):
            origins["source_name"] = FieldOrigin(f"meta {name}", 0.95)
            return fold(metas[name])
    found = SOURCE_LABEL.search(around)
    if found:
        origins["source_name"] = FieldOrigin("label", 0.8)
        return found[1]
    return None
