"""When two wordings are the same but for width, punctuation, enumerators, a leading 要, or the year that rolled on."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ENUMERATOR = re.compile(
    r"^\s*(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}(?:、|是要|是|要(?=[^求点领害]))"
    r"|(?:任务|重点)[一二三四五六七八九十]{1,2}[:：、]?|\d{1,2}(?:[.．](?!\d)|、)|[①-⑳㈠-㈩]|[-—–•●·]+)\s*"
)
_LEADING = re.compile(r"^(?:要|将)(?=\w{2})")
_INSIDE_NUMBER = re.compile(r"(?<=\d)\.(?=\d)")
_MARKS = re.compile(r"[^\w%‰]+")
_KEPT = "\ue000"


@lru_cache(maxsize=8192)
def normal_wording(text: str) -> str:
    """Characters that carry meaning, and nothing else; equal results mean unchanged."""
    text = _ENUMERATOR.sub("", text)
    text = unicodedata.normalize("NFKC", text).replace("_", "")
    text = _MARKS.sub("", _INSIDE_NUMBER.sub(_KEPT, text).replace(_KEPT, "点")) if "." in text else _MARKS.sub("", text)
    return _LEADING.sub("", text)


def without_year(text: str, plan_year: int) -> str:
    """The normal wording with the plan year and its neighbours written as distances from it."""
    wording = normal_wording(text)
    for distance in (-1, 0, 1) if plan_year else ():
        wording = wording.replace(f"{plan_year + distance}年", f"〔{distance:+d}〕年")
    return wording
