"""List pages: which entries a column shows, and where its next page is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urldefrag

from crawler.entries import Entry
from crawler.lists import dahan
from crawler.lists.anchors import anchors
from crawler.lists.detect import entries_among
from crawler.lists.paging import Fetch, Form, next_page
from crawler.lists.text import page_text
from schema.announcements import Page, Source

__all__ = ["Fetch", "ListPage", "read_list"]


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a column."""

    entries: tuple[Entry, ...]
    next: Fetch | None = None


def read_list(page: Page, source: Source, number: int = 1, form: Form = ()) -> ListPage:
    """Entries in page order, each address once, and the next page if the site names one.

    ``number`` is the page's place in the column, from 1; ``form`` what was posted for it. Families: TRS, 大汉 JCMS and
    JPaaS, 博达 VSB, and
    everything that shows dated links and a 下一页.
    """
    text = dahan.unwrap(page_text(page.body))
    found = anchors(text, page.url)
    asked = Fetch(urldefrag(page.url).url if form else page.url, form)
    following = dahan.next_page(text, asked, source, number) or next_page(text, found, page.url)
    return ListPage(entries_among(found, source), None if following == asked else following)
