"""Which files of a page are the announcement itself: the page says 详见附件, the words stand in a PDF or DOCX."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from crawler.read.conference import CONFERENCE
from crawler.read.decode import decode
from crawler.read.outcome import is_file
from crawler.read.page import read_page
from schema.announcements import Link, Outcome, Page, Reading, Source

_FILE = r"[^\"'<>\s]+?\.(?:pdf|docx?|wps|ofd)\b[^\"'<>\s]*"
_ANCHOR = re.compile(rf"<a\s[^>]*?href\s*=\s*[\"']?\s*({_FILE})[\"']?[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_SHOWN = re.compile(
    rf"<(?:iframe|embed|object)\s[^>]*?(?:src|data)\s*=\s*[\"']?({_FILE})|pdfsrc\s*=\s*[\"']({_FILE})|PdfIframe\(\s*[\"']({_FILE})",
    re.IGNORECASE,
)
"""Files shown in the page: a frame, WebPlus' pdfsrc, VSB's showVsbpdfIframe."""
_VIEWER = re.compile(r"[?&]file=([^&#]+)", re.IGNORECASE)
_PAPERWORK = re.compile(r"回执|名单|报名|议程|日程|座次|通讯录|申请表|登记表|样表|模板|证明|解读|图解|英文")
_MARKUP = re.compile(r"<[^>]*>")
_ENOUGH = 3
"""Commitments on the page itself from which its attachments are only annexes."""
_MOST = 4


def attachments(page: Page, source: Source | None = None) -> tuple[Link, ...]:
    """The files that a page's announcement lives in, with absolute addresses; none where the page has it in words."""
    if is_file(page.body) or page.status != 200:
        return ()
    html = decode(page.body).text
    found = _files(html, page.url)
    if not found:
        return ()
    reading = read_page(page, source)
    return found if _lacks_words(reading) and _is_about_it(reading, html, found) else ()


def _files(html: str, base: str) -> tuple[Link, ...]:
    named = [(match[1], unescape(_MARKUP.sub("", match[2])).strip()) for match in _ANCHOR.finditer(html)]
    shown = [(next(filter(None, match.groups())), "") for match in _SHOWN.finditer(html)]
    links: dict[str, Link] = {}
    for href, text in named + shown:
        url = _address(base, href)
        name = text or unquote(urlsplit(url).path.rsplit("/", 1)[-1])
        if url and not _PAPERWORK.search(name):
            links.setdefault(url, Link(name, url))
    return tuple(links.values())[:_MOST]


def _address(base: str, href: str) -> str:
    """The file's own address; a viewer's is looked through. Empty for what cannot be asked for."""
    viewer = _VIEWER.search(href)
    try:
        url = urljoin(base, unquote(viewer[1]) if viewer else unescape(href))
        return url.split("#", 1)[0] if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _lacks_words(reading: Reading) -> bool:
    if reading.outcome not in (Outcome.ARTICLE, Outcome.EMPTY, Outcome.LIST):
        return False
    return sum(len(one.commitments) for one in reading.announcements) < _ENOUGH


def _is_about_it(reading: Reading, html: str, files: tuple[Link, ...]) -> bool:
    """Whether page or file names the conference; an empty page is known by its <title> only."""
    if any(CONFERENCE.search(one.text) for one in files):
        return True
    if reading.outcome is Outcome.ARTICLE:
        return reading.refused is None and bool(reading.announcements)
    title = re.search(r"<title[^>]*>(.*?)</title>", html, re.IGNORECASE | re.DOTALL)
    return bool(title and CONFERENCE.search(title[1]))
