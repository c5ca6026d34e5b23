"""Numbers as official prose writes them: 1,200 · 1.2万 · 一百二十 · 半 · 九成 · 三分之二 · 百分之五."""

from __future__ import annotations

import re
from functools import lru_cache

DIGITS = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
CHINESE = "[〇零一二两三四五六七八九十百千]+"
_SCALE = {"千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "": 1.0}
_WELL_FORMED = re.compile(r"[〇零一二两三四五六七八九十].*")
"""百 and 千 alone count nothing (每百公里, 千家万户)."""
_SCALED = re.compile(rf"({DIGITS}|{CHINESE}|半)(千万|百万|万|亿|千)?")


@lru_cache(maxsize=4096)
def numeral(text: str) -> float:
    """The value of a numeral, with 千/万/亿 behind it or not. ValueError for anything else."""
    found = _SCALED.fullmatch(text)
    if not found:
        message = f"not a numeral: {text}"
        raise ValueError(message)
    return _plain(found[1]) * _SCALE[found[2] or ""]


def _plain(text: str) -> float:
    if text == "半":
        return 0.5
    if text[0].isdigit():
        return float(text.replace(",", ""))
    if not _WELL_FORMED.fullmatch(text):
        message = f"not a numeral: {text}"
        raise ValueError(message)
    from cn2an import cn2an  # slow to import, and asked for Chinese numerals only

    return float(cn2an(text.replace("〇", "零").replace("零两", "零二"), "smart"))
