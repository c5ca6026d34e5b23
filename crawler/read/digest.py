"""A digest page → one entry a province: 一、河南省 … 原文链接."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from language.width import aligned
from schema.announcements import Link
from schema.provinces import PROVINCES, find_province

_NAMES = "|".join(sorted((re.escape(n) for p in PROVINCES for n in (p.name, p.short)), key=len, reverse=True))
_HEADING = re.compile(
    rf"^ *(?:[一二三四五六七八九十]{{1,3}} *、|（[一二三四五六七八九十]{{1,3}}）|\d{{1,2}} *[.、]|[●◆■▍【#>*-]+)? *(?P<name>{_NAMES})(?:省|市)?(?:应急管理[厅局])?】? *[：]?(?: *[—（].{{0,16}})?$"  # noqa: E501
)
_ORIGINALS = re.compile(r"^ *[【（]?(?:原文链接|阅读原文|原文|来源链接|链接)[】）]? *[：]?")
_REGION = re.compile(r"^ *(?:华北|东北|华东|华中|华南|西南|西北)(?:地区)?(?:篇|地区)$")

_MOST = 93
"""Entries of three years of all provinces; a text with more headings is no digest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One province's part of a digest: ``body`` is its own text, ``links`` the originals it names."""

    province: str
    body: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    even: str


def digest_entries(text: str, links: tuple[Link, ...] = ()) -> tuple[Entry, ...]:
    """The entries of a digest in order; empty when ``text`` is not one.

    A digest has at least two province headings, or one with 原文链接 under it. ``links`` are the page's anchors: an
    entry's original gets its address from the anchor of the same words.
    """
    lines = _lines(text)
    heads = [index for index, line in enumerate(lines) if _HEADING.match(line.even)]
    has_originals = any(_ORIGINALS.match(line.even) for line in lines)
    if not (1 if has_originals else 2) <= len(heads) <= _MOST:
        return ()
    addresses = {_key(link.text): link for link in links}
    edges = [*heads, len(lines)]
    return tuple(_entry(text, lines[start:end], addresses) for start, end in pairwise(edges))


def _lines(text: str) -> list[_Line]:
    even = aligned(text)
    found = []
    start = 0
    for raw in even.split("\n"):
        if raw.strip():
            found.append(_Line(start, start + len(raw), raw.strip()))
        start += len(raw) + 1
    return found


def _entry(text: str, lines: list[_Line], addresses: dict[str, Link]) -> Entry:
    heading = _HEADING.match(lines[0].even)
    province = find_province(heading["name"]).slug if heading else ""
    body: list[_Line] = []
    titles: list[str] = []
    below = False
    for line in lines[1:]:
        if _REGION.match(line.even):
            break
        mark = _ORIGINALS.match(line.even)
        if mark:
            below = True
            title = text[line.start : line.end].strip()[mark.end() :].strip()
            titles += [title] if title else []
        elif below:
            titles.append(text[line.start : line.end].strip())
        else:
            body.append(line)
    words = text[body[0].start : body[-1].end].strip() if body else ""
    return Entry(province, words, tuple(addresses.get(_key(title), Link(title, "")) for title in titles))


def _key(words: str) -> str:
    return re.sub(r"\W+", "", words)
