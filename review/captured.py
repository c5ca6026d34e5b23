"""The text of a captured page for the evidence view; tags go, words stay, nothing is interpreted."""

from __future__ import annotations

import codecs
import html
import re

from schema.announcements import Page

_HIDDEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
HEAD = 4096
"""Bytes in which a page declares its encoding."""


def page_text(page: Page) -> str:
    """Line by line, without tags and scripts; character references resolved, so the result must be escaped again."""
    bare = _TAG.sub(" ", _BREAK.sub("\n", _HIDDEN.sub(" ", _decoded(page))))
    lines = (" ".join(line.split()) for line in html.unescape(bare).splitlines())
    return "\n".join(line for line in lines if line)


def _decoded(page: Page) -> str:
    declared = _CHARSET.search(page.header("content-type") or "") or _CHARSET.search(
        page.body[:HEAD].decode("ascii", "replace")
    )
    for name in (declared[1] if declared else "utf-8", "utf-8", "gb18030"):
        try:
            return page.body.decode(_codec(name))
        except (UnicodeDecodeError, LookupError):
            continue
    return page.body.decode(_codec(declared[1] if declared else "utf-8", fallback="utf-8"), "replace")


def _codec(name: str, fallback: str | None = None) -> str:
    """A text codec's name. gb2312 and gbk are read as gb18030, which holds both."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        if fallback is None:
            raise
        return fallback
    return "gb18030" if found in ("gb2312", "gbk") else found
