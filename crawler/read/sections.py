"""The articles of a newsletter that are not the conference: other departments' news, cities, portraits."""

from __future__ import annotations

import re

from crawler.read.conference import CONFERENCE, lookalike

_HEAD = re.compile(r"^【(?P<column>[^】\n]{2,12})】(?P<title>[^\n]*)$", re.MULTILINE)
_ELSEWHERE = re.compile(
    r"动态|快讯|风采|基层|市州|市县|地方|各地|经验|案例|人物|科普|提示|链接|资讯|媒体|他山之石|兄弟"
)


def elsewhere(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open stretches of an evened-out text that are other articles; none where it is no newsletter."""
    heads = list(_HEAD.finditer(text))
    if len(heads) < 2 or not any(_is_ours(head["title"]) for head in heads):
        return ()
    edges = [head.start() for head in heads[1:]] + [len(text)]
    return tuple((head.start(), end) for head, end in zip(heads, edges, strict=True) if _is_other(head))


def _is_ours(title: str) -> bool:
    return bool(CONFERENCE.search(title)) and lookalike(title, None) is None


def _is_other(head: re.Match[str]) -> bool:
    if _is_ours(head["title"]):
        return False
    return bool(_ELSEWHERE.search(head["column"])) or lookalike(head["title"], None) is not None
