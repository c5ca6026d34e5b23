"""HTML to blocks of text with their links. The one file that knows selectolax.

lexbor builds the tree a browser builds: a template that closes </html> after its header loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schema.announcements import Link

SPACE = re.compile(r"[\s\u200b\ufeff]+")
PADDING = " \t\r\n\u3000\xa0\u200b\ufeff"
_SKIPPED = """
script style noscript template iframe object embed svg select option button textarea head title audio video canvas
"""
_BLOCK = """
p div section article main header footer nav aside ul ol li dl dt dd table tbody thead tfoot tr td th caption
h1 h2 h3 h4 h5 h6 blockquote pre form fieldset figure figcaption center address hr body html
"""
SKIPPED = frozenset(_SKIPPED.split())
BLOCK = frozenset(_BLOCK.split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
DEEPEST = 400
"""Nesting beyond which a page is not walked further: no real page comes near."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph as a reader sees it. ``kind``: p, h (heading), li, td."""

    text: str
    kind: str
    links: tuple[Link, ...] = ()

    @property
    def link_share(self) -> float:
        """Share of the characters that stand inside links."""
        return sum(len(link.text) for link in self.links) / max(1, len(self.text))


class Tree:
    """A parsed page."""

    def __init__(self, html: str, url: str = "") -> None:
        self.html, self.url = html, url
        self._parser = LexborHTMLParser(html)
        self._walked: dict[int, list[Block]] = {}
        base = self._parser.css_first("base[href]")
        href = (base.attributes.get("href") or "") if base is not None else ""
        self._base = _join(url, href) if href else url

    def metas(self) -> list[tuple[str, str]]:
        """Every meta tag's name (or property), lower case and stripped, and its content."""
        found = []
        for node in self._parser.css("meta"):
            values = node.attributes
            name = values.get("name") or values.get("property") or values.get("itemprop") or ""
            found.append((name.strip().lower(), (values.get("content") or "").strip()))
        return found

    def title(self) -> str:
        """The text of <title>, folded to one line."""
        node = self._parser.css_first("title")
        return fold(node.text()) if node is not None else ""

    def select(self, selector: str) -> list[LexborNode]:
        """All nodes of a CSS selector, in document order."""
        return list(self._parser.css(selector))

    def body(self) -> LexborNode | None:
        """The body element."""
        return self._parser.body

    def blocks(self, node: LexborNode | None = None) -> list[Block]:
        """The blocks below a node (the whole body by default), in reading order."""
        start = node if node is not None else self._parser.body
        if start is None:
            return []
        known = self._walked.get(start.mem_id)
        if known is None:
            known = self._walked[start.mem_id] = _Walk(self._base).run(start)
        return list(known)

    def between(self, begin: str, end: str) -> Tree | None:
        """The part of the page between two marks, as a page of its own."""
        start = self.html.find(begin)
        stop = self.html.find(end, start + len(begin)) if start >= 0 else -1
        return Tree(self.html[start + len(begin) : stop], self._base) if stop > start else None


def fold(text: str) -> str:
    """White space folded to single spaces, ends trimmed of every kind of blank."""
    return SPACE.sub(" ", text).strip(PADDING)


def _join(base: str, href: str) -> str:
    if not base or href.startswith(("http://", "https://")):
        return href
    try:
        return urljoin(base, href)
    except ValueError:
        return href


class _Walk:
    """One walk through a tree, without recursion: real pages nest deeply, hostile ones more so."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._blocks: list[Block] = []
        self._words: list[str] = []
        self._links: list[Link] = []
        self._kind = "p"
        self._anchor: tuple[str, int] | None = None

    def run(self, start: LexborNode) -> list[Block]:
        stack: list[tuple[LexborNode, bool, str]] = [(start, False, "p")]
        while stack:
            node, leaving, kind = stack.pop()
            tag = node.tag or ""
            if leaving:
                self._leave(tag, kind)
                continue
            if tag == "-text":
                self._words.append(node.text_content or "")
                continue
            if tag in SKIPPED or tag.startswith(("-", "_", "!")) or len(stack) > DEEPEST * 50:
                continue
            inner = self._enter(node, tag, kind)
            stack.append((node, True, kind))
            stack.extend((child, False, inner) for child in reversed(list(_children(node))))
        self._flush("p")
        return self._blocks

    def _enter(self, node: LexborNode, tag: str, kind: str) -> str:
        if tag == "br":
            self._flush(kind)
        elif tag == "a":
            self._anchor = (node.attributes.get("href") or "", len(self._words))
        elif tag in BLOCK:
            self._flush(kind)
            return "h" if tag in HEADINGS else tag if tag in ("li", "td", "th") else kind
        return kind

    def _leave(self, tag: str, kind: str) -> None:
        if tag == "a" and self._anchor is not None:
            href, since = self._anchor
            text = fold("".join(self._words[since:]))
            if href and text:
                self._links.append(Link(text, _join(self._base, href.strip())))
            self._anchor = None
        elif tag in BLOCK:
            self._flush("h" if tag in HEADINGS else tag if tag in ("li", "td", "th") else kind)

    def _flush(self, kind: str) -> None:
        text = fold("".join(self._words))
        self._words.clear()
        if text:
            self._blocks.append(Block(text, kind, tuple(self._links)))
        if self._anchor is not None:
            self._anchor = (self._anchor[0], 0)
        self._links.clear()


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def text_of(blocks: Iterable[Block]) -> str:
    """The blocks as one text, a line each."""
    return "\n".join(block.text for block in blocks)
