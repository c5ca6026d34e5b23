"""One kept page → its reading: outcome, fields, body, announcements."""

from __future__ import annotations

from dataclasses import replace

from crawler.read.announcements import Framing, announcements_in, title_of
from crawler.read.blocks import Tree, text_of
from crawler.read.body import Body, find_body
from crawler.read.cms import cms_of
from crawler.read.conference import is_foreign, refusal_of
from crawler.read.decode import decode
from crawler.read.gate import fails_gate
from crawler.read.metadata import find_fields
from crawler.read.outcome import LONGEST_TEXT, before_decoding, is_file, is_list, is_media, of_markup, of_size
from schema.announcements import FieldOrigin, Outcome, Page, Reading, Source, SourceKind

_TEXT = "text/plain"
_LINKED = 0.5
"""Share of a block's words inside links from which it is navigation."""
_FOOTER = 8
_ABOVE = 4
"""Blocks at a page's end, and above the article, in which its site names itself."""
_MARKUP = ("html", "xml", _TEXT)


def read_page(page: Page, source: Source | None = None) -> Reading:
    """Read a page as its source says; whatever is wrong with it is an outcome with its evidence, never an error."""
    early = _unread(page)
    if early:
        return Reading(early[0], detail=early[1])
    if is_file(page.body):
        return _file(page, source)
    decoded = decode(page.body)
    if not decoded.readable:
        return Reading(Outcome.UNDECODABLE, encoding=decoded.encoding, detail=f"{decoded.lost} characters lost")
    size = of_size(decoded.text)
    if size:
        return Reading(size[0], encoding=decoded.encoding, detail=size[1])
    if _kind(page).startswith(_TEXT):
        return _plain(decoded.text, decoded.encoding, page, source)
    known = page.url if page.url.startswith("http") else ""  # a local file's links stay as they are written
    return _article(Tree(decoded.text, known), decoded.encoding, page, source)


def _kind(page: Page) -> str:
    return (page.header("Content-Type") or "text/html").lower()


def _unread(page: Page) -> tuple[Outcome, str] | None:
    """What needs no decoding: refusals, empty answers, pictures and other media."""
    cookies = " ".join(value for name, value in page.headers if name.lower() == "set-cookie")
    early = before_decoding(page.status, page.body, cookies)
    if early or is_file(page.body):
        return early
    if not any(mark in _kind(page) for mark in _MARKUP) or is_media(page.body):
        return Outcome.NOT_HTML, _kind(page)
    return None


def _file(page: Page, source: Source | None) -> Reading:
    """A PDF or DOCX: read as a plain text, or an outcome that says why it cannot be."""
    from crawler.read.files import NoText, text_of_file  # heavy, and few pages are files

    try:
        found = text_of_file(page.body, ocr=source is not None and source.ocr)
    except NoText as error:
        return Reading(Outcome.NOT_HTML, detail=str(error))
    read = _plain(found.words, "file", page, source, recognised=found.is_recognised)
    return replace(read, origins={"body": FieldOrigin(found.method, found.confidence)})


def _plain(text: str, encoding: str, page: Page, source: Source | None, *, recognised: bool = False) -> Reading:
    """A text without markup. A file that an article names must itself be about the conference, as an article must."""
    if len(text) > LONGEST_TEXT:
        return Reading(Outcome.TOO_LARGE, encoding=encoding, detail=f"{len(text)} characters")
    title = title_of(text)
    column = source is not None and source.kind is SourceKind.COLUMN
    refused = _refusal(title, text, source) if column else None
    framing = Framing(province=source.province if source else None, title=title, url=page.url, recognised=recognised)
    return Reading(
        Outcome.ARTICLE,
        title=title,
        body=text,
        announcements=() if refused else announcements_in(text, framing),
        refused=refused,
        encoding=encoding,
    )


def _found(tree: Tree, selector: str | None) -> tuple[Tree, Body]:
    """The article, from a mended copy of the page where the first reading fails its gate."""
    body = find_body(tree, selector)
    if not fails_gate(text_of(body.blocks), text_of(tree.blocks), tree.html) or is_list(tree.blocks):
        return tree, body
    from crawler.read.repair import mended  # heavy, and few pages are broken

    again = Tree(mended(tree.html), tree.url)
    second = find_body(again, selector)
    if len(text_of(second.blocks)) <= len(text_of(body.blocks)):
        return tree, body
    return again, replace(second, method=f"mended {second.method}")


def _refusal(title: str, text: str, source: Source | None) -> str | None:
    """Why an article holds no announcement: a column carries other news as well, and a page given may be anything."""
    if source is not None and source.kind is SourceKind.COLUMN:
        return refusal_of(title, text, source.province)
    return "no_conference" if is_foreign(title, text) else None


def _around(tree: Tree, start: int) -> str:
    """Where a page says whose it is: <title>, the lines above the article, the footer."""
    near = (*tree.blocks[max(0, start - _ABOVE) : start], *tree.blocks[-_FOOTER:])
    return "\n".join([tree.title, *(block.text for block in near)])


def _article(tree: Tree, encoding: str, page: Page, source: Source | None) -> Reading:
    blocks = tree.blocks
    unlinked = text_of(block for block in blocks if block.link_share < _LINKED)
    outcome = of_markup(tree.html, f"{tree.title}\n{unlinked}")
    if outcome:
        return Reading(outcome[0], encoding=encoding, detail=outcome[1])
    tree, body = _found(tree, source.body_selector if source else None)
    blocks = tree.blocks
    if not body.blocks:
        outcome = (Outcome.LIST, "only links") if is_list(blocks) else (Outcome.EMPTY, "no article on the page")
        return Reading(outcome[0], encoding=encoding, detail=outcome[1])
    fields = find_fields(tree, blocks, body.start, page.fetched_at)
    text = text_of(body.blocks)
    if len(text) > LONGEST_TEXT:
        return Reading(Outcome.TOO_LARGE, encoding=encoding, detail=f"{len(text)} characters")
    links = tree.links_of(body.blocks)
    listed = is_list(body.blocks)
    refused = None if listed else _refusal(fields.title, text, source)
    framing = Framing(
        province=source.province if source else None,
        title=fields.title,
        published=fields.published,
        source_name=fields.source_name,
        url=page.url,
        links=links,
        around=_around(tree, body.start),
        unseen=tree.unseen,
    )
    return Reading(
        Outcome.LIST if listed else Outcome.ARTICLE,
        title=fields.title,
        published=fields.published,
        source_name=fields.source_name,
        cms=(source.cms if source else None) or cms_of(tree.html, page.url),
        body=text,
        body_selector=body.method,
        links=links,
        announcements=() if listed or refused else announcements_in(text, framing),
        refused=refused,
        origins=fields.origins | {"body": FieldOrigin(body.method, body.confidence)},
        encoding=encoding,
    )
