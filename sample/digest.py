"""The sample digest: the announcements of 华中 on one page, rewritten the way digest editors do."""

from __future__ import annotations

import re
from datetime import datetime

from sample.sites import Family, Site
from sample.templates import Article
from sample.texts import CHINA, FOLDER, Text, stale_text

DIGEST = Site("digest", Family.VSB)
NAME = "示例大学应急管理学院"
_NARROW = str.maketrans("，；：！？（）", ",;:!?()")
_ORDER = ("henan", "hubei", "hunan")
_NAMES = {"henan": "河南省", "hubei": "湖北省", "hunan": "湖南省"}
_NUMERALS = "一二三四五六七八九十"


def digest_path(year: int) -> str:
    """Where the digest of a plan year stands."""
    return f"/digest/info/1376/{6817 + year}.htm"


def digest_article(year: int, texts: dict[str, Text], originals: dict[str, str]) -> Article:
    """One year's digest: an intro, one section a province, and under 原文链接 the original's title and address."""
    intro = (FOLDER / "digest" / "intro.txt").read_text(encoding="utf-8").format(year=year)
    lines = intro.strip().splitlines()
    links = []
    for number, slug in enumerate(_ORDER):
        text = stale_text() if slug == "hunan" else texts.get(slug)
        if text is None:
            continue
        lines.append(f"{_NUMERALS[number]}、{_NAMES[slug]}")
        lines.extend(items(text.body))
        links.append((len(lines), text.title, originals[slug]))
        lines.append("原文链接")
    title = f"31省(区、市){year}年应急管理工作会议重点部署——华中地区篇"
    published = datetime(year, 2, 16, 10, 0, tzinfo=CHINA)
    return Article(digest_path(year), title, published, NAME, tuple(lines), tuple(links))


def items(body: str) -> list[str]:
    """The directives of a text as (一)… lines in narrow punctuation; everything else is left out."""
    found = _headed(body) or _listed(body) or re.findall(r"（[一二三四五六七八九十]）.*", body)
    return [line.translate(_NARROW) for line in found]


def _headed(body: str) -> list[str]:
    """（一）heading on its own line, sentences on the next."""
    pairs = re.findall(r"^(（[一二三四五六七八九十]）[^。\n]+)\n([^（\n].*)$", body, re.MULTILINE)
    return [f"{heading}。{rest}" for heading, rest in pairs]


def _listed(body: str) -> list[str]:
    """一是…。二是… in one paragraph."""
    parts = re.split(r"(?:(?<=，)|(?<=。)|^)([一二三四五六七八九十])是", body, flags=re.MULTILINE)
    return [f"（{number}）是{rest.splitlines()[0]}" for number, rest in zip(parts[1::2], parts[2::2], strict=True)]
