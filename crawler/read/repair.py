"""The second reading: a page whose first reading found no article is mended and read again.

The one file that knows BeautifulSoup: its tolerance matters here, speed does not, since few pages come this far.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Comment

from crawler.read.gate import SWALLOWED

_HAN = re.compile(r"[\u4e00-\u9fff]")
_SHELTERS = ("noscript", "template", "textarea", "xmp", "plaintext", "noframes")
_RUNAWAY = ("script", "style", "title", "textarea", "xmp", "iframe", "select")
_ARTICLE_MARKUP = re.compile(r"<(?:p|div|br|span|td)\b", re.IGNORECASE)


def mended(html: str) -> str:
    """The markup with runaway tags and comments closed, and text let out of elements that browsers do not show."""
    soup = BeautifulSoup(_closed(html), "html.parser")
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        if _ARTICLE_MARKUP.search(comment) and len(_HAN.findall(comment)) >= SWALLOWED:
            comment.replace_with(BeautifulSoup(str(comment), "html.parser"))
    for shelter in soup.find_all(_SHELTERS):
        inner = shelter.get_text() if shelter.name in ("textarea", "xmp", "plaintext") else shelter.decode_contents()
        shelter.replace_with(BeautifulSoup(inner, "html.parser"))
    return str(soup)


def _closed(html: str) -> str:
    """Openers without a closer swallow the rest of a page: they are taken out."""
    last = html.rfind("<!--")
    if last >= 0 and "-->" not in html[last:]:
        html = html[:last] + html[last + 4 :]
    for name in _RUNAWAY:
        openers = list(re.finditer(rf"<{name}\b[^>]*>", html, re.IGNORECASE))
        closers = len(re.findall(rf"</{name}\s*>", html, re.IGNORECASE))
        if openers and closers < len(openers):
            html = html[: openers[-1].start()] + html[openers[-1].end() :]
    return html
