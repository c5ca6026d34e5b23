"""Whether a first reading may be believed, or the page is to be mended and read again."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u4e00-\u9fff]")
SWALLOWED = 300
"""Chinese characters that stand in the markup but not on the page, from which an empty body is suspicious."""
_FOUND = 120
_ENOUGH = re.compile(rf"(?:[^\u4e00-\u9fff]*[\u4e00-\u9fff]){{{_FOUND}}}")
_HIDDEN = re.compile(r"<(script|style|select)\b.*?</\1\s*>|=\s*\"[^\"<>]*\"", re.DOTALL | re.IGNORECASE)
"""Where markup holds Chinese text that no reader was meant to see."""


def fails_gate(body: str, shown: str, html: str) -> bool:
    """Whether next to nothing was read, and the markup holds much Chinese text that is not ``shown`` on the page."""
    if _ENOUGH.match(body):
        return False
    return len(_HAN.findall(_HIDDEN.sub("", html))) - len(_HAN.findall(shown)) >= SWALLOWED
