"""A digest page → one entry a province: 一、河南省 … 原文链接."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from crawler.read.digest_heads import Head, Line, heads_of, may_head
from language.width import aligned
from schema.announcements import Link

_ORIGINALS = re.compile(r"^ *[【（]?(?:原文链接|阅读原文|原文|来源链接|链接)[】）]? *[：]?")
_REGION = re.compile(r"^ *(?:华北|东北|华东|华中|华南|西南|西北)(?:地区)?(?:篇|地区)$")

_LONGEST_TITLE = 48
_SENTENCE = re.compile(r"[。；！]|，.*，")
_MOST = 93
"""Entries of three years of all provinces; a text with more headings is no digest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One province's part of a digest: ``body`` is its own text, ``links`` the originals it names.

    ``title`` is what its heading says beside the province, where that is no sentence.
    """

    province: str
    body: str
    links: tuple[Link, ...] = ()
    title: str = ""


def digest_entries(text: str, links: tuple[Link, ...] = ()) -> tuple[Entry, ...]:
    """The entries of a digest in order; empty when ``text`` is not one.

    ``links`` are the page's anchors: an entry's original gets its address from the anchor of the same words.
    """
    even = aligned(text)
    if not may_head(even):
        return ()
    lines = _lines(even)
    heads = heads_of(lines, has_originals=any(_ORIGINALS.match(line.even) for line in lines))
    if len(heads) > _MOST:
        return ()
    addresses = {_key(link.text): link for link in links}
    edges = [head.line for head in heads] + [len(lines)]
    parts = zip(heads, pairwise(edges), strict=True)
    return tuple(_entry(text, head, lines[a:b], addresses) for head, (a, b) in parts if head.province)


def _lines(even: str) -> list[Line]:
    found = []
    start = 0
    for raw in even.split("\n"):
        words = raw.strip()
        if words:
            at = start + len(raw) - len(raw.lstrip())
            found.append(Line(at, at + len(words), words))
        start += len(raw) + 1
    return found


def _entry(text: str, head: Head, lines: list[Line], addresses: dict[str, Link]) -> Entry:
    title, body = _beside(head, lines)
    titles: list[str] = []
    below = False
    for line in lines[1:]:
        if _REGION.match(line.even):
            break
        mark = _ORIGINALS.match(line.even)
        if mark:
            below = True
            named = text[line.start : line.end].strip()[mark.end() :].strip()
            titles += [named] if named else []
        elif below:
            titles.append(text[line.start : line.end].strip())
        else:
            body.append(line)
    words = text[body[0].start : body[-1].end] if body else ""
    if title and not titles and _key(title) in addresses:
        titles.append(title)
    return Entry(province=head.province, body=words, title=title, links=_named(titles, addresses))


def _beside(head: Head, lines: list[Line]) -> tuple[str, list[Line]]:
    """What shares the heading's line: a title, or the first words of the text."""
    if not head.rest:
        return "", []
    if len(lines) > 1 and len(head.rest) <= _LONGEST_TITLE and not _SENTENCE.search(head.rest):
        return head.rest, []
    line = lines[0]
    return "", [Line(line.end - len(head.rest), line.end, head.rest)]


def _named(titles: list[str], addresses: dict[str, Link]) -> tuple[Link, ...]:
    return tuple(addresses.get(_key(title), Link(title, "")) for title in titles)


def _key(words: str) -> str:
    return re.sub(r"\W+", "", words)
