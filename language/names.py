"""What only looks like a quantity or a strong word: titles, named programmes, slogans, codes, ordinals."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from language.terms import TermIndex, words_of
from language.width import aligned

HIDDEN = "□"
_CN = "一二三四五六七八九十百千万两双"
_COUNTED = tuple("0123456789万千亿个支处座台套辆架艘部项件条所间家人名户吨元公米亩分小天场次%‰层顷张顶")
"""A telephone number is never followed by a unit."""
_TITLE = re.compile(r"《[^》]*》")
_QUOTED = re.compile(r"“([^“”、]{1,10})”|“([^“”]{1,9})”")
_HAS_NUMBER = re.compile(rf"[\d{_CN}半]")
_OTHERS = re.compile(
    rf"第(?:[{_CN}]+|\d+)(?:批|期|版|轮|条|次|届|季|号|款|项|阶段|一)?"
    rf"|(?:\d+|[{_CN}半]+)(?:分钟|小时|公里|刻钟)[^，。；、\n]{{0,8}}圈"
    r"|\d+(?:\.\d+)?版|\d+(?:[+＋]\d+)+(?:[+＋][A-Za-z])?|\d{1,2}·\d{1,2}|[A-Za-z]+\d+|\d+[A-Za-z]+"
    rf"|[{_CN}](?:大|项)?(?:行动|工程|任务|体系|攻坚战|硬仗)|[{_CN}](?:必须|不准|一律|到位|落实)(?![\u4e00-\u9fff])"
)


@cache
def _names() -> TermIndex:
    tables = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
    return TermIndex(words_of(tables.values()))


@lru_cache(maxsize=8192)
def without_names(text: str) -> str:
    """``text`` evened out, as long as before, every name in it replaced by □ character for character."""
    even = _TITLE.sub(_hide, aligned(text))
    even = _QUOTED.sub(lambda found: _hide(found) if _HAS_NUMBER.search(found.group()) else found.group(), even)
    for name in _names().find(even):
        if name.term.isdigit() and (
            even[name.end : name.end + 1] in _COUNTED or even[name.start - 1 : name.start].isdigit()
        ):
            continue
        even = even[: name.start] + HIDDEN * (name.end - name.start) + even[name.end :]
    return _OTHERS.sub(_hide, even)


def _hide(found: re.Match[str]) -> str:
    return HIDDEN * len(found.group())
