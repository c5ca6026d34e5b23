"""Which content management system made a page, told by its fingerprints."""

from __future__ import annotations

import re

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
_ADDRESSES = (
    ("trs_wcm", re.compile(r"/t20\d{6}_\d+\.s?html?\b")),
    ("dahan_jcms", re.compile(r"/art_[0-9a-f]+_\d+\.html\b")),
    ("vsb", re.compile(r"/info/\d+/\d+\.htm\b")),
    ("ucap", re.compile(r"/column-index-\d+\.s?html\b")),
)


def cms_of(html: str, url: str = "") -> str | None:
    """The family's key as the registry writes it, or None.

    Marks in the page speak first, then the page's own address, then the addresses it links to.
    """
    marked = next((name for name, marks in _MARKS if any(mark in html for mark in marks)), None)
    return marked or _addressed(url) or _addressed(html)


def _addressed(text: str) -> str | None:
    return next((name for name, address in _ADDRESSES if address.search(text)), None)
