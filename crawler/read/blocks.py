"""HTML to blocks of text with their links. The one file that knows selectolax.

lexbor builds the tree a browser builds: a template that closes </html> after its header loses nothing. The tree is
written out again in normal form and walked as a string of tags, which is ten times faster than node by node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from html import unescape
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from crawler.read.poison import unseen_in
from crawler.read.walk import Block, Walked, fold, walk
from schema.announcements import Link

__all__ = ["Block", "Tree", "Walked", "fold", "text_of"]

_SKIPPED = [
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "select", "option", "button",
    "textarea", "title", "audio", "video", "canvas", "noembed", "noframes",
]  # fmt: skip
_META = re.compile(r"<meta ([^>]*)>")
_ATTRIBUTE = re.compile(r'([^\s="]+)="([^"]*)"')


class Tree:
    """A parsed page."""

    def __init__(self, html: str, url: str = "") -> None:
        self.html, self.url = html, url
        self._parser = LexborHTMLParser(html)
        title = self._parser.css_first("title")
        self.title = fold(title.text()) if title is not None else ""
        """The text of <title>, folded to one line."""
        self._parser.strip_tags(_SKIPPED)
        self._normal = self._parser.html or ""
        self._base = self._base_of(url)

    def _base_of(self, url: str) -> str:
        base = self._parser.css_first("base[href]") if "<base " in self._normal else None
        href = (base.attributes.get("href") or "") if base is not None else ""
        return _join(url, href) if href else url

    def metas(self) -> list[tuple[str, str]]:
        """Every meta tag's name (or property), lower case and stripped, and its content."""
        found = []
        for tag in _META.findall(self._normal):
            values = dict(_ATTRIBUTE.findall(tag))
            name = values.get("name") or values.get("property") or values.get("itemprop") or ""
            found.append((name.strip().lower(), unescape(values.get("content", "")).strip()))
        return found

    @cached_property
    def walked(self) -> Walked:
        """The page's blocks, and which of its elements hold which of them."""
        return walk(self._normal)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of the whole page, in reading order."""
        return self.walked.blocks

    @property
    def unseen(self) -> int:
        """How many words characters without width split, wherever on the page."""
        return unseen_in(self._normal)

    def links_of(self, blocks: Iterable[Block]) -> tuple[Link, ...]:
        """The links of some blocks, with absolute addresses where the page's own is known."""
        return tuple(Link(link.text, _join(self._base, link.url)) for block in blocks for link in block.links)

    def select(self, selector: str) -> list[tuple[Block, ...]]:
        """The blocks of every node of a CSS selector, in document order."""
        return [walk(node.html or "").blocks for node in self._parser.css(selector)]


def _join(base: str, href: str) -> str:
    """``href`` as an absolute address; as written where it is none."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def text_of(blocks: Iterable[Block]) -> str:
    """The blocks as one text, a line each."""
    return "\n".join([block.text for block in blocks])
