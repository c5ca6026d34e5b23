"""Bytes to text. The bytes decide: the header and the meta tag are wrong on too many pages to be asked first."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

REPLACEMENT = "\ufffd"
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
HOPELESS = 0.02
"""Share of replacement characters beyond which a text is not worth reading."""

_USUAL, _WIDE = ("utf-8", "gb18030"), ("utf-16-le", "utf-16-be")
_LOOKED_AT = 16_384
_ZEROS = 100
"""One zero byte in so many is no accident: UTF-16 without its mark, whose digits, tags and line ends hold one each."""
_TRAILS = range(0xA1, 0xFF)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding that gave it, and how many characters were lost."""

    text: str
    encoding: str
    lost: int

    @property
    def readable(self) -> bool:
        """False when so much was lost that nothing may be read from it."""
        return self.lost <= HOPELESS * max(1, len(self.text))


def decode(body: bytes) -> Decoded:
    """Strict UTF-8 first, then GB18030, else whichever reads most like Chinese and loses least."""
    for bom, encoding in BOMS:
        if body.startswith(bom):
            return _lossy(body, encoding)
    start = body[:_LOOKED_AT]
    if start.count(0) * _ZEROS > len(start):
        return min((_lossy(body, encoding) for encoding in (*_WIDE, *_USUAL)), key=_cost)
    for encoding in _USUAL:
        try:
            return Decoded(body.decode(encoding), encoding, 0)
        except UnicodeDecodeError:
            continue
    return min((_lossy(body, encoding) for encoding in _USUAL), key=_cost)


def _lossy(body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count(REPLACEMENT))


def _cost(found: Decoded) -> int:
    text = found.text[:_LOOKED_AT]
    return found.lost + len(_rare().findall(text))


@cache
def _rare() -> re.Pattern[str]:
    """Letters other than Latin and the 3,755 characters of GB 2312's first level: a wrong guess is full of them."""
    common = (bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xB0, 0xD8) for trail in _TRAILS)
    return re.compile(f"[^\\W\\da-zA-Z{''.join(common)}]")
