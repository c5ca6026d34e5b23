"""Which content management system made a page, told by its fingerprints."""

from __future__ import annotations

import re

from language.terms import TermIndex

_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("wechat", ('id="js_content"', "id='js_content'", "mmbiz.q")),
    ("dahan_jpaas", ("jpaas-publish-server",)),
    ("dahan_jcms", ("<!--ZJEG_RSS", "dataproxy.jsp", "/jcms", "<!--<$[")),
    ("trs_wcm", ("TRS_Editor", "TRS_EDITOR", "TRS_UEDITOR", "TRS_PreAppend", "createPageHTML(")),
    ("vsb", ("v_news_content", "vsb_content", "_sitegray", "/_vsl/", "_vsb_", "sudyclick")),
    ("webplus", ("wp_articlecontent", "/_visitcount?", "webplus")),
    ("ucap", ("UCAPCONTENT", "UCAPTITLE", "ucap")),
    ("lonsun", ("lonsun", "j-fontContent")),
)
_ADDRESSES = ("trs_wcm", "dahan_jcms", "vsb", "ucap")
_ADDRESS = re.compile(
    r"/(?:(t20\d{6}_\d+\.s?html?\b)|(art_[0-9a-f]+_\d+\.html\b)|(info/\d+/\d+\.htm\b)|(column-index-\d+\.s?html\b))"
)
"""How each of these families writes an article's address."""
_FAMILIES = {mark: name for name, marks in reversed(_MARKS) for mark in marks}
_INDEX = TermIndex(frozenset(_FAMILIES))
_ORDER = [name for name, _ in _MARKS]
_LOOKED_AT = 200_000


def cms_of(html: str, url: str = "") -> str | None:
    """The family's key as the registry writes it, or None.

    Marks in the page speak first, then the page's own address, then the addresses it links to.
    """
    html = html[:_LOOKED_AT]
    marked = min((_FAMILIES[found.term] for found in _INDEX.find(html)), key=_ORDER.index, default=None)
    return marked or _addressed(url) or _addressed(html)


def _addressed(text: str) -> str | None:
    found = _ADDRESS.search(text)
    return _ADDRESSES[found.lastindex - 1] if found and found.lastindex else None
