"""One walk through a page in lexbor's normal form: blocks of text, and which element holds which of them.

In that form every tag is closed in order, and neither text nor attributes hold a < or >.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from schema.announcements import Link

_TAG = re.compile(r"<(!--.*?--|[^>]*)>", re.DOTALL)
_BLOCK = """
p div section article main header footer nav aside ul ol li dl dt dd table tbody thead tfoot tr td th caption
h1 h2 h3 h4 h5 h6 blockquote pre form fieldset figure figcaption center address body html ucapcontent
"""
BLOCK = frozenset(_BLOCK.split())
_KINDS = dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "h") | {"li": "li", "td": "td", "th": "th"}
_BREAKS = frozenset(("br", "hr"))
_CLOSERS = {f"/{name}": name for name in BLOCK}
_OTHERS = _BREAKS | {"a", "/a"}
_HOLDERS = frozenset(("p", "li", "blockquote", "pre", "dd"))
"""Elements that hold one paragraph: its text speaks for what is around them."""

CONTAINERS: tuple[tuple[str, ...], ...] = (
    ("#UCAP-CONTENT", "ucapcontent", ".pages_content"),
    (".TRS_UEDITOR", ".trs_editor_view", ".TRS_Editor", ".TRS_PreAppend"),
    (".v_news_content", "[id^=vsb_content]"),
    ("#js_content",),
    (".wp_articlecontent",),
    ("#zoom", "#Zoom", "#ivs_content"),
    ("<!--ZJEG_RSS.content.begin-->",),
)
"""What content systems call the article, the surest family first."""
_NAMED = {name: family for family, names in enumerate(CONTAINERS) for name in names}
_CONTAINER = re.compile(
    r"^(ucapcontent)\b|\bid=\"(?:(UCAP-CONTENT|js_content|zoom|Zoom|ivs_content)|(vsb_content)[^\"]*)\""
    r"|\bclass=\"(?:[^\"]*\s)?(pages_content|TRS_UEDITOR|trs_editor_view|TRS_Editor|TRS_PreAppend|v_news_content|wp_articlecontent)[\s\"]"
)
_NAMES = (
    "ucapcontent", "UCAP-CONTENT", "js_content", "zoom", "Zoom", "ivs_content", "vsb_content", "pages_content", "TRS_",
    "trs_editor_view", "v_news_content", "wp_articlecontent",
)  # fmt: skip
"""What must stand in a page before its tags are looked at for containers."""
_UNSEEN = re.compile(r"(?<=\w)[\u200b\ufeff]+(?=\w)")
_BEGIN, _END = "ZJEG_RSS.content.begin", "ZJEG_RSS.content.end"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph as a reader sees it. ``kind``: p, h (heading), li, td. Its links' addresses stand as written."""

    text: str
    kind: str
    links: tuple[Link, ...] = ()

    @property
    def link_share(self) -> float:
        """Share of the characters that stand inside links."""
        return sum(len(link.text) for link in self.links) / max(1, len(self.text)) if self.links else 0.0


@dataclass(slots=True)
class Element:
    """An element that holds blocks ``start`` to ``end``; ``parent`` is its place among the elements, -1 for none."""

    tag: str
    """As written, with its attributes."""
    name: str
    parent: int
    start: int
    end: int = -1


@dataclass(frozen=True, slots=True)
class Container:
    """A place where a content system puts the article: ``family`` in CONTAINERS, blocks ``start`` to ``end``."""

    family: int
    selector: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Walked:
    """What one walk has found. ``owners[i]`` is the element that holds block i."""

    blocks: tuple[Block, ...]
    owners: list[int]
    elements: list[Element]
    containers: tuple[Container, ...]

    def holder(self, number: int) -> int:
        """The element a block's text speaks for: what holds its paragraph."""
        at = self.owners[number]
        return self.elements[at].parent if at >= 0 and self.elements[at].name in _HOLDERS else at


def fold(text: str) -> str:
    """White space folded to single spaces, ends trimmed of every kind of blank; words lose what splits them unseen."""
    if "\u200b" in text or "\ufeff" in text:
        text = _UNSEEN.sub("", text).replace("\u200b", " ").replace("\ufeff", " ")
    return " ".join(text.split())


def walk(html: str) -> Walked:
    """Walk normal-form HTML, from its <body> where it has one."""
    body = html.find("<body")
    return _Walk().run(html[body:] if body >= 0 else html)


class _Walk:
    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._owners: list[int] = []
        self._elements: list[Element] = []
        self._stack: list[tuple[str, int, str, int]] = []
        """Open elements: name, number (-1: not a block), the kind of text and the element around it."""
        self._top = -1
        self._containers: list[tuple[str, int]] = []
        self._words: list[str] = []
        self._links: list[Link] = []
        self._kind = "p"
        self._href: str | None = None
        self._since = 0
        self._begun: int | None = None
        self._marked: list[Container] = []

    def run(self, html: str) -> Walked:
        parts = _TAG.split(html)
        named = any(name in html for name in _NAMES)
        words = self._words
        if parts[0]:
            words.append(parts[0])
        for token, text in zip(parts[1::2], parts[2::2], strict=True):
            name = token.split(" ", 1)[0]
            if name in BLOCK:
                self._open(name, token, named=named)
            elif name in _CLOSERS:
                self._close(_CLOSERS[name])
            elif name in _OTHERS or name[:3] == "!--":
                self._other(name, token)
            elif named and name and (len(name) < len(token) or name[0] == "/"):
                self._inline(name, token)
            if text and (words or not text.isspace()):
                words.append(text)
        self._flush()
        return Walked(tuple(self._blocks), self._owners, self._elements, self._found())

    def _found(self) -> tuple[Container, ...]:
        count = len(self._blocks)
        named = [
            Container(_NAMED[selector], selector, one.start, one.end if one.end >= 0 else count)
            for selector, one in ((selector, self._elements[at]) for selector, at in self._containers)
        ]
        return (*named, *self._marked)

    def _open(self, name: str, token: str, *, named: bool) -> None:
        if self._words:
            self._flush()
        if named and len(name) < len(token) and (selector := _selector(token)):
            self._containers.append((selector, len(self._elements)))
        self._push(name, token)
        if name in _KINDS:
            self._kind = _KINDS[name]

    def _push(self, name: str, token: str) -> None:
        number = len(self._elements)
        self._stack.append((name, number, self._kind, self._top))
        self._elements.append(Element(token, name, self._top, len(self._blocks)))
        self._top = number

    def _inline(self, name: str, token: str) -> None:
        """A span or font that a content system uses as its container; spans inside it are counted, to find its end."""
        if name[0] == "/":
            self._close(name[1:])
        elif selector := _selector(token):
            self._flush()
            self._containers.append((selector, len(self._elements)))
            self._push(name, token)
        elif any(one[0] == name for one in self._stack):
            self._stack.append((name, -1, self._kind, self._top))

    def _close(self, name: str) -> None:
        if not self._stack or self._stack[-1][0] != name:
            return
        _, number, kind, around = self._stack.pop()
        if number >= 0:
            if self._words:
                self._flush()
            self._elements[number].end = len(self._blocks)
            self._kind, self._top = kind, around

    def _other(self, name: str, token: str) -> None:
        if name == "a":
            self._anchor(token)
        elif name == "/a":
            self._leave_anchor()
        elif name in _BREAKS:
            self._flush()
        else:
            self._comment(token)

    def _anchor(self, token: str) -> None:
        at = token.find(' href="')
        self._href = _plain(token[at + 7 : token.find('"', at + 7)]).strip() if at >= 0 else None
        self._since = len(self._words)

    def _leave_anchor(self) -> None:
        if self._href:
            text = fold(_plain("".join(self._words[self._since :])))
            if text:
                self._links.append(Link(text, self._href))
        self._href = None

    def _comment(self, token: str) -> None:
        if _BEGIN in token:
            self._flush()
            self._begun = len(self._blocks)
        elif _END in token and self._begun is not None:
            self._flush()
            selector = CONTAINERS[-1][0]
            self._marked.append(Container(_NAMED[selector], selector, self._begun, len(self._blocks)))
            self._begun = None

    def _flush(self) -> None:
        words = self._words
        if not words:
            return
        text = fold(_plain("".join(words)))
        if text:
            if self._href and self._since < len(words):
                self._links.append(Link(fold(_plain("".join(words[self._since :]))), self._href))
            self._blocks.append(Block(text, self._kind, tuple(self._links)))
            self._owners.append(self._top)
        words.clear()
        self._links.clear()
        self._since = 0


def _selector(token: str) -> str | None:
    found = _CONTAINER.search(token)
    if not found:
        return None
    name, ident, prefix, class_ = found.groups()
    return name or (f"#{ident}" if ident else "[id^=vsb_content]" if prefix else f".{class_}")


def _plain(text: str) -> str:
    """Text out of normal form, which escapes five characters only."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&amp;", "&")
