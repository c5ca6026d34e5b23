"""The year before a text that was written by hand: the same plan, its numbers smaller, some sentences fewer."""

from __future__ import annotations

import re
import zlib
from datetime import datetime

_YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
_TARGET = re.compile(r"(不少于|不低于|达到)(\d+)(?![\d.])(%?)")
_SPARED = 6
"""One sentence of six was not there the year before."""
_INNER = re.compile(r"(?<=。)(?![一二三四五六七八九十]是|会议|要)[^。；\n“”]{8,60}。(?=[^\n])")


def year_before(words: str) -> str:
    """A title or a body as it would have read a year earlier. The same words always give the same answer."""
    shifted = _YEAR.sub(lambda found: str(int(found.group()) - 1), words)
    smaller = _TARGET.sub(_smaller, shifted)
    return _INNER.sub(lambda found: "" if _pick(found.group()) % _SPARED == 0 else found.group(), smaller)


def day_before(published: datetime) -> datetime:
    """The same day of the year before."""
    return published.replace(year=published.year - 1)


def _smaller(found: re.Match[str]) -> str:
    """Two of three targets were lower: by two points, or by a fifth."""
    words, number, percent = found.group(1), int(found.group(2)), found.group(3)
    if _pick(found.string[max(0, found.start() - 12) : found.end()]) % 3 == 0:
        return found.group()
    lower = number - 2 if percent else number - max(1, number // 5)
    return f"{words}{max(1, lower)}{percent}"


def _pick(words: str) -> int:
    return zlib.crc32(words.encode())
